using Inforzap.Scenarios.Browser;
using Inforzap.Tickets;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Inforzap.Scenarios;

/// <summary>Two colleagues talk beside a conversation, and the customer gets a number to quote.</summary>
public sealed class NotesTests(Chromium chromium, CrowdedCompany company) : BrowserTest(chromium), IClassFixture<CrowdedCompany>
{
    private const string Email = "bia.nunes@aurora.example";
    private const string Password = "girafa no trem de quinta";

    private readonly Chromium chromium = chromium;

    private protected override HostProcess? Watched => company.Host;

    public override async ValueTask InitializeAsync() => await company.OpenAsync();

    [Fact]
    public async Task A_colleague_is_named_comes_and_the_customer_gets_a_protocol_that_all_find_again()
    {
        var admin = await PersonAsync(await company.AdminAsync(chromium));
        var looks = new Looks(admin, "desk");
        await ColleagueAsync(admin.Page);
        await PagesAsync(admin.Page, looks, "empty");
        await company.WriteAsync(("5511940088001", "Helena Prado", "Oi, meu pedido não chegou."));
        var ticket = await company.Place.EventuallyAsync(db => db.Set<Ticket>().Where(t => t.AddressValue == "5511940088001").Select(t => (Guid?)t.Id).SingleOrDefaultAsync());

        var bia = await PersonAsync();
        await company.SignInAsync(bia.Page, Email, Password);
        await bia.Page.Locator(".shell").WaitForAsync();
        await Expect(bia.Page.Locator(".rail-bell")).ToBeVisibleAsync();
        await Expect(bia.Page.Locator(".bell-count")).ToHaveCountAsync(0);

        await NoteAsync(admin.Page, looks, ticket);
        await ComeAsync(bia, ticket);
        var number = await ProtocolAsync(admin.Page, looks);
        await FindAsync(admin.Page, looks, ticket, number);
        await OnThePhoneAsync(ticket, number);
        Assert.True(looks.Faults.Count == 0, string.Join(Environment.NewLine, looks.Faults));
    }

    private async Task ColleagueAsync(IPage page)
    {
        await page.GotoAsync(new Uri(company.Url, "users").ToString());
        await page.GetByRole(AriaRole.Button, new() { Name = "Novo usuário" }).ClickAsync();
        var drawer = page.Locator(".drawer");
        await drawer.GetByLabel("Nome").FillAsync("Bia Nunes");
        await drawer.GetByLabel("E-mail").FillAsync(Email);
        await drawer.Locator("label.check").Filter(new() { HasText = "Administrador" }).First.Locator("input").CheckAsync();
        await drawer.Locator("input[name=access]").Nth(1).CheckAsync();
        await drawer.GetByLabel("Nova senha").FillAsync(Password);
        await page.Locator(".drawer-foot button[type=submit]").ClickAsync();
        await Expect(page.Locator(".drawer")).ToHaveCountAsync(0);
    }

    private async Task PagesAsync(IPage page, Looks looks, string name)
    {
        foreach (var (path, words) in new[] { ("notes", "Nenhuma nota ainda"), ("protocols", "Nenhum protocolo ainda") })
        {
            await page.GotoAsync(new Uri(company.Url, path).ToString());
            await Expect(page.Locator(".state")).ToContainTextAsync(words);
            await looks.AtAsync($"{path}-{name}");
        }
    }

    private async Task NoteAsync(IPage page, Looks looks, Guid ticket)
    {
        var desk = new DeskPage(page);
        await page.GotoAsync(new Uri(company.Url, $"desk/{ticket}?tab=pending").ToString());
        await desk.TakeAsync();
        // To a customer an @ names nobody.
        await desk.Composer.PressSequentiallyAsync("@b");
        await Expect(page.Locator("[data-quick]")).ToHaveCountAsync(0);
        await desk.Composer.FillAsync("");
        await page.Locator("[data-note]").ClickAsync();
        await desk.Composer.PressSequentiallyAsync("@nu");
        await Expect(page.Locator(".quick [role=option]")).ToHaveCountAsync(1);
        await looks.AtAsync("mention-list");
        await desk.Composer.PressAsync("Enter");
        await Expect(desk.Composer).ToHaveValueAsync("@Bia Nunes ");
        await desk.Composer.PressSequentiallyAsync("o entregador confirmou o endereço?");
        await desk.Composer.PressAsync("Enter");
        await Expect(desk.Bubble("o entregador confirmou")).ToBeVisibleAsync();
        await page.Locator("[data-note]").ClickAsync();
        await Expect(page.Locator(".side-notes li")).ToHaveCountAsync(1);
        await page.Locator(".side-notes").GetByRole(AriaRole.Button, new() { Name = "Fixar nota" }).ClickAsync();
        await Expect(page.Locator(".side-notes li.pinned")).ToHaveCountAsync(1);
        await Expect(page.Locator(".bubble-row.note .note-head [title='Nota fixada'], .bubble-row.note .note-head svg").First).ToBeVisibleAsync();
    }

    private static async Task ComeAsync(Screen bia, Guid ticket)
    {
        var page = bia.Page;
        await Expect(page.Locator(".bell-count")).ToHaveTextAsync("1");
        await page.Locator(".rail-bell").ClickAsync();
        await Expect(page.Locator(".bell-alarm")).ToContainTextAsync("mencionou você");
        await bia.ShootAsync("mention-bell");
        await page.Locator(".bell-alarm").ClickAsync();
        await page.WaitForURLAsync($"**/desk/{ticket}?m=2");
        await Expect(new DeskPage(page).Bubble("o entregador confirmou")).ToBeInViewportAsync();
        await Expect(page.Locator(".bell-count")).ToHaveCountAsync(0);
    }

    private static async Task<string> ProtocolAsync(IPage page, Looks looks)
    {
        await page.Locator(".side-protocols").GetByRole(AriaRole.Button, new() { Name = "Gerar protocolo" }).ClickAsync();
        var dialog = page.Locator(".mud-dialog");
        await dialog.GetByLabel("Assunto").FillAsync("Entrega atrasada");
        await Expect(dialog.Locator(".preview-bubble")).ToContainTextAsync("[número]");
        await looks.AtAsync("protocol-dialog");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Gerar", Exact = true }).ClickAsync();
        await Expect(dialog).ToHaveCountAsync(0);
        var number = await page.Locator(".side-protocols b").TextContentAsync() ?? "";
        Assert.True(ProtocolNumber.IsRight(number), number);
        await Expect(new DeskPage(page).Bubble($"Seu número de protocolo é {number}.")).ToBeVisibleAsync();
        await Expect(page.Locator(".side-protocols")).ToContainTextAsync("enviado ao cliente");
        await page.Locator(".toast").First.WaitForAsync(new() { State = WaitForSelectorState.Detached });
        await looks.AtAsync("notes-in-desk");
        return number;
    }

    private async Task FindAsync(IPage page, Looks looks, Guid ticket, string number)
    {
        await page.GotoAsync(new Uri(company.Url, "notes").ToString());
        await Expect(page.Locator(".grid tbody tr")).ToContainTextAsync("o entregador confirmou");
        await looks.AtAsync("notes");
        await page.Locator(".page-search").FillAsync("jabuticaba");
        await Expect(page.Locator(".state")).ToContainTextAsync("Nada encontrado");
        await page.Locator(".page-search").FillAsync("entregador");
        await Expect(page.Locator(".grid tbody tr")).ToHaveCountAsync(1);
        var notes = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Button, new() { Name = "Exportar tabela" }).ClickAsync());
        Assert.Equal("notas.csv", notes.SuggestedFilename);
        // A note that begins with an @ would be a formula.
        Assert.Contains(";'@Bia Nunes o entregador", await File.ReadAllTextAsync(await notes.PathAsync()), StringComparison.Ordinal);

        await page.GotoAsync(new Uri(company.Url, "protocols").ToString());
        await Expect(page.Locator(".grid tbody tr")).ToContainTextAsync(number);
        await looks.AtAsync("protocols");
        await page.Locator(".grid-open").ClickAsync();
        await page.Locator(".drawer").GetByLabel("Descrição").FillAsync("A transportadora perdeu a caixa.");
        await looks.AtAsync("protocol-drawer");
        await page.GetByRole(AriaRole.Button, new() { Name = "Salvar" }).ClickAsync();
        await Expect(page.Locator(".grid tbody tr")).ToContainTextAsync("perdeu a caixa");
        await page.GetByRole(AriaRole.Button, new() { Name = "Configurar" }).ClickAsync();
        await page.Locator(".drawer").GetByLabel("Prefixo").FillAsync("aur");
        await Expect(page.Locator(".preview-bubble")).ToContainTextAsync("protocolo");
        await looks.AtAsync("protocol-settings");
        await page.GetByRole(AriaRole.Button, new() { Name = "Salvar" }).ClickAsync();
        await Expect(page.Locator(".drawer")).ToHaveCountAsync(0);
        var table = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Button, new() { Name = "Exportar tabela" }).ClickAsync());
        Assert.Contains(number, await File.ReadAllTextAsync(await table.PathAsync()), StringComparison.Ordinal);

        await page.GotoAsync(new Uri(company.Url, $"desk?q={number[^5..]}").ToString());
        await Expect(new DeskPage(page).Row("Helena Prado")).ToBeVisibleAsync();
        await page.GotoAsync(new Uri(company.Url, $"desk/{ticket}").ToString());
        await page.Locator(".side-protocols").GetByRole(AriaRole.Button, new() { Name = "Gerar protocolo" }).ClickAsync();
        await page.Locator(".mud-dialog").GetByLabel("Enviar ao cliente").UncheckAsync();
        await page.Locator(".mud-dialog").GetByRole(AriaRole.Button, new() { Name = "Gerar", Exact = true }).ClickAsync();
        await Expect(page.Locator(".side-protocols b").First).ToHaveTextAsync(new System.Text.RegularExpressions.Regex("^AUR[0-9]{15}$"));
    }

    private async Task OnThePhoneAsync(Guid ticket, string number)
    {
        var options = await company.AdminAsync(chromium);
        (options.ViewportSize, options.HasTouch, options.IsMobile) = (new() { Width = 390, Height = 844 }, true, true);
        var phone = await PersonAsync(options);
        var looks = new Looks(phone, "phone");
        var page = phone.Page;
        foreach (var (path, words) in new[] { ("notes", "o entregador confirmou"), ("protocols", number) })
        {
            await page.GotoAsync(new Uri(company.Url, path).ToString());
            await Expect(page.Locator(".grid tbody")).ToContainTextAsync(words);
            await looks.AtAsync(path);
        }
        await page.GotoAsync(new Uri(company.Url, $"desk/{ticket}?m=2").ToString());
        await Expect(new DeskPage(page).Bubble("o entregador confirmou")).ToBeVisibleAsync();
        await new DeskPage(page).Composer.WaitForAsync();
        // Both at once: the @ is there before the server makes it a note.
        await page.EvaluateAsync(@"() => {
            const box = document.querySelector('.composer textarea');
            document.querySelector('[data-note]').click();
            box.focus();
            box.value = '@';
            box.dispatchEvent(new Event('input', { bubbles: true }));
        }");
        await Expect(page.Locator(".quick [role=option]")).ToHaveCountAsync(1);
        await looks.AtAsync("mention-list");
        await page.Locator(".quick [role=option]").TapAsync();
        await Expect(new DeskPage(page).Composer).ToHaveValueAsync("@Bia Nunes ");
        await new DeskPage(page).Composer.FillAsync("");
        await page.Locator(".talk-who").TapAsync();
        await Expect(page.Locator(".side-notes")).ToBeVisibleAsync();
        await looks.AtAsync("notes-panel");
        Assert.True(looks.Faults.Count == 0, string.Join(Environment.NewLine, looks.Faults));
    }
}
