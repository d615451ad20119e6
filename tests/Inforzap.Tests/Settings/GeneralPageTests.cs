using Bunit;
using Inforzap.Contracts.Settings;
using Inforzap.Live;
using Inforzap.Requests;
using Inforzap.Settings.General;
using Inforzap.Tests.Support;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace Inforzap.Tests.Settings;

public sealed class GeneralPageTests : ComponentTest
{
    private readonly Dictionary<string, SettingState> states = Setting.All.Values.ToDictionary(s => s.Name, s => new SettingState(s.Default, null));

    private IRenderedComponent<GeneralPage> Page()
    {
        Mediator.On<ReadSettings, IReadOnlyDictionary<string, SettingState>>(_ => new Dictionary<string, SettingState>(states));
        RenderProviders();
        IActor me = SignIn("Eu", "settings.edit");
        return Render<CascadingValue<IActor>>(p => p.Add(c => c.Value, me).AddChildContent<GeneralPage>()).FindComponent<GeneralPage>();
    }

    private static void Type(IRenderedComponent<GeneralPage> page, Setting setting, string value) => page.Find($"[name='{setting.Name}']").Input(value);

    [Fact(DisplayName = "Every general setting that is there stands on the page, with words of its own")]
    public void All()
    {
        var page = Page();
        Assert.Empty(Setting.All.Values.Where(s => s.Kind != SettingKind.Choices && !s.HasOwnPage && page.FindAll($"[name='{s.Name}']").Count != 1).Select(s => s.Name));
        Assert.DoesNotContain("Set.", page.Markup, StringComparison.Ordinal);
        Assert.DoesNotContain("SetHelp.", page.Markup, StringComparison.Ordinal);
    }

    [Fact(DisplayName = "Only what was changed is saved, and only by the button")]
    public void Saves()
    {
        Mediator.On<ChangeSettings>();
        var page = Page();
        Assert.Empty(page.FindAll(".save-bar"));
        Type(page, Setting.CompanyName, "Padaria");
        page.Find($"[name='{Setting.Counters.Name}']").Change(false);
        Assert.NotEmpty(page.FindAll(".save-bar"));
        Assert.Empty(Mediator.SentOf<ChangeSettings>());
        states[Setting.CompanyName.Name] = new("Padaria", null);
        states[Setting.Counters.Name] = new("false", null);
        Mediator.On<ReadSettings, IReadOnlyDictionary<string, SettingState>>(_ => new Dictionary<string, SettingState>(states));
        page.Find("#general-form").Submit();
        page.WaitForAssertion(() => Assert.Empty(page.FindAll(".save-bar")));
        Assert.Equal(new Dictionary<string, string> { ["company.name"] = "Padaria", ["tickets.counters"] = "false" }, Assert.Single(Mediator.SentOf<ChangeSettings>()).Values);
    }

    [Theory(DisplayName = "Who begins or shortens the retention is asked first; who lengthens it, or ends it, is not")]
    [InlineData("0", "30", true)]
    [InlineData("365", "30", true)]
    [InlineData("30", "365", false)]
    [InlineData("30", "0", false)]
    public void Retention(string before, string now, bool asks)
    {
        states[Setting.MessageRetentionDays.Name] = new(before, null);
        Mediator.On<ChangeSettings>();
        Mediator.On<ReadSettings, IReadOnlyDictionary<string, SettingState>>(_ => new Dictionary<string, SettingState>(states));
        Render<MudPopoverProvider>();
        var dialogs = Render<MudDialogProvider>();
        Render<MudSnackbarProvider>();
        IActor me = SignIn("Eu", "settings.edit");
        var page = Render<CascadingValue<IActor>>(p => p.Add(c => c.Value, me).AddChildContent<GeneralPage>()).FindComponent<GeneralPage>();
        Type(page, Setting.MessageRetentionDays, now);
        page.Find("#general-form").Submit();
        if (asks)
        {
            dialogs.WaitForAssertion(() => Assert.Contains("mais de 30 dias", dialogs.Markup, StringComparison.Ordinal));
            Assert.Empty(Mediator.SentOf<ChangeSettings>());
            dialogs.FindAll("button").Single(b => b.TextContent.Trim() == "Remover").Click();
        }
        page.WaitForAssertion(() => Assert.Equal(now, Assert.Single(Mediator.SentOf<ChangeSettings>()).Values[Setting.MessageRetentionDays.Name]));
    }

    [Fact(DisplayName = "A wrong field says why, keeps what was typed, and can be taken back")]
    public void Wrong()
    {
        Mediator.On<ChangeSettings>(_ => throw new Refusal("x") { Fields = new Dictionary<string, string> { ["tickets.list-size"] = "Digite um número de 10 a 500." } });
        var page = Page();
        Type(page, Setting.ListSize, "9");
        page.Find("#general-form").Submit();
        page.WaitForAssertion(() => Assert.Equal("Digite um número de 10 a 500.", page.Find(".field-error").TextContent));
        Assert.Equal(("true", "9"), (page.Find("[name='tickets.list-size']").GetAttribute("aria-invalid"), page.Find("[name='tickets.list-size']").GetAttribute("value")));
        page.Find(".save-bar button").Click();
        Assert.Equal("50", page.Find("[name='tickets.list-size']").GetAttribute("value"));
        Assert.Empty(page.FindAll(".field-error"));
        Assert.Empty(page.FindAll(".save-bar"));
    }

    [Fact(DisplayName = "What the operator fixed can't be typed over, and says by what")]
    public void Fixed()
    {
        states[Setting.PublicUrl.Name] = new("https://fixed.example", "Public__Url");
        var page = Page();
        Assert.True(page.Find("[name='company.public-url']").HasAttribute("disabled"));
        Assert.Contains("Public__Url", page.Markup, StringComparison.Ordinal);
    }

    [Fact(DisplayName = "What somebody else saves comes in; what is being typed stays")]
    public void Hint()
    {
        var page = Page();
        Type(page, Setting.CompanyName, "Padaria");
        states[Setting.ListSize.Name] = new("80", null);
        states[Setting.CompanyName.Name] = new("Outra", null);
        Mediator.On<ReadSettings, IReadOnlyDictionary<string, SettingState>>(_ => new Dictionary<string, SettingState>(states));
        Live.Raise([Topics.Settings]);
        page.WaitForAssertion(() => Assert.Equal("80", page.Find("[name='tickets.list-size']").GetAttribute("value")));
        Assert.Equal("Padaria", page.Find("[name='company.name']").GetAttribute("value"));
    }

    [Fact(DisplayName = "Whoever leaves with something unsaved is asked")]
    public async Task LeavesAsync()
    {
        Mediator.On<ReadSettings, IReadOnlyDictionary<string, SettingState>>(_ => new Dictionary<string, SettingState>(states));
        Render<MudPopoverProvider>();
        var dialogs = Render<MudDialogProvider>();
        IActor me = SignIn("Eu", "settings.edit");
        var page = Render<CascadingValue<IActor>>(p => p.Add(c => c.Value, me).AddChildContent<GeneralPage>()).FindComponent<GeneralPage>();
        var navigation = Services.GetRequiredService<NavigationManager>();
        Type(page, Setting.CompanyName, "Padaria");
        var before = navigation.Uri;
        page.WaitForElement(".save-bar");
        await page.InvokeAsync(() => navigation.NavigateTo("/users"));
        dialogs.WaitForAssertion(() => Assert.Contains("Sair sem salvar?", dialogs.Markup));
        Assert.Equal(before, navigation.Uri);
        await dialogs.FindAll(".mud-dialog-actions button")[1].ClickAsync();
        // Nothing is drawn when the address changes: so the address is looked at, and not the page.
        for (var tries = 0; tries < 500 && navigation.Uri == before; tries++) await Task.Delay(20);
        Assert.EndsWith("/users", navigation.Uri, StringComparison.Ordinal);
    }
}
