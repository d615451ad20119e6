namespace Inforzap.Benchmarks;

/// <summary>B1: signed webhooks to 200 after the commit; once with lanes paused, once draining.</summary>
internal static class InboundIngest
{
    public static async Task<int> RunAsync(Options options)
    {
        var (warmup, time) = (TimeSpan.FromSeconds(options.Warmup), TimeSpan.FromSeconds(options.Seconds));
        Machine.Print();

        Load.Result a;
        await using (var bare = await Served.BareAsync(Webhook.IsWaba ? "bare-hmac-waba" : "bare-hmac")) a = await RunAsync(options, new Load(bare.Url, options.Connections), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(15));
        Report.Rate("A bare Kestrel, HMAC checked", a.PerSecond, a.P50, a.P99);
        (double PerSecond, TimeSpan P99) b;
        double c;
        await using (var raw = await Store.MakeAsync(options.Postgres))
        {
            Report.Rate("fsync (4 kB append + fdatasync)", RawInserts.Fsyncs(raw.Folder, TimeSpan.FromSeconds(3)));
            b = await RawInserts.SingleAsync(raw, TimeSpan.FromSeconds(10), options.Connections);
            Report.Rate("B raw INSERT + commit each, as many clients", b.PerSecond, p99: b.P99);
            c = await RawInserts.BatchedAsync(raw, TimeSpan.FromSeconds(10), 500);
            Report.Rate("C raw INSERT, 500 a commit", c);
        }
        var ceiling = Math.Min(a.PerSecond, c);

        var good = true;
        foreach (var paused in new[] { true, false })
        {
            await using var store = await Store.MakeAsync(options.Postgres);
            Load load;
            Load.Result result;
            await using (var host = await Served.HostAsync(store, paused))
            {
                load = new Load(host.Url, options.Connections);
                var burnt = host.ProcessorTime;
                result = await RunAsync(options, load, warmup, time);
                Report.Rate(paused ? "Inforzap, lanes paused" : "Inforzap, lanes draining", result.PerSecond, result.P50, result.P99, (host.ProcessorTime - burnt) / load.Accepted.Count);
            }
            var (lost, doubled) = await CompareAsync(store, load);
            var share = result.PerSecond / ceiling;
            var target = paused ? 0.60 : 0.25;
            var ok = share >= target && lost == 0 && doubled == 0 && result.P99 <= 5 * b.P99 && (paused ? result.PerSecond > b.PerSecond : result.PerSecond >= 1_000);
            Report.Verdict(ok, $"{share:P0} of min(A, C) (target {target:P0}); {result.PerSecond / b.PerSecond:0.0} x B; p99 {result.P99 / b.P99:0.00} x B (target 5); refused {result.Refused}; lost {lost}, doubled {doubled}");
            good &= ok;
        }
        return good ? 0 : 1;
    }

    private static Task<Load.Result> RunAsync(Options options, Load load, TimeSpan warmup, TimeSpan measured) =>
        load.RunAsync(_ => Webhook.New(options.Conversations), warmup, measured);

    /// <summary>What was answered 200 and is not there, and what is there twice.</summary>
    private static async Task<(int Lost, int Doubled)> CompareAsync(Store store, Load load)
    {
        await using var db = await store.OpenAsync();
        var rows = await db.RowsAsync($"SELECT \"DedupKey\" FROM {store.Table("core", "LaneItems")} WHERE \"DedupKey\" IS NOT NULL");
        var there = rows.Select(r => ((string)r[0])[(((string)r[0]).IndexOf(":b-", StringComparison.Ordinal) + 1)..]).ToHashSet(StringComparer.Ordinal);
        return (load.Accepted.Count(id => !there.Contains(id)), rows.Count - there.Count);
    }
}
