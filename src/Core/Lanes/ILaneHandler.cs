namespace Inforzap.Lanes;

/// <summary>
/// Does the items of one type of lane inside the shared transaction. The engine writes the done-marks in that same
/// transaction; the handler says only what is not simply done. What it leaves in the context is saved for it. It awaits no network and no grain.
/// </summary>
public interface ILaneHandler
{
    /// <summary>The lane type it serves, such as <c>in</c>.</summary>
    string Type { get; }

    /// <summary>Does all items of the set, those of one lane in their order. An exception undoes the whole set, which is then repeated item by item.</summary>
    Task HandleAsync(LaneSet set, CancellationToken ct);
}

/// <summary>Items of many lanes that one transaction carries.</summary>
public sealed class LaneSet(IReadOnlyList<LaneItem> items)
{
    internal Dictionary<long, (LaneItemState State, string Reason, string? WaitsFor)> Ends { get; } = [];

    /// <summary>The items, oldest first.</summary>
    public IReadOnlyList<LaneItem> Items { get; } = items;

    /// <summary>Leaves an item out for good.</summary>
    public void Drop(LaneItem item, string reason) => Ends[item.Position] = (LaneItemState.Dropped, reason, null);

    /// <summary>Takes back what was said of an item: it is simply done.</summary>
    public void Done(LaneItem item) => Ends.Remove(item.Position);

    /// <summary>Sets an item aside until <paramref name="key"/> comes.</summary>
    public void Wait(LaneItem item, string key, string reason) => Ends[item.Position] = (LaneItemState.Waiting, reason, key);
}

/// <summary>
/// Does items of one type of lane that need the outside world. It runs in no transaction: it claims, calls and records by
/// itself, and marks the item done in the transaction that records (<see cref="LaneMarks.DoneAsync"/>).
/// </summary>
public interface ILaneWorker
{
    /// <summary>The lane type it serves, such as <c>out</c>.</summary>
    string Type { get; }

    /// <summary>
    /// Does one item. An item that is still pending afterwards counts as failed, unless a later time is returned, at
    /// which it is tried again without counting.
    /// </summary>
    Task<DateTime?> WorkAsync(LaneItem item, CancellationToken ct);
}

/// <summary>Puts handlers and workers into the container.</summary>
public static class LaneSetup
{
    /// <summary>Serves a lane type inside shared transactions.</summary>
    public static IServiceCollection LaneHandler<T>(this IServiceCollection services) where T : class, ILaneHandler => services.AddScoped<ILaneHandler, T>();

    /// <summary>Serves a lane type outside of transactions.</summary>
    public static IServiceCollection LaneWorker<T>(this IServiceCollection services) where T : class, ILaneWorker => services.AddSingleton<ILaneWorker, T>();
}
