using System.Globalization;
using System.Text.Json;
using Inforzap.Sdk;

namespace Inforzap.Tickets.Inbound;

/// <summary>What a message says, in columns.</summary>
internal static class Contents
{
    private static readonly JsonSerializerOptions Web = JsonSerializerOptions.Web;

    public static (MessageKind Kind, string? Body, string? Extra) Describe(Content content) => content switch
    {
        TextContent text => (MessageKind.Text, text.Body, null),
        MediaContent media => (MessageKind.Document, media.Caption, null),
        LocationContent place => (MessageKind.Location, place.Name, JsonSerializer.Serialize(place, Web)),
        ContactContent card => (MessageKind.Contact, card.Name, JsonSerializer.Serialize(card, Web)),
        ChoiceContent choice => (MessageKind.Choice, choice.Title, JsonSerializer.Serialize(choice, Web)),
        OfferContent offer => (MessageKind.Choice, offer.Body, JsonSerializer.Serialize(offer, Web)),
        TemplateContent template => (MessageKind.Template, template.Body, JsonSerializer.Serialize(template, Web)),
        UnsupportedContent other => (MessageKind.Unsupported, null, JsonSerializer.Serialize(other, Web)),
        _ => (MessageKind.Unsupported, null, null),
    };

    /// <summary>The place, contact card, question or template that a message is; null for all others.</summary>
    public static Content? CardOf(Message message) => CardOf(message.Kind, message.Extra);

    /// <inheritdoc cref="CardOf(Message)"/>
    public static Content? CardOf(MessageKind kind, string? extra) => (kind, extra) switch
    {
        (MessageKind.Location, { } place) => JsonSerializer.Deserialize<LocationContent>(place, Web),
        (MessageKind.Contact, { } card) => JsonSerializer.Deserialize<ContactContent>(card, Web),
        (MessageKind.Template, { } template) => JsonSerializer.Deserialize<TemplateContent>(template, Web),
        // What a customer pressed has an id and no choices.
        (MessageKind.Choice, { } offer) => JsonSerializer.Deserialize<OfferContent>(offer, Web) is { Choices: not null } asked ? asked : null,
        _ => null,
    };

    /// <summary>A question where nothing can be pressed.</summary>
    public static string Numbered(OfferContent offer) => $"{offer.Body}\n\n{string.Join('\n', offer.Choices.Select((c, i) => string.Create(CultureInfo.InvariantCulture, $"{i + 1}. {c.Title}")))}";

    /// <summary>One line for the list; for media without text the file's name.</summary>
    public static string Snippet(MessageKind kind, string? body, string? fileName)
    {
        var text = string.IsNullOrWhiteSpace(body) ? kind is MessageKind.Document ? fileName ?? "" : "" : body;
        var line = text.ReplaceLineEndings(" ");
        if (line.Length <= 160) return line;
        var cut = char.IsHighSurrogate(line[159]) ? 159 : 160;
        return string.Create(CultureInfo.InvariantCulture, $"{line.AsSpan(0, cut)}…");
    }
}
