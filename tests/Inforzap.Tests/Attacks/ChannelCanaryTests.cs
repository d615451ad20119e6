using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Inforzap.Channels;
using Inforzap.Channels.In;
using Inforzap.Channels.Manage;
using Inforzap.Channels.Watch;
using Inforzap.Contracts.Channels;
using Inforzap.Plugins.Telegram;
using Inforzap.Tests.Plugins;
using Inforzap.Tests.Support;
using Inforzap.Tickets;
using Inforzap.Tickets.Desk;
using Inforzap.Tickets.Inbound;
using Inforzap.Tickets.Outbound;
using Inforzap.Tickets.Parked;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Time.Testing;

namespace Inforzap.Tests.Attacks;

/// <summary>
/// The same over the real adapters of WhatsApp and Telegram: their providers answer with our own secrets and with customers' numbers
/// in each error, and what strangers bring is full of words. None of it may turn up where it was not meant to be.
/// </summary>
public sealed class ChannelCanaryTests
{
    private static readonly TimeSpan AWhile = TimeSpan.FromMinutes(10);

    private readonly Canaries canaries = new();
    private readonly FakeTimeProvider clock = new(DateTimeOffset.UtcNow);

    /// <summary>A provider's sentence that quotes all that it knows. What is cut off at its end begins with a secret.</summary>
    private string Quoting(string secret) =>
        string.Join(' ', canaries.Where(c => IsSecret(c.Key)).Select(c => c.Value)) + $" to +{canaries.GetValueOrDefault("customer's number")} " + secret;

    /// <summary>Such a sentence, longer than any adapter passes on, with the secret where it is cut.</summary>
    private static string QuotingLate(string secret, int cut) => new string('x', cut - 20) + ' ' + secret;

    private static bool IsSecret(string of) => of.Contains("secret", StringComparison.Ordinal) || of.Contains("token", StringComparison.Ordinal);

    private void NoSecretIn(string where, string text)
    {
        foreach (var (of, secret) in canaries.Where(c => IsSecret(c.Key))) Assert.False(text.Contains(secret, StringComparison.Ordinal), $"{where} tells the {of}: {text}");
    }

    private async Task NobodyTellsAsync(Desk desk, Watch watch, Person admin, Guid channel, params string[] said)
    {
        await desk.RunJobAsync<WriteChannelLog>();
        await desk.RunJobAsync<DeadSends>();
        await desk.SettleAsync();
        var dump = await Dump.OfAsync(desk);
        // It all happened, and what was said is where it belongs.
        foreach (var word in said) Assert.Contains(dump.SelectMany(t => t.Value), r => r.Contains(canaries[word], StringComparison.Ordinal));
        Assert.True(watch.Spans > 20 && watch.Figures > 20);
        canaries.NoneIn("the log", desk.Log);
        // The doubles, here and in tests beside this one, are servers too: their spans name what came to them, and are the other side's.
        canaries.NoneIn("traces and metrics", watch.Heard.Where(h => !h.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal)));
        await canaries.NoneInReasonsAsync(desk);
        await canaries.NoneInClearAsync(desk, dump, of => IsSecret(of) || of.StartsWith("refused", StringComparison.Ordinal));
        foreach (var screen in new object[] { await desk.SendAs(admin, new ReadChannelForm(channel)), await desk.SendAs(admin, new ReadChannelLog(channel)), (await desk.SendAs(admin, new ListParked())).Items })
            canaries.NoneIn(screen.GetType().Name, [JsonSerializer.Serialize(screen)]);
    }

    /// <summary>The ends that attempts came to.</summary>
    private static Task<HashSet<string>> OutcomesAsync(Desk desk) => desk.ReadAsync(async db => (await db.Set<Attempt>().Select(a => a.Outcome).ToListAsync()).OfType<string>().ToHashSet());

    private static async Task<Guid> UntilFailedAsync(Desk desk, MediaState state)
    {
        for (var i = 0; i < Lanes.LaneMarks.MaxAttempts; i++) await desk.PassAsync(AWhile);
        return await desk.ReadAsync(db => db.Set<Media>().Where(m => m.State == state).Select(m => m.Id).SingleAsync());
    }

    [Theory]
    [InlineData("token abc123def456ghi is over", "token • is over")]
    [InlineData("abc123def456ghi, abc123def456ghi", "•, •")]
    [InlineData("cut off: abc123def456…", "cut off: •…")]
    [InlineData("abc123 is no secret, nor is abc123def45", "abc123 is no secret, nor is abc123def45")]
    [InlineData("PIN 7788, not 77", "PIN •, not 77")]
    [InlineData("", "")]
    public void A_secret_is_struck_out_of_a_sentence_as_far_as_it_stands_there(string said, string left)
    {
        var info = new ChannelInfo(Guid.NewGuid(), "x", "test", "X", null, null, ChannelState.Connected, Sdk.Can.Text, 0, false);
        Assert.Equal(left, new LiveChannel(info, null, null, null, true, false, null, 0) { Secrets = ["abc123def456ghi", "7788"] }.Told(said));
    }

    // ---- WhatsApp ----

    [Fact]
    public async Task Over_WhatsApp_no_secret_and_nothing_that_somebody_said_turns_up_where_operators_look()
    {
        using var watch = new Watch();
        (canaries["access token"], canaries["app secret"], canaries["verify token"]) = (FakeMeta.Token, FakeMeta.AppSecret, FakeMeta.VerifyToken);
        canaries["first half of the access token"] = FakeMeta.Token[..18];
        var customer = canaries.Number("customer's number");
        await using var waba = await WabaDesk.OpenAsync(clock, keepsSessions: true, before: m => m.Refuse("number", FakeMeta.Error(99999, 400, Quoting(FakeMeta.Token))));
        await waba.StateAsync(ChannelState.Retrying);
        var ticket = await WrittenAsync(waba, customer);
        await SentAsync(waba, ticket, customer);
        await FetchedAsync(waba, customer);
        waba.Meta.Refuse("number", FakeMeta.Error(99999, 400, Quoting(FakeMeta.Token)));
        NoSecretIn("'test now'", (await waba.Desk.SendAs(waba.Ana, new ProbeChannel(waba.Channel))).Message);
        Assert.Contains(waba.Desk.Log, l => l.Contains("was lost", StringComparison.Ordinal));
        Assert.Superset(new HashSet<string> { "Sent", "Refused", "Later", "Unknown" }, await OutcomesAsync(waba.Desk));
        await NobodyTellsAsync(waba.Desk, watch, waba.Ana, waba.Channel, "inbound body", "name", "caption", "file name", "customer's number", "outbound body");
    }

    /// <summary>What Meta brings, and what strangers bring in its name.</summary>
    private async Task<Guid> WrittenAsync(WabaDesk waba, string customer)
    {
        var meta = waba.Meta;
        Assert.Equal(HttpStatusCode.OK, await waba.CallAsync(meta.Says(customer, canaries.Word("inbound body"), name: canaries.Word("name"))));
        var unsigned = Encoding.UTF8.GetBytes(meta.Says(customer, canaries.Word("refused body"), name: canaries.Word("refused name")));
        foreach (var signatures in new string[][] { [], ["sha256=00"], [FakeMeta.Sign(unsigned, "another")], [canaries.Word("refused signature")] })
            Assert.Equal(HttpStatusCode.Forbidden, await waba.PostAsync(unsigned, signatures));
        var broken = $"{{\"object\":\"whatsapp_business_account\",\"entry\":[{canaries.Word("refused broken body")}";
        Assert.Equal(HttpStatusCode.BadRequest, await waba.CallAsync(broken));
        foreach (var (token, status) in new[] { (FakeMeta.VerifyToken, HttpStatusCode.OK), (canaries.Word("refused guess"), HttpStatusCode.Forbidden) })
        {
            using var answer = await waba.Http.GetAsync($"{WabaDesk.Key}?hub.mode=subscribe&hub.challenge=1&hub.verify_token={token}");
            Assert.Equal(status, answer.StatusCode);
        }
        // Of the number itself, with an error that quotes everything; it is no message.
        var told = FakeMeta.Value(FakeMeta.Phone);
        told["errors"] = new JsonArray(new JsonObject { ["code"] = 131000, ["title"] = Quoting(FakeMeta.Token), ["error_data"] = new JsonObject { ["details"] = Quoting(FakeMeta.Token) } });
        Assert.Equal(HttpStatusCode.OK, await waba.CallAsync(FakeMeta.Call(told)));
        await waba.Desk.SettleAsync();
        var ticket = await waba.Desk.ReadAsync(db => db.Set<Ticket>().Select(t => t.Id).SingleAsync());
        await waba.Desk.SendAs(waba.Ana, new AcceptTicket(ticket));
        return ticket;
    }

    private async Task SentAsync(WabaDesk waba, Guid ticket, string customer)
    {
        var meta = waba.Meta;
        var page = new FakeAnswer(500, $"<html>{Quoting(FakeMeta.Token)}</html>") { ContentType = "text/html" };
        foreach (var answer in new[]
        {
            FakeMeta.Error(190, 401, Quoting(FakeMeta.Token)), FakeMeta.Error(130429, 429, Quoting(FakeMeta.Token), retryAfter: "2"), FakeMeta.Error(131056, 400, Quoting(FakeMeta.Token)),
            FakeMeta.Error(133006, 400, Quoting(FakeMeta.Token)), FakeMeta.Error(131009, 400, Quoting(FakeMeta.Token)), FakeMeta.Error(99999, 400, Quoting(FakeMeta.Token)),
            FakeMeta.Error(131008, 400, QuotingLate(FakeMeta.Token, 300)), FakeMeta.Error(99999, 500, Quoting(FakeMeta.Token)), page, page with { Status = 200 }, page with { Status = 401 }, page with { Status = 429 }, FakeAnswer.Drop,
        })
        {
            meta.Refuse("messages", answer);
            await waba.AnswerAsync(ticket, canaries.Word("outbound body"));
            await waba.Desk.PassAsync(AWhile);
        }
        // Taken, and refused afterwards.
        var late = await waba.AnswerAsync(ticket, canaries.Word("outbound body"));
        var failed = meta.Status(await waba.TakenAsync(late), "failed", 131009);
        failed["errors"]![0]!["error_data"]!["details"] = $"{customer} did not want '{canaries["customer's number"]}'";
        Assert.Equal(HttpStatusCode.OK, await waba.CallAsync(FakeMeta.Statuses(failed)));
        await waba.Desk.SettleAsync();
        Assert.Equal(MessageState.Failed, (await waba.MessageAsync(late)).State);
        meta.Refuse("marks", FakeMeta.Error(99999, 400, Quoting(FakeMeta.Token)), FakeAnswer.Drop);
        await waba.Desk.SendAs(waba.Ana, new SeeTicket(ticket));
        await waba.Desk.SendAs(waba.Ana, new ShowTyping(ticket, true));
        await waba.Desk.PassAsync(AWhile);
    }

    /// <summary>A file that can't be fetched.</summary>
    private async Task FetchedAsync(WabaDesk waba, string customer)
    {
        waba.Meta.Keeps("M9", "%PDF-1.4 x"u8.ToArray(), "application/pdf");
        waba.Meta.Refuse("file", FakeMeta.Error(190, 401, Quoting(FakeMeta.Token)), FakeMeta.Error(4, 429, Quoting(FakeMeta.Token)), FakeAnswer.Drop, FakeMeta.Error(1, 500, Quoting(FakeMeta.Token)));
        waba.Meta.Refuse("download", Enumerable.Range(0, 8).Select(_ => new FakeAnswer(500, Quoting(FakeMeta.Token))));
        Assert.Equal(HttpStatusCode.OK, await waba.CallAsync(waba.Meta.Brings(customer, "document",
            new JsonObject { ["id"] = "M9", ["mime_type"] = "application/pdf", ["filename"] = $"{canaries.Word("file name")}.pdf", ["caption"] = canaries.Word("caption") })));
        await UntilFailedAsync(waba.Desk, MediaState.Failed);
    }

    // ---- Telegram ----

    [Fact]
    public async Task Over_Telegram_no_secret_and_nothing_that_somebody_said_turns_up_where_operators_look()
    {
        using var watch = new Watch();
        KnowTelegram();
        await using var telegram = await TelegramDesk.OpenAsync(keepsSessions: true, clock: clock, before: t =>
        {
            t.LastWebhookError = Quoting(FakeTelegram.Token);
            t.Happens("message", "{}");
        });
        await telegram.StateAsync(ChannelState.Retrying);
        var ticket = await WrittenAsync(telegram);
        await SentAsync(telegram, ticket);
        await FetchedAsync(telegram);
        telegram.Telegram.Answer("getMe", FakeTelegram.Error(500, Quoting(FakeTelegram.Token)), FakeTelegram.Error(401, Quoting(FakeTelegram.Token)), new FakeAnswer(200, Quoting(FakeTelegram.Token)));
        for (var i = 0; i < 3; i++) NoSecretIn("'test now'", (await telegram.Desk.SendAs(telegram.Ana, new ProbeChannel(telegram.Channel))).Message);
        Assert.Superset(new HashSet<string> { "Sent", "Refused", "Later", "Unknown" }, await OutcomesAsync(telegram.Desk));
        await NobodyTellsAsync(telegram.Desk, watch, telegram.Ana, telegram.Channel, "inbound body", "name", "caption", "file name", "customer's number", "outbound body");
    }

    /// <summary>Sessions that end: their reasons are the provider's words, and they are logged.</summary>
    [Theory]
    [InlineData(TelegramMode.Webhook, "setWebhook", ChannelState.Stopped)]
    [InlineData(TelegramMode.Polling, "getUpdates", ChannelState.Retrying)]
    public async Task A_session_of_Telegram_that_ends_says_why_and_not_with_what(TelegramMode mode, string method, ChannelState state)
    {
        KnowTelegram();
        var words = FakeTelegram.Error(400, $"Bad Request: bad webhook: {FakeTelegram.Token} {TelegramDesk.Secret} {new string('x', 60)} {FakeTelegram.Token} {new string('x', 60)}");
        await using var telegram = await TelegramDesk.OpenAsync(mode, keepsSessions: true, clock: clock, before: t => t.Answer(method, mode == TelegramMode.Webhook ? words : new FakeAnswer(500, Quoting(FakeTelegram.Token))));
        await telegram.StateAsync(state);
        await telegram.Desk.RunJobAsync<WriteChannelLog>();
        Assert.Contains(telegram.Desk.Log, l => l.Contains(state == ChannelState.Stopped ? "stopped: O Telegram não aceita" : "was lost", StringComparison.Ordinal));
        canaries.NoneIn("the log", telegram.Desk.Log);
        await canaries.NoneInReasonsAsync(telegram.Desk);
        canaries.NoneIn("the card", [telegram.Live.Reason ?? ""]);
        await canaries.NoneInClearAsync(telegram.Desk, await Dump.OfAsync(telegram.Desk), IsSecret);
    }

    private void KnowTelegram()
    {
        (canaries["bot token"], canaries["webhook secret"]) = (FakeTelegram.Token, TelegramDesk.Secret);
        canaries["first half of the bot token"] = FakeTelegram.Token[..20];
    }

    /// <summary>What Telegram brings, through the door, and what strangers bring in its name.</summary>
    private async Task<Guid> WrittenAsync(TelegramDesk telegram)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton(telegram.Desk.Services.GetRequiredService<Webhooks>());
        await using var door = builder.Build();
        Webhooks.Map(door);
        await door.StartAsync();
        using var http = new HttpClient { BaseAddress = new Uri(door.Urls.Single()) };
        async Task<HttpStatusCode> PostAsync(string body, string? secret)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/hooks/telegram") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
            if (secret is not null) request.Headers.Add(TelegramAdapter.SecretHeader, secret);
            using var answer = await http.SendAsync(request);
            return answer.StatusCode;
        }
        Assert.Equal(HttpStatusCode.OK, await PostAsync(Update(new JsonObject { ["text"] = canaries.Word("inbound body") }, canaries.Word("name")), TelegramDesk.Secret));
        Assert.Equal(HttpStatusCode.OK, await PostAsync(Update(new JsonObject { ["contact"] = new JsonObject { ["phone_number"] = canaries.Number("customer's number"), ["first_name"] = "Maria", ["user_id"] = TelegramDesk.Maria } }), TelegramDesk.Secret));
        var refused = Update(new JsonObject { ["text"] = canaries.Word("refused body") }, canaries.Word("refused name"));
        foreach (var secret in new[] { null, "", canaries.Word("refused guess") }) Assert.Equal(HttpStatusCode.Forbidden, await PostAsync(refused, secret));
        Assert.Equal(HttpStatusCode.OK, await PostAsync($"{{\"update_id\":1,\"message\":{canaries.Word("refused broken body")}", TelegramDesk.Secret));
        Assert.Equal(HttpStatusCode.OK, await PostAsync($"[\"{canaries.Word("refused list")}\"]", TelegramDesk.Secret));
        return await telegram.ServedAsync();
    }

    private static int updates = 7000;

    private static string Update(JsonObject content, string? name = null)
    {
        var id = Interlocked.Increment(ref updates);
        var message = FakeTelegram.Message(TelegramDesk.Maria, id, content);
        if (name is not null) (message["from"]!["first_name"], message["chat"]!["first_name"]) = (name, name);
        return new JsonObject { ["update_id"] = id, ["message"] = message }.ToJsonString();
    }

    private async Task SentAsync(TelegramDesk telegram, Guid ticket)
    {
        var page = new FakeAnswer(500, $"<html>{Quoting(FakeTelegram.Token)}</html>") { ContentType = "text/html" };
        foreach (var answer in new[]
        {
            FakeTelegram.Error(401, Quoting(FakeTelegram.Token)), FakeTelegram.Error(429, Quoting(FakeTelegram.Token), new { retry_after = 2 }), FakeTelegram.Error(400, Quoting(FakeTelegram.Token)),
            FakeTelegram.Error(400, QuotingLate(FakeTelegram.Token, 175)), FakeTelegram.Error(403, Quoting(FakeTelegram.Token)), FakeTelegram.Error(500, Quoting(FakeTelegram.Token)),
            page, page with { Status = 200 }, page with { Status = 401 }, page with { Status = 429 }, page with { Status = 302 }, FakeAnswer.Drop,
        })
        {
            telegram.Telegram.Answer("sendMessage", answer);
            await telegram.AnswerAsync(ticket, canaries.Word("outbound body"));
            await telegram.Desk.PassAsync(AWhile);
        }
        telegram.Telegram.Answer("sendChatAction", FakeTelegram.Error(400, Quoting(FakeTelegram.Token)), FakeAnswer.Drop);
        await telegram.Desk.SendAs(telegram.Ana, new ShowTyping(ticket, true));
        await telegram.Telegram.CallAsync("sendChatAction");
        await telegram.Desk.PassAsync(AWhile);
    }

    /// <summary>A file that can't be fetched.</summary>
    private async Task FetchedAsync(TelegramDesk telegram)
    {
        telegram.Telegram.Keeps("F9", "%PDF-1.4 x"u8.ToArray());
        telegram.Telegram.Answer("getFile", FakeTelegram.Error(401, Quoting(FakeTelegram.Token)), FakeTelegram.Error(429, Quoting(FakeTelegram.Token)), FakeAnswer.Drop, FakeTelegram.Error(500, Quoting(FakeTelegram.Token)));
        telegram.Telegram.Answer("file", Enumerable.Range(0, 8).Select(_ => new FakeAnswer(500, Quoting(FakeTelegram.Token))));
        var document = new JsonObject { ["file_id"] = "F9", ["file_unique_id"] = "u9", ["file_name"] = $"{canaries.Word("file name")}.pdf", ["mime_type"] = "application/pdf", ["file_size"] = 10 };
        await telegram.BringAsync(Update(new JsonObject { ["document"] = document, ["caption"] = canaries.Word("caption") }));
        await UntilFailedAsync(telegram.Desk, MediaState.Failed);
    }
}
