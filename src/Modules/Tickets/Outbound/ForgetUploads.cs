using Inforzap.Data;
using Inforzap.Jobs;

namespace Inforzap.Tickets.Outbound;

/// <summary>Forgets uploads that no message, quick message or schedule used within a day; their files are swept after them.</summary>
internal sealed class ForgetUploads(InforzapDb db, Commits commits, TimeProvider clock) : IJob
{
    private static readonly TimeSpan Grace = TimeSpan.FromDays(1);

    public async Task RunAsync(JobTick tick, CancellationToken ct)
    {
        var until = clock.GetUtcNow().UtcDateTime - Grace;
        var unused = db.Media.Where(m => m.MessageId == null && m.UploadedBy != null && m.CreatedAt < until);
        // Found without the writers' gate, since it reads much. Who sends one in the meantime has it: the condition is asked again.
        foreach (var some in (await unused.OrderBy(m => m.CreatedAt).Select(m => m.Id).Take(5_000).ToListAsync(ct)).Chunk(500))
            await commits.RunAsync(db, () => unused.Where(m => some.Contains(m.Id)).ExecuteDeleteAsync(ct), WriterKind.Background, ct);
        await commits.RunAsync(db, () => db.ScheduleFiles.Where(f => f.ScheduleId == null && f.CreatedAt < until).ExecuteDeleteAsync(ct), WriterKind.Background, ct);
        await commits.RunAsync(db, () => db.QuickFiles.Where(f => f.QuickMessageId == null && f.CreatedAt < until).ExecuteDeleteAsync(ct), WriterKind.Background, ct);
    }
}
