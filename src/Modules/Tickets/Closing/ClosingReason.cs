using Inforzap.Audit;
using Inforzap.Data;

namespace Inforzap.Tickets.Closing;

/// <summary>Why tickets end (motivo de fechamento), so that managers know.</summary>
[Audited("reason")]
internal sealed class ClosingReason : Versioned
{
    /// <summary>What the product itself writes down when it closes a ticket in which nobody speaks any more.</summary>
    public static readonly Guid Inactivity = new("6f0c2f4e-0f5b-4f0e-9b1d-1f6f3b0a0001");

    public Guid Id { get; init; }
    /// <summary>Of the product's own ones it is a key of texts.</summary>
    public required string Name { get; set; }
    /// <summary>#rrggbb.</summary>
    public required string Color { get; set; }
    public int Order { get; set; }
    /// <summary>Who gives it must say more.</summary>
    public bool RequiresNote { get; set; }
    public bool IsActive { get; set; } = true;
    /// <summary>The product's own: nobody chooses it, and it stays.</summary>
    public bool IsSystem { get; init; }
    public DateTime CreatedAt { get; init; }
    /// <summary>Gone for good; its name stays for what was closed with it.</summary>
    public DateTime? DeletedAt { get; set; }
    public string SearchText { get; set; } = "";
}

/// <summary>What the customer is told when their ticket is closed (mensagem de despedida).</summary>
[Audited("farewell", Secret = [nameof(Text)])]
internal sealed class Farewell : Versioned
{
    public const int MaxText = 1000;

    public Guid Id { get; init; }
    public required string Name { get; set; }
    /// <summary>With variables.</summary>
    public required string Text { get; set; }
    /// <summary>Chosen already when the dialog opens.</summary>
    public bool IsDefault { get; set; }
    public int Order { get; set; }
    public bool IsActive { get; set; } = true;
    public DateTime CreatedAt { get; init; }
    public string SearchText { get; set; } = "";
}

/// <summary>Where a reason or a farewell is offered. One without any is offered everywhere.</summary>
internal sealed class ClosingPlace
{
    /// <summary>The reason or the farewell.</summary>
    public Guid OwnerId { get; init; }
    /// <summary>The queue or the channel.</summary>
    public Guid PlaceId { get; init; }
    public ClosingPlaceKind Kind { get; init; }
}

/// <summary>Kinds of place.</summary>
public enum ClosingPlaceKind
{
    /// <summary>A queue.</summary>
    Queue,
    /// <summary>A channel.</summary>
    Channel,
}

internal static class ClosingDb
{
    extension(InforzapDb db)
    {
        public DbSet<ClosingReason> ClosingReasons => db.Set<ClosingReason>();
        public DbSet<Farewell> Farewells => db.Set<Farewell>();
        public DbSet<ClosingPlace> ClosingPlaces => db.Set<ClosingPlace>();
        public DbSet<QuietRule> QuietRules => db.Set<QuietRule>();
    }

    public static void Map(ModelBuilder model)
    {
        const string schema = "tickets";
        var reason = model.Entity<ClosingReason>();
        reason.ToTable("ClosingReasons", schema);
        reason.Property(r => r.Id).ValueGeneratedNever();
        reason.Property(r => r.Name).HasMaxLength(60);
        reason.Property(r => r.Color).HasMaxLength(7);
        reason.Property(r => r.SearchText).HasMaxLength(120);
        reason.HasIndex(r => r.Name).IsUnique().HasFilter("\"DeletedAt\" IS NULL");
        reason.HasData(new ClosingReason { Id = ClosingReason.Inactivity, Name = "ReasonInactivity", Color = "#64748b", Order = 9999, IsSystem = true, CreatedAt = new(2026, 11, 30, 0, 0, 0, DateTimeKind.Utc) });

        var farewell = model.Entity<Farewell>();
        farewell.ToTable("Farewells", schema);
        farewell.Property(f => f.Id).ValueGeneratedNever();
        farewell.Property(f => f.Name).HasMaxLength(60);
        farewell.Property(f => f.Text).HasMaxLength(Farewell.MaxText);
        farewell.Property(f => f.SearchText).HasMaxLength(1200);
        farewell.HasIndex(f => f.Name).IsUnique();

        var place = model.Entity<ClosingPlace>();
        place.ToTable("ClosingPlaces", schema);
        place.HasKey(p => new { p.OwnerId, p.PlaceId });
        place.HasIndex(p => p.PlaceId);

        var rule = model.Entity<QuietRule>();
        rule.ToTable("QuietRules", schema);
        rule.Property(r => r.Id).ValueGeneratedNever();
        rule.Property(r => r.Name).HasMaxLength(60);
        rule.Property(r => r.WarnText).HasMaxLength(QuietRule.MaxText);
        rule.Property(r => r.Text).HasMaxLength(QuietRule.MaxText);
        rule.HasIndex(r => r.Name).IsUnique();
    }
}
