using System.Collections.Concurrent;
using Inforzap.Channels.Watch;
using Inforzap.Jobs;
using Inforzap.Live;
using Inforzap.Requests;
using Inforzap.Sdk;
using Inforzap.Sessions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Localization;

namespace Inforzap.Channels.Sessions;

/// <summary>The sessions of this node. Whenever the channels were read anew, those that shall run are woken and those that run look.</summary>
internal sealed class SessionRunner(
    ChannelDirectory channels, SystemMediator mediator, WakeSession wake, LiveHints live, ChannelLog diary, TimeProvider clock, IStringLocalizer<Texts> t, ILogger<ChannelSession> log)
    : ISessionRunner, IHostedService
{
    private readonly ConcurrentDictionary<ChannelSession, bool> open = new();

    /// <summary>A session runs on this node.</summary>
    internal bool IsAtWork => open.Keys.Any(s => s.IsAtWork);

    public IRunningSession Open(Guid channelId)
    {
        var session = new ChannelSession(channelId, channels, new SessionReport(channelId, channels, mediator, diary, clock, log), live, clock, t, log) { Ended = s => open.TryRemove(s, out _) };
        open[session] = true;
        return session;
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        channels.Loaded += Look;
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        channels.Loaded -= Look;
        await Task.WhenAll(open.Keys.Select(s => s.DisposeAsync().AsTask()));
    }

    private void Look()
    {
        foreach (var session in open.Keys) session.Look();
        WakeAll();
    }

    /// <summary>Wakes the session of each channel that is on, on whatever node.</summary>
    public void WakeAll()
    {
        foreach (var channel in channels.Sessions)
            try
            {
                wake(channel.Info.Id);
            }
            catch (Exception e)
            {
                // The engine is not up yet, or not any more; the next tick tries again.
                log.LogInformation("Session of channel {Channel} was not woken: {Exception}", channel.Info.Key, e.GetType().Name);
            }
    }
}

/// <summary>Wakes all sessions now and then: those of a node that died are taken over by whoever is asked next.</summary>
internal sealed class KeepSessions(SessionRunner runner) : IJob
{
    public Task RunAsync(JobTick tick, CancellationToken ct)
    {
        runner.WakeAll();
        return Task.CompletedTask;
    }
}
