using Inforzap.Lanes;
using Inforzap.Live;

namespace Inforzap.Data;

/// <summary>Runs one unit of work: gate, transaction, commit, and only then wake-ups and hints.</summary>
public sealed class Commits(WriteGate gate, IServiceProvider services, TimeProvider clock, ILogger<Commits> log)
{
    /// <summary>The commit covers all that <paramref name="work"/> did with <paramref name="db"/>, or nothing of it.</summary>
    public async Task<T> RunAsync<T>(InforzapDb db, Func<Task<T>> work, WriterKind kind, CancellationToken ct)
    {
        db.Forget();
        T result;
        Change? change = null;
        using (await gate.EnterAsync(kind, ct))
        {
            await using var transaction = await db.Database.BeginTransactionAsync(ct);
            result = await work();
            var topics = db.Touched.Distinct().ToArray();
            if (topics.Length > 0) db.Changes.Add(change = new Change { Topics = string.Join(' ', topics), At = clock.GetUtcNow().UtcDateTime });
            await db.SaveChangesAsync(ct);
            if (kind == WriterKind.Lane) Fail.Point(Fail.At.LaneBeforeCommit);
            // Whoever goes away now leaves a clear end behind: done, and announced.
            await transaction.CommitAsync(CancellationToken.None);
        }
        if (kind == WriterKind.Lane) Fail.Point(Fail.At.LaneAfterCommit);
        Announce(db, change);
        return result;
    }

    /// <summary>It is committed, so nothing here may look like a failure to the caller; what is lost is found by sweep and cursor.</summary>
    private void Announce(InforzapDb db, Change? change)
    {
        var lanes = db.Woken.Distinct().ToArray();
        var after = db.After.ToArray();
        db.Forget();
        if (change is not null) Quietly(() => services.GetRequiredService<LiveHints>().Raise(change.Position, change.Topics.Split(' ')));
        if (lanes.Length > 0) Quietly(() => services.GetRequiredService<LaneWaker>().Wake(lanes));
        foreach (var run in after) Quietly(run);
    }

    private void Quietly(Action announce)
    {
        try
        {
            announce();
        }
        catch (Exception e)
        {
            log.LogWarning("A commit could not be announced: {Exception}", Telemetry.Describe(e));
        }
    }
}
