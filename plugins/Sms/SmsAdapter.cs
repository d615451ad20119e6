using System.Security.Cryptography;
using System.Text;
using Inforzap.Sdk;
using Microsoft.Extensions.Logging;

namespace Inforzap.Plugins.Sms;

/// <summary>Drives one account of Comtele.</summary>
public sealed class SmsAdapter : IChannelAdapter, IAbilities, ITextCount, IPaced, IProbe, ISession, IWebhook, IProviderSetUp
{
    private readonly HttpClient http;
    private readonly IInbox inbox;
    private readonly IPluginStore store;
    private readonly IChannelDiary diary;
    private readonly IOwnChannels own;
    private readonly TimeProvider clock;
    private readonly ILogger<SmsAdapter> log;

    /// <summary>Made once per channel.</summary>
    public SmsAdapter(HttpClient http, IInbox inbox, IPluginStore store, IChannelDiary diary, IOwnChannels own, TimeProvider clock, ILogger<SmsAdapter> log)
    {
        (this.http, this.inbox, this.store, this.diary, this.own, this.clock, this.log) = (http, inbox, store, diary, own, clock, log);
        http.Timeout = TimeSpan.FromSeconds(40);
    }

    /// <summary>Delivered is all that is known: nobody tells when an SMS is read.</summary>
    public Can Can => Can.Text | Can.Receipts;

    /// <inheritdoc/>
    public string? AddressKind => Sdk.AddressKind.Phone;

    /// <inheritdoc/>
    public bool? CanStart => true;

    /// <summary>Comtele names no limit; this is far below what others of its kind take.</summary>
    public SendPace PaceOf(ChannelRef on) => new(10, TimeSpan.FromSeconds(1), 5);

    /// <inheritdoc/>
    public TextCount Count(ChannelRef on, string text)
    {
        var settings = on.Settings<SmsSettings>();
        var segments = Segments.Of(SmsText.Of(text, settings.StripAccents));
        return new(segments.Used, segments.Room, segments.Parts, "SMS")
        {
            Hint = segments.Alphabet == Alphabet.Ucs2 ? "Há acentos, emojis ou outros sinais: cabem 70 caracteres em um SMS, 67 em cada um de vários."
                : settings.StripAccents ? "Acentos e emojis saem do texto. Cabem 160 caracteres em um SMS, 153 em cada um de vários." : "Cabem 160 caracteres em um SMS, 153 em cada um de vários.",
            IsTooLong = segments.Parts > settings.MostParts,
        };
    }

    /// <inheritdoc/>
    public async Task<SendResult> SendAsync(ChannelRef on, OutboundMessage message, CancellationToken ct)
    {
        var settings = on.Settings<SmsSettings>();
        if (message.Content is not TextContent { Body: var body }) return SendResult.Refused("Um SMS só leva texto.");
        if (message.To.Kind != Sdk.AddressKind.Phone || Phones.Mobile(message.To.Value) is not { } mobile) return SendResult.Refused("O número não é de um celular do Brasil, e só eles recebem SMS por aqui.");
        if (settings is { Panel: ComteleApi.Novo, Route: 0 }) return SendResult.LaterForAll(TimeSpan.FromMinutes(1), "Falta escolher a rota nas configurações do canal. “Testar agora” lista as da sua conta.");
        var text = SmsText.Of(body, settings.StripAccents);
        var segments = Segments.Of(text);
        if (segments.Parts == 0) return SendResult.Refused("Sem acentos e emojis não sobra nada deste texto para um SMS.");
        if (segments.Parts > settings.MostParts) return SendResult.Refused($"O texto seria cobrado como {segments.Parts} SMS, e este canal envia no máximo {settings.MostParts} por mensagem. Encurte o texto.");
        try
        {
            var tag = Tags.Of(message.AttemptId);
            var result = Failures.Of(await Comtele.Of(http, settings).SendAsync(mobile, text, tag, ct), tag, message.Try);
            if (result.Reason == Failures.NoCredits) diary.Note(on.Id, Failures.NoCredits, isTrouble: true);
            return result;
        }
        catch (Exception e) when (Failures.Of(e, ct) is not null)
        {
            return Failures.Of(e, ct)!;
        }
    }

    /// <inheritdoc/>
    public async Task<ProbeResult> ProbeAsync(ChannelRef on, CancellationToken ct)
    {
        var settings = on.Settings<SmsSettings>();
        var comtele = Comtele.Of(http, settings);
        try
        {
            var (left, answer) = await comtele.BalanceAsync(ct);
            if (Failures.EndOf(answer) is { } end) return new(false, end.Message);
            var balance = left is { } amount ? $"Saldo: {comtele.Money(amount)}." : "A Comtele não disse o saldo.";
            if (settings.Panel == ComteleApi.Antigo) return new(left is not <= 0, balance);
            var routes = await comtele.RoutesAsync(ct);
            if (routes.FirstOrDefault(r => r.Id == settings.Route) is { } route) return new(left is not <= 0, $"{balance} Rota {route.Id}: {route.Name}{Price(comtele, route)}.");
            var known = string.Join("; ", routes.Take(10).Select(r => $"{r.Id} {r.Name}{Price(comtele, r)}"));
            return new(false, known.Length == 0 ? $"{balance} A conta não tem rotas." : settings.Route == 0 ? $"{balance} Escolha a rota: {known}." : $"{balance} A conta não tem a rota {settings.Route}. Rotas: {known}.");
        }
        catch (HttpRequestException e)
        {
            return new(false, e.HttpRequestError == HttpRequestError.NameResolutionError ? "O endereço da API não foi encontrado." : $"{Failures.NoConnection} Confira o endereço da API e a rede do servidor.");
        }
    }

    /// <inheritdoc/>
    public Task RunAsync(ChannelRef on, ISessionReport report, CancellationToken ct)
    {
        var settings = on.Settings<SmsSettings>();
        return new Session(Comtele.Of(http, settings), settings, on, inbox, store, diary, own, clock, log).RunAsync(report, ct);
    }

    /// <summary>Comtele signs nothing, so the secret is a part of the address. It is answered well whatever it says: there is nobody who would correct it.</summary>
    public async Task<WebhookReply> ReceiveAsync(ChannelRef on, WebhookRequest request, CancellationToken ct)
    {
        var settings = on.Settings<SmsSettings>();
        var parts = request.Path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (!IsOurs(parts.ElementAtOrDefault(0), settings.WebhookSecret)) return WebhookReply.Forbidden;
        if (parts is not [_, "status" or "reply"]) return WebhookReply.NotFound;
        if (request.Method is not ("GET" or "POST")) return new(405);
        var isReply = parts[1] == "reply";
        var rows = Events.Read(request, isReply, settings.Panel == ComteleApi.Antigo ? TimeSpan.FromHours(-3) : TimeSpan.Zero).ToList();
        // The new panel's report names each reply by an id: one without would come twice, and the report tells it within a minute.
        if (isReply && settings.Panel == ComteleApi.Novo) rows.RemoveAll(r => r.Id is null);
        // Beside what it tells, an address of ours holds our secret: it is not kept. A body is.
        var events = rows.Select(r => isReply ? Events.Reply(on.Id, r, request.Body) : Events.Receipt(on.Id, r, request.Body)).OfType<InboundEvent>().ToList();
        if (events.Count > 0) await inbox.DeliverAsync(events, ct);
        if (events.Count < Math.Max(1, rows.Count)) log.LogInformation("Channel {Channel}: a call of Comtele says nothing that can be kept; the next report tells it", on.Key);
        return WebhookReply.Ok;
    }

    /// <inheritdoc/>
    public IReadOnlyList<SetUpValue> SetUpValues(ChannelRef on)
    {
        if (on.Settings<SmsSettings>().WebhookSecret?.Trim() is not { Length: > 0 } secret) return [];
        var address = $"/hooks/{on.Key}/{Uri.EscapeDataString(secret)}";
        return [new("Endereço para status (Comtele)", $"{address}/status"), new("Endereço para respostas (Comtele)", $"{address}/reply")];
    }

    private static bool IsOurs(string? given, string? secret) =>
        !string.IsNullOrWhiteSpace(secret) && given is not null && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), Encoding.UTF8.GetBytes(secret.Trim()));

    private static string Price(Comtele comtele, Route route) => route.Price is { } price ? $" ({comtele.Money(price)})" : "";
}
