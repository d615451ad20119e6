using Inforzap.Data;

namespace Inforzap.Live;

/// <summary>
/// Reads the table of recent changes every two seconds and raises what this node did not raise by itself. Rows become
/// visible in commit order, not in number order, so each read goes back to where the end stood 15 seconds ago. It measures
/// that by its own reads and not by anybody's clock.
/// </summary>
internal sealed class ChangeReader(IServiceScopeFactory scopes, LiveHints live, TimeProvider clock, ILogger<ChangeReader> log) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(2);
    private const int ReadsInOverlap = 8;
    private const int Page = 5_000;

    private readonly Queue<long> ends = new();
    private readonly HashSet<long> seen = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, clock);
        var first = true;
        do
        {
            try
            {
                await ReadAsync(first, stoppingToken);
                first = false;
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                log.LogWarning("Recent changes can't be read now: {Exception}", e.GetType().Name);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task ReadAsync(bool first, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<InforzapDb>();
        if (first)
        {
            ends.Enqueue(await db.Changes.MaxAsync(c => (long?)c.Position, ct) ?? 0);
            return;
        }
        var from = ends.Peek();
        var end = Math.Max(from, ends.Last());
        HashSet<string> topics = new(StringComparer.Ordinal);
        for (var full = true; full;)
        {
            var rows = await db.Changes.AsNoTracking().Where(c => c.Position > from).OrderBy(c => c.Position).Take(Page)
                .Select(c => new { c.Position, c.Topics }).ToListAsync(ct);
            foreach (var row in rows)
                if (seen.Add(row.Position) && !live.WasTold(row.Position)) topics.UnionWith(row.Topics.Split(' '));
            full = rows.Count == Page;
            if (rows.Count > 0) end = Math.Max(end, from = rows[^1].Position);
        }
        foreach (var topic in topics) live.Tell(topic);
        Telemetry.MissedHints.Add(topics.Count);
        live.Missed += topics.Count;
        ends.Enqueue(end);
        if (ends.Count <= ReadsInOverlap) return;
        ends.Dequeue();
        var floor = ends.Peek();
        seen.RemoveWhere(p => p <= floor);
        live.ForgetTold(floor);
    }
}
