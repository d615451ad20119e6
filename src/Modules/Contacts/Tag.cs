using Inforzap.Audit;
using Inforzap.Data;

namespace Inforzap.Contacts;

/// <summary>A word with a colour that sorts contacts (etiqueta).</summary>
[Audited("tag")]
internal sealed class Tag : Versioned
{
    public const int MaxName = 40;

    public Guid Id { get; init; }
    public required string Name { get; set; }
    /// <summary>#rrggbb.</summary>
    public required string Color { get; set; }
    public int Order { get; set; }
    /// <summary>Out of use it stays on the contacts that have it, and comes to no other.</summary>
    public bool IsActive { get; set; } = true;
    public TagScope Scope { get; set; }
    public DateTime CreatedAt { get; init; }
    /// <summary>The name without case and accents, under which there is one tag only.</summary>
    public string SearchText { get; set; } = "";
}

/// <summary>Who puts a tag on contacts and takes it off. Everybody sees it there.</summary>
public enum TagScope
{
    /// <summary>Everybody.</summary>
    Company,
    /// <summary>The members of some queues.</summary>
    Queues,
}

/// <summary>A queue whose members use a tag.</summary>
internal sealed class TagQueue
{
    public Guid TagId { get; init; }
    public Guid QueueId { get; init; }
}

/// <summary>A tag on a contact.</summary>
internal sealed class ContactTag
{
    public Guid ContactId { get; init; }
    public Guid TagId { get; init; }
    /// <summary>Who put it on; null is the product itself.</summary>
    public Guid? By { get; init; }
    public DateTime At { get; init; }
}

internal static class TagsDb
{
    extension(InforzapDb db)
    {
        public DbSet<Tag> Tags => db.Set<Tag>();
        public DbSet<TagQueue> TagQueues => db.Set<TagQueue>();
        public DbSet<ContactTag> ContactTags => db.Set<ContactTag>();
    }

    public static void Map(ModelBuilder model)
    {
        const string schema = "contacts";
        var tag = model.Entity<Tag>();
        tag.ToTable("Tags", schema);
        tag.Property(x => x.Id).ValueGeneratedNever();
        tag.Property(x => x.Name).HasMaxLength(Tag.MaxName);
        tag.Property(x => x.Color).HasMaxLength(7);
        tag.Property(x => x.SearchText).HasMaxLength(80);
        tag.HasIndex(x => x.SearchText).IsUnique();

        // What hangs on a tag goes with it, also what somebody puts on in the moment in which it is deleted.
        var queue = model.Entity<TagQueue>();
        queue.ToTable("TagQueues", schema);
        queue.HasKey(q => new { q.TagId, q.QueueId });
        queue.HasIndex(q => q.QueueId);
        queue.HasOne<Tag>().WithMany().HasForeignKey(q => q.TagId).OnDelete(DeleteBehavior.Cascade);

        var contact = model.Entity<ContactTag>();
        contact.ToTable("ContactTags", schema);
        contact.HasKey(x => new { x.ContactId, x.TagId });
        contact.HasIndex(x => new { x.TagId, x.ContactId });
        contact.HasOne<Tag>().WithMany().HasForeignKey(x => x.TagId).OnDelete(DeleteBehavior.Cascade);
        contact.HasOne<Contact>().WithMany().HasForeignKey(x => x.ContactId).OnDelete(DeleteBehavior.Cascade);
    }
}
