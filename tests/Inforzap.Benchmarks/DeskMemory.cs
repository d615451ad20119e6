using System.Globalization;

namespace Inforzap.Benchmarks;

/// <summary>
/// B5: what an open desk costs in memory. Agents have forty conversations in their list and one of them open with fifty messages, in
/// several tabs each; beside it a circuit that shows nothing, of the same build of the framework. All figures are of the heap after
/// a collection.
/// </summary>
internal static class DeskMemory
{
    private const int TabsEach = 10, Rows = 40, Messages = 50, Warm = 20;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    public static async Task<int> RunAsync(Options options)
    {
        Machine.Print();
        var many = options.Circuits * 5 / 2;
        var few = many / 5;
        var empty = await EmptyAsync(many);
        Report.Megabytes($"a circuit that shows nothing, of {many}", empty);

        await using var store = await Store.MakeAsync(options.Postgres);
        await using var host = await Served.HostAsync(store);
        var talks = await TalksAsync(store, host, options, (many + TabsEach - 1) / TabsEach);
        var browsers = new List<(Browser Browser, string Path)>();
        List<Circuit> open = [];
        try
        {
            foreach (var (agent, n) in talks.Select((t, n) => (t, n))) browsers.Add((await Browser.SignInAsync(host.Url, n, agent.Email, Desk.Password), $"desk/{agent.Ticket}"));
            Task OpenAsync(int upTo) => OpenTo(upTo, open, n => Circuit.OpenAsync(browsers[n / TabsEach].Browser, browsers[n / TabsEach].Path, isLookedAt: n % TabsEach == 0));
            // What is read and compiled once belongs to no tab.
            await OpenAsync(Warm);
            await CloseAsync(open);
            await Task.Delay(TimeSpan.FromSeconds(10));
            var before = await HeapAsync(host);
            await OpenAsync(few);
            var some = await HeapAsync(host);
            await OpenAsync(many);
            var all = await HeapAsync(host);
            var (perFew, per) = ((some - before) / few, (all - before) / many);
            Report.Megabytes("the host, with no tab open", before);
            Report.Megabytes($"an open desk, of {few}", perFew);
            Report.Megabytes($"an open desk, of {many}", per);
            Report.Megabytes($"the whole process with {many}", host.WorkingSet);
            await CloseAsync(open);
            await Task.Delay(Patience);
            var left = ((await HeapAsync(host)) - before) / (all - before);

            var small = per <= 8 * empty && per <= 2 * 1024 * 1024;
            Report.Verdict(small, $"{per / 1024:0} kB for a desk, {per / empty:0.0} x a circuit that shows nothing (targets 2,048 kB and 8 x)");
            Report.Verdict(left <= 0.10, $"{left:P0} of it left three minutes after all were closed (target 10 %)");
            return small && left <= 0.10 ? 0 : 1;
        }
        finally
        {
            await CloseAsync(open);
            foreach (var (browser, _) in browsers) browser.Dispose();
        }
    }

    /// <summary>What a circuit costs that shows nothing.</summary>
    private static async Task<double> EmptyAsync(int many)
    {
        await using var bare = await Served.BareAsync("bare-circuit");
        using var browser = Browser.Of(bare.Url);
        List<Circuit> open = [];
        Task OpenAsync(int upTo) => OpenTo(upTo, open, _ => Circuit.OpenAsync(browser, "", isLookedAt: true));
        await OpenAsync(Warm);
        await CloseAsync(open);
        await Task.Delay(TimeSpan.FromSeconds(5));
        var before = await HeapAsync(bare);
        await OpenAsync(many);
        var all = await HeapAsync(bare);
        await CloseAsync(open);
        return (all - before) / many;
    }

    /// <summary>Each agent serves forty customers; the first of them has said fifty things.</summary>
    private static async Task<List<(string Email, Guid Ticket)>> TalksAsync(Store store, Served host, Options options, int agents)
    {
        await new Load(host.Url, options.Connections).DeliverAsync(agents * Rows, n => Webhook.NewFrom(n, Webhook.Text));
        await new Load(host.Url, options.Connections).DeliverAsync(agents * (Messages - 1), n => Webhook.NewFrom(n % agents * Rows, Webhook.Text));
        await Pipeline.DrainedAsync(store);
        await using var desk = await Desk.OpenAsync(store);
        List<(string, Guid)> talks = [];
        for (var n = 0; n < agents; n++)
        {
            var email = string.Create(CultureInfo.InvariantCulture, $"agente{n}@example.test");
            var agent = await desk.MakeAgentAsync(email);
            for (var row = 0; row < Rows; row++) await desk.AcceptAsync(TicketOf(desk, (n * Rows) + row), agent);
            talks.Add((email, TicketOf(desk, n * Rows)));
        }
        return talks;
    }

    private static Guid TicketOf(Desk desk, int customer) => desk.Tickets[Webhook.From(customer).ToString(CultureInfo.InvariantCulture)];

    private static async Task OpenTo(int upTo, List<Circuit> open, Func<int, Task<Circuit>> make)
    {
        while (open.Count < upTo) open.AddRange(await Task.WhenAll(Enumerable.Range(open.Count, Math.Min(5, upTo - open.Count)).Select(make)));
    }

    private static async Task CloseAsync(List<Circuit> open)
    {
        foreach (var circuit in open) await circuit.DisposeAsync();
        open.Clear();
    }

    /// <summary>The middle one of three looks, each after a collection: what is on its way at the moment belongs to nobody.</summary>
    private static async Task<double> HeapAsync(Served host)
    {
        List<double> looks = [];
        for (var n = 0; n < 3; n++)
        {
            await Task.Delay(TimeSpan.FromSeconds(3));
            await host.CollectAsync();
            looks.Add(await host.HeapAsync());
        }
        return looks.Order().ElementAt(1);
    }
}
