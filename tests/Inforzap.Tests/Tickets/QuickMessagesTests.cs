using Inforzap.Contracts.Contacts;
using Inforzap.Data;
using Inforzap.Files;
using Inforzap.Requests;
using Inforzap.Settings;
using Inforzap.Settings.Variables;
using Inforzap.Tests.Support;
using Inforzap.Tickets;
using Inforzap.Tickets.Desk;
using Inforzap.Tickets.Outbound;
using Inforzap.Tickets.QuickMessages;

namespace Inforzap.Tests.Tickets;

/// <summary>Who finds, uses and changes which quick messages, and what becomes of them in an answer.</summary>
public sealed class QuickMessagesTests : IAsyncLifetime
{
    private static readonly byte[] Png = Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");

    private readonly Counter counter = new();
    private Guid other;
    private Actor admin = null!, lead = null!, ana = null!, bia = null!;

    public async ValueTask InitializeAsync()
    {
        await counter.InitializeAsync();
        other = await counter.QueueAsync("Financeiro");
        admin = await PersonAsync("Rita", BuiltInRoles.Administrator);
        lead = await PersonAsync("Lia", BuiltInRoles.Supervisor, counter.Queue);
        ana = await PersonAsync("Ana", BuiltInRoles.Agent, counter.Queue);
        bia = await PersonAsync("Bia", BuiltInRoles.Agent, other);
    }

    public ValueTask DisposeAsync() => counter.DisposeAsync();

    private async Task<Actor> PersonAsync(string name, BuiltInRoles role, params Guid[] queues) => await counter.ActorOf(await counter.PersonAsync(name, role, queues));

    private static SaveQuickMessage Of(string shortcut, string body = "texto", QuickScope scope = QuickScope.Company, params Guid[] queues) =>
        new(null, scope, shortcut, $"Título de {shortcut}", body, null, 0, true, queues, [], null);

    private async Task<IReadOnlyList<string>> OfferedAsync(Actor actor) => [.. (await counter.Send(actor, new OfferQuickMessages())).Select(q => $"{q.Shortcut}:{q.Beginning}")];

    private async Task<IReadOnlyList<string>> ListedAsync(Actor actor, ListQuickMessages? list = null) => [.. (await counter.Send(actor, list ?? new())).Rows.Select(q => q.Shortcut)];

    private async Task<QuickRow> RowAsync(Actor actor, Guid id) => (await counter.Send(actor, new ListQuickMessages())).Rows.Single(q => q.Id == id);

    private static async Task<Refusal> RefusedAsync(Func<Task> act) => await Assert.ThrowsAsync<Refusal>(act);

    private async Task ForbiddenAsync<T>(Actor actor, IRequest<T> request) => Assert.Equal(RefusalKind.Forbidden, (await RefusedAsync(() => counter.Send(actor, request))).Kind);

    private async Task MissingAsync<T>(Actor actor, IRequest<T> request) => Assert.Equal(RefusalKind.NotFound, (await RefusedAsync(() => counter.Send(actor, request))).Kind);

    [Fact]
    public async Task The_nearest_of_one_shortcut_is_offered_and_others_see_none_of_it()
    {
        await counter.Send(admin, Of("pix", "da empresa"));
        await counter.Send(lead, Of("pix", "de vendas", QuickScope.Queues, counter.Queue));
        await counter.Send(ana, Of("pix", "da ana", QuickScope.User));
        await counter.Send(admin, Of("contas", "do financeiro", QuickScope.Queues, other));
        Assert.Equal(["pix:da ana"], await OfferedAsync(ana));
        Assert.Equal(["pix:de vendas"], await OfferedAsync(lead));
        Assert.Equal(["contas:do financeiro", "pix:da empresa"], (await OfferedAsync(bia)).Order());
        Assert.Equal(["pix:da empresa"], await OfferedAsync(admin));
        // On the page who may edit sees those of all queues, and nobody another person's own.
        Assert.Equal(["contas", "pix", "pix"], await ListedAsync(admin));
        Assert.Equal(["pix", "pix", "pix"], await ListedAsync(ana));
        Assert.Equal(["contas", "pix"], await ListedAsync(bia));
    }

    [Fact]
    public async Task What_is_switched_off_is_listed_but_not_offered()
    {
        var id = await counter.Send(ana, Of("pix", scope: QuickScope.User));
        await counter.Send(admin, Of("pix", "da empresa"));
        await counter.Send(ana, new SwitchQuickMessage(id, false));
        Assert.Equal(["pix:da empresa"], await OfferedAsync(ana));
        Assert.Equal(["pix"], await ListedAsync(ana, new(Active: false)));
        await counter.Send(ana, new SwitchQuickMessage(id, true));
        Assert.Equal(["pix:texto"], await OfferedAsync(ana));
    }

    [Fact]
    public async Task Agents_change_their_own_and_nothing_else()
    {
        var company = await counter.Send(lead, Of("a"));
        var queue = await counter.Send(lead, Of("b", scope: QuickScope.Queues, queues: counter.Queue));
        var own = await counter.Send(ana, Of("c", scope: QuickScope.User));
        await ForbiddenAsync(ana, Of("d"));
        await ForbiddenAsync(ana, Of("d", scope: QuickScope.Queues, queues: counter.Queue));
        foreach (var id in new[] { company, queue })
        {
            var row = await RowAsync(ana, id);
            Assert.False(row.MayEdit);
            await ForbiddenAsync(ana, Of("d", scope: QuickScope.User) with { Id = id, Version = row.Version });
            await ForbiddenAsync(ana, new SwitchQuickMessage(id, false));
            await ForbiddenAsync(ana, new DeleteQuickMessage(id));
        }
        var mine = await RowAsync(ana, own);
        Assert.True(mine.MayEdit);
        await ForbiddenAsync(ana, Of("c") with { Id = own, Version = mine.Version });
        // Another person's own is not there, for administrators neither.
        foreach (var stranger in new[] { bia, lead, admin })
        {
            await MissingAsync(stranger, Of("c", scope: QuickScope.User) with { Id = own, Version = mine.Version });
            await MissingAsync(stranger, new SwitchQuickMessage(own, false));
            await MissingAsync(stranger, new DeleteQuickMessage(own));
            await MissingAsync(stranger, new DuplicateQuickMessage(own));
        }
        await MissingAsync(bia, new DuplicateQuickMessage(queue));
    }

    [Fact]
    public async Task A_shortcut_is_one_word_and_there_once_for_the_same_people()
    {
        await counter.Send(admin, Of("  /Bom-Dia "));
        Assert.Equal(["bom-dia"], await ListedAsync(ana));
        foreach (var again in new[] { "bom-dia", "/BOM-DIA" }) Assert.True((await RefusedAsync(() => counter.Send(admin, Of(again)))).Fields.ContainsKey("Shortcut"));
        foreach (var wrong in new[] { "", "bom dia", "a/b", "//", "{{x}}", new string('x', 41) }) Assert.True((await RefusedAsync(() => counter.Send(admin, Of(wrong)))).Fields.ContainsKey("Shortcut"), wrong);
        await counter.Send(admin, Of("bom-dia", scope: QuickScope.Queues, queues: other));
        await counter.Send(ana, Of("bom-dia", scope: QuickScope.User));
        await counter.Send(bia, Of("bom-dia", scope: QuickScope.User));
        await counter.Send(ana, Of("promoção", scope: QuickScope.User));
        await counter.Send(ana, Of("promocao", scope: QuickScope.User));
    }

    [Fact]
    public async Task Rules_are_said_at_their_field()
    {
        async Task<string> FieldAsync(SaveQuickMessage save) => (await RefusedAsync(() => counter.Send(admin, save))).Fields.Keys.Single();
        Assert.Equal("Body", await FieldAsync(Of("a", "  ")));
        Assert.Equal("Body", await FieldAsync(Of("a", "{{nmoe}}")));
        Assert.Equal("Body", await FieldAsync(Of("a", new string('x', 4001))));
        Assert.Equal("Title", await FieldAsync(Of("a") with { Title = "" }));
        Assert.Equal("Queues", await FieldAsync(Of("a", scope: QuickScope.Queues)));
        Assert.Equal("Files", await FieldAsync(Of("a") with { Files = [.. Enumerable.Range(0, 6).Select(_ => Guid.NewGuid())] }));
        await MissingAsync(admin, Of("a", scope: QuickScope.Queues, queues: Guid.NewGuid()));
    }

    [Fact]
    public async Task Two_people_who_edit_one_the_second_is_told_but_using_it_is_no_change()
    {
        var id = await counter.Send(admin, Of("pix"));
        var row = await RowAsync(admin, id);
        var ticket = await counter.ServedAsync(ana, "5521911117001");
        await counter.Send(ana, new UseQuickMessage(ticket, id, false));
        await counter.Send(ana, new UseQuickMessage(ticket, id, false));
        await counter.Send(admin, Of("pix", "outro") with { Id = id, Version = row.Version });
        Assert.Equal(RefusalKind.Conflict, (await RefusedAsync(() => counter.Send(lead, Of("pix", "mais um") with { Id = id, Version = row.Version }))).Kind);
        var now = await RowAsync(admin, id);
        Assert.Equal(("outro", 2), (now.Body, now.Uses));
    }

    [Fact]
    public async Task A_message_that_moves_from_queues_to_all_lets_its_queues_go()
    {
        var id = await counter.Send(admin, Of("pix", scope: QuickScope.Queues, queues: [other, counter.Queue]));
        var row = await RowAsync(admin, id);
        Assert.Equal(2, row.Queues.Count);
        await counter.Send(admin, Of("pix") with { Id = id, Version = row.Version });
        Assert.Empty((await RowAsync(bia, id)).Queues);
        Assert.Equal(0, await counter.ReadAsync(db => db.Set<QuickQueue>().CountAsync()));
    }

    [Fact]
    public async Task The_list_is_filtered_sorted_and_paged()
    {
        for (var i = 0; i < 12; i++) await counter.Send(admin, Of($"m{i:00}", $"texto número {i}") with { Order = 12 - i, Category = i % 2 == 0 ? "Vendas" : null, Title = $"Ação {i:00}" });
        await counter.Send(admin, Of("fila", scope: QuickScope.Queues, queues: other));
        var page = await counter.Send(admin, new ListQuickMessages(Take: 5));
        Assert.Equal((5, 13, 13, "fila"), (page.Rows.Count, page.Matching, page.Total, page.Rows[0].Shortcut));
        Assert.Equal(["Vendas"], page.Categories);
        Assert.Equal(["m01", "m00"], await ListedAsync(admin, new(Skip: 11)));
        Assert.Equal(["m11", "m10"], await ListedAsync(admin, new(Sort: QuickSort.Title, Descending: true, Skip: 1, Take: 2)));
        Assert.Equal(["m07"], await ListedAsync(admin, new("acao 07")));
        Assert.Equal(["m07"], await ListedAsync(admin, new("/m07")));
        Assert.Empty(await ListedAsync(admin, new("_")));
        Assert.Equal(6, (await counter.Send(admin, new ListQuickMessages(Category: "Vendas"))).Matching);
        Assert.Equal(["fila"], await ListedAsync(admin, new(QueueId: other)));
        Assert.Equal(["fila"], await ListedAsync(admin, new(Scope: QuickScope.Queues)));
        await MissingAsync(admin, new ListQuickMessages(QueueId: Guid.NewGuid()));
    }

    [Fact]
    public async Task It_is_rendered_for_the_ticket_and_counted()
    {
        await counter.SendAsSystem(new SaveVariable(null, "horario", "das 9h às 18h", null, VariableType.Text, null));
        var id = await counter.Send(admin, Of("ola", "Olá {{primeiroNome}}, sou {{atendente}} ({{emailAtendente}}) da fila {{fila}}. Nº {{ticketId}}, {{numero}}, {{canal}}. {{email|sem e-mail}}{{grupo}} {{horario}}"));
        var ticket = await counter.ServedAsync(ana, "5521911117002");
        var row = await counter.TicketAsync(ticket);
        var email = await counter.ReadAsync(db => db.Set<Contracts.Identity.UserView>().Where(u => u.Id == ana.Id).Select(u => u.Email).SingleAsync());
        var used = await counter.Send(ana, new UseQuickMessage(ticket, id, true));
        Assert.Equal($"Olá Ana, sou Ana ({email}) da fila Vendas. Nº {row.Number}, +55 21 91111-7002, Teste. sem e-mail das 9h às 18h", used.Text);
        Assert.Empty(used.Unknown);
        await counter.Send(ana, new SaveContact(row.ContactId, "Maria Souza", "5521911117002", "maria@example.test", null, null));
        Assert.Contains("Olá Maria,", (await counter.Send(ana, new UseQuickMessage(ticket, id, true))).Text);
        Assert.Contains("maria@example.test", (await counter.Send(ana, new UseQuickMessage(ticket, id, true))).Text);
        Assert.Equal(3, (await RowAsync(admin, id)).Uses);
    }

    [Fact]
    public async Task A_variable_that_went_is_reported_and_stays_as_typed()
    {
        var variable = await counter.SendAsSystem(new SaveVariable(null, "link", "https://x.example", null, VariableType.Url, null));
        var id = await counter.Send(admin, Of("pague", "Olá {{primeiroNome}}: {{link|aqui}}"));
        await counter.SendAsSystem(new DeleteVariable(variable));
        var ticket = await counter.ServedAsync(ana, "5521911117003");
        var used = await counter.Send(ana, new UseQuickMessage(ticket, id, true));
        Assert.Equal(("Olá Ana: {{link|aqui}}", "link"), (used.Text, string.Join(',', used.Unknown)));
    }

    [Fact]
    public async Task What_a_value_holds_is_not_read_again_and_lengths_are_checked_after()
    {
        await counter.SendAsSystem(new SaveVariable(null, "longa", new string('x', 990) + "{{nome}}", null, VariableType.Text, null));
        var ticket = await counter.ServedAsync(ana, "5521911117004");
        var one = await counter.Send(admin, Of("um", "{{longa}}"));
        Assert.EndsWith("x{{nome}}", (await counter.Send(ana, new UseQuickMessage(ticket, one, false))).Text);
        var many = await counter.Send(admin, Of("muitas", string.Concat(Enumerable.Repeat("{{longa}}", 70))));
        await Assert.ThrowsAsync<Refusal>(() => counter.Send(ana, new UseQuickMessage(ticket, many, false)));
        Assert.Equal(0, (await RowAsync(admin, many)).Uses);
    }

    [Fact]
    public async Task Only_who_sees_the_ticket_and_the_message_puts_one_into_the_other()
    {
        var (company, theirs) = (await counter.Send(admin, Of("a")), await counter.Send(bia, Of("b", scope: QuickScope.User)));
        var queue = await counter.Send(admin, Of("c", scope: QuickScope.Queues, queues: other));
        var ticket = await counter.ServedAsync(ana, "5521911117005");
        await MissingAsync(bia, new UseQuickMessage(ticket, company, false));
        await MissingAsync(ana, new UseQuickMessage(ticket, theirs, false));
        await MissingAsync(ana, new UseQuickMessage(ticket, queue, false));
        await counter.Send(admin, new SwitchQuickMessage(company, false));
        await MissingAsync(ana, new UseQuickMessage(ticket, company, false));
    }

    [Fact]
    public async Task Its_files_go_along_as_uploads_of_who_answers_and_outlive_it()
    {
        var file = await counter.Send(admin, new KeepQuickFile("pix.png", Png));
        Assert.Equal((MessageKind.Image, "image/png"), (file.Kind, file.MimeType));
        var id = await counter.Send(admin, Of("pix") with { Files = [file.Id] });
        var ticket = await counter.ServedAsync(ana, "5521911117006");
        var media = Assert.Single((await counter.Send(ana, new UseQuickMessage(ticket, id, true))).Files);
        Assert.Equal(("pix.png", MessageKind.Image, MediaState.Ready, 1), (media.FileName, media.Kind, media.State, media.Width));
        // Without asking for them, or where somebody else answers, the text comes alone.
        Assert.Empty((await counter.Send(ana, new UseQuickMessage(ticket, id, false))).Files);
        Assert.Empty((await counter.Send(admin, new UseQuickMessage(ticket, id, true))).Files);
        var message = Guid.CreateVersion7();
        await counter.Send(ana, new SendMessage(ticket, message, "veja", media.Id));
        await counter.Send(admin, new DeleteQuickMessage(id));
        Assert.Equal(0, await counter.ReadAsync(db => db.Set<QuickFile>().CountAsync()));
        var kept = await counter.Send(ana, new FindMedia(media.Id));
        Assert.True(counter.Services.GetRequiredService<FileStore>().Exists(kept!.FileId));
        Assert.True(await counter.ReadAsync(async db =>
        {
            foreach (var use in Host.Modules.All.SelectMany(m => m.FileUses))
                if ((await use.AmongAsync(db, [kept.FileId], default)).Count > 0) return true;
            return false;
        }));
    }

    [Fact]
    public async Task A_file_is_its_owners_until_the_message_is_saved_and_then_of_who_sees_that()
    {
        var file = await counter.Send(ana, new KeepQuickFile("../../x.pdf", "%PDF-1.4"u8.ToArray()));
        Assert.Equal("x.pdf", file.Name);
        Assert.Null(await counter.Send(bia, new FindQuickFile(file.Id)));
        await MissingAsync(admin, Of("a") with { Files = [file.Id] });
        var own = await counter.Send(ana, Of("a", scope: QuickScope.User) with { Files = [file.Id] });
        Assert.NotNull(await counter.Send(ana, new FindQuickFile(file.Id)));
        Assert.Null(await counter.Send(admin, new FindQuickFile(file.Id)));
        // Once in a message it goes to no other, not even one of the same person.
        await MissingAsync(ana, Of("b", scope: QuickScope.User) with { Files = [file.Id] });
        await counter.Send(ana, Of("a", scope: QuickScope.User) with { Id = own, Version = (await RowAsync(ana, own)).Version });
        Assert.Null(await counter.Send(ana, new FindQuickFile(file.Id)));
        await Assert.ThrowsAsync<Refusal>(() => counter.Send(ana, new KeepQuickFile("vazio", ReadOnlyMemory<byte>.Empty)));
    }

    [Fact]
    public async Task Files_that_no_message_came_to_use_are_forgotten_a_day_later()
    {
        var file = await counter.Send(ana, new KeepQuickFile("x.png", Png));
        var used = await counter.Send(ana, new KeepQuickFile("y.png", Png));
        await counter.Send(ana, Of("a", scope: QuickScope.User) with { Files = [used.Id] });
        await counter.RunAsync<ForgetUploads>();
        Assert.NotNull(await counter.Send(ana, new FindQuickFile(file.Id)));
        await counter.WriteAsync(db => db.Set<QuickFile>().ExecuteUpdateAsync(s => s.SetProperty(f => f.CreatedAt, DateTime.UtcNow.AddHours(-25))));
        await counter.RunAsync<ForgetUploads>();
        Assert.Null(await counter.Send(ana, new FindQuickFile(file.Id)));
        Assert.NotNull(await counter.Send(ana, new FindQuickFile(used.Id)));
    }

    [Fact]
    public async Task A_copy_has_all_of_it_under_a_free_shortcut_and_is_ones_own_where_the_original_is_not()
    {
        var file = await counter.Send(admin, new KeepQuickFile("pix.png", Png));
        var id = await counter.Send(admin, Of("pix", scope: QuickScope.Queues, queues: counter.Queue) with { Files = [file.Id], Category = "Pagar" });
        var copy = await RowAsync(admin, await counter.Send(admin, new DuplicateQuickMessage(id)));
        Assert.Equal(("pix-2", QuickScope.Queues, "Pagar", "pix.png"), (copy.Shortcut, copy.Scope, copy.Category, Assert.Single(copy.Files).Name));
        Assert.Equal([counter.Queue], copy.Queues);
        Assert.NotEqual(file.Id, copy.Files[0].Id);
        Assert.Equal("pix-3", (await RowAsync(admin, await counter.Send(admin, new DuplicateQuickMessage(id)))).Shortcut);
        var own = await RowAsync(ana, await counter.Send(ana, new DuplicateQuickMessage(id)));
        Assert.Equal(("pix", QuickScope.User, true), (own.Shortcut, own.Scope, own.MayEdit));
        Assert.Empty(own.Queues);
    }
}
