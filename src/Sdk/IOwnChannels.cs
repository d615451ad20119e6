namespace Inforzap.Sdk;

/// <summary>
/// The channels of a plugin's own kinds, for providers that call one address for several of them. Other plugins' are never
/// found.
/// </summary>
public interface IOwnChannels
{
    /// <summary>All whose settings are complete, also those that are switched off.</summary>
    IReadOnlyList<OwnChannel> All { get; }
}

/// <summary>A channel of the plugin.</summary>
/// <param name="Kind">As registered.</param>
/// <param name="On">With its settings.</param>
/// <param name="IsOn">Somebody may deliver for it now; one that is off takes nothing.</param>
public sealed record OwnChannel(string Kind, ChannelRef On, bool IsOn);
