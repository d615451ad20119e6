using Inforzap.Hours;
using Inforzap.Tickets;
using Inforzap.Tickets.Opening;

namespace Inforzap.Tests.Tickets;

/// <summary>Hours, holidays and vacations over the days on which clocks, months and years change.</summary>
public sealed class ServiceDaysTests
{
    private static readonly TimeZoneInfo SaoPaulo = TimeZoneInfo.FindSystemTimeZoneById("America/Sao_Paulo");
    private static readonly TimeZoneInfo Lisbon = TimeZoneInfo.FindSystemTimeZoneById("Europe/Lisbon");
    private const string WorkingDays = "1 08:00-18:00;2 08:00-18:00;3 08:00-18:00;4 08:00-18:00;5 08:00-18:00";

    private static DateTime Z(string utc) => DateTime.Parse(utc + "Z", System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.AdjustToUniversal);

    private static DateOnly D(string day) => DateOnly.ParseExact(day, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);

    private static ServiceDays Days(string week, TimeZoneInfo zone, Func<DateOnly, OtherDay?>? other = null) => new(WeekHours.Parse(week)!, other ?? (_ => null), zone);

    private static ServiceHours Hours(string week = WorkingDays, HoursScope scope = HoursScope.Company, Guid id = default, Action<ServiceHours>? change = null)
    {
        var hours = new ServiceHours { Id = Guid.NewGuid(), Scope = scope, ScopeId = id, Name = "x", Week = week };
        change?.Invoke(hours);
        return hours;
    }

    private static ServiceDays Days(HoursBook book) => book.Days(book.Company!, SaoPaulo);

    [Theory]
    [InlineData(2024, "2024-03-31", "2024-02-13", "2024-05-30")]
    [InlineData(2025, "2025-04-20", "2025-03-04", "2025-06-19")]
    [InlineData(2026, "2026-04-05", "2026-02-17", "2026-06-04")]
    [InlineData(2027, "2027-03-28", "2027-02-09", "2027-05-27")]
    [InlineData(2028, "2028-04-16", "2028-02-29", "2028-06-15")]
    [InlineData(2029, "2029-04-01", "2029-02-13", "2029-05-31")]
    [InlineData(2030, "2030-04-21", "2030-03-05", "2030-06-20")]
    public void Easter_and_what_hangs_on_it(int year, string easter, string carnival, string corpus)
    {
        Assert.Equal(D(easter), Feasts.Easter(year));
        var feasts = Feasts.Of(year).ToDictionary(f => f.Name, f => f.Day);
        Assert.Equal((D(carnival).AddDays(-1), D(carnival), D(carnival).AddDays(1)), (feasts["CarnivalMonday"], feasts["CarnivalTuesday"], feasts["AshWednesday"]));
        Assert.Equal((D(easter).AddDays(-2), D(corpus)), (feasts["GoodFriday"], feasts["CorpusChristi"]));
        Assert.Equal(feasts.Values.Order(), Feasts.Of(year).Select(f => f.Day));
    }

    [Theory]
    // The two exceptions of the rule, and its earliest and latest days.
    [InlineData("1954-04-18")]
    [InlineData("1981-04-19")]
    [InlineData("2038-04-25")]
    [InlineData("1818-03-22")]
    [InlineData("2049-04-18")]
    [InlineData("2076-04-19")]
    public void Easter_in_rare_years(string easter) => Assert.Equal(D(easter), Feasts.Easter(D(easter).Year));

    [Fact]
    public void The_fixed_holidays_by_law_and_one_more_since_2024()
    {
        static string[] Fixed(int year) => [.. Feasts.Of(year).Where(f => f.Choice is null && f.Name != "GoodFriday").Select(f => f.Day.ToString("MM-dd", System.Globalization.CultureInfo.InvariantCulture))];
        Assert.Equal(["01-01", "04-21", "05-01", "09-07", "10-12", "11-02", "11-15", "12-25"], Fixed(2023));
        foreach (var year in Enumerable.Range(2024, 7)) Assert.Equal(["01-01", "04-21", "05-01", "09-07", "10-12", "11-02", "11-15", "11-20", "12-25"], Fixed(year));
    }

    [Theory]
    // In the night to the 4th of November 2018 the clock went from 00:00 to 01:00, to the 17th of February 2019 back from 00:00 to 23:00.
    [InlineData("6 22:00-02:00", "2018-11-03T20:00", "2018-11-04T12:00", 3)]
    [InlineData("6 22:00-02:00", "2018-10-27T20:00", "2018-10-28T12:00", 4)]
    [InlineData("6 22:00-02:00", "2019-02-16T20:00", "2019-02-17T12:00", 5)]
    [InlineData("6 22:00-23:30", "2019-02-16T20:00", "2019-02-17T12:00", 2)]
    [InlineData("0 00:00-01:30", "2018-11-04T00:00", "2018-11-04T12:00", 0.5)]
    public void Open_time_over_a_clock_that_is_set_in_Sao_Paulo(string week, string from, string to, double hours) =>
        Assert.Equal(TimeSpan.FromHours(hours), Days(week, SaoPaulo).Open(Z(from), Z(to)));

    [Theory]
    [InlineData("2026-03-29T00:00", "2026-03-29T12:00", 1.5)]
    [InlineData("2026-10-24T20:00", "2026-10-25T12:00", 3.5)]
    [InlineData("2026-10-31T20:00", "2026-11-01T12:00", 2.5)]
    public void Open_time_over_a_clock_that_is_set_in_Lisbon(string from, string to, double hours) =>
        Assert.Equal(TimeSpan.FromHours(hours), Days("0 00:30-03:00", Lisbon).Open(Z(from), Z(to)));

    [Fact]
    public void What_begins_in_the_hour_that_is_left_out_begins_when_the_clock_is_set() =>
        Assert.Equal(Z("2026-03-29T01:00"), Days("0 01:30-03:00", Lisbon).Next(true, Z("2026-03-28T12:00")));

    [Fact]
    public void The_hour_that_comes_twice_opens_and_closes_twice()
    {
        var days = Days("6 22:00-23:30", SaoPaulo);
        Assert.Equal(Z("2019-02-17T01:30"), days.Next(false, Z("2019-02-17T00:30")));
        Assert.Equal(Z("2019-02-17T02:00"), days.Next(true, Z("2019-02-17T01:40")));
        Assert.Equal(Z("2019-02-17T02:30"), days.Next(false, Z("2019-02-17T02:10")));
    }

    [Theory]
    [InlineData("2027-03-01T10:59:59", false)]
    [InlineData("2027-03-01T11:00", true)]
    [InlineData("2027-03-01T20:59:59", true)]
    [InlineData("2027-03-01T21:00", false)]
    [InlineData("2027-02-28T15:00", false)]
    public void The_first_moment_is_open_and_the_last_is_not(string utc, bool open) => Assert.Equal(open, Days(WorkingDays, SaoPaulo).IsOpen(Z(utc)));

    [Theory]
    [InlineData("2027-03-06T02:59", true)]
    [InlineData("2027-03-06T03:00", true)]
    [InlineData("2027-03-06T06:59", true)]
    [InlineData("2027-03-06T07:00", false)]
    public void A_night_belongs_to_the_day_on_which_it_began(string utc, bool open)
    {
        // Friday 22:00 to 04:00, while the Saturday is a holiday.
        Assert.Equal(open, Days("5 22:00-04:00", SaoPaulo, day => day == D("2027-03-06") ? OtherDay.Closed : null).IsOpen(Z(utc)));
        Assert.False(Days("5 22:00-04:00", SaoPaulo, day => day == D("2027-03-05") ? OtherDay.Closed : null).IsOpen(Z(utc)));
    }

    [Fact]
    public void Midnight_to_midnight_is_the_whole_day()
    {
        var days = Days("1 00:00-00:00", SaoPaulo);
        Assert.Equal(TimeSpan.FromDays(1), days.Open(Z("2027-02-28T00:00"), Z("2027-03-03T00:00")));
        Assert.Equal(Z("2027-03-02T03:00"), days.Next(false, Z("2027-03-01T12:00")));
    }

    [Fact]
    public void Open_time_over_the_end_of_a_month_a_leap_day_and_a_year()
    {
        var days = Days(WorkingDays, SaoPaulo);
        Assert.Equal(TimeSpan.FromHours(20), days.Open(Z("2028-02-29T03:00"), Z("2028-03-02T03:00")));
        // Thursday the 31st and Friday the 1st.
        Assert.Equal(TimeSpan.FromHours(20), days.Open(Z("2026-12-31T03:00"), Z("2027-01-02T03:00")));
        Assert.Equal(TimeSpan.FromMinutes(90), days.Open(Z("2027-03-01T20:00"), Z("2027-03-02T11:30")));
        Assert.Equal(TimeSpan.Zero, days.Open(Z("2027-03-06T03:00"), Z("2027-03-08T03:00")));
    }

    [Fact]
    public void Holidays_count_where_they_are_switched_on_and_ash_wednesday_until_noon()
    {
        var all = new NationalHolidays { Name = "x", National = true, CarnivalMonday = true, CarnivalTuesday = true, AshWednesday = true, CorpusChristi = true };
        var (on, off, law) = (Days(new HoursBook([Hours()], [], all)), Days(new HoursBook([Hours()], [], null)), Days(new HoursBook([Hours()], [], new NationalHolidays { Name = "x", National = true })));
        foreach (var noon in new[] { "2027-02-08T15:00", "2027-02-09T15:00", "2027-05-27T15:00" })
            Assert.Equal((false, true, true), (on.IsOpen(Z(noon)), off.IsOpen(Z(noon)), law.IsOpen(Z(noon))));
        foreach (var noon in new[] { "2027-03-26T15:00", "2027-04-21T15:00", "2027-09-07T15:00", "2027-10-12T15:00", "2027-11-02T15:00", "2027-11-15T15:00" })
            Assert.Equal((false, true, false), (on.IsOpen(Z(noon)), off.IsOpen(Z(noon)), law.IsOpen(Z(noon))));
        Assert.Equal(Z("2027-02-10T15:00"), on.Next(true, Z("2027-02-05T22:00")));
        Assert.Equal(TimeSpan.FromHours(6), on.Open(Z("2027-02-10T03:00"), Z("2027-02-11T03:00")));
    }

    [Fact]
    public void A_day_of_the_companys_own_goes_before_the_laws_and_this_year_before_every_year()
    {
        Holiday[] own =
        [
            new() { Id = Guid.NewGuid(), Name = "Aniversário da cidade", Date = D("2020-01-25"), IsYearly = true },
            new() { Id = Guid.NewGuid(), Name = "Plantão", Date = D("2027-01-25"), Hours = "09:00-11:00 13:00-15:00" },
            new() { Id = Guid.NewGuid(), Name = "Aberto na Independência", Date = D("2027-09-07"), Hours = "08:00-12:00" },
            new() { Id = Guid.NewGuid(), Name = "Dia bissexto", Date = D("2024-02-29"), IsYearly = true },
        ];
        var book = new HoursBook([Hours()], own, new NationalHolidays { Name = "x", National = true });
        Assert.Equal(TimeSpan.FromHours(4), Days(book).Open(Z("2027-01-25T03:00"), Z("2027-01-26T03:00")));
        Assert.Equal(TimeSpan.Zero, Days(book).Open(Z("2028-01-25T03:00"), Z("2028-01-26T03:00")));
        Assert.Equal(TimeSpan.FromHours(4), Days(book).Open(Z("2027-09-07T03:00"), Z("2027-09-08T03:00")));
        Assert.False(Days(book).IsOpen(Z("2028-02-29T15:00")));
        Assert.Equal(("Plantão", false), book.HolidayOn(D("2027-01-25")));
        Assert.Equal(("Christmas", true), book.HolidayOn(D("2027-12-25")));
        Assert.Null(book.HolidayOn(D("2027-12-24")));
    }

    [Fact]
    public void The_narrowest_hours_count_and_those_that_are_off_do_not()
    {
        var (queue, channel, other) = (Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid());
        var (ofCompany, ofChannel, ofQueue) = (Hours(), Hours(scope: HoursScope.Channel, id: channel), Hours(scope: HoursScope.Queue, id: queue));
        var book = new HoursBook([ofCompany, ofChannel, ofQueue, Hours(scope: HoursScope.Queue, id: other, change: h => h.IsActive = false)], [], null);
        Assert.Same(ofQueue, book.Of(channel, queue)!.Hours);
        Assert.Same(ofChannel, book.Of(channel, other)!.Hours);
        Assert.Same(ofCompany, book.Of(Guid.NewGuid(), null)!.Hours);
        Assert.Null(new HoursBook([Hours(change: h => h.IsActive = false)], [], null).Of(channel, queue));
        Assert.True(new HoursBook([Hours(change: h => h.IsActive = false)], [], null).IsEmpty);
    }

    [Fact]
    public void A_vacation_of_the_company_closes_all_but_those_that_work_on_holidays()
    {
        var (queue, night) = (Guid.NewGuid(), Guid.NewGuid());
        var company = Hours(change: h => (h.VacationFrom, h.VacationTo, h.VacationText, h.OutOfHoursText) = (D("2026-12-24"), D("2027-01-03"), "férias", "fechado"));
        var book = new HoursBook([company, Hours(scope: HoursScope.Queue, id: queue), Hours(scope: HoursScope.Queue, id: night, change: h => h.OnHolidays = true)], [], null);
        var (day, noon) = (D("2026-12-28"), Z("2026-12-28T15:00"));
        Assert.False(Days(book).IsOpen(noon));
        Assert.False(book.Days(book.Of(null, queue)!, SaoPaulo).IsOpen(noon));
        Assert.True(book.Days(book.Of(null, night)!, SaoPaulo).IsOpen(noon));
        Assert.Equal(("férias", "férias", "fechado"), (book.Text(book.Company!, day), book.Text(book.Of(null, queue)!, day), book.Text(book.Of(null, night)!, day)));
        Assert.Equal("fechado", book.Text(book.Company!, D("2027-01-04")));
        Assert.Equal(Z("2027-01-04T11:00"), Days(book).Next(true, Z("2026-12-23T22:00")));
        Assert.True(Days(book).IsOpen(Z("2026-12-23T20:59")));
    }

    [Theory]
    [InlineData("08:00-12:00 13:00-18:00", true)]
    [InlineData("22:00-04:00", true)]
    [InlineData("08:00-12:00 11:00-18:00", false)]
    [InlineData("8-12", false)]
    [InlineData("25:00-26:00", false)]
    [InlineData("08:00-12:00;1 08:00-10:00", false)]
    [InlineData("", false)]
    public void Hours_of_a_day_as_text(string text, bool right)
    {
        var spans = DayHours.Parse(text);
        Assert.Equal(right, spans is not null);
        if (right) Assert.Equal(text, DayHours.Text(spans!));
    }
}
