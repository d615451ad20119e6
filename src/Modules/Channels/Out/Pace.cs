using System.Collections.Concurrent;
using Microsoft.Extensions.Configuration;

namespace Inforzap.Channels.Out;

/// <summary>How many messages per second a channel takes: <c>Channels__Pace</c>, 20 when nothing is said. A burst of one second is allowed.</summary>
internal sealed class Pace(IConfiguration configuration, TimeProvider clock)
{
    private readonly double perSecond = Math.Clamp(configuration.GetValue("Channels:Pace", 20d), 0.1, 10_000);
    private readonly ConcurrentDictionary<Guid, Bucket> buckets = new();

    /// <summary>Waits for a token of the channel.</summary>
    public Task WaitAsync(Guid channelId, CancellationToken ct)
    {
        var wait = buckets.GetOrAdd(channelId, _ => new Bucket(clock.GetTimestamp())).Take(clock, perSecond);
        return wait <= TimeSpan.Zero ? Task.CompletedTask : Task.Delay(wait, clock, ct);
    }

    /// <summary>Keeps the time at which it would be full of debts paid, so that no timer is needed.</summary>
    private sealed class Bucket(long start)
    {
        private readonly Lock sync = new();
        private double tokens = double.NaN;
        private long last = start;

        public TimeSpan Take(TimeProvider clock, double perSecond)
        {
            lock (sync)
            {
                var now = clock.GetTimestamp();
                var burst = Math.Max(1, perSecond);
                tokens = double.IsNaN(tokens) ? burst : Math.Min(burst, tokens + clock.GetElapsedTime(last, now).TotalSeconds * perSecond);
                last = now;
                return --tokens >= 0 ? TimeSpan.Zero : TimeSpan.FromSeconds(-tokens / perSecond);
            }
        }
    }
}
