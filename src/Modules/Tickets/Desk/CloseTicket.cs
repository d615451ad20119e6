using System.ComponentModel.DataAnnotations;
using Inforzap.Requests;

namespace Inforzap.Tickets.Desk;

/// <summary>Resolver.</summary>
/// <param name="TicketId">Which one.</param>
/// <param name="Note">A sentence for colleagues, kept with the ticket.</param>
[Allow("tickets.close")]
public sealed record CloseTicket([property: NotEmpty] Guid TicketId, [property: StringLength(500), Called("ResolveNote")] string? Note = null) : IRequest;

internal sealed class CloseTicketHandler(TicketAccess access) : IRequestHandler<CloseTicket, Unit>
{
    public async Task<Unit> Handle(CloseTicket request, CancellationToken ct)
    {
        var ticket = await access.HoldAsync(request.TicketId, ct);
        if (ticket.Status == TicketStatus.Closed) return Unit.Value;
        if (ticket.Status == TicketStatus.Open && !access.Actor.May("tickets.see-queue")) await access.RequireMineAsync(ticket, ct);
        ticket.Close(access.Actor.Id, null, request.Note, access.Now);
        await access.RecordAsync(ticket, "closed", request.Note is { Length: > 0 } note ? new { note } : null, ct);
        return Unit.Value;
    }
}
