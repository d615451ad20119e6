using Inforzap.Audit;
using Inforzap.Data;

namespace Inforzap.Contacts.Merging;

/// <summary>That a contact became part of another, with all that is needed to take it back. Kept for thirty days.</summary>
[Audited("merge", NamedBy = nameof(FromName), Except = [nameof(FromId), nameof(IntoId), nameof(Kept), nameof(By), nameof(ByName), nameof(At)])]
internal sealed class ContactMerge : Versioned
{
    /// <summary>So long it can be taken back.</summary>
    public static readonly TimeSpan Keep = TimeSpan.FromDays(30);

    public Guid Id { get; init; }
    /// <summary>Who is gone.</summary>
    public Guid FromId { get; init; }
    public required string FromName { get; init; }
    /// <summary>Whose it is now.</summary>
    public Guid IntoId { get; init; }
    public required string IntoName { get; init; }
    public DateTime At { get; init; }
    public Guid By { get; init; }
    public required string ByName { get; init; }
    /// <summary>JSON of <see cref="Merging.Kept"/>; empty once it was taken back.</summary>
    public required string Kept { get; set; }
    public DateTime? UndoneAt { get; set; }
}

/// <summary>How both were before, and what went along.</summary>
/// <param name="From">The one who is gone.</param>
/// <param name="NameIsOurs">Of the one who is gone.</param>
/// <param name="Before">The other one, before it.</param>
/// <param name="After">The other one, after it: what changed since then is left alone.</param>
/// <param name="Addresses">That went along.</param>
/// <param name="Tags">Of the one who is gone.</param>
/// <param name="NewTags">Those of them that the other did not have.</param>
/// <param name="Fields">Of the one who is gone.</param>
/// <param name="NewFields">The keys of those that the other did not have.</param>
/// <param name="Followed">What went along in other modules, by their names.</param>
internal sealed record Kept(
    ContactState From, bool NameIsOurs, ContactSource Source, DateTime CreatedAt, ContactState Before, ContactState After, IReadOnlyList<Guid> Addresses,
    IReadOnlyList<KeptTag> Tags, IReadOnlyList<Guid> NewTags, IReadOnlyList<WantedField> Fields, IReadOnlyList<string> NewFields, Dictionary<string, List<Guid>> Followed)
{
    /// <summary>Who looked after the one who is gone. Merges from before there were any have none.</summary>
    public IReadOnlyList<KeptOwner> Owners { get; init; } = [];

    /// <summary>Those of them who did not look after the other.</summary>
    public IReadOnlyList<Guid> NewOwners { get; init; } = [];
}

internal sealed record KeptOwner(Guid UserId, int Order, Guid? By, DateTime At);

internal sealed record KeptTag(Guid TagId, Guid? By, DateTime At);

/// <summary>What is known of a contact, as it was.</summary>
internal sealed record ContactState(string Name, string? Email, string? Company, string? Document, DateOnly? BirthDate, string? Notes, string? CameFrom, bool Blocked, DateTime? BlockedAt)
{
    public static ContactState Of(Contact c) => new(c.Name, c.Email, c.Company, c.Document, c.BirthDate, c.Notes, c.CameFrom, c.Blocked, c.BlockedAt);
}

internal static class MergesDb
{
    extension(InforzapDb db)
    {
        public DbSet<ContactMerge> ContactMerges => db.Set<ContactMerge>();
    }

    public static void Map(ModelBuilder model)
    {
        var merge = model.Entity<ContactMerge>();
        merge.ToTable("Merges", "contacts");
        merge.Property(m => m.Id).ValueGeneratedNever();
        merge.Property(m => m.FromName).HasMaxLength(120);
        merge.Property(m => m.IntoName).HasMaxLength(120);
        merge.Property(m => m.ByName).HasMaxLength(120);
        merge.Text(m => m.Kept).IsUnbounded();
        merge.HasIndex(m => m.At);
        merge.HasIndex(m => m.IntoId);
    }
}
