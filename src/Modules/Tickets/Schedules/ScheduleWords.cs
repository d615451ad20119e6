using System.Globalization;
using Microsoft.Extensions.Localization;

namespace Inforzap.Tickets.Schedules;

/// <summary>Times and intervals as people say them.</summary>
internal static class ScheduleWords
{
    /// <summary>A day and a time: with the year, where it is another one.</summary>
    public static string Moment(DateTime local, DateTime now) =>
        local.ToString(local.Year == now.Year ? "ddd, d MMM, HH:mm" : "ddd, d MMM yyyy, HH:mm", CultureInfo.CurrentCulture);

    /// <summary>How often it comes.</summary>
    public static string Often(SchedulePlan plan, IStringLocalizer<Texts> t)
    {
        if (plan.Unit == ScheduleUnit.Once) return t["ScheduleOftenOnce"];
        var often = plan.Every == 1 ? t[$"ScheduleOften{plan.Unit}"] : t[$"ScheduleOften{plan.Unit}s", plan.Every];
        if (plan.Times is { } times) return t["ScheduleOftenTimes", often, times];
        return plan.Until is { } until ? t["ScheduleOftenUntil", often, until.ToString("d", CultureInfo.CurrentCulture)] : often;
    }

    /// <summary>The dot before a state.</summary>
    public static string? Class(ScheduleState state) => state switch { ScheduleState.Active => null, ScheduleState.Paused => "is-waiting", _ => "is-off" };
}
