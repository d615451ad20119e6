using System.Text.Json;
using Inforzap.Sdk;

namespace Inforzap.Plugins.Echo;

/// <summary>Translates the body of a webhook call: <c>{"events": [...]}</c>.</summary>
internal static class EchoEvents
{
    /// <summary>The longest id that the inbox takes.</summary>
    public const int LongestId = 300;

    private const int LongestAddress = 128;
    private static readonly JsonReaderOptions Strict = new() { MaxDepth = 32 };

    /// <summary>The events that make sense, in their order, each with its own bytes; the others are counted, and cost only themselves.</summary>
    /// <exception cref="JsonException">The body as a whole is not JSON of that shape.</exception>
    public static List<InboundEvent> Read(Guid channel, ReadOnlyMemory<byte> body, out int skipped)
    {
        skipped = 0;
        List<InboundEvent>? events = null;
        var json = new Utf8JsonReader(body.Span, Strict);
        Expect(ref json, JsonTokenType.StartObject);
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (!json.ValueTextEquals("events"u8))
            {
                json.Skip();
                continue;
            }
            Expect(ref json, JsonTokenType.StartArray);
            events ??= [];
            while (json.Read() && json.TokenType != JsonTokenType.EndArray)
            {
                var start = (int)json.TokenStartIndex;
                json.Skip();
                if (Translate(channel, body[start..(int)json.BytesConsumed]) is { } happened) events.Add(happened);
                else skipped++;
            }
        }
        // One more read finds what is wrong behind the last bracket.
        if (events is null || json.Read()) throw new JsonException("events");
        return events;
    }

    private static void Expect(ref Utf8JsonReader json, JsonTokenType token)
    {
        if (!json.Read() || json.TokenType != token) throw new JsonException(token.ToString());
    }

    /// <summary>The event, or null when it cannot be given to anybody: without an id, without an address, or of the wrong shape.</summary>
    private static InboundEvent? Translate(Guid channel, ReadOnlyMemory<byte> raw)
    {
        EchoEvent? said;
        try
        {
            said = JsonSerializer.Deserialize(raw.Span, EchoJson.Default.EchoEvent);
        }
        catch (JsonException)
        {
            return null;
        }
        if (said is not { Id.Length: > 0 and <= LongestId, From.Length: > 0 and <= LongestAddress }) return null;
        var from = AddressOf(said.From, said.Name);
        var at = said.At?.UtcDateTime;
        return said switch
        {
            { Type: "message" } => new InboundMessage(channel, said.Id, from, ContentOf(said)) { At = at, Raw = raw, QuotedProviderId = said.Quoted, Echo = said.Ours is true },
            { Type: "receipt" } => Receipt(channel, from, said, raw),
            { Type: "edit", Message: { } message, Text: { } text } => new InboundEdit(channel, said.Id, from, message, text) { At = at, Raw = raw },
            { Type: "revoke", Message: { } message } => new InboundRevoke(channel, said.Id, from, message) { At = at, Raw = raw },
            { Type: "reaction", Message: { } message } => new InboundReaction(channel, said.Id, from, message, said.Emoji ?? "") { At = at, Raw = raw },
            { Type: "edit" or "revoke" or "reaction" } => null,
            // Somebody said something that we can't read: people see that there was something.
            _ => new InboundMessage(channel, said.Id, from, new UnsupportedContent(said.Type ?? "?")) { At = at, Raw = raw },
        };
    }

    private static InboundReceipt? Receipt(Guid channel, Address from, EchoEvent said, ReadOnlyMemory<byte> raw) =>
        Parse<ReceiptState>(said.State) is { } state && (said.Message ?? (said.Attempt is null ? null : "")) is { } message
            ? new InboundReceipt(channel, said.Id!, from, message, state)
            {
                At = said.At?.UtcDateTime,
                Raw = raw,
                AttemptId = said.Attempt,
                Reason = said.Reason,
            }
            : null;

    private static Content ContentOf(EchoEvent said)
    {
        if (said is { MediaUrl: null, MediaKind: null }) return said.Text is { } text ? new TextContent(text) : new UnsupportedContent("message");
        return Parse<MediaKind>(said.MediaKind ?? nameof(MediaKind.Document)) is { } kind
            && Uri.TryCreate(said.MediaUrl, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
            ? new MediaContent(kind, new MediaRef(url), said.FileName, said.Text)
            : new UnsupportedContent(said.MediaKind ?? "media");
    }

    /// <summary>By name only: <c>Enum.TryParse</c> alone would take any number.</summary>
    private static T? Parse<T>(string? name) where T : struct, Enum =>
        Enum.TryParse<T>(name, ignoreCase: true, out var value) && char.IsAsciiLetter(name![0]) ? value : null;

    /// <summary>Messages that were said before, in the shape of a webhook call; <c>ours</c> tells who wrote them.</summary>
    /// <exception cref="JsonException">It is not of that shape.</exception>
    public static IEnumerable<PastMessage> Past(Guid channel, ReadOnlyMemory<byte> body) =>
        Read(channel, body, out _).OfType<InboundMessage>().Where(m => m.At is not null).Select(m => new PastMessage(m.EventId, m.At!.Value, m.Echo, m.Content) { QuotedProviderId = m.QuotedProviderId });

    /// <summary>An address as the host knows it.</summary>
    public static Address AddressOf(string value, string? name) => new(value, IsPhone(value) ? AddressKind.Phone : AddressKind.Visitor, name);

    private static bool IsPhone(string value) => value.AsSpan().IndexOfAnyExceptInRange('0', '9') < 0;
}
