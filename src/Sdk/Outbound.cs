namespace Inforzap.Sdk;

/// <summary>One message to a customer.</summary>
/// <param name="MessageId">The product's message. The same over all attempts.</param>
/// <param name="AttemptId">This try. Give it to the provider where it takes an id of ours: receipts that carry it settle an unknown send.</param>
/// <param name="To">Who gets it.</param>
/// <param name="Content">What it says. Text has the signature in it already.</param>
/// <param name="QuotedProviderId">The provider's id of the message that this one answers.</param>
/// <param name="Seq">Its number in the conversation, growing.</param>
public sealed record OutboundMessage(
    Guid MessageId, Guid AttemptId, Address To, Content Content, string? QuotedProviderId = null, long Seq = 0)
{
    /// <summary>How many tries there were with this one: 1 for the first. An adapter waits longer each time by it.</summary>
    public int Try { get; init; } = 1;
}

/// <summary>How a send ended. Use the makers: <see cref="Sent"/>, <see cref="Refused"/>, <see cref="Later"/>, <see cref="Unknown"/>.</summary>
/// <param name="Outcome">Which of the four.</param>
/// <param name="ProviderId">The provider's id of the message, when sent.</param>
/// <param name="Reason">One sentence for the agent, when not sent.</param>
/// <param name="After">How long to wait, for later.</param>
/// <param name="Code">The provider's code of a refusal.</param>
public sealed record SendResult(SendOutcome Outcome, string? ProviderId = null, string? Reason = null, TimeSpan? After = null, string? Code = null)
{
    /// <summary>
    /// It speaks of the channel and not of this message: a token that is no longer valid, a limit of the whole number. People see
    /// the reason on the channel, and what else would go out through it waits as long as this message.
    /// </summary>
    public bool OfChannel { get; init; }

    /// <summary>
    /// It speaks of this one address: too many messages to the same person. Others are sent meanwhile, and it says nothing of how
    /// the channel fares.
    /// </summary>
    public bool OfAddress { get; init; }

    /// <summary>
    /// The address as the provider writes it, when it was sent and that is not how we wrote it: an id beside a number, a number with
    /// another beginning. It leads to the same contact from now on, unless it leads to somebody already; messages still go where this
    /// one was taken.
    /// </summary>
    public Address? Reached { get; init; }

    /// <summary>The provider took it and named it.</summary>
    public static SendResult Sent(string providerId) => new(SendOutcome.Sent, providerId);

    /// <summary>The provider, or the channel's rules, said no. It is shown as failed, and a person may send it again.</summary>
    public static SendResult Refused(string reason, string? code = null) => new(SendOutcome.Refused, null, reason, null, code);

    /// <summary>Only for an answer that proves that nothing was sent: 429, connection refused, name not found.</summary>
    public static SendResult Later(TimeSpan after, string? reason = null) => new(SendOutcome.Later, null, reason, after);

    /// <summary>As <see cref="Later"/>, for all that goes out through the channel.</summary>
    public static SendResult LaterForAll(TimeSpan after, string? reason = null) => Later(after, reason) with { OfChannel = true };

    /// <summary>As <see cref="Later"/>, where the provider protects one person from too many messages.</summary>
    public static SendResult LaterForAddress(TimeSpan after, string? reason = null) => Later(after, reason) with { OfAddress = true };

    /// <summary>It may have been sent. The host never repeats it by itself.</summary>
    public static SendResult Unknown(string reason) => new(SendOutcome.Unknown, null, reason);
}

/// <summary>The four ends of an attempt.</summary>
public enum SendOutcome
{
    /// <summary>Taken by the provider.</summary>
    Sent,
    /// <summary>Refused for good.</summary>
    Refused,
    /// <summary>Surely not sent; to be tried again.</summary>
    Later,
    /// <summary>Nobody knows.</summary>
    Unknown,
}
