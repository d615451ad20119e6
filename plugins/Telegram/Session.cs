using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Inforzap.Sdk;
using Microsoft.Extensions.Logging;
using Telegram.Bot;
using Telegram.Bot.Exceptions;
using Telegram.Bot.Requests;
using Telegram.Bot.Types;
using Telegram.Bot.Types.Enums;

namespace Inforzap.Plugins.Telegram;

/// <summary>
/// What runs all the time for a bot: the poll for updates, or the watch over the webhook. It repeats nothing: whatever goes
/// wrong ends it, and the host starts it again.
/// </summary>
internal sealed class Session(HttpClient http, IInbox inbox, IPluginStore store, TimeProvider clock, ILogger log)
{
    private const int PollSeconds = 50;
    private static readonly TimeSpan WatchPeriod = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(10);

    /// <exception cref="SessionEndedException">It can't go on, with the reason for people.</exception>
    public async Task RunAsync(ChannelRef on, ISessionReport report, CancellationToken ct)
    {
        try
        {
            var bot = Bot.Of(on.Settings<TelegramSettings>(), http);
            var me = await bot.SendRequest(new GetMeRequest(), ct);
            var account = new SessionAccount(me.Username is { } name ? $"@{name}" : me.FirstName, me.Username is null ? null : new Uri($"https://t.me/{me.Username}"));
            if (on.Settings<TelegramSettings>().Mode == TelegramMode.Webhook) await WatchAsync(on, bot, account, report, ct);
            else await PollAsync(on, bot, account, report, ct);
        }
        catch (Exception e) when (e is RequestException or BadTokenException && !ct.IsCancellationRequested)
        {
            throw EndOf(e);
        }
    }

    /// <summary>Takes the webhook away, if it is ours. Who polls left nothing behind.</summary>
    public async Task LeaveAsync(ChannelRef on, CancellationToken ct)
    {
        if (on.Settings<TelegramSettings>().Mode != TelegramMode.Webhook) return;
        var bot = Bot.Of(on.Settings<TelegramSettings>(), http);
        if ((await bot.SendRequest(new GetWebhookInfoRequest(), ct)).Url == Address(on)) await bot.SendRequest(new DeleteWebhookRequest(), ct);
        await store.SetAsync(WebhookKey(on), null, ct);
    }

    private static string? Address(ChannelRef on) => on.PublicUrl is { Scheme: "https" } url ? $"{url.AbsoluteUri.TrimEnd('/')}/hooks/{on.Key}" : null;

    // ---- Webhook ----

    private async Task WatchAsync(ChannelRef on, TelegramBotClient bot, SessionAccount account, ISessionReport report, CancellationToken ct)
    {
        var secret = on.Settings<TelegramSettings>().WebhookSecret?.Trim() ?? "";
        if (Address(on) is not { } address)
        {
            if ((await bot.SendRequest(new GetWebhookInfoRequest(), ct)).Url is { Length: > 0 } left && left.EndsWith($"/hooks/{on.Key}", StringComparison.Ordinal))
                await bot.SendRequest(new DeleteWebhookRequest(), ct);
            throw Final("Para receber por webhook, o sistema precisa de um endereço público com https. Sem ele, mude para Polling.");
        }
        if (!Bot.IsSecret(secret)) throw Final("O segredo do webhook só pode ter letras sem acento, números, _ e -.");
        await SetAsync(on, bot, address, secret, ct);
        while (true)
        {
            var info = await bot.SendRequest(new GetWebhookInfoRequest(), ct);
            if (info.Url != address) throw Final("Outro sistema tomou o webhook deste bot. Um bot só pode ter um: use outro bot, ou desligue lá e salve este canal de novo.");
            // An error stays on Telegram's books after it is over; while something waits it is not.
            if (info.PendingUpdateCount > 0 && info.LastErrorDate is { } at && clock.GetUtcNow().UtcDateTime - at < Fresh)
                report.Retrying($"O Telegram não consegue entregar as mensagens: {Cut(info.LastErrorMessage ?? "sem motivo")}");
            else report.Connected(account);
            await Task.Delay(WatchPeriod, clock, ct);
        }
    }

    /// <summary>Telegram does not tell the secret, so what was set last is kept here; without a change nothing is set again.</summary>
    private async Task SetAsync(ChannelRef on, TelegramBotClient bot, string address, string secret, CancellationToken ct)
    {
        var mark = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{bot.BotId} {address} {secret} {string.Join(',', Updates.Wanted)}")));
        var info = await bot.SendRequest(new GetWebhookInfoRequest(), ct);
        if (info.Url == address && info.AllowedUpdates?.ToHashSet().SetEquals(Updates.Wanted) == true && await store.GetAsync(WebhookKey(on), ct) == mark) return;
        await bot.SendRequest(new SetWebhookRequest { Url = address, SecretToken = secret, AllowedUpdates = Updates.Wanted, MaxConnections = 40 }, ct);
        await store.SetAsync(WebhookKey(on), mark, ct);
        log.LogInformation("Channel {Channel}: the webhook is set", on.Key);
    }

    private static string WebhookKey(ChannelRef on) => $"webhook/{on.Id:N}";

    // ---- Polling ----

    private async Task PollAsync(ChannelRef on, TelegramBotClient bot, SessionAccount account, ISessionReport report, CancellationToken ct)
    {
        if ((await bot.SendRequest(new GetWebhookInfoRequest(), ct)).Url is { Length: > 0 }) await bot.SendRequest(new DeleteWebhookRequest(), ct);
        var key = $"offset/{on.Id:N}/{bot.BotId}";
        var offset = int.TryParse(await store.GetAsync(key, ct), NumberStyles.Integer, CultureInfo.InvariantCulture, out var kept) ? kept : 0;
        var updates = new Updates(on.Id, bot.BotId, on.Settings<TelegramSettings>().AllowGroups);
        // The first one does not wait: it shows whether we may ask at all.
        for (var wait = 0; ; wait = PollSeconds)
        {
            var news = await bot.SendRequest(new RawUpdatesRequest { Offset = offset, Timeout = wait, Limit = 100, AllowedUpdates = Updates.Wanted }, ct);
            report.Connected(account);
            if (news.Length == 0) continue;
            var read = news.Select(n => updates.Read(Encoding.UTF8.GetBytes(n.GetRawText()))).ToList();
            if (read.Any(r => r.Id is null)) log.LogWarning("Channel {Channel}: {Count} updates could not be read and were passed over.", on.Key, read.Count(r => r.Id is null));
            if (read.Select(r => r.Id).Max() is not { } last) throw new SessionEndedException("O Telegram mandou algo que não se entende.");
            // Only what is in the database is confirmed: asking with the next offset makes Telegram forget the others.
            await inbox.DeliverAsync([.. read.Select(r => r.Happened).OfType<InboundEvent>()], ct);
            offset = last + 1;
            await store.SetAsync(key, offset.ToString(CultureInfo.InvariantCulture), ct);
            foreach (var query in read.Select(r => r.Query).OfType<string>()) await AnswerAsync(on, bot, query, ct);
        }
    }

    /// <summary>Whoever pressed a button sees a clock until then. Too late is no harm.</summary>
    private async Task AnswerAsync(ChannelRef on, TelegramBotClient bot, string query, CancellationToken ct)
    {
        try
        {
            await bot.SendRequest(new AnswerCallbackQueryRequest { CallbackQueryId = query }, ct);
        }
        catch (RequestException e) when (!ct.IsCancellationRequested)
        {
            log.LogInformation("Channel {Channel}: a pressed button was not answered: {Exception}", on.Key, e.GetType().Name);
        }
    }

    // ---- Ends ----

    private static SessionEndedException EndOf(Exception e) => e switch
    {
        BadTokenException => Final(e.Message),
        ApiRequestException { ErrorCode: 401 or 404 } => Final(Failures.TokenRefused),
        // Our own webhook is gone before we poll, so this one is somebody else's, and newer.
        ApiRequestException { ErrorCode: 409 } taken when taken.Message.Contains("webhook", StringComparison.OrdinalIgnoreCase) =>
            Final("Outro sistema registrou um webhook neste bot. Um bot só pode ter um leitor: use outro bot, ou desligue lá e salve este canal de novo."),
        ApiRequestException { ErrorCode: 409 } => new SessionEndedException("Outro programa está lendo as mensagens deste bot. Um bot só pode ter um leitor."),
        ApiRequestException { ErrorCode: 429 } busy => new SessionEndedException(Failures.AskedToWait) { After = Failures.PauseOf(busy) },
        ApiRequestException { ErrorCode: 400 } no when no.Message.Contains("webhook", StringComparison.OrdinalIgnoreCase) => Final($"O Telegram não aceita o endereço do webhook: {Cut(no.Message)}"),
        ApiRequestException trouble => new SessionEndedException($"O Telegram respondeu com erro {trouble.ErrorCode}."),
        RequestException { HttpStatusCode: System.Net.HttpStatusCode.TooManyRequests } => new SessionEndedException(Failures.AskedToWait) { After = Failures.Pause },
        RequestException { HttpStatusCode: { } status } => new SessionEndedException($"O Telegram deu uma resposta que não se entende (HTTP {(int)status})."),
        _ => new SessionEndedException("Sem conexão com o Telegram."),
    };

    private static SessionEndedException Final(string reason) => new(reason) { IsFinal = true };

    private static string Cut(string text) => text.Length > 200 ? text[..200] : text;

    /// <summary>Updates one by one as they came: one that is too new for our library must not spoil the others.</summary>
    private sealed class RawUpdatesRequest() : RequestBase<JsonElement[]>("getUpdates")
    {
        public int Offset { get; init; }
        public int Limit { get; init; }
        public int Timeout { get; init; }
        public IEnumerable<UpdateType> AllowedUpdates { get; init; } = [];
    }
}
