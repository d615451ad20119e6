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
    /// <summary>An address, under the spelling in which its variants meet.</summary>
    private readonly record struct Spelling(string Kind, string Match)
    {
        public static Spelling Of(Address address) => new(address.Kind, address.Kind == AddressKind.Phone ? Phone.MatchKey(address.Value) : address.Value);
    }

    private readonly Dictionary<Spelling, ResolvedContact> known = [];
    private readonly Dictionary<Guid, Contact> made = [];

    public async Task<IReadOnlyDictionary<string, ResolvedContact>> Handle(ResolveContacts request, CancellationToken ct)
    {
        var wanted = request.Addresses.DistinctBy(ResolveContacts.KeyOf).ToList();
        var same = request.Aliases.ToLookup(s => Spelling.Of(s.Address), s => s.Other);
        var (ours, unreachable) = await LoadAsync(wanted.Concat(request.Aliases.Select(s => s.Other)), ct);
        var answer = new Dictionary<string, ResolvedContact>(wanted.Count, StringComparer.Ordinal);
        foreach (var address in wanted)
        {
            var spelling = Spelling.Of(address);
            var others = same[spelling].ToList();
            if (!known.TryGetValue(spelling, out var contact))
            {
                var other = others.Select(Spelling.Of).FirstOrDefault(known.ContainsKey);
                contact = other.Kind is null ? Add(address, spelling) : await JoinAsync(known[other], address, spelling, ct);
            }
            foreach (var other in others.Where(o => !known.ContainsKey(Spelling.Of(o)))) await JoinAsync(contact, other, Spelling.Of(other), ct);
            if (!contact.IsNew && !ours.Contains(contact.Id) && !CleanText.IsBlank(address.Name) && Cut(address.Name!) is var name && name != contact.Name)
            {
                await RenameAsync(contact.Id, name, ct);
                contact = known[spelling] = contact with { Name = name };
            }
            answer[ResolveContacts.KeyOf(address)] = contact;
        }
        foreach (var address in request.Wrote.Where(a => unreachable.Contains(Spelling.Of(a))).DistinctBy(Spelling.Of)) await db.ReachAsync(address, true, null, clock, ct);
        foreach (var (key, from) in request.CameFrom) await CameAsync(answer[key].Id, from, ct);
        if (made.Count > 0 || request.Aliases.Count > 0 || request.CameFrom.Count > 0) await db.SaveChangesAsync(ct);
        return answer;
    }

    /// <summary>Who has these addresses. Returns those whose names are ours, which what people call themselves no longer replaces, and what is said to be out of reach.</summary>
    private async Task<(HashSet<Guid> Ours, HashSet<Spelling> Unreachable)> LoadAsync(IEnumerable<Address> addresses, CancellationToken ct)
    {
        var spellings = addresses.Select(Spelling.Of).ToHashSet();
        var keys = spellings.Select(s => s.Match).Distinct().ToArray();
        var kinds = spellings.Select(s => s.Kind).Distinct().ToArray();
        var found = await (from a in db.ContactAddresses
                           join c in db.Contacts on a.ContactId equals c.Id
                           where kinds.Contains(a.Kind) && keys.Contains(a.MatchKey)
                           select new { a.Kind, a.MatchKey, a.Value, c.Id, c.Name, c.NameIsOurs, c.Blocked, IsUnreachable = a.UnreachableSince != null }).ToListAsync(ct);
        foreach (var f in found) known[new(f.Kind, f.MatchKey)] = new(f.Id, f.Name, f.Blocked, false, new Address(f.Value, f.Kind));
        return ([.. found.Where(f => f.NameIsOurs).Select(f => f.Id)], [.. found.Where(f => f.IsUnreachable).Select(f => new Spelling(f.Kind, f.MatchKey))]);
    }

    private async Task CameAsync(Guid id, string from, CancellationToken ct)
    {
        var contact = made.TryGetValue(id, out var mine) ? mine : await db.Contacts.SingleAsync(c => c.Id == id, ct);
        contact.CameFrom ??= CleanText.Of(from.Trim(), 200);
    }

    private ResolvedContact Add(Address address, Spelling spelling)
    {
        var name = CleanText.IsBlank(address.Name) ? Cut(NameOf(address)) : Cut(address.Name!);
        var contact = new Contact { Id = Guid.CreateVersion7(), Name = name, Source = ContactSource.Inbound, CreatedAt = clock.GetUtcNow().UtcDateTime };
        contact.Addresses.Add(new ContactAddress { Id = Guid.CreateVersion7(), ContactId = contact.Id, Kind = spelling.Kind, Value = address.Value, MatchKey = spelling.Match });
        ContactSearch.Write(contact);
        db.Add(contact);
        made[contact.Id] = contact;
        return known[spelling] = new(contact.Id, name, false, true, address);
    }

    /// <summary>Gives a contact one more address.</summary>
    private async Task<ResolvedContact> JoinAsync(ResolvedContact whose, Address address, Spelling spelling, CancellationToken ct)
    {
        var contact = made.TryGetValue(whose.Id, out var mine) ? mine : await db.Contacts.Include(c => c.Addresses).SingleAsync(c => c.Id == whose.Id, ct);
        // Added by itself: a key that we made looks to EF like that of a row that is there.
        var row = new ContactAddress { Id = Guid.CreateVersion7(), ContactId = contact.Id, Kind = spelling.Kind, Value = address.Value, MatchKey = spelling.Match };
        db.Add(row);
        if (!contact.Addresses.Contains(row)) contact.Addresses.Add(row);
        ContactSearch.Write(contact);
        return known[spelling] = whose with { Address = address };
    }

    private async Task RenameAsync(Guid id, string name, CancellationToken ct)
    {
        var contact = await db.Contacts.Include(c => c.Addresses).SingleAsync(c => c.Id == id, ct);
        contact.Name = name;
        ContactSearch.Write(contact);
    }

    /// <summary>What to call somebody who gave no name: the number, or the last characters of an id.</summary>
    private string NameOf(Address address) => address.Kind == AddressKind.Phone
        ? Phone.Format(address.Value)
        : t["Visitor", address.Value[^Math.Min(4, address.Value.Length)..].ToUpperInvariant()];

    private static string Cut(string name) => CleanText.Of(name.Trim(), 120);
}

internal static class ContactSearch
{
    public const int Longest = 600;

    /// <summary>Writes what the contact is found by. To be called whenever a name, an address or another such thing changed.</summary>
    public static void Write(Contact contact)
    {
        contact.SearchText = Of(contact);
        Key(contact);
    }

    /// <summary>What two of one person have in common: the e-mail in small letters, and a name with its company. A single word, or a number in place of a name, tells too little: nothing then.</summary>
    public static void Key(Contact contact)
    {
        contact.Email = contact.Email?.ToLowerInvariant();
        var words = Words(contact.Name);
        contact.NameKey = words.Count(w => w.Any(char.IsLetter)) < 2 ? "" : CleanText.Cut(string.Join(' ', [.. words, .. Words(contact.Company ?? "").Prepend("·")]).TrimEnd(' ', '·'), 120);
    }

    private static string[] Words(string text) => SearchText.Fold(text).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    private static string Of(Contact contact) =>
        SearchText.Of(Longest, [contact.Name, contact.Email, contact.Company, contact.Document, .. contact.Addresses.Select(a => a.Value)]);
}
