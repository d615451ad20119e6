using System.Text.Json;
using Inforzap.Contracts.Contacts;
using Inforzap.Data;
using Inforzap.Jobs;

namespace Inforzap.Contacts.Privacy;

/// <summary>
/// Looks once more, some minutes later, at who was erased: who takes in a message does not hold its contact, and may have written it in
/// that moment. What is found goes the same way.
/// </summary>
internal sealed class TendErasures(InforzapDb db, IEnumerable<IPersonData> parts, Commits commits, TimeProvider clock) : IJob
{
    private static readonly TimeSpan While = TimeSpan.FromHours(1);

    public async Task RunAsync(JobTick tick, CancellationToken ct)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        var recent = now - While;
        foreach (var done in await db.Erasures.AsNoTracking().Where(e => e.DoneAt > recent).Select(e => new { e.Id, e.ContactId }).ToListAsync(ct))
        {
            var left = new PersonCounts();
            foreach (var part in parts) left = left.Plus(await part.LeftAsync(new([done.ContactId], []), ct));
            if (left != new PersonCounts()) await commits.RunAsync(db, () => AgainAsync(done.Id, now, ct), WriterKind.Background, ct);
        }
    }

    private async Task<bool> AgainAsync(Guid id, DateTime now, CancellationToken ct)
    {
        db.ChangeTracker.Clear();
        await db.Hold<Erasure>(e => e.Id == id, ct);
        var erasure = await db.Erasures.SingleAsync(e => e.Id == id, ct);
        // Another node was faster.
        if (erasure.DoneAt is null) return false;
        erasure.Begin();
        db.Enqueue(ErasureLane.Of(id), "erase", JsonSerializer.Serialize(new ErasureItem(id), JsonSerializerOptions.Web), now);
        await db.SaveChangesAsync(ct);
        return true;
    }
}
