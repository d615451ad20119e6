using Inforzap.Data;
using Inforzap.Jobs;

namespace Inforzap.Audit;

/// <summary>Forgets what was changed more than two years ago.</summary>
internal sealed class ForgetAudit(InforzapDb db, Commits commits, TimeProvider clock) : IJob
{
    private static readonly TimeSpan Keep = TimeSpan.FromDays(730);

    public Task RunAsync(JobTick tick, CancellationToken ct)
    {
        var old = clock.GetUtcNow().UtcDateTime - Keep;
        return commits.RunAsync(db, () => db.AuditEntries.Where(e => e.At < old).ExecuteDeleteAsync(ct), WriterKind.Background, ct);
    }
}
