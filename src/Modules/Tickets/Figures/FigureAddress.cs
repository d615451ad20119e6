using Inforzap.Files;
using Inforzap.Ui;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Inforzap.Tickets.Figures;

/// <summary>What the dashboard's address says, and how it is said there.</summary>
internal static class FigureAddress
{
    /// <summary>Names of spans in the address; the first is what is shown when nothing is said.</summary>
    public static IReadOnlyList<(string Name, FigureSpan Span)> Spans { get; } =
    [
        ("30", FigureSpan.Days30), ("today", FigureSpan.Today), ("yesterday", FigureSpan.Yesterday), ("7", FigureSpan.Days7),
        ("month", FigureSpan.Month), ("last-month", FigureSpan.LastMonth), ("custom", FigureSpan.Custom),
    ];

    private static readonly (string Name, FigureScope Scope)[] Scopes = [("mine", FigureScope.Mine), ("queues", FigureScope.Queues), ("all", FigureScope.All)];

    public static FigureFilter Read(string? period, string? from, string? to, string? scope, string? queues, string? users, string? channels) =>
        new(Spans.FirstOrDefault(s => s.Name == period, Spans[0]).Span, FilterChoices.Day(from), FilterChoices.Day(to), ScopeOf(scope)) { Queues = Ids(queues).Ids, Users = Ids(users).Ids, Channels = Ids(channels).Ids };

    public static string Of(FigureScope scope) => Array.Find(Scopes, s => s.Scope == scope).Name;

    public static Chosen Ids(string? text) => Chosen.Of((text ?? "").Split(',').Select(p => Guid.TryParse(p, out var id) ? id : Guid.Empty).Where(id => id != Guid.Empty).Take(500));

    public static string? Text(Chosen ids) => ids.IsEmpty ? null : string.Join(',', ids.Ids);

    public static void Map(IEndpointRouteBuilder routes) => routes.MapTable("/dashboard/table", ["dashboard.see"], "dashboard.csv", r =>
        new ExportPeople(Read(One(r, "period"), One(r, "from"), One(r, "to"), One(r, "scope"), One(r, "queue"), One(r, "user"), One(r, "channel")), r.Text("sort") is { Length: <= 20 } sort ? sort : null));

    private static FigureScope? ScopeOf(string? name) => Array.Find(Scopes, s => s.Name == name) is { Name: not null } found ? found.Scope : null;

    private static string? One(HttpRequest request, string name) => request.Query[name] is [{ Length: > 0 } text, ..] ? text : null;
}
