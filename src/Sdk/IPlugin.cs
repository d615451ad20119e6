namespace Inforzap.Sdk;

/// <summary>The one class that a plugin assembly must have. The host makes it once, with a constructor without parameters.</summary>
public interface IPlugin
{
    /// <summary>Who this plugin is, as people read it.</summary>
    PluginInfo Info { get; }

    /// <summary>Names the channels and bots that this plugin brings. An exception here makes the plugin Faulted and nothing else.</summary>
    void Register(IPluginRegistry plugin);
}

/// <summary>Who a plugin is.</summary>
/// <param name="Id">Stable and lower case, such as <c>acme.chat</c>. The same as in plugin.json.</param>
/// <param name="Name">What people read.</param>
public sealed record PluginInfo(string Id, string Name);

/// <summary>Takes what a plugin brings.</summary>
public interface IPluginRegistry
{
    /// <summary>Brings a kind of channel. The adapter is made once per channel from the plugin's own container.</summary>
    /// <typeparam name="TAdapter">Drives one channel. Its abilities are the further interfaces that it implements.</typeparam>
    /// <typeparam name="TSettings">A record; the host draws its form, checks it, and encrypts what is <see cref="SecretAttribute"/>.</typeparam>
    /// <param name="kind">Stable and lower case, such as <c>telegram</c>; unique over all plugins.</param>
    /// <param name="name">What people read in the list of kinds.</param>
    void Channel<TAdapter, TSettings>(string kind, string? name = null)
        where TAdapter : class, IChannelAdapter
        where TSettings : class;

    /// <summary>Brings a kind of bot.</summary>
    void Bot<TBot, TSettings>(string kind, string? name = null)
        where TBot : class, IBot
        where TSettings : class;
}
