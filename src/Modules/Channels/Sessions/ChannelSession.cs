using Inforzap.Live;
using Inforzap.Sdk;
using Inforzap.Sessions;
using Microsoft.Extensions.Localization;

namespace Inforzap.Channels.Sessions;

/// <summary>
/// Runs one channel's session and nothing else: starts it, ends it when the channel is off, deleted or changed, and starts it
/// again after a loss, a little later each time. One loop, one timer, whatever happens how often.
/// </summary>
internal sealed class ChannelSession : IRunningSession
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);
    /// <summary>Who was connected for so long has not failed again and again.</summary>
    private static readonly TimeSpan Steady = TimeSpan.FromMinutes(1);
    /// <summary>An adapter that does not end in this time is left behind when the node stops.</summary>
    private static readonly TimeSpan TimeToEnd = TimeSpan.FromSeconds(5);

    private readonly Guid id;
    private readonly ChannelDirectory channels;
    private readonly SessionReport report;
    private readonly TimeProvider clock;
    private readonly IStringLocalizer<Texts> t;
    private readonly ILogger<ChannelSession> log;
    private readonly SemaphoreSlim signal = new(0, 1);
    private readonly CancellationTokenSource closing = new();
    private readonly Task loop;
    private readonly IDisposable asked;
    private Wanted? current;
    private int losses;
    private bool isOver;
    private volatile bool isStale;

    /// <summary>What shall run: an adapter with a channel's settings. Another stamp is another session.</summary>
    private sealed record Wanted(LiveChannel Channel, ISession Session, ChannelRef On, (int Version, Uri? Url) Stamp);

    private sealed record Loss(string Reason, bool IsFinal, TimeSpan After);

    public ChannelSession(Guid id, ChannelDirectory channels, SessionReport report, LiveHints live, TimeProvider clock, IStringLocalizer<Texts> t, ILogger<ChannelSession> log)
    {
        (this.id, this.channels, this.report, this.clock, this.t, this.log) = (id, channels, report, clock, t, log);
        asked = live.On([StartAnew(id)], _ => BeginAnew());
        loop = Task.Run(LoopAsync);
    }

    /// <summary>The topic under which a session is asked to begin anew, on whatever node it runs: it says that it works, and nobody believes it.</summary>
    public static string StartAnew(Guid channelId) => $"session/{channelId:N}";

    /// <summary>The adapter is at work.</summary>
    public bool IsAtWork { get; private set; }

    /// <summary>Called when it is over.</summary>
    public Action<ChannelSession>? Ended { get; init; }

    public void Look()
    {
        lock (signal) if (signal.CurrentCount == 0) signal.Release();
        report.Flush();
    }

    private void BeginAnew()
    {
        isStale = true;
        Look();
    }

    public async ValueTask DisposeAsync()
    {
        asked.Dispose();
        await closing.CancelAsync();
        await loop;
        Ended?.Invoke(this);
    }

    private Wanted? Now() => channels.Live(id) is { IsUp: true, Driver.Adapter: ISession session } channel
        ? new Wanted(channel, session, channel.On(channels.PublicUrl), (channel.Version, channels.PublicUrl)) : null;

    private async Task LoopAsync()
    {
        while (!closing.IsCancellationRequested)
        {
            try
            {
                await StepAsync();
            }
            catch (Exception e) when (!closing.IsCancellationRequested)
            {
                log.LogError("The session of channel {Channel} stumbled: {Exception}", id, Telemetry.Describe(e));
                await Task.Delay(FirstPause, clock, closing.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException)
            {
                // The node stops, or another one takes over.
            }
        }
    }

    /// <summary>Takes down what ran under another stamp, waits for something to do, or runs until the end.</summary>
    private async Task StepAsync()
    {
        var wanted = Now();
        if (current is not null && current.Stamp != wanted?.Stamp)
        {
            await LeaveAsync(current);
            (current, losses, isOver) = (null, 0, false);
        }
        else if (wanted is null || isOver) await signal.WaitAsync(closing.Token);
        else if (await RunAsync(current = wanted) is { } loss)
        {
            isOver = loss.IsFinal;
            if (loss.IsFinal) report.Stopped(loss.Reason);
            else await PauseAsync(wanted, loss, losses = report.ConnectedFor() >= Steady ? 1 : losses + 1);
        }
    }

    /// <summary>How it was lost; null when it ended since it had to.</summary>
    private async Task<Loss?> RunAsync(Wanted wanted)
    {
        using var run = CancellationTokenSource.CreateLinkedTokenSource(closing.Token);
        // After a loss it is Retrying, with the reason, until it is connected again.
        if (losses == 0) report.Connecting();
        log.LogInformation("Session of channel {Channel} starts", wanted.On.Key);
        // On a thread of the pool: a plugin may block before it gives a task back.
        var session = Task.Run(() => wanted.Session.RunAsync(wanted.On, report, run.Token), CancellationToken.None);
        (IsAtWork, isStale) = (true, false);
        bool IsDue() => isStale || closing.IsCancellationRequested || Now()?.Stamp != wanted.Stamp;
        while (!session.IsCompleted && !IsDue()) await SignalOrAsync(session);
        // A session that hears it first has ended already: that is no loss.
        if (IsDue())
        {
            await run.CancelAsync();
            // While the node lives nothing else is started before this has ended.
            await Task.WhenAny(session, closing.IsCancellationRequested ? Task.Delay(TimeToEnd, clock) : session);
            if (session.IsCompleted) _ = session.Exception;
            else log.LogWarning("Session of channel {Channel} did not end in time and is left behind", wanted.On.Key);
            IsAtWork = !session.IsCompleted;
            return null;
        }
        IsAtWork = false;
        return LossOf(session, wanted.Channel);
    }

    private Loss LossOf(Task session, LiveChannel channel)
    {
        var e = session.Exception?.InnerException;
        if (e is SessionEndedException said)
        {
            var reason = channel.Told(said.Message) ?? "";
            log.LogWarning("Session of channel {Channel} {End}: {Reason}", channel.Info.Key, said.IsFinal ? "stopped" : "was lost", reason);
            return new Loss(reason, said.IsFinal, said.After ?? TimeSpan.Zero);
        }
        // Types only: messages of exceptions quote addresses.
        log.LogWarning("Session of channel {Channel} was lost: {Exception}", channel.Info.Key, e?.GetType().Name ?? "it returned");
        return new Loss(e is null ? t["SessionReturned"] : t["SessionLost", e.GetType().Name], false, TimeSpan.Zero);
    }

    /// <summary>1, 2, 4 ... seconds up to a minute, each up to a quarter more, so that channels don't march in step.</summary>
    private async Task PauseAsync(Wanted wanted, Loss loss, int times)
    {
        report.Retrying(loss.Reason);
        var pause = TimeSpan.FromSeconds(Math.Min(LongestPause.TotalSeconds, FirstPause.TotalSeconds * Math.Pow(2, Math.Min(times, 10) - 1)) * (1 + Random.Shared.NextDouble() / 4));
        var over = Task.Delay(pause > loss.After ? pause : loss.After, clock, closing.Token);
        while (!over.IsCompleted && Now()?.Stamp == wanted.Stamp) await SignalOrAsync(over);
        closing.Token.ThrowIfCancellationRequested();
    }

    private async Task SignalOrAsync(Task other)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(closing.Token);
        var signalled = signal.WaitAsync(enough.Token);
        await Task.WhenAny(signalled, other);
        await enough.CancelAsync();
        await signalled.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task LeaveAsync(Wanted before)
    {
        try
        {
            await before.Channel.Driver!.Others.RunAsync(async ct =>
            {
                await before.Session.LeaveAsync(before.On, ct);
                return true;
            }, e => true, closing.Token);
        }
        catch (Exception e) when (!closing.IsCancellationRequested)
        {
            log.LogWarning("Channel {Channel} could not be taken down at its provider: {Exception}", before.On.Key, e.GetType().Name);
        }
    }
}
