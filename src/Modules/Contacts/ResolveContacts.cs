using Inforzap.Contracts.Contacts;
using Inforzap.Data;
using Inforzap.Sdk;
using Microsoft.Extensions.Localization;

namespace Inforzap.Contacts;

/// <summary>
/// A whole set of addresses in three statements. Two transactions that make the same contact meet at the unique index of
/// kind and match key; the second is repeated by its caller and finds what the first made.
/// </summary>
internal sealed class ResolveContactsHandler(InforzapDb db, TimeProvider clock, IStringLocalizer<Texts> t) : IRequestHandler<ResolveContacts, IReadOnlyDictionary<string, ResolvedContact>>
{
    public async Task<IReadOnlyDictionary<string, ResolvedContact>> Handle(ResolveContacts request, CancellationToken ct)
    {
        var wanted = request.Addresses.DistinctBy(ResolveContacts.KeyOf).Select(a => (Address: a, Match: MatchKey(a))).ToList();
        var keys = wanted.Select(w => w.Match).Distinct().ToArray();
        var kinds = wanted.Select(w => w.Address.Kind).Distinct().ToArray();
        var found = await (from a in db.ContactAddresses
                           join c in db.Contacts on a.ContactId equals c.Id
                           where kinds.Contains(a.Kind) && keys.Contains(a.MatchKey)
                           select new { a.Kind, a.MatchKey, a.Value, c.Id, c.Name, c.NameIsOurs, c.Blocked }).ToListAsync(ct);
        var known = found.ToDictionary(f => (f.Kind, f.MatchKey));
        var made = new Dictionary<(string, string), ResolvedContact>();
        var answer = new Dictionary<string, ResolvedContact>(wanted.Count, StringComparer.Ordinal);
        foreach (var (address, match) in wanted)
        {
            if (known.TryGetValue((address.Kind, match), out var f))
            {
                var name = f.NameIsOurs || string.IsNullOrWhiteSpace(address.Name) ? f.Name : Cut(address.Name);
                if (name != f.Name) await RenameAsync(f.Id, name, ct);
                answer[ResolveContacts.KeyOf(address)] = new(f.Id, name, f.Blocked, false, address with { Value = f.Value });
                continue;
            }
            if (!made.TryGetValue((address.Kind, match), out var contact))
                contact = made[(address.Kind, match)] = Add(address, match);
            answer[ResolveContacts.KeyOf(address)] = contact;
        }
        if (made.Count > 0) await db.SaveChangesAsync(ct);
        return answer;
    }

    private ResolvedContact Add(Address address, string match)
    {
        var name = string.IsNullOrWhiteSpace(address.Name) ? NameOf(address) : Cut(address.Name);
        var contact = new Contact
        {
            Id = Guid.CreateVersion7(), Name = name, Source = ContactSource.Inbound, CreatedAt = clock.GetUtcNow().UtcDateTime,
            SearchText = SearchText.Of(600, name, address.Value),
        };
        contact.Addresses.Add(new ContactAddress { Id = Guid.CreateVersion7(), ContactId = contact.Id, Kind = address.Kind, Value = address.Value, MatchKey = match });
        db.Add(contact);
        return new(contact.Id, name, false, true, address);
    }

    private async Task RenameAsync(Guid id, string name, CancellationToken ct)
    {
        var contact = await db.Contacts.Include(c => c.Addresses).SingleAsync(c => c.Id == id, ct);
        contact.Name = name;
        contact.SearchText = ContactSearch.Of(contact);
    }

    private static string MatchKey(Address address) => address.Kind == AddressKind.Phone ? Phone.MatchKey(address.Value) : address.Value;

    /// <summary>What to call somebody who gave no name: the number, or the last characters of an id.</summary>
    private string NameOf(Address address) => address.Kind == AddressKind.Phone
        ? Phone.Format(address.Value)
        : t["Visitor", address.Value[^Math.Min(4, address.Value.Length)..].ToUpperInvariant()];

    private static string Cut(string name) => CleanText.Of(name.Trim(), 120);
}

internal static class ContactSearch
{
    public static string Of(Contact contact) =>
        SearchText.Of(600, [contact.Name, contact.Email, contact.Company, .. contact.Addresses.Select(a => a.Value)]);
}
