using Inforzap.Data;

namespace Inforzap.Tests.Core.Data;

public sealed class TaxIdTests
{
    [Theory]
    [InlineData("529.982.247-25", "52998224725")]
    [InlineData(" 52998224725 ", "52998224725")]
    [InlineData("529.982.247-24", null)]
    [InlineData("529.982.347-25", null)]
    [InlineData("111.111.111-11", null)]
    [InlineData("5299822472", null)]
    // What a spreadsheet program leaves of 012.345.678-90.
    [InlineData("1234567890", "01234567890")]
    [InlineData("123.456.78-90", null)]
    [InlineData("11.222.333/0001-81", "11222333000181")]
    [InlineData("11.222.333/0001-82", null)]
    [InlineData("12.ABC.345/01DE-35", "12ABC34501DE35")]
    [InlineData("12abc34501de35", "12ABC34501DE35")]
    [InlineData("12.ABC.345/01DE-3A", null)]
    [InlineData("00.000.000/0000-00", null)]
    [InlineData("529x982x247x25", null)]
    [InlineData("٥٢٩٩٨٢٢٤٧٢٥", null)]
    [InlineData("", null)]
    public void Check_digits_find_slips(string typed, string? kept) => Assert.Equal(kept, TaxId.Normalise(typed));

    [Theory]
    [InlineData("52998224725", "529.982.247-25")]
    [InlineData("12ABC34501DE35", "12.ABC.345/01DE-35")]
    public void People_see_points_and_a_dash(string kept, string shown) => Assert.Equal(shown, TaxId.Format(kept));
}
