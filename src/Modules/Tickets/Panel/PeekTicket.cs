using Inforzap.Data;
using Inforzap.Requests;
using Inforzap.Tickets.Desk;

namespace Inforzap.Tickets.Panel;

/// <summary>The caller watches a ticket from the panel, be it their own: nothing is read by that, and each time is written down.</summary>
[Allow("tickets.see")]
public sealed record PeekTicket([property: NotEmpty] Guid TicketId) : IRequest;

internal sealed class PeekTicketHandler(InforzapDb db, TicketAccess access) : IRequestHandler<PeekTicket, Unit>
{
    public async Task<Unit> Handle(PeekTicket request, CancellationToken ct)
    {
        var ticket = await access.ReadInsideAsync(request.TicketId, ct);
        db.Add(Timeline.Entry(ticket.Id, "viewed", access.Actor.Id, access.Now));
        await db.SaveChangesAsync(ct);
        return Unit.Value;
    }
}
