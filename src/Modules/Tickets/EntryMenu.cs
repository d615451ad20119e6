using Inforzap.Audit;
using Inforzap.Data;

namespace Inforzap.Tickets;

/// <summary>
/// Asks who writes to a channel which queue they want. While it is on, new tickets of the channel begin without a queue; who does not
/// choose goes to the queue for the others.
/// </summary>
[Audited("menu")]
internal sealed class EntryMenu : Versioned
{
    /// <summary>What the question may have in characters: buttons take 1,024, and names that are put in take some.</summary>
    public const int MaxText = 900;

    /// <summary>So many options fit on what is pressed.</summary>
    public const int MaxOptions = 10;

    public Guid Id { get; init; }
    public Guid ChannelId { get; init; }
    /// <summary>What the channel was called when this was saved: for the audit.</summary>
    public required string Name { get; set; }
    public bool IsActive { get; set; }
    /// <summary>The question, with variables.</summary>
    public required string Greeting { get; set; }
    /// <summary>What is said to an answer that is none of the options, before they are shown again.</summary>
    public required string WrongText { get; set; }
    /// <summary>So many wrong answers, and the ticket goes to the queue for the others.</summary>
    public int Tries { get; set; } = 3;
    /// <summary>So many minutes without an answer, too; 0: it waits for ever.</summary>
    public int TimeoutMinutes { get; set; } = 10;
    /// <summary>The queue for the others.</summary>
    public Guid DefaultQueueId { get; set; }
    /// <summary>Said after the choice; null: nothing.</summary>
    public string? ChosenText { get; set; }
}

/// <summary>One choice of a menu.</summary>
internal sealed class EntryOption
{
    public Guid MenuId { get; init; }
    /// <summary>1, 2, 3 ...</summary>
    public int Position { get; init; }
    public Guid QueueId { get; init; }
    /// <summary>What the customer reads; at most 24 characters fit on a button.</summary>
    public required string Label { get; init; }
}

/// <summary>How far a menu came with a ticket. Gone when the ticket does not wait any more.</summary>
internal sealed class MenuState : Versioned
{
    public Guid TicketId { get; init; }
    public DateTime AskedAt { get; set; }
    /// <summary>Wrong answers so far.</summary>
    public int Tries { get; set; }
    /// <summary>Without an answer until then the ticket goes to the queue for the others; null: nobody waits for one.</summary>
    public DateTime? DueAt { get; set; }
    /// <summary>It is asked no more.</summary>
    public bool IsOver { get; set; }
    /// <summary>The place in the queue that the customer was last told; 0: none.</summary>
    public int Place { get; set; }
    public DateTime? PlaceAt { get; set; }
}

internal static class MenusDb
{
    extension(InforzapDb db)
    {
        public DbSet<EntryMenu> EntryMenus => db.Set<EntryMenu>();
        public DbSet<EntryOption> EntryOptions => db.Set<EntryOption>();
        public DbSet<MenuState> MenuStates => db.Set<MenuState>();
    }

    public static void Map(ModelBuilder model)
    {
        const string schema = "tickets";
        var menu = model.Entity<EntryMenu>();
        menu.ToTable("EntryMenus", schema);
        menu.Property(m => m.Id).ValueGeneratedNever();
        menu.Property(m => m.Name).HasMaxLength(120);
        menu.Property(m => m.Greeting).HasMaxLength(EntryMenu.MaxText);
        menu.Property(m => m.WrongText).HasMaxLength(EntryMenu.MaxText);
        menu.Property(m => m.ChosenText).HasMaxLength(EntryMenu.MaxText);
        menu.HasIndex(m => m.ChannelId).IsUnique();

        var option = model.Entity<EntryOption>();
        option.ToTable("EntryOptions", schema);
        option.HasKey(o => new { o.MenuId, o.Position });
        option.Property(o => o.Label).HasMaxLength(24);

        var state = model.Entity<MenuState>();
        state.ToTable("MenuStates", schema);
        state.HasKey(s => s.TicketId);
        state.Property(s => s.TicketId).ValueGeneratedNever();
        state.HasIndex(s => s.DueAt);
    }
}
