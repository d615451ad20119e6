using Inforzap.Data;

namespace Inforzap.Files;

/// <summary>A file that the product keeps. Its bytes lie in <c>Files__Root</c> under its id; its name is only data.</summary>
public sealed class StoredFile
{
    /// <summary>Random, so it can't be guessed, and the name on disk.</summary>
    public Guid Id { get; init; }

    /// <summary>The sender's name for it, cleaned of what file systems and headers mistake.</summary>
    public required string Name { get; init; }

    /// <summary>Found from its bytes, never from what the sender says.</summary>
    public required string MimeType { get; init; }

    /// <summary>In bytes.</summary>
    public long Size { get; init; }

    /// <summary>In pixels, for pictures.</summary>
    public int? Width { get; init; }

    /// <summary>In pixels, for pictures.</summary>
    public int? Height { get; init; }

    /// <summary>When it was stored, UTC.</summary>
    public DateTime CreatedAt { get; init; }

    internal static void Map(ModelBuilder model)
    {
        var file = model.Entity<StoredFile>();
        file.ToTable("Files", "core");
        file.Property(f => f.Id).ValueGeneratedNever();
        file.Property(f => f.Name).HasMaxLength(255);
        file.Property(f => f.MimeType).HasMaxLength(100);
    }
}
