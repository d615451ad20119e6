using System.Buffers;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Spreadsheet;

namespace Inforzap.Files;

/// <summary>
/// Sheets of spreadsheet programs (.xlsx). Read cell by cell and with bounds, since a few bytes can unfold into any number of them;
/// a formula is the value that its program found last, and nothing is computed or fetched.
/// </summary>
public static partial class Sheet
{
    /// <summary>All that the file unfolds into, in bytes.</summary>
    public const int MaxUnfolded = 48_000_000;

    // What is read as a whole and not piece by piece: its parts' list, its styles.
    private const int MaxWhole = 2_000_000;
    private const int MaxRows = 100_000;
    private const int MaxColumns = 200;
    private const int MaxCell = 32_767;
    // So many cells that hold nothing take no room, but time.
    private const int MaxCells = 2_000_000;

    /// <summary>It begins like such a file.</summary>
    public static bool Is(ReadOnlySpan<byte> bytes) => bytes.StartsWith("PK\x03\x04"u8);

    /// <summary>The first sheet as a table, each row in its line.</summary>
    /// <param name="bytes">The file.</param>
    /// <param name="most">The longest text, in characters.</param>
    /// <exception cref="FormatException">It is no sheet, or unfolds into too much.</exception>
    public static string ToCsv(byte[] bytes, int most)
    {
        try
        {
            RequireBounded(bytes);
            using var document = SpreadsheetDocument.Open(new MemoryStream(bytes, writable: false), isEditable: false);
            return Lines([.. Rows(document.WorkbookPart ?? throw new FormatException("It has no workbook."), most)]);
        }
        catch (Exception e) when (e is OpenXmlPackageException or InvalidDataException or FileFormatException or XmlException or InvalidOperationException or ArgumentException or OverflowException or KeyNotFoundException or IOException or NotSupportedException)
        {
            throw new FormatException(e.Message, e);
        }
    }

    /// <summary>Rows end with their last cell that holds something; tables have as many cells in every line. Rows without any are empty lines.</summary>
    private static string Lines(List<IReadOnlyList<string>> rows)
    {
        var width = rows.Count == 0 ? 0 : rows.Max(r => r.Count);
        if ((long)width * rows.Count(r => r.Count > 0) > MaxCells) throw new FormatException("It has too many cells.");
        return string.Concat(rows.Select(r => r.Count == 0 ? "\n" : Csv.Write([[.. r, .. Enumerable.Repeat("", width - r.Count)]])));
    }

    /// <summary>A table as a sheet. Every cell is text, so that no number loses its zeros and nothing is a formula.</summary>
    public static byte[] Write(IEnumerable<IReadOnlyList<string>> rows)
    {
        using var bytes = new MemoryStream();
        using (var document = SpreadsheetDocument.Create(bytes, SpreadsheetDocumentType.Workbook))
        {
            var workbook = document.AddWorkbookPart();
            var part = workbook.AddNewPart<WorksheetPart>();
            using (var writer = OpenXmlWriter.Create(part))
            {
                writer.WriteStartElement(new Worksheet());
                writer.WriteStartElement(new SheetData());
                foreach (var row in rows)
                {
                    writer.WriteStartElement(new Row());
                    foreach (var cell in row)
                        writer.WriteElement(new Cell(new InlineString(new DocumentFormat.OpenXml.Spreadsheet.Text(Writable(cell)) { Space = SpaceProcessingModeValues.Preserve })) { DataType = CellValues.InlineString });
                    writer.WriteEndElement();
                }
                writer.WriteEndElement();
                writer.WriteEndElement();
            }
            workbook.Workbook = new Workbook(new Sheets(new DocumentFormat.OpenXml.Spreadsheet.Sheet { Id = workbook.GetIdOfPart(part), SheetId = 1, Name = "1" }));
        }
        return bytes.ToArray();
    }

    /// <summary>Unfolds everything once without keeping it: what the file says of its own size proves nothing.</summary>
    private static void RequireBounded(byte[] bytes)
    {
        using var zip = new ZipArchive(new MemoryStream(bytes, writable: false), ZipArchiveMode.Read);
        if (zip.Entries.Count > 500) throw new FormatException("It has too many parts.");
        var left = (long)MaxUnfolded;
        foreach (var entry in zip.Entries)
        {
            using var stream = entry.Open();
            var isList = entry.FullName.EndsWith(".rels", StringComparison.OrdinalIgnoreCase) || entry.FullName.Equals("[Content_Types].xml", StringComparison.OrdinalIgnoreCase);
            left -= Bounded(stream, isList ? Math.Min(MaxWhole, left) : left);
        }
    }

    private static long Bounded(Stream stream, long most)
    {
        var buffer = new byte[81_920];
        var sum = 0L;
        for (int read; (read = stream.Read(buffer)) > 0;)
            if ((sum += read) > most) throw new FormatException("It unfolds into too much.");
        return sum;
    }

    private static void RequireBounded(OpenXmlPart part)
    {
        using var stream = part.GetStream(FileMode.Open, FileAccess.Read);
        Bounded(stream, MaxWhole);
    }

    private static IEnumerable<IReadOnlyList<string>> Rows(WorkbookPart workbook, int most)
    {
        RequireBounded(workbook);
        if (workbook.WorkbookStylesPart is { } styled) RequireBounded(styled);
        var first = workbook.Workbook?.Sheets?.Elements<DocumentFormat.OpenXml.Spreadsheet.Sheet>().FirstOrDefault(s => s.Id?.Value is not null && (s.State is null || s.State.Value == SheetStateValues.Visible))
            ?? throw new FormatException("It has no sheet.");
        if (workbook.GetPartById(first.Id!.Value!) is not WorksheetPart sheet) throw new FormatException("Its first sheet is none.");
        var shared = workbook.SharedStringTablePart is { } strings ? Shared(strings) : [];
        var dates = workbook.WorkbookStylesPart?.Stylesheet is { } styles ? DateStyles(styles) : [];
        var epoch = workbook.Workbook.WorkbookProperties?.Date1904?.Value == true ? 1462 : 0;
        var (line, left) = (0, most);
        foreach (var (number, cells) in Read(sheet, shared, dates, epoch))
        {
            if (number > MaxRows) throw new FormatException("It has too many rows.");
            // Rows without anything are not in the file, and lines are named as the program numbers them.
            for (; line < number - 1; line++) yield return [];
            if ((left -= cells.Sum(c => c.Length + 1)) < 0) throw new FormatException("It holds too much.");
            line++;
            yield return cells;
        }
    }

    private static IEnumerable<(int Number, List<string> Cells)> Read(WorksheetPart sheet, List<string> shared, HashSet<int> dates, int epoch)
    {
        using var reader = OpenXmlReader.Create(sheet);
        var cells = new List<string>();
        var text = new StringBuilder();
        var (row, column, count, style) = (0, 0, 0, -1);
        string? kind = null;
        while (reader.Read())
        {
            if (reader.ElementType == typeof(Row))
            {
                if (reader.IsStartElement)
                {
                    var named = Attribute(reader, "r") is { } r ? int.Parse(r, NumberStyles.None, CultureInfo.InvariantCulture) : row + 1;
                    if (named <= row) throw new FormatException("Its rows go backwards.");
                    (row, column) = (named, 0);
                    cells = [];
                }
                if (reader.IsEndElement && cells.Exists(c => c.Length > 0)) yield return (row, cells);
            }
            else if (reader.ElementType == typeof(Cell))
            {
                if (reader.IsStartElement)
                {
                    if (++count > MaxCells) throw new FormatException("It has too many cells.");
                    column = Attribute(reader, "r") is { } at ? ColumnOf(at) : column + 1;
                    kind = Attribute(reader, "t");
                    style = Attribute(reader, "s") is { } s ? int.Parse(s, NumberStyles.None, CultureInfo.InvariantCulture) : -1;
                    text.Clear();
                }
                if (reader.IsEndElement && text.Length > 0 && column <= MaxColumns)
                {
                    while (cells.Count < column) cells.Add("");
                    cells[column - 1] = Shown(text.ToString(), kind, shared, dates.Contains(style), epoch);
                }
            }
            else if (reader.IsStartElement && (reader.ElementType == typeof(CellValue) || (kind == "inlineStr" && reader.ElementType == typeof(DocumentFormat.OpenXml.Spreadsheet.Text)))) Append(text, reader.GetText());
        }
    }

    private static void Append(StringBuilder text, string more) => text.Append(more.AsSpan(0, Math.Min(more.Length, MaxCell - Math.Min(text.Length, MaxCell))));

    private static List<string> Shared(SharedStringTablePart part)
    {
        var strings = new List<string>();
        var text = new StringBuilder();
        var spoken = 0;
        using var reader = OpenXmlReader.Create(part);
        while (reader.Read())
        {
            // How a word is read aloud stands beside it, and is no part of it.
            if (reader.ElementType == typeof(PhoneticRun)) spoken += reader.IsStartElement ? 1 : 0;
            if (reader.ElementType == typeof(PhoneticRun) && reader.IsEndElement) spoken--;
            if (reader.ElementType == typeof(SharedStringItem))
            {
                if (reader.IsStartElement) text.Clear();
                if (reader.IsEndElement) strings.Add(Unescaped(text.ToString()));
            }
            else if (reader.IsStartElement && spoken == 0 && reader.ElementType == typeof(DocumentFormat.OpenXml.Spreadsheet.Text)) Append(text, reader.GetText());
        }
        return strings;
    }

    private static string Shown(string raw, string? kind, List<string> shared, bool isDate, int epoch) => kind switch
    {
        "s" => int.TryParse(raw, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < shared.Count ? shared[index] : throw new FormatException("It names a text that it lacks."),
        "inlineStr" or "str" => Unescaped(raw),
        "b" => raw == "1" ? "sim" : "nao",
        "e" => "",
        "d" => DateTime.TryParse(raw, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var day) ? Shown(day) : raw,
        _ => double.TryParse(raw, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? Shown(number, isDate, epoch) : raw,
    };

    private static string Shown(double number, bool isDate, int epoch) => number switch
    {
        _ when isDate && number + epoch is > 0 and < 2_958_466 => Shown(DateTime.FromOADate(number + epoch)),
        // Numbers of telephones and documents are figures there, and may not become 5.5E+12.
        _ when Math.Abs(number) < 1e15 && Math.Floor(number) == number => number.ToString("0", CultureInfo.InvariantCulture),
        _ => number.ToString(CultureInfo.CurrentCulture),
    };

    private static string Shown(DateTime time) => time.ToString(time.TimeOfDay == default ? "dd/MM/yyyy" : "dd/MM/yyyy HH:mm", CultureInfo.InvariantCulture);

    /// <summary>The styles under which a figure is a day.</summary>
    private static HashSet<int> DateStyles(Stylesheet styles)
    {
        var own = (styles.NumberingFormats?.Elements<NumberingFormat>() ?? []).Where(f => f.NumberFormatId is not null).GroupBy(f => f.NumberFormatId!.Value)
            .ToDictionary(g => g.Key, g => IsDate(g.Last().FormatCode?.Value ?? ""));
        return [.. (styles.CellFormats?.Elements<CellFormat>() ?? []).Index()
            .Where(x => x.Item.NumberFormatId?.Value is { } id && (own.TryGetValue(id, out var isDate) ? isDate : id is (>= 14 and <= 22) or (>= 45 and <= 47))).Select(x => x.Index)];
    }

    private static readonly SearchValues<char> PartsOfDays = SearchValues.Create("dmyhDMYH");

    private static bool IsDate(string format) => Asides().Replace(format, "").AsSpan().ContainsAny(PartsOfDays);

    private static int ColumnOf(string cell)
    {
        var column = 0;
        foreach (var c in cell.TakeWhile(char.IsAsciiLetter)) column = column > MaxColumns ? column : column * 26 + (char.ToUpperInvariant(c) - 'A' + 1);
        return column > 0 ? column : throw new FormatException("A cell has no place.");
    }

    private static string? Attribute(OpenXmlReader reader, string name)
    {
        foreach (var attribute in reader.Attributes)
            if (attribute.LocalName == name && attribute.NamespaceUri.Length == 0) return attribute.Value;
        return null;
    }

    /// <summary>Signs that the format can't hold stand in it by their numbers: _x000D_.</summary>
    private static string Unescaped(string text) =>
        text.Contains("_x", StringComparison.Ordinal) ? Escapes().Replace(text, m => ((char)int.Parse(m.ValueSpan[2..6], NumberStyles.HexNumber, CultureInfo.InvariantCulture)).ToString()) : text;

    private static string Writable(string text)
    {
        var cut = Data.CleanText.Of(text, MaxCell);
        return cut.All(c => XmlConvert.IsXmlChar(c) || char.IsSurrogate(c)) ? cut : new([.. cut.Where(c => XmlConvert.IsXmlChar(c) || char.IsSurrogate(c))]);
    }

    [GeneratedRegex(@"_x[0-9A-Fa-f]{4}_", RegexOptions.CultureInvariant)]
    private static partial Regex Escapes();

    // Words in quotes, colours and conditions in brackets, and single signs that stand for themselves.
    [GeneratedRegex(@"""[^""]*""|\[[^\]]*\]|\\.|_.", RegexOptions.CultureInvariant)]
    private static partial Regex Asides();
}
