using Inforzap.Data;
using Inforzap.Requests;
using Inforzap.Tickets.Notes;

namespace Inforzap.Tickets.Desk;

/// <summary>
/// The caller looks at a ticket. Who serves it has thereby read it; anybody else only peeked, which is written down and
/// tells the customer nothing.
/// </summary>
[Allow("tickets.see")]
public sealed record SeeTicket([property: NotEmpty] Guid TicketId) : IRequest;

internal sealed class SeeTicketHandler(InforzapDb db, TicketAccess access, Mentions mentions) : IRequestHandler<SeeTicket, Unit>
{
    private static readonly TimeSpan SameVisit = TimeSpan.FromMinutes(10);

    public async Task<Unit> Handle(SeeTicket request, CancellationToken ct)
    {
        var ticket = await access.HoldAsync(request.TicketId, ct);
        await mentions.SeeAsync(ticket.Id, access.Now, ct);
        if (ticket.Status == TicketStatus.Open && ticket.UserId == access.Actor.Id)
        {
            if (ticket.Unread == 0) return Unit.Value;
            await db.ReadAllAsync(ticket, access.Now, ct);
            await db.SaveChangesAsync(ct);
            db.TouchTicket(ticket);
            return Unit.Value;
        }
        var (me, since) = (access.Actor.Id, access.Now - SameVisit);
        if (await db.Timeline.AnyAsync(e => e.TicketId == ticket.Id && e.UserId == me && e.Type == "viewed" && e.At > since, ct)) return Unit.Value;
        db.Add(Timeline.Entry(ticket.Id, "viewed", me, access.Now));
        await db.SaveChangesAsync(ct);
        return Unit.Value;
    }
}
