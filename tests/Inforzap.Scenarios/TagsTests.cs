using Inforzap.Scenarios.Browser;
using Inforzap.Tickets;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Inforzap.Scenarios;

/// <summary>Contacts are sorted: from the administration to the conversation, and onto a colleague's screen by itself.</summary>
public sealed class TagsTests(Chromium chromium, CrowdedCompany company) : BrowserTest(chromium), IClassFixture<CrowdedCompany>
{
    private const string Customer = "Teresa Nogueira";
    private const string Number = "5511940088001";

    private readonly Chromium chromium = chromium;

    private protected override HostProcess? Watched => company.Host;

    public override async ValueTask InitializeAsync() => await company.OpenAsync();

    [Fact]
    public async Task Tags_are_made_put_on_seen_by_a_colleague_and_deleted()
    {
        var admin = await PersonAsync(await company.AdminAsync(chromium));
        var looks = new Looks(admin, "desk");
        await MakeAsync(admin.Page, looks);
        await ImportAsync(admin.Page, looks);

        await company.WriteAsync((Number, Customer, "Bom dia, vocês entregam no sábado?"));
        var ticket = await company.Place.EventuallyAsync(db => db.Set<Ticket>().Where(t => t.AddressValue == Number).Select(t => (Guid?)t.Id).SingleOrDefaultAsync());
        // A colleague looks at the same list, and reloads nothing.
        var colleague = await PersonAsync(await company.AdminAsync(chromium));
        await colleague.Page.GotoAsync(new Uri(company.Url, $"desk/{ticket}?tab=pending").ToString());
        await Expect(colleague.Page.Locator(".side-tags")).ToBeVisibleAsync();
        await PutOnAsync(admin.Page, looks, ticket);
        var row = new DeskPage(colleague.Page).Row(Customer);
        await Expect(row.Locator(".row-labels")).ToHaveTextAsync(new System.Text.RegularExpressions.Regex(@"Atacado\s*Sem trocas[^+]*\+2"));
        await Expect(colleague.Page.Locator(".side-tags .tag")).ToHaveCountAsync(4);

        await OnThePhoneAsync(ticket);
        await DeleteAsync(admin.Page, looks);
        await Expect(row.Locator(".row-labels")).ToHaveTextAsync(new System.Text.RegularExpressions.Regex(@"Atacado\s*Sem trocas[^+]*\+1"));
        Assert.True(looks.Faults.Count == 0, string.Join(Environment.NewLine, looks.Faults));
    }

    private static async Task SaveAsync(IPage page)
    {
        await page.Locator(".drawer-foot button[type=submit]").ClickAsync();
        await Expect(page.Locator(".drawer")).ToHaveCountAsync(0);
    }

    private async Task MakeAsync(IPage page, Looks looks)
    {
        await page.GotoAsync(new Uri(company.Url, "tags").ToString());
        await Expect(page.Locator(".state")).ToContainTextAsync("Nenhuma etiqueta ainda");
        await looks.AtAsync("tags-empty");
        await page.Locator(".page-action").GetByRole(AriaRole.Button, new() { Name = "Nova etiqueta" }).ClickAsync();
        var drawer = page.Locator(".drawer");
        await drawer.GetByLabel("Nome").FillAsync("VIP");
        await drawer.Locator(".swatch").Nth(5).ClickAsync();
        await SaveAsync(page);
        await page.Locator(".page-action").GetByRole(AriaRole.Button, new() { Name = "Nova etiqueta" }).ClickAsync();
        await drawer.GetByLabel("Nome").FillAsync("vip");
        await drawer.GetByLabel("Quem usa").SelectOptionAsync("Queues");
        await drawer.Locator(".check").First.ClickAsync();
        await page.Locator(".drawer-foot button[type=submit]").ClickAsync();
        await Expect(drawer.Locator("[role=alert]")).ToContainTextAsync("Já existe a etiqueta “VIP”");
        await looks.AtAsync("tags-drawer");
        await drawer.GetByLabel("Nome").FillAsync("Cobrança em andamento");
        await drawer.GetByLabel("Ordem").FillAsync("5");
        await SaveAsync(page);
        await Expect(page.Locator(".grid tbody tr")).ToHaveCountAsync(2);
    }

    private static async Task ImportAsync(IPage page, Looks looks)
    {
        const string table = "nome;cor;filas\nAtacado;#6A4FB3;\nSem trocas nem devoluções nesta loja;#C43D3D;\nvip;;\nRoxa;roxo;\nZona sul;;";
        await page.ChooseTableAsync("etiquetas.csv", table);
        await Expect(page.Locator(".import-sum")).ToHaveTextAsync("Linhas novas: 3. Já existem: 1. Com erro: 1.");
        await Expect(page.Locator(".import-lines li").First).ToContainTextAsync("linha 5");
        await looks.AtAsync("tags-import");
        await page.Locator(".mud-dialog").GetByRole(AriaRole.Button, new() { Name = "Importar (3)" }).ClickAsync();
        await Expect(page.Locator(".grid tbody tr")).ToHaveCountAsync(5);
        await page.Locator(".page-action").GetByRole(AriaRole.Button, new() { Name = "Tabela (CSV ou Excel)" }).ClickAsync();
        var download = await page.RunAndWaitForDownloadAsync(() => page.GetByText("Exportar tabela", new() { Exact = true }).ClickAsync());
        Assert.Equal("etiquetas.csv", download.SuggestedFilename);
        Assert.Contains("Atacado;#6A4FB3", await File.ReadAllTextAsync(await download.PathAsync()), StringComparison.Ordinal);
    }

    private async Task PutOnAsync(IPage page, Looks looks, Guid ticket)
    {
        await page.GotoAsync(new Uri(company.Url, $"desk/{ticket}?tab=pending").ToString());
        var tags = page.Locator(".side-tags");
        await tags.GetByRole(AriaRole.Button, new() { Name = "Etiqueta" }).ClickAsync();
        var box = tags.GetByRole(AriaRole.Combobox);
        await Expect(box).ToBeFocusedAsync();
        await Expect(tags.GetByRole(AriaRole.Option)).ToHaveCountAsync(5);
        await looks.AtAsync("tags-picker");
        // Typed and confirmed without looking, one after the other.
        await box.PressSequentiallyAsync("vip");
        await box.PressAsync("Enter");
        await Expect(tags.Locator(".tags > .tag")).ToHaveCountAsync(1);
        await Expect(box).ToHaveValueAsync("");
        await box.PressSequentiallyAsync("sem trocas");
        await box.PressAsync("Enter");
        await Expect(tags.Locator(".tags > .tag")).ToHaveCountAsync(2);
        await box.PressSequentiallyAsync("ata");
        await tags.GetByRole(AriaRole.Option).Filter(new() { HasText = "Atacado" }).ClickAsync();
        await Expect(tags.Locator(".tags > .tag")).ToHaveCountAsync(3);
        await Expect(box).ToBeFocusedAsync();
        await box.PressSequentiallyAsync("Vizinha");
        // While there are more, asking for the text of one is an error and no waiting.
        await Expect(tags.GetByRole(AriaRole.Option)).ToHaveCountAsync(1);
        await Expect(tags.GetByRole(AriaRole.Option)).ToHaveTextAsync("Criar “Vizinha”");
        await looks.AtAsync("tags-picker-new");
        await box.PressAsync("Enter");
        await Expect(tags.Locator(".tags > .tag")).ToHaveCountAsync(4);
        await box.PressAsync("Escape");
        await Expect(tags.GetByRole(AriaRole.Button, new() { Name = "Etiqueta", Exact = true })).ToBeFocusedAsync();
        await page.GetByText("Logs", new() { Exact = true }).ClickAsync();
        await Expect(page.Locator(".logs")).ToContainTextAsync("pôs a etiqueta Vizinha");
        await looks.AtAsync("tags-desk");
    }

    private async Task OnThePhoneAsync(Guid ticket)
    {
        var options = await company.AdminAsync(chromium);
        (options.ViewportSize, options.HasTouch, options.IsMobile) = (new() { Width = 390, Height = 844 }, true, true);
        var phone = await PersonAsync(options);
        var looks = new Looks(phone, "phone");
        await phone.Page.GotoAsync(new Uri(company.Url, "tags").ToString());
        await Expect(phone.Page.Locator(".grid tbody tr")).ToHaveCountAsync(6);
        await looks.AtAsync("tags");
        await phone.Page.Locator(".page-action").GetByRole(AriaRole.Button, new() { Name = "Nova etiqueta" }).TapAsync();
        await Expect(phone.Page.Locator(".drawer input").First).ToBeVisibleAsync();
        await looks.AtAsync("tags-drawer");
        await phone.Page.GotoAsync(new Uri(company.Url, "desk?tab=pending").ToString());
        await Expect(new DeskPage(phone.Page).Row(Customer).Locator(".row-labels .tag")).ToHaveCountAsync(2);
        await looks.AtAsync("tags-list");
        await phone.Page.GotoAsync(new Uri(company.Url, $"desk/{ticket}?tab=pending").ToString());
        await phone.Page.Locator(".panel-toggle").TapAsync();
        await phone.Page.Locator(".side-tags").GetByRole(AriaRole.Button, new() { Name = "Etiqueta", Exact = true }).TapAsync();
        await Expect(phone.Page.Locator(".tag-options li").First).ToBeVisibleAsync();
        await looks.AtAsync("tags-picker");
        Assert.True(looks.Faults.Count == 0, string.Join(Environment.NewLine, looks.Faults));
    }

    /// <summary>It says first how many lose it.</summary>
    private async Task DeleteAsync(IPage page, Looks looks)
    {
        await page.GotoAsync(new Uri(company.Url, "tags?sort=-contacts").ToString());
        await Expect(page.Locator(".grid tbody tr").First).ToContainTextAsync("1");
        await looks.AtAsync("tags");
        await page.GetByRole(AriaRole.Button, new() { Name = "Mais ações: VIP" }).ClickAsync();
        await page.Locator(".mud-menu-item, .mud-list-item").Filter(new() { HasText = "Excluir" }).First.ClickAsync();
        await Expect(page.Locator(".mud-dialog")).ToContainTextAsync("Contatos com esta etiqueta: 1.");
        await looks.AtAsync("tags-delete");
        await page.Locator(".mud-dialog").GetByRole(AriaRole.Button, new() { Name = "Excluir" }).ClickAsync();
        await Expect(page.Locator(".grid tbody tr")).ToHaveCountAsync(5);
        await page.GotoAsync(new Uri(company.Url, "audit?kind=tag").ToString());
        await Expect(page.Locator(".page-content")).ToContainTextAsync("Cobrança em andamento");
        await looks.AtAsync("tags-audit");
    }
}
