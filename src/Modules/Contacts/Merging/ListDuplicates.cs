using System.ComponentModel.DataAnnotations;
using Inforzap.Contacts.Book;
using Inforzap.Contacts.Owners;
using Inforzap.Contracts.Contacts;
using Inforzap.Contracts.Settings;
using Inforzap.Contracts.Tickets;
using Inforzap.Data;
using Inforzap.Requests;
using Inforzap.Sdk;
using Inforzap.Ui;
using Microsoft.Extensions.Localization;

namespace Inforzap.Contacts.Merging;

/// <summary>Contacts that are likely to be one person, in groups. A number is never in two of them: it is one address.</summary>
[Allow("contacts.merge"), Reads]
internal sealed record ListDuplicates(DuplicateReason Reason, [property: Range(1, 100_000), Called("Skip")] int Page = 1) : IRequest<DuplicateList>;

/// <summary>These contacts as one group, for whoever chose them.</summary>
[Allow("contacts.merge"), Reads]
internal sealed record CompareContacts([property: NotEmpty, Called("Contacts")] IReadOnlyList<Guid> Ids) : IRequest<DuplicateGroup>;

/// <summary>What contacts have in common.</summary>
public enum DuplicateReason
{
    /// <summary>CPF or CNPJ.</summary>
    Document,
    /// <summary>The e-mail, whatever the case of its letters.</summary>
    Email,
    /// <summary>First and last name, and the company or that none is known.</summary>
    Name,
}

/// <summary>A page of groups, and how many there are.</summary>
internal sealed record DuplicateList(IReadOnlyList<DuplicateGroup> Groups, int Found);

/// <summary>Contacts with something in common, the oldest first.</summary>
/// <param name="Key">What they have in common.</param>
/// <param name="Count">How many they are, also where not all are shown.</param>
public sealed record DuplicateGroup(string Key, int Count, IReadOnlyList<DuplicateRow> Rows);

/// <summary>A contact beside those who may be the same person.</summary>
/// <param name="Phones">As digits.</param>
/// <param name="Kinds">On which other kinds of address they are reached.</param>
/// <param name="Tickets">How many they have.</param>
public sealed record DuplicateRow(
    Guid Id, string Name, IReadOnlyList<string> Phones, IReadOnlyList<string> Kinds, string? Email, string? Company, string? Document, DateOnly? BirthDate, DateTime CreatedAt, bool Blocked, int Tickets);

internal sealed class ListDuplicatesHandler(InforzapDb db, IActor actor, ISettings settings, IMediator mediator, IStringLocalizer<Texts> t) : IRequestHandler<ListDuplicates, DuplicateList>
{
    public async Task<DuplicateList> Handle(ListDuplicates request, CancellationToken ct)
    {
        actor.RequireList(settings, t);
        var sees = actor.SeesPhones(settings);
        var keyed = request.Reason switch
        {
            DuplicateReason.Document => db.Contacts.KnownTo(actor, settings, db).Where(c => c.Document != null).Select(c => new { c.Id, c.CreatedAt, Key = c.Document! }),
            DuplicateReason.Email => db.Contacts.KnownTo(actor, settings, db).Where(c => c.Email != null).Select(c => new { c.Id, c.CreatedAt, Key = c.Email! }),
            _ => db.Contacts.KnownTo(actor, settings, db).Where(c => c.NameKey != null && c.NameKey != "").Select(c => new { c.Id, c.CreatedAt, Key = c.NameKey! }),
        };
        var groups = keyed.GroupBy(c => c.Key).Where(g => g.Count() > 1).Select(g => new { g.Key, Count = g.Count() });
        var found = await groups.CountAsync(ct);
        var page = await groups.OrderBy(g => g.Key).Skip((request.Page - 1) * Pager.PerPage).Take(Pager.PerPage).ToListAsync(ct);
        var keys = page.Select(g => g.Key).ToArray();
        var members = await keyed.Where(c => keys.Contains(c.Key)).OrderBy(c => c.CreatedAt).ThenBy(c => c.Id).ToListAsync(ct);
        var shown = members.GroupBy(m => m.Key).ToDictionary(g => g.Key, g => g.Take(MergeContacts.Most + 1).Select(m => m.Id).ToList());
        var rows = await db.Contacts.AsNoTracking().KnownTo(actor, settings, db).DuplicatesAsync(mediator, sees, [.. shown.Values.SelectMany(ids => ids)], ct);
        return new([.. page.Where(g => shown.ContainsKey(g.Key)).Select(g => new DuplicateGroup(request.Reason == DuplicateReason.Name ? g.Key.NamedUnless(sees) : g.Key, g.Count, [.. shown[g.Key].Where(rows.ContainsKey).Select(id => rows[id])]))], found);
    }
}

internal sealed class CompareContactsHandler(InforzapDb db, IActor actor, ISettings settings, IMediator mediator, IStringLocalizer<Texts> t) : IRequestHandler<CompareContacts, DuplicateGroup>
{
    public async Task<DuplicateGroup> Handle(CompareContacts request, CancellationToken ct)
    {
        actor.RequireList(settings, t);
        var ids = request.Ids.Distinct().ToArray();
        if (ids.Length > MergeContacts.Most + 1) throw new Refusal(t["ContactsTooMany", MergeContacts.Most + 1]);
        var rows = await db.Contacts.AsNoTracking().KnownTo(actor, settings, db).DuplicatesAsync(mediator, actor.SeesPhones(settings), ids, ct);
        if (rows.Count != ids.Length) throw Refusal.NotFound(t["ContactGone"]);
        return new("", rows.Count, [.. rows.Values.OrderBy(r => r.CreatedAt).ThenBy(r => r.Id)]);
    }
}

internal static class Duplicates
{
    public static async Task<Dictionary<Guid, DuplicateRow>> DuplicatesAsync(this IQueryable<Contact> known, IMediator mediator, bool seesPhones, Guid[] ids, CancellationToken ct)
    {
        if (ids.Length == 0) return [];
        var contacts = await known.Include(c => c.Addresses).Where(c => ids.Contains(c.Id) && c.ErasedAt == null).ToListAsync(ct);
        var tickets = await mediator.Send(new CountTicketsOf(ids), ct);
        return contacts.ToDictionary(c => c.Id, c => new DuplicateRow(
            c.Id, c.Name.NamedUnless(seesPhones), [.. c.Addresses.Where(a => a.Kind == AddressKind.Phone).Select(a => a.Value.MaskedUnless(seesPhones)!)], [.. c.Addresses.Select(a => a.Kind).Where(k => k != AddressKind.Phone).Distinct()],
            c.Email, c.Company, c.Document, c.BirthDate, c.CreatedAt, c.Blocked, tickets.GetValueOrDefault(c.Id)));
    }
}
