using Inforzap.Jobs;
using Inforzap.Live;
using Inforzap.Requests;
using Microsoft.Extensions.Hosting;

namespace Inforzap.Tickets.Distributing;

/// <summary>Looks every few seconds, whatever anybody heard.</summary>
internal sealed class Distribute(SystemMediator mediator) : IJob
{
    public async Task RunAsync(JobTick tick, CancellationToken ct)
    {
        while (await mediator.Send(new DistributeTickets(), ct) > 0) ct.ThrowIfCancellationRequested();
    }
}

/// <summary>Looks at once when somebody comes, or a ticket changes: nobody shall wait for the clock.</summary>
internal sealed class DistributionWatch(LiveHints live, SystemMediator mediator, TimeProvider clock, ILogger<DistributionWatch> log) : IHostedService
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(300);
    private IDisposable? subscription;
    private int asked;
    // Known from the last look, and looked for anew when queues change: most houses distribute nothing, and every message touches tickets.
    private volatile bool isIdle;
    private volatile bool isStopped;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        subscription = live.On([Topics.People, Topics.AllTickets], topic =>
        {
            if (topic == Topics.AllTickets && isIdle) return;
            if (Interlocked.Exchange(ref asked, 1) == 0) _ = LookAsync();
        });
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        isStopped = true;
        subscription?.Dispose();
        return Task.CompletedTask;
    }

    private async Task LookAsync()
    {
        try
        {
            await Task.Delay(Pause, clock);
            Interlocked.Exchange(ref asked, 0);
            if (isStopped) return;
            isIdle = !await mediator.Send(new DoesDistribute());
            while (!isIdle && !isStopped && await mediator.Send(new DistributeTickets()) > 0) log.LogDebug("There may be more to distribute");
        }
        catch (Exception e)
        {
            log.LogWarning("Tickets could not be distributed now; the clock's turn comes: {Exception}", Telemetry.Describe(e));
        }
    }
}
