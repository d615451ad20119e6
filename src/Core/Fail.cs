using System.Diagnostics;

namespace Inforzap;

/// <summary>
/// Named places where a test lets the process die, to prove that nothing is lost there. Present in Debug builds only:
/// the environment variable FAILPOINT names the place, FAILPOINT_SKIP how many passes go by before. FAILCLOCK lets a machine's clock
/// be wrong by so many seconds.
/// </summary>
public static class Fail
{
    /// <summary>The places. The durability test reads this class and fails for one that is never reached.</summary>
    public static class At
    {
        /// <summary>An event came in; nothing is stored.</summary>
        public const string InBeforeAppend = "in.before-append";
        /// <summary>The event is committed; the provider has no answer yet.</summary>
        public const string InAfterAppend = "in.after-append";
        /// <summary>The provider has its 200; the lane did not run.</summary>
        public const string InAfter200 = "in.after-200";
        /// <summary>The lane read its items.</summary>
        public const string LaneBeforeHandler = "lane.before-handler";
        /// <summary>The handler ran; its commit did not.</summary>
        public const string LaneBeforeCommit = "lane.before-commit";
        /// <summary>The lane's commit is done; nobody was told.</summary>
        public const string LaneAfterCommit = "lane.after-commit";
        /// <summary>A message of ours is queued.</summary>
        public const string OutQueued = "out.queued";
        /// <summary>The attempt is claimed; nothing left the house.</summary>
        public const string OutClaimed = "out.claimed";
        /// <summary>The provider took it; we did not write that down.</summary>
        public const string OutAfterCall = "out.after-call";
        /// <summary>About to write the result.</summary>
        public const string OutBeforeResult = "out.before-result";
        /// <summary>The result is written.</summary>
        public const string OutAfterResult = "out.after-result";
        /// <summary>Media was fetched; not stored.</summary>
        public const string MediaFetched = "media.fetched";
        /// <summary>Media is stored; its message does not know.</summary>
        public const string MediaStored = "media.stored";
    }

    private static readonly string? Armed = Environment.GetEnvironmentVariable("FAILPOINT");
    private static int skip = int.TryParse(Environment.GetEnvironmentVariable("FAILPOINT_SKIP"), out var n) ? n : 0;

    /// <summary>How far this machine's clock is ahead of the truth.</summary>
    public static TimeSpan ClockAhead { get; } =
#if FAILPOINTS
        TimeSpan.FromSeconds(int.TryParse(Environment.GetEnvironmentVariable("FAILCLOCK"), out var seconds) ? seconds : 0);
#else
        TimeSpan.Zero;
#endif

    /// <summary>Dies here when the test asked for it.</summary>
    [Conditional("FAILPOINTS")]
    public static void Point(string name)
    {
        if (Armed != name || Interlocked.Decrement(ref skip) >= 0) return;
        Console.Error.WriteLine($"failpoint {name}");
        Console.Error.Flush();
        using var me = Process.GetCurrentProcess();
        me.Kill();
        me.WaitForExit();
    }
}
