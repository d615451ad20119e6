using Inforzap.Contacts.AccountBooks;
using Inforzap.Contacts.Book;
using Inforzap.Contacts.Consents;
using Inforzap.Contacts.Merging;
using Inforzap.Contacts.Owners;
using Inforzap.Contacts.Privacy;
using Inforzap.Contacts.Tags;
using Inforzap.Contracts.Contacts;
using Inforzap.Contracts.Identity;
using Inforzap.Contracts.Settings;
using Inforzap.Data;
using Inforzap.Files;
using Inforzap.Jobs;
using Inforzap.Lanes;
using Inforzap.Sdk;
using Microsoft.AspNetCore.Routing;
using MudBlazor;

namespace Inforzap.Contacts;

/// <summary>The people who write, with their addresses and tags.</summary>
public sealed class ContactsModule : Module
{
    /// <inheritdoc/>
    public override string Name => "contacts";

    /// <inheritdoc/>
    public override void Map(ModelBuilder model, DatabaseProvider provider) => ContactsDb.Map(model);

    /// <inheritdoc/>
    public override void Register(IServiceCollection services)
    {
        services.AddScoped<TagTable>();
        services.AddScoped<ContactTable>();
        services.AddScoped<OwnerBook>();
        services.AddScoped<AddressBooks>();
        services.AddScoped<IBelongings, ContactsOfUser>();
        services.AddScoped<IContactFollower, ConsentsFollow>();
        services.AddScoped<IPersonData, ExportsOfPerson>();
        services.AddScoped<IPersonData, ConsentsOfPerson>();
        services.LaneWorker<ErasureWorker>();
        services.LaneWorker<ExportWorker>();
        services.LaneWorker<BookWorker>();
        services.Every<TendMerges>(TimeSpan.FromMinutes(1));
        services.Every<TendErasures>(TimeSpan.FromMinutes(5));
        services.Every<ForgetExports>(TimeSpan.FromHours(1));
    }

    /// <inheritdoc/>
    public override IEnumerable<FileUse> FileUses => [FileUse.Of<PersonExport>(e => e.FileId)];

    /// <inheritdoc/>
    public override void MapEndpoints(IEndpointRouteBuilder routes)
    {
        TagEndpoints.Map(routes);
        ContactEndpoints.Map(routes);
        PrivacyEndpoints.Map(routes);
    }

    /// <inheritdoc/>
    public override IEnumerable<MenuItem> Menu => [new("Contacts", "/contacts", Icons.Material.Outlined.Contacts, "contacts.see", 20) { Narrowed = new(Setting.ContactsForLeads, "contacts.list-all") }, new("Tags", "/tags", Icons.Material.Outlined.Sell, "tags.see", 65)];

    /// <inheritdoc/>
    public override string PermissionsTitle => "PermitContacts";

    /// <inheritdoc/>
    public override IEnumerable<Permission> Permissions =>
    [
        new("contacts.see", BuiltInRoles.Everyone),
        new("contacts.edit", BuiltInRoles.Everyone),
        new("contacts.block", BuiltInRoles.Leads),
        new("contacts.import", BuiltInRoles.Administrator),
        new("contacts.sync", BuiltInRoles.Administrator),
        new("contacts.list-all", BuiltInRoles.Leads),
        new("contacts.see-phones", BuiltInRoles.Leads),
        new("contacts.export", BuiltInRoles.Administrator),
        new("contacts.merge", BuiltInRoles.Leads),
        new("owners.edit", BuiltInRoles.Everyone),
        new("owners.see-all", BuiltInRoles.Leads),
        new("contacts.lgpd", BuiltInRoles.Administrator),
        new("tags.see", BuiltInRoles.Everyone),
        new("tags.use", BuiltInRoles.Everyone),
        new("tags.edit", BuiltInRoles.Leads),
    ];

    /// <inheritdoc/>
    public override IEnumerable<ReadView> Views =>
    [
        ReadView.Of<ContactView>(c => c.Id, db => db.Contacts.Select(c => new ContactView
        {
            Id = c.Id, Name = c.Name, Email = c.Email, Blocked = c.Blocked, SearchText = c.SearchText, CameFrom = c.CameFrom, CreatedAt = c.CreatedAt, Document = c.Document, BirthDate = c.BirthDate,
            IsHeld = c.HeldAt != null, IsErased = c.ErasedAt != null,
            Phone = db.Set<ContactAddress>().Where(a => a.ContactId == c.Id && a.Kind == AddressKind.Phone).OrderBy(a => a.Id).Select(a => a.Value).FirstOrDefault(),
        })),
        ReadView.Of<ContactAddressView>(a => a.Id, db => db.ContactAddresses.Select(a => new ContactAddressView
        {
            Id = a.Id, ContactId = a.ContactId, Kind = a.Kind, Value = a.Value, UnreachableSince = a.UnreachableSince, UnreachableReason = a.UnreachableReason,
        })),
        ReadView.Of<ContactFieldView>(f => new { f.ContactId, f.Key }, db => db.ContactFields.Select(f => new ContactFieldView { ContactId = f.ContactId, Key = f.Key, Label = f.Label, Value = f.Value, Position = f.Position })),
        ReadView.Of<FieldKeyView>(k => k.Key, db => db.FieldKeys.Select(k => new FieldKeyView { Key = k.Key, Label = k.Label, IsUsed = db.Set<ContactField>().Any(f => f.Key == k.Key) })),
        ReadView.Of<ContactTagView>(x => new { x.ContactId, x.TagId }, db => from x in db.ContactTags
                                                                             join tag in db.Tags on x.TagId equals tag.Id
                                                                             select new ContactTagView
                                                                             {
                                                                                 ContactId = x.ContactId, TagId = x.TagId, Name = tag.Name, Color = tag.Color, Order = tag.Order,
                                                                                 SearchText = tag.SearchText, IsForQueues = tag.Scope == TagScope.Queues,
                                                                             }),
        ReadView.Of<ContactOwnerView>(o => new { o.ContactId, o.UserId }, db => db.ContactOwners.Select(o => new ContactOwnerView { ContactId = o.ContactId, UserId = o.UserId, Order = o.Order })),
        ReadView.Of<ConsentView>(x => x.Position, db => db.Consents.Select(x => new ConsentView { Position = x.Position, ContactId = x.ContactId, Purpose = x.Purpose, ChannelId = x.ChannelId, IsGranted = x.IsGranted })),
        ReadView.Of<TagQueueView>(x => new { x.TagId, x.QueueId }, db => db.TagQueues.Select(x => new TagQueueView { TagId = x.TagId, QueueId = x.QueueId })),
    ];
}
