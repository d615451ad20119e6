using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Inforzap.Http;
using Inforzap.Plugins.Telegram;
using Inforzap.Sdk;
using Inforzap.Tests.Support;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;

namespace Inforzap.Tests.Plugins;

/// <summary>What goes to Telegram, what each of its answers means, and that the token stays where it belongs.</summary>
public sealed class TelegramSendTests : IAsyncLifetime
{
    private const long Maria = 777001;
    private readonly FakeInbox inbox = new();
    private readonly FakeMedia media = new();
    private readonly List<IDisposable> owned = [];
    private FakeTelegram telegram = null!;
    private string free = "127.0.0.1:1";

    public async ValueTask InitializeAsync() => telegram = await FakeTelegram.StartAsync();

    public async ValueTask DisposeAsync()
    {
        foreach (var one in owned) one.Dispose();
        await telegram.DisposeAsync();
    }

    [Fact]
    public async Task A_text_goes_out_with_entities_and_without_a_parse_mode()
    {
        var result = await SendAsync(Text("*Ana:*\nO preço <final> é R$ 5_00 & _só_ hoje"));
        var call = Assert.Single(telegram.Of("sendMessage"));
        Assert.Equal("Ana:\nO preço <final> é R$ 5_00 & só hoje", (string?)call.Body["text"]);
        Assert.Equal(["bold", "italic"], call.Body["entities"]!.AsArray().Select(e => (string)e!["type"]!));
        Assert.False(call.Body.ContainsKey("parse_mode"));
        Assert.Equal((SendOutcome.Sent, "123456789/777001/5001"), (result.Outcome, result.ProviderId));
    }

    [Fact]
    public async Task A_quote_is_answered_even_if_it_is_gone_and_one_of_another_chat_is_left_out()
    {
        await SendAsync(Text("sim") with { QuotedProviderId = "123456789/777001/55" });
        var reply = telegram.Of("sendMessage")[0].Body["reply_parameters"]!;
        Assert.Equal((55, true), ((int)reply["message_id"]!, (bool)reply["allow_sending_without_reply"]!));
        foreach (var elsewhere in new[] { "123456789/9/55", "1/777001/55", "55", "wamid.x" }) await SendAsync(Text("sim") with { QuotedProviderId = elsewhere });
        Assert.All(telegram.Of("sendMessage").Skip(1), call => Assert.Null(call.Body["reply_parameters"]));
    }

    [Theory]
    [InlineData(MediaKind.Image, "image/png", "sendPhoto", "photo")]
    [InlineData(MediaKind.Image, "image/gif", "sendAnimation", "animation")]
    [InlineData(MediaKind.Image, "image/tiff", "sendDocument", "document")]
    [InlineData(MediaKind.Voice, "audio/ogg", "sendVoice", "voice")]
    [InlineData(MediaKind.Voice, "audio/webm", "sendDocument", "document")]
    [InlineData(MediaKind.Audio, "audio/mpeg", "sendAudio", "audio")]
    [InlineData(MediaKind.Audio, "audio/wav", "sendDocument", "document")]
    [InlineData(MediaKind.Video, "video/mp4", "sendVideo", "video")]
    [InlineData(MediaKind.Video, "video/webm", "sendDocument", "document")]
    [InlineData(MediaKind.Document, "image/png", "sendDocument", "document")]
    [InlineData(MediaKind.Sticker, "image/webp", "sendSticker", "sticker")]
    public async Task A_file_goes_out_as_what_Telegram_takes(MediaKind kind, string type, string method, string field)
    {
        media.Type = type;
        Assert.Equal(SendOutcome.Sent, (await SendAsync(File(kind, "São João.bin", "veja *isto*"))).Outcome);
        var call = Assert.Single(telegram.Calls);
        Assert.Equal((method, "attach://0"), (call.Method, (string?)call.Body[field]));
        Assert.Equal(("São João.bin", "1 2 3"), (Assert.Single(call.Files).Name, string.Join(' ', call.Files[0].Bytes)));
        if (kind != MediaKind.Sticker) Assert.Equal(("veja isto", "bold"), ((string?)call.Body["caption"], (string?)call.Body["caption_entities"]![0]!["type"]));
    }

    [Fact]
    public async Task A_picture_that_is_refused_for_its_form_goes_out_as_a_document()
    {
        media.Type = "image/png";
        telegram.Answer("sendPhoto", FakeTelegram.Error(400, "Bad Request: PHOTO_INVALID_DIMENSIONS"));
        Assert.Equal(SendOutcome.Sent, (await SendAsync(File(MediaKind.Image, "faixa.png"))).Outcome);
        Assert.Equal(["sendPhoto", "sendDocument"], telegram.Calls.Select(c => c.Method));
        Assert.Equal(media.Bytes, telegram.Calls[1].Files[0].Bytes);
    }

    [Fact]
    public async Task A_picture_over_ten_megabytes_is_a_document_and_a_file_over_fifty_is_refused_before_it_leaves()
    {
        media.Type = "image/png";
        media.Size = (10L << 20) + 1;
        await SendAsync(File(MediaKind.Image, "grande.png"));
        Assert.Equal("sendDocument", Assert.Single(telegram.Calls).Method);
        media.Size = (50L << 20) + 1;
        var result = await SendAsync(File(MediaKind.Document, "enorme.zip"));
        Assert.Equal(SendOutcome.Refused, result.Outcome);
        Assert.Contains("50 MB", result.Reason, StringComparison.Ordinal);
        Assert.Single(telegram.Calls);
    }

    [Fact]
    public async Task A_long_text_becomes_several_messages_of_which_the_first_names_it_and_quotes()
    {
        var result = await SendAsync(Text(string.Join(' ', Enumerable.Repeat("palavra", 1200))) with { QuotedProviderId = "123456789/777001/55" });
        var sent = telegram.Of("sendMessage");
        Assert.Equal(3, sent.Count);
        Assert.Equal("123456789/777001/5001", result.ProviderId);
        Assert.Equal([true, false, false], sent.Select(c => c.Body.ContainsKey("reply_parameters")));
    }

    [Fact]
    public async Task When_a_later_part_fails_nobody_says_that_nothing_was_sent()
    {
        telegram.Answer("sendMessage", FakeTelegram.Result(JsonNode.Parse("""{"message_id":1,"chat":{"id":777001,"type":"private"},"date":1770000000}""")!), FakeTelegram.Error(429, "Too Many Requests: retry after 5", new { retry_after = 5 }));
        Assert.Equal(SendOutcome.Unknown, (await SendAsync(Text(string.Join(' ', Enumerable.Repeat("palavra", 1000))))).Outcome);
    }

    [Fact]
    public async Task A_caption_that_is_too_long_follows_its_file()
    {
        media.Type = "image/png";
        await SendAsync(File(MediaKind.Image, "a.png", new string('x', 1500)));
        Assert.Equal(["sendPhoto", "sendMessage"], telegram.Calls.Select(c => c.Method));
        Assert.Null(telegram.Calls[0].Body["caption"]);
    }

    [Fact]
    public async Task Places_and_cards_go_out_as_such()
    {
        await SendAsync(Text("") with { Content = new LocationContent(-23.5, -46.6) });
        await SendAsync(Text("") with { Content = new LocationContent(-23.5, -46.6, "Loja", "Rua A, 10") });
        await SendAsync(Text("") with { Content = new ContactContent("Maria", ["5511988887777"]) });
        Assert.Equal(["sendLocation", "sendVenue", "sendContact"], telegram.Calls.Select(c => c.Method));
        Assert.Equal(-23.5, (double)telegram.Calls[0].Body["latitude"]!);
        Assert.Equal(("Loja", "Rua A, 10"), ((string?)telegram.Calls[1].Body["title"], (string?)telegram.Calls[1].Body["address"]));
        Assert.Equal("5511988887777", (string?)telegram.Calls[2].Body["phone_number"]);
    }

    [Theory]
    [InlineData(400, "Bad Request: chat not found", SendOutcome.Refused, "precisa escrever primeiro")]
    [InlineData(400, "Bad Request: message is too long", SendOutcome.Refused, "longo demais")]
    [InlineData(403, "Forbidden: bot was blocked by the user", SendOutcome.Refused, "bloqueou o bot")]
    [InlineData(403, "Forbidden: user is deactivated", SendOutcome.Refused, "desativada")]
    [InlineData(403, "Forbidden: bot was kicked from the supergroup chat", SendOutcome.Refused, "não está mais neste grupo")]
    [InlineData(403, "Forbidden: something new", SendOutcome.Refused, "não deixa o bot escrever")]
    [InlineData(413, "Request Entity Too Large", SendOutcome.Refused, "50 MB")]
    [InlineData(401, "Unauthorized", SendOutcome.Later, "token")]
    [InlineData(500, "Internal Server Error", SendOutcome.Unknown, "pode ter sido entregue")]
    [InlineData(502, "Bad Gateway", SendOutcome.Unknown, "pode ter sido entregue")]
    public async Task An_error_means(int code, string description, SendOutcome outcome, string words)
    {
        telegram.Answer("sendMessage", FakeTelegram.Error(code, description));
        var result = await SendAsync(Text("x"));
        Assert.Equal(outcome, result.Outcome);
        Assert.Contains(words, result.Reason, StringComparison.Ordinal);
        Assert.Single(telegram.Of("sendMessage"));
    }

    [Fact]
    public async Task A_group_that_moved_is_sent_to_at_its_new_place_once()
    {
        telegram.Answer("sendMessage", FakeTelegram.Error(400, "Bad Request: group chat was upgraded to a supergroup chat", new { migrate_to_chat_id = -1001234567890 }));
        var result = await SendAsync(Text("x") with { To = new Address("-123", AddressKind.Telegram) });
        Assert.Equal([-123, -1001234567890], telegram.Of("sendMessage").Select(c => (long)c.Body["chat_id"]!));
        Assert.Equal((SendOutcome.Sent, "123456789/-1001234567890/5001"), (result.Outcome, result.ProviderId));
    }

    [Theory]
    [InlineData(500, SendOutcome.Unknown)]
    [InlineData(429, SendOutcome.Later)]
    [InlineData(403, SendOutcome.Refused)]
    public async Task That_a_group_moved_is_told_even_if_the_message_fails_at_its_new_place(int code, SendOutcome outcome)
    {
        telegram.Answer("sendMessage", FakeTelegram.Error(400, "Bad Request: group chat was upgraded to a supergroup chat", new { migrate_to_chat_id = -1001234567890 }), FakeTelegram.Error(code, "An error"));
        Assert.Equal(outcome, (await SendAsync(Text("x") with { To = new Address("-123", AddressKind.Telegram) })).Outcome);
        Assert.Equal(("-1001234567890", "-123"), (Assert.Single(inbox.Events.OfType<InboundMove>()).From.Value, inbox.Events.OfType<InboundMove>().Single().Former.Value));
        Assert.Equal(2, telegram.Of("sendMessage").Count);
    }

    public static TheoryData<string, bool, SendOutcome> Accidents => new()
    {
        { "500 before", false, SendOutcome.Unknown }, { "500 after", true, SendOutcome.Unknown },
        { "dropped before", false, SendOutcome.Unknown }, { "dropped after", true, SendOutcome.Unknown },
        { "cut in its head", true, SendOutcome.Unknown }, { "cut in its body", true, SendOutcome.Unknown },
        { "garbage", true, SendOutcome.Unknown }, { "without a result", true, SendOutcome.Unknown }, { "a proxy's 502", true, SendOutcome.Unknown }, { "a proxy's 408", true, SendOutcome.Unknown },
        { "a 500 that is cut", true, SendOutcome.Unknown }, { "a 429 that is cut", false, SendOutcome.Unknown },
        { "dripping", true, SendOutcome.Sent }, { "late", true, SendOutcome.Sent },
    };

    [Theory, MemberData(nameof(Accidents))]
    public async Task Whatever_happens_to_the_answer_the_message_is_asked_for_once_and_nobody_claims_to_know(string what, bool accepted, SendOutcome outcome)
    {
        Func<FakeAnswer, FakeAnswer> answer = what switch
        {
            "500 before" or "500 after" => _ => FakeTelegram.Error(500, "Internal Server Error"),
            "dropped before" or "dropped after" => _ => FakeAnswer.Drop,
            "cut in its head" => own => own with { CutAfter = 0 },
            "cut in its body" => own => own with { CutAfter = 40, BytesPerSecond = 200 },
            "garbage" => _ => new FakeAnswer(200, "<html>"),
            "without a result" => _ => new FakeAnswer(200, """{"ok":true}"""),
            "a proxy's 502" => _ => new FakeAnswer(502, "<html>"),
            "a proxy's 408" => _ => new FakeAnswer(408, "<html>"),
            "a 500 that is cut" => _ => FakeTelegram.Error(500, "Internal Server Error") with { CutAfter = 20 },
            "a 429 that is cut" => _ => FakeTelegram.Error(429, "Too Many Requests: retry after 17", new { retry_after = 17 }) with { CutAfter = 20 },
            "dripping" => own => own with { BytesPerSecond = 400 },
            _ => own => own with { Delay = TimeSpan.FromMilliseconds(500) },
        };
        if (accepted) telegram.AcceptAnd("sendMessage", answer);
        else telegram.Answer("sendMessage", answer(new FakeAnswer()));
        var result = await SendAsync(Text("x"));
        Assert.Equal((outcome, accepted ? 1 : 0), (result.Outcome, telegram.Accepted.Count));
        if (outcome == SendOutcome.Unknown) Assert.Contains("pode ter sido entregue", result.Reason, StringComparison.Ordinal);
        Assert.Single(telegram.Server.Requests);
    }

    [Theory]
    [InlineData("with a time", 17)]
    [InlineData("without a time", 30)]
    [InlineData("with nothing", 30)]
    [InlineData("with no time at all", 1)]
    [InlineData("with a year", 3600)]
    [InlineData("of a proxy", 30)]
    public async Task Too_many_requests_reached_nobody_and_wait_as_long_as_they_are_told(string what, int seconds)
    {
        telegram.Answer("sendMessage", what switch
        {
            "with a time" => FakeTelegram.Error(429, "Too Many Requests: retry after 17", new { retry_after = 17 }),
            "without a time" => FakeTelegram.Error(429, "Too Many Requests", new { }),
            "with nothing" => FakeTelegram.Error(429, "Too Many Requests"),
            "with no time at all" => FakeTelegram.Error(429, "Too Many Requests: retry after 0", new { retry_after = 0 }),
            "with a year" => FakeTelegram.Error(429, "Too Many Requests: retry after 31536000", new { retry_after = 31_536_000 }),
            _ => new FakeAnswer(429, "<html>slow down</html>") { ContentType = "text/html" },
        });
        var result = await SendAsync(Text("x"));
        Assert.Equal((SendOutcome.Later, TimeSpan.FromSeconds(seconds)), (result.Outcome, result.After));
        // It repeats nothing by itself.
        Assert.Single(telegram.Server.Requests);
        Assert.Empty(telegram.Accepted);
    }

    [Theory]
    [InlineData(400, SendOutcome.Later)]
    [InlineData(403, SendOutcome.Later)]
    [InlineData(404, SendOutcome.Later)]
    [InlineData(308, SendOutcome.Later)]
    [InlineData(413, SendOutcome.Refused)]
    public async Task An_answer_that_is_not_Telegrams_but_says_no_brought_nothing_there(int status, SendOutcome outcome)
    {
        telegram.Answer("sendMessage", new FakeAnswer(status, "<html>a proxy</html>") { ContentType = "text/html" });
        var result = await SendAsync(Text("x"));
        Assert.Equal(outcome, result.Outcome);
        Assert.Matches(@"^\p{Lu}\p{Ll}* .*[.]$", result.Reason);
    }

    /// <summary>The client's own limit, which the host's is within.</summary>
    [Fact]
    public async Task An_answer_that_does_not_come_in_time_leaves_the_message_unknown()
    {
        await SendAsync(Text("para aquecer"));
        telegram.AcceptAnd("sendMessage", own => own with { Delay = TimeSpan.FromMinutes(1) });
        var result = await SendAsync(Text("x"), within: TimeSpan.FromSeconds(3));
        Assert.Equal(SendOutcome.Unknown, result.Outcome);
        Assert.Contains("não respondeu a tempo", result.Reason, StringComparison.Ordinal);
        Assert.Equal(2, telegram.Accepted.Count);
    }

    /// <summary>The host gives up on it, and calls it unknown.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_answer_that_drips_or_never_comes_is_left_when_the_host_says_so(bool drips)
    {
        telegram.AcceptAnd("sendMessage", own => drips ? own with { Body = new string(' ', 2_000), BytesPerSecond = 10 } : own with { Delay = TimeSpan.FromMinutes(1) });
        using var stop = new CancellationTokenSource();
        var sending = Adapter().SendAsync(On(Settings), Text("x"), stop.Token);
        await TelegramDesk.UntilAsync(() => telegram.Accepted.Count == 1, "It did not come.", 60);
        Assert.False(sending.IsCompleted);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
        Assert.Single(telegram.Server.Requests);
    }

    [Fact]
    public async Task A_refused_connection_an_unknown_name_and_a_forbidden_address_sent_nothing()
    {
        using var socket = new TcpListener(IPAddress.Loopback, 0);
        socket.Start();
        free = $"127.0.0.1:{((IPEndPoint)socket.LocalEndpoint).Port}";
        socket.Stop();
        foreach (var url in new[] { $"http://{free}", "http://nobody.invalid", "http://10.1.2.3" })
            Assert.Equal(SendOutcome.Later, (await SendAsync(Text("x"), Settings with { BaseUrl = url })).Outcome);
    }

    [Theory]
    [InlineData("")]
    [InlineData("../../evil")]
    [InlineData("123456789:AA@evil.example/x?")]
    [InlineData("not a token at all, really not one")]
    public async Task What_is_no_token_never_becomes_a_part_of_an_address(string token)
    {
        Assert.Equal(SendOutcome.Later, (await SendAsync(Text("x"), Settings with { BotToken = token })).Outcome);
        Assert.False((await Adapter().ProbeAsync(On(Settings with { BotToken = token }), default)).Ok);
        Assert.Empty(telegram.Server.Requests);
    }

    [Theory]
    [InlineData("abc")]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("@maria")]
    public async Task An_address_that_is_no_chat_is_refused(string to) =>
        Assert.Equal(SendOutcome.Refused, (await SendAsync(Text("x") with { To = new Address(to, AddressKind.Telegram) })).Outcome);

    [Fact]
    public async Task Typing_is_shown_and_not_taken_back()
    {
        await Adapter().TypingAsync(On(Settings), new Address("777001", AddressKind.Telegram), true, default);
        await Adapter().TypingAsync(On(Settings), new Address("777001", AddressKind.Telegram), false, default);
        Assert.Equal("typing", (string?)Assert.Single(telegram.Of("sendChatAction")).Body["action"]);
    }

    [Fact]
    public async Task The_probe_names_the_bot_and_warns_of_group_privacy()
    {
        var plain = await Adapter().ProbeAsync(On(Settings), default);
        Assert.Equal((true, "Loja: https://t.me/loja_bot"), (plain.Ok, plain.Message));
        var groups = await Adapter().ProbeAsync(On(Settings with { AllowGroups = true }), default);
        Assert.Contains("Group Privacy", groups.Message, StringComparison.Ordinal);
        telegram.ReadsGroups = true;
        Assert.DoesNotContain("Group Privacy", (await Adapter().ProbeAsync(On(Settings with { AllowGroups = true }), default)).Message, StringComparison.Ordinal);
        var webhook = await Adapter().ProbeAsync(On(Settings with { Mode = TelegramMode.Webhook }), default);
        Assert.Equal((false, true), (webhook.Ok, webhook.Message.Contains("https", StringComparison.Ordinal)));
        Assert.False((await Adapter().ProbeAsync(On(Settings with { WebhookSecret = "não serve" }), default)).Ok);
        telegram.IsRevoked = true;
        Assert.Contains("não aceita mais o token", (await Adapter().ProbeAsync(On(Settings), default)).Message, StringComparison.Ordinal);
    }

    /// <summary>Telegram puts the token into each address, where traces and messages of exceptions like to quote it.</summary>
    [Fact]
    public async Task The_token_is_in_no_trace_no_exception_and_no_reason()
    {
        var seen = new System.Collections.Concurrent.ConcurrentQueue<string>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = _ => true, Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = a => seen.Enqueue($"{a.Source.Name} {a.DisplayName} {string.Join(' ', a.TagObjects.Select(t => $"{t.Key}={t.Value}"))} {string.Join(' ', a.Events.SelectMany(e => e.Tags).Select(t => t.Value))}"),
        };
        ActivitySource.AddActivityListener(listener);
        // Proof that the listener would hear a client that traces its requests.
        using (var traced = new HttpClient()) await traced.GetAsync(new Uri(telegram.Server.Url, "canary"));
        Assert.Contains(seen, s => s.Contains("canary", StringComparison.Ordinal));
        telegram.Answer("sendMessage", FakeAnswer.Drop, FakeTelegram.Error(404, "Not Found"), new FakeAnswer(500, "<html>"), FakeTelegram.Error(400, "Bad Request: x"));
        for (var i = 0; i < 5; i++) seen.Enqueue(Convert.ToString(await SendAsync(Text("x"))) ?? "");
        seen.Enqueue($"{await SendAsync(Text("x"), Settings with { BaseUrl = "http://nobody.invalid" })}");
        telegram.Answer("sendChatAction", FakeAnswer.Drop);
        seen.Enqueue($"{await Record.ExceptionAsync(() => Adapter().TypingAsync(On(Settings), new Address("7", AddressKind.Telegram), true, default))}");
        telegram.Answer("getFile", FakeTelegram.Result(new JsonObject { ["file_id"] = "x", ["file_unique_id"] = "y", ["file_path"] = "gone/x" }), FakeAnswer.Drop);
        for (var i = 0; i < 2; i++) seen.Enqueue($"{await Record.ExceptionAsync(() => Adapter().OpenAsync(On(Settings), "x", default))}");
        seen.Enqueue($"{On(Settings)} {(await Adapter().ProbeAsync(On(Settings with { BaseUrl = "http://nobody.invalid" }), default)).Message}");
        Assert.Contains(telegram.Server.Requests, r => r.Path.Contains(FakeTelegram.Token, StringComparison.Ordinal));
        // Kestrel's own spans of the double name what came to it; they are the other side's. Clients of tests beside this one go to other doubles.
        var elsewhere = seen.Where(s => s.StartsWith("System.Net.Http ", StringComparison.Ordinal) && !s.Contains($":{telegram.Server.Url.Port}/", StringComparison.Ordinal)).ToList();
        Assert.DoesNotContain(seen.Except(elsewhere).Where(s => !s.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal)), s => s.Contains(FakeTelegram.Token.Split(':')[1], StringComparison.Ordinal));
    }

    private const string Theirs = "123456789/777001/55";

    private Task<SendResult> ChangeAsync(Func<TelegramAdapter, ChannelRef, KnownMessage, Task<SendResult>> change, string? of = null, MediaKind? file = null) =>
        change(Adapter(), On(Settings), new KnownMessage(Guid.NewGuid(), new Address($"{Maria}", AddressKind.Telegram), of ?? Theirs, true, file));

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_question_has_a_button_for_each_choice()
    {
        await SendAsync(Text("") with { Content = new OfferContent("Entrega ou retirada?", [new("choice:1", "Entrega"), new("choice:2", "Retirada")]) });
        var call = Assert.Single(telegram.Of("sendMessage"));
        Assert.Equal("Entrega ou retirada?", (string?)call.Body["text"]);
        var rows = call.Body["reply_markup"]!["inline_keyboard"]!.AsArray();
        Assert.Equal([("Entrega", "choice:1"), ("Retirada", "choice:2")], rows.Select(r => ((string?)r![0]!["text"], (string?)r[0]!["callback_data"])));
    }

    [Fact]
    public async Task Pictures_that_are_sent_together_go_as_one_album()
    {
        media.Type = "image/png";
        var messages = new[] { File(MediaKind.Image, "a.png", "*as fotos*"), File(MediaKind.Image, "b.png"), File(MediaKind.Image, "c.png") };
        var results = await Adapter().SendAlbumAsync(On(Settings), messages, Ct);
        var call = Assert.Single(telegram.Calls);
        Assert.Equal(("sendMediaGroup", 3), (call.Method, call.Files.Count));
        var parts = call.Body["media"]!.AsArray();
        Assert.Equal(("photo", "as fotos", "bold"), ((string?)parts[0]!["type"], (string?)parts[0]!["caption"], (string?)parts[0]!["caption_entities"]![0]!["type"]));
        Assert.Equal(["123456789/777001/5001", "123456789/777001/5002", "123456789/777001/5003"], results.Select(r => r.ProviderId));
    }

    [Fact]
    public async Task What_Telegram_does_not_show_together_goes_one_by_one()
    {
        media.Type = "image/gif";
        var messages = new[] { File(MediaKind.Image, "a.gif"), File(MediaKind.Image, "b.gif") };
        Assert.All(await Adapter().SendAlbumAsync(On(Settings), messages, Ct), r => Assert.Equal(SendOutcome.Sent, r.Outcome));
        Assert.Equal(2, telegram.Of("sendAnimation").Count);
        media.Type = "image/png";
        telegram.Answer("sendMediaGroup", FakeTelegram.Error(400, "Bad Request: PHOTO_INVALID_DIMENSIONS"));
        Assert.All(await Adapter().SendAlbumAsync(On(Settings), messages, Ct), r => Assert.Equal(SendOutcome.Sent, r.Outcome));
        Assert.Equal(2, telegram.Of("sendPhoto").Count);
    }

    [Theory]
    [InlineData(429, SendOutcome.Later)]
    [InlineData(500, SendOutcome.Unknown)]
    [InlineData(403, SendOutcome.Refused)]
    public async Task An_album_ends_as_a_whole(int code, SendOutcome outcome)
    {
        media.Type = "image/png";
        telegram.Answer("sendMediaGroup", FakeTelegram.Error(code, code == 403 ? "Forbidden: bot was blocked by the user" : "no"));
        var results = await Adapter().SendAlbumAsync(On(Settings), [File(MediaKind.Image, "a.png"), File(MediaKind.Image, "b.png")], Ct);
        Assert.Equal([outcome, outcome], results.Select(r => r.Outcome));
        Assert.Empty(telegram.Accepted);
    }

    [Fact]
    public async Task A_reaction_is_set_and_taken_back()
    {
        Assert.Equal(SendOutcome.Sent, (await ChangeAsync((a, on, m) => a.ReactAsync(on, m, "👍", Ct))).Outcome);
        Assert.Equal(SendOutcome.Sent, (await ChangeAsync((a, on, m) => a.ReactAsync(on, m, null, Ct))).Outcome);
        var calls = telegram.Of("setMessageReaction");
        Assert.Equal((Maria, 55), ((long)calls[0].Body["chat_id"]!, (int)calls[0].Body["message_id"]!));
        var set = Assert.Single(calls[0].Body["reaction"]!.AsArray())!;
        Assert.Equal(("emoji", "👍"), ((string?)set["type"], (string?)set["emoji"]));
        Assert.Empty(calls[1].Body["reaction"]!.AsArray());
    }

    [Fact]
    public async Task An_edit_changes_the_text_or_the_caption()
    {
        await ChangeAsync((a, on, m) => a.EditAsync(on, m, "*Ana:*\nquinta", Ct));
        await ChangeAsync((a, on, m) => a.EditAsync(on, m, "a foto certa", Ct), file: MediaKind.Image);
        Assert.Equal("Ana:\nquinta", (string?)Assert.Single(telegram.Of("editMessageText")).Body["text"]);
        Assert.Equal("a foto certa", (string?)Assert.Single(telegram.Of("editMessageCaption")).Body["caption"]);
    }

    [Theory]
    [InlineData("editMessageText", 400, "Bad Request: message is not modified: specified new message content is the same", SendOutcome.Sent)]
    [InlineData("editMessageText", 400, "Bad Request: message can't be edited", SendOutcome.Refused)]
    [InlineData("editMessageText", 429, "Too Many Requests: retry after 7", SendOutcome.Later)]
    [InlineData("editMessageText", 500, "Internal Server Error", SendOutcome.Unknown)]
    public async Task Telegram_s_answer_to_an_edit_decides(string method, int code, string description, SendOutcome outcome)
    {
        telegram.Answer(method, FakeTelegram.Error(code, description, code == 429 ? new { retry_after = 7 } : null));
        Assert.Equal(outcome, (await ChangeAsync((a, on, m) => a.EditAsync(on, m, "x", Ct))).Outcome);
    }

    [Fact]
    public async Task What_is_gone_already_is_deleted_and_what_is_too_old_is_said()
    {
        telegram.Answer("deleteMessage", FakeTelegram.Error(400, "Bad Request: message to delete not found"), FakeTelegram.Error(400, "Bad Request: message can't be deleted for everyone"));
        Assert.Equal(SendOutcome.Sent, (await ChangeAsync((a, on, m) => a.RevokeAsync(on, m, Ct))).Outcome);
        var refused = await ChangeAsync((a, on, m) => a.RevokeAsync(on, m, Ct));
        Assert.Equal((SendOutcome.Refused, "O Telegram só deixa apagar mensagens de até 48 horas."), (refused.Outcome, refused.Reason));
        Assert.Equal(SendOutcome.Sent, (await ChangeAsync((a, on, m) => a.RevokeAsync(on, m, Ct))).Outcome);
    }

    [Fact]
    public async Task A_message_of_another_bot_or_chat_is_not_touched()
    {
        foreach (var elsewhere in new[] { "1/777001/55", "123456789/9/55", "wamid.x" })
            Assert.Equal(SendOutcome.Refused, (await ChangeAsync((a, on, m) => a.RevokeAsync(on, m, Ct), elsewhere)).Outcome);
        Assert.Empty(telegram.Calls);
    }

    private TelegramSettings Settings => new() { BotToken = FakeTelegram.Token, BaseUrl = telegram.Server.Url.ToString() };

    private static OutboundMessage Text(string body) => new(Guid.NewGuid(), Guid.NewGuid(), new Address($"{Maria}", AddressKind.Telegram), new TextContent(body));

    private static OutboundMessage File(MediaKind kind, string name, string? caption = null) =>
        Text("") with { Content = new MediaContent(kind, new MediaRef(FileId: Guid.NewGuid()), name, caption) };

    private static ChannelRef On(TelegramSettings settings) => new(Guid.NewGuid(), "telegram", "Telegram", null, settings);

    private TelegramAdapter Adapter()
    {
        var safe = new SafeHttp(new ConfigurationBuilder().AddInMemoryCollection([new("Http:Allow:0", telegram.Server.Url.Authority), new("Http:Allow:1", free)]).Build());
        var http = safe.Create();
        owned.AddRange([http, safe]);
        return new TelegramAdapter(http, inbox, media, new FakeStore(), TimeProvider.System, NullLogger<TelegramAdapter>.Instance);
    }

    private Task<SendResult> SendAsync(OutboundMessage message, TelegramSettings? settings = null, TimeSpan? within = null)
    {
        var adapter = Adapter();
        if (within is { } limit) owned.OfType<HttpClient>().Last().Timeout = limit;
        return adapter.SendAsync(On(settings ?? Settings), message, TestContext.Current.CancellationToken);
    }
}
