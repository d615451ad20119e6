using Inforzap.Contacts.Owners;
using Inforzap.Contracts.Contacts;
using Inforzap.Contracts.Settings;
using Inforzap.Data;
using Inforzap.Requests;
using Inforzap.Sdk;

namespace Inforzap.Contacts;

internal sealed class FindContactsHandler(InforzapDb db, IActor actor, ISettings settings) : IRequestHandler<FindContacts, IReadOnlyList<Guid>>
{
    private const int Most = 500;

    public async Task<IReadOnlyList<Guid>> Handle(FindContacts request, CancellationToken ct) =>
        await (await db.Contacts.AsNoTracking().KnownTo(actor, settings, db).MatchingAsync(request.Text, db, actor, settings, ct)).OrderBy(c => c.SearchText).Select(c => c.Id).Take(Most).ToListAsync(ct);
}

internal static class Finding
{
    private const int MostNear = 5_000;
    private const int MostFound = 500;

    /// <summary>
    /// Those whom a text means. Who may not read numbers finds by a whole one, and by other words: what holds no digit touches no
    /// number, and what holds one is looked for in name, e-mail, company and document.
    /// </summary>
    public static async Task<IQueryable<Contact>> MatchingAsync(this IQueryable<Contact> contacts, string text, InforzapDb db, IActor actor, ISettings settings, CancellationToken ct)
    {
        if (actor.SeesPhones(settings) || !PhonePrivacy.HoldsDigits(text))
        {
            var like = SearchText.Like(SearchText.Number(text));
            return contacts.Where(c => EF.Functions.Like(c.SearchText, like, "\\"));
        }
        var (near, words) = (SearchText.Like(text), SearchText.Fold(text.Trim()));
        var read = await contacts.Where(c => EF.Functions.Like(c.SearchText, near, "\\")).OrderBy(c => c.SearchText).Select(c => new { c.Id, c.Name, c.Email, c.Company, c.Document }).Take(MostNear).ToListAsync(ct);
        // A name in which a number stands is found by none of its digits.
        var ids = read.Where(c => SearchText.Of(ContactSearch.Longest, c.Name.NamedUnless(false) == c.Name ? c.Name : null, c.Email, c.Company, c.Document).Contains(words, StringComparison.Ordinal)).Select(c => c.Id).Take(MostFound).ToArray();
        var match = Phone.Normalise(text, settings.Get(Setting.CountryCode)) is { } digits ? Phone.MatchKey(digits) : "";
        return contacts.Where(c => ids.Contains(c.Id) || db.Set<ContactAddress>().Any(a => a.ContactId == c.Id && a.Kind == AddressKind.Phone && a.MatchKey == match));
    }
}
