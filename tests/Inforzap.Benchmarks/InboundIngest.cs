using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Inforzap.Benchmarks;

/// <summary>B1: signed webhooks to 200 after the commit; once with lanes paused, once draining.</summary>
internal static class InboundIngest
{
    private const int Conversations = 2_000;

    public static async Task<int> RunAsync(Options options)
    {
        var (warmup, time) = (TimeSpan.FromSeconds(options.Warmup), TimeSpan.FromSeconds(options.Seconds));
        using var place = new Workplace();
        Machine.Print();
        Row("fsync (4 kB append + fdatasync)", RawSqlite.Fsyncs(place.Path, TimeSpan.FromSeconds(3)));

        Load.Result a;
        await using (var bare = await Served.BareAsync("bare-hmac")) a = await new Load(bare.Url, options.Connections, Conversations).RunAsync(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(15));
        Row("A bare Kestrel, HMAC checked", a.PerSecond, a.P50, a.P99);
        var b = await RawSqlite.SingleAsync(place.Path, TimeSpan.FromSeconds(10), options.Connections);
        Row("B raw INSERT + commit each, same clients", b.PerSecond, p99: b.P99);
        var c = RawSqlite.Batched(place.Path, TimeSpan.FromSeconds(10), 500);
        Row("C raw INSERT, 500 a commit", c);
        var ceiling = Math.Min(a.PerSecond, c);

        var good = true;
        foreach (var paused in new[] { true, false })
        {
            var folder = Path.Combine(place.Path, paused ? "paused" : "draining");
            Load load;
            Load.Result result;
            await using (var host = await Served.HostAsync(folder, paused))
            {
                load = new Load(host.Url, options.Connections, Conversations);
                result = await load.RunAsync(warmup, time);
                Row(paused ? "Inforzap, lanes paused" : "Inforzap, lanes draining", result.PerSecond, result.P50, result.P99);
            }
            var (lost, doubled) = Compare(Path.Combine(folder, "inforzap.db"), load);
            var share = result.PerSecond / ceiling;
            var target = paused ? 0.60 : 0.25;
            var ok = share >= target && lost == 0 && doubled == 0 && result.P99 <= 5 * b.P99 && (paused ? result.PerSecond > b.PerSecond : result.PerSecond >= 1_000);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"    {share:P0} of min(A, C) (target {target:P0}); p99 {result.P99 / b.P99:0.00} x B (target 5); refused {result.Refused}; lost {lost}, doubled {doubled}: {(ok ? "reached" : "MISSED")}"));
            good &= ok;
        }
        return good ? 0 : 1;
    }

    /// <summary>What was answered 200 and is not there, and what is there twice.</summary>
    private static (int Lost, long Doubled) Compare(string file, Load load)
    {
        using var db = new SqliteConnection($"Data Source={file};Mode=ReadOnly");
        db.Open();
        var there = new HashSet<string>();
        var rows = 0L;
        using (var query = db.CreateCommand())
        {
            query.CommandText = "SELECT DedupKey FROM core_LaneItems WHERE DedupKey IS NOT NULL";
            using var reader = query.ExecuteReader();
            while (reader.Read())
            {
                rows++;
                there.Add(reader.GetString(0)[(reader.GetString(0).IndexOf(":b-", StringComparison.Ordinal) + 3)..]);
            }
        }
        return (load.Accepted.Count(id => !there.Contains(id)), rows - there.Count);
    }

    private static void Row(string what, double perSecond, TimeSpan? p50 = null, TimeSpan? p99 = null) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{what,-44} {perSecond,10:N0}/s{(p50 is { } m ? $"   p50 {m.TotalMilliseconds:0.0} ms" : "")}{(p99 is { } n ? $"   p99 {n.TotalMilliseconds:0.0} ms" : "")}"));
}

/// <summary>Says on what a figure was taken.</summary>
internal static class Machine
{
    public static void Print()
    {
        var cpu = File.Exists("/proc/cpuinfo") ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim() : null;
        Console.WriteLine($"{Environment.ProcessorCount} cores, {cpu}, {GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (1 << 30)} GiB, {System.Runtime.InteropServices.RuntimeInformation.OSDescription}, .NET {Environment.Version}, {DateTime.UtcNow:yyyy-MM-dd}");
    }
}
