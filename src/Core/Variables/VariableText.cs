using System.Text.RegularExpressions;

namespace Inforzap.Variables;

/// <summary>
/// Texts with variables: <c>{{name}}</c>, or <c>{{name|words for when nothing is known}}</c>. Nothing else is understood, and nothing
/// is run: what has another shape is text like any other.
/// </summary>
public static partial class VariableText
{
    /// <summary>
    /// Puts the values in, in one pass: braces in a value are never read again. A variable of which nothing is known now gives its
    /// default, or nothing; one that does not exist stays as it was typed and is reported.
    /// </summary>
    /// <param name="text">What was written.</param>
    /// <param name="values">By name, whatever the case of its letters; null where nothing is known now.</param>
    public static RenderedText Render(string text, IReadOnlyDictionary<string, string?> values)
    {
        var unknown = new List<string>();
        var rendered = Holes().Replace(text, hole =>
        {
            var name = NameOf(hole);
            if (name.Length == 0) return hole.Value;
            if (values.TryGetValue(name, out var value)) return string.IsNullOrWhiteSpace(value) ? hole.Groups[2].Value.Trim() : value;
            unknown.Add(name);
            return hole.Value;
        });
        return new(rendered, Apart(unknown));
    }

    /// <summary>The names in a text, each once, in the order in which they come.</summary>
    public static IReadOnlyList<string> NamesIn(string text) => Apart(Holes().Matches(text).Select(NameOf).Where(n => n.Length > 0));

    /// <summary>The names in a text that are not among these.</summary>
    public static IReadOnlyList<string> UnknownIn(string text, IReadOnlySet<string> known) => [.. NamesIn(text).Where(n => !known.Contains(n))];

    /// <summary>A name as it is typed.</summary>
    public static string Of(string name) => "{{" + name + "}}";

    /// <summary>Some names as they are typed, for a sentence.</summary>
    public static string Of(IEnumerable<string> names) => string.Join(", ", names.Select(Of));

    private static string NameOf(Match hole) => hole.Groups[1].Value.Trim();

    private static List<string> Apart(IEnumerable<string> names) => [.. names.Distinct(StringComparer.OrdinalIgnoreCase)];

    // Bounded on both sides, so that no text makes it slow.
    [GeneratedRegex(@"\{\{([^{}|\r\n]{0,80})(?:\|([^{}\r\n]{0,300}))?\}\}", RegexOptions.CultureInvariant)]
    private static partial Regex Holes();
}

/// <summary>A text whose variables were put in.</summary>
/// <param name="Text">What came out; variables that don't exist stand in it as they were typed.</param>
/// <param name="Unknown">Their names: whoever sends to customers refuses while there are any.</param>
public sealed record RenderedText(string Text, IReadOnlyList<string> Unknown);
