using Inforzap.Contracts.Contacts;
using Inforzap.Contracts.Tickets;
using Inforzap.Data;
using Inforzap.Jobs;
using Inforzap.Requests;
using Inforzap.Tickets.Answering;
using Inforzap.Tickets.Desk;

namespace Inforzap.Tickets.Owners;

/// <summary>Lets those tickets take the usual way whose contact's user did not come in time.</summary>
internal sealed class LetOwnersGo(SystemMediator mediator) : IJob
{
    public async Task RunAsync(JobTick tick, CancellationToken ct)
    {
        while (await mediator.Send(new FreeAwaited(), ct) > 0) ct.ThrowIfCancellationRequested();
    }
}

/// <summary>Frees some of them. Returns how many: as long as there were some, there may be more.</summary>
[AllowSystem]
internal sealed record FreeAwaited : IRequest<int>;

internal sealed class FreeAwaitedHandler(InforzapDb db, TicketAccess access, IEnumerable<IAnswerSwitch> answers) : IRequestHandler<FreeAwaited, int>
{
    private const int Most = 100;

    public async Task<int> Handle(FreeAwaited request, CancellationToken ct)
    {
        var now = access.Now;
        var ids = await db.Tickets.Where(x => x.Status == TicketStatus.Pending && x.OwnerUntil != null && x.OwnerUntil <= now).OrderBy(x => x.OwnerUntil).ThenBy(x => x.Id).Select(x => x.Id).Take(Most).ToListAsync(ct);
        if (ids.Count == 0) return 0;
        var held = await db.HoldTicketsAsync([.. ids], ct);
        foreach (var id in ids)
        {
            var ticket = held[id];
            // Somebody may have taken it, or moved it, between the look and the hold.
            if (ticket is not { Status: TicketStatus.Pending, UserId: { } user, OwnerUntil: { } until } || until > now) continue;
            ticket.WaitNoLonger();
            await access.RecordAsync(ticket, "owner-missed", new { user = await access.NameOfAsync(user, ct) }, ct, formerUser: user);
            // What answers by itself was silent as long as somebody was expected.
            var newest = await db.Messages.Where(m => m.TicketId == id && !m.FromUs && m.Kind != MessageKind.System).OrderByDescending(m => m.Seq).FirstOrDefaultAsync(ct);
            if (newest is not null) db.EnqueueAnswers(answers, [newest], _ => ticket, now);
        }
        await db.SaveChangesAsync(ct);
        return ids.Count;
    }
}

internal sealed class NoteOwnersHandler(InforzapDb db, TicketAccess access) : IRequestHandler<NoteOwners, Unit>
{
    public async Task<Unit> Handle(NoteOwners request, CancellationToken ct)
    {
        foreach (var some in request.ContactIds.Chunk(500))
        {
            var active = await db.Tickets.AsNoTracking().Where(x => some.Contains(x.ContactId) && x.Status != TicketStatus.Closed).ToListAsync(ct);
            var by = access.Actor.IsSystem ? (Guid?)null : access.Actor.Id;
            db.AddRange(active.Select(x => Timeline.Entry(x.Id, request.Owners.Length == 0 ? "owners-none" : "owners", by, access.Now, new { users = request.Owners })));
            active.ForEach(db.TouchTicket);
        }
        await db.SaveChangesAsync(ct);
        return Unit.Value;
    }
}
