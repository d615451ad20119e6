using Inforzap.Audit;
using Inforzap.Contracts.Channels;
using Inforzap.Data;
using Inforzap.Live;
using Inforzap.Requests;
using Inforzap.Tickets.Desk;
using Inforzap.Tickets.Entry;
using Microsoft.Extensions.Localization;

namespace Inforzap.Tickets.Queues;

/// <summary>
/// Takes a queue out of use. Its pending and open tickets move to another one; without <paramref name="MoveTo"/> it is refused
/// while there are any. Returns how many moved.
/// </summary>
[Allow("queues.edit")]
internal sealed record DeactivateQueue([property: NotEmpty] Guid Id, Guid? MoveTo) : IRequest<int>;

/// <summary>
/// Removes a queue for good; what was served in it keeps its name. Its pending and open tickets move to another one, or, without,
/// are left without a queue. Returns how many those were.
/// </summary>
[Allow("queues.delete")]
internal sealed record DeleteQueue([property: NotEmpty] Guid Id, Guid? MoveTo) : IRequest<int>;

/// <summary>Takes a queue into use again.</summary>
[Allow("queues.edit")]
internal sealed record ActivateQueue([property: NotEmpty] Guid Id) : IRequest;

internal sealed class DeactivateQueueHandler(InforzapDb db, TicketAccess access, IChannelDirectory channels, IStringLocalizer<Texts> t) : IRequestHandler<DeactivateQueue, int>
{
    public async Task<int> Handle(DeactivateQueue request, CancellationToken ct)
    {
        var queue = await db.HoldQueueAsync(request.Id, request.MoveTo, channels, t, ct);
        var tickets = await db.ActiveInAsync(queue.Id, ct);
        if (tickets.Count > 0 && request.MoveTo is null) throw new Refusal(t["QueueHasTickets", queue.Name, tickets.Count]);
        queue.IsActive = false;
        foreach (var ticket in tickets)
        {
            ticket.MoveTo(request.MoveTo!.Value);
            await access.RecordAsync(ticket, "transferred", new { queue = await access.NameOfQueueAsync(request.MoveTo, ct) }, ct, formerQueue: queue.Id);
        }
        db.Touch(Topics.People, Topics.Queue(queue.Id));
        return tickets.Count;
    }
}

internal sealed class DeleteQueueHandler(InforzapDb db, TicketAccess access, IChannelDirectory channels, IStringLocalizer<Texts> t) : IRequestHandler<DeleteQueue, int>
{
    public async Task<int> Handle(DeleteQueue request, CancellationToken ct)
    {
        var queue = await db.HoldQueueAsync(request.Id, request.MoveTo, channels, t, ct);
        var tickets = await db.ActiveInAsync(queue.Id, ct);
        (queue.IsActive, queue.DeletedAt, queue.AbsenceQueueId) = (false, access.Now, null);
        db.AuditGone("queue", queue.Id, queue.Name);
        foreach (var other in await db.Queues.Where(q => q.AbsenceQueueId == queue.Id).ToListAsync(ct)) other.AbsenceQueueId = null;
        var members = await db.QueueMembers.Where(m => m.QueueId == queue.Id).ToListAsync(ct);
        db.RemoveRange(members);
        foreach (var ticket in tickets)
        {
            ticket.MoveTo(request.MoveTo);
            await access.RecordAsync(ticket, "transferred", new { queue = await access.NameOfQueueAsync(request.MoveTo, ct) }, ct, formerQueue: queue.Id);
        }
        await db.SaveChangesAsync(ct);
        db.Touch([Topics.People, Topics.Queue(queue.Id), .. members.Select(m => Topics.User(m.UserId))]);
        return tickets.Count;
    }
}

internal static class QueueRows
{
    /// <summary>A queue that shall go out of use, when its tickets can go where they shall and no channel leads into it.</summary>
    public static async Task<Queue> HoldQueueAsync(this InforzapDb db, Guid id, Guid? moveTo, IChannelDirectory channels, IStringLocalizer<Texts> t, CancellationToken ct)
    {
        var queue = await db.Queues.SingleOrDefaultAsync(q => q.Id == id && q.DeletedAt == null, ct) ?? throw Refusal.NotFound(t["QueueGone"]);
        if (moveTo == queue.Id || (moveTo is { } target && !await db.Queues.AnyAsync(q => q.Id == target && q.IsActive, ct))) throw Refusal.NotFound(t["QueueGone"]);
        if (channels.All.FirstOrDefault(c => c.QueueId == queue.Id) is { } channel) throw Refusal.Conflict(t["QueueOfChannel", queue.Name, channel.Name]);
        if (await db.EntryMenus.Where(m => m.DefaultQueueId == queue.Id && m.IsActive).Select(m => m.Name).FirstOrDefaultAsync(ct) is { } menu) throw Refusal.Conflict(t["QueueOfMenu", queue.Name, menu]);
        return queue;
    }

    /// <summary>Its pending and open tickets, held.</summary>
    public static async Task<List<Ticket>> ActiveInAsync(this InforzapDb db, Guid queueId, CancellationToken ct)
    {
        await db.Hold<Ticket>(x => x.QueueId == queueId && x.Status != TicketStatus.Closed, ct);
        return await db.Tickets.Where(x => x.QueueId == queueId && x.Status != TicketStatus.Closed).ToListAsync(ct);
    }
}

internal sealed class ActivateQueueHandler(InforzapDb db, IStringLocalizer<Texts> t) : IRequestHandler<ActivateQueue, Unit>
{
    public async Task<Unit> Handle(ActivateQueue request, CancellationToken ct)
    {
        var queue = await db.Queues.SingleOrDefaultAsync(q => q.Id == request.Id && q.DeletedAt == null, ct) ?? throw Refusal.NotFound(t["QueueGone"]);
        queue.IsActive = true;
        db.Touch(Topics.People, Topics.Queue(queue.Id));
        return Unit.Value;
    }
}
