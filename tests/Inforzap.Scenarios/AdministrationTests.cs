using Inforzap.Scenarios.Browser;
using Inforzap.Tickets;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Inforzap.Scenarios;

/// <summary>An administrator arranges who may what and who gets what, and sees it happen on an agent's screen.</summary>
public sealed class AdministrationTests(Chromium chromium, CrowdedCompany company) : BrowserTest(chromium), IClassFixture<CrowdedCompany>
{
    private const string Email = "bia@aurora.example";
    private const string Password = "girafa no trem de quinta";
    private const string Customer = "Helena Prado";

    private readonly Chromium chromium = chromium;

    private protected override HostProcess? Watched => company.Host;

    public override async ValueTask InitializeAsync() => await company.OpenAsync();

    [Fact]
    public async Task Somebody_is_hired_with_a_role_of_their_own_gets_a_ticket_by_themselves_and_goes_again()
    {
        var admin = await PersonAsync(await company.AdminAsync(chromium));
        await RoleAsync(admin.Page);
        await UserAsync(admin.Page);
        await QueueAsync(admin.Page);

        var bia = await PersonAsync();
        await company.SignInAsync(bia.Page, Email, Password);
        var desk = new DeskPage(bia.Page);
        await Expect(bia.Page.GetByText("Nenhum atendimento aberto")).ToBeVisibleAsync();
        // What a role does not allow is not offered.
        await Expect(bia.Page.GetByRole(AriaRole.Button, new() { Name = "Nova conversa" })).ToHaveCountAsync(0);
        await admin.Page.GotoAsync(new Uri(company.Url, "users").ToString());
        await Expect(RowOf(admin.Page, "Bia Nunes").Locator(".presence-Online")).ToBeVisibleAsync();

        await GiveAsync(admin.Page);
        // It came by itself, and it is open.
        await desk.OpenAsync(Customer);
        await desk.Composer.WaitForAsync();
        await desk.SayAsync("Olá, Helena. Sou a Bia.");
        await Expect(desk.Tick("Sou a Bia", "sent")).ToBeVisibleAsync();
        await Expect(bia.Page.GetByRole(AriaRole.Button, new() { Name = "Transferir" })).ToHaveCountAsync(0);

        await bia.Page.Locator(".rail-person").ClickAsync();
        await bia.Page.GetByRole(AriaRole.Button, new() { Name = "Ausente" }).ClickAsync();
        await admin.Page.GotoAsync(new Uri(company.Url, "users").ToString());
        await Expect(RowOf(admin.Page, "Bia Nunes").Locator(".presence-Away")).ToBeVisibleAsync();

        await GoAsync(admin.Page);
        await bia.Page.WaitForURLAsync("**/sign-in?ended=1**");
        await AuditAsync(admin.Page);
    }

    private static ILocator RowOf(IPage page, string name) => page.Locator(".page-content tbody tr").Filter(new() { HasText = name });

    private static async Task SaveAsync(IPage page)
    {
        await page.Locator(".drawer-foot button[type=submit]").ClickAsync();
        await Expect(page.Locator(".drawer")).ToHaveCountAsync(0);
    }

    private async Task RoleAsync(IPage page)
    {
        await page.GotoAsync(new Uri(company.Url, "roles").ToString());
        await page.GetByRole(AriaRole.Button, new() { Name = "Mais ações: Usuário" }).ClickAsync();
        await page.GetByRole(AriaRole.Menuitem, new() { Name = "Duplicar" }).Or(page.Locator(".mud-menu-item").Filter(new() { HasText = "Duplicar" })).First.ClickAsync();
        await page.Locator(".drawer").GetByLabel("Nome").FillAsync("Caixa");
        foreach (var permission in new[] { "Transferir", "Iniciar conversas" })
            await page.Locator(".permit").Filter(new() { HasText = permission }).Locator("input").UncheckAsync();
        await SaveAsync(page);
        await Expect(RowOf(page, "Caixa")).ToContainTextAsync("Usuário");
    }

    private async Task UserAsync(IPage page)
    {
        await page.GotoAsync(new Uri(company.Url, "users").ToString());
        await page.GetByRole(AriaRole.Button, new() { Name = "Novo usuário" }).ClickAsync();
        var drawer = page.Locator(".drawer");
        await drawer.GetByLabel("Nome").FillAsync("Bia Nunes");
        await drawer.GetByLabel("E-mail").FillAsync(Email);
        await drawer.Locator("label.check").Filter(new() { HasText = "Caixa" }).Locator("input").CheckAsync();
        await drawer.Locator("input[name=access]").Nth(1).CheckAsync();
        await drawer.GetByLabel("Nova senha").FillAsync(Password);
        await SaveAsync(page);
        await Expect(RowOf(page, "Bia Nunes")).ToContainTextAsync("Caixa");
    }

    private async Task QueueAsync(IPage page)
    {
        await page.GotoAsync(new Uri(company.Url, "queues").ToString());
        await page.GetByRole(AriaRole.Button, new() { Name = "Nova fila" }).First.ClickAsync();
        var drawer = page.Locator(".drawer");
        await drawer.GetByLabel("Nome").First.FillAsync("Entregas");
        await drawer.Locator("label.member").Filter(new() { HasText = "Bia Nunes" }).Locator("input").CheckAsync();
        await drawer.Locator("label.check").Filter(new() { HasText = "Equilibrada" }).Locator("input").CheckAsync();
        await SaveAsync(page);
        await Expect(RowOf(page, "Entregas")).ToContainTextAsync("Equilibrada");
    }

    /// <summary>A customer writes, and the administrator hands them to the queue that distributes.</summary>
    private async Task GiveAsync(IPage page)
    {
        await company.WriteAsync(("5511940077001", Customer, "Oi, meu pedido chegou aberto."));
        var ticket = await company.Place.EventuallyAsync(db => db.Set<Ticket>().Where(t => t.AddressValue == "5511940077001").Select(t => (Guid?)t.Id).SingleOrDefaultAsync());
        await page.GotoAsync(new Uri(company.Url, $"desk/{ticket}?tab=pending").ToString());
        await page.Locator(".talk-actions").GetByRole(AriaRole.Button, new() { Name = "Transferir" }).ClickAsync();
        var dialog = page.Locator(".mud-dialog");
        await dialog.Locator(".mud-select").First.ClickAsync();
        await page.Locator(".mud-popover-open .mud-list-item").Filter(new() { HasText = "Entregas" }).ClickAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Transferir" }).ClickAsync();
        await Expect(dialog).ToHaveCountAsync(0);
    }

    /// <summary>What she has in hand is told before she goes, and goes back to the queue.</summary>
    private async Task GoAsync(IPage page)
    {
        await page.GetByRole(AriaRole.Button, new() { Name = "Mais ações: Bia Nunes" }).ClickAsync();
        await page.Locator(".mud-menu-item, .mud-list-item").Filter(new() { HasText = "Desativar" }).First.ClickAsync();
        var dialog = page.Locator(".mud-dialog");
        await Expect(dialog).ToContainTextAsync("Atendimentos em andamento: 1");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Desativar" }).ClickAsync();
        await Expect(RowOf(page, "Bia Nunes")).ToContainTextAsync("Desativado");
        var left = await company.Place.ReadAsync(db => db.Set<Ticket>().Where(t => t.AddressValue == "5511940077001").Select(t => new { t.Status, t.UserId }).SingleAsync());
        Assert.Equal((TicketStatus.Pending, null), (left.Status, left.UserId));
    }

    private async Task AuditAsync(IPage page)
    {
        await page.GotoAsync(new Uri(company.Url, "audit?q=bia").ToString());
        await Expect(page.Locator(".page-content tbody tr").First).ToContainTextAsync("Bia Nunes");
        await Expect(page.Locator(".changes").Filter(new() { HasText = "•••" }).First).ToBeVisibleAsync();
        await Expect(page.Locator(".page-content")).Not.ToContainTextAsync(Password);
    }
}
