namespace Inforzap.Tests.Attacks;

/// <summary>Texts that have broken somebody. By name, since neither attributes nor names of tests can hold some of them.</summary>
internal static class HostileText
{
    public static IReadOnlyDictionary<string, string> All { get; } = new Dictionary<string, string>
    {
        ["NUL"] = "antes\0depois",
        ["half a character"] = "antes" + new string('\uD83D', 1) + "depois",
        ["the other half"] = new string('\uDE00', 1) + "depois",
        ["right to left"] = "antes \u202Efdp.exe\u202C \u2066x\u2069 depois",
        ["zero width"] = "an\u200Btes\u200D \uFEFFdepois\u2060",
        ["100,000 characters"] = new string('x', 100_000),
        ["a character on the edge of the search column"] = new string('x', 3_999) + "\U0001F600 depois",
        ["a character on the edge of the snippet"] = new string('x', 159) + "\U0001F600 depois",
        ["a character on the edge of the longest body"] = new string('x', 65_535) + "\U0001F600",
        ["characters that grow when normalised"] = string.Concat(Enumerable.Repeat("\U0001D160", 30_000)),
        ["ten thousand marks on one letter"] = "z" + new string('\u0301', 10_000) + " depois",
        ["signs of LIKE"] = "%_[]^\\ 100% _x_",
        ["SQL"] = "' OR 1=1--; DROP TABLE \"tickets_Messages\";",
        ["JSON"] = "{\"$ne\":null,\"a\":[{}]}",
        ["markup"] = "<img src=x onerror=alert(1)><svg/onload=alert(1)>\"><script>alert(1)</script>",
        ["a template"] = "{{constructor.constructor('x')()}} ${7*7} {0} %s",
        ["a full text query"] = "\"a\" OR * NEAR(x) a:* !b & | <-> '",
        ["line ends"] = "a\r\nSet-Cookie: x=y\u2028b\u0085c\vd",
        ["escapes"] = "\u001B[2J\u001B]0;x\a\b",
        ["only invisible"] = "\u202E\u200B\u2060\u3164",
    };

    public static TheoryData<string> Names() => [.. All.Keys];

    /// <summary>No half characters in it.</summary>
    public static bool IsWhole(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsLowSurrogate(text[i])) return false;
            if (char.IsHighSurrogate(text[i]) && (++i == text.Length || !char.IsLowSurrogate(text[i]))) return false;
        }
        return true;
    }
}
