using Inforzap.Data;
using Inforzap.Requests;

namespace Inforzap.Lanes;

/// <summary>What stands first in lanes that work by themselves: those that look at the same time look together.</summary>
internal sealed class LaneLooks
{
    private const int Most = 200;
    private const int AtOnce = 4;
    private readonly IServiceScopeFactory scopes;
    private readonly Gathering<string, LaneItem?> looks;

    public LaneLooks(IServiceScopeFactory scopes)
    {
        this.scopes = scopes;
        looks = new(Most, LookAsync, AtOnce);
    }

    /// <summary>The first pending item of the lane, due or not.</summary>
    public Task<LaneItem?> FirstAsync(string lane) => looks.AskAsync(lane);

    private async Task<IReadOnlyList<LaneItem?>> LookAsync(IReadOnlyList<string> lanes)
    {
        await using var scope = scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentActor>().Is = Actor.System;
        var db = scope.ServiceProvider.GetRequiredService<InforzapDb>();
        if (lanes.Count == 1) return [await db.LaneItems.AsNoTracking().Where(i => i.State == LaneItemState.Pending && i.Lane == lanes[0]).OrderBy(i => i.Position).Select(LaneItem.ToHandle).FirstOrDefaultAsync()];
        if (db.Provider == DatabaseProvider.PostgreSql)
        {
            var each = (await db.FirstsAsync(lanes, CancellationToken.None)).ToDictionary(i => i.Lane, StringComparer.Ordinal);
            return [.. lanes.Select(lane => each.GetValueOrDefault(lane))];
        }
        var first = new Dictionary<string, LaneItem>(StringComparer.Ordinal);
        // A long lane takes the place of others in a read: those that were not among the first are looked for without it.
        for (var open = lanes.Distinct().ToArray(); open.Length > 0; open = [.. open.Where(lane => !first.ContainsKey(lane))])
        {
            var found = await db.FrontAsync(open, open.Length * 2, CancellationToken.None);
            foreach (var item in found) first.TryAdd(item.Lane, item);
            if (found.Count < open.Length * 2) break;
        }
        return [.. lanes.Select(lane => first.GetValueOrDefault(lane))];
    }
}
