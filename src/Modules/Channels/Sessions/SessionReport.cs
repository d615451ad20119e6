using Inforzap.Channels.Watch;
using Inforzap.Contracts.Channels;
using Inforzap.Data;
using Inforzap.Live;
using Inforzap.Requests;
using Inforzap.Sdk;
using Inforzap.Security;

namespace Inforzap.Channels.Sessions;

/// <summary>What a session said last. It is written down when it differs from what was written, one write at a time, the last word last.</summary>
internal sealed class SessionReport(Guid channelId, ChannelDirectory channels, SystemMediator mediator, ChannelLog diary, TimeProvider clock, ILogger log) : ISessionReport
{
    private readonly Lock sync = new();
    private RecordSession? said, written;
    private long? connectedAt;
    private TimeSpan? connectedFor;
    private bool isWriting;

    public void Connecting() => Say(new RecordSession(channelId, ChannelState.Connecting));

    public void NeedsPairing(string code, DateTime? until = null) =>
        Say(new RecordSession(channelId, ChannelState.NeedsPairing) { Pairing = code, PairingUntil = until });

    public void Connected(SessionAccount? account = null) =>
        Say(new RecordSession(channelId, ChannelState.Connected) { Account = account is null ? null : channels.Live(channelId)?.Unsaid(account.Name) ?? account.Name, Link = account?.Link?.AbsoluteUri });

    public void Retrying(string reason) => Say(new RecordSession(channelId, ChannelState.Retrying) { Reason = Told(reason) });

    public void Stopped(string reason) => Say(new RecordSession(channelId, ChannelState.Stopped) { Reason = Told(reason) });

    private string Told(string reason) => channels.Live(channelId)?.Told(reason) ?? reason;

    /// <summary>How long it was connected before it was lost; zero when it never was.</summary>
    public TimeSpan ConnectedFor()
    {
        lock (sync) return connectedAt is { } since ? clock.GetElapsedTime(since) : connectedFor ?? TimeSpan.Zero;
    }

    /// <summary>Writes what could not be written before.</summary>
    public void Flush()
    {
        lock (sync)
        {
            if (said == written || isWriting) return;
            isWriting = true;
        }
        _ = WriteAsync();
    }

    private void Say(RecordSession now)
    {
        lock (sync)
        {
            if (now.State == ChannelState.Connected) connectedAt ??= clock.GetTimestamp();
            else if (connectedAt is { } since) (connectedAt, connectedFor) = (null, clock.GetElapsedTime(since));
            if (now.State == ChannelState.Connecting) connectedFor = null;
            if (now == said) return;
            said = now;
        }
        diary.Add(channelId, "session", now.State.ToString().ToLowerInvariant(), now.Reason ?? now.Account);
        Flush();
    }

    private async Task WriteAsync()
    {
        while (true)
        {
            RecordSession next;
            lock (sync)
            {
                if (said == written)
                {
                    isWriting = false;
                    return;
                }
                next = said!;
            }
            try
            {
                await mediator.Send(next);
                lock (sync) written = next;
            }
            catch (Exception e)
            {
                // The database takes nothing, or another node made the row in the same moment. The next look tries again.
                log.LogInformation("The state of channel {Channel} was not written: {Exception}", channelId, e.GetType().Name);
                lock (sync) isWriting = false;
                return;
            }
        }
    }
}

/// <summary>Writes down how a channel's session fares.</summary>
[AllowSystem]
internal sealed record RecordSession(Guid ChannelId, ChannelState State) : IRequest
{
    public string? Reason { get; init; }
    public string? Account { get; init; }
    public string? Link { get; init; }
    public string? Pairing { get; init; }
    public DateTime? PairingUntil { get; init; }

    /// <summary>Without the code: whoever has it may become the session.</summary>
    public override string ToString() => $"{ChannelId} {State}";

    /// <summary>For which the code is sealed.</summary>
    public static string Purpose(Guid channelId) => $"channel/{channelId}/pairing";
}

internal sealed class RecordSessionHandler(InforzapDb db, Secrets secrets, TimeProvider clock) : IRequestHandler<RecordSession, Unit>
{
    public async Task<Unit> Handle(RecordSession request, CancellationToken ct)
    {
        var health = await db.HealthOfAsync(request.ChannelId, ct);
        if (health.Session != request.State) health.SessionSince = clock.GetUtcNow().UtcDateTime;
        (health.Session, health.SessionReason) = (request.State, request.Reason is null ? null : CleanText.Of(request.Reason, 500));
        (health.Pairing, health.PairingUntil) = (request.Pairing is null ? null : secrets.Protect(RecordSession.Purpose(request.ChannelId), request.Pairing), request.PairingUntil);
        // Who it was stays known while it is not connected.
        if (request.State == ChannelState.Connected)
            (health.Account, health.Link) = (request.Account is null ? null : CleanText.Of(request.Account, 120), request.Link is { Length: <= 300 } link ? link : null);
        db.Touch(Topics.Channels);
        return Unit.Value;
    }
}
