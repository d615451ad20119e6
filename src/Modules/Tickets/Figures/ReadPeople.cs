using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Inforzap.Contracts.Identity;
using Inforzap.Contracts.Tickets;
using Inforzap.Data;
using Inforzap.Files;
using Inforzap.Requests;
using Microsoft.Extensions.Localization;

namespace Inforzap.Tickets.Figures;

/// <summary>The figures of each person of the scope, and of whoever else served in it.</summary>
/// <param name="Sort">A column, with - before it downwards.</param>
[Allow("dashboard.see"), Reads]
public sealed record ReadPeople(
    [property: NotEmpty, Called("FigurePeriod")] FigureFilter Filter, [property: StringLength(20), Called("Order")] string? Sort = null,
    [property: Range(0, 1_000_000)] int Skip = 0, [property: Range(0, 200)] int Take = 0) : IRequest<FigurePeople>;

/// <summary>The same as a table for spreadsheet programs.</summary>
[Allow("dashboard.see"), Reads]
public sealed record ExportPeople([property: NotEmpty, Called("FigurePeriod")] FigureFilter Filter, [property: StringLength(20), Called("Order")] string? Sort = null) : IRequest<string>;

/// <summary>A page of the table.</summary>
/// <param name="Found">How many there are in all.</param>
/// <param name="AreRated">Somebody's customers were asked.</param>
public sealed record FigurePeople(IReadOnlyList<PersonFigures> Rows, int Found, bool AreRated = false);

/// <summary>One person. Times are seconds; null: there was nothing to measure.</summary>
/// <param name="IsActive">May sign in; who left keeps their figures.</param>
/// <param name="Open">Whom they serve now.</param>
/// <param name="Pending">Who waits for them now.</param>
/// <param name="Closed">Cycles of theirs that ended in the period.</param>
/// <param name="Total">Cycles of theirs that began in it.</param>
public sealed record PersonFigures(Guid Id, string Name, Presence Presence, bool IsActive, int Open, int Pending, int Closed, int Total, double? Service, double? Wait, double? FirstResponse)
{
    /// <summary>Share of their customers who are satisfied, in percent; null: none of them said so, or the caller may not know.</summary>
    public double? Satisfied { get; init; }
}

internal sealed class ReadPeopleHandler(InforzapDb db, FigureAccess access, IStringLocalizer<Inforzap.Texts> core) : IRequestHandler<ReadPeople, FigurePeople>, IRequestHandler<ExportPeople, string>
{
    private const int PageSize = 50;
    private static readonly string[] Heads =
        ["usuario", "presenca", "em_atendimento", "aguardando", "resolvidos", "total", "tma_segundos", "tme_segundos", "primeira_resposta_segundos", "csat_por_cento"];

    public async Task<FigurePeople> Handle(ReadPeople request, CancellationToken ct)
    {
        var rows = await RowsAsync(request.Filter, request.Sort, ct);
        return new([.. rows.Skip(request.Skip).Take(request.Take > 0 ? request.Take : PageSize)], rows.Count, rows.Any(r => r.Satisfied is not null));
    }

    public async Task<string> Handle(ExportPeople request, CancellationToken ct) =>
        Csv.Write((await RowsAsync(request.Filter, request.Sort, ct)).Select(IReadOnlyList<string> (PersonFigures p) =>
        [
            p.Name, core[$"Presence{p.Presence}"], Text(p.Open), Text(p.Pending), Text(p.Closed), Text(p.Total), Text(p.Service), Text(p.Wait), Text(p.FirstResponse), Text(p.Satisfied),
        ]).Prepend(Heads));

    /// <summary>Each measure is a line per person from one grouped query.</summary>
    private async Task<IReadOnlyList<PersonFigures>> RowsAsync(FigureFilter filter, string? sort, CancellationToken ct)
    {
        var view = access.Open(filter);
        var (cycles, time) = (view.Cycles.Where(c => c.UserId != null), view.Time);
        var begun = await cycles.QueuedIn(time).GroupBy(c => c.UserId!.Value).Select(g => new { g.Key, Count = g.Count() }).ToDictionaryAsync(g => g.Key, g => g.Count, ct);
        var closed = await cycles.ClosedIn(time).GroupBy(c => c.UserId!.Value)
            .Select(g => new { g.Key, Count = g.Count(), Sum = g.Sum(c => c.ServiceSeconds ?? 0), Served = g.Count(c => c.ServiceSeconds != null) }).ToDictionaryAsync(g => g.Key, ct);
        var waits = await cycles.AcceptedIn(time).GroupBy(c => c.UserId!.Value)
            .Select(g => new { g.Key, Sum = g.Sum(c => c.WaitSeconds ?? 0), Count = g.Count(c => c.WaitSeconds != null) }).ToDictionaryAsync(g => g.Key, g => new Mean(g.Sum, g.Count), ct);
        var responses = await cycles.RespondedIn(time).GroupBy(c => c.UserId!.Value)
            .Select(g => new { g.Key, Sum = g.Sum(c => c.FirstResponseSeconds ?? 0), Count = g.Count(c => c.FirstResponseSeconds != null) }).ToDictionaryAsync(g => g.Key, g => new Mean(g.Sum, g.Count), ct);
        var tickets = view.Tickets.Where(x => x.UserId != null);
        var open = await tickets.OpenNow().GroupBy(x => x.UserId!.Value).Select(g => new { g.Key, Count = g.Count() }).ToDictionaryAsync(g => g.Key, g => g.Count, ct);
        var pending = await tickets.PendingNow().GroupBy(x => x.UserId!.Value).Select(g => new { g.Key, Count = g.Count() }).ToDictionaryAsync(g => g.Key, g => g.Count, ct);

        var rated = (await view.Ratings.AskedIn(time).Where(r => r.UserId != null && r.Score != null).GroupBy(r => new { r.UserId, r.Scale, r.Score })
            .Select(g => new { UserId = g.Key.UserId!.Value, Count = new ScoreCount(g.Key.Scale, g.Key.Score, false, g.Count()) }).ToListAsync(ct)).ToLookup(r => r.UserId, r => r.Count);

        var own = await view.People.Where(u => u.IsActive).Select(u => u.Id).ToListAsync(ct);
        HashSet<Guid> ids = [.. begun.Keys, .. closed.Keys, .. waits.Keys, .. responses.Keys, .. open.Keys, .. pending.Keys, .. rated.Select(g => g.Key)];
        // Who filters by queue or channel asks who served there, not who did not.
        if (filter is { Queues.Count: 0, Channels.Count: 0 }) ids.UnionWith(filter.Users.Count == 0 ? own : own.Intersect(filter.Users));
        var all = ids.ToArray();
        var people = await db.Set<UserView>().AsNoTracking().Where(u => all.Contains(u.Id)).Select(u => new { u.Id, u.Name, u.IsOnline, u.Presence, u.IsActive }).ToListAsync(ct);
        return [.. Sorted(people.Select(u => new PersonFigures(
            u.Id, u.Name, u.IsActive && u.IsOnline ? u.Presence : Presence.Offline, u.IsActive, open.GetValueOrDefault(u.Id), pending.GetValueOrDefault(u.Id),
            closed.GetValueOrDefault(u.Id)?.Count ?? 0, begun.GetValueOrDefault(u.Id),
            closed.GetValueOrDefault(u.Id) is { } c ? new Mean(c.Sum, c.Served).Value : null, waits.GetValueOrDefault(u.Id)?.Value, responses.GetValueOrDefault(u.Id)?.Value)
        {
            Satisfied = SurveyFigures.Of(rated[u.Id]).Csat,
        }), sort)];
    }

    private static IOrderedEnumerable<PersonFigures> Sorted(IEnumerable<PersonFigures> rows, string? sort)
    {
        var down = sort is ['-', ..];
        IOrderedEnumerable<PersonFigures> By<T>(Func<PersonFigures, T> key, IComparer<T>? comparer = null) => down ? rows.OrderByDescending(key, comparer) : rows.OrderBy(key, comparer);
        // Without a measure at the end, whichever way.
        IOrderedEnumerable<PersonFigures> ByTime(Func<PersonFigures, double?> key) =>
            down ? rows.OrderByDescending(r => key(r) ?? -1) : rows.OrderBy(r => key(r) ?? double.MaxValue);
        var sorted = sort?.TrimStart('-') switch
        {
            "name" => By(r => r.Name, StringComparer.CurrentCultureIgnoreCase),
            "open" => By(r => r.Open),
            "pending" => By(r => r.Pending),
            "total" => By(r => r.Total),
            "service" => ByTime(r => r.Service),
            "wait" => ByTime(r => r.Wait),
            "first" => ByTime(r => r.FirstResponse),
            "rating" => ByTime(r => r.Satisfied),
            "closed" => By(r => r.Closed),
            _ => rows.OrderByDescending(r => r.Closed),
        };
        return sorted.ThenBy(r => r.Name, StringComparer.CurrentCultureIgnoreCase);
    }

    private static string Text(double? figure) => figure?.ToString("0", CultureInfo.InvariantCulture) ?? "";
}
