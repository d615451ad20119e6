using Inforzap.Scenarios.Browser;
using Inforzap.Tickets;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Inforzap.Scenarios;

/// <summary>Whoever leads follows the work of an agent as it happens, and steps in.</summary>
public sealed class PanelTests(Chromium chromium, CrowdedCompany company) : BrowserTest(chromium), IClassFixture<CrowdedCompany>
{
    private const string Email = "bia.nunes@aurora.example";
    private const string Password = "girafa no trem de quinta";
    private const string Customer = "Helena Prado";

    private readonly Chromium chromium = chromium;

    private protected override HostProcess? Watched => company.Host;

    public override async ValueTask InitializeAsync() => await company.OpenAsync();

    [Fact]
    public async Task A_ticket_appears_is_handed_over_watched_whispered_into_and_taken_over()
    {
        var admin = await PersonAsync(await company.AdminAsync(chromium));
        var looks = new Looks(admin, "desk");
        await ColleagueAsync(admin.Page);
        await QueueAsync(admin.Page);
        var bia = await PersonAsync();
        await company.SignInAsync(bia.Page, Email, Password);
        await bia.Page.Locator(".shell").WaitForAsync();
        await bia.Page.GotoAsync(new Uri(company.Url, "desk").ToString());

        await admin.Page.GotoAsync(new Uri(company.Url, "panel").ToString());
        await Expect(Column(admin.Page, "Bia Nunes")).ToBeVisibleAsync();
        await looks.AtAsync("panel-empty");
        await company.WriteAsync(("5511940099001", Customer, "Oi, meu pedido não chegou."), ("5511940099002", "Otávio Reis", "Vocês entregam no sábado?"), ("5511940099003", "Marina Lobo", "Quero trocar o tamanho."));
        // By itself.
        await Expect(Column(admin.Page, "Sem usuário").Locator(".ticket")).ToHaveCountAsync(3);
        await Expect(Card(admin.Page)).ToContainTextAsync("Espera por nós");
        await looks.AtAsync("panel");

        await HandOverAsync(admin.Page, bia.Page);
        await WatchAsync(admin.Page, bia, looks);
        await TakeOverAsync(admin.Page, bia, looks);
        await OtherViewsAsync(admin.Page, looks);
        await OnThePhoneAsync();
        Assert.True(looks.Faults.Count == 0, string.Join(Environment.NewLine, looks.Faults));
    }

    private static ILocator Column(IPage page, string name) => page.Locator(".column").Filter(new() { Has = page.Locator(".column-words b", new() { HasTextString = name }) });

    private static ILocator Card(IPage page) => page.Locator(".ticket").Filter(new() { HasText = Customer });

    private async Task ColleagueAsync(IPage page)
    {
        await page.GotoAsync(new Uri(company.Url, "users").ToString());
        await page.GetByRole(AriaRole.Button, new() { Name = "Novo usuário" }).ClickAsync();
        var drawer = page.Locator(".drawer");
        await drawer.GetByLabel("Nome").FillAsync("Bia Nunes");
        await drawer.GetByLabel("E-mail").FillAsync(Email);
        await drawer.Locator("input[name=access]").Nth(1).CheckAsync();
        await drawer.GetByLabel("Nova senha").FillAsync(Password);
        await page.Locator(".drawer-foot button[type=submit]").ClickAsync();
        await Expect(page.Locator(".drawer")).ToHaveCountAsync(0);
    }

    private async Task QueueAsync(IPage page)
    {
        await page.GotoAsync(new Uri(company.Url, "queues").ToString());
        await page.GetByRole(AriaRole.Button, new() { Name = "Nova fila" }).First.ClickAsync();
        var drawer = page.Locator(".drawer");
        await drawer.GetByLabel("Nome").First.FillAsync("Entregas");
        await drawer.Locator("label.member").Filter(new() { HasText = "Bia Nunes" }).Locator("input").CheckAsync();
        await page.Locator(".drawer-foot button[type=submit]").ClickAsync();
        await Expect(page.Locator(".drawer")).ToHaveCountAsync(0);
    }

    private static async Task HandOverAsync(IPage page, IPage bia)
    {
        await page.Locator(".page[data-ready]").WaitForAsync();
        await Card(page).DragToAsync(Column(page, "Bia Nunes").Locator(".column-cards"));
        await Expect(Column(page, "Bia Nunes").Locator(".ticket")).ToContainTextAsync(Customer);
        await Expect(new DeskPage(bia).Row(Customer)).ToBeVisibleAsync();
    }

    private async Task WatchAsync(IPage page, Screen bia, Looks looks)
    {
        var badge = new DeskPage(bia.Page).Row(Customer).Locator(".badge");
        await Expect(badge).ToHaveTextAsync("1");
        await Card(page).Locator(".ticket-name").ClickAsync();
        var drawer = page.Locator(".drawer.watch");
        await Expect(drawer.Locator(".bubble")).ToContainTextAsync("meu pedido não chegou");
        await Expect(drawer.Locator(".composer, .talk-actions")).ToHaveCountAsync(0);
        await company.WriteAsync(("5511940099001", Customer, "Alguém pode ver isso?"));
        await Expect(drawer.Locator(".bubble").Filter(new() { HasText = "Alguém pode ver" })).ToBeVisibleAsync();
        await looks.AtAsync("panel-watch");
        // Nobody notices.
        await Expect(badge).ToHaveTextAsync("2");

        await drawer.GetByRole(AriaRole.Button, new() { Name = "Nota para quem atende" }).ClickAsync();
        var dialog = page.Locator(".mud-dialog");
        await dialog.GetByLabel("Nota").FillAsync("ofereça o frete grátis.");
        await looks.AtAsync("panel-whisper");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Enviar nota" }).ClickAsync();
        await Expect(dialog).ToHaveCountAsync(0);
        await Expect(drawer.Locator(".bubble-row.note")).ToContainTextAsync("ofereça o frete");
        await Expect(bia.Page.Locator(".bell-count")).ToHaveTextAsync("1");
        await drawer.GetByRole(AriaRole.Button, new() { Name = "Fechar" }).ClickAsync();
        await Expect(drawer).ToHaveCountAsync(0);

        var desk = new DeskPage(bia.Page);
        await desk.OpenAsync(Customer);
        await desk.Composer.WaitForAsync();
        await desk.SayAsync("Olá, Helena. O frete é por nossa conta.");
        await Expect(Card(page)).ToContainTextAsync("Espera o contato");
    }

    private static async Task TakeOverAsync(IPage page, Screen bia, Looks looks)
    {
        await page.Locator(".toast").First.WaitForAsync(new() { State = WaitForSelectorState.Detached });
        await Card(page).GetByRole(AriaRole.Button, new() { Name = "O que fazer" }).ClickAsync();
        await looks.AtAsync("panel-actions");
        await Card(page).GetByRole(AriaRole.Button, new() { Name = "Assumir" }).ClickAsync();
        await Expect(page.Locator(".mud-dialog")).ToContainTextAsync("está com Bia Nunes");
        await page.Locator(".mud-dialog").GetByRole(AriaRole.Button, new() { Name = "Assumir" }).ClickAsync();
        await page.WaitForURLAsync("**/desk/**");
        await new DeskPage(page).Composer.WaitForAsync();
        await Expect(bia.Page.Locator(".toast, .mud-snackbar").Filter(new() { HasText = "assumiu o atendimento" }).First).ToBeVisibleAsync();
        await bia.ShootAsync("panel-taken");
    }

    private async Task OtherViewsAsync(IPage page, Looks looks)
    {
        await page.GotoAsync(new Uri(company.Url, "panel").ToString());
        await page.Locator(".page[data-ready]").WaitForAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Por fila" }).ClickAsync();
        await Expect(Column(page, "Sem fila").Locator(".ticket")).ToHaveCountAsync(3);
        await Card(page).DragToAsync(Column(page, "Entregas").Locator(".column-cards"));
        await Expect(Column(page, "Entregas").Locator(".ticket")).ToContainTextAsync(Customer);
        await page.GetByRole(AriaRole.Button, new() { Name = "Filtros" }).ClickAsync();
        await page.Locator(".filter-pick summary").First.ClickAsync();
        await looks.AtAsync("panel-queues");
        await page.Keyboard.PressAsync("Escape");
        await page.Locator(".page-search").FillAsync("jabuticaba");
        await Expect(page.Locator(".state")).ToContainTextAsync("Nada encontrado");
        await page.GetByRole(AriaRole.Button, new() { Name = "Limpar filtros" }).First.ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Sintético" }).ClickAsync();
        await Expect(page.Locator("table.load tbody tr")).ToHaveCountAsync(3);
        await looks.AtAsync("panel-short");
        // Who comes by the menu finds it as they left it.
        await page.GotoAsync(new Uri(company.Url, "panel").ToString());
        await Expect(page.Locator("table.load tbody tr")).ToHaveCountAsync(3);
        await page.WaitForURLAsync("**/panel?**form=short**");
    }

    private async Task OnThePhoneAsync()
    {
        var options = await company.AdminAsync(chromium);
        (options.ViewportSize, options.HasTouch, options.IsMobile) = (new() { Width = 390, Height = 844 }, true, true);
        var phone = await PersonAsync(options);
        var looks = new Looks(phone, "phone");
        var page = phone.Page;
        await page.GotoAsync(new Uri(company.Url, "panel?by=queue").ToString());
        await Expect(page.Locator(".column:visible")).ToHaveCountAsync(1);
        await looks.AtAsync("panel");
        await page.Locator(".board-pick select").SelectOptionAsync(new SelectOptionValue { Label = "Entregas (1)" });
        await Expect(page.Locator(".column:visible")).ToContainTextAsync(Customer);
        await Card(page).GetByRole(AriaRole.Button, new() { Name = "O que fazer" }).TapAsync();
        await Card(page).ScrollIntoViewIfNeededAsync();
        await looks.AtAsync("panel-column");
        await Card(page).Locator(".ticket-name").TapAsync();
        await Expect(page.Locator(".drawer.watch .bubble").First).ToBeVisibleAsync();
        await looks.AtAsync("panel-watch");
        await page.GotoAsync(new Uri(company.Url, "panel?form=short").ToString());
        await Expect(page.Locator("table.load tbody tr").First).ToBeVisibleAsync();
        await looks.AtAsync("panel-short");
        Assert.True(looks.Faults.Count == 0, string.Join(Environment.NewLine, looks.Faults));
    }
}
