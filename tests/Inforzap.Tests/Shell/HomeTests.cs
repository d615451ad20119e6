using Bunit;
using Inforzap.Host;
using Inforzap.Host.Shell;
using Inforzap.Requests;
using Inforzap.Tests.Support;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;

namespace Inforzap.Tests.Shell;

public sealed class HomeTests : ComponentTest
{
    public HomeTests() => Services.AddSingleton(sp => new ShellMenu(Modules.All, Settings, sp.GetRequiredService<IStringLocalizerFactory>()));

    [Fact]
    public void The_dashboard_stands_first_in_the_menu() =>
        Assert.Equal(["/dashboard", "/desk"], Services.GetRequiredService<ShellMenu>().For(SignIn("Ana", "dashboard.see", "tickets.see")).Select(i => i.Href));

    /// <summary>People begin where they work.</summary>
    [Theory]
    [InlineData("/desk", "dashboard.see", "tickets.see")]
    [InlineData("/quick-messages", "dashboard.see", "quick.see")]
    [InlineData("/dashboard", "dashboard.see")]
    public void Who_comes_in_is_led_to_the_first_place_of_work(string to, params string[] permissions)
    {
        IActor me = SignIn("Ana", permissions);
        Render<CascadingValue<IActor>>(p => p.Add(c => c.Value, me).AddChildContent<Home>());
        Assert.EndsWith(to, Services.GetRequiredService<NavigationManager>().Uri);
    }
}
