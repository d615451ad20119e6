using Inforzap.Contracts.Contacts;
using Inforzap.Data;
using Inforzap.Sdk;
using Microsoft.Extensions.Localization;

namespace Inforzap.Contacts;

internal sealed class ReadContactHandler(InforzapDb db, IStringLocalizer<Texts> t) : IRequestHandler<ReadContact, ContactDetails>
{
    public async Task<ContactDetails> Handle(ReadContact request, CancellationToken ct)
    {
        var c = await db.Contacts.AsNoTracking().Include(c => c.Addresses).SingleOrDefaultAsync(c => c.Id == request.Id, ct)
            ?? throw Refusal.NotFound(t["ContactGone"]);
        var fields = await db.ContactFields.AsNoTracking().Where(f => f.ContactId == c.Id).OrderBy(f => f.Position).ThenBy(f => f.Key).Select(f => new ContactFieldValue(f.Label, f.Value)).ToListAsync(ct);
        return new(c.Id, c.Name, c.Email, c.Company, c.Notes, c.Blocked, c.CreatedAt, [.. c.Addresses.Select(a => new Address(a.Value, a.Kind))], c.Version)
        {
            Document = c.Document, BirthDate = c.BirthDate, Fields = fields,
        };
    }
}
