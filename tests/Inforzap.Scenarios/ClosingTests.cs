using Inforzap.Scenarios.Browser;
using Inforzap.Tickets;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Inforzap.Scenarios;

/// <summary>How tickets end: arranged by an administrator, chosen by an agent, read by a customer.</summary>
public sealed class ClosingTests(Chromium chromium, Company company) : BrowserTest(chromium)
{
    private readonly Chromium chromium = chromium;

    private protected override HostProcess? Watched => company.Host;

    public override async ValueTask InitializeAsync() => await company.OpenAsync();

    [Fact]
    public async Task A_reason_and_a_farewell_go_from_the_administration_to_a_customer()
    {
        var admin = await PersonAsync(await company.AdminAsync(chromium));
        var looks = new Looks(admin, "desk");
        await ReasonsAsync(admin.Page, looks);
        await FarewellAsync(admin.Page, looks);
        await RuleAsync(admin.Page, looks);

        var visitor = await PersonAsync(new() { ViewportSize = new() { Width = 480, Height = 760 } });
        var chat = new WebChatPage(visitor.Page);
        await visitor.Page.GotoAsync(new Uri(company.Url, "webchat/webchat").ToString());
        await chat.SayAsync("A torta de figo ainda tem?");
        var ticket = await company.Place.EventuallyAsync(async db => await db.Set<Ticket>().Where(t => t.LastText.Contains("figo")).Select(t => (Guid?)t.Id).SingleOrDefaultAsync());
        await ResolveAsync(admin.Page, looks, ticket);
        await Expect(chat.Bubble("Até a próxima fornada")).ToBeVisibleAsync();
        await Expect(admin.Page.Locator(".talk-actions").GetByRole(AriaRole.Button, new() { Name = "Reabrir" })).ToBeVisibleAsync();
        await admin.Page.Locator(".side summary", new() { HasText = "Logs" }).ClickAsync();
        await Expect(admin.Page.Locator(".logs")).ToContainTextAsync("Sem estoque");
        await looks.AtAsync("closed-with-reason");

        await OnThePhoneAsync();
        Assert.True(looks.Faults.Count == 0, string.Join(Environment.NewLine, looks.Faults));
    }

    private static async Task SaveAsync(IPage page)
    {
        await page.Locator(".drawer-foot button[type=submit]").ClickAsync();
        await Expect(page.Locator(".drawer")).ToHaveCountAsync(0);
    }

    private async Task ReasonsAsync(IPage page, Looks looks)
    {
        await page.GotoAsync(new Uri(company.Url, "closings").ToString());
        await Expect(page.Locator(".grid tbody tr")).ToContainTextAsync("Inatividade");
        await looks.AtAsync("reasons-first");
        foreach (var (name, note) in new[] { ("Venda concluída", false), ("Sem estoque", true), ("Dúvida resolvida", false) })
        {
            await page.Locator(".page-action").GetByRole(AriaRole.Button, new() { Name = "Novo motivo" }).ClickAsync();
            var drawer = page.Locator(".drawer");
            await drawer.Locator("input").First.FillAsync(name);
            if (note) await drawer.GetByLabel("Pedir uma observação").CheckAsync();
            if (note) await looks.AtAsync("reason-drawer");
            await SaveAsync(page);
        }
        await page.Locator(".page-action").GetByRole(AriaRole.Button, new() { Name = "Novo motivo" }).ClickAsync();
        await page.Locator(".drawer input").First.FillAsync("Sem estoque");
        await page.Locator(".drawer-foot button[type=submit]").ClickAsync();
        await Expect(page.Locator(".drawer [role=alert]")).ToContainTextAsync("Já existe");
        await page.Locator(".drawer-foot").GetByRole(AriaRole.Button, new() { Name = "Cancelar" }).ClickAsync();
        await Expect(page.Locator(".grid tbody tr")).ToHaveCountAsync(4);
        await looks.AtAsync("reasons");
    }

    private static async Task FarewellAsync(IPage page, Looks looks)
    {
        await page.Locator(".page-tabs").GetByRole(AriaRole.Link, new() { Name = "Despedidas" }).ClickAsync();
        await Expect(page.Locator(".state")).ToContainTextAsync("Nenhuma despedida ainda");
        await looks.AtAsync("farewells-empty");
        await page.GetByRole(AriaRole.Button, new() { Name = "Nova despedida" }).ClickAsync();
        var drawer = page.Locator(".drawer");
        await drawer.Locator("input").First.FillAsync("Agradecimento");
        await drawer.GetByLabel("Mensagem").FillAsync("Obrigado por falar com a {{empresa}}. Até a próxima fornada.");
        await drawer.GetByLabel("Já vem escolhida").CheckAsync();
        await Expect(drawer.Locator(".preview-bubble")).ToContainTextAsync("Até a próxima fornada");
        await looks.AtAsync("farewell-drawer");
        await SaveAsync(page);
        await Expect(page.Locator(".grid tbody tr")).ToContainTextAsync("Padrão");
        await looks.AtAsync("farewells");
    }

    private static async Task RuleAsync(IPage page, Looks looks)
    {
        await page.Locator(".page-tabs").GetByRole(AriaRole.Link, new() { Name = "Regras automáticas" }).ClickAsync();
        await Expect(page.Locator(".state")).ToContainTextAsync("Nada se fecha sozinho");
        await looks.AtAsync("quiet-rules-empty");
        await page.GetByRole(AriaRole.Button, new() { Name = "Nova regra" }).ClickAsync();
        var drawer = page.Locator(".drawer");
        await drawer.Locator("input").First.FillAsync("Cliente que sumiu");
        await drawer.GetByLabel("Avisar o cliente antes").CheckAsync();
        await drawer.GetByLabel("Aviso", new() { Exact = true }).FillAsync("Oi, {{primeiroNome}}. Ainda podemos ajudar?");
        await drawer.GetByLabel("Mensagem ao cliente").FillAsync("Encerramos por aqui. É só escrever de novo.");
        await looks.AtAsync("quiet-rule-drawer");
        await SaveAsync(page);
        await Expect(page.Locator(".grid tbody tr")).ToContainTextAsync("1 dia: avisa 30 minutos antes, fecha.");
        await looks.AtAsync("quiet-rules");
    }

    private async Task ResolveAsync(IPage page, Looks looks, Guid ticket)
    {
        await page.GotoAsync(new Uri(company.Url, $"desk/{ticket}").ToString());
        await new DeskPage(page).TakeAsync();
        await page.Locator(".resolve").ClickAsync();
        var dialog = page.Locator(".mud-dialog");
        await dialog.Locator(".reason-chip").Filter(new() { HasText = "Sem estoque" }).ClickAsync();
        await Expect(dialog.Locator(".preview-bubble")).ToContainTextAsync("Até a próxima fornada");
        await looks.AtAsync("resolve-dialog");
        await dialog.GetByLabel("Observação").FillAsync("Volta na sexta.");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Resolver" }).ClickAsync();
        await Expect(dialog).ToHaveCountAsync(0);
    }

    private async Task OnThePhoneAsync()
    {
        var options = await company.AdminAsync(chromium);
        options.ViewportSize = new() { Width = 390, Height = 844 };
        var phone = await PersonAsync(options);
        var looks = new Looks(phone, "phone");
        foreach (var (path, name) in new[] { ("closings", "reasons"), ("closings/farewells", "farewells"), ("closings/rules", "quiet-rules") })
        {
            await phone.Page.GotoAsync(new Uri(company.Url, path).ToString());
            await Expect(phone.Page.Locator(".grid tbody tr").First).ToBeVisibleAsync();
            await looks.AtAsync(name);
            await phone.Page.Locator(".grid-open").First.ClickAsync();
            await Expect(phone.Page.Locator(".drawer input").First).ToBeVisibleAsync();
            await looks.AtAsync($"{name}-drawer");
        }
        Assert.True(looks.Faults.Count == 0, string.Join(Environment.NewLine, looks.Faults));
    }
}
