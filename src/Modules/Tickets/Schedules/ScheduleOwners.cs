using Inforzap.Alarms;
using Inforzap.Audit;
using Inforzap.Contracts.Contacts;
using Inforzap.Contracts.Identity;
using Inforzap.Data;
using Inforzap.Live;
using Inforzap.Requests;
using Inforzap.Tickets.Desk;
using Inforzap.Variables;
using Microsoft.Extensions.Localization;
using MudBlazor;

namespace Inforzap.Tickets.Schedules;

/// <summary>What failed of the caller's schedules in the last week and was not looked at yet, newest first, twenty at most.</summary>
[Allow("schedules.use", "schedules.manage"), Reads]
internal sealed record ReadFailedRuns : IRequest<IReadOnlyList<FailedRun>>;

/// <summary>A message that was not sent.</summary>
public sealed record FailedRun(Guid Id, Guid ScheduleId, string ContactName, string? Cause, DateTime At);

internal sealed class ReadFailedRunsHandler(InforzapDb db, ScheduleAccess access) : IRequestHandler<ReadFailedRuns, IReadOnlyList<FailedRun>>
{
    private const int Most = 20;
    private static readonly TimeSpan Told = TimeSpan.FromDays(7);

    public async Task<IReadOnlyList<FailedRun>> Handle(ReadFailedRuns request, CancellationToken ct)
    {
        var (me, since) = (access.Me, access.Now - Told);
        var failed = await (from r in db.ScheduleRuns.AsNoTracking()
                            where r.State == ScheduleRunState.Failed && r.SeenAt == null && r.DueAt >= since
                            join s in db.Set<Schedule>() on r.ScheduleId equals s.Id
                            where s.AuthorId == me
                            join c in db.Set<ContactView>() on r.ContactId equals c.Id
                            orderby r.DueAt descending
                            select new FailedRun(r.Id, s.Id, c.Name, r.Cause, r.DueAt)).Take(Most).ToListAsync(ct);
        return failed.ConvertAll(r => r with { ContactName = access.Name(r.ContactName) });
    }
}

/// <summary>Puts them into the bell of who wrote them, until they have looked.</summary>
internal sealed class ScheduleAlarms(IMediator mediator, IActor actor, IStringLocalizer<Texts> t) : IAlarmSource
{
    public string Permission => "schedules.use";

    public async Task<IReadOnlyList<Alarm>> NowAsync(CancellationToken ct) => actor.IsSystem ? []
        : [.. (await mediator.Send(new ReadFailedRuns(), ct)).Select(r => new Alarm($"schedule/{r.Id:N}", t["ScheduleFailedFor", Shown.Name(r.ContactName)], r.Cause, $"/schedules?id={r.ScheduleId}", r.At) { Icon = Icons.Material.Outlined.EventBusy })];
}

/// <summary>What somebody scheduled goes to whoever takes over; with nobody to take over it is cancelled.</summary>
internal sealed class SchedulesOfUser(InforzapDb db, SchedulePlanner planner, IStringLocalizer<Texts> t) : IBelongings
{
    public async Task<string?> DescribeAsync(Guid userId, CancellationToken ct) => await Live(userId).CountAsync(ct) is > 0 and var count ? t["BelongingSchedules", count].Value : null;

    public async Task<int> MoveAsync(Guid userId, Guid? to, CancellationToken ct)
    {
        await db.Hold<Schedule>(s => s.AuthorId == userId && (s.State == ScheduleState.Active || s.State == ScheduleState.Paused), ct);
        var schedules = await Live(userId).ToListAsync(ct);
        var names = await db.Set<UserView>().Where(u => u.Id == userId || u.Id == to).ToDictionaryAsync(u => u.Id, u => u.Name, ct);
        foreach (var schedule in schedules)
        {
            if (to is { } heir)
            {
                db.Audit("schedule", schedule.Id, schedule.Title, "Author", [names.GetValueOrDefault(userId) ?? ""], [names.GetValueOrDefault(heir) ?? ""]);
                schedule.AuthorId = heir;
            }
            else await planner.CancelAsync(schedule, t["CauseLeft"], ct);
        }
        await db.SaveChangesAsync(ct);
        await db.Claim<Schedule>(s => s.UserId == userId, set => set.SetProperty(s => s.UserId, to), ct);
        if (schedules.Count > 0) db.Touch(Topics.Schedules);
        return schedules.Count;
    }

    private IQueryable<Schedule> Live(Guid userId) => db.Schedules.Where(s => s.AuthorId == userId && (s.State == ScheduleState.Active || s.State == ScheduleState.Paused));
}

/// <summary>In how many schedules that are still to be sent a variable stands.</summary>
internal sealed class ScheduleVariables(InforzapDb db, IStringLocalizer<Texts> t) : IVariableUse
{
    public async Task<VariablePlaces> CountAsync(string name, CancellationToken ct)
    {
        var bodies = await db.Schedules.Where(s => (s.State == ScheduleState.Active || s.State == ScheduleState.Paused) && s.Body.Contains("{{")).Select(s => s.Body).ToListAsync(ct);
        return new(t["Schedules"], bodies.Count(b => VariableText.NamesIn(b).Contains(name, StringComparer.OrdinalIgnoreCase)));
    }
}
