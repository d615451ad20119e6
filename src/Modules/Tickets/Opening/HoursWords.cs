using System.Globalization;
using Inforzap.Contracts.Settings;
using Inforzap.Hours;
using Inforzap.Tickets.Desk;
using Microsoft.Extensions.Localization;

namespace Inforzap.Tickets.Opening;

/// <summary>Hours as people read them.</summary>
internal static class HoursWords
{
    private static readonly DayOfWeek[] Days = [DayOfWeek.Monday, DayOfWeek.Tuesday, DayOfWeek.Wednesday, DayOfWeek.Thursday, DayOfWeek.Friday, DayOfWeek.Saturday, DayOfWeek.Sunday];

    /// <summary>Days that follow each other and have the same hours stand together; those without any are left out.</summary>
    public static IReadOnlyList<(string Days, string Hours)> Week(string text)
    {
        var week = WeekHours.Parse(text) ?? WeekHours.None;
        var rows = new List<(string, string)>();
        for (var i = 0; i < Days.Length;)
        {
            var (first, spans) = (i, week[Days[i]]);
            while (i < Days.Length && week[Days[i]].SequenceEqual(spans)) i++;
            if (spans.Count > 0) rows.Add((first == i - 1 ? Name(Days[first]) : $"{Name(Days[first])} – {Name(Days[i - 1])}", Spans(spans)));
        }
        return rows;
    }

    public static string Spans(IEnumerable<WeekHours.Span> spans) => string.Join(", ", spans.Select(s => $"{s.From:HH:mm}–{s.To:HH:mm}"));

    /// <summary>Whether it is open, and until when.</summary>
    public static string Now(OpenNow now, ISettings settings, DateTime utc, IStringLocalizer<Texts> t) => (now.IsOpen, now.ChangesAt) switch
    {
        (true, { } at) => t["ClosesAt", Moment(at, settings, utc, t)],
        (false, { } at) => t["OpensAt", Moment(at, settings, utc, t)],
        (true, null) => t["NeverCloses"],
        _ => t["NeverOpens"],
    };

    public static string Day(DateOnly day) => day.ToString("d", CultureInfo.CurrentCulture);

    private static string Moment(DateTime at, ISettings settings, DateTime utc, IStringLocalizer<Texts> t)
    {
        var (local, now) = (settings.Local(at), settings.Local(utc));
        var day = local.Date == now.Date ? t["TodayAt"].Value : local.Date == now.Date.AddDays(1) ? t["TomorrowAt"].Value
            : local.ToString(local.Date < now.Date.AddDays(7) ? "dddd" : "dddd, d MMMM", CultureInfo.CurrentCulture);
        return t["DayAndTime", day, local.ToString("t", CultureInfo.CurrentCulture)];
    }

    private static string Name(DayOfWeek day) => CultureInfo.CurrentCulture.DateTimeFormat.GetAbbreviatedDayName(day).TrimEnd('.');
}
