using Inforzap.Data;

namespace Inforzap.Tickets.Past;

/// <summary>Somebody had the history of a conversation asked for: how far it is, or how it ended.</summary>
internal sealed class HistorySync : Versioned
{
    public const int MaxLimit = 1_000;
    public const int UsualLimit = 100;

    public Guid Id { get; init; }
    /// <summary>In which ticket it was asked for; its conversation is meant.</summary>
    public Guid TicketId { get; init; }
    public Guid ChannelId { get; init; }
    public Guid ContactId { get; init; }
    /// <summary>No more messages than this are read.</summary>
    public int Limit { get; init; }
    public HistoryState State { get; set; }
    /// <summary>How many the provider told so far.</summary>
    public int Read { get; set; }
    /// <summary>How many of them were not here.</summary>
    public int Added { get; set; }
    /// <summary>Why it failed, in people's words.</summary>
    public string? Reason { get; set; }
    public Guid By { get; init; }
    public DateTime AskedAt { get; init; }
    public DateTime? EndedAt { get; set; }
}

/// <summary>Where an import of history stands.</summary>
public enum HistoryState
{
    /// <summary>It goes on, here or on another node.</summary>
    Running,
    /// <summary>All was read.</summary>
    Done,
    /// <summary>Somebody stopped it; what came until then stays.</summary>
    Stopped,
    /// <summary>The provider did not tell.</summary>
    Failed,
}

internal static class HistoryDb
{
    extension(InforzapDb db)
    {
        public DbSet<HistorySync> HistorySyncs => db.Set<HistorySync>();
    }

    public static void Map(ModelBuilder model)
    {
        var sync = model.Entity<HistorySync>();
        sync.ToTable("HistorySyncs", "tickets");
        sync.Property(s => s.Id).ValueGeneratedNever();
        sync.Property(s => s.Reason).HasMaxLength(500);
        // One at a time in a conversation, whoever asks and from whichever ticket of it.
        sync.HasIndex(s => new { s.ChannelId, s.ContactId }).IsUnique().HasFilter(Portable.Where("State", nameof(HistoryState.Running))).HasDatabaseName("UX_HistorySyncs_Running");
        sync.HasIndex(s => new { s.ChannelId, s.ContactId, s.AskedAt }).HasDatabaseName("IX_HistorySyncs_Conversation");
    }
}
