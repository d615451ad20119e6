using System.Diagnostics.Metrics;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Inforzap.Host;

/// <summary>What /health/ready says, as a gauge of each check. A check that has said nothing for two minutes is not good.</summary>
internal sealed class HealthMetrics : IHealthCheckPublisher, IDisposable
{
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(2);

    private sealed record Said(HealthReport Report, DateTimeOffset At);

    private readonly Meter meter = new(Telemetry.Name);
    private readonly TimeProvider clock;
    private Said? last;

    public HealthMetrics(TimeProvider clock)
    {
        this.clock = clock;
        meter.CreateObservableGauge("inforzap.health.status", Tell, description: "1 while a check of /health/ready is good, 0 while it is not.");
    }

    public Task PublishAsync(HealthReport report, CancellationToken cancellationToken)
    {
        last = new(report, clock.GetUtcNow());
        return Task.CompletedTask;
    }

    private IEnumerable<Measurement<int>> Tell() => last is not { } said ? []
        : said.Report.Entries.Select(e => new Measurement<int>(
            e.Value.Status != HealthStatus.Unhealthy && clock.GetUtcNow() - said.At <= Fresh ? 1 : 0, new KeyValuePair<string, object?>("inforzap.health.check", e.Key)));

    public void Dispose() => meter.Dispose();
}
