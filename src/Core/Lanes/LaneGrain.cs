using Microsoft.Extensions.Configuration;
using Orleans.Concurrency;
using Orleans.Placement;

namespace Inforzap.Lanes;

/// <summary>One per lane key: it keeps the order. Its single activation makes things fast; the marks make them right.</summary>
public interface ILaneGrain : IGrainWithStringKey
{
    /// <summary>There may be something to do. Carries nothing, so a lost or doubled call is harmless.</summary>
    [OneWay, AlwaysInterleave]
    Task Wake();
}

// By what each node has to do at the moment, as is usual, all lanes of a burst would come to the one that was idle before it.
[RandomPlacement]
internal sealed class LaneGrain(LaneEngine engine, TimeProvider clock, ILogger<LaneGrain> log) : Grain, ILaneGrain
{
    private bool running;
    private bool again;
    private IDisposable? alarm;

    public async Task Wake()
    {
        again = true;
        if (running) return;
        running = true;
        try
        {
            while (again)
            {
                again = false;
                try
                {
                    var turn = await engine.TurnAsync(this.GetPrimaryKeyString());
                    again |= turn.More;
                    if (turn.At is { } at) WakeAt(at);
                }
                catch (Exception e) when (e is not OperationCanceledException)
                {
                    // The database itself refused; what is due stands in it, so look again shortly.
                    log.LogError("Lane turn failed: {Exception}", Telemetry.Describe(e));
                    WakeAt(clock.GetUtcNow().UtcDateTime.AddSeconds(2));
                }
            }
        }
        finally
        {
            running = false;
        }
    }

    private void WakeAt(DateTime at)
    {
        alarm?.Dispose();
        var due = at - clock.GetUtcNow().UtcDateTime;
        alarm = this.RegisterGrainTimer(async () => await Wake(),
            new GrainTimerCreationOptions { DueTime = due < TimeSpan.FromMilliseconds(20) ? TimeSpan.FromMilliseconds(20) : due, Period = Timeout.InfiniteTimeSpan, Interleave = true });
    }
}

/// <summary>Starts a turn of one lane, wherever it lives, and does not wait for it.</summary>
public delegate void WakeLane(string lane);

/// <summary>Wakes lanes on whatever node they live.</summary>
public sealed class LaneWaker(WakeLane wake, IConfiguration configuration)
{
    /// <summary>Called after commits. Failing is harmless: the sweep finds what is overdue.</summary>
    public void Wake(IEnumerable<string> lanes)
    {
        if (Paused) return;
        foreach (var lane in lanes) wake(lane);
    }

    /// <summary><c>Lanes__Paused</c>: appends only, no lane work, for measuring the inbox alone.</summary>
    internal bool Paused { get; set; } = configuration.GetValue<bool>("Lanes:Paused");

    internal static WakeLane ByGrain(IServiceProvider services)
    {
        var grains = services.GetRequiredService<IGrainFactory>();
        return lane => grains.GetGrain<ILaneGrain>(lane).Wake().Ignore();
    }
}
