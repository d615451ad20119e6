using Inforzap.Data;
using Inforzap.Requests;
using Inforzap.Tickets.Desk;
using Microsoft.Extensions.Localization;

namespace Inforzap.Tickets.Outbound;

/// <summary>A person says that an unsure message did arrive: nothing is sent.</summary>
[Allow("tickets.answer")]
public sealed record SettleUnknown([property: NotEmpty] Guid MessageId) : IRequest;

internal sealed class SettleUnknownHandler(InforzapDb db, TicketAccess access, IStringLocalizer<Texts> t) : IRequestHandler<SettleUnknown, Unit>
{
    public async Task<Unit> Handle(SettleUnknown request, CancellationToken ct)
    {
        var ticketId = await db.Messages.Where(m => m.Id == request.MessageId).Select(m => (Guid?)m.TicketId).SingleOrDefaultAsync(ct) ?? throw Refusal.NotFound(t["MessageGone"]);
        var ticket = await access.HoldAsync(ticketId, ct);
        var message = await db.Messages.SingleAsync(m => m.Id == request.MessageId, ct);
        if (message.State != MessageState.Unknown) return Unit.Value;
        (message.State, message.FailReason, message.Change) = (MessageState.Sent, null, ticket.NextChange());
        await access.RecordAsync(ticket, "settled", new { seq = message.Seq }, ct);
        return Unit.Value;
    }
}
