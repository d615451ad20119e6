using Inforzap.Data;

namespace Inforzap.Live;

/// <summary>What a commit touched, kept for some minutes, so that every node finds the hints that it missed.</summary>
public sealed class Change
{
    /// <summary>Order of the rows.</summary>
    public long Position { get; private set; }

    /// <summary>Topics, apart by spaces.</summary>
    public required string Topics { get; init; }

    /// <summary>When, by the clock of the node that wrote it.</summary>
    public DateTime At { get; init; }

    internal static void Map(ModelBuilder model)
    {
        var change = model.Entity<Change>();
        change.ToTable("Changes", "core");
        change.HasKey(c => c.Position);
        change.Property(c => c.Position).ValueGeneratedOnAdd();
        change.Text(c => c.Topics).IsUnbounded();
        change.HasIndex(c => c.At);
    }
}
