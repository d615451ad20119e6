using Inforzap.Contracts.Tickets;
using Inforzap.Data;

namespace Inforzap.Tickets.Queues;

internal sealed class CountActiveTicketsHandler(InforzapDb db) : IRequestHandler<CountActiveTickets, int>
{
    public Task<int> Handle(CountActiveTickets request, CancellationToken ct) =>
        db.Tickets.CountAsync(x => x.ChannelId == request.ChannelId && x.Status != TicketStatus.Closed, ct);
}
