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
            var end = await db.Changes.MaxAsync(c => (long?)c.Position, ct) ?? 0;
            ends.Enqueue(end);
            return;
        }
        var from = ends.Peek();
        var rows = await db.Changes.AsNoTracking().Where(c => c.Position > from).OrderBy(c => c.Position).Take(20_000)
            .Select(c => new { c.Position, c.Topics }).ToListAsync(ct);
        var topics = rows.Where(r => seen.Add(r.Position)).SelectMany(r => r.Topics.Split(' ')).ToHashSet();
        foreach (var topic in topics) live.Tell(topic);
        Telemetry.MissedHints.Add(topics.Count);
        ends.Enqueue(rows.Count == 0 ? Math.Max(from, ends.Last()) : rows[^1].Position);
        if (ends.Count <= ReadsInOverlap) return;
        ends.Dequeue();
        var floor = ends.Peek();
        seen.RemoveWhere(p => p <= floor);
    }
}
