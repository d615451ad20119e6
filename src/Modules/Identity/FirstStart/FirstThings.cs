using Inforzap.Contracts.Channels;
using Inforzap.Contracts.Tickets;
using Inforzap.Requests;
using Microsoft.Extensions.Localization;

namespace Inforzap.Identity.FirstStart;

/// <summary>What a new company finds ready: a queue with its first member, and a WebChat channel that fills it.</summary>
internal sealed class FirstThings(SystemMediator system, IStringLocalizer<Texts> t, ILogger<FirstThings> log)
{
    /// <summary>Never fails a set-up: what is missing can be made by hand, a second set-up can't.</summary>
    public async Task MakeAsync(Guid adminId, CancellationToken ct)
    {
        try
        {
            var queue = await system.Send(new EnsureQueue(t["FirstQueue"]), ct);
            await system.Send(new SetUserQueues(adminId, [queue]), ct);
            await system.Send(new EnsureChannel("webchat", "webchat", "WebChat", queue, new Dictionary<string, string>()), ct);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            log.LogError("The first queue and channel could not be made; make them on their pages: {Exception}", Telemetry.Describe(e));
        }
    }
}
