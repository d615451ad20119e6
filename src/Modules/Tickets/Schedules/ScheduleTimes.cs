using Inforzap.Hours;

namespace Inforzap.Tickets.Schedules;

/// <summary>When a schedule is due, as somebody means it: by the company's calendar and clock.</summary>
/// <param name="Day">The first day.</param>
/// <param name="Time">At this time of day.</param>
/// <param name="Every">Each so many units.</param>
/// <param name="Until">The last day on which it may be due.</param>
/// <param name="Times">So many times in all.</param>
public sealed record SchedulePlan(DateOnly Day, TimeOnly Time, ScheduleUnit Unit, int Every, DateOnly? Until, int? Times, BusinessDayRule DayRule);

/// <summary>
/// Counts when schedules are due. Days, weeks, months and years are counted on the calendar, always from the first day, so that what is
/// meant for the 31st comes on the last day of shorter months and on the 31st again after them. Minutes and hours are counted as they
/// pass, whatever clocks are set to.
/// </summary>
internal static class ScheduleTimes
{
    /// <summary>No plan goes further.</summary>
    private const int LastYear = 2200;
    /// <summary>So far a day is moved at most; with no business day within, there is none.</summary>
    private const int MostMoved = 60;
    /// <summary>So many days in a row are looked at for a business day.</summary>
    private const int MostIdle = 100_000;

    /// <summary>The first of all times.</summary>
    public static DateTime? First(SchedulePlan plan, TimeZoneInfo zone, Func<DateOnly, bool> isBusinessDay) => Cast(All(plan, zone, isBusinessDay, DateTime.MinValue));

    /// <summary>The first time after this moment.</summary>
    public static DateTime? Next(SchedulePlan plan, TimeZoneInfo zone, Func<DateOnly, bool> isBusinessDay, DateTime after) => Cast(All(plan, zone, isBusinessDay, after));

    /// <summary>The last time that is not after this moment, of those from another one on.</summary>
    public static DateTime? Last(SchedulePlan plan, TimeZoneInfo zone, Func<DateOnly, bool> isBusinessDay, DateTime from, DateTime until)
    {
        DateTime? last = null;
        foreach (var at in All(plan, zone, isBusinessDay, from.AddTicks(-1)))
        {
            if (at > until) return last;
            last = at;
        }
        return last;
    }

    /// <summary>Every time after this moment, in order, each once, in UTC.</summary>
    public static IEnumerable<DateTime> All(SchedulePlan plan, TimeZoneInfo zone, Func<DateOnly, bool> isBusinessDay, DateTime after)
    {
        DateTime? before = null;
        var (count, idle) = (0, 0);
        for (var n = FirstOf(plan, zone, after); ; n++)
        {
            if (n > 0 && plan.Unit == ScheduleUnit.Once) yield break;
            if (Nth(plan, zone, n) is not var (day, utc) || day.Year > LastYear || day > plan.Until) yield break;
            // What is left out is not one of those that are counted.
            if (plan.DayRule == BusinessDayRule.Any && n >= plan.Times) yield break;
            var moved = Moved(plan, day, isBusinessDay);
            if (moved is null)
            {
                if (++idle > MostIdle) yield break;
                continue;
            }
            idle = 0;
            var at = moved == day ? utc : WallClock.Utc(moved.Value.ToDateTime(plan.Time), zone);
            // Saturday, Sunday and Monday may be moved to the same Monday.
            if (at <= before) continue;
            before = at;
            if (plan.DayRule != BusinessDayRule.Any && ++count > plan.Times) yield break;
            if (at > after) yield return at;
        }
    }

    private static DateTime? Cast(IEnumerable<DateTime> times)
    {
        foreach (var at in times) return at;
        return null;
    }

    /// <summary>With which one it can begin to look: the many of short intervals are passed over, unless each must be counted.</summary>
    private static long FirstOf(SchedulePlan plan, TimeZoneInfo zone, DateTime after)
    {
        if (plan.Unit is not (ScheduleUnit.Minute or ScheduleUnit.Hour) || after == DateTime.MinValue || (plan.DayRule != BusinessDayRule.Any && plan.Times is not null)) return 0;
        var passed = after - WallClock.Utc(plan.Day.ToDateTime(plan.Time), zone);
        return passed <= TimeSpan.Zero ? 0 : passed.Ticks / Step(plan).Ticks;
    }

    private static TimeSpan Step(SchedulePlan plan) => (plan.Unit == ScheduleUnit.Hour ? TimeSpan.FromHours(1) : TimeSpan.FromMinutes(1)) * plan.Every;

    private static (DateOnly Day, DateTime Utc)? Nth(SchedulePlan plan, TimeZoneInfo zone, long n)
    {
        if (plan.Unit is ScheduleUnit.Minute or ScheduleUnit.Hour)
        {
            var utc = WallClock.Utc(plan.Day.ToDateTime(plan.Time), zone) + (Step(plan) * n);
            return (DateOnly.FromDateTime(TimeZoneInfo.ConvertTimeFromUtc(utc, zone)), utc);
        }
        var steps = n * plan.Every;
        if (steps > 366L * LastYear) return null;
        var day = plan.Unit switch
        {
            ScheduleUnit.Once => plan.Day,
            ScheduleUnit.Day => Days(plan.Day, steps),
            ScheduleUnit.Week => Days(plan.Day, steps * 7),
            ScheduleUnit.Month => Months(plan.Day, steps),
            _ => Months(plan.Day, steps * 12),
        };
        return day is { } there ? (there, WallClock.Utc(there.ToDateTime(plan.Time), zone)) : null;
    }

    private static DateOnly? Days(DateOnly day, long days) => day.DayNumber + days < DateOnly.MaxValue.DayNumber - MostMoved ? day.AddDays((int)days) : null;

    private static DateOnly? Months(DateOnly day, long months) => day.Year + (months / 12) < LastYear + 1 ? day.AddMonths((int)months) : null;

    /// <summary>The day on which it comes; null: it is left out. What comes several times a day is only left out: elsewhere it would heap up.</summary>
    private static DateOnly? Moved(SchedulePlan plan, DateOnly day, Func<DateOnly, bool> isBusinessDay)
    {
        if (plan.DayRule == BusinessDayRule.Any || isBusinessDay(day)) return day;
        if (plan.DayRule == BusinessDayRule.Skip || plan.Unit is ScheduleUnit.Minute or ScheduleUnit.Hour) return null;
        var step = plan.DayRule == BusinessDayRule.Next ? 1 : -1;
        for (var by = 1; by <= MostMoved; by++)
            if (isBusinessDay(day.AddDays(by * step))) return day.AddDays(by * step);
        return null;
    }
}
