using Inforzap.Contracts.Identity;
using Inforzap.Contracts.Settings;
using Inforzap.Data;
using Inforzap.Live;
using Inforzap.Requests;
using Microsoft.Extensions.Localization;

namespace Inforzap.Tickets.Desk;

/// <summary>What every command on a ticket begins and ends with: find it among what the caller may see, hold it, announce it.</summary>
internal sealed class TicketAccess(InforzapDb db, IActor actor, ISettings settings, TimeProvider clock, IStringLocalizer<Texts> t)
{
    public DateTime Now => clock.GetUtcNow().UtcDateTime;

    public IActor Actor => actor;

    /// <summary>The ticket, held until the commit.</summary>
    /// <exception cref="Refusal">It is not there, or the caller may not know that it is.</exception>
    public async Task<Ticket> HoldAsync(Guid id, CancellationToken ct)
    {
        await db.Hold<Ticket>(x => x.Id == id, ct);
        var ticket = await db.Tickets.VisibleTo(actor, settings, db).SingleOrDefaultAsync(x => x.Id == id, ct) ?? throw Refusal.NotFound(t["TicketGone"]);
        await db.FollowAsync(ticket, ct);
        return ticket;
    }

    /// <summary>The ticket, to be read.</summary>
    public async Task<Ticket> ReadAsync(Guid id, CancellationToken ct) =>
        await db.Tickets.AsNoTracking().VisibleTo(actor, settings, db).SingleOrDefaultAsync(x => x.Id == id, ct) ?? throw Refusal.NotFound(t["TicketGone"]);

    /// <summary>The ticket, whose messages are to be read.</summary>
    /// <exception cref="Refusal">It is not there, or it waits and the caller may not look before taking it.</exception>
    public async Task<Ticket> ReadInsideAsync(Guid id, CancellationToken ct)
    {
        var ticket = await ReadAsync(id, ct);
        return MayLookInto(ticket) ? ticket : throw Refusal.Forbidden(t["PeekSwitchedOff"]);
    }

    /// <summary>Espiar: whether the messages of a ticket that waits may be read without taking it.</summary>
    public bool MayLookInto(Ticket ticket) =>
        ticket.Status != TicketStatus.Pending || ticket.UserId == actor.Id || actor.MayPeek(settings);

    /// <summary>
    /// A message of which a person decides what became of it, with its ticket held. That is for whoever serves the ticket, and
    /// for those who look after lanes.
    /// </summary>
    public async Task<(Ticket Ticket, Message Message)> HoldToDecideAsync(Guid messageId, CancellationToken ct)
    {
        var (ticket, message) = await HoldMessageAsync(messageId, ct);
        if (!actor.May("lanes.see")) await RequireMineAsync(ticket, ct);
        return (ticket, message);
    }

    /// <summary>A message among what the caller may see, with its ticket held.</summary>
    /// <exception cref="Refusal">It is not there, or the caller may not know that it is.</exception>
    public async Task<(Ticket Ticket, Message Message)> HoldMessageAsync(Guid messageId, CancellationToken ct)
    {
        var ticketId = await (from m in db.Messages
                              join x in db.Tickets.VisibleTo(actor, settings, db) on m.TicketId equals x.Id
                              where m.Id == messageId
                              select (Guid?)x.Id).SingleOrDefaultAsync(ct) ?? throw Refusal.NotFound(t["MessageGone"]);
        var ticket = await HoldAsync(ticketId, ct);
        return (ticket, await db.Messages.SingleAsync(m => m.Id == messageId, ct));
    }

    /// <summary>Refuses when somebody else serves it, and says who.</summary>
    public async Task RequireMineAsync(Ticket ticket, CancellationToken ct)
    {
        if (ticket.Status == TicketStatus.Closed) throw Refusal.Conflict(t["TicketClosed"]);
        if (ticket.Status == TicketStatus.Pending) throw Refusal.Conflict(t["TicketNotAccepted"]);
        if (ticket.UserId != actor.Id && !actor.IsSystem) throw Refusal.Conflict(t["TicketOfOther", await NameOfAsync(ticket.UserId, ct)]);
    }

    /// <summary>A group stays where it is: only who leads sends it elsewhere or ends it.</summary>
    public bool MayMove(Ticket ticket) => !ticket.IsGroup || actor.May("tickets.see-queue") || actor.IsSystem;

    /// <inheritdoc cref="MayMove"/>
    /// <exception cref="Refusal">The caller may not.</exception>
    public void RequireMove(Ticket ticket)
    {
        if (!MayMove(ticket)) throw Refusal.Forbidden(t["GroupForLeads"]);
    }

    public async Task<string> NameOfAsync(Guid? userId, CancellationToken ct) =>
        (userId is { } id ? await db.Set<UserView>().Where(u => u.Id == id).Select(u => u.Name).SingleOrDefaultAsync(ct) : null) ?? t["Somebody"];

    public async Task<string> NameOfQueueAsync(Guid? queueId, CancellationToken ct) =>
        (queueId is { } id ? await db.Queues.Where(q => q.Id == id).Select(q => q.Name).SingleOrDefaultAsync(ct) : null) ?? t["NoQueue"];

    /// <summary>Adds to the timeline, brings the figures up to date, and tells viewers, also those who lose sight of it.</summary>
    public async Task RecordAsync(Ticket ticket, string type, object? data, CancellationToken ct, Guid? formerQueue = null, Guid? formerUser = null)
    {
        db.Add(Timeline.Entry(ticket.Id, type, actor.IsSystem ? null : actor.Id, Now, data));
        await db.UpdateCycleAsync(ticket, ct);
        await db.SaveChangesAsync(ct);
        db.TouchTicket(ticket);
        if (formerQueue is not null && formerQueue != ticket.QueueId) db.Touch(Topics.Queue(formerQueue));
        if (formerUser is { } user) db.Touch(Topics.TicketsOf(user));
    }
}

internal static class TicketTopics
{
    /// <summary>Hints for everybody who may be looking at this ticket.</summary>
    public static void TouchTicket(this InforzapDb db, Ticket ticket)
    {
        db.Touch(Topics.Ticket(ticket.Id), Topics.Queue(ticket.QueueId), Topics.AllTickets, Topics.Conversation(ticket.ChannelId, ticket.ContactId));
        if (ticket.UserId is { } user) db.Touch(Topics.TicketsOf(user));
    }
}
