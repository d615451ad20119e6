using Inforzap.Hours;

namespace Inforzap.Tests.Core.Hours;

public sealed class WeekHoursTests
{
    private static readonly TimeZoneInfo SaoPaulo = TimeZoneInfo.FindSystemTimeZoneById("America/Sao_Paulo");
    private static readonly TimeZoneInfo NewYork = TimeZoneInfo.FindSystemTimeZoneById("America/New_York");

    [Theory(DisplayName = "What is written is read back")]
    [InlineData("")]
    [InlineData("1 08:00-12:00 13:00-18:00")]
    [InlineData("0 00:00-00:00;5 22:00-04:00;6 08:00-12:00")]
    public void RoundTrip(string text) => Assert.Equal(text, WeekHours.Parse(text)!.ToString());

    [Theory(DisplayName = "What is none is refused")]
    [InlineData("7 08:00-12:00")]
    [InlineData("1")]
    [InlineData("1 08:00")]
    [InlineData("1 8-12")]
    [InlineData("1 25:00-26:00")]
    [InlineData("1 01:00-02:00 03:00-04:00 05:00-06:00 07:00-08:00")]
    [InlineData("1 08:00-12:00;x")]
    [InlineData("'; DROP TABLE x")]
    public void Nonsense(string text) => Assert.Null(WeekHours.Parse(text));

    [Theory(DisplayName = "A span holds from its first minute until before its last, also over midnight")]
    [InlineData("2026-11-23 07:59", false)] // a Monday
    [InlineData("2026-11-23 08:00", true)]
    [InlineData("2026-11-23 11:59", true)]
    [InlineData("2026-11-23 12:00", false)]
    [InlineData("2026-11-23 13:00", true)]
    [InlineData("2026-11-24 09:00", false)]
    [InlineData("2026-11-27 22:00", true)] // Friday night
    [InlineData("2026-11-28 03:59", true)]
    [InlineData("2026-11-28 04:00", false)]
    [InlineData("2026-11-29 00:00", true)] // Sunday, all day
    [InlineData("2026-11-29 23:59", true)]
    [InlineData("2026-11-30 00:00", false)]
    public void Open(string local, bool open) => Assert.Equal(open, WeekHours.Parse("1 08:00-12:00 13:00-18:00;5 22:00-04:00;0 00:00-00:00")!.IsOpen(At(local)));

    [Theory(DisplayName = "Spans of one day that meet are found")]
    [InlineData("1 08:00-12:00 11:00-18:00", true)]
    [InlineData("1 08:00-12:00 12:00-18:00", false)]
    [InlineData("1 20:00-02:00 22:00-23:00", true)]
    public void Overlap(string text, bool overlaps) => Assert.Equal(overlaps, WeekHours.Parse(text)!.Overlaps);

    [Theory(DisplayName = "The next opening and closing are found over night, weekend and month's end")]
    [InlineData(true, "2026-11-27 19:00", "2026-11-30 08:00")]
    [InlineData(false, "2026-11-27 10:00", "2026-11-27 18:00")]
    [InlineData(true, "2026-12-31 19:00", "2027-01-01 08:00")]
    [InlineData(true, "2028-02-28 19:00", "2028-02-29 08:00")]
    public void Next(bool open, string from, string next) =>
        Assert.Equal(Utc(next), WeekHours.Parse("1 08:00-18:00;2 08:00-18:00;3 08:00-18:00;4 08:00-18:00;5 08:00-18:00")!.Next(open, Utc(from), SaoPaulo));

    [Fact(DisplayName = "Hours that never open, and hours that never close, have no next")]
    public void Never()
    {
        Assert.Null(WeekHours.None.Next(open: true, Utc("2026-11-27 10:00"), SaoPaulo));
        Assert.Null(WeekHours.Parse(string.Join(';', Enumerable.Range(0, 7).Select(d => $"{d} 00:00-00:00")))!.Next(open: false, Utc("2026-11-27 10:00"), SaoPaulo));
    }

    [Fact(DisplayName = "An opening at midnight that the clock leaves out is the moment after it was set on")]
    public void LeftOut()
    {
        // In 2017 summer began in São Paulo on 15 October: after 23:59:59 came 01:00.
        var hours = WeekHours.Parse("0 00:00-06:00")!;
        var opens = hours.Next(open: true, new DateTime(2017, 10, 14, 12, 0, 0, DateTimeKind.Utc), SaoPaulo);
        Assert.Equal(new DateTime(2017, 10, 15, 3, 0, 0, DateTimeKind.Utc), opens);
        Assert.True(hours.IsOpen(opens!.Value, SaoPaulo));
    }

    [Fact(DisplayName = "An hour that comes twice is open twice, and a span that ends within it closes twice")]
    public void Twice()
    {
        // New York, 1 November 2026: at 02:00 the clock was set back to 01:00.
        var hours = WeekHours.Parse("0 00:00-01:30")!;
        var firstClose = new DateTime(2026, 11, 1, 5, 30, 0, DateTimeKind.Utc);
        Assert.Equal(firstClose, hours.Next(open: false, new DateTime(2026, 11, 1, 4, 30, 0, DateTimeKind.Utc), NewYork));
        var again = hours.Next(open: true, firstClose, NewYork);
        Assert.Equal(new DateTime(2026, 11, 1, 6, 0, 0, DateTimeKind.Utc), again);
        Assert.Equal(new DateTime(2026, 11, 1, 6, 30, 0, DateTimeKind.Utc), hours.Next(open: false, again!.Value, NewYork));
    }

    [Theory(DisplayName = "A clock on the wall is read in UTC, also on the days on which it was set")]
    [InlineData("2026-11-27 12:00", "2026-11-27 15:00")]
    [InlineData("2017-10-15 00:30", "2017-10-15 03:30")] // left out: an hour on
    [InlineData("2018-02-17 23:30", "2018-02-18 01:30")] // twice: the first
    public void Wall(string local, string utc) => Assert.Equal(DateTime.SpecifyKind(At(utc), DateTimeKind.Utc), WallClock.Utc(At(local), SaoPaulo));

    private static DateTime At(string text) => DateTime.ParseExact(text, "yyyy-MM-dd HH:mm", System.Globalization.CultureInfo.InvariantCulture);

    private static DateTime Utc(string local) => TimeZoneInfo.ConvertTimeToUtc(At(local), SaoPaulo);
}
