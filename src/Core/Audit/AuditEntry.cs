using Inforzap.Data;

namespace Inforzap.Audit;

/// <summary>Who changed what of the administration, from what to what. Only ever added to; forgotten after two years.</summary>
public sealed class AuditEntry
{
    /// <summary>Order of the rows.</summary>
    public long Position { get; private set; }

    /// <summary>When, UTC.</summary>
    public DateTime At { get; init; }

    /// <summary>Who; null is the product itself.</summary>
    public Guid? By { get; init; }

    /// <summary>Their name at that time.</summary>
    public string? ByName { get; init; }

    /// <summary>What kind of thing: see <see cref="AuditedAttribute"/>.</summary>
    public required string Kind { get; init; }

    /// <summary>Which one.</summary>
    public required string SubjectId { get; init; }

    /// <summary>What people called it.</summary>
    public required string Subject { get; init; }

    /// <summary>Both names, as they are searched for.</summary>
    public required string SearchText { get; init; }

    /// <summary>What happened to it.</summary>
    public AuditVerb Verb { get; init; }

    /// <summary>What changed, as JSON of <see cref="AuditChange"/>.</summary>
    public required string Changes { get; init; }

    internal static void Map(ModelBuilder model)
    {
        var entry = model.Entity<AuditEntry>();
        entry.ToTable("Audit", "core");
        entry.HasKey(e => e.Position);
        entry.Property(e => e.Position).ValueGeneratedOnAdd();
        entry.Property(e => e.ByName).HasMaxLength(120);
        entry.Property(e => e.Kind).HasMaxLength(30);
        entry.Text(e => e.SubjectId).IsIdentifier(80);
        entry.Property(e => e.Subject).HasMaxLength(200);
        entry.Property(e => e.SearchText).HasMaxLength(400);
        entry.Text(e => e.Changes).IsUnbounded();
        entry.HasIndex(e => new { e.Kind, e.SubjectId, e.Position });
        entry.HasIndex(e => new { e.By, e.Position });
        entry.HasIndex(e => e.At);
    }
}

/// <summary>What happened.</summary>
public enum AuditVerb
{
    /// <summary>It is new.</summary>
    Created,
    /// <summary>Something of it is different.</summary>
    Changed,
    /// <summary>It is gone.</summary>
    Deleted,
}

/// <summary>One property of what changed.</summary>
/// <param name="Field">Its name in the code; texts call it Field{Field}.</param>
/// <param name="From">What it was, null for nothing, <see cref="Secret"/> for what is not told.</param>
/// <param name="To">What it is.</param>
public sealed record AuditChange(string Field, string? From, string? To)
{
    /// <summary>Stands for a value that is not written down.</summary>
    public const string Secret = "•••";
}
