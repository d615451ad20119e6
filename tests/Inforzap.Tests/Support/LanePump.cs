using System.Collections.Concurrent;
using Inforzap.Lanes;

namespace Inforzap.Tests.Support;

/// <summary>
/// Does in this process what lane grains do in a cluster: one turn at a time per lane, again when woken meanwhile, an
/// alarm for what is due later. Tests can wait until nothing moves any more.
/// </summary>
internal sealed class LanePump(Func<LaneEngine> engine, TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(300);

    private readonly Lock sync = new();
    private readonly Dictionary<string, Lane> lanes = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<Exception> failures = new();
    private int running;
    private bool closed;

    public void Wake(string lane)
    {
        lock (sync)
        {
            if (closed) return;
            var it = lanes.TryGetValue(lane, out var known) ? known : lanes[lane] = new Lane();
            it.Again = true;
            if (it.Running) return;
            it.Running = true;
            running++;
        }
        _ = Task.Run(() => RunAsync(lane));
    }

    /// <summary>Waits until no lane runs and none is about to. What fails and is retried in a second or later does not count.</summary>
    /// <exception cref="TimeoutException">Lanes still move.</exception>
    /// <exception cref="AggregateException">A turn itself failed, which no item may cause.</exception>
    public async Task SettleAsync(TimeSpan? within = null)
    {
        var end = DateTime.UtcNow + (within ?? TimeSpan.FromSeconds(30));
        var quiet = 0;
        while (quiet < 2)
        {
            if (DateTime.UtcNow > end) throw new TimeoutException("Lanes did not come to rest.");
            quiet = Moving() ? 0 : quiet + 1;
            await Task.Delay(quiet == 0 ? 5 : 1);
        }
        if (!failures.IsEmpty) throw new AggregateException(failures);
    }

    private bool Moving()
    {
        var soon = clock.GetUtcNow().UtcDateTime + Soon;
        lock (sync) return running > 0 || (clock == TimeProvider.System && lanes.Values.Any(l => l.Alarm is not null && l.AlarmAt <= soon));
    }

    private async Task RunAsync(string lane)
    {
        while (true)
        {
            lock (sync)
            {
                if (!lanes[lane].Again || closed)
                {
                    lanes[lane].Running = false;
                    running--;
                    return;
                }
                lanes[lane].Again = false;
            }
            try
            {
                var turn = await engine().TurnAsync(lane);
                lock (sync)
                {
                    lanes[lane].Again |= turn.More;
                    if (turn.At is { } at) WakeAt(lane, at);
                }
            }
            catch (Exception e)
            {
                if (!closed) failures.Enqueue(e);
            }
        }
    }

    private void WakeAt(string lane, DateTime at)
    {
        var it = lanes[lane];
        it.Alarm?.Dispose();
        it.AlarmAt = at;
        var due = at - clock.GetUtcNow().UtcDateTime;
        it.Alarm = clock.CreateTimer(_ => Ring(lane), null, due < TimeSpan.FromMilliseconds(1) ? TimeSpan.FromMilliseconds(1) : due, Timeout.InfiniteTimeSpan);
    }

    private void Ring(string lane)
    {
        lock (sync)
        {
            lanes[lane].Alarm?.Dispose();
            lanes[lane].Alarm = null;
        }
        Wake(lane);
    }

    public void Dispose()
    {
        lock (sync)
        {
            closed = true;
            foreach (var lane in lanes.Values) lane.Alarm?.Dispose();
        }
    }

    private sealed class Lane
    {
        public bool Running { get; set; }
        public bool Again { get; set; }
        public ITimer? Alarm { get; set; }
        public DateTime AlarmAt { get; set; }
    }
}
