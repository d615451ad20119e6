using Inforzap.Data;
using Microsoft.Extensions.Localization;

namespace Inforzap.Files;

/// <summary>What would become of one line of a table that somebody brings.</summary>
/// <param name="Line">Where it stands in the file.</param>
/// <param name="Name">What it is called, for whoever looks it over.</param>
/// <param name="Problem">Why it can't be taken; null when it can.</param>
/// <param name="IsTaken">What it tells of is there already.</param>
public sealed record TableLine(int Line, string Name, string? Problem = null, bool IsTaken = false)
{
    /// <summary>#rrggbb, where such a thing has a colour.</summary>
    public string? Color { get; init; }

    /// <summary>What stands before the name, as a shortcut or an e-mail does.</summary>
    public string? Key { get; init; }
}

/// <summary>What became of the lines.</summary>
public sealed record TableImported(int Made, int Updated, int Skipped, int Wrong);

/// <summary>A line of a table, whose cells are asked for by the heads of their columns.</summary>
public sealed class TableRow(CsvLine line, IReadOnlyDictionary<string, int> at, IReadOnlyList<(string Head, int At)> further)
{
    /// <summary>Where it stands in the file.</summary>
    public int Number => line.Number;

    /// <summary>The table has this column.</summary>
    public bool Has(string head) => at[head] >= 0;

    /// <summary>The cell without blanks around; empty where there is none.</summary>
    public string this[string head] => at[head] is >= 0 and var i && i < line.Fields.Count ? line.Fields[i].Trim() : "";

    /// <summary>What stands under heads that nobody asked for, as the table spells them. Empty cells are left out.</summary>
    public IEnumerable<(string Head, string Value)> Further =>
        further.Where(f => f.At < line.Fields.Count).Select(f => (f.Head, line.Fields[f.At].Trim())).Where(f => f.Item2.Length > 0);

    /// <summary>The heads that nobody asked for.</summary>
    public IEnumerable<string> FurtherHeads => further.Select(f => f.Head);

    /// <summary>The parts of a cell that names several, apart by <c>|</c>.</summary>
    public IReadOnlyList<string> Parts(string head) => this[head].Split(Table.Apart, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}

/// <summary>
/// Tables with heads that people bring. Heads are Portuguese in every language, so that a table goes from one company to another;
/// columns stand in any order, and accents make no difference.
/// </summary>
public static class Table
{
    /// <summary>Between several in one cell.</summary>
    public const char Apart = '|';

    /// <summary>The lines below the heads.</summary>
    /// <param name="csv">As the file has it.</param>
    /// <param name="heads">All that are known.</param>
    /// <param name="needed">So many of the first may not be missing.</param>
    /// <param name="most">More lines are refused.</param>
    /// <param name="t">The words for refusals.</param>
    /// <exception cref="Refusal">It is no such table.</exception>
    public static IReadOnlyList<TableRow> Read(string csv, IReadOnlyList<string> heads, int needed, int most, IStringLocalizer<Texts> t)
    {
        var lines = Lines(csv, t);
        var first = lines.Count == 0 ? [] : lines[0].Fields.Select(f => SearchText.Fold(f.Trim())).ToList();
        var at = heads.ToDictionary(h => h, first.IndexOf);
        if (heads.Take(needed).FirstOrDefault(h => at[h] < 0) is { } missing) throw new Refusal(t["TableHead", missing, string.Join(", ", heads)]);
        if (lines.Count - 1 > most) throw new Refusal(t["TableTooLong", most]);
        var further = lines.Count == 0 ? [] : lines[0].Fields.Select((f, i) => (Head: f.Trim(), At: i)).Where(f => f.Head.Length > 0 && !at.ContainsValue(f.At) && !heads.Contains(first[f.At])).ToList();
        return [.. lines.Skip(1).Select(line => new TableRow(line, at, further))];
    }

    /// <summary>What a cell says to a question: yes, no, or neither. Nothing is yes.</summary>
    public static bool? YesOrNo(string word) => SearchText.Fold(word) switch { "" or "sim" or "s" or "1" => true, "nao" or "n" or "0" => false, _ => null };

    private static IReadOnlyList<CsvLine> Lines(string csv, IStringLocalizer<Texts> t)
    {
        try
        {
            return Csv.Read(csv);
        }
        catch (FormatException)
        {
            throw new Refusal(t["TableUnreadable"]);
        }
    }
}
