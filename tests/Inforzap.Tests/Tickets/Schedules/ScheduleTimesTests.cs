using Inforzap.Tickets;
using Inforzap.Tickets.Schedules;

namespace Inforzap.Tests.Tickets.Schedules;

public sealed class ScheduleTimesTests
{
    private static readonly TimeZoneInfo SaoPaulo = TimeZoneInfo.FindSystemTimeZoneById("America/Sao_Paulo");
    private static readonly TimeZoneInfo NewYork = TimeZoneInfo.FindSystemTimeZoneById("America/New_York");
    private static readonly TimeZoneInfo Auckland = TimeZoneInfo.FindSystemTimeZoneById("Pacific/Auckland");

    private static SchedulePlan Plan(string day, ScheduleUnit unit, int every = 1, BusinessDayRule rule = BusinessDayRule.Any, string time = "09:00", string? until = null, int? times = null) =>
        new(DateOnly.Parse(day), TimeOnly.Parse(time), unit, every, until is null ? null : DateOnly.Parse(until), times, rule);

    private static bool IsWeekday(DateOnly day) => day.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday);

    private static string[] Local(SchedulePlan plan, int take, TimeZoneInfo? zone = null, DateTime? after = null, Func<DateOnly, bool>? business = null) =>
        [.. ScheduleTimes.All(plan, zone ?? SaoPaulo, business ?? IsWeekday, after ?? DateTime.MinValue).Take(take).Select(at => TimeZoneInfo.ConvertTimeFromUtc(at, zone ?? SaoPaulo).ToString("yyyy-MM-dd HH:mm"))];

    private static string[] Days(SchedulePlan plan, int take, Func<DateOnly, bool>? business = null) => [.. Local(plan, take, business: business).Select(t => t[5..10])];

    [Fact]
    public void Once_is_once() => Assert.Equal(["2027-03-01 09:00"], Local(Plan("2027-03-01", ScheduleUnit.Once), 9));

    [Fact]
    public void The_31st_is_the_last_day_of_shorter_months_and_the_31st_again_after_them() =>
        Assert.Equal(["01-31", "02-28", "03-31", "04-30", "05-31"], Days(Plan("2027-01-31", ScheduleUnit.Month), 5));

    [Fact]
    public void In_a_leap_year_the_31st_is_the_29th_of_February() => Assert.Equal(["01-31", "02-29", "03-31"], Days(Plan("2028-01-31", ScheduleUnit.Month), 3));

    [Fact]
    public void The_29th_of_February_is_the_28th_until_the_next_leap_year() =>
        Assert.Equal(["2028-02-29 09:00", "2029-02-28 09:00", "2030-02-28 09:00", "2031-02-28 09:00", "2032-02-29 09:00"], Local(Plan("2028-02-29", ScheduleUnit.Year), 5));

    [Theory]
    [InlineData(ScheduleUnit.Day, 3, "03-01", "03-04", "03-07")]
    [InlineData(ScheduleUnit.Week, 2, "03-01", "03-15", "03-29")]
    [InlineData(ScheduleUnit.Month, 2, "03-01", "05-01", "07-01")]
    public void Every_so_many(ScheduleUnit unit, int every, params string[] days) => Assert.Equal(days, Days(Plan("2027-03-01", unit, every), 3));

    [Fact]
    public void It_ends_with_its_last_day_that_day_included_or_after_so_many_times()
    {
        Assert.Equal(["03-01", "03-02", "03-03"], Days(Plan("2027-03-01", ScheduleUnit.Day, until: "2027-03-03"), 9));
        Assert.Equal(["03-01", "03-02"], Days(Plan("2027-03-01", ScheduleUnit.Day, times: 2), 9));
        // What is left out is not one of those that are counted.
        Assert.Equal(["03-05", "03-08", "03-09"], Days(Plan("2027-03-05", ScheduleUnit.Day, rule: BusinessDayRule.Skip, times: 3), 9));
    }

    [Theory]
    [InlineData(BusinessDayRule.Any, "03-05", "03-06", "03-07", "03-08")]
    [InlineData(BusinessDayRule.Skip, "03-05", "03-08", "03-09", "03-10")]
    [InlineData(BusinessDayRule.Next, "03-05", "03-08", "03-09", "03-10")]
    [InlineData(BusinessDayRule.Previous, "03-05", "03-08", "03-09", "03-10")]
    public void Each_day_comes_once_however_weekends_are_moved(BusinessDayRule rule, params string[] days) => Assert.Equal(days, Days(Plan("2027-03-05", ScheduleUnit.Day, rule: rule), 4));

    [Theory]
    [InlineData(BusinessDayRule.Previous, "02-05", "03-05", "04-05", "05-05", "06-04")]
    [InlineData(BusinessDayRule.Next, "02-05", "03-05", "04-05", "05-05", "06-07")]
    [InlineData(BusinessDayRule.Skip, "02-05", "03-05", "04-05", "05-05", "07-05")]
    public void A_day_of_the_month_is_moved_alone_and_the_next_month_comes_back_to_it(BusinessDayRule rule, params string[] days) => Assert.Equal(days, Days(Plan("2027-02-05", ScheduleUnit.Month, rule: rule), 5));

    [Fact]
    public void Holidays_move_like_weekends() =>
        Assert.Equal(["12-24", "01-25", "02-25"], Days(Plan("2026-12-25", ScheduleUnit.Month, rule: BusinessDayRule.Previous), 3, d => IsWeekday(d) && d != new DateOnly(2026, 12, 25)));

    [Fact]
    public void Without_any_business_day_nothing_comes_and_the_search_ends() => Assert.Empty(Days(Plan("2027-03-05", ScheduleUnit.Day, rule: BusinessDayRule.Next), 1, _ => false));

    [Fact]
    public void A_time_that_the_clock_leaves_out_comes_when_it_has_been_set_on_and_once() =>
        // On the 14th of March 2027 New York's clocks go from 2 to 3.
        Assert.Equal(["2027-03-13 02:30", "2027-03-14 03:30", "2027-03-15 02:30"], Local(Plan("2027-03-13", ScheduleUnit.Day, time: "02:30"), 3, NewYork));

    [Fact]
    public void A_time_that_comes_twice_is_the_first_of_the_two()
    {
        // On the 7th of November 2027 New York's clocks go back from 2 to 1.
        var times = ScheduleTimes.All(Plan("2027-11-06", ScheduleUnit.Day, time: "01:30"), NewYork, IsWeekday, DateTime.MinValue).Take(3).ToList();
        Assert.Equal([new(2027, 11, 6, 5, 30, 0), new(2027, 11, 7, 5, 30, 0), new DateTime(2027, 11, 8, 6, 30, 0)], times);
    }

    [Fact]
    public void Nine_o_clock_stays_nine_o_clock_when_summer_begins()
    {
        var times = ScheduleTimes.All(Plan("2027-09-25", ScheduleUnit.Day), Auckland, IsWeekday, DateTime.MinValue).Take(3).ToList();
        Assert.Equal([new(2027, 9, 24, 21, 0, 0), new(2027, 9, 25, 20, 0, 0), new DateTime(2027, 9, 26, 20, 0, 0)], times);
    }

    [Fact]
    public void Hours_and_minutes_pass_as_they_pass_whatever_clocks_are_set_to()
    {
        var times = ScheduleTimes.All(Plan("2027-11-07", ScheduleUnit.Hour, time: "00:30"), NewYork, IsWeekday, DateTime.MinValue).Take(4).ToList();
        Assert.All(times.Zip(times.Skip(1)), pair => Assert.Equal(TimeSpan.FromHours(1), pair.Second - pair.First));
        Assert.Equal(["2027-11-07 00:30", "2027-11-07 01:30", "2027-11-07 01:30", "2027-11-07 02:30"], Local(Plan("2027-11-07", ScheduleUnit.Hour, time: "00:30"), 4, NewYork));
    }

    [Fact]
    public void Minutes_are_left_out_on_weekends_and_go_on_at_the_same_pace()
    {
        var plan = Plan("2027-03-05", ScheduleUnit.Minute, 90, BusinessDayRule.Next, "22:00");
        Assert.Equal(["2027-03-05 22:00", "2027-03-05 23:30", "2027-03-08 01:00"], Local(plan, 3));
    }

    [Fact]
    public void The_next_of_many_is_found_without_counting_them_all()
    {
        var plan = Plan("2001-01-01", ScheduleUnit.Minute, 5);
        var after = new DateTime(2027, 3, 1, 12, 1, 0);
        Assert.Equal(new DateTime(2027, 3, 1, 12, 5, 0), ScheduleTimes.Next(plan, TimeZoneInfo.Utc, IsWeekday, after));
        Assert.Equal(new DateTime(2027, 3, 1, 12, 0, 0), ScheduleTimes.Last(plan, TimeZoneInfo.Utc, IsWeekday, new(2027, 3, 1, 11, 0, 0), after));
        Assert.Null(ScheduleTimes.Next(plan with { Times = 3 }, TimeZoneInfo.Utc, IsWeekday, after));
    }

    [Fact]
    public void The_next_is_after_the_moment_and_never_at_it()
    {
        var plan = Plan("2027-03-01", ScheduleUnit.Day);
        var nine = new DateTime(2027, 3, 2, 12, 0, 0);
        Assert.Equal(nine, ScheduleTimes.Next(plan, SaoPaulo, IsWeekday, nine.AddTicks(-1)));
        Assert.Equal(nine.AddDays(1), ScheduleTimes.Next(plan, SaoPaulo, IsWeekday, nine));
        Assert.Null(ScheduleTimes.Next(plan with { Unit = ScheduleUnit.Once }, SaoPaulo, IsWeekday, nine));
    }
}
