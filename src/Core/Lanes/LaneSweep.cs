using Inforzap.Data;
using Inforzap.Jobs;

namespace Inforzap.Lanes;

/// <summary>
/// Wakes lanes with overdue items: at start everything that a stopped process left, later whatever a lost wake-up left.
/// What waits is looked at again now and then, since what it waits for may have been committed beside it, unseen; it is
/// parked when it waited in vain. What was done long ago is removed.
/// </summary>
internal sealed class LaneSweep(InforzapDb db, Commits commits, LaneWaker waker, TimeProvider clock) : IJob
{
    private static readonly TimeSpan Patience = TimeSpan.FromHours(6);
    private static readonly TimeSpan Keep = TimeSpan.FromDays(30);
    private const int Batch = 5_000;

    public async Task RunAsync(JobTick tick, CancellationToken ct)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        var overdue = tick.First ? now : now.AddSeconds(-5);
        waker.Wake(await db.LaneItems.Where(i => i.State == LaneItemState.Pending && i.DueAt <= overdue).Select(i => i.Lane).Distinct().OrderBy(l => l).Take(2_000).ToListAsync(ct));
        var givenUp = now - Patience;
        var again = await db.LaneItems.Where(i => i.State == LaneItemState.Waiting && i.DueAt <= now && i.CreatedAt >= givenUp)
            .OrderBy(i => i.Position).Take(1_000).Select(i => new { i.Position, i.Lane }).ToListAsync(ct);
        if (again.Count > 0)
        {
            var positions = again.Select(i => i.Position).ToArray();
            await commits.RunAsync(db, () => db.LaneItems.Where(i => positions.Contains(i.Position) && i.State == LaneItemState.Waiting)
                .ExecuteUpdateAsync(s => s.SetProperty(i => i.State, LaneItemState.Pending), ct), WriterKind.Background, ct);
            waker.Wake(again.Select(i => i.Lane).Distinct());
        }
        if (await db.LaneItems.AnyAsync(i => i.State == LaneItemState.Waiting && i.CreatedAt < givenUp, ct))
            await commits.RunAsync(db, () => db.LaneItems.Where(i => i.State == LaneItemState.Waiting && i.CreatedAt < givenUp)
                .ExecuteUpdateAsync(s => s.SetProperty(i => i.State, LaneItemState.Parked).SetProperty(i => i.DoneAt, now), ct), WriterKind.Background, ct);
        var old = now - Keep;
        if (tick.Number % 240 == 0) while (await ForgetAsync(old, ct) == Batch) { }
    }

    /// <summary>The oldest come first in the table, so no index has to know when each was done.</summary>
    private async Task<int> ForgetAsync(DateTime old, CancellationToken ct)
    {
        var oldest = await db.LaneItems.Where(i => i.State == LaneItemState.Done || i.State == LaneItemState.Dropped)
            .OrderBy(i => i.Position).Take(Batch).Select(i => new { i.Position, i.DoneAt }).ToListAsync(ct);
        var positions = oldest.Where(i => i.DoneAt < old).Select(i => i.Position).ToArray();
        if (positions.Length > 0)
            await commits.RunAsync(db, () => db.LaneItems.Where(i => positions.Contains(i.Position)).ExecuteDeleteAsync(ct), WriterKind.Background, ct);
        return positions.Length;
    }
}
