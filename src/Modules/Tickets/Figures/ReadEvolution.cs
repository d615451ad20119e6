using Inforzap.Contracts.Channels;
using Inforzap.Requests;
using Microsoft.Extensions.Localization;

namespace Inforzap.Tickets.Figures;

/// <summary>Beginnings and ends over the period, and the beginnings of each channel: per day of the company; of a single day per hour.</summary>
[Allow("dashboard.see"), Reads]
public sealed record ReadEvolution([property: NotEmpty, Called("FigurePeriod")] FigureFilter Filter) : IRequest<Evolution>;

/// <summary>Figures over time.</summary>
/// <param name="At">The company's time at which each bucket begins.</param>
/// <param name="Channels">The largest first; the last one may be all the others together.</param>
public sealed record Evolution(bool IsByHour, IReadOnlyList<DateTime> At, IReadOnlyList<int> New, IReadOnlyList<int> Closed, IReadOnlyList<FigureSeries> Channels)
{
    /// <summary>More columns than this are too thin to be told apart.</summary>
    public const int MostColumns = 93;

    /// <summary>The same week by week, where days would be too many.</summary>
    public Evolution InColumns()
    {
        if (At.Count <= MostColumns) return this;
        var weeks = Enumerable.Range(0, At.Count).GroupBy(i => At[i].AddDays(-(((int)At[i].DayOfWeek + 6) % 7))).Select(g => (g.Key, Days: g.ToList())).ToList();
        IReadOnlyList<int> Sum(IReadOnlyList<int> days) => [.. weeks.Select(w => w.Days.Sum(i => days[i]))];
        return new(IsByHour, [.. weeks.Select(w => w.Key)], Sum(New), Sum(Closed), [.. Channels.Select(c => c with { Values = Sum(c.Values) })]);
    }
}

/// <summary>A row of figures with a name.</summary>
/// <param name="Merged">So many smaller ones together; 0: it is one.</param>
public sealed record FigureSeries(string Name, IReadOnlyList<int> Values, int Merged = 0)
{
    /// <summary>All of them.</summary>
    public int Total => Values.Sum();
}

internal sealed class ReadEvolutionHandler(FigureAccess access, IChannelDirectory channels, TimeProvider clock, Contracts.Settings.ISettings settings, IStringLocalizer<Texts> t) : IRequestHandler<ReadEvolution, Evolution>
{
    public async Task<Evolution> Handle(ReadEvolution request, CancellationToken ct)
    {
        var view = access.Open(request.Filter);
        var (cycles, time, byHour) = (view.Cycles, view.Time, view.Period.IsByHour);
        var begun = byHour ? await cycles.QueuedPerHourAsync(time, ct) : await cycles.QueuedPerDayAsync(time, ct);
        var ended = byHour ? await cycles.ClosedPerHourAsync(time, ct) : await cycles.ClosedPerDayAsync(time, ct);
        var first = FigureTime.Bucket(view.Period.From) * (byHour ? 24 : 1);
        var count = byHour ? HoursOf(view.Period) : view.Period.Days;
        IReadOnlyList<int> Row(IEnumerable<FigureBucket> buckets)
        {
            var row = new int[count];
            foreach (var b in buckets) if (b.Bucket - first is >= 0 and var i && i < count) row[i] += b.Count;
            return row;
        }
        var rows = begun.GroupBy(b => b.Channel).Select(g => new FigureSeries(channels.Find(g.Key)?.Name ?? t["FigureChannelGone"], Row(g)));
        var at = view.Period.From.ToDateTime(TimeOnly.MinValue);
        return new(byHour, [.. Enumerable.Range(0, count).Select(i => byHour ? at.AddHours(i) : at.AddDays(i))], Row(begun), Row(ended), Largest(rows));
    }

    /// <summary>Hours that are still to come say nothing.</summary>
    private int HoursOf(FigurePeriod period) => TimeZoneInfo.ConvertTimeFromUtc(clock.GetUtcNow().UtcDateTime, settings.TimeZone) is var now && DateOnly.FromDateTime(now) == period.From ? now.Hour + 1 : 24;

    private IReadOnlyList<FigureSeries> Largest(IEnumerable<FigureSeries> rows)
    {
        var all = rows.OrderByDescending(r => r.Total).ThenBy(r => r.Name, StringComparer.CurrentCultureIgnoreCase).ToList();
        if (all.Count <= FigureShares.Most + 1) return all;
        var rest = all[FigureShares.Most..];
        return [.. all[..FigureShares.Most], new(t["FigureOthers", rest.Count], [.. Enumerable.Range(0, rest[0].Values.Count).Select(i => rest.Sum(r => r.Values[i]))], rest.Count)];
    }
}
