using System.ComponentModel.DataAnnotations;
using Inforzap.Contacts.Owners;
using Inforzap.Contacts.Tags;
using Inforzap.Contracts.Contacts;
using Inforzap.Contracts.Identity;
using Inforzap.Contracts.Settings;
using Inforzap.Data;
using Inforzap.Requests;
using Inforzap.Sdk;
using Inforzap.Ui;
using Microsoft.Extensions.Localization;

namespace Inforzap.Contacts.Book;

/// <summary>A page of the address book.</summary>
/// <param name="Filter">Which contacts.</param>
/// <param name="Sort">name or created; with - before it downwards.</param>
/// <param name="Page">From 1.</param>
[Allow("contacts.see"), Reads]
internal sealed record ListContacts(
    [property: NotEmpty, Form, Called("ContactSearch")] ContactFilter Filter,
    [property: StringLength(20), Called("Order")] string? Sort = null, [property: Range(1, 100_000), Called("Skip")] int Page = 1) : IRequest<ContactList>;

/// <summary>Which contacts are meant.</summary>
/// <param name="Text">Part of name, number, e-mail, document or company.</param>
/// <param name="TagId">They have this tag; <see cref="Guid.Empty"/>: they have none.</param>
/// <param name="Blocked">Only those that are blocked, or only the others.</param>
/// <param name="OwnerId">This user looks after them; <see cref="Guid.Empty"/>: nobody does.</param>
internal sealed record ContactFilter([property: StringLength(100), Called("ContactSearch")] string? Text = null, Guid? TagId = null, bool? Blocked = null, Guid? OwnerId = null)
{
    /// <exception cref="Refusal">Its tag is gone.</exception>
    public async Task RequireTagAsync(InforzapDb db, IStringLocalizer<Texts> t, CancellationToken ct)
    {
        if (TagId is { } tag && tag != Guid.Empty && !await db.Tags.AnyAsync(x => x.Id == tag, ct)) throw Refusal.NotFound(t["TagGone"]);
    }

    public async Task<IQueryable<Contact>> ApplyAsync(IQueryable<Contact> contacts, InforzapDb db, IActor actor, ISettings settings, CancellationToken ct)
    {
        contacts = contacts.KnownTo(actor, settings, db);
        if (!string.IsNullOrWhiteSpace(Text)) contacts = await contacts.MatchingAsync(Text, db, actor, settings, ct);
        if (TagId == Guid.Empty) contacts = contacts.Where(c => !db.Set<ContactTag>().Any(x => x.ContactId == c.Id));
        else if (TagId is { } tag) contacts = contacts.Where(c => db.Set<ContactTag>().Any(x => x.ContactId == c.Id && x.TagId == tag));
        if (OwnerId == Guid.Empty) contacts = contacts.Where(c => !db.Set<ContactOwner>().Any(o => o.ContactId == c.Id));
        else if (OwnerId is { } owner) contacts = contacts.Where(c => db.Set<ContactOwner>().Any(o => o.ContactId == c.Id && o.UserId == owner));
        return Blocked is { } blocked ? contacts.Where(c => c.Blocked == blocked) : contacts;
    }
}

/// <summary>The contacts of a page, how many match, how many there are, and the tags to filter by.</summary>
public sealed record ContactList(IReadOnlyList<ContactRow> Rows, int Found, int Total, IReadOnlyList<ContactTagRow> Tags);

/// <summary>A contact in the list.</summary>
/// <param name="Kinds">On which kinds of address they are reached, see <see cref="AddressKind"/>.</param>
public sealed record ContactRow(
    Guid Id, string Name, string? Phone, string? Email, string? Company, bool Blocked, DateTime CreatedAt, IReadOnlyList<string> Kinds, IReadOnlyList<ContactTagRow> Tags)
{
    /// <summary>Who looks after them, the first one first.</summary>
    public IReadOnlyList<string> Owners { get; init; } = [];
}

/// <summary>A tag, to show and to choose.</summary>
public sealed record ContactTagRow(Guid Id, string Name, string Color);

internal sealed class ListContactsHandler(InforzapDb db, IActor actor, ISettings settings, IStringLocalizer<Texts> t) : IRequestHandler<ListContacts, ContactList>
{
    public async Task<ContactList> Handle(ListContacts request, CancellationToken ct)
    {
        actor.RequireList(settings, t);
        await request.Filter.RequireTagAsync(db, t, ct);
        var sees = actor.SeesPhones(settings);
        var there = db.Contacts.AsNoTracking().KnownTo(actor, settings, db).Where(c => c.ErasedAt == null);
        var total = await there.CountAsync(ct);
        var matching = await request.Filter.ApplyAsync(there, db, actor, settings, ct);
        var found = request.Filter == new ContactFilter() ? total : await matching.CountAsync(ct);
        var page = await Sorted(matching, request.Sort).Skip((request.Page - 1) * Pager.PerPage).Take(Pager.PerPage)
            .Select(c => new { c.Id, c.Name, c.Email, c.Company, c.Blocked, c.CreatedAt }).ToListAsync(ct);
        var ids = page.Select(c => c.Id).ToArray();
        var addresses = (await db.ContactAddresses.Where(a => ids.Contains(a.ContactId)).OrderBy(a => a.Id).Select(a => new { a.ContactId, a.Kind, a.Value }).ToListAsync(ct)).ToLookup(a => a.ContactId);
        var owners = (await db.ContactOwners.Where(o => ids.Contains(o.ContactId)).Join(db.Set<UserView>(), o => o.UserId, u => u.Id, (o, u) => new { o.ContactId, o.Order, u.Name }).OrderBy(o => o.Order).ToListAsync(ct))
            .ToLookup(o => o.ContactId, o => o.Name);
        var seesTags = actor.May("tags.see");
        var tags = seesTags ? await db.Tags.AsNoTracking().OrderBy(x => x.Order).ThenBy(x => x.SearchText).Select(x => new ContactTagRow(x.Id, x.Name, x.Color)).ToListAsync(ct) : [];
        var worn = seesTags ? (await db.ContactTags.Where(x => ids.Contains(x.ContactId)).Select(x => new { x.ContactId, x.TagId }).ToListAsync(ct)).ToLookup(x => x.ContactId, x => x.TagId) : null;
        return new(
            [.. page.Select(c => new ContactRow(c.Id, c.Name.NamedUnless(sees), addresses[c.Id].FirstOrDefault(a => a.Kind == AddressKind.Phone)?.Value.MaskedUnless(sees), c.Email, c.Company, c.Blocked, c.CreatedAt,
                [.. addresses[c.Id].Select(a => a.Kind).Distinct()], worn is null ? [] : [.. tags.Where(x => worn[c.Id].Contains(x.Id))]) { Owners = [.. owners[c.Id]] })],
            found, total, tags);
    }

    private static IQueryable<Contact> Sorted(IQueryable<Contact> contacts, string? sort) => sort switch
    {
        "-name" => contacts.OrderByDescending(c => c.SearchText).ThenBy(c => c.Id),
        "created" => contacts.OrderBy(c => c.CreatedAt).ThenBy(c => c.Id),
        "-created" => contacts.OrderByDescending(c => c.CreatedAt).ThenBy(c => c.Id),
        _ => contacts.OrderBy(c => c.SearchText).ThenBy(c => c.Id),
    };
}
