using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Threading.Channels;

namespace Inforzap.Benchmarks;

/// <summary>
/// B6: from the commit of a customer's message to the render batch that shows it, in every tab that has the conversation open. The
/// webhook is answered before its lane runs, so time counts from <c>CreatedAt</c> of the message's row, taken inside the
/// transaction: what is measured holds the commit itself too. It ends when the batch is here, on the same two cores.
/// </summary>
internal static class LiveUpdates
{
    /// <summary>50 messages a second for 200 circuits, and in proportion for fewer: as much for each of them.</summary>
    private const double PerCircuit = 0.25;

    private const int Filled = 60;

    /// <summary>Lists draw their times anew each half minute, whatever happens.</summary>
    private const int ListTick = 30;

    public static async Task<int> RunAsync(Options options)
    {
        Machine.Print();
        var many = options.Circuits * 5 / 2;
        var few = Office.Whole(many, options.Circuits / 4);
        var roundTrip = await RoundTripAsync();
        Report.Waits("in-process channel, there and back", roundTrip);
        await using (var raw = await Store.MakeAsync(options.Postgres)) await PollAsync(raw, options);

        await using var store = await Store.MakeAsync(options.Postgres);
        await using var host = await Served.HostAsync(store, more: new Dictionary<string, string> { ["Channels__bench__Queue"] = "Bench" });
        await using var office = new Office(host, Office.Spread(many));
        // Each conversation has a screen or two of history.
        await new Load(host.Url, options.Connections).DeliverAsync(Filled * office.Tabs.Count, n => Webhook.NewFrom(n % office.Tabs.Count, Webhook.Text));
        await Pipeline.DrainedAsync(store);
        await using (var desk = await Desk.OpenAsync(store)) await office.HireAsync(desk);

        // What has to be compiled first is compiled before anything is measured: else it is the compiler that is measured.
        await WarmUpAsync(host, () => new Look(store, host, office, TimeSpan.FromSeconds(Math.Min(options.Seconds, 20))).RunAsync(few, few));
        var look = new Look(store, host, office, TimeSpan.FromSeconds(options.Seconds));
        var fewer = await look.RunAsync(few, few);
        Report.Cpu(string.Create(CultureInfo.InvariantCulture, $"{few} circuits, {few * PerCircuit:0.#} messages/s"), fewer.Quiet, fewer.Busy, fewer.Each);
        var usual = await look.RunAsync(options.Circuits, options.Circuits);
        Report.Cpu(string.Create(CultureInfo.InvariantCulture, $"{options.Circuits} circuits, {options.Circuits * PerCircuit:0.#} messages/s"), usual.Quiet, usual.Busy, usual.Each);
        Report.Waits("  commit to render batch", usual.Waits);
        var more = await look.RunAsync(many, few);
        Report.Cpu(string.Create(CultureInfo.InvariantCulture, $"{many} circuits, {few * PerCircuit:0.#} messages/s for {few}"), more.Quiet, more.Busy, more.Each);

        var p95 = Report.At(usual.Waits, 0.95);
        var share = usual.Busy / Environment.ProcessorCount;
        var quick = p95 <= TimeSpan.FromMilliseconds(250) && share <= 0.5 && usual.Missed == 0;
        Report.Verdict(quick, $"p95 {p95.TotalMilliseconds:0} ms (target 250) at {share:P0} of {Environment.ProcessorCount} cores (target 50 %); of {usual.Waits.Count:N0} updates {usual.Missed} never came");
        var still = more.Unconcerned == 0;
        Report.Verdict(still, $"{many - few} circuits that nothing concerned drew {more.Unconcerned} times, beside the half-minute tick of their lists (target 0)");
        // Too few messages may cost less than the quiet differs: then nothing can be said, and nothing is reached.
        var slope = fewer.Each > TimeSpan.Zero && more.Each > TimeSpan.Zero ? (more.Each / fewer.Each) - 1 : double.NaN;
        Report.Verdict(slope <= 0.1, $"processor per message {slope:P0} more with {many} circuits than with {few} (target 10 %)");
        return quick && still && slope <= 0.1 ? 0 : 1;
    }

    /// <summary>Runs until the compiler takes less than a twentieth of a core, or for so many rounds.</summary>
    private static async Task WarmUpAsync(Served host, Func<Task> round)
    {
        var (rounds, share) = (0, 1.0);
        for (; rounds < 15 && share > 0.05; rounds++)
        {
            var (before, clock) = (await host.CompilingAsync(), Stopwatch.StartNew());
            await round();
            share = (await host.CompilingAsync() - before) / clock.Elapsed.TotalSeconds;
        }
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"warmed up in {rounds} rounds; the compiler still takes {share:P0} of a core"));
    }

    /// <summary>The ideal: a value goes through a channel to somebody who waits, and back.</summary>
    private static async Task<List<TimeSpan>> RoundTripAsync()
    {
        var (there, back) = (Channel.CreateUnbounded<long>(), Channel.CreateUnbounded<long>());
        var answering = Task.Run(async () =>
        {
            await foreach (var sent in there.Reader.ReadAllAsync()) await back.Writer.WriteAsync(sent);
        });
        List<TimeSpan> waits = [];
        for (var n = 0; n < 5_000; n++)
        {
            await there.Writer.WriteAsync(Stopwatch.GetTimestamp());
            waits.Add(Stopwatch.GetElapsedTime(await back.Reader.ReadAsync()));
        }
        there.Writer.Complete();
        await answering;
        return waits[1_000..];
    }

    /// <summary>The naive peer: every view asks the database each second, by the best index, and draws nothing.</summary>
    private static async Task PollAsync(Store store, Options options)
    {
        await using (var db = await store.OpenAsync())
        {
            await db.RunAsync($"CREATE TABLE said (\"Id\" {(store.IsSqlite ? "INTEGER PRIMARY KEY AUTOINCREMENT" : "bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY")}, \"Talk\" INTEGER NOT NULL, \"Body\" TEXT NOT NULL, \"At\" BIGINT NOT NULL)");
            await db.RunAsync("CREATE INDEX ix_said ON said (\"Talk\", \"Id\")");
        }
        var tabs = Office.Spread(options.Circuits);
        var waits = new ConcurrentBag<TimeSpan>();
        using var end = new CancellationTokenSource(TimeSpan.FromSeconds(Math.Min(options.Seconds, 15)));
        using var gate = new SemaphoreSlim(1);
        await using var reader = await store.OpenAsync();
        await using var writer = await store.OpenAsync();
        var (burnt, clock) = (Process.GetCurrentProcess().TotalProcessorTime, Stopwatch.StartNew());
        var polling = tabs.SelectMany((count, talk) => Enumerable.Repeat(talk, count)).Select(async talk =>
        {
            var last = 0L;
            await Task.Delay(Random.Shared.Next(1_000));
            using var second = new PeriodicTimer(TimeSpan.FromSeconds(1));
            do
            {
                await gate.WaitAsync();
                List<object[]> rows;
                try
                {
                    rows = await reader.RowsAsync(string.Create(CultureInfo.InvariantCulture, $"SELECT \"Id\", \"Body\", \"At\" FROM said WHERE \"Talk\" = {talk} AND \"Id\" > {last} ORDER BY \"Id\""));
                }
                finally
                {
                    gate.Release();
                }
                foreach (var row in rows)
                {
                    last = (long)row[0];
                    waits.Add(Stopwatch.GetElapsedTime((long)row[2]));
                }
            }
            while (!end.IsCancellationRequested && await second.WaitForNextTickAsync());
        }).ToList();
        using var turns = new PeriodicTimer(TimeSpan.FromSeconds(1 / (options.Circuits * PerCircuit)));
        while (!end.IsCancellationRequested && await turns.WaitForNextTickAsync())
            await writer.RunAsync(string.Create(CultureInfo.InvariantCulture, $"INSERT INTO said (\"Talk\", \"Body\", \"At\") VALUES ({Random.Shared.Next(tabs.Count)}, '{Webhook.Text(0)}', {Stopwatch.GetTimestamp()})"));
        await Task.WhenAll(polling);
        Report.Waits($"{options.Circuits} views that ask each second, {(Process.GetCurrentProcess().TotalProcessorTime - burnt) / clock.Elapsed:P0} of a core", [.. waits]);
    }

    /// <summary>What one look at so many circuits came to.</summary>
    /// <param name="Quiet">Cores that the host burnt while nothing was said.</param>
    /// <param name="Busy">Cores that it burnt while messages came.</param>
    /// <param name="Each">Processor time that a message cost beyond the quiet.</param>
    /// <param name="Waits">From commit to batch, for each message and each tab that showed it.</param>
    /// <param name="Missed">Messages that a tab never showed.</param>
    /// <param name="Unconcerned">Batches of tabs whose conversation was silent, beyond the ticks of their lists.</param>
    private sealed record Seen(double Quiet, double Busy, TimeSpan Each, List<TimeSpan> Waits, int Missed, int Unconcerned);

    /// <summary>One open tab, and which messages it showed when.</summary>
    private sealed class Tab(int agent)
    {
        private readonly ConcurrentDictionary<long, DateTime> shown = new();

        public int Agent => agent;

        public Circuit Circuit { get; set; } = null!;

        /// <summary>When it showed this message.</summary>
        public DateTime? At(long id) => shown.TryGetValue(id, out var at) ? at : null;

        /// <summary>The mark stands behind what a list's row would show, so it is the conversation that is found.</summary>
        public static string Words(long id) => string.Create(CultureInfo.InvariantCulture, $"{Webhook.Text(id)} {Webhook.Text(id)} #b{id}#");

        public void Drawn(ReadOnlyMemory<byte> batch)
        {
            var now = DateTime.UtcNow;
            for (var rest = batch.Span; rest.IndexOf("#b"u8) is >= 0 and var at;)
            {
                rest = rest[(at + 2)..];
                if (Utf8Parser.TryParse(rest, out long id, out var length) && rest.Length > length && rest[length] == (byte)'#') shown.TryAdd(id, now);
            }
        }
    }

    private sealed class Look(Store store, Served host, Office office, TimeSpan time)
    {
        // Shorter by a bit than the ticks of lists: none of them falls in twice.
        private readonly TimeSpan window = time - TimeSpan.FromSeconds(0.5);

        /// <summary>Opens so many tabs, looks at the quiet, then lets the customers of the first ones speak.</summary>
        public async Task<Seen> RunAsync(int circuits, int concerned)
        {
            var tabs = await OpenAsync(circuits);
            // Customers speak to agents all of whose tabs are open.
            var agents = tabs.Take(concerned).Select(t => t.Agent).Distinct().Count();
            await Task.Delay(TimeSpan.FromSeconds(5));
            var quiet = await CoresAsync(() => Task.Delay(window));

            var before = tabs.ConvertAll(t => t.Circuit.Batches);
            var random = new Random(7);
            var load = new Load(host.Url, 8, concerned * PerCircuit);
            List<int> after = [];
            var busy = await CoresAsync(async () =>
            {
                await load.RunAsync(_ =>
                {
                    lock (random) return Webhook.NewFrom(random.Next(agents), Tab.Words);
                }, TimeSpan.Zero, window);
                after = tabs.ConvertAll(t => t.Circuit.Batches);
            });
            await Pipeline.DrainedAsync(store);
            var (waits, missed) = await WaitsAsync(tabs, load);
            for (var tries = 0; missed > 0 && tries < 20; tries++)
            {
                await Task.Delay(TimeSpan.FromSeconds(1));
                (waits, missed) = await WaitsAsync(tabs, load);
            }
            var ticks = (int)Math.Ceiling(time.TotalSeconds / ListTick);
            var unconcerned = tabs.Select((t, n) => t.Agent < agents ? 0 : Math.Max(0, after[n] - before[n] - ticks)).Sum();
            if (tabs.Find(t => t.Circuit.Failure is not null) is { } broken) throw new InvalidOperationException($"A circuit broke: {broken.Circuit.Failure}");
            await Parallel.ForEachAsync(tabs, new ParallelOptions { MaxDegreeOfParallelism = 8 }, (tab, _) => tab.Circuit.DisposeAsync());
            return new(quiet, busy, TimeSpan.FromSeconds(Math.Max(0, busy - quiet) * window.TotalSeconds / load.Accepted.Count), waits, missed, unconcerned);
        }

        private async Task<List<Tab>> OpenAsync(int circuits)
        {
            var tabs = office.Tabs.SelectMany((count, agent) => Enumerable.Range(0, count).Select(_ => new Tab(agent))).Take(circuits).ToList();
            await Parallel.ForEachAsync(tabs.GroupBy(t => t.Agent), new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (own, _) =>
            {
                foreach (var tab in own) tab.Circuit = await office.OpenAsync(tab.Agent, isLookedAt: ReferenceEquals(tab, own.First()), tab.Drawn);
            });
            return tabs;
        }

        private async Task<double> CoresAsync(Func<Task> meanwhile)
        {
            var (burnt, clock) = (host.ProcessorTime, Stopwatch.StartNew());
            await meanwhile();
            return (host.ProcessorTime - burnt) / clock.Elapsed;
        }

        private async Task<(List<TimeSpan> Waits, int Missed)> WaitsAsync(List<Tab> tabs, Load load)
        {
            await using var db = await store.OpenAsync();
            var rows = await db.RowsAsync($"""
                SELECT m."ProviderId", m."CreatedAt", t."AddressValue" FROM {store.Table("tickets", "Messages")} m
                JOIN {store.Table("tickets", "Tickets")} t ON t."Id" = m."TicketId" WHERE m."ProviderId" IS NOT NULL
                """);
            var (accepted, open) = (load.Accepted.ToHashSet(StringComparer.Ordinal), tabs.ToLookup(t => Webhook.From(t.Agent).ToString(CultureInfo.InvariantCulture)));
            var (waits, missed) = (new List<TimeSpan>(), 0);
            foreach (var row in rows.Where(r => accepted.Contains((string)r[0])))
                foreach (var tab in open[(string)row[2]])
                    if (tab.At(long.Parse(((string)row[0])[2..], CultureInfo.InvariantCulture)) is { } at) waits.Add(at - Statements.Time(row[1]));
                    else missed++;
            return (waits, missed);
        }
    }
}
