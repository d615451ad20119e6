using System.Diagnostics.Metrics;
using Inforzap.Contracts.Tickets;
using Inforzap.Data;
using Inforzap.Lanes;
using Inforzap.Requests;
using Inforzap.Sdk;
using Inforzap.Tests.Support;
using Inforzap.Tickets;
using Inforzap.Tickets.Operation;
using Microsoft.Extensions.Time.Testing;

namespace Inforzap.Tests.Tickets;

public sealed class OperationMetricsTests(Counter counter) : IClassFixture<Counter>
{
    private static OperationMetrics MetricsOf(Desk desk) => ActivatorUtilities.CreateInstance<OperationMetrics>(desk.Services, "Inforzap.Tests");

    [Fact]
    public async Task What_the_page_shows_is_scraped_as_gauges()
    {
        var ana = counter.Agent("Ana");
        var ticket = await counter.ServedAsync(ana, "5521966660011");
        var (_, refused, at) = await counter.AnswerAsync(ana, ticket, "um");
        await counter.SendAsSystem(new RecordSend(refused.Message!.MessageId, refused.Message.AttemptId, at, SendResult.Refused("não")));
        var old = DateTime.UtcNow.AddMinutes(-10);
        await counter.WriteAsync(db =>
        {
            // Nobody serves this kind here, so they stay.
            foreach (var lane in (string[])["media3/a", "media3/b", "media3/c"]) db.Enqueue(lane, "fetch", "{}", DateTime.UtcNow.AddDays(1));
            return Task.CompletedTask;
        });
        // What was woken by coming looks first, or it would find this due and count a failure.
        await counter.SettleAsync();
        await counter.ReadAsync(db => db.Set<LaneItem>().Where(i => i.Lane == "media3/a").ExecuteUpdateAsync(s => s.SetProperty(i => i.DueAt, old)));
        await counter.ReadAsync(db => db.Set<LaneItem>().Where(i => i.Lane == "media3/b").ExecuteUpdateAsync(s => s.SetProperty(i => i.State, LaneItemState.Parked)));

        using var metrics = MetricsOf(counter);
        await metrics.ReadAsync(default);
        var told = Scrape(metrics);
        Assert.Equal(1, told["inforzap.lane.waiting media3 due"]);
        Assert.Equal(1, told["inforzap.lane.waiting media3 later"]);
        Assert.Equal(1, told["inforzap.lane.parked media3"]);
        Assert.InRange(told["inforzap.lane.oldest.age media3"], 595, 660);
        Assert.Equal((0, 0, 0, 1), (told["inforzap.message.unsettled queued"], told["inforzap.message.unsettled sending"], told["inforzap.message.unsettled unknown"], told["inforzap.message.unsettled failed"]));
        Assert.Equal((1, 0), (told["inforzap.channel.count test connected"], told["inforzap.channel.count test needs_pairing"]));
        Assert.True(told["inforzap.database.size"] > 0);
        foreach (var use in TestDatabase.Provider == DatabaseProvider.Sqlite ? ["files", "database"] : (string[])["files"])
            Assert.InRange(told[$"inforzap.disk.free {use}"], 1, told[$"inforzap.disk.size {use}"]);

        // Once it is empty the lane stays, at nothing.
        await counter.ReadAsync(db => db.Set<LaneItem>().Where(i => i.Lane.StartsWith("media3/")).ExecuteDeleteAsync());
        await metrics.ReadAsync(default);
        told = Scrape(metrics);
        Assert.Equal((0, 0, 0), (told["inforzap.lane.waiting media3 due"], told["inforzap.lane.parked media3"], told["inforzap.lane.oldest.age media3"]));
    }

    [Fact]
    public async Task The_database_is_read_while_somebody_scrapes_and_never_by_the_scrape()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UtcNow);
        var reads = new Reads();
        await using var desk = await Desk.OpenAsync(s => s.AddSingleton(reads).AddScoped<IRequestHandler<ReadOperation, OperationView>, Counted>(), clock);
        using var metrics = MetricsOf(desk);
        await metrics.StartAsync(default);
        await TurnAsync(clock, 6);
        Assert.Equal(0, reads.Count);
        for (var i = 0; i < 100; i++) Scrape(metrics);
        // One that was about to look may have found that somebody asks.
        Assert.InRange(reads.Count, 0, 1);
        for (var tries = 0; !Scrape(metrics).ContainsKey("inforzap.database.size"); tries++)
        {
            Assert.True(tries < 600, "It is never read.");
            await TurnAsync(clock, 1);
            Assert.InRange(reads.Count, 0, tries + 2);
        }
        // What could not be read anew for long is told no longer.
        reads.Fail = true;
        for (var tries = 0; Scrape(metrics).ContainsKey("inforzap.database.size"); tries++)
        {
            Assert.True(tries < 600, "It is told for ever.");
            await TurnAsync(clock, 1);
        }
        await metrics.StopAsync(default);
    }

    [Fact]
    public async Task While_the_database_is_away_disks_and_channels_are_still_told()
    {
        await using var desk = await Desk.OpenAsync(s => s.AddScoped<IRequestHandler<ReadOperation, OperationView>, Away>());
        using var metrics = MetricsOf(desk);
        await metrics.ReadAsync(default);
        var told = Scrape(metrics);
        Assert.Contains("inforzap.disk.free files", told.Keys);
        Assert.DoesNotContain("inforzap.database.size", told.Keys);
    }

    private sealed class Away : IRequestHandler<ReadOperation, OperationView>
    {
        public Task<OperationView> Handle(ReadOperation request, CancellationToken ct) => throw new TimeoutException();
    }

    private sealed class Reads
    {
        public int Count;
        public bool Fail;
    }

    private sealed class Counted(Reads reads) : IRequestHandler<ReadOperation, OperationView>
    {
        public Task<OperationView> Handle(ReadOperation request, CancellationToken ct)
        {
            Interlocked.Increment(ref reads.Count);
            return reads.Fail ? throw new TimeoutException()
                : Task.FromResult(new OperationView([], new Dictionary<string, int>(), [], [], new(DatabaseProvider.Sqlite, 4096), 1, 2, []));
        }
    }

    /// <summary>The clock is turned while the reader sleeps; it may not have lain down yet, so a turn may go by unnoticed.</summary>
    private static async Task TurnAsync(FakeTimeProvider clock, int times)
    {
        for (var i = 0; i < times; i++)
        {
            clock.Advance(OperationMetrics.Rest);
            await Task.Delay(10);
        }
    }

    /// <summary>What a scrape hears of this node: name and attributes, and the figure.</summary>
    private static Dictionary<string, double> Scrape(OperationMetrics metrics)
    {
        var told = new Dictionary<string, double>();
        void Hear(Instrument instrument, double figure, ReadOnlySpan<KeyValuePair<string, object?>> tags) => told[string.Join(' ', [instrument.Name, .. tags.ToArray().Select(t => $"{t.Value}")])] = figure;
        using var listener = new MeterListener { InstrumentPublished = (i, l) => { if (i.Meter == metrics.Meter) l.EnableMeasurementEvents(i); } };
        listener.SetMeasurementEventCallback<long>((i, figure, tags, _) => Hear(i, figure, tags));
        listener.SetMeasurementEventCallback<double>((i, figure, tags, _) => Hear(i, figure, tags));
        listener.Start();
        listener.RecordObservableInstruments();
        return told;
    }
}
