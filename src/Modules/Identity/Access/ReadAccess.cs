using Inforzap.Data;
using Inforzap.Identity.Users;
using Inforzap.Jobs;
using Inforzap.Requests;

namespace Inforzap.Identity.Access;

/// <summary>When and from where somebody signed in, newest first, at most 200. Without an id: the caller.</summary>
[Allow, Reads]
internal sealed record ReadAccess(Guid? UserId = null) : IRequest<IReadOnlyList<AccessRow>>;

/// <summary>A line of the access log.</summary>
/// <param name="What">Its text has this as key.</param>
/// <param name="At">When, UTC.</param>
/// <param name="Address">From where.</param>
/// <param name="Browser">With what, as the browser says.</param>
/// <param name="ByName">Who did it, when it was somebody else.</param>
public sealed record AccessRow(AccessEvent What, DateTime At, string? Address, string? Browser, string? ByName);

internal sealed class ReadAccessHandler(InforzapDb db, IActor actor, Rights rights) : IRequestHandler<ReadAccess, IReadOnlyList<AccessRow>>
{
    public async Task<IReadOnlyList<AccessRow>> Handle(ReadAccess request, CancellationToken ct)
    {
        var id = request.UserId ?? actor.Id;
        if (id != actor.Id) await rights.LookedAfterAsync(id, ct);
        return await (from e in db.AccessEntries.AsNoTracking()
                      where e.UserId == id
                      join u in db.Users on e.By equals u.Id into us
                      from u in us.DefaultIfEmpty()
                      orderby e.Position descending
                      select new AccessRow(e.What, e.At, e.Address, e.Browser, u.Name)).Take(200).ToListAsync(ct);
    }
}

/// <summary>Forgets what is older than half a year.</summary>
internal sealed class ForgetAccess(InforzapDb db, Commits commits, TimeProvider clock) : IJob
{
    private static readonly TimeSpan Keep = TimeSpan.FromDays(180);

    public Task RunAsync(JobTick tick, CancellationToken ct)
    {
        var old = clock.GetUtcNow().UtcDateTime - Keep;
        return commits.RunAsync(db, () => db.AccessEntries.Where(e => e.At < old).ExecuteDeleteAsync(ct), WriterKind.Background, ct);
    }
}
