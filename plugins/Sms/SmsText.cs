using System.Globalization;
using System.Text;

namespace Inforzap.Plugins.Sms;

/// <summary>A text as it goes out: what the composer counts and what is sent is the same.</summary>
internal static class SmsText
{
    /// <summary>Signs that people's keyboards put in place of plainer ones.</summary>
    private static readonly Dictionary<char, string> Plainer = new()
    {
        ['“'] = "\"", ['”'] = "\"", ['„'] = "\"", ['«'] = "\"", ['»'] = "\"", ['‘'] = "'", ['’'] = "'", ['´'] = "'", ['`'] = "'", ['–'] = "-", ['—'] = "-", ['−'] = "-", ['•'] = "-",
        ['…'] = "...", ['ª'] = "a", ['º'] = "o", ['°'] = "o", ['\u00A0'] = " ", ['\u202F'] = " ", ['\t'] = " ", ['×'] = "x",
    };

    /// <summary>Signatures come in WhatsApp's marks, which an SMS would show as they are.</summary>
    public static string Of(string text, bool withoutAccents)
    {
        text = Unsigned(text.ReplaceLineEndings("\n").Trim());
        return withoutAccents ? Plain(text).Trim() : text;
    }

    private static string Unsigned(string text) =>
        text.StartsWith('*') && text.IndexOf(":*\n", StringComparison.Ordinal) is > 1 and var end && !text.AsSpan(0, end).Contains('\n') ? $"{text[1..end]}:{text[(end + 2)..]}" : text;

    /// <summary>
    /// Without accents and without emojis, so that it fits the small alphabet where it can. Other scripts stay: without their
    /// letters nothing would be left.
    /// </summary>
    private static string Plain(string text)
    {
        var plain = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.IsBmp && Plainer.TryGetValue((char)rune.Value, out var plainer)) plain.Append(plainer);
            else if (Rune.IsLetter(rune) && IsLatin(rune))
            {
                foreach (var part in rune.ToString().Normalize(NormalizationForm.FormD).EnumerateRunes())
                    if (Rune.GetUnicodeCategory(part) is not UnicodeCategory.NonSpacingMark) plain.Append(part.ToString());
            }
            else if (rune.IsBmp && Segments.IsGsm7((char)rune.Value)) plain.Append((char)rune.Value);
            else if (!IsDrawn(rune)) plain.Append(rune.ToString());
        }
        return plain.ToString();
    }

    private static bool IsLatin(Rune rune) => rune.Value is < 0x250 or (>= 0x1E00 and < 0x1F00);

    /// <summary>An emoji, or what only changes one; an accent that stands behind its letter too.</summary>
    private static bool IsDrawn(Rune rune) => rune.Value is (>= 0x300 and < 0x370) or (>= 0xFE00 and < 0xFE10) || Rune.GetUnicodeCategory(rune) is
        UnicodeCategory.OtherSymbol or UnicodeCategory.ModifierSymbol or UnicodeCategory.EnclosingMark or UnicodeCategory.Format or UnicodeCategory.Control
        or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned;
}
