using Inforzap.Channels;
using Inforzap.Channels.Manage;
using Inforzap.Contracts.Channels;
using Inforzap.Data;
using Inforzap.Plugins;
using Inforzap.Sdk;
using Inforzap.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace Inforzap.Tests.Channels;

/// <summary>How a session is kept: started, ended, started again; never hurried, never twice.</summary>
public sealed class SessionTests : IAsyncLifetime
{
    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2026, 5, 4, 12, 0, 0, TimeSpan.Zero));
    private readonly Script script = new();
    private Desk desk = null!;
    private Person ana = null!;
    private Guid channel;

    public async ValueTask InitializeAsync()
    {
        desk = await Desk.OpenAsync(clock: clock, keepsSessions: true, settings: new Dictionary<string, string?> { ["Channels:SilenceHours:test.session"] = "2" });
        desk.Services.GetRequiredService<PluginCatalog>().Load(new Plugin("test.session", "Teste", "1.0", "", null), () => new SessionPlugin());
        ana = await desk.PersonAsync("Ana", BuiltInRoles.Administrator);
    }

    public async ValueTask DisposeAsync()
    {
        script.Release();
        await desk.DisposeAsync();
    }

    /// <summary>Makes the channel; its adapter does as the script says.</summary>
    private async Task OpenAsync(Func<ISessionReport, CancellationToken, Task> run)
    {
        script.Run = run;
        Script.Next = script;
        channel = await desk.SendAsSystem(new EnsureChannel("session", "test.session", "Sessão", null, new Dictionary<string, string> { ["Word"] = "um" }));
        await UntilAsync(() => script.Runs > 0, "It was not started.");
    }

    private LiveChannel Live => desk.Services.GetRequiredService<ChannelDirectory>().Live(channel)!;

    private Task StateAsync(ChannelState state) => UntilAsync(() => Live.Info.State == state, $"{state}");

    [Fact]
    public async Task Losses_are_followed_by_pauses_that_grow_to_a_minute_and_nothing_hurries_them()
    {
        await OpenAsync((_, _) => throw new InvalidOperationException("canário: 11999998888"));
        await StateAsync(ChannelState.Retrying);
        Assert.DoesNotContain("canário", Live.Reason, StringComparison.Ordinal);
        // Whatever wakes it: ticks, and channels that were read anew.
        for (var i = 0; i < 50; i++) desk.Services.GetRequiredService<Inforzap.Channels.Sessions.SessionRunner>().WakeAll();
        await desk.Services.GetRequiredService<ChannelDirectory>().LoadAsync();
        await Task.Delay(200);
        Assert.Equal(1, script.Runs);
        var times = new List<TimeSpan>();
        for (var (second, runs) = (0, 1); second < 600; second++)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(4);
            if (script.Runs == runs) continue;
            times.Add(TimeSpan.FromSeconds(second));
            Assert.Equal(++runs, script.Runs);
        }
        var pauses = times.Zip(times.Skip(1), (a, b) => b - a).ToList();
        Assert.InRange(times.Count, 10, 17);
        Assert.All(pauses, p => Assert.InRange(p.TotalSeconds, 1, 78));
        Assert.All(pauses.Skip(7), p => Assert.InRange(p.TotalSeconds, 58, 78));
        Assert.Equal(1, script.Most);
    }

    [Fact]
    public async Task Who_was_connected_for_a_minute_comes_back_at_once()
    {
        var lose = new TaskCompletionSource();
        await OpenAsync(async (report, ct) =>
        {
            // Taken before anybody is told: whoever hears of it puts the next one there.
            var mine = lose.Task;
            report.Connected(new SessionAccount("+55 11 98765-4321"));
            await mine.WaitAsync(ct);
            throw new SessionEndedException("A conexão caiu.");
        });
        for (var i = 0; i < 4; i++)
        {
            await StateAsync(ChannelState.Connected);
            clock.Advance(TimeSpan.FromSeconds(61));
            var runs = script.Runs;
            (var old, lose) = (lose, new TaskCompletionSource());
            old.SetResult();
            // It may be back before anybody looks.
            await UntilAsync(() => Live is { Info.State: ChannelState.Retrying, Reason: "A conexão caiu." } || script.Runs > runs, "It was never lost.");
            await AdvanceAsync(TimeSpan.FromSeconds(2), () => script.Runs > runs);
        }
        await StateAsync(ChannelState.Connected);
        Assert.Equal("+55 11 98765-4321", (await desk.SendAs(ana, new ListChannels())).Rows.Single().Account);
    }

    [Fact]
    public async Task A_final_end_waits_for_a_person()
    {
        await OpenAsync((_, _) => throw new SessionEndedException("A senha mudou.") { IsFinal = true });
        await StateAsync(ChannelState.Stopped);
        Assert.Equal("A senha mudou.", Live.Reason);
        await AdvanceAsync(TimeSpan.FromHours(2), () => true);
        await Task.Delay(100);
        Assert.Equal(1, script.Runs);
        await desk.SendAs(ana, new SwitchChannel(channel, false));
        await StateAsync(ChannelState.Disconnected);
        await desk.SendAs(ana, new SwitchChannel(channel, true));
        await UntilAsync(() => script.Runs == 2, "It was not started again.");
    }

    [Fact]
    public async Task A_provider_that_asks_for_patience_gets_it()
    {
        await OpenAsync((_, _) => throw new SessionEndedException("Espere.") { After = TimeSpan.FromMinutes(3) });
        await StateAsync(ChannelState.Retrying);
        await AdvanceAsync(TimeSpan.FromSeconds(170), () => true);
        await Task.Delay(100);
        Assert.Equal(1, script.Runs);
        await AdvanceAsync(TimeSpan.FromSeconds(15), () => script.Runs == 2);
    }

    [Fact]
    public async Task With_other_settings_the_former_is_taken_down_first_and_a_node_that_stops_takes_nothing_down()
    {
        await OpenAsync(async (report, ct) =>
        {
            report.Connected();
            await Task.Delay(Timeout.Infinite, ct);
        });
        await StateAsync(ChannelState.Connected);
        var form = await desk.SendAs(ana, new ReadChannelForm(channel));
        await desk.SendAs(ana, new SaveChannel(channel, "test.session", "session", "Sessão", null, new Dictionary<string, string> { ["Word"] = "dois" }, form.Version));
        await UntilAsync(() => script.Runs == 2, "It was not started again.");
        Assert.Equal(["run um", "leave um", "run dois"], script.Happened);
        await desk.Services.GetRequiredService<Inforzap.Channels.Sessions.SessionRunner>().StopAsync(default);
        Assert.Equal(["run um", "leave um", "run dois"], script.Happened);
        Assert.Equal((1, 0), (script.Most, script.Now));
    }

    /// <summary>Whether the session or its keeper hears first that the node stops is chance.</summary>
    [Fact]
    public async Task A_node_that_stops_is_not_taken_for_a_loss()
    {
        await OpenAsync((report, ct) =>
        {
            report.Connected();
            return Task.Delay(Timeout.Infinite, ct);
        });
        await StateAsync(ChannelState.Connected);
        var runner = desk.Services.GetRequiredService<Inforzap.Channels.Sessions.SessionRunner>();
        for (var i = 0; i < 40; i++)
        {
            var before = script.Runs;
            await using var other = runner.Open(channel);
            await UntilAsync(() => script.Runs > before, "It was not started.");
        }
        Assert.DoesNotContain(desk.Log, l => l.Contains("was lost", StringComparison.Ordinal));
        // What the last one reported may still be on its way.
        Assert.True(Live.Info.State is ChannelState.Connecting or ChannelState.Connected, $"{Live.Info.State}");
    }

    [Fact]
    public async Task One_that_believes_it_is_connected_begins_anew_when_nothing_comes_in()
    {
        await OpenAsync(async (report, ct) =>
        {
            report.Connected();
            await Task.Delay(Timeout.Infinite, ct);
        });
        await StateAsync(ChannelState.Connected);
        clock.Advance(TimeSpan.FromHours(3));
        await desk.RunJobAsync<Inforzap.Channels.Watch.WatchChannels>();
        await UntilAsync(() => script.Runs == 2, "It did not begin anew.");
        await desk.RunJobAsync<Inforzap.Channels.Watch.WatchChannels>();
        await Task.Delay(100);
        Assert.Equal(["run um", "run um"], script.Happened);
        Assert.Equal(1, script.Most);
    }

    [Fact]
    public async Task One_that_does_not_end_keeps_the_next_from_starting()
    {
        await OpenAsync((_, _) => script.Stubborn.Task);
        await desk.SendAs(ana, new SwitchChannel(channel, false));
        await desk.SendAs(ana, new SwitchChannel(channel, true));
        await Task.Delay(300);
        Assert.Equal(1, script.Runs);
        script.Release();
        await UntilAsync(() => script.Runs == 2, "It was not started again.");
        Assert.Equal(1, script.Most);
    }

    [Fact]
    public async Task A_code_to_pair_is_shown_to_editors_while_it_lasts_and_lies_nowhere_in_clear()
    {
        await OpenAsync(async (report, ct) =>
        {
            report.NeedsPairing("2@canario-do-qr", clock.GetUtcNow().UtcDateTime.AddSeconds(60));
            await Task.Delay(Timeout.Infinite, ct);
        });
        await StateAsync(ChannelState.NeedsPairing);
        Assert.Equal("2@canario-do-qr", (await desk.SendAs(ana, new ListChannels())).Rows.Single().Pairing);
        var bia = await desk.PersonAsync("Bia", BuiltInRoles.Supervisor);
        Assert.Null((await desk.SendAs(bia, new ListChannels())).Rows.Single().Pairing);
        Assert.DoesNotContain("canario", await desk.ReadAsync(db => db.Set<ChannelHealth>().Select(h => h.Pairing!).SingleAsync()), StringComparison.Ordinal);
        Assert.DoesNotContain(desk.Log, l => l.Contains("canario", StringComparison.Ordinal));
        clock.Advance(TimeSpan.FromSeconds(61));
        Assert.Null((await desk.SendAs(ana, new ListChannels())).Rows.Single().Pairing);
    }

    private async Task AdvanceAsync(TimeSpan time, Func<bool> isSo)
    {
        await Task.Delay(50);
        for (var left = time; left > TimeSpan.Zero; left -= TimeSpan.FromSeconds(1))
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            if (left.TotalSeconds % 10 < 1) await Task.Delay(5);
        }
        await UntilAsync(isSo, "It did not happen in its time.");
    }

    private static async Task UntilAsync(Func<bool> isSo, string what)
    {
        var end = DateTime.UtcNow.AddSeconds(15);
        while (!isSo())
        {
            if (DateTime.UtcNow > end) throw new TimeoutException(what);
            await Task.Delay(10);
        }
    }

    /// <summary>What the adapter does, and what it did.</summary>
    private sealed class Script
    {
        /// <summary>For the next adapter that is made: the plugin's container makes them.</summary>
        public static Script? Next { get; set; }

        private readonly Lock sync = new();
        private readonly List<string> happened = [];
        public Func<ISessionReport, CancellationToken, Task> Run { get; set; } = (_, _) => Task.CompletedTask;
        public TaskCompletionSource Stubborn { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
        public int Runs { get; private set; }
        public int Now { get; private set; }
        public int Most { get; private set; }
        public string[] Happened { get { lock (sync) return [.. happened]; } }

        public void Release() => Stubborn.TrySetResult();

        public async Task RunAsync(string word, ISessionReport report, CancellationToken ct)
        {
            lock (sync)
            {
                happened.Add($"run {word}");
                Runs++;
                Most = Math.Max(Most, ++Now);
            }
            try
            {
                await Run(report, ct);
            }
            finally
            {
                lock (sync) Now--;
            }
        }

        public void Leave(string word)
        {
            lock (sync) happened.Add($"leave {word}");
        }
    }

    private sealed class SessionPlugin : IPlugin
    {
        public PluginInfo Info => new("test.session", "Teste");

        public void Register(IPluginRegistry plugin) => plugin.Channel<SessionAdapter, SessionSettings>("test.session", "Teste");
    }

    private sealed record SessionSettings
    {
        public string Word { get; init; } = "";
    }

    private sealed class SessionAdapter : IChannelAdapter, ISession
    {
        private Script? script;

        public Task<SendResult> SendAsync(ChannelRef on, OutboundMessage message, CancellationToken ct) => Task.FromResult(SendResult.Sent("1"));

        public Task RunAsync(ChannelRef on, ISessionReport report, CancellationToken ct) => (script ??= Script.Next!).RunAsync(on.Settings<SessionSettings>().Word, report, ct);

        public Task LeaveAsync(ChannelRef on, CancellationToken ct)
        {
            script?.Leave(on.Settings<SessionSettings>().Word);
            return Task.CompletedTask;
        }
    }
}
