using System.Text.Json;
using Inforzap.Channels.Watch;
using Inforzap.Contracts.Channels;
using Inforzap.Contracts.Tickets;
using Inforzap.Data;
using Inforzap.Lanes;
using Inforzap.Plugins;
using Inforzap.Requests;
using Inforzap.Sdk;
using Microsoft.Extensions.Localization;

namespace Inforzap.Channels.Out;

/// <summary>
/// Brings what agents did to messages afterwards to the other side: lanes <c>act/{channel}/{contact}</c>. Nothing is claimed, since
/// asking twice for the same state changes nothing.
/// </summary>
internal sealed class ActWorker(
    ChannelDirectory channels, SystemMediator mediator, IServiceScopeFactory scopes, Commits commits, ChannelLog diary, TimeProvider clock, IStringLocalizer<Texts> t, ILogger<ActWorker> log) : ILaneWorker
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);

    private sealed record ToDo(Guid MessageId, Guid ActId);

    public string Type => "act";

    public async Task<DateTime?> WorkAsync(LaneItem item, CancellationToken ct)
    {
        var channelId = Guid.TryParseExact(item.Lane.Split('/')[1], "N", out var id) ? id : Guid.Empty;
        var todo = JsonSerializer.Deserialize<ToDo>(item.Payload, JsonSerializerOptions.Web)!;
        if (await mediator.Send(new ReadAct(todo.MessageId, todo.ActId, item.Position), ct) is not { } wanted) return null;
        if (channels.Live(channelId) is not { IsUp: true, Driver: { } driver, Info.State: not (ChannelState.Stopped or ChannelState.NeedsPairing) } channel) return await PostponeAsync(item, ct);
        var result = await AskAsync(driver, channel, wanted, ct);
        result = result with { Reason = channel.Told(result.Reason) };
        diary.Add(channelId, "act", result.Outcome.ToString().ToLowerInvariant(), result.Reason);
        return await mediator.Send(new RecordAct(todo.MessageId, todo.ActId, item.Position, result), CancellationToken.None);
    }

    private async Task<SendResult> AskAsync(Driver driver, LiveChannel channel, WantedAct wanted, CancellationToken ct)
    {
        var on = channel.On(channels.PublicUrl);
        try
        {
            return await driver.Sends.RunAsync(token => (wanted.Kind, driver.Adapter) switch
            {
                (MessageAct.React, IReactions adapter) => adapter.ReactAsync(on, wanted.Message, wanted.Text, token),
                (MessageAct.Edit, IEdits adapter) => adapter.EditAsync(on, wanted.Message, wanted.Text ?? "", token),
                (MessageAct.Delete, IRevokes adapter) => adapter.RevokeAsync(on, wanted.Message, token),
                _ => Task.FromResult(SendResult.Refused(t["ChannelCannot"])),
            }, e => e is InboxFullException, ct);
        }
        catch (PluginShutException shut)
        {
            return SendResult.Later(shut.After, t["ChannelFails"]);
        }
        catch (HttpRequestException e) when (e.HttpRequestError is HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError)
        {
            return SendResult.Later(Soon, t["NoConnection"]);
        }
        catch (TimeoutException)
        {
            return SendResult.Unknown(t["NoAnswer"]);
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            // Types only: messages of exceptions quote addresses.
            log.LogWarning("Channel {Channel} did not take a change of a message: {Exception}", channel.Info.Key, e.GetType().Name);
            return SendResult.Unknown(t["SendFailed", e.GetType().Name]);
        }
    }

    private async Task<DateTime?> PostponeAsync(LaneItem item, CancellationToken ct)
    {
        var until = clock.GetUtcNow().UtcDateTime + Patience;
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<InforzapDb>();
        await commits.RunAsync(db, async () =>
        {
            await db.PostponeAsync(item.Position, until, t["ChannelOff"], ct);
            return true;
        }, WriterKind.Background, ct);
        return until;
    }
}
