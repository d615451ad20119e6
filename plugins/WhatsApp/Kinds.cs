using System.Globalization;
using System.Text;
using System.Text.Json;
using Inforzap.Sdk;

namespace Inforzap.Plugins.WhatsApp;

/// <summary>What each kind of message says, in the product's words. A kind that is younger than this page is kept as unsupported.</summary>
internal static class Kinds
{
    /// <summary>Envelopes with a message in them.</summary>
    private static readonly string[] Wrappers =
        ["ephemeralMessage", "viewOnceMessage", "viewOnceMessageV2", "viewOnceMessageV2Extension", "documentWithCaptionMessage", "editedMessage", "deviceSentMessage", "groupMentionedMessage", "botInvokeMessage", "lottieStickerMessage"];

    /// <summary>What WhatsApp's programs say to each other.</summary>
    private static readonly HashSet<string> Housekeeping = new(StringComparer.Ordinal)
    {
        "protocolMessage", "senderKeyDistributionMessage", "fastRatchetKeySenderKeyDistributionMessage", "keepInChatMessage", "pinInChatMessage",
    };

    /// <summary>The message itself, out of all its envelopes.</summary>
    public static JsonElement Unwrap(JsonElement message)
    {
        for (var depth = 0; depth < 10; depth++)
        {
            var inner = Wrappers.Select(w => message.Child(w)?.Child("message")).FirstOrDefault(m => m is not null);
            if (inner is not { } next) return message;
            message = next;
        }
        return message;
    }

    /// <summary>The parts of a message: one, or as many as it holds contact cards. None: nobody said anything.</summary>
    /// <param name="message">Unwrapped.</param>
    /// <param name="type">What the gateway calls it.</param>
    /// <param name="id">Of the message; under it its file is fetched.</param>
    public static IReadOnlyList<Content> Of(JsonElement message, string? type, string id)
    {
        if (message.Child("contactsArrayMessage") is { } several && several.Items("contacts").Select(Card).ToList() is { Count: > 0 } cards) return cards;
        if (message.ValueKind == JsonValueKind.Object)
        {
            foreach (var field in message.EnumerateObject())
                if (One(field.Name, field.Value, id) is { } content) return [content];
            var names = message.EnumerateObject().Select(f => f.Name).Where(n => n != Beside).ToList();
            if (names.FirstOrDefault(n => !Housekeeping.Contains(n)) is { } unknown) return [new UnsupportedContent(Cut(unknown))];
            if (names.Count > 0 || (type is not null && Housekeeping.Contains(type))) return [];
        }
        return [new UnsupportedContent(Cut(type ?? "unknown"))];
    }

    /// <summary>Stands beside every message, and sometimes alone.</summary>
    private const string Beside = "messageContextInfo";

    /// <summary>The text of an edit: of the message, or below a file.</summary>
    public static string? TextOf(JsonElement message)
    {
        message = Unwrap(message);
        return message.String("conversation") ?? message.Child("extendedTextMessage")?.String("text")
            ?? new[] { "imageMessage", "videoMessage", "documentMessage" }.Select(n => message.Child(n)?.String("caption")).FirstOrDefault(c => c is not null);
    }

    /// <summary>What a message quotes, and from where it came.</summary>
    public static JsonElement? ContextOf(JsonElement data, JsonElement message)
    {
        if (data.Child("contextInfo") is { } context) return context;
        if (message.ValueKind != JsonValueKind.Object) return null;
        foreach (var field in message.EnumerateObject())
            if (field.Value.Child("contextInfo") is { } inner) return inner;
        return null;
    }

    private static Content? One(string name, JsonElement value, string id) => name switch
    {
        "conversation" => value.ValueKind == JsonValueKind.String && value.Text() is { Length: > 0 } text ? new TextContent(text) : null,
        "extendedTextMessage" => value.String("text") is { } text ? new TextContent(text) : null,
        "imageMessage" => Media(MediaKind.Image, value, id),
        "videoMessage" or "ptvMessage" => Media(MediaKind.Video, value, id),
        "audioMessage" => Media(value.Flag("ptt") == true ? MediaKind.Voice : MediaKind.Audio, value, id),
        "documentMessage" => Media(MediaKind.Document, value, id),
        "stickerMessage" => Media(MediaKind.Sticker, value, id),
        "locationMessage" => Place(value, value.String("name")),
        "liveLocationMessage" => Place(value, value.String("caption")),
        "contactMessage" => value.ValueKind == JsonValueKind.Object ? Card(value) : null,
        "buttonsResponseMessage" => Choice(value.String("selectedButtonId"), value.String("selectedDisplayText")),
        "templateButtonReplyMessage" => Choice(value.String("selectedId"), value.String("selectedDisplayText")),
        "listResponseMessage" => Choice(value.Child("singleSelectReply")?.String("selectedRowId"), value.String("title")),
        "interactiveResponseMessage" => Interactive(value),
        "pollCreationMessage" or "pollCreationMessageV2" or "pollCreationMessageV3" => Poll(value),
        "pollUpdateMessage" => Vote(value),
        _ => null,
    };

    private static MediaContent? Media(MediaKind kind, JsonElement media, string id) => media.ValueKind != JsonValueKind.Object ? null
        : new MediaContent(kind, new MediaRef(Reference: id), media.String("fileName") ?? media.String("title"), media.String("caption"), media.String("mimetype"),
            media.Number("fileLength") is { } size and > 0 and < long.MaxValue / 2 ? (long)size : null);

    private static LocationContent? Place(JsonElement place, string? name) =>
        place.Number("degreesLatitude") is { } latitude && place.Number("degreesLongitude") is { } longitude ? new LocationContent(latitude, longitude, name, place.String("address")) : null;

    private static Content Card(JsonElement card)
    {
        var (name, phones) = Read(card.String("vcard") ?? "");
        return new ContactContent(card.String("displayName") ?? name ?? (phones is [var first, ..] ? first : "?"), phones);
    }

    /// <summary>The name and the numbers of a card, as phones write it.</summary>
    private static (string? Name, IReadOnlyList<string> Phones) Read(string vcard)
    {
        string? name = null;
        var phones = new List<string>();
        foreach (var line in vcard.Split('\n'))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon < 0) continue;
            var (head, value) = (line[..colon], line[(colon + 1)..].Trim());
            var field = head.Split(';')[0];
            field = field[(field.IndexOf('.', StringComparison.Ordinal) + 1)..].Trim();
            if (field.Equals("FN", StringComparison.OrdinalIgnoreCase) && value.Length > 0) name ??= value;
            if (field.Equals("TEL", StringComparison.OrdinalIgnoreCase) && value.Length > 0) phones.Add(value);
        }
        return (name, phones);
    }

    private static ChoiceContent? Choice(string? id, string? title) => (id ?? title) is { } known ? new ChoiceContent(known, title ?? known) : null;

    private static ChoiceContent? Interactive(JsonElement said)
    {
        var id = (string?)null;
        if (said.Child("nativeFlowResponseMessage")?.String("paramsJson") is { } json && Answer.Parse(Encoding.UTF8.GetBytes(json)) is { } parameters) id = parameters.String("id");
        return Choice(id, said.Child("body")?.String("text"));
    }

    private static TextContent? Poll(JsonElement poll) => poll.String("name") is { } name
        ? new TextContent($"{name}\n{string.Join('\n', poll.Items("options").Select(o => o.String("optionName")).OfType<string>().Select(o => $"• {o}"))}".TrimEnd()) : null;

    private static ChoiceContent? Vote(JsonElement update) =>
        update.Child("vote")?.Strings("selectedOptions").Where(o => o.Length > 0).ToList() is { Count: > 0 } chosen ? new ChoiceContent(Cut(chosen[0]), string.Join(", ", chosen)) : null;

    /// <summary>
    /// What a message of ours looks like from outside, so that one that comes back is known again: its kind, and its text. Null: it
    /// is none that we send.
    /// </summary>
    public static string? ShapeOf(JsonElement message)
    {
        message = Unwrap(message);
        if (message.ValueKind != JsonValueKind.Object) return null;
        foreach (var field in message.EnumerateObject())
            if (field.Name switch
            {
                "conversation" => Shape("text", field.Value.ValueKind == JsonValueKind.String ? field.Value.Text() : null),
                "extendedTextMessage" => Shape("text", field.Value.String("text")),
                "imageMessage" => Shape("image", field.Value.String("caption")),
                "videoMessage" => Shape("video", field.Value.String("caption")),
                "documentMessage" => Shape("document", field.Value.String("caption")),
                "audioMessage" => Shape("audio", null),
                "stickerMessage" => Shape("sticker", null),
                "locationMessage" => string.Create(CultureInfo.InvariantCulture, $"location:{field.Value.Number("degreesLatitude") ?? 0:F4},{field.Value.Number("degreesLongitude") ?? 0:F4}"),
                "contactMessage" => Shape("contact", field.Value.String("displayName")),
                "contactsArrayMessage" => Shape("contact", field.Value.Items("contacts").Select(c => c.String("displayName")).FirstOrDefault()),
                _ => null,
            } is { } shape) return shape;
        return null;
    }

    public static string Shape(string kind, string? text) => $"{kind}:{text?.Trim()}";

    private static string Cut(string text) => text.Length > 60 ? text[..60] : text;
}
