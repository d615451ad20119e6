using Inforzap.Contacts.Book;
using Inforzap.Contracts.Contacts;
using Inforzap.Contracts.Identity;
using Inforzap.Contracts.Settings;
using Inforzap.Data;
using Inforzap.Live;
using Inforzap.Requests;
using Microsoft.Extensions.Localization;

namespace Inforzap.Contacts.Owners;

internal sealed class SetOwnersHandler(InforzapDb db, OwnerBook book, IActor actor, ISettings settings, IStringLocalizer<Texts> t) : IRequestHandler<SetOwners, int>
{
    public async Task<int> Handle(SetOwners request, CancellationToken ct)
    {
        // One is named from their conversation, several from the list.
        if (request.ContactIds.Count > 1) actor.RequireList(settings, t);
        var ids = await db.RequireThereAsync(request.ContactIds, actor, settings, t, ct);
        var users = await book.RequireUsersAsync(request.UserIds, ct);
        await db.Hold<Contact>(c => ids.Contains(c.Id), ct);
        var names = await db.Contacts.AsNoTracking().Where(c => ids.Contains(c.Id)).ToDictionaryAsync(c => c.Id, c => c.Name, ct);
        try
        {
            return (await book.SetAsync(names, users, ct)).Count;
        }
        catch (DbUpdateException e) when (e is not DbUpdateConcurrencyException)
        {
            // One of them became part of another in this moment.
            throw Refusal.Conflict(t["ContactTableMoved"]);
        }
    }
}

internal sealed class OfferOwnersHandler(InforzapDb db) : IRequestHandler<OfferOwners, IReadOnlyList<OwnerChoice>>
{
    public async Task<IReadOnlyList<OwnerChoice>> Handle(OfferOwners request, CancellationToken ct) =>
        await db.Set<UserView>().Where(u => u.IsActive).OrderBy(u => u.Name).ThenBy(u => u.Id).Select(u => new OwnerChoice(u.Id, u.Name, u.IsOnline, u.PhotoId)).ToListAsync(ct);
}

/// <summary>The contacts that somebody looks after go to whoever takes over; with nobody to take over, to those who stood in.</summary>
internal sealed class ContactsOfUser(InforzapDb db, IStringLocalizer<Texts> t) : IBelongings
{
    public async Task<string?> DescribeAsync(Guid userId, CancellationToken ct) => await db.ContactOwners.CountAsync(o => o.UserId == userId, ct) is > 0 and var count ? t["BelongingContacts", count].Value : null;

    public async Task<int> MoveAsync(Guid userId, Guid? to, CancellationToken ct)
    {
        var count = await db.ContactOwners.CountAsync(o => o.UserId == userId, ct);
        if (count == 0) return 0;
        if (to is { } heir)
        {
            // Who stood in for them already keeps the better of both places.
            await db.ContactOwners.Where(o => o.UserId == userId && db.Set<ContactOwner>().Any(x => x.ContactId == o.ContactId && x.UserId == heir && x.Order < o.Order)).ExecuteDeleteAsync(ct);
            await db.ContactOwners.Where(o => o.UserId == heir && db.Set<ContactOwner>().Any(x => x.ContactId == o.ContactId && x.UserId == userId)).ExecuteDeleteAsync(ct);
            await db.ContactOwners.Where(o => o.UserId == userId).ExecuteUpdateAsync(set => set.SetProperty(o => o.UserId, heir), ct);
        }
        else await db.ContactOwners.Where(o => o.UserId == userId).ExecuteDeleteAsync(ct);
        db.Touch(Topics.Contacts, Topics.AllTickets);
        return count;
    }

    public Task ForgetAsync(Guid userId, CancellationToken ct) => db.ContactOwners.Where(o => o.UserId == userId).ExecuteDeleteAsync(ct);
}
