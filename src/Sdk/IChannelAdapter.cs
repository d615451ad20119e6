namespace Inforzap.Sdk;

/// <summary>
/// Drives one channel. Sending is the one thing that every adapter can do; whatever else it can do it says by
/// implementing further interfaces of this assembly (<see cref="IWebhook"/>, <see cref="IPublicPage"/>, ...).
/// Its constructor may ask for HttpClient, IInbox, IPluginStore, IConversationView, IMediaReader, IOwnChannels, IChannelDiary,
/// TimeProvider and ILogger of any kind.
/// </summary>
public interface IChannelAdapter
{
    /// <summary>
    /// Sends one message. An exception, or a cancelled call, counts as <see cref="SendResult.Unknown"/>: the message
    /// may have left. Never retry inside: retries are the host's.
    /// </summary>
    Task<SendResult> SendAsync(ChannelRef on, OutboundMessage message, CancellationToken ct);
}

/// <summary>The channel on whose behalf a call is made.</summary>
/// <param name="Id">Identity of the channel.</param>
/// <param name="Key">The part of the channel's public addresses that names it, such as <c>webchat</c>.</param>
/// <param name="Name">What people call it.</param>
/// <param name="PublicUrl">The product's own public address without a slash at the end, if it is known.</param>
/// <param name="Form">The channel's settings, secrets in clear. Read it through <see cref="Settings{T}"/>.</param>
public sealed record ChannelRef(Guid Id, string Key, string Name, Uri? PublicUrl, object Form)
{
    /// <summary>The channel's settings.</summary>
    /// <exception cref="InvalidCastException">The type is not the one that the plugin registered.</exception>
    public T Settings<T>() where T : class => (T)Form;

    /// <summary>Names the channel only: settings hold secrets, and records print themselves.</summary>
    public override string ToString() => $"{Key} ({Id})";
}

/// <summary>What may be done on a channel beside sending text, for the composer.</summary>
[Flags]
public enum Can
{
    /// <summary>Text only.</summary>
    Text = 0,
    /// <summary>Pictures, recordings, films and documents.</summary>
    Media = 1,
    /// <summary>Answers that quote an earlier message.</summary>
    Quote = 2,
    /// <summary>Reactions with one emoji. The host adds it for <see cref="IReactions"/>.</summary>
    React = 4,
    /// <summary>Edits of what was sent. The host adds it for <see cref="IEdits"/>.</summary>
    Edit = 8,
    /// <summary>Deletion of what was sent. The host adds it for <see cref="IRevokes"/>.</summary>
    Delete = 16,
    /// <summary>Delivered and read receipts arrive.</summary>
    Receipts = 32,
    /// <summary>The other side sees that we are typing.</summary>
    Typing = 64,
    /// <summary>Places: <see cref="LocationContent"/> is taken.</summary>
    Places = 128,
    /// <summary>Contact cards: <see cref="ContactContent"/> is taken.</summary>
    Cards = 256,
    /// <summary>Files that are sent together are shown together. The host adds it for <see cref="IAlbums"/>.</summary>
    Albums = 512,
    /// <summary>Questions with choices to press: <see cref="OfferContent"/> is taken.</summary>
    Offers = 1024,
    /// <summary>Messages in wordings that the provider knows. The host adds it for <see cref="ITemplates"/>.</summary>
    Templates = 2048,
    /// <summary>Stickers: WebP of 512 by 512 as <see cref="MediaKind.Sticker"/> is shown as such. Without it nobody is offered any.</summary>
    Stickers = 4096,
    /// <summary>What was said before can be asked for. The host adds it for <see cref="IHistory"/>.</summary>
    History = 8192,
    /// <summary>The account has an address book of its own. The host adds it for <see cref="IAddressBook"/>.</summary>
    AddressBook = 16384,
}

/// <summary>Ability: says what the composer may offer. Without it only text is offered.</summary>
public interface IAbilities
{
    /// <summary>What this channel can do.</summary>
    Can Can { get; }

    /// <summary>The largest file that may be sent, in bytes.</summary>
    long MaxMediaBytes => 25L * 1024 * 1024;

    /// <summary>The kind of address that the channel reaches, as <see cref="Sdk.AddressKind"/>. Null: a visitor for adapters with a public page, a phone for the others.</summary>
    string? AddressKind => null;

    /// <summary>How long it may be quiet, with nothing of any kind coming in, before administrators are told. Null: as long as it likes.</summary>
    TimeSpan? UsualSilence => null;

    /// <summary>Whether a person can be written to before they wrote. Null: only where the address is a phone.</summary>
    bool? CanStart => null;
}

/// <summary>Ability: the 'test now' button. Cheap, sends nothing to customers.</summary>
public interface IProbe
{
    /// <summary>Checks credentials and reach.</summary>
    Task<ProbeResult> ProbeAsync(ChannelRef on, CancellationToken ct);
}

/// <summary>What a test of the settings found.</summary>
/// <param name="Ok">Whether the channel can work with these settings.</param>
/// <param name="Message">One sentence for the administrator.</param>
public sealed record ProbeResult(bool Ok, string Message);

/// <summary>Ability: values that an administrator takes to the provider's pages. Shown on the channel's card to those who may edit it.</summary>
public interface IProviderSetUp
{
    /// <summary>Beside the address for calls, which the host shows by itself.</summary>
    IReadOnlyList<SetUpValue> SetUpValues(ChannelRef on);
}

/// <summary>A value to copy.</summary>
/// <param name="Label">What the provider calls it.</param>
/// <param name="Value">What is copied. One that begins with a slash is an address of this product, which the host completes.</param>
public sealed record SetUpValue(string Label, string Value);

/// <summary>Ability: says how fast the provider takes messages. The host holds them back; an adapter never waits by itself.</summary>
public interface IPaced
{
    /// <summary>Read before each message.</summary>
    SendPace PaceOf(ChannelRef on);
}

/// <summary>How fast messages may go out.</summary>
/// <param name="PerSecond">Over the whole channel, in any second.</param>
/// <param name="PerAddress">To one address one in this time, in the long run; null: as fast as the channel.</param>
/// <param name="AddressBurst">So many to one address may go without waiting, and are waited for afterwards.</param>
public sealed record SendPace(double PerSecond, TimeSpan? PerAddress = null, int AddressBurst = 1);

/// <summary>
/// Ability: the provider takes free messages only for some time after the customer last wrote. The host refuses later ones
/// before they are sent, locks the composer, and shows how much time is left.
/// </summary>
public interface IReplyWindow
{
    /// <summary>How long. A little less than the provider's own: a message is on its way for a while.</summary>
    TimeSpan ReplyWindow { get; }
}

/// <summary>Ability: tells the other side that we read, or that we are typing. Best effort; failures are ignored.</summary>
public interface IPresence
{
    /// <summary>The agent read up to this message.</summary>
    Task ReadAsync(ChannelRef on, Address to, string providerId, CancellationToken ct);

    /// <summary>The agent is typing, or stopped.</summary>
    Task TypingAsync(ChannelRef on, Address to, bool typing, CancellationToken ct);
}

/// <summary>Ability: fetches media that a plain GET cannot, for instance since the address needs a token.</summary>
public interface IMediaSource
{
    /// <summary>Opens the media that <paramref name="reference"/> names. The host bounds size and time.</summary>
    /// <exception cref="MediaGoneException">It is gone for good; it is not asked for again.</exception>
    Task<Stream> OpenAsync(ChannelRef on, string reference, CancellationToken ct);
}

/// <summary>The provider no longer has the media.</summary>
public sealed class MediaGoneException : Exception
{
    /// <summary>With the reason that people see.</summary>
    public MediaGoneException(string message) : base(message) { }
    /// <summary>With a general reason.</summary>
    public MediaGoneException() : base("gone") { }
    /// <summary>With reason and cause.</summary>
    public MediaGoneException(string message, Exception inner) : base(message, inner) { }
}
