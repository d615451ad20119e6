using Inforzap.Contracts.Settings;
using Inforzap.Data;
using Inforzap.Requests;
using Inforzap.Tickets.Desk;

namespace Inforzap.Tickets.Outbound;

/// <summary>Where the caller may say something to a contact on some channel.</summary>
internal sealed class OwnTickets(InforzapDb db, IMediator mediator, TicketAccess access, ISettings settings)
{
    /// <summary>The caller's own open ticket there; null: they have none.</summary>
    public Task<Guid?> FindAsync(Guid contactId, Guid channelId, CancellationToken ct)
    {
        var me = access.Actor.Id;
        return db.Tickets.VisibleTo(access.Actor, settings, db).Where(x => x.ContactId == contactId && x.ChannelId == channelId && x.Status == TicketStatus.Open && x.UserId == me)
            .Select(x => (Guid?)x.Id).SingleOrDefaultAsync(ct);
    }

    /// <summary>The caller's own ticket there, or a new one, by the rules of <see cref="StartConversation"/>.</summary>
    public async Task<Guid> WithAsync(Guid contactId, Guid channelId, CancellationToken ct)
    {
        if (await FindAsync(contactId, channelId, ct) is { } known) return known;
        var started = await mediator.Send(new StartConversation(contactId, channelId, null), ct);
        await db.SaveChangesAsync(ct);
        // Sending holds the ticket and has to load it as it is then.
        foreach (var entry in db.ChangeTracker.Entries<Ticket>().ToList()) entry.State = EntityState.Detached;
        return started;
    }
}
