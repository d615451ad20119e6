using System.Linq.Expressions;
using Inforzap.Data;

namespace Inforzap.Lanes;

/// <summary>Something to be done once and in order under its lane's key. The only copy there is.</summary>
public sealed class LaneItem
{
    /// <summary>Order within the lane; given by the database in commit order of the lane.</summary>
    public long Position { get; private set; }

    /// <summary><c>type/key</c>: the type chooses the handler, the whole is the lane.</summary>
    public required string Lane { get; init; }

    /// <summary>What is to be done, for people who look at parked items.</summary>
    public required string Kind { get; init; }

    /// <summary>Unique over all items: a provider's event comes in once.</summary>
    public string? DedupKey { get; init; }

    /// <summary>JSON for the handler, cleaned text.</summary>
    public required string Payload { get; set; }

    /// <summary>The event as it came from outside, if it did.</summary>
    public byte[]? Raw { get; init; }

    /// <summary>Where it stands.</summary>
    public LaneItemState State { get; set; }

    /// <summary>How often it failed.</summary>
    public int Attempts { get; set; }

    /// <summary>Not before this time.</summary>
    public DateTime DueAt { get; set; }

    /// <summary>Why it waits, was dropped or is parked, for people.</summary>
    public string? Reason { get; set; }

    /// <summary>What a waiting item waits for.</summary>
    public string? WaitsFor { get; set; }

    /// <summary>When it was appended.</summary>
    public DateTime CreatedAt { get; init; }

    /// <summary>When it left Pending for good.</summary>
    public DateTime? DoneAt { get; set; }

    /// <summary>The first part of the lane.</summary>
    public string Type => Lane[..Lane.IndexOf('/', StringComparison.Ordinal)];

    /// <summary>What handlers and workers need: all but the raw event, which can be large and is kept for people.</summary>
    internal static Expression<Func<LaneItem, LaneItem>> ToHandle { get; } = i => new LaneItem
    {
        Position = i.Position, Lane = i.Lane, Kind = i.Kind, DedupKey = i.DedupKey, Payload = i.Payload, State = i.State, Attempts = i.Attempts,
        DueAt = i.DueAt, WaitsFor = i.WaitsFor, CreatedAt = i.CreatedAt,
    };

    internal static LaneItem Make(string lane, string kind, string payload, DateTime now, DateTime? dueAt = null) =>
        new() { Lane = lane, Kind = kind, Payload = payload, CreatedAt = now, DueAt = dueAt ?? now };

    internal static void Map(ModelBuilder model)
    {
        var item = model.Entity<LaneItem>();
        item.ToTable("LaneItems", "core");
        item.HasKey(i => i.Position);
        item.Property(i => i.Position).ValueGeneratedOnAdd();
        item.Text(i => i.Lane).IsIdentifier(200);
        item.Property(i => i.Kind).HasMaxLength(60);
        item.Text(i => i.DedupKey).IsIdentifier(340);
        item.Text(i => i.Payload).IsUnbounded();
        item.Property(i => i.Reason).HasMaxLength(500);
        item.Text(i => i.WaitsFor).IsIdentifier(340);
        item.Ignore(i => i.Type);
        item.HasIndex(i => i.DedupKey).IsUnique();
        item.HasIndex(i => new { i.Lane, i.Position }).HasFilter(Portable.Where("State", nameof(LaneItemState.Pending))).HasDatabaseName("IX_LaneItems_Pending");
        item.HasIndex(i => i.WaitsFor).HasFilter(Portable.Where("State", nameof(LaneItemState.Waiting))).HasDatabaseName("IX_LaneItems_Waiting");
        item.HasIndex(i => i.Position).HasFilter(Portable.Where("State", nameof(LaneItemState.Parked))).HasDatabaseName("IX_LaneItems_Parked");
    }
}

/// <summary>Where a lane item stands.</summary>
public enum LaneItemState
{
    /// <summary>To be done when it is due and first in its lane.</summary>
    Pending,
    /// <summary>Set aside until something else comes; the lane goes on.</summary>
    Waiting,
    /// <summary>Done.</summary>
    Done,
    /// <summary>Failed too often; a person decides. The lane goes on.</summary>
    Parked,
    /// <summary>Left out on purpose, with the reason.</summary>
    Dropped,
}
