using Inforzap.Data;

namespace Inforzap.Tickets;

/// <summary>
/// Change numbers grow over all tickets of a conversation, in the order of the commits: viewers read them under one cursor. So
/// all are taken from one row that the transaction holds, the leading ticket's: the active one, else the newest. An active
/// ticket leads itself and asks nobody; what happens to a closed one, or opens one, asks here first.
/// </summary>
internal static class Leading
{
    private sealed record Conversation(Guid ChannelId, Guid ContactId, long Newest, long Active, long Change, DateTime? Survey)
    {
        public (Guid, Guid) Key => (ChannelId, ContactId);
        public long Leader => Active > 0 ? Active : Newest;
    }

    /// <summary>The ticket, held until the commit, ready to number changes.</summary>
    public static async Task<Ticket> HoldTicketAsync(this InforzapDb db, Guid id, CancellationToken ct)
    {
        await db.Hold<Ticket>(x => x.Id == id, ct);
        var ticket = await db.Tickets.SingleAsync(x => x.Id == id, ct);
        await db.FollowAsync(ticket, ct);
        return ticket;
    }

    /// <summary>These tickets, held until the commit, ready to number changes.</summary>
    public static async Task<Dictionary<Guid, Ticket>> HoldTicketsAsync(this InforzapDb db, Guid[] ids, CancellationToken ct)
    {
        await db.Hold<Ticket>(x => ids.Contains(x.Id), ct);
        var tickets = await db.Tickets.Where(x => ids.Contains(x.Id)).ToDictionaryAsync(x => x.Id, ct);
        var closed = tickets.Values.Where(t => !t.IsActive).ToList();
        if (closed.Count == 0) return tickets;
        var leaders = await db.LeadersAsync([.. closed.Select(t => (t.ChannelId, t.ContactId)).Distinct()], ct);
        foreach (var ticket in closed) ticket.Follow(leaders[(ticket.ChannelId, ticket.ContactId)].Leader);
        return tickets;
    }

    /// <summary>Lets a ticket that is held take its numbers where its conversation takes them.</summary>
    public static async Task FollowAsync(this InforzapDb db, Ticket ticket, CancellationToken ct)
    {
        if (ticket.IsActive) return;
        ticket.Follow((await db.LeadersAsync([(ticket.ChannelId, ticket.ContactId)], ct))[(ticket.ChannelId, ticket.ContactId)].Leader);
    }

    /// <summary>Leading and newest ticket of each conversation that has any, the leading ones held until the commit.</summary>
    public static async Task<Dictionary<(Guid Channel, Guid Contact), (Ticket Leader, long Newest)>> LeadersAsync(
        this InforzapDb db, IReadOnlyCollection<(Guid Channel, Guid Contact)> conversations, CancellationToken ct)
    {
        var found = await FindAsync(db, conversations, ct);
        while (db.Provider != DatabaseProvider.Sqlite)
        {
            var leaders = found.Select(c => c.Leader).ToArray();
            await db.Hold<Ticket>(t => leaders.Contains(t.Number), ct);
            // Whoever opened or closed one meanwhile held the same row: look again until what is held leads.
            found = await FindAsync(db, conversations, ct);
            if (found.Select(c => c.Leader).ToHashSet().IsSubsetOf(leaders)) break;
        }
        var numbers = found.Select(c => c.Leader).ToArray();
        // What was loaded before it was held is older than the row now, by the hold itself at least, and could not be saved.
        if (db.Provider != DatabaseProvider.Sqlite)
            foreach (var loaded in db.ChangeTracker.Entries<Ticket>().Where(e => numbers.Contains(e.Entity.Number)).ToList()) await loaded.ReloadAsync(ct);
        var tickets = await db.Tickets.Where(t => numbers.Contains(t.Number)).ToDictionaryAsync(t => t.Number, ct);
        foreach (var c in found) tickets[c.Leader].Lead(c.Change, c.Survey);
        return found.ToDictionary(c => c.Key, c => (tickets[c.Leader], c.Newest));
    }

    private static async Task<List<Conversation>> FindAsync(InforzapDb db, IReadOnlyCollection<(Guid Channel, Guid Contact)> conversations, CancellationToken ct)
    {
        var wanted = conversations.ToHashSet();
        var (channels, contacts) = (wanted.Select(c => c.Channel).Distinct().ToArray(), wanted.Select(c => c.Contact).Distinct().ToArray());
        var found = await db.Tickets.Where(t => channels.Contains(t.ChannelId) && contacts.Contains(t.ContactId))
            .GroupBy(t => new { t.ChannelId, t.ContactId })
            .Select(g => new Conversation(g.Key.ChannelId, g.Key.ContactId, g.Max(t => t.Number), g.Max(t => t.Status == TicketStatus.Closed ? 0 : t.Number), g.Max(t => t.LastChange), g.Max(t => t.SurveyUntil)))
            .ToListAsync(ct);
        return found.FindAll(c => wanted.Contains(c.Key));
    }
}
