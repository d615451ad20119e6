using Microsoft.Extensions.Localization;

namespace Inforzap.Tickets.Closing;

/// <summary>A time in the unit in which people say it.</summary>
internal enum DurationUnit
{
    Minutes = 1,
    Hours = 60,
    Days = 1440,
}

internal static class Durations
{
    /// <summary>The largest unit of which the time is a whole number.</summary>
    public static DurationUnit UnitOf(int minutes) => minutes % (int)DurationUnit.Days == 0 ? DurationUnit.Days : minutes % (int)DurationUnit.Hours == 0 ? DurationUnit.Hours : DurationUnit.Minutes;

    /// <summary>The time as people say it: 90 minutes, 2 hours, 1 day.</summary>
    public static string Duration(this IStringLocalizer<Texts> t, int minutes)
    {
        var unit = UnitOf(minutes);
        var count = minutes / (int)unit;
        return t[$"Duration{unit}{(count == 1 ? "One" : "Many")}", count];
    }
}
