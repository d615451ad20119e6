using System.Globalization;

namespace Inforzap.Benchmarks;

/// <summary>
/// Agents at their desks: each took one conversation and has it open in so many tabs, one of them in front. Agents see what is
/// their own, so what their customer says concerns their tabs and nobody else's.
/// </summary>
internal sealed class Office(Served host, IReadOnlyList<int> tabs) : IAsyncDisposable
{
    private readonly Lazy<Task<Browser>>[] browsers = [.. tabs.Select((_, n) => new Lazy<Task<Browser>>(() => Browser.SignInAsync(host.Url, n, Email(n), Desk.Password)))];
    private readonly List<(Guid Agent, Guid Ticket)> talks = [];

    /// <summary>How many tabs each agent has.</summary>
    public IReadOnlyList<int> Tabs => tabs;

    /// <summary>Who serves which conversation.</summary>
    public IReadOnlyList<(Guid Agent, Guid Ticket)> Talks => talks;

    /// <summary>So many agents with one to ten tabs each, that there are so many tabs in all.</summary>
    public static IReadOnlyList<int> Spread(int circuits)
    {
        List<int> tabs = [];
        for (var left = circuits; left > 0; left -= tabs[^1]) tabs.Add(Math.Min(left, 1 + (tabs.Count % 10)));
        return tabs;
    }

    /// <summary>Of so many tabs those of the first agents, as many as fit: with more tabs open, what their customers say concerns no more of them.</summary>
    public static int Whole(int circuits, int most)
    {
        var fit = 0;
        foreach (var own in Spread(circuits))
            if (fit + own <= Math.Max(1, most)) fit += own;
            else break;
        return fit;
    }

    /// <summary>Makes agents on a running host, and gives each the conversation of the customer with the same number.</summary>
    public async Task HireAsync(Desk desk)
    {
        for (var n = 0; n < tabs.Count; n++)
        {
            var agent = await desk.MakeAgentAsync(Email(n));
            var ticket = desk.Tickets[Webhook.From(n).ToString(CultureInfo.InvariantCulture)];
            await desk.AcceptAsync(ticket, agent);
            talks.Add((agent, ticket));
        }
    }

    /// <summary>Another tab of this agent.</summary>
    public async Task<Circuit> OpenAsync(int agent, bool isLookedAt, Action<ReadOnlyMemory<byte>>? onBatch = null) =>
        await Circuit.OpenAsync(await browsers[agent].Value, $"desk/{talks[agent].Ticket}", isLookedAt, onBatch);

    private static string Email(int n) => string.Create(CultureInfo.InvariantCulture, $"agente{n}@example.test");

    public async ValueTask DisposeAsync()
    {
        foreach (var browser in browsers.Where(b => b.IsValueCreated)) (await browser.Value).Dispose();
    }
}
