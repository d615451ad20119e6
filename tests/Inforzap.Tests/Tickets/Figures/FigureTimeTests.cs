using Inforzap.Tickets.Figures;

namespace Inforzap.Tests.Tickets.Figures;

/// <summary>Which days a choice means, and where they begin and end wherever the company is.</summary>
public sealed class FigureTimeTests
{
    private static FigurePeriod Days(string from, string to) => new(DateOnly.Parse(from), DateOnly.Parse(to));

    private static TimeZoneInfo Zone(string name) => TimeZoneInfo.FindSystemTimeZoneById(name);

    [Theory]
    [InlineData(FigureSpan.Today, "2026-03-31", "2026-03-31", "2026-03-31", "2026-03-30", "2026-03-30")]
    [InlineData(FigureSpan.Yesterday, "2026-03-01", "2026-02-28", "2026-02-28", "2026-02-27", "2026-02-27")]
    [InlineData(FigureSpan.Days7, "2026-03-03", "2026-02-25", "2026-03-03", "2026-02-18", "2026-02-24")]
    [InlineData(FigureSpan.Days30, "2026-03-31", "2026-03-02", "2026-03-31", "2026-01-31", "2026-03-01")]
    [InlineData(FigureSpan.Month, "2026-03-05", "2026-03-01", "2026-03-05", "2026-02-01", "2026-02-05")]
    [InlineData(FigureSpan.Month, "2026-03-31", "2026-03-01", "2026-03-31", "2026-02-01", "2026-02-28")]
    [InlineData(FigureSpan.Month, "2028-03-29", "2028-03-01", "2028-03-29", "2028-02-01", "2028-02-29")]
    [InlineData(FigureSpan.LastMonth, "2026-03-31", "2026-02-01", "2026-02-28", "2026-01-01", "2026-01-31")]
    [InlineData(FigureSpan.LastMonth, "2026-01-15", "2025-12-01", "2025-12-31", "2025-11-01", "2025-11-30")]
    public void A_choice_means_days_and_days_before(FigureSpan span, string today, string from, string to, string beforeFrom, string beforeTo)
    {
        var period = FigurePeriod.Of(span, null, null, DateOnly.Parse(today));
        Assert.Equal(Days(from, to), period);
        Assert.Equal(Days(beforeFrom, beforeTo), period!.Before(span));
    }

    [Theory]
    [InlineData("2026-01-01", "2027-01-01", true)]
    [InlineData("2026-01-01", "2027-01-02", false)]
    [InlineData("2026-01-02", "2026-01-01", false)]
    [InlineData("0001-01-01", "0001-01-02", false)]
    [InlineData("9999-12-30", "9999-12-31", false)]
    [InlineData(null, "2026-01-01", false)]
    public void Own_dates_are_in_order_and_no_more_than_a_leap_year(string? from, string to, bool isOne) =>
        Assert.Equal(isOne, FigurePeriod.Of(FigureSpan.Custom, from is null ? null : DateOnly.Parse(from), DateOnly.Parse(to), DateOnly.Parse("2026-06-01")) is not null);

    /// <summary>São Paulo began its summer time at midnight, so a day had no beginning; Lord Howe goes by half an hour; Nepal is off by three quarters.</summary>
    [Theory]
    [InlineData("America/Sao_Paulo", "2017-10-01", "2018-09-30", 3)]
    [InlineData("America/Sao_Paulo", "2026-01-01", "2026-12-31", 1)]
    [InlineData("America/New_York", "2026-01-01", "2026-12-31", 3)]
    [InlineData("Australia/Lord_Howe", "2026-01-01", "2026-12-31", 3)]
    [InlineData("Asia/Kathmandu", "2026-02-01", "2026-03-31", 1)]
    [InlineData("UTC", "2028-02-01", "2028-03-31", 1)]
    public void Every_minute_falls_on_the_day_and_hour_that_the_wall_shows(string name, string from, string to, int parts)
    {
        var (zone, period) = (Zone(name), Days(from, to));
        var time = FigureTime.Of(period, zone);
        Assert.Equal(parts, time.Parts.Count);
        Assert.Equal(FigureMinute.Of(time.Begin), time.Parts[0].From);
        Assert.Equal(FigureMinute.Of(time.End), time.Parts[^1].To);
        Assert.All(time.Parts.Zip(time.Parts.Skip(1)), p => Assert.Equal(p.First.To, p.Second.From));
        for (var at = time.Begin; at < time.End; at = at.AddMinutes(7))
        {
            var minute = FigureMinute.Of(at);
            var part = Assert.Single(time.Parts, p => p.From <= minute && minute < p.To);
            var local = TimeZoneInfo.ConvertTimeFromUtc(at, zone);
            Assert.Equal(DateOnly.FromDateTime(local), FigureTime.Day((minute + part.Offset) / 1440));
            Assert.Equal(local.Hour, (minute + part.Offset) / 60 % 24);
        }
        // Not a minute of the neighbours.
        Assert.Equal(period.From, DateOnly.FromDateTime(TimeZoneInfo.ConvertTimeFromUtc(time.Begin, zone)));
        Assert.True(DateOnly.FromDateTime(TimeZoneInfo.ConvertTimeFromUtc(time.Begin.AddTicks(-1), zone)) < period.From);
        Assert.Equal(period.To, DateOnly.FromDateTime(TimeZoneInfo.ConvertTimeFromUtc(time.End.AddTicks(-1), zone)));
        Assert.True(DateOnly.FromDateTime(TimeZoneInfo.ConvertTimeFromUtc(time.End, zone)) > period.To);
    }

    [Fact]
    public void The_day_on_which_the_clock_goes_back_has_twenty_five_hours()
    {
        var time = FigureTime.Of(Days("2026-11-01", "2026-11-01"), Zone("America/New_York"));
        Assert.Equal(TimeSpan.FromHours(25), time.End - time.Begin);
        Assert.Equal([-240, -300], time.Parts.Select(p => p.Offset));
    }

    [Fact]
    public void A_period_may_end_at_a_time_of_its_last_day() =>
        Assert.Equal(new DateTime(2026, 11, 14, 15, 30, 0), FigureTime.Of(Days("2026-11-14", "2026-11-14"), Zone("America/Sao_Paulo"), new TimeOnly(12, 30, 59)).End);

    [Theory]
    [InlineData(0, 4, 4)]
    [InlineData(1, 1, 1)]
    [InlineData(7, 8, 4)]
    [InlineData(10, 10, 5)]
    [InlineData(41, 50, 5)]
    [InlineData(101, 150, 3)]
    [InlineData(12_345, 15_000, 3)]
    public void Scales_end_above_the_figure_in_whole_steps(int most, int top, int steps) => Assert.Equal((top, steps), FigureWords.Scale(most));

    [Theory]
    [InlineData(null, "–")]
    [InlineData(0.4, "0 s")]
    [InlineData(59.6, "1 min")]
    [InlineData(200.0, "3 min 20 s")]
    [InlineData(725.0, "12 min")]
    [InlineData(3_900.0, "1 h 5 min")]
    [InlineData(86_400.0, "1 d")]
    [InlineData(100_000.0, "1 d 3 h")]
    public void Times_are_said_in_the_units_that_matter(double? seconds, string words) => Assert.Equal(words, FigureWords.Time(seconds));
}
