using Inforzap.Data;
using Inforzap.Live;
using Inforzap.Requests;
using Inforzap.Tickets.Desk;
using Microsoft.Extensions.Localization;

namespace Inforzap.Tickets.Queues;

/// <summary>
/// Takes a queue out of use. Its pending and open tickets move to another one; without <paramref name="MoveTo"/> it is refused
/// while there are any. Returns how many moved.
/// </summary>
[Allow("queues.edit")]
internal sealed record DeactivateQueue([property: NotEmpty] Guid Id, Guid? MoveTo) : IRequest<int>;

/// <summary>Takes a queue into use again.</summary>
[Allow("queues.edit")]
internal sealed record ActivateQueue([property: NotEmpty] Guid Id) : IRequest;

internal sealed class DeactivateQueueHandler(InforzapDb db, TicketAccess access, IStringLocalizer<Texts> t) : IRequestHandler<DeactivateQueue, int>
{
    public async Task<int> Handle(DeactivateQueue request, CancellationToken ct)
    {
        var queue = await db.Queues.SingleOrDefaultAsync(q => q.Id == request.Id, ct) ?? throw Refusal.NotFound(t["QueueGone"]);
        if (request.MoveTo == queue.Id || (request.MoveTo is { } target && !await db.Queues.AnyAsync(q => q.Id == target && q.IsActive, ct)))
            throw Refusal.NotFound(t["QueueGone"]);
        await db.Hold<Ticket>(x => x.QueueId == queue.Id && x.Status != TicketStatus.Closed, ct);
        var tickets = await db.Tickets.Where(x => x.QueueId == queue.Id && x.Status != TicketStatus.Closed).ToListAsync(ct);
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

internal sealed class ActivateQueueHandler(InforzapDb db, IStringLocalizer<Texts> t) : IRequestHandler<ActivateQueue, Unit>
{
    public async Task<Unit> Handle(ActivateQueue request, CancellationToken ct)
    {
        var queue = await db.Queues.SingleOrDefaultAsync(q => q.Id == request.Id, ct) ?? throw Refusal.NotFound(t["QueueGone"]);
        queue.IsActive = true;
        db.Touch(Topics.People, Topics.Queue(queue.Id));
        return Unit.Value;
    }
}
