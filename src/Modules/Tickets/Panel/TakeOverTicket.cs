using Inforzap.Data;
using Inforzap.Requests;
using Inforzap.Tickets.Desk;
using Microsoft.Extensions.Localization;

namespace Inforzap.Tickets.Panel;

/// <summary>Assumir: the ticket becomes the caller's, also when a colleague serves it, who is told then.</summary>
/// <param name="TicketId">Which one.</param>
/// <param name="From">Who serves it, as the caller saw it: from nobody else it is taken.</param>
[Allow("tickets.answer")]
public sealed record TakeOverTicket([property: NotEmpty] Guid TicketId, Guid? From = null) : IRequest;

internal sealed class TakeOverTicketHandler(InforzapDb db, TicketAccess access, IStringLocalizer<Texts> t) : IRequestHandler<TakeOverTicket, Unit>
{
    public async Task<Unit> Handle(TakeOverTicket request, CancellationToken ct)
    {
        var ticket = await access.HoldAsync(request.TicketId, ct);
        if (ticket.Status == TicketStatus.Closed) throw Refusal.Conflict(t["TicketClosed"]);
        var (me, wasOpen, former) = (access.Actor.Id, ticket.Status == TicketStatus.Open, ticket.UserId);
        if (wasOpen && former == me) return Unit.Value;
        if (wasOpen && !access.Actor.May("tickets.see-queue")) await access.RequireMineAsync(ticket, ct);
        if (wasOpen && former != request.From) throw Refusal.Conflict(t["TakenBy", await access.NameOfAsync(former, ct)]);
        await db.RequireRoomAsync(me, t, ct);
        ticket.Accept(me, access.Now);
        await db.ReadAllAsync(ticket, access.Now, ct);
        if (wasOpen) await db.TellTakenAsync(ticket, former, access, ct);
        await access.RecordAsync(ticket, wasOpen ? "taken-over" : "opened", wasOpen ? new { from = await access.NameOfAsync(former, ct) } : null, ct, formerUser: former);
        return Unit.Value;
    }
}
