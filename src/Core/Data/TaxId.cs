namespace Inforzap.Data;

/// <summary>
/// Brazil's numbers of persons (CPF) and of companies (CNPJ). Both end in two check digits, so that a slip is found. A CNPJ may
/// have letters since 2026.
/// </summary>
public static class TaxId
{
    /// <summary>A column takes it.</summary>
    public const int MaxLength = 14;

    /// <summary>Without points and dashes, letters in capitals; null when it is neither, or its check digits say that it is mistyped.</summary>
    public static string? Normalise(string text)
    {
        if (text.Any(c => !char.IsAsciiLetterOrDigit(c) && !" .-/".Contains(c, StringComparison.Ordinal))) return null;
        var signs = new string([.. text.Where(char.IsAsciiLetterOrDigit).Select(char.ToUpperInvariant)]);
        // Spreadsheet programs take it for a figure and drop the zeros at its beginning.
        if (text.Trim().All(char.IsAsciiDigit)) signs = signs.Length switch { 9 or 10 => signs.PadLeft(11, '0'), 12 or 13 => signs.PadLeft(14, '0'), _ => signs };
        return Holds(signs, signs.Length switch { 11 => 11, 14 => 9, _ => 0 }) ? signs : null;
    }

    /// <summary>As people write it.</summary>
    public static string Format(string id) => id.Length switch
    {
        11 => $"{id[..3]}.{id[3..6]}.{id[6..9]}-{id[9..]}",
        14 => $"{id[..2]}.{id[2..5]}.{id[5..8]}/{id[8..12]}-{id[12..]}",
        _ => id,
    };

    private static bool Holds(string signs, int heaviest) => heaviest > 0 && signs.Any(c => c != signs[0]) && signs.AsSpan(signs.Length == 11 ? 0 : 12).IndexOfAnyExceptInRange('0', '9') < 0
        && Check(signs.AsSpan(0, signs.Length - 2), heaviest) == signs[^2] && Check(signs.AsSpan(0, signs.Length - 1), heaviest) == signs[^1];

    /// <summary>Weights go up from two, from the right.</summary>
    private static char Check(ReadOnlySpan<char> signs, int heaviest)
    {
        var (sum, weight) = (0, 2);
        for (var i = signs.Length - 1; i >= 0; i--)
        {
            sum += (signs[i] - '0') * weight;
            weight = weight == heaviest ? 2 : weight + 1;
        }
        return 11 - sum % 11 is < 10 and var digit ? (char)('0' + digit) : '0';
    }
}
