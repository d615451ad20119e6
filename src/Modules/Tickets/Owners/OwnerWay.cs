using Inforzap.Contracts.Contacts;
using Inforzap.Contracts.Identity;
using Inforzap.Contracts.Settings;
using Inforzap.Data;
using Inforzap.Requests;

namespace Inforzap.Tickets.Owners;

/// <summary>
/// Carteira: who writes without an active ticket is served by whoever looks after them, where the house wants that. For all contacts of
/// a set at once, and nothing is asked where it is switched off.
/// </summary>
internal sealed class OwnerWay(InforzapDb db, IMediator mediator, ISettings settings)
{
    private readonly Dictionary<Guid, Way> ways = [];

    /// <summary>Finds out, for these contacts.</summary>
    public async Task LoadAsync(Guid[] contacts, CancellationToken ct)
    {
        if (contacts.Length == 0 || !settings.Is(Setting.ForceOwner)) return;
        var owners = await (from o in db.Set<ContactOwnerView>()
                            join u in db.Set<UserView>() on o.UserId equals u.Id
                            where contacts.Contains(o.ContactId) && u.IsActive
                            orderby o.Order, u.Id
                            select new Owner(o.ContactId, u.Id, u.Name, u.IsOnline && u.Presence == Presence.Online, u.MaxOpenTickets)).ToListAsync(ct);
        if (owners.Count == 0) return;
        var people = owners.Select(o => o.UserId).Distinct().ToArray();
        // Who may answer at all, at any hour: a ticket that waits for them waits until they come.
        var answer = await mediator.Send(new WhoMayNow("tickets.answer", people) { AtAnyHour = true }, ct);
        owners.RemoveAll(o => !answer.Contains(o.UserId));
        var here = owners.Where(o => o.IsHere).Select(o => o.UserId).Distinct().ToArray();
        var now = here.Length == 0 ? new HashSet<Guid>() : await mediator.Send(new WhoMayNow("tickets.answer", here), ct);
        var open = await db.Tickets.Where(x => x.Status == TicketStatus.Open && x.UserId != null && here.Contains(x.UserId.Value)).GroupBy(x => x.UserId).Select(g => new { g.Key, Count = g.Count() }).ToDictionaryAsync(g => g.Key!.Value, g => g.Count, ct);
        foreach (var contact in owners.GroupBy(o => o.ContactId))
        {
            // Several of one set count like one after the other.
            var able = contact.FirstOrDefault(o => o.IsHere && now.Contains(o.UserId) && (o.MaxOpenTickets == 0 || open.GetValueOrDefault(o.UserId) < o.MaxOpenTickets));
            if (able is not null) open[able.UserId] = open.GetValueOrDefault(able.UserId) + 1;
            var first = contact.First();
            if (able is not null) ways[contact.Key] = new(able, Waits: false);
            else if (settings.Get(Setting.WhenOwnerAway) is not OwnerAway.Queue and var what) ways[contact.Key] = new(first, what != OwnerAway.Given);
        }
    }

    /// <summary>Gives a ticket that begins, or begins again, to whoever looks after its contact. Does nothing where nobody does.</summary>
    public void Take(Ticket ticket, DateTime now)
    {
        if (!ways.TryGetValue(ticket.ContactId, out var way)) return;
        if (way.Waits) ticket.WaitFor(way.Owner.UserId, now + Patience);
        else ticket.Accept(way.Owner.UserId, now);
        db.Add(Timeline.Entry(ticket.Id, way.Waits ? "owner-awaited" : "owner-given", null, now, new { user = way.Owner.Name }));
    }

    private TimeSpan Patience => TimeSpan.FromMinutes(int.TryParse(settings.Get(Setting.OwnerMinutes), out var minutes) ? minutes : 10);

    private sealed record Owner(Guid ContactId, Guid UserId, string Name, bool IsHere, int MaxOpenTickets);

    private sealed record Way(Owner Owner, bool Waits);
}
