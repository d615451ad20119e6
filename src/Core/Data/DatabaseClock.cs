using System.Diagnostics;
using Inforzap.Jobs;

namespace Inforzap.Data;

/// <summary>
/// The time of a database server, which all nodes have in common: a machine whose clock is wrong takes no deadline for past and no
/// message for older than it is. Durations are this machine's own.
/// </summary>
public sealed class DatabaseClock(ILogger<DatabaseClock> log) : TimeProvider
{
    /// <summary>Less is the network's doing as likely as the clock's.</summary>
    private static readonly TimeSpan Noise = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Worth = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestWay = TimeSpan.FromMilliseconds(400);
    private long offset;
    private bool isFirst = true;

    /// <summary>How far this machine's clock is behind the database's; negative when it is ahead.</summary>
    public TimeSpan Offset => TimeSpan.FromTicks(Interlocked.Read(ref offset));

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => Machine + Offset;

    private static DateTimeOffset Machine => System.GetUtcNow() + Fail.ClockAhead;

    internal async Task SetAsync(InforzapDb db, CancellationToken ct)
    {
        // A connection that had to be waited for would count as the way of the answer.
        await db.Database.OpenConnectionAsync(ct);
        try
        {
            for (var tries = 0; ; tries++)
            {
                var began = Stopwatch.GetTimestamp();
                var theirs = await NowOf(db).SingleAsync(ct);
                var (ours, took) = (Machine.UtcDateTime, Stopwatch.GetElapsedTime(began));
                // The first one compiles, and a busy server says nothing of its clock.
                if (took > LongestWay && tries < 3) continue;
                if (took <= LongestWay || isFirst) Set(theirs + (took / 2) - ours);
                isFirst = false;
                return;
            }
        }
        finally
        {
            await db.Database.CloseConnectionAsync();
        }
    }

    internal void Set(TimeSpan measured)
    {
        var before = Offset;
        if ((measured - before).Duration() < Noise) return;
        Interlocked.Exchange(ref offset, measured.Ticks);
        if ((measured - before).Duration() >= Worth)
            log.LogWarning("This machine's clock is {Seconds:0.0} s {Side} the database's, whose time is taken. Let it be set by NTP.", measured.Duration().TotalSeconds, measured > TimeSpan.Zero ? "behind" : "ahead of");
    }

    /// <summary>The server's time, UTC. Tests read the statement where no such server is.</summary>
    internal static IQueryable<DateTime> NowOf(InforzapDb db) => db.Database.SqlQueryRaw<DateTime>(
        db.Provider == DatabaseProvider.PostgreSql ? "SELECT clock_timestamp() AT TIME ZONE 'UTC' AS \"Value\"" : "SELECT SYSUTCDATETIME() AS Value");
}

/// <summary>Asks for the time again and again: clocks drift, and are set.</summary>
internal sealed class KeepTime(InforzapDb db, DatabaseClock clock) : IJob
{
    public Task RunAsync(JobTick tick, CancellationToken ct) => clock.SetAsync(db, ct);
}
