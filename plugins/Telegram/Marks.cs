using System.Text;
using Telegram.Bot.Types;
using Telegram.Bot.Types.Enums;

namespace Inforzap.Plugins.Telegram;

/// <summary>
/// The product's marks (*bold*, _italic_, ~strike~, ```mono```) and Telegram's entities, one into the other. Text goes out with
/// entities and without a parse mode: nothing that a person types can break it.
/// </summary>
internal static class Marks
{
    private const int MaxDepth = 4;

    /// <summary>Takes the marks out of a text and says where they held.</summary>
    public static (string Text, List<MessageEntity> Entities) Read(string body)
    {
        var text = new StringBuilder(body.Length);
        var entities = new List<MessageEntity>();
        Read(body, text, entities, 0);
        // Telegram wants them in their order; outer before inner.
        entities.Sort((a, b) => a.Offset != b.Offset ? a.Offset.CompareTo(b.Offset) : b.Length.CompareTo(a.Length));
        return (text.ToString(), entities);
    }

    private static void Read(string body, StringBuilder text, List<MessageEntity> entities, int depth)
    {
        var at = 0;
        while (at < body.Length)
        {
            var open = depth < MaxDepth ? body.AsSpan(at).IndexOfAny("*_~`") : -1;
            if (open < 0)
            {
                text.Append(body, at, body.Length - at);
                return;
            }
            open += at;
            var width = body[open] == '`' ? 3 : 1;
            var close = Close(body, open, width);
            if (close < 0)
            {
                text.Append(body, at, open + 1 - at);
                at = open + 1;
                continue;
            }
            text.Append(body, at, open - at);
            var (start, inner) = (text.Length, body[(open + width)..close]);
            if (width == 3) text.Append(inner);
            else Read(inner, text, entities, depth + 1);
            entities.Add(new MessageEntity { Type = TypeOf(body[open], inner), Offset = start, Length = text.Length - start });
            at = close + width;
        }
    }

    private static MessageEntityType TypeOf(char mark, string inner) => mark switch
    {
        '*' => MessageEntityType.Bold,
        '_' => MessageEntityType.Italic,
        '~' => MessageEntityType.Strikethrough,
        _ => inner.Contains('\n', StringComparison.Ordinal) ? MessageEntityType.Pre : MessageEntityType.Code,
    };

    /// <summary>The closing mark on the same line, hugging its text and no part of a word, as the product draws it; -1 when there is none.</summary>
    private static int Close(string body, int open, int width)
    {
        if (width == 3)
        {
            if (string.CompareOrdinal(body, open, "```", 0, 3) != 0) return -1;
            var end = body.IndexOf("```", open + 3, StringComparison.Ordinal);
            return end > open + 3 ? end : -1;
        }
        var mark = body[open];
        if (open > 0 && char.IsLetterOrDigit(body[open - 1])) return -1;
        if (open + 1 >= body.Length || char.IsWhiteSpace(body[open + 1]) || body[open + 1] == mark) return -1;
        for (var i = open + 2; i < body.Length && body[i] != '\n'; i++)
            if (body[i] == mark && !char.IsWhiteSpace(body[i - 1]) && (i + 1 == body.Length || !char.IsLetterOrDigit(body[i + 1]))) return i;
        return -1;
    }

    /// <summary>Puts marks into a text that came with entities; where a link stands behind words, its address follows them.</summary>
    public static string Write(string text, MessageEntity[]? entities)
    {
        if (entities is not { Length: > 0 }) return text;
        var inserts = new List<(int At, int Order, string Text)>();
        foreach (var entity in entities)
        {
            var (start, end) = (entity.Offset, entity.Offset + entity.Length);
            if (start < 0 || entity.Length <= 0 || end > text.Length) continue;
            if (entity.Type == MessageEntityType.TextLink && entity.Url is { Length: > 0 } url) inserts.Add((end, -entity.Offset, $" ({url})"));
            if (MarkOf(entity.Type) is not { } mark) continue;
            while (end > start && char.IsWhiteSpace(text[end - 1])) end--;
            while (start < end && char.IsWhiteSpace(text[start])) start++;
            if (end == start || (mark.Length == 1 && text.AsSpan(start, end - start).Contains('\n'))) continue;
            // Ends before beginnings; of two ends the inner one first, of two beginnings the outer one.
            inserts.Add((start, text.Length + 1 - entity.Length + text.Length, mark));
            inserts.Add((end, -start, mark));
        }
        var written = new StringBuilder(text.Length + (inserts.Count * 2));
        var at = 0;
        foreach (var insert in inserts.OrderBy(i => i.At).ThenBy(i => i.Order))
        {
            written.Append(text, at, insert.At - at).Append(insert.Text);
            at = insert.At;
        }
        return written.Append(text, at, text.Length - at).ToString();
    }

    private static string? MarkOf(MessageEntityType type) => type switch
    {
        MessageEntityType.Bold => "*",
        MessageEntityType.Italic => "_",
        MessageEntityType.Strikethrough => "~",
        MessageEntityType.Code or MessageEntityType.Pre => "```",
        _ => null,
    };

    /// <summary>
    /// Cuts a text into pieces of at most so many characters, at the end of a line or word where there is one, each with its
    /// part of the entities.
    /// </summary>
    public static List<(string Text, List<MessageEntity> Entities)> Cut(string text, List<MessageEntity> entities, int max)
    {
        var pieces = new List<(string, List<MessageEntity>)>();
        for (var at = 0; at < text.Length;)
        {
            var end = End(text, at, max);
            var (from, to) = (at, end);
            while (to > from && char.IsWhiteSpace(text[to - 1])) to--;
            if (to > from) pieces.Add((text[from..to], Within(entities, from, to)));
            at = end;
            while (at < text.Length && pieces.Count > 0 && char.IsWhiteSpace(text[at])) at++;
        }
        return pieces;
    }

    private static int End(string text, int at, int max)
    {
        if (text.Length - at <= max) return text.Length;
        var window = text.AsSpan(at, max);
        var line = window.LastIndexOf('\n');
        if (line > max / 2) return at + line + 1;
        var word = window.LastIndexOf(' ');
        if (word > max / 2) return at + word + 1;
        return char.IsHighSurrogate(text[at + max - 1]) ? at + max - 1 : at + max;
    }

    private static List<MessageEntity> Within(List<MessageEntity> entities, int begin, int to) =>
        [.. from entity in entities
            let start = Math.Max(entity.Offset, begin)
            let end = Math.Min(entity.Offset + entity.Length, to)
            where end > start
            select new MessageEntity { Type = entity.Type, Offset = start - begin, Length = end - start }];
}
