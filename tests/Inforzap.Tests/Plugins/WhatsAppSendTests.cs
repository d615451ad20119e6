using System.Net.Sockets;
using System.Text.Json.Nodes;
using Inforzap.Plugins.WhatsApp;
using Inforzap.Sdk;
using Inforzap.Tests.Support;

namespace Inforzap.Tests.Plugins;

/// <summary>What goes out to the gateway for each kind of message, and what each of its answers means.</summary>
public sealed class WhatsAppSendTests : IAsyncLifetime
{
    private static readonly Guid File = Guid.NewGuid();
    private static readonly Address Group = new("120363041234567890@g.us", AddressKind.WhatsAppGroup);
    private WhatsAppBench it = null!;

    public async ValueTask InitializeAsync() => it = await WhatsAppBench.StartAsync();

    public async ValueTask DisposeAsync() => await it.DisposeAsync();

    private static OutboundMessage Message(Content content, Address? to = null) => WhatsAppBench.Message(content, to);

    private static OutboundMessage Hello => Message(new TextContent("Olá"));

    private GatewayCall Sent => Assert.Single(it.Gateway.Accepted);

    private void Require(string action, string body)
    {
        Assert.Equal(action, Sent.Action);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(body), Sent.Body), Sent.Body.ToJsonString());
    }

    // ---- What goes out ----

    [Fact]
    public async Task A_text_goes_out_and_names_whom_it_answers()
    {
        Assert.Equal(SendResult.Sent("3EB0OUT1"), await it.SendAsync(Message(new TextContent("Olá, *Maria* 👍")) with { QuotedProviderId = "3EB0IN7#2" }));
        Require("sendText", $$"""{"number":"{{WhatsAppDesk.Maria}}","text":"Olá, *Maria* 👍","linkPreview":false,"quoted":{"key":{"id":"3EB0IN7"} } }""");
        Assert.Equal("loja", Sent.Instance);
        Assert.Equal(FakeEvolution.Key, it.Gateway.Server.Requests[0].Headers["apikey"]);
    }

    [Theory]
    [InlineData("184467440737@lid", AddressKind.WhatsAppUser)]
    [InlineData("120363041234567890@g.us", AddressKind.WhatsAppGroup)]
    public async Task Somebody_without_a_number_and_a_group_are_written_to_by_the_whole_address(string address, string kind)
    {
        Assert.Null((await it.SendAsync(Message(new TextContent("Olá"), new Address(address, kind)))).Reached);
        Assert.Equal(address, (string?)Sent.Body["number"]);
    }

    [Fact]
    public async Task An_address_of_another_kind_is_refused()
    {
        Assert.Equal(SendOutcome.Refused, (await it.SendAsync(Message(new TextContent("Olá"), new Address("777001", AddressKind.Telegram)))).Outcome);
        Assert.Equal(SendOutcome.Refused, (await it.SendAsync(Message(new TextContent(" ")))).Outcome);
        Assert.Equal(SendOutcome.Refused, (await it.SendAsync(Message(new ContactContent("Ana", [])))).Outcome);
        Assert.Equal(SendOutcome.Refused, (await it.SendAsync(Message(new OfferContent("?", [new("a", "A")])))).Outcome);
        Assert.Empty(it.Gateway.Calls);
    }

    [Fact]
    public async Task A_place_has_always_a_name_and_a_street()
    {
        await it.SendAsync(Message(new LocationContent(-23.55, -46.63)));
        Require("sendLocation", $$"""{"number":"{{WhatsAppDesk.Maria}}","latitude":-23.55,"longitude":-46.63,"name":"Localização","address":"-23.55, -46.63"}""");
    }

    [Fact]
    public async Task A_card_has_an_entry_for_each_number()
    {
        await it.SendAsync(Message(new ContactContent("João", ["+55 11 97777-6666", "+55 11 3333-4444"])));
        Require("sendContact", $$"""
            {"number":"{{WhatsAppDesk.Maria}}","contact":[{"fullName":"João","wuid":"5511977776666","phoneNumber":"+55 11 97777-6666"},{"fullName":"João","wuid":"551133334444","phoneNumber":"+55 11 3333-4444"}]}
            """);
    }

    [Theory]
    [InlineData(MediaKind.Image, "image/png", "sendMedia", "media", "image", true)]
    [InlineData(MediaKind.Image, "image/gif", "sendMedia", "media", "document", true)]
    [InlineData(MediaKind.Document, "image/png", "sendMedia", "media", "document", true)]
    [InlineData(MediaKind.Video, "video/mp4", "sendMedia", "media", "video", true)]
    [InlineData(MediaKind.Audio, "audio/mpeg", "sendMedia", "media", "audio", false)]
    [InlineData(MediaKind.Audio, "audio/mpeg", "sendMedia", "media", "document", true)]
    [InlineData(MediaKind.Voice, "audio/ogg", "sendWhatsAppAudio", "audio", null, false)]
    [InlineData(MediaKind.Sticker, "image/webp", "sendSticker", "sticker", null, false)]
    [InlineData(MediaKind.Document, "application/pdf", "sendMedia", "media", "document", true)]
    public async Task A_file_goes_as_what_it_is_and_loses_no_text(MediaKind kind, string mime, string action, string field, string? type, bool hasText)
    {
        (it.Media.Bytes, it.Media.Type) = ([.. Enumerable.Range(0, 100_001).Select(i => (byte)i)], mime);
        Assert.Equal(SendOutcome.Sent, (await it.SendAsync(Message(new MediaContent(kind, new MediaRef(FileId: File), "Arquivo \"1\".bin", hasText ? "segue" : null)))).Outcome);
        Assert.Equal(action, Sent.Action);
        Assert.Equal(it.Media.Bytes, Convert.FromBase64String((string)Sent.Body[field]!));
        Assert.Equal(type, (string?)Sent.Body["mediatype"]);
        if (action == "sendMedia") Assert.Equal((mime, "Arquivo \"1\".bin"), ((string?)Sent.Body["mimetype"], (string?)Sent.Body["fileName"]));
        Assert.Equal(hasText ? "segue" : null, (string?)Sent.Body["caption"]);
        Assert.Equal(kind == MediaKind.Voice, Sent.Body["encoding"] is not null);
    }

    [Fact]
    public async Task A_file_that_is_too_large_or_lost_is_refused()
    {
        it.Media.Size = FileForm.Most + 1;
        Assert.Equal(SendOutcome.Refused, (await it.SendAsync(Message(new MediaContent(MediaKind.Document, new MediaRef(FileId: File))))).Outcome);
        it.Media.IsLost = true;
        Assert.Equal(SendOutcome.Refused, (await it.SendAsync(Message(new MediaContent(MediaKind.Document, new MediaRef(FileId: File))))).Outcome);
        Assert.Empty(it.Gateway.Calls);
    }

    // ---- The ninth digit ----

    [Theory]
    [InlineData("5531988887777", "553188887777")]
    [InlineData("553188887777", "5531988887777")]
    public async Task A_number_that_does_not_exist_is_tried_with_the_ninth_digit_or_without_it(string written, string real)
    {
        it.Gateway.Known.Add(real);
        var result = await it.SendAsync(Message(new TextContent("Olá"), new Address(written)));
        Assert.Equal((SendOutcome.Sent, real), (result.Outcome, result.Reached?.Value));
        Assert.Equal(2, it.Gateway.Of("sendText").Count);
    }

    [Theory]
    [InlineData("5531988887777", 2)]
    [InlineData("553133334444", 1)]
    [InlineData("351912345678", 1)]
    public async Task A_number_without_WhatsApp_is_refused(string number, int tries)
    {
        it.Gateway.Known.Add("nobody");
        var result = await it.SendAsync(Message(new TextContent("Olá"), new Address(number)));
        Assert.Equal((SendOutcome.Refused, Failures.Nobody), (result.Outcome, result.Reason));
        Assert.Equal(tries, it.Gateway.Of("sendText").Count);
    }

    // ---- What answers mean ----

    [Fact]
    public async Task An_error_that_comes_as_a_success_is_an_error()
    {
        it.Gateway.Refuse("sendText", FakeEvolution.Error(400, new JsonArray("Text is too strange"), http: 201), new FakeAnswer(200, """{"error":true,"message":"Text is too strange"}"""), new FakeAnswer(201, """{"key":{"id":"3EB0X","remoteJid":"x@s.whatsapp.net"},"status":"ERROR"}"""));
        for (var i = 0; i < 3; i++) Assert.Equal(SendOutcome.Refused, (await it.SendAsync(Hello)).Outcome);
    }

    /// <summary>The gateway says why in three shapes.</summary>
    [Theory]
    [InlineData("""["property \"x\" is wrong","and y"]""", "property \"x\" is wrong; and y")]
    [InlineData("""[{"message":"it is wrong"}]""", "it is wrong")]
    [InlineData("\"it is wrong\"", "it is wrong")]
    public async Task A_refusal_is_told_in_the_gateways_words(string message, string words)
    {
        it.Gateway.Refuse("sendText", FakeEvolution.Error(400, JsonNode.Parse(message)!));
        var result = await it.SendAsync(Hello);
        Assert.Equal((SendOutcome.Refused, "http-400", $"O gateway recusou: {words}"), (result.Outcome, result.Code, result.Reason));
    }

    [Theory]
    [InlineData(400, "property \"x\" is wrong", SendOutcome.Refused, false)]
    [InlineData(401, "Unauthorized", SendOutcome.Later, true)]
    [InlineData(403, "Forbidden", SendOutcome.Refused, false)]
    [InlineData(404, "The \"loja\" instance does not exist", SendOutcome.Later, true)]
    [InlineData(404, "Group not found", SendOutcome.Refused, false)]
    [InlineData(413, "request entity too large", SendOutcome.Refused, false)]
    [InlineData(429, "slow down", SendOutcome.Later, false)]
    [InlineData(400, "Error: Connection Closed", SendOutcome.Later, false)]
    [InlineData(400, "Error: Timed Out", SendOutcome.Unknown, false)]
    [InlineData(400, "PrismaClientKnownRequestError: Timed out fetching a new connection from the connection pool", SendOutcome.Unknown, false)]
    [InlineData(400, "TypeError: Cannot read properties of undefined", SendOutcome.Unknown, false)]
    [InlineData(400, "Media upload failed on all hosts", SendOutcome.Later, false)]
    [InlineData(500, "Error: Connection Closed", SendOutcome.Later, false)]
    [InlineData(500, "Internal Server Error", SendOutcome.Unknown, false)]
    [InlineData(502, "Bad Gateway", SendOutcome.Unknown, false)]
    [InlineData(503, "Service Unavailable", SendOutcome.Unknown, false)]
    [InlineData(504, "Gateway Timeout", SendOutcome.Unknown, false)]
    public async Task Each_answer_has_one_end(int status, string words, SendOutcome outcome, bool ofChannel)
    {
        it.Gateway.Refuse("sendText", FakeEvolution.Error(status, words));
        var result = await it.SendAsync(Hello);
        Assert.Equal((outcome, ofChannel), (result.Outcome, result.OfChannel));
        Assert.NotEmpty(result.Reason!);
        Assert.Empty(it.Gateway.Accepted);
        Assert.Single(it.Gateway.Of("sendText"));
    }

    [Theory]
    [InlineData(400)]
    [InlineData(500)]
    public async Task While_the_telephone_is_away_everything_waits(int status)
    {
        it.Gateway.State = "connecting";
        it.Gateway.Refuse("sendText", FakeEvolution.Error(status, "Error: Connection Closed"));
        var result = await it.SendAsync(Hello);
        Assert.Equal((SendOutcome.Later, true), (result.Outcome, result.OfChannel));
    }

    [Fact]
    public async Task Where_nobody_listens_nothing_can_have_left()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0));
        it.On = it.On with { Form = it.On.Settings<WhatsAppSettings>() with { BaseUrl = $"http://127.0.0.1:{((System.Net.IPEndPoint)socket.LocalEndPoint!).Port}" } };
        Assert.Equal(SendOutcome.Later, (await it.SendAsync(Hello)).Outcome);
    }

    // ---- What may have gone ----

    [Theory]
    [InlineData("hangs up")]
    [InlineData("bad gateway")]
    [InlineData("a page")]
    [InlineData("without an id")]
    [InlineData("stumbles")]
    [InlineData("times out at WhatsApp")]
    public async Task What_went_all_the_same_is_found_and_sent_once(string what)
    {
        it.Gateway.AcceptAnd("sendText", what switch
        {
            "hangs up" => FakeAnswer.Drop,
            "bad gateway" => new FakeAnswer(502, "<html>") { ContentType = "text/html" },
            "a page" => new FakeAnswer(200, "<html>") { ContentType = "text/html" },
            "without an id" => new FakeAnswer(201, "{}"),
            "stumbles" => FakeEvolution.Error(500, "Internal Server Error"),
            _ => FakeEvolution.Error(400, "Error: Timed Out"),
        });
        Assert.Equal(SendResult.Sent("3EB0OUT1"), await it.SendAsync(Hello));
        Assert.Single(it.Gateway.Of("sendText"));
        Assert.Empty(it.Store.Values);
    }

    [Fact]
    public async Task What_was_said_before_or_by_somebody_else_is_not_taken_for_it()
    {
        Assert.Equal("3EB0OUT1", (await it.SendAsync(Hello)).ProviderId);
        it.Gateway.Keep(WhatsAppDesk.MariaJid, new JsonObject { ["conversation"] = "Olá" }, "3EB0OLD", fromMe: true, at: 1770000000);
        it.Gateway.Keep(WhatsAppDesk.MariaJid, new JsonObject { ["conversation"] = "Olá" }, "3EB0HERS");
        it.Gateway.Keep("5511911112222@s.whatsapp.net", new JsonObject { ["conversation"] = "Olá" }, "3EB0OTHER", fromMe: true);
        it.Gateway.FiltersNothing = true;
        it.Gateway.Refuse("sendText", FakeAnswer.Drop);
        Assert.Equal(SendOutcome.Unknown, (await it.SendAsync(Hello)).Outcome);
    }

    [Fact]
    public async Task When_nobody_can_say_it_is_unknown_and_what_comes_back_settles_it()
    {
        it.Gateway.Refuse("sendText", FakeAnswer.Drop);
        it.Gateway.Refuse("findMessages", FakeEvolution.Error(500, "x"));
        var message = Hello;
        Assert.Equal(SendOutcome.Unknown, (await it.SendAsync(message)).Outcome);
        // What was written is not in it.
        Assert.DoesNotContain("Olá", Assert.Single(it.Store.Values).Value, StringComparison.Ordinal);
        await it.TellAsync("send.message", FakeEvolution.Message(WhatsAppDesk.MariaJid, new JsonObject { ["conversation"] = "Outra coisa" }, "3EB0OTHER", fromMe: true));
        await it.TellAsync("send.message", FakeEvolution.Message("5511911112222@s.whatsapp.net", new JsonObject { ["conversation"] = "Olá" }, "3EB0OTHER2", fromMe: true));
        Assert.Empty(it.Inbox.Events);
        await it.TellAsync("send.message", FakeEvolution.Message(WhatsAppDesk.MariaJid, new JsonObject { ["conversation"] = "Olá" }, "3EB0LATE", fromMe: true));
        var settled = Assert.IsType<InboundReceipt>(Assert.Single(it.Inbox.Events));
        Assert.Equal((message.AttemptId, "3EB0LATE", ReceiptState.Sent), (settled.AttemptId!.Value, settled.ProviderId, settled.State));
        Assert.Empty(it.Store.Values);
    }

    /// <summary>The database takes nothing for a moment: the gateway tells it again, and it still settles what nobody knew.</summary>
    [Fact]
    public async Task What_could_not_be_kept_settles_it_when_it_is_told_again()
    {
        it.Gateway.Refuse("sendText", FakeAnswer.Drop);
        var message = Hello;
        Assert.Equal(SendOutcome.Unknown, (await it.SendAsync(message)).Outcome);
        Task<WebhookReply> TellAsync() => it.TellAsync("send.message", FakeEvolution.Message(WhatsAppDesk.MariaJid, new JsonObject { ["conversation"] = "Olá" }, "3EB0LATE", fromMe: true));
        it.Inbox.Fails = new InboxFullException();
        await Assert.ThrowsAsync<InboxFullException>(TellAsync);
        it.Inbox.Fails = null;
        await TellAsync();
        Assert.Equal(message.AttemptId, Assert.IsType<InboundReceipt>(Assert.Single(it.Inbox.Events)).AttemptId);
        Assert.Empty(it.Store.Values);
    }

    [Fact]
    public async Task A_doubt_of_yesterday_takes_nothing_that_is_said_today()
    {
        it.Gateway.Refuse("sendText", FakeAnswer.Drop);
        Assert.Equal(SendOutcome.Unknown, (await it.SendAsync(Hello)).Outcome);
        it.Clock.By = TimeSpan.FromHours(1);
        await it.TellAsync("messages.upsert", FakeEvolution.Message(WhatsAppDesk.MariaJid, new JsonObject { ["conversation"] = "Olá" }, "3EB0PHONE", fromMe: true));
        Assert.True(Assert.IsType<InboundMessage>(Assert.Single(it.Inbox.Events)).Echo);
    }

    [Fact]
    public async Task What_comes_back_before_the_answer_is_no_message_from_the_telephone()
    {
        // Some versions tell of it as if it had been written there.
        it.Gateway.Refuse("sendText", FakeAnswer.Drop with { Delay = TimeSpan.FromMilliseconds(600) });
        var sending = it.SendAsync(Hello);
        await it.Gateway.CallAsync("sendText");
        await it.TellAsync("messages.upsert", FakeEvolution.Message(WhatsAppDesk.MariaJid, new JsonObject { ["conversation"] = "Olá" }, "3EB0FAST", fromMe: true));
        Assert.Equal(SendResult.Sent("3EB0FAST"), await sending);
        await it.TellAsync("send.message", FakeEvolution.Message(WhatsAppDesk.MariaJid, new JsonObject { ["conversation"] = "Olá" }, "3EB0FAST", fromMe: true));
        Assert.Empty(it.Inbox.Events);
    }

    // ---- Afterwards ----

    private static KnownMessage Known(bool fromUs = true, MediaKind? file = null, Address? to = null, string id = "3EB0OUT1") => new(Guid.NewGuid(), to ?? new Address(WhatsAppDesk.Maria), id, fromUs, file);

    [Fact]
    public async Task A_reaction_is_set_and_taken_back()
    {
        var ct = TestContext.Current.CancellationToken;
        Assert.Equal(SendOutcome.Sent, (await it.Adapter.ReactAsync(it.On, Known(fromUs: false, id: "3EB0IN7#2"), "👍", ct)).Outcome);
        Assert.Equal(SendOutcome.Sent, (await it.Adapter.ReactAsync(it.On, Known(fromUs: false), null, ct)).Outcome);
        Assert.Equal([("3EB0IN7", WhatsAppDesk.MariaJid, false, "👍"), ("3EB0OUT1", WhatsAppDesk.MariaJid, false, "")],
            it.Gateway.Of("sendReaction").Select(c => ((string)c.Body["key"]!["id"]!, (string)c.Body["key"]!["remoteJid"]!, (bool)c.Body["key"]!["fromMe"]!, (string)c.Body["reaction"]!)));
        Assert.Null(it.Gateway.Of("sendReaction")[0].Body["key"]!["participant"]);
    }

    [Fact]
    public async Task In_a_group_it_is_found_out_who_wrote()
    {
        it.Gateway.Keep(Group.Value, new JsonObject { ["conversation"] = "Bom dia" }, "3EB0IN9")["key"]!["participant"] = "184467440737@lid";
        await it.Adapter.ReactAsync(it.On, Known(fromUs: false, to: Group, id: "3EB0IN9"), "👍", TestContext.Current.CancellationToken);
        Assert.Equal("184467440737@lid", (string?)it.Gateway.Of("sendReaction")[0].Body["key"]!["participant"]);
    }

    [Fact]
    public async Task A_text_is_edited_where_the_gateway_has_it()
    {
        var ct = TestContext.Current.CancellationToken;
        Assert.Equal(SendOutcome.Sent, (await it.Adapter.EditAsync(it.On, Known(), "novo", ct)).Outcome);
        // It was told under an id, though we write to the number.
        await it.TellAsync("messages.upsert", FakeEvolution.Message("184467440737@lid", new JsonObject { ["conversation"] = "Oi" }, "3EB0LID", fromMe: true, alt: WhatsAppDesk.MariaJid));
        Assert.Equal(SendOutcome.Sent, (await it.Adapter.EditAsync(it.On, Known(id: "3EB0LID"), "novo", ct)).Outcome);
        Assert.Equal("184467440737@lid", (string?)it.Gateway.Of("updateMessage")[1].Body["number"]);
        Assert.Equal(SendOutcome.Refused, (await it.Adapter.EditAsync(it.On, Known(file: MediaKind.Document), "novo", ct)).Outcome);
        it.Gateway.Refuse("updateMessage", FakeEvolution.Error(400, "RemoteJid does not match"));
        Assert.Equal("O gateway não tem mais esta mensagem.", (await it.Adapter.EditAsync(it.On, Known(), "novo", ct)).Reason);
    }

    [Fact]
    public async Task A_message_is_deleted_for_everybody()
    {
        Assert.Equal(SendOutcome.Sent, (await it.Adapter.RevokeAsync(it.On, Known(), TestContext.Current.CancellationToken)).Outcome);
        var call = Assert.Single(it.Gateway.Of("deleteMessageForEveryone"));
        Assert.Equal(("DELETE", """{"id":"3EB0OUT1","fromMe":true,"remoteJid":"5511988887777@s.whatsapp.net"}"""), (call.Method, call.Body.ToJsonString()));
    }

    [Theory]
    [InlineData(500, "x", SendOutcome.Later)]
    [InlineData(401, "x", SendOutcome.Later)]
    [InlineData(400, "Error: Connection Closed", SendOutcome.Later)]
    [InlineData(400, "x", SendOutcome.Refused)]
    [InlineData(502, "x", SendOutcome.Unknown)]
    public async Task A_change_that_fails_has_an_end_too(int status, string words, SendOutcome outcome)
    {
        it.Gateway.Refuse("sendReaction", FakeEvolution.Error(status, words));
        Assert.Equal(outcome, (await it.Adapter.ReactAsync(it.On, Known(), "👍", TestContext.Current.CancellationToken)).Outcome);
    }

    [Fact]
    public async Task Reading_and_typing_are_told()
    {
        var ct = TestContext.Current.CancellationToken;
        await it.Adapter.ReadAsync(it.On, new Address(WhatsAppDesk.Maria), "3EB0IN1#2", ct);
        await it.Adapter.TypingAsync(it.On, new Address(WhatsAppDesk.Maria), true, ct);
        await it.Adapter.TypingAsync(it.On, Group, false, ct);
        Assert.Equal("""{"readMessages":[{"remoteJid":"5511988887777@s.whatsapp.net","fromMe":false,"id":"3EB0IN1"}]}""", it.Gateway.Of("markMessageAsRead")[0].Body.ToJsonString());
        Assert.Equal([("5511988887777", "composing"), (Group.Value, "paused")], it.Gateway.Of("sendPresence").Select(c => ((string)c.Body["number"]!, (string)c.Body["presence"]!)));
        // Best effort: that the gateway minds is nobody's trouble.
        it.Gateway.Refuse("markMessageAsRead", FakeEvolution.Error(400, "x"));
        await it.Adapter.ReadAsync(it.On, new Address(WhatsAppDesk.Maria), "3EB0IN2", ct);
    }

    [Theory]
    [InlineData(2, 0.5)]
    [InlineData(0.2, 5)]
    [InlineData(0, 5)]
    public void The_pace_is_the_administrators(double seconds, double perSecond) =>
        Assert.Equal(perSecond, it.Adapter.PaceOf(it.On with { Form = it.On.Settings<WhatsAppSettings>() with { SecondsBetween = seconds } }).PerSecond);
}
