using Inforzap.Contracts.Contacts;
using Inforzap.Contracts.Tickets;
using Inforzap.Data;
using Inforzap.Live;
using Microsoft.Extensions.Localization;

namespace Inforzap.Contacts;

internal sealed class BlockContactHandler(InforzapDb db, IMediator mediator, TimeProvider clock, IStringLocalizer<Texts> t) : IRequestHandler<BlockContact, Unit>
{
    public async Task<Unit> Handle(BlockContact request, CancellationToken ct)
    {
        DateTime? at = request.Blocked ? clock.GetUtcNow().UtcDateTime : null;
        var changed = await db.Claim<Contact>(c => c.Id == request.Id && c.ErasedAt == null, set => set.SetProperty(c => c.Blocked, request.Blocked).SetProperty(c => c.BlockedAt, at), ct);
        if (changed == 0) throw Refusal.NotFound(t["ContactGone"]);
        db.Touch(Topics.Contacts);
        await mediator.Send(new TouchTicketsOf([request.Id]), ct);
        return Unit.Value;
    }
}
