using System.Globalization;
using System.Text;

namespace Inforzap.Data;

/// <summary>Text as it is searched: lower case, no accents, so that 'joao' finds 'João' on every database.</summary>
public static class SearchText
{
    /// <summary>Folds and joins the parts, cut to the length of its column.</summary>
    public static string Of(int length, params IEnumerable<string?> parts)
    {
        var text = Fold(string.Join(' ', parts.Where(p => !string.IsNullOrEmpty(p))));
        return CleanText.Cut(text, length);
    }

    /// <summary>Folds one text.</summary>
    public static string Fold(string text)
    {
        if (Ascii.IsValid(text)) return text.ToLowerInvariant();
        var folded = new StringBuilder(text.Length);
        foreach (var c in text.Normalize(NormalizationForm.FormD))
            if (CharUnicodeInfo.GetUnicodeCategory(c) != UnicodeCategory.NonSpacingMark) folded.Append(char.ToLowerInvariant(c));
        return folded.ToString().Normalize(NormalizationForm.FormC);
    }

    /// <summary>The digits of a number as people write it, '(11) 94002-0001' or '12.345.678/0001-95', or the text itself when it is none.</summary>
    public static string Number(string text)
    {
        var digits = string.Concat(text.Where(char.IsAsciiDigit));
        return digits.Length >= 4 && text.All(c => char.IsAsciiDigit(c) || " +-.()/".Contains(c, StringComparison.Ordinal)) ? digits : text;
    }

    /// <summary>Makes a LIKE pattern that takes the user's text literally; use with the escape character \.</summary>
    public static string Like(string text) => "%" + Fold(text.Trim()).Replace("\\", "\\\\").Replace("%", "\\%").Replace("_", "\\_").Replace("[", "\\[") + "%";
}

/// <summary>Text from outside, made safe for every database.</summary>
public static class CleanText
{
    /// <summary>The longest body that is kept.</summary>
    public const int MaxBody = 65_536;

    /// <summary>NUL dropped, lone surrogates replaced, NFC, cut to a length without halving a character.</summary>
    public static string Of(string? text, int max = MaxBody)
    {
        if (string.IsNullOrEmpty(text)) return "";
        var clean = new StringBuilder(Math.Min(text.Length, max));
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value == 0) continue;
            if (clean.Length + rune.Utf16SequenceLength > max) break;
            clean.Append(rune);
        }
        var done = clean.ToString();
        if (!done.IsNormalized(NormalizationForm.FormC)) done = done.Normalize(NormalizationForm.FormC);
        return Cut(done, max);
    }

    /// <summary>Whether nothing of it can be seen: no text, spaces, or signs that only steer others.</summary>
    public static bool IsBlank(string? text) => string.IsNullOrWhiteSpace(text) || text.EnumerateRunes().All(r => Rune.IsWhiteSpace(r)
        || Rune.GetUnicodeCategory(r) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.OtherNotAssigned
        // Letters and signs by category, but drawn as nothing: fillers of Hangul, and the empty Braille cell.
        || r.Value is 0x115F or 0x1160 or 0x3164 or 0xFFA0 or 0x2800);

    /// <summary>Cut to a length without halving a character.</summary>
    public static string Cut(string text, int max) =>
        text.Length <= max ? text : text[..(max > 0 && char.IsHighSurrogate(text[max - 1]) ? max - 1 : max)];
}
