using System.ComponentModel.DataAnnotations;
using Inforzap.Data;
using Inforzap.Requests;
using Microsoft.Extensions.Localization;

namespace Inforzap.Tickets.Closing;

/// <summary>Reasons for closing, with how often each was given of late.</summary>
/// <param name="Sort">order, name or uses; with - before it downwards.</param>
[Allow("closings.see"), Reads]
internal sealed record ListReasons(
    [property: StringLength(100), Called("SearchReasons")] string? Text = null, Guid? QueueId = null, bool? Active = null,
    [property: StringLength(20), Called("Order")] string? Sort = null) : IRequest<ReasonList>;

/// <summary>The rows that match, how many there are in all, and the queues to choose from.</summary>
internal sealed record ReasonList(IReadOnlyList<ReasonRow> Rows, int Total, IReadOnlyList<PlaceRow> Queues);

/// <summary>A reason in the list.</summary>
/// <param name="Uses">Tickets that were closed with it in the last thirty days.</param>
/// <param name="Queues">Where it is offered; nothing: everywhere.</param>
public sealed record ReasonRow(Guid Id, string Name, string Color, int Order, bool RequiresNote, bool IsActive, bool IsSystem, int Uses, IReadOnlyList<Guid> Queues, int Version);

/// <summary>A queue or a channel to choose.</summary>
/// <param name="Color">Of a queue.</param>
public sealed record PlaceRow(Guid Id, string Name, string? Color, bool IsActive);

internal sealed class ListReasonsHandler(InforzapDb db, ClosingScope scope, TimeProvider clock, IStringLocalizer<Texts> t) : IRequestHandler<ListReasons, ReasonList>
{
    private static readonly TimeSpan OfLate = TimeSpan.FromDays(30);

    public async Task<ReasonList> Handle(ListReasons request, CancellationToken ct)
    {
        if (request.QueueId is { } id && !await db.Queues.AnyAsync(q => q.Id == id, ct)) throw Refusal.NotFound(t["QueueGone"]);
        var since = clock.GetUtcNow().UtcDateTime - OfLate;
        var uses = await db.Cycles.Where(c => c.ClosedAt >= since && c.ClosingReasonId != null).GroupBy(c => c.ClosingReasonId!.Value)
            .Select(g => new { g.Key, Count = g.Count() }).ToDictionaryAsync(g => g.Key, g => g.Count, ct);
        var places = await scope.AllAsync(ct);
        var all = await db.ClosingReasons.AsNoTracking().Where(r => r.DeletedAt == null).ToListAsync(ct);
        var rows = all.Select(r => new ReasonRow(r.Id, r.IsSystem ? t[r.Name] : r.Name, r.Color, r.Order, r.RequiresNote, r.IsActive, r.IsSystem,
            uses.GetValueOrDefault(r.Id), [.. places[r.Id].Select(p => p.PlaceId)], r.Version));
        if (!string.IsNullOrWhiteSpace(request.Text)) rows = rows.Where(r => SearchText.Fold(r.Name).Contains(SearchText.Fold(request.Text.Trim()), StringComparison.Ordinal));
        if (request.QueueId is { } queue) rows = rows.Where(r => !r.IsSystem && (r.Queues.Count == 0 || r.Queues.Contains(queue)));
        if (request.Active is { } active) rows = rows.Where(r => r.IsActive == active);
        return new([.. Sorted(rows, request.Sort)], all.Count, await db.PlacesAsync(ct));
    }

    private static IEnumerable<ReasonRow> Sorted(IEnumerable<ReasonRow> rows, string? sort) => sort switch
    {
        "name" => rows.OrderBy(r => r.Name, StringComparer.CurrentCultureIgnoreCase),
        "-name" => rows.OrderByDescending(r => r.Name, StringComparer.CurrentCultureIgnoreCase),
        "uses" => rows.OrderBy(r => r.Uses).ThenBy(r => r.Name, StringComparer.CurrentCultureIgnoreCase),
        "-uses" => rows.OrderByDescending(r => r.Uses).ThenBy(r => r.Name, StringComparer.CurrentCultureIgnoreCase),
        _ => rows.OrderBy(r => r.Order).ThenBy(r => r.Name, StringComparer.CurrentCultureIgnoreCase),
    };
}

internal static class ClosingRows
{
    /// <summary>The queues that there are, by name.</summary>
    public static async Task<IReadOnlyList<PlaceRow>> PlacesAsync(this InforzapDb db, CancellationToken ct) =>
        await db.Queues.Where(q => q.DeletedAt == null).OrderBy(q => q.Order).ThenBy(q => q.Name).Select(q => new PlaceRow(q.Id, q.Name, q.Color, q.IsActive)).ToListAsync(ct);
}
