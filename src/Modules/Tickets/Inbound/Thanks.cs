using System.Text;
using Inforzap.Data;
using Inforzap.Sdk;

namespace Inforzap.Tickets.Inbound;

/// <summary>What people write when a service is over and they want nothing more: thanks, a nod, a picture sign.</summary>
internal static class Thanks
{
    /// <summary>So long after the closing it belongs to it.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromHours(24);

    private const int MostWords = 4;
    private const int Longest = 80;

    /// <summary>A question wants an answer, however short.</summary>
    private const string Questions = "?？؟❓❔⁉";
    private const string Distress = "🆘";

    /// <summary>Each is enough; those with hyphens only together.</summary>
    private static readonly HashSet<string> Words = Set(
        // Portuguese
        "obrigado obrigada obrigadao obg obgd obrig brigado brigada agradeco agradecido agradecida grato grata gratidao valeu vlw vlws falou flw ok oks okay okey oki blz beleza certo certinho "
        + "combinado perfeito perfeita otimo otima show top joia massa maravilha excelente tranquilo nada disponha imagina tchau abraco abracos abs entendi entendido "
        + "de-nada mais-nada nada-mais show-de-bola um-abraco ja-entendi so-agradeco "
        // English
        + "thanks thank thx tks tnx ty great perfect cool nice awesome wonderful bye cheers welcome understood "
        // Spanish
        + "gracias vale listo dale perfecto genial excelente adios chao chau saludos entendido");

    /// <summary>They may stand beside. No word that counts or limits by itself: 'mais uma massa' and 'so um vale' are orders.</summary>
    private static readonly HashSet<string> Fillers = Set(
        "tudo muito muita mesmo demais por pela pelo a o e ai entao bem sim que isso so-isso mais-uma-vez atencao ajuda voce vc voces vcs moca moco k rs rsrs haha hehe "
        + "you very much so-much lot for the help all and "
        + "muchas muchos muy mil por la el todo y igualmente");

    private static readonly (string Apart, string Together)[] Phrases = [.. Words.Concat(Fillers).Where(w => w.Contains('-', StringComparison.Ordinal)).Select(w => ($" {w.Replace('-', ' ')} ", $" {w} "))];

    /// <summary>Whether there is nothing but politeness in it.</summary>
    public static bool IsThanks(Content content) => content switch
    {
        TextContent text => IsThanks(text.Body),
        MediaContent media => media.Kind == MediaKind.Sticker,
        _ => false,
    };

    /// <inheritdoc cref="IsThanks(Content)"/>
    public static bool IsThanks(string text)
    {
        // Digits choose something or mean a sum.
        if (text.Length is 0 or > Longest || text.Any(c => Questions.Contains(c, StringComparison.Ordinal) || char.IsDigit(c)) || text.Contains(Distress, StringComparison.Ordinal)) return false;
        var words = new List<string>();
        var word = new StringBuilder();
        var hasSign = false;
        foreach (var rune in SearchText.Fold(text).EnumerateRunes())
        {
            if (Rune.IsLetter(rune))
            {
                word.Append(rune);
                continue;
            }
            hasSign |= Rune.GetUnicodeCategory(rune) is System.Globalization.UnicodeCategory.OtherSymbol;
            if (word.Length > 0) words.Add(Narrow(word.ToString()));
            word.Clear();
        }
        if (word.Length > 0) words.Add(Narrow(word.ToString()));
        if (words.Count == 0) return hasSign;
        words = Join(words);
        return words.Count <= MostWords && words.Exists(Words.Contains) && words.TrueForAll(w => Words.Contains(w) || Fillers.Contains(w));
    }

    private static List<string> Join(List<string> words)
    {
        var line = $" {string.Join(' ', words)} ";
        foreach (var (apart, together) in Phrases) line = line.Replace(apart, together, StringComparison.Ordinal);
        return [.. line.Trim().Split(' ')];
    }

    private static HashSet<string> Set(string words) => [.. words.Split(' ').Select(Narrow)];

    /// <summary>valeuuu is valeu.</summary>
    private static string Narrow(string word)
    {
        var narrow = new StringBuilder(word.Length);
        foreach (var c in word) if (narrow.Length == 0 || narrow[^1] != c) narrow.Append(c);
        return narrow.ToString();
    }
}
