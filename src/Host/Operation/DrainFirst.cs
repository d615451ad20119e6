using System.Runtime.InteropServices;
using Inforzap.Lanes;
using Inforzap.Live;

namespace Inforzap.Host.Operation;

/// <summary>Turns the signals of the system and of the console into a drain, before anything is stopped. A second one stops at once.</summary>
internal sealed class DrainFirst(Drain drain, IServiceProvider services, IConfiguration configuration, IHostApplicationLifetime lifetime, ILogger<DrainFirst> log) : IHostLifetime, IDisposable
{
    /// <summary>Whatever does not end by then, such as an engine that can't tell the others since Redis is away, is left: the database has everything.</summary>
    private static readonly TimeSpan LongestStop = TimeSpan.FromSeconds(4.5);
    private readonly List<PosixSignalRegistration> signals = [];

    public Task WaitForStartAsync(CancellationToken cancellationToken)
    {
        foreach (var signal in (PosixSignal[])[PosixSignal.SIGTERM, PosixSignal.SIGINT, PosixSignal.SIGQUIT]) signals.Add(PosixSignalRegistration.Create(signal, Asked));
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        foreach (var signal in signals) signal.Dispose();
    }

    private void Asked(PosixSignalContext context)
    {
        // The process ends when the host has ended, not when the runtime likes.
        context.Cancel = true;
        if (drain.IsOn) lifetime.StopApplication();
        else _ = Task.Run(GoAsync);
    }

    private async Task GoAsync()
    {
        try
        {
            log.LogInformation("Going: what is being sent is finished, people are told");
            // Asked for only now: the host makes this class for commands too, which have no lanes.
            await drain.RunAsync(services.GetRequiredService<LaneEngine>(), configuration.GetSection("Proxy:Known").GetChildren().Any() || !string.IsNullOrEmpty(configuration["Cluster:Redis"]));
        }
        finally
        {
            _ = LeaveBehindAsync();
            lifetime.StopApplication();
        }
    }

    private async Task LeaveBehindAsync()
    {
        await Task.Delay(LongestStop);
        log.LogWarning("Something did not stop in time and is left behind");
        Environment.Exit(0);
    }
}
