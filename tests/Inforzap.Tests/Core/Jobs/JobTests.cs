using Inforzap.Jobs;
using Inforzap.Requests;
using Microsoft.Extensions.Hosting;
using Quartz;

namespace Inforzap.Tests.Core.Jobs;

public sealed class JobTests
{
    [Fact]
    public async Task A_job_runs_at_the_start_however_long_the_start_takes()
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton(TimeProvider.System).AddScoped<CurrentActor>().AddSingleton<Runs>();
        builder.Services.AddJobs().Every<Rare>(TimeSpan.FromHours(1));
        builder.Services.Configure<InMemoryJobStoreOptions>(o => o.MisfireThreshold = TimeSpan.FromMilliseconds(50));
        builder.Services.AddHostedService<Slow>();
        using var host = builder.Build();
        await host.StartAsync();
        await host.Services.GetRequiredService<Runs>().First.Task.WaitAsync(TimeSpan.FromSeconds(10));
        await host.StopAsync();
    }

    private sealed class Slow : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => Task.Delay(500, cancellationToken);

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    private sealed class Runs
    {
        public TaskCompletionSource First { get; } = new();
    }

    private sealed class Rare(Runs runs) : Inforzap.Jobs.IJob
    {
        public Task RunAsync(JobTick tick, CancellationToken ct)
        {
            runs.First.TrySetResult();
            return Task.CompletedTask;
        }
    }
}
