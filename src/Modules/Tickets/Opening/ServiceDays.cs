using Inforzap.Hours;

namespace Inforzap.Tickets.Opening;

/// <summary>A day that is not as its weekday is.</summary>
/// <param name="Spans">Its own hours; none: closed. Null: those of its weekday.</param>
/// <param name="From">Nothing of it before this time.</param>
internal readonly record struct OtherDay(IReadOnlyList<WeekHours.Span>? Spans, TimeOnly? From = null)
{
    public static readonly OtherDay Closed = new([]);
}

/// <summary>
/// Hours of the week, but for days that are different, in one time zone. A span that ends on the next day belongs to the day on which
/// it began, whatever the next one is.
/// </summary>
internal sealed class ServiceDays(WeekHours week, Func<DateOnly, OtherDay?> other, TimeZoneInfo zone)
{
    /// <summary>So far ahead is looked: further than any vacation.</summary>
    private const int Horizon = 400;

    public bool IsOpen(DateTime utc)
    {
        var local = Local(utc);
        var (day, time) = (DateOnly.FromDateTime(local), TimeOnly.FromDateTime(local));
        return SpansOn(day).Any(s => time >= s.From && (s.OverMidnight || time < s.To)) || SpansOn(day.AddDays(-1)).Any(s => s.OverMidnight && time < s.To);
    }

    /// <summary>The first moment after this one at which it is open, or closed. Null: not within a year.</summary>
    public DateTime? Next(bool open, DateTime utc)
    {
        foreach (var moment in Moments(utc)) if (IsOpen(moment) == open) return moment;
        return null;
    }

    /// <summary>How much of the time between two moments was open.</summary>
    public TimeSpan Open(DateTime from, DateTime to)
    {
        var sum = TimeSpan.Zero;
        var at = from;
        foreach (var moment in Moments(from))
        {
            if (at >= to) return sum;
            var end = moment < to ? moment : to;
            if (IsOpen(at)) sum += end - at;
            at = end;
        }
        return sum;
    }

    private IReadOnlyList<WeekHours.Span> SpansOn(DateOnly day)
    {
        if (other(day) is not { } special) return week[day.DayOfWeek];
        var spans = special.Spans ?? week[day.DayOfWeek];
        return special.From is not { } from ? spans : [.. spans.Where(s => s.OverMidnight || s.To > from).Select(s => s.From < from ? s with { From = from } : s)];
    }

    /// <summary>
    /// Every moment after this one at which something may change, in order: where spans begin and end, and each full hour, since a
    /// clock that is set on or back changes what time it is without any span saying so.
    /// </summary>
    private IEnumerable<DateTime> Moments(DateTime utc)
    {
        var first = DateOnly.FromDateTime(Local(utc));
        for (var day = first; day <= first.AddDays(Horizon); day = day.AddDays(1))
        {
            var times = Enumerable.Range(0, 24).Select(h => new TimeOnly(h, 0)).Concat(SpansOn(day).SelectMany(s => s.OverMidnight ? [s.From] : new[] { s.From, s.To }))
                .Concat(SpansOn(day.AddDays(-1)).Where(s => s.OverMidnight).Select(s => s.To));
            foreach (var moment in new SortedSet<DateTime>(times.SelectMany(t => Utc(day.ToDateTime(t))))) if (moment > utc) yield return moment;
        }
    }

    /// <summary>Of times that come twice both; one that the clock leaves out counts when it is set on, or as much later.</summary>
    private IEnumerable<DateTime> Utc(DateTime local) => zone.IsAmbiguousTime(local)
        ? zone.GetAmbiguousTimeOffsets(local).Select(offset => DateTime.SpecifyKind(local - offset, DateTimeKind.Utc)) : [WallClock.Utc(local, zone)];

    private DateTime Local(DateTime utc) => TimeZoneInfo.ConvertTimeFromUtc(DateTime.SpecifyKind(utc, DateTimeKind.Utc), zone);
}
