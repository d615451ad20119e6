using Inforzap.Contacts.Book;
using Inforzap.Contacts.Owners;
using Inforzap.Contracts.Contacts;
using Inforzap.Contracts.Settings;
using Inforzap.Data;
using Inforzap.Requests;
using Inforzap.Sdk;

namespace Inforzap.Contacts;

internal sealed class LookUpContactsHandler(InforzapDb db, IActor actor, ISettings settings) : IRequestHandler<LookUpContacts, IReadOnlyList<ContactCard>>
{
    private const int LeastLetters = 3;

    public async Task<IReadOnlyList<ContactCard>> Handle(LookUpContacts request, CancellationToken ct)
    {
        var contacts = db.Contacts.AsNoTracking().KnownTo(actor, settings, db).Where(c => c.ErasedAt == null);
        var whole = actor.ListsContacts(settings);
        // Whom somebody knows they can name; the book itself is not leafed through here.
        if (!whole && (request.Text?.Trim().Length ?? 0) < LeastLetters) return [];
        if (!string.IsNullOrWhiteSpace(request.Text)) contacts = await contacts.MatchingAsync(request.Text, db, actor, settings, ct);
        var found = await contacts.OrderBy(c => c.SearchText).Take(whole ? 30 : 5).Include(c => c.Addresses.OrderBy(a => a.Id)).ToListAsync(ct);
        var sees = actor.SeesPhones(settings);
        return [.. found.Select(c => new ContactCard(c.Id, c.Name.NamedUnless(sees), c.Addresses.FirstOrDefault(a => a.Kind == AddressKind.Phone)?.Value.MaskedUnless(sees),
            [.. c.Addresses.Select(a => new Address(a.Value, a.Kind).MaskedUnless(sees))]))];
    }
}
