using Inforzap.Data;
using Inforzap.Requests;
using Inforzap.Tickets.Inbound;
using Microsoft.Extensions.Localization;

namespace Inforzap.Tickets.Desk;

/// <summary>Fetches a file once more that could not be fetched. What the provider no longer has is gone for good.</summary>
[Allow("tickets.answer")]
public sealed record FetchMediaAgain([property: NotEmpty] Guid MediaId) : IRequest;

internal sealed class FetchMediaAgainHandler(InforzapDb db, TicketAccess access, IStringLocalizer<Texts> t) : IRequestHandler<FetchMediaAgain, Unit>
{
    public async Task<Unit> Handle(FetchMediaAgain request, CancellationToken ct)
    {
        var messageId = await db.Media.Where(m => m.Id == request.MediaId).Select(m => m.MessageId).SingleOrDefaultAsync(ct) ?? throw Refusal.NotFound(t["MessageGone"]);
        var (ticket, message) = await access.HoldToDecideAsync(messageId, ct);
        var media = await db.Media.SingleAsync(m => m.Id == request.MediaId, ct);
        if (media.State != MediaState.Failed) throw Refusal.Conflict(t["NothingToFetch"]);
        (media.State, media.Reason, message.Change) = (MediaState.Pending, null, ticket.NextChange());
        // A new item: the one before is done, and what is tried anew has all its tries again.
        db.Enqueue(media, access.Now);
        await access.RecordAsync(ticket, "refetched", new { seq = message.Seq }, ct);
        return Unit.Value;
    }
}
