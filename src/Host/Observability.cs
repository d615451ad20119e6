using System.Net;
using Inforzap.Data;
using Inforzap.Jobs;
using Inforzap.Live;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using OpenTelemetry.Instrumentation.AspNetCore;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Inforzap.Host;

/// <summary>What an operator can see: metrics, traces, health.</summary>
internal static class Observability
{
    public static void AddObservability(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        var export = !string.IsNullOrEmpty(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]);
        var telemetry = services.AddOpenTelemetry().WithMetrics(m =>
        {
            m.AddMeter(Telemetry.Name).AddAspNetCoreInstrumentation().AddRuntimeInstrumentation().AddPrometheusExporter();
            if (export) m.AddOtlpExporter();
        });
        // Spans that nobody collects would still be made, for each request and each turn of a lane.
        if (export) telemetry.WithTracing(t => t.AddSource(Telemetry.Name).AddAspNetCoreInstrumentation(ShortenPaths).AddHttpClientInstrumentation().AddOtlpExporter());
        services.AddSingleton<InsideNetworks>();
        services.AddHealthChecks()
            .AddCheck<DrainHealth>("drain", tags: ["ready"])
            .AddCheck<DatabaseHealth>("database", tags: ["ready"])
            .AddCheck<EngineHealth>("engine", tags: ["ready"])
            .AddCheck<JobsHealth>("jobs", tags: ["ready"]);
        services.AddSingleton<IHealthCheckPublisher, HealthMetrics>();
        services.Configure<HealthCheckPublisherOptions>(o => (o.Delay, o.Period, o.Predicate) = (TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(15), c => c.Tags.Contains("ready")));
    }

    /// <summary>One-time links, and what providers were told to call, hold secrets in their paths: the route says enough.</summary>
    private static void ShortenPaths(AspNetCoreTraceInstrumentationOptions options) =>
        options.EnrichWithHttpRequest = (span, request) => span.SetTag("url.path", "/" + request.Path.Value?.Split('/', 3).ElementAtOrDefault(1));

    public static void MapObservability(this WebApplication app)
    {
        app.MapGet("/health/live", () => Results.Text("live"));
        app.MapGet("/health/ready", async (HttpContext context, HealthCheckService health, InsideNetworks inside) =>
        {
            var report = await health.CheckHealthAsync(c => c.Tags.Contains("ready"), context.RequestAborted);
            var ready = report.Status != HealthStatus.Unhealthy;
            var status = ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
            return inside.Has(context)
                ? Results.Json(new { ready, checks = report.Entries.ToDictionary(e => e.Key, e => new { state = e.Value.Status.ToString(), e.Value.Description }) }, statusCode: status)
                : Results.Text(ready ? "ready" : "not ready", statusCode: status);
        });
        // With a slash behind it the path leads there too.
        app.UseWhen(c => c.Request.Path.StartsWithSegments("/metrics"), metrics => metrics.Use((context, next) =>
        {
            if (context.RequestServices.GetRequiredService<InsideNetworks>().Has(context)) return next(context);
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        }));
        app.MapPrometheusScrapingEndpoint("/metrics");
    }
}

/// <summary>Who may see metrics and the detail of health: this machine and <c>Metrics__AllowedNetworks</c>.</summary>
internal sealed class InsideNetworks(IConfiguration configuration)
{
    private readonly IPNetwork[] networks = [.. (configuration.GetSection("Metrics:AllowedNetworks").Get<string[]>() ?? []).Select(IPNetwork.Parse)];

    public bool Has(HttpContext context)
    {
        if (context.Connection.RemoteIpAddress is not { } address) return false;
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        // A proxy on this machine that nobody told us of would make the whole world local. Of one that we know nothing is left here.
        var proxied = ProxysHeaders.Any(context.Request.Headers.ContainsKey);
        return !proxied && (IPAddress.IsLoopback(address) || networks.Any(n => n.Contains(address)));
    }

    private static readonly string[] ProxysHeaders = ["X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto"];
}

internal sealed class DrainHealth(Drain drain) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(drain.IsOn ? HealthCheckResult.Unhealthy("This node is going.") : HealthCheckResult.Healthy());
}

internal sealed class DatabaseHealth(InforzapDb db) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        await db.Database.CanConnectAsync(cancellationToken) ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("The database does not answer.");
}

internal sealed class EngineHealth(IHostApplicationLifetime lifetime, ISiloStatusOracle silo) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(lifetime.ApplicationStarted.IsCancellationRequested && silo.CurrentStatus == SiloStatus.Active
            ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("The engine is not up."));
}

internal sealed class JobsHealth(JobTicks ticks, IEnumerable<JobPlan> plans, TimeProvider clock) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        var late = plans.Where(p => ticks.LastRun(p.Job.Name) is not { } last || now - last > (2 * p.Period) + TimeSpan.FromMinutes(1)).Select(p => p.Job.Name).ToList();
        return Task.FromResult(late.Count == 0 ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy($"Late: {string.Join(", ", late)}"));
    }
}
