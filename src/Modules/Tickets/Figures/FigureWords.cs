using System.Globalization;

namespace Inforzap.Tickets.Figures;

/// <summary>Figures as people read them.</summary>
internal static class FigureWords
{
    public const string None = "–";

    public static string Count(double? figure) => figure is { } f ? f.ToString("N0", CultureInfo.CurrentCulture) : None;

    public static string Share(double? share) => share is { } s ? s.ToString("0.#", CultureInfo.CurrentCulture) + "%" : None;

    /// <summary>A whole number that says whether it is below nought.</summary>
    public static string Score(double? score) => score is { } s ? Math.Round(s, MidpointRounding.AwayFromZero).ToString("+0;−0;0", CultureInfo.CurrentCulture) : None;

    /// <summary>A time in the two units that matter.</summary>
    public static string Time(double? seconds)
    {
        if (seconds is not { } s) return None;
        var time = TimeSpan.FromSeconds(Math.Round(s));
        return time.TotalMinutes < 1 ? $"{time.Seconds} s"
            : time.TotalMinutes < 10 && time.Seconds > 0 ? $"{time.Minutes} min {time.Seconds} s"
            : time.TotalHours < 1 ? $"{time.Minutes} min"
            : time.TotalDays < 1 ? time.Minutes > 0 ? $"{time.Hours} h {time.Minutes} min" : $"{time.Hours} h"
            : time.Hours > 0 ? $"{time.Days} d {time.Hours} h" : $"{time.Days} d";
    }

    /// <summary>The colour of a row in a chart, by its place.</summary>
    public static string Color(int place, bool isMerged = false) => isMerged ? "var(--chart-others)" : $"var(--chart-{(place % 8) + 1})";

    /// <summary>A length in a style attribute, alike in every language.</summary>
    public static string Percent(double share) => (share * 100).ToString("0.##", CultureInfo.InvariantCulture) + "%";

    public static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);

    /// <summary>The end of a scale above this figure that has whole steps, and how many there are.</summary>
    public static (int Top, int Steps) Scale(int most)
    {
        if (most <= 0) return (4, 4);
        for (var power = 1; ; power *= 10)
            foreach (var step in new[] { 1, 2, 5 })
                if (step * power * 5 >= most) return (step * power * ((most + (step * power) - 1) / (step * power)), (most + (step * power) - 1) / (step * power));
    }
}
