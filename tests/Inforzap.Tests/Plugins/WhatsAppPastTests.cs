using System.Text;
using System.Text.Json.Nodes;
using Inforzap.Plugins.WhatsApp;
using Inforzap.Sdk;
using Inforzap.Tests.Support;

namespace Inforzap.Tests.Plugins;

/// <summary>What the gateway keeps of before, and the files of messages.</summary>
public sealed class WhatsAppPastTests : IAsyncLifetime
{
    private const string Lid = "184467440737@lid";
    private static readonly Address Maria = new(WhatsAppDesk.Maria);
    private WhatsAppBench it = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => it = await WhatsAppBench.StartAsync();

    public async ValueTask DisposeAsync() => await it.DisposeAsync();

    private static JsonObject Text(string text) => new() { ["conversation"] = text };

    private async Task<List<PastMessage>> PastAsync(Address with, int limit = 1000)
    {
        var all = new List<PastMessage>();
        await foreach (var message in it.Adapter.PastAsync(it.On, with, limit, Ct)) all.Add(message);
        return all;
    }

    [Fact]
    public async Task A_conversation_is_read_page_by_page_the_newest_first_and_no_further_than_asked()
    {
        for (var i = 0; i < 250; i++) it.Gateway.Keep(WhatsAppDesk.MariaJid, Text($"{i}"), $"3EB0P{i}", at: 1770000000 + i);
        Assert.Equal(Enumerable.Range(0, 250).Reverse().Select(i => $"{i}"), (await PastAsync(Maria)).Select(m => ((TextContent)m.Content).Body));
        Assert.Equal([1, 2, 3], it.Gateway.Of("findMessages").Select(c => (int)c.Body["page"]!));
        Assert.Equal(120, (await PastAsync(Maria, 120)).Count);
        Assert.Equal(5, it.Gateway.Of("findMessages").Count);
    }

    [Fact]
    public async Task Rows_of_other_conversations_are_passed_over()
    {
        it.Gateway.FiltersNothing = true;
        it.Gateway.Keep("5511911112222@s.whatsapp.net", Text("de outro"), "3EB0A", at: 1770000002);
        it.Gateway.Keep(WhatsAppDesk.MariaJid, Text("dela"), "3EB0B", at: 1770000001);
        Assert.Equal("3EB0B", Assert.Single(await PastAsync(Maria)).ProviderId);
    }

    [Fact]
    public async Task A_row_says_what_a_message_said()
    {
        var ours = it.Gateway.Keep(WhatsAppDesk.MariaJid, Text("Sim"), "3EB0OURS", fromMe: true, at: 1770000100);
        ours["MessageUpdate"] = JsonNode.Parse("""[{"status":"SERVER_ACK"},{"status":"READ"},{"status":"DELIVERY_ACK"}]""");
        ours["contextInfo"] = new JsonObject { ["stanzaId"] = "3EB0ASK" };
        it.Gateway.Keep(WhatsAppDesk.MariaJid, JsonNode.Parse("""{"imageMessage":{"mimetype":"image/jpeg","caption":"foto"}}""")!.AsObject(), "3EB0PIC", at: 1770000050);
        it.Gateway.Keep(WhatsAppDesk.MariaJid, JsonNode.Parse("""{"contactsArrayMessage":{"contacts":[{"displayName":"A","vcard":""},{"displayName":"B","vcard":""}]}}""")!.AsObject(), "3EB0TWO", at: 1770000040);
        it.Gateway.Keep(WhatsAppDesk.MariaJid, JsonNode.Parse("""{"reactionMessage":{"key":{"id":"3EB0OURS"},"text":"👍"}}""")!.AsObject(), "3EB0R", at: 1770000030);
        it.Gateway.Keep(WhatsAppDesk.MariaJid, JsonNode.Parse("""{"hologramMessage":{}}""")!.AsObject(), "3EB0H", at: 1770000020);
        var past = await PastAsync(Maria);
        Assert.Equal(["3EB0OURS", "3EB0PIC", "3EB0TWO", "3EB0TWO#2", "3EB0H"], past.Select(m => m.ProviderId));
        Assert.Equal((true, ReceiptState.Read, "3EB0ASK", new DateTime(2026, 2, 2, 2, 41, 40, DateTimeKind.Utc)), (past[0].IsOurs, past[0].State!.Value, past[0].QuotedProviderId, past[0].At));
        Assert.Equal("3EB0PIC", ((MediaContent)past[1].Content).Source.Reference);
        Assert.Null(past[1].State);
        Assert.Equal("hologramMessage", ((UnsupportedContent)past[4].Content).What);
    }

    [Fact]
    public async Task Half_a_character_spoils_no_conversation()
    {
        it.Gateway.Refuse("findMessages", new FakeAnswer(200, $$"""{"messages":{"pages":1,"records":[{"key":{"id":"3EB0A","remoteJid":"{{WhatsAppDesk.MariaJid}}"},"messageTimestamp":1770000001,"message":{"conversation":"corta\ud83d"} },{"key":{"id":"3EB0B","remoteJid":"{{WhatsAppDesk.MariaJid}}"},"messageTimestamp":1770000000,"message":{"conversation":"inteira"} }]} }"""));
        Assert.Equal(["3EB0A", "3EB0B"], (await PastAsync(Maria)).Select(m => m.ProviderId));
    }

    [Fact]
    public async Task A_conversation_is_found_under_another_spelling_and_under_an_id()
    {
        it.Gateway.Keep("551188887777@s.whatsapp.net", Text("sem o nove"), "3EB0A");
        Assert.Equal("3EB0A", Assert.Single(await PastAsync(Maria)).ProviderId);
        it.Gateway.Keep(Lid, Text("por um id"), "3EB0B")["key"]!["remoteJidAlt"] = "5521977776666@s.whatsapp.net";
        Assert.Equal("3EB0B", Assert.Single(await PastAsync(new Address("5521977776666"))).ProviderId);
        Assert.Equal("3EB0B", Assert.Single(await PastAsync(new Address(Lid, AddressKind.WhatsAppUser))).ProviderId);
        Assert.Empty(await PastAsync(new Address("5531900000000")));
    }

    [Fact]
    public async Task In_a_group_it_is_said_who_wrote()
    {
        var key = it.Gateway.Keep("120363041234567890@g.us", Text("Bom dia"), "3EB0G")["key"]!;
        (key["participant"], key["participantAlt"]) = (Lid, WhatsAppDesk.MariaJid);
        var message = Assert.Single(await PastAsync(new Address("120363041234567890@g.us", AddressKind.WhatsAppGroup)));
        Assert.Equal((WhatsAppDesk.Maria, "Maria"), (message.Participant!.Value, message.Participant.Name));
    }

    [Fact]
    public async Task The_address_book_leaves_out_groups_ourselves_and_whom_it_told_already()
    {
        JsonObject Row(string jid, string? name, bool isSaved = false, bool isGroup = false) => new() { ["remoteJid"] = jid, ["pushName"] = name, ["isSaved"] = isSaved, ["isGroup"] = isGroup };
        it.Gateway.Contacts.AddRange([Row(WhatsAppDesk.MariaJid, "Maria do Bairro", isSaved: true), Row("5511977776666@s.whatsapp.net", "joão"), Row("120363041234567890@g.us", "Equipe", isGroup: true), Row("status@broadcast", null),
            Row($"{FakeEvolution.Own}@s.whatsapp.net", "Loja"), Row(Lid, "Ana"), Row("99@lid", null)]);
        it.Gateway.Chats.AddRange(Enumerable.Range(0, 150).Select(i => Row($"55119{i:D8}@s.whatsapp.net", null)).Prepend(Row(WhatsAppDesk.MariaJid, "Maria")));
        var entries = new List<BookEntry>();
        await foreach (var entry in it.Adapter.EntriesAsync(it.On, Ct)) entries.Add(entry);
        Assert.Equal([(WhatsAppDesk.Maria, "Maria do Bairro", "Maria do Bairro"), ("5511977776666", "joão", null), (Lid, "Ana", null)], entries.Take(3).Select(e => (e.Address.Value, e.Address.Name, e.Name)));
        Assert.Equal(153, entries.Count);
        Assert.Equal([0, 100], it.Gateway.Of("findChats").Select(c => (int)c.Body["skip"]!));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_gateway_that_does_not_tell_says_why(bool isRefusal)
    {
        var answer = isRefusal ? FakeEvolution.Error(401, "Unauthorized") : FakeAnswer.Drop;
        it.Gateway.Refuse("findMessages", answer);
        it.Gateway.Refuse("findContacts", answer);
        Assert.NotEmpty((await Assert.ThrowsAsync<ProviderException>(() => PastAsync(Maria))).Message);
        await Assert.ThrowsAsync<ProviderException>(async () =>
        {
            await foreach (var _ in it.Adapter.EntriesAsync(it.On, Ct)) { }
        });
    }

    // ---- Files ----

    private async Task<byte[]> OpenAsync(string id)
    {
        await using var stream = await it.Adapter.OpenAsync(it.On, id, Ct);
        using var bytes = new MemoryStream();
        await stream.CopyToAsync(bytes, Ct);
        return bytes.ToArray();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3000)]
    [InlineData(400_001)]
    public async Task A_file_comes_out_of_the_middle_of_JSON(int size)
    {
        it.Gateway.Files["3EB0PIC"] = [.. Enumerable.Range(0, size).Select(i => (byte)(i * 7))];
        Assert.Equal(it.Gateway.Files["3EB0PIC"], await OpenAsync("3EB0PIC"));
        Assert.Equal("""{"message":{"key":{"id":"3EB0PIC"}},"convertToMp4":false}""", it.Gateway.Of("getBase64FromMediaMessage")[0].Body.ToJsonString());
    }

    [Fact]
    public async Task An_answer_with_nothing_in_it_is_asked_for_once_more()
    {
        it.Gateway.Files["3EB0PIC"] = [1, 2, 3];
        it.Gateway.Refuse("getBase64FromMediaMessage", new FakeAnswer(201, "null"));
        Assert.Equal([1, 2, 3], await OpenAsync("3EB0PIC"));
        it.Gateway.Refuse("getBase64FromMediaMessage", new FakeAnswer(201, ""), new FakeAnswer(201, "null"));
        await Assert.ThrowsAsync<HttpRequestException>(() => OpenAsync("3EB0PIC"));
    }

    [Fact]
    public async Task What_is_gone_is_gone_and_trouble_is_not()
    {
        await Assert.ThrowsAsync<MediaGoneException>(() => OpenAsync("3EB0NONE"));
        it.Gateway.Refuse("getBase64FromMediaMessage", FakeEvolution.Error(400, "Error: Connection Closed"), FakeEvolution.Error(401, "x"), FakeEvolution.Error(500, "x"), new FakeAnswer(201, """{"base64":"AAAA""") { CutAfter = 15 });
        for (var i = 0; i < 3; i++) await Assert.ThrowsAsync<HttpRequestException>(() => OpenAsync("3EB0NONE"));
        await Assert.ThrowsAnyAsync<IOException>(async () =>
        {
            try
            {
                await OpenAsync("3EB0NONE");
            }
            catch (HttpRequestException e)
            {
                throw new IOException(e.Message);
            }
        });
    }
}
