using Inforzap.Contracts.Tickets;
using Inforzap.Data;

namespace Inforzap.Tickets.Figures;

/// <summary>
/// What each figure of the service means, once: dashboard, panel and reports ask here, so that they never disagree. People read the
/// same in docs/guia/metricas.md. Figures of a period come from <see cref="ServiceCycle"/> rows, never from what a ticket is like
/// now: one that is reopened is two cycles, and keeps its first. Only 'pending now' and 'open now' look at tickets. Groups never count.
/// </summary>
internal static class ServiceFigures
{
    private const int Day = 24 * 60;
    private const int Hour = 60;
    private const int Week = 7 * 24;

    /// <summary>The cycles that count: those of people.</summary>
    public static IQueryable<ServiceCycle> Counted(this IQueryable<ServiceCycle> cycles) => cycles.Where(c => !c.IsGroup);

    /// <summary>Total: cycles that began in the period, by the moment in which they were queued.</summary>
    public static IQueryable<ServiceCycle> QueuedIn(this IQueryable<ServiceCycle> cycles, FigureTime time)
    {
        var (from, to) = (FigureMinute.Of(time.Begin), FigureMinute.Of(time.End));
        return cycles.Where(c => c.QueuedMinute >= from && c.QueuedMinute < to);
    }

    /// <summary>Closed: cycles that ended in the period, whenever they began.</summary>
    public static IQueryable<ServiceCycle> ClosedIn(this IQueryable<ServiceCycle> cycles, FigureTime time)
    {
        var (from, to) = (FigureMinute.Of(time.Begin), FigureMinute.Of(time.End));
        return cycles.Where(c => c.ClosedMinute >= from && c.ClosedMinute < to);
    }

    /// <summary>Cycles of customers who wrote first and were accepted in the period. Whom we write to does not wait for us.</summary>
    public static IQueryable<ServiceCycle> AcceptedIn(this IQueryable<ServiceCycle> cycles, FigureTime time)
    {
        var (begin, end) = (time.Begin, time.End);
        return cycles.Where(c => c.AcceptedAt >= begin && c.AcceptedAt < end && !c.StartedByAgent);
    }

    /// <summary>Cycles of customers who wrote first and had their first answer in the period.</summary>
    public static IQueryable<ServiceCycle> RespondedIn(this IQueryable<ServiceCycle> cycles, FigureTime time)
    {
        var (begin, end) = (time.Begin, time.End);
        return cycles.Where(c => c.FirstResponseAt >= begin && c.FirstResponseAt < end && !c.StartedByAgent);
    }

    /// <summary>Tickets that wait now: pending, of people.</summary>
    public static IQueryable<Ticket> PendingNow(this IQueryable<Ticket> tickets) => tickets.Where(t => t.Status == TicketStatus.Pending && !t.IsGroup);

    /// <summary>Tickets that somebody serves now, of people.</summary>
    public static IQueryable<Ticket> OpenNow(this IQueryable<Ticket> tickets) => tickets.Where(t => t.Status == TicketStatus.Open && !t.IsGroup);

    /// <summary>How many cycles began in the period, and how many of these by us (active demand; the rest is receptive).</summary>
    public static async Task<Demand> DemandAsync(this IQueryable<ServiceCycle> cycles, FigureTime time, CancellationToken ct) =>
        await cycles.QueuedIn(time).GroupBy(_ => 1).Select(g => new Demand(g.Count(), g.Count(c => c.StartedByAgent))).SingleOrDefaultAsync(ct) ?? new(0, 0);

    /// <summary>TME: from queued to accepted, of the cycles accepted in the period.</summary>
    public static Task<Mean> WaitAsync(this IQueryable<ServiceCycle> cycles, FigureTime time, CancellationToken ct) =>
        cycles.AcceptedIn(time).Where(c => c.WaitSeconds != null).Select(c => c.WaitSeconds!.Value).MeanAsync(ct);

    /// <summary>TMA: from accepted to closed, of the cycles closed in the period. What nobody had accepted was served by nobody.</summary>
    public static Task<Mean> ServiceAsync(this IQueryable<ServiceCycle> cycles, FigureTime time, CancellationToken ct) =>
        cycles.ClosedIn(time).Where(c => c.ServiceSeconds != null).Select(c => c.ServiceSeconds!.Value).MeanAsync(ct);

    /// <summary>First response: from queued to the first message of a person, of the cycles that had it in the period.</summary>
    public static Task<Mean> FirstResponseAsync(this IQueryable<ServiceCycle> cycles, FigureTime time, CancellationToken ct) =>
        cycles.RespondedIn(time).Where(c => c.FirstResponseSeconds != null).Select(c => c.FirstResponseSeconds!.Value).MeanAsync(ct);

    /// <summary>Within the time that their queue promises: the share of first responses of the period, as a mean of ones and noughts. Queues that promise nothing don't count.</summary>
    public static Task<Mean> WithinAsync(this IQueryable<ServiceCycle> cycles, IQueryable<Queue> queues, FigureTime time, CancellationToken ct) => (
        from c in cycles.RespondedIn(time)
        join q in queues on c.QueueId equals (Guid?)q.Id
        where q.FirstResponseMinutes != null && c.FirstResponseSeconds != null
        select c.FirstResponseSeconds <= q.FirstResponseMinutes * 60 ? 1L : 0L).MeanAsync(ct);

    /// <summary>Resolved within the time that their queue promises, from queued to closed: the share of the cycles closed in the period. Queues that promise nothing don't count, nor does what nobody had accepted.</summary>
    public static Task<Mean> ResolvedWithinAsync(this IQueryable<ServiceCycle> cycles, IQueryable<Queue> queues, FigureTime time, CancellationToken ct) => (
        from c in cycles.ClosedIn(time)
        join q in queues on c.QueueId equals (Guid?)q.Id
        where q.ResolutionMinutes != null && c.AcceptedAt != null && c.ClosedMinute != null
        select c.ClosedMinute!.Value - c.QueuedMinute <= q.ResolutionMinutes!.Value ? 1L : 0L).MeanAsync(ct);

    /// <summary>What customers who were asked in the period said, see <see cref="SurveyFigures"/>.</summary>
    public static async Task<SurveyFigure> RatedAsync(this IQueryable<SurveyRequest> ratings, FigureTime time, CancellationToken ct) =>
        SurveyFigures.Of(await ratings.AskedIn(time).GroupBy(r => new { r.Scale, r.Score, IsInvalid = r.Score == null && r.Comment != null })
            .Select(g => new ScoreCount(g.Key.Scale, g.Key.Score, g.Key.IsInvalid, g.Count())).ToListAsync(ct));

    /// <summary>Requests of the period, by when the customer was asked.</summary>
    public static IQueryable<SurveyRequest> AskedIn(this IQueryable<SurveyRequest> ratings, FigureTime time)
    {
        var (begin, end) = (time.Begin, time.End);
        return ratings.Where(r => r.SentAt >= begin && r.SentAt < end);
    }

    /// <summary>Beginnings per day of the company, and channel.</summary>
    public static Task<IReadOnlyList<FigureBucket>> QueuedPerDayAsync(this IQueryable<ServiceCycle> cycles, FigureTime time, CancellationToken ct) => cycles.Beginnings().PerAsync(time, Day, int.MaxValue, ct);

    /// <summary>Beginnings per hour, and channel.</summary>
    public static Task<IReadOnlyList<FigureBucket>> QueuedPerHourAsync(this IQueryable<ServiceCycle> cycles, FigureTime time, CancellationToken ct) => cycles.Beginnings().PerAsync(time, Hour, int.MaxValue, ct);

    /// <summary>Ends per day of the company, and channel.</summary>
    public static Task<IReadOnlyList<FigureBucket>> ClosedPerDayAsync(this IQueryable<ServiceCycle> cycles, FigureTime time, CancellationToken ct) => cycles.Ends().PerAsync(time, Day, int.MaxValue, ct);

    /// <summary>Ends per hour, and channel.</summary>
    public static Task<IReadOnlyList<FigureBucket>> ClosedPerHourAsync(this IQueryable<ServiceCycle> cycles, FigureTime time, CancellationToken ct) => cycles.Ends().PerAsync(time, Hour, int.MaxValue, ct);

    /// <summary>Beginnings per hour of the week, from Thursday 0:00 on: the first of January of 1970 was one.</summary>
    public static Task<IReadOnlyList<FigureBucket>> QueuedPerWeekHourAsync(this IQueryable<ServiceCycle> cycles, FigureTime time, CancellationToken ct) => cycles.Beginnings().PerAsync(time, Hour, Week, ct);

    /// <summary>Sum and number of a row of figures, in one statement.</summary>
    private static async Task<Mean> MeanAsync(this IQueryable<long> figures, CancellationToken ct) =>
        await figures.GroupBy(_ => 1).Select(g => new Mean(g.Sum(), g.Count())).SingleOrDefaultAsync(ct) ?? Mean.None;

    private static IQueryable<Moment> Beginnings(this IQueryable<ServiceCycle> cycles) => cycles.Select(c => new Moment { Minute = c.QueuedMinute, Channel = c.ChannelId });

    private static IQueryable<Moment> Ends(this IQueryable<ServiceCycle> cycles) => cycles.Where(c => c.ClosedMinute != null).Select(c => new Moment { Minute = c.ClosedMinute!.Value, Channel = c.ChannelId });

    /// <summary>The database counts; what comes back is a line per bucket and channel, however many rows there are.</summary>
    private static async Task<IReadOnlyList<FigureBucket>> PerAsync(this IQueryable<Moment> moments, FigureTime time, int size, int round, CancellationToken ct)
    {
        List<FigureBucket> found = [];
        foreach (var (from, to, offset) in time.Parts)
            found.AddRange(await moments.Where(m => m.Minute >= from && m.Minute < to)
                .GroupBy(m => new { Bucket = (m.Minute + offset) / size % round, m.Channel })
                .Select(g => new FigureBucket(g.Key.Bucket, g.Key.Channel, g.Count())).ToListAsync(ct));
        // The day on which the clock is changed lies in two parts.
        return time.Parts.Count == 1 ? found : [.. found.GroupBy(b => (b.Bucket, b.Channel)).Select(g => new FigureBucket(g.Key.Bucket, g.Key.Channel, g.Sum(b => b.Count)))];
    }

    private sealed class Moment
    {
        public int Minute { get; init; }
        public Guid Channel { get; init; }
    }
}

/// <summary>Cycles that began.</summary>
/// <param name="Active">Of these, by us.</param>
internal sealed record Demand(int Total, int Active);

/// <summary>A sum over so many.</summary>
internal sealed record Mean(long Sum, int Count)
{
    public static Mean None { get; } = new(0, 0);

    /// <summary>The average; null: there is none.</summary>
    public double? Value => Count == 0 ? null : (double)Sum / Count;
}

/// <summary>How many in a bucket of time, of one channel.</summary>
internal sealed record FigureBucket(int Bucket, Guid Channel, int Count);
