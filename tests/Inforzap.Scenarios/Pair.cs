using System.Globalization;
using Inforzap.Data;
using Inforzap.Tests.Support;

namespace Inforzap.Scenarios;

/// <summary>Two hosts on one PostgreSQL, one folder of files and one Redis, and a provider that they send to.</summary>
internal sealed class Pair : IAsyncDisposable
{
    private readonly int[] silos = [HostProcess.FreePort(), HostProcess.FreePort()];
    private readonly HostProcess?[] nodes = new HostProcess?[2];
    private readonly Dictionary<string, string> extra;

    private Pair(Place place, RedisServer redis, FakeServer provider, Dictionary<string, string>? extra) => (Place, Redis, Provider, this.extra) = (place, redis, provider, extra ?? []);

    public Place Place { get; }

    public RedisServer Redis { get; }

    public FakeServer Provider { get; }

    public HostProcess this[int node] => nodes[node]!;

    public bool AreAlive => nodes.All(n => n is { HasExited: false });

    /// <summary>Makes the place; nothing runs there yet.</summary>
    public static async Task<Pair> MakeAsync(string? server = null, Dictionary<string, string>? settings = null)
    {
        Assert.SkipWhen(server is null && string.IsNullOrEmpty(Databases.Postgres), "INFORZAP_TEST_POSTGRES says nothing; test.sh sets it.");
        return new(await Place.MakeAsync(DatabaseProvider.PostgreSql, server ?? Databases.Postgres!), await RedisServer.StartAsync(), await FakeServer.StartAsync(), settings);
    }

    /// <summary>Both run.</summary>
    public static async Task<Pair> StartAsync(string? server = null, Dictionary<string, string>? settings = null)
    {
        var pair = await MakeAsync(server, settings);
        // The first brings the database up to date; the second finds it so.
        await pair.StartAsync(0);
        await pair.StartAsync(1);
        return pair;
    }

    public Dictionary<string, string> Settings(int node)
    {
        var settings = Place.Settings(Provider.Url);
        foreach (var (name, value) in extra) settings[name] = value;
        settings["Cluster__Redis"] = Redis.Where;
        settings["Cluster__SiloPort"] = silos[node].ToString(CultureInfo.InvariantCulture);
        return settings;
    }

    /// <summary>Starts it, where it was if it ran before.</summary>
    public async Task<HostProcess> StartAsync(int node, IEnumerable<KeyValuePair<string, string>>? also = null)
    {
        var settings = Settings(node);
        foreach (var (name, value) in also ?? []) settings[name] = value;
        var before = nodes[node];
        var host = before is null ? await HostProcess.StartAsync(settings) : await before.AgainAsync(settings);
        if (before is not null) await before.DisposeAsync();
        Assert.False(host.HasExited, string.Join('\n', host.Output));
        return nodes[node] = host;
    }

    public async ValueTask DisposeAsync()
    {
        if (TestContext.Current.TestState?.Result == TestResult.Failed)
            for (var i = 0; i < nodes.Length; i++)
                if (nodes[i] is { } node) await File.WriteAllLinesAsync(Path.Combine(Browser.Screen.Pictures, $"failed-{TestContext.Current.TestMethod?.MethodName}-node{i}.log"), node.Output);
        foreach (var node in nodes)
            if (node is not null) await node.DisposeAsync();
        await Provider.DisposeAsync();
        await Redis.DisposeAsync();
        await Place.DisposeAsync();
    }
}
