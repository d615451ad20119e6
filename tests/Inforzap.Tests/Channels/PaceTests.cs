using Inforzap.Channels.Out;
using Inforzap.Sdk;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Time.Testing;

namespace Inforzap.Tests.Channels;

/// <summary>On a clock that the test turns: nothing here depends on how busy the machine is.</summary>
public sealed class PaceTests
{
    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2026, 5, 4, 12, 0, 0, TimeSpan.Zero));
    private readonly Guid channel = Guid.NewGuid();

    private Pace Pace(string? usual = null) => new(new ConfigurationBuilder().AddInMemoryCollection([new("Channels:Pace", usual)]).Build(), clock, new Inforzap.Lanes.Nodes(new ServiceCollection().BuildServiceProvider()));

    /// <summary>Lets all go that may, turning the clock by ten milliseconds a step, and returns when each went.</summary>
    private async Task<List<TimeSpan>> RunAsync(Pace pace, SendPace? asked, int count, TimeSpan most)
    {
        var start = clock.GetUtcNow();
        var went = new List<TimeSpan>();
        var running = Enumerable.Range(0, count).Select(async _ =>
        {
            await pace.WaitAsync(channel, asked, TestContext.Current.CancellationToken);
            lock (went) went.Add(clock.GetUtcNow() - start);
        }).ToList();
        while (clock.GetUtcNow() - start < most && !running.TrueForAll(r => r.IsCompleted))
        {
            // Whoever may go goes before the clock moves on.
            for (var i = 0; i < 20; i++) await Task.Yield();
            await Task.Delay(1, TestContext.Current.CancellationToken);
            clock.Advance(TimeSpan.FromMilliseconds(10));
        }
        await Task.WhenAll(running).WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        return went;
    }

    [Fact]
    public async Task In_no_second_wherever_it_begins_more_go_out_than_the_provider_takes()
    {
        var went = await RunAsync(Pace(), new SendPace(10), 45, TimeSpan.FromSeconds(20));
        Assert.All(went, t => Assert.InRange(went.Count(o => o >= t && o < t + TimeSpan.FromSeconds(1)), 1, 10));
        Assert.InRange(went.Max(), TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task Less_than_one_a_second_is_one_in_a_longer_time()
    {
        var went = await RunAsync(Pace("0.5"), null, 3, TimeSpan.FromSeconds(20));
        Assert.Equal(3, went.Count);
        Assert.InRange(went.Max(), TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(4.5));
    }

    [Fact]
    public void One_person_gets_a_burst_and_then_one_in_six_seconds_and_others_are_not_slowed()
    {
        var (pace, asked) = (Pace(), new SendPace(80, TimeSpan.FromSeconds(6), 45));
        for (var i = 0; i < 45; i++) Assert.Equal(TimeSpan.Zero, pace.TakeAddress("out/a", asked));
        Assert.Equal(6, pace.TakeAddress("out/a", asked).TotalSeconds, 3);
        Assert.Equal(TimeSpan.Zero, pace.TakeAddress("out/b", asked));
        clock.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal(2, pace.TakeAddress("out/a", asked).TotalSeconds, 3);
        clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(TimeSpan.Zero, pace.TakeAddress("out/a", asked));
        Assert.True(pace.TakeAddress("out/a", asked) > TimeSpan.Zero);
        clock.Advance(TimeSpan.FromSeconds(6 * 45));
        for (var i = 0; i < 45; i++) Assert.Equal(TimeSpan.Zero, pace.TakeAddress("out/a", asked));
        Assert.True(pace.TakeAddress("out/a", asked) > TimeSpan.Zero);
    }

    [Fact]
    public void Without_a_pace_of_their_own_addresses_do_not_wait()
    {
        var pace = Pace();
        for (var i = 0; i < 100; i++) Assert.Equal(TimeSpan.Zero, pace.TakeAddress("out/a", new SendPace(80)));
        Assert.Equal(TimeSpan.Zero, pace.TakeAddress("out/a", null));
    }

    [Fact]
    public void A_channel_that_is_held_says_for_how_long_and_why()
    {
        var pace = Pace();
        Assert.Null(pace.Held(channel));
        pace.Hold(channel, TimeSpan.FromSeconds(30), "token vencido");
        clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal((TimeSpan.FromSeconds(20), "token vencido"), pace.Held(channel));
        Assert.Null(pace.Held(Guid.NewGuid()));
        clock.Advance(TimeSpan.FromSeconds(20));
        Assert.Null(pace.Held(channel));
    }
}
