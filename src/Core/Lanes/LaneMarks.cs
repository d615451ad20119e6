using Inforzap.Data;

namespace Inforzap.Lanes;

/// <summary>The marks on lane items, each by compare-and-set.</summary>
public static class LaneMarks
{
    /// <summary>Failures after which an item is parked.</summary>
    public const int MaxAttempts = 8;

    /// <summary>Marks a pending item done. False when somebody else did already.</summary>
    public static async Task<bool> DoneAsync(this InforzapDb db, long position, DateTime now, CancellationToken ct) =>
        await db.LaneItems.Where(i => i.Position == position && i.State == LaneItemState.Pending)
            .ExecuteUpdateAsync(set => set.SetProperty(i => i.State, LaneItemState.Done).SetProperty(i => i.DoneAt, now), ct) == 1;

    /// <summary>Marks these pending items done.</summary>
    public static Task DoneAsync(this InforzapDb db, IReadOnlyCollection<long> positions, DateTime now, CancellationToken ct) =>
        db.LaneItems.Where(i => positions.Contains(i.Position) && i.State == LaneItemState.Pending)
            .ExecuteUpdateAsync(set => set.SetProperty(i => i.State, LaneItemState.Done).SetProperty(i => i.DoneAt, now), ct);

    /// <summary>Lets a pending item wait for its next try.</summary>
    public static Task PostponeAsync(this InforzapDb db, long position, DateTime until, string? reason, CancellationToken ct) =>
        db.LaneItems.Where(i => i.Position == position && i.State == LaneItemState.Pending)
            .ExecuteUpdateAsync(set => set.SetProperty(i => i.DueAt, until).SetProperty(i => i.Reason, reason), ct);

    /// <summary>Parks a pending item at once: no repetition would change anything, and a person decides.</summary>
    public static Task ParkAsync(this InforzapDb db, long position, DateTime now, string reason, CancellationToken ct)
    {
        var text = CleanText.Of(reason, 500);
        return db.LaneItems.Where(i => i.Position == position && i.State == LaneItemState.Pending)
            .ExecuteUpdateAsync(set => set.SetProperty(i => i.State, LaneItemState.Parked).SetProperty(i => i.DoneAt, now).SetProperty(i => i.Reason, text), ct);
    }

    /// <summary>Leaves a pending item out for good.</summary>
    public static Task DropAsync(this InforzapDb db, long position, DateTime now, string reason, CancellationToken ct)
    {
        var text = CleanText.Of(reason, 500);
        return db.LaneItems.Where(i => i.Position == position && i.State == LaneItemState.Pending)
            .ExecuteUpdateAsync(set => set.SetProperty(i => i.State, LaneItemState.Dropped).SetProperty(i => i.DoneAt, now).SetProperty(i => i.Reason, text), ct);
    }

    /// <summary>The first pending items of these lanes, due or not, oldest first and at most so many over all of them.</summary>
    internal static Task<List<LaneItem>> FrontAsync(this InforzapDb db, IReadOnlyCollection<string> lanes, int most, CancellationToken ct)
    {
        // The inner query is answered from the index of pending items alone, however many wait in these lanes.
        var first = db.LaneItems.Where(i => i.State == LaneItemState.Pending && lanes.Contains(i.Lane)).OrderBy(i => i.Position).Take(most).Select(i => i.Position);
        return db.LaneItems.AsNoTracking().Where(i => first.Contains(i.Position)).OrderBy(i => i.Position).Select(LaneItem.ToHandle).ToListAsync(ct);
    }

    /// <summary>
    /// The first pending item of each of these lanes, due or not: one entry of the index for each. PostgreSQL needs it said so; one
    /// condition over all lanes it answers from the oldest item on, over all that is done or waits.
    /// </summary>
    internal static async Task<List<LaneItem>> FirstsAsync(this InforzapDb db, IReadOnlyCollection<string> lanes, CancellationToken ct)
    {
        var names = lanes.Distinct().ToArray();
        var found = await db.Database.SqlQuery<long?>(
            $"SELECT (SELECT i.\"Position\" FROM core.\"LaneItems\" i WHERE i.\"State\" = 'Pending' AND i.\"Lane\" = l.\"Name\" ORDER BY i.\"Position\" LIMIT 1) AS \"Value\" FROM unnest({names}) AS l(\"Name\")").ToListAsync(ct);
        var positions = found.OfType<long>().ToArray();
        return await db.LaneItems.AsNoTracking().Where(i => positions.Contains(i.Position)).Select(LaneItem.ToHandle).ToListAsync(ct);
    }

    /// <summary>Takes out what waits for any of the keys, oldest first, and marks it done: the caller applies it now.</summary>
    /// <exception cref="DbUpdateConcurrencyException">Somebody else takes it at the same time: undo, and look again.</exception>
    public static async Task<IReadOnlyList<LaneItem>> TakeWaitingAsync(this InforzapDb db, IReadOnlyCollection<string> keys, DateTime now, CancellationToken ct)
    {
        if (keys.Count == 0) return [];
        var found = await db.LaneItems.AsNoTracking().Where(i => i.State == LaneItemState.Waiting && keys.Contains(i.WaitsFor!)).OrderBy(i => i.Position)
            .Select(LaneItem.ToHandle).ToListAsync(ct);
        if (found.Count == 0) return [];
        var positions = found.Select(i => i.Position).ToArray();
        var taken = await db.LaneItems.Where(i => positions.Contains(i.Position) && i.State == LaneItemState.Waiting)
            .ExecuteUpdateAsync(set => set.SetProperty(i => i.State, LaneItemState.Done).SetProperty(i => i.DoneAt, now), ct);
        return taken == found.Count ? found : throw new DbUpdateConcurrencyException("What waited was taken elsewhere.");
    }

    /// <summary>Counts a failure: later with a growing delay, or parked. True when it is parked.</summary>
    internal static async Task<(bool Parked, DateTime Next)> FailAsync(this InforzapDb db, LaneItem item, string reason, DateTime now, CancellationToken ct)
    {
        var attempts = item.Attempts + 1;
        var parked = attempts >= MaxAttempts;
        var next = now + Backoff(attempts);
        var text = CleanText.Of(reason, 500);
        await db.LaneItems.Where(i => i.Position == item.Position && i.State == LaneItemState.Pending)
            .ExecuteUpdateAsync(set => set
                .SetProperty(i => i.Attempts, attempts)
                .SetProperty(i => i.State, parked ? LaneItemState.Parked : LaneItemState.Pending)
                .SetProperty(i => i.DueAt, next)
                .SetProperty(i => i.DoneAt, parked ? now : null)
                .SetProperty(i => i.Reason, text), ct);
        return (parked, next);
    }

    /// <summary>How long something waits until it is looked at again: as long as it waited already, at least ten seconds.</summary>
    internal static TimeSpan Patience(TimeSpan waited) => waited < TimeSpan.FromSeconds(10) ? TimeSpan.FromSeconds(10) : waited;

    /// <summary>
    /// 0.1, 0.5, 2.5 ... seconds up to five minutes, each up to a quarter more, so that lanes don't march in step. Short at
    /// first: most failures are two nodes that met at one row.
    /// </summary>
    internal static TimeSpan Backoff(int attempts) =>
        TimeSpan.FromSeconds(Math.Min(300, 0.1 * Math.Pow(5, attempts - 1)) * (1 + Random.Shared.NextDouble() / 4));
}
