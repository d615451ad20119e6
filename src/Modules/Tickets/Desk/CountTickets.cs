using Inforzap.Contracts.Settings;
using Inforzap.Data;
using Inforzap.Requests;

namespace Inforzap.Tickets.Desk;

/// <summary>The counters on the tabs, each counted to a thousand at most: more is shown as 999+.</summary>
[Allow("tickets.see"), Reads]
public sealed record CountTickets : IRequest<TicketCounts>
{
    /// <summary>What the list is narrowed to; the counters follow.</summary>
    public TicketFilter? Filter { get; init; }

    /// <summary>Conversations of groups, or those with one person; null: both together.</summary>
    public bool? Groups { get; init; }
}

/// <summary>How many tickets the caller sees.</summary>
/// <param name="Open">Aberto.</param>
/// <param name="Pending">Pendente.</param>
public sealed record TicketCounts(int Open, int Pending)
{
    /// <summary>There are conversations of groups in sight, whatever the filter: they have a tab.</summary>
    public bool HasGroups { get; init; }

    /// <summary>What is open or waits on the side that is not counted above: with one person, or of groups.</summary>
    public int Others { get; init; }
}

internal sealed class CountTicketsHandler(InforzapDb db, IActor actor, ISettings settings, TicketFilters filters) : IRequestHandler<CountTickets, TicketCounts>
{
    public async Task<TicketCounts> Handle(CountTickets request, CancellationToken ct)
    {
        var tickets = db.Tickets.AsNoTracking().VisibleTo(actor, settings, db);
        var hasGroups = request.Groups is not null && await tickets.AnyAsync(t => t.IsGroup, ct);
        var narrowed = filters.Narrow(tickets, request.Filter, TicketStatus.Open);
        var (open, pending) = await BothAsync(narrowed.OfGroups(request.Groups), ct);
        if (!hasGroups) return new(open, pending);
        var others = await BothAsync(narrowed.OfGroups(!request.Groups), ct);
        return new(open, pending) { HasGroups = true, Others = others.Open + others.Pending };
    }

    private static async Task<(int Open, int Pending)> BothAsync(IQueryable<Ticket> tickets, CancellationToken ct) => (await UpToAsync(tickets, TicketStatus.Open, ct), await UpToAsync(tickets, TicketStatus.Pending, ct));

    /// <summary>In the order of the list, which an index has: the first thousand are counted, and the rest is not read.</summary>
    private static Task<int> UpToAsync(IQueryable<Ticket> tickets, TicketStatus status, CancellationToken ct) => tickets.Where(t => t.Status == status).InOrder(oldestFirst: false).Select(t => t.Number).Take(1000).CountAsync(ct);
}
