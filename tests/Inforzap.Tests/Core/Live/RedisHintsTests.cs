using System.Collections.Concurrent;
using Inforzap.Files;
using Inforzap.Live;
using Inforzap.Tests.Support;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using StackExchange.Redis;

namespace Inforzap.Tests.Core.Live;

/// <summary>What happens on one node is heard on the others, over a real Redis that may die.</summary>
public sealed class RedisHintsTests : IAsyncLifetime
{
    private RedisServer redis = null!;
    private Node a = null!, b = null!;

    public async ValueTask InitializeAsync()
    {
        redis = await RedisServer.StartAsync();
        (a, b) = (await Node.StartAsync(redis.Where), await Node.StartAsync(redis.Where));
        await EventuallyAsync(() =>
        {
            a.Live.Whisper("warm", true);
            b.Live.Whisper("warm", true);
            return a.Heard("warm") && b.Heard("warm");
        });
    }

    public async ValueTask DisposeAsync()
    {
        await a.DisposeAsync();
        await b.DisposeAsync();
        await redis.DisposeAsync();
    }

    /// <summary>Lossy by contract, so each is raised until it is heard; what matters is that it comes, and to whom.</summary>
    [Fact]
    public async Task A_commit_of_one_node_is_told_on_the_other_and_not_twice_on_its_own()
    {
        var raised = 0;
        await EventuallyAsync(() =>
        {
            a.Live.Raise(41 + raised++, ["ticket/1", "tickets"]);
            return b.Told("ticket/1") > 0 && b.Told("tickets") > 0;
        });
        // The read of recent changes passes over what was told.
        Assert.Contains(Enumerable.Range(41, raised), change => b.Live.WasTold(change));
        Assert.Equal(raised, a.Told("ticket/1"));
        Assert.InRange(b.Told("ticket/1"), 1, raised);
    }

    [Fact]
    public async Task Who_types_is_seen_on_the_other_node()
    {
        foreach (var types in new[] { true, false })
            await EventuallyAsync(() =>
            {
                a.Live.Whisper("typing", types);
                return b.Heard("typing") == types && b.HasHeard("typing");
            });
    }

    [Fact]
    public async Task Who_is_there_is_seen_on_the_other_node()
    {
        foreach (var seen in new[] { new Seen(Guid.NewGuid(), true), new Seen(Guid.NewGuid(), false) })
            await EventuallyAsync(() =>
            {
                a.Live.Show("viewing", seen);
                return b.LastSeen == seen;
            });
    }

    [Fact]
    public async Task While_Redis_is_dead_this_node_goes_on_and_afterwards_hints_travel_again()
    {
        await redis.KillAsync();
        for (var n = 0; n < 50; n++) a.Live.Raise(100 + n, ["ticket/3"]);
        Assert.Equal(50, a.Told("ticket/3"));
        await redis.RunAsync();
        await EventuallyAsync(() =>
        {
            a.Live.Raise(200, ["ticket/4"]);
            return b.Told("ticket/4") > 0;
        });
    }

    [Fact]
    public async Task What_somebody_else_says_on_the_topic_is_nobody_s_hint()
    {
        await using var stranger = await ConnectionMultiplexer.ConnectAsync(redis.Where);
        foreach (var text in new[] { "", "h", "h x y ticket/5", "q x 1 ticket/5", "w x 1", "s x 1 viewing", "s x 1 viewing nobody", "h x 99999999999999999999 ticket/5", new string('h', 100_000) })
            await stranger.GetSubscriber().PublishAsync(RedisChannel.Literal("inforzap:hints"), text);
        await EventuallyAsync(() =>
        {
            a.Live.Raise(300, ["ticket/6"]);
            return b.Told("ticket/6") > 0;
        });
        Assert.Equal(0, b.Told("ticket/5"));
    }

    [Fact]
    public async Task A_node_that_sees_another_folder_than_the_others_does_not_start()
    {
        var folder = Directory.CreateTempSubdirectory("inforzap-files-").FullName;
        try
        {
            Task Require(string name)
            {
                var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("Files:Root", Path.Combine(folder, name)), new("Cluster:Redis", redis.Where)]).Build();
                return SharedFolder.RequireAsync(configuration, new FileStore(configuration, new FakeSettings(), TimeProvider.System));
            }
            await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Require("shared")));
            await Require("shared");
            var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => Require("elsewhere"));
            Assert.Contains("elsewhere", refused.Message, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private async Task EventuallyAsync(Func<bool> isSo)
    {
        for (var end = DateTime.UtcNow.AddSeconds(20); !isSo(); await Task.Delay(50)) Assert.True(DateTime.UtcNow < end, $"It never came. One heard {a}, the other {b}.");
    }

    private sealed class Node : IAsyncDisposable
    {
        private static readonly string[] Topics = ["ticket/1", "ticket/2", "ticket/3", "ticket/4", "ticket/5", "ticket/6", "tickets"];
        private readonly ConcurrentDictionary<string, int> told = new();
        private readonly ConcurrentDictionary<string, bool> heard = new();
        private RedisHints carrier = null!;

        public LiveHints Live { get; } = new(NullLogger<LiveHints>.Instance);

        public int Told(string topic) => told.GetValueOrDefault(topic);

        public override string ToString() => string.Join(", ", told.Select(t => $"{t.Key} {t.Value}"));

        public bool Heard(string topic) => heard.GetValueOrDefault(topic);

        public Seen? LastSeen { get; private set; }

        public bool HasHeard(string topic) => heard.ContainsKey(topic);

        public static async Task<Node> StartAsync(string where)
        {
            var node = new Node();
            node.Live.On(Topics, topic => node.told.AddOrUpdate(topic, 1, (_, n) => n + 1));
            foreach (var topic in (string[])["typing", "warm"]) node.Live.Hear([topic], what => node.heard[topic] = what is true);
            node.Live.Hear(["viewing"], what => node.LastSeen = what as Seen);
            var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("Cluster:Redis", where)]).Build();
            node.carrier = new RedisHints(configuration, node.Live, NullLogger<RedisHints>.Instance);
            await node.carrier.StartAsync(default);
            return node;
        }

        public async ValueTask DisposeAsync()
        {
            await carrier.StopAsync(default);
            await carrier.DisposeAsync();
        }
    }
}
