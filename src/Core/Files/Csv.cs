using System.Globalization;
using System.Text;
using CsvHelper;

namespace Inforzap.Files;

/// <summary>
/// Tables for spreadsheet programs. What such a program would take for a formula is written with an apostrophe before it, which is
/// taken away again when the table comes back.
/// </summary>
public static class Csv
{
    private const char Guard = '\'';

    /// <summary>With semicolons, since that is what the programs of our customers open without asking.</summary>
    public static string Write(IEnumerable<IReadOnlyList<string>> rows)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        using (var csv = CsvWriter.Create(text, new CsvWriterOptions { Separator = ';' }, leaveOpen: true))
            foreach (var row in rows) csv.WriteRecord([.. row.Select(Guarded)]);
        return text.ToString();
    }

    /// <summary>All lines that hold something, the first included. Its separator is the one that the first line uses most.</summary>
    /// <exception cref="FormatException">It is no table.</exception>
    public static IReadOnlyList<CsvLine> Read(string text)
    {
        var lines = new List<CsvLine>();
        try
        {
            using var csv = CsvReader.FromText(text, new CsvReaderOptions { HasHeader = false, TrackLineNumbers = true, Separator = SeparatorOf(text) });
            while (csv.Read()) lines.Add(new((int)csv.LineNumber, [.. Enumerable.Range(0, csv.FieldCount).Select(i => Unguarded(csv.GetString(i)))]));
        }
        catch (CsvFormatException e)
        {
            throw new FormatException(e.Message, e);
        }
        return lines;
    }

    /// <summary>The bytes of a file as text: UTF-8, or what spreadsheet programs wrote before.</summary>
    public static string Decode(ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith(Encoding.UTF8.Preamble)) bytes = bytes[Encoding.UTF8.Preamble.Length..];
        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return CodePagesEncodingProvider.Instance.GetEncoding(1252)!.GetString(bytes);
        }
    }

    /// <summary>Null where the table says it itself: <c>sep=;</c>.</summary>
    private static char? SeparatorOf(string text)
    {
        if (text.StartsWith("sep=", StringComparison.OrdinalIgnoreCase)) return null;
        var head = text.AsSpan(0, text.IndexOf('\n', StringComparison.Ordinal) is > 0 and var end ? end : text.Length);
        var (best, most) = (';', head.Count(';'));
        foreach (var other in ",\t")
            if (head.Count(other) is var count && count > most) (best, most) = (other, count);
        return best;
    }

    private static string Guarded(string field) => IsDangerous(field) ? Guard + field : field;

    private static string Unguarded(string field) => field.Length > 1 && field[0] == Guard && IsDangerous(field) ? field[1..] : field;

    private static bool IsDangerous(string field) =>
        field.TrimStart(Guard) is [var first, ..] && first is '=' or '+' or '-' or '@' or '\t' or '\r' or '\n' or '＝' or '＋' or '－' or '＠';
}

/// <summary>A line of a table.</summary>
/// <param name="Number">Where it begins in the file, from 1.</param>
/// <param name="Fields">Its cells.</param>
public sealed record CsvLine(int Number, IReadOnlyList<string> Fields);
