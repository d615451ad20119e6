namespace Inforzap.Sdk;

/// <summary>
/// The diary of a channel, which administrators read when they look for a fault: the last 200 things that happened. What is
/// delivered, sent and answered stands there by itself; this is for what the provider tells of the account, and no customer.
/// </summary>
public interface IChannelDiary
{
    /// <summary>
    /// Writes a line. The host cuts it at 300 characters and strikes out what could be a telephone number or an e-mail address, and
    /// passes over one that repeats the line before it at once. Lossy: never the only place of anything.
    /// </summary>
    /// <param name="channelId">A channel of the plugin; for another one nothing is written.</param>
    /// <param name="text">One sentence for administrators. Never what a customer wrote, and no secret.</param>
    /// <param name="isTrouble">Somebody should look into it.</param>
    void Note(Guid channelId, string text, bool isTrouble = false);
}
