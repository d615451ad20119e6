using System.Buffers;

namespace Inforzap.Plugins.Sms;

/// <summary>In which alphabet a text goes out.</summary>
internal enum Alphabet
{
    /// <summary>7 bits a character: Latin letters, some accents, and a few signs that take two places.</summary>
    Gsm7,
    /// <summary>16 bits a character: everything.</summary>
    Ucs2,
}

/// <summary>How many SMS a text comes to. Several are put together on the telephone, and the head that says so takes room in each.</summary>
/// <param name="Alphabet">In which alphabet: one character outside of the small one makes all of them large.</param>
/// <param name="Used">Places taken, in the last SMS too.</param>
/// <param name="Parts">How many SMS.</param>
/// <param name="PerPart">Places in each.</param>
internal sealed record Segments(Alphabet Alphabet, int Used, int Parts, int PerPart)
{
    public const int Gsm7Single = 160, Gsm7Joined = 153, Ucs2Single = 70, Ucs2Joined = 67;

    private const string Basic =
        "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";

    /// <summary>Each of them stands behind an escape, which takes a place too.</summary>
    private const string Extended = "\f^{}\\[~]|€";

    private static readonly SearchValues<char> One = SearchValues.Create(Basic);
    private static readonly SearchValues<char> Two = SearchValues.Create(Extended);

    /// <summary>The character is of the small alphabet.</summary>
    public static bool IsGsm7(char c) => One.Contains(c) || Two.Contains(c);

    public static Segments Of(string text)
    {
        var alphabet = text.All(IsGsm7) ? Alphabet.Gsm7 : Alphabet.Ucs2;
        var (single, joined) = alphabet == Alphabet.Gsm7 ? (Gsm7Single, Gsm7Joined) : (Ucs2Single, Ucs2Joined);
        var whole = 0;
        for (var at = 0; at < text.Length; at += Step(text, at)) whole += Places(text, at, alphabet);
        if (whole <= single) return new(alphabet, whole, whole == 0 ? 0 : 1, single);
        // What takes two places is not torn apart: where one is left at the end of an SMS, that stays empty.
        var (parts, filled, used) = (1, 0, 0);
        for (var at = 0; at < text.Length; at += Step(text, at))
        {
            var places = Places(text, at, alphabet);
            if (filled + places > joined)
            {
                used += joined - filled;
                (parts, filled) = (parts + 1, 0);
            }
            filled += places;
            used += places;
        }
        return new(alphabet, used, parts, joined);
    }

    /// <summary>Places in all of them.</summary>
    public int Room => Math.Max(1, Parts) * PerPart;

    private static int Step(string text, int at) => char.IsHighSurrogate(text[at]) && at + 1 < text.Length && char.IsLowSurrogate(text[at + 1]) ? 2 : 1;

    private static int Places(string text, int at, Alphabet alphabet) => alphabet == Alphabet.Gsm7 ? (Two.Contains(text[at]) ? 2 : 1) : Step(text, at);
}
