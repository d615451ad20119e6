using Inforzap.Data;
using Inforzap.Lanes;
using Inforzap.Tests.Support;
using Inforzap.Tickets;
using Inforzap.Tickets.Parked;
using Microsoft.Extensions.Time.Testing;

namespace Inforzap.Tests.Tickets;

/// <summary>What failed too often, and what an administrator does about it.</summary>
public sealed class ParkedTests
{
    private readonly Bench bench = new();

    private Task<Desk> OpenAsync() => Desk.OpenAsync(s => s.AddSingleton(bench).LaneHandler<BenchHandler>(), new FakeTimeProvider(DateTimeOffset.UtcNow));

    private static Task<LaneItem> ItemAsync(Desk desk) => desk.ReadAsync(db => db.Set<LaneItem>().AsNoTracking().SingleAsync(i => i.Lane == "bench/a"));

    private static Task<int> EffectsAsync(Desk desk) => desk.ReadAsync(db => db.Set<TimelineEntry>().CountAsync(e => e.Type == "bench"));

    private static async Task<long> ParkAsync(Desk desk)
    {
        await desk.WriteAsync(db =>
        {
            db.Enqueue("bench/a", "test", "{\"text\":\"particular\"}", desk.Clock!.GetUtcNow().UtcDateTime);
            return Task.CompletedTask;
        });
        for (var tries = 0; tries < LaneMarks.MaxAttempts; tries++) await desk.PassAsync(TimeSpan.FromMinutes(7));
        var item = await ItemAsync(desk);
        Assert.Equal((LaneItemState.Parked, LaneMarks.MaxAttempts), (item.State, item.Attempts));
        Assert.Equal(0, await EffectsAsync(desk));
        return item.Position;
    }

    [Fact]
    public async Task What_is_parked_is_done_once_when_two_people_press_the_button_at_once()
    {
        await using var desk = await OpenAsync();
        var administrators = new[] { await desk.PersonAsync("Rita", BuiltInRoles.Administrator), await desk.PersonAsync("Davi", BuiltInRoles.Administrator) };
        var position = await ParkAsync(desk);
        var row = Assert.Single((await desk.SendAs(administrators[0], new ListParked())).Items);
        Assert.Equal((position, "bench/a", LaneMarks.MaxAttempts, "InvalidOperationException: broken"), (row.Position, row.Lane, row.Attempts, row.Reason));
        Assert.DoesNotContain("particular", row.ToString(), StringComparison.Ordinal);

        bench.IsBroken = false;
        var tries = bench.Tries;
        var replayed = await Task.WhenAll(administrators.Select(a => Task.Run(() => desk.SendAs(a, new ReplayParked([position])))));
        Assert.Equal([0, 1], replayed.Order());
        await desk.SettleAsync();
        var done = await ItemAsync(desk);
        Assert.Equal((LaneItemState.Done, 0), (done.State, done.Attempts));
        Assert.Equal((tries + 1, 1), (bench.Tries, await EffectsAsync(desk)));

        // Done is done.
        Assert.Equal(0, await desk.SendAs(administrators[0], new ReplayParked([position])));
        await desk.SettleAsync();
        Assert.Equal(1, await EffectsAsync(desk));
        Assert.Equal(0, (await desk.SendAs(administrators[0], new ListParked())).ItemCount);
    }

    [Fact]
    public async Task What_fails_again_has_all_its_tries_again_and_is_parked_again()
    {
        await using var desk = await OpenAsync();
        var rita = await desk.PersonAsync("Rita", BuiltInRoles.Administrator);
        var position = await ParkAsync(desk);
        Assert.Equal(1, await desk.SendAs(rita, new ReplayParked([position])));
        await desk.SettleAsync();
        Assert.Equal((LaneItemState.Pending, 1), ((await ItemAsync(desk)).State, (await ItemAsync(desk)).Attempts));
        for (var tries = 1; tries < LaneMarks.MaxAttempts; tries++) await desk.PassAsync(TimeSpan.FromMinutes(7));
        Assert.Equal((LaneItemState.Parked, LaneMarks.MaxAttempts), ((await ItemAsync(desk)).State, (await ItemAsync(desk)).Attempts));
    }

    [Fact]
    public async Task What_is_given_up_is_never_done_and_says_by_whom()
    {
        await using var desk = await OpenAsync();
        var rita = await desk.PersonAsync("Rita", BuiltInRoles.Administrator);
        var position = await ParkAsync(desk);
        bench.IsBroken = false;
        Assert.Equal(1, await desk.SendAs(rita, new DropParked([position])));
        Assert.Equal(0, await desk.SendAs(rita, new ReplayParked([position])));
        await desk.PassAsync(TimeSpan.FromHours(1));
        var item = await ItemAsync(desk);
        Assert.Equal(LaneItemState.Dropped, item.State);
        Assert.Contains("Rita", item.Reason, StringComparison.Ordinal);
        Assert.Equal(0, await EffectsAsync(desk));
    }

    private sealed class Bench
    {
        private int tries;

        public bool IsBroken { get; set; } = true;

        public int Tries => tries;

        public void Try() => Interlocked.Increment(ref tries);
    }

    private sealed class BenchHandler(Bench bench, InforzapDb db) : ILaneHandler
    {
        public string Type => "bench";

        public Task HandleAsync(LaneSet set, CancellationToken ct)
        {
            bench.Try();
            if (bench.IsBroken) throw new InvalidOperationException("broken");
            foreach (var item in set.Items) db.Add(new TimelineEntry { TicketId = Guid.CreateVersion7(), Type = "bench", At = item.CreatedAt });
            return Task.CompletedTask;
        }
    }
}
