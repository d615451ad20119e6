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

    /// <summary>Each is enough.</summary>
    private static readonly HashSet<string> Words = Set(
        // Portuguese
        "obrigado obrigada obrigadao obg obgd obrig brigado brigada agradeco agradecido agradecida grato grata gratidao valeu vlw vlws falou flw ok oks okay okey oki blz beleza certo certinho "
        + "combinado perfeito perfeita otimo otima show top joia massa maravilha excelente tranquilo nada disponha imagina tchau abraco abracos abs entendi entendido "
        // English
        + "thanks thank thx tks tnx ty great perfect cool nice awesome wonderful bye cheers welcome understood "
        // Spanish
        + "gracias vale listo dale perfecto genial excelente adios chao chau saludos entendido");

    /// <summary>They may stand beside.</summary>
    private static readonly HashSet<string> Fillers = Set(
        "tudo muito muita mesmo demais de por pela pelo a o e ai entao bem mais sim que isso ja um uma so com atencao ajuda voce vc voces vcs moca moco k rs rsrs haha hehe "
        + "you very much so lot for the help all and "
        + "muchas muchos muy mil por la el todo de y igualmente");

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
        // A question wants an answer, however short; digits choose something or mean a sum.
        if (text.Length is 0 or > Longest || text.Any(c => c == '?' || char.IsDigit(c))) return false;
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
        return words.Count <= MostWords && words.Exists(Words.Contains) && words.TrueForAll(w => Words.Contains(w) || Fillers.Contains(w));
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
