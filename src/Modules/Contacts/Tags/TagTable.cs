using System.ComponentModel.DataAnnotations;
using System.Text.RegularExpressions;
using Inforzap.Contracts.Tickets;
using Inforzap.Data;
using Inforzap.Files;
using Inforzap.Live;
using Inforzap.Requests;
using Inforzap.Ui;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Localization;

namespace Inforzap.Contacts.Tags;

/// <summary>What would become of one line of a table.</summary>
/// <param name="Line">Where it stands in the file.</param>
/// <param name="Problem">Why it can't be taken; null when it can.</param>
/// <param name="IsThere">There is a tag of this name: it stays as it is.</param>
public sealed record TagLine(int Line, string Name, string Color, string? Problem, bool IsThere);

/// <summary>
/// Tags as a table: name, colour, queues. The heads are Portuguese in every language, so that a table goes from one company to
/// another. Which contacts have them is no matter of it.
/// </summary>
internal sealed partial class TagTable(InforzapDb db, IStringLocalizer<Texts> t)
{
    public const int MaxLines = 1000;
    public const int MaxLength = 500_000;

    private const char Apart = '|';
    private static readonly string[] Heads = ["nome", "cor", "filas"];

    /// <summary>A line, and the queues that it names.</summary>
    internal sealed record Planned(TagLine Shown, IReadOnlyList<Guid> Queues)
    {
        public bool IsNew => Shown is { Problem: null, IsThere: false };
    }

    public async Task<string> WriteAsync(CancellationToken ct)
    {
        var tags = await db.Tags.AsNoTracking().OrderBy(x => x.Order).ThenBy(x => x.SearchText).ToListAsync(ct);
        var queues = (await (from q in db.TagQueues join v in db.Set<QueueView>() on q.QueueId equals v.Id select new { q.TagId, v.Name }).ToListAsync(ct)).ToLookup(q => q.TagId, q => q.Name);
        return Csv.Write(tags.Select(IReadOnlyList<string> (Tag x) => [x.Name, x.Color, string.Join(Apart, queues[x.Id].Order(StringComparer.Ordinal))]).Prepend(Heads));
    }

    /// <summary>Reads a table and says of each line what would become of it. Changes nothing.</summary>
    /// <exception cref="Refusal">It is no such table.</exception>
    public async Task<IReadOnlyList<Planned>> PlanAsync(string csv, CancellationToken ct)
    {
        var lines = Read(csv);
        var heads = lines.Count == 0 ? [] : lines[0].Fields.Select(f => SearchText.Fold(f.Trim())).ToList();
        var at = Heads.ToDictionary(h => h, heads.IndexOf);
        if (at["nome"] < 0) throw new Refusal(t["TagTableHead", string.Join(", ", Heads)]);
        if (lines.Count - 1 > MaxLines) throw new Refusal(t["TagTableTooLong", MaxLines]);
        var queues = (await db.Set<QueueView>().Where(q => q.IsActive).Select(q => new { q.Id, q.Name }).ToListAsync(ct)).DistinctBy(q => SearchText.Fold(q.Name)).ToDictionary(q => SearchText.Fold(q.Name), q => q.Id);
        var there = (await db.Tags.Select(x => x.SearchText).ToListAsync(ct)).ToHashSet(StringComparer.Ordinal);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        return [.. lines.Skip(1).Select(line => Plan(line, head => at[head] is >= 0 and var i && i < line.Fields.Count ? line.Fields[i].Trim() : "", queues, there, seen))];
    }

    private Planned Plan(CsvLine line, Func<string, string> cell, Dictionary<string, Guid> queues, HashSet<string> there, HashSet<string> seen)
    {
        var (name, color) = (TagRules.NameOf(cell("nome")), cell("cor"));
        Planned Wrong(string why) => new(new TagLine(line.Number, CleanText.Cut(name, 60), "", why, false), []);
        if (CleanText.IsBlank(name)) return Wrong(t["TagLineName"]);
        if (name.Length > Tag.MaxName) return Wrong(t["TagLineLong", Tag.MaxName]);
        if (color.Length > 0 && !ColorPattern().IsMatch(color)) return Wrong(t["TagLineColor", CleanText.Cut(color, 20)]);
        var named = cell("filas").Split(Apart, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (named.FirstOrDefault(n => !queues.ContainsKey(SearchText.Fold(n))) is { } lost) return Wrong(t["TagLineQueue", CleanText.Cut(lost, 60)]);
        if (!seen.Add(TagRules.KeyOf(name))) return Wrong(t["TagLineTwice", name]);
        // Without a colour it gets one of ours, each in its turn.
        if (color.Length == 0) color = ColorSwatches.Palette[seen.Count % ColorSwatches.Palette.Count];
        return new(new TagLine(line.Number, name, color, null, there.Contains(TagRules.KeyOf(name))), [.. named.Select(n => queues[SearchText.Fold(n)]).Distinct()]);
    }

    private IReadOnlyList<CsvLine> Read(string csv)
    {
        try
        {
            return Csv.Read(csv);
        }
        catch (FormatException)
        {
            throw new Refusal(t["TagTableUnreadable"]);
        }
    }

    [GeneratedRegex("^#[0-9a-fA-F]{6}$")]
    private static partial Regex ColorPattern();
}

/// <summary>All tags, as a table.</summary>
[Allow("tags.see"), Reads]
internal sealed record ExportTags : IRequest<string>;

/// <summary>What would become of each line of a table. Changes nothing.</summary>
[Allow("tags.edit"), Reads]
internal sealed record PreviewTagTable([property: StringLength(TagTable.MaxLength), Called("TagTable")] string Csv) : IRequest<IReadOnlyList<TagLine>>;

/// <summary>Makes the tags of a table that are not there yet. Returns how many those were.</summary>
[Allow("tags.edit")]
internal sealed record ImportTagTable([property: StringLength(TagTable.MaxLength), Called("TagTable")] string Csv) : IRequest<int>;

internal sealed class ExportTagsHandler(TagTable table) : IRequestHandler<ExportTags, string>
{
    public Task<string> Handle(ExportTags request, CancellationToken ct) => table.WriteAsync(ct);
}

internal sealed class PreviewTagTableHandler(TagTable table) : IRequestHandler<PreviewTagTable, IReadOnlyList<TagLine>>
{
    public async Task<IReadOnlyList<TagLine>> Handle(PreviewTagTable request, CancellationToken ct) => [.. (await table.PlanAsync(request.Csv, ct)).Select(p => p.Shown)];
}

internal sealed class ImportTagTableHandler(InforzapDb db, TagTable table, TimeProvider clock) : IRequestHandler<ImportTagTable, int>
{
    public async Task<int> Handle(ImportTagTable request, CancellationToken ct)
    {
        var coming = (await table.PlanAsync(request.Csv, ct)).Where(p => p.IsNew).ToList();
        foreach (var line in coming) await db.SetQueuesAsync(db.New(line.Shown.Name, line.Shown.Color, clock.GetUtcNow().UtcDateTime), line.Queues, ct);
        await db.SaveChangesAsync(ct);
        db.Touch(Topics.Tags);
        return coming.Count;
    }
}

/// <summary>The table, which a browser fetches beside the page.</summary>
internal static class TagEndpoints
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/tags/table", async (HttpContext http, IActors actors, SystemMediator mediator, IStringLocalizer<Texts> t, CancellationToken ct) =>
        {
            var (id, stamp) = Session.Read(http.User);
            if (await actors.FindAsync(id, stamp, ct) is not { } actor) return Results.Unauthorized();
            if (!actor.May("tags.see")) return Results.NotFound();
            var table = await mediator.Send(new ExportTags(), actor, ct);
            http.Response.Headers.CacheControl = "no-store";
            // Without the mark at the beginning spreadsheet programs take it for another encoding.
            return Results.File([.. System.Text.Encoding.UTF8.Preamble, .. System.Text.Encoding.UTF8.GetBytes(table)], "text/csv; charset=utf-8", $"{t["TagTableName"]}.csv");
        }).RequireAuthorization();
}
