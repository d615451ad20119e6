using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Inforzap.Data;
using Inforzap.Files;
using Inforzap.Requests;
using Inforzap.Variables;
using Microsoft.Extensions.Localization;

namespace Inforzap.Tickets.QuickMessages;

/// <summary>What would become of one line of a table.</summary>
/// <param name="Line">Where it stands in the file.</param>
/// <param name="Problem">Why it can't be taken; null when it can.</param>
/// <param name="IsTaken">There is one with this shortcut already.</param>
public sealed record QuickLine(int Line, string Shortcut, string Title, string? Problem, bool IsTaken);

/// <summary>
/// Quick messages as a table: shortcut, title, text, scope, queues, category, order, in use. The heads are Portuguese in every
/// language, so that a table goes from one company to another. Files stay behind.
/// </summary>
internal sealed class QuickTable(InforzapDb db, QuickAccess access, RuleCheck rules, TextRenderer renderer, IStringLocalizer<Texts> t)
{
    public const int MaxLines = 2000;
    public const int MaxLength = 4_000_000;

    private const char Apart = '|';
    private static readonly string[] Heads = ["atalho", "titulo", "texto", "escopo", "filas", "categoria", "ordem", "ativo"];
    private static readonly Dictionary<QuickScope, string> Scopes = new() { [QuickScope.Company] = "empresa", [QuickScope.Queues] = "filas", [QuickScope.User] = "pessoal" };

    /// <summary>A line, what it asks for, and what has its shortcut already.</summary>
    internal sealed record Planned(QuickLine Shown, SaveQuickMessage? Wanted, QuickMessage? Taken);

    public async Task<string> WriteAsync(CancellationToken ct)
    {
        var messages = await access.Seen.AsNoTracking().OrderBy(q => q.Scope).ThenBy(q => q.Order).ThenBy(q => q.Shortcut).ToListAsync(ct);
        var names = await db.Queues.ToDictionaryAsync(q => q.Id, q => q.Name, ct);
        var queues = (await db.QuickQueues.AsNoTracking().ToListAsync(ct)).ToLookup(q => q.QuickMessageId, q => names.GetValueOrDefault(q.QueueId, ""));
        return Csv.Write(messages.Select(IReadOnlyList<string> (QuickMessage q) =>
        [
            q.Shortcut, q.Title, q.Body, Scopes[q.Scope], string.Join(Apart, queues[q.Id].Order(StringComparer.Ordinal)), q.Category ?? "",
            q.Order.ToString(CultureInfo.InvariantCulture), q.IsActive ? "sim" : "não",
        ]).Prepend(Heads));
    }

    /// <summary>Reads a table and says of each line what would become of it. Changes nothing.</summary>
    /// <exception cref="Refusal">It is no such table.</exception>
    public async Task<IReadOnlyList<Planned>> PlanAsync(string csv, CancellationToken ct)
    {
        var lines = Read(csv);
        var at = Columns(lines);
        if (lines.Count - 1 > MaxLines) throw new Refusal(t["QuickTableTooLong", MaxLines]);
        var queues = (await db.Queues.Where(q => q.DeletedAt == null).OrderByDescending(q => q.IsActive).Select(q => new { q.Id, q.Name }).ToListAsync(ct)).GroupBy(q => SearchText.Fold(q.Name)).ToDictionary(g => g.Key, g => g.First().Id);
        var me = access.Me;
        var there = (await db.QuickMessages.Where(q => q.Scope != QuickScope.User || q.OwnerId == me).ToListAsync(ct)).ToDictionary(q => (q.Scope, q.Shortcut));
        var files = (await db.QuickFiles.Where(f => f.QuickMessageId != null).Select(f => new { f.QuickMessageId, f.Id }).ToListAsync(ct)).ToLookup(f => f.QuickMessageId, f => f.Id);
        var known = await renderer.NamesAsync(ct);
        var seen = new HashSet<(QuickScope, string)>();
        return [.. lines.Skip(1).Select(line => Plan(new Row(line, at), queues, there, files, known, seen))];
    }

    private Planned Plan(Row row, Dictionary<string, Guid> queues, Dictionary<(QuickScope, string), QuickMessage> there, ILookup<Guid?, Guid> files, IReadOnlySet<string> known, HashSet<(QuickScope, string)> seen)
    {
        Planned Wrong(string why) => new(new QuickLine(row.Number, CleanText.Cut(row["atalho"], 60), CleanText.Cut(row["titulo"], 80), why, false), null, null);
        if (Scope(row["escopo"]) is not { } scope) return Wrong(t["QuickLineScope", CleanText.Cut(row["escopo"], 40)]);
        if (!access.MayEdit(scope)) return Wrong(t["QuickNotYours"]);
        var named = row["filas"].Split(Apart, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (scope == QuickScope.Queues && named.FirstOrDefault(n => !queues.ContainsKey(SearchText.Fold(n))) is { } lost) return Wrong(t["QuickLineQueue", CleanText.Cut(lost, 60)]);
        var order = 0;
        if (row["ordem"] is { Length: > 0 } figure && !int.TryParse(figure, NumberStyles.None, CultureInfo.InvariantCulture, out order)) return Wrong(t["QuickLineOrder", CleanText.Cut(figure, 20)]);
        if (Active(row["ativo"]) is not { } said) return Wrong(t["QuickLineActive", CleanText.Cut(row["ativo"], 20)]);
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
        return new(new QuickLine(row.Number, QuickShortcut.Of(wanted.Shortcut), wanted.Title.Trim(), null, taken is not null), wanted, taken);
    }

    private IReadOnlyList<CsvLine> Read(string csv)
    {
        try
        {
            return Csv.Read(csv);
        }
        catch (FormatException)
        {
            throw new Refusal(t["QuickTableUnreadable"]);
        }
    }

    /// <summary>Where each column stands: in any order, with accents or without.</summary>
    private Dictionary<string, int> Columns(IReadOnlyList<CsvLine> lines)
    {
        var heads = lines.Count == 0 ? [] : lines[0].Fields.Select(f => SearchText.Fold(f.Trim())).ToList();
        var at = Heads.ToDictionary(h => h, heads.IndexOf);
        if (Heads[..3].FirstOrDefault(h => at[h] < 0) is { } missing) throw new Refusal(t["QuickTableHead", missing, string.Join(", ", Heads)]);
        return at;
    }

    private static QuickScope? Scope(string word) => SearchText.Fold(word) switch { "" or "pessoal" => QuickScope.User, "empresa" => QuickScope.Company, "filas" or "fila" => QuickScope.Queues, _ => null };

    private static bool? Active(string word) => SearchText.Fold(word) switch { "" or "sim" or "s" or "1" => true, "nao" or "n" or "0" => false, _ => null };

    private sealed class Row(CsvLine line, Dictionary<string, int> at)
    {
        public int Number => line.Number;

        public bool Has(string head) => at[head] >= 0;

        public string this[string head] => at[head] is >= 0 and var i && i < line.Fields.Count ? line.Fields[i].Trim() : "";
    }
}

/// <summary>The quick messages that the caller sees, as a table.</summary>
[Allow("quick.see"), Reads]
internal sealed record ExportQuickMessages : IRequest<string>;

/// <summary>What would become of each line of a table. Changes nothing.</summary>
[Allow("quick.own", "quick.edit"), Reads]
internal sealed record PreviewQuickTable([property: StringLength(QuickTable.MaxLength), Called("QuickTable")] string Csv) : IRequest<IReadOnlyList<QuickLine>>;

/// <summary>Takes the lines of a table that can be taken. Where a shortcut is taken, the message changes or stays, as the person chose.</summary>
[Allow("quick.own", "quick.edit")]
internal sealed record ImportQuickTable([property: StringLength(QuickTable.MaxLength), Called("QuickTable")] string Csv, bool UpdateTaken) : IRequest<QuickImported>;

/// <summary>What became of the lines.</summary>
public sealed record QuickImported(int Made, int Updated, int Skipped, int Wrong);

internal sealed class ExportQuickMessagesHandler(QuickTable table) : IRequestHandler<ExportQuickMessages, string>
{
    public Task<string> Handle(ExportQuickMessages request, CancellationToken ct) => table.WriteAsync(ct);
}

internal sealed class PreviewQuickTableHandler(QuickTable table) : IRequestHandler<PreviewQuickTable, IReadOnlyList<QuickLine>>
{
    public async Task<IReadOnlyList<QuickLine>> Handle(PreviewQuickTable request, CancellationToken ct) => [.. (await table.PlanAsync(request.Csv, ct)).Select(p => p.Shown)];
}

internal sealed class ImportQuickTableHandler(InforzapDb db, QuickTable table, QuickWriter writer) : IRequestHandler<ImportQuickTable, QuickImported>
{
    public async Task<QuickImported> Handle(ImportQuickTable request, CancellationToken ct)
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
