using Inforzap.Contracts.Settings;
using Inforzap.Data;
using Inforzap.Requests;
using Microsoft.Extensions.Localization;

namespace Inforzap.Tickets.Desk;

/// <summary>Atender: the ticket becomes the caller's. When two do it at once, one wins and the other is told who.</summary>
[Allow("tickets.answer")]
public sealed record AcceptTicket([property: NotEmpty] Guid TicketId) : IRequest;

internal sealed class AcceptTicketHandler(InforzapDb db, TicketAccess access, ISettings settings, IStringLocalizer<Texts> t) : IRequestHandler<AcceptTicket, Unit>
{
    public async Task<Unit> Handle(AcceptTicket request, CancellationToken ct)
    {
        var me = access.Actor.Id;
        // Whoever was faster may have made it invisible to us; what the loser needs is the winner's name.
        await db.Hold<Ticket>(x => x.Id == request.TicketId, ct);
        var taken = await db.Tickets.AsNoTracking().Where(x => x.Id == request.TicketId && x.Status == TicketStatus.Open && x.UserId != me)
            .Select(x => new { x.QueueId, x.UserId }).SingleOrDefaultAsync(ct);
        if (taken is not null && (access.Actor.May("tickets.see-all")
            || (taken.QueueId is { } queue ? access.Actor.Queues.Contains(queue) : settings.Is(Setting.ShowUnassigned))))
            throw Refusal.Conflict(t["TakenBy", await access.NameOfAsync(taken.UserId, ct)]);
        var ticket = await access.HoldAsync(request.TicketId, ct);
        if (ticket.Status == TicketStatus.Open) return Unit.Value;
        if (ticket.Status == TicketStatus.Closed) throw Refusal.Conflict(t["TicketClosed"]);
        await db.RequireRoomAsync(me, t, ct);
        ticket.Accept(me, access.Now);
        await db.ReadAllAsync(ticket, access.Now, ct);
        await access.RecordAsync(ticket, "opened", null, ct);
        return Unit.Value;
    }
}
