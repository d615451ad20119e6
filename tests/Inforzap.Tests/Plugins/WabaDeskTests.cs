using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Inforzap.Channels;
using Inforzap.Channels.In;
using Inforzap.Channels.Manage;
using Inforzap.Channels.Watch;
using Inforzap.Contracts.Channels;
using Inforzap.Contracts.Contacts;
using Inforzap.Lanes;
using Inforzap.Requests;
using Inforzap.Sdk;
using Inforzap.Tests.Support;
using Inforzap.Tickets;
using Inforzap.Tickets.Desk;
using Inforzap.Tickets.Outbound;
using Microsoft.Extensions.Time.Testing;

namespace Inforzap.Tests.Plugins;

/// <summary>From a call of Meta's to a bubble, from an answer to a call of the Graph API, and from its receipts to the ticks.</summary>
public sealed class WabaDeskTests : IAsyncLifetime
{
    private static readonly byte[] Png = Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");
    private readonly FakeTimeProvider clock = new(DateTimeOffset.UtcNow);
    private WabaDesk it = null!;

    public async ValueTask InitializeAsync() => it = await WabaDesk.OpenAsync(clock, keepsSessions: true);

    public async ValueTask DisposeAsync()
    {
        it.RequireCleanLog();
        await it.DisposeAsync();
    }

    private Task<HttpStatusCode> ReceiptAsync(MetaMessage message, string status, int? code = null) => it.CallAsync(FakeMeta.Statuses(it.Meta.Status(message, status, code)));

    [Fact]
    public async Task A_conversation_goes_the_whole_way_in_and_out()
    {
        await it.SaidAsync(WabaDesk.Maria, "Vocês entregam?", "wamid.ASK");
        var ticket = await it.TicketOfAsync(WabaDesk.Maria);
        await it.Desk.SendAs(it.Ana, new AcceptTicket(ticket));
        var asked = Assert.Single(await it.MessagesAsync(ticket));
        Assert.Equal(("Vocês entregam?", "wamid.ASK"), (asked.Body, asked.ProviderId));

        var id = await it.AnswerAsync(ticket, "Sim, *hoje*", asked.Id);
        Assert.Equal((MessageState.Sent, "wamid.OUT"), ((await it.MessageAsync(id)).State, (await it.MessageAsync(id)).ProviderId![..9]));
        var taken = await it.TakenAsync(id);
        Assert.Equal((WabaDesk.Maria, "Sim, *hoje*", "wamid.ASK"), (taken.To, (string?)taken.Content["body"], (string?)taken.Body["context"]!["message_id"]));

        foreach (var (status, state) in new[] { ("sent", MessageState.Sent), ("delivered", MessageState.Delivered), ("read", MessageState.Read) })
        {
            Assert.Equal(HttpStatusCode.OK, await ReceiptAsync(taken, status));
            await it.Desk.SettleAsync();
            Assert.Equal(state, (await it.MessageAsync(id)).State);
        }
        await it.CallAsync(it.Meta.Brings(WabaDesk.Maria, "reaction", new JsonObject { ["message_id"] = taken.Id, ["emoji"] = "🙏" }));
        await it.CallAsync(it.Meta.Brings(WabaDesk.Maria, "interactive", JsonNode.Parse("""{"type":"button_reply","button_reply":{"id":"b1","title":"Quero"}}""")!, quoted: taken.Id));
        await it.Desk.SettleAsync();
        Assert.Equal("🙏", (await it.MessageAsync(id)).Reaction);
        var chosen = (await it.MessagesAsync(ticket))[^1];
        Assert.Equal((MessageKind.Choice, "Quero", id), (chosen.Kind, chosen.Body, chosen.QuotedId!.Value));
    }

    [Fact]
    public async Task A_question_is_asked_with_buttons_and_what_is_pressed_comes_back()
    {
        var ticket = await it.ServedAsync();
        var id = Guid.CreateVersion7();
        await it.Desk.SendAs(it.Ana, new SendMessage(ticket, id, null, Card: new OfferContent("Entrega ou retirada?", [new("choice:1", "Entrega"), new("choice:2", "Retirada")])));
        await it.Desk.SettleAsync();
        Assert.Equal((MessageKind.Choice, "Entrega ou retirada?", MessageState.Sent), ((await it.MessageAsync(id)).Kind, (await it.MessageAsync(id)).Body, (await it.MessageAsync(id)).State));
        var taken = await it.TakenAsync(id);
        Assert.Equal(("interactive", "button"), (taken.Type, (string?)taken.Content["type"]));
        await it.CallAsync(it.Meta.Brings(WabaDesk.Maria, "interactive", JsonNode.Parse("""{"type":"button_reply","button_reply":{"id":"choice:2","title":"Retirada"}}""")!, quoted: taken.Id));
        await it.Desk.SettleAsync();
        var chosen = (await it.MessagesAsync(ticket))[^1];
        Assert.Equal((MessageKind.Choice, "Retirada", id), (chosen.Kind, chosen.Body, chosen.QuotedId!.Value));
    }

    [Fact]
    public async Task A_picture_comes_in_and_another_goes_out()
    {
        it.Meta.Keeps("M1", Png, "image/png");
        var ticket = await it.ServedAsync();
        await it.CallAsync(it.Meta.Brings(WabaDesk.Maria, "image", new JsonObject { ["id"] = "M1", ["mime_type"] = "image/png", ["caption"] = "assim" }));
        await it.Desk.SettleAsync();
        var media = await it.Desk.ReadAsync(db => db.Set<Media>().AsNoTracking().SingleAsync(m => m.TicketId == ticket));
        Assert.Equal((MediaState.Ready, "image/png", 1), (media.State, media.MimeType, media.Width!.Value));
        Assert.Equal(("assim", MessageKind.Image), ((await it.MessagesAsync(ticket))[^1].Body, (await it.MessagesAsync(ticket))[^1].Kind));

        var file = await it.Desk.Services.GetRequiredService<Files.FileStore>().WriteAsync(new MemoryStream(Png), "resposta.png");
        var upload = await it.Desk.SendAs(it.Ana, new KeepUpload(ticket, file, null));
        var id = await it.AnswerAsync(ticket, "ou assim", upload: upload.Id);
        Assert.Equal(MessageState.Sent, (await it.MessageAsync(id)).State);
        var taken = await it.TakenAsync(id);
        Assert.Equal(("image", "ou assim", it.Meta.Uploads[0].Id), (taken.Type, (string?)taken.Content["caption"], (string?)taken.Content["id"]));
        Assert.Equal(Png, it.Meta.Uploads[0].Bytes);
    }

    [Fact]
    public async Task A_picture_that_Meta_no_longer_has_is_gone_and_its_message_stays()
    {
        var ticket = await it.ServedAsync();
        await it.CallAsync(it.Meta.Brings(WabaDesk.Maria, "image", new JsonObject { ["id"] = "M404", ["caption"] = "antiga" }));
        await it.Desk.SettleAsync();
        Assert.Equal(MediaState.Gone, (await it.Desk.ReadAsync(db => db.Set<Media>().SingleAsync(m => m.TicketId == ticket))).State);
        Assert.Equal("antiga", (await it.MessagesAsync(ticket))[^1].Body);
    }

    [Fact]
    public async Task A_picture_waits_while_Meta_is_in_trouble()
    {
        it.Meta.Keeps("M1", Png, "image/png");
        it.Meta.Refuse("file", new FakeAnswer(503, ""), new FakeAnswer(503, ""));
        var ticket = await it.ServedAsync();
        await it.CallAsync(it.Meta.Brings(WabaDesk.Maria, "image", new JsonObject { ["id"] = "M1" }));
        for (var i = 0; i < 4; i++) await it.Desk.PassAsync(TimeSpan.FromSeconds(3));
        Assert.Equal(MediaState.Ready, (await it.Desk.ReadAsync(db => db.Set<Media>().SingleAsync(m => m.TicketId == ticket))).State);
    }

    private async Task UntilAsync(Func<bool> isSo, string what)
    {
        var end = DateTime.UtcNow.AddSeconds(30);
        while (!isSo())
        {
            Assert.True(DateTime.UtcNow < end, what);
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task A_picture_whose_bytes_never_end_is_given_up_after_a_minute_and_fetched_again()
    {
        it.Meta.Keeps("M1", Png, "image/png");
        it.Meta.Refuse("download", new FakeAnswer(200) { Bytes = new byte[100_000], BytesPerSecond = 20, ContentType = "image/png" });
        var ticket = await it.ServedAsync();
        await it.CallAsync(it.Meta.Brings(WabaDesk.Maria, "image", new JsonObject { ["id"] = "M1", ["caption"] = "devagar" }));
        await UntilAsync(() => Parts() == 1, "Nothing began to come.");
        Task<Media> MediaAsync() => it.Desk.ReadAsync(db => db.Set<Media>().AsNoTracking().SingleAsync(m => m.TicketId == ticket));
        Assert.Equal((MediaState.Pending, "devagar"), ((await MediaAsync()).State, (await it.MessagesAsync(ticket))[^1].Body));
        clock.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal(1, Parts());
        clock.Advance(TimeSpan.FromSeconds(2));
        await UntilAsync(() => Parts() == 0, "It is still waited for.");
        for (var i = 0; i < 4 && (await MediaAsync()).State == MediaState.Pending; i++) await it.Desk.PassAsync(TimeSpan.FromSeconds(3));
        Assert.Equal((MediaState.Ready, "image/png"), ((await MediaAsync()).State, (await MediaAsync()).MimeType));
        Assert.Equal(2, it.Meta.Server.Requests.Count(r => r.Path.StartsWith("/download/", StringComparison.Ordinal)));
        Assert.Equal(1, (await it.Desk.ReadAsync(db => db.Set<LaneItem>().AsNoTracking().SingleAsync(i => i.Lane.StartsWith("media/")))).Attempts);

        int Parts() => Directory.GetFiles(Path.Combine(it.Desk.Folder, "files"), "*.part", SearchOption.AllDirectories).Length;
    }

    [Fact]
    public async Task A_message_whose_answer_does_not_come_is_unsure_and_not_repeated()
    {
        var ticket = await it.ServedAsync();
        it.Meta.AcceptAnd("messages", new FakeAnswer(200, """{"messages":[{"id":"wamid.NEVER"}]}""") { Delay = TimeSpan.FromMinutes(10) });
        var id = await it.AnswerAsync(ticket, "devagar", settle: false);
        await UntilAsync(() => it.Meta.Accepted.Count == 1, "Meta was never asked.");
        clock.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal(MessageState.Sending, (await it.MessageAsync(id)).State);
        clock.Advance(TimeSpan.FromSeconds(2));
        await it.Desk.SettleAsync();
        Assert.Equal(MessageState.Unknown, (await it.MessageAsync(id)).State);
        await it.Desk.PassAsync(TimeSpan.FromMinutes(30));
        Assert.Single(it.Meta.Accepted);
        await ReceiptAsync(await it.TakenAsync(id), "delivered");
        await it.Desk.SettleAsync();
        Assert.Equal(MessageState.Delivered, (await it.MessageAsync(id)).State);
    }

    /// <summary>Every order of these.</summary>
    private static IEnumerable<string[]> Orders(string[] of) => of.Length == 0 ? [[]] : of.SelectMany(first => Orders([.. of.Where(s => s != first)]).Select(rest => (string[])[first, .. rest]));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_is_said_of_a_message_may_come_before_it_in_any_order(bool isSettled)
    {
        var orders = Orders(["message", "edit", "reaction"]).Concat(Orders(["message", "revoke", "reaction"])).ToList();
        for (var i = 0; i < orders.Count; i++)
            foreach (var what in orders[i])
            {
                var of = $"wamid.ORDER{i}";
                Assert.Equal(HttpStatusCode.OK, await it.CallAsync(what switch
                {
                    "message" => it.Meta.Says(WabaDesk.Maria, $"antes {i}", of),
                    "edit" => it.Meta.Brings(WabaDesk.Maria, "edit", JsonNode.Parse($$"""{"original_message_id":"{{of}}","message":{"type":"text","text":{"body":"depois {{i}}"},"context":{} } }""")!),
                    "revoke" => it.Meta.Brings(WabaDesk.Maria, "revoke", new JsonObject { ["original_message_id"] = of }),
                    _ => it.Meta.Brings(WabaDesk.Maria, "reaction", new JsonObject { ["message_id"] = of, ["emoji"] = "👍" }),
                }));
                if (isSettled) await it.Desk.SettleAsync();
            }
        await it.Desk.SettleAsync();
        var messages = await it.Desk.ReadAsync(db => db.Set<Message>().AsNoTracking().Where(m => m.ProviderId!.StartsWith("wamid.ORDER")).ToDictionaryAsync(m => m.ProviderId!));
        Assert.Equal(orders.Count, messages.Count);
        for (var i = 0; i < orders.Count; i++)
        {
            var (order, message) = (string.Join(", ", orders[i]), messages[$"wamid.ORDER{i}"]);
            var isEdited = orders[i].Contains("edit");
            Assert.Equal((order, isEdited ? $"depois {i}" : $"antes {i}", isEdited ? $"antes {i}" : null, !isEdited, "👍"), (order, message.Body, message.PreviousBody, message.DeletedAt is not null, message.Reaction));
        }
        Assert.Single(messages.Values.Select(m => m.TicketId).Distinct());
    }

    [Fact]
    public async Task What_is_said_of_an_answer_of_the_phones_app_may_come_before_it()
    {
        var ticket = await it.ServedAsync();
        JsonObject Echo(string id, string type, string content) => JsonNode.Parse($$"""{"from":"551140028922","to":"{{WabaDesk.Maria}}","id":"{{id}}","timestamp":"{{clock.GetUtcNow().ToUnixTimeSeconds()}}","type":"{{type}}","{{type}}":{{content}} }""")!.AsObject();
        async Task EchoesAsync(JsonObject echo)
        {
            var value = FakeMeta.Value(FakeMeta.Phone);
            value["message_echoes"] = new JsonArray(echo);
            Assert.Equal(HttpStatusCode.OK, await it.CallAsync(FakeMeta.Call(value).Replace("\"messages\",\"value\"", "\"smb_message_echoes\",\"value\"", StringComparison.Ordinal)));
            await it.Desk.SettleAsync();
        }
        await ReceiptAsync(new MetaMessage("wamid.ECHO1", WabaDesk.Maria, "text", []), "read");
        await EchoesAsync(Echo("wamid.E1", "edit", """{"original_message_id":"wamid.ECHO1","message":{"type":"text","text":{"body":"corrigido"}}}"""));
        await EchoesAsync(Echo("wamid.E2", "revoke", """{"original_message_id":"wamid.ECHO2"}"""));
        await it.CallAsync(it.Meta.Brings(WabaDesk.Maria, "reaction", new JsonObject { ["message_id"] = "wamid.ECHO1", ["emoji"] = "❤️" }));
        await EchoesAsync(Echo("wamid.ECHO1", "text", """{"body":"com um erro"}"""));
        await EchoesAsync(Echo("wamid.ECHO2", "text", """{"body":"por engano"}"""));
        var (first, second) = ((await it.MessagesAsync(ticket))[^2], (await it.MessagesAsync(ticket))[^1]);
        Assert.Equal((true, MessageState.Read, "corrigido", "com um erro", "❤️"), (first.FromUs, first.State, first.Body, first.PreviousBody, first.Reaction));
        Assert.Equal((true, "por engano", true), (second.FromUs, second.Body, second.DeletedAt is not null));
    }

    [Fact]
    public async Task A_receipt_and_a_reaction_that_do_not_name_our_id_wait_for_the_answer_that_names_the_message()
    {
        var ticket = await it.ServedAsync();
        it.Meta.AcceptAnd("messages", new FakeAnswer(200, """{"messages":[{"id":"wamid.LATE"}]}""") { Delay = TimeSpan.FromSeconds(2) });
        var id = await it.AnswerAsync(ticket, "rápido", settle: false);
        await UntilAsync(() => it.Meta.Accepted.Count == 1, "Meta was never asked.");
        await it.CallAsync(FakeMeta.Statuses(it.Meta.Status(it.Meta.Accepted[0] with { Id = "wamid.LATE" }, "delivered", withOurId: false)));
        await it.CallAsync(it.Meta.Brings(WabaDesk.Maria, "reaction", new JsonObject { ["message_id"] = "wamid.LATE", ["emoji"] = "🙏" }));
        await it.Desk.SettleAsync();
        var message = await it.MessageAsync(id);
        Assert.Equal((MessageState.Delivered, "wamid.LATE", "🙏"), (message.State, message.ProviderId, message.Reaction));
    }

    // ---- Under which number Meta knows somebody ----

    private Task<List<string>> AddressesAsync(Guid contact) =>
        it.Desk.ReadAsync(db => db.Set<ContactAddressView>().Where(a => a.ContactId == contact).OrderBy(a => a.Value).Select(a => a.Value).ToListAsync());

    [Theory]
    [InlineData("553188887777", "5531988887777", 1)]
    [InlineData("5531988887777", "553188887777", 1)]
    [InlineData("525512345678", "5215512345678", 2)]
    public async Task Somebody_whom_Meta_writes_otherwise_is_one_contact_under_both(string to, string waId, int rows)
    {
        it.Meta.WaIds[to] = waId;
        var ticket = await it.ServedAsync(to);
        for (var i = 0; i < 2; i++)
        {
            var id = await it.AnswerAsync(ticket, $"{i}");
            Assert.Equal((MessageState.Sent, to), ((await it.MessageAsync(id)).State, (await it.TakenAsync(id)).To));
        }
        var both = await it.Desk.SendAsSystem(new ResolveContacts([new Address(to), new Address(waId)]));
        var contact = Assert.Single(both.Values.Select(c => c.Id).Distinct());
        Assert.All(both.Values, c => Assert.False(c.IsNew));
        // In Brazil both spellings are one address; elsewhere the other one stands beside it.
        Assert.Equal(rows == 1 ? [to] : new[] { to, waId }.Order(), await AddressesAsync(contact));
        await it.SaidAsync(waId, "sou eu");
        Assert.Equal("sou eu", (await it.MessagesAsync(ticket))[^1].Body);
        Assert.Equal(1, await it.Desk.ReadAsync(db => db.Set<ContactView>().CountAsync()));
    }

    [Fact]
    public async Task An_address_of_somebody_else_stays_where_it_is()
    {
        const string mexican = "525512345678", other = "5215512345678";
        await it.SaidAsync(other, "sou outra pessoa");
        it.Meta.WaIds[mexican] = other;
        var ticket = await it.ServedAsync(mexican);
        var id = await it.AnswerAsync(ticket, "oi");
        Assert.Equal(MessageState.Sent, (await it.MessageAsync(id)).State);
        var both = await it.Desk.SendAsSystem(new ResolveContacts([new Address(mexican), new Address(other)]));
        Assert.Equal(2, both.Values.Select(c => c.Id).Distinct().Count());
        foreach (var contact in both.Values) Assert.Single(await AddressesAsync(contact.Id));
    }

    [Fact]
    public async Task An_unsure_message_is_not_repeated_and_is_settled_by_the_receipt_that_carries_our_id()
    {
        var ticket = await it.ServedAsync();
        it.Meta.AcceptAnd("messages", FakeAnswer.Drop);
        var id = await it.AnswerAsync(ticket, "chegou?");
        Assert.Equal(MessageState.Unknown, (await it.MessageAsync(id)).State);
        await it.Desk.PassAsync(TimeSpan.FromMinutes(30));
        Assert.Single(it.Meta.Accepted);
        await ReceiptAsync(await it.TakenAsync(id), "delivered");
        await it.Desk.SettleAsync();
        var message = await it.MessageAsync(id);
        Assert.Equal((MessageState.Delivered, it.Meta.Accepted[0].Id, null), (message.State, message.ProviderId, message.FailReason));
    }

    [Fact]
    public async Task What_Meta_charges_is_kept_with_the_receipt()
    {
        var ticket = await it.ServedAsync();
        var taken = await it.TakenAsync(await it.AnswerAsync(ticket, "oi"));
        await ReceiptAsync(taken, "sent");
        var unpriced = it.Meta.Status(taken, "delivered");
        unpriced.Remove("pricing");
        await it.CallAsync(FakeMeta.Statuses(unpriced));
        await it.Desk.SettleAsync();
        var kept = await it.Desk.ReadAsync(db => db.Set<LaneItem>().Where(i => i.Kind == "receipt").OrderBy(i => i.Position).Select(i => i.Payload).ToListAsync());
        Assert.Equal([new Cost("service", true, "PMP"), null], kept.Select(p => ((InboundReceipt)JsonSerializer.Deserialize<InboundEvent>(p, JsonSerializerOptions.Web)!).Cost));
        var charge = Assert.Single(await it.Desk.ReadAsync(db => db.Set<Inforzap.Tickets.Costs.MessageCharge>().AsNoTracking().ToListAsync()));
        Assert.Equal(("service", true, "PMP"), (charge.Category, charge.IsBillable, charge.Model));
    }

    [Fact]
    public async Task A_message_that_Meta_took_and_could_not_deliver_says_why_in_words()
    {
        var ticket = await it.ServedAsync();
        var id = await it.AnswerAsync(ticket, "oi");
        await ReceiptAsync(await it.TakenAsync(id), "failed", 131026);
        await it.Desk.SettleAsync();
        var message = await it.MessageAsync(id);
        Assert.Equal((MessageState.Failed, "131026"), (message.State, message.FailCode));
        Assert.Contains("não tem WhatsApp", message.FailReason);
    }

    [Fact]
    public async Task A_token_that_is_no_longer_valid_holds_everything_back_until_there_is_another()
    {
        var ticket = await it.ServedAsync();
        it.Meta.IsRevoked = true;
        var id = await it.AnswerAsync(ticket, "espera");
        Assert.Equal(MessageState.Queued, (await it.MessageAsync(id)).State);
        await it.StateAsync(ChannelState.Retrying);
        Assert.Contains("token de acesso", it.Live.Reason);
        Assert.DoesNotContain(FakeMeta.Token, it.Live.Reason);
        it.Meta.IsRevoked = false;
        await it.Desk.PassAsync(TimeSpan.FromMinutes(2));
        Assert.Equal(MessageState.Sent, (await it.MessageAsync(id)).State);
        await it.StateAsync(ChannelState.Connected);
    }

    [Fact]
    public async Task Too_many_for_one_person_wait_their_time_in_their_order()
    {
        var ticket = await it.ServedAsync();
        it.Meta.Refuse("messages", FakeMeta.Error(131056), FakeMeta.Error(131056));
        for (var i = 0; i < 3; i++) await it.AnswerAsync(ticket, $"{i}", settle: false);
        await it.Desk.SettleAsync();
        Assert.Empty(it.Meta.Accepted);
        await it.Desk.PassAsync(TimeSpan.FromSeconds(7));
        Assert.Empty(it.Meta.Accepted);
        await it.Desk.PassAsync(TimeSpan.FromSeconds(25));
        Assert.Equal(["0", "1", "2"], it.Meta.Accepted.Select(m => (string?)m.Content["body"]));
    }

    [Fact]
    public async Task After_24_hours_nothing_is_asked_of_Meta_and_the_next_message_opens_the_conversation_again()
    {
        var ticket = await it.ServedAsync();
        Assert.True((await it.Desk.SendAs(it.Ana, new ReadTicket(ticket))).MayReply);
        await it.Desk.PassAsync(TimeSpan.FromHours(24));
        var details = await it.Desk.SendAs(it.Ana, new ReadTicket(ticket));
        Assert.Equal((false, true, 24), (details.MayReply, details.IsWindowShut, details.Window!.Hours));
        var refusal = await Assert.ThrowsAsync<Refusal>(() => it.AnswerAsync(ticket, "tarde"));
        Assert.Contains("24 horas", refusal.Message);
        Assert.Empty(it.Meta.Accepted);
        await it.SaidAsync(WabaDesk.Maria, "ainda aí?");
        await it.AnswerAsync(ticket, "sim");
        Assert.Single(it.Meta.Accepted);
    }

    [Fact]
    public async Task What_an_agent_saw_is_read_at_the_customers()
    {
        await it.SaidAsync(WabaDesk.Maria, "Oi", "wamid.SEEN");
        var ticket = await it.TicketOfAsync(WabaDesk.Maria);
        await it.Desk.SendAs(it.Ana, new SeeTicket(ticket));
        await it.Desk.SettleAsync();
        Assert.Empty(it.Meta.Marks);
        await it.Desk.SendAs(it.Ana, new AcceptTicket(ticket));
        await it.Desk.SendAs(it.Ana, new SeeTicket(ticket));
        await it.Desk.SettleAsync();
        Assert.Equal("wamid.SEEN", (string?)Assert.Single(it.Meta.Marks)["message_id"]);
    }

    [Fact]
    public async Task The_customer_sees_that_an_agent_types_and_Meta_is_not_told_more_often_than_it_forgets()
    {
        var ticket = await it.ServedAsync();
        await it.Desk.SendAs(it.Ana, new SeeTicket(ticket));
        await it.Desk.SettleAsync();
        int Typings() => it.Meta.Marks.Count(m => m["typing_indicator"] is not null);
        async Task TypesAsync(int times)
        {
            await it.Desk.SendAs(it.Ana, new ShowTyping(ticket, true));
            var end = DateTime.UtcNow.AddSeconds(10);
            while (Typings() < times && DateTime.UtcNow < end) await Task.Delay(10, TestContext.Current.CancellationToken);
            Assert.Equal(times, Typings());
        }
        await TypesAsync(1);
        await TypesAsync(1);
        await it.Desk.SendAs(it.Ana, new ShowTyping(ticket, false));
        clock.Advance(TimeSpan.FromSeconds(21));
        await TypesAsync(2);
        await it.Desk.SendAs(it.Ana, new ShowTyping(ticket, false));
        await it.AnswerAsync(ticket, "pronto");
        await TypesAsync(3);
        await it.Desk.SendAs(it.Ana, new ShowTyping(ticket, false));
    }

    [Fact]
    public async Task Somebody_without_a_number_is_served_and_recognised_once_the_number_is_there()
    {
        const string user = "BR.1502576394655843";
        string Says(string? from, string id) => FakeMeta.Call(JsonNode.Parse($$"""
            {"messaging_product":"whatsapp","metadata":{"phone_number_id":"{{FakeMeta.Phone}}"},"contacts":[{"profile":{"name":"Maria"}{{(from is null ? "" : $",\"wa_id\":\"{from}\"")}},"user_id":"{{user}}"}],
             "messages":[ { {{(from is null ? "" : $"\"from\":\"{from}\",")}}"from_user_id":"{{user}}","id":"{{id}}","timestamp":"{{clock.GetUtcNow().ToUnixTimeSeconds()}}","type":"text","text":{"body":"Olá"} }]}
            """)!.AsObject());
        await it.CallAsync(Says(null, "wamid.U1"));
        await it.Desk.SettleAsync();
        var ticket = await it.TicketOfAsync(user);
        await it.Desk.SendAs(it.Ana, new AcceptTicket(ticket));
        await it.AnswerAsync(ticket, "pelo id");
        Assert.Equal(user, (string?)it.Meta.Accepted[0].Body["recipient"]);
        await it.CallAsync(Says(WabaDesk.Maria, "wamid.U2"));
        await it.Desk.SettleAsync();
        await it.AnswerAsync(ticket, "pelo número");
        Assert.Equal(WabaDesk.Maria, (string?)it.Meta.Accepted[1].Body["to"]);
        Assert.Equal(1, await it.Desk.ReadAsync(db => db.Set<ContactView>().CountAsync()));
    }

    [Fact]
    public async Task A_number_that_was_changed_stands_in_the_conversation_and_leads_to_the_same_person()
    {
        const string changed = "5521966665555";
        var ticket = await it.ServedAsync();
        await it.CallAsync(it.Meta.Brings(WabaDesk.Maria, "system", new JsonObject { ["type"] = "user_changed_number", ["body"] = "User changed", ["wa_id"] = changed }));
        await it.Desk.SettleAsync();
        var told = (await it.MessagesAsync(ticket))[^1];
        Assert.Equal((MessageKind.System, "O cliente mudou de número: agora é +55 21 96666-5555."), (told.Kind, told.Body));
        await it.SaidAsync(changed, "sou eu");
        Assert.Equal("sou eu", (await it.MessagesAsync(ticket))[^1].Body);
        await it.AnswerAsync(ticket, "certo");
        Assert.Equal(changed, Assert.Single(it.Meta.Accepted).To);
    }

    [Fact]
    public async Task What_cannot_be_shown_yet_is_kept_and_an_answer_of_the_phones_app_is_no_message_of_the_customer()
    {
        var ticket = await it.ServedAsync();
        await it.CallAsync(it.Meta.Brings(WabaDesk.Maria, "hologram", new JsonObject { ["id"] = "h" }));
        var echo = FakeMeta.Value(FakeMeta.Phone);
        echo["message_echoes"] = JsonNode.Parse($$"""[{"from":"551140028922","to":"{{WabaDesk.Maria}}","id":"wamid.ECHO","timestamp":"{{clock.GetUtcNow().ToUnixTimeSeconds()}}","type":"text","text":{"body":"Do celular"} }]""");
        await it.CallAsync(FakeMeta.Call(echo).Replace("\"messages\",\"value\"", "\"smb_message_echoes\",\"value\"", StringComparison.Ordinal));
        await it.Desk.SettleAsync();
        var messages = await it.MessagesAsync(ticket);
        Assert.Equal([(MessageKind.Text, false), (MessageKind.Unsupported, false), (MessageKind.Text, true)], messages.Select(m => (m.Kind, m.FromUs)));
        Assert.Contains("hologram", messages[1].Extra);
    }

    [Fact]
    public async Task The_card_shows_what_Meta_wants_to_know_to_who_may_edit_and_nothing_that_is_ours_alone()
    {
        var list = await it.Desk.SendAs(it.Ana, new ListChannels());
        var row = list.Rows.Single(r => r.Id == it.Channel);
        Assert.True(row.TakesCalls);
        Assert.Equal(FakeMeta.VerifyToken, Assert.Single(row.SetUp).Value);
        var lead = await it.Desk.PersonAsync("Lia", BuiltInRoles.Supervisor);
        Assert.Empty((await it.Desk.SendAs(lead, new ListChannels())).Rows.Single(r => r.Id == it.Channel).SetUp);
        var form = await it.Desk.SendAs(it.Ana, new ReadChannelForm(it.Channel));
        Assert.Equal(["AccessToken", "AppSecret", "VerifyToken"], form.Kept.Order());
        Assert.DoesNotContain(form.Values.Values, v => v.Contains("CANARIO", StringComparison.Ordinal));
        Assert.DoesNotContain("CANARIO", (await it.Desk.ReadAsync(db => db.Set<Inforzap.Channels.Channel>().SingleAsync(c => c.Id == it.Channel))).Settings);
    }

    [Fact]
    public async Task The_card_shows_the_number_and_where_customers_write_to_it()
    {
        await it.StateAsync(ChannelState.Connected);
        var row = (await it.Desk.SendAs(it.Ana, new ListChannels())).Rows.Single(r => r.Id == it.Channel);
        Assert.Equal(("Loja Exemplo · +55 11 4002-8922", "https://wa.me/551140028922"), (row.Account, row.Link));
    }

    [Fact]
    public async Task A_token_that_is_revoked_while_nobody_writes_is_noticed()
    {
        await it.StateAsync(ChannelState.Connected);
        it.Meta.IsRevoked = true;
        await it.Desk.PassAsync(TimeSpan.FromMinutes(16));
        await it.StateAsync(ChannelState.Retrying);
        Assert.Contains("token de acesso", it.Live.Reason);
        it.Meta.IsRevoked = false;
        await it.Desk.PassAsync(TimeSpan.FromMinutes(6));
        await it.StateAsync(ChannelState.Connected);
    }

    [Fact]
    public async Task A_weekend_may_be_silent_and_longer_than_that_is_noticed()
    {
        await it.SaidAsync(WabaDesk.Maria, "bom fim de semana");
        await it.StateAsync(ChannelState.Connected);
        async Task<ChannelAlarm?> AfterAsync(TimeSpan time)
        {
            await it.Desk.RunJobAsync<WriteArrivals>();
            clock.Advance(time);
            await it.Directory.LoadAsync();
            await it.StateAsync(ChannelState.Connected);
            await it.Desk.RunJobAsync<WatchChannels>();
            return await it.Desk.ReadAsync(db => db.Set<ChannelHealth>().Where(h => h.ChannelId == it.Channel).Select(h => h.Alarm).SingleAsync());
        }
        Assert.Null(await AfterAsync(TimeSpan.FromHours(59)));
        Assert.Equal(ChannelAlarm.Silence, await AfterAsync(TimeSpan.FromMinutes(61)));
    }

    [Fact]
    public async Task The_app_is_subscribed_as_soon_as_the_channel_is_there()
    {
        await using var other = await WabaDesk.OpenAsync(keepsSessions: true, before: m => m.IsSubscribed = false);
        await other.StateAsync(ChannelState.Connected);
        Assert.True(other.Meta.IsSubscribed);
    }

    [Fact]
    public async Task Test_now_shows_the_number_as_Meta_sees_it()
    {
        var probe = await it.Desk.SendAs(it.Ana, new ProbeChannel(it.Channel));
        Assert.Equal(new ProbeResult(true, "+55 11 4002-8922 · Loja Exemplo · qualidade alta · até 2.000 clientes novos por dia · 80 mensagens por segundo."), probe);
    }

    [Theory]
    [InlineData("new field", "TIER_10K", null, "até 10.000 clientes novos por dia")]
    [InlineData("both fields", "TIER_UNLIMITED", "TIER_1K", "sem limite de clientes por dia")]
    [InlineData("old field", null, "TIER_1K", "até 1.000 clientes novos por dia")]
    [InlineData("old field, the new one is not there yet", "-", "TIER_250", "até 250 clientes novos por dia")]
    [InlineData("new field, the old one is no longer there", "TIER_100K", "-", "até 100.000 clientes novos por dia")]
    [InlineData("both null", null, null, null)]
    [InlineData("neither is there", "-", "-", null)]
    [InlineData("nothing was sent yet", "TIER_NOT_SET", null, null)]
    [InlineData("dropped", "TIER_10K", null, null)]
    public async Task The_limit_is_shown_wherever_Meta_keeps_it_and_nothing_fails_without_it(string what, string? now, string? before, string? words)
    {
        await it.StateAsync(ChannelState.Connected);
        foreach (var (field, value) in new[] { (FakeMeta.NewLimit, now), (FakeMeta.OldLimit, before) })
            if (value == "-") it.Meta.Nonexisting.Add(field);
            else it.Meta.Number[field] = value;
        if (what == "dropped") it.Meta.Refuse("limit", FakeAnswer.Drop);
        var probe = await it.Desk.SendAs(it.Ana, new ProbeChannel(it.Channel));
        Assert.Equal(new ProbeResult(true, $"+55 11 4002-8922 · Loja Exemplo · qualidade alta · {(words is null ? "" : words + " · ")}80 mensagens por segundo."), probe);
        // Nor does the watch, which does not need to know.
        await it.Desk.PassAsync(TimeSpan.FromMinutes(16));
        await it.StateAsync(ChannelState.Connected);
    }

    [Fact]
    public async Task A_number_that_is_watched_for_its_quality_works_and_the_test_says_so()
    {
        await it.StateAsync(ChannelState.Connected);
        (it.Meta.Number["status"], it.Meta.Number["quality_rating"]) = ("FLAGGED", "RED");
        var probe = await it.Desk.SendAs(it.Ana, new ProbeChannel(it.Channel));
        Assert.True(probe.Ok);
        Assert.Contains("qualidade baixa", probe.Message);
        Assert.Contains("ele envia e recebe", probe.Message);
        await it.Desk.PassAsync(TimeSpan.FromMinutes(16));
        await it.StateAsync(ChannelState.Connected);
    }

    [Fact]
    public async Task Test_now_subscribes_the_app_and_says_so()
    {
        await it.StateAsync(ChannelState.Connected);
        it.Meta.IsSubscribed = false;
        var probe = await it.Desk.SendAs(it.Ana, new ProbeChannel(it.Channel));
        Assert.True(probe.Ok && it.Meta.IsSubscribed);
        Assert.Contains("inscrito agora", probe.Message);
    }

    [Theory]
    [InlineData("revoked", "token de acesso")]
    [InlineData("not this number", "ID do número")]
    [InlineData("restricted", "responde a quem escreve")]
    [InlineData("pending", "ainda não envia nem recebe")]
    [InlineData("banned", "pode não enviar nem receber")]
    [InlineData("no page", "Graph API")]
    public async Task Test_now_says_what_is_wrong(string what, string words)
    {
        // The session asks for the number too, and would take the one refusal away.
        await it.StateAsync(ChannelState.Connected);
        if (what == "revoked") it.Meta.IsRevoked = true;
        if (what == "not this number") it.Meta.Refuse("number", FakeMeta.Error(100, 400, subcode: 33));
        if (what is "restricted" or "pending" or "banned") it.Meta.Number["status"] = what.ToUpperInvariant();
        if (what == "no page") it.Meta.Refuse("number", new FakeAnswer(404, "<html>"));
        var probe = await it.Desk.SendAs(it.Ana, new ProbeChannel(it.Channel));
        Assert.False(probe.Ok);
        Assert.Contains(words, probe.Message);
    }
}
