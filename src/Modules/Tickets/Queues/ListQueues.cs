using Inforzap.Contracts.Identity;
using Inforzap.Data;
using Inforzap.Requests;

namespace Inforzap.Tickets.Queues;

/// <summary>All queues in their order, with members and load.</summary>
[Allow("queues.see"), Reads]
internal sealed record ListQueues : IRequest<QueueList>;

/// <summary>The queues, and the people who may serve in them.</summary>
public sealed record QueueList(IReadOnlyList<QueueRow> Rows, IReadOnlyList<QueuePerson> People);

/// <summary>A queue in the list.</summary>
/// <param name="ActiveTickets">Pending and open ones.</param>
public sealed record QueueRow(Guid Id, string Name, string Color, int Order, bool IsActive, int Version, IReadOnlyList<Guid> Members, int ActiveTickets)
{
    /// <summary>How and within which limits its tickets are given and served.</summary>
    public QueueRules Rules { get; init; } = new();

    /// <summary>Whether another queue stands in for it now.</summary>
    public bool IsAway { get; init; }
}

/// <summary>Somebody who may be a member.</summary>
public sealed record QueuePerson(Guid Id, string Name);

internal sealed class ListQueuesHandler(InforzapDb db, TimeProvider clock) : IRequestHandler<ListQueues, QueueList>
{
    public async Task<QueueList> Handle(ListQueues request, CancellationToken ct)
    {
        var queues = await db.Queues.AsNoTracking().Where(q => q.DeletedAt == null).OrderByDescending(q => q.IsActive).ThenBy(q => q.Order).ThenBy(q => q.Name).ToListAsync(ct);
        var people = await db.Set<UserView>().Where(u => u.IsActive).OrderBy(u => u.Name).Select(u => new QueuePerson(u.Id, u.Name)).ToListAsync(ct);
        var known = people.Select(p => p.Id).ToHashSet();
        var members = (await db.QueueMembers.AsNoTracking().ToListAsync(ct)).Where(m => known.Contains(m.UserId)).ToLookup(m => m.QueueId, m => m.UserId);
        var load = await db.Tickets.Where(x => x.Status != TicketStatus.Closed && x.QueueId != null).GroupBy(x => x.QueueId!.Value)
            .Select(g => new { g.Key, Count = g.Count() }).ToDictionaryAsync(g => g.Key, g => g.Count, ct);
        var now = clock.GetUtcNow().UtcDateTime;
        return new([.. queues.Select(q => new QueueRow(q.Id, q.Name, q.Color, q.Order, q.IsActive, q.Version, [.. members[q.Id]], load.GetValueOrDefault(q.Id))
        {
            Rules = new(q.Distribution, q.MaxPerUser, q.FirstResponseMinutes, q.AbsenceQueueId, q.AbsenceFrom, q.AbsenceTo, q.AbsenceMovesOpen, q.PlaceText, q.PlaceMinutes, q.ResolutionMinutes),
            IsAway = q.IsAway(now),
        })], people);
    }
}
