using System.Collections.Concurrent;
using Inforzap.Lanes;
using Inforzap.Sdk;
using Microsoft.Extensions.Configuration;

namespace Inforzap.Channels.Out;

/// <summary>
/// How fast a channel takes messages: what its adapter says (<see cref="IPaced"/>), else <c>Channels__Pace</c> a second, 20 when
/// nothing is said. In any second no more than that go out; several nodes have equal parts of it. One address has a bucket of its own,
/// where the adapter wants it.
/// </summary>
internal sealed class Pace(IConfiguration configuration, TimeProvider clock, Nodes nodes)
{
    /// <summary>Buckets are thrown away when they are full again, once there are more than this.</summary>
    private const int ManyAddresses = 5_000;

    private readonly SendPace usual = new(Math.Clamp(configuration.GetValue("Channels:Pace", 20d), 0.1, 10_000));
    private readonly ConcurrentDictionary<Guid, Second> channels = new();
    private readonly ConcurrentDictionary<string, Bucket> addresses = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<Guid, (DateTime Until, string? Reason)> held = new();

    private DateTime Now => clock.GetUtcNow().UtcDateTime;

    /// <summary>The provider takes nothing from the whole channel until then.</summary>
    public void Hold(Guid channelId, TimeSpan time, string? reason) => held[channelId] = (Now + time, reason);

    /// <summary>Whether it is held now, for how long and why.</summary>
    public (TimeSpan For, string? Reason)? Held(Guid channelId)
    {
        if (!held.TryGetValue(channelId, out var hold)) return null;
        if (hold.Until > Now) return (hold.Until - Now, hold.Reason);
        held.TryRemove(new(channelId, hold));
        return null;
    }

    /// <summary>How long the address of this lane must still wait. Zero takes one of its places.</summary>
    public TimeSpan TakeAddress(string lane, SendPace? pace)
    {
        if (pace is not { PerAddress: { } every } || every <= TimeSpan.Zero) return TimeSpan.Zero;
        if (addresses.Count > ManyAddresses) ForgetFull();
        return addresses.GetOrAdd(lane, _ => new Bucket(Math.Max(1, pace.AddressBurst), Now)).Take(Now, every, Math.Max(1, pace.AddressBurst));
    }

    /// <summary>Waits for a place in the channel's second.</summary>
    public Task WaitAsync(Guid channelId, SendPace? pace, CancellationToken ct)
    {
        var perSecond = pace ?? usual;
        return channels.GetOrAdd(channelId, _ => new Second()).WaitAsync(clock, Math.Max(0.01, perSecond.PerSecond / nodes.Count), ct);
    }

    private void ForgetFull()
    {
        var now = Now;
        foreach (var (lane, bucket) in addresses) if (bucket.IsFull(now)) addresses.TryRemove(new(lane, bucket));
    }

    /// <summary>
    /// The times of the last sends, as many as a second may have. The next may go when the oldest of them is a second old, so
    /// that no second, wherever it begins, has more. One waits at a time, the others behind it in their order.
    /// </summary>
    private sealed class Second
    {
        /// <summary>Between a place and the wire lies a claim, which takes now longer, now shorter.</summary>
        private static readonly TimeSpan Slack = TimeSpan.FromMilliseconds(30);

        private readonly Lock sync = new();
        private readonly Queue<long> sent = new();
        private Task last = Task.CompletedTask;

        public Task WaitAsync(TimeProvider clock, double perSecond, CancellationToken ct)
        {
            // Who gives up still takes its place: that happens only when the host stops.
            lock (sync) return (last = GoAsync(last, clock, perSecond)).WaitAsync(ct);
        }

        private async Task GoAsync(Task before, TimeProvider clock, double perSecond)
        {
            await before;
            // Less than one a second is one in a longer time.
            var places = Math.Max(1, (int)perSecond);
            var span = TimeSpan.FromSeconds(places / perSecond) + Slack;
            while (sent.Count >= places)
            {
                var left = span - clock.GetElapsedTime(sent.Peek());
                if (left > TimeSpan.Zero) await Task.Delay(left, clock);
                else sent.Dequeue();
            }
            sent.Enqueue(clock.GetTimestamp());
        }
    }

    /// <summary>Fills up by one place at a time.</summary>
    private sealed class Bucket(int burst, DateTime start)
    {
        private readonly Lock sync = new();
        private double places = burst;
        private DateTime last = start;
        private TimeSpan fill = TimeSpan.FromSeconds(1);

        public TimeSpan Take(DateTime now, TimeSpan every, int burst)
        {
            lock (sync)
            {
                places = Math.Min(burst, places + ((now - last) / every));
                (last, fill) = (now, every * (burst - places));
                if (places < 1) return every * (1 - places);
                places--;
                fill += every;
                return TimeSpan.Zero;
            }
        }

        public bool IsFull(DateTime now)
        {
            lock (sync) return now - last >= fill;
        }
    }
}
