using Bunit;
using Inforzap.Tests.Support;
using Inforzap.Ui;
using MudBlazor;

namespace Inforzap.Tests.Core.Ui;

public sealed class GlyphTests : ComponentTest
{
    [Theory]
    [InlineData(Size.Small, null)]
    [InlineData(Size.Medium, "row-kind")]
    public void It_is_what_MudIcon_draws(Size size, string? more) =>
        Render<MudIcon>(p => p.Add(i => i.Icon, Icons.Material.Outlined.Reply).Add(i => i.Size, size).Add(i => i.Class, more)).MarkupMatches(Glyph.Of(Icons.Material.Outlined.Reply, size, more).Value);

    [Fact]
    public void No_icon_is_nothing() => Assert.True(string.IsNullOrEmpty(Glyph.Of("").Value));
}
