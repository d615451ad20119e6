using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using Inforzap.Data;
using Inforzap.Scenarios.Browser;
using Inforzap.Tests.Plugins;
using Inforzap.Tests.Support;
using Inforzap.Tickets;

namespace Inforzap.Scenarios;

/// <summary>Two nodes of which one dies, or whose clock, database or directory fails: nothing is lost, nothing is sent twice.</summary>
[Collection(nameof(BrowserTest))]
public sealed class ClusterTests
{
    private const int People = 60;

    [Fact]
    public async Task A_node_dies_every_two_seconds_and_of_3000_messages_none_is_lost_or_sent_twice()
    {
        const int count = 3_000;
        // Slow enough that a few nodes die before the end.
        await using var pair = await Pair.StartAsync(settings: new() { ["Channels__Pace"] = "75" });
        var calls = new ConcurrentQueue<(string To, string Text)>();
        pair.Provider.OtherwiseAsync = async (sent, ct) =>
        {
            var message = JsonDocument.Parse(sent.Body).RootElement;
            calls.Enqueue((message.GetProperty("to").GetString()!, message.GetProperty("text").GetString()!));
            await Task.Delay(20, ct);
            return new FakeAnswer();
        };
        for (var i = 0; i < People; i++) await pair[i % 2].WriteAsync($"p{i}", $"5511980{i:000000}", "Olá");
        await pair.Place.EventuallyAsync(async db => await db.Set<Ticket>().CountAsync() == People);

        var flood = HostProcess.ActAsync(pair.Settings(0), "flood", $"{count}");
        var deaths = 0;
        Task<bool> SettledAsync() => pair.Place.ReadAsync(async db => flood.IsCompleted && !await db.Set<Message>().AnyAsync(m => m.FromUs && (m.State == MessageState.Queued || m.State == MessageState.Sending)));
        for (var clock = Stopwatch.StartNew(); !await SettledAsync(); deaths++)
        {
            Assert.True(clock.Elapsed < TimeSpan.FromMinutes(5), "They never came to an end.");
            await Task.Delay(TimeSpan.FromSeconds(2));
            await pair[deaths % 2].KillAsync();
            await pair.StartAsync(deaths % 2);
        }
        Assert.Equal(0, await flood);
        Assert.InRange(deaths, 3, 200);

        var ends = await pair.Place.ReadAsync(db => db.Set<Message>().Where(m => m.FromUs).Select(m => new { m.Body, m.State }).ToListAsync());
        Assert.Equal(count, ends.Count);
        var times = calls.CountBy(c => c.Text).ToDictionary();
        Assert.All(times, t => Assert.Equal(1, t.Value));
        Assert.All(ends, m => Assert.True(times.ContainsKey(m.Body!) || m.State is MessageState.Failed or MessageState.Unknown, $"{m.Body} was never sent and is {m.State}."));
        Assert.All(ends, m => Assert.True(m.State is MessageState.Sent or MessageState.Unknown, $"{m.Body} is {m.State}."));
        // Whatever went out went out in its order.
        Assert.All(calls.GroupBy(c => c.To), person => Assert.Equal(person.Select(Number).Order(), person.Select(Number)));
        // Only what was on its way when a node died is unsure.
        Assert.InRange(ends.Count(m => m.State == MessageState.Unknown), 0, deaths * People);
    }

    private static int Number((string To, string Text) call) => int.Parse(call.Text.Split(' ')[^1], System.Globalization.CultureInfo.InvariantCulture);

    [Fact]
    public async Task A_node_whose_clock_is_90_seconds_ahead_takes_nothing_for_late()
    {
        await using var pair = await Pair.MakeAsync(settings: new() { ["Sends__DeadlineSeconds"] = "20" });
        // Each answer takes its time, in which the other node could believe that it is overdue.
        pair.Provider.OtherwiseAsync = async (_, ct) =>
        {
            await Task.Delay(TimeSpan.FromSeconds(4), ct);
            return new FakeAnswer();
        };
        await pair.StartAsync(0);
        var ahead = await pair.StartAsync(1, new Dictionary<string, string> { ["FAILCLOCK"] = "90" });
        await ahead.SaysAsync("ahead of the database's");
        for (var i = 0; i < 40; i++) await pair[i % 2].WriteAsync($"c{i}", "5511981000001", $"recado {i}");
        for (var i = 0; i < 8; i++) await pair[i % 2].WriteAsync($"d{i}", $"551198200000{i}", "Olá");
        await pair.Place.EventuallyAsync(async db => await db.Set<Message>().CountAsync() == 48);
        var real = DateTime.UtcNow;
        var said = await pair.Place.ReadAsync(db => db.Set<Message>().Where(m => m.Body!.StartsWith("recado")).OrderBy(m => m.Seq).Select(m => new { m.Body, m.CreatedAt }).ToListAsync());
        Assert.Equal(Enumerable.Range(0, 40).Select(i => $"recado {i}"), said.Select(m => m.Body));
        Assert.All(said, m => Assert.InRange(m.CreatedAt, real.AddMinutes(-1), real.AddSeconds(2)));

        Assert.Equal(0, await HostProcess.ActAsync(pair.Settings(0), "flood", "18"));
        await pair.Place.EventuallyAsync(async db => !await db.Set<Message>().AnyAsync(m => m.FromUs && (m.State == MessageState.Queued || m.State == MessageState.Sending)));
        Assert.Equal(18, await pair.Place.ReadAsync(db => db.Set<Message>().CountAsync(m => m.State == MessageState.Sent)));
        Assert.Equal(18, pair.Provider.Requests.Count(r => r.Method == "POST"));
        Assert.True(pair.AreAlive);
    }

    [Fact]
    public async Task The_database_is_restarted_and_everything_goes_on()
    {
        Assert.SkipUnless(PostgresServer.IsThere, "PostgreSQL's own programs are not here.");
        await using var server = await PostgresServer.StartAsync();
        await using var pair = await Pair.StartAsync(server.Where);
        var taken = new ConcurrentQueue<int>();
        using var stop = new CancellationTokenSource();
        var talk = Task.Run(async () =>
        {
            for (var i = 0; !stop.IsCancellationRequested; i++)
            {
                await pair[i % 2].WriteAsync($"r{i}", $"55119830000{i % 9:00}", $"recado {i}");
                taken.Enqueue(i);
            }
        });
        await Task.Delay(2_000);
        var before = taken.Count;
        await server.StopAsync();
        await Task.Delay(3_000);
        await server.StartAgainAsync();
        Npgsql.NpgsqlConnection.ClearAllPools();
        for (var clock = Stopwatch.StartNew(); taken.Count < before + 50; await Task.Delay(100)) Assert.True(clock.Elapsed < TimeSpan.FromSeconds(60), "It never came back.");
        await stop.CancelAsync();
        await talk;
        await pair.Place.EventuallyAsync(async db => await db.Set<Message>().CountAsync() == taken.Count);
        Assert.Equal(taken.Count, await pair.Place.ReadAsync(db => db.Set<Message>().Select(m => m.Body).Distinct().CountAsync()));
        Assert.True(pair.AreAlive);
        foreach (var node in new[] { 0, 1 }) Assert.True((await pair[node].Http.GetAsync(new Uri(pair[node].Url, "health/ready"))).IsSuccessStatusCode);
    }

    [Fact]
    public async Task A_bot_that_was_polled_by_a_node_that_died_is_polled_by_the_other()
    {
        await using var telegram = await FakeTelegram.StartAsync();
        await using var pair = await Pair.StartAsync(settings: new()
        {
            ["Http__Allow__1"] = telegram.Server.Url.Authority,
            ["Channels__bot__Provider"] = "telegram",
            ["Channels__bot__Name"] = "Loja",
            ["Channels__bot__Settings__BotToken"] = FakeTelegram.Token,
            ["Channels__bot__Settings__BaseUrl"] = telegram.Server.Url.ToString(),
        });
        await telegram.CallAsync("getUpdates");
        // One of the two is the one that polls.
        foreach (var node in new[] { 0, 1 })
        {
            await pair[node].KillAsync();
            var (clock, text) = (Stopwatch.StartNew(), $"Alguém? {node}");
            telegram.Says(777001, text);
            await pair.Place.EventuallyAsync(db => db.Set<Message>().AnyAsync(m => m.Body == text), TimeSpan.FromSeconds(60));
            Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(30));
            await pair.StartAsync(node);
        }
        Assert.Equal(2, await pair.Place.ReadAsync(db => db.Set<Message>().CountAsync()));
        Assert.Equal(1, telegram.MostPolls);
    }
}
