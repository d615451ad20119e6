using Inforzap.Contracts.Channels;
using Inforzap.Contracts.Contacts;
using Inforzap.Contracts.Identity;
using Inforzap.Contracts.Settings;
using Inforzap.Data;
using Inforzap.Files;
using Inforzap.Live;
using Inforzap.Requests;
using Inforzap.Sdk;
using Inforzap.Tickets.Desk;
using Inforzap.Tickets.Outbound;
using Inforzap.Variables;
using Microsoft.Extensions.Localization;

namespace Inforzap.Tickets.Schedules;

/// <summary>
/// Sends one message of a schedule, the way a person's message goes. That it is done stands in the transaction that makes the message,
/// whose id is the run's: who comes second finds it done, and what ends before the commit never was. A refusal says why it can't be sent;
/// the caller writes that down, since nothing of this stays then.
/// </summary>
[AllowSystem]
internal sealed record RunSchedule(Guid RunId) : IRequest;

internal sealed class RunScheduleHandler(
    InforzapDb db, IMediator mediator, TicketAccess access, SchedulePlanner planner, ScheduleTickets tickets, IChannelDirectory channels, ISettings settings, TicketFacts facts, TextRenderer renderer,
    IStringLocalizer<Texts> t) : IRequestHandler<RunSchedule, Unit>
{
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    public async Task<Unit> Handle(RunSchedule request, CancellationToken ct)
    {
        var owner = await db.ScheduleRuns.Where(r => r.Id == request.RunId).Select(r => r.ScheduleId).SingleOrDefaultAsync(ct);
        await db.Hold<Schedule>(s => s.Id == owner, ct);
        var (schedule, run, now) = (await db.Schedules.SingleOrDefaultAsync(s => s.Id == owner, ct), await db.ScheduleRuns.SingleOrDefaultAsync(r => r.Id == request.RunId, ct), access.Now);
        if (schedule is not { State: ScheduleState.Active } || run is not { State: ScheduleRunState.Planned } || run.DueAt > now || schedule.NextAt <= now) return Unit.Value;
        await DecideAsync(schedule, run, now, ct);
        await db.SaveChangesAsync(ct);
        await planner.FinishAsync(schedule, ct);
        await db.SaveChangesAsync(ct);
        db.Touch(Topics.Schedules);
        return Unit.Value;
    }

    private async Task DecideAsync(Schedule schedule, ScheduleRun run, DateTime now, CancellationToken ct)
    {
        var grace = TimeSpan.FromHours(int.Parse(settings.Get(Setting.ScheduleGrace), System.Globalization.CultureInfo.InvariantCulture));
        if (run.Attempts == 0 && now - run.Since > grace) throw new Refusal(t["CauseStandstill"]);
        var contact = await db.Set<ContactView>().SingleOrDefaultAsync(c => c.Id == run.ContactId, ct);
        if (contact is null or { Blocked: true } or { IsErased: true })
        {
            run.End(ScheduleRunState.Cancelled, contact is null or { IsErased: true } ? t["ContactGone"] : t["ContactBlocked", Named(contact)]);
            return;
        }
        if (schedule.CancelOnReply && await HasRepliedAsync(schedule, contact.Id, ct))
        {
            await StopForAsync(schedule, contact, now, ct);
            return;
        }
        var channel = channels.All.FirstOrDefault(c => c.Id == schedule.ChannelId) ?? throw new Refusal(t["ChannelGone"]);
        if (!channel.IsChannelUp())
        {
            if (now - run.Since > grace) throw new Refusal(t["CauseChannelOff", channel.Name]);
            (run.DueAt, run.Cause) = (now + Pause, t["CauseWaits", channel.Name]);
            // To wait is no failure: only that it was looked at is kept.
            run.Attempts = Math.Max(run.Attempts, 1);
            return;
        }
        await SendAsync(schedule, run, contact, channel, ct);
        (run.State, run.MessageId, run.SentAt, run.Cause) = (ScheduleRunState.Sending, run.Id, now, null);
        run.Attempts++;
        schedule.Runs++;
    }

    /// <summary>As it is written down, for people who may not read numbers, too.</summary>
    private static string Named(ContactView contact) => contact.Name.NamedUnless(false);

    private Task<bool> HasRepliedAsync(Schedule schedule, Guid contact, CancellationToken ct) =>
        (from x in db.Tickets
         where x.ContactId == contact && x.ChannelId == schedule.ChannelId && x.LastMessageAt > schedule.RepliesFrom
         join m in db.Set<Message>() on x.Id equals m.TicketId
         where !m.FromUs && m.Kind != MessageKind.System && m.Origin != MessageOrigin.Sync && m.CreatedAt > schedule.RepliesFrom
         select m.Id).AnyAsync(ct);

    /// <summary>Once all of them have replied, there is nobody left to send to.</summary>
    private async Task StopForAsync(Schedule schedule, ContactView contact, DateTime now, CancellationToken ct)
    {
        var rows = await db.ScheduleContacts.Where(c => c.ScheduleId == schedule.Id).ToListAsync(ct);
        foreach (var row in rows.Where(r => r.ContactId == contact.Id)) row.RepliedAt = now;
        foreach (var run in await db.ScheduleRuns.Where(r => r.ScheduleId == schedule.Id && r.ContactId == contact.Id && r.State == ScheduleRunState.Planned).ToListAsync(ct))
            run.End(ScheduleRunState.Cancelled, t["CauseReplied", Named(contact)]);
        if (rows.TrueForAll(r => r.RepliedAt is not null)) await planner.CancelAsync(schedule, t["CauseReplied", Named(contact)], ct);
    }

    /// <summary>Sending holds the ticket once more and has to load it as it is then.</summary>
    private async Task SayAsync(SendMessage message, CancellationToken ct)
    {
        await db.SaveChangesAsync(ct);
        foreach (var entry in db.ChangeTracker.Entries<Ticket>().ToList()) entry.State = EntityState.Detached;
        await mediator.Send(message, ct);
    }

    private async Task SendAsync(Schedule schedule, ScheduleRun run, ContactView contact, ChannelInfo channel, CancellationToken ct)
    {
        var files = await (from f in db.ScheduleFiles.AsNoTracking() where f.ScheduleId == schedule.Id
                           join s in db.Set<StoredFile>() on f.FileId equals s.Id
                           orderby f.Position
                           select new { f.Name, f.Kind, Stored = s }).ToListAsync(ct);
        if (files.Count > 0 && !channel.Can.HasFlag(Can.Media)) throw new Refusal(t["ScheduleNoFiles", channel.Name]);
        if (files.Exists(f => f.Stored.Size > channel.MaxMediaBytes)) throw new Refusal(t["FileTooLarge", channel.MaxMediaBytes / 1024 / 1024]);
        var ticket = await tickets.OfAsync(schedule, contact, channel, ct);
        var known = await facts.OfAsync(ticket, ct, schedule.AuthorId);
        var said = await renderer.RenderAsync(schedule.Body, known, ct);
        if (said.Unknown.Count > 0) throw new Refusal(t["UnknownVariables", VariableText.Of(said.Unknown)]);
        if (said.Text.Length > CleanText.MaxBody) throw new Refusal(t["MessageTooLong", CleanText.MaxBody]);
        if (CleanText.IsBlank(said.Text) && files.Count == 0) throw new Refusal(t["MessageEmpty"]);
        run.TicketId = ticket.Id;
        if (files.Count == 0)
        {
            await SayAsync(new SendMessage(ticket.Id, run.Id, said.Text, Sign: schedule.Sign) { AuthorId = schedule.AuthorId }, ct);
            return;
        }
        Guid? album = files.Count > 1 && channel.Can.HasFlag(Can.Albums) ? Guid.CreateVersion7() : null;
        foreach (var (at, file) in files.Index())
        {
            // As if it had been brought here now: what becomes of the schedule later is nothing to the message.
            var media = new Media { Id = Guid.NewGuid(), TicketId = ticket.Id, UploadedBy = access.Actor.Id, FileName = file.Name, CreatedAt = access.Now };
            media.Ready(file.Stored, file.Kind == MessageKind.Sticker ? MediaKind.Sticker : MediaKind.Document);
            db.Add(media);
            // The text goes with the first file, as its caption.
            await SayAsync(new SendMessage(ticket.Id, at == 0 ? run.Id : Guid.CreateVersion7(), at == 0 ? said.Text : null, media.Id, Sign: schedule.Sign, AlbumId: album) { AuthorId = schedule.AuthorId }, ct);
        }
    }
}

/// <summary>Finds the ticket into which a scheduled message goes, or opens one as the schedule says. An active one is never doubled.</summary>
internal sealed class ScheduleTickets(InforzapDb db, TicketAccess access, IStringLocalizer<Texts> t)
{
    public async Task<Ticket> OfAsync(Schedule schedule, ContactView contact, ChannelInfo channel, CancellationToken ct)
    {
        var leader = (await db.LeadersAsync([(channel.Id, contact.Id)], ct)).GetValueOrDefault((channel.Id, contact.Id)).Leader;
        // Before anything is opened for what can't be said.
        if (channel.ReplyWindow is { } length)
        {
            var window = leader is null ? new ReplyWindow(null, length) : await db.ReplyWindowAsync(channel, leader, access.Now, ct);
            if (window is not null && !window.IsOpenAt(access.Now)) throw new Refusal(ReplyWindows.Words(window, t));
        }
        if (leader is not null && (leader.IsActive || leader.IsGroup || schedule.Action == ScheduleAction.Keep)) return leader;
        var address = await db.AddressOfAsync(channel, contact.Id, ct) ?? (leader is null ? null : new Address(leader.AddressValue, leader.AddressKind));
        return await NewAsync(schedule, contact, channel, address ?? throw new Refusal(t["NotReachable", contact.Name.NamedUnless(false), channel.Name]), leader, ct);
    }

    private async Task<Ticket> NewAsync(Schedule schedule, ContactView contact, ChannelInfo channel, Address address, Ticket? before, CancellationToken ct)
    {
        var (number, now, wanted) = (TicketNumbers.Take(db), access.Now, schedule.QueueId);
        var queue = wanted is not null && await db.Queues.AnyAsync(q => q.Id == wanted && q.IsActive && q.DeletedAt == null, ct) ? wanted : channel.QueueId;
        var user = schedule.UserId ?? schedule.AuthorId;
        var opens = schedule.Action == ScheduleAction.Open && await MayServeAsync(user, ct);
        var waits = !opens && schedule.Action is (ScheduleAction.Open or ScheduleAction.Pending);
        var ticket = waits ? Ticket.New(number, channel.Id, contact.Id, address, queue, now, before) : Ticket.StartedBy(opens ? user : schedule.AuthorId, number, channel.Id, contact.Id, address, queue, now, before);
        db.Add(ticket);
        // What is closed from the beginning was no service: no figure counts it.
        if (opens || waits) db.Add(Timeline.Cycle(ticket, now, startedByAgent: true));
        else ticket.Close(null, null, null, now);
        await db.SaveChangesAsync(ct);
        await access.RecordAsync(ticket, "scheduled", new { user = await access.NameOfAsync(schedule.AuthorId, ct) }, ct);
        return ticket;
    }

    /// <summary>Who left, or serves as many as they may, is given none: it waits in its queue.</summary>
    private async Task<bool> MayServeAsync(Guid user, CancellationToken ct)
    {
        if (await db.Set<UserView>().Where(u => u.Id == user && u.IsActive).Select(u => (int?)u.MaxOpenTickets).SingleOrDefaultAsync(ct) is not { } most) return false;
        return most == 0 || await db.Tickets.CountAsync(x => x.UserId == user && x.Status == TicketStatus.Open, ct) < most;
    }
}
