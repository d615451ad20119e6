using Inforzap.Contracts.Contacts;
using Inforzap.Data;
using Inforzap.Live;
using Inforzap.Sdk;

namespace Inforzap.Contacts;

internal sealed class NoteReachHandler(InforzapDb db, TimeProvider clock) : IRequestHandler<NoteReach, Unit>
{
    public async Task<Unit> Handle(NoteReach request, CancellationToken ct)
    {
        await db.ReachAsync(request.Address, request.IsReachable, request.Reason, clock, ct);
        return Unit.Value;
    }
}

internal static class Reach
{
    /// <summary>Marks an address, or takes the mark away.</summary>
    public static async Task ReachAsync(this InforzapDb db, Address address, bool isReachable, string? reason, TimeProvider clock, CancellationToken ct)
    {
        var match = address.Kind == AddressKind.Phone ? Phone.MatchKey(address.Value) : address.Value;
        var row = await db.ContactAddresses.SingleOrDefaultAsync(a => a.Kind == address.Kind && a.MatchKey == match, ct);
        if (row is null || (isReachable && row.UnreachableSince is null)) return;
        row.UnreachableSince = isReachable ? null : row.UnreachableSince ?? clock.GetUtcNow().UtcDateTime;
        row.UnreachableReason = isReachable || reason is null ? null : CleanText.Of(reason, 300);
        await db.SaveChangesAsync(ct);
        db.Touch($"contact/{row.ContactId:N}");
    }
}

internal sealed class LearnAddressHandler(InforzapDb db) : IRequestHandler<LearnAddress, bool>
{
    public async Task<bool> Handle(LearnAddress request, CancellationToken ct)
    {
        var (value, kind) = (request.Address.Value, request.Address.Kind);
        var match = kind == AddressKind.Phone ? Phone.MatchKey(value) : value;
        if (await db.ContactAddresses.AnyAsync(a => a.Kind == kind && a.MatchKey == match, ct)) return false;
        if (await db.Contacts.Include(c => c.Addresses).SingleOrDefaultAsync(c => c.Id == request.ContactId && c.ErasedAt == null, ct) is not { } contact) return false;
        var row = new ContactAddress { Id = Guid.CreateVersion7(), ContactId = contact.Id, Kind = kind, Value = value, MatchKey = match };
        // Added by itself: a key that we made looks to EF like that of a row that is there.
        db.Add(row);
        if (!contact.Addresses.Contains(row)) contact.Addresses.Add(row);
        ContactSearch.Write(contact);
        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateException e) when (e is DbUpdateConcurrencyException || e.IsUniqueViolation())
        {
            // Another node learnt it, or changed the contact, in this moment. The caller's own work stands; the next send tells it again.
            contact.Addresses.Remove(row);
            db.Entry(row).State = EntityState.Detached;
            await db.Entry(contact).ReloadAsync(ct);
            return false;
        }
        db.Touch($"contact/{contact.Id:N}");
        return true;
    }
}

internal sealed class MoveAddressHandler(InforzapDb db) : IRequestHandler<MoveAddress, Guid?>
{
    public async Task<Guid?> Handle(MoveAddress request, CancellationToken ct)
    {
        var (former, now) = (request.Former, request.Address);
        if (former.Kind != now.Kind || await db.ContactAddresses.AnyAsync(a => a.Kind == now.Kind && a.MatchKey == now.Value, ct)) return null;
        var row = await db.ContactAddresses.SingleOrDefaultAsync(a => a.Kind == former.Kind && a.MatchKey == former.Value, ct);
        if (row is null) return null;
        (row.Value, row.MatchKey, row.UnreachableSince, row.UnreachableReason) = (now.Value, now.Value, null, null);
        var contact = await db.Contacts.Include(c => c.Addresses).SingleAsync(c => c.Id == row.ContactId, ct);
        ContactSearch.Write(contact);
        await db.SaveChangesAsync(ct);
        db.Touch($"contact/{contact.Id:N}", Topics.AllTickets);
        return contact.Id;
    }
}
