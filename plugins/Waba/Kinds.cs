using System.Globalization;
using System.Text;
using System.Text.Json;
using Inforzap.Sdk;

namespace Inforzap.Plugins.Waba;

/// <summary>What each kind of message says, in the product's words. A kind that is younger than this page is kept as unsupported.</summary>
internal static class Kinds
{
    /// <summary>The kind of address that a group has.</summary>
    public const string Group = AddressKind.WhatsAppGroup;

    private static readonly CultureInfo Portuguese = CultureInfo.GetCultureInfo("pt-BR");

    /// <summary>The parts of a message: one, or as many as it holds contact cards.</summary>
    public static IReadOnlyList<Content> Of(JsonElement message)
    {
        var type = message.String("type") ?? "unknown";
        if (type == "contacts" && message.Items("contacts").Select(Card).ToList() is { Count: > 0 } cards) return cards;
        return [One(type, message) ?? new UnsupportedContent(Word(message, type))];
    }

    /// <summary>The text of an edit: of the message, or below a file.</summary>
    public static string? TextOf(JsonElement message) =>
        message.Child("text")?.String("body") ?? (message.String("type") is { } type ? message.Child(type)?.String("caption") : null);

    private static Content? One(string type, JsonElement message) => type switch
    {
        "text" => message.Child("text")?.String("body") is { } body ? new TextContent(body) : null,
        "image" => Media(MediaKind.Image, message.Child(type)),
        "video" => Media(MediaKind.Video, message.Child(type)),
        "audio" or "voice" => Media(type == "voice" || message.Child(type)?.Is("voice") == true ? MediaKind.Voice : MediaKind.Audio, message.Child(type)),
        "document" => Media(MediaKind.Document, message.Child(type)),
        "sticker" => Media(MediaKind.Sticker, message.Child(type)),
        "location" => Place(message.Child(type)),
        "button" => message.Child(type) is { } button && (button.String("text") ?? button.String("payload")) is { } title ? new ChoiceContent(button.String("payload") ?? title, title) : null,
        "interactive" => Interactive(message.Child(type)),
        "order" => Order(message.Child(type)),
        "system" => message.Child(type) is { } told && System(told) is { } words ? new TextContent(words) : null,
        _ => null,
    };

    private static MediaContent? Media(MediaKind kind, JsonElement? media) => media?.String("id") is { } id
        ? new MediaContent(kind, new MediaRef(Reference: id), media.Value.String("filename"), media.Value.String("caption"), media.Value.String("mime_type"),
            media.Value.Number("file_size") is { } size and > 0 ? (long)size : null)
        : null;

    private static LocationContent? Place(JsonElement? place) => place?.Number("latitude") is { } latitude && place.Value.Number("longitude") is { } longitude
        ? new LocationContent(latitude, longitude, place.Value.String("name"), place.Value.String("address")) : null;

    private static Content Card(JsonElement card)
    {
        var phones = card.Items("phones").Select(p => p.String("phone") ?? p.String("wa_id")).OfType<string>().ToList();
        var name = card.Child("name") is { } named ? named.String("formatted_name") ?? named.String("first_name") : null;
        return new ContactContent(name ?? card.Child("org")?.String("company") ?? phones.FirstOrDefault() ?? "?", phones);
    }

    private static Content? Interactive(JsonElement? interactive)
    {
        if (interactive is not { } said) return null;
        if ((said.Child("button_reply") ?? said.Child("list_reply")) is { } choice)
            return choice.String("id") is { } id ? new ChoiceContent(id, choice.String("title") ?? id) : null;
        return said.Child("nfm_reply") is { } form ? Form(form) : null;
    }

    /// <summary>A form that was filled in: its fields, one a line.</summary>
    private static TextContent? Form(JsonElement form)
    {
        var text = new StringBuilder(form.String("body"));
        try
        {
            if (form.String("response_json") is { } json)
                foreach (var field in JsonSerializer.Deserialize<JsonElement>(json).EnumerateObject().Where(f => f.Name != "flow_token"))
                    text.Append(text.Length == 0 ? "" : "\n").Append(field.Name).Append(": ").Append(field.Value.ToString());
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // The fields can't be read; what Meta says of the form stands there.
        }
        return text.Length == 0 ? null : new TextContent(text.ToString());
    }

    /// <summary>What Meta tells of somebody. Its own sentences are English, and quote numbers as they come.</summary>
    private static string? System(JsonElement told) => told.String("type") switch
    {
        "user_changed_number" or "customer_changed_number" => told.String("wa_id") is { } now ? $"O cliente mudou de número: agora é {Phone(now.TrimStart('+'))}." : "O cliente mudou de número.",
        "user_changed_user_id" => "O cliente mudou de conta no WhatsApp.",
        "customer_identity_changed" => "O cliente trocou de aparelho ou reinstalou o WhatsApp.",
        _ => told.String("body"),
    };

    /// <summary>As people here write it.</summary>
    private static string Phone(string digits) => digits switch
    {
        { Length: 12 or 13 } when digits.StartsWith("55", StringComparison.Ordinal) => $"+55 {digits[2..4]} {digits[4..^4]}-{digits[^4..]}",
        _ => "+" + digits,
    };

    /// <summary>What somebody put into the basket, as a text that can be answered.</summary>
    private static TextContent? Order(JsonElement? order)
    {
        if (order is not { } basket || basket.Items("product_items").ToList() is not { Count: > 0 } items) return null;
        var text = new StringBuilder("Pedido");
        if (basket.String("text") is { } note) text.Append(": ").Append(note);
        foreach (var item in items)
        {
            text.Append("\n• ").Append((item.Number("quantity") ?? 1).ToString("0.##", Portuguese)).Append(" × ").Append(item.String("product_retailer_id") ?? "?");
            if (item.Number("item_price") is { } price) text.Append(Portuguese, $" ({price:N2} {item.String("currency")})");
        }
        return new TextContent(text.ToString());
    }

    private static string Word(JsonElement message, string type) =>
        type == "unsupported" && message.Items("errors").FirstOrDefault() is { ValueKind: JsonValueKind.Object } error ? error.String("title") ?? type : type.Length > 60 ? type[..60] : type;
}
