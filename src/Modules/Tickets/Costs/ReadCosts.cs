using System.Globalization;
using Inforzap.Contracts.Channels;
using Inforzap.Contracts.Settings;
using Inforzap.Data;
using Inforzap.Files;
using Inforzap.Requests;
using Inforzap.Tickets.Desk;
using Inforzap.Tickets.Figures;
using Microsoft.Extensions.Localization;

namespace Inforzap.Tickets.Costs;

/// <summary>What providers charged for, by category, channel and day of the company, with what it comes to where the price is known.</summary>
/// <param name="From">From this day on; the first of the month unless given.</param>
/// <param name="To">Until this day; today unless given.</param>
/// <param name="ChannelId">Of this channel alone.</param>
[Allow("costs.see"), Reads]
public sealed record ReadCosts(DateOnly? From = null, DateOnly? To = null, Guid? ChannelId = null) : IRequest<CostPage>;

/// <summary>The same as a table for spreadsheet programs: a line per day, channel and category.</summary>
[Allow("costs.see"), Reads]
public sealed record ExportCosts([property: NotEmpty, Called("Costs")] ReadCosts Of) : IRequest<string>;

/// <summary>Figures, and the prices that they are counted with.</summary>
/// <param name="Any">Whether any cost was ever heard of.</param>
/// <param name="Categories">The most frequent first; named by the provider's word.</param>
/// <param name="Days">Each day of the period, in order.</param>
/// <param name="Prices">All that there are, the newest first within a category.</param>
/// <param name="Channels">What to filter by and to set prices for.</param>
/// <param name="Known">Categories that a price can be set for.</param>
public sealed record CostPage(
    DateOnly From, DateOnly To, bool Any, CostFigure All, IReadOnlyList<CostPart> Categories, IReadOnlyList<CostPart> ByChannel, IReadOnlyList<CostDay> Days,
    IReadOnlyList<PriceRow> Prices, IReadOnlyList<PersonChoice> Channels, IReadOnlyList<string> Known);

/// <summary>How many messages, and what they come to.</summary>
/// <param name="Billable">The provider charges them.</param>
/// <param name="Free">It does not.</param>
/// <param name="Unsaid">It did not say.</param>
/// <param name="Unpriced">Charged, and nobody filled in a price.</param>
/// <param name="Sums">By currency; empty where no price is known.</param>
public sealed record CostFigure(int Billable, int Free, int Unsaid, int Unpriced, IReadOnlyList<CostSum> Sums)
{
    /// <summary>All of them.</summary>
    public int Total => Billable + Free + Unsaid;
}

/// <summary>An amount.</summary>
public sealed record CostSum(string Currency, decimal Amount);

/// <summary>The figures of a category or a channel.</summary>
public sealed record CostPart(string Name, CostFigure Figure);

/// <summary>The figures of a day.</summary>
public sealed record CostDay(DateOnly Day, CostFigure Figure);

/// <summary>A price in the list.</summary>
/// <param name="ChannelName">Null: of all channels.</param>
public sealed record PriceRow(Guid Id, int Version, Guid? ChannelId, string? ChannelName, string Category, string Currency, decimal Amount, DateOnly Since);

internal sealed class ReadCostsHandler(InforzapDb db, ISettings settings, IChannelDirectory channels, TimeProvider clock, IStringLocalizer<Texts> t) : IRequestHandler<ReadCosts, CostPage>, IRequestHandler<ExportCosts, string>
{
    private static readonly string[] Heads = ["dia", "canal", "categoria", "cobradas", "gratuitas", "sem_informacao", "sem_preco", "valor", "moeda"];

    public async Task<CostPage> Handle(ReadCosts request, CancellationToken ct)
    {
        var (from, to) = Period(request);
        var (counts, prices) = await CountAsync(request, from, to, ct);
        var charged = counts.Select(c => c.ChannelId).ToHashSet();
        var byDay = counts.ToLookup(c => c.Day);
        return new(from, to, counts.Count > 0 || await db.MessageCharges.AnyAsync(ct), Figure(counts, prices),
            Parts(counts.GroupBy(c => c.Category), g => g, prices), Parts(counts.GroupBy(c => c.ChannelId), NameOf, prices),
            [.. Enumerable.Range(0, to.DayNumber - from.DayNumber + 1).Select(i => from.AddDays(i)).Select(d => new CostDay(d, Figure(byDay[d], prices)))],
            [.. prices.OrderBy(p => p.Category, StringComparer.Ordinal).ThenBy(p => p.ChannelId is not null).ThenByDescending(p => p.Since)
                .Select(p => new PriceRow(p.Id, p.Version, p.ChannelId, p.ChannelId is { } id ? NameOf(id) : null, p.Category, p.Currency, p.Amount, p.Since))],
            [.. channels.All.Where(c => c.Id == request.ChannelId || charged.Contains(c.Id) || c.Can.HasFlag(Sdk.Can.Templates)).Select(c => new PersonChoice(c.Id, c.Name))],
            [.. SavePrice.Usual.Concat(counts.Select(c => c.Category)).Concat(prices.Select(p => p.Category)).Where(c => c.Length > 0).Distinct()]);
    }

    public async Task<string> Handle(ExportCosts request, CancellationToken ct)
    {
        var (from, to) = Period(request.Of);
        var (counts, prices) = await CountAsync(request.Of, from, to, ct);
        return Csv.Write(counts.GroupBy(c => (c.Day, c.ChannelId, c.Category)).Select(g => (g.Key, Channel: NameOf(g.Key.ChannelId), Figure: Figure(g, prices)))
            .OrderBy(l => l.Key.Day).ThenBy(l => l.Channel, StringComparer.CurrentCultureIgnoreCase).ThenBy(l => l.Key.Category, StringComparer.Ordinal).Select(IReadOnlyList<string> (l) =>
            [
                l.Key.Day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), l.Channel, CostWords.Category(l.Key.Category, t), Text(l.Figure.Billable), Text(l.Figure.Free), Text(l.Figure.Unsaid), Text(l.Figure.Unpriced),
                // On one day a category of a channel has one price, and so one currency.
                l.Figure.Sums is [var sum, ..] ? sum.Amount.ToString("0.######", CultureInfo.CurrentCulture) : "", l.Figure.Sums is [var same, ..] ? same.Currency : "",
            ]).Prepend(Heads));
    }

    private static string Text(int count) => count.ToString(CultureInfo.InvariantCulture);

    private string NameOf(Guid channel) => channels.Find(channel)?.Name ?? t["GoneChannel"];

    private (DateOnly From, DateOnly To) Period(ReadCosts request)
    {
        var today = DateOnly.FromDateTime(settings.Local(clock.GetUtcNow().UtcDateTime));
        var to = request.To ?? today;
        var from = request.From ?? new DateOnly(to.Year, to.Month, 1);
        return FigurePeriod.Of(FigureSpan.Custom, from, to, today) is { } period ? (period.From, period.To) : throw new Refusal(t["CostPeriod", FigurePeriod.MostDays]);
    }

    private sealed record Counted(DateOnly Day, Guid ChannelId, string Category, bool? IsBillable, int Count);

    private async Task<(List<Counted> Counts, List<ChargePrice> Prices)> CountAsync(ReadCosts request, DateOnly from, DateOnly to, CancellationToken ct)
    {
        var charges = db.MessageCharges.AsNoTracking().Where(c => c.Day >= from && c.Day <= to);
        if (request.ChannelId is { } channel)
        {
            if (channels.All.All(c => c.Id != channel)) throw Refusal.NotFound(t["ChannelGone"]);
            charges = charges.Where(c => c.ChannelId == channel);
        }
        return (await charges.GroupBy(c => new { c.Day, c.ChannelId, c.Category, c.IsBillable }).Select(g => new Counted(g.Key.Day, g.Key.ChannelId, g.Key.Category, g.Key.IsBillable, g.Count())).ToListAsync(ct),
            await db.ChargePrices.AsNoTracking().ToListAsync(ct));
    }

    private static IReadOnlyList<CostPart> Parts<T>(IEnumerable<IGrouping<T, Counted>> groups, Func<T, string> name, List<ChargePrice> prices) =>
        [.. groups.Select(g => new CostPart(name(g.Key), Figure(g, prices))).OrderByDescending(p => p.Figure.Total).ThenBy(p => p.Name, StringComparer.CurrentCultureIgnoreCase)];

    private static CostFigure Figure(IEnumerable<Counted> counts, List<ChargePrice> prices)
    {
        var (billable, free, unsaid, unpriced) = (0, 0, 0, 0);
        var sums = new SortedDictionary<string, decimal>(StringComparer.Ordinal);
        foreach (var c in counts)
        {
            if (c.IsBillable is null) unsaid += c.Count;
            else if (c.IsBillable == false) free += c.Count;
            else
            {
                billable += c.Count;
                if (PriceOf(c, prices) is { } price) sums[price.Currency] = sums.GetValueOrDefault(price.Currency) + (price.Amount * c.Count);
                else unpriced += c.Count;
            }
        }
        return new(billable, free, unsaid, unpriced, [.. sums.Select(s => new CostSum(s.Key, s.Value))]);
    }

    /// <summary>The channel's own goes before that of all; of several the one that began last.</summary>
    private static ChargePrice? PriceOf(Counted of, List<ChargePrice> prices) =>
        prices.Where(p => p.Category == of.Category && p.Since <= of.Day && (p.ChannelId is null || p.ChannelId == of.ChannelId)).OrderByDescending(p => p.ChannelId is not null).ThenByDescending(p => p.Since).FirstOrDefault();
}

/// <summary>Words of costs.</summary>
internal static class CostWords
{
    /// <summary>A category for people; one that we don't know as the provider calls it.</summary>
    public static string Category(string category, IStringLocalizer<Texts> t) => category switch
    {
        "" => t["CostUnsaidCategory"],
        "marketing" => t["CostMarketing"],
        "utility" => t["CostUtility"],
        "authentication" => t["CostAuthentication"],
        "service" => t["CostService"],
        _ => category,
    };

    /// <summary>A category and whether it is charged, in few words.</summary>
    public static string Charge(ChargeRow charge, IStringLocalizer<Texts> t) =>
        t[charge.IsBillable switch { true => "ChargeBillable", false => "ChargeFree", null => "ChargeUnsaid" }, Category(charge.Category, t)];

    /// <summary>An amount as people write it; prices of messages go below the cent.</summary>
    public static string Amount(decimal amount, string currency, string format = "N2") => $"{currency} {amount.ToString(format, CultureInfo.CurrentCulture)}";
}
