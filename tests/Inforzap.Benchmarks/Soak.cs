using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace Inforzap.Benchmarks;

/// <summary>
/// B11: half an hour at three tenths of what the host takes at most, while tabs open and close and the provider goes away, comes
/// back and fails. What it holds and how quick it is at the end must be what it was after the warm-up, a fifth of the time.
/// </summary>
internal static class Soak
{
    private const int Circuits = 100;
    private const int SendsPerSecond = 5;
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(3);

    public static async Task<int> RunAsync(Options options)
    {
        Machine.Print();
        var most = await MostAsync(options);
        var rate = 0.3 * most;
        Report.Rate("Inforzap, taken in and worked off", most);
        Report.Rate("  of these, for the whole run", rate);

        await using var store = await Store.MakeAsync(options.Postgres);
        var port = Served.FreePort();
        await using var provider = new Provider(port);
        await provider.ComeAsync();
        await using var host = await Served.HostAsync(store, more: Gateway.Settings(new Uri($"http://127.0.0.1:{port}/")));
        // No more tabs than seats, also while some are going.
        await using var office = new Office(host, [.. Enumerable.Repeat(5, Circuits / 5)]);
        await new Load(host.Url, options.Connections).DeliverAsync(office.Tabs.Count, n => Webhook.NewFrom(n, Webhook.Text));
        await Pipeline.DrainedAsync(store);
        await using var desk = await Desk.OpenAsync(store);
        await office.HireAsync(desk);

        var load = new Load(host.Url, options.Connections, rate);
        Task<Load.Result> LoadAsync(double share) => load.RunAsync(_ => Webhook.New(options.Conversations), TimeSpan.Zero, TimeSpan.FromSeconds(options.Seconds * share));
        using var end = new CancellationTokenSource();
        var log = new Log(store);
        List<Task> beside = [.. Enumerable.Range(0, Circuits).Select(n => SitAsync(office, n % office.Tabs.Count, log, end.Token)), AnswerAsync(desk, office, log, end.Token),
            provider.FlapAsync(TimeSpan.FromSeconds(Math.Clamp(options.Seconds / 90.0, 2, 20)), end.Token), log.WatchAsync(end.Token)];

        await LoadAsync(0.2);
        var before = await HeldAsync(host);
        var first = await LoadAsync(0.2);
        await LoadAsync(0.4);
        var last = await LoadAsync(0.2);
        var after = await HeldAsync(host);
        await end.CancelAsync();
        // What broke beside is told with the rest: half an hour of figures is not thrown away for it.
        await Task.WhenAll(beside.Select(log.EndedAsync));

        before.Print("after the warm-up");
        after.Print("at the end");
        Report.Rate("webhooks after the warm-up", first.PerSecond, first.P50, first.P99);
        Report.Rate("webhooks at the end", last.PerSecond, last.P50, last.P99);
        await provider.ComeAsync();
        await Pipeline.DrainedAsync(store);
        var faults = await FaultsAsync(store, load, await provider.CallsAsync());
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{load.Accepted.Count:N0} webhooks, {log.Tabs:N0} tabs, {log.Answers:N0} answers, the provider went away {provider.Times:N0} times"));

        var (heap, handles, threads, p99) = ((after.Heap / before.Heap) - 1, ((double)after.Handles / before.Handles) - 1, after.Threads - before.Threads, (last.P99 / first.P99) - 1);
        // Threads of the pool come and go by a few.
        (bool Reached, FormattableString Line)[] verdicts =
        [
            (Math.Abs(heap) <= 0.10, $"heap after a collection {heap:+0.0 %;-0.0 %} (target 10 %)"),
            (Math.Abs(handles) <= 0.05, $"handles {handles:+0.0 %;-0.0 %} (target 5 %)"),
            (threads <= 3, $"threads {threads:+0;-0;0} (target flat: 3)"),
            (!store.IsSqlite || log.Wal <= 64 << 20, $"log of the database at most {log.Wal / (double)(1 << 20):0.0} MB (target 64)"),
            (p99 <= 0.20, $"p99 {p99:+0 %;-0 %} (target 20 %)"),
            (faults.Length == 0 && log.Broken.IsEmpty, $"{(faults.Length == 0 ? "nothing lost, nothing twice" : faults)}; {log.Broken.Count} tabs or answers broke{(log.Broken.TryPeek(out var why) ? $": {why}" : "")}"),
        ];
        foreach (var (reached, line) in verdicts) Report.Verdict(reached, line);
        return verdicts.All(v => v.Reached) ? 0 : 1;
    }

    /// <summary>The baseline: what it takes in and works off. What is only taken in would pile up for half an hour.</summary>
    private static async Task<double> MostAsync(Options options)
    {
        await using var store = await Store.MakeAsync(options.Postgres);
        await using var host = await Served.HostAsync(store);
        var (warmup, time) = (TimeSpan.FromSeconds(Math.Clamp(options.Seconds / 20.0, 2, 20)), TimeSpan.FromSeconds(Math.Clamp(options.Seconds / 10.0, 3, 60)));
        var load = new Load(host.Url, options.Connections);
        await load.RunAsync(_ => Webhook.New(options.Conversations), TimeSpan.Zero, warmup);
        await Pipeline.DrainedAsync(store);
        var clock = Stopwatch.StartNew();
        var result = await load.RunAsync(_ => Webhook.New(options.Conversations), TimeSpan.Zero, time);
        await Pipeline.DrainedAsync(store);
        return result.Refused == 0 ? result.PerSecond * time.TotalSeconds / clock.Elapsed.TotalSeconds : throw new InvalidOperationException($"{result.Refused} webhooks were refused.");
    }

    /// <summary>Somebody who opens a tab, reads for a while, and closes it or loses the line, again and again.</summary>
    private static async Task SitAsync(Office office, int agent, Log log, CancellationToken ct)
    {
        var random = new Random(agent);
        while (!ct.IsCancellationRequested)
        {
            try
            {
                var circuit = await office.OpenAsync(agent, isLookedAt: true);
                log.Opened();
                await PauseAsync(TimeSpan.FromSeconds(5 + (20 * random.NextDouble())), ct);
                if (circuit.Failure is { } failure) log.Broken.Enqueue(failure);
                if (random.Next(4) == 0) await circuit.DropAsync();
                else await circuit.DisposeAsync();
            }
            catch (Exception e) when (e is InvalidOperationException or HttpRequestException or TimeoutException or System.Net.WebSockets.WebSocketException)
            {
                log.Broken.Enqueue(e.Message);
                await PauseAsync(Between, ct);
            }
        }
    }

    /// <summary>Agents answer from elsewhere: another process writes, and the host finds it.</summary>
    private static async Task AnswerAsync(Desk desk, Office office, Log log, CancellationToken ct)
    {
        for (var n = 0; !ct.IsCancellationRequested; n++)
        {
            try
            {
                var (agent, ticket) = office.Talks[n % office.Talks.Count];
                await desk.SendAsync(ticket, agent, Webhook.Text(n));
                log.Answered();
            }
            catch (Exception e) when (e is System.Data.Common.DbException or DbUpdateException or Refusal)
            {
                log.Broken.Enqueue($"An answer was not taken: {e.Message}");
            }
            await PauseAsync(TimeSpan.FromSeconds(1.0 / SendsPerSecond), ct);
        }
    }

    private static async Task PauseAsync(TimeSpan time, CancellationToken ct)
    {
        try
        {
            await Task.Delay(time, ct);
        }
        catch (OperationCanceledException)
        {
            // The run is over.
        }
    }

    /// <summary>The middle of some looks, each after a collection, while tabs go on opening and closing.</summary>
    private static async Task<Held> HeldAsync(Served host)
    {
        List<Held> looks = [];
        for (var n = 0; n < 5; n++)
        {
            await host.CollectAsync();
            looks.Add(new(await host.HeapAsync(), host.Handles, host.Threads));
            await Task.Delay(Between);
        }
        return new(looks.Select(l => l.Heap).Order().ElementAt(2), looks.Select(l => l.Handles).Order().ElementAt(2), looks.Select(l => l.Threads).Order().ElementAt(2));
    }

    private static async Task<string> FaultsAsync(Store store, Load load, IReadOnlyCollection<string> calls)
    {
        await using var db = await store.OpenAsync();
        var there = (await db.RowsAsync($"SELECT \"ProviderId\" FROM {store.Table("tickets", "Messages")} WHERE \"ProviderId\" LIKE 'b-%'")).ConvertAll(r => (string)r[0]);
        var distinct = there.ToHashSet(StringComparer.Ordinal);
        var (lost, doubled) = (load.Accepted.Count(id => !distinct.Contains(id)), there.Count - distinct.Count);
        var unsettled = await db.CountAsync($"SELECT COUNT(*) FROM {store.Table("tickets", "Messages")} WHERE \"State\" IN ('Queued', 'Sending')");
        var twice = calls.Count - calls.Distinct(StringComparer.Ordinal).Count();
        return lost + doubled + unsettled + twice == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"lost {lost}, doubled {doubled}, sent twice {twice}, neither sent nor given up {unsettled}");
    }

    /// <summary>What a process holds at one moment.</summary>
    private sealed record Held(double Heap, int Handles, int Threads)
    {
        public void Print(string when)
        {
            Report.Megabytes($"heap {when}", Heap);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {Handles} handles, {Threads} threads"));
        }
    }

    /// <summary>What happened beside the load.</summary>
    private sealed class Log(Store store)
    {
        private int tabs, answers;

        public int Tabs => tabs;

        public int Answers => answers;

        /// <summary>The largest size of SQLite's log.</summary>
        public long Wal { get; private set; }

        public ConcurrentQueue<string> Broken { get; } = [];

        /// <summary>Waits for what went on beside, and notes how it failed.</summary>
        public async Task EndedAsync(Task beside)
        {
            try
            {
                await beside;
            }
            catch (Exception e)
            {
                Broken.Enqueue(e.Message);
            }
        }

        public void Opened() => Interlocked.Increment(ref tabs);

        public void Answered() => Interlocked.Increment(ref answers);

        public async Task WatchAsync(CancellationToken ct)
        {
            var file = new FileInfo(Path.Combine(store.Folder, "inforzap.db-wal"));
            while (!ct.IsCancellationRequested)
            {
                file.Refresh();
                if (file.Exists) Wal = Math.Max(Wal, file.Length);
                await PauseAsync(TimeSpan.FromSeconds(1), ct);
            }
        }
    }

    /// <summary>The fake provider, at one place, not always there.</summary>
    private sealed class Provider(int port) : IAsyncDisposable
    {
        private readonly List<string> calls = [];
        private Served? process;

        /// <summary>How often it went away.</summary>
        public int Times { get; private set; }

        public async Task ComeAsync() => process ??= await Served.BareAsync("bare-provider", port);

        /// <summary>There, then failing, then away, each for so long.</summary>
        public async Task FlapAsync(TimeSpan phase, CancellationToken ct)
        {
            while (!ct.IsCancellationRequested)
            {
                await ComeAsync();
                await PauseAsync(phase, ct);
                await FailAsync(true);
                await PauseAsync(phase, ct);
                await FailAsync(false);
                await GoAsync();
                await PauseAsync(phase, ct);
            }
        }

        /// <summary>The messages that it was called with, of all its lives.</summary>
        public async Task<IReadOnlyCollection<string>> CallsAsync()
        {
            using var http = new HttpClient { BaseAddress = process!.Url };
            calls.AddRange((await http.GetStringAsync("calls")).Split('\n', StringSplitOptions.RemoveEmptyEntries));
            return calls;
        }

        private async Task FailAsync(bool on)
        {
            using var http = new HttpClient { BaseAddress = process!.Url };
            (await http.PostAsync(on ? "fail/true" : "fail/false", null)).EnsureSuccessStatusCode();
        }

        private async Task GoAsync()
        {
            await CallsAsync();
            await process!.DisposeAsync();
            process = null;
            Times++;
        }

        public async ValueTask DisposeAsync()
        {
            if (process is not null) await process.DisposeAsync();
        }
    }
}
