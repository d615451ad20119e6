using Inforzap.Requests;
using Inforzap.Tickets.Desk;

namespace Inforzap.Tickets.Outbound;

/// <summary>A person says that an unsure message did arrive: nothing is sent.</summary>
[Allow("tickets.answer")]
public sealed record SettleUnknown([property: NotEmpty] Guid MessageId) : IRequest;

internal sealed class SettleUnknownHandler(TicketAccess access) : IRequestHandler<SettleUnknown, Unit>
{
    public async Task<Unit> Handle(SettleUnknown request, CancellationToken ct)
    {
        var (ticket, message) = await access.HoldToDecideAsync(request.MessageId, ct);
        if (message.State != MessageState.Unknown) return Unit.Value;
        (message.State, message.FailReason, message.Change) = (MessageState.Sent, null, ticket.NextChange());
        await access.RecordAsync(ticket, "settled", new { seq = message.Seq }, ct);
        return Unit.Value;
    }
}
