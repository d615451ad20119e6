using System.Globalization;

namespace Inforzap.Benchmarks;

/// <summary>Says on what a figure was taken.</summary>
internal static class Machine
{
    public static void Print()
    {
        var cpu = File.Exists("/proc/cpuinfo") ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim() : null;
        Console.WriteLine($"{Environment.ProcessorCount} cores, {cpu}, {GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (1 << 30)} GiB, {System.Runtime.InteropServices.RuntimeInformation.OSDescription}, .NET {Environment.Version}, {DateTime.UtcNow:yyyy-MM-dd}");
        Console.WriteLine($"load of the machine before the run: {LoadAverage()}");
    }

    /// <summary>Processes that wanted a core during the last minute: above a few hundredths, others are at work here too.</summary>
    private static string LoadAverage() => File.Exists("/proc/loadavg") ? File.ReadAllText("/proc/loadavg").Split(' ')[0] : "unknown";
}

/// <summary>Lines of figures.</summary>
internal static class Report
{
    /// <summary>A rate, with waits and the processor time that the process burnt per event where they are known.</summary>
    public static void Rate(string what, double perSecond, TimeSpan? p50 = null, TimeSpan? p99 = null, TimeSpan? cpuEach = null) => Line(
        $"{what,-46} {perSecond,9:N0}/s{(p50 is { } m ? $"   p50 {m.TotalMilliseconds:0.0} ms" : "")}{(p99 is { } n ? $"   p99 {n.TotalMilliseconds:0.0} ms" : "")}{(cpuEach is { } c ? $"   {c.TotalMicroseconds:0} µs of processor each" : "")}");

    /// <summary>How long things took, most of them.</summary>
    public static void Waits(string what, IReadOnlyList<TimeSpan> waits) => Line(
        $"{what,-46} {At(waits, 0.5).TotalMilliseconds,9:0.000} ms   p95 {At(waits, 0.95).TotalMilliseconds:0.000} ms   p99 {At(waits, 0.99).TotalMilliseconds:0.000} ms   of {waits.Count:N0}");

    /// <summary>The time within which so large a share of them ended.</summary>
    public static TimeSpan At(IReadOnlyList<TimeSpan> waits, double share) => waits.Count == 0 ? TimeSpan.Zero : waits.Order().ElementAt(Math.Min(waits.Count - 1, (int)(waits.Count * share)));

    /// <summary>Cores that were busy while nothing happened and while it did, and what each event cost.</summary>
    public static void Cpu(string what, double quiet, double busy, TimeSpan each) => Line($"{what,-46} {busy,9:0.00} cores, {quiet:0.00} while nothing is said   {each.TotalMilliseconds:0.00} ms of processor each");

    public static void Each(string what, TimeSpan time) => Line($"{what,-46} {time.TotalMicroseconds,9:0.00} µs");

    public static void Seconds(string what, TimeSpan time) => Line($"{what,-46} {time.TotalSeconds,9:0.00} s");

    public static void Megabytes(string what, double bytes) => Line($"{what,-46} {bytes / (1 << 20),9:0.0} MB");

    public static void Verdict(bool reached, FormattableString line) => Console.WriteLine($"    {line.ToString(CultureInfo.InvariantCulture)}: {(reached ? "reached" : "MISSED")}");

    private static void Line(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
