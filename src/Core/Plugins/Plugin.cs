using Inforzap.Sdk;

namespace Inforzap.Plugins;

/// <summary>Whether a plugin is at work.</summary>
public enum PluginState
{
    /// <summary>Loaded and at work.</summary>
    Active,
    /// <summary>Switched off by a person, or since it ended the process.</summary>
    Disabled,
    /// <summary>It failed while it was loaded.</summary>
    Faulted,
    /// <summary>Made for another version of this product.</summary>
    Incompatible,
    /// <summary>Nobody approved these files, or they are not those that were approved.</summary>
    Untrusted,
}

/// <summary>A kind of channel that a plugin brings.</summary>
/// <param name="Plugin">Whose it is.</param>
/// <param name="Kind">Its stable name.</param>
/// <param name="Name">What people read.</param>
/// <param name="Adapter">The class that drives one channel.</param>
/// <param name="Settings">The record of its settings.</param>
public sealed record ChannelKind(Plugin Plugin, string Kind, string Name, Type Adapter, Type Settings);

/// <summary>A kind of bot that a plugin brings.</summary>
/// <param name="Plugin">Whose it is.</param>
/// <param name="Kind">Its stable name.</param>
/// <param name="Name">What people read.</param>
/// <param name="Bot">The class that answers.</param>
/// <param name="Settings">The record of its settings.</param>
public sealed record BotKind(Plugin Plugin, string Kind, string Name, Type Bot, Type Settings);

/// <summary>A folder with a plugin, whether it could be loaded or not.</summary>
public sealed class Plugin
{
    private readonly Lock sync = new();
    private (PluginState State, string? Reason) now;

    /// <summary>What is known of it before anything of it ran.</summary>
    /// <param name="id">From its manifest, or the folder's name where there is none.</param>
    /// <param name="name">What people read.</param>
    /// <param name="version">Its own.</param>
    /// <param name="folder">Where it lies; empty for one that is part of this process.</param>
    /// <param name="hash">SHA-256 of its manifest, which lists the hashes of all its files; null when there is none to approve.</param>
    public Plugin(string id, string name, string version, string folder, string? hash) =>
        (Id, Name, Version, Folder, Hash) = (id, name, version, folder, hash);

    /// <summary>Identity.</summary>
    public string Id { get; }
    /// <summary>What people read.</summary>
    public string Name { get; }
    /// <summary>Its own.</summary>
    public string Version { get; }
    /// <summary>Where it lies.</summary>
    public string Folder { get; }
    /// <summary>SHA-256 of its manifest.</summary>
    public string? Hash { get; }

    /// <summary>Whether it is at work.</summary>
    public PluginState State { get { lock (sync) return now.State; } }
    /// <summary>Why it is not, in words for an administrator.</summary>
    public string? Reason { get { lock (sync) return now.Reason; } }

    /// <summary>What it brought. Empty unless it was loaded.</summary>
    public IReadOnlyList<ChannelKind> Channels { get; internal set; } = [];
    /// <summary>What it brought. Empty unless it was loaded.</summary>
    public IReadOnlyList<BotKind> Bots { get; internal set; } = [];

    /// <summary>Its own container; null unless it was loaded.</summary>
    internal ServiceProvider? Services { get; set; }

    /// <summary>It was loaded into this process, so it can be switched on again without a restart.</summary>
    public bool IsLoaded => Services is not null;

    /// <summary>Says where it stands.</summary>
    public void Becomes(PluginState state, string? reason)
    {
        lock (sync) now = (state, reason);
    }
}

/// <summary>What a module gives to the container of every plugin: its part of what the Sdk promises.</summary>
/// <param name="Add">Called once per plugin, with the product's services and the plugin's own collection.</param>
public sealed record GivenToPlugins(Action<IServiceProvider, Plugin, IServiceCollection> Add);

/// <summary>Collects what a plugin registers.</summary>
internal sealed class PluginRegistry(Plugin plugin) : IPluginRegistry
{
    public List<ChannelKind> Channels { get; } = [];
    public List<BotKind> Bots { get; } = [];

    public void Channel<TAdapter, TSettings>(string kind, string? name = null)
        where TAdapter : class, IChannelAdapter
        where TSettings : class =>
        Channels.Add(new ChannelKind(plugin, Checked(kind), name ?? plugin.Name, typeof(TAdapter), typeof(TSettings)));

    public void Bot<TBot, TSettings>(string kind, string? name = null)
        where TBot : class, IBot
        where TSettings : class =>
        Bots.Add(new BotKind(plugin, Checked(kind), name ?? plugin.Name, typeof(TBot), typeof(TSettings)));

    private static string Checked(string kind) =>
        kind.Length is > 0 and <= 40 && kind.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '.' or '-') ? kind
            : throw new ArgumentException($"The kind '{kind}' must be lower case letters, digits, dots and hyphens, at most 40.", nameof(kind));
}
