using Inforzap.Contracts.Identity;
using Inforzap.Data;
using Inforzap.Live;
using Inforzap.Requests;
using Inforzap.Tickets.Desk;

namespace Inforzap.Tickets.Distributing;

/// <summary>
/// Moves what waits in queues that are away, and gives what waits in queues that distribute to members who are online and below
/// their limits, the longest waiting first. It looks at how things are and not at what happened, so that it may run at any time
/// and as often as anybody likes. Returns how many tickets it moved or gave.
/// </summary>
[AllowSystem]
internal sealed record DistributeTickets : IRequest<int>;

internal sealed class DistributeTicketsHandler(InforzapDb db, TicketAccess access, Chance chance) : IRequestHandler<DistributeTickets, int>
{
    /// <summary>So many at once: the rest follows in the next transaction, and nobody waits long for this one.</summary>
    internal const int Most = 100;

    /// <summary>The row that whoever distributes holds.</summary>
    internal const string Turn = "distribution";

    public async Task<int> Handle(DistributeTickets request, CancellationToken ct)
    {
        var now = access.Now;
        var queues = await db.Queues.AsNoTracking().Where(q => q.DeletedAt == null && ((q.IsActive && q.Distribution != Distribution.None) || q.AbsenceQueueId != null)).ToListAsync(ct);
        if (queues.Count == 0) return 0;
        // Two nodes that gave at once would both count the same open tickets.
        await db.Set<Counter>().Where(c => c.Name == Turn).ExecuteUpdateAsync(set => set.SetProperty(c => c.Value, c => c.Value), ct);
        var moved = 0;
        foreach (var queue in queues.Where(q => q.IsAway(now))) moved += await MoveAsync(queue, ct);
        return moved + await GiveAsync([.. queues.Where(q => q.IsActive && q.Distribution != Distribution.None && !q.IsAway(now))], ct);
    }

    private async Task<int> MoveAsync(Queue queue, CancellationToken ct)
    {
        // To a queue that is away itself nothing is moved: two that stand in for each other would play ball.
        var target = await db.Queues.AsNoTracking().SingleOrDefaultAsync(q => q.Id == queue.AbsenceQueueId && q.IsActive, ct);
        if (target is null || target.IsAway(access.Now)) return 0;
        var (id, open) = (queue.Id, queue.AbsenceMovesOpen);
        var ids = await db.Tickets.Where(x => x.QueueId == id && !x.IsGroup && (x.Status == TicketStatus.Pending || (open && x.Status == TicketStatus.Open)))
            .OrderBy(x => x.QueuedAt).ThenBy(x => x.Number).Select(x => x.Id).Take(Most).ToArrayAsync(ct);
        var tickets = await HoldAsync(ids, ct);
        foreach (var ticket in tickets.Where(x => x.QueueId == id && x.IsActive))
        {
            var former = ticket.UserId;
            ticket.MoveTo(target.Id);
            if (ticket.Status == TicketStatus.Open) ticket.ReturnToQueue(access.Now);
            await access.RecordAsync(ticket, "absence", new { queue = target.Name }, ct, formerQueue: id, formerUser: former);
        }
        return tickets.Count;
    }

    private async Task<int> GiveAsync(List<Queue> queues, CancellationToken ct)
    {
        var ids = queues.Select(q => q.Id).ToArray();
        var members = await (from m in db.Set<QueueMember>()
                             join u in db.Set<UserView>() on m.UserId equals u.Id
                             where ids.Contains(m.QueueId) && u.IsActive && u.IsOnline && u.Presence == Presence.Online
                             select new Agent(m.QueueId, u.Id, u.Name, u.MaxOpenTickets, m.LastGivenAt)).ToListAsync(ct);
        if (members.Count == 0) return 0;
        var waiting = await db.Tickets.Where(x => x.Status == TicketStatus.Pending && x.UserId == null && !x.IsGroup && x.QueueId != null && ids.Contains(x.QueueId.Value))
            .OrderBy(x => x.QueuedAt).ThenBy(x => x.Number).Select(x => x.Id).Take(Most).ToArrayAsync(ct);
        if (waiting.Length == 0) return 0;
        var people = members.Select(m => m.UserId).Distinct().ToArray();
        var open = (await db.Tickets.Where(x => x.Status == TicketStatus.Open && x.UserId != null && people.Contains(x.UserId.Value)).GroupBy(x => new { x.UserId, x.QueueId })
            .Select(g => new { g.Key.UserId, g.Key.QueueId, Count = g.Count() }).ToListAsync(ct)).ToDictionary(g => (g.UserId!.Value, g.QueueId), g => g.Count);
        var choice = new Choice(queues, members, open, chance);
        if (!choice.HasRoom) return 0;
        var given = 0;
        foreach (var ticket in (await HoldAsync(waiting, ct)).OrderBy(x => x.QueuedAt).ThenBy(x => x.Number))
        {
            // Somebody may have taken it between the look and the hold.
            if (ticket.Status != TicketStatus.Pending || ticket.UserId is not null || ticket.QueueId is not { } queue || choice.For(queue, ticket.ReturnedBy) is not { } agent) continue;
            ticket.Accept(agent.UserId, access.Now);
            choice.Gave(agent, access.Now);
            await access.RecordAsync(ticket, "distributed", new { user = agent.Name }, ct);
            var userId = agent.UserId;
            await db.Set<QueueMember>().Where(m => m.QueueId == queue && m.UserId == userId).ExecuteUpdateAsync(set => set.SetProperty(m => m.LastGivenAt, access.Now), ct);
            given++;
        }
        return given;
    }

    private async Task<List<Ticket>> HoldAsync(Guid[] ids, CancellationToken ct)
    {
        if (ids.Length == 0) return [];
        await db.Hold<Ticket>(x => ids.Contains(x.Id), ct);
        var tickets = await db.Tickets.Where(x => ids.Contains(x.Id)).ToListAsync(ct);
        foreach (var ticket in tickets) await db.FollowAsync(ticket, ct);
        return tickets;
    }
}

/// <summary>A member of a queue who can be counted on now.</summary>
internal sealed record Agent(Guid QueueId, Guid UserId, string Name, int MaxOpenTickets, DateTime? LastGivenAt);

/// <summary>A number from 0 to below n. Replaced in tests.</summary>
internal delegate int Chance(int n);

/// <summary>Whose turn it is.</summary>
internal sealed class Choice(IReadOnlyList<Queue> queues, List<Agent> members, Dictionary<(Guid User, Guid? Queue), int> open, Chance chance)
{
    /// <summary>Somebody may get something.</summary>
    public bool HasRoom => members.Any(Fits);

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
