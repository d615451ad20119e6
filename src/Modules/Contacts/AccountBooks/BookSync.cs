using Inforzap.Contracts.Contacts;
using Inforzap.Data;
using Inforzap.Sdk;

namespace Inforzap.Contacts.AccountBooks;

/// <summary>Somebody had the address book of a channel's account brought in: how far it is, or how it ended.</summary>
internal sealed class BookSync : Versioned
{
    public Guid Id { get; init; }
    public Guid ChannelId { get; init; }
    /// <summary>A tag for everybody of whom it tells; null: none.</summary>
    public Guid? TagId { get; init; }
    /// <summary>Who looks after those whom nobody looks after; null: nobody.</summary>
    public Guid? OwnerId { get; init; }
    /// <summary>Who is known only as they call themselves is called as the account's owner calls them.</summary>
    public bool TakesNames { get; init; }
    public BookState State { get; set; }
    /// <summary>How many entries there were when it was asked for; read again, there may be more or fewer.</summary>
    public int Expected { get; init; }
    public int Read { get; set; }
    public int Added { get; set; }
    public int Renamed { get; set; }
    public int Known { get; set; }
    public int Numberless { get; set; }
    public int Erased { get; set; }
    /// <summary>Why it failed, in people's words.</summary>
    public string? Reason { get; set; }
    public Guid By { get; init; }
    public DateTime AskedAt { get; init; }
    public DateTime? EndedAt { get; set; }
}

/// <summary>Where the import of an address book stands.</summary>
public enum BookState
{
    /// <summary>It goes on, here or on another node.</summary>
    Running,
    /// <summary>All was read.</summary>
    Done,
    /// <summary>Somebody stopped it; who came until then stays.</summary>
    Stopped,
    /// <summary>The provider did not tell.</summary>
    Failed,
}

internal static class BookSyncDb
{
    extension(InforzapDb db)
    {
        public DbSet<BookSync> BookSyncs => db.Set<BookSync>();
    }

    public static void Map(ModelBuilder model)
    {
        var sync = model.Entity<BookSync>();
        sync.ToTable("BookSyncs", "contacts");
        sync.Property(s => s.Id).ValueGeneratedNever();
        sync.Property(s => s.Reason).HasMaxLength(500);
        sync.HasIndex(s => s.ChannelId).IsUnique().HasFilter(Portable.Where("State", nameof(BookState.Running))).HasDatabaseName("UX_BookSyncs_Running");
        sync.HasIndex(s => s.AskedAt);
    }
}

/// <summary>Under what somebody is remembered who had themselves erased: so that no address book brings them back.</summary>
internal static class Buried
{
    public static string NameOf(Address address) => $"contact:{address.Kind}:{(address.Kind == AddressKind.Phone ? Phone.MatchKey(address.Value) : address.Value)}";
}
