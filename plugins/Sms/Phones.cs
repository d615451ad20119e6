namespace Inforzap.Plugins.Sms;

/// <summary>Telephone numbers as Comtele writes them and as the product keeps them.</summary>
internal static class Phones
{
    private const string Country = "55";

    /// <summary>E.164 without plus of what Comtele wrote, with or without the country; null when it is no number of a person.</summary>
    public static string? Read(string? text)
    {
        var digits = string.Concat((text ?? "").Where(char.IsAsciiDigit));
        if (digits.Length is 10 or 11) digits = Country + digits;
        return digits.Length is >= 12 and <= 15 ? digits : null;
    }

    /// <summary>The mobile that an address means, with its ninth digit; null when it is none of Brazil's.</summary>
    public static string? Mobile(string address)
    {
        var digits = string.Concat(address.Where(char.IsAsciiDigit));
        if (!digits.StartsWith(Country, StringComparison.Ordinal)) return null;
        // Mobiles had eight digits once, and some providers still write them so.
        if (digits.Length == 12 && digits[4] is >= '6' and <= '9') digits = $"{digits[..4]}9{digits[4..]}";
        return digits.Length == 13 && digits[4] == '9' ? digits : null;
    }

    /// <summary>Area and number alone, as the old panel wants it.</summary>
    public static string Local(string mobile) => mobile[Country.Length..];
}
