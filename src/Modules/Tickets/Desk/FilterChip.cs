using System.Globalization;
using Microsoft.Extensions.Localization;

namespace Inforzap.Tickets.Desk;

/// <summary>One condition of the filter that is on, in words, and the filter without it.</summary>
internal sealed record FilterChip(string Text, TicketFilter Without)
{
    private const int MostNames = 2;

    /// <summary>Of all conditions, in the order of the form.</summary>
    public static IReadOnlyList<FilterChip> Of(TicketFilter filter, FilterOffer offer, IStringLocalizer<Texts> t)
    {
        var chips = new List<FilterChip>();
        if (filter.Scope != TicketScope.All) chips.Add(new(t[filter.Scope == TicketScope.Mine ? "FilterScopeMine" : "FilterScopeMyQueues"], filter with { Scope = TicketScope.All }));
        chips.AddRange(FilterPart.Switches.Where(s => s.Of(filter)).Select(s => new FilterChip(t[s.Text], s.With(filter, false))));
        if (filter.From is not null || filter.To is not null) chips.Add(new(Period(filter, t), filter with { From = null, To = null }));
        foreach (var part in FilterPart.Choices.Where(p => p.Of(filter).Count > 0))
        {
            var chosen = part.Of(filter);
            var names = part.Offered(offer).Where(c => chosen.Contains(c.Id)).Select(c => c.Name).ToList();
            chips.Add(new($"{t[part.Text]}: {(names.Count <= MostNames ? string.Join(", ", names) : names.Count.ToString(CultureInfo.CurrentCulture))}", part.With(filter, [])));
        }
        return chips;
    }

    private static string Period(TicketFilter filter, IStringLocalizer<Texts> t) => (filter.From, filter.To) switch
    {
        ({ } from, { } to) when from == to => Day(from),
        ({ } from, { } to) => $"{Day(from)} – {Day(to)}",
        ({ } from, null) => t["FilterSince", Day(from)],
        (_, { } to) => t["FilterUntil", Day(to)],
        _ => "",
    };

    private static string Day(DateOnly day) => day.ToString("d", CultureInfo.CurrentCulture);
}
