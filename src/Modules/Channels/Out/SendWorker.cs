using System.Text.Json;
using Inforzap.Channels.Watch;
using Inforzap.Contracts.Channels;
using Inforzap.Contracts.Tickets;
using Inforzap.Data;
using Inforzap.Lanes;
using Inforzap.Live;
using Inforzap.Plugins;
using Inforzap.Requests;
using Inforzap.Sdk;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Localization;

namespace Inforzap.Channels.Out;

/// <summary>
/// Sends the messages of lanes <c>out/{channel}/{contact}</c>: claims, waits for the channel's pace, calls the adapter, records. A
/// message is claimed before it can leave, so that no crash sends it twice.
/// </summary>
internal sealed class SendWorker(
    ChannelDirectory channels, SendBook book, IServiceScopeFactory scopes, Commits commits, Pace pace, Drain drain, Evidence evidence, ChannelLog diary, TimeProvider clock,
    IStringLocalizer<Texts> t, ILogger<SendWorker> log, IConfiguration configuration) : ILaneWorker
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private sealed record ToSend(Guid MessageId);

    /// <summary><c>Sends__DeadlineSeconds</c>: after it a missing result means Unknown. Longer than the guard of a send.</summary>
    private readonly TimeSpan deadline = TimeSpan.FromSeconds(configuration.GetValue("Sends:DeadlineSeconds", 90));

    public string Type => "out";

    public async Task<DateTime?> WorkAsync(LaneItem item, CancellationToken ct)
    {
        var channelId = ChannelOf(item.Lane);
        if (WhyNotNow(channelId) is var (reason, after)) return await PostponeAsync(item, reason, after, ct);
        var asked = PaceOf(channels.Live(channelId)!);
        if (pace.TakeAddress(item.Lane, asked) is { Ticks: > 0 } wait) return await PostponeAsync(item, t["PersonPace"], wait, ct);
        // Before the claim, whose deadline runs.
        if (!await WaitAsync(channelId, asked, ct)) return clock.GetUtcNow().UtcDateTime;
        // Another message may have learnt meanwhile that nothing goes through.
        if (pace.Held(channelId) is var (time, why)) return await PostponeAsync(item, why ?? t["ChannelHeld"], time, ct);
        var messageId = JsonSerializer.Deserialize<ToSend>(item.Payload, JsonSerializerOptions.Web)!.MessageId;
        var takesAlbums = channels.Live(channelId)?.Driver?.Adapter is IAlbums;
        var claimed = await book.ClaimAsync(new ClaimSend(messageId, item.Position, deadline) { WithAlbum = takesAlbums });
        if (claimed is null) return null;
        if (claimed.BusyUntil is { } busy) return busy;
        Fail.Point(Fail.At.OutClaimed);
        var channel = channels.Live(claimed.ChannelId);
        OutboundMessage[] together = [claimed.Message!, .. claimed.Also];
        var results = await SendAsync(channel, together, ct);
        Fail.Point(Fail.At.OutAfterCall);
        // The first is recorded last: until then its item stands before those of the others.
        for (var i = together.Length - 1; i >= 0; i--) await RecordAsync(claimed.ChannelId, channel, together[i], i == 0 ? item.Position : 0, results[i], ct);
        return null;
    }

    /// <summary>False: this node goes, and begins nothing that it could not finish.</summary>
    private async Task<bool> WaitAsync(Guid channelId, SendPace? asked, CancellationToken ct)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, drain.Begun);
        try
        {
            await pace.WaitAsync(channelId, asked, either.Token);
            return !drain.IsOn;
        }
        catch (OperationCanceledException) when (drain.IsOn)
        {
            return false;
        }
    }

    private async Task RecordAsync(Guid channelId, LiveChannel? channel, OutboundMessage message, long position, SendResult result, CancellationToken ct)
    {
        // A provider's own words may quote what it was called with, and this is stored, shown and told of the whole channel.
        result = result with { Reason = channel?.Told(result.Reason) ?? result.Reason };
        Telemetry.Sends.Add(1, new("inforzap.channel.kind", channel?.Info.Kind ?? "none"), new("inforzap.send.outcome", Telemetry.Word(result.Outcome)));
        Fail.Point(Fail.At.OutBeforeResult);
        // The message left or it did not: a host that stops still writes down which.
        await book.RecordAsync(new RecordSend(message.MessageId, message.AttemptId, position, result));
        Fail.Point(Fail.At.OutAfterResult);
        diary.Add(channelId, "send", result.Outcome.ToString().ToLowerInvariant(), result.Reason);
        if (result is { OfChannel: true, After: { } pause }) pace.Hold(channelId, pause, result.Reason);
        await evidence.SawAsync(channelId, result, ct);
    }

    private static Guid ChannelOf(string lane) => Guid.TryParseExact(lane.Split('/')[1], "N", out var id) ? id : Guid.Empty;

    /// <summary>Why nothing can be sent through the channel now. A message waits, however long; it is never lost.</summary>
    private (string Reason, TimeSpan After)? WhyNotNow(Guid channelId) => channels.Live(channelId) switch
    {
        null or { IsDeleted: true } => (t["ChannelGone"], Patience),
        { IsEnabled: false } => (t["ChannelOff"], Patience),
        { IsUp: false } or { Info.State: ChannelState.Stopped or ChannelState.NeedsPairing } => (channels.Live(channelId)?.Reason ?? t["ChannelOff"], Patience),
        { Driver.Sends.ShutFor: { } shut } => (t["ChannelFails"], shut),
        _ => pace.Held(channelId) is var (time, why) ? (why ?? t["ChannelHeld"], time) : null,
    };

    /// <summary>What the adapter asks for. One that fails to say is sent to at the usual pace.</summary>
    private SendPace? PaceOf(LiveChannel channel)
    {
        try
        {
            return (channel.Driver?.Adapter as IPaced)?.PaceOf(channel.On(channels.PublicUrl));
        }
        catch (Exception e)
        {
            log.LogWarning("Channel {Channel} does not say how fast it is: {Exception}", channel.Info.Key, e.GetType().Name);
            return null;
        }
    }

    private async Task<DateTime?> PostponeAsync(LaneItem item, string reason, TimeSpan after, CancellationToken ct)
    {
        var until = clock.GetUtcNow().UtcDateTime + after;
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<InforzapDb>();
        await commits.RunAsync(db, async () =>
        {
            await db.PostponeAsync(item.Position, until, CleanText.Of(reason, 500), ct);
            return true;
        }, WriterKind.Background, ct);
        return until;
    }

    private async Task<IReadOnlyList<SendResult>> SendAsync(LiveChannel? channel, OutboundMessage[] together, CancellationToken ct)
    {
        if (together.Length == 1) return [await GuardedAsync(channel, (driver, on, token) => driver.Adapter.SendAsync(on, together[0], token), ct)];
        IReadOnlyList<SendResult> each = [];
        var whole = await GuardedAsync(channel, async (driver, on, token) =>
        {
            each = await ((IAlbums)driver.Adapter).SendAlbumAsync(on, together, token);
            return SendResult.Unknown(t["NoAnswer"]);
        }, ct);
        // Of those that the adapter says nothing of, nobody knows.
        return [.. together.Select((_, i) => i < each.Count ? each[i] : whole)];
    }

    private async Task<SendResult> GuardedAsync(LiveChannel? channel, Func<Driver, ChannelRef, CancellationToken, Task<SendResult>> send, CancellationToken ct)
    {
        // Switched off since it was claimed: nothing has left.
        if (channel is not { IsUp: true, Driver: { } driver }) return SendResult.Later(Patience, t["ChannelOff"]);
        try
        {
            return await driver.Sends.RunAsync(token => send(driver, channel.On(channels.PublicUrl), token), e => e is InboxFullException, ct);
        }
        catch (PluginShutException shut)
        {
            return SendResult.Later(shut.After, t["ChannelFails"]);
        }
        catch (HttpRequestException e) when (e.HttpRequestError is HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError)
        {
            // There was never a connection.
            return SendResult.Later(TimeSpan.FromSeconds(10), t["NoConnection"]);
        }
        catch (TimeoutException)
        {
            return SendResult.Unknown(t["NoAnswer"]);
        }
        catch (Exception e)
        {
            // Also when the host stops: the request may have left. Types only: messages of exceptions quote addresses.
            log.LogWarning("Sending through channel {Channel} failed: {Exception}", channel.Info.Key, e.GetType().Name);
            return SendResult.Unknown(t["SendFailed", e.GetType().Name]);
        }
    }
}
