using System.Net;
using System.Text;
using System.Text.Json;
using Inforzap.Channels;
using Inforzap.Channels.In;
using Inforzap.Contracts.Channels;
using Inforzap.Lanes;
using Inforzap.Plugins.Telegram;
using Inforzap.Sdk;
using Inforzap.Tests.Support;
using Inforzap.Tickets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace Inforzap.Tests.Plugins;

/// <summary>The real door, <c>/hooks/…</c> on a socket: who may speak for Telegram, and what Telegram gets for an answer.</summary>
public sealed class TelegramDoorTests(TelegramDoorTests.Door door) : IClassFixture<TelegramDoorTests.Door>
{
    private const string Other = "outra-loja";
    private const string OtherSecret = "segredo-da-outra-loja";
    private const string Polled = "so-busca";

    /// <summary>One door for all of them; each brings somebody of its own.</summary>
    public sealed class Door : IAsyncLifetime
    {
        private WebApplication app = null!;
        private int people = 777_100;

        internal TelegramDesk Desk { get; private set; } = null!;

        internal HttpClient Http { get; private set; } = null!;

        internal long NewPerson() => Interlocked.Increment(ref people);

        public async ValueTask InitializeAsync()
        {
            Desk = await TelegramDesk.OpenAsync();
            await AnotherAsync(Other, TelegramMode.Webhook, OtherSecret, "987654321");
            await AnotherAsync(Polled, TelegramMode.Polling, TelegramDesk.Secret, "987654322");
            await Desk.Desk.Services.GetRequiredService<ChannelDirectory>().LoadAsync();
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            builder.Services.AddSingleton(Desk.Desk.Services.GetRequiredService<Webhooks>());
            app = builder.Build();
            Webhooks.Map(app);
            await app.StartAsync();
            Http = new HttpClient { BaseAddress = new Uri(app.Urls.Single() + "/hooks/") };
        }

        private async Task AnotherAsync(string key, TelegramMode mode, string secret, string bot) =>
            await Desk.Desk.SendAsSystem(new EnsureChannel(key, "telegram", key, await Desk.Desk.QueueAsync(key), new Dictionary<string, string>
            {
                [nameof(TelegramSettings.BotToken)] = $"{bot}:{FakeTelegram.Token.Split(':')[1]}",
                [nameof(TelegramSettings.BaseUrl)] = Desk.Telegram.Server.Url.ToString(),
                [nameof(TelegramSettings.Mode)] = mode.ToString(),
                [nameof(TelegramSettings.WebhookSecret)] = secret,
            }));

        public async ValueTask DisposeAsync()
        {
            Assert.DoesNotContain(Desk.Desk.Log, l => l.Contains(TelegramDesk.Secret, StringComparison.Ordinal) || l.Contains(FakeTelegram.Token.Split(':')[1], StringComparison.Ordinal));
            Http.Dispose();
            await app.DisposeAsync();
            await Desk.DisposeAsync();
        }
    }

    private readonly TelegramDesk it = door.Desk;
    private readonly long maria = door.NewPerson();

    private async Task<HttpResponseMessage> CallAsync(string body, IEnumerable<string> secrets, string key = "telegram", string header = TelegramAdapter.SecretHeader, string method = "POST")
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), key);
        if (method != "GET") request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        foreach (var secret in secrets) request.Headers.TryAddWithoutValidation(header, secret);
        return await door.Http.SendAsync(request);
    }

    private async Task<HttpStatusCode> StatusAsync(string body, IEnumerable<string> secrets, string key = "telegram", string header = TelegramAdapter.SecretHeader, string method = "POST")
    {
        using var answer = await CallAsync(body, secrets, key, header, method);
        Assert.Contains("nosniff", answer.Headers.GetValues("X-Content-Type-Options"));
        return answer.StatusCode;
    }

    private Task<int> EventsAsync() => it.Desk.ReadAsync(db => db.Set<LaneItem>().CountAsync(i => i.Lane.StartsWith("in/") && i.Lane.EndsWith($"{maria}")));

    private async Task<List<Message>> MessagesAsync()
    {
        await it.Desk.SettleAsync();
        return await it.Desk.ReadAsync(db => (from m in db.Set<Message>().AsNoTracking()
                                              join t in db.Set<Ticket>() on m.TicketId equals t.Id
                                              where t.AddressValue == $"{maria}"
                                              orderby m.Seq
                                              select m).ToListAsync());
    }

    public static TheoryData<string> Forgeries => ["missing", "empty", "wrong", "in another case", "too short", "two headers", "two in one", "of another channel", "of another channel, and ours", "under another name", "in the address"];

    [Theory, MemberData(nameof(Forgeries))]
    public async Task Whoever_does_not_have_the_secret_is_refused_and_nothing_is_kept(string what)
    {
        var update = it.Telegram.Says(maria, "Olá");
        Assert.Equal(HttpStatusCode.Forbidden, await (what switch
        {
            "missing" => StatusAsync(update, []),
            "empty" => StatusAsync(update, [""]),
            "wrong" => StatusAsync(update, ["outro-segredo-qualquer"]),
            "in another case" => StatusAsync(update, [TelegramDesk.Secret.ToUpperInvariant()]),
            "too short" => StatusAsync(update, [TelegramDesk.Secret[..^1]]),
            "two headers" => StatusAsync(update, [TelegramDesk.Secret, TelegramDesk.Secret]),
            "two in one" => StatusAsync(update, [$"{TelegramDesk.Secret},{TelegramDesk.Secret}"]),
            "of another channel" => StatusAsync(update, [OtherSecret]),
            "of another channel, and ours" => StatusAsync(update, [OtherSecret, TelegramDesk.Secret]),
            "under another name" => StatusAsync(update, [TelegramDesk.Secret], header: "X-Telegram-Bot-Api-Secret"),
            _ => StatusAsync(update, [], key: $"telegram?secret_token={TelegramDesk.Secret}"),
        }));
        Assert.Equal(0, await EventsAsync());
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(update, [TelegramDesk.Secret]));
        Assert.Equal("Olá", Assert.Single(await MessagesAsync()).Body);
    }

    [Fact]
    public async Task A_secret_opens_its_own_channel_and_no_other()
    {
        var update = it.Telegram.Says(maria, "para a outra loja");
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(update, [TelegramDesk.Secret], Other));
        // As a proxy writes names of headers.
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(update, [OtherSecret], Other, TelegramAdapter.SecretHeader.ToLowerInvariant()));
        var message = Assert.Single(await MessagesAsync());
        Assert.NotEqual(it.Channel, message.ChannelId);
        Assert.StartsWith("987654321/", message.ProviderId, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_update_that_comes_again_is_answered_and_changes_nothing_however_many_at_once()
    {
        var update = it.Telegram.Says(maria, "só uma vez");
        Assert.All(await Task.WhenAll(Enumerable.Range(0, 24).Select(_ => StatusAsync(update, [TelegramDesk.Secret]))), status => Assert.Equal(HttpStatusCode.OK, status));
        Assert.Equal("só uma vez", Assert.Single(await MessagesAsync()).Body);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(update, [TelegramDesk.Secret]));
        Assert.Single(await MessagesAsync());
    }

    [Fact]
    public async Task A_pressed_button_is_answered_in_the_reply_each_time_and_counts_once()
    {
        var update = it.Telegram.Happens("callback_query", $$$"""
            {"id":"9{{{maria}}}","from":{"id":{{{maria}}},"is_bot":false,"first_name":"Maria"},"message":{"message_id":58,"chat":{"id":{{{maria}}},"type":"private"},"date":1770000100},"chat_instance":"-99","data":"opt:1"}
            """);
        for (var i = 0; i < 2; i++)
        {
            using var answer = await CallAsync(update, [TelegramDesk.Secret]);
            Assert.Equal((HttpStatusCode.OK, "application/json"), (answer.StatusCode, answer.Content.Headers.ContentType!.MediaType));
            var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
            Assert.Equal(("answerCallbackQuery", $"9{maria}"), (json.GetProperty("method").GetString(), json.GetProperty("callback_query_id").GetString()));
        }
        Assert.Equal(MessageKind.Choice, Assert.Single(await MessagesAsync()).Kind);
        // Without the secret nobody learns that there was a button.
        using var refused = await CallAsync(update, []);
        Assert.Equal((HttpStatusCode.Forbidden, ""), (refused.StatusCode, await refused.Content.ReadAsStringAsync()));
    }

    [Fact]
    public async Task An_update_that_nobody_understands_is_taken_and_holds_up_no_other()
    {
        foreach (var body in new[] { "", "{", "[]", """{"update_id":7,"time_travel":{}}""", """{"update_id":8,"message":{"message_id":"x"}}""" })
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(body, [TelegramDesk.Secret]));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(it.Telegram.Says(maria, "depois"), [TelegramDesk.Secret]));
        Assert.Equal("depois", Assert.Single(await MessagesAsync()).Body);
    }

    [Fact]
    public async Task A_channel_that_polls_and_a_method_that_is_not_Telegrams_have_no_door()
    {
        var update = it.Telegram.Says(maria, "Olá");
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(update, [TelegramDesk.Secret], Polled));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(update, [TelegramDesk.Secret], "nobody"));
        foreach (var method in new[] { "GET", "PUT", "DELETE" }) Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(update, [TelegramDesk.Secret], method: method));
        Assert.Equal(0, await EventsAsync());
    }
}
