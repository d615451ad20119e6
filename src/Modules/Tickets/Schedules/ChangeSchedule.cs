using Inforzap.Contracts.Channels;
using Inforzap.Contracts.Contacts;
using Inforzap.Contracts.Settings;
using Inforzap.Data;
using Inforzap.Live;
using Inforzap.Requests;
using Inforzap.Tickets.Desk;
using Inforzap.Tickets.Outbound;
using Microsoft.Extensions.Localization;

namespace Inforzap.Tickets.Schedules;

/// <summary>Stops a schedule for now, or lets it go on. What was due meanwhile is not made up for.</summary>
[Allow("schedules.use", "schedules.manage")]
internal sealed record PauseSchedule([property: NotEmpty] Guid Id, bool Paused) : IRequest;

/// <summary>Nothing more of it is sent. What was sent stays.</summary>
[Allow("schedules.use", "schedules.manage")]
internal sealed record CancelSchedule([property: NotEmpty] Guid Id) : IRequest;

/// <summary>Sends it now: in place of its time where it comes once, and one time more where it comes again.</summary>
[Allow("schedules.use", "schedules.manage")]
internal sealed record SendScheduleNow([property: NotEmpty] Guid Id) : IRequest;

/// <summary>Tries once more to send what could not be sent.</summary>
[Allow("schedules.use", "schedules.manage")]
internal sealed record RetryRun([property: NotEmpty] Guid RunId) : IRequest;

/// <summary>Who wrote a schedule has seen what failed of it.</summary>
[Allow("schedules.use", "schedules.manage")]
internal sealed record SeeFailedRuns([property: NotEmpty] Guid Id) : IRequest;

internal sealed class PauseScheduleHandler(InforzapDb db, ScheduleAccess access, SchedulePlanner planner, IStringLocalizer<Texts> t) : IRequestHandler<PauseSchedule, Unit>
{
    public async Task<Unit> Handle(PauseSchedule request, CancellationToken ct)
    {
        var (schedule, now) = (await access.HoldAsync(request.Id, ct), access.Now);
        if (!schedule.IsLive) throw Refusal.Conflict(t["ScheduleOver"]);
        if (request.Paused == (schedule.State == ScheduleState.Paused)) return Unit.Value;
        if (request.Paused)
        {
            schedule.Pause();
        }
        else
        {
            if (planner.Next(schedule.Plan, now) is null) throw Refusal.Conflict(t["SchedulePassed"]);
            var contacts = await db.ScheduleContacts.Where(c => c.ScheduleId == schedule.Id && c.RepliedAt == null).OrderBy(c => c.Position).Select(c => c.ContactId).ToListAsync(ct);
            schedule.Run();
            await planner.ReplanAsync(schedule, contacts, keepsWaiting: false, now, ct);
        }
        schedule.Change(now);
        await db.SaveChangesAsync(ct);
        db.Touch(Topics.Schedules);
        return Unit.Value;
    }
}

internal sealed class CancelScheduleHandler(InforzapDb db, ScheduleAccess access, SchedulePlanner planner, IActor actor, IStringLocalizer<Texts> t) : IRequestHandler<CancelSchedule, Unit>
{
    public async Task<Unit> Handle(CancelSchedule request, CancellationToken ct)
    {
        var schedule = await access.HoldAsync(request.Id, ct);
        if (!schedule.IsLive) throw Refusal.Conflict(t["ScheduleOver"]);
        await planner.CancelAsync(schedule, t["CauseCancelled", actor.Name], ct);
        schedule.Change(access.Now);
        await db.SaveChangesAsync(ct);
        db.Touch(Topics.Schedules);
        return Unit.Value;
    }
}

internal sealed class SendScheduleNowHandler(InforzapDb db, ScheduleAccess access, ISettings settings, IChannelDirectory channels, IStringLocalizer<Texts> t) : IRequestHandler<SendScheduleNow, Unit>
{
    public async Task<Unit> Handle(SendScheduleNow request, CancellationToken ct)
    {
        var (schedule, now) = (await access.HoldAsync(request.Id, ct), access.Now);
        if (!schedule.IsLive) throw Refusal.Conflict(t["ScheduleOver"]);
        if (schedule.State == ScheduleState.Paused && schedule.Unit != ScheduleUnit.Once) throw Refusal.Conflict(t["SchedulePaused"]);
        var contacts = await db.ScheduleContacts.Where(c => c.ScheduleId == schedule.Id).OrderBy(c => c.Position).ToListAsync(ct);
        await RequireReachAsync(schedule, contacts, ct);
        var runs = await db.ScheduleRuns.Where(r => r.ScheduleId == schedule.Id && (r.State == ScheduleRunState.Planned || r.State == ScheduleRunState.Sending || r.State == ScheduleRunState.Sent)).ToListAsync(ct);
        var waiting = runs.FindAll(r => r.State == ScheduleRunState.Planned);
        // Pressed twice, it would be sent twice.
        var late = waiting.Where(r => r.DueAt <= now || r.PlannedAt <= now).Select(r => r.ContactId).ToHashSet();
        if (schedule.Unit == ScheduleUnit.Once)
        {
            db.RemoveRange(waiting.Where(r => !late.Contains(r.ContactId)));
            late.UnionWith(runs.Where(r => r.State != ScheduleRunState.Planned).Select(r => r.ContactId));
            // What was meant for later is meant for now: its former time must not come as well.
            var local = settings.Local(now);
            (schedule.Day, schedule.Minute, schedule.FirstAt, schedule.DayRule, schedule.NextAt) = (DateOnly.FromDateTime(local), TimeOnly.FromDateTime(local).Minutes(), now, BusinessDayRule.Any, null);
            schedule.Run();
        }
        db.AddRange(contacts.Where(c => !late.Contains(c.ContactId)).Select(c => ScheduleRun.At(schedule, c.ContactId, now)));
        // Whoever says 'now' means now, whatever was said since it was made.
        schedule.RepliesFrom = now;
        schedule.Change(now);
        await db.SaveChangesAsync(ct);
        db.Touch(Topics.Schedules);
        return Unit.Value;
    }

    private async Task RequireReachAsync(Schedule schedule, IReadOnlyList<ScheduleContact> contacts, CancellationToken ct)
    {
        var channel = channels.All.FirstOrDefault(c => c.Id == schedule.ChannelId) ?? throw Refusal.NotFound(t["ChannelGone"]);
        await access.RequireReachAsync(channel, await access.ContactsAsync([.. contacts.Select(c => c.ContactId)], ct), ct);
    }
}

internal sealed class RetryRunHandler(InforzapDb db, IActor actor, ScheduleAccess access, TicketAccess tickets, ISettings settings, IChannelDirectory channels, IStringLocalizer<Texts> t) : IRequestHandler<RetryRun, Unit>
{
    public async Task<Unit> Handle(RetryRun request, CancellationToken ct)
    {
        var owner = await db.ScheduleRuns.Where(r => r.Id == request.RunId).Select(r => (Guid?)r.ScheduleId).SingleOrDefaultAsync(ct) ?? throw Refusal.NotFound(t["ScheduleGone"]);
        var schedule = await access.HoldAsync(owner, ct);
        var run = await db.ScheduleRuns.SingleAsync(r => r.Id == request.RunId, ct);
        if (!actor.May("tickets.answer")) throw Refusal.Forbidden(t["ScheduleMayNotSend"]);
        if (run.MessageId is { } messageId) await AgainAsync(schedule, run, messageId, ct);
        else if (run.State != ScheduleRunState.Failed) throw Refusal.Conflict(t["NothingToResend"]);
        else if (schedule.State == ScheduleState.Paused) throw Refusal.Conflict(t["SchedulePaused"]);
        else (run.State, run.DueAt, run.Since, run.Attempts, run.Cause) = (ScheduleRunState.Planned, access.Now, access.Now, 0, null);
        if (run.State == ScheduleRunState.Planned) schedule.Run();
        await db.SaveChangesAsync(ct);
        db.Touch(Topics.Schedules, Topics.Alarms);
        return Unit.Value;
    }

    /// <summary>Its message is in a conversation: it is the same one that goes out again.</summary>
    private async Task AgainAsync(Schedule schedule, ScheduleRun run, Guid messageId, CancellationToken ct)
    {
        var ticketId = run.TicketId!.Value;
        if (!await db.Tickets.VisibleTo(tickets.Actor, settings, db).AnyAsync(x => x.Id == ticketId, ct)) throw Refusal.NotFound(t["TicketGone"]);
        var ticket = await db.HoldTicketAsync(ticketId, ct);
        var message = await db.Messages.SingleAsync(m => m.Id == messageId, ct);
        if (message.State is not (MessageState.Failed or MessageState.Unknown)) throw Refusal.Conflict(t["NothingToResend"]);
        if (message.DeletedAt is not null || message.ForgottenAt is not null) throw Refusal.Conflict(t["MessageGone"]);
        // Whether it has arrived after all is for its author to say, and for those who say it of other messages.
        if (message.State == MessageState.Unknown && schedule.AuthorId != access.Me && !actor.May("lanes.see")) await tickets.RequireMineAsync(ticket, ct);
        var channel = channels.All.FirstOrDefault(c => c.Id == ticket.ChannelId) ?? throw new Refusal(t["ChannelGone"]);
        if (await db.Set<ContactView>().Where(c => c.Id == ticket.ContactId && c.Blocked).Select(c => c.Name).SingleOrDefaultAsync(ct) is { } blocked) throw new Refusal(t["ContactBlocked", access.Name(blocked)]);
        await db.RequireReplyWindowAsync(channel, ticket, access.Now, t, ct);
        db.QueueAgain(ticket, message, access.Now);
        (run.State, run.Cause, run.SentAt) = (ScheduleRunState.Sending, null, access.Now);
        await tickets.RecordAsync(ticket, "resent", new { seq = message.Seq }, ct);
    }
}

internal sealed class SeeFailedRunsHandler(InforzapDb db, ScheduleAccess access, IStringLocalizer<Texts> t) : IRequestHandler<SeeFailedRuns, Unit>
{
    public async Task<Unit> Handle(SeeFailedRuns request, CancellationToken ct)
    {
        var (me, now) = (access.Me, access.Now);
        if (!await access.Seen.AnyAsync(s => s.Id == request.Id, ct)) throw Refusal.NotFound(t["ScheduleGone"]);
        if (!await db.Schedules.AnyAsync(s => s.Id == request.Id && s.AuthorId == me, ct)) return Unit.Value;
        var seen = await db.Claim<ScheduleRun>(r => r.ScheduleId == request.Id && r.SeenAt == null && r.State == ScheduleRunState.Failed, set => set.SetProperty(r => r.SeenAt, now), ct);
        if (seen > 0) db.Touch(Topics.Alarms);
        return Unit.Value;
    }
}
