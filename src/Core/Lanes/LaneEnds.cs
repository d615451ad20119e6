using Inforzap.Data;
using Inforzap.Requests;

namespace Inforzap.Lanes;

/// <summary>Marks items done of which nothing else has to be written; those that end at the same time share a commit.</summary>
public sealed class LaneEnds
{
    private const int Most = 200;
    private readonly IServiceScopeFactory scopes;
    private readonly Commits commits;
    private readonly TimeProvider clock;
    private readonly Gathering<long, bool> ends;

    /// <summary>One per node.</summary>
    public LaneEnds(IServiceScopeFactory scopes, Commits commits, TimeProvider clock)
    {
        (this.scopes, this.commits, this.clock) = (scopes, commits, clock);
        ends = new(Most, MarkAsync);
    }

    /// <summary>The item is done.</summary>
    public Task DoneAsync(long position) => ends.AskAsync(position);

    private async Task<IReadOnlyList<bool>> MarkAsync(IReadOnlyList<long> positions)
    {
        await using var scope = scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentActor>().Is = Actor.System;
        var db = scope.ServiceProvider.GetRequiredService<InforzapDb>();
        await commits.RunAsync(db, async () =>
        {
            await db.DoneAsync(positions, clock.GetUtcNow().UtcDateTime, CancellationToken.None);
            return true;
        }, WriterKind.Background, CancellationToken.None);
        return [.. positions.Select(_ => true)];
    }
}
