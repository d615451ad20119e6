using Bunit;
using Inforzap.Channels.Manage;
using Inforzap.Contracts.Channels;
using Inforzap.Requests;
using Inforzap.Tests.Support;
using Inforzap.Ui;

namespace Inforzap.Tests.Channels;

public sealed class ChannelsPageTests : ComponentTest
{
    private static readonly ChannelRow Bot = new(Guid.NewGuid(), "loja", "telegram", "Telegram", "Loja", null, ChannelState.Connected, null, true, false, null, null, false, false, true, 1);

    private IRenderedComponent<ChannelsPage> Show(ChannelRow row)
    {
        var actor = SignIn("Ana", "channels.see", "channels.edit");
        Services.AddCascadingValue<IActor>(_ => actor);
        Mediator.On<ListChannels, ChannelList>(_ => new ChannelList([row], [], [], null));
        Mediator.On<ListPlugins, IReadOnlyList<PluginInfoRow>>(_ => []);
        RenderProviders();
        return Render<ChannelsPage>();
    }

    [Fact]
    public void A_connected_account_shows_its_link_and_the_link_as_a_picture()
    {
        var page = Show(Bot with { Account = "@loja_bot", Link = "https://t.me/loja_bot" });
        Assert.Equal("https://t.me/loja_bot", page.Find(".channel-card input").GetAttribute("value"));
        Assert.Contains("@loja_bot", page.Find(".copy-label").TextContent);
        Assert.Single(page.FindAll("details.channel-qr svg.qr"));
        Assert.Empty(page.FindAll(".channel-pairing"));
    }

    [Fact]
    public void A_code_to_pair_stands_open_on_the_card()
    {
        var page = Show(Bot with { State = ChannelState.NeedsPairing, Pairing = "2@abc" });
        Assert.Single(page.FindAll(".channel-pairing > svg.qr"));
        Assert.DoesNotContain("2@abc", page.Markup, StringComparison.Ordinal);
    }

    /// <summary>Version 1 of the standard: 21 modules and a quiet zone of four on each side; three corners with a square of seven.</summary>
    [Fact]
    public void A_picture_has_the_corners_that_cameras_look_for()
    {
        var code = Render<QrCode>(p => p.Add(q => q.Text, "abc").Add(q => q.Label, "código"));
        Assert.Equal("0 0 29 29", code.Find("svg").GetAttribute("viewBox"));
        var dark = code.Find("path").GetAttribute("d")!.Split('M', StringSplitOptions.RemoveEmptyEntries).Select(m => m[..m.IndexOf('h')]).ToHashSet();
        foreach (var (x, y) in new[] { (4, 4), (18, 4), (4, 18) })
        {
            Assert.All(Enumerable.Range(0, 7), i => Assert.Contains($"{x + i} {y}", dark));
            Assert.DoesNotContain($"{x + 1} {y + 1}", dark);
            Assert.Contains($"{x + 3} {y + 3}", dark);
        }
        Assert.DoesNotContain(dark, m => m.StartsWith("3 ", StringComparison.Ordinal));
    }
}
