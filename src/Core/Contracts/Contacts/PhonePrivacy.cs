using System.Text;
using Inforzap.Contracts.Settings;
using Inforzap.Requests;
using Inforzap.Sdk;

namespace Inforzap.Contracts.Contacts;

/// <summary>Who reads customers' numbers, and what the others read in their place. Every handler that hands one out asks here.</summary>
public static class PhonePrivacy
{
    /// <summary>Stands for a digit that is not told.</summary>
    public const char Mark = '*';

    /// <summary>Whether the caller reads numbers as they are.</summary>
    public static bool SeesPhones(this IActor actor, ISettings settings) => !settings.Is(Setting.HidePhones) || actor.May("contacts.see-phones");

    /// <summary>
    /// E.164 digits as they are shown to who may not read them: of the same length, so that they are written as any other. Country,
    /// area, a mobile's nine and the last four digits stay.
    /// </summary>
    public static string Mask(string digits)
    {
        var kept = digits.StartsWith("55", StringComparison.Ordinal) && digits.Length is 12 or 13 ? digits.Length - 8 : Math.Min(2, digits.Length / 4);
        var last = Math.Min(4, digits.Length / 3);
        return string.Create(digits.Length, (digits, kept, last), static (span, it) =>
        {
            for (var i = 0; i < span.Length; i++) span[i] = i < it.kept || i >= span.Length - it.last ? it.digits[i] : Mark;
        });
    }

    /// <summary>
    /// A name as it comes back from who could not read the numbers in it: each mask stands for its number, whatever was changed
    /// beside it. What could be several numbers stays a mask.
    /// </summary>
    public static string Restore(string name, string known)
    {
        // The longest first: a mask may be a part of another.
        foreach (var alike in Numbers(known).Select(run => known[run[0]..(run[^1] + 1)]).GroupBy(MaskWithin).OrderByDescending(g => g.Key.Length))
        {
            var (mask, numbers) = (alike.Key, alike.ToList());
            if (numbers.Distinct().Count() == 1)
            {
                name = name.Replace(mask, numbers[0], StringComparison.Ordinal);
                continue;
            }
            // Only their order tells them apart, and only while all are there.
            if (name.Split(mask).Length != numbers.Count + 1) continue;
            foreach (var number in numbers)
            {
                var at = name.IndexOf(mask, StringComparison.Ordinal);
                name = string.Concat(name.AsSpan(0, at), number, name.AsSpan(at + mask.Length));
            }
        }
        return name;
    }

    /// <summary>Whether a masked number, or what is left of one, stands in a name.</summary>
    public static bool HoldsMask(string name) => Runs(name, withMarks: true).Any(run => run.Count(p => name[p] == Mark) >= 3 && run.Exists(p => name[p] != Mark));

    /// <summary>Whether a text is a number that was masked: nobody means to keep that.</summary>
    public static bool IsMasked(string? text) => text?.Contains(Mark, StringComparison.Ordinal) == true;

    /// <summary>Whether a text that is looked for could be a part of a number: also '²' and '１', which databases take for digits.</summary>
    public static bool HoldsDigits(string text) => string.Concat(text.EnumerateRunes()).Normalize(NormalizationForm.FormKC).EnumerateRunes().Any(Rune.IsNumber);

    /// <summary>Masks the numbers that stand in a name: who never told theirs is called by their number.</summary>
    public static string MaskWithin(string text)
    {
        var masked = text.ToCharArray();
        foreach (var places in Numbers(text))
        {
            var mask = Mask(string.Concat(places.Select(p => text[p])));
            for (var i = 0; i < places.Count; i++) masked[places[i]] = mask[i];
        }
        return new(masked);
    }

    private static IEnumerable<List<int>> Numbers(string text) => Runs(text, withMarks: false).Where(run => run.Count >= 8);

    /// <summary>Where the digits of each number stand. Spaces, dots, hyphens and brackets may stand between them, each alone or two together.</summary>
    private static IEnumerable<List<int>> Runs(string text, bool withMarks)
    {
        for (var from = 0; from < text.Length;)
        {
            if (!IsPlace(text[from]))
            {
                from++;
                continue;
            }
            var places = new List<int>();
            var at = from;
            for (var gap = 0; at < text.Length && gap < 3; at++)
            {
                if (IsPlace(text[at]))
                {
                    places.Add(at);
                    gap = 0;
                }
                else if (" -.()".Contains(text[at], StringComparison.Ordinal)) gap++;
                else break;
            }
            yield return places;
            from = places[^1] + 1;
        }

        bool IsPlace(char c) => char.IsAsciiDigit(c) || (withMarks && c == Mark);
    }

    /// <summary>The address as the caller may read it: only numbers are masked.</summary>
    public static Address MaskedUnless(this Address address, bool seesPhones) => seesPhones || address.Kind != AddressKind.Phone ? address : address with { Value = Mask(address.Value) };

    /// <summary>The same of a number or none.</summary>
    public static string? MaskedUnless(this string? digits, bool seesPhones) => seesPhones || digits is null ? digits : Mask(digits);

    /// <summary>The same of a name, or of any text in which numbers may stand.</summary>
    public static string NamedUnless(this string name, bool seesPhones) => seesPhones ? name : MaskWithin(name);
}

/// <summary>
/// The contacts that a text means, five hundred at most: part of name, number, e-mail or company. Who may not read numbers finds by
/// whole ones only, so that nobody guesses them digit by digit.
/// </summary>
[Allow, Reads]
public sealed record FindContacts([property: System.ComponentModel.DataAnnotations.StringLength(200)] string Text) : IRequest<IReadOnlyList<Guid>>;
