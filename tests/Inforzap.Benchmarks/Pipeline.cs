using System.Diagnostics;
using System.Globalization;

namespace Inforzap.Benchmarks;

/// <summary>
/// B2: from the lanes to message rows. So many customers write; a tenth of the events is an edit that comes before its message,
/// and a tenth of all comes twice. First the events wait and the host is started on them; then they come while it works.
/// </summary>
internal static class Pipeline
{
    private const int PerCall = 50;

    public static async Task<int> RunAsync(Options options)
    {
        Machine.Print();
        var talk = new Talk(options.Conversations, Math.Max(10, options.Events / options.Conversations / 10 * 10));
        Console.WriteLine($"{talk.Events:N0} events of {options.Conversations:N0} customers, and {talk.Copies:N0} copies{(Webhook.IsWaba ? ", as Meta sends them" : "")}; {(options.Postgres is null ? "SQLite" : "PostgreSQL")}");
        await using var store = await Store.MakeAsync(options.Postgres);
        await using (var host = await Served.HostAsync(store, paused: true)) await PostAsync(host, options, talk, PerCall);

        double byHand;
        await using (var copy = await store.CopyAsync())
        {
            byHand = await HandLoop.RunAsync(copy);
            Report.Rate("hand-written loop, 100 a commit", byHand);
            if (await FaultsAsync(copy, talk) is { Length: > 0 } wrong) throw new InvalidOperationException($"The baseline itself is wrong: {wrong}");
        }

        double drained;
        await using (var host = await Served.HostAsync(store))
        {
            await DrainedAsync(store);
            var burnt = host.ProcessorTime;
            drained = await RateAsync(store);
            Report.Rate("Inforzap, what waited", drained, cpuEach: burnt / talk.Events);
        }
        var faults = await FaultsAsync(store, talk);
        var ok = drained >= 0.4 * byHand && (options.Postgres is not null || drained >= 1_000) && faults.Length == 0;
        Report.Verdict(ok, $"{drained / byHand:P0} of the loop (target 40 %{(options.Postgres is null ? ", and 1,000/s" : "")}); {(faults.Length == 0 ? "order kept, nothing lost, nothing twice" : faults)}");

        await using var live = await Store.MakeAsync(options.Postgres);
        await using (var host = await Served.HostAsync(live))
        {
            var burnt = host.ProcessorTime;
            var clock = Stopwatch.StartNew();
            await PostAsync(host, options, talk, 1);
            var posted = clock.Elapsed;
            await DrainedAsync(live);
            Report.Rate("Inforzap, webhook to row while they come", talk.Events / clock.Elapsed.TotalSeconds, cpuEach: (host.ProcessorTime - burnt) / talk.Events);
            Report.Seconds("  the last row came after the last answer by", clock.Elapsed - posted);
        }
        faults = await FaultsAsync(live, talk);
        Report.Verdict(faults.Length == 0, $"{(faults.Length == 0 ? "order kept, nothing lost, nothing twice" : faults)}");
        return ok && faults.Length == 0 ? 0 : 1;
    }

    /// <summary>Waits until no lane has anything to do.</summary>
    public static async Task DrainedAsync(Store store)
    {
        await using var db = await store.OpenAsync();
        var sql = $"SELECT COUNT(*) FROM {store.Table("core", "LaneItems")} WHERE \"State\" = 'Pending'";
        var (left, since) = (await db.CountAsync(sql), Stopwatch.StartNew());
        while (left > 0)
        {
            await Task.Delay(200);
            var now = await db.CountAsync(sql);
            if (now < left) since.Restart();
            if (since.Elapsed > TimeSpan.FromMinutes(2)) throw new TimeoutException($"{now} items are left, and nothing moves.");
            left = now;
        }
    }

    /// <summary>Each connection speaks for its own customers, so each customer's events arrive in their order.</summary>
    private static async Task PostAsync(Served host, Options options, Talk talk, int perCall)
    {
        var load = new Load(host.Url, options.Connections);
        var calls = Enumerable.Range(0, options.Connections).Select(c => talk.Calls(c, options.Connections, perCall).GetEnumerator()).ToArray();
        var result = await load.RunAsync(c => calls[c].MoveNext() ? calls[c].Current : null, TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        if (result.Refused > 0) throw new InvalidOperationException($"{result.Refused} webhooks were refused.");
    }

    /// <summary>Events a second by the marks on the items, counted from the first mark.</summary>
    private static async Task<double> RateAsync(Store store)
    {
        await using var db = await store.OpenAsync();
        var marks = (await db.RowsAsync($"SELECT \"DoneAt\" FROM {store.Table("core", "LaneItems")} WHERE \"DoneAt\" IS NOT NULL ORDER BY \"DoneAt\""))
            .ConvertAll(r => r[0] is DateTime at ? at : DateTime.Parse((string)r[0], CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind));
        return marks.Count(m => m > marks[0]) / (marks[^1] - marks[0]).TotalSeconds;
    }

    /// <summary>What is not as it was sent; empty when all is well.</summary>
    private static async Task<string> FaultsAsync(Store store, Talk talk)
    {
        await using var db = await store.OpenAsync();
        var rows = await db.RowsAsync($"""
            SELECT t."AddressValue", m."ProviderId", m."Body", m."EditedAt" FROM {store.Table("tickets", "Messages")} m
            JOIN {store.Table("tickets", "Tickets")} t ON t."Id" = m."TicketId" ORDER BY t."Number", m."Seq"
            """);
        var (found, tickets) = (rows.ToLookup(r => (string)r[0], r => (string)r[1]), await db.CountAsync($"SELECT COUNT(*) FROM {store.Table("tickets", "Tickets")}"));
        int order = 0, lost = 0, doubled = 0;
        for (var c = 0; c < talk.Conversations; c++)
        {
            var (sent, there) = (talk.Messages(c).ToList(), found[Webhook.From(c).ToString(CultureInfo.InvariantCulture)].ToList());
            lost += sent.Except(there).Count();
            doubled += there.Count - there.Distinct().Count();
            if (!there.Distinct().SequenceEqual(sent.Intersect(there))) order++;
        }
        var edited = rows.Count(r => r[3] is not DBNull && ((string)r[2]).StartsWith(Talk.Corrected, StringComparison.Ordinal));
        var good = order + lost + doubled == 0 && edited == talk.Edits && tickets == talk.Conversations;
        return good ? "" : string.Create(CultureInfo.InvariantCulture,
            $"conversations out of order {order}, lost {lost}, doubled {doubled}, edits applied {edited} of {talk.Edits}, tickets {tickets} of {talk.Conversations}");
    }
}

/// <summary>Who says what, always the same. Of ten events of a customer the ninth edits the tenth, and the fifth comes again later.</summary>
internal sealed record Talk(int Conversations, int Each)
{
    public const string Corrected = "Corrigindo:";

    public int Events => Conversations * Each;
    public int Copies => Conversations * Each / 10;
    public int Edits => Conversations * Each / 10;

    /// <summary>Ids of a customer's messages, in order.</summary>
    public IEnumerable<string> Messages(int conversation) => Enumerable.Range(0, Each).Where(n => !IsEdit(n)).Select(n => Id(conversation, n));

    /// <summary>What one connection sends, so many events a call.</summary>
    public IEnumerable<Call> Calls(int connection, int connections, int perCall)
    {
        var (ids, events) = (new List<string>(perCall), new List<string>(perCall));
        for (var n = 0; n < Each; n++)
            for (var c = connection; c < Conversations; c += connections)
                foreach (var sent in n % 10 == 7 ? [n, n - 3] : (int[])[n])
                {
                    ids.Add(Id(c, sent));
                    events.Add(Event(c, sent));
                    if (events.Count < perCall) continue;
                    yield return Webhook.Of([.. ids], events);
                    ids.Clear();
                    events.Clear();
                }
        if (events.Count > 0) yield return Webhook.Of([.. ids], events);
    }

    private static bool IsEdit(int n) => n % 10 == 8;

    private static string Id(int conversation, int n) => string.Create(CultureInfo.InvariantCulture, $"b-{conversation}-{n}");

    private string Event(int conversation, int n) => IsEdit(n)
        ? Webhook.Edit(Id(conversation, n), conversation, Id(conversation, n + 1), $"{Corrected} {Webhook.Text((conversation * (long)Each) + n)}")
        : Webhook.Message(Id(conversation, n), conversation, (conversation * (long)Each) + n);
}
