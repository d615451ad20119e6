using System.Diagnostics;
using System.Globalization;
using Inforzap.Tests.Support;

namespace Inforzap.Benchmarks;

/// <summary>
/// B3: so many messages wait in the lanes of many conversations for a provider that answers at once. Agents wrote them through the
/// product's own <c>SendMessage</c> while no lane was awake; one node sends them, and on PostgreSQL two nodes do. What is sent while
/// nodes that have just started compile themselves is not measured; then each gets its part of a core, if it is to have one.
/// </summary>
internal static class Outbox
{
    private const int Workers = 16;
    private const int Batch = 100;
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(2), Settled = TimeSpan.FromMilliseconds(100);

    /// <summary>A tick of the sweep wakes no more lanes than these; those left over would wait for its next one.</summary>
    private const int MostConversations = 2_000;

    public static async Task<int> RunAsync(Options options)
    {
        Machine.Print();
        var conversations = Math.Min(Math.Min(options.Conversations, MostConversations), options.Count);
        Console.WriteLine($"{options.Count:N0} messages of {conversations:N0} conversations; {(options.Postgres is null ? "SQLite" : "PostgreSQL")}{(options.CorePercent > 0 ? $"; each node has {options.CorePercent} % of a core" : "")}");
        await using var provider = await Served.BareAsync("bare-provider");
        using var http = new HttpClient { BaseAddress = provider.Url };
        var raw = await RawAsync(options, http);

        await using var store = await Store.MakeAsync(options.Postgres);
        await WriteAsync(store, options, provider.Url, conversations);
        var one = await SendAsync(store, options, provider, http, nodes: 1);
        var share = one.PerSecond / raw;
        var good = one.Faults.Length == 0 && share >= 0.5;
        Report.Verdict(good, $"{share:P0} of raw, one by one (target 50 %); {Said(one.Faults)}");
        if (store.IsSqlite) return good ? 0 : 1;

        var two = await SendAsync(store, options, provider, http, nodes: 2);
        var more = two.PerSecond / one.PerSecond;
        var ok = two.Faults.Length == 0 && more >= 1.6;
        Report.Verdict(ok, $"two nodes {more:0.00} x one (target 1.6); {Said(two.Faults)}");
        return good && ok ? 0 : 1;
    }

    private static string Said(string faults) => faults.Length == 0 ? "each called once" : faults;

    /// <summary>The baseline: as many rows, claimed and completed one by one. Beside it, what the call costs, and what larger commits would give.</summary>
    private static async Task<double> RawAsync(Options options, HttpClient http)
    {
        await using var store = await Store.MakeAsync(options.Postgres);
        Report.Rate("fsync (4 kB append + fdatasync)", RawInserts.Fsyncs(store.Folder, TimeSpan.FromSeconds(3)));
        var raw = await RawClaims.RunAsync(store, options.Count, Workers, 1);
        Report.Rate("raw claim + complete, one by one", raw);
        Report.Rate("  the same with the call between", await RawClaims.RunAsync(store, options.Count, Workers, 1, http));
        Report.Rate($"  the same without, {Batch} a commit", await RawClaims.RunAsync(store, options.Count, Workers, Batch));
        (await http.GetAsync("calls")).EnsureSuccessStatusCode();
        return raw;
    }

    /// <summary>Customers write once, an agent takes each conversation and answers again and again.</summary>
    private static async Task WriteAsync(Store store, Options options, Uri provider, int conversations)
    {
        var clock = Stopwatch.StartNew();
        await using (var host = await Served.HostAsync(store, more: Settings(provider)))
        {
            await new Load(host.Url, options.Connections).DeliverAsync(conversations, n => Webhook.NewFrom(n, Webhook.Text));
            await Pipeline.DrainedAsync(store);
        }
        await using var desk = await Desk.OpenAsync(store);
        if (desk.Tickets.Count != conversations) throw new InvalidOperationException($"{desk.Tickets.Count} tickets of {conversations} are there.");
        var tickets = desk.Tickets.Values.ToArray();
        await Parallel.ForEachAsync(Enumerable.Range(0, tickets.Length), new ParallelOptions { MaxDegreeOfParallelism = Workers }, async (t, _) =>
        {
            await desk.AcceptAsync(tickets[t], desk.Administrator);
            for (var n = t; n < options.Count; n += tickets.Length) await desk.SendAsync(tickets[t], desk.Administrator, Webhook.Text(n));
        });
        // Nobody begins before all are ready.
        await DueAsync(store, DateTime.UtcNow.AddDays(1));
        Report.Seconds("written", clock.Elapsed);
    }

    private static async Task<(double PerSecond, string Faults)> SendAsync(Store written, Options options, Served provider, HttpClient http, int nodes)
    {
        await using var store = await written.CopyAsync();
        await using var redis = nodes > 1 ? await RedisServer.StartAsync() : null;
        List<Served> hosts = [];
        List<CoreShare> shares = [];
        try
        {
            for (var n = 0; n < nodes; n++) hosts.Add(await Served.HostAsync(store, more: Settings(provider.Url, redis?.Where)));
            // Until each node knows the other, and has looked whether something is due.
            await Task.Delay(TimeSpan.FromSeconds(5));
            await DueAsync(store, DateTime.UtcNow.AddSeconds(-10));
            await WarmAsync(store, hosts, options.Count);
            if (options.CorePercent > 0) shares.AddRange(hosts.Select(h => CoreShare.Of(h.Id, options.CorePercent)));
            var begun = await SentAsync(store);
            var (burnt, compiled) = (hosts.ConvertAll(h => h.ProcessorTime), await CompiledAsync(hosts));
            await Pipeline.DrainedAsync(store);
            var cpu = TimeSpan.FromTicks(hosts.Select((h, n) => (h.ProcessorTime - burnt[n]).Ticks).Sum());
            var (rate, faults) = await ResultAsync(store, options.Count, begun, await http.GetStringAsync("calls"));
            Report.Rate($"Inforzap, {nodes} node{(nodes > 1 ? "s" : "")}", rate, cpuEach: cpu / (options.Count - begun));
            Report.Seconds("  compiling, of that", (await CompiledAsync(hosts)) - compiled);
            return (rate, faults);
        }
        finally
        {
            foreach (var host in hosts) await host.DisposeAsync();
            foreach (var share in shares) share.Dispose();
        }
    }

    private static async Task<TimeSpan> CompiledAsync(IEnumerable<Served> hosts) => TimeSpan.FromSeconds((await Task.WhenAll(hosts.Select(h => h.CompilingAsync()))).Sum());

    /// <summary>Waits until a third is sent and the nodes have compiled what is used much; on small runs, until two thirds are.</summary>
    private static async Task WarmAsync(Store store, List<Served> hosts, int count)
    {
        var compiled = TimeSpan.Zero;
        while (await SentAsync(store) is var sent && sent < count * 2 / 3)
        {
            var now = await CompiledAsync(hosts);
            if (sent >= count / 3 && now - compiled < Settled * hosts.Count) return;
            compiled = now;
            await Task.Delay(Look);
        }
    }

    private static async Task<int> SentAsync(Store store)
    {
        await using var db = await store.OpenAsync();
        return (int)await db.CountAsync($"SELECT COUNT(*) FROM {store.Table("tickets", "Attempts")} WHERE \"EndedAt\" IS NOT NULL");
    }

    /// <summary>From the result of those that were sent at first to the result of the last, by the product's own marks.</summary>
    private static async Task<(double PerSecond, string Faults)> ResultAsync(Store store, int count, int begun, string calls)
    {
        await using var db = await store.OpenAsync();
        var sent = await db.CountAsync($"SELECT COUNT(*) FROM {store.Table("tickets", "Messages")} WHERE \"State\" = 'Sent' AND \"ProviderId\" IS NOT NULL");
        var ends = (await db.RowsAsync($"SELECT \"EndedAt\" FROM {store.Table("tickets", "Attempts")} ORDER BY \"EndedAt\"")).ConvertAll(r => Statements.Time(r[0]));
        var called = calls.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var distinct = called.Distinct(StringComparer.Ordinal).Count();
        var faults = sent == count && called.Length == count && distinct == count ? ""
            : string.Create(CultureInfo.InvariantCulture, $"sent {sent} of {count}, called {called.Length} times for {distinct} messages");
        return ((ends.Count - begun) / (ends[^1] - ends[begun - 1]).TotalSeconds, faults);
    }

    private static async Task DueAsync(Store store, DateTime when)
    {
        await using var db = await store.OpenAsync();
        await using var command = db.CreateCommand();
        command.CommandText = $"UPDATE {store.Table("core", "LaneItems")} SET \"DueAt\" = @when WHERE \"State\" = 'Pending'";
        var parameter = command.CreateParameter();
        (parameter.ParameterName, parameter.Value) = ("when", when);
        command.Parameters.Add(parameter);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>A channel that posts to the provider as fast as the product lets any channel.</summary>
    private static Dictionary<string, string> Settings(Uri provider, string? redis = null)
    {
        var settings = Gateway.Settings(provider);
        if (redis is null) return settings;
        settings["Cluster__Redis"] = redis;
        settings["Cluster__SiloPort"] = Served.FreePort().ToString(CultureInfo.InvariantCulture);
        return settings;
    }
}

/// <summary>How the channel under test reaches the provider that stands in for a real one.</summary>
internal static class Gateway
{
    public static Dictionary<string, string> Settings(Uri provider) => new()
    {
        ["Http__Allow__0"] = provider.Authority,
        ["Channels__bench__Settings__BaseUrl"] = new Uri(provider, "send").ToString(),
        // The most that is taken, and a queue, so that agents who are no members see only what they took.
        ["Channels__Pace"] = "10000",
        ["Channels__bench__Queue"] = "Bench",
    };
}
