using System.Net;
using System.Text.Json.Nodes;
using Inforzap.Channels.Manage;
using Inforzap.Contracts.Channels;
using Inforzap.Contracts.Contacts;
using Inforzap.Lanes;
using Inforzap.Plugins.WhatsApp;
using Inforzap.Sdk;
using Inforzap.Tests.Support;
using Inforzap.Tickets;
using Inforzap.Tickets.Desk;
using Inforzap.Tickets.Outbound;
using Media = Inforzap.Tickets.Media;

namespace Inforzap.Tests.Plugins;

/// <summary>From a call of the gateway's to a bubble and back, with the host around it.</summary>
public sealed class WhatsAppDeskTests
{
    private const string Group = "120363041234567890@g.us";
    private const string Lid = "184467440737@lid";
    private static readonly byte[] Png = Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");

    [Fact]
    public async Task A_conversation_goes_the_whole_way_in_and_out()
    {
        await using var it = await WhatsAppDesk.OpenAsync();
        var ticket = await it.ServedAsync();
        var asked = Assert.Single(await it.MessagesAsync());
        Assert.Equal(("Olá", "3EB0FIRST"), (asked.Body, asked.ProviderId));
        var id = await it.AnswerAsync(ticket, "Sim, *hoje*", asked.Id);
        Assert.Equal((MessageState.Sent, "3EB0OUT1"), ((await it.MessageAsync(id)).State, (await it.MessageAsync(id)).ProviderId));
        var sent = Assert.Single(it.Gateway.Accepted).Body;
        Assert.Equal((WhatsAppDesk.Maria, "Sim, *hoje*", "3EB0FIRST"), ((string)sent["number"]!, (string)sent["text"]!, (string)sent["quoted"]!["key"]!["id"]!));
        // It comes back as what went out through the gateway, which is no second message.
        await it.TellAsync("send.message", FakeEvolution.Message(WhatsAppDesk.MariaJid, new JsonObject { ["conversation"] = "Sim, *hoje*" }, "3EB0OUT1", fromMe: true));
        // The order is not kept, and one state is left out.
        await it.TellAsync("messages.update", FakeEvolution.Status("3EB0OUT1", WhatsAppDesk.MariaJid, "READ"));
        await it.TellAsync("messages.update", FakeEvolution.Status("3EB0OUT1", WhatsAppDesk.MariaJid, "SERVER_ACK"));
        await it.TellAsync("messages.update", FakeEvolution.Status("3EB0OUT1", WhatsAppDesk.MariaJid, "DELETED"));
        Assert.Equal((MessageState.Read, (DateTime?)null), ((await it.MessageAsync(id)).State, (await it.MessageAsync(id)).DeletedAt));
        await it.TellAsync("messages.upsert", FakeEvolution.Message(WhatsAppDesk.MariaJid, JsonNode.Parse("""{"reactionMessage":{"key":{"id":"3EB0OUT1","fromMe":true},"text":"🙏"}}""")!.AsObject(), "3EB0R1"));
        await it.TellAsync("messages.edited", JsonNode.Parse($$"""{"key":{"remoteJid":"{{WhatsAppDesk.MariaJid}}","fromMe":false,"id":"3EB0FIRST"},"type":14,"editedMessage":{"conversation":"Olá!"},"timestampMs":"1770000005000"}""")!);
        await it.TellAsync("messages.delete", JsonNode.Parse($$"""{"remoteJid":"{{WhatsAppDesk.MariaJid}}","fromMe":false,"id":"3EB0FIRST"}""")!);
        var all = await it.MessagesAsync();
        Assert.Equal(2, all.Count);
        Assert.Equal(("🙏", "Olá!", true), (all[1].Reaction, all[0].Body, all[0].DeletedAt is not null));
    }

    [Fact]
    public async Task What_comes_twice_is_there_once_and_what_comes_early_waits()
    {
        await using var it = await WhatsAppDesk.OpenAsync();
        await it.TellAsync("messages.edited", JsonNode.Parse($$"""{"key":{"remoteJid":"{{WhatsAppDesk.MariaJid}}","fromMe":false,"id":"3EB0FIRST"},"type":14,"editedMessage":{"conversation":"depois"},"timestampMs":"1770000005000"}""")!);
        var body = FakeEvolution.Event("messages.upsert", FakeEvolution.Message(WhatsAppDesk.MariaJid, new JsonObject { ["conversation"] = "antes" }, "3EB0FIRST"), WhatsAppDesk.Instance);
        Assert.All(await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => it.PostAsync(body))), status => Assert.Equal(HttpStatusCode.OK, status));
        await it.Desk.SettleAsync();
        Assert.Equal(("depois", "antes"), (Assert.Single(await it.MessagesAsync()).Body, (await it.MessagesAsync())[0].PreviousBody));
    }

    [Fact]
    public async Task A_picture_comes_in_and_another_goes_out()
    {
        await using var it = await WhatsAppDesk.OpenAsync();
        it.Gateway.Files["3EB0PIC"] = Png;
        var ticket = await it.ServedAsync();
        await it.TellAsync("messages.upsert", FakeEvolution.Message(WhatsAppDesk.MariaJid, JsonNode.Parse("""{"imageMessage":{"mimetype":"image/png","caption":"assim","fileLength":"68"}}""")!.AsObject(), "3EB0PIC"));
        var media = await it.Desk.ReadAsync(db => db.Set<Media>().AsNoTracking().SingleAsync(m => m.TicketId == ticket));
        Assert.Equal((MediaState.Ready, "image/png", 1), (media.State, media.MimeType, media.Width!.Value));
        var file = await it.Desk.Services.GetRequiredService<Files.FileStore>().WriteAsync(new MemoryStream(Png), "resposta.png");
        var upload = await it.Desk.SendAs(it.Ana, new KeepUpload(ticket, file, null));
        Assert.Equal(MessageState.Sent, (await it.MessageAsync(await it.AnswerAsync(ticket, "ou assim", upload: upload.Id))).State);
        var sent = Assert.Single(it.Gateway.Accepted);
        Assert.Equal(("sendMedia", "ou assim", Convert.ToBase64String(Png)), (sent.Action, (string)sent.Body["caption"]!, (string)sent.Body["media"]!));
    }

    [Fact]
    public async Task Somebody_is_one_contact_under_a_number_and_under_an_id()
    {
        await using var it = await WhatsAppDesk.OpenAsync();
        await it.TellAsync("messages.upsert", FakeEvolution.Message(Lid, new JsonObject { ["conversation"] = "um" }, "3EB01", alt: WhatsAppDesk.MariaJid));
        await it.TellAsync("messages.upsert", FakeEvolution.Message(WhatsAppDesk.MariaJid, new JsonObject { ["conversation"] = "dois" }, "3EB02"));
        await it.TellAsync("messages.upsert", FakeEvolution.Message(Lid, new JsonObject { ["conversation"] = "três" }, "3EB03"));
        // The same number as WhatsApp writes it elsewhere.
        await it.TellAsync("messages.upsert", FakeEvolution.Message("551188887777@s.whatsapp.net", new JsonObject { ["conversation"] = "quatro" }, "3EB04"));
        var all = await it.MessagesAsync();
        Assert.Equal(["um", "dois", "três", "quatro"], all.Select(m => m.Body));
        Assert.Single(all.Select(m => m.TicketId).Distinct());
    }

    [Fact]
    public async Task What_is_written_on_the_telephone_stands_in_the_conversation_as_ours()
    {
        await using var it = await WhatsAppDesk.OpenAsync();
        await it.ServedAsync();
        await it.TellAsync("messages.upsert", FakeEvolution.Message(WhatsAppDesk.MariaJid, new JsonObject { ["conversation"] = "Já respondo" }, "3EB0PHONE", fromMe: true));
        var last = (await it.MessagesAsync())[^1];
        Assert.Equal((true, MessageOrigin.Device, "Já respondo"), (last.FromUs, last.Origin, last.Body));
    }

    [Fact]
    public async Task A_group_is_a_conversation_with_its_name_and_who_wrote()
    {
        await using var it = await WhatsAppDesk.OpenAsync(groups: true);
        it.Gateway.Groups[Group] = new JsonObject { ["id"] = Group, ["subject"] = "Equipe" };
        await it.TellAsync("messages.upsert", FakeEvolution.Message(Group, new JsonObject { ["conversation"] = "Bom dia" }, "3EB0G1", participant: WhatsAppDesk.MariaJid));
        await it.TellAsync("group-participants.update", JsonNode.Parse($$"""{"id":"{{Group}}","author":"{{WhatsAppDesk.MariaJid}}","participants":["{{Lid}}"],"action":"add","participantsData":[{"jid":"{{Lid}}","phoneNumber":"5511977776666@s.whatsapp.net","name":"Ana"}]}""")!);
        var all = await it.MessagesAsync();
        Assert.Equal([("Bom dia", "Maria", MessageKind.Text), ("Ana entrou no grupo.", null, MessageKind.System)], all.Select(m => (m.Body, m.Author, m.Kind)));
        var ticket = await it.Desk.ReadAsync(db => db.Set<Ticket>().AsNoTracking().SingleAsync());
        Assert.Equal((true, AddressKind.WhatsAppGroup, Group), (ticket.IsGroup, ticket.AddressKind, ticket.AddressValue));
        Assert.Equal("Equipe", await it.Desk.ReadAsync(db => db.Set<global::Inforzap.Contacts.Contact>().Where(c => c.Id == ticket.ContactId).Select(c => c.Name).SingleAsync()));
        // Its name is asked for once, and anew when something happened to it.
        await it.TellAsync("messages.upsert", FakeEvolution.Message(Group, new JsonObject { ["conversation"] = "Oi" }, "3EB0G2", participant: WhatsAppDesk.MariaJid));
        await it.TellAsync("messages.upsert", FakeEvolution.Message(Group, new JsonObject { ["conversation"] = "Oi" }, "3EB0G3", participant: WhatsAppDesk.MariaJid));
        Assert.Equal(2, it.Gateway.Of("findGroupInfos").Count);
    }

    [Fact]
    public async Task A_group_that_nobody_wants_is_nothing()
    {
        await using var it = await WhatsAppDesk.OpenAsync();
        await it.TellAsync("messages.upsert", FakeEvolution.Message(Group, new JsonObject { ["conversation"] = "Bom dia" }, "3EB0G1", participant: WhatsAppDesk.MariaJid));
        await it.TellAsync("messages.upsert", FakeEvolution.Message("status@broadcast", new JsonObject { ["conversation"] = "férias" }, "3EB0S1", participant: WhatsAppDesk.MariaJid));
        Assert.Empty(await it.MessagesAsync());
        Assert.Empty(it.Gateway.Of("findGroupInfos"));
    }

    [Fact]
    public async Task A_call_is_told_in_the_conversation()
    {
        await using var it = await WhatsAppDesk.OpenAsync(more: new Dictionary<string, string> { [nameof(WhatsAppSettings.RejectCalls)] = "true", [nameof(WhatsAppSettings.RejectText)] = "Só por mensagem." });
        await it.ServedAsync();
        foreach (var status in new[] { "offer", "ringing", "reject" })
            await it.TellAsync("call", new JsonObject { ["id"] = "C1", ["from"] = Lid, ["callerPn"] = WhatsAppDesk.MariaJid, ["status"] = status, ["isVideo"] = false });
        var told = (await it.MessagesAsync())[1..];
        Assert.Equal((MessageKind.System, "Chamada de voz recusada; o cliente recebeu o aviso de que este canal não atende ligações."), (Assert.Single(told).Kind, told[0].Body));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("errado")]
    public async Task A_stranger_is_refused_and_nothing_of_it_is_kept(string? secret)
    {
        await using var it = await WhatsAppDesk.OpenAsync();
        var body = FakeEvolution.Event("messages.upsert", FakeEvolution.Message(WhatsAppDesk.MariaJid, new JsonObject { ["conversation"] = "x" }, "3EB0X"), WhatsAppDesk.Instance);
        Assert.Equal(HttpStatusCode.Forbidden, await it.PostAsync(body, secret));
        Assert.Equal(0, await it.Desk.ReadAsync(db => db.Set<LaneItem>().CountAsync(i => i.Lane.StartsWith("in/"))));
        Assert.Equal(HttpStatusCode.OK, await it.PostAsync(FakeEvolution.Event("messages.upsert", FakeEvolution.Message(WhatsAppDesk.MariaJid, new JsonObject { ["conversation"] = "x" }, "3EB0X"), "outra")));
        Assert.Equal(HttpStatusCode.BadRequest, await it.PostAsync("{"));
        await it.Desk.SettleAsync();
        Assert.Empty(await it.MessagesAsync());
    }

    [Fact]
    public async Task What_nobody_knows_how_it_ended_is_settled_by_what_comes_back()
    {
        await using var it = await WhatsAppDesk.OpenAsync();
        var ticket = await it.ServedAsync();
        it.Gateway.Refuse("sendText", FakeAnswer.Drop);
        it.Gateway.Refuse("findMessages", FakeEvolution.Error(500, "x"));
        var id = await it.AnswerAsync(ticket, "Sai hoje");
        Assert.Equal(MessageState.Unknown, (await it.MessageAsync(id)).State);
        await it.TellAsync("send.message", FakeEvolution.Message(WhatsAppDesk.MariaJid, new JsonObject { ["conversation"] = "Sai hoje" }, "3EB0LATE", fromMe: true));
        Assert.Equal((MessageState.Sent, "3EB0LATE"), ((await it.MessageAsync(id)).State, (await it.MessageAsync(id)).ProviderId));
        await it.TellAsync("messages.update", FakeEvolution.Status("3EB0LATE", WhatsAppDesk.MariaJid, "DELIVERY_ACK"));
        Assert.Equal(MessageState.Delivered, (await it.MessageAsync(id)).State);
        Assert.Single(it.Gateway.Of("sendText"));
    }

    [Fact]
    public async Task An_error_that_comes_as_created_is_shown_as_failed()
    {
        await using var it = await WhatsAppDesk.OpenAsync();
        var ticket = await it.ServedAsync();
        it.Gateway.Refuse("sendText", FakeEvolution.Error(400, new JsonArray(new JsonObject { ["jid"] = WhatsAppDesk.MariaJid, ["exists"] = false, ["number"] = WhatsAppDesk.Maria }), http: 201));
        it.Gateway.Known.Add("nobody");
        var id = await it.AnswerAsync(ticket, "Sai hoje");
        Assert.Equal((MessageState.Failed, Failures.Nobody), ((await it.MessageAsync(id)).State, (await it.MessageAsync(id)).FailReason));
    }

    [Fact]
    public async Task The_desk_offers_what_the_gateway_can()
    {
        await using var it = await WhatsAppDesk.OpenAsync();
        var info = it.Live.Info;
        Assert.Equal(AddressKind.Phone, info.AddressKind);
        Assert.True(info.CanStart);
        foreach (var can in new[] { Can.React, Can.Edit, Can.Delete, Can.Quote, Can.Media, Can.Receipts, Can.Typing, Can.Places, Can.Cards, Can.Stickers }) Assert.True(info.Can.HasFlag(can), $"{can}");
        Assert.False(info.Can.HasFlag(Can.Offers));
    }

    // ---- The session, as people see it ----

    [Fact]
    public async Task The_page_shows_a_code_renews_it_and_says_who_is_connected()
    {
        await using var it = await WhatsAppDesk.OpenAsync(keepsSessions: true, instance: null, before: g => g.Qr = "2@primeiro");
        await it.StateAsync(ChannelState.NeedsPairing);
        async Task<ChannelRow> RowAsync() => (await it.Desk.SendAs(it.Ana, new ListChannels())).Rows.Single();
        Assert.Equal("2@primeiro", (await RowAsync()).Pairing);
        // The provider's address is no matter of people's: the gateway was told it.
        Assert.False((await RowAsync()).TakesCalls);
        it.Gateway.Qr = "2@segundo";
        var end = DateTime.UtcNow.AddSeconds(30);
        while ((await RowAsync()).Pairing != "2@segundo" && DateTime.UtcNow < end) await Task.Delay(100, TestContext.Current.CancellationToken);
        Assert.Equal("2@segundo", (await RowAsync()).Pairing);
        it.Gateway.Pair();
        await it.StateAsync(ChannelState.Connected);
        Assert.Equal(($"Loja · +{FakeEvolution.Own}", $"https://wa.me/{FakeEvolution.Own}", null), ((await RowAsync()).Account, (await RowAsync()).Link, (await RowAsync()).Pairing));
        Assert.DoesNotContain(it.Desk.Log, l => l.Contains("2@primeiro", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Off_the_telephone_stays_paired_on_it_is_there_and_deleted_it_is_gone()
    {
        await using var it = await WhatsAppDesk.OpenAsync(keepsSessions: true, instance: null, before: g => g.Qr = "2@primeiro");
        await it.StateAsync(ChannelState.NeedsPairing);
        it.Gateway.Pair();
        await it.StateAsync(ChannelState.Connected);
        await it.Desk.SendAs(it.Ana, new SwitchChannel(it.Channel, false));
        await it.UntilAsync(() => (bool?)it.Gateway.Webhook?["enabled"] == false, "The webhook is still on.");
        Assert.Equal("open", it.Gateway.State);
        await it.Desk.SendAs(it.Ana, new SwitchChannel(it.Channel, true));
        await it.UntilAsync(() => (bool?)it.Gateway.Webhook?["enabled"] == true, "The webhook is still off.");
        await it.StateAsync(ChannelState.Connected);
        await it.Desk.SendAs(it.Ana, new DeleteChannel(it.Channel));
        await it.Gateway.CallAsync("delete");
        await it.UntilAsync(() => it.Gateway.Instances.Count == 0, "The instance is still there.");
    }

    [Fact]
    public async Task Put_out_on_the_telephone_the_channel_stops_and_says_what_to_do_and_messages_wait()
    {
        await using var it = await WhatsAppDesk.OpenAsync(keepsSessions: true);
        await it.StateAsync(ChannelState.Connected);
        var ticket = await it.ServedAsync();
        it.Gateway.Unpair(401);
        Assert.Equal(HttpStatusCode.OK, await it.PostAsync(FakeEvolution.Event("connection.update", new JsonObject { ["instance"] = WhatsAppDesk.Instance, ["state"] = "close", ["statusReason"] = 401 }, WhatsAppDesk.Instance)));
        await it.StateAsync(ChannelState.Stopped);
        Assert.Contains("Desligue e ligue o canal", it.Live.Reason, StringComparison.Ordinal);
        var id = await it.AnswerAsync(ticket, "ainda aí?", settle: false);
        await Task.Delay(500, TestContext.Current.CancellationToken);
        Assert.Equal(MessageState.Queued, (await it.MessageAsync(id)).State);
        Assert.Empty(it.Gateway.Of("sendText"));
    }
}
