using System.Collections.Concurrent;
using Inforzap.Data;
using Inforzap.Live;
using Inforzap.Requests;
using Inforzap.Sdk;

namespace Inforzap.Channels;

internal static class HealthRows
{
    /// <summary>The row of a channel, made when it is missing.</summary>
    public static async Task<ChannelHealth> HealthOfAsync(this InforzapDb db, Guid channelId, CancellationToken ct)
    {
        if (await db.ChannelHealth.FindAsync([channelId], ct) is { } found) return found;
        var made = new ChannelHealth { ChannelId = channelId };
        db.Add(made);
        return made;
    }
}

/// <summary>Watches how sends end: several in a row that did not end well put a channel on Retrying, a good one back on Connected.</summary>
internal sealed class Evidence(ChannelDirectory channels, SystemMediator mediator, ILogger<Evidence> log)
{
    private const int Enough = 3;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly ConcurrentDictionary<Guid, int> failures = new();

    public async Task SawAsync(Guid channelId, SendResult result, CancellationToken ct)
    {
        if (result.OfAddress) return;
        var isGood = result is { OfChannel: false, Outcome: SendOutcome.Sent or SendOutcome.Refused };
        var isFailing = channels.Find(channelId)?.State == Contracts.Channels.ChannelState.Retrying;
        var count = isGood ? failures[channelId] = 0 : failures.AddOrUpdate(channelId, 1, (_, n) => n + 1);
        // What speaks of the channel itself needs no second witness, unless it only asks for patience.
        var isSure = result is { OfChannel: true } && !(result.Outcome == SendOutcome.Later && result.After < Patience);
        if (isGood ? !isFailing : isFailing || !(isSure || count >= Enough)) return;
        try
        {
            await mediator.Send(new RecordHealth(channelId, !isGood, result.Reason), ct);
        }
        catch (DbUpdateException e)
        {
            // Another node made the row in the same moment; the next send says it again.
            log.LogInformation("Health of channel {Channel} was not written: {Exception}", channelId, e.GetType().Name);
        }
    }
}

/// <summary>Writes down whether a channel fares well.</summary>
[AllowSystem]
internal sealed record RecordHealth(Guid ChannelId, bool IsFailing, string? Reason) : IRequest;

internal sealed class RecordHealthHandler(InforzapDb db, TimeProvider clock) : IRequestHandler<RecordHealth, Unit>
{
    public async Task<Unit> Handle(RecordHealth request, CancellationToken ct)
    {
        var health = await db.HealthOfAsync(request.ChannelId, ct);
        if (health.IsFailing == request.IsFailing) return Unit.Value;
        health.IsFailing = request.IsFailing;
        health.Reason = request.IsFailing ? CleanText.Of(request.Reason, 500) : null;
        health.Since = clock.GetUtcNow().UtcDateTime;
        db.Touch(Topics.Channels);
        return Unit.Value;
    }
}
