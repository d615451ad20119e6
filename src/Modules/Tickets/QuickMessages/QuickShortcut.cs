using System.Text;

namespace Inforzap.Tickets.QuickMessages;

/// <summary>What is typed after the slash.</summary>
internal static class QuickShortcut
{
    public const int MaxLength = 40;

    /// <summary>What people type or have in their tables: the slash may stand before it.</summary>
    public const string Pattern = @"\s*/?[\p{L}\p{M}\p{N}._-]+\s*";

    /// <summary>As it is kept: no slash, lower case, one spelling for each accent.</summary>
    public static string Of(string typed) => typed.Trim().TrimStart('/').Normalize(NormalizationForm.FormC).ToLowerInvariant();

    /// <summary>This one, or the first of its row that is free: pix, pix-2, pix-3.</summary>
    public static string Free(string wanted, IReadOnlySet<string> taken)
    {
        var free = wanted;
        for (var n = 2; taken.Contains(free); n++)
        {
            var end = $"-{n}";
            free = wanted[..Math.Min(wanted.Length, MaxLength - end.Length)] + end;
        }
        return free;
    }
}
