using Inforzap.Data;
using Inforzap.Jobs;

namespace Inforzap.Files;

/// <summary>
/// Takes away, a day later, what nobody came to use: rows of files that no module names, bytes that have no row, and writes
/// that were never finished. It may run twice at once, and goes on where it was interrupted.
/// </summary>
internal sealed class SweepFiles(InforzapDb db, Commits commits, FileStore files, ModuleList modules, TimeProvider clock, ILogger<SweepFiles> log) : IJob
{
    private const int Chunk = 500;
    private static readonly TimeSpan Grace = TimeSpan.FromDays(1);

    /// <summary>What was looked at so often is in use; only the first run after a start looks at everything.</summary>
    private static readonly TimeSpan Window = TimeSpan.FromDays(3);

    public async Task RunAsync(JobTick tick, CancellationToken ct)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        var (since, until) = (tick.First ? DateTime.MinValue : now - Window, now - Grace);
        // A database that knows no file, or none so old, may be the wrong one for this folder: what lies there from before stays.
        if (await db.Set<StoredFile>().MinAsync(f => (DateTime?)f.CreatedAt, ct) is not { } first) return;
        var rows = await ForgetRowsAsync(since, until, ct);
        var bytes = await DeleteBytesAsync(since > first ? since : first, until, ct);
        if (rows + bytes > 0) log.LogInformation("Swept {Rows} files that nobody used, and {Bytes} without a row", rows, bytes);
    }

    private async Task<int> ForgetRowsAsync(DateTime since, DateTime until, CancellationToken ct)
    {
        var (swept, last) = (0, Guid.Empty);
        while (true)
        {
            var after = last;
            var some = await db.Set<StoredFile>().Where(f => f.CreatedAt >= since && f.CreatedAt < until && f.Id > after).OrderBy(f => f.Id).Select(f => f.Id).Take(Chunk).ToListAsync(ct);
            if (some.Count == 0) return swept;
            last = some[^1];
            var unused = some.ToHashSet();
            foreach (var use in modules.SelectMany(m => m.FileUses))
                if (unused.Count > 0) unused.ExceptWith(await use.AmongAsync(db, unused, ct));
            if (unused.Count == 0) continue;
            await commits.RunAsync(db, () => db.Set<StoredFile>().Where(f => unused.Contains(f.Id)).ExecuteDeleteAsync(ct), WriterKind.Background, ct);
            foreach (var id in unused) files.Delete(id);
            swept += unused.Count;
        }
    }

    private async Task<int> DeleteBytesAsync(DateTime since, DateTime until, CancellationToken ct)
    {
        var swept = files.DeleteUnfinished(until);
        foreach (var some in files.Written(since, until).Chunk(Chunk))
        {
            ct.ThrowIfCancellationRequested();
            var known = await db.Set<StoredFile>().Where(f => some.Contains(f.Id)).Select(f => f.Id).ToListAsync(ct);
            foreach (var id in some.Except(known))
            {
                files.Delete(id);
                swept++;
            }
        }
        return swept;
    }
}
