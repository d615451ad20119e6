using System.Globalization;
using System.IO.Compression;
using System.Text;
using Inforzap.Files;

namespace Inforzap.Tests.Core.Files;

/// <summary>Sheets are made here as programs make them, and as somebody makes them who means harm.</summary>
public sealed class SheetTests
{
    private const int Most = 4_000_000;
    private const string Main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";

    private static byte[] Of(string rows, string shared = "", string styles = "", string workbook = "", Action<ZipArchive>? more = null)
    {
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            void Add(string name, string text)
            {
                using var writer = new StreamWriter(zip.CreateEntry(name).Open());
                writer.Write(text);
            }
            const string types = "application/vnd.openxmlformats-officedocument.spreadsheetml";
            const string relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
            Add("[Content_Types].xml", $"""<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="{types}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="{types}.worksheet+xml"/><Override PartName="/xl/sharedStrings.xml" ContentType="{types}.sharedStrings+xml"/><Override PartName="/xl/styles.xml" ContentType="{types}.styles+xml"/></Types>""");
            Add("_rels/.rels", $"""<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="{relations}/officeDocument" Target="xl/workbook.xml"/></Relationships>""");
            Add("xl/_rels/workbook.xml.rels", $"""<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="{relations}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="{relations}/sharedStrings" Target="sharedStrings.xml"/><Relationship Id="r3" Type="{relations}/styles" Target="styles.xml"/></Relationships>""");
            Add("xl/workbook.xml", $"""<workbook xmlns="{Main}" xmlns:r="{relations}">{workbook}<sheets><sheet name="Plan1" sheetId="1" r:id="r1"/></sheets></workbook>""");
            Add("xl/sharedStrings.xml", $"""<sst xmlns="{Main}">{shared}</sst>""");
            Add("xl/styles.xml", $"""<styleSheet xmlns="{Main}">{styles}</styleSheet>""");
            Add("xl/worksheets/sheet1.xml", rows.StartsWith('<') && rows.StartsWith("<?", StringComparison.Ordinal) ? rows : $"""<worksheet xmlns="{Main}"><sheetData>{rows}</sheetData></worksheet>""");
            more?.Invoke(zip);
        }
        return bytes.ToArray();
    }

    private static List<string> Cells(byte[] sheet, int line = 0) => [.. Csv.Read(Sheet.ToCsv(sheet, Most))[line].Fields];

    [Fact]
    public void Texts_figures_days_and_answers_are_read_as_people_see_them()
    {
        CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("pt-BR");
        var sheet = Of("""
            <row r="1"><c r="A1" t="s"><v>1</v></c><c r="B1" t="inlineStr"><is><r><t>Ma</t></r><r><t>ria</t></r></is></c><c r="C1"><v>5511985550101</v></c><c r="D1"><v>5.511985550101E12</v></c>
            <c r="E1" s="1"><v>33238</v></c><c r="F1" s="2"><v>33238.5</v></c><c r="G1" t="b"><v>1</v></c><c r="H1"><v>99.9</v></c><c r="I1" t="e"><v>#REF!</v></c><c r="J1" t="str"><f>1+1</f><v>2</v></c><c r="L1" t="s"><v>0</v></c></row>
            """, "<si><r><t>Olá, </t></r><r><t>mundo_x000A_</t></r></si><si><t>João</t><rPh sb=\"0\" eb=\"1\"><t>jo</t></rPh></si>",
            "<numFmts><numFmt numFmtId=\"170\" formatCode=\"dd/mm/yyyy\\ hh:mm\"/></numFmts><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/><xf numFmtId=\"170\"/></cellXfs>");
        Assert.Equal(["João", "Maria", "5511985550101", "5511985550101", "31/12/1990", "31/12/1990 12:00", "sim", "99,9", "", "2", "", "Olá, mundo\n"], Cells(sheet));
    }

    [Fact]
    public void Days_of_the_other_calendar_are_read_too() =>
        Assert.Equal(["31/12/1990"], Cells(Of("<row r=\"1\"><c r=\"A1\" s=\"1\"><v>31776</v></c></row>", styles: "<cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/></cellXfs>", workbook: "<workbookPr date1904=\"1\"/>")));

    [Fact]
    public void A_format_with_words_in_it_is_no_day() =>
        Assert.Equal(["33238"], Cells(Of("<row r=\"1\"><c r=\"A1\" s=\"1\"><v>33238</v></c></row>", styles: "<numFmts><numFmt numFmtId=\"170\" formatCode=\"0&quot; dias&quot;[Red]\"/></numFmts><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"170\"/></cellXfs>")));

    [Fact]
    public void A_formula_is_the_value_that_was_found_and_never_run() =>
        Assert.Equal(["'=cmd", "7"], Cells(Of("<row r=\"1\"><c r=\"A1\" t=\"str\"><f>WEBSERVICE(\"http://x.example\")</f><v>'=cmd</v></c><c r=\"B1\"><f>3+4</f><v>7</v></c></row>")));

    [Fact]
    public void Lines_are_numbered_as_the_program_numbers_its_rows()
    {
        var lines = Csv.Read(Sheet.ToCsv(Of("<row r=\"2\"><c r=\"A2\" t=\"str\"><v>a</v></c></row><row r=\"3\"/><row r=\"6\"><c r=\"B6\" t=\"str\"><v>b</v></c></row>"), Most));
        Assert.Equal([(2, "a|"), (6, "|b")], lines.Select(l => (l.Number, string.Join('|', l.Fields))));
    }

    [Theory]
    [InlineData("simples")]
    [InlineData("=1+1")]
    [InlineData("+5511985550101")]
    [InlineData("0042")]
    [InlineData(" duas\nlinhas; \"e\" <mais> & 👍 ")]
    public void What_is_written_comes_back(string cell) =>
        Assert.Equal([cell, "fim"], Cells(Sheet.Write([["a", "b"], [cell, "fim"]]), 1));

    [Fact]
    public void Signs_that_no_sheet_holds_are_left_out() => Assert.Equal(["ab"], Cells(Sheet.Write([["a\u0001b\uFFFF"]])));

    [Fact]
    public void Nothing_written_is_a_formula()
    {
        using var zip = new ZipArchive(new MemoryStream(Sheet.Write([["=1+1", "@SUM(A1)"]])));
        var texts = zip.Entries.Select(e => new StreamReader(e.Open()).ReadToEnd()).ToList();
        Assert.DoesNotContain(texts, x => x.Contains("<x:f", StringComparison.Ordinal) || x.Contains("<f>", StringComparison.Ordinal));
        Assert.Contains(texts, x => x.Contains("inlineStr", StringComparison.Ordinal));
    }

    public static TheoryData<string> Hostile() => ["bomb", "types", "relations", "styles", "cells", "far", "rows", "repeated", "entity", "cut", "empty", "strange", "backwards", "lost", "index"];

    [Theory, MemberData(nameof(Hostile))]
    public void What_means_harm_is_refused_soon(string what)
    {
        const string a = "<row r=\"1\"><c r=\"A1\" t=\"str\"><v>a</v></c></row>";
        var bytes = what switch
        {
            "bomb" => Of(a, more: zip => Fill(zip, "xl/media/x.bin", Sheet.MaxUnfolded + 1)),
            "types" => Of(a, more: zip => Fill(zip, "xl/worksheets/_rels/sheet1.xml.rels", 3_000_000)),
            "relations" => Of(a, more: zip => { for (var n = 0; n < 600; n++) zip.CreateEntry($"x{n}"); }),
            "styles" => Of(a, styles: "<cellXfs>" + new StringBuilder().Insert(0, "<xf/>", 500_000) + "</cellXfs>"),
            "cells" => Of("<row r=\"1\">" + new StringBuilder().Insert(0, "<c/>", 2_100_000) + "</row>"),
            "far" => Of("<row r=\"1048576\"><c r=\"A1\" t=\"str\"><v>a</v></c></row>"),
            "rows" => Of(a + "<row r=\"99999999999\"><c r=\"A1\" t=\"str\"><v>a</v></c></row>"),
            "repeated" => Of(string.Concat(Enumerable.Range(1, 500).Select(n => $"<row r=\"{n}\"><c r=\"A{n}\" t=\"s\"><v>0</v></c></row>")), $"<si><t>{new string('x', 30_000)}</t></si>"),
            "entity" => Of($"<?xml version=\"1.0\"?><!DOCTYPE worksheet [<!ENTITY x \"xxxxxxxxxx\">]><worksheet xmlns=\"{Main}\"><sheetData><row r=\"1\"><c r=\"A1\" t=\"str\"><v>&x;</v></c></row></sheetData></worksheet>"),
            "cut" => Of(a)[..^200],
            "empty" => [.. "PK\x03\x04"u8],
            "strange" => Strange(),
            "backwards" => Of(a + a),
            "lost" => Of("<row r=\"1\"><c r=\"1\" t=\"str\"><v>a</v></c></row>"),
            _ => Of("<row r=\"1\"><c r=\"A1\" t=\"s\"><v>7</v></c></row>"),
        };
        var clock = System.Diagnostics.Stopwatch.StartNew();
        Assert.Throws<FormatException>(() => Sheet.ToCsv(bytes, Most));
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(20), $"It took {clock.Elapsed}.");
    }

    /// <summary>Columns far to the right are left out, not made.</summary>
    [Fact]
    public void A_sheet_has_so_many_columns() =>
        Assert.Equal(["a"], Cells(Of("<row r=\"1\"><c r=\"A1\" t=\"str\"><v>a</v></c><c r=\"XFD1\" t=\"str\"><v>b</v></c><c r=\"ZZZZZZZZZZZZ1\" t=\"str\"><v>c</v></c></row>")));

    private static byte[] Strange()
    {
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true)) Fill(zip, "carta.txt", 10);
        return bytes.ToArray();
    }

    private static void Fill(ZipArchive zip, string name, int size)
    {
        using var stream = zip.CreateEntry(name, CompressionLevel.Fastest).Open();
        var block = new byte[81_920];
        Array.Fill(block, (byte)' ');
        for (var left = size; left > 0; left -= block.Length) stream.Write(block, 0, Math.Min(left, block.Length));
    }
}
