using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Inforzap.Sdk;
using Microsoft.Extensions.Logging;

namespace Inforzap.Plugins.Waba;

/// <summary>Drives one number of the WhatsApp Business Platform.</summary>
public sealed class WabaAdapter : IChannelAdapter, IWebhook, IAbilities, IProbe, IProviderSetUp, IPresence, IMediaSource, IPaced, IReplyWindow, ISession, IReactions, ITemplates
{
    /// <summary>The header with the signature of the raw body.</summary>
    public const string SignatureHeader = "X-Hub-Signature-256";

    private const string Prefix = "sha256=";

    private readonly HttpClient http;
    private readonly IInbox inbox;
    private readonly IMediaReader media;
    private readonly IOwnChannels own;
    private readonly IChannelDiary diary;
    private readonly TimeProvider clock;
    private readonly ILogger<WabaAdapter> log;
    private readonly Reading reading;
    private volatile string? stranger;

    /// <summary>Made once per channel.</summary>
    public WabaAdapter(HttpClient http, IInbox inbox, IMediaReader media, IOwnChannels own, IChannelDiary diary, TimeProvider clock, ILogger<WabaAdapter> log)
    {
        (this.http, this.inbox, this.media, this.own, this.diary, this.clock, this.log) = (http, inbox, media, own, diary, clock, log);
        reading = new Reading(clock);
        // The host bounds each call; an upload of a large file takes most of a minute.
        http.Timeout = TimeSpan.FromSeconds(55);
    }

    /// <inheritdoc/>
    public Can Can => Can.Media | Can.Quote | Can.Receipts | Can.Typing | Can.Places | Can.Cards | Can.Offers | Can.Stickers;

    /// <inheritdoc/>
    public long MaxMediaBytes => FileForm.Most;

    /// <summary>With a template, which is what the composer offers outside of the window.</summary>
    public bool? CanStart => true;

    /// <summary>Longer than a weekend.</summary>
    public TimeSpan? UsualSilence => TimeSpan.FromHours(60);

    /// <summary>24 hours, and a minute for the way.</summary>
    public TimeSpan ReplyWindow => TimeSpan.FromHours(24) - TimeSpan.FromMinutes(1);

    /// <summary>One person gets one message in six seconds, and 45 at once when they got none before.</summary>
    public SendPace PaceOf(ChannelRef on) => new(on.Settings<WabaSettings>().PerSecond, TimeSpan.FromSeconds(6), 45);

    /// <inheritdoc/>
    public IReadOnlyList<SetUpValue> SetUpValues(ChannelRef on) =>
        on.Settings<WabaSettings>().VerifyToken is { Length: > 0 } token ? [new("Token de verificação (Verify token)", token)] : [];

    /// <inheritdoc/>
    public Task<SendResult> SendAsync(ChannelRef on, OutboundMessage message, CancellationToken ct) => GuardedAsync(async () =>
    {
        var result = await new Sending(GraphOf(on), media, message).SendAsync(ct);
        reading.Wrote(message.To);
        return result;
    }, ct);

    /// <inheritdoc/>
    public Task<SendResult> ReactAsync(ChannelRef on, KnownMessage message, string? emoji, CancellationToken ct) => GuardedAsync(() => Sending.ReactAsync(GraphOf(on), message, emoji, ct), ct);

    /// <inheritdoc/>
    public Task<IReadOnlyList<MessageTemplate>> ListAsync(ChannelRef on, CancellationToken ct) => OfTemplatesAsync(() => new Templates(GraphOf(on)).ListAsync(ct), ct);

    /// <inheritdoc/>
    public Task CreateAsync(ChannelRef on, MessageTemplate template, CancellationToken ct) => OfTemplatesAsync(async () =>
    {
        await new Templates(GraphOf(on)).CreateAsync(template, ct);
        return true;
    }, ct);

    /// <inheritdoc/>
    public Task DeleteAsync(ChannelRef on, MessageTemplate template, CancellationToken ct) => OfTemplatesAsync(async () =>
    {
        await new Templates(GraphOf(on)).DeleteAsync(template, ct);
        return true;
    }, ct);

    private static async Task<T> OfTemplatesAsync<T>(Func<Task<T>> ask, CancellationToken ct)
    {
        try
        {
            return await ask();
        }
        catch (Exception e) when (e is HttpRequestException || (e is TaskCanceledException && !ct.IsCancellationRequested))
        {
            throw new TemplateException("Sem resposta da Meta. Tente de novo em instantes.", e);
        }
    }

    /// <summary>A connection that fails, in words.</summary>
    private static async Task<SendResult> GuardedAsync(Func<Task<SendResult>> send, CancellationToken ct)
    {
        try
        {
            return await send();
        }
        catch (HttpRequestException e) when (e.HttpRequestError is HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError)
        {
            // There was no connection yet, so nothing can have left.
            return SendResult.Later(TimeSpan.FromSeconds(10), "Sem conexão com a Meta; a mensagem espera.");
        }
        catch (HttpRequestException)
        {
            return SendResult.Unknown("A conexão com a Meta caiu durante o envio; a mensagem pode ter sido entregue.");
        }
        catch (TaskCanceledException) when (!ct.IsCancellationRequested)
        {
            return SendResult.Unknown("A Meta não respondeu a tempo; a mensagem pode ter sido entregue.");
        }
    }

    /// <inheritdoc/>
    public async Task<WebhookReply> ReceiveAsync(ChannelRef on, WebhookRequest request, CancellationToken ct)
    {
        var settings = on.Settings<WabaSettings>();
        if (request.Method == "GET") return Handshake(settings, request);
        if (request.Method != "POST") return new WebhookReply(405);
        if (!IsSigned(request, settings)) return WebhookReply.Forbidden;
        var isMissed = false;
        var events = new List<InboundEvent>();
        foreach (var change in Notifications.Read(request.JsonBody))
        {
            if (Whose(change, on, request) is not { } channel) continue;
            if (!channel.IsOn)
            {
                isMissed = true;
                continue;
            }
            Tell(channel.On, change);
            var read = new Notifications(channel.On.Id);
            events.AddRange(read.Of(change));
            if (read.Skipped > 0) log.LogWarning("Channel {Channel}: {Count} items of {Field} say nothing that can be kept.", channel.On.Key, read.Skipped, change.Field);
        }
        if (events.Count > 0) await inbox.DeliverAsync(events, ct);
        // Of a number whose channel is off nothing is taken; Meta brings it again, for some days.
        return isMissed ? new WebhookReply(503) : WebhookReply.Ok;
    }

    /// <inheritdoc/>
    public async Task<ProbeResult> ProbeAsync(ChannelRef on, CancellationToken ct)
    {
        try
        {
            return await new Probe(new Number(GraphOf(on)), on.PublicUrl, stranger).RunAsync(ct);
        }
        catch (HttpRequestException e)
        {
            return new ProbeResult(false, e.HttpRequestError == HttpRequestError.NameResolutionError
                ? "O endereço da API não foi encontrado." : "Sem conexão com a Meta. Confira o endereço da API e a rede do servidor.");
        }
    }

    /// <inheritdoc/>
    public Task RunAsync(ChannelRef on, ISessionReport report, CancellationToken ct) => new Watch(new Number(GraphOf(on)), clock).RunAsync(report, ct);

    /// <summary>Meta shows this message and those before it as read.</summary>
    public Task ReadAsync(ChannelRef on, Address to, string providerId, CancellationToken ct)
    {
        var id = ProviderIds.Whole(providerId);
        reading.Read(to, id);
        return MarkAsync(on, id, typing: false, ct);
    }

    /// <summary>Shown for 25 seconds or until a message comes; it can't be taken back.</summary>
    public async Task TypingAsync(ChannelRef on, Address to, bool typing, CancellationToken ct)
    {
        if (!typing || reading.Types(to) is not { } id) return;
        await MarkAsync(on, id, typing: true, ct);
        reading.Typed(to, id);
    }

    /// <inheritdoc/>
    public async Task<Stream> OpenAsync(ChannelRef on, string reference, CancellationToken ct)
    {
        var graph = GraphOf(on);
        // An address holds for five minutes; one that is over is asked for anew, once.
        for (var isSecond = false; ; isSecond = true)
        {
            var answer = await graph.GetAsync($"{Uri.EscapeDataString(reference)}?phone_number_id={graph.Number}", ct);
            if (!answer.IsOk && Failures.IsNotFound(answer)) throw new MediaGoneException("A Meta não guarda mais este arquivo.");
            if (!answer.IsOk || !Uri.TryCreate(answer.Body?.String("url"), UriKind.Absolute, out var address)) throw new HttpRequestException($"Meta answered {answer.Status}.", null, (HttpStatusCode)answer.Status);
            if (!graph.IsTrusted(address)) throw new HttpRequestException("Meta named a host that is not its own.");
            var response = await graph.OpenAsync(address, ct);
            if (response.IsSuccessStatusCode) return await response.Content.ReadAsStreamAsync(ct);
            response.Dispose();
            if (response.StatusCode is not (HttpStatusCode.NotFound or HttpStatusCode.Gone or HttpStatusCode.Forbidden)) throw new HttpRequestException($"Meta answered {(int)response.StatusCode}.", null, response.StatusCode);
            if (isSecond) throw response.StatusCode == HttpStatusCode.Forbidden ? new HttpRequestException("Meta answered 403.", null, response.StatusCode) : new MediaGoneException("A Meta não guarda mais este arquivo.");
        }
    }

    private Graph GraphOf(ChannelRef on) => new(http, on.Settings<WabaSettings>(), clock);

    private async Task MarkAsync(ChannelRef on, string id, bool typing, CancellationToken ct)
    {
        var body = new JsonObject { ["messaging_product"] = "whatsapp", ["status"] = "read", ["message_id"] = id };
        if (typing) body["typing_indicator"] = new JsonObject { ["type"] = "text" };
        var graph = GraphOf(on);
        var answer = await graph.PostAsync($"{graph.Number}/messages", body, ct);
        if (!answer.IsOk) log.LogInformation("Channel {Channel}: Meta did not take a read mark ({Status}).", on.Key, answer.Status);
    }

    /// <summary>Meta's first call of an address. It is not signed; the token that we told Meta is what proves it.</summary>
    private static WebhookReply Handshake(WabaSettings settings, WebhookRequest request)
    {
        var isOurs = settings.VerifyToken is { Length: > 0 } ours
            && request.Query.GetValueOrDefault("hub.mode") == "subscribe"
            && request.Query.TryGetValue("hub.verify_token", out var said)
            && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(said), Encoding.UTF8.GetBytes(ours));
        return isOurs && request.Query.GetValueOrDefault("hub.challenge") is { Length: > 0 and <= 200 } challenge ? new WebhookReply(200, challenge) : WebhookReply.Forbidden;
    }

    private static bool IsSigned(WebhookRequest request, WabaSettings settings) =>
        request.Headers.TryGetValue(SignatureHeader, out var given) && given.StartsWith(Prefix, StringComparison.Ordinal) && request.HasHmacSha256(SignatureHeader, settings.AppSecret.Trim());

    /// <summary>
    /// Which of our channels a change is for: one address serves all numbers of an app. Another channel takes it only if the call
    /// would have been signed for it too. Null: nobody's here.
    /// </summary>
    private OwnChannel? Whose(Change change, ChannelRef on, WebhookRequest request)
    {
        if (change.PhoneNumberId is not { } number || IsNumberOf(on.Settings<WabaSettings>(), number)) return new OwnChannel(WabaPlugin.Kind, on, true);
        foreach (var other in own.All)
            if (other.On.Form is WabaSettings settings && IsNumberOf(settings, number) && IsSigned(request, settings)) return other;
        // Another number of the same account that this house does not use, or a mistyped id: the test of the channel tells.
        if (stranger != number) log.LogWarning("Channel {Channel}: Meta calls for a number that no channel here has.", on.Key);
        stranger = number;
        return null;
    }

    private static bool IsNumberOf(WabaSettings settings, string number) => settings.PhoneNumberId.Trim() == number;

    /// <summary>What concerns the account and no conversation: for the log, and for the diary of the channel.</summary>
    private void Tell(ChannelRef on, Change change)
    {
        foreach (var notice in Notice.Of(change))
        {
            log.LogWarning("Channel {Channel}: Meta reports {Notice}.", on.Key, notice.Name);
            diary.Note(on.Id, notice.Text, notice.IsTrouble);
        }
    }
}
