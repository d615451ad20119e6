using System.Collections.Concurrent;
using System.Diagnostics;
using Inforzap.Data;
using Inforzap.Live;
using Inforzap.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Inforzap.Tests.Core.Live;

public sealed class LiveHintsTests
{
    [Fact]
    public async Task No_subscription_is_lost_while_others_come_and_go()
    {
        var live = new LiveHints(NullLogger<LiveHints>.Instance);
        using var stop = new CancellationTokenSource();
        var churn = Enumerable.Range(0, 3).Select(_ => Task.Run(() =>
        {
            while (!stop.IsCancellationRequested) live.On(["t"], _ => { }).Dispose();
        })).ToArray();
        for (var n = 0; n < 20_000; n++)
        {
            var told = false;
            using var mine = live.On(["t"], _ => told = true);
            live.Raise(["t"]);
            Assert.True(told, $"Subscription {n} heard nothing.");
        }
        await stop.CancelAsync();
        await Task.WhenAll(churn);
    }

    [Fact]
    public void Who_left_hears_nothing()
    {
        var live = new LiveHints(NullLogger<LiveHints>.Instance);
        var heard = 0;
        var mine = live.Hear(["t"], _ => heard++);
        live.Whisper("t", true);
        mine.Dispose();
        mine.Dispose();
        live.Whisper("t", true);
        Assert.Equal(1, heard);
    }

    [Fact]
    public async Task With_a_third_of_hints_lost_every_view_is_told_within_five_seconds()
    {
        await using var desk = await Desk.OpenAsync();
        var live = desk.Services.GetRequiredService<LiveHints>();
        var told = new ConcurrentDictionary<string, int>();
        var topics = Enumerable.Range(0, 100).Select(n => $"ticket/{n}").ToArray();
        using var views = live.On(topics, topic => told.AddOrUpdate(topic, 1, (_, n) => n + 1));
        using var reader = ActivatorUtilities.CreateInstance<ChangeReader>(desk.Services);
        await reader.StartAsync(default);
        await Task.Delay(300);
        live.DropShare = 0.3;
        foreach (var topic in topics) await desk.WriteAsync(db => TouchAsync(db, topic));
        var watch = Stopwatch.StartNew();
        while (told.Count < topics.Length && watch.Elapsed < TimeSpan.FromSeconds(5)) await Task.Delay(20);
        Assert.Equal(topics.Length, told.Count);
        await Task.Delay(2_500);
        Assert.All(told, t => Assert.Equal(1, t.Value));
        await reader.StopAsync(default);
    }

    private static Task TouchAsync(InforzapDb db, string topic)
    {
        db.Touch(topic);
        return Task.CompletedTask;
    }
}
