using Inforzap.Audit;
using Inforzap.Contracts.Channels;
using Inforzap.Data;

namespace Inforzap.Channels;

/// <summary>One configured account or number.</summary>
[Audited("channel", Secret = [nameof(Settings)], Except = [nameof(IsDeclared)])]
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

    /// <summary>What the adapter's session said last; null for adapters without one.</summary>
    public ChannelState? Session { get; set; }
    public string? SessionReason { get; set; }
    public DateTime? SessionSince { get; set; }
    /// <summary>As whom it is connected, and where customers write to it.</summary>
    public string? Account { get; set; }
    public string? Link { get; set; }
    /// <summary>What a phone has to read, encrypted.</summary>
    public string? Pairing { get; set; }
    public DateTime? PairingUntil { get; set; }

    /// <summary>Since when it is on and does not work.</summary>
    public DateTime? TroubleSince { get; set; }
    public ChannelAlarm? Alarm { get; set; }
    public DateTime? AlarmAt { get; set; }
}

/// <summary>Why administrators are told of a channel.</summary>
internal enum ChannelAlarm
{
    /// <summary>It is on and has not worked for a while.</summary>
    Trouble,
    /// <summary>It seems to work, and nothing at all has come in for long.</summary>
    Silence,
}

/// <summary>Something that happened on a channel, for whoever looks for a fault. Nothing in it says what people wrote.</summary>
internal sealed class ChannelEvent
{
    public long Position { get; private set; }
    public Guid ChannelId { get; init; }
    public DateTime At { get; init; }
    /// <summary>What: <c>message</c>, <c>webhook</c>, <c>send</c>, <c>session</c> ...</summary>
    public required string Kind { get; init; }
    /// <summary>How it ended.</summary>
    public required string Outcome { get; init; }
    /// <summary>One sentence, if there is more to say.</summary>
    public string? Detail { get; init; }
    /// <summary>The shape of the payload, its values taken out.</summary>
    public string? Payload { get; init; }
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
    public Guid? ApprovedBy { get; set; }
    public DateTime? ApprovedAt { get; set; }
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
        public DbSet<ChannelEvent> ChannelEvents => db.Set<ChannelEvent>();
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
        health.Property(h => h.SessionReason).HasMaxLength(500);
        health.Property(h => h.Account).HasMaxLength(120);
        health.Property(h => h.Link).HasMaxLength(300);
        health.Text(h => h.Pairing).IsUnbounded();

        var happened = model.Entity<ChannelEvent>();
        happened.ToTable("ChannelEvents", "channels");
        happened.HasKey(e => e.Position);
        happened.Property(e => e.Position).ValueGeneratedOnAdd();
        happened.Property(e => e.Kind).HasMaxLength(20);
        happened.Property(e => e.Outcome).HasMaxLength(40);
        happened.Property(e => e.Detail).HasMaxLength(500);
        happened.Text(e => e.Payload).IsUnbounded();
        happened.HasIndex(e => new { e.ChannelId, e.Position });

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

        Templates.TemplatesDb.Map(model);
    }
}
