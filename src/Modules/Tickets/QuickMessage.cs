using Inforzap.Audit;
using Inforzap.Data;

namespace Inforzap.Tickets;

/// <summary>A text, with files perhaps, that is written once and used often: <c>/shortcut</c> in the composer.</summary>
[Audited("quick", NamedBy = nameof(Title), Except = [nameof(ChangedAt)], Secret = [nameof(Body)])]
internal sealed class QuickMessage : Versioned
{
    public const int MaxFiles = 5;
    public const int MaxBody = 4000;

    public Guid Id { get; init; }
    /// <summary>Lower case, no spaces, without the slash. Unique in its scope; a person's own goes before the company's.</summary>
    public required string Shortcut { get; set; }
    public required string Title { get; set; }
    public required string Body { get; set; }
    public QuickScope Scope { get; set; }
    /// <summary>Whose it is; empty unless it is a person's.</summary>
    public Guid OwnerId { get; set; }
    public string? Category { get; set; }
    public int Order { get; set; }
    public bool IsActive { get; set; } = true;
    public DateTime CreatedAt { get; init; }
    public DateTime ChangedAt { get; set; }
    public string SearchText { get; set; } = "";
}

/// <summary>Who may use a quick message.</summary>
public enum QuickScope
{
    /// <summary>Everybody.</summary>
    Company,
    /// <summary>The members of some queues.</summary>
    Queues,
    /// <summary>One person.</summary>
    User,
}

/// <summary>Which queues a quick message is for.</summary>
internal sealed class QuickQueue
{
    public Guid QuickMessageId { get; init; }
    public Guid QueueId { get; init; }
}

/// <summary>How often it was used. Apart from the message, so that using it is no change of what somebody edits.</summary>
internal sealed class QuickUse
{
    public Guid QuickMessageId { get; init; }
    public int Count { get; set; }
}

/// <summary>A file of a quick message.</summary>
internal sealed class QuickFile : KeptFile
{
    public Guid? QuickMessageId { get; set; }
}

internal static class QuickMessagesDb
{
    extension(InforzapDb db)
    {
        public DbSet<QuickMessage> QuickMessages => db.Set<QuickMessage>();
        public DbSet<QuickQueue> QuickQueues => db.Set<QuickQueue>();
        public DbSet<QuickUse> QuickUses => db.Set<QuickUse>();
        public DbSet<QuickFile> QuickFiles => db.Set<QuickFile>();
    }

    public static void Map(ModelBuilder model)
    {
        const string schema = "tickets";
        var message = model.Entity<QuickMessage>();
        message.ToTable("QuickMessages", schema);
        message.Property(q => q.Id).ValueGeneratedNever();
        message.Text(q => q.Shortcut).IsIdentifier(40);
        message.Property(q => q.Title).HasMaxLength(80);
        message.Property(q => q.Body).HasMaxLength(QuickMessage.MaxBody);
        message.Property(q => q.Category).HasMaxLength(40);
        message.Property(q => q.SearchText).HasMaxLength(2000);
        message.HasIndex(q => new { q.Scope, q.OwnerId, q.Shortcut }).IsUnique();

        var queue = model.Entity<QuickQueue>();
        queue.ToTable("QuickQueues", schema);
        queue.HasKey(q => new { q.QuickMessageId, q.QueueId });
        queue.HasIndex(q => q.QueueId);

        var use = model.Entity<QuickUse>();
        use.ToTable("QuickUses", schema);
        use.HasKey(u => u.QuickMessageId);
        use.Property(u => u.QuickMessageId).ValueGeneratedNever();

        var file = model.Entity<QuickFile>();
        file.ToTable("QuickFiles", schema);
        file.Property(f => f.Id).ValueGeneratedNever();
        file.Property(f => f.Name).HasMaxLength(255);
        file.Property(f => f.MimeType).HasMaxLength(100);
        file.HasIndex(f => new { f.QuickMessageId, f.Position });
        file.HasIndex(f => f.FileId);
    }
}
