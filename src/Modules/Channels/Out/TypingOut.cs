using System.Collections.Concurrent;
using Inforzap.Contracts.Channels;
using Inforzap.Sdk;

namespace Inforzap.Channels.Out;

/// <summary>
/// Shows customers that an agent is typing. Providers show it for some seconds only, so it is said again while it lasts; an agent
/// who leaves without a word stops typing by themselves.
/// </summary>
internal sealed class TypingOut(ChannelDirectory channels, TimeProvider clock, ILogger<TypingOut> log) : ITypingOut
{
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(4);
    private const int MostTimes = 15;

    private readonly ConcurrentDictionary<(Guid Channel, string Address), CancellationTokenSource> shown = new();

    public void Show(Guid channelId, Address to, bool types)
    {
        if (channels.Live(channelId) is not { IsUp: true, Driver: { Adapter: IPresence presence } driver } channel) return;
        if (shown.TryRemove((channelId, to.Value), out var before)) before.Cancel();
        var stop = new CancellationTokenSource();
        if (types) shown[(channelId, to.Value)] = stop;
        _ = Task.Run(() => RunAsync(channel.On(channels.PublicUrl), presence, driver, to, types, stop));
    }

    private async Task RunAsync(ChannelRef on, IPresence presence, Driver driver, Address to, bool types, CancellationTokenSource stop)
    {
        try
        {
            for (var times = 0; times < (types ? MostTimes : 1); times++)
            {
                await driver.Others.RunAsync(async ct =>
                {
                    await presence.TypingAsync(on, to, types, ct);
                    return true;
                }, e => true, stop.Token);
                if (types) await Task.Delay(Again, clock, stop.Token);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The agent stopped, or began anew.
        }
        catch (Exception e)
        {
            log.LogInformation("Channel {Channel} did not show that somebody types: {Exception}", on.Key, e.GetType().Name);
        }
        finally
        {
            shown.TryRemove(new((on.Id, to.Value), stop));
        }
    }
}
