using Inforzap.Contracts.Contacts;
using Inforzap.Data;
using Inforzap.Sdk;

namespace Inforzap.Contacts;

internal sealed class LookUpContactsHandler(InforzapDb db) : IRequestHandler<LookUpContacts, IReadOnlyList<ContactCard>>
{
    public async Task<IReadOnlyList<ContactCard>> Handle(LookUpContacts request, CancellationToken ct)
    {
        var contacts = db.Contacts.AsNoTracking();
        if (!string.IsNullOrWhiteSpace(request.Text))
        {
            var like = SearchText.Like(SearchText.Number(request.Text));
            contacts = contacts.Where(c => EF.Functions.Like(c.SearchText, like, "\\"));
        }
        var found = await contacts.OrderBy(c => c.SearchText).Take(30).Include(c => c.Addresses).ToListAsync(ct);
        return [.. found.Select(c => new ContactCard(c.Id, c.Name, c.Addresses.FirstOrDefault(a => a.Kind == AddressKind.Phone)?.Value,
            [.. c.Addresses.Select(a => new Address(a.Value, a.Kind))]))];
    }
}
