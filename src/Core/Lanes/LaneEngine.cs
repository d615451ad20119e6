using System.Threading.Channels;
using Inforzap.Data;
using Inforzap.Requests;

namespace Inforzap.Lanes;

/// <summary>What a lane's turn came to.</summary>
/// <param name="More">Look again at once.</param>
/// <param name="At">Look again then.</param>
internal readonly record struct LaneTurn(bool More, DateTime? At);

/// <summary>
/// Gives lanes their turns. Lanes with a handler share commits: the drainer takes those that wait, reads their due items,
/// and commits them together. If that fails, each item is repeated alone, so a bad one costs only itself. Lanes with a
/// worker run by themselves, since they wait for the network.
/// </summary>
internal sealed class LaneEngine : BackgroundService
{
    private const int MaxLanes = 400;
    private const int MaxItems = 1_000;
    private const int MaxInRow = 20;

    private readonly Channel<(string Lane, TaskCompletionSource<LaneTurn> Turn)> waiting =
        System.Threading.Channels.Channel.CreateUnbounded<(string, TaskCompletionSource<LaneTurn>)>(new UnboundedChannelOptions { SingleReader = true });
    private readonly IServiceScopeFactory scopes;
    private readonly Commits commits;
    private readonly TimeProvider clock;
    private readonly ILogger<LaneEngine> log;
    private readonly Dictionary<string, ILaneWorker> workers;
    private readonly LaneLooks looks;
    private readonly CancellationTokenSource stopping = new();
    private volatile bool resting;
    private int atWork;

    public LaneEngine(IServiceScopeFactory scopes, Commits commits, IEnumerable<ILaneWorker> workers, TimeProvider clock, ILogger<LaneEngine> log)
    {
        (this.scopes, this.commits, this.clock, this.log) = (scopes, commits, clock, log);
        this.workers = workers.ToDictionary(w => w.Type);
        looks = new LaneLooks(scopes);
    }

    private DateTime Now => clock.GetUtcNow().UtcDateTime;

    /// <summary>Takes up nothing more, and returns when what was begun is done, or when that takes too long.</summary>
    public async Task RestAsync(TimeSpan limit)
    {
        resting = true;
        for (var began = clock.GetTimestamp(); Volatile.Read(ref atWork) > 0 && clock.GetElapsedTime(began) < limit;) await Task.Delay(25);
    }

    public Task<LaneTurn> TurnAsync(string lane)
    {
        // What is due stands in the database, for another node or for the next start.
        if (resting) return Task.FromResult(default(LaneTurn));
        if (workers.TryGetValue(lane[..lane.IndexOf('/', StringComparison.Ordinal)], out var worker)) return WorkAsync(worker, lane);
        var turn = new TaskCompletionSource<LaneTurn>(TaskCreationOptions.RunContinuationsAsynchronously);
        return waiting.Writer.TryWrite((lane, turn)) ? turn.Task : Task.FromCanceled<LaneTurn>(new CancellationToken(true));
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await using var registration = stoppingToken.Register(() => stopping.Cancel());
        var reader = waiting.Reader;
        try
        {
            while (await reader.WaitToReadAsync(stoppingToken)) await GiveTurnsAsync(reader, stoppingToken);
        }
        finally
        {
            waiting.Writer.TryComplete();
            while (reader.TryRead(out var left)) left.Turn.TrySetCanceled(CancellationToken.None);
        }
    }

    private async Task GiveTurnsAsync(ChannelReader<(string Lane, TaskCompletionSource<LaneTurn> Turn)> reader, CancellationToken ct)
    {
        using var _ = Begin();
        var turns = new Dictionary<string, List<TaskCompletionSource<LaneTurn>>>(StringComparer.Ordinal);
        while (turns.Count < MaxLanes && reader.TryRead(out var next))
            (turns.TryGetValue(next.Lane, out var list) ? list : turns[next.Lane] = []).Add(next.Turn);
        try
        {
            var results = resting ? [] : await DrainAsync(turns.Keys, ct);
            foreach (var (lane, list) in turns)
                foreach (var turn in list) turn.TrySetResult(results.GetValueOrDefault(lane));
        }
        catch (Exception e)
        {
            foreach (var turn in turns.Values.SelectMany(l => l)) turn.TrySetException(e);
        }
    }

    private async Task<Dictionary<string, LaneTurn>> DrainAsync(IReadOnlyCollection<string> lanes, CancellationToken ct)
    {
        var results = new Dictionary<string, LaneTurn>(StringComparer.Ordinal);
        var due = await DueAsync(lanes, results, ct);
        if (due.Count == 0) return results;
        Fail.Point(Fail.At.LaneBeforeHandler);
        // What failed before is tried alone, and its lane with it, so that it spoils no second set.
        var failedBefore = due.Where(i => i.Attempts > 0).Select(i => i.Lane).ToHashSet(StringComparer.Ordinal);
        var together = due.FindAll(i => !failedBefore.Contains(i.Lane));
        if (together.Count > 1 && await TryTogetherAsync(together, ct))
        {
            foreach (var lane in together.Select(i => i.Lane).Distinct()) results[lane] = results.GetValueOrDefault(lane) with { More = true };
            due.RemoveAll(i => !failedBefore.Contains(i.Lane));
        }
        await OneByOneAsync(due, results, ct);
        return results;
    }

    /// <summary>
    /// The due items at the front of these lanes. Lanes whose first item is not due yet are left out of further reads: a
    /// long one would otherwise fill each read and keep the others from their turn.
    /// </summary>
    private async Task<List<LaneItem>> DueAsync(IReadOnlyCollection<string> lanes, Dictionary<string, LaneTurn> results, CancellationToken ct)
    {
        await using var scope = Scope();
        var db = scope.ServiceProvider.GetRequiredService<InforzapDb>();
        var open = lanes;
        while (open.Count > 0)
        {
            var found = await db.FrontAsync(open, MaxItems, ct);
            var due = DueOnly(found, results);
            open = [.. open.Where(lane => !results.ContainsKey(lane))];
            if (due.Count == 0 && found.Count == MaxItems) continue;
            if (found.Count == MaxItems) foreach (var lane in open) results[lane] = new LaneTurn(true, null);
            return due;
        }
        return [];
    }

    /// <summary>Keeps, per lane, what stands before the first item that is not due yet.</summary>
    private List<LaneItem> DueOnly(List<LaneItem> found, Dictionary<string, LaneTurn> results)
    {
        var now = Now;
        var due = new List<LaneItem>(found.Count);
        foreach (var item in found)
        {
            if (results.ContainsKey(item.Lane)) continue;
            if (item.DueAt <= now) due.Add(item);
            else results[item.Lane] = new LaneTurn(false, item.DueAt);
        }
        return due;
    }

    private async Task<bool> TryTogetherAsync(List<LaneItem> due, CancellationToken ct)
    {
        try
        {
            await HandleAsync(due, ct);
            return true;
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            log.LogInformation("A set of {Count} lane items failed and is repeated one by one: {Exception}", due.Count, e.GetType().Name);
            return false;
        }
    }

    private async Task OneByOneAsync(List<LaneItem> due, Dictionary<string, LaneTurn> results, CancellationToken ct)
    {
        var blocked = new HashSet<string>(StringComparer.Ordinal);
        foreach (var item in due)
        {
            if (blocked.Contains(item.Lane)) continue;
            try
            {
                await HandleAsync([item], ct);
                results[item.Lane] = new LaneTurn(true, null);
            }
            catch (Exception e) when (!ct.IsCancellationRequested)
            {
                var (parked, next) = await RecordFailureAsync(item, e, ct);
                if (!parked) blocked.Add(item.Lane);
                results[item.Lane] = parked ? new LaneTurn(true, null) : new LaneTurn(false, next);
            }
        }
    }

    /// <summary>One transaction: the handlers' work and the done-marks of all items.</summary>
    private async Task HandleAsync(IReadOnlyList<LaneItem> due, CancellationToken ct)
    {
        using var activity = Telemetry.Source.StartActivity("lanes");
        await using var scope = Scope();
        var db = scope.ServiceProvider.GetRequiredService<InforzapDb>();
        scope.ServiceProvider.GetRequiredService<RequestDepth>().Value++;
        // The set is written whole or not at all: nobody goes back to the middle of it.
        db.Database.AutoSavepointsEnabled = false;
        var handlers = scope.ServiceProvider.GetServices<ILaneHandler>().ToDictionary(h => h.Type);
        var ends = new List<(string Type, string Outcome, int Count)>();
        await commits.RunAsync(db, async () =>
        {
            foreach (var group in due.GroupBy(i => i.Type))
            {
                var set = new LaneSet([.. group]);
                var handler = handlers.TryGetValue(group.Key, out var h) ? h
                    : throw new InvalidOperationException($"No handler serves lanes of type '{group.Key}'.");
                await handler.HandleAsync(set, ct);
                await db.SaveChangesAsync(ct);
                // What is written need not be looked through again.
                db.ChangeTracker.Clear();
                await MarkAsync(db, set, ct);
                ends.Add((group.Key, "done", set.Items.Count - set.Ends.Count));
                ends.AddRange(set.Ends.Values.CountBy(e => e.State).Select(e => (group.Key, Telemetry.Word(e.Key), e.Value)));
            }
            return true;
        }, WriterKind.Lane, ct);
        Telemetry.LaneBatch.Record(due.Count);
        foreach (var (type, outcome, count) in ends)
            Telemetry.LaneItems.Add(count, new("inforzap.lane.type", type), new("inforzap.lane.outcome", outcome));
    }

    private async Task MarkAsync(InforzapDb db, LaneSet set, CancellationToken ct)
    {
        var now = Now;
        var done = set.Items.Where(i => !set.Ends.ContainsKey(i.Position)).Select(i => i.Position).ToArray();
        var marked = done.Length == 0 ? 0 : await db.LaneItems.Where(i => done.Contains(i.Position) && i.State == LaneItemState.Pending)
            .ExecuteUpdateAsync(s => s.SetProperty(i => i.State, LaneItemState.Done).SetProperty(i => i.DoneAt, now), ct);
        foreach (var item in set.Items)
        {
            if (!set.Ends.TryGetValue(item.Position, out var end)) continue;
            DateTime? doneAt = end.State == LaneItemState.Dropped ? now : null;
            var lookAgain = now + LaneMarks.Patience(now - item.CreatedAt);
            marked += await db.LaneItems.Where(i => i.Position == item.Position && i.State == LaneItemState.Pending)
                .ExecuteUpdateAsync(s => s.SetProperty(i => i.State, end.State).SetProperty(i => i.DoneAt, doneAt).SetProperty(i => i.DueAt, lookAgain)
                    .SetProperty(i => i.Reason, end.Reason).SetProperty(i => i.WaitsFor, end.WaitsFor), ct);
        }
        // Another activation of one of these lanes was faster: undo, and look again.
        if (marked != set.Items.Count) throw new DoneElsewhereException();
    }

    private async Task<(bool Parked, DateTime Next)> RecordFailureAsync(LaneItem item, Exception e, CancellationToken ct)
    {
        if (e is DoneElsewhereException) return (false, Now.AddMilliseconds(100));
        log.LogWarning("Lane item {Position} ({Kind}) failed: {Exception}", item.Position, item.Kind, Telemetry.Describe(e));
        await using var scope = Scope();
        var db = scope.ServiceProvider.GetRequiredService<InforzapDb>();
        var result = await commits.RunAsync(db, () => db.FailAsync(item, Reason(e), Now, ct), WriterKind.Lane, ct);
        Telemetry.LaneItems.Add(1, new("inforzap.lane.type", item.Type), new("inforzap.lane.outcome", result.Parked ? "parked" : "retried"));
        return result;
    }

    private static string Reason(Exception e) => e is Refusal ? e.Message : Telemetry.NameOf(e);

    /// <summary>Does what is due in the lane, one after the other, though not for ever.</summary>
    private async Task<LaneTurn> WorkAsync(ILaneWorker worker, string lane)
    {
        using var _ = Begin();
        var item = await looks.FirstAsync(lane);
        for (var n = 0; n < MaxInRow && item is not null && !resting; n++)
        {
            if (item.DueAt > Now) return new LaneTurn(false, item.DueAt);
            var (end, next) = await DoAsync(worker, item, stopping.Token);
            if (end is { } turn) return turn;
            item = next;
        }
        return new LaneTurn(item is not null && !resting, null);
    }

    /// <summary>How the lane's turn ends with this item; if it does not, what stands first after it.</summary>
    private async Task<(LaneTurn? End, LaneItem? Next)> DoAsync(ILaneWorker worker, LaneItem item, CancellationToken ct)
    {
        try
        {
            using var activity = Telemetry.Source.StartActivity(worker.Type);
            if (await worker.WorkAsync(item, ct) is { } later) return (new LaneTurn(false, later), null);
            var next = await looks.FirstAsync(item.Lane);
            if (next?.Position == item.Position && next.DueAt == item.DueAt) throw new InvalidOperationException("The worker left its item undone.");
            Telemetry.LaneItems.Add(1, new("inforzap.lane.type", item.Type), new("inforzap.lane.outcome", "done"));
            return (null, next);
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            var (parked, next) = await RecordFailureAsync(item, e, ct);
            return (parked ? new LaneTurn(true, null) : new LaneTurn(false, next), null);
        }
    }

    private Work Begin()
    {
        Interlocked.Increment(ref atWork);
        return new(this);
    }

    /// <summary>Work that has begun; disposed when it is done.</summary>
    private readonly struct Work(LaneEngine engine) : IDisposable
    {
        public void Dispose() => Interlocked.Decrement(ref engine.atWork);
    }

    private AsyncServiceScope Scope()
    {
        var scope = scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentActor>().Is = Actor.System;
        return scope;
    }

    public override void Dispose()
    {
        stopping.Dispose();
        base.Dispose();
    }

    /// <summary>Another activation of the lane was faster. No fault of the item's.</summary>
    private sealed class DoneElsewhereException() : Exception("A lane item was done elsewhere.");
}
