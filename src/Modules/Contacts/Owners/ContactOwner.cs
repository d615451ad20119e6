using Inforzap.Contracts.Contacts;
using Inforzap.Contracts.Settings;
using Inforzap.Data;
using Inforzap.Requests;

namespace Inforzap.Contacts.Owners;

/// <summary>That a user looks after a contact. See <see cref="ContactOwnerView"/>.</summary>
internal sealed class ContactOwner
{
    public Guid ContactId { get; init; }
    public Guid UserId { get; init; }
    public int Order { get; set; }
    /// <summary>Who said so; null: the product, or a table.</summary>
    public Guid? By { get; init; }
    public DateTime At { get; init; }
}

internal static class OwnersDb
{
    extension(InforzapDb db)
    {
        public DbSet<ContactOwner> ContactOwners => db.Set<ContactOwner>();
    }

    public static void Map(ModelBuilder model)
    {
        var owner = model.Entity<ContactOwner>();
        owner.ToTable("Owners", "contacts");
        owner.HasKey(o => new { o.ContactId, o.UserId });
        owner.HasIndex(o => o.UserId);
        owner.HasOne<Contact>().WithMany().HasForeignKey(o => o.ContactId);
    }

    /// <summary>Only those whom the caller may know: see <see cref="OwnersPrivacy"/>.</summary>
    public static IQueryable<Contact> KnownTo(this IQueryable<Contact> contacts, IActor actor, ISettings settings, InforzapDb db)
    {
        if (!actor.SeesOwnOnly(settings)) return contacts;
        var me = actor.Id;
        return contacts.Where(c => !db.Set<ContactOwner>().Any(o => o.ContactId == c.Id) || db.Set<ContactOwner>().Any(o => o.ContactId == c.Id && o.UserId == me));
    }
}
