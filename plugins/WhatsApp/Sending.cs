using System.Buffers.Text;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Inforzap.Sdk;

namespace Inforzap.Plugins.WhatsApp;

/// <summary>
/// Sends one message. The gateway takes no id of ours, so whatever ends without an answer is looked for among what was sent before
/// anybody says how it ended.
/// </summary>
internal sealed class Sending(Evolution evolution, IMediaReader media, Memory memory, OutboundMessage message)
{
    /// <summary>The rest of the host's minute is for looking whether it went.</summary>
    private static readonly TimeSpan TimeToSend = TimeSpan.FromSeconds(40);
    private static readonly TimeSpan TimeToLook = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);
    /// <summary>By so much the gateway's clock may be behind ours, and it knows whole seconds only. What was sent before by us is known by its id.</summary>
    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(5);

    /// <summary>How it ended; <see cref="SendOutcome.Unknown"/> with the flight, for what comes back later.</summary>
    public async Task<(SendResult Result, Flight? Unsure)> SendAsync(CancellationToken ct)
    {
        if (!Jids.IsKnown(message.To)) return (SendResult.Refused("O endereço não é do WhatsApp."), null);
        var result = await TryAsync(Jids.Number(message.To), ct);
        // Nothing was sent to a number that does not exist; the same with the ninth digit, or without it, may.
        if (result.Result.Code == NobodyCode && message.To.Kind == AddressKind.Phone && Jids.Alternate(Jids.Digits(message.To.Value)) is { } other)
        {
            var second = await TryAsync(Jids.Of(new Address(other)), ct);
            if (second.Result.Code != NobodyCode) return second;
        }
        return result;
    }

    private const string NobodyCode = "nobody";

    private async Task<(SendResult Result, Flight? Unsure)> TryAsync(string number, CancellationToken ct)
    {
        var (route, body, shape, refusal) = await MakeAsync(number, ct);
        if (refusal is not null) return (refusal, null);
        var flight = memory.Begin(message, shape);
        try
        {
            var result = await AskAsync(route, body!, flight, ct);
            return (result, result.Outcome == SendOutcome.Unknown ? flight : null);
        }
        finally
        {
            memory.End(flight);
        }
    }

    private async Task<SendResult> AskAsync(string route, HttpContent body, Flight flight, CancellationToken ct)
    {
        using var _ = body;
        Answer answer;
        try
        {
            answer = await evolution.PostAsync($"message/{route}", body, TimeToSend, ct);
        }
        catch (HttpRequestException e) when (Failures.NeverConnected(e))
        {
            return SendResult.Later(Pause, Failures.NoConnection);
        }
        catch (HttpRequestException)
        {
            return await DoubtAsync(flight, "A conexão com o gateway caiu durante o envio; a mensagem pode ter sido entregue.", ct);
        }
        catch (TimeoutException)
        {
            return await DoubtAsync(flight, "O gateway não respondeu a tempo; a mensagem pode ter sido entregue.", ct);
        }
        if (answer.IsOk)
            return answer.Body?.Child("key")?.String("id") is not { } id ? await DoubtAsync(flight, "O gateway deu uma resposta que não se entende; a mensagem pode ter sido entregue.", ct)
                : answer.Body.Value.String("status") == "ERROR" ? SendResult.Refused("O WhatsApp recusou a mensagem.", "error")
                : Sent(id, answer.Body.Value.Child("key")!.Value);
        var code = answer.IsNobody ? NobodyCode : $"http-{answer.Code}";
        switch (Failures.Judge(answer))
        {
            case Failures.Then.Refuse:
                return SendResult.Refused(Failures.Words(answer), code);
            case Failures.Then.WaitForCorrection:
                return SendResult.LaterForAll(TimeSpan.FromMinutes(1), answer.Code == 401 ? Failures.BadKey : Failures.NoInstance) with { Code = code };
            case Failures.Then.Wait when answer.Code == 429:
                return SendResult.Later(TimeSpan.FromSeconds(30), "O gateway pediu para esperar.") with { Code = code };
            case Failures.Then.Wait:
                return await WaitAsync(code, ct);
            default:
                return await DoubtAsync(flight, $"O gateway respondeu com erro {answer.Code}; a mensagem pode ter sido entregue.", ct);
        }
    }

    /// <summary>It waits alone while the channel is connected, and with all others while it is not.</summary>
    private async Task<SendResult> WaitAsync(string code, CancellationToken ct)
    {
        try
        {
            var state = await evolution.GetAsync("instance/connectionState", ct, limit: TimeToLook);
            if (state.IsOk && state.Body?.Child("instance")?.String("state") == "open")
                return SendResult.Later(Pause * Math.Clamp(message.Try, 1, 6), "A conexão com o WhatsApp oscilou; a mensagem espera.") with { Code = code };
        }
        catch (Exception e) when (e is HttpRequestException or TimeoutException)
        {
            // Nor is it connected when nobody answers.
        }
        return SendResult.LaterForAll(TimeSpan.FromSeconds(30), Failures.NotConnected) with { Code = code };
    }

    private SendResult Sent(string id, JsonElement key)
    {
        memory.Sent(id);
        memory.Keep(id, new MessageKey(key.String("remoteJid") ?? Jids.Of(message.To), key.String("participant")));
        var reached = Jids.Address(key.String("remoteJid"));
        if (reached is not null) memory.Same(reached, message.To);
        return SendResult.Sent(id) with { Reached = reached is null || reached.Kind == AddressKind.WhatsAppGroup || reached.Value == message.To.Value ? null : reached };
    }

    private async Task<SendResult> DoubtAsync(Flight flight, string words, CancellationToken ct) => await FindAsync(flight, ct) ?? SendResult.Unknown(words);

    /// <summary>Looks whether it went after all. Null proves nothing: the gateway may keep no messages, or may have failed to keep this one.</summary>
    private async Task<SendResult?> FindAsync(Flight flight, CancellationToken ct)
    {
        if (flight.Found is { } came) return SendResult.Sent(came);
        try
        {
            foreach (var jid in Past.JidsOf(message.To, memory))
            {
                var answer = await evolution.PostAsync("chat/findMessages", Past.Page(jid, 1, 20), ct, limit: TimeToLook);
                if (!answer.IsOk || answer.Body?.Child("messages") is not { } page) return null;
                foreach (var record in page.Items("records"))
                    if (record.Child("key") is { } key && key.Flag("fromMe") == true && key.String("id") is { } id && !memory.IsSent(id)
                        && record.Seconds("messageTimestamp") is { } at && at >= flight.Since - Skew
                        && record.Child("message") is { } said && Kinds.ShapeOf(said) == flight.Shape && Past.IsOf(key, message.To, memory)) return Sent(id, key);
            }
            // It may have come back by the webhook meanwhile.
            return flight.Found is { } now ? SendResult.Sent(now) : null;
        }
        catch (Exception e) when (e is HttpRequestException or TimeoutException)
        {
            return null;
        }
    }

    // ---- What goes out ----

    private async Task<(string Route, HttpContent? Body, string Shape, SendResult? Refusal)> MakeAsync(string number, CancellationToken ct)
    {
        switch (message.Content)
        {
            case TextContent { Body: var text } when string.IsNullOrWhiteSpace(text):
                return No("O WhatsApp não aceita mensagem vazia.");
            case TextContent { Body: var text }:
                return ("sendText", Body(new JsonObject { ["number"] = number, ["text"] = text, ["linkPreview"] = text.Contains("://", StringComparison.Ordinal) }), Kinds.Shape("text", text), null);
            case LocationContent place:
                var (latitude, longitude) = (place.Latitude.ToString("0.######", CultureInfo.InvariantCulture), place.Longitude.ToString("0.######", CultureInfo.InvariantCulture));
                // Both are wanted, also where there is neither.
                return ("sendLocation", Body(new JsonObject
                {
                    ["number"] = number, ["latitude"] = place.Latitude, ["longitude"] = place.Longitude,
                    ["name"] = NotBlank(place.Name) ?? NotBlank(place.Street) ?? "Localização", ["address"] = NotBlank(place.Street) ?? NotBlank(place.Name) ?? $"{latitude}, {longitude}",
                }), string.Create(CultureInfo.InvariantCulture, $"location:{place.Latitude:F4},{place.Longitude:F4}"), null);
            case ContactContent card when card.Phones.Any(p => Jids.Digits(p).Length > 0):
                return ("sendContact", Body(new JsonObject
                {
                    ["number"] = number,
                    ["contact"] = new JsonArray([.. card.Phones.Where(p => Jids.Digits(p).Length > 0).Select(p => (JsonNode)new JsonObject { ["fullName"] = card.Name, ["wuid"] = Jids.Digits(p), ["phoneNumber"] = p })]),
                }), Kinds.Shape("contact", card.Name), null);
            case ContactContent:
                return No("Este contato não tem telefone para enviar.");
            case MediaContent file:
                return await FileAsync(number, file, ct);
            default:
                return No("O WhatsApp por QR code não tem este tipo de mensagem.");
        }
    }

    private static (string, HttpContent?, string, SendResult?) No(string reason) => ("", null, "", SendResult.Refused(reason, "content"));

    private static string? NotBlank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;

    private ByteArrayContent Body(JsonObject body) => new(JsonSerializer.SerializeToUtf8Bytes(Quoting(body))) { Headers = { ContentType = new("application/json") } };

    /// <summary>The gateway finds the quoted message by its id.</summary>
    private JsonObject Quoting(JsonObject body)
    {
        if (message.QuotedProviderId is { Length: > 0 } quoted) body["quoted"] = new JsonObject { ["key"] = new JsonObject { ["id"] = ProviderIds.Whole(quoted) } };
        return body;
    }

    private async Task<(string, HttpContent?, string, SendResult?)> FileAsync(string number, MediaContent file, CancellationToken ct)
    {
        if (file.Source.FileId is not { } fileId) return No("O arquivo não está guardado.");
        OutboundFile stored;
        try
        {
            stored = await media.OpenAsync(fileId, ct);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return No("O arquivo não está mais guardado.");
        }
        var form = FileForm.Of(file, stored.MimeType, stored.Size);
        if (form is null)
        {
            await stored.DisposeAsync();
            return No($"O WhatsApp por QR code aceita arquivos de até {FileForm.Most >> 20} MB.");
        }
        var body = new JsonObject { ["number"] = number };
        switch (form.Route)
        {
            case "sendWhatsAppAudio":
                body["encoding"] = true;
                break;
            case "sendMedia":
                (body["mediatype"], body["mimetype"], body["fileName"]) = (form.Type, form.MimeType, form.Name);
                if (NotBlank(file.Caption) is { } caption) body["caption"] = caption;
                break;
        }
        return (form.Route, new FileBody(Quoting(body), form.Field, stored), Kinds.Shape(form.Type, form.HasCaption ? file.Caption : null), null);
    }
}

/// <summary>As what WhatsApp takes a file. What it does not take as it is, it takes as a document.</summary>
/// <param name="Route">By which door.</param>
/// <param name="Field">Where its bytes stand.</param>
/// <param name="Type">What it is to WhatsApp.</param>
/// <param name="MimeType">What it is.</param>
/// <param name="Name">What it is called.</param>
internal sealed record FileForm(string Route, string Field, string Type, string MimeType, string Name)
{
    private const long Megabyte = 1024 * 1024;

    /// <summary>The gateway takes bodies of 136 MB, and base64 is a third longer than what it holds.</summary>
    public const long Most = 64 * Megabyte;

    /// <summary>Larger ones play badly on telephones.</summary>
    private const long MostToPlay = 16 * Megabyte;

    private static readonly Dictionary<string, string> Extensions = new()
    {
        ["image/jpeg"] = ".jpg", ["image/png"] = ".png", ["image/webp"] = ".webp", ["image/gif"] = ".gif", ["video/mp4"] = ".mp4", ["video/3gpp"] = ".3gp",
        ["audio/ogg"] = ".ogg", ["audio/mpeg"] = ".mp3", ["audio/mp4"] = ".m4a", ["audio/aac"] = ".aac", ["application/pdf"] = ".pdf",
    };

    public bool HasCaption => Type is "image" or "video" or "document";

    /// <summary>Null when it is too large.</summary>
    public static FileForm? Of(MediaContent file, string mimeType, long size)
    {
        if (size > Most) return null;
        var mime = mimeType.Split(';')[0].Trim().ToLowerInvariant() is { Length: > 0 } known ? known : "application/octet-stream";
        // Recordings and stickers carry no text, and one that belongs to the file must not get lost.
        var isBare = string.IsNullOrWhiteSpace(file.Caption);
        var name = string.IsNullOrWhiteSpace(file.FileName) ? "arquivo" : file.FileName;
        // The gateway goes by the name, whatever type it is told.
        if (!Path.HasExtension(name) && Extensions.TryGetValue(mime, out var extension)) name += extension;
        return mime switch
        {
            _ when file.Kind == MediaKind.Voice && mime.StartsWith("audio/", StringComparison.Ordinal) && isBare && size <= MostToPlay => new("sendWhatsAppAudio", "audio", "audio", mime, name),
            "image/webp" when file.Kind == MediaKind.Sticker && isBare => new("sendSticker", "sticker", "sticker", mime, name),
            // A document is sent as it is; a picture is made anew, and one that moves would stand still.
            "image/jpeg" or "image/png" or "image/webp" when file.Kind != MediaKind.Document && size <= MostToPlay => new("sendMedia", "media", "image", mime, name),
            "video/mp4" or "video/3gpp" when file.Kind != MediaKind.Document && size <= MostToPlay => new("sendMedia", "media", "video", mime, name),
            _ when file.Kind is MediaKind.Audio or MediaKind.Voice && mime.StartsWith("audio/", StringComparison.Ordinal) && isBare && size <= MostToPlay => new("sendMedia", "media", "audio", mime, name),
            _ => new("sendMedia", "media", "document", mime, name),
        };
    }
}

/// <summary>A request with a file in it, as the gateway wants it: JSON, with the bytes as base64. They are never in memory all at once.</summary>
internal sealed class FileBody : HttpContent
{
    private readonly byte[] head;
    private readonly OutboundFile file;

    public FileBody(JsonObject fields, string field, OutboundFile file)
    {
        this.file = file;
        head = Encoding.UTF8.GetBytes($"{fields.ToJsonString()[..^1]},{JsonSerializer.Serialize(field)}:\"");
        Headers.ContentType = new("application/json");
    }

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        await stream.WriteAsync(head);
        var (buffer, filled) = (new byte[48 * 1024], 0);
        var text = new byte[Base64.GetMaxEncodedToUtf8Length(48 * 1024)];
        for (var isOver = false; !isOver;)
        {
            var read = await file.Content.ReadAsync(buffer.AsMemory(filled));
            (filled, isOver) = (filled + read, read == 0);
            // In threes, until the end.
            var whole = isOver ? filled : filled - (filled % 3);
            Base64.EncodeToUtf8(buffer.AsSpan(0, whole), text, out _, out var written, isFinalBlock: true);
            await stream.WriteAsync(text.AsMemory(0, written));
            buffer.AsSpan(whole, filled - whole).CopyTo(buffer);
            filled -= whole;
        }
        await stream.WriteAsync("\"}"u8.ToArray());
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) file.Content.Dispose();
        base.Dispose(disposing);
    }
}
