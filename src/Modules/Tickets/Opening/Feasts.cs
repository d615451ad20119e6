using System.Collections.Concurrent;

namespace Inforzap.Tickets.Opening;

/// <summary>A holiday of Brazil in one year.</summary>
/// <param name="Day">When it is.</param>
/// <param name="Name">Its text has this after <c>Feast</c> as key.</param>
/// <param name="Choice">Null: by law. Otherwise many keep it and a switch decides.</param>
public sealed record Feast(DateOnly Day, string Name, OptionalFeast? Choice = null);

/// <summary>Days that are no holidays by law but that many keep.</summary>
public enum OptionalFeast
{
    /// <summary>The day before Shrove Tuesday.</summary>
    CarnivalMonday,
    /// <summary>Shrove Tuesday.</summary>
    CarnivalTuesday,
    /// <summary>Until noon.</summary>
    AshWednesday,
    /// <summary>The second Thursday after Pentecost.</summary>
    CorpusChristi,
}

/// <summary>The holidays of Brazil, counted for any year.</summary>
internal static class Feasts
{
    /// <summary>Ash Wednesday is over then.</summary>
    public static readonly TimeOnly Noon = new(12, 0);

    private static readonly ConcurrentDictionary<int, IReadOnlyList<Feast>> Known = new();

    /// <summary>All of a year, in order.</summary>
    public static IReadOnlyList<Feast> Of(int year) => Known.GetOrAdd(year, Count);

    /// <summary>Easter Sunday, by the Gregorian rule: the Sunday after the full moon on or after the 21st of March.</summary>
    public static DateOnly Easter(int year)
    {
        var (golden, century) = (year % 19, year / 100);
        // How far the moon's tables have moved against the sun's since they were made: leap days left out, and 8 days in 25 centuries put back.
        var moon = (century - (century / 4) - (((8 * century) + 13) / 25) + (19 * golden) + 15) % 30;
        // The full moon is never later than the 18th of April, and two years of one cycle never share a late one.
        if (moon == 29 || (moon == 28 && golden > 10)) moon--;
        var full = new DateOnly(year, 3, 21).AddDays(moon);
        return full.AddDays(7 - (int)full.DayOfWeek);
    }

    private static List<Feast> Count(int year)
    {
        var easter = Easter(year);
        List<Feast> feasts =
        [
            new(new(year, 1, 1), "NewYear"), new(new(year, 4, 21), "Tiradentes"), new(new(year, 5, 1), "Labour"), new(new(year, 9, 7), "Independence"),
            new(new(year, 10, 12), "Aparecida"), new(new(year, 11, 2), "AllSouls"), new(new(year, 11, 15), "Republic"), new(new(year, 12, 25), "Christmas"),
            new(easter.AddDays(-2), "GoodFriday"),
            new(easter.AddDays(-48), "CarnivalMonday", OptionalFeast.CarnivalMonday), new(easter.AddDays(-47), "CarnivalTuesday", OptionalFeast.CarnivalTuesday),
            new(easter.AddDays(-46), "AshWednesday", OptionalFeast.AshWednesday), new(easter.AddDays(60), "CorpusChristi", OptionalFeast.CorpusChristi),
        ];
        // By law of 2023.
        if (year >= 2024) feasts.Add(new(new(year, 11, 20), "BlackAwareness"));
        feasts.Sort((a, b) => a.Day.CompareTo(b.Day));
        return feasts;
    }
}
