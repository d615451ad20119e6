using Inforzap.Scenarios.Browser;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Inforzap.Scenarios;

/// <summary>The address book and the table of users: who comes by hand and who by a table, who is sorted, and a conversation that begins there.</summary>
public sealed class ContactsTests(Chromium chromium, CrowdedCompany company) : BrowserTest(chromium), IClassFixture<CrowdedCompany>
{
    private readonly Chromium chromium = chromium;

    private protected override HostProcess? Watched => company.Host;

    public override async ValueTask InitializeAsync() => await company.OpenAsync();

    [Fact]
    public async Task Contacts_are_added_imported_sorted_and_written_to()
    {
        var admin = await PersonAsync(await company.AdminAsync(chromium));
        var looks = new Looks(admin, "desk");
        var page = admin.Page;
        await page.GotoAsync(new Uri(company.Url, "tags").ToString());
        await page.Locator(".page-action").GetByRole(AriaRole.Button, new() { Name = "Nova etiqueta" }).ClickAsync();
        await page.Locator(".drawer").GetByLabel("Nome").FillAsync("Revendedora da zona norte");
        await page.Locator(".drawer-foot button[type=submit]").ClickAsync();
        await Expect(page.Locator(".grid .tag")).ToHaveCountAsync(1);

        await page.GotoAsync(new Uri(company.Url, "contacts").ToString());
        await AddAsync(page, looks);
        await ImportAsync(page, looks);
        await SortAsync(page, looks);
        await OwnAsync(page, looks);
        await JoinAsync(page, looks);
        await OnThePhoneAsync();
        await StartAsync(page, looks);
        await ImportUsersAsync(page, looks);
        Assert.True(looks.Faults.Count == 0, string.Join(Environment.NewLine, looks.Faults));
    }

    private static async Task AddAsync(IPage page, Looks looks)
    {
        await page.Locator(".page-action").GetByRole(AriaRole.Button, new() { Name = "Novo contato" }).ClickAsync();
        var drawer = page.Locator(".drawer");
        await drawer.Locator("input").Nth(0).FillAsync("Aurora Pimentel");
        await drawer.Locator("input[type=tel]").FillAsync("11 98");
        await drawer.Locator("textarea").FillAsync("Prefere ser chamada à tarde.");
        await drawer.GetByLabel("CPF ou CNPJ").FillAsync("529.982.247-25");
        await drawer.GetByRole(AriaRole.Button, new() { Name = "Adicionar campo" }).ClickAsync();
        await drawer.Locator(".fields-line input").Nth(0).FillAsync("Código do cliente");
        await drawer.Locator(".fields-line input").Nth(1).FillAsync("0042");
        await page.Locator(".drawer-foot button[type=submit]").ClickAsync();
        await Expect(drawer.Locator("[role=alert]")).ToContainTextAsync("não parece um telefone");
        await looks.AtAsync("contacts-drawer");
        await drawer.Locator("input[type=tel]").FillAsync("11 98555-0101");
        await page.Locator(".drawer-foot button[type=submit]").ClickAsync();
        await Expect(drawer).ToHaveCountAsync(0);
        await page.Locator(".page-search").FillAsync("98555 0101");
        await Expect(page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("q=98555"));
        await Expect(page.Locator(".grid tbody tr")).ToHaveCountAsync(1);
        await Expect(page.Locator(".grid tbody tr")).ToContainTextAsync("+55 11 98555-0101");
        await page.Locator(".page-search").FillAsync("");
        await Expect(page).Not.ToHaveURLAsync(new System.Text.RegularExpressions.Regex("q="));
    }

    private static async Task ImportAsync(IPage page, Looks looks)
    {
        const string table = "nome;numero;email;empresa;etiquetas\nAurora P.;11 8555-0101;;;\nBenedito Assis;(11) 98555-0102;bene@example.test;Mercearia Assis;revendedora da zona norte\nCurto;123;;;\nDalva;11 98555-0103;;;Sumida";
        await page.ChooseTableAsync("contatos.csv", table);
        await Expect(page.Locator(".import-sum")).ToHaveTextAsync("Linhas novas: 1. Já existem: 1. Com erro: 2.");
        await looks.AtAsync("contacts-import");
        await page.Locator(".mud-dialog").GetByRole(AriaRole.Button, new() { Name = "Importar (1)" }).ClickAsync();
        await Expect(page.Locator(".grid tbody tr")).ToHaveCountAsync(2);
        await page.Locator(".page-select").First.SelectOptionAsync(new SelectOptionValue { Label = "Revendedora da zona norte" });
        await Expect(page.Locator(".grid tbody tr")).ToHaveCountAsync(1);
        await Expect(page.Locator(".grid tbody tr")).ToContainTextAsync("Benedito Assis");
        await page.Locator(".page-action").GetByRole(AriaRole.Button, new() { Name = "Tabela (CSV ou Excel)" }).ClickAsync();
        var download = await page.RunAndWaitForDownloadAsync(() => page.GetByText("Exportar tabela", new() { Exact = true }).ClickAsync());
        Assert.Equal("contatos.csv", download.SuggestedFilename);
        var text = await File.ReadAllTextAsync(await download.PathAsync());
        Assert.Contains("Benedito Assis;'+5511985550102", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Aurora", text, StringComparison.Ordinal);
        await page.Locator(".page-select").First.SelectOptionAsync("");
        await Expect(page.Locator(".grid tbody tr")).ToHaveCountAsync(2);
    }

    /// <summary>Somebody looks after them: said of both at once, filtered by, and taken away in the form of one.</summary>
    private static async Task OwnAsync(IPage page, Looks looks)
    {
        await page.GetByLabel("Selecionar todos desta página").CheckAsync();
        await page.Locator(".bulk").GetByRole(AriaRole.Button, new() { Name = "Carteira" }).ClickAsync();
        var dialog = page.Locator(".mud-dialog");
        await dialog.Locator("select").SelectOptionAsync(new SelectOptionValue { Index = 1 });
        await Expect(dialog.Locator(".owners li")).ToHaveCountAsync(1);
        await looks.AtAsync("contacts-owners");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Definir carteira" }).ClickAsync();
        await Expect(page.Locator(".contact-owner .grid-person")).ToHaveCountAsync(2);
        await looks.AtAsync("contacts-owned");
        var filter = page.Locator(".page-select[aria-label=Carteira]");
        await filter.SelectOptionAsync("none");
        await Expect(page.Locator(".state")).ToContainTextAsync("Nada");
        await filter.SelectOptionAsync("");
        await page.Locator(".grid-open").First.ClickAsync();
        await looks.AtAsync("contacts-owners-form");
        await page.Locator(".drawer .owners").GetByRole(AriaRole.Button).ClickAsync();
        await page.Locator(".drawer-foot button[type=submit]").ClickAsync();
        await Expect(page.Locator(".drawer")).ToHaveCountAsync(0);
        await Expect(page.Locator(".contact-owner .grid-person")).ToHaveCountAsync(1);
    }

    /// <summary>Two who came by a sheet have one document with somebody who is there: they become one, and apart again.</summary>
    private async Task JoinAsync(IPage page, Looks looks)
    {
        await page.ChooseTableAsync("contatos.xlsx", Inforzap.Files.Sheet.Write(
        [
            ["nome", "numero", "documento", "Plano", "empresa"], ["Aurora do Prado Pimentel", "11 98555-0104", "52998224725", "Ouro", "Confecções Pimentel & Filhas"], ["Aurora (loja)", "11 98555-0105", "529.982.247-25", "", ""],
        ]));
        await Expect(page.Locator(".import-sum")).ToHaveTextAsync("Linhas novas: 2. Já existem: 0. Com erro: 0.");
        await page.Locator(".mud-dialog select").First.SelectOptionAsync(new SelectOptionValue { Label = "Revendedora da zona norte" });
        await looks.AtAsync("contacts-import-sheet");
        await page.Locator(".mud-dialog").GetByRole(AriaRole.Button, new() { Name = "Importar (2)" }).ClickAsync();
        await Expect(page.Locator(".grid tbody tr")).ToHaveCountAsync(4);
        await page.Locator(".page-action").GetByRole(AriaRole.Button, new() { Name = "Tabela (CSV ou Excel)" }).ClickAsync();
        var download = await page.RunAndWaitForDownloadAsync(() => page.GetByText("Exportar tabela em Excel").ClickAsync());
        Assert.Equal("contatos.xlsx", download.SuggestedFilename);
        Assert.Contains("Ouro", Inforzap.Files.Sheet.ToCsv(await File.ReadAllBytesAsync(await download.PathAsync()), 100_000), StringComparison.Ordinal);

        await page.GetByLabel("Remover duplicados").ClickAsync();
        await Expect(page.Locator(".merge-card")).ToHaveCountAsync(3);
        await looks.AtAsync("contacts-duplicates");
        await page.Locator(".merge-foot button").ClickAsync();
        await page.Locator(".mud-dialog").GetByRole(AriaRole.Button, new() { Name = "Juntar", Exact = true }).ClickAsync();
        await Expect(page.Locator(".merge-card")).ToHaveCountAsync(0);
        await page.Locator(".page-select").SelectOptionAsync("done");
        await Expect(page.Locator(".grid tbody tr")).ToHaveCountAsync(2);
        await looks.AtAsync("contacts-joined");
        await page.GotoAsync(new Uri(company.Url, "contacts").ToString());
        await Expect(page.Locator(".grid tbody tr")).ToHaveCountAsync(2);
    }

    private static async Task SortAsync(IPage page, Looks looks)
    {
        await page.Locator(".page-search").FillAsync("98555");
        await Expect(page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("q=98555"));
        await Expect(page.Locator(".grid tbody tr")).ToHaveCountAsync(2);
        await page.GetByLabel("Selecionar todos desta página").CheckAsync();
        await Expect(page.Locator(".bulk")).ToContainTextAsync("Selecionados: 2");
        await looks.AtAsync("contacts-marked");
        await page.Locator(".bulk select").First.SelectOptionAsync(new SelectOptionValue { Label = "Revendedora da zona norte" });
        await Expect(page.Locator(".grid tbody .tag")).ToHaveCountAsync(2);
        await Expect(page.Locator(".bulk")).ToHaveCountAsync(0);
        await page.Locator(".page-search").FillAsync("");
        await Expect(page).Not.ToHaveURLAsync(new System.Text.RegularExpressions.Regex("q="));
        await looks.AtAsync("contacts");
    }

    private async Task StartAsync(IPage page, Looks looks)
    {
        await page.GotoAsync(new Uri(company.Url, "contacts?q=aurora").ToString());
        await page.GetByRole(AriaRole.Button, new() { Name = "Mais ações: Aurora Pimentel" }).ClickAsync();
        await page.Locator(".mud-menu-item, .mud-list-item").Filter(new() { HasText = "Iniciar conversa" }).First.ClickAsync();
        await Expect(page.Locator(".mud-dialog .chosen")).ToContainTextAsync("Aurora Pimentel");
        await looks.AtAsync("contacts-start");
        await page.Locator(".mud-dialog").GetByRole(AriaRole.Button, new() { Name = "Iniciar" }).ClickAsync();
        await Expect(page.Locator(".talk")).ToContainTextAsync("Aurora Pimentel");
    }

    private async Task ImportUsersAsync(IPage page, Looks looks)
    {
        await page.GotoAsync(new Uri(company.Url, "users").ToString());
        await Expect(page.Locator(".grid tbody tr").First).ToBeVisibleAsync();
        var before = await page.Locator(".grid tbody tr").CountAsync();
        const string table = "nome;email;perfil;limite\nHelena Prado;helena@example.test;supervisor;\nIvo Ramos;ivo@example.test;;5\nIvo;ivo@example.test;;\nJ;j@example.test;chefe;";
        await page.ChooseTableAsync("usuarios.csv", table);
        await Expect(page.Locator(".import-sum")).ToHaveTextAsync("Linhas novas: 2. Já existem: 0. Com erro: 2.");
        await looks.AtAsync("users-import");
        await page.Locator(".mud-dialog").GetByRole(AriaRole.Button, new() { Name = "Importar (2)" }).ClickAsync();
        await Expect(page.Locator(".grid tbody tr")).ToHaveCountAsync(before + 2);
        await page.GetByRole(AriaRole.Button, new() { Name = "Helena Prado", Exact = true }).ClickAsync();
        await Expect(page.Locator(".drawer .profile-photo")).ToBeVisibleAsync();
        await looks.AtAsync("users-drawer-photo");
    }

    private async Task OnThePhoneAsync()
    {
        var options = await company.AdminAsync(chromium);
        (options.ViewportSize, options.HasTouch, options.IsMobile) = (new() { Width = 390, Height = 844 }, true, true);
        var phone = await PersonAsync(options);
        var looks = new Looks(phone, "phone");
        await phone.Page.GotoAsync(new Uri(company.Url, "contacts").ToString());
        await Expect(phone.Page.Locator(".grid tbody tr").First).ToBeVisibleAsync();
        await looks.AtAsync("contacts");
        await phone.Page.GotoAsync(new Uri(company.Url, "contacts/duplicates?by=done").ToString());
        await phone.Page.Locator(".grid tbody tr").First.GetByRole(AriaRole.Button).ClickAsync();
        await phone.Page.Locator(".mud-dialog").GetByRole(AriaRole.Button, new() { Name = "Desfazer" }).ClickAsync();
        await Expect(phone.Page.Locator(".grid tbody .chip")).ToHaveCountAsync(1);
        await looks.AtAsync("contacts-joined");
        await phone.Page.Locator(".page-select").SelectOptionAsync("");
        await Expect(phone.Page.Locator(".merge-card")).ToHaveCountAsync(2);
        await looks.AtAsync("contacts-duplicates");
        await phone.Page.GotoAsync(new Uri(company.Url, "contacts").ToString());
        await phone.Page.Locator("tbody .mark-col input").First.CheckAsync();
        await looks.AtAsync("contacts-marked");
        await phone.Page.Locator(".grid-open").First.TapAsync();
        await Expect(phone.Page.Locator(".drawer textarea")).ToBeVisibleAsync();
        await looks.AtAsync("contacts-drawer");
        Assert.True(looks.Faults.Count == 0, string.Join(Environment.NewLine, looks.Faults));
    }
}
