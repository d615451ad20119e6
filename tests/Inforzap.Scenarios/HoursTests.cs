using Inforzap.Scenarios.Browser;
using Inforzap.Tickets;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Inforzap.Scenarios;

/// <summary>An administrator says when the house is open and asks customers for their queue; visitors find both.</summary>
public sealed class HoursTests(Chromium chromium, CrowdedCompany company) : BrowserTest(chromium), IClassFixture<CrowdedCompany>
{
    private readonly Chromium chromium = chromium;

    private protected override HostProcess? Watched => company.Host;

    public override async ValueTask InitializeAsync() => await company.OpenAsync();

    [Fact]
    public async Task Visitors_are_told_that_nobody_is_there_and_choose_their_queue_by_themselves()
    {
        var admin = await PersonAsync(await company.AdminAsync(chromium));
        var looks = new Looks(admin, "desk");
        await QueueAsync(admin.Page, looks);
        await HoursAsync(admin.Page, looks);

        var night = await VisitorAsync("Vocês estão abertos?");
        await Expect(night.Bubble("Voltamos")).ToBeVisibleAsync();
        var early = await company.Place.ReadAsync(db => db.Set<Ticket>().SingleAsync(t => t.LastText.Contains("Voltamos")));
        Assert.Equal((TicketStatus.Pending, 1), (early.Status, early.Unread));

        await AlwaysOpenAsync(admin.Page);
        await MenuAsync(admin.Page, looks);
        var visitor = await VisitorAsync("Boa tarde");
        await Expect(visitor.Bubble("Com qual setor")).ToContainTextAsync("2. Assistência");
        await visitor.SayAsync("assistencia");
        await Expect(visitor.Bubble("Você está na fila Suporte")).ToBeVisibleAsync();
        await Expect(visitor.Bubble("Você é o 1º da fila")).ToBeVisibleAsync();
        var ticket = await company.Place.ReadAsync(db => db.Set<Ticket>().SingleAsync(t => t.LastText.Contains("1º da fila")));
        await admin.Page.GotoAsync(new Uri(company.Url, $"desk/{ticket.Id}?tab=pending").ToString());
        await Expect(admin.Page.Locator(".talk")).ToContainTextAsync("assistencia");
        await looks.AtAsync("menu-talk");

        await OnThePhoneAsync();
        Assert.True(looks.Faults.Count == 0, string.Join(Environment.NewLine, looks.Faults));
    }

    private async Task<WebChatPage> VisitorAsync(string text)
    {
        var visitor = await PersonAsync(new() { ViewportSize = new() { Width = 480, Height = 760 } });
        var chat = new WebChatPage(visitor.Page);
        await visitor.Page.GotoAsync(new Uri(company.Url, "webchat/webchat").ToString());
        await chat.SayAsync(text);
        return chat;
    }

    private static async Task SaveAsync(IPage page)
    {
        await page.Locator(".drawer-foot button[type=submit]").ClickAsync();
        await Expect(page.Locator(".drawer")).ToHaveCountAsync(0);
    }

    private async Task QueueAsync(IPage page, Looks looks)
    {
        await page.GotoAsync(new Uri(company.Url, "queues").ToString());
        await page.GetByRole(AriaRole.Button, new() { Name = "Nova fila" }).First.ClickAsync();
        var drawer = page.Locator(".drawer");
        await drawer.GetByLabel("Nome").First.FillAsync("Suporte");
        await drawer.GetByLabel("Mensagem com a posição").FillAsync("Você é o {{posicao}}º da fila.");
        await Expect(drawer.Locator(".preview-bubble")).ToHaveTextAsync("Você é o 3º da fila.");
        await drawer.Locator("#queue-place").ScrollIntoViewIfNeededAsync();
        await looks.AtAsync("queue-place");
        await SaveAsync(page);
    }

    private async Task HoursAsync(IPage page, Looks looks)
    {
        await page.GotoAsync(new Uri(company.Url, "hours").ToString());
        await Expect(page.Locator(".hours-now")).ToContainTextAsync("Aberto agora");
        await looks.AtAsync("hours-empty");
        await page.GetByRole(AriaRole.Button, new() { Name = "Definir horário" }).ClickAsync();
        // Closed on the day that it is, whichever that is.
        var today = TimeZoneInfo.ConvertTime(DateTimeOffset.UtcNow, TimeZoneInfo.FindSystemTimeZoneById("America/Sao_Paulo")).DayOfWeek;
        await page.Locator(".week-day").Nth(((int)today + 6) % 7).Locator(".week-name input").UncheckAsync();
        await Expect(page.Locator("#hours-text")).ToHaveValueAsync(new System.Text.RegularExpressions.Regex("Voltamos"));
        await Expect(page.Locator(".drawer .preview-bubble")).ToContainTextAsync("segunda-feira, 08:00");
        await looks.AtAsync("hours-drawer");
        await SaveAsync(page);
        await Expect(page.Locator(".hours-now")).ToContainTextAsync("Fechado agora");

        await page.Locator(".page-action").GetByRole(AriaRole.Button, new() { Name = "Nova exceção" }).ClickAsync();
        await page.GetByLabel("Vale para").SelectOptionAsync(new SelectOptionValue { Label = "Suporte" });
        await page.GetByText("Vai para outra fila").ClickAsync();
        await page.Locator("#hours-form select").Nth(1).SelectOptionAsync(new SelectOptionValue { Index = 1 });
        await page.GetByLabel("Primeiro dia").FillAsync("2030-12-23");
        await page.GetByLabel("Último dia").FillAsync("2031-01-02");
        await page.GetByLabel("Mensagem nas férias").ScrollIntoViewIfNeededAsync();
        await looks.AtAsync("hours-exception");
        await SaveAsync(page);
        await Expect(page.Locator(".grid tbody tr")).ToContainTextAsync("Suporte");
        await page.GetByRole(AriaRole.Button, new() { Name = "Novo feriado" }).ClickAsync();
        await page.GetByLabel("Nome do feriado").FillAsync("Aniversário da cidade");
        await page.Locator(".drawer input[type=date]").FillAsync("2027-01-25");
        await page.Locator(".drawer").GetByText("Outro horário").ClickAsync();
        await looks.AtAsync("hours-holiday");
        await SaveAsync(page);
        await page.GetByText("Fechar nos feriados nacionais").ClickAsync();
        await Expect(page.Locator(".feasts li:not(.is-open-day)")).ToHaveCountAsync(20);
        await looks.AtAsync("hours");
        await page.EvaluateAsync("document.querySelector('#hours-national').scrollIntoView()");
        await looks.AtAsync("hours-national");
    }

    private async Task AlwaysOpenAsync(IPage page)
    {
        await page.GotoAsync(new Uri(company.Url, "hours").ToString());
        await page.Locator(".block-head").GetByRole(AriaRole.Button, new() { Name = "Editar" }).ClickAsync();
        await page.GetByText("Horário em uso").ClickAsync();
        await SaveAsync(page);
        await Expect(page.Locator(".hours-now")).ToContainTextAsync("Aberto agora");
        await page.GetByRole(AriaRole.Button, new() { Name = "Mais ações: Suporte" }).ClickAsync();
        await page.Locator(".mud-menu-item").Filter(new() { HasText = "Excluir" }).ClickAsync();
        await Expect(page.Locator(".mud-dialog")).ToContainTextAsync("Volta a valer o horário da empresa");
        await page.Locator(".mud-dialog").GetByRole(AriaRole.Button, new() { Name = "Excluir" }).ClickAsync();
        await Expect(page.Locator(".page-content")).ToContainTextAsync("Todas as filas e todos os canais seguem");
    }

    private async Task MenuAsync(IPage page, Looks looks)
    {
        await page.GotoAsync(new Uri(company.Url, "menus").ToString());
        var card = page.Locator(".menu-card").Filter(new() { HasText = "WebChat" });
        await Expect(card).ToContainTextAsync("Sem menu");
        await looks.AtAsync("menus-empty");
        await card.GetByRole(AriaRole.Button, new() { Name = "Criar menu" }).ClickAsync();
        await page.GetByLabel("Texto da opção 2").FillAsync("Assistência");
        await page.GetByLabel("Fila da opção 2").SelectOptionAsync(new SelectOptionValue { Label = "Suporte" });
        await Expect(page.Locator(".drawer .menu-preview")).ToContainTextAsync("Assistência");
        await looks.AtAsync("menus-drawer");
        await page.GetByLabel("Fila de quem não escolhe").SelectOptionAsync(new SelectOptionValue { Label = "Atendimento" });
        await looks.AtAsync("menus-drawer-end");
        await SaveAsync(page);
        await Expect(card.Locator(".menu-preview")).ToContainTextAsync("2. Assistência");
        await Expect(card.Locator(".status")).ToHaveTextAsync("Ligado");
        await looks.AtAsync("menus");
    }

    private async Task OnThePhoneAsync()
    {
        var options = await company.AdminAsync(chromium);
        (options.ViewportSize, options.HasTouch, options.IsMobile) = (new() { Width = 390, Height = 844 }, true, true);
        var phone = await PersonAsync(options);
        var looks = new Looks(phone, "phone");
        await phone.Page.GotoAsync(new Uri(company.Url, "hours").ToString());
        await Expect(phone.Page.Locator(".hours-now")).ToBeVisibleAsync();
        await looks.AtAsync("hours");
        await phone.Page.Locator(".block-head").GetByRole(AriaRole.Button, new() { Name = "Editar" }).TapAsync();
        await Expect(phone.Page.Locator("#hours-text")).ToBeVisibleAsync();
        await looks.AtAsync("hours-drawer");
        await phone.Page.GotoAsync(new Uri(company.Url, "menus").ToString());
        await Expect(phone.Page.Locator(".menu-preview")).ToBeVisibleAsync();
        await looks.AtAsync("menus");
        await phone.Page.Locator(".menu-card").Filter(new() { HasText = "WebChat" }).GetByRole(AriaRole.Button, new() { Name = "Editar" }).TapAsync();
        await Expect(phone.Page.Locator(".option").First).ToBeVisibleAsync();
        await looks.AtAsync("menus-drawer");
        Assert.True(looks.Faults.Count == 0, string.Join(Environment.NewLine, looks.Faults));
    }
}
