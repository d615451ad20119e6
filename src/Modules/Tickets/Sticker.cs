using Inforzap.Audit;
using Inforzap.Data;

namespace Inforzap.Tickets;

/// <summary>A sticker of the company's collection: a WebP of 512 by 512 that everybody may send.</summary>
[Audited("sticker", NamedBy = nameof(Name), Except = [nameof(FileId), nameof(Hash), nameof(AddedBy)])]
internal sealed class Sticker : Versioned
{
    /// <summary>So many a collection holds.</summary>
    public const int Most = 200;
    /// <summary>In pixels, as WhatsApp and Telegram want them.</summary>
    public const int Edge = 512;
    /// <summary>The largest that we draw, in bytes: WhatsApp takes no larger one that stands still.</summary>
    public const int MaxBytes = 100 * 1024;
    /// <summary>The largest that is kept as it came: one that moves may be so large.</summary>
    public const int MaxMovingBytes = 500 * 1024;

    public Guid Id { get; init; }
    public required string Name { get; set; }
    public Guid FileId { get; init; }
    /// <summary>Of its bytes: none is there twice.</summary>
    public required string Hash { get; init; }
    public Guid? AddedBy { get; init; }
    public DateTime CreatedAt { get; init; }
}

internal static class StickersDb
{
    extension(InforzapDb db)
    {
        public DbSet<Sticker> Stickers => db.Set<Sticker>();
    }

    public static void Map(ModelBuilder model)
    {
        var sticker = model.Entity<Sticker>();
        sticker.ToTable("Stickers", "tickets");
        sticker.Property(s => s.Id).ValueGeneratedNever();
        sticker.Property(s => s.Name).HasMaxLength(80);
        sticker.Text(s => s.Hash).IsIdentifier(64);
        sticker.HasIndex(s => s.Hash).IsUnique();
        sticker.HasIndex(s => s.FileId);
    }
}
