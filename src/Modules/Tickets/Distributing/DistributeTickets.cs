using Inforzap.Contracts.Channels;
using Inforzap.Contracts.Identity;
using Inforzap.Data;
using Inforzap.Live;
using Inforzap.Requests;
using Inforzap.Tickets.Desk;

namespace Inforzap.Tickets.Distributing;

/// <summary>
/// Frees what nobody can reach any more, moves what waits in queues that are away, and gives what waits in queues that distribute to
/// members who are online and below their limits, the longest waiting first. It looks at how things are and not at what happened, so
/// that it may run at any time and as often as anybody likes. Returns how many tickets it freed, moved or gave: as long as there
/// were some, there may be more.
/// </summary>
[AllowSystem]
internal sealed record DistributeTickets : IRequest<int>;

internal sealed class DistributeTicketsHandler(InforzapDb db, TicketAccess access, IMediator mediator, IChannelDirectory channels, Chance chance) : IRequestHandler<DistributeTickets, int>
{
    /// <summary>So many at once: the rest follows in the next transaction, and nobody waits long for this one.</summary>
    internal const int Most = 100;

    /// <summary>The row that whoever distributes holds.</summary>
    internal const string Turn = "distribution";

    public async Task<int> Handle(DistributeTickets request, CancellationToken ct)
    {
        var now = access.Now;
        var freed = await FreeAsync(ct);
        if (freed > 0) return freed;
        var queues = await db.Queues.AsNoTracking().Where(q => q.DeletedAt == null && ((q.IsActive && q.Distribution != Distribution.None) || q.AbsenceQueueId != null)).ToListAsync(ct);
        if (queues.Count == 0) return 0;
        // Two nodes that gave at once would both count the same open tickets.
        await db.Set<Counter>().Where(c => c.Name == Turn).ExecuteUpdateAsync(set => set.SetProperty(c => c.Value, c => c.Value), ct);
        // To a queue that is away itself nothing is moved: two that stand in for each other would play ball.
        var inUse = await db.Queues.AsNoTracking().Where(q => q.IsActive).ToDictionaryAsync(q => q.Id, ct);
        var away = queues.Where(q => q.IsAway(now) && inUse.TryGetValue(q.AbsenceQueueId!.Value, out var other) && !other.IsAway(now)).ToList();
        // One queue in a transaction: rows of several would be held out of their order.
        foreach (var queue in away)
            if (await MoveAsync(queue, inUse[queue.AbsenceQueueId!.Value], ct) is > 0 and var moved) return moved;
        // What was moved waits elsewhere now, and is given in a transaction of its own.
        return await GiveAsync([.. queues.Where(q => q.IsActive && q.Distribution != Distribution.None && !away.Contains(q))], ct);
    }

    /// <summary>
    /// Somebody may have taken a ticket in the moment in which they were deactivated, and a customer may come back to one whose
    /// queue was deleted: neither would ever be seen by anybody.
    /// </summary>
    private async Task<int> FreeAsync(CancellationToken ct)
    {
        var left = await (from x in db.Tickets
                          join u in db.Set<UserView>() on x.UserId equals u.Id
                          where x.Status == TicketStatus.Open && !u.IsActive
                          orderby x.Id
                          select x.Id).Take(Most).ToListAsync(ct);
        var lost = await (from x in db.Tickets.Where(x => x.Status != TicketStatus.Closed && x.QueueId != null)
                          join q in db.Set<Queue>() on x.QueueId equals q.Id
                          where q.DeletedAt != null && !left.Contains(x.Id)
                          orderby x.Id
                          select x.Id).Take(Most).ToListAsync(ct);
        if (left.Count + lost.Count == 0) return 0;
        var held = await db.HoldTicketsAsync([.. left, .. lost], ct);
        foreach (var id in left)
        {
            var ticket = held[id];
            var former = ticket.UserId;
            if (ticket.Status != TicketStatus.Open) continue;
            ticket.ReturnToQueue(access.Now);
            await access.RecordAsync(ticket, "returned", null, ct, formerUser: former);
        }
        foreach (var id in lost)
        {
            var ticket = held[id];
            if (!ticket.IsActive) continue;
            // A channel that is deleted may still name a queue that is deleted, too: then it waits without one.
            var (former, way) = (ticket.QueueId, channels.Find(ticket.ChannelId)?.QueueId);
            ticket.MoveTo(await db.Queues.AnyAsync(q => q.Id == way && q.IsActive, ct) ? way : null);
            await access.RecordAsync(ticket, "transferred", new { queue = await access.NameOfQueueAsync(ticket.QueueId, ct) }, ct, formerQueue: former);
        }
        return left.Count + lost.Count;
    }

    private async Task<int> MoveAsync(Queue queue, Queue target, CancellationToken ct)
    {
        var (id, open) = (queue.Id, queue.AbsenceMovesOpen);
        var ids = await db.Tickets.Where(x => x.QueueId == id && !x.IsGroup && (x.Status == TicketStatus.Pending || (open && x.Status == TicketStatus.Open)))
            .OrderBy(x => x.QueuedAt).ThenBy(x => x.Number).Select(x => x.Id).Take(Most).ToListAsync(ct);
        var held = await db.HoldTicketsAsync([.. ids], ct);
        foreach (var ticketId in ids)
        {
            var ticket = held[ticketId];
            if (ticket.QueueId != id || !ticket.IsActive) continue;
            var former = ticket.UserId;
            ticket.MoveTo(target.Id);
            if (ticket.Status == TicketStatus.Open) ticket.ReturnToQueue(access.Now);
            await access.RecordAsync(ticket, "absence", new { queue = target.Name }, ct, formerQueue: id, formerUser: former);
        }
        return ids.Count;
    }

    private async Task<int> GiveAsync(List<Queue> queues, CancellationToken ct)
    {
        var choice = await ChoiceAsync(queues, ct);
        var waiting = new List<Waiting>();
        foreach (var queue in queues)
        {
            // What nobody there can take holds up nothing: each queue has a window of its own, and only one in which somebody has room.
            var able = choice.Able(queue.Id);
            if (able.Count == 0) continue;
            var (id, only) = (queue.Id, able.Count == 1 ? able[0] : Guid.Empty);
            waiting.AddRange((await db.Tickets.Where(x => x.Status == TicketStatus.Pending && x.UserId == null && !x.IsGroup && x.QueueId == id && (x.ReturnedBy == null || x.ReturnedBy != only))
                .OrderBy(x => x.QueuedAt).ThenBy(x => x.Number).Select(x => new { x.Id, x.ReturnedBy, x.QueuedAt, x.Number }).Take(Most).ToListAsync(ct))
                .Select(x => new Waiting(x.Id, id, x.ReturnedBy, x.QueuedAt, x.Number)));
        }
        // All that somebody would get are held together, in the one order of rows; what is left over is given in the next transaction.
        waiting = [.. Given([.. waiting.OrderBy(w => w.QueuedAt).ThenBy(w => w.Number)], choice.Copy()).Take(Most)];
        if (waiting.Count == 0) return 0;
        var held = await db.HoldTicketsAsync([.. waiting.Select(w => w.Id)], ct);
        var given = 0;
        foreach (var (id, queue, returnedBy, _, _) in waiting)
        {
            if (choice.For(queue, returnedBy) is not { } agent) continue;
            var ticket = held[id];
            // Somebody may have taken it, or moved it, between the look and the hold.
            if (ticket.Status != TicketStatus.Pending || ticket.UserId is not null || ticket.QueueId != queue || ticket.ReturnedBy != returnedBy) continue;
            ticket.Accept(agent.UserId, access.Now);
            choice.Gave(agent, access.Now);
            await access.RecordAsync(ticket, "distributed", new { user = agent.Name }, ct);
            var (userId, now) = (agent.UserId, access.Now);
            await db.Set<QueueMember>().Where(m => m.QueueId == queue && m.UserId == userId).ExecuteUpdateAsync(set => set.SetProperty(m => m.LastGivenAt, now), ct);
            given++;
        }
        // What somebody else took meanwhile is no reason to stop: others may wait behind it.
        return given > 0 ? given : waiting.Count;
    }

    /// <summary>Those for which there is somebody, as things were seen.</summary>
    private IEnumerable<Waiting> Given(List<Waiting> waiting, Choice choice)
    {
        foreach (var ticket in waiting)
        {
            if (choice.For(ticket.Queue, ticket.ReturnedBy) is not { } agent) continue;
            choice.Gave(agent, access.Now);
            yield return ticket;
        }
    }

    /// <summary>A ticket that waits to be given.</summary>
    private sealed record Waiting(Guid Id, Guid Queue, Guid? ReturnedBy, DateTime QueuedAt, long Number);

    /// <summary>Who can be counted on now in these queues, and what they carry.</summary>
    private async Task<Choice> ChoiceAsync(List<Queue> queues, CancellationToken ct)
    {
        var ids = queues.Select(q => q.Id).ToArray();
        var members = await (from m in db.Set<QueueMember>()
                             join u in db.Set<UserView>() on m.UserId equals u.Id
                             where ids.Contains(m.QueueId) && u.IsActive && u.IsOnline && u.Presence == Presence.Online
                             select new Agent(m.QueueId, u.Id, u.Name, u.MaxOpenTickets, m.LastGivenAt)).ToListAsync(ct);
        var people = members.Select(m => m.UserId).Distinct().ToArray();
        var may = people.Length == 0 ? new HashSet<Guid>() : await mediator.Send(new WhoMayNow("tickets.answer", people), ct);
        members.RemoveAll(m => !may.Contains(m.UserId));
        var open = (await db.Tickets.Where(x => x.Status == TicketStatus.Open && x.UserId != null && people.Contains(x.UserId.Value)).GroupBy(x => new { x.UserId, x.QueueId })
            .Select(g => new { g.Key.UserId, g.Key.QueueId, Count = g.Count() }).ToListAsync(ct)).ToDictionary(g => (g.UserId!.Value, g.QueueId), g => g.Count);
        return new(queues, members, open, chance);
    }
}

/// <summary>A member of a queue who can be counted on now.</summary>
internal sealed record Agent(Guid QueueId, Guid UserId, string Name, int MaxOpenTickets, DateTime? LastGivenAt);

/// <summary>A number from 0 to below n. Replaced in tests.</summary>
internal delegate int Chance(int n);

/// <summary>Whose turn it is.</summary>
internal sealed class Choice(IReadOnlyList<Queue> queues, List<Agent> members, Dictionary<(Guid User, Guid? Queue), int> open, Chance chance)
{
    /// <summary>To try what would come of it.</summary>
    public Choice Copy() => new(queues, [.. members], new(open), chance);

    /// <summary>Who of this queue may get something.</summary>
    public IReadOnlyList<Guid> Able(Guid queueId) => [.. members.Where(m => m.QueueId == queueId && Fits(m)).Select(m => m.UserId)];

    /// <summary>The member of this queue who gets its next ticket; null when nobody can.</summary>
    /// <param name="queueId">Which queue.</param>
    /// <param name="notTo">Who gave it back.</param>
    public Agent? For(Guid queueId, Guid? notTo)
    {
        var able = members.Where(m => m.QueueId == queueId && m.UserId != notTo && Fits(m)).OrderBy(m => m.UserId).ToList();
        if (able.Count == 0) return null;
        return queues.Single(q => q.Id == queueId).Distribution switch
        {
            Distribution.Balanced => able.OrderBy(m => Load(m.UserId)).ThenBy(m => m.LastGivenAt ?? DateTime.MinValue).First(),
            Distribution.Random => able[chance(able.Count)],
            _ => able.OrderBy(m => m.LastGivenAt ?? DateTime.MinValue).First(),
        };
    }

    /// <summary>They got one.</summary>
    public void Gave(Agent agent, DateTime now)
    {
        open[(agent.UserId, agent.QueueId)] = open.GetValueOrDefault((agent.UserId, agent.QueueId)) + 1;
        members[members.IndexOf(agent)] = agent with { LastGivenAt = now };
    }

    private int Load(Guid user) => open.Where(o => o.Key.User == user).Sum(o => o.Value);

    private bool Fits(Agent agent)
    {
        var most = queues.Single(q => q.Id == agent.QueueId).MaxPerUser;
        return (agent.MaxOpenTickets == 0 || Load(agent.UserId) < agent.MaxOpenTickets)
            && (most == 0 || open.GetValueOrDefault((agent.UserId, (Guid?)agent.QueueId)) < most);
    }
}
