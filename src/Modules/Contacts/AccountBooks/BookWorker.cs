using System.Text.Json;
using Inforzap.Contacts.Owners;
using Inforzap.Contracts.Channels;
using Inforzap.Contracts.Contacts;
using Inforzap.Contracts.Tickets;
using Inforzap.Data;
using Inforzap.Lanes;
using Inforzap.Live;
using Inforzap.Requests;
using Inforzap.Sdk;

namespace Inforzap.Contacts.AccountBooks;

/// <summary>A lane item: bring this address book in.</summary>
internal sealed record BookItem(Guid SyncId);

/// <summary>Reads an address book and keeps it piece by piece. Interrupted, it begins anew: who is here already is known by their number.</summary>
internal sealed class BookWorker(IServiceScopeFactory scopes, SystemMediator mediator, IChannelMemory memory, ILogger<BookWorker> log) : ILaneWorker
{
    public const string Lane = "book";
    public const int Piece = 200;
    private const int Tries = 5;

    public string Type => Lane;

    public async Task<DateTime?> WorkAsync(LaneItem item, CancellationToken ct)
    {
        var id = JsonSerializer.Deserialize<BookItem>(item.Payload, JsonSerializerOptions.Web)!.SyncId;
        if (await ChannelOfAsync(id, ct) is not { } channelId)
        {
            await KeepAsync(new KeepBook(id, item.Position, [], true, true), ct);
            return null;
        }
        var isFirst = true;
        string? failure = null;
        try
        {
            await foreach (var piece in memory.BookAsync(channelId, ct).PiecesAsync(Piece))
            {
                if (!await KeepAsync(new KeepBook(id, item.Position, piece, isFirst, false), ct)) return null;
                isFirst = false;
            }
        }
        catch (ProviderException e)
        {
            log.LogWarning("The address book of channel {Channel} could not be read: {Exception}", channelId, (e.InnerException ?? e).GetType().Name);
            failure = e.Message;
        }
        await KeepAsync(new KeepBook(id, item.Position, [], isFirst, true) { Failure = failure }, ct);
        return null;
    }

    private async Task<Guid?> ChannelOfAsync(Guid id, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<InforzapDb>();
        return await db.BookSyncs.Where(s => s.Id == id && s.State == BookState.Running).Select(s => (Guid?)s.ChannelId).SingleOrDefaultAsync(ct);
    }

    /// <summary>Somebody may write for the first time in this moment, or be changed by a person: then it is looked at once more.</summary>
    private async Task<bool> KeepAsync(KeepBook piece, CancellationToken ct)
    {
        for (var tries = 1; ; tries++)
            try
            {
                return await mediator.Send(piece, ct);
            }
            catch (DbUpdateException) when (tries < Tries)
            {
                await Task.Yield();
            }
    }
}

/// <summary>Keeps a piece of an address book. False: it is over, or was ended.</summary>
[AllowSystem]
internal sealed record KeepBook(Guid SyncId, long Position, IReadOnlyList<BookEntry> Entries, bool IsFirst, bool IsLast) : IRequest<bool>
{
    /// <summary>Why nothing follows, when it should.</summary>
    public string? Failure { get; init; }

    public override string ToString() => $"{SyncId}";
}

internal sealed class KeepBookHandler(InforzapDb db, AddressBooks books, OwnerBook owners, IMediator mediator, TimeProvider clock) : IRequestHandler<KeepBook, bool>
{
    private DateTime now;

    public async Task<bool> Handle(KeepBook request, CancellationToken ct)
    {
        now = clock.GetUtcNow().UtcDateTime;
        await db.Hold<BookSync>(s => s.Id == request.SyncId, ct);
        var sync = await db.BookSyncs.SingleAsync(s => s.Id == request.SyncId, ct);
        if (sync.State != BookState.Running)
        {
            await db.DoneAsync(request.Position, now, ct);
            return false;
        }
        // One that begins anew counts anew; whom it brought before it knows now.
        if (request.IsFirst) (sync.Read, sync.Known, sync.Numberless, sync.Erased) = (0, -sync.Added, 0, 0);
        sync.Read += request.Entries.Count;
        var changed = await WriteAsync(sync, request.Entries, ct);
        if (request.IsLast)
        {
            (sync.State, sync.Reason, sync.EndedAt) = (request.Failure is null ? BookState.Done : BookState.Failed, request.Failure is { } why ? CleanText.Of(why, 500) : null, now);
            await db.DoneAsync(request.Position, now, ct);
        }
        await db.SaveChangesAsync(ct);
        db.Touch(Topics.Contacts, Topics.TagCounts);
        if (changed.Count > 0) await mediator.Send(new TouchTicketsOf(changed), ct);
        return !request.IsLast;
    }

    /// <summary>What people typed stays; returns who was there and looks otherwise now.</summary>
    private async Task<List<Guid>> WriteAsync(BookSync sync, IReadOnlyList<BookEntry> entries, CancellationToken ct)
    {
        var plans = await books.PlanAsync(entries, ct);
        var ids = plans.Select(p => p.ContactId).OfType<Guid>().Distinct().ToArray();
        await db.Hold<Contact>(c => ids.Contains(c.Id), ct);
        var there = await db.Contacts.Include(c => c.Addresses).Where(c => ids.Contains(c.Id) && c.ErasedAt == null).ToDictionaryAsync(c => c.Id, ct);
        var touched = new Dictionary<Guid, Contact>();
        var (made, renamed) = (new Dictionary<string, Contact>(StringComparer.Ordinal), new List<Guid>());
        var taken = await TakenAsync(plans, ct);
        foreach (var plan in plans)
        {
            if (plan.ContactId is { } id)
            {
                sync.Known++;
                // Erased in this moment.
                if (!there.TryGetValue(id, out var contact)) continue;
                touched[id] = contact;
                if (!sync.TakesNames || contact.NameIsOurs || AddressBooks.NameOf(plan.Entry) is not { } name || name == contact.Name) continue;
                (contact.Name, contact.NameIsOurs) = (name, true);
                ContactSearch.Write(contact);
                sync.Renamed++;
                renamed.Add(id);
            }
            else if (plan.Digits is null) sync.Numberless++;
            else if (plan.IsErased) sync.Erased++;
            else if (made.ContainsKey(Phone.MatchKey(plan.Digits))) sync.Known++;
            else
            {
                var contact = made[Phone.MatchKey(plan.Digits)] = New(plan, taken);
                touched[contact.Id] = contact;
                sync.Added++;
            }
        }
        await db.SaveChangesAsync(ct);
        if (sync.TagId is { } tag) await TagAsync(sync, tag, touched.Keys, ct);
        if (sync.OwnerId is { } owner) await OwnAsync(owner, touched, ct);
        return renamed;
    }

    /// <summary>Further addresses that somebody has already stay theirs.</summary>
    private async Task<HashSet<(string Kind, string Match)>> TakenAsync(IReadOnlyList<AddressBooks.Plan> plans, CancellationToken ct)
    {
        var further = plans.SelectMany(p => AddressBooks.AddressesOf(p.Entry)).Where(a => a.Kind != AddressKind.Phone).ToList();
        if (further.Count == 0) return [];
        var (kinds, values) = (further.Select(a => a.Kind).Distinct().ToArray(), further.Select(a => a.Value).Distinct().ToArray());
        return (await db.ContactAddresses.Where(a => kinds.Contains(a.Kind) && values.Contains(a.MatchKey)).Select(a => new { a.Kind, a.MatchKey }).ToListAsync(ct)).Select(a => (a.Kind, a.MatchKey)).ToHashSet();
    }

    private Contact New(AddressBooks.Plan plan, HashSet<(string Kind, string Match)> taken)
    {
        var called = AddressBooks.NameOf(plan.Entry);
        var self = CleanText.IsBlank(plan.Entry.Address.Name) ? Phone.Format(plan.Digits!) : CleanText.Of(plan.Entry.Address.Name!.Trim(), 120);
        var contact = new Contact { Id = Guid.CreateVersion7(), Name = called ?? self, NameIsOurs = called is not null, Source = ContactSource.Sync, CreatedAt = now };
        contact.Addresses.Add(new ContactAddress { Id = Guid.CreateVersion7(), ContactId = contact.Id, Kind = AddressKind.Phone, Value = plan.Digits!, MatchKey = Phone.MatchKey(plan.Digits!) });
        foreach (var other in AddressBooks.AddressesOf(plan.Entry).Where(a => a.Kind != AddressKind.Phone && taken.Add((a.Kind, a.Value))))
            contact.Addresses.Add(new ContactAddress { Id = Guid.CreateVersion7(), ContactId = contact.Id, Kind = other.Kind, Value = other.Value, MatchKey = other.Value });
        ContactSearch.Write(contact);
        db.Add(contact);
        return contact;
    }

    private async Task TagAsync(BookSync sync, Guid tag, IEnumerable<Guid> contacts, CancellationToken ct)
    {
        // Deleted meanwhile: then nobody gets it.
        if (!await db.Tags.AnyAsync(x => x.Id == tag && x.IsActive, ct)) return;
        var ids = contacts.ToArray();
        var worn = (await db.ContactTags.Where(x => x.TagId == tag && ids.Contains(x.ContactId)).Select(x => x.ContactId).ToListAsync(ct)).ToHashSet();
        foreach (var id in ids.Where(id => !worn.Contains(id))) db.Add(new ContactTag { ContactId = id, TagId = tag, By = sync.By, At = now });
        await db.SaveChangesAsync(ct);
    }

    private async Task OwnAsync(Guid owner, Dictionary<Guid, Contact> contacts, CancellationToken ct)
    {
        var ids = contacts.Keys.ToArray();
        if (!await db.Set<Contracts.Identity.UserView>().AnyAsync(u => u.Id == owner && u.IsActive, ct)) return;
        var owned = (await db.ContactOwners.Where(o => ids.Contains(o.ContactId)).Select(o => o.ContactId).Distinct().ToListAsync(ct)).ToHashSet();
        await owners.SetAsync(contacts.Where(c => !owned.Contains(c.Key)).ToDictionary(c => c.Key, c => c.Value.Name), [owner], ct);
    }
}
