using Inforzap.Contracts.Channels;
using Inforzap.Contracts.Contacts;
using Inforzap.Contracts.Identity;
using Inforzap.Contracts.Settings;
using Inforzap.Data;
using Inforzap.Requests;
using Microsoft.Extensions.Localization;

namespace Inforzap.Tickets.Schedules;

/// <summary>A schedule in full, with its newest messages.</summary>
[Allow("schedules.use", "schedules.manage"), Reads]
internal sealed record ReadSchedule([property: NotEmpty] Guid Id) : IRequest<ScheduleDetails>;

/// <summary>What the drawer shows and edits.</summary>
/// <param name="Revision">Who saves hands it back.</param>
public sealed record ScheduleDetails(
    Guid Id, ScheduleForm Form, IReadOnlyList<ScheduleTarget> Contacts, IReadOnlyList<KeptFileRow> Files, IReadOnlyList<RunRow> Runs, ScheduleState State, string? ChannelName, string? AuthorName, DateTime? NextAt,
    int Revision);

/// <summary>One of those whom it is for.</summary>
/// <param name="RepliedAt">They wrote, and nothing more is sent to them.</param>
public sealed record ScheduleTarget(Guid Id, string Name, string? Phone, DateTime? RepliedAt = null)
{
    /// <summary>As the caller may read it.</summary>
    internal ScheduleTarget As(ScheduleAccess caller) => this with { Name = caller.Name(Name), Phone = Phone.MaskedUnless(caller.SeesPhones) };
}

/// <summary>One message of it.</summary>
/// <param name="IsUnsure">Nobody knows whether it left the house.</param>
/// <param name="TicketId">Where it is, if the caller sees that.</param>
/// <param name="MayRetry">It can be sent once more.</param>
public sealed record RunRow(Guid Id, string ContactName, DateTime PlannedAt, ScheduleRunState State, bool IsUnsure, string? Cause, DateTime? SentAt, Guid? TicketId, bool MayRetry);

/// <summary>What there is to choose for a schedule, and what a new one begins with.</summary>
/// <param name="TicketId">For the contact of this conversation.</param>
[Allow("schedules.use", "schedules.manage"), Reads]
internal sealed record OfferSchedule(Guid? TicketId) : IRequest<OfferedSchedule>;

/// <summary>Choices.</summary>
/// <param name="Contact">That of the conversation.</param>
/// <param name="ChannelId">That of the conversation.</param>
/// <param name="Queues">In which a ticket may be opened.</param>
/// <param name="Signs">The caller's messages begin with their signature.</param>
public sealed record OfferedSchedule(ScheduleTarget? Contact, Guid? ChannelId, IReadOnlyList<PersonChoice> Queues, IReadOnlyList<PersonChoice> Users, bool Signs);

internal sealed class ReadScheduleHandler(InforzapDb db, IActor actor, ScheduleAccess access, ISettings settings, IChannelDirectory channels, IStringLocalizer<Texts> t) : IRequestHandler<ReadSchedule, ScheduleDetails>
{
    private const int MostRuns = 50;

    public async Task<ScheduleDetails> Handle(ReadSchedule request, CancellationToken ct)
    {
        var s = await access.Seen.AsNoTracking().SingleOrDefaultAsync(x => x.Id == request.Id, ct) ?? throw Refusal.NotFound(t["ScheduleGone"]);
        var contacts = await (from c in db.ScheduleContacts where c.ScheduleId == s.Id
                              join k in db.Set<ContactView>() on c.ContactId equals k.Id
                              orderby c.Position
                              select new ScheduleTarget(k.Id, k.Name, k.Phone, c.RepliedAt)).ToListAsync(ct);
        var files = await db.ScheduleFiles.Where(f => f.ScheduleId == s.Id).OrderBy(f => f.Position).Select(f => new KeptFileRow(f.Id, f.Name, f.MimeType, f.Size, f.Kind)).ToListAsync(ct);
        var author = await db.Set<UserView>().Where(u => u.Id == s.AuthorId).Select(u => u.Name).SingleOrDefaultAsync(ct);
        var form = new ScheduleForm([.. contacts.Select(c => c.Id)], s.ChannelId, s.QueueId, s.Body, s.Day, s.Plan.Time, s.Unit, s.Every, s.Until, s.Times, s.DayRule, s.Sign, s.Action, s.UserId, s.CancelOnReply);
        return new(s.Id, form, contacts.ConvertAll(c => c.As(access)), files, await RunsAsync(s, ct), s.State, channels.Find(s.ChannelId)?.Name, author, s.NextAt, s.Revision);
    }

    private async Task<IReadOnlyList<RunRow>> RunsAsync(Schedule schedule, CancellationToken ct)
    {
        var visible = db.Tickets.VisibleTo(actor, settings, db);
        var rows = await (from r in db.ScheduleRuns.AsNoTracking() where r.ScheduleId == schedule.Id
                          join c in db.Set<ContactView>() on r.ContactId equals c.Id into cs
                          from c in cs.DefaultIfEmpty()
                          join m in db.Set<Message>() on r.MessageId equals m.Id into ms
                          from m in ms.DefaultIfEmpty()
                          orderby r.PlannedAt descending, r.Id
                          select new { Run = r, Name = (string?)c.Name, Message = (MessageState?)m.State, Reason = (string?)m.FailReason, MaySee = r.TicketId != null && visible.Any(x => x.Id == r.TicketId) }).Take(MostRuns).ToListAsync(ct);
        return [.. rows.Select(x =>
        {
            // What became of a message stands with the message.
            var state = x.Message is { } message ? StateOf(message) : x.Run.State;
            var isUnsure = x.Message == MessageState.Unknown;
            return new RunRow(x.Run.Id, x.Name is { } name ? access.Name(name) : t["Somebody"], x.Run.PlannedAt, state, isUnsure, x.Message is null ? x.Run.Cause : state == ScheduleRunState.Failed || isUnsure ? x.Reason : null, x.Run.SentAt, x.MaySee ? x.Run.TicketId : null,
                isUnsure || (state == ScheduleRunState.Failed && schedule.State != ScheduleState.Paused));
        })];
    }

    private static ScheduleRunState StateOf(MessageState state) => state switch
    {
        MessageState.Queued or MessageState.Sending or MessageState.Unknown => ScheduleRunState.Sending,
        MessageState.Failed => ScheduleRunState.Failed,
        _ => ScheduleRunState.Sent,
    };
}

internal sealed class OfferScheduleHandler(InforzapDb db, IActor actor, Desk.TicketAccess access, ScheduleAccess schedules) : IRequestHandler<OfferSchedule, OfferedSchedule>
{
    public async Task<OfferedSchedule> Handle(OfferSchedule request, CancellationToken ct)
    {
        var ticket = request.TicketId is { } id ? await access.ReadAsync(id, ct) : null;
        var contact = ticket is null ? null : await db.Set<ContactView>().Where(c => c.Id == ticket.ContactId).Select(c => new ScheduleTarget(c.Id, c.Name, c.Phone, null)).SingleAsync(ct);
        var (mine, all) = (actor.Queues.ToArray(), actor.May("tickets.see-all"));
        var queues = await db.Queues.Where(q => q.IsActive && q.DeletedAt == null && (all || mine.Contains(q.Id))).OrderBy(q => q.Order).ThenBy(q => q.Name).Select(q => new PersonChoice(q.Id, q.Name)).ToListAsync(ct);
        var users = await db.Set<UserView>().Where(u => u.IsActive).OrderBy(u => u.Name).Select(u => new PersonChoice(u.Id, u.Name)).Take(1000).ToListAsync(ct);
        return new(contact?.As(schedules), ticket?.ChannelId, queues, users, await db.Set<UserView>().Where(u => u.Id == actor.Id).Select(u => u.SignatureOn).SingleOrDefaultAsync(ct));
    }
}
