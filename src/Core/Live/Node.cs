using System.Diagnostics;
using System.Reflection;
using Inforzap.Data;
using Inforzap.Jobs;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace Inforzap.Live;

/// <summary>What a node says of itself every ten seconds, for the page and the bell that tell how the house fares. Nothing that must be right rests on it.</summary>
public sealed class Node
{
    /// <summary>The machine, and its address among the nodes if there are several.</summary>
    public required string Name { get; init; }

    /// <summary>Which build it runs.</summary>
    public required string Version { get; set; }

    /// <summary>UTC.</summary>
    public DateTime StartedAt { get; set; }

    /// <summary>When it last said something, UTC.</summary>
    public DateTime SeenAt { get; set; }

    /// <summary>Bytes in memory.</summary>
    public long Memory { get; set; }

    /// <summary>Screens that are connected to it.</summary>
    public int Circuits { get; set; }

    /// <summary>Hints that only the read of recent changes brought, since its start.</summary>
    public long MissedHints { get; set; }

    /// <summary>How far its own clock is from the database's, in milliseconds; positive: behind.</summary>
    public long ClockOffset { get; set; }

    /// <summary>The version and the first eight characters of its commit, which tell two builds of one version apart.</summary>
    public static string Build { get; } = string.Join('+', typeof(Node).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+').Select(p => p.Length > 12 ? p[..8] : p));

    /// <summary>The same after each start, so that a node follows itself.</summary>
    internal static string NameBy(IConfiguration configuration) => string.IsNullOrEmpty(configuration["Cluster:Redis"]) ? Environment.MachineName
        : $"{Environment.MachineName} ({configuration["Cluster:AdvertisedAddress"] ?? "127.0.0.1"}:{configuration["Cluster:SiloPort"] ?? "11111"})";

    internal static void Map(ModelBuilder model)
    {
        var node = model.Entity<Node>();
        node.ToTable("Nodes", "core");
        node.HasKey(n => n.Name);
        node.Property(n => n.Name).HasMaxLength(200);
        node.Property(n => n.Version).HasMaxLength(100);
    }
}

/// <summary>How many screens are connected to this node.</summary>
public delegate int CountCircuits();

/// <summary>Writes this node's row, and forgets nodes that said nothing for an hour.</summary>
internal sealed class KeepNode(InforzapDb db, Commits commits, LiveHints live, DatabaseClock databaseClock, IConfiguration configuration, IServiceProvider services, TimeProvider clock) : IJob
{
    private static readonly TimeSpan Forgotten = TimeSpan.FromHours(1);
    private static readonly DateTime Started = Process.GetCurrentProcess().StartTime.ToUniversalTime();

    public Task RunAsync(JobTick tick, CancellationToken ct) => commits.RunAsync(db, async () =>
    {
        var now = clock.GetUtcNow().UtcDateTime;
        var name = Node.NameBy(configuration);
        var node = await db.Nodes.SingleOrDefaultAsync(n => n.Name == name, ct);
        if (node is null) db.Add(node = new Node { Name = name, Version = Node.Build });
        (node.Version, node.StartedAt, node.SeenAt, node.Memory) = (Node.Build, Started, now, Environment.WorkingSet);
        (node.Circuits, node.MissedHints, node.ClockOffset) = (services.GetService<CountCircuits>()?.Invoke() ?? 0, live.Missed, (long)databaseClock.Offset.TotalMilliseconds);
        await db.SaveChangesAsync(ct);
        var old = now - Forgotten;
        // Asked first: two nodes that search the table for what to delete would stand in each other's way.
        if (await db.Nodes.AnyAsync(n => n.SeenAt < old, ct)) await db.Nodes.Where(n => n.SeenAt < old).ExecuteDeleteAsync(ct);
        return true;
    }, WriterKind.Background, ct);
}

/// <summary>A node that goes in good order is not missed.</summary>
internal sealed class ForgetNode(IServiceScopeFactory scopes, IConfiguration configuration, ILogger<ForgetNode> log) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        // Its own time: others may have used up the host's.
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var (db, name) = (scope.ServiceProvider.GetRequiredService<InforzapDb>(), Node.NameBy(configuration));
            await scope.ServiceProvider.GetRequiredService<Commits>().RunAsync(db, () => db.Nodes.Where(n => n.Name == name).ExecuteDeleteAsync(limit.Token), WriterKind.Background, limit.Token);
        }
        catch (Exception e) when (e is System.Data.Common.DbException or OperationCanceledException or TimeoutException or ObjectDisposedException)
        {
            log.LogWarning("This node's row could not be removed: {Exception}", e.GetType().Name);
        }
    }
}
