using System.Text.RegularExpressions;

namespace Inforzap.Tickets.Desk;

/// <summary>A piece of a body: its text with the marks that hold over it, and where it leads when it is a link.</summary>
public sealed record BodySpan(string Text, bool Bold = false, bool Italic = false, bool Strike = false, bool Mono = false, Uri? Link = null);

/// <summary>
/// Cuts a body into pieces by WhatsApp's marks (*bold*, _italic_, ~strike~, ```mono```) and finds its links. What comes out
/// is text in every case: it is drawn by Razor, never as markup.
/// </summary>
public static partial class BodyText
{
    /// <summary>More than this is drawn plainly: nobody formats it, and it must not cost.</summary>
    private const int MaxFormatted = 20_000;

    /// <summary>The pieces, in order.</summary>
    public static IReadOnlyList<BodySpan> Cut(string? body)
    {
        if (string.IsNullOrEmpty(body)) return [];
        if (body.Length > MaxFormatted) return [new(body)];
        var spans = new List<BodySpan>();
        Marks(body, new BodySpan(""), spans, 0);
        return spans;
    }

    /// <summary>What is read where nothing is drawn bold: the text without its marks.</summary>
    public static string Plain(string? body) => string.Concat(Cut(body).Select(s => s.Text));

    /// <summary>The body begins with a signature (*Name:* on a line of its own), so its author needs no second mention.</summary>
    public static bool IsSigned(string? body) => body is ['*', ..] && body.IndexOf('\n', StringComparison.Ordinal) is > 3 and < 210 and var end && body.AsSpan(end - 2, 2).SequenceEqual(":*");

    /// <summary>The signature with the end of its line; empty when there is none.</summary>
    public static string SignatureOf(string? body) => IsSigned(body) ? body![..(body!.IndexOf('\n', StringComparison.Ordinal) + 1)] : "";

    private static void Marks(string text, BodySpan style, List<BodySpan> spans, int depth)
    {
        var at = 0;
        while (at < text.Length)
        {
            var open = depth < 4 ? text.AsSpan(at).IndexOfAny("*_~`") : -1;
            if (open < 0)
            {
                Links(text[at..], style, spans);
                return;
            }
            open += at;
            var mark = text[open];
            var width = mark == '`' ? 3 : 1;
            var close = Close(text, open, mark, width);
            if (close < 0)
            {
                Links(text[at..(open + 1)], style, spans);
                at = open + 1;
                continue;
            }
            if (open > at) Links(text[at..open], style, spans);
            var inner = text[(open + width)..close];
            if (mark == '`') spans.Add(style with { Text = inner, Mono = true });
            else
                Marks(inner, mark switch
                {
                    '*' => style with { Bold = true },
                    '_' => style with { Italic = true },
                    _ => style with { Strike = true },
                }, spans, depth + 1);
            at = close + width;
        }
    }

    /// <summary>The closing mark on the same line, hugging its text on both sides and no part of a word.</summary>
    private static int Close(string text, int open, char mark, int width)
    {
        if (width == 3)
        {
            if (string.CompareOrdinal(text, open, "```", 0, 3) != 0) return -1;
            var end = text.IndexOf("```", open + 3, StringComparison.Ordinal);
            return end > open + 3 ? end : -1;
        }
        if (open > 0 && char.IsLetterOrDigit(text[open - 1])) return -1;
        if (open + 1 >= text.Length || char.IsWhiteSpace(text[open + 1]) || text[open + 1] == mark) return -1;
        for (var i = open + 2; i < text.Length && text[i] != '\n'; i++)
            if (text[i] == mark && !char.IsWhiteSpace(text[i - 1]) && (i + 1 == text.Length || !char.IsLetterOrDigit(text[i + 1]))) return i;
        return -1;
    }

    private static void Links(string text, BodySpan style, List<BodySpan> spans)
    {
        var at = 0;
        foreach (var match in Link().EnumerateMatches(text))
        {
            var word = text.Substring(match.Index, match.Length).TrimEnd('.', ',', ';', ':', '!', '?', ')', ']', '\'', '"');
            if (!Uri.TryCreate(word, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || uri.UserInfo.Length > 0) continue;
            if (match.Index > at) spans.Add(style with { Text = text[at..match.Index] });
            spans.Add(style with { Text = word, Link = uri });
            at = match.Index + word.Length;
        }
        if (at < text.Length) spans.Add(style with { Text = text[at..] });
    }

    [GeneratedRegex(@"https?://[^\s<>]{3,2000}", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex Link();
}
