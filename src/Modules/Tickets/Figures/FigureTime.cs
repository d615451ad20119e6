using Inforzap.Hours;

namespace Inforzap.Tickets.Figures;

/// <summary>Days of the company, both ends included.</summary>
public sealed record FigurePeriod(DateOnly From, DateOnly To)
{
    /// <summary>The longest that is counted at once: a leap year.</summary>
    public const int MostDays = 366;

    /// <summary>How many.</summary>
    public int Days => To.DayNumber - From.DayNumber + 1;

    /// <summary>A single day is looked at hour by hour.</summary>
    public bool IsByHour => Days == 1;

    /// <summary>The days that a choice means today; null: they are out of order, too many, or not said.</summary>
    public static FigurePeriod? Of(FigureSpan span, DateOnly? from, DateOnly? to, DateOnly today)
    {
        var first = new DateOnly(today.Year, today.Month, 1);
        return span switch
        {
            FigureSpan.Today => new(today, today),
            FigureSpan.Yesterday => new(today.AddDays(-1), today.AddDays(-1)),
            FigureSpan.Days7 => new(today.AddDays(-6), today),
            FigureSpan.Days30 => new(today.AddDays(-29), today),
            FigureSpan.Month => new(first, today),
            FigureSpan.LastMonth => new(first.AddMonths(-1), first.AddDays(-1)),
            _ => from is { } a && to is { } b && a <= b && a.Year > 2000 && b.Year < 9000 && b.DayNumber - a.DayNumber < MostDays ? new(a, b) : null,
        };
    }

    /// <summary>What it is compared to: the month before for a month, else as many days before it. Of a month that is not over, the same days.</summary>
    public FigurePeriod Before(FigureSpan span)
    {
        if (span is not (FigureSpan.Month or FigureSpan.LastMonth)) return new(From.AddDays(-Days), From.AddDays(-1));
        var (begin, end) = (From.AddMonths(-1), From.AddDays(-1));
        return span == FigureSpan.Month && begin.AddDays(Days - 1) is var same && same < end ? new(begin, same) : new(begin, end);
    }
}

/// <summary>Periods that are chosen with one click.</summary>
public enum FigureSpan
{
    /// <summary>The last thirty days with today.</summary>
    Days30,
    /// <summary>Since midnight.</summary>
    Today,
    /// <summary>The day before.</summary>
    Yesterday,
    /// <summary>The last seven days with today.</summary>
    Days7,
    /// <summary>This month, until today.</summary>
    Month,
    /// <summary>The whole month before.</summary>
    LastMonth,
    /// <summary>From a day to a day.</summary>
    Custom,
}

/// <summary>
/// A period as the database is asked: when it begins and ends, and in which parts of it the company's clock stood how far from UTC.
/// The databases differ in what they can do with times and know no time zones, so rows carry their minute as a whole number. Within a
/// part the day is (minute + offset) / 1440 and the hour (minute + offset) / 60, which all of them compute and group by alike; there
/// is one part, or two or three in a year with daylight saving.
/// </summary>
internal sealed class FigureTime
{
    private const int MinutesOfADay = 24 * 60;

    private FigureTime(DateTime begin, DateTime end, TimeZoneInfo zone) => (Begin, End, Parts) = (begin, end, [.. Split(begin, end, zone)]);

    /// <summary>UTC.</summary>
    public DateTime Begin { get; }

    /// <summary>UTC; no longer in it.</summary>
    public DateTime End { get; }

    /// <summary>In order, without gaps.</summary>
    public IReadOnlyList<FigurePart> Parts { get; }

    /// <param name="until">The last day counts until this time of the clock on the wall; null: all of it.</param>
    public static FigureTime Of(FigurePeriod period, TimeZoneInfo zone, TimeOnly? until = null) => new(
        WallClock.Utc(period.From.ToDateTime(TimeOnly.MinValue), zone),
        WallClock.Utc(until is { } time ? period.To.ToDateTime(new TimeOnly(time.Hour, time.Minute)) : period.To.AddDays(1).ToDateTime(TimeOnly.MinValue), zone), zone);

    /// <summary>The day of a bucket of days.</summary>
    public static DateOnly Day(int bucket) => DateOnly.FromDayNumber(DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber + bucket);

    /// <summary>The bucket of a day.</summary>
    public static int Bucket(DateOnly day) => day.DayNumber - DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber;

    private static IEnumerable<FigurePart> Split(DateTime begin, DateTime end, TimeZoneInfo zone)
    {
        if (end <= begin) yield break;
        var (start, offset) = (begin, zone.GetUtcOffset(begin));
        for (var at = begin; at < end;)
        {
            var next = at.AddDays(1) < end ? at.AddDays(1) : end;
            if (zone.GetUtcOffset(next.AddTicks(-1)) is var other && other != offset)
            {
                var change = Change(at, next, offset, zone);
                if (change > start) yield return new(FigureMinute.Of(start), FigureMinute.Of(change), (int)offset.TotalMinutes);
                (start, offset) = (change, other);
            }
            at = next;
        }
        yield return new(FigureMinute.Of(start), FigureMinute.Of(end), (int)offset.TotalMinutes);
    }

    /// <summary>The first minute of a day at which the clock is no longer this far from UTC.</summary>
    private static DateTime Change(DateTime from, DateTime to, TimeSpan offset, TimeZoneInfo zone)
    {
        var (low, high) = (0, MinutesOfADay);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (from.AddMinutes(middle) < to && zone.GetUtcOffset(from.AddMinutes(middle)) == offset) low = middle + 1;
            else high = middle;
        }
        return from.AddMinutes(low) < to ? from.AddMinutes(low) : to;
    }
}

/// <summary>A stretch in which the company's clock is as far from UTC from its beginning to its end.</summary>
/// <param name="From">Its first minute, see <see cref="FigureMinute"/>.</param>
/// <param name="To">The minute after it.</param>
/// <param name="Offset">Minutes from UTC to the clock on the wall.</param>
internal readonly record struct FigurePart(int From, int To, int Offset);

/// <summary>A moment as a whole number: minutes since 1970, UTC.</summary>
internal static class FigureMinute
{
    public static int Of(DateTime utc) => (int)((utc - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMinute);
}
