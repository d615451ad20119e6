using Inforzap.Contracts.Channels;
using Inforzap.Contracts.Settings;
using Inforzap.Data;
using Inforzap.Requests;
using Inforzap.Tickets.Desk;
using Microsoft.Extensions.Localization;

namespace Inforzap.Tickets.Opening;

/// <summary>All service hours and holidays, and whether it is open now.</summary>
[Allow("hours.see"), Reads]
internal sealed record ReadHours : IRequest<HoursView>;

/// <summary>What the page shows.</summary>
/// <param name="Company">The company's hours; null: it has none.</param>
/// <param name="Others">Those of channels and queues, by name.</param>
/// <param name="Now">Whether the company is open.</param>
/// <param name="Channels">Channels to choose.</param>
/// <param name="Queues">Queues to choose.</param>
public sealed record HoursView(
    HoursRow? Company, IReadOnlyList<HoursRow> Others, IReadOnlyList<HolidayRow> Holidays, NationalRow National, IReadOnlyList<FeastRow> Feasts, OpenNow Now,
    IReadOnlyList<HoursTarget> Channels, IReadOnlyList<HoursTarget> Queues);

/// <summary>Hours of one scope. See <see cref="SaveHours"/>.</summary>
/// <param name="Now">Whether it is open there; null: these hours are not in use.</param>
public sealed record HoursRow(
    Guid Id, HoursScope Scope, Guid ScopeId, string Name, string Week, bool IsActive, bool OnHolidays, string? Text, int RepeatHours, OutOfHoursAction Action, Guid? MoveTo,
    DateOnly? VacationFrom, DateOnly? VacationTo, string? VacationText, int Version, OpenNow? Now);

/// <summary>A day of the company's own.</summary>
public sealed record HolidayRow(Guid Id, string Name, DateOnly Date, bool IsYearly, string? Hours, int Version);

/// <summary>Which holidays of Brazil count.</summary>
public sealed record NationalRow(bool National, bool CarnivalMonday, bool CarnivalTuesday, bool AshWednesday, bool CorpusChristi, int? Version);

/// <summary>A holiday of Brazil this year or next.</summary>
public sealed record FeastRow(Feast Feast, bool Counts);

/// <summary>Whether it is open at this moment.</summary>
/// <param name="ChangesAt">Until when, UTC; null: it does not change within a year.</param>
/// <param name="Holiday">The holiday that is today, if one counts.</param>
public sealed record OpenNow(bool IsOpen, DateTime? ChangesAt, string? Holiday = null, bool OnVacation = false);

/// <summary>A channel or queue that may have hours of its own.</summary>
public sealed record HoursTarget(Guid Id, string Name, string? Color = null);

internal sealed class ReadHoursHandler(InforzapDb db, IChannelDirectory channels, ISettings settings, TimeProvider clock, IStringLocalizer<Texts> t) : IRequestHandler<ReadHours, HoursView>
{
    public async Task<HoursView> Handle(ReadHours request, CancellationToken ct)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        var hours = await db.ServiceHours.AsNoTracking().ToListAsync(ct);
        var holidays = await db.Holidays.AsNoTracking().OrderBy(h => h.Date).ThenBy(h => h.Name).ToListAsync(ct);
        var national = await db.NationalHolidays.AsNoTracking().SingleOrDefaultAsync(ct);
        var queues = await db.Queues.AsNoTracking().Where(q => q.DeletedAt == null).OrderBy(q => q.Order).ThenBy(q => q.Name).ToListAsync(ct);
        // The page tells what is stored, also in the moment before memory knows it.
        var book = new HoursBook(hours, holidays, national);
        var today = DateOnly.FromDateTime(settings.Local(now));
        var names = queues.Select(q => (q.Id, q.Name)).Concat(channels.All.Select(c => (c.Id, c.Name))).ToDictionary(n => n.Id, n => n.Name);
        var rows = hours.Where(h => h.Scope == HoursScope.Company || names.ContainsKey(h.ScopeId)).Select(h => Row(h, names.GetValueOrDefault(h.ScopeId, h.Name))).ToList();
        return new(rows.Find(r => r.Scope == HoursScope.Company), [.. rows.Where(r => r.Scope != HoursScope.Company).OrderBy(r => r.Scope).ThenBy(r => r.Name, StringComparer.CurrentCultureIgnoreCase)],
            [.. holidays.Select(h => new HolidayRow(h.Id, h.Name, h.Date, h.IsYearly, h.Hours, h.Version))],
            national is null ? new(false, false, false, false, false, null)
                : new(national.National, national.CarnivalMonday, national.CarnivalTuesday, national.AshWednesday, national.CorpusChristi, national.Version),
            [.. Feasts.Of(today.Year).Concat(Feasts.Of(today.Year + 1)).Select(f => new FeastRow(f, national?.Counts(f) == true))],
            book.Company is { } company ? Now(company) : new(true, null),
            [.. channels.All.Select(c => new HoursTarget(c.Id, c.Name))], [.. queues.Where(q => q.IsActive).Select(q => new HoursTarget(q.Id, q.Name, q.Color))]);

        HoursRow Row(ServiceHours h, string name) => new(h.Id, h.Scope, h.ScopeId, name, h.Week, h.IsActive, h.OnHolidays, h.OutOfHoursText, h.RepeatHours, h.Action, h.MoveToQueueId,
            h.VacationFrom, h.VacationTo, h.VacationText, h.Version,
            h.IsActive && book.Of(h.Scope == HoursScope.Channel ? h.ScopeId : null, h.Scope == HoursScope.Queue ? h.ScopeId : null) is { } plan ? Now(plan) : null);

        OpenNow Now(HoursPlan plan)
        {
            var days = book.Days(plan, settings.TimeZone);
            var isOpen = days.IsOpen(now);
            var holiday = plan.Hours.OnHolidays ? null : book.HolidayOn(today);
            return new(isOpen, days.Next(!isOpen, now), holiday is { } h ? h.IsFeast ? t[$"Feast{h.Name}"] : h.Name : null,
                plan.IsAwayOn(today) || (!plan.Hours.OnHolidays && book.Company?.IsAwayOn(today) == true));
        }
    }
}
