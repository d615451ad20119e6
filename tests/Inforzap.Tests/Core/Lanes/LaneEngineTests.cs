using System.Collections.Concurrent;
using Inforzap.Data;
using Inforzap.Lanes;
using Inforzap.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace Inforzap.Tests.Core.Lanes;

public sealed class LaneEngineTests
{
    private readonly Journal journal = new();

    private Task<Desk> OpenAsync(FakeTimeProvider? clock = null) => Desk.OpenAsync(s => s.AddSingleton(journal)
        .LaneHandler<JournalHandler>().LaneHandler<SinkHandler>().LaneWorker<JournalWorker>(), clock);

    private static Task<List<LaneItem>> ItemsAsync(Desk desk, string type) =>
        desk.ReadAsync(db => db.LaneItems.AsNoTracking().Where(i => i.Lane.StartsWith(type + "/")).OrderBy(i => i.Position).ToListAsync());

    private static Task EnqueueAsync(Desk desk, params (string Lane, string Payload)[] items) => desk.WriteAsync(db =>
    {
        var now = desk.Services.GetRequiredService<TimeProvider>().GetUtcNow().UtcDateTime;
        foreach (var (lane, payload) in items) db.Enqueue(lane, "test", payload, now);
        return Task.CompletedTask;
    });

    [Fact]
    public async Task Each_lane_keeps_its_order_while_many_run_and_the_handler_dawdles()
    {
        await using var desk = await OpenAsync();
        journal.Dawdle = true;
        await Task.WhenAll(Enumerable.Range(0, 40).Select(async lane =>
        {
            for (var n = 0; n < 25; n++) await EnqueueAsync(desk, ($"test/{lane}", n.ToString()));
        }));
        await desk.SettleAsync();
        var items = await ItemsAsync(desk, "test");
        Assert.All(items, i => Assert.Equal(LaneItemState.Done, i.State));
        foreach (var lane in journal.Done.GroupBy(d => d.Lane))
            Assert.Equal(Enumerable.Range(0, 25).Select(n => n.ToString()), lane.Select(d => d.Payload));
        Assert.Equal(1_000, (await ItemsAsync(desk, "sink")).Count);
    }

    [Fact]
    public async Task A_bad_item_among_99_good_ones_costs_only_itself()
    {
        await using var desk = await OpenAsync();
        await EnqueueAsync(desk, [.. Enumerable.Range(0, 100).Select(n => ($"test/{n}", n == 50 ? "bad" : n.ToString()))]);
        await desk.SettleAsync();
        var items = await ItemsAsync(desk, "test");
        Assert.Equal(99, items.Count(i => i.State == LaneItemState.Done && i.Attempts == 0));
        var bad = Assert.Single(items, i => i.State != LaneItemState.Done);
        Assert.True(bad.Attempts > 0);
        Assert.Equal("InvalidOperationException: bad", bad.Reason);
        Assert.Equal(99, (await ItemsAsync(desk, "sink")).Select(i => i.Payload).Distinct().Count());
        Assert.Equal(99, (await ItemsAsync(desk, "sink")).Count);
    }

    [Fact]
    public async Task What_fails_eight_times_is_parked_and_its_lane_goes_on()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var desk = await OpenAsync(clock);
        await EnqueueAsync(desk, ("test/a", "bad"), ("test/a", "next"));
        for (var tries = 1; tries < LaneMarks.MaxAttempts; tries++)
        {
            await desk.SettleAsync();
            var items = await ItemsAsync(desk, "test");
            Assert.Equal((LaneItemState.Pending, tries), (items[0].State, items[0].Attempts));
            Assert.Equal(LaneItemState.Pending, items[1].State);
            await desk.PassAsync(TimeSpan.FromMinutes(7));
        }
        var end = await ItemsAsync(desk, "test");
        Assert.Equal((LaneItemState.Parked, LaneMarks.MaxAttempts), (end[0].State, end[0].Attempts));
        Assert.NotNull(end[0].DoneAt);
        Assert.Equal(LaneItemState.Done, end[1].State);
    }

    [Fact]
    public async Task What_failed_before_spoils_no_second_set()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var desk = await OpenAsync(clock);
        await EnqueueAsync(desk, ("test/a", "bad"), ("test/b", "1"));
        await desk.SettleAsync();
        journal.Sets.Clear();
        await EnqueueAsync(desk, ("test/b", "2"), ("test/c", "3"));
        await desk.PassAsync(TimeSpan.FromMinutes(7));
        Assert.All(journal.Sets.Where(s => s.Contains("bad")), s => Assert.Single(s));
    }

    [Fact]
    public async Task A_long_lane_that_may_not_go_yet_keeps_no_other_from_its_turn()
    {
        await using var desk = await OpenAsync();
        var later = DateTime.UtcNow.AddHours(1);
        await desk.WriteAsync(async db =>
        {
            db.LaneItems.Add(LaneItem.Make("test/long", "test", "first", DateTime.UtcNow, later));
            await db.SaveChangesAsync();
            for (var n = 0; n < 1_200; n++) db.LaneItems.Add(LaneItem.Make("test/long", "test", "x", DateTime.UtcNow));
            await db.SaveChangesAsync();
            db.LaneItems.Add(LaneItem.Make("test/short", "test", "y", DateTime.UtcNow));
        });
        var engine = desk.Services.GetRequiredService<LaneEngine>();
        var turns = await Task.WhenAll(engine.TurnAsync("test/long"), engine.TurnAsync("test/short"));
        Assert.False(turns[0].More);
        Assert.Equal(later, turns[0].At!.Value, TimeSpan.FromMilliseconds(2));
        Assert.Equal("y", Assert.Single(journal.Done).Payload);
    }

    [Fact]
    public async Task Two_engines_at_one_lane_do_each_item_once()
    {
        await using var desk = await OpenAsync();
        desk.Services.GetRequiredService<LaneWaker>().Paused = true;
        await EnqueueAsync(desk, [.. Enumerable.Range(0, 60).Select(n => ($"test/{n % 3}", n.ToString()))]);
        var engines = Enumerable.Range(0, 2).Select(_ => ActivatorUtilities.CreateInstance<LaneEngine>(desk.Services)).ToArray();
        foreach (var engine in engines) await engine.StartAsync(default);
        await Task.WhenAll(engines.SelectMany(e => Enumerable.Range(0, 3).Select(async lane =>
        {
            LaneTurn turn;
            do turn = await e.TurnAsync($"test/{lane}");
            while (turn.More || turn.At is not null);
        })));
        foreach (var engine in engines) await engine.StopAsync(default);
        Assert.All(await ItemsAsync(desk, "test"), i => Assert.Equal((LaneItemState.Done, 0), (i.State, i.Attempts)));
        Assert.Equal(60, (await ItemsAsync(desk, "sink")).Count);
        foreach (var engine in engines) engine.Dispose();
    }

    [Fact]
    public async Task What_waits_is_taken_when_its_key_comes()
    {
        await using var desk = await OpenAsync();
        await EnqueueAsync(desk, ("test/a", "wait:k1"), ("test/a", "on"));
        await desk.SettleAsync();
        var items = await ItemsAsync(desk, "test");
        Assert.Equal((LaneItemState.Waiting, "k1"), (items[0].State, items[0].WaitsFor));
        Assert.Equal(LaneItemState.Done, items[1].State);
        await EnqueueAsync(desk, ("test/b", "take:k1"));
        await desk.SettleAsync();
        Assert.All(await ItemsAsync(desk, "test"), i => Assert.Equal(LaneItemState.Done, i.State));
        Assert.Contains(journal.Done, d => d.Payload == "taken wait:k1");
    }

    [Fact]
    public async Task What_waits_is_looked_at_again_in_case_its_key_came_unseen_and_is_parked_after_six_hours()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var desk = await OpenAsync(clock);
        await EnqueueAsync(desk, ("test/a", "wait:k1"), ("test/b", "wait:never"));
        await desk.SettleAsync();
        journal.Known.Add("k1");
        await desk.RunJobAsync<LaneSweep>(1);
        await desk.SettleAsync();
        Assert.All(await ItemsAsync(desk, "test"), i => Assert.Equal(LaneItemState.Waiting, i.State));
        clock.Advance(TimeSpan.FromSeconds(11));
        await desk.RunJobAsync<LaneSweep>(2);
        await desk.SettleAsync();
        Assert.Equal([LaneItemState.Done, LaneItemState.Waiting], (await ItemsAsync(desk, "test")).Select(i => i.State));
        clock.Advance(TimeSpan.FromHours(7));
        await desk.RunJobAsync<LaneSweep>(3);
        await desk.SettleAsync();
        Assert.Equal([LaneItemState.Done, LaneItemState.Parked], (await ItemsAsync(desk, "test")).Select(i => i.State));
    }

    [Fact]
    public async Task The_sweep_finds_what_a_lost_wake_up_left()
    {
        await using var desk = await OpenAsync();
        var waker = desk.Services.GetRequiredService<LaneWaker>();
        waker.Paused = true;
        await EnqueueAsync(desk, ("test/a", "1"));
        waker.Paused = false;
        await desk.RunJobAsync<LaneSweep>();
        await desk.SettleAsync();
        Assert.Equal(LaneItemState.Done, (await ItemsAsync(desk, "test")).Single().State);
    }

    [Fact]
    public async Task A_lane_that_nobody_serves_keeps_its_items_and_says_why()
    {
        await using var desk = await OpenAsync();
        await EnqueueAsync(desk, ("nobody/a", "1"));
        await desk.SettleAsync();
        var item = (await ItemsAsync(desk, "nobody")).Single();
        Assert.Equal(LaneItemState.Pending, item.State);
        Assert.Contains("nobody", item.Reason);
    }

    [Theory]
    [InlineData("throws", 1, LaneItemState.Pending)]
    [InlineData("forgets", 1, LaneItemState.Pending)]
    [InlineData("later", 0, LaneItemState.Pending)]
    [InlineData("does", 0, LaneItemState.Done)]
    public async Task A_worker_that(string what, int attempts, LaneItemState state)
    {
        await using var desk = await OpenAsync(new FakeTimeProvider(DateTimeOffset.UtcNow));
        await EnqueueAsync(desk, ("work/a", what));
        await desk.SettleAsync();
        var item = (await ItemsAsync(desk, "work")).Single();
        Assert.Equal((attempts, state), (item.Attempts, item.State));
    }

    [Fact]
    public async Task Lanes_that_look_together_find_each_its_own_first_beside_a_long_one()
    {
        await using var desk = await OpenAsync();
        var later = DateTime.UtcNow.AddHours(1);
        await desk.WriteAsync(async db =>
        {
            for (var n = 0; n < 300; n++) db.LaneItems.Add(LaneItem.Make("work/long", "test", "does", DateTime.UtcNow, n == 0 ? later : null));
            await db.SaveChangesAsync();
        });
        await EnqueueAsync(desk, [.. Enumerable.Range(0, 150).Select(n => ($"work/{n % 30}", "does"))]);
        await desk.SettleAsync();
        var items = await ItemsAsync(desk, "work");
        Assert.All(items.Where(i => i.Lane == "work/long"), i => Assert.Equal(LaneItemState.Pending, i.State));
        Assert.All(items.Where(i => i.Lane != "work/long"), i => Assert.Equal((LaneItemState.Done, 0), (i.State, i.Attempts)));
        Assert.Equal(450, items.Count);
    }

    [Fact]
    public async Task A_set_writes_all_or_nothing()
    {
        await using var desk = await OpenAsync(new FakeTimeProvider(DateTimeOffset.UtcNow));
        await EnqueueAsync(desk, ("test/a", "write-then-fail"));
        await desk.SettleAsync();
        Assert.Empty(await ItemsAsync(desk, "sink"));
    }

    internal sealed class Journal
    {
        public ConcurrentQueue<(string Lane, string Payload)> Done { get; } = new();
        public ConcurrentQueue<string[]> Sets { get; } = new();
        public ConcurrentBag<string> Known { get; } = [];
        public bool Dawdle { get; set; }
    }

    internal sealed class JournalHandler(InforzapDb db, Journal journal, TimeProvider clock) : ILaneHandler
    {
        public string Type => "test";

        public async Task HandleAsync(LaneSet set, CancellationToken ct)
        {
            journal.Sets.Enqueue([.. set.Items.Select(i => i.Payload)]);
            var now = clock.GetUtcNow().UtcDateTime;
            foreach (var item in set.Items)
            {
                if (journal.Dawdle && Random.Shared.Next(10) == 0) await Task.Delay(Random.Shared.Next(5), ct);
                if (item.Payload == "bad") throw new InvalidOperationException("bad");
                if (item.Payload.StartsWith("wait:") && !journal.Known.Contains(item.Payload[5..]))
                {
                    set.Wait(item, item.Payload[5..], "not there yet");
                    continue;
                }
                if (item.Payload.StartsWith("take:"))
                    foreach (var taken in await db.TakeWaitingAsync([item.Payload[5..]], now, ct)) journal.Done.Enqueue((taken.Lane, "taken " + taken.Payload));
                db.Enqueue("sink/" + item.Lane[5..], "effect", item.Position.ToString(), now);
                await db.SaveChangesAsync(ct);
                if (item.Payload == "write-then-fail") throw new InvalidOperationException("after writing");
                journal.Done.Enqueue((item.Lane, item.Payload));
            }
        }
    }

    internal sealed class SinkHandler : ILaneHandler
    {
        public string Type => "sink";

        public Task HandleAsync(LaneSet set, CancellationToken ct) => Task.CompletedTask;
    }

    internal sealed class JournalWorker(IServiceScopeFactory scopes, TimeProvider clock) : ILaneWorker
    {
        public string Type => "work";

        public async Task<DateTime?> WorkAsync(LaneItem item, CancellationToken ct)
        {
            if (item.Payload == "throws") throw new InvalidOperationException("no luck");
            if (item.Payload == "later") return clock.GetUtcNow().UtcDateTime.AddHours(1);
            if (item.Payload == "forgets") return null;
            await using var scope = scopes.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<InforzapDb>().DoneAsync(item.Position, clock.GetUtcNow().UtcDateTime, ct);
            return null;
        }
    }
}
