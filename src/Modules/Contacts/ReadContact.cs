using Inforzap.Contacts.Owners;
using Inforzap.Contracts.Contacts;
using Inforzap.Contracts.Settings;
using Inforzap.Data;
using Inforzap.Requests;
using Inforzap.Sdk;
using Microsoft.Extensions.Localization;

namespace Inforzap.Contacts;

internal sealed class ReadContactHandler(InforzapDb db, IActor actor, ISettings settings, IStringLocalizer<Texts> t) : IRequestHandler<ReadContact, ContactDetails>
{
    public async Task<ContactDetails> Handle(ReadContact request, CancellationToken ct)
    {
        var c = await db.Contacts.AsNoTracking().KnownTo(actor, settings, db).Include(c => c.Addresses.OrderBy(a => a.Id)).SingleOrDefaultAsync(c => c.Id == request.Id, ct)
            ?? throw Refusal.NotFound(t["ContactGone"]);
        var sees = actor.SeesPhones(settings);
        var fields = await db.ContactFields.AsNoTracking().Where(f => f.ContactId == c.Id).OrderBy(f => f.Position).ThenBy(f => f.Key).Select(f => new ContactFieldValue(f.Label, f.Value)).ToListAsync(ct);
        return new(c.Id, c.Name.NamedUnless(sees), c.Email, c.Company, c.Notes, c.Blocked, c.CreatedAt, [.. c.Addresses.Select(a => new Address(a.Value, a.Kind).MaskedUnless(sees))], c.Version)
        {
            Document = c.Document, BirthDate = c.BirthDate, Fields = fields,
            Owners = await db.ContactOwners.Where(o => o.ContactId == c.Id).OrderBy(o => o.Order).Select(o => o.UserId).ToListAsync(ct),
        };
    }
}
