using Inforzap.Data;

namespace Inforzap.Contacts;

/// <summary>A person, reached under one or more addresses.</summary>
internal sealed class Contact : Versioned
{
    public Guid Id { get; init; }
    public required string Name { get; set; }
    /// <summary>An agent chose the name: what the person calls themselves no longer replaces it.</summary>
    public bool NameIsOurs { get; set; }
    public string? Email { get; set; }
    public string? Company { get; set; }
    public string? Notes { get; set; }
    /// <summary>CPF or CNPJ, see <see cref="TaxId"/>.</summary>
    public string? Document { get; set; }
    public DateOnly? BirthDate { get; set; }
    public bool Blocked { get; set; }
    public DateTime? BlockedAt { get; set; }
    public ContactSource Source { get; init; }
    /// <summary>What brought them: the payload of a link, an advertisement. The first that we learn of.</summary>
    public string? CameFrom { get; set; }
    public DateTime CreatedAt { get; init; }
    /// <summary>Since when nothing of them may be taken away, and why; null: it may.</summary>
    public DateTime? HeldAt { get; set; }
    /// <inheritdoc cref="HeldAt"/>
    public string? HoldReason { get; set; }
    /// <summary>When they had themselves erased. The row stays for the figures of their tickets; it is in no list.</summary>
    public DateTime? ErasedAt { get; set; }
    public string SearchText { get; set; } = "";
    /// <summary>See <see cref="ContactSearch.Key"/>; null where it was not found out yet.</summary>
    public string? NameKey { get; set; }
    public List<ContactAddress> Addresses { get; } = [];
}

/// <summary>How a contact came to us.</summary>
internal enum ContactSource
{
    Manual,
    Inbound,
    Import,
    /// <summary>From the address book of a channel's account.</summary>
    Sync,
}

/// <summary>Where a contact is reached. Unique over the installation by kind and match key.</summary>
internal sealed class ContactAddress
{
    public Guid Id { get; init; }
    public Guid ContactId { get; set; }
    public required string Kind { get; init; }
    /// <summary>As the provider spells it, which is where answers go.</summary>
    public required string Value { get; set; }
    /// <summary>The spelling under which variants of one address meet: see <see cref="Phone.MatchKey"/>.</summary>
    public required string MatchKey { get; set; }
    /// <summary>Since when nothing can be sent there, and why, for agents.</summary>
    public DateTime? UnreachableSince { get; set; }
    public string? UnreachableReason { get; set; }
}

internal static class ContactsDb
{
    extension(InforzapDb db)
    {
        public DbSet<Contact> Contacts => db.Set<Contact>();
        public DbSet<ContactAddress> ContactAddresses => db.Set<ContactAddress>();
    }

    public static void Map(ModelBuilder model)
    {
        var contact = model.Entity<Contact>();
        contact.ToTable("Contacts", "contacts");
        contact.Property(c => c.Id).ValueGeneratedNever();
        contact.Property(c => c.Name).HasMaxLength(120);
        contact.Property(c => c.Email).HasMaxLength(200);
        contact.Property(c => c.Company).HasMaxLength(120);
        contact.Text(c => c.Notes).IsUnbounded();
        contact.Property(c => c.Document).HasMaxLength(TaxId.MaxLength);
        contact.Property(c => c.CameFrom).HasMaxLength(200);
        contact.Property(c => c.SearchText).HasMaxLength(600);
        contact.Property(c => c.NameKey).HasMaxLength(120);
        contact.Property(c => c.HoldReason).HasMaxLength(Privacy.SetLegalHold.MaxReason);
        contact.HasIndex(c => c.NameKey);
        contact.HasIndex(c => c.Document);
        contact.HasIndex(c => c.SearchText);
        contact.HasIndex(c => c.CreatedAt);
        contact.HasMany(c => c.Addresses).WithOne().HasForeignKey(a => a.ContactId);

        var address = model.Entity<ContactAddress>();
        address.ToTable("Addresses", "contacts");
        address.Property(a => a.Id).ValueGeneratedNever();
        address.Property(a => a.Kind).HasMaxLength(20);
        address.Text(a => a.Value).IsIdentifier(128);
        address.Text(a => a.MatchKey).IsIdentifier(128);
        address.Property(a => a.UnreachableReason).HasMaxLength(300);
        address.HasIndex(a => new { a.Kind, a.MatchKey }).IsUnique();

        TagsDb.Map(model);
        FieldsDb.Map(model);
        Owners.OwnersDb.Map(model);
        Merging.MergesDb.Map(model);
        Privacy.PrivacyDb.Map(model);
        Consents.ConsentsDb.Map(model);
        AccountBooks.BookSyncDb.Map(model);
    }
}
