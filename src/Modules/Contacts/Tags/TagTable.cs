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

/// <summary>
/// Tags as a table: name, colour, queues. The heads are Portuguese in every language, so that a table goes from one company to
/// another. Which contacts have them is no matter of it.
/// </summary>
internal sealed partial class TagTable(InforzapDb db, IStringLocalizer<Texts> t, IStringLocalizer<Inforzap.Texts> core)
{
    public const int MaxLines = 1000;
    public const int MaxLength = 500_000;

    private static readonly string[] Heads = ["nome", "cor", "filas"];

    /// <summary>A line, and the queues that it names.</summary>
    internal sealed record Planned(TableLine Shown, IReadOnlyList<Guid> Queues)
    {
        public bool IsNew => Shown is { Problem: null, IsTaken: false };
    }

    public async Task<string> WriteAsync(CancellationToken ct)
    {
        var tags = await db.Tags.AsNoTracking().OrderBy(x => x.Order).ThenBy(x => x.SearchText).ToListAsync(ct);
        var queues = (await (from q in db.TagQueues join v in db.Set<QueueView>() on q.QueueId equals v.Id select new { q.TagId, v.Name }).ToListAsync(ct)).ToLookup(q => q.TagId, q => q.Name);
        return Csv.Write(tags.Select(IReadOnlyList<string> (Tag x) => [x.Name, x.Color, string.Join(Table.Apart, queues[x.Id].Order(StringComparer.Ordinal))]).Prepend(Heads));
    }

    /// <summary>Reads a table and says of each line what would become of it. Changes nothing.</summary>
    /// <exception cref="Refusal">It is no such table.</exception>
    public async Task<IReadOnlyList<Planned>> PlanAsync(string csv, CancellationToken ct)
    {
        var lines = Table.Read(csv, Heads, 1, MaxLines, core);
        var queues = (await db.Set<QueueView>().Where(q => q.IsActive).Select(q => new { q.Id, q.Name }).ToListAsync(ct)).DistinctBy(q => SearchText.Fold(q.Name)).ToDictionary(q => SearchText.Fold(q.Name), q => q.Id);
        var there = (await db.Tags.Select(x => x.SearchText).ToListAsync(ct)).ToHashSet(StringComparer.Ordinal);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        return [.. lines.Select(line => Plan(line, queues, there, seen))];
    }

    private Planned Plan(TableRow row, Dictionary<string, Guid> queues, HashSet<string> there, HashSet<string> seen)
    {
        var (name, color) = (TagRules.NameOf(row["nome"]), row["cor"]);
        Planned Wrong(string why) => new(new TableLine(row.Number, CleanText.Cut(name, 60), why), []);
        if (CleanText.IsBlank(name)) return Wrong(t["TagLineName"]);
        if (name.Length > Tag.MaxName) return Wrong(t["TagLineLong", Tag.MaxName]);
        if (color.Length > 0 && !ColorPattern().IsMatch(color)) return Wrong(t["TagLineColor", CleanText.Cut(color, 20)]);
        var named = row.Parts("filas");
        if (named.FirstOrDefault(n => !queues.ContainsKey(SearchText.Fold(n))) is { } lost) return Wrong(t["TagLineQueue", CleanText.Cut(lost, 60)]);
        if (!seen.Add(TagRules.KeyOf(name))) return Wrong(t["TagLineTwice", name]);
        // Without a colour it gets one of ours, each in its turn.
        if (color.Length == 0) color = ColorSwatches.Palette[seen.Count % ColorSwatches.Palette.Count];
        return new(new TableLine(row.Number, name, IsTaken: there.Contains(TagRules.KeyOf(name))) { Color = color }, [.. named.Select(n => queues[SearchText.Fold(n)]).Distinct()]);
    }

    [GeneratedRegex("^#[0-9a-fA-F]{6}$")]
    private static partial Regex ColorPattern();
}

/// <summary>All tags, as a table.</summary>
[Allow("tags.see"), Reads]
internal sealed record ExportTags : IRequest<string>;

/// <summary>What would become of each line of a table. Changes nothing.</summary>
[Allow("tags.edit"), Reads]
internal sealed record PreviewTagTable([property: StringLength(TagTable.MaxLength), Called("TagTable")] string Csv) : IRequest<IReadOnlyList<TableLine>>;

/// <summary>Makes the tags of a table that are not there yet. What is there stays.</summary>
[Allow("tags.edit")]
internal sealed record ImportTagTable([property: StringLength(TagTable.MaxLength), Called("TagTable")] string Csv) : IRequest<TableImported>;

internal sealed class ExportTagsHandler(TagTable table) : IRequestHandler<ExportTags, string>
{
    public Task<string> Handle(ExportTags request, CancellationToken ct) => table.WriteAsync(ct);
}

internal sealed class PreviewTagTableHandler(TagTable table) : IRequestHandler<PreviewTagTable, IReadOnlyList<TableLine>>
{
    public async Task<IReadOnlyList<TableLine>> Handle(PreviewTagTable request, CancellationToken ct) => [.. (await table.PlanAsync(request.Csv, ct)).Select(p => p.Shown)];
}

internal sealed class ImportTagTableHandler(InforzapDb db, TagTable table, TimeProvider clock) : IRequestHandler<ImportTagTable, TableImported>
{
    public async Task<TableImported> Handle(ImportTagTable request, CancellationToken ct)
    {
        var planned = await table.PlanAsync(request.Csv, ct);
        var coming = planned.Where(p => p.IsNew).ToList();
        foreach (var line in coming) await db.SetQueuesAsync(db.New(line.Shown.Name, line.Shown.Color!, clock.GetUtcNow().UtcDateTime), line.Queues, ct);
        await db.SaveChangesAsync(ct);
        db.Touch(Topics.Tags);
        return new(coming.Count, 0, planned.Count(p => p.Shown.IsTaken), planned.Count(p => p.Shown.Problem is not null));
    }
}

/// <summary>The table, which a browser fetches beside the page.</summary>
internal static class TagEndpoints
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapTable("/tags/table", ["tags.see"], "etiquetas.csv", _ => new ExportTags());
}
