using Inforzap.Audit;
using Inforzap.Contracts.Channels;
using Inforzap.Data;
using Microsoft.Extensions.Localization;

namespace Inforzap.Tickets.Closing;

/// <summary>Where reasons and farewells are offered.</summary>
internal sealed class ClosingScope(InforzapDb db, IChannelDirectory channels, IStringLocalizer<Texts> t)
{
    /// <summary>Sets the places of one of them; the caller saves.</summary>
    public async Task SetAsync(string kind, Guid ownerId, string name, IReadOnlyList<Guid> queues, IReadOnlyList<Guid> ofChannels, CancellationToken ct)
    {
        var now = await db.ClosingPlaces.Where(p => p.OwnerId == ownerId).ToListAsync(ct);
        var wanted = queues.Distinct().Select(id => (Id: id, Kind: ClosingPlaceKind.Queue)).Concat(ofChannels.Distinct().Select(id => (Id: id, Kind: ClosingPlaceKind.Channel))).ToList();
        var coming = wanted.Where(w => now.TrueForAll(p => p.PlaceId != w.Id)).ToList();
        var newQueues = coming.Where(w => w.Kind == ClosingPlaceKind.Queue).Select(w => w.Id).ToArray();
        if (await db.Queues.CountAsync(q => newQueues.Contains(q.Id) && q.DeletedAt == null, ct) != newQueues.Length) throw Refusal.NotFound(t["QueueGone"]);
        if (coming.Exists(w => w.Kind == ClosingPlaceKind.Channel && channels.All.All(c => c.Id != w.Id))) throw Refusal.NotFound(t["ChannelGone"]);
        var names = await db.Queues.Select(q => new { q.Id, q.Name }).ToDictionaryAsync(q => q.Id, q => q.Name, ct);
        db.Audit(kind, ownerId, name, "Places", now.Select(p => Name(p.PlaceId)), wanted.Select(w => Name(w.Id)));
        db.RemoveRange(now.Where(p => !wanted.Exists(w => w.Id == p.PlaceId)));
        foreach (var (id, placeKind) in coming) db.Add(new ClosingPlace { OwnerId = ownerId, PlaceId = id, Kind = placeKind });

        string Name(Guid id) => names.GetValueOrDefault(id) ?? channels.Find(id)?.Name ?? id.ToString();
    }

    /// <summary>All places of all of them.</summary>
    public async Task<ILookup<Guid, ClosingPlace>> AllAsync(CancellationToken ct) => (await db.ClosingPlaces.AsNoTracking().ToListAsync(ct)).ToLookup(p => p.OwnerId);

    /// <summary>Whether something with these places is offered for a ticket.</summary>
    public static bool IsOffered(IEnumerable<ClosingPlace> places, Ticket ticket) =>
        places.GroupBy(p => p.Kind).All(kind => kind.Any(p => p.PlaceId == (kind.Key == ClosingPlaceKind.Queue ? ticket.QueueId : ticket.ChannelId)));
}
