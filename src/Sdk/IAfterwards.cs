namespace Inforzap.Sdk;

/// <summary>
/// A message that both sides know, of which something is to be changed. Each change says what shall be and not what to do, so the
/// host may ask for it again: one that is so already is <see cref="SendResult.Sent"/>.
/// </summary>
/// <param name="MessageId">The product's message.</param>
/// <param name="To">The conversation's other side.</param>
/// <param name="ProviderId">The provider's id of the message.</param>
/// <param name="FromUs">We wrote it.</param>
/// <param name="File">Its kind, if it is a file; what is edited then is its caption.</param>
public sealed record KnownMessage(Guid MessageId, Address To, string ProviderId, bool FromUs, MediaKind? File = null);

/// <summary>Ability: our reaction with one emoji to a message of either side. The host then offers it by itself.</summary>
public interface IReactions
{
    /// <summary>The only ones that the provider takes; null: any.</summary>
    IReadOnlyList<string>? Emojis => null;

    /// <summary>Sets our one reaction, or takes it back when <paramref name="emoji"/> is null. Exceptions count as unknown.</summary>
    Task<SendResult> ReactAsync(ChannelRef on, KnownMessage message, string? emoji, CancellationToken ct);
}

/// <summary>Ability: changes the text of what we sent.</summary>
public interface IEdits
{
    /// <summary>For how long after it was sent; null: for ever.</summary>
    TimeSpan? EditWindow => null;

    /// <summary>The text, or the caption, is to be <paramref name="body"/>. Exceptions count as unknown.</summary>
    Task<SendResult> EditAsync(ChannelRef on, KnownMessage message, string body, CancellationToken ct);
}

/// <summary>Ability: deletes what we sent, for both sides.</summary>
public interface IRevokes
{
    /// <summary>For how long after it was sent; null: for ever.</summary>
    TimeSpan? RevokeWindow => null;

    /// <summary>The message is to be gone. Exceptions count as unknown.</summary>
    Task<SendResult> RevokeAsync(ChannelRef on, KnownMessage message, CancellationToken ct);
}
