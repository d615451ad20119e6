using System.Collections.Concurrent;

namespace Inforzap.Lanes;

/// <summary>Gives lanes their turns in this process alone, without the distributed engine: for tools that make data and go.</summary>
public sealed class LocalLanes(IServiceProvider services)
{
    private readonly ConcurrentDictionary<string, bool> again = new(StringComparer.Ordinal);
    private int running;

    /// <summary>Lanes are at work.</summary>
    public bool IsBusy => Volatile.Read(ref running) > 0;

    /// <summary>Runs the lane until nothing in it is due. What is due later stays in the database.</summary>
    public void Wake(string lane)
    {
        if (!again.TryAdd(lane, false))
        {
            again[lane] = true;
            return;
        }
        Interlocked.Increment(ref running);
        _ = Task.Run(() => RunAsync(lane));
    }

    private async Task RunAsync(string lane)
    {
        try
        {
            var engine = services.GetRequiredService<LaneEngine>();
            do
            {
                again[lane] = false;
                while ((await engine.TurnAsync(lane)).More) { }
            }
            while (!again.TryRemove(new(lane, false)));
        }
        finally
        {
            Interlocked.Decrement(ref running);
        }
    }
}
