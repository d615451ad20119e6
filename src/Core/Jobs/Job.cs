using Inforzap.Data;
using Inforzap.Requests;
using Microsoft.Extensions.Hosting;
using Quartz;

namespace Inforzap.Jobs;

/// <summary>Something that is looked after again and again. Idempotent: it may run twice at once, on one node or two.</summary>
public interface IJob
{
    /// <summary>Looks at what is due in the tables and does it, or wakes who does.</summary>
    Task RunAsync(JobTick tick, CancellationToken ct);
}

/// <summary>Which run of a job this is.</summary>
/// <param name="Number">0, 1, 2 ... since the start.</param>
public readonly record struct JobTick(long Number)
{
    /// <summary>The first since the start.</summary>
    public bool First => Number == 0;
}

/// <summary>A job and its period.</summary>
/// <param name="Job">The class.</param>
/// <param name="Period">From one run to the next.</param>
/// <param name="AlsoWhenNodeGoes">It looks after what a node may have left behind, and runs as soon as one is gone.</param>
public sealed record JobPlan(Type Job, TimeSpan Period, bool AlsoWhenNodeGoes = false);

/// <summary>Declares jobs.</summary>
public static class JobSetup
{
    /// <summary>Runs the job at the start and then once per period. Quartz is the alarm clock; what is due stands in tables.</summary>
    public static IServiceCollection Every<T>(this IServiceCollection services, TimeSpan period, bool alsoWhenNodeGoes = false) where T : class, IJob
    {
        services.AddScoped<T>();
        return services.AddSingleton(new JobPlan(typeof(T), period, alsoWhenNodeGoes));
    }

    /// <summary>Adds Quartz with its memory store and a trigger per plan.</summary>
    public static IServiceCollection AddJobs(this IServiceCollection services)
    {
        services.AddSingleton<JobTicks>();
        services.AddQuartz();
        services.AddHostedService<JobStarter>();
        services.AddQuartzHostedService(o => o.WaitForJobsToComplete = true);
        return services;
    }
}

/// <summary>How often each job ran, and when last: health looks at it.</summary>
public sealed class JobTicks(TimeProvider clock)
{
    private readonly System.Collections.Concurrent.ConcurrentDictionary<string, (long Count, DateTime At)> ticks = new();

    /// <summary>Counts a run.</summary>
    public JobTick Next(string job) => new(ticks.AddOrUpdate(job, _ => (1, Now), (_, t) => (t.Count + 1, Now)).Count - 1);

    /// <summary>When the job last began, or null.</summary>
    public DateTime? LastRun(string job) => ticks.TryGetValue(job, out var t) ? t.At : null;

    private DateTime Now => clock.GetUtcNow().UtcDateTime;
}

/// <summary>Quartz's side of a job.</summary>
[DisallowConcurrentExecution]
internal sealed class QuartzTick(IServiceScopeFactory scopes, JobTicks ticks, ILogger<QuartzTick> log) : Quartz.IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        var type = Type.GetType(context.JobDetail.JobDataMap.GetString("job")!, throwOnError: true)!;
        await using var scope = scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentActor>().Is = Actor.System;
        try
        {
            await ((IJob)scope.ServiceProvider.GetRequiredService(type)).RunAsync(ticks.Next(type.Name), cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            log.LogError("Job {Job} failed and runs again at its next time: {Exception}", type.Name, Telemetry.Describe(e));
        }
    }
}

/// <summary>Gives every plan its trigger.</summary>
internal sealed class JobStarter(ISchedulerFactory factory, IEnumerable<JobPlan> plans) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var scheduler = await factory.GetScheduler(cancellationToken);
        foreach (var plan in plans)
        {
            var job = JobBuilder.Create<QuartzTick>().WithIdentity(plan.Job.Name).UsingJobData("job", plan.Job.AssemblyQualifiedName!).Build();
            // On a slow start seconds pass until the clock runs; what should have run meanwhile runs then and is not left out.
            var trigger = TriggerBuilder.Create().WithIdentity(plan.Job.Name).StartNow()
                .WithSimpleSchedule(s => s.WithInterval(plan.Period).RepeatForever().WithMisfireInstruction(SimpleTriggerMisfireInstruction.NowWithExistingCount)).Build();
            await scheduler.ScheduleJob(job, trigger, cancellationToken: cancellationToken);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

/// <summary>Removes rows of the table of recent changes that nobody needs any more.</summary>
internal sealed class ForgetChanges(InforzapDb db, Commits commits, TimeProvider clock) : IJob
{
    public Task RunAsync(JobTick tick, CancellationToken ct)
    {
        var old = clock.GetUtcNow().UtcDateTime.AddMinutes(-10);
        return commits.RunAsync(db, () => db.Changes.Where(c => c.At < old).ExecuteDeleteAsync(ct), WriterKind.Background, ct);
    }
}
