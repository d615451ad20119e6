using Inforzap.Contracts.Settings;
using Inforzap.Data;
using Inforzap.Requests;
using Inforzap.Tickets.Desk;

namespace Inforzap.Tickets.Protocols;

/// <summary>Makes protocols, for whoever needs one; the caller saves. Groups have none.</summary>
internal sealed class ProtocolMaker(InforzapDb db, IActor actor, ISettings settings, TimeProvider clock)
{
    private DateTime Now => clock.GetUtcNow().UtcDateTime;

    /// <summary>The newest of the ticket's running cycle, or of its last one; made by the product where there is none.</summary>
    public async Task<Protocol?> CurrentAsync(Ticket ticket, CancellationToken ct)
    {
        if (ticket.IsGroup || await CycleAsync(ticket.Id, ct) is not { } cycle) return null;
        if (await NewestAsync(cycle, ct) is { } there) return there;
        var number = await TakeAsync(ct);
        // Who else made one meanwhile held the counter until it was there. The number that nobody uses now is a gap.
        return await NewestAsync(cycle, ct) ?? Add(ticket, cycle, null, number);
    }

    /// <summary>The number that a text would name now; null: it would be a new one.</summary>
    public async Task<string?> PeekAsync(Ticket ticket, CancellationToken ct) =>
        await CycleAsync(ticket.Id, ct) is { } cycle ? (await NewestAsync(cycle, ct))?.Number : null;

    /// <summary>One more, asked for by the caller.</summary>
    public async Task<Protocol> MakeAsync(Guid id, Ticket ticket, string? subject, string? description, CancellationToken ct)
    {
        if (await CycleAsync(ticket.Id, ct) is not { } cycle) db.Add(cycle = Timeline.Cycle(ticket, Now));
        var protocol = Add(ticket, cycle, actor.Id, await TakeAsync(ct), id);
        (protocol.Subject, protocol.Description) = (subject, description);
        return protocol;
    }

    private Task<string> TakeAsync(CancellationToken ct) => ProtocolNumber.TakeAsync(db, settings.Local(Now), settings.Get(Setting.ProtocolPrefix), ct);

    private Protocol Add(Ticket ticket, ServiceCycle cycle, Guid? userId, string number, Guid? id = null)
    {
        var protocol = new Protocol
        {
            Id = id ?? Guid.CreateVersion7(), Number = number, Backwards = ProtocolNumber.Backwards(number), TicketId = ticket.Id, CycleId = cycle.Id, ContactId = ticket.ContactId,
            UserId = userId, CreatedAt = Now,
        };
        db.Add(protocol);
        db.Add(Timeline.Entry(ticket.Id, "protocol", userId, Now, new { number }));
        db.TouchTicket(ticket);
        db.Touch(Live.Topics.Protocols);
        return protocol;
    }

    /// <summary>Also one that was added and not saved yet.</summary>
    private async Task<ServiceCycle?> CycleAsync(Guid ticketId, CancellationToken ct)
    {
        var saved = await db.Cycles.AsNoTracking().Where(c => c.TicketId == ticketId).OrderByDescending(c => c.QueuedAt).ThenBy(c => c.ClosedAt == null ? 0 : 1).FirstOrDefaultAsync(ct);
        var added = db.ChangeTracker.Entries<ServiceCycle>().Where(e => e.State == EntityState.Added && e.Entity.TicketId == ticketId).Select(e => e.Entity).MaxBy(c => c.QueuedAt);
        return added is not null && (saved is null || added.QueuedAt >= saved.QueuedAt) ? added : saved;
    }

    private async Task<Protocol?> NewestAsync(ServiceCycle cycle, CancellationToken ct) =>
        db.ChangeTracker.Entries<Protocol>().Where(e => e.State == EntityState.Added && e.Entity.CycleId == cycle.Id).Select(e => e.Entity).MaxBy(p => p.CreatedAt)
            ?? await db.Protocols.AsNoTracking().Where(p => p.CycleId == cycle.Id).OrderByDescending(p => p.CreatedAt).ThenByDescending(p => p.Number).FirstOrDefaultAsync(ct);
}

internal static class SentProtocols
{
    /// <summary>What goes to the customer names protocols of the ticket: from now on they have been sent. The caller saves.</summary>
    public static async Task NoteProtocolsAsync(this InforzapDb db, Ticket ticket, string? text, DateTime now, CancellationToken ct)
    {
        if (string.IsNullOrEmpty(text) || ProtocolNumber.In(text) is not { Count: > 0 } named) return;
        foreach (var added in db.ChangeTracker.Entries<Protocol>().Where(e => e.State == EntityState.Added && named.Contains(e.Entity.Backwards))) added.Entity.SentAt ??= now;
        foreach (var protocol in await db.Protocols.Where(p => named.Contains(p.Backwards) && p.TicketId == ticket.Id && p.SentAt == null).ToListAsync(ct)) protocol.SentAt = now;
    }
}
