using Inforzap.Lanes;
using Inforzap.Live;

namespace Inforzap.Data;

/// <summary>Runs one unit of work: gate, transaction, commit, and only then wake-ups and hints.</summary>
public sealed class Commits(WriteGate gate, IServiceProvider services, TimeProvider clock)
{
    /// <summary>The commit covers all that <paramref name="work"/> did with <paramref name="db"/>, or nothing of it.</summary>
    public async Task<T> RunAsync<T>(InforzapDb db, Func<Task<T>> work, WriterKind kind, CancellationToken ct)
    {
        db.Forget();
        T result;
        using (await gate.EnterAsync(kind, ct))
        {
            await using var transaction = await db.Database.BeginTransactionAsync(ct);
            result = await work();
            var topics = db.Touched.Distinct().ToArray();
            if (topics.Length > 0)
            {
                db.Changes.Add(new Change { Topics = string.Join(' ', topics), At = clock.GetUtcNow().UtcDateTime });
            }
            await db.SaveChangesAsync(ct);
            if (kind == WriterKind.Background) Fail.Point(Fail.At.LaneBeforeCommit);
            await transaction.CommitAsync(ct);
        }
        if (kind == WriterKind.Background) Fail.Point(Fail.At.LaneAfterCommit);
        Announce(db);
        return result;
    }

    private void Announce(InforzapDb db)
    {
        var topics = db.Touched.Distinct().ToArray();
        var lanes = db.Woken.Distinct().ToArray();
        var after = db.After.ToArray();
        db.Forget();
        if (topics.Length > 0) services.GetRequiredService<LiveHints>().Raise(topics);
        if (lanes.Length > 0) services.GetRequiredService<LaneWaker>().Wake(lanes);
        foreach (var run in after) run();
    }
}
