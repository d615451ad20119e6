using Microsoft.Extensions.Hosting;
using Orleans.Runtime;
using Quartz;

namespace Inforzap.Jobs;

/// <summary>
/// When another node is gone, this one looks at once for what that left behind, and once more a little later for what was too young
/// then. Every node does; whoever is first takes it, by the marks in the database.
/// </summary>
internal sealed class TakeOver(IServiceProvider services, ISchedulerFactory factory, IEnumerable<JobPlan> plans, TimeProvider clock, ILogger<TakeOver> log) : BackgroundService, ISiloStatusListener
{
    private static readonly TimeSpan[] Looks = [TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(6)];
    private readonly SemaphoreSlim gone = new(0);
    private ISiloStatusOracle? silos;

    public void SiloStatusChangeNotification(SiloAddress updatedSilo, SiloStatus status)
    {
        // Told at the start of all that ever died, and at the end of its own death.
        if (status == SiloStatus.Dead && silos is { CurrentStatus: SiloStatus.Active } && !updatedSilo.Equals(silos.SiloAddress)) gone.Release();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Tools and tests have no engine.
        silos = services.GetService<ISiloStatusOracle>();
        if (silos is null) return;
        silos.SubscribeToSiloStatusEvents(this);
        while (!stoppingToken.IsCancellationRequested)
        {
            await gone.WaitAsync(stoppingToken);
            while (gone.Wait(0, CancellationToken.None)) { }
            log.LogInformation("A node is gone: what it left is looked after");
            foreach (var wait in Looks)
            {
                await Task.Delay(wait, clock, stoppingToken);
                await RunAsync(stoppingToken);
            }
        }
    }

    private async Task RunAsync(CancellationToken ct)
    {
        try
        {
            var scheduler = await factory.GetScheduler(ct);
            foreach (var plan in plans.Where(p => p.AlsoWhenNodeGoes)) await scheduler.TriggerJob(new JobKey(plan.Job.Name), cancellationToken: ct);
        }
        catch (SchedulerException e)
        {
            log.LogWarning("The jobs could not be run before their time: {Exception}", e.GetType().Name);
        }
    }
}
