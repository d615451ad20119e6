using Inforzap.Contracts.Contacts;
using Inforzap.Data;
using Inforzap.Lanes;
using Inforzap.Sdk;

namespace Inforzap.Contacts.AccountBooks;

/// <summary>Says of entries of an address book what would become of each.</summary>
internal sealed class AddressBooks(InforzapDb db, Tombstones tombstones)
{
    /// <summary>An entry, its number if there is one, and who it is here.</summary>
    internal sealed record Plan(BookEntry Entry, string? Digits, Guid? ContactId, bool IsErased, bool IsNameable)
    {
        public BookCounts Counts(BookCounts so) => ContactId is not null ? so with { Known = so.Known + 1, Nameable = so.Nameable + (IsNameable ? 1 : 0) }
            : Digits is null ? so with { Numberless = so.Numberless + 1 } : IsErased ? so with { Erased = so.Erased + 1 } : so with { Fresh = so.Fresh + 1 };
    }

    private readonly record struct Spelling(string Kind, string Match)
    {
        public static Spelling Of(Address address) => new(address.Kind, address.Kind == AddressKind.Phone ? Phone.MatchKey(address.Value) : address.Value);
    }

    /// <summary>Looks the entries up: at most some hundred at a time.</summary>
    public async Task<IReadOnlyList<Plan>> PlanAsync(IReadOnlyList<BookEntry> entries, CancellationToken ct)
    {
        var all = entries.SelectMany(AddressesOf).ToList();
        var (kinds, matches) = (all.Select(a => a.Kind).Distinct().ToArray(), all.Select(a => Spelling.Of(a).Match).Distinct().ToArray());
        var known = (await (from a in db.ContactAddresses
                            join c in db.Contacts on a.ContactId equals c.Id
                            where kinds.Contains(a.Kind) && matches.Contains(a.MatchKey)
                            select new { a.Kind, a.MatchKey, c.Id, c.Name, c.NameIsOurs }).ToListAsync(ct)).ToDictionary(a => new Spelling(a.Kind, a.MatchKey));
        var erased = await tombstones.AmongAsync(db, all.Select(Buried.NameOf), ct);
        return [.. entries.Select(entry =>
        {
            var addresses = AddressesOf(entry).ToList();
            var who = addresses.Select(a => known.GetValueOrDefault(Spelling.Of(a))).FirstOrDefault(a => a is not null);
            var name = NameOf(entry);
            return new Plan(entry, addresses.Find(IsNumber)?.Value, who?.Id, addresses.Exists(a => erased.Contains(Buried.NameOf(a))), who is { NameIsOurs: false } && name is not null && name != who.Name);
        })];
    }

    /// <summary>How the account's owner calls them; null: not at all.</summary>
    public static string? NameOf(BookEntry entry) => CleanText.IsBlank(entry.Name) ? null : CleanText.Of(entry.Name!.Trim(), 120);

    public static IEnumerable<Address> AddressesOf(BookEntry entry) => entry.AlsoKnownAs.Prepend(entry.Address);

    private static bool IsNumber(Address address) => address.Kind == AddressKind.Phone && address.Value is { Length: >= 8 and <= 15 } digits && digits.All(char.IsAsciiDigit);
}
