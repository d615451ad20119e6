using Inforzap.Contracts.Contacts;
using Inforzap.Data;
using Inforzap.Sdk;

namespace Inforzap.Contacts;

/// <summary>The people who write, with their addresses.</summary>
public sealed class ContactsModule : Module
{
    /// <inheritdoc/>
    public override string Name => "contacts";

    /// <inheritdoc/>
    public override void Map(ModelBuilder model, DatabaseProvider provider) => ContactsDb.Map(model);

    /// <inheritdoc/>
    public override string PermissionsTitle => "PermitContacts";

    /// <inheritdoc/>
    public override IEnumerable<Permission> Permissions =>
    [
        new("contacts.see", BuiltInRoles.Everyone),
        new("contacts.edit", BuiltInRoles.Everyone),
        new("contacts.block", BuiltInRoles.Leads),
    ];

    /// <inheritdoc/>
    public override IEnumerable<ReadView> Views =>
    [
        ReadView.Of<ContactView>(c => c.Id, db => db.Contacts.Select(c => new ContactView
        {
            Id = c.Id, Name = c.Name, Email = c.Email, Blocked = c.Blocked, SearchText = c.SearchText, CameFrom = c.CameFrom,
            Phone = db.Set<ContactAddress>().Where(a => a.ContactId == c.Id && a.Kind == AddressKind.Phone).Select(a => a.Value).FirstOrDefault(),
        })),
        ReadView.Of<ContactAddressView>(a => a.Id, db => db.ContactAddresses.Select(a => new ContactAddressView
        {
            Id = a.Id, ContactId = a.ContactId, Kind = a.Kind, Value = a.Value, UnreachableSince = a.UnreachableSince, UnreachableReason = a.UnreachableReason,
        })),
    ];
}
