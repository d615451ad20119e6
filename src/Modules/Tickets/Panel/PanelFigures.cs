using System.Linq.Expressions;
using Inforzap.Contracts.Channels;
using Inforzap.Contracts.Settings;
using Inforzap.Data;
using Inforzap.Tickets.Desk;
using Inforzap.Tickets.Figures;

namespace Inforzap.Tickets.Panel;

/// <summary>
/// What the figures of the panel mean, each said once: counters, lists, colours and the bar above them all come from here, so that
/// they agree. Groups are in none of them.
/// </summary>
internal static class PanelFigures
{
    /// <summary>From this share of the promised time on, it is near its end.</summary>
    public const double Near = 0.75;

    /// <summary>What the panel shows: pending or open, never groups.</summary>
    public static IQueryable<Ticket> Live(this IQueryable<Ticket> tickets) => tickets.Where(t => t.Status != TicketStatus.Closed && !t.IsGroup);

    /// <summary>
    /// The promise is broken: the queue promises a first answer within some minutes, they have passed since the period of service
    /// began, and nobody of the company has answered. A transfer does not begin it anew, reopening does. Whom we write to does not wait.
    /// </summary>
    public static IQueryable<Ticket> Broken(this IQueryable<Ticket> live, IQueryable<ServiceCycle> cycles, IReadOnlyCollection<Promise> promises, DateTime now)
    {
        Expression<Func<Ticket, bool>> any = _ => false;
        foreach (var alike in promises.GroupBy(p => p.Minutes))
        {
            var (queues, limit) = (alike.Select(p => (Guid?)p.QueueId).ToArray(), now.AddMinutes(-alike.Key));
            Expression<Func<Ticket, bool>> one = t => queues.Contains(t.QueueId) && cycles.Any(c => c.TicketId == t.Id && c.ClosedAt == null && !c.StartedByAgent && c.QueuedAt < limit);
            any = Expression.Lambda<Func<Ticket, bool>>(Expression.OrElse(any.Body, Expression.Invoke(one, any.Parameters)), any.Parameters);
        }
        return live.Where(t => t.FirstResponseAt == null).Where(any);
    }

    /// <summary>How one ticket stands to the promise of its queue; says the same as <see cref="Broken"/>.</summary>
    /// <param name="begun">When its period of service began; null once it was answered.</param>
    /// <param name="minutes">What its queue promises; null: nothing.</param>
    public static Due Judge(DateTime? begun, int? minutes, DateTime now) => begun is not { } from || minutes is not { } limit ? Due.No
        : ((now - from).TotalMinutes / Math.Max(1, limit)) switch { > 1 => Due.Over, >= Near => Due.Soon, _ => Due.Later };

    /// <summary>Periods of service that were first answered today, as the dashboard counts them.</summary>
    public static IQueryable<ServiceCycle> AnsweredToday(this IQueryable<ServiceCycle> cycles, ISettings settings, DateTime now)
    {
        var today = DateOnly.FromDateTime(settings.Local(now));
        return cycles.Counted().RespondedIn(FigureTime.Of(new FigurePeriod(today, today), settings.TimeZone)).Where(c => c.FirstResponseSeconds != null);
    }

    /// <summary>Was switched on and does not work now. One that is switched off is missed by nobody.</summary>
    public static bool IsDown(this ChannelInfo channel) => channel.State is ChannelState.NeedsPairing or ChannelState.Retrying or ChannelState.Stopped;

    /// <summary>What queues promise, of those that promise anything.</summary>
    public static async Task<IReadOnlyList<Promise>> PromisesAsync(this InforzapDb db, CancellationToken ct) =>
        await db.Queues.Where(q => q.FirstResponseMinutes != null && q.DeletedAt == null).Select(q => new Promise(q.Id, q.FirstResponseMinutes!.Value)).ToListAsync(ct);
}

/// <summary>So many minutes may pass until the first answer.</summary>
internal sealed record Promise(Guid QueueId, int Minutes);

/// <summary>How soon a first answer is due, by what the queue promises.</summary>
public enum Due
{
    /// <summary>Nothing is promised, or the first answer is given.</summary>
    No,
    /// <summary>There is time.</summary>
    Later,
    /// <summary>There is little time left.</summary>
    Soon,
    /// <summary>It is over.</summary>
    Over,
}
