using Inforzap.Audit;
using Inforzap.Contracts.Identity;
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
        if (await db.Queues.Where(q => q.Name == request.Name && q.DeletedAt == null).Select(q => (Guid?)q.Id).SingleOrDefaultAsync(ct) is { } there) return there;
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
        if (await db.Queues.CountAsync(q => coming.Contains(q.Id) && q.DeletedAt == null, ct) != coming.Length) throw Refusal.NotFound(t["QueueGone"]);
        var names = await db.Queues.Select(q => new { q.Id, q.Name }).ToDictionaryAsync(q => q.Id, q => q.Name, ct);
        var user = await db.Set<UserView>().Where(u => u.Id == request.UserId).Select(u => u.Name).SingleOrDefaultAsync(ct);
        db.Audit("user", request.UserId, user ?? "", "Queues", now.Select(m => names[m.QueueId]), request.QueueIds.Distinct().Select(q => names[q]));
        db.RemoveRange(now.Where(m => !request.QueueIds.Contains(m.QueueId)));
        foreach (var id in coming)
            db.Add(new QueueMember { QueueId = id, UserId = request.UserId });
        await db.SaveChangesAsync(ct);
        db.Touch(Topics.People, Topics.User(request.UserId));
        return Unit.Value;
    }
}

/// <summary>The tickets that somebody serves.</summary>
internal sealed class OpenTicketsOfUser(InforzapDb db, TicketAccess access, IStringLocalizer<Texts> t) : IBelongings
{
    public async Task<string?> DescribeAsync(Guid userId, CancellationToken ct) =>
        await db.Tickets.CountAsync(x => x.UserId == userId && x.Status != TicketStatus.Closed, ct) is > 0 and var count ? t["BelongingTickets", count].Value : null;

    public async Task<int> MoveAsync(Guid userId, Guid? to, CancellationToken ct)
    {
        await db.Hold<Ticket>(x => x.UserId == userId && x.Status != TicketStatus.Closed, ct);
        var tickets = await db.Tickets.Where(x => x.UserId == userId && x.Status != TicketStatus.Closed).ToListAsync(ct);
        foreach (var ticket in tickets)
        {
            if (to is null) ticket.ReturnToQueue(access.Now);
            else ticket.Transfer(ticket.QueueId, to, opens: ticket.Status == TicketStatus.Open, access.Now);
            await access.RecordAsync(ticket, to is null ? "returned" : "transferred", to is null ? null : new { user = await access.NameOfAsync(to, ct) }, ct, formerUser: userId);
        }
        return tickets.Count;
    }
}
