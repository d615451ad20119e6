using System.Collections.Concurrent;
using Inforzap.Channels.Sessions;
using Inforzap.Contracts.Channels;
using Inforzap.Plugins.Telegram;
using Inforzap.Sessions;
using Inforzap.Tests.Plugins;
using Inforzap.Tests.Support;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.TestingHost;

namespace Inforzap.Tests.Core.Sessions;

/// <summary>
/// Two nodes: two silos of one cluster, each with a container of the product over one database, and one Telegram that counts who asks
/// it at once. Nothing between the tick and the HTTP call is replaced.
/// </summary>
public sealed class TwoNodesTests : IAsyncLifetime
{
    private readonly ConcurrentDictionary<string, Desk> nodes = new();
    private TelegramDesk it = null!;
    private Desk second = null!;
    private InProcessTestCluster cluster = null!;
    private Timer? ticks;

    public async ValueTask InitializeAsync()
    {
        it = await TelegramDesk.OpenAsync(TelegramMode.Polling);
        second = await Desk.OpenAsync(settings: it.Desk.SettingsOfANodeMore);
        await TelegramDesk.LoadAsync(second);
        var free = new ConcurrentQueue<Desk>([it.Desk, second]);
        var builder = new InProcessTestClusterBuilder(2);
        builder.ConfigureSilo((options, silo) =>
        {
            // Both are configured at once: each must get a node of its own.
            var node = nodes[options.SiloName] = free.TryDequeue(out var next) ? next : throw new InvalidOperationException("There are two nodes.");
            silo.AddSessionDirectory();
            silo.Services.AddSingleton<ISessionRunner>(node.Services.GetRequiredService<SessionRunner>());
            silo.Configure<ClusterMembershipOptions>(o => (o.ProbeTimeout, o.NumMissedProbesLimit, o.NumVotesForDeathDeclaration) = (TimeSpan.FromSeconds(1), 2, 1));
        });
        cluster = builder.Build();
        await cluster.DeployAsync();
        // Both nodes tick, far more often than the product does.
        ticks = new Timer(_ =>
        {
            foreach (var silo in cluster.Silos.Where(s => s.IsActive))
                cluster.Client.GetGrain<ISessionGrain>(it.Channel).Look().Ignore();
        }, null, TimeSpan.Zero, TimeSpan.FromMilliseconds(100));
    }

    public async ValueTask DisposeAsync()
    {
        if (ticks is not null) await ticks.DisposeAsync();
        await cluster.DisposeAsync();
        await second.DisposeAsync();
        await it.DisposeAsync();
    }

    private InProcessSiloHandle Owner => cluster.Silos.Single(s => s.IsActive && IsAtWork(nodes[s.Name]));

    private static bool IsAtWork(Desk node) => node.Services.GetRequiredService<SessionRunner>().IsAtWork;

    private Task PollsAsync() => TelegramDesk.UntilAsync(() => it.Telegram.Polls == 1, "Nobody polls.", 60);

    [Fact]
    public async Task Only_one_polls_and_another_takes_over_from_a_node_that_stops()
    {
        await PollsAsync();
        await Task.Delay(1000);
        Assert.Equal([true, false], nodes.Values.Select(IsAtWork).OrderDescending());
        var (first, polls) = (Owner, it.Telegram.Of("getUpdates").Count);
        await cluster.StopSiloAsync(first);
        Assert.False(IsAtWork(nodes[first.Name]));
        it.Telegram.Says(TelegramDesk.Maria, "ainda aí?");
        await TelegramDesk.UntilAsync(() => it.Telegram.Of("getUpdates").Count > polls && it.Telegram.Pending == 0, "Nobody took over.", 60);
        await PollsAsync();
        Assert.NotEqual(first.Name, Owner.Name);
        Assert.Equal(1, it.Telegram.MostPolls);
        await ArrivedAsync("ainda aí?");
    }

    [Fact]
    public async Task Another_takes_over_from_a_node_that_dies_and_nothing_is_taken_twice()
    {
        await PollsAsync();
        it.Telegram.Says(TelegramDesk.Maria, "antes");
        await TelegramDesk.UntilAsync(() => it.Telegram.Pending == 0, "It was not fetched.");
        var first = Owner;
        // A process that dies says nothing to anybody, and its connections are gone with it.
        await cluster.KillSiloAsync(first);
        await nodes[first.Name].Services.GetRequiredService<SessionRunner>().StopAsync(default);
        it.Telegram.Says(TelegramDesk.Maria, "depois");
        await TelegramDesk.UntilAsync(() => it.Telegram.Pending == 0, "Nobody took over.", 90);
        Assert.NotEqual(first.Name, Owner.Name);
        Assert.Equal(1, it.Telegram.MostPolls);
        await ArrivedAsync("antes", "depois");
        Assert.Equal(ChannelState.Connected, await StateAsync());
    }

    private async Task ArrivedAsync(params string[] texts)
    {
        // Each desk gives turns to the lanes it appended to; where both do, the second one comes again a moment later.
        var end = DateTime.UtcNow.AddSeconds(15);
        do
        {
            await it.Desk.SettleAsync();
            await second.SettleAsync();
        }
        while ((await it.MessagesAsync()).Count < texts.Length && DateTime.UtcNow < end);
        Assert.Equal(texts, (await it.MessagesAsync()).Select(m => m.Body));
    }

    private async Task<ChannelState> StateAsync()
    {
        await it.Desk.Services.GetRequiredService<Inforzap.Channels.ChannelDirectory>().LoadAsync();
        return it.Live.Info.State;
    }
}
