using System.Text.Json.Nodes;
using Inforzap.Channels;
using Inforzap.Channels.Manage;
using Inforzap.Contracts.Channels;
using Inforzap.Http;
using Inforzap.Plugins.Telegram;
using Inforzap.Sdk;
using Inforzap.Tests.Support;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;

namespace Inforzap.Tests.Plugins;

/// <summary>What runs all the time: the poll, and the watch over the webhook.</summary>
public sealed class TelegramSessionTests
{
    private const long Maria = TelegramDesk.Maria;

    [Fact]
    public async Task A_poll_brings_what_waits_and_confirms_it_only_once_it_is_kept()
    {
        await using var it = await TelegramDesk.OpenAsync(TelegramMode.Polling, keepsSessions: true, before: t => t.Says(Maria, "antes de ligar"));
        await it.StateAsync(ChannelState.Connected);
        await it.Telegram.CallAsync("getUpdates", 2);
        it.Telegram.Says(Maria, "depois");
        await TelegramDesk.UntilAsync(() => it.Telegram.Pending == 0, "The updates were not confirmed.");
        await it.Desk.SettleAsync();
        Assert.Equal(["antes de ligar", "depois"], (await it.MessagesAsync()).Select(m => m.Body));
        Assert.Equal(["message", "edited_message", "callback_query", "message_reaction", "my_chat_member"], it.Telegram.Of("getUpdates")[0].Body["allowed_updates"]!.AsArray().Select(k => (string)k!));
        Assert.Equal(1, it.Telegram.MostPolls);
        var row = (await it.Desk.SendAs(it.Ana, new ListChannels())).Rows.Single();
        Assert.Equal(("@loja_bot", "https://t.me/loja_bot"), (row.Account, row.Link));
        Assert.DoesNotContain(it.Desk.Log, l => l.Contains(FakeTelegram.Token.Split(':')[1], StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_the_inbox_does_not_take_is_asked_for_again()
    {
        await using var telegram = await FakeTelegram.StartAsync();
        var (inbox, store) = (new FakeInbox { Fails = new InboxFullException() }, new FakeStore());
        telegram.Says(Maria, "um");
        using var safe = Safe(telegram);
        using var http = safe.Create();
        var adapter = new TelegramAdapter(http, inbox, new FakeMedia(), store, TimeProvider.System, NullLogger<TelegramAdapter>.Instance);
        var on = new ChannelRef(Guid.NewGuid(), "telegram", "Telegram", null, new TelegramSettings { BotToken = FakeTelegram.Token, BaseUrl = telegram.Server.Url.ToString() });
        await Assert.ThrowsAsync<InboxFullException>(() => adapter.RunAsync(on, new Deaf(), default));
        Assert.Empty(store.Values);
        Assert.Equal(1, telegram.Pending);
        inbox.Fails = null;
        using var stop = new CancellationTokenSource();
        var running = adapter.RunAsync(on, new Deaf(), stop.Token);
        await TelegramDesk.UntilAsync(() => telegram.Pending == 0, "The update was not confirmed.");
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        Assert.Equal("um", ((TextContent)((InboundMessage)Assert.Single(inbox.Events)).Content).Body);
        Assert.Equal("1002", Assert.Single(store.Values).Value);
    }

    [Fact]
    public async Task An_update_that_nobody_understands_spoils_no_other()
    {
        await using var it = await TelegramDesk.OpenAsync(TelegramMode.Polling, keepsSessions: true, before: t =>
        {
            t.Says(Maria, "um");
            t.Happens("message", """{"message_id":"x","chat":[],"date":-5}""");
            t.Happens("time_travel", "{}");
            t.Says(Maria, "dois");
        });
        await TelegramDesk.UntilAsync(() => it.Telegram.Pending == 0, "The updates were not confirmed.");
        await it.Desk.SettleAsync();
        Assert.Equal(["um", "dois"], (await it.MessagesAsync()).Select(m => m.Body));
    }

    [Fact]
    public async Task A_pressed_button_is_answered()
    {
        await using var it = await TelegramDesk.OpenAsync(TelegramMode.Polling, keepsSessions: true);
        it.Telegram.Answer("answerCallbackQuery", FakeTelegram.Error(400, "Bad Request: query is too old and response timeout expired or query ID is invalid"));
        for (var i = 0; i < 2; i++)
            it.Telegram.Happens("callback_query", $$$"""{"id":"43{{{i}}}","from":{"id":777001,"is_bot":false,"first_name":"Maria"},"message":{"message_id":58,"chat":{"id":777001,"type":"private"},"date":1770000100},"chat_instance":"-99","data":"opt:1"}""");
        await it.Telegram.CallAsync("answerCallbackQuery", 2);
        Assert.Equal(["430", "431"], it.Telegram.Of("answerCallbackQuery").Select(c => (string)c.Body["callback_query_id"]!));
        await it.StateAsync(ChannelState.Connected);
    }

    [Fact]
    public async Task A_second_reader_is_named_and_the_poll_goes_on_when_it_is_gone()
    {
        await using var it = await TelegramDesk.OpenAsync(TelegramMode.Polling, keepsSessions: true, before: t =>
            t.Answer("getUpdates", FakeTelegram.Error(409, "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running")));
        await it.StateAsync(ChannelState.Retrying);
        Assert.Contains("Outro programa", it.Live.Reason, StringComparison.Ordinal);
        await it.StateAsync(ChannelState.Connected);
    }

    [Theory]
    [InlineData(500, "Internal Server Error")]
    [InlineData(429, "Too Many Requests: retry after 1")]
    public async Task Trouble_at_Telegram_passes(int code, string description)
    {
        await using var it = await TelegramDesk.OpenAsync(TelegramMode.Polling, keepsSessions: true, before: t =>
            t.Answer("getUpdates", FakeTelegram.Error(code, description, code == 429 ? new { retry_after = 1 } : null), FakeAnswer.Drop));
        await it.StateAsync(ChannelState.Retrying);
        it.Telegram.Says(Maria, "ainda aí?");
        await TelegramDesk.UntilAsync(() => it.Telegram.Pending == 0, "The update was not fetched.");
        await it.StateAsync(ChannelState.Connected);
    }

    [Fact]
    public async Task Another_program_that_really_reads_the_updates_is_named_and_nothing_is_lost()
    {
        await using var it = await TelegramDesk.OpenAsync(TelegramMode.Polling, keepsSessions: true);
        await it.Telegram.CallAsync("getUpdates", 2);
        using var stranger = new HttpClient { BaseAddress = it.Telegram.Server.Url };
        using var theirs = await stranger.PostAsync($"/bot{FakeTelegram.Token}/getUpdates", new StringContent("""{"timeout":0}"""));
        await it.StateAsync(ChannelState.Retrying);
        Assert.Contains("Outro programa", it.Live.Reason, StringComparison.Ordinal);
        it.Telegram.Says(Maria, "ainda aí?");
        await TelegramDesk.UntilAsync(() => it.Telegram.Pending == 0, "The update was not fetched.");
        await it.Desk.SettleAsync();
        Assert.Equal("ainda aí?", Assert.Single(await it.MessagesAsync()).Body);
        await it.StateAsync(ChannelState.Connected);
    }

    [Theory]
    [InlineData("Conflict: terminated by other getUpdates request; make sure that only one bot instance is running", false, "Outro programa")]
    [InlineData("Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first", true, "Outro sistema")]
    [InlineData("Conflict: terminated by setWebhook request", true, "Outro sistema")]
    public async Task A_conflict_is_over_when_the_other_reader_goes_and_a_webhook_stays(string description, bool isFinal, string words)
    {
        var end = await EndAsync(FakeTelegram.Error(409, description));
        Assert.Equal(isFinal, end.IsFinal);
        Assert.Contains(words, end.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("with a time", 17)]
    [InlineData("without a time", 30)]
    [InlineData("with a year", 3600)]
    [InlineData("of a proxy", 30)]
    public async Task A_poll_that_is_asked_to_wait_ends_until_then(string what, int seconds)
    {
        var end = await EndAsync(what switch
        {
            "with a time" => FakeTelegram.Error(429, "Too Many Requests: retry after 17", new { retry_after = 17 }),
            "without a time" => FakeTelegram.Error(429, "Too Many Requests"),
            "with a year" => FakeTelegram.Error(429, "Too Many Requests: retry after 31536000", new { retry_after = 31_536_000 }),
            _ => new FakeAnswer(429, "<html>slow down</html>") { ContentType = "text/html" },
        });
        Assert.Equal((false, TimeSpan.FromSeconds(seconds)), (end.IsFinal, end.After));
    }

    /// <summary>How a session ends whose poll gets this.</summary>
    private static async Task<SessionEndedException> EndAsync(FakeAnswer answer)
    {
        await using var telegram = await FakeTelegram.StartAsync();
        telegram.Answer("getUpdates", answer);
        using var safe = Safe(telegram);
        using var http = safe.Create();
        var adapter = new TelegramAdapter(http, new FakeInbox(), new FakeMedia(), new FakeStore(), TimeProvider.System, NullLogger<TelegramAdapter>.Instance);
        var on = new ChannelRef(Guid.NewGuid(), "telegram", "Telegram", null, new TelegramSettings { BotToken = FakeTelegram.Token, BaseUrl = telegram.Server.Url.ToString() });
        var end = await Assert.ThrowsAsync<SessionEndedException>(() => adapter.RunAsync(on, new Deaf(), default));
        // It asks once and leaves the rest to the host.
        Assert.Single(telegram.Of("getUpdates"));
        return end;
    }

    [Fact]
    public async Task A_token_that_was_taken_back_stops_the_channel_until_somebody_gives_another()
    {
        await using var it = await TelegramDesk.OpenAsync(TelegramMode.Polling, keepsSessions: true, before: t => t.IsRevoked = true);
        await it.StateAsync(ChannelState.Stopped);
        Assert.Contains("@BotFather", it.Live.Reason, StringComparison.Ordinal);
        var asked = it.Telegram.Server.Requests.Count;
        await Task.Delay(1500);
        Assert.Equal(asked, it.Telegram.Server.Requests.Count);
        it.Telegram.IsRevoked = false;
        await SaveAsync(it, TelegramMode.Polling);
        await it.StateAsync(ChannelState.Connected);
    }

    [Fact]
    public async Task Switched_off_deleted_or_changed_the_poll_ends_at_once()
    {
        await using var it = await TelegramDesk.OpenAsync(TelegramMode.Polling, keepsSessions: true);
        await it.Telegram.CallAsync("getUpdates", 2);
        await it.Desk.SendAs(it.Ana, new SwitchChannel(it.Channel, false));
        await TelegramDesk.UntilAsync(() => it.Telegram.Polls == 0, "It still polls.");
        await it.Desk.SendAs(it.Ana, new SwitchChannel(it.Channel, true));
        await TelegramDesk.UntilAsync(() => it.Telegram.Polls == 1, "It does not poll again.");
        await SaveAsync(it, TelegramMode.Webhook);
        await TelegramDesk.UntilAsync(() => it.Telegram.Polls == 0 && it.Telegram.WebhookUrl.Length > 0, "It still polls.");
        await SaveAsync(it, TelegramMode.Polling);
        await TelegramDesk.UntilAsync(() => it.Telegram.Polls == 1 && it.Telegram.WebhookUrl.Length == 0, "It does not poll again.");
        await it.Desk.SendAs(it.Ana, new DeleteChannel(it.Channel));
        await TelegramDesk.UntilAsync(() => it.Telegram.Polls == 0, "It still polls.");
        Assert.Equal(1, it.Telegram.MostPolls);
    }

    [Fact]
    public async Task A_webhook_is_set_once_and_taken_away_when_the_channel_is_switched_off()
    {
        await using var it = await TelegramDesk.OpenAsync(keepsSessions: true);
        await it.StateAsync(ChannelState.Connected);
        var set = Assert.Single(it.Telegram.Of("setWebhook")).Body;
        Assert.Equal(("https://desk.example/hooks/telegram", TelegramDesk.Secret), ((string?)set["url"], (string?)set["secret_token"]));
        Assert.Contains("message_reaction", set["allowed_updates"]!.AsArray().Select(k => (string)k!));
        Assert.Null(set["drop_pending_updates"]);
        // Another start finds everything as it left it.
        await RunAgainAsync(it);
        Assert.Single(it.Telegram.Of("setWebhook"));
        await it.Desk.SendAs(it.Ana, new SwitchChannel(it.Channel, false));
        await it.Telegram.CallAsync("deleteWebhook");
        Assert.Equal("", it.Telegram.WebhookUrl);
        await it.Desk.SendAs(it.Ana, new SwitchChannel(it.Channel, true));
        await it.Telegram.CallAsync("setWebhook", 2);
    }

    [Fact]
    public async Task Without_https_there_is_no_webhook_and_the_channel_says_so()
    {
        await using var it = await TelegramDesk.OpenAsync(keepsSessions: true, publicUrl: "http://desk.example", before: t => t.WebhookUrl = "https://before.example/hooks/telegram");
        await it.StateAsync(ChannelState.Stopped);
        Assert.Contains("https", it.Live.Reason, StringComparison.Ordinal);
        Assert.Empty(it.Telegram.Of("setWebhook"));
        Assert.Single(it.Telegram.Of("deleteWebhook"));
    }

    [Fact]
    public async Task A_webhook_that_Telegram_can_not_reach_is_seen()
    {
        await using var it = await TelegramDesk.OpenAsync(keepsSessions: true, before: t =>
        {
            t.LastWebhookError = "Connection refused";
            t.Says(Maria, "espera");
        });
        await it.StateAsync(ChannelState.Retrying);
        Assert.Contains("Connection refused", it.Live.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_webhook_of_another_system_is_not_fought_over()
    {
        await using var it = await TelegramDesk.OpenAsync(TelegramMode.Polling, keepsSessions: true);
        await it.Telegram.CallAsync("getUpdates", 2);
        it.Telegram.WebhookUrl = "https://other.example/hook";
        it.Telegram.Says(Maria, "acorda a busca");
        await it.StateAsync(ChannelState.Stopped);
        Assert.Contains("Outro sistema", it.Live.Reason, StringComparison.Ordinal);
        Assert.Equal("https://other.example/hook", it.Telegram.WebhookUrl);
    }

    private static SafeHttp Safe(FakeTelegram telegram) => new(new ConfigurationBuilder().AddInMemoryCollection([new("Http:Allow:0", telegram.Server.Url.Authority)]).Build());

    /// <summary>As another node does that takes over.</summary>
    private static async Task RunAgainAsync(TelegramDesk it)
    {
        using var stop = new CancellationTokenSource();
        var report = new Deaf();
        var running = ((ISession)it.Live.Driver!.Adapter).RunAsync(it.Live.On(new Uri("https://desk.example")), report, stop.Token);
        await TelegramDesk.UntilAsync(() => report.IsConnected, "It did not come up again.");
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    private static async Task SaveAsync(TelegramDesk it, TelegramMode mode)
    {
        var form = await it.Desk.SendAs(it.Ana, new ReadChannelForm(it.Channel));
        var values = form.Values.ToDictionary();
        values[nameof(TelegramSettings.Mode)] = mode.ToString();
        await it.Desk.SendAs(it.Ana, new SaveChannel(it.Channel, "telegram", "telegram", "Telegram", null, values, form.Version));
    }

    private sealed class Deaf : ISessionReport
    {
        public bool IsConnected { get; private set; }
        public void Connecting() { }
        public void NeedsPairing(string code, DateTime? until = null) { }
        public void Connected(SessionAccount? account = null) => IsConnected = true;
        public void Retrying(string reason) { }
    }
}
