using System.Collections.Immutable;
using Inforzap.Alarms;
using Inforzap.Jobs;
using Inforzap.Lanes;
using Inforzap.Live;
using Inforzap.Requests;
using Inforzap.Tickets.Desk;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Localization;

namespace Inforzap.Tickets.Operation;

/// <summary>What is wrong with the house: work that is late or given up, a full disk, a node that is gone or whose clock is wrong.</summary>
internal sealed class HouseTroubles
{
    private ImmutableArray<HouseTrouble> now = [];
    private bool wereApart;

    public ImmutableArray<HouseTrouble> Now => now;

    /// <summary>True when nodes did not see each other at two looks in a row: one that comes or goes is seen by one side first.</summary>
    public bool StayApart(bool areApart)
    {
        var both = areApart && wereApart;
        wereApart = areApart;
        return both;
    }

    /// <summary>True when others stand now than before; what lasts keeps its beginning.</summary>
    public bool Set(IEnumerable<HouseTrouble> found)
    {
        var before = now;
        now = [.. found.Select(f => before.FirstOrDefault(b => b.Id == f.Id) is { } known && known.Since < f.Since ? f with { Since = known.Since } : f)];
        return !before.Select(b => (b.Id, b.What)).SequenceEqual(now.Select(n => (n.Id, n.What)));
    }
}

/// <summary>One of them.</summary>
/// <param name="Id">Stable while it lasts.</param>
/// <param name="Kind">Names its title, and with 'Text' behind its explanation.</param>
/// <param name="What">What the title names: a number, a size, a machine.</param>
/// <param name="Href">Where to see to it.</param>
/// <param name="Since">Since when, UTC.</param>
internal sealed record HouseTrouble(string Id, string Kind, string What, string Href, DateTime Since);

/// <summary>Looks once a minute, on each node for those who are at its screens.</summary>
internal sealed class WatchHouse(SystemMediator mediator, HouseTroubles troubles, LiveHints live, Nodes nodes, IConfiguration configuration, TimeProvider clock) : IJob
{
    /// <summary>What waits so long is not only busy.</summary>
    public static readonly TimeSpan Late = TimeSpan.FromMinutes(5);
    /// <summary>A node that says something every ten seconds and was not heard for so long is gone.</summary>
    public static readonly TimeSpan Quiet = TimeSpan.FromSeconds(35);
    /// <summary>Bytes.</summary>
    public const long LittleSpace = 2L * 1024 * 1024 * 1024;
    private const int WrongClock = 5_000;

    public async Task RunAsync(JobTick tick, CancellationToken ct)
    {
        var view = await mediator.Send(new ReadOperation(), ct);
        var now = clock.GetUtcNow().UtcDateTime;
        var hasOthers = !string.IsNullOrEmpty(configuration["Cluster:Redis"]);
        // The database says who is at work, the engine with whom it shares: both must mean the same nodes.
        nodes.Heard = hasOthers ? view.Nodes.Count(n => now - n.SeenAt <= Quiet) : 1;
        var apart = troubles.StayApart(nodes.Heard > nodes.InEngine);
        if (troubles.Set(Find(view, now, hasOthers, apart))) live.Raise([Topics.Alarms]);
    }

    internal static IEnumerable<HouseTrouble> Find(OperationView view, DateTime now, bool hasOthers, bool apart)
    {
        if (apart) yield return new("apart", "Apart", "", "/system", now);
        if (view.Lanes.Select(l => l.Oldest).Min() is { } oldest && now - oldest > Late)
            yield return new("late", "Late", $"{view.Lanes.Sum(l => l.Oldest < now - Late ? l.Due : 0)}", "/system", oldest);
        if (view.Parked.Values.Sum() is > 0 and var parked) yield return new("parked", "Parked", $"{parked}", "/parked", now);
        if (view.FilesFree < LittleSpace) yield return new("disk", "Disk", Shown.Size(view.FilesFree / (100 << 20) * (100 << 20)), "/system", now);
        foreach (var node in view.Nodes)
        {
            if (now - node.SeenAt > Quiet)
            {
                if (hasOthers) yield return new($"node/{node.Name}", "Node", node.Name, "/system", node.SeenAt);
            }
            else if (Math.Abs(node.ClockOffset) > WrongClock) yield return new($"clock/{node.Name}", "Clock", node.Name, "/system", now);
        }
    }
}

/// <summary>Puts them into the bell.</summary>
internal sealed class HouseAlarms(HouseTroubles troubles, IStringLocalizer<Texts> t) : IAlarmSource
{
    public string Permission => "lanes.see";

    public Task<IReadOnlyList<Alarm>> NowAsync(CancellationToken ct) =>
        Task.FromResult<IReadOnlyList<Alarm>>([.. troubles.Now.Select(h => new Alarm(h.Id, t[$"Alarm{h.Kind}", h.What], t[$"Alarm{h.Kind}Text"], h.Href, h.Since))]);
}
