using System.Text.Json.Nodes;
using Inforzap.Audit;
using Inforzap.Channels.Templates;
using Inforzap.Contracts.Channels;
using Inforzap.Requests;
using Inforzap.Sdk;
using Inforzap.Tests.Support;
using Inforzap.Tickets;
using Inforzap.Tickets.Desk;
using Inforzap.Tickets.Outbound;
using Inforzap.Tickets.Templates;
using Microsoft.Extensions.Time.Testing;

namespace Inforzap.Tests.Plugins;

/// <summary>Templates from Meta's list to the bubble: how they are read, sent outside of the window, handed in and taken away.</summary>
public sealed class WabaTemplatesTests : IAsyncLifetime
{
    private readonly FakeTimeProvider clock = new(DateTimeOffset.UtcNow);
    private WabaDesk it = null!;

    public async ValueTask InitializeAsync()
    {
        it = await WabaDesk.OpenAsync(clock);
        it.Meta.Templates.AddRange(new[] { Order, Named, Carousel, Rejected, Picture }.Select(t => (JsonObject)JsonNode.Parse(t)!));
    }

    public async ValueTask DisposeAsync()
    {
        it.RequireCleanLog();
        await it.DisposeAsync();
    }

    private const string Order = """
        {"id":"101","name":"pedido","language":"pt_BR","status":"APPROVED","category":"UTILITY","parameter_format":"POSITIONAL","quality_score":{"score":"GREEN"},
         "components":[{"type":"HEADER","format":"TEXT","text":"Pedido {{1}}"},{"type":"BODY","text":"Olá {{1}}, o pedido {{2}} saiu.","example":{"body_text":[["Maria","42"]]}},{"type":"FOOTER","text":"Loja Exemplo"},
         {"type":"BUTTONS","buttons":[{"type":"URL","text":"Acompanhar","url":"https://loja.example/p/{{1}}","example":["https://loja.example/p/42"]},{"type":"QUICK_REPLY","text":"Obrigado"}]}]}
        """;

    private const string Named = """
        {"id":"102","name":"lembrete","language":"pt_BR","status":"APPROVED","category":"MARKETING","parameter_format":"NAMED",
         "components":[{"type":"BODY","text":"Oi {{nome}}, até {{dia}}!","example":{"body_text_named_params":[{"param_name":"nome","example":"Ana"},{"param_name":"dia","example":"sexta"}]}}]}
        """;

    private const string Carousel = """{"id":"103","name":"vitrine","language":"pt_BR","status":"APPROVED","category":"MARKETING","components":[{"type":"BODY","text":"Veja"},{"type":"CAROUSEL","cards":[]}]}""";

    private const string Cards = """
        {"id":"106","name":"colecao","language":"pt_BR","status":"APPROVED","category":"MARKETING","components":[{"type":"BODY","text":"Veja a coleção"},{"type":"CAROUSEL","cards":[
         {"components":[{"type":"HEADER","format":"IMAGE"},{"type":"BODY","text":"Vaso {{1}}"},{"type":"BUTTONS","buttons":[{"type":"QUICK_REPLY","text":"Quero"},{"type":"OTP","text":"?"}]}]},
         {"components":[{"type":"HEADER","format":"VIDEO"}]}, {"components":7}]}]}
        """;

    private const string Rejected = """{"id":"104","name":"promo","language":"pt_BR","status":"REJECTED","category":"MARKETING","rejected_reason":"ABUSIVE_CONTENT","components":[{"type":"BODY","text":"Compre"}]}""";

    private const string Picture = """{"id":"105","name":"cartaz","language":"pt_BR","status":"APPROVED","category":"MARKETING","quality_score":{"score":"RED"},"components":[{"type":"HEADER","format":"IMAGE"},{"type":"BODY","text":"Chegou."}]}""";

    [Fact]
    public async Task Cards_of_a_carousel_are_shown_and_it_is_not_offered()
    {
        it.Meta.Templates.Add((JsonObject)JsonNode.Parse(Cards)!);
        await SyncAsync();
        var template = await it.Desk.SendAsSystem(new FindTemplate(it.Channel, "colecao", "pt_BR"));
        Assert.True(template!.IsForeign);
        Assert.Equal([(TemplateHeaderKind.Image, "Vaso {{1}}", "Quero"), (TemplateHeaderKind.Video, null, ""), ((TemplateHeaderKind?)null, null, "")],
            template.Cards.Select(c => (c.Header?.Kind, c.Body, string.Join(' ', c.Buttons.Select(b => b.Text)))));
        Assert.DoesNotContain(await OfferedAsync(), o => o.Name == "colecao");
    }

    private Task<int> SyncAsync() => it.Desk.SendAs(it.Ana, new SyncTemplates(it.Channel));

    private Task<IReadOnlyList<MessageTemplate>> OfferedAsync() => it.Desk.SendAs(it.Ana, new OfferTemplates(it.Channel));

    private async Task<Guid> SendAsync(Guid ticket, string name, Dictionary<string, string> values, Guid? media = null)
    {
        var id = Guid.CreateVersion7();
        await it.Desk.SendAs(it.Ana, new SendTemplate(ticket, id, name, "pt_BR", values, media));
        await it.Desk.SettleAsync();
        return id;
    }

    private static async Task<Refusal> RefusedAsync(RefusalKind kind, Func<Task> act)
    {
        var refusal = await Assert.ThrowsAsync<Refusal>(act);
        Assert.Equal(kind, refusal.Kind);
        return refusal;
    }

    [Fact]
    public async Task All_pages_are_read_and_only_what_can_be_sent_is_offered()
    {
        Assert.Equal(5, await SyncAsync());
        Assert.Equal(["cartaz", "lembrete", "pedido"], (await OfferedAsync()).Select(x => x.Name));
        var list = await it.Desk.SendAs(it.Ana, new ListTemplates());
        Assert.Equal((5, 5, it.Channel), (list.Total, list.Found, list.ChannelId));
        Assert.Contains("abusivo", list.Rows.Single(r => r.Template.Name == "promo").Template.Reason);
        Assert.True(list.Rows.Single(r => r.Template.Name == "vitrine").Template.IsForeign);
        Assert.Equal(TemplateQuality.Low, list.Rows.Single(r => r.Template.Name == "cartaz").Template.Quality);
        Assert.Equal(["promo"], (await it.Desk.SendAs(it.Ana, new ListTemplates(State: TemplateState.Rejected))).Rows.Select(r => r.Template.Name));
        Assert.Equal(["pedido"], (await it.Desk.SendAs(it.Ana, new ListTemplates(Text: "SAIU"))).Rows.Select(r => r.Template.Name));
        Assert.All(it.Meta.Server.Requests.Where(r => r.Path.Contains("message_templates", StringComparison.Ordinal)), r => Assert.StartsWith($"/v23.0/{FakeMeta.Account}/", r.Path));
        // What Meta no longer has is gone here, too, and what changed is as it is there.
        it.Meta.Templates.RemoveAll(t => (string?)t["name"] == "pedido");
        it.Meta.Templates.Single(t => (string?)t["name"] == "lembrete")["status"] = "PAUSED";
        await it.Desk.RunJobAsync<WatchTemplates>();
        Assert.Equal(["cartaz"], (await OfferedAsync()).Select(x => x.Name));
    }

    [Fact]
    public async Task Where_answers_are_no_longer_taken_a_template_still_goes_out()
    {
        await SyncAsync();
        var ticket = await it.ServedAsync();
        await it.Desk.PassAsync(TimeSpan.FromHours(25));
        var details = await it.Desk.SendAs(it.Ana, new ReadTicket(ticket));
        Assert.True(details.IsWindowShut);
        Assert.True(details.Channel!.Can.HasFlag(Can.Templates));
        await RefusedAsync(RefusalKind.Conflict, () => it.AnswerAsync(ticket, "Olá?", settle: false));
        var id = await SendAsync(ticket, "pedido", new() { ["h:1"] = "42", ["b:1"] = "{{primeiroNome}}", ["b:2"] = " 42\n/ 7 ", ["u:0"] = "42" });
        var message = await it.MessageAsync(id);
        Assert.Equal((MessageKind.Template, MessageState.Sent, "Olá Maria, o pedido 42 / 7 saiu."), (message.Kind, message.State, message.Body));
        var taken = await it.TakenAsync(id);
        Assert.Equal("template", taken.Type);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse("""
            {"name":"pedido","language":{"code":"pt_BR"},"components":[
              {"type":"header","parameters":[{"type":"text","text":"42"}]},
              {"type":"body","parameters":[{"type":"text","text":"Maria"},{"type":"text","text":"42 / 7"}]},
              {"type":"button","sub_type":"url","index":"0","parameters":[{"type":"text","text":"42"}]}]}
            """), taken.Content), taken.Content.ToJsonString());
        Assert.Equal("Olá Maria, o pedido 42 / 7 saiu.", (await it.Desk.SendAs(it.Ana, new ReadTicket(ticket))).Row.LastText);
        // A failed one may be tried again, window or not.
        it.Meta.Refuse("messages", FakeMeta.Error(132015));
        var failed = await SendAsync(ticket, "pedido", new() { ["h:1"] = "1", ["b:1"] = "Ana", ["b:2"] = "1", ["u:0"] = "1" });
        Assert.Equal(MessageState.Failed, (await it.MessageAsync(failed)).State);
        await it.Desk.SendAs(it.Ana, new ResendMessage(failed));
        await it.Desk.SettleAsync();
        Assert.Equal(MessageState.Sent, (await it.MessageAsync(failed)).State);
    }

    [Fact]
    public async Task Names_of_variables_go_along_where_the_template_has_names()
    {
        await SyncAsync();
        var id = await SendAsync(await it.ServedAsync(), "lembrete", new() { ["b:nome"] = "Bia", ["b:dia"] = "sexta" });
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse("""
            {"name":"lembrete","language":{"code":"pt_BR"},"components":[{"type":"body","parameters":[{"type":"text","parameter_name":"nome","text":"Bia"},{"type":"text","parameter_name":"dia","text":"sexta"}]}]}
            """), (await it.TakenAsync(id)).Content));
    }

    [Fact]
    public async Task A_file_stands_above_the_text_and_nothing_goes_out_without_it()
    {
        await SyncAsync();
        var ticket = await it.ServedAsync();
        await RefusedAsync(RefusalKind.Invalid, () => SendAsync(ticket, "cartaz", []));
        var files = it.Desk.Services.GetRequiredService<Inforzap.Files.FileStore>();
        using var png = new MemoryStream(Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwADhgGAWjR9awAAAABJRU5ErkJggg=="));
        var upload = await it.Desk.SendAs(it.Ana, new KeepUpload(ticket, await files.WriteAsync(png, "cartaz.png", MediaKind.Image, default), MediaKind.Image));
        var id = await SendAsync(ticket, "cartaz", [], upload.Id);
        var sent = Assert.Single(it.Meta.Uploads);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse("""{"name":"cartaz","language":{"code":"pt_BR"},"components":[{"type":"header","parameters":[{"type":"image","image":{"id":"ID"}}]}]}""".Replace("ID", sent.Id, StringComparison.Ordinal)), (await it.TakenAsync(id)).Content));
        Assert.Equal(upload.Id, (await it.MessageAsync(id)).MediaId);
    }

    [Fact]
    public async Task What_is_not_filled_in_or_not_approved_is_refused_before_anything_leaves()
    {
        await SyncAsync();
        var ticket = await it.ServedAsync();
        Assert.Contains("{{2}}", (await RefusedAsync(RefusalKind.Invalid, () => SendAsync(ticket, "pedido", new() { ["h:1"] = "1", ["b:1"] = "Ana", ["b:2"] = " \n ", ["u:0"] = "1" }))).Message);
        await RefusedAsync(RefusalKind.Invalid, () => SendAsync(ticket, "lembrete", new() { ["b:nome"] = "{{nao_existe}}", ["b:dia"] = "x" }));
        await RefusedAsync(RefusalKind.Conflict, () => SendAsync(ticket, "promo", []));
        await RefusedAsync(RefusalKind.Conflict, () => SendAsync(ticket, "vitrine", []));
        await RefusedAsync(RefusalKind.Conflict, () => SendAsync(ticket, "ninguem", []));
        var bia = await it.Desk.PersonAsync("Bia", BuiltInRoles.Agent, it.Queue);
        await RefusedAsync(RefusalKind.NotFound, () => it.Desk.SendAs(bia, new SendTemplate(ticket, Guid.CreateVersion7(), "lembrete", "pt_BR", new Dictionary<string, string> { ["b:nome"] = "a", ["b:dia"] = "b" })));
        Assert.Empty(it.Meta.Accepted);
    }

    [Fact]
    public async Task The_same_message_twice_is_sent_once()
    {
        await SyncAsync();
        var (ticket, id) = (await it.ServedAsync(), Guid.CreateVersion7());
        var send = new SendTemplate(ticket, id, "lembrete", "pt_BR", new Dictionary<string, string> { ["b:nome"] = "Bia", ["b:dia"] = "hoje" });
        Assert.False((await it.Desk.SendAs(it.Ana, send)).Duplicate);
        Assert.True((await it.Desk.SendAs(it.Ana, send)).Duplicate);
        await it.Desk.SettleAsync();
        Assert.Single(it.Meta.Accepted);
    }

    [Fact]
    public async Task A_new_one_is_handed_in_with_examples_and_waits_until_meta_has_looked()
    {
        var draft = new MessageTemplate("pedido_pronto", "pt_BR", TemplateCategory.Utility, TemplateState.Approved, "Olá {{nome}}, seu pedido está pronto.")
        {
            Header = new(TemplateHeaderKind.Text, "Pronto"), Footer = "Loja", Examples = new Dictionary<string, string> { ["nome"] = "Maria" },
            Buttons = [new(TemplateButtonKind.Url, "Ver", "https://loja.example/{{1}}"), new(TemplateButtonKind.Reply, "Ok")],
        };
        await it.Desk.SendAs(it.Ana, new CreateTemplate(it.Channel, draft));
        var made = it.Meta.Templates[^1];
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse("""
            [{"type":"HEADER","format":"TEXT","text":"Pronto"},
             {"type":"BODY","text":"Olá {{nome}}, seu pedido está pronto.","example":{"body_text_named_params":[{"param_name":"nome","example":"Maria"}]}},
             {"type":"FOOTER","text":"Loja"},
             {"type":"BUTTONS","buttons":[{"type":"URL","text":"Ver","url":"https://loja.example/{{1}}","example":["https://loja.example/exemplo"]},{"type":"QUICK_REPLY","text":"Ok"}]}]
            """), made["components"]), made["components"]!.ToJsonString());
        Assert.Equal(("NAMED", "UTILITY"), ((string?)made["parameter_format"], (string?)made["category"]));
        Assert.Equal(TemplateState.Pending, Assert.Single((await it.Desk.SendAs(it.Ana, new ListTemplates())).Rows).Template.State);
        Assert.Equal(1, await it.Desk.ReadAsync(db => db.Set<AuditEntry>().CountAsync(e => e.Kind == "template")));
        // Of one that is there already Meta says why not, in words for people.
        Assert.Contains("Já existe", (await RefusedAsync(RefusalKind.Conflict, () => it.Desk.SendAs(it.Ana, new CreateTemplate(it.Channel, draft)))).Message);
    }

    [Theory]
    [InlineData("Pedido", "Olá {{1}} já.", null, null)]
    [InlineData("pedido", "{{1}} chegou.", null, null)]
    [InlineData("pedido", "Chegou {{1}}", null, null)]
    [InlineData("pedido", "Oi {{2}} oi.", null, null)]
    [InlineData("pedido", "Oi {{1}} e {{nome}} oi.", null, null)]
    [InlineData("pedido", "Oi.", "{{1}} e {{2}}", null)]
    [InlineData("pedido", "Oi.", null, "de {{1}}")]
    [InlineData("pedido", " ", null, null)]
    public async Task What_meta_would_refuse_is_said_before_the_way_there(string name, string body, string? header, string? footer)
    {
        var draft = new MessageTemplate(name, "pt_BR", TemplateCategory.Utility, TemplateState.Pending, body) { Header = header is null ? null : new(TemplateHeaderKind.Text, header), Footer = footer };
        var asked = it.Meta.Server.Requests.Count;
        await RefusedAsync(RefusalKind.Invalid, () => it.Desk.SendAs(it.Ana, new CreateTemplate(it.Channel, draft)));
        Assert.Equal(asked, it.Meta.Server.Requests.Count);
    }

    [Fact]
    public async Task One_goes_at_meta_and_here_also_when_meta_had_it_no_more()
    {
        await SyncAsync();
        var rows = (await it.Desk.SendAs(it.Ana, new ListTemplates())).Rows;
        await it.Desk.SendAs(it.Ana, new DeleteTemplate(rows.Single(r => r.Template.Name == "promo").Id));
        Assert.DoesNotContain(it.Meta.Templates, t => (string?)t["name"] == "promo");
        it.Meta.Templates.Clear();
        await it.Desk.SendAs(it.Ana, new DeleteTemplate(rows.Single(r => r.Template.Name == "cartaz").Id));
        Assert.Equal(["lembrete", "pedido", "vitrine"], (await it.Desk.SendAs(it.Ana, new ListTemplates())).Rows.Select(r => r.Template.Name));
        var agent = await it.Desk.PersonAsync("Bia");
        await RefusedAsync(RefusalKind.Forbidden, () => it.Desk.SendAs(agent, new DeleteTemplate(rows[0].Id)));
        await RefusedAsync(RefusalKind.Forbidden, () => it.Desk.SendAs(agent, new CreateTemplate(it.Channel, rows[0].Template)));
        await RefusedAsync(RefusalKind.Forbidden, () => it.Desk.SendAs(agent, new ListTemplates()));
    }

    [Fact]
    public async Task One_that_was_just_handed_in_goes_alone_and_its_other_language_stays()
    {
        await it.Desk.SendAs(it.Ana, new CreateTemplate(it.Channel, new("pedido", "es", TemplateCategory.Utility, TemplateState.Pending, "Hola, su pedido salió.")));
        var made = (await it.Desk.SendAs(it.Ana, new ListTemplates())).Rows.Single();
        await it.Desk.SendAs(it.Ana, new DeleteTemplate(made.Id));
        Assert.Equal(["pt_BR"], it.Meta.Templates.Where(t => (string?)t["name"] == "pedido").Select(t => (string?)t["language"]));
    }

    [Fact]
    public async Task When_meta_does_not_answer_what_was_known_stays()
    {
        await SyncAsync();
        it.Meta.Refuse("templates", FakeMeta.Error(80008));
        Assert.Contains("limita", (await RefusedAsync(RefusalKind.Conflict, SyncAsync)).Message);
        it.Meta.IsRevoked = true;
        Assert.Contains("token", (await RefusedAsync(RefusalKind.Conflict, SyncAsync)).Message);
        Assert.Equal(3, (await OfferedAsync()).Count);
    }
}
