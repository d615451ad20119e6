namespace Inforzap.Plugins;

/// <summary>
/// Stands between the product and one door of an adapter: bounds the time of each call, and stops calling for a while after
/// several failures in a row. A call that ignores its token is left behind and not waited for.
/// </summary>
/// <param name="clock">Measures.</param>
/// <param name="limit">Longest time of one call.</param>
public sealed class PluginGuard(TimeProvider clock, TimeSpan limit)
{
    /// <summary>Failures in a row after which the door is shut.</summary>
    public const int FailuresToOpen = 5;

    /// <summary>Calls that may be left behind unfinished before the door stays shut until they end.</summary>
    public const int MaxAbandoned = 16;

    /// <summary>How long the door stays shut before one call may try.</summary>
    public static readonly TimeSpan Shut = TimeSpan.FromSeconds(30);

    private readonly Lock sync = new();
    private int failures;
    private int abandoned;
    private long shutUntil;
    private bool trying;

    /// <summary>When a call makes sense again; null when it does now.</summary>
    public TimeSpan? ShutFor
    {
        get
        {
            lock (sync)
            {
                if (abandoned >= MaxAbandoned) return Shut;
                if (failures < FailuresToOpen) return null;
                var left = clock.GetElapsedTime(clock.GetTimestamp(), shutUntil);
                return left > TimeSpan.Zero ? left : trying ? TimeSpan.FromSeconds(1) : null;
            }
        }
    }

    /// <summary>Calls the plugin.</summary>
    /// <param name="call">Gets a token that is cancelled when the time is over or the caller gave up.</param>
    /// <param name="isOurs">Exceptions that say nothing about the plugin: they do not count as its failures.</param>
    /// <param name="ct">The caller's own.</param>
    /// <exception cref="PluginShutException">Not called: it failed too often just now.</exception>
    /// <exception cref="TimeoutException">It did not answer in time. It may still be at work.</exception>
    public async Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> call, Func<Exception, bool> isOurs, CancellationToken ct)
    {
        Enter();
        var time = new CancellationTokenSource(limit, clock);
        var both = CancellationTokenSource.CreateLinkedTokenSource(time.Token, ct);
        // On a thread of the pool: a plugin may block before it gives a task back.
        var running = Task.Run(() => call(both.Token), CancellationToken.None);
        try
        {
            var result = await running.WaitAsync(both.Token);
            Leave(failed: false);
            return result;
        }
        catch (OperationCanceledException) when (both.IsCancellationRequested)
        {
            var late = !ct.IsCancellationRequested;
            Leave(failed: late);
            if (!late) throw;
            throw new TimeoutException($"The plugin did not answer within {limit.TotalSeconds:0} s.");
        }
        catch (Exception e)
        {
            Leave(failed: !isOurs(e));
            throw;
        }
        finally
        {
            if (running.IsCompleted)
            {
                both.Dispose();
                time.Dispose();
            }
            else LeaveBehind(running, both, time);
        }
    }

    private void Enter()
    {
        lock (sync)
        {
            if (abandoned >= MaxAbandoned) throw new PluginShutException(Shut);
            if (failures < FailuresToOpen) return;
            var left = clock.GetElapsedTime(clock.GetTimestamp(), shutUntil);
            if (left > TimeSpan.Zero) throw new PluginShutException(left);
            if (trying) throw new PluginShutException(TimeSpan.FromSeconds(1));
            trying = true;
        }
    }

    private void Leave(bool failed)
    {
        lock (sync)
        {
            trying = false;
            if (!failed)
            {
                failures = 0;
                return;
            }
            if (++failures >= FailuresToOpen) shutUntil = clock.GetTimestamp() + (long)(Shut.TotalSeconds * clock.TimestampFrequency);
        }
    }

    private void LeaveBehind(Task running, CancellationTokenSource both, CancellationTokenSource time)
    {
        lock (sync) abandoned++;
        _ = running.ContinueWith(ended =>
        {
            // Looked at, so that it does not turn up as unobserved.
            _ = ended.Exception;
            lock (sync) abandoned--;
            both.Dispose();
            time.Dispose();
        }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }
}

/// <summary>The plugin is not called now, since it failed too often.</summary>
public sealed class PluginShutException(TimeSpan after) : Exception("The plugin failed several times in a row and is left alone for a while.")
{
    /// <summary>When it makes sense to try again.</summary>
    public TimeSpan After { get; } = after;
}
