using System.Text;
using Inforzap.Data;

namespace Inforzap.Tickets.Desk;

/// <summary>What somebody typed into the search: words, which may go on, and in quotes what must stand there just so.</summary>
/// <param name="Words">Folded, each without signs.</param>
/// <param name="Phrases">Folded, their words apart by one space.</param>
/// <param name="Plain">All of it without quotes, for names and numbers.</param>
internal sealed record SearchTerms(IReadOnlyList<string> Words, IReadOnlyList<string> Phrases, string Plain)
{
    private const int Before = 28;
    private const int Longest = 140;
    private static readonly char[] Quotes = ['"', '“', '”', '«', '»'];
    private static readonly char[] Signs = [' ', '\t', '\n', '"', '\'', '*', ':', '(', ')', '-', '&', '|', '!', '<', '>', '\\', .. Quotes];

    public static SearchTerms Of(string? text)
    {
        var parts = (text ?? "").Split(Quotes);
        // Every second part stands between quotes; the last one only if they were closed.
        var isQuoted = (int i) => i % 2 == 1 && i < parts.Length - 1;
        var words = parts.Index().Where(p => !isQuoted(p.Index)).SelectMany(p => Cut(p.Item)).ToList();
        var phrases = parts.Index().Where(p => isQuoted(p.Index)).Select(p => string.Join(' ', Cut(p.Item))).Where(p => p.Length > 0).ToList();
        return new(words, phrases, string.Join(' ', string.Join(' ', parts).Split(' ', StringSplitOptions.RemoveEmptyEntries)));
    }

    private static string[] Cut(string text) => SearchText.Fold(text).Split(Signs, StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Single letters stand in every message.</summary>
    public bool MeanSomething => Words.Concat(Phrases).Any(w => w.Length > 1);

    /// <summary>All of it is one phrase.</summary>
    public static bool IsExact(string? text) => Of(text) is { Words.Count: 0, Phrases.Count: 1 };

    /// <summary>The same search as one phrase, or as words.</summary>
    public static string Exact(string text, bool isExact) => isExact ? $"\"{Of(text).Plain}\"" : Of(text).Plain;

    /// <summary>The part of a text around the first place where something is found, in one line; null: nothing is.</summary>
    public string? Around(string? text)
    {
        if (string.IsNullOrEmpty(text)) return null;
        var line = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        if (Places(line) is not [var first, ..]) return null;
        var from = first.Start <= Before ? 0 : line.IndexOf(' ', first.Start - Before) is var space && space >= 0 && space < first.Start ? space + 1 : first.Start;
        var cut = CleanText.Cut(line[from..], Longest);
        return $"{(from > 0 ? "…" : "")}{cut}{(from + cut.Length < line.Length ? "…" : "")}";
    }

    /// <summary>A text in pieces, of which those that were looked for are marked.</summary>
    public IReadOnlyList<(string Text, bool IsMarked)> Mark(string text)
    {
        var pieces = new List<(string, bool)>();
        var at = 0;
        foreach (var (start, end) in Places(text))
        {
            if (start > at) pieces.Add((text[at..start], false));
            pieces.Add((text[start..end], true));
            at = end;
        }
        if (at < text.Length) pieces.Add((text[at..], false));
        return pieces;
    }

    /// <summary>Where something stands, in order and apart: at the beginning of words, or within them where no word begins so.</summary>
    private List<(int Start, int End)> Places(string text)
    {
        var (folded, origins) = Folded(text);
        var places = new List<(int Start, int End)>();
        foreach (var term in Words.Concat(Phrases).Where(w => w.Length > 1).Select(w => Folded(w).Text.Trim()).Where(w => w.Length > 1))
        {
            var all = new List<int>();
            for (var at = folded.IndexOf(term, StringComparison.Ordinal); at >= 0; at = folded.IndexOf(term, at + term.Length, StringComparison.Ordinal)) all.Add(at);
            var begin = all.FindAll(at => at == 0 || !char.IsLetterOrDigit(folded[at - 1]));
            foreach (var at in begin.Count > 0 ? begin : all) places.Add((origins[at], origins[at + term.Length]));
        }
        places.Sort();
        var apart = new List<(int Start, int End)>();
        foreach (var place in places)
            if (apart.Count == 0 || place.Start >= apart[^1].End) apart.Add(place);
            else if (place.End > apart[^1].End) apart[^1] = (apart[^1].Start, place.End);
        return apart;
    }

    /// <summary>The text as it is searched, whatever stands between words as one space, and where in the text each of its letters comes from.</summary>
    private static (string Text, IReadOnlyList<int> Origins) Folded(string text)
    {
        var (folded, origins) = (new StringBuilder(text.Length), new List<int>(text.Length + 1));
        for (var i = 0; i < text.Length; i++)
        {
            // Signs in two halves, pictures above all, are no words.
            var fold = char.IsSurrogate(text[i]) ? " " : SearchText.Fold(text[i].ToString());
            foreach (var c in fold)
            {
                var letter = char.IsLetterOrDigit(c) ? c : ' ';
                if (letter == ' ' && folded.Length > 0 && folded[^1] == ' ') continue;
                folded.Append(letter);
                origins.Add(i);
            }
        }
        origins.Add(text.Length);
        return (folded.ToString(), origins);
    }
}
