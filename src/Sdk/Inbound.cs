using System.Text.Json.Serialization;

namespace Inforzap.Sdk;

/// <summary>
/// Something that happened at the provider, addressed to one lane (channel and remote address). EventId is
/// the provider's and unique within the channel: a second event with the same id is dropped, which is a normal path.
/// </summary>
/// <param name="ChannelId">The channel it came through.</param>
/// <param name="EventId">Not empty, at most 300 characters.</param>
/// <param name="From">The remote address whose conversation it belongs to.</param>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "event")]
[JsonDerivedType(typeof(InboundMessage), "message")]
[JsonDerivedType(typeof(InboundReceipt), "receipt")]
[JsonDerivedType(typeof(InboundEdit), "edit")]
[JsonDerivedType(typeof(InboundRevoke), "revoke")]
[JsonDerivedType(typeof(InboundReaction), "reaction")]
[JsonDerivedType(typeof(InboundReach), "reach")]
[JsonDerivedType(typeof(InboundMove), "move")]
public abstract record InboundEvent(Guid ChannelId, string EventId, Address From)
{
    /// <summary>When it happened, by the provider's clock, UTC.</summary>
    public DateTime? At { get; init; }

    /// <summary>The event as it came, kept beside the translation.</summary>
    [JsonIgnore]
    public ReadOnlyMemory<byte> Raw { get; init; }
}

/// <summary>A message from a customer, or an echo of one that the company sent from another device.</summary>
/// <param name="ChannelId">The channel it came through.</param>
/// <param name="EventId">The provider's message id.</param>
/// <param name="From">The customer, also for an echo.</param>
/// <param name="Content">What it says.</param>
public sealed record InboundMessage(Guid ChannelId, string EventId, Address From, Content Content) : InboundEvent(ChannelId, EventId, From)
{
    /// <summary>The provider's id of the message, when it is not the event's id.</summary>
    public string? ProviderId { get; init; }

    /// <summary>The provider's id of the message that this one answers.</summary>
    public string? QuotedProviderId { get; init; }

    /// <summary>The company wrote it, on a phone for instance. It opens no ticket and counts as answered.</summary>
    public bool Echo { get; init; }

    /// <summary>
    /// Further addresses of whoever wrote, as the provider says: a number beside an id, the new number of somebody who changed
    /// it. They lead to the same contact from now on, unless they lead to another one already.
    /// </summary>
    public IReadOnlyList<Address> AlsoKnownAs { get; init; } = [];

    /// <summary>
    /// The provider says it, and not the customer: a number was changed, for instance. It stands in the conversation, opens no
    /// ticket, is not unread, and does not open the <see cref="IReplyWindow"/>.
    /// </summary>
    public bool Notice { get; init; }

    /// <summary>Who wrote it, when it was written in a group; <see cref="InboundEvent.From"/> is then the group.</summary>
    public Address? Participant { get; init; }

    /// <summary>What brought a new customer here: the payload of a link, the name of an advertisement. The first one is kept with the contact.</summary>
    public string? CameFrom { get; init; }
}

/// <summary>How far a message of ours came.</summary>
/// <param name="ChannelId">The channel.</param>
/// <param name="EventId">Unique per state: providers repeat the message id for every state, so add the state to it.</param>
/// <param name="From">The customer.</param>
/// <param name="ProviderId">The provider's id of our message; may be empty when <see cref="AttemptId"/> is given.</param>
/// <param name="State">How far.</param>
public sealed record InboundReceipt(Guid ChannelId, string EventId, Address From, string ProviderId, ReceiptState State) : InboundEvent(ChannelId, EventId, From)
{
    /// <summary>Our own id of the attempt, where the provider gives it back. It settles an unknown send.</summary>
    public Guid? AttemptId { get; init; }

    /// <summary>Why it failed, for people.</summary>
    public string? Reason { get; init; }

    /// <summary>The provider's code of the failure.</summary>
    public string? Code { get; init; }

    /// <summary>This state holds for everything up to this number in the conversation, for channels that read in bulk.</summary>
    public long? UpToSeq { get; init; }

    /// <summary>What the provider says that the message costs, where it says so. Each receipt of a message may say it again: the host keeps one entry a message, in which what was said last counts, and counts costs with it.</summary>
    public Cost? Cost { get; init; }
}

/// <summary>What a provider charges for a message: no amount, which stands on its bill, but what the amount follows from.</summary>
/// <param name="Category">As what it counts, in the provider's word, such as <c>utility</c>; null when it does not say.</param>
/// <param name="Billable">Whether it is charged; null when the provider does not say.</param>
/// <param name="Model">How it is charged, in the provider's word, such as <c>PMP</c>, per message; null when it does not say.</param>
public sealed record Cost(string? Category, bool? Billable, string? Model = null);

/// <summary>States that a receipt can bring.</summary>
public enum ReceiptState
{
    /// <summary>Taken by the provider.</summary>
    Sent,
    /// <summary>On the customer's device.</summary>
    Delivered,
    /// <summary>Seen.</summary>
    Read,
    /// <summary>A recording was listened to.</summary>
    Played,
    /// <summary>Not delivered.</summary>
    Failed,
}

/// <summary>The customer changed a message.</summary>
public sealed record InboundEdit(Guid ChannelId, string EventId, Address From, string ProviderId, string Body) : InboundEvent(ChannelId, EventId, From);

/// <summary>The customer deleted a message. It stays visible, marked.</summary>
public sealed record InboundRevoke(Guid ChannelId, string EventId, Address From, string ProviderId) : InboundEvent(ChannelId, EventId, From);

/// <summary>The customer reacted with an emoji; empty takes the reaction back.</summary>
public sealed record InboundReaction(Guid ChannelId, string EventId, Address From, string ProviderId, string Emoji) : InboundEvent(ChannelId, EventId, From);

/// <summary>The address can't be written to any more, or can again: somebody blocked the bot, left, came back. A message from it says the latter by itself.</summary>
/// <param name="ChannelId">The channel.</param>
/// <param name="EventId">The provider's id of the event.</param>
/// <param name="From">The address.</param>
/// <param name="IsReachable">Whether messages reach it from now on.</param>
public sealed record InboundReach(Guid ChannelId, string EventId, Address From, bool IsReachable) : InboundEvent(ChannelId, EventId, From)
{
    /// <summary>Why not, in one sentence for agents.</summary>
    public string? Reason { get; init; }
}

/// <summary>
/// The address is new, but who is behind it is not: a group got another number. Contact and tickets of the former address go on
/// under the new one. Deliver it before the first message of the new one; when that is known already, nothing moves.
/// </summary>
/// <param name="ChannelId">The channel.</param>
/// <param name="EventId">The provider's id of the event.</param>
/// <param name="From">The new address.</param>
/// <param name="Former">The one before.</param>
public sealed record InboundMove(Guid ChannelId, string EventId, Address From, Address Former) : InboundEvent(ChannelId, EventId, From);

/// <summary>The one door for everything that comes in. When a call returns, the events are in the database.</summary>
public interface IInbox
{
    /// <summary>Keeps one event. Answer the provider only after this returned.</summary>
    /// <exception cref="InboxFullException">The database takes nothing now: answer 503, the provider tries again.</exception>
    Task DeliverAsync(InboundEvent happened, CancellationToken ct = default);

    /// <summary>Keeps several events in one commit, in this order.</summary>
    Task DeliverAsync(IReadOnlyList<InboundEvent> happened, CancellationToken ct = default);

    /// <summary>Keeps a file that came along, before its message is delivered.</summary>
    /// <exception cref="MediaTooLargeException">It is over the limit.</exception>
    Task<Guid> StoreAsync(Guid channelId, Stream content, string? fileName, CancellationToken ct = default);

    /// <summary>Says that the customer is typing. Lossy, kept nowhere.</summary>
    void Typing(Guid channelId, Address from, bool typing);
}

/// <summary>The database takes nothing now.</summary>
public sealed class InboxFullException : Exception
{
    /// <summary>With reason and cause.</summary>
    public InboxFullException(string message, Exception? inner = null) : base(message, inner) { }
    /// <summary>With a general reason.</summary>
    public InboxFullException() : base("The inbox takes nothing now.") { }
    /// <summary>With a reason.</summary>
    public InboxFullException(string message) : base(message) { }
}

/// <summary>A file is over the limit.</summary>
public sealed class MediaTooLargeException : Exception
{
    /// <summary>With the limit in bytes.</summary>
    public MediaTooLargeException(long limit) : base($"The file is larger than {limit} bytes.") => Limit = limit;
    /// <summary>With a general reason.</summary>
    public MediaTooLargeException() : base("The file is too large.") { }
    /// <summary>With a reason.</summary>
    public MediaTooLargeException(string message) : base(message) { }
    /// <summary>With reason and cause.</summary>
    public MediaTooLargeException(string message, Exception inner) : base(message, inner) { }

    /// <summary>How many bytes would have been taken. The host tells agents, in their language; null when it was no matter of bytes.</summary>
    public long? Limit { get; }
}
