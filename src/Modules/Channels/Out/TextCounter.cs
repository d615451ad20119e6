using Inforzap.Contracts.Channels;
using Inforzap.Sdk;

namespace Inforzap.Channels.Out;

/// <summary>Asks the channel's adapter, at once and on the caller's thread: it was promised to be cheap. One that fails counts nothing.</summary>
internal sealed class TextCounter(ChannelDirectory channels, ILogger<TextCounter> log) : ITextCounter
{
    /// <summary>Nobody writes more by hand for a channel that charges by length.</summary>
    private const int Longest = 20_000;

    public TextCount? Count(Guid channelId, string text)
    {
        if (channels.Live(channelId) is not { IsDeleted: false, Form: not null, Driver.Adapter: ITextCount counter } channel) return null;
        try
        {
            return counter.Count(channel.On(channels.PublicUrl), text.Length > Longest ? text[..Longest] : text);
        }
        catch (Exception e)
        {
            log.LogInformation("Channel {Channel} can't count a text: {Exception}", channel.Info.Key, e.GetType().Name);
            return null;
        }
    }
}
