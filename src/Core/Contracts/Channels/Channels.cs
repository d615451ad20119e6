using Inforzap.Requests;
using Inforzap.Sdk;

namespace Inforzap.Contracts.Channels;

/// <summary>The channels of this company, from memory, at most two seconds old.</summary>
public interface IChannelDirectory
{
    /// <summary>All that are not deleted, by name.</summary>
    IReadOnlyList<ChannelInfo> All { get; }

    /// <summary>One of them, also when it is deleted.</summary>
    ChannelInfo? Find(Guid id);
}

/// <summary>A channel as other modules may read it.</summary>
/// <param name="Id">Identity.</param>
/// <param name="Key">The part of its public addresses that names it.</param>
/// <param name="Kind">Its adapter's kind, such as <c>webchat</c>.</param>
/// <param name="Name">What people call it.</param>
/// <param name="AddressKind">Kind of address that it reaches, as <see cref="Sdk.AddressKind"/>; null when its adapter is not loaded.</param>
/// <param name="QueueId">The queue of its new tickets.</param>
/// <param name="State">Whether it works.</param>
/// <param name="Can">What the composer may offer.</param>
/// <param name="MaxMediaBytes">The largest file that the channel sends and this house keeps.</param>
/// <param name="CanStart">A person can be written to first.</param>
public sealed record ChannelInfo(
    Guid Id, string Key, string Kind, string Name, string? AddressKind, Guid? QueueId, ChannelState State, Can Can, long MaxMediaBytes, bool CanStart)
{
    /// <summary>How long after the customer's last message free answers are taken; null: always.</summary>
    public TimeSpan? ReplyWindow { get; init; }
    /// <summary>How long after it was sent a message can be edited, where it can; null: for ever.</summary>
    public TimeSpan? EditWindow { get; init; }
    /// <summary>How long after it was sent a message can be deleted for both sides, where it can; null: for ever.</summary>
    public TimeSpan? DeleteWindow { get; init; }
    /// <summary>The only emojis that the provider takes as reactions; null: any.</summary>
    public IReadOnlyList<string>? Emojis { get; init; }
    /// <summary>Texts are charged by parts: <see cref="ITextCounter"/> tells how many.</summary>
    public bool CountsTexts { get; init; }
    /// <summary>It sends SMS, which the contact's panel offers whatever channel the conversation is on.</summary>
    public bool IsSms => Kind == "sms";
}

/// <summary>Whether a channel works.</summary>
public enum ChannelState
{
    /// <summary>Switched off, or never switched on.</summary>
    Disconnected,
    /// <summary>On its way up.</summary>
    Connecting,
    /// <summary>Waits for somebody to read a QR code.</summary>
    NeedsPairing,
    /// <summary>Works.</summary>
    Connected,
    /// <summary>Failed just now and tries again.</summary>
    Retrying,
    /// <summary>Can't work until somebody changes something; the reason says what.</summary>
    Stopped,
}

/// <summary>Makes a channel if none has this key; for set-up, configuration and the demo.</summary>
[AllowSystem]
public sealed record EnsureChannel(string Key, string Kind, string Name, Guid? QueueId, IReadOnlyDictionary<string, string> Settings) : IRequest<Guid>;

/// <summary>An item of lanes <c>read/...</c>: the agent read up to this message. Best effort: a channel that can't, or fails, is left alone.</summary>
public sealed record ReadReceiptItem(Guid ChannelId, string AddressKind, string AddressValue, string ProviderId);

/// <summary>Shows a customer that an agent is typing, where the channel can. Implemented by Channels.</summary>
public interface ITypingOut
{
    /// <summary>They type, or stopped. Returns at once; nothing depends on it.</summary>
    void Show(Guid channelId, Address to, bool types);
}

/// <summary>Counts a text as its channel's provider would. Implemented by Channels.</summary>
public interface ITextCounter
{
    /// <summary>What it comes to; null where nobody counts.</summary>
    TextCount? Count(Guid channelId, string text);
}

/// <summary>Opens media that only its channel's adapter can open. Implemented by Channels.</summary>
public interface IMediaOpener
{
    /// <summary>Asks the adapter, under the guard of all plugin calls.</summary>
    /// <exception cref="MediaGoneException">The provider no longer has it, or the channel can't open media.</exception>
    Task<Stream> OpenAsync(Guid channelId, string reference, CancellationToken ct);
}

/// <summary>Asks what a channel's account knows from before. Implemented by Channels.</summary>
public interface IChannelMemory
{
    /// <summary>What was said with somebody, the newest first, cleaned as what comes in is, and only what can be kept.</summary>
    /// <exception cref="ProviderException">The channel is off, can't tell, or its provider refused: why, in people's words.</exception>
    IAsyncEnumerable<PastMessage> PastAsync(Guid channelId, Address with, int limit, CancellationToken ct);

    /// <summary>Whom the account has in its address book.</summary>
    /// <exception cref="ProviderException">The channel is off, can't tell, or its provider refused: why, in people's words.</exception>
    IAsyncEnumerable<BookEntry> BookAsync(Guid channelId, CancellationToken ct);
}
