using System.Text.RegularExpressions;
using Inforzap.Scenarios.Browser;
using Inforzap.Tickets;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Inforzap.Scenarios;

/// <summary>Somebody finds their way among many conversations: narrowed, in order, by words, by the keyboard from wherever they are.</summary>
public sealed partial class ListTests(Chromium chromium, CrowdedCompany company) : BrowserTest(chromium), IClassFixture<CrowdedCompany>
{
    private const string Rosa = "Rosa Teixeira", Nilo = "Nilo Batista", Vera = "Vera Lins";

    private readonly Chromium chromium = chromium;

    private protected override HostProcess? Watched => company.Host;

    public override async ValueTask InitializeAsync() => await company.OpenAsync();

    [Fact]
    public async Task The_list_is_narrowed_ordered_searched_and_left_by_keyboard()
    {
        var admin = await PersonAsync(await company.AdminAsync(chromium));
        var looks = new Looks(admin, "desk");
        // One after the other: what comes together is taken in together.
        foreach (var (number, name, text) in new[]
        {
            ("5511940077001", Rosa, "Quero o bolo de nozes para sábado"), ("5511940077002", Nilo, "Tem bolo de fubá? E nozes a granel?"), ("5511940077003", Vera, "Vocês abrem no domingo?"), ("5511940077001", Rosa, "Obrigada"),
        })
        {
            await company.WriteAsync((number, name, text));
            await company.Place.EventuallyAsync(db => db.Set<Message>().AnyAsync(m => m.Body == text));
        }
        await WaitingAsync(admin.Page, looks);
        await NarrowAsync(admin.Page, looks);
        await SearchAsync(admin.Page, looks);
        await ServeAsync(admin.Page, looks);
        await GroupsAsync(admin.Page, looks);
        await JumpAsync(admin.Page, looks);
        await OnThePhoneAsync();
        Assert.True(looks.Faults.Count == 0, string.Join(Environment.NewLine, looks.Faults));
    }

    private async Task WaitingAsync(IPage page, Looks looks)
    {
        await page.GotoAsync(new Uri(company.Url, "desk?tab=pending").ToString());
        var desk = new DeskPage(page);
        await Expect(desk.Rows.Locator(".row-name")).ToHaveTextAsync([Rosa, Vera, Nilo]);
        await Expect(desk.Row(Vera).GetByRole(AriaRole.Button, new() { Name = "Fechar" })).ToBeVisibleAsync();
        await looks.AtAsync("list-pending");
        // Who waits longest: kept, also over a reload.
        await page.GetByLabel("Quem espera mais primeiro").CheckAsync();
        await Expect(desk.Rows.Locator(".row-name")).ToHaveTextAsync([Rosa, Nilo, Vera]);
        await page.ReloadAsync();
        await Expect(desk.Rows.Locator(".row-name")).ToHaveTextAsync([Rosa, Nilo, Vera]);
        await page.GetByLabel("Quem espera mais primeiro").UncheckAsync();
        await Expect(desk.Rows.Locator(".row-name")).ToHaveTextAsync([Rosa, Vera, Nilo]);
    }

    private static async Task NarrowAsync(IPage page, Looks looks)
    {
        var desk = new DeskPage(page);
        var drawer = page.Locator(".drawer");
        var button = page.Locator(".filter-button");
        await button.ClickAsync();
        await drawer.GetByText("Filas", new() { Exact = true }).ClickAsync();
        await drawer.GetByText("Canais", new() { Exact = true }).ClickAsync();
        await looks.AtAsync("list-filters");
        await drawer.GetByLabel("Só não lidos").CheckAsync();
        await drawer.GetByLabel("WebChat").CheckAsync();
        await drawer.GetByLabel("Salvar este filtro com um nome").FillAsync("Site sem resposta");
        await drawer.GetByRole(AriaRole.Button, new() { Name = "Salvar" }).ClickAsync();
        await Expect(drawer.Locator(".saved-filter")).ToHaveTextAsync("Site sem resposta");
        await drawer.GetByRole(AriaRole.Button, new() { Name = "Aplicar" }).ClickAsync();
        await Expect(page.Locator(".filter-chip")).ToHaveCountAsync(2);
        await Expect(page.Locator(".list .state")).ToContainTextAsync("Nada com estes filtros");
        await Expect(page.Locator(".tabs-row .count")).ToHaveCountAsync(0);
        await looks.AtAsync("list-filtered-empty");
        await page.Locator(".filter-chip").Filter(new() { HasText = "WebChat" }).GetByRole(AriaRole.Button).ClickAsync();
        await Expect(desk.Rows).ToHaveCountAsync(3);
        // On the server, not in the browser: another tab has it too.
        await page.GotoAsync(page.Url);
        await Expect(page.Locator(".filter-count")).ToHaveTextAsync("1");
        await looks.AtAsync("list-filtered");

        await button.ClickAsync();
        await drawer.GetByRole(AriaRole.Button, new() { Name = "Renomear o filtro Site sem resposta" }).ClickAsync();
        await drawer.GetByLabel("Nome do filtro").FillAsync("Site");
        await drawer.GetByLabel("Nome do filtro").PressAsync("Enter");
        await Expect(drawer.Locator(".saved-filter")).ToHaveTextAsync("Site");
        await looks.AtAsync("list-filters-saved");
        await drawer.Locator(".saved-filter").ClickAsync();
        await Expect(page.Locator(".filter-chip")).ToHaveCountAsync(2);
        await button.ClickAsync();
        await drawer.GetByRole(AriaRole.Button, new() { Name = "Excluir o filtro Site" }).ClickAsync();
        await page.Locator(".mud-dialog").GetByRole(AriaRole.Button, new() { Name = "Excluir" }).ClickAsync();
        await Expect(drawer.Locator(".saved-filters")).ToHaveCountAsync(0);
        await drawer.GetByRole(AriaRole.Button, new() { Name = "Limpar filtros" }).ClickAsync();
        await Expect(page.Locator(".filter-chip")).ToHaveCountAsync(0);
        await Expect(desk.Rows).ToHaveCountAsync(3);
    }

    private static async Task SearchAsync(IPage page, Looks looks)
    {
        var desk = new DeskPage(page);
        await page.Locator("#desk[data-ready]").WaitForAsync();
        await page.Keyboard.PressAsync("Alt+b");
        await Expect(desk.Search).ToBeFocusedAsync();
        await desk.Search.PressSequentiallyAsync("bolo de nozes");
        await Expect(desk.Rows).ToHaveCountAsync(2);
        await looks.AtAsync("list-search");
        await page.GetByRole(AriaRole.Button, new() { Name = "Frase exata" }).ClickAsync();
        await Expect(desk.Rows).ToHaveCountAsync(1);
        await Expect(desk.Search).ToHaveValueAsync("\"bolo de nozes\"");
        await Expect(desk.Row(Rosa).Locator("mark")).ToHaveTextAsync("bolo de nozes");
        await desk.OpenAsync(Rosa);
        await Expect(page).ToHaveURLAsync(MessageOne());
        await Expect(desk.Bubble("bolo de nozes")).ToBeInViewportAsync();
        await looks.AtAsync("list-search-exact");
        await desk.Search.PressAsync("Escape");
        await Expect(desk.Search).ToHaveValueAsync("");
        await Expect(desk.Rows).ToHaveCountAsync(3);
    }

    private static async Task ServeAsync(IPage page, Looks looks)
    {
        var desk = new DeskPage(page);
        await desk.Row(Nilo).GetByRole(AriaRole.Button, new() { Name = "Fechar" }).ClickAsync();
        await page.Locator(".mud-dialog").GetByRole(AriaRole.Button, new() { Name = "Resolver" }).ClickAsync();
        await Expect(desk.Rows).ToHaveCountAsync(2);
        await desk.AcceptAsync(Vera);
        await desk.SayAsync("Abrimos das nove às treze.");
        await Expect(desk.Row(Vera).Locator(".row-tick")).ToHaveClassAsync(new Regex("tick-(sent|delivered|read)"));
        await looks.AtAsync("list-ticks");
    }

    /// <summary>No channel of this company has groups, so one of its conversations is made one.</summary>
    private async Task GroupsAsync(IPage page, Looks looks)
    {
        await company.Place.EventuallyAsync(async db => await db.Database.ExecuteSqlAsync($"UPDATE \"tickets_Tickets\" SET \"IsGroup\" = 1 WHERE \"AddressValue\" = '5511940077001'") == 1);
        await page.GotoAsync(new Uri(company.Url, "desk?tab=pending").ToString());
        await page.Locator(".kinds-row").GetByRole(AriaRole.Tab, new() { Name = "Grupos" }).ClickAsync();
        await Expect(new DeskPage(page).Rows.Locator(".row-name")).ToHaveTextAsync([Rosa]);
        await Expect(page.Locator(".kinds-row .count")).ToHaveTextAsync(["1", "1"]);
        await looks.AtAsync("list-groups");
    }

    private async Task JumpAsync(IPage page, Looks looks)
    {
        var palette = page.Locator("#palette");
        await page.GotoAsync(new Uri(company.Url, "users").ToString());
        await page.Locator(".page-action").WaitForAsync();
        await page.Keyboard.PressAsync("Control+k");
        await Expect(palette.GetByRole(AriaRole.Combobox)).ToBeFocusedAsync();
        await Expect(palette.GetByRole(AriaRole.Option).First).ToBeVisibleAsync();
        await looks.AtAsync("jump");
        await page.Keyboard.TypeAsync("vera");
        await Expect(palette.GetByRole(AriaRole.Option).Filter(new() { HasText = Vera })).ToHaveCountAsync(2);
        await looks.AtAsync("jump-found");
        await page.Keyboard.PressAsync("Enter");
        await Expect(new DeskPage(page).Head).ToContainTextAsync(Vera);
        await Expect(palette).Not.ToBeVisibleAsync();

        await page.Keyboard.PressAsync("Control+k");
        await Expect(palette.GetByRole(AriaRole.Combobox)).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("zzzz");
        await Expect(palette.Locator(".palette-nothing")).ToBeVisibleAsync();
        await looks.AtAsync("jump-nothing");
        await page.Keyboard.PressAsync("Escape");
        await Expect(palette).Not.ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Control+k");
        await page.Keyboard.TypeAsync("filas");
        await Expect(palette.GetByRole(AriaRole.Option).First).ToHaveTextAsync("Filas");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync("**/queues");
        // What is being filled in keeps its keys.
        await page.GetByRole(AriaRole.Button, new() { Name = "Nova fila" }).First.ClickAsync();
        await page.Locator(".drawer").GetByLabel("Nome").First.ClickAsync();
        await page.Keyboard.PressAsync("Control+k");
        await Expect(page.Locator(".drawer").GetByLabel("Nome").First).ToBeFocusedAsync();
        await Expect(palette).Not.ToBeVisibleAsync();
        await page.GotoAsync(new Uri(company.Url, "desk").ToString());
        await page.Locator("#desk[data-ready]").WaitForAsync();
        await page.Keyboard.PressAsync("?");
        await Expect(page.Locator(".mud-dialog")).ToContainTextAsync("Ir para qualquer lugar");
    }

    private async Task OnThePhoneAsync()
    {
        var options = await company.AdminAsync(chromium);
        (options.ViewportSize, options.HasTouch, options.IsMobile) = (new() { Width = 390, Height = 844 }, true, true);
        var phone = await PersonAsync(options);
        var looks = new Looks(phone, "phone");
        await phone.Page.GotoAsync(new Uri(company.Url, "desk?tab=pending&list=groups").ToString());
        await Expect(new DeskPage(phone.Page).Rows).ToHaveCountAsync(1);
        await looks.AtAsync("list-pending");
        await phone.Page.Locator(".filter-button").TapAsync();
        await phone.Page.Locator(".drawer").GetByText("Filas", new() { Exact = true }).TapAsync();
        await looks.AtAsync("list-filters");
        await phone.Page.Locator(".drawer").GetByLabel("Sem usuário").CheckAsync();
        await phone.Page.Locator(".drawer").GetByRole(AriaRole.Button, new() { Name = "Aplicar" }).TapAsync();
        await Expect(phone.Page.Locator(".filter-chip")).ToHaveCountAsync(1);
        await new DeskPage(phone.Page).Search.FillAsync("nozes");
        await Expect(new DeskPage(phone.Page).Rows.Locator("mark").First).ToBeVisibleAsync();
        await looks.AtAsync("list-search");
        Assert.True(looks.Faults.Count == 0, string.Join(Environment.NewLine, looks.Faults));
    }

    [GeneratedRegex(@"[?&]m=1\b")]
    private static partial Regex MessageOne();
}
