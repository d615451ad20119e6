namespace Inforzap.Ui;

/// <summary>Names and numbers of contacts as people read them.</summary>
public static class ContactWords
{
    /// <summary>E.164 digits as they are written; what is masked stays so.</summary>
    public static string Phone(string digits) => digits switch
    {
        { Length: 13 } when digits.StartsWith("55", StringComparison.Ordinal) => $"+55 {digits[2..4]} {digits[4..9]}-{digits[9..]}",
        { Length: 12 } when digits.StartsWith("55", StringComparison.Ordinal) => $"+55 {digits[2..4]} {digits[4..8]}-{digits[8..]}",
        _ => "+" + digits,
    };

    /// <summary>Names come from outside: marks that turn the line around don't belong in a list.</summary>
    public static string Name(string name) => string.Concat(name.Where(c => c is not ((>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069') or '\u200E' or '\u200F')));
}
