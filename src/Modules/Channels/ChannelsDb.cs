using Inforzap.Data;

namespace Inforzap.Channels;

/// <summary>One configured account or number.</summary>
internal sealed class Channel : Versioned
{
    public Guid Id { get; init; }
    /// <summary>Names it in its public addresses. Never reused.</summary>
    public required string Key { get; init; }
    /// <summary>Which adapter drives it.</summary>
    public required string Kind { get; init; }
    public required string Name { get; set; }
    public Guid? QueueId { get; set; }
    /// <summary>JSON of its settings; secrets in it are encrypted.</summary>
    public required string Settings { get; set; }
    public bool IsEnabled { get; set; } = true;
    /// <summary>Declared in configuration: its settings come from there at each start.</summary>
    public bool IsDeclared { get; set; }
    public DateTime? DeletedAt { get; set; }
    public DateTime CreatedAt { get; init; }
}

/// <summary>How a channel fares. Not part of its row, so that traffic doesn't collide with somebody who edits it.</summary>
internal sealed class ChannelHealth
{
    public Guid ChannelId { get; init; }
    /// <summary>Several sends in a row did not end well.</summary>
    public bool IsFailing { get; set; }
    /// <summary>Why, for people.</summary>
    public string? Reason { get; set; }
    public DateTime? Since { get; set; }
    public DateTime? LastReceivedAt { get; set; }
}

/// <summary>What the host remembers of a plugin.</summary>
internal sealed class PluginRow : Versioned
{
    /// <summary>The plugin's own id.</summary>
    public required string Id { get; init; }
    public bool IsDisabled { get; set; }
    /// <summary>Why it was switched off, if not by a person.</summary>
    public string? DisabledReason { get; set; }
    /// <summary>SHA-256 of the manifest that an administrator approved.</summary>
    public string? ApprovedHash { get; set; }
}

/// <summary>Something that a plugin keeps for itself, encrypted.</summary>
internal sealed class PluginValue
{
    public required string PluginId { get; init; }
    public required string Name { get; init; }
    public required string Value { get; set; }
}

internal static class ChannelsDb
{
    extension(InforzapDb db)
    {
        public DbSet<Channel> Channels => db.Set<Channel>();
        public DbSet<ChannelHealth> ChannelHealth => db.Set<ChannelHealth>();
        public DbSet<PluginRow> Plugins => db.Set<PluginRow>();
        public DbSet<PluginValue> PluginValues => db.Set<PluginValue>();
    }

    public static void Map(ModelBuilder model)
    {
        var channel = model.Entity<Channel>();
        channel.ToTable("Channels", "channels");
        channel.Property(c => c.Id).ValueGeneratedNever();
        channel.Text(c => c.Key).IsIdentifier(60);
        channel.Property(c => c.Kind).HasMaxLength(40);
        channel.Property(c => c.Name).HasMaxLength(80);
        channel.Text(c => c.Settings).IsUnbounded();
        channel.HasIndex(c => c.Key).IsUnique();

        var health = model.Entity<ChannelHealth>();
        health.ToTable("ChannelHealth", "channels");
        health.HasKey(h => h.ChannelId);
        health.Property(h => h.ChannelId).ValueGeneratedNever();
        health.Property(h => h.Reason).HasMaxLength(500);

        var plugin = model.Entity<PluginRow>();
        plugin.ToTable("Plugins", "channels");
        plugin.Text(p => p.Id).IsIdentifier(80);
        plugin.Property(p => p.DisabledReason).HasMaxLength(500);
        plugin.Text(p => p.ApprovedHash).IsIdentifier(64);

        var value = model.Entity<PluginValue>();
        value.ToTable("PluginValues", "channels");
        value.HasKey(v => new { v.PluginId, v.Name });
        value.Text(v => v.PluginId).IsIdentifier(80);
        value.Text(v => v.Name).IsIdentifier(200);
        value.Text(v => v.Value).IsUnbounded();
    }
}
