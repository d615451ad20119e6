using Inforzap.Contracts.Settings;
using Inforzap.Data;
using Inforzap.Requests;

namespace Inforzap.Tickets.Desk;

/// <summary>The counters on the tabs, each counted to a thousand at most: more is shown as 999+.</summary>
[Allow("tickets.see"), Reads]
public sealed record CountTickets : IRequest<TicketCounts>;

/// <summary>How many tickets the caller sees.</summary>
/// <param name="Open">Aberto.</param>
/// <param name="Pending">Pendente.</param>
public sealed record TicketCounts(int Open, int Pending);

internal sealed class CountTicketsHandler(InforzapDb db, IActor actor, ISettings settings) : IRequestHandler<CountTickets, TicketCounts>
{
    public async Task<TicketCounts> Handle(CountTickets request, CancellationToken ct)
    {
        var tickets = db.Tickets.AsNoTracking().VisibleTo(actor, settings, db);
        var open = await tickets.Where(t => t.Status == TicketStatus.Open).OrderBy(t => t.Number).Select(t => t.Number).Take(1000).CountAsync(ct);
        var pending = await tickets.Where(t => t.Status == TicketStatus.Pending).OrderBy(t => t.Number).Select(t => t.Number).Take(1000).CountAsync(ct);
        return new(open, pending);
    }
}
