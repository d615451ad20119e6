using Inforzap.Scenarios.Browser;
using Inforzap.Tickets;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Inforzap.Scenarios;

/// <summary>How a customer is asked, answers, and is read: from the administration to the results.</summary>
public sealed class SurveysTests(Chromium chromium, Company company) : BrowserTest(chromium)
{
    private readonly Chromium chromium = chromium;

    private protected override HostProcess? Watched => company.Host;

    public override async ValueTask InitializeAsync() => await company.OpenAsync();

    [Fact]
    public async Task A_survey_goes_from_the_administration_to_a_customer_and_back()
    {
        var admin = await PersonAsync(await company.AdminAsync(chromium));
        admin.Page.SetDefaultTimeout(30_000);
        await admin.Page.SetViewportSizeAsync(1440, 900);
        var looks = new Looks(admin, "desk");
        await MakeAsync(admin.Page, looks);

        var visitor = await PersonAsync(new() { ViewportSize = new() { Width = 480, Height = 760 } });
        var chat = new WebChatPage(visitor.Page);
        await visitor.Page.GotoAsync(new Uri(company.Url, "webchat/webchat").ToString());
        await chat.SayAsync("Vocês fazem bolo de nozes?");
        var ticket = await company.Place.EventuallyAsync(async db => await db.Set<Ticket>().Where(t => t.LastText.Contains("nozes")).Select(t => (Guid?)t.Id).SingleOrDefaultAsync());
        await ResolveAsync(admin.Page, looks, ticket);
        await Expect(chat.Bubble("como foi o nosso atendimento")).ToBeVisibleAsync();
        await chat.SayAsync("2");
        await Expect(chat.Bubble("O que podemos melhorar")).ToBeVisibleAsync();
        await chat.SayAsync("Demorou um pouco para responder.");
        await Expect(chat.Bubble("Obrigado pela sua resposta")).ToBeVisibleAsync();

        // The conversation stays closed, and holds it all.
        await Expect(admin.Page.Locator(".talk-actions").GetByRole(AriaRole.Button, new() { Name = "Reabrir" })).ToBeVisibleAsync();
        await Expect(admin.Page.Locator(".side-ratings")).ToContainTextAsync("2 de 5");
        await Expect(admin.Page.Locator(".side-ratings")).ToContainTextAsync("Demorou um pouco");
        Assert.Equal(1, await company.Place.EventuallyAsync(async db => (int?)await db.Set<Ticket>().CountAsync(t => t.ContactId == db.Set<Ticket>().Single(x => x.Id == ticket).ContactId)));
        await admin.Page.Locator(".side-ratings").ScrollIntoViewIfNeededAsync();
        await looks.AtAsync("survey-answered");
        await admin.Page.Locator(".side-ratings").GetByRole(AriaRole.Button, new() { Name = "Enviar avaliação" }).ClickAsync();
        await Expect(admin.Page.Locator(".mud-dialog .send-why")).ToContainTextAsync("já recebeu");
        await looks.AtAsync("survey-send-refused");
        await admin.Page.Locator(".mud-dialog").GetByRole(AriaRole.Button, new() { Name = "Cancelar" }).ClickAsync();
        await ResultsAsync(admin.Page, looks);
        await OnThePhoneAsync();
        await SwitchOffAsync(admin.Page);
        Assert.True(looks.Faults.Count == 0, string.Join(Environment.NewLine, looks.Faults));
    }

    private async Task MakeAsync(IPage page, Looks looks)
    {
        await page.GotoAsync(new Uri(company.Url, "surveys").ToString());
        await Expect(page.Locator(".state")).ToContainTextAsync("Nenhuma avaliação ainda");
        await looks.AtAsync("surveys-empty");
        await page.Locator(".page-tabs").GetByRole(AriaRole.Link, new() { Name = "Resultados" }).ClickAsync();
        await Expect(page.Locator(".state")).ToContainTextAsync("Nenhuma avaliação enviada ainda");
        await looks.AtAsync("ratings-empty");
        await page.Locator(".page-tabs").GetByRole(AriaRole.Link, new() { Name = "Avaliações" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Nova avaliação" }).ClickAsync();
        var drawer = page.Locator(".drawer");
        await drawer.Locator("input").First.FillAsync("Depois do atendimento");
        await drawer.GetByLabel("Perguntar o motivo da nota baixa").CheckAsync();
        await looks.AtAsync("survey-drawer");
        await drawer.GetByRole(AriaRole.Button, new() { Name = "Nota baixa" }).ClickAsync();
        await Expect(drawer.Locator(".said")).ToContainTextAsync("Demorou para responder");
        await drawer.Locator(".said").ScrollIntoViewIfNeededAsync();
        await looks.AtAsync("survey-preview");
        await page.Locator(".drawer-foot button[type=submit]").ClickAsync();
        await Expect(drawer).ToHaveCountAsync(0);
        await Expect(page.Locator(".grid tbody tr")).ToContainTextAsync("Depois do atendimento");
        await looks.AtAsync("surveys");
    }

    private async Task ResolveAsync(IPage page, Looks looks, Guid ticket)
    {
        await page.GotoAsync(new Uri(company.Url, $"desk/{ticket}").ToString());
        await new DeskPage(page).TakeAsync();
        await page.Locator(".resolve").ClickAsync();
        var dialog = page.Locator(".mud-dialog");
        await Expect(dialog.GetByLabel("Enviar a avaliação: Depois do atendimento")).ToBeCheckedAsync();
        await Expect(dialog.Locator(".preview-bubble")).ToContainTextAsync("como foi o nosso atendimento");
        await looks.AtAsync("resolve-with-survey");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Resolver" }).ClickAsync();
        await Expect(dialog).ToHaveCountAsync(0);
    }

    private async Task ResultsAsync(IPage page, Looks looks)
    {
        await page.GotoAsync(new Uri(company.Url, "surveys/results").ToString());
        await Expect(page.Locator(".figures")).ToContainTextAsync("100%");
        await Expect(page.Locator(".bars tbody tr")).ToHaveCountAsync(5);
        await Expect(page.Locator(".answers tbody tr")).ToContainTextAsync("Demorou um pouco");
        await looks.AtAsync("ratings");
        var table = page.WaitForDownloadAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Exportar tabela" }).ClickAsync();
        Assert.Equal("avaliacoes.csv", (await table).SuggestedFilename);
        Assert.Contains("Demorou um pouco", await File.ReadAllTextAsync(await (await table).PathAsync()));
    }

    /// <summary>Scenarios share their company: none after this one shall be asked.</summary>
    private async Task SwitchOffAsync(IPage page)
    {
        await page.GotoAsync(new Uri(company.Url, "surveys").ToString());
        await page.Locator(".grid-menu button").ClickAsync();
        await page.GetByText("Desativar", new() { Exact = true }).ClickAsync();
        await Expect(page.Locator(".grid tbody tr")).ToContainTextAsync("Desativado");
    }

    private async Task OnThePhoneAsync()
    {
        var options = await company.AdminAsync(chromium);
        options.ViewportSize = new() { Width = 390, Height = 844 };
        var phone = await PersonAsync(options);
        var looks = new Looks(phone, "phone");
        await phone.Page.GotoAsync(new Uri(company.Url, "surveys").ToString());
        await Expect(phone.Page.Locator(".grid tbody tr").First).ToBeVisibleAsync();
        await looks.AtAsync("surveys");
        await phone.Page.Locator(".grid-open").First.ClickAsync();
        await Expect(phone.Page.Locator(".drawer input").First).ToBeVisibleAsync();
        await looks.AtAsync("survey-drawer");
        await phone.Page.GotoAsync(new Uri(company.Url, "surveys/results").ToString());
        await Expect(phone.Page.Locator(".figures")).ToBeVisibleAsync();
        await looks.AtAsync("ratings");
        await phone.Page.Locator(".answers").ScrollIntoViewIfNeededAsync();
        await looks.AtAsync("ratings-answers");
        Assert.True(looks.Faults.Count == 0, string.Join(Environment.NewLine, looks.Faults));
    }
}
