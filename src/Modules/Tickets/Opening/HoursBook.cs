using Inforzap.Hours;

namespace Inforzap.Tickets.Opening;

/// <summary>All hours that are in use, and the days that are different: what <see cref="LiveHours"/> holds in memory.</summary>
internal sealed class HoursBook
{
    private readonly Dictionary<(HoursScope, Guid), HoursPlan> plans;
    private readonly ILookup<DateOnly, Holiday> days;
    private readonly NationalHolidays? national;

    public HoursBook(IEnumerable<ServiceHours> hours, IEnumerable<Holiday> holidays, NationalHolidays? national)
    {
        plans = hours.Where(h => h.IsActive).ToDictionary(h => (h.Scope, h.ScopeId), h => new HoursPlan(h, WeekHours.Parse(h.Week) ?? WeekHours.None));
        // What comes every year stands under a leap year's date, so that the 29th of February is one.
        days = holidays.ToLookup(h => h.IsYearly ? Yearly(h.Date) : h.Date);
        this.national = national;
    }

    /// <summary>Nothing is configured: it is always open.</summary>
    public static HoursBook Empty { get; } = new([], [], null);

    /// <summary>No hours are in use.</summary>
    public bool IsEmpty => plans.Count == 0;

    /// <summary>Those of the company, if it has any.</summary>
    public HoursPlan? Company => plans.GetValueOrDefault((HoursScope.Company, Guid.Empty));

    /// <summary>The hours that count there: the queue's, else the channel's, else the company's.</summary>
    public HoursPlan? Of(Guid? channelId, Guid? queueId) =>
        (queueId is { } queue ? plans.GetValueOrDefault((HoursScope.Queue, queue)) : null)
        ?? (channelId is { } channel ? plans.GetValueOrDefault((HoursScope.Channel, channel)) : null) ?? Company;

    public ServiceDays Days(HoursPlan plan, TimeZoneInfo zone) => new(plan.Week, day => Other(plan, day), zone);

    /// <summary>What the customer is told on that day when it is closed.</summary>
    public string? Text(HoursPlan plan, DateOnly day) =>
        (plan.IsAwayOn(day) ? plan.Hours.VacationText : null) ?? (!plan.Hours.OnHolidays && Company?.IsAwayOn(day) == true ? Company.Hours.VacationText : null)
        ?? plan.Hours.OutOfHoursText ?? Company?.Hours.OutOfHoursText;

    /// <summary>The holiday on that day, its own name or that of a feast's text; null: none counts.</summary>
    public (string Name, bool IsFeast)? HolidayOn(DateOnly day) => OwnOn(day) is { } own ? (own.Name, false) : FeastOn(day) is { } feast ? (feast.Name, true) : null;

    private OtherDay? Other(HoursPlan plan, DateOnly day)
    {
        if (plan.IsAwayOn(day)) return OtherDay.Closed;
        if (plan.Hours.OnHolidays) return null;
        if (Company?.IsAwayOn(day) == true) return OtherDay.Closed;
        if (OwnOn(day) is { } own) return own.Hours is null ? OtherDay.Closed : new(DayHours.Parse(own.Hours) ?? []);
        return FeastOn(day) switch { null => null, { Choice: OptionalFeast.AshWednesday } => new OtherDay(null, Feasts.Noon), _ => OtherDay.Closed };
    }

    /// <summary>No weekend and no holiday, whatever the hours are: for what has to do with calendars, and not with who is there.</summary>
    public bool IsBusinessDay(DateOnly day)
    {
        if (day.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday) return false;
        if (OwnOn(day) is { } own) return own.Hours is not null;
        return FeastOn(day) is null or { Choice: OptionalFeast.AshWednesday };
    }

    /// <summary>What was said of this very day goes before what is said of every year.</summary>
    private Holiday? OwnOn(DateOnly day) => days[day].FirstOrDefault(h => !h.IsYearly) ?? days[Yearly(day)].FirstOrDefault(h => h.IsYearly);

    private Feast? FeastOn(DateOnly day) => national is null ? null : Feasts.Of(day.Year).FirstOrDefault(f => f.Day == day && national.Counts(f));

    private static DateOnly Yearly(DateOnly day) => new(4, day.Month, day.Day);
}

/// <summary>Hours that are in use.</summary>
internal sealed record HoursPlan(ServiceHours Hours, WeekHours Week)
{
    /// <summary>A day of its own vacation.</summary>
    public bool IsAwayOn(DateOnly day) => Hours.VacationFrom <= day && day <= Hours.VacationTo;
}

/// <summary>Hours of one day as text: <c>08:00-12:00 13:00-18:00</c>.</summary>
internal static class DayHours
{
    private const DayOfWeek Any = DayOfWeek.Sunday;

    /// <summary>Null for what is none, and for spans that meet.</summary>
    public static IReadOnlyList<WeekHours.Span>? Parse(string? text) =>
        !string.IsNullOrWhiteSpace(text) && !text.Contains(';', StringComparison.Ordinal) && WeekHours.Parse($"0 {text.Trim()}") is { Overlaps: false } week ? week[Any] : null;

    public static string Text(IEnumerable<WeekHours.Span> spans) => WeekHours.None.With(Any, spans).ToString() is { Length: > 2 } text ? text[2..] : "";
}

internal static class NationalChoices
{
    /// <summary>Whether a feast is one for this company.</summary>
    public static bool Counts(this NationalHolidays national, Feast feast) => feast.Choice switch
    {
        null => national.National,
        OptionalFeast.CarnivalMonday => national.CarnivalMonday,
        OptionalFeast.CarnivalTuesday => national.CarnivalTuesday,
        OptionalFeast.AshWednesday => national.AshWednesday,
        _ => national.CorpusChristi,
    };
}
