using Inforzap.Requests;
using Inforzap.Sdk;

namespace Inforzap.Contracts.Tickets;

/// <summary>A queue as other modules may read it.</summary>
public sealed record QueueView
{
    /// <summary>Identity.</summary>
    public Guid Id { get; init; }
    /// <summary>What people call it.</summary>
    public string Name { get; init; } = "";
    /// <summary>#rrggbb.</summary>
    public string Color { get; init; } = "";
    /// <summary>Takes tickets.</summary>
    public bool IsActive { get; init; }
}

/// <summary>Who serves which queue.</summary>
public sealed record QueueMemberView
{
    /// <summary>The queue.</summary>
    public Guid QueueId { get; init; }
    /// <summary>The user.</summary>
    public Guid UserId { get; init; }
}

/// <summary>A reason for closing tickets as other modules may read it, also one that is deleted.</summary>
public sealed record ClosingReasonView
{
    /// <summary>Identity.</summary>
    public Guid Id { get; init; }
    /// <summary>What people call it.</summary>
    public string Name { get; init; } = "";
}

/// <summary>Sets the queues of a user.</summary>
[AllowSystem]
public sealed record SetUserQueues(Guid UserId, IReadOnlyCollection<Guid> QueueIds) : IRequest;

/// <summary>Makes a queue if none has this name; for set-up, configuration and the demo.</summary>
[AllowSystem]
public sealed record EnsureQueue(string Name, string Color = "#0B7A75") : IRequest<Guid>;

/// <summary>The reason for closing of this name, offered everywhere; made if it is missing.</summary>
[AllowSystem]
public sealed record EnsureReason(string Name, string Color) : IRequest<Guid>;

/// <summary>
/// Claims a queued message for one attempt. Null: nothing to send, since it was sent, withdrawn or is unsure; the item of the
/// lane is marked done then. An attempt whose deadline passed without a result becomes Unknown here.
/// </summary>
[AllowSystem]
public sealed record ClaimSend(Guid MessageId, long Position, TimeSpan Deadline) : IRequest<ClaimedSend?>
{
    /// <summary>What was sent together with it, and waits as it does, is claimed with it.</summary>
    public bool WithAlbum { get; init; }
}

/// <summary>What to send, and under which attempt.</summary>
/// <param name="ChannelId">Through which channel.</param>
/// <param name="Message">What the adapter gets.</param>
/// <param name="BusyUntil">Somebody else sends it now: look again then. Message has no meaning in that case.</param>
public sealed record ClaimedSend(Guid ChannelId, OutboundMessage? Message, DateTime? BusyUntil)
{
    /// <summary>The others of its album, in order. Their own items of the lane find them sent.</summary>
    public IReadOnlyList<OutboundMessage> Also { get; init; } = [];
}

/// <summary>
/// Writes down how an attempt ended, if it is still the message's attempt, and marks the lane's item done or due later. Position 0:
/// the item is marked when its turn comes.
/// </summary>
[AllowSystem]
public sealed record RecordSend(Guid MessageId, Guid AttemptId, long Position, SendResult Result) : IRequest<bool>;

/// <summary>Claims and results of many conversations, in one transaction: all of it, or nothing.</summary>
[AllowSystem]
public sealed record WorkSends(IReadOnlyList<ClaimSend> Claims, IReadOnlyList<RecordSend> Records) : IRequest<WorkedSends>;

/// <summary>What each of them came to, in their order.</summary>
public sealed record WorkedSends(IReadOnlyList<ClaimedSend?> Claims, IReadOnlyList<bool> Records);

/// <summary>
/// What is to be changed of a message that was sent: it is asked for by an item of a lane <c>act/{channel}/{contact}</c>. Null: it
/// was asked for anew meanwhile, or is so already; the item is marked done then.
/// </summary>
[AllowSystem]
public sealed record ReadAct(Guid MessageId, Guid ActId, long Position) : IRequest<WantedAct?>;

/// <summary>What a message shall be like on the other side.</summary>
/// <param name="Message">Which.</param>
/// <param name="Kind">What of it.</param>
/// <param name="Text">The emoji, null for none; or the new text.</param>
public sealed record WantedAct(KnownMessage Message, MessageAct Kind, string? Text);

/// <summary>What can be done to a message afterwards.</summary>
public enum MessageAct
{
    /// <summary>Our reaction to it.</summary>
    React,
    /// <summary>Another text.</summary>
    Edit,
    /// <summary>Gone for both sides.</summary>
    Delete,
}

/// <summary>Writes down how it ended, if nothing newer was asked for, and marks the lane's item done or due later.</summary>
[AllowSystem]
public sealed record RecordAct(Guid MessageId, Guid ActId, long Position, SendResult Result) : IRequest<DateTime?>;

/// <summary>What a customer may see of their own conversation, for public pages. See <see cref="IConversationView"/>.</summary>
[AllowSystem, Reads]
public sealed record ReadConversation(Guid ChannelId, Address Address, long Change) : IRequest<IReadOnlyList<ViewedMessage>>;

/// <summary>Whether a stored file was part of a conversation of this address.</summary>
[AllowSystem, Reads]
public sealed record IsInConversation(Guid ChannelId, Address Address, Guid FileId) : IRequest<bool>;

/// <summary>The topic under which a conversation's changes are hinted; null when the address is unknown yet.</summary>
[AllowSystem, Reads]
public sealed record ConversationTopic(Guid ChannelId, Address Address) : IRequest<string?>;

/// <summary>How many tickets of a channel are pending or open.</summary>
[AllowSystem, Reads]
public sealed record CountActiveTickets(Guid ChannelId) : IRequest<int>;

/// <summary>How many tickets these contacts have. Who has none is left out.</summary>
[AllowSystem, Reads]
public sealed record CountTicketsOf(IReadOnlyCollection<Guid> ContactIds) : IRequest<IReadOnlyDictionary<Guid, int>>;

/// <summary>Tells whoever looks at tickets of these contacts to look again: something that is shown with them changed.</summary>
[AllowSystem]
public sealed record TouchTicketsOf(IReadOnlyCollection<Guid> ContactIds) : IRequest;

/// <summary>Writes down, in the tickets of these contacts that are not closed, who looks after them from now on, and has viewers look again.</summary>
/// <param name="ContactIds">Whose.</param>
/// <param name="Owners">Names, the first one first; empty: nobody in particular.</param>
[AllowSystem]
public sealed record NoteOwners(IReadOnlyCollection<Guid> ContactIds, string Owners) : IRequest;
