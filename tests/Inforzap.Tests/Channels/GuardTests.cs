using Inforzap.Plugins;
using Microsoft.Extensions.Time.Testing;

namespace Inforzap.Tests.Channels;

public sealed class GuardTests
{
    private readonly FakeTimeProvider clock = new();

    private static bool Never(Exception e) => false;

    private async Task FailAsync(PluginGuard guard) =>
        await Assert.ThrowsAsync<InvalidOperationException>(() => guard.RunAsync<int>(_ => throw new InvalidOperationException(), Never, default));

    [Fact]
    public async Task Five_failures_shut_the_door_one_good_call_after_the_pause_opens_it()
    {
        var guard = new PluginGuard(clock, TimeSpan.FromSeconds(1));
        for (var i = 0; i < 5; i++) await FailAsync(guard);
        var shut = await Assert.ThrowsAsync<PluginShutException>(() => guard.RunAsync(_ => Task.FromResult(1), Never, default));
        Assert.Equal(30, shut.After.TotalSeconds, 1.0);
        clock.Advance(PluginGuard.Shut);
        Assert.Null(guard.ShutFor);
        await FailAsync(guard);
        Assert.NotNull(guard.ShutFor);
        clock.Advance(PluginGuard.Shut);
        Assert.Equal(1, await guard.RunAsync(_ => Task.FromResult(1), Never, default));
        await FailAsync(guard);
        Assert.Null(guard.ShutFor);
    }

    [Fact]
    public async Task A_call_that_ignores_its_token_is_left_behind_and_many_of_them_shut_the_door()
    {
        var guard = new PluginGuard(TimeProvider.System, TimeSpan.FromMilliseconds(50));
        var never = new TaskCompletionSource<int>();
        var calls = Enumerable.Range(0, PluginGuard.MaxAbandoned).Select(_ => guard.RunAsync(_ => never.Task, Never, default)).ToArray();
        foreach (var call in calls) await Assert.ThrowsAsync<TimeoutException>(() => call);
        await Assert.ThrowsAsync<PluginShutException>(() => guard.RunAsync(_ => Task.FromResult(1), Never, default));
        Assert.Equal(PluginGuard.Shut, guard.ShutFor);
    }

    [Fact]
    public async Task A_call_that_blocks_its_thread_is_not_waited_for()
    {
        var guard = new PluginGuard(TimeProvider.System, TimeSpan.FromMilliseconds(50));
        using var gate = new ManualResetEventSlim();
        await Assert.ThrowsAsync<TimeoutException>(() => guard.RunAsync(_ => { gate.Wait(CancellationToken.None); return Task.FromResult(1); }, Never, default));
        gate.Set();
    }

    [Fact]
    public async Task A_caller_who_gives_up_is_no_failure_of_the_plugin()
    {
        var guard = new PluginGuard(clock, TimeSpan.FromSeconds(1));
        for (var i = 0; i < 10; i++)
        {
            using var gone = new CancellationTokenSource();
            var call = guard.RunAsync(async ct => { await Task.Delay(Timeout.Infinite, ct); return 1; }, Never, gone.Token);
            await gone.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        }
        Assert.Equal(1, await guard.RunAsync(_ => Task.FromResult(1), Never, default));
    }
}
