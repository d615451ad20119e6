using Inforzap.Contracts.Channels;
using Inforzap.Sdk;

namespace Inforzap.Channels.Out;

/// <summary>Opens media that only the channel's adapter can open.</summary>
internal sealed class MediaOpener(ChannelDirectory channels) : IMediaOpener
{
    public Task<Stream> OpenAsync(Guid channelId, string reference, CancellationToken ct) => channels.Live(channelId) switch
    {
        null or { IsDeleted: true } => throw new MediaGoneException(),
        { IsUp: true, Driver: { Adapter: IMediaSource source } driver } channel =>
            driver.Slow.RunAsync(token => source.OpenAsync(channel.On(channels.PublicUrl), reference, token), e => e is MediaGoneException or MediaTooLargeException, ct),
        { IsUp: true } => throw new MediaGoneException(),
        _ => throw new InvalidOperationException("The channel is off now."),
    };
}
