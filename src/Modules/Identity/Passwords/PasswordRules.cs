using System.Collections.Frozen;
using System.Text.RegularExpressions;
using Inforzap.Data;

namespace Inforzap.Identity.Passwords;

/// <summary>
/// Which passwords are too easy to guess. Length is what counts; no rule asks for signs and capitals, which only lead to
/// 'Senha@123'. Guessers try words with digits and signs around them, so a password is judged by what is left without.
/// </summary>
internal static class PasswordRules
{
    public const int MinLength = 12;
    public const int MaxLength = 200;

    /// <summary>A hundred million guesses: at the thirty tries a minute that sign-in lets an address have, six years.</summary>
    private const double EasyBits = 27;

    private static readonly FrozenSet<string> Common = Words("common.txt").ToFrozenSet(StringComparer.Ordinal);
    private static readonly string[] Rows = ["qwertyuiop", "asdfghjkl", "zxcvbnm", "1234567890", "abcdefghijklmnopqrstuvwxyz", "qazwsxedcrfvtgbyhnujm", "1q2w3e4r5t6y7u8i9o0p", "q1w2e3r4t5y6u7i8o9p0"];

    private static readonly Regex Year = new(@"[\W_]*(19|20)\d\d[\W_]*$", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
    private static readonly char[] Between = [.. " -_.@!#*+/0123456789"];

    /// <summary>The key of the text that says what is wrong, or null when it is good.</summary>
    public static string? Problem(string password, string name, string email, string company)
    {
        if (password.Length < MinLength) return "PasswordShort";
        if (password.Length > MaxLength) return "PasswordLong";
        var plain = SearchText.Fold(password);
        if (plain.Distinct().Count() < 5) return "PasswordRepeats";
        var own = Parts(name).Concat(Parts(email.Split('@')[0])).Concat(Parts(company)).Append(SearchText.Fold(email)).Where(p => p.Length >= 4);
        if (own.Any(part => Rest(plain, part) < 8)) return "PasswordPersonal";
        if (Rows.Any(row => Covered(plain, row) >= plain.Length - 5)) return "PasswordCommon";
        return IsCommon(plain) || Bits(password) < EasyBits ? "PasswordCommon" : null;
    }

    /// <summary>What a guesser has to guess who knows the English lists of common passwords, names and words; of a long one its beginning tells.</summary>
    private static double Bits(string password) => Zxcvbn.Zxcvbn.MatchPassword(password[..Math.Min(password.Length, 64)]).Entropy;

    // 'Senha@2026!', 's3nh4senha123' and 'senha.inforzap' are one or two words of the list with trimmings.
    private static bool IsCommon(string plain)
    {
        foreach (var form in new[] { plain, Unleet(plain), Unleet(Year.Replace(plain, "")) })
        {
            if (Common.Contains(form)) return true;
            var letters = string.Concat(form.Where(char.IsAsciiLetter));
            if (letters.Length == 0) return true;
            if (Common.Contains(letters) || IsTwoCommon(letters) || IsHalfTwice(form)) return true;
            var words = form.Split(Between, StringSplitOptions.RemoveEmptyEntries).Where(w => w.Length > 2).ToList();
            if (words.Count is 1 or 2 && words.TrueForAll(Common.Contains) && letters.Length - words.Sum(w => w.Length) < 3) return true;
        }
        return false;
    }

    private static bool IsTwoCommon(string letters)
    {
        for (var at = 3; at <= letters.Length - 3; at++)
            if (Common.Contains(letters[..at]) && Common.Contains(letters[at..])) return true;
        return false;
    }

    private static bool IsHalfTwice(string text)
    {
        for (var period = 1; period <= text.Length / 2; period++)
            if (Enumerable.Range(period, text.Length - period).All(i => text[i] == text[i % period])) return true;
        return false;
    }

    private static string Unleet(string text) => string.Concat(text.Select(c => c switch
    {
        '0' => 'o', '1' => 'i', '3' => 'e', '4' => 'a', '5' => 's', '7' => 't', '@' => 'a', '$' => 's', '!' => 'i', _ => c,
    }));

    /// <summary>How many characters of the text lie in runs of four or more along the row, forwards or backwards.</summary>
    private static int Covered(string text, string row)
    {
        var back = string.Concat(row.Reverse());
        var covered = 0;
        for (var i = 0; i < text.Length;)
        {
            var length = Math.Max(Run(text, i, row), Run(text, i, back));
            covered += length >= 4 ? length : 0;
            i += Math.Max(1, length >= 4 ? length : 1);
        }
        return covered;
    }

    private static int Run(string text, int from, string row)
    {
        var at = row.IndexOf(text[from], StringComparison.Ordinal);
        if (at < 0) return 0;
        var length = 1;
        while (from + length < text.Length && at + length < row.Length && text[from + length] == row[at + length]) length++;
        return length;
    }

    /// <summary>How much stays when the part is taken out; the whole length when it is not there.</summary>
    private static int Rest(string plain, string part) => plain.Contains(part, StringComparison.Ordinal) ? plain.Replace(part, "").Length : plain.Length;

    private static IEnumerable<string> Parts(string text) => SearchText.Fold(text).Split([' ', '.', '-', '_', '+'], StringSplitOptions.RemoveEmptyEntries);

    private static IEnumerable<string> Words(string file)
    {
        using var stream = typeof(PasswordRules).Assembly.GetManifestResourceStream($"{typeof(PasswordRules).Namespace}.{file}")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Split((char[])[' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries);
    }
}
