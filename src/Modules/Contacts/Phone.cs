using Inforzap.Contracts.Contacts;

namespace Inforzap.Contacts;

/// <summary>
/// Brazil's ninth digit: mobiles got a 9 in front of their eight digits, and providers still write some of them without.
/// Both spellings are one address.
/// </summary>
internal static class Phone
{
    /// <summary>
    /// The spelling under which both meet: country, area and eight digits. Only mobiles have it: eight digits that begin
    /// with 6 to 9. Landlines (2 to 5), numbers of other countries and service numbers stay as they are.
    /// </summary>
    public static string MatchKey(string digits) =>
        digits.Length == 13 && IsArea(digits) && digits[4] == '9' && digits[5] is >= '6' and <= '9' ? digits[..4] + digits[5..] : digits;

    /// <summary>All spellings of one number.</summary>
    public static IEnumerable<string> Spellings(string digits)
    {
        var key = MatchKey(digits);
        return new[] { digits, key, key.Length == 12 && IsArea(key) && key[4] is >= '6' and <= '9' ? $"{key[..4]}9{key[4..]}" : key }.Distinct();
    }

    /// <summary>Digits of what a person typed, with the country's code when it is missing; null when it can't be a number.</summary>
    public static string? Normalise(string text, string countryCode)
    {
        // Masked for who may not read it: what is left of it is another number.
        if (PhonePrivacy.IsMasked(text)) return null;
        var trimmed = text.Trim();
        var digits = new string([.. trimmed.Where(char.IsAsciiDigit)]);
        if (trimmed.StartsWith('+')) return digits.Length is >= 8 and <= 15 ? digits : null;
        if (digits.StartsWith("00", StringComparison.Ordinal)) return digits.Length is >= 10 and <= 17 ? digits[2..] : null;
        digits = digits.TrimStart('0');
        if (countryCode == "55" && digits.Length is 10 or 11) digits = "55" + digits;
        else if (digits.Length is >= 6 and < 10) return null;
        return digits.Length is >= 8 and <= 15 ? digits : null;
    }

    /// <summary>What is told of a masked number, in its order: digits and marks.</summary>
    public static string Kept(string masked) => string.Concat(masked.Where(c => char.IsAsciiDigit(c) || c == PhonePrivacy.Mark));

    /// <summary>As people write it: +55 11 98765-4321.</summary>
    public static string Format(string digits) => digits switch
    {
        { Length: 13 } when IsArea(digits) => $"+55 {digits[2..4]} {digits[4..9]}-{digits[9..]}",
        { Length: 12 } when IsArea(digits) => $"+55 {digits[2..4]} {digits[4..8]}-{digits[8..]}",
        _ => "+" + digits,
    };

    private static bool IsArea(string digits) =>
        digits.StartsWith("55", StringComparison.Ordinal) && digits[2] is >= '1' and <= '9' && digits[3] is >= '1' and <= '9';
}
