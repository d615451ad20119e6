using Inforzap.Data;

namespace Inforzap.Tickets;

/// <summary>How somebody looks at the list of the desk, on whatever device: the filter that is on, and in which order they see who waits.</summary>
internal sealed class DeskView
{
    public Guid UserId { get; init; }
    /// <summary>A <see cref="Desk.TicketFilter"/>; empty: all that they see.</summary>
    public string Filter { get; set; } = "";
    /// <summary>Of those who wait, who waits longest comes first.</summary>
    public bool OldestFirst { get; set; }
}

/// <summary>A filter of somebody's own, named to come back to it.</summary>
internal sealed class SavedFilter
{
    public const int Most = 20;
    public const int MaxName = 40;

    public Guid Id { get; init; }
    public Guid UserId { get; init; }
    /// <summary>1 to <see cref="Most"/>, each once: so nobody has more, from however many screens they save.</summary>
    public int Place { get; init; }
    public required string Name { get; set; }
    /// <summary>The name as it is compared: one of each.</summary>
    public required string SearchText { get; set; }
    public required string Filter { get; set; }
}

internal static class DeskViewsDb
{
    extension(InforzapDb db)
    {
        public DbSet<DeskView> DeskViews => db.Set<DeskView>();
        public DbSet<SavedFilter> SavedFilters => db.Set<SavedFilter>();
    }

    public static void Map(ModelBuilder model, DatabaseProvider provider)
    {
        const string schema = "tickets";
        var view = model.Entity<DeskView>();
        view.ToTable("DeskViews", schema);
        view.HasKey(v => v.UserId);
        view.Property(v => v.UserId).ValueGeneratedNever();
        view.Text(v => v.Filter).IsUnbounded();

        var saved = model.Entity<SavedFilter>();
        saved.ToTable("SavedFilters", schema);
        saved.Property(f => f.Id).ValueGeneratedNever();
        saved.Property(f => f.Name).HasMaxLength(SavedFilter.MaxName);
        saved.Property(f => f.SearchText).HasMaxLength(2 * SavedFilter.MaxName);
        saved.Text(f => f.Filter).IsUnbounded();
        saved.HasIndex(f => new { f.UserId, f.Place }).IsUnique();
        saved.HasIndex(f => new { f.UserId, f.SearchText }).IsUnique();

        var ticket = model.Entity<Ticket>();
        // Of all that there ever were, few are of groups, and few wait.
        ticket.HasIndex(t => new { t.Status, t.LastMessageAt, t.Number }, "IX_Tickets_Groups").IsDescending(false, true, true).HasFilter(provider == DatabaseProvider.SqlServer ? "\"IsGroup\" = 1" : "\"IsGroup\"");
        ticket.HasIndex(t => new { t.Status, t.QueuedAt, t.Number }).HasFilter(Portable.Where("Status", nameof(TicketStatus.Pending))).HasDatabaseName("IX_Tickets_Waiting");
    }
}
