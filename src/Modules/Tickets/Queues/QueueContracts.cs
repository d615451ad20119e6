using Inforzap.Contracts.Tickets;
using Inforzap.Data;
using Inforzap.Live;
using Inforzap.Tickets.Desk;
using Microsoft.Extensions.Localization;

namespace Inforzap.Tickets.Queues;

internal sealed class EnsureQueueHandler(InforzapDb db, TimeProvider clock) : IRequestHandler<EnsureQueue, Guid>
{
    public async Task<Guid> Handle(EnsureQueue request, CancellationToken ct)
    {
        if (await db.Queues.Where(q => q.Name == request.Name).Select(q => (Guid?)q.Id).SingleOrDefaultAsync(ct) is { } there) return there;
        var queue = new Queue { Id = Guid.CreateVersion7(), Name = request.Name, Color = request.Color, CreatedAt = clock.GetUtcNow().UtcDateTime };
        db.Add(queue);
        await db.SaveChangesAsync(ct);
        db.Touch(Topics.People);
        return queue.Id;
    }
}

internal sealed class SetUserQueuesHandler(InforzapDb db, IStringLocalizer<Texts> t) : IRequestHandler<SetUserQueues, Unit>
{
    public async Task<Unit> Handle(SetUserQueues request, CancellationToken ct)
    {
        var now = await db.QueueMembers.Where(m => m.UserId == request.UserId).ToListAsync(ct);
        var coming = request.QueueIds.Distinct().Except(now.Select(m => m.QueueId)).ToArray();
        if (await db.Queues.CountAsync(q => coming.Contains(q.Id), ct) != coming.Length) throw Refusal.NotFound(t["QueueGone"]);
        db.RemoveRange(now.Where(m => !request.QueueIds.Contains(m.QueueId)));
        foreach (var id in coming)
            db.Add(new QueueMember { QueueId = id, UserId = request.UserId });
        await db.SaveChangesAsync(ct);
        db.Touch(Topics.People, Topics.User(request.UserId));
        return Unit.Value;
    }
}

internal sealed class ReleaseTicketsOfHandler(InforzapDb db, TicketAccess access) : IRequestHandler<ReleaseTicketsOf, int>
{
    public async Task<int> Handle(ReleaseTicketsOf request, CancellationToken ct)
    {
        await db.Hold<Ticket>(t => t.UserId == request.UserId && t.Status != TicketStatus.Closed, ct);
        var tickets = await db.Tickets.Where(t => t.UserId == request.UserId && t.Status != TicketStatus.Closed).ToListAsync(ct);
        foreach (var ticket in tickets)
        {
            ticket.ReturnToQueue(access.Now);
            await access.RecordAsync(ticket, "returned", null, ct, formerUser: request.UserId);
        }
        return tickets.Count;
    }
}
