using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Inforzap.Sdk;
using Microsoft.Extensions.Logging;

namespace Inforzap.Plugins.Echo;

/// <summary>Drives one Echo channel.</summary>
public sealed class EchoAdapter(HttpClient http, IInbox inbox, IMediaReader media, TimeProvider clock, ILogger<EchoAdapter> log)
    : IChannelAdapter, IWebhook, IAbilities, IProbe, IReactions, IEdits, IRevokes, IHistory, IAddressBook
{
    /// <summary>The header that carries the signature of the raw body.</summary>
    public const string SignatureHeader = "X-Echo-Signature";

    private static readonly TimeSpan DefaultPause = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(1);

    /// <inheritdoc/>
    public Can Can => Can.Media | Can.Quote | Can.Receipts;

    /// <summary>Small, since a file travels inside the JSON.</summary>
    public long MaxMediaBytes => 5L * 1024 * 1024;

    /// <inheritdoc/>
    public async Task<SendResult> SendAsync(ChannelRef on, OutboundMessage message, CancellationToken ct)
    {
        var settings = on.Settings<EchoSettings>();
        if (message.Content is not (TextContent or MediaContent)) return SendResult.Refused("O canal Echo envia só texto e arquivos.");
        return string.IsNullOrWhiteSpace(settings.BaseUrl)
            ? await ComeBackAsync(on, settings, message, ct)
            : await PostAsync(new Uri(settings.BaseUrl), message, ct);
    }

    /// <inheritdoc/>
    public async Task<WebhookReply> ReceiveAsync(ChannelRef on, WebhookRequest request, CancellationToken ct)
    {
        if (!request.HasHmacSha256(SignatureHeader, on.Settings<EchoSettings>().Secret)) return WebhookReply.Forbidden;
        List<InboundEvent> events;
        try
        {
            events = EchoEvents.Read(on.Id, request.JsonBody, out var skipped);
            if (skipped > 0) log.LogWarning("Channel {Channel}: {Skipped} events made no sense and were skipped.", on.Key, skipped);
        }
        catch (JsonException)
        {
            return WebhookReply.BadRequest;
        }
        if (events.Count > 0) await inbox.DeliverAsync(events, ct);
        return WebhookReply.Ok;
    }

    /// <inheritdoc/>
    public async Task<ProbeResult> ProbeAsync(ChannelRef on, CancellationToken ct)
    {
        var settings = on.Settings<EchoSettings>();
        if (!string.IsNullOrWhiteSpace(settings.BaseUrl))
        {
            try
            {
                using var request = new HttpRequestMessage(HttpMethod.Head, settings.BaseUrl);
                using var answer = await http.SendAsync(request, ct);
            }
            catch (HttpRequestException e)
            {
                return new ProbeResult(false, $"O endereço de envio não respondeu: {e.Message}");
            }
        }
        return new ProbeResult(true, string.IsNullOrEmpty(settings.Secret)
            ? "Pronto para enviar. Sem segredo, toda chamada recebida é recusada."
            : "Pronto para enviar e receber.");
    }

    /// <summary>Nothing leaves the house; with <see cref="EchoSettings.Reply"/> the text comes back from the customer.</summary>
    private async Task<SendResult> ComeBackAsync(ChannelRef on, EchoSettings settings, OutboundMessage message, CancellationToken ct)
    {
        if (settings.Reply && message.Content is TextContent text)
            await inbox.DeliverAsync(new InboundMessage(on.Id, $"echo:{message.AttemptId:N}", message.To, text), ct);
        return SendResult.Sent(message.AttemptId.ToString("N"));
    }

    /// <inheritdoc/>
    public Task<SendResult> ReactAsync(ChannelRef on, KnownMessage message, string? emoji, CancellationToken ct) => ChangeAsync(on, message, "reaction", emoji, ct);

    /// <inheritdoc/>
    public Task<SendResult> EditAsync(ChannelRef on, KnownMessage message, string body, CancellationToken ct) => ChangeAsync(on, message, "edit", body, ct);

    /// <inheritdoc/>
    public Task<SendResult> RevokeAsync(ChannelRef on, KnownMessage message, CancellationToken ct) => ChangeAsync(on, message, "revoke", null, ct);

    /// <inheritdoc/>
    public async IAsyncEnumerable<PastMessage> PastAsync(ChannelRef on, Address with, int limit, [EnumeratorCancellation] CancellationToken ct)
    {
        foreach (var message in await AskAsync(on, $"history?with={Uri.EscapeDataString(with.Value)}&limit={limit}", body => EchoEvents.Past(on.Id, body).ToList(), ct)) yield return message;
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<BookEntry> EntriesAsync(ChannelRef on, [EnumeratorCancellation] CancellationToken ct)
    {
        var book = await AskAsync(on, "contacts", body => JsonSerializer.Deserialize(body.Span, EchoJson.Default.EchoBook)?.Contacts ?? [], ct);
        foreach (var one in book)
            if (one.Address is { Length: > 0 } address) yield return new BookEntry(EchoEvents.AddressOf(address, one.Self), one.Name);
    }

    private async Task<T> AskAsync<T>(ChannelRef on, string what, Func<ReadOnlyMemory<byte>, T> read, CancellationToken ct)
    {
        if (on.Settings<EchoSettings>().MemoryUrl is not { Length: > 0 } address) throw new ProviderException("Este canal Echo não tem endereço da memória.");
        try
        {
            using var answer = await http.GetAsync(new Uri($"{address.TrimEnd('/')}/{what}"), ct);
            if (!answer.IsSuccessStatusCode) throw new ProviderException($"O endereço da memória respondeu HTTP {(int)answer.StatusCode}.");
            return read(await answer.Content.ReadAsByteArrayAsync(ct));
        }
        catch (HttpRequestException e)
        {
            throw new ProviderException("O endereço da memória não respondeu.", e);
        }
        catch (JsonException e)
        {
            throw new ProviderException("O endereço da memória respondeu algo que o canal não entende.", e);
        }
    }

    private async Task<SendResult> ChangeAsync(ChannelRef on, KnownMessage message, string what, string? text, CancellationToken ct) =>
        on.Settings<EchoSettings>().BaseUrl is { Length: > 0 } address
            ? await PostAsync(new Uri(address), JsonContent.Create(new EchoChange(message.To.Value, what, message.ProviderId, text), EchoJson.Default.EchoChange), message.ProviderId, ct)
            : SendResult.Sent(message.ProviderId);

    private async Task<SendResult> PostAsync(Uri address, OutboundMessage message, CancellationToken ct) =>
        await PostAsync(address, JsonContent.Create(await TranslateAsync(message, ct), EchoJson.Default.EchoMessage), message.AttemptId.ToString("N"), ct);

    private async Task<SendResult> PostAsync(Uri address, HttpContent content, string name, CancellationToken ct)
    {
        try
        {
            using var body = content;
            using var answer = await http.PostAsync(address, body, ct);
            return (int)answer.StatusCode switch
            {
                >= 200 and < 300 => SendResult.Sent(await NameAsync(answer, ct) ?? name),
                429 => SendResult.Later(Pause(answer.Headers.RetryAfter), "O destino pediu para esperar."),
                >= 400 and < 500 and var status => SendResult.Refused($"O destino recusou a mensagem (HTTP {status}).", $"{status}"),
                var status => SendResult.Unknown($"O destino respondeu HTTP {status}; a mensagem pode ter sido entregue."),
            };
        }
        catch (HttpRequestException e) when (e.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError)
        {
            // There was no connection yet, so nothing can have left.
            return SendResult.Later(DefaultPause, "Sem conexão com o destino.");
        }
        catch (HttpRequestException)
        {
            return SendResult.Unknown("A conexão falhou durante o envio; a mensagem pode ter sido entregue.");
        }
    }

    private async Task<EchoMessage> TranslateAsync(OutboundMessage message, CancellationToken ct)
    {
        var plain = new EchoMessage(message.To.Value, (message.Content as TextContent)?.Body, null, message.QuotedProviderId, message.AttemptId, message.MessageId);
        if (message.Content is not MediaContent file) return plain;
        if (file.Source.FileId is not { } id) return plain with { Text = file.Caption, Media = new EchoFile(file.Kind, file.FileName, file.MimeType, file.Source.Url, null) };
        await using var stored = await media.OpenAsync(id, ct);
        using var bytes = new MemoryStream();
        await stored.Content.CopyToAsync(bytes, ct);
        return plain with { Text = file.Caption, Media = new EchoFile(file.Kind, stored.FileName, stored.MimeType, null, bytes.ToArray()) };
    }

    /// <summary>The id in the answer. An answer of 200 that makes no sense was still a send.</summary>
    private static async Task<string?> NameAsync(HttpResponseMessage answer, CancellationToken ct)
    {
        try
        {
            var bytes = await answer.Content.ReadAsByteArrayAsync(ct);
            var id = JsonSerializer.Deserialize(bytes, EchoJson.Default.EchoAnswer)?.Id;
            return string.IsNullOrWhiteSpace(id) || id.Length > EchoEvents.LongestId ? null : id;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private TimeSpan Pause(RetryConditionHeaderValue? after)
    {
        var pause = after?.Delta ?? (after?.Date - clock.GetUtcNow()) ?? DefaultPause;
        return pause < TimeSpan.FromSeconds(1) ? TimeSpan.FromSeconds(1) : pause > LongestPause ? LongestPause : pause;
    }
}
