namespace Inforzap.Sdk;

/// <summary>Ability: pictures and films that were sent together reach the customer as one album.</summary>
public interface IAlbums
{
    /// <summary>
    /// Sends 2 to 10 files of one conversation, each with its own caption. What the provider won't show together goes one by one.
    /// </summary>
    /// <returns>How each ended, in the same order. An exception, or a result that is missing, counts as <see cref="SendResult.Unknown"/>.</returns>
    Task<IReadOnlyList<SendResult>> SendAlbumAsync(ChannelRef on, IReadOnlyList<OutboundMessage> messages, CancellationToken ct);
}
