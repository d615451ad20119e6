using Inforzap.Contracts.Identity;
using Inforzap.Data;

namespace Inforzap.Tickets.QuickMessages;

/// <summary>Somebody's own quick messages: nobody else ever saw them, and nobody gets them.</summary>
internal sealed class OwnQuickMessages(InforzapDb db) : IBelongings
{
    public Task<string?> DescribeAsync(Guid userId, CancellationToken ct) => Task.FromResult<string?>(null);

    public Task<int> MoveAsync(Guid userId, Guid? to, CancellationToken ct) => Task.FromResult(0);

    public async Task ForgetAsync(Guid userId, CancellationToken ct)
    {
        var own = await db.QuickMessages.Where(q => q.Scope == QuickScope.User && q.OwnerId == userId).Select(q => q.Id).ToArrayAsync(ct);
        await db.QuickFiles.Where(f => f.QuickMessageId != null && own.Contains(f.QuickMessageId.Value)).ExecuteDeleteAsync(ct);
        await db.QuickUses.Where(u => own.Contains(u.QuickMessageId)).ExecuteDeleteAsync(ct);
        await db.QuickMessages.Where(q => own.Contains(q.Id)).ExecuteDeleteAsync(ct);
    }
}
