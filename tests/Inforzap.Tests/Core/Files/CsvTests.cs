using System.Text;
using Inforzap.Files;

namespace Inforzap.Tests.Core.Files;

public sealed class CsvTests
{
    public static TheoryData<string> Cells() =>
    [
        "simples", "", "com ; e , e \" e '", "duas\nlinhas", "duas\r\nlinhas", "=1+1", "+55 11", "-2", "@SUM(A1)", "\tcmd", "'=1", "''=1", "'apóstrofo", "＝cmd", "çãé 👍", " espaço ",
    ];

    [Theory, MemberData(nameof(Cells))]
    public void What_is_written_comes_back(string cell)
    {
        var lines = Csv.Read(Csv.Write([["a", "b"], [cell, "fim"]]));
        Assert.Equal([cell, "fim"], lines[1].Fields);
    }

    [Theory]
    [InlineData("=cmd|' /C calc'!A0")]
    [InlineData("+1")]
    [InlineData("-1")]
    [InlineData("@x")]
    [InlineData("\t=1")]
    [InlineData("\r=1")]
    [InlineData("＝1")]
    public void No_cell_is_a_formula(string cell) =>
        Assert.StartsWith("'", Csv.Write([[cell]]).TrimStart('"'), StringComparison.Ordinal);

    [Theory]
    [InlineData("a;b\n1;2")]
    [InlineData("a,b\r\n1,2\r\n")]
    [InlineData("a\tb\n1\t2\n\n")]
    [InlineData("\"a\";\"b\"\n\"1\";\"2\"")]
    public void Tables_of_several_programs_are_read(string text) =>
        Assert.Equal([["a", "b"], ["1", "2"]], Csv.Read(text).Select(l => l.Fields));

    [Fact]
    public void Lines_are_numbered_as_in_the_file() =>
        Assert.Equal([1, 2, 4, 6], Csv.Read("a;b\n\"x\ny\";1\nz;2\n\nw;3").Select(l => l.Number));

    [Fact]
    public void Old_encodings_are_told_from_new_ones()
    {
        Assert.Equal("ação", Csv.Decode(Encoding.UTF8.GetBytes("ação")));
        Assert.Equal("ação", Csv.Decode([.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes("ação")]));
        Assert.Equal("ação", Csv.Decode(Encoding.Latin1.GetBytes("ação")));
    }
}
