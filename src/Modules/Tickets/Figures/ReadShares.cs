using Inforzap.Contracts.Contacts;
using Inforzap.Data;
using Inforzap.Requests;
using Inforzap.Tickets.Closing;
using Microsoft.Extensions.Localization;

namespace Inforzap.Tickets.Figures;

/// <summary>What the service of the period is made of, the largest parts first.</summary>
[Allow("dashboard.see"), Reads]
public sealed record ReadShares([property: NotEmpty, Called("FigurePeriod")] FigureFilter Filter, ShareOf Of) : IRequest<FigureShares>;

/// <summary>By what it is divided.</summary>
public enum ShareOf
{
    /// <summary>Cycles that began, by queue.</summary>
    Queue,
    /// <summary>Cycles that ended, by the reason that was given.</summary>
    Reason,
    /// <summary>Contacts who were served, by their tags of today; who has several counts for each.</summary>
    Tag,
}

/// <summary>Parts of a whole.</summary>
/// <param name="Total">The whole, which may be less than the sum where one can have several.</param>
public sealed record FigureShares(IReadOnlyList<FigureShare> Rows, int Total)
{
    /// <summary>So many are named; what is smaller is put together.</summary>
    public const int Most = 8;
}

/// <summary>One part.</summary>
/// <param name="Color">#rrggbb; none where it has none of its own.</param>
/// <param name="Merged">So many smaller ones together; 0: it is one.</param>
public sealed record FigureShare(string Name, string? Color, int Count, int Merged = 0);

internal sealed class ReadSharesHandler(InforzapDb db, FigureAccess access, IActor actor, IStringLocalizer<Texts> t) : IRequestHandler<ReadShares, FigureShares>
{
    public Task<FigureShares> Handle(ReadShares request, CancellationToken ct)
    {
        var view = access.Open(request.Filter);
        return request.Of switch
        {
            ShareOf.Queue => QueuesAsync(view, ct),
            ShareOf.Reason => ReasonsAsync(view, ct),
            _ => actor.May("tags.see") ? TagsAsync(view, ct) : Task.FromResult(new FigureShares([], 0)),
        };
    }

    private async Task<FigureShares> QueuesAsync(FigureView view, CancellationToken ct)
    {
        var counts = await view.Cycles.QueuedIn(view.Time).GroupBy(c => c.QueueId).Select(g => new { g.Key, Count = g.Count() }).ToListAsync(ct);
        var queues = await db.Queues.AsNoTracking().Select(q => new { q.Id, q.Name, q.Color }).ToDictionaryAsync(q => q.Id, ct);
        return Sum(counts.Select(c => c.Key is { } id && queues.TryGetValue(id, out var queue) ? new FigureShare(queue.Name, queue.Color, c.Count) : new(t["FigureNoQueue"], null, c.Count)));
    }

    private async Task<FigureShares> ReasonsAsync(FigureView view, CancellationToken ct)
    {
        var counts = await view.Cycles.ClosedIn(view.Time).GroupBy(c => c.ClosingReasonId).Select(g => new { g.Key, Count = g.Count() }).ToListAsync(ct);
        var reasons = await db.ClosingReasons.AsNoTracking().Select(r => new { r.Id, r.Name, r.Color, r.IsSystem }).ToDictionaryAsync(r => r.Id, ct);
        return Sum(counts.Select(c => c.Key is { } id && reasons.TryGetValue(id, out var reason)
            ? new FigureShare(reason.IsSystem ? t[reason.Name] : reason.Name, reason.Color, c.Count) : new(t["FigureNoReason"], null, c.Count)));
    }

    private async Task<FigureShares> TagsAsync(FigureView view, CancellationToken ct)
    {
        var served = (from c in view.Cycles.QueuedIn(view.Time) join x in db.Set<Ticket>() on c.TicketId equals x.Id select x.ContactId).Distinct();
        var counts = await db.Set<ContactTagView>().Where(g => served.Contains(g.ContactId)).GroupBy(g => new { g.TagId, g.Name, g.Color })
            .Select(g => new { g.Key.Name, g.Key.Color, Count = g.Count() }).ToListAsync(ct);
        return Sum(counts.Select(c => new FigureShare(c.Name, c.Color, c.Count))) with { Total = await served.CountAsync(ct) };
    }

    private FigureShares Sum(IEnumerable<FigureShare> shares)
    {
        var all = shares.OrderByDescending(s => s.Count).ThenBy(s => s.Name, StringComparer.CurrentCultureIgnoreCase).ToList();
        var rest = all.Count > FigureShares.Most + 1 ? all[FigureShares.Most..] : [];
        IReadOnlyList<FigureShare> rows = rest.Count == 0 ? all : [.. all[..FigureShares.Most], new(t["FigureOthers", rest.Count], null, rest.Sum(s => s.Count), rest.Count)];
        return new(rows, all.Sum(s => s.Count));
    }
}
