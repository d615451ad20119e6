using Inforzap.Data;
using Inforzap.Requests;
using Inforzap.Tickets.Panel;

namespace Inforzap.Tickets.Desk;

/// <summary>Retornar para a fila: pending again, at the end of its queue.</summary>
[Allow("tickets.answer")]
public sealed record ReturnTicket([property: NotEmpty] Guid TicketId) : IRequest;

internal sealed class ReturnTicketHandler(InforzapDb db, TicketAccess access) : IRequestHandler<ReturnTicket, Unit>
{
    public async Task<Unit> Handle(ReturnTicket request, CancellationToken ct)
    {
        var ticket = await access.HoldAsync(request.TicketId, ct);
        access.RequireMove(ticket);
        // One that waits for somebody in particular waits for everybody, if who leads says so.
        if (ticket.Status == TicketStatus.Pending && (ticket.UserId is null || !access.Actor.May("tickets.see-queue"))) return Unit.Value;
        if (!access.Actor.May("tickets.see-queue")) await access.RequireMineAsync(ticket, ct);
        var former = ticket.UserId;
        ticket.ReturnToQueue(access.Now);
        await db.TellTakenAsync(ticket, former, access, ct);
        await access.RecordAsync(ticket, "returned", null, ct, formerUser: former);
        return Unit.Value;
    }
}
