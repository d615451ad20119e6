using Inforzap.Data;
using Inforzap.Jobs;
using Inforzap.Live;
using Inforzap.Requests;
using Microsoft.Extensions.Localization;

namespace Inforzap.Tickets.Schedules;

/// <summary>
/// Looks four times a minute. What is due stands in rows, and each row is its own transaction: it may run twice at once, be late, or end
/// anywhere. One message that can't be sent holds up no other.
/// </summary>
internal sealed class WorkSchedules(SystemMediator mediator, ILogger<WorkSchedules> log) : IJob
{
    public async Task RunAsync(JobTick tick, CancellationToken ct)
    {
        while (await mediator.Send(new PlanSchedules(), ct) > 0) ct.ThrowIfCancellationRequested();
        while (await mediator.Send(new DueRuns(), ct) is { Count: > 0 } due)
            foreach (var run in due)
            {
                ct.ThrowIfCancellationRequested();
                await SendAsync(run, ct);
            }
        await mediator.Send(new SettleRuns(), ct);
    }

    private async Task SendAsync(Guid run, CancellationToken ct)
    {
        try
        {
            await mediator.Send(new RunSchedule(run), ct);
        }
        // Who was a moment faster is no reason to give up.
        catch (Refusal refusal) when (refusal.Kind != RefusalKind.Conflict)
        {
            await mediator.Send(new EndRun(run, refusal.Message), ct);
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            log.LogWarning("A scheduled message could not be sent and is tried again: {Exception}", Telemetry.Describe(e));
            await mediator.Send(new EndRun(run, null), ct);
        }
    }
}

/// <summary>
/// Plans what comes next of schedules whose time has come. Of several times that were missed only the last one is sent. Returns how many
/// it planned; as long as there were some, there may be more.
/// </summary>
[AllowSystem]
internal sealed record PlanSchedules : IRequest<int>;

/// <summary>Messages that are due now, the oldest first.</summary>
[AllowSystem, Reads]
internal sealed record DueRuns : IRequest<IReadOnlyList<Guid>>;

/// <summary>One of them was not sent. With a cause it failed; without one it is tried again a few times.</summary>
[AllowSystem]
internal sealed record EndRun(Guid RunId, string? Cause) : IRequest;

/// <summary>Notes what became of messages that were on their way.</summary>
[AllowSystem]
internal sealed record SettleRuns : IRequest;

internal sealed class PlanSchedulesHandler(InforzapDb db, SchedulePlanner planner, TimeProvider clock, IStringLocalizer<Texts> t) : IRequestHandler<PlanSchedules, int>
{
    /// <summary>So many in one transaction: nobody waits long for it.</summary>
    private const int Most = 50;

    public async Task<int> Handle(PlanSchedules request, CancellationToken ct)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        var due = await db.Schedules.Where(s => s.State == ScheduleState.Active && s.NextAt <= now).OrderBy(s => s.NextAt).Select(s => s.Id).Take(Most).ToArrayAsync(ct);
        if (due.Length == 0) return 0;
        await db.Hold<Schedule>(s => due.Contains(s.Id), ct);
        var planned = await db.Schedules.Where(s => due.Contains(s.Id) && s.State == ScheduleState.Active && s.NextAt <= now).ToListAsync(ct);
        foreach (var schedule in planned) await PlanAsync(schedule, now, ct);
        await db.SaveChangesAsync(ct);
        // Where all have replied meanwhile there is nobody to plan for.
        foreach (var schedule in planned) await planner.FinishAsync(schedule, ct);
        await db.SaveChangesAsync(ct);
        db.Touch(Topics.Schedules);
        return planned.Count;
    }

    private async Task PlanAsync(Schedule schedule, DateTime now, CancellationToken ct)
    {
        var (id, plan, from) = (schedule.Id, schedule.Plan, schedule.NextAt!.Value);
        var contacts = await db.ScheduleContacts.Where(c => c.ScheduleId == id && c.RepliedAt == null).OrderBy(c => c.Position).Select(c => c.ContactId).ToListAsync(ct);
        var found = ScheduleTimes.Last(plan, planner.Zone, planner.IsBusinessDay, from, now);
        if (found is null && (plan.DayRule == BusinessDayRule.Skip || planner.Next(plan, now) is not null))
        {
            // A holiday, or the company's clock, was changed since: by its plan it comes at another time now, and not at this one as well.
            await planner.ReplanAsync(schedule, contacts, keepsWaiting: false, now, ct);
            return;
        }
        var last = found ?? from;
        var runs = await db.ScheduleRuns.Where(r => r.ScheduleId == id && (r.State == ScheduleRunState.Planned || r.PlannedAt >= from)).ToListAsync(ct);
        // What somebody said to try again is meant, whatever comes after it.
        foreach (var run in runs.Where(r => r.State == ScheduleRunState.Planned && r.PlannedAt < last && r.Since == r.PlannedAt)) run.End(ScheduleRunState.Cancelled, t["CauseSuperseded"]);
        schedule.NextAt = planner.Next(plan, now);
        foreach (var at in new[] { last, schedule.NextAt }.OfType<DateTime>())
            db.AddRange(contacts.Except(runs.Where(r => r.PlannedAt == at).Select(r => r.ContactId)).Select(c => ScheduleRun.At(schedule, c, at)));
    }
}

internal sealed class DueRunsHandler(InforzapDb db, TimeProvider clock) : IRequestHandler<DueRuns, IReadOnlyList<Guid>>
{
    private const int Most = 200;

    public async Task<IReadOnlyList<Guid>> Handle(DueRuns request, CancellationToken ct)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        return await (from r in db.ScheduleRuns.AsNoTracking()
                      where r.State == ScheduleRunState.Planned && r.DueAt <= now
                      join s in db.Set<Schedule>() on r.ScheduleId equals s.Id
                      // What has missed its time is planned anew first.
                      where s.State == ScheduleState.Active && (s.NextAt == null || s.NextAt > now)
                      orderby r.DueAt, r.Id
                      select r.Id).Take(Most).ToListAsync(ct);
    }
}

internal sealed class EndRunHandler(InforzapDb db, SchedulePlanner planner, TimeProvider clock, IStringLocalizer<Texts> t) : IRequestHandler<EndRun, Unit>
{
    private const int MostAttempts = 5;

    public async Task<Unit> Handle(EndRun request, CancellationToken ct)
    {
        var owner = await db.ScheduleRuns.Where(r => r.Id == request.RunId).Select(r => r.ScheduleId).SingleOrDefaultAsync(ct);
        await db.Hold<Schedule>(s => s.Id == owner, ct);
        if (await db.ScheduleRuns.SingleOrDefaultAsync(r => r.Id == request.RunId, ct) is not { State: ScheduleRunState.Planned } run) return Unit.Value;
        run.Attempts++;
        if (request.Cause is { } cause) run.End(ScheduleRunState.Failed, CleanText.Of(cause, 500));
        else if (run.Attempts >= MostAttempts) run.End(ScheduleRunState.Failed, t["CauseBroken"]);
        else run.DueAt = clock.GetUtcNow().UtcDateTime.AddMinutes(run.Attempts);
        await db.SaveChangesAsync(ct);
        if (run.State != ScheduleRunState.Planned && await db.Schedules.SingleOrDefaultAsync(s => s.Id == owner, ct) is { } schedule) await planner.FinishAsync(schedule, ct);
        await db.SaveChangesAsync(ct);
        db.Touch(Topics.Schedules, Topics.Alarms);
        return Unit.Value;
    }
}

internal sealed class SettleRunsHandler(InforzapDb db) : IRequestHandler<SettleRuns, Unit>
{
    private const int Most = 500;

    public async Task<Unit> Handle(SettleRuns request, CancellationToken ct)
    {
        var over = await (from r in db.ScheduleRuns.AsNoTracking()
                          where r.State == ScheduleRunState.Sending
                          join m in db.Set<Message>() on r.MessageId equals m.Id
                          where m.State != MessageState.Queued && m.State != MessageState.Sending && m.State != MessageState.Unknown
                          orderby r.Id
                          select new { r.Id, Failed = m.State == MessageState.Failed, m.FailReason }).Take(Most).ToListAsync(ct);
        foreach (var run in over)
        {
            var state = run.Failed ? ScheduleRunState.Failed : ScheduleRunState.Sent;
            await db.Claim<ScheduleRun>(r => r.Id == run.Id && r.State == ScheduleRunState.Sending,
                set => set.SetProperty(r => r.State, state).SetProperty(r => r.Cause, run.Failed ? run.FailReason : null).SetProperty(r => r.SeenAt, (DateTime?)null), ct);
        }
        if (over.Count > 0) db.Touch(Topics.Schedules);
        if (over.Exists(r => r.Failed)) db.Touch(Topics.Alarms);
        return Unit.Value;
    }
}
