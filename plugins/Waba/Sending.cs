using System.Globalization;
using System.Text.Json.Nodes;
using Inforzap.Sdk;

namespace Inforzap.Plugins.Waba;

/// <summary>One message on its way out: an upload where there is a file, then the one call that counts.</summary>
internal sealed class Sending(Graph graph, IMediaReader media, OutboundMessage message)
{
    private const int LongestText = 4096;
    private const int LongestCaption = 1024;
    private const int MostButtons = 3;
    private const int LongestButton = 20;
    private const int UploadTries = 4;
    private static readonly TimeSpan TimeToUpload = TimeSpan.FromSeconds(45);

    /// <summary>Sends it. Exceptions come only from the call that counts, and mean that nobody knows.</summary>
    public async Task<SendResult> SendAsync(CancellationToken ct)
    {
        var (type, content, refusal) = await ContentAsync(ct);
        if (refusal is not null) return refusal;
        var body = Envelope(message.To);
        body["type"] = type;
        body[type] = content;
        if (message.QuotedProviderId is { } quoted) body["context"] = new JsonObject { ["message_id"] = ProviderIds.Whole(quoted) };
        body["biz_opaque_callback_data"] = ProviderIds.Of(message.AttemptId);
        var answer = await graph.PostAsync($"{graph.Number}/messages", body, ct);
        if (!answer.IsOk) return Failures.Of(answer, message.Try);
        var id = answer.Body?.Items("messages").Select(m => m.String("id")).FirstOrDefault();
        return id is null ? SendResult.Unknown("A Meta aceitou a mensagem, mas a resposta chegou incompleta.") : SendResult.Sent(id) with { Reached = Reached(answer) };
    }

    /// <summary>Our reaction to a message; an empty one takes it back.</summary>
    public static async Task<SendResult> ReactAsync(Graph graph, KnownMessage message, string? emoji, CancellationToken ct)
    {
        var body = Envelope(message.To);
        body["type"] = "reaction";
        body["reaction"] = new JsonObject { ["message_id"] = ProviderIds.Whole(message.ProviderId), ["emoji"] = emoji ?? "" };
        var answer = await graph.PostAsync($"{graph.Number}/messages", body, ct);
        return answer.IsOk ? SendResult.Sent(message.ProviderId) : Failures.Of(answer, 1);
    }

    /// <summary>Whom Meta took it for, when it writes them otherwise: with a ninth digit or without, with the number of somebody known by an id.</summary>
    private Address? Reached(Answer answer)
    {
        if (message.To.Kind == Kinds.Group || answer.Body?.Items("contacts").Take(2).ToList() is not [var only] || only.String("wa_id") is not { } id) return null;
        var known = Notifications.Known(id);
        return known.Value == message.To.Value ? null : known;
    }

    /// <summary>To a number, or to somebody who shows none.</summary>
    private static JsonObject Envelope(Address to)
    {
        var body = new JsonObject { ["messaging_product"] = "whatsapp", ["recipient_type"] = to.Kind == Kinds.Group ? "group" : "individual" };
        body[to.Kind == AddressKind.WhatsAppUser ? "recipient" : "to"] = to.Value;
        return body;
    }

    private async Task<(string Type, JsonNode? Content, SendResult? Refusal)> ContentAsync(CancellationToken ct) => message.Content switch
    {
        TextContent text when Length(text.Body) > LongestText =>
            No(string.Create(CultureInfo.GetCultureInfo("pt-BR"), $"O WhatsApp aceita até {LongestText:N0} caracteres por mensagem e esta tem {Length(text.Body):N0}. Divida o texto.")),
        TextContent text when string.IsNullOrWhiteSpace(text.Body) => No("O WhatsApp não aceita mensagem vazia."),
        TextContent text => ("text", new JsonObject { ["body"] = text.Body, ["preview_url"] = text.Body.Contains("https://", StringComparison.OrdinalIgnoreCase) || text.Body.Contains("http://", StringComparison.OrdinalIgnoreCase) }, null),
        LocationContent place => ("location", Place(place), null),
        ContactContent card => ("contacts", new JsonArray(Card(card)), null),
        OfferContent offer => ("interactive", Ask(offer), null),
        TemplateContent template => await TemplateAsync(template, ct),
        MediaContent { Caption: { } caption } when Length(caption) > LongestCaption =>
            No(string.Create(CultureInfo.GetCultureInfo("pt-BR"), $"O WhatsApp aceita até {LongestCaption:N0} caracteres junto de um arquivo. Envie o texto em outra mensagem.")),
        MediaContent file => await FileAsync(file, ct),
        _ => No("O WhatsApp não aceita este tipo de mensagem."),
    };

    private static (string, JsonNode?, SendResult?) No(string reason) => ("", null, SendResult.Refused(reason, "content"));

    private static int Length(string text) => text.EnumerateRunes().Count();

    private static JsonObject Place(LocationContent place)
    {
        var json = new JsonObject
        {
            ["latitude"] = place.Latitude.ToString("R", CultureInfo.InvariantCulture), ["longitude"] = place.Longitude.ToString("R", CultureInfo.InvariantCulture),
        };
        if (!string.IsNullOrWhiteSpace(place.Name)) json["name"] = place.Name;
        if (!string.IsNullOrWhiteSpace(place.Street)) json["address"] = place.Street;
        return json;
    }

    /// <summary>Up to three short ones stand as buttons below the question, more behind a button that opens a list.</summary>
    private static JsonObject Ask(OfferContent offer)
    {
        var isShort = offer.Choices.Count <= MostButtons && offer.Choices.All(c => Length(c.Title) <= LongestButton);
        return new JsonObject
        {
            ["type"] = isShort ? "button" : "list",
            ["body"] = new JsonObject { ["text"] = offer.Body },
            ["action"] = isShort
                ? new JsonObject { ["buttons"] = new JsonArray([.. offer.Choices.Select(c => (JsonNode)new JsonObject { ["type"] = "reply", ["reply"] = Row(c) })]) }
                : new JsonObject { ["button"] = "Ver opções", ["sections"] = new JsonArray(new JsonObject { ["rows"] = new JsonArray([.. offer.Choices.Select(Row)]) }) },
        };
    }

    private static JsonNode Row(Offer choice) => new JsonObject { ["id"] = choice.Id, ["title"] = choice.Title };

    private static JsonObject Card(ContactContent card)
    {
        var phones = card.Phones.Select(p => (Shown: p, Digits: new string([.. p.Where(char.IsAsciiDigit)]))).Where(p => p.Digits.Length > 0)
            // With the id the card offers 'message', without it 'invite'.
            .Select(p => (JsonNode)new JsonObject { ["phone"] = p.Shown, ["type"] = "CELL", ["wa_id"] = p.Digits });
        return new JsonObject
        {
            ["name"] = new JsonObject { ["formatted_name"] = card.Name, ["first_name"] = card.Name.Split(' ', 2)[0] },
            ["phones"] = new JsonArray([.. phones]),
        };
    }

    private async Task<(string, JsonNode?, SendResult?)> TemplateAsync(TemplateContent template, CancellationToken ct)
    {
        JsonObject? file = null;
        if (template.HeaderFile is { } header)
        {
            var (type, sent, refusal) = await FileAsync(header with { Caption = null }, ct);
            if (refusal is not null) return ("", null, refusal);
            if (type != HeaderType(header.Kind)) return No("O arquivo não serve para o cabeçalho deste modelo.");
            file = new JsonObject { ["type"] = type, [type] = sent };
        }
        return ("template", Templates.Message(template, file), null);
    }

    private static string HeaderType(MediaKind kind) => kind switch { MediaKind.Image => "image", MediaKind.Video => "video", _ => "document" };

    private async Task<(string, JsonNode?, SendResult?)> FileAsync(MediaContent file, CancellationToken ct)
    {
        if (file.Source.FileId is not { } fileId)
            return file.Source.Url is { Scheme: "https" } link ? Form(FileForm.Of(file, file.MimeType ?? "", file.Size ?? 0), file, "link", link.AbsoluteUri) : No("O arquivo não está guardado.");
        if (await OpenAsync(fileId, ct) is not { } stored) return No("O arquivo não está mais guardado.");
        await using var _ = stored;
        var form = FileForm.Of(file, stored.MimeType, stored.Size);
        if (form.Type is null) return No(form.TooLarge!);
        var (id, failure) = await UploadAsync(stored, form, ct);
        return failure is not null ? ("", null, failure) : Form(form, file, "id", id!);
    }

    private async Task<OutboundFile?> OpenAsync(Guid fileId, CancellationToken ct)
    {
        try
        {
            return await media.OpenAsync(fileId, ct);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    private static (string, JsonNode?, SendResult?) Form(FileForm form, MediaContent file, string by, string where)
    {
        if (form.Type is null) return No(form.TooLarge!);
        var json = new JsonObject { [by] = where };
        if (form.HasCaption && !string.IsNullOrWhiteSpace(file.Caption)) json["caption"] = file.Caption;
        if (form.Type == "document") json["filename"] = string.IsNullOrWhiteSpace(file.FileName) ? "arquivo" : file.FileName;
        if (form.IsVoice) json["voice"] = true;
        return (form.Type, json, null);
    }

    /// <summary>Nothing reaches anybody by an upload, so whatever goes wrong is tried again, a few times.</summary>
    private async Task<(string? Id, SendResult? Failure)> UploadAsync(OutboundFile stored, FileForm form, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(TimeToUpload);
        try
        {
            using var parts = new MultipartFormDataContent();
            using var bytes = new StreamContent(stored.Content);
            bytes.Headers.TryAddWithoutValidation("Content-Type", form.MimeType);
            parts.Add(new StringContent("whatsapp"), "messaging_product");
            parts.Add(new StringContent(form.MimeType), "type");
            parts.Add(bytes, "file", form.UploadName);
            var answer = await graph.PostAsync($"{graph.Number}/media", parts, limit.Token);
            if (answer.IsOk && answer.Body?.String("id") is { } id) return (id, null);
            var failed = answer.IsOk ? null : Failures.Of(answer, message.Try);
            return (null, failed is null or { Outcome: SendOutcome.Unknown } ? Again() : failed);
        }
        catch (HttpRequestException)
        {
            return (null, Again());
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return (null, Again());
        }
    }

    private SendResult Again() => message.Try < UploadTries
        ? SendResult.Later(TimeSpan.FromSeconds(10 * message.Try), "O arquivo ainda não pôde ser enviado à Meta; a mensagem espera.")
        : SendResult.Refused("O arquivo não pôde ser enviado à Meta. A mensagem não saiu.", "upload");
}

/// <summary>As what WhatsApp takes a file. What it does not take as it is, it takes as a document.</summary>
/// <param name="Type">Null when it is too large even for that.</param>
/// <param name="MimeType">What the upload says that it is.</param>
/// <param name="UploadName">Its name there: endings count.</param>
internal sealed record FileForm(string? Type, string MimeType, string UploadName)
{
    private const long Megabyte = 1024 * 1024;

    /// <summary>The largest document.</summary>
    public const long Most = 100 * Megabyte;

    /// <summary>A recording that plays in the conversation.</summary>
    public bool IsVoice { get; init; }

    public bool HasCaption => Type is "image" or "video" or "document";

    public string? TooLarge => Type is null ? "O WhatsApp aceita arquivos de até 100 MB." : null;

    public static FileForm Of(MediaContent file, string mimeType, long size)
    {
        var mime = mimeType.Split(';')[0].Trim().ToLowerInvariant();
        var isVoice = file.Kind == MediaKind.Voice && mime == "audio/ogg";
        var type = mime switch
        {
            _ when size > Most => null,
            "image/jpeg" or "image/png" when size <= 5 * Megabyte => "image",
            "video/mp4" or "video/3gpp" when size <= 16 * Megabyte => "video",
            "image/webp" when file.Kind == MediaKind.Sticker && size <= 500 * 1024 && NoCaption(file) => "sticker",
            "audio/ogg" or "audio/mpeg" or "audio/mp4" or "audio/aac" or "audio/amr" when size <= 16 * Megabyte && NoCaption(file) => "audio",
            _ => "document",
        };
        isVoice &= type == "audio";
        // WhatsApp looks at the ending and at the codec, and refuses a bare audio/ogg after it took it.
        return new FileForm(type, mime == "audio/ogg" ? "audio/ogg; codecs=opus" : mime.Length == 0 ? "application/octet-stream" : mime, NameOf(file.FileName, mime)) { IsVoice = isVoice };
    }

    /// <summary>Recordings and stickers carry none; a text that belongs to the file must not get lost.</summary>
    private static bool NoCaption(MediaContent file) => string.IsNullOrWhiteSpace(file.Caption);

    private static string NameOf(string? name, string mime) => mime switch
    {
        "audio/ogg" => "audio.ogg",
        "audio/mp4" => "audio.m4a",
        "audio/mpeg" => "audio.mp3",
        "audio/aac" => "audio.aac",
        "audio/amr" => "audio.amr",
        _ => Path.GetExtension(name) is { Length: > 1 and <= 10 } ending && ending.All(c => c == '.' || char.IsAsciiLetterOrDigit(c)) ? "arquivo" + ending.ToLowerInvariant() : "arquivo",
    };
}
