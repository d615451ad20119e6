using Inforzap.Contracts.Settings;
using Inforzap.Data;
using Inforzap.Requests;

namespace Inforzap.Tickets.Desk;

/// <summary>What waits for the caller, and since when: for the menu, the tab's title and notifications.</summary>
[Allow("tickets.see"), Reads]
public sealed record ReadNews : IRequest<News>;

/// <summary>What waits for the caller.</summary>
/// <param name="Pending">Tickets that wait for anybody, counted to a thousand at most.</param>
/// <param name="Unread">Messages in the caller's own tickets.</param>
/// <param name="NewestPending">When the last one began to wait, UTC; the beginning of time when none does.</param>
/// <param name="NewestMine">When a customer last wrote in the caller's own tickets and was not read yet, UTC.</param>
/// <param name="Newest">When anything last happened in any of these, UTC.</param>
public sealed record News(int Pending, int Unread, DateTime NewestPending, DateTime NewestMine, DateTime Newest);

internal sealed class ReadNewsHandler(InforzapDb db, IActor actor, ISettings settings) : IRequestHandler<ReadNews, News>
{
    public async Task<News> Handle(ReadNews request, CancellationToken ct)
    {
        var me = actor.Id;
        var tickets = db.Tickets.AsNoTracking().VisibleTo(actor, settings, db);
        var pending = tickets.Where(t => t.Status == TicketStatus.Pending);
        var waiting = await pending.OrderByDescending(t => t.LastMessageAt).ThenByDescending(t => t.Number).Select(t => new { t.QueuedAt, t.LastMessageAt }).Take(1000)
            .GroupBy(t => 1).Select(g => new { Count = g.Count(), QueuedAt = g.Max(t => t.QueuedAt), LastMessageAt = g.Max(t => t.LastMessageAt) }).SingleOrDefaultAsync(ct);
        var mine = await tickets.Where(t => t.Status == TicketStatus.Open && t.UserId == me && t.Unread > 0)
            .GroupBy(t => 1).Select(g => new { Unread = g.Sum(t => t.Unread), LastMessageAt = g.Max(t => t.LastMessageAt) }).SingleOrDefaultAsync(ct);
        var (newestPending, newestMine) = (waiting?.QueuedAt ?? default, mine?.LastMessageAt ?? default);
        var newest = new[] { waiting?.LastMessageAt ?? default, newestPending, newestMine }.Max();
        return new(waiting?.Count ?? 0, mine?.Unread ?? 0, newestPending, newestMine, newest);
    }
}
