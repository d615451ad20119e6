using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Inforzap.Data;
using Inforzap.Jobs;
using Inforzap.Requests;

namespace Inforzap.Channels.Watch;

/// <summary>
/// What happened on each channel, for whoever looks for a fault: the last 200 things. Kept in memory between the writes, so that
/// a busy channel pays nothing for it; what a process that dies takes along is a few seconds of a diary.
/// </summary>
internal sealed class ChannelLog(TimeProvider clock)
{
    /// <summary>So many are kept per channel.</summary>
    public const int Kept = 200;

    /// <summary>What a plugin says that the provider says.</summary>
    public const string Provider = "provider";

    private const int LongestPayload = 16 * 1024;

    private readonly ConcurrentDictionary<Guid, Queue<Entry>> unwritten = new();

    /// <summary>One thing. Its payload is looked at only if it is still among the last when it is written.</summary>
    public readonly record struct Entry(DateTime At, string Kind, string Outcome, string? Detail, ReadOnlyMemory<byte> Payload);

    public void Add(Guid channelId, string kind, string outcome, string? detail = null, ReadOnlyMemory<byte> payload = default)
    {
        var queue = unwritten.GetOrAdd(channelId, _ => new Queue<Entry>());
        lock (queue)
        {
            // A stranger who knocks again and again must not push out what happened before, nor a provider that repeats itself.
            if (kind is "webhook" or Provider && queue.LastOrDefault() is { Kind: not null } last && (last.Kind, last.Outcome, last.Detail) == (kind, outcome, detail)) return;
            if (queue.Count == Kept) queue.Dequeue();
            // A copy: what came may be a slice of a body of megabytes, which would stay for its sake.
            queue.Enqueue(new(clock.GetUtcNow().UtcDateTime, kind, outcome, detail, payload.Length <= LongestPayload ? payload.ToArray() : default));
        }
    }

    /// <summary>Takes what was not written yet.</summary>
    public IReadOnlyList<(Guid ChannelId, IReadOnlyList<Entry> Entries)> Take()
    {
        var taken = new List<(Guid, IReadOnlyList<Entry>)>();
        foreach (var (channelId, queue) in unwritten)
            lock (queue)
            {
                if (queue.Count == 0) continue;
                taken.Add((channelId, [.. queue]));
                queue.Clear();
            }
        return taken;
    }
}

/// <summary>Writes the diary of the channels, and forgets what is older than its last 200 things.</summary>
internal sealed class WriteChannelLog(InforzapDb db, Commits commits, ChannelLog log) : IJob
{
    public async Task RunAsync(JobTick tick, CancellationToken ct)
    {
        var taken = log.Take();
        if (taken.Count == 0) return;
        await commits.RunAsync(db, async () =>
        {
            foreach (var (channelId, entries) in taken)
                foreach (var e in entries)
                    db.Add(new ChannelEvent
                    {
                        ChannelId = channelId, At = e.At, Kind = e.Kind, Outcome = e.Outcome, Detail = e.Detail is null ? null : CleanText.Of(e.Detail, 500), Payload = Redacted.Of(e.Payload.Span),
                    });
            await db.SaveChangesAsync(ct);
            foreach (var (channelId, _) in taken)
            {
                var last = await db.ChannelEvents.Where(e => e.ChannelId == channelId).OrderByDescending(e => e.Position).Select(e => (long?)e.Position).Skip(ChannelLog.Kept).FirstOrDefaultAsync(ct);
                if (last is { } old) await db.ChannelEvents.Where(e => e.ChannelId == channelId && e.Position <= old).ExecuteDeleteAsync(ct);
            }
            return true;
        }, WriterKind.Background, ct);
    }
}

/// <summary>
/// The shape of a payload without what it says: names stay, texts become their length, numbers that could be somebody's are
/// struck out. Only words that a provider chose from a few (types, states) are left, under names that hold nothing else.
/// </summary>
internal static partial class Redacted
{
    private const int Longest = 4_000;
    private const int MostDigits = 4;
    private static readonly HashSet<string> Words = new(StringComparer.OrdinalIgnoreCase) { "type", "event", "kind", "status", "state", "mime_type", "mimeType", "object", "field", "messaging_product", "isReachable" };

    public static string? Of(ReadOnlySpan<byte> payload)
    {
        if (payload.IsEmpty) return null;
        using var stream = new MemoryStream();
        try
        {
            var reader = new Utf8JsonReader(payload, new JsonReaderOptions { MaxDepth = 64 });
            using var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true, MaxDepth = 64, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
            var name = "";
            while (reader.Read()) Copy(ref reader, writer, ref name);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return $"({payload.Length} bytes)";
        }
        var text = Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
        return text.Length > Longest ? CleanText.Cut(text, Longest) + "…" : text;
    }

    /// <summary>A sentence of a plugin, in one line, without what could lead to somebody: an e-mail address, or digits enough for a telephone number.</summary>
    public static string Line(string text, int longest)
    {
        var line = Somebody().Replace(CleanText.Of(text.Length > MuchTooLong ? text[..MuchTooLong] : text).ReplaceLineEndings(" ").Trim(), "•");
        return line.Length > longest ? CleanText.Cut(line, longest - 1) + "…" : line;
    }

    private const int MuchTooLong = 4_000;

    /// <summary>Eight digits or more, as people and providers write them, or a word around an at sign. Codes of errors have six.</summary>
    [GeneratedRegex(@"\+?[0-9](?:[ .()/-]{0,2}[0-9]){7,}|[^\s@]+@[^\s@]+")]
    private static partial Regex Somebody();

    private static void Copy(ref Utf8JsonReader reader, Utf8JsonWriter writer, ref string name)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject: writer.WriteStartObject(); break;
            case JsonTokenType.EndObject: writer.WriteEndObject(); break;
            case JsonTokenType.StartArray: writer.WriteStartArray(); break;
            case JsonTokenType.EndArray: writer.WriteEndArray(); break;
            case JsonTokenType.PropertyName: writer.WritePropertyName(Name(name = reader.GetString()!)); break;
            case JsonTokenType.String: writer.WriteStringValue(Text(name, reader.GetString()!)); break;
            case JsonTokenType.Number: Number(ref reader, writer); break;
            case JsonTokenType.True or JsonTokenType.False: writer.WriteBooleanValue(reader.TokenType == JsonTokenType.True); break;
            default: writer.WriteNullValue(); break;
        }
    }

    /// <summary>Somebody may use a number as a name.</summary>
    private static string Name(string name) => name.Length > 60 || name.Count(char.IsAsciiDigit) > MostDigits ? $"•{name.Length}" : name;

    private static string Text(string name, string value) =>
        Words.Contains(name) && value.Length <= 40 && value.All(c => char.IsAsciiLetter(c) || c is '_' or '/' or '-' or '.') ? value : $"•{value.Length}";

    private static void Number(ref Utf8JsonReader reader, Utf8JsonWriter writer)
    {
        if (reader.TryGetInt64(out var number) && Math.Abs(number) < 10_000) writer.WriteNumberValue(number);
        else writer.WriteStringValue("#");
    }
}

/// <summary>The last things that happened on a channel, the newest first.</summary>
[Allow("channels.edit"), Reads]
internal sealed record ReadChannelLog([property: NotEmpty] Guid Id) : IRequest<IReadOnlyList<ChannelLogRow>>;

/// <summary>One of them.</summary>
public sealed record ChannelLogRow(long Position, DateTime At, string Kind, string Outcome, string? Detail, string? Payload);

internal sealed class ReadChannelLogHandler(InforzapDb db) : IRequestHandler<ReadChannelLog, IReadOnlyList<ChannelLogRow>>
{
    public async Task<IReadOnlyList<ChannelLogRow>> Handle(ReadChannelLog request, CancellationToken ct) =>
        await db.ChannelEvents.AsNoTracking().Where(e => e.ChannelId == request.Id).OrderByDescending(e => e.Position).Take(ChannelLog.Kept)
            .Select(e => new ChannelLogRow(e.Position, e.At, e.Kind, e.Outcome, e.Detail, e.Payload)).ToListAsync(ct);
}
