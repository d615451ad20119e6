using Inforzap.Contracts.Channels;
using Inforzap.Data;
using Inforzap.Requests;
using Inforzap.Sdk;

namespace Inforzap.Tickets.Desk;

/// <summary>The agent who serves the ticket types, or stopped: the customer may see it, where the channel can show it.</summary>
[Allow("tickets.answer"), Reads]
public sealed record ShowTyping([property: NotEmpty] Guid TicketId, bool Types) : IRequest;

internal sealed class ShowTypingHandler(TicketAccess access, ITypingOut typing) : IRequestHandler<ShowTyping, Unit>
{
    public async Task<Unit> Handle(ShowTyping request, CancellationToken ct)
    {
        var ticket = await access.ReadAsync(request.TicketId, ct);
        await access.RequireMineAsync(ticket, ct);
        typing.Show(ticket.ChannelId, new Address(ticket.AddressValue, ticket.AddressKind), request.Types);
        return Unit.Value;
    }
}
