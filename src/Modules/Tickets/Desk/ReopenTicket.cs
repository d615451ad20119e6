using Inforzap.Contracts.Settings;
using Inforzap.Data;
using Inforzap.Requests;
using Microsoft.Extensions.Localization;

namespace Inforzap.Tickets.Desk;

/// <summary>Reabrir: open again with whoever asks, unless the contact already has an active ticket on this channel.</summary>
[Allow("tickets.reopen")]
public sealed record ReopenTicket([property: NotEmpty] Guid TicketId) : IRequest;

internal sealed class ReopenTicketHandler(InforzapDb db, TicketAccess access, ISettings settings, IStringLocalizer<Texts> t) : IRequestHandler<ReopenTicket, Unit>
{
    public async Task<Unit> Handle(ReopenTicket request, CancellationToken ct)
    {
        if (!settings.Is(Setting.AgentsReopen) && !access.Actor.May("tickets.see-queue")) throw Refusal.Forbidden(t["ReopenSwitchedOff"]);
        var ticket = await access.HoldAsync(request.TicketId, ct);
        if (ticket.Status != TicketStatus.Closed) return Unit.Value;
        if (await db.Set<Contracts.Contacts.ContactView>().AnyAsync(c => c.Id == ticket.ContactId && c.IsErased, ct)) throw Refusal.Conflict(t["ContactIsErased"]);
        await db.RefuseSecondActiveAsync(ticket.ChannelId, ticket.ContactId, t, ct);
        await db.RequireRoomAsync(access.Actor.Id, t, ct);
        ticket.Reopen(access.Actor.Id, access.Now);
        db.Add(Timeline.Cycle(ticket, access.Now, startedByAgent: true));
        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateException e) when (e.IsUniqueViolation())
        {
            throw Refusal.Conflict(t["OtherTicketOpen"]);
        }
        await access.RecordAsync(ticket, "reopened", null, ct);
        return Unit.Value;
    }
}

internal static class ActiveTickets
{
    /// <summary>Refuses, and says which one is there, when the contact has an active ticket on the channel.</summary>
    public static async Task RefuseSecondActiveAsync(this InforzapDb db, Guid channelId, Guid contactId, IStringLocalizer<Texts> t, CancellationToken ct)
    {
        var other = await (from x in db.Tickets
                           where x.ChannelId == channelId && x.ContactId == contactId && x.Status != TicketStatus.Closed
                           join u in db.Set<Contracts.Identity.UserView>() on x.UserId equals u.Id into us
                           from u in us.DefaultIfEmpty()
                           select new { x.Id, Name = (string?)u.Name }).FirstOrDefaultAsync(ct);
        if (other is null) return;
        throw Refusal.Conflict(other.Name is null ? t["OtherTicketPending"] : t["OtherTicketWith", other.Name], other.Id);
    }
}
