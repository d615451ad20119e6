using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Inforzap.Data;
using Inforzap.Files;
using Inforzap.Requests;
using Inforzap.Variables;
using Microsoft.Extensions.Localization;

namespace Inforzap.Tickets.QuickMessages;

/// <summary>
/// Quick messages as a table: shortcut, title, text, scope, queues, category, order, in use. The heads are Portuguese in every
/// language, so that a table goes from one company to another. Files stay behind.
/// </summary>
internal sealed class QuickTable(InforzapDb db, QuickAccess access, RuleCheck rules, TextRenderer renderer, IStringLocalizer<Texts> t, IStringLocalizer<Inforzap.Texts> core)
{
    public const int MaxLines = 2000;
    public const int MaxLength = 4_000_000;

    private static readonly string[] Heads = ["atalho", "titulo", "texto", "escopo", "filas", "categoria", "ordem", "ativo"];
    private static readonly Dictionary<QuickScope, string> Scopes = new() { [QuickScope.Company] = "empresa", [QuickScope.Queues] = "filas", [QuickScope.User] = "pessoal" };

    /// <summary>A line, what it asks for, and what has its shortcut already.</summary>
    internal sealed record Planned(TableLine Shown, SaveQuickMessage? Wanted, QuickMessage? Taken);

    public async Task<string> WriteAsync(CancellationToken ct)
    {
        var messages = await access.Seen.AsNoTracking().OrderBy(q => q.Scope).ThenBy(q => q.Order).ThenBy(q => q.Shortcut).ToListAsync(ct);
        var names = await db.Queues.ToDictionaryAsync(q => q.Id, q => q.Name, ct);
        var queues = (await db.QuickQueues.AsNoTracking().ToListAsync(ct)).ToLookup(q => q.QuickMessageId, q => names.GetValueOrDefault(q.QueueId, ""));
        return Csv.Write(messages.Select(IReadOnlyList<string> (QuickMessage q) =>
        [
            q.Shortcut, q.Title, q.Body, Scopes[q.Scope], string.Join(Table.Apart, queues[q.Id].Order(StringComparer.Ordinal)), q.Category ?? "",
            q.Order.ToString(CultureInfo.InvariantCulture), q.IsActive ? "sim" : "não",
        ]).Prepend(Heads));
    }

    /// <summary>Reads a table and says of each line what would become of it. Changes nothing.</summary>
    /// <exception cref="Refusal">It is no such table.</exception>
    public async Task<IReadOnlyList<Planned>> PlanAsync(string csv, CancellationToken ct)
    {
        var lines = Table.Read(csv, Heads, 3, MaxLines, core);
        var queues = (await db.Queues.Where(q => q.DeletedAt == null).OrderByDescending(q => q.IsActive).Select(q => new { q.Id, q.Name }).ToListAsync(ct)).GroupBy(q => SearchText.Fold(q.Name)).ToDictionary(g => g.Key, g => g.First().Id);
        var me = access.Me;
        var there = (await db.QuickMessages.Where(q => q.Scope != QuickScope.User || q.OwnerId == me).ToListAsync(ct)).ToDictionary(q => (q.Scope, q.Shortcut));
        var files = (await db.QuickFiles.Where(f => f.QuickMessageId != null).Select(f => new { f.QuickMessageId, f.Id }).ToListAsync(ct)).ToLookup(f => f.QuickMessageId, f => f.Id);
        var known = await renderer.NamesAsync(ct);
        var seen = new HashSet<(QuickScope, string)>();
        return [.. lines.Select(line => Plan(line, queues, there, files, known, seen))];
    }

    private Planned Plan(TableRow row, Dictionary<string, Guid> queues, Dictionary<(QuickScope, string), QuickMessage> there, ILookup<Guid?, Guid> files, IReadOnlySet<string> known, HashSet<(QuickScope, string)> seen)
    {
        Planned Wrong(string why) => new(new TableLine(row.Number, CleanText.Cut(row["titulo"], 80), why) { Key = "/" + CleanText.Cut(row["atalho"], 60) }, null, null);
        if (Scope(row["escopo"]) is not { } scope) return Wrong(t["QuickLineScope", CleanText.Cut(row["escopo"], 40)]);
        if (!access.MayEdit(scope)) return Wrong(t["QuickNotYours"]);
        var named = row.Parts("filas");
        if (scope == QuickScope.Queues && named.FirstOrDefault(n => !queues.ContainsKey(SearchText.Fold(n))) is { } lost) return Wrong(t["QuickLineQueue", CleanText.Cut(lost, 60)]);
        var order = 0;
        if (row["ordem"] is { Length: > 0 } figure && !int.TryParse(figure, NumberStyles.None, CultureInfo.InvariantCulture, out order)) return Wrong(t["QuickLineOrder", CleanText.Cut(figure, 20)]);
        if (Table.YesOrNo(row["ativo"]) is not { } said) return Wrong(t["QuickLineActive", CleanText.Cut(row["ativo"], 20)]);
        var taken = there.GetValueOrDefault((scope, QuickShortcut.Of(row["atalho"])));
        // What the table does not tell of stays as it is.
        var active = row.Has("ativo") || taken is null ? said : taken.IsActive;
        var category = row.Has("categoria") || taken is null ? row["categoria"] : taken.Category;
        if (!row.Has("ordem") && taken is not null) order = taken.Order;
        // One that has files may do without a text; those that a table makes have none.
        var wanted = new SaveQuickMessage(null, scope, row["atalho"], row["titulo"], row["texto"], category, order, active,
            scope == QuickScope.Queues ? [.. named.Select(n => queues[SearchText.Fold(n)]).Distinct()] : [], taken is null ? [] : [.. files[taken.Id]], null);
        if (rules.Faults(wanted) is { Count: > 0 } faults) return Wrong(string.Join(' ', faults.Values.Distinct()));
        if (VariableText.UnknownIn(wanted.Body, known) is { Count: > 0 } unknown) return Wrong(t["QuickUnknownVariable", VariableText.Of(unknown)]);
        if (!seen.Add((scope, QuickShortcut.Of(wanted.Shortcut)))) return Wrong(t["QuickLineTwice", QuickShortcut.Of(wanted.Shortcut)]);
        return new(new TableLine(row.Number, wanted.Title.Trim(), IsTaken: taken is not null) { Key = "/" + QuickShortcut.Of(wanted.Shortcut) }, wanted, taken);
    }

    private static QuickScope? Scope(string word) => SearchText.Fold(word) switch { "" or "pessoal" => QuickScope.User, "empresa" => QuickScope.Company, "filas" or "fila" => QuickScope.Queues, _ => null };
}

/// <summary>The quick messages that the caller sees, as a table.</summary>
[Allow("quick.see"), Reads]
internal sealed record ExportQuickMessages : IRequest<string>;

/// <summary>What would become of each line of a table. Changes nothing.</summary>
[Allow("quick.own", "quick.edit"), Reads]
internal sealed record PreviewQuickTable([property: StringLength(QuickTable.MaxLength), Called("QuickTable")] string Csv) : IRequest<IReadOnlyList<TableLine>>;

/// <summary>Takes the lines of a table that can be taken. Where a shortcut is taken, the message changes or stays, as the person chose.</summary>
[Allow("quick.own", "quick.edit")]
internal sealed record ImportQuickTable([property: StringLength(QuickTable.MaxLength), Called("QuickTable")] string Csv, bool UpdateTaken) : IRequest<TableImported>;

internal sealed class ExportQuickMessagesHandler(QuickTable table) : IRequestHandler<ExportQuickMessages, string>
{
    public Task<string> Handle(ExportQuickMessages request, CancellationToken ct) => table.WriteAsync(ct);
}

internal sealed class PreviewQuickTableHandler(QuickTable table) : IRequestHandler<PreviewQuickTable, IReadOnlyList<TableLine>>
{
    public async Task<IReadOnlyList<TableLine>> Handle(PreviewQuickTable request, CancellationToken ct) => [.. (await table.PlanAsync(request.Csv, ct)).Select(p => p.Shown)];
}

internal sealed class ImportQuickTableHandler(InforzapDb db, QuickTable table, QuickWriter writer) : IRequestHandler<ImportQuickTable, TableImported>
{
    public async Task<TableImported> Handle(ImportQuickTable request, CancellationToken ct)
    {
        var (made, updated, skipped, wrong) = (0, 0, 0, 0);
        foreach (var line in await table.PlanAsync(request.Csv, ct))
        {
            if (line.Wanted is null) wrong++;
            else if (line.Taken is not null && !request.UpdateTaken) skipped++;
            else
            {
                await writer.WriteAsync(line.Taken, line.Wanted, ct);
                if (line.Taken is null) made++;
                else updated++;
            }
        }
        await db.SaveChangesAsync(ct);
        db.Touch(Live.Topics.QuickMessages);
        return new(made, updated, skipped, wrong);
    }
}
