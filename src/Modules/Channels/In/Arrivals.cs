using System.Collections.Concurrent;
using Inforzap.Data;
using Inforzap.Jobs;

namespace Inforzap.Channels.In;

/// <summary>When each channel last brought something, kept in memory between the writes.</summary>
internal sealed class Arrivals(TimeProvider clock)
{
    private readonly ConcurrentDictionary<Guid, DateTime> unwritten = new();

    /// <summary>Something came.</summary>
    public void Saw(Guid channelId) => unwritten[channelId] = clock.GetUtcNow().UtcDateTime;

    /// <summary>Takes what was not written yet.</summary>
    public IReadOnlyList<(Guid ChannelId, DateTime At)> Take() =>
        [.. unwritten.Keys.Select(id => unwritten.TryRemove(id, out var at) ? (id, at) : default).Where(a => a.id != Guid.Empty)];
}

/// <summary>Writes down when channels last brought something: a figure for people, not worth a write per event.</summary>
internal sealed class WriteArrivals(InforzapDb db, Commits commits, Arrivals arrivals) : IJob
{
    public async Task RunAsync(JobTick tick, CancellationToken ct)
    {
        var seen = arrivals.Take();
        if (seen.Count == 0) return;
        await commits.RunAsync(db, async () =>
        {
            foreach (var (channelId, at) in seen) (await db.HealthOfAsync(channelId, ct)).LastReceivedAt = at;
            return true;
        }, WriterKind.Background, ct);
    }
}
