using System.Globalization;
using Inforzap.Scenarios.Browser;
using Inforzap.Tickets;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Inforzap.Scenarios;

/// <summary>A message for later: from a conversation to its customer, and as it is looked after.</summary>
public sealed class SchedulesTests(Chromium chromium, Company company) : BrowserTest(chromium)
{
    private static readonly TimeZoneInfo SaoPaulo = TimeZoneInfo.FindSystemTimeZoneById("America/Sao_Paulo");

    private readonly Chromium chromium = chromium;

    private protected override HostProcess? Watched => company.Host;

    public override async ValueTask InitializeAsync() => await company.OpenAsync();

    [Fact]
    public async Task A_message_is_scheduled_in_a_conversation_reaches_its_customer_and_is_found_again()
    {
        var admin = await PersonAsync(await company.AdminAsync(chromium));
        admin.Page.SetDefaultTimeout(30_000);
        await admin.Page.SetViewportSizeAsync(1440, 900);
        var looks = new Looks(admin, "desk");
        await admin.Page.GotoAsync(new Uri(company.Url, "schedules").ToString());
        await Expect(admin.Page.Locator(".state")).ToContainTextAsync("Nenhuma mensagem agendada ainda");
        await looks.AtAsync("schedules-empty");

        var visitor = await PersonAsync(new() { ViewportSize = new() { Width = 480, Height = 760 } });
        var chat = new WebChatPage(visitor.Page);
        await visitor.Page.GotoAsync(new Uri(company.Url, "webchat/webchat").ToString());
        await chat.SayAsync("Quando fica pronto o bolo de pistache?");
        var ticket = await company.Place.EventuallyAsync(async db => await db.Set<Ticket>().Where(t => t.LastText.Contains("pistache")).Select(t => (Guid?)t.Id).SingleOrDefaultAsync());
        await FromTheDeskAsync(admin.Page, looks, ticket);
        await Expect(chat.Bubble("O bolo já está no forno")).ToBeVisibleAsync(new() { Timeout = 60_000 });
        await Expect(admin.Page.Locator(".history")).ToContainTextAsync("O bolo já está no forno");
        await SoonAsync(admin.Page);
        await Expect(chat.Bubble("Pode vir buscar")).ToBeVisibleAsync(new() { Timeout = 150_000 });
        await AgainAndAgainAsync(admin.Page, looks);
        await LookedAfterAsync(admin.Page, looks);
        await OnThePhoneAsync();
        Assert.True(looks.Faults.Count == 0, string.Join(Environment.NewLine, looks.Faults));
    }

    /// <summary>For half an hour later, and then at once after all.</summary>
    private async Task FromTheDeskAsync(IPage page, Looks looks, Guid ticket)
    {
        await page.GotoAsync(new Uri(company.Url, $"desk/{ticket}").ToString());
        await new DeskPage(page).TakeAsync();
        await page.Locator(".talk-actions").GetByRole(AriaRole.Button, new() { Name = "Agendar mensagem" }).ClickAsync();
        var drawer = page.Locator(".drawer");
        await Expect(drawer.Locator(".targets li")).ToHaveCountAsync(1);
        await drawer.Locator("#schedule-body").FillAsync("O bolo já está no forno, {{primeiroNome|cliente}}.");
        await drawer.GetByRole(AriaRole.Button, new() { Name = "Em 30 minutos" }).ClickAsync();
        await looks.AtAsync("schedule-drawer");
        await drawer.GetByRole(AriaRole.Button, new() { Name = "Agendar", Exact = true }).ClickAsync();
        await Expect(drawer).ToHaveCountAsync(0);
        var part = page.Locator(".side-schedules");
        await Expect(part.Locator("li")).ToContainTextAsync("O bolo já está no forno");
        await part.ScrollIntoViewIfNeededAsync();
        await looks.AtAsync("schedule-side");
        await part.GetByRole(AriaRole.Button, new() { Name = "Editar agendamento" }).ClickAsync();
        await drawer.GetByRole(AriaRole.Button, new() { Name = "Enviar agora" }).ClickAsync();
        await page.Locator(".mud-dialog").GetByRole(AriaRole.Button, new() { Name = "Enviar" }).ClickAsync();
        await Expect(drawer).ToHaveCountAsync(0);
    }

    /// <summary>At the next minute but one by the company's clock.</summary>
    private static async Task SoonAsync(IPage page)
    {
        var at = TimeZoneInfo.ConvertTimeFromUtc(DateTime.UtcNow, SaoPaulo).AddMinutes(1.2);
        await page.Locator(".side-schedules").GetByRole(AriaRole.Button, new() { Name = "Agendar mensagem" }).ClickAsync();
        var drawer = page.Locator(".drawer");
        await drawer.Locator("#schedule-body").FillAsync("Pode vir buscar.");
        await drawer.GetByLabel("Dia", new() { Exact = true }).FillAsync(at.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        await drawer.GetByLabel("Hora", new() { Exact = true }).FillAsync(at.ToString("HH:mm", CultureInfo.InvariantCulture));
        await drawer.GetByRole(AriaRole.Button, new() { Name = "Agendar", Exact = true }).ClickAsync();
        await Expect(drawer).ToHaveCountAsync(0);
    }

    private static async Task AgainAndAgainAsync(IPage page, Looks looks)
    {
        await page.Locator(".side-schedules").GetByRole(AriaRole.Button, new() { Name = "Agendar mensagem" }).ClickAsync();
        var drawer = page.Locator(".drawer");
        await drawer.Locator("#schedule-body").FillAsync("Hoje tem bolo fresquinho.");
        await drawer.GetByRole(AriaRole.Button, new() { Name = "Amanhã às 9h" }).ClickAsync();
        await drawer.GetByLabel("Repetir").SelectOptionAsync("Day");
        await drawer.GetByLabel("Em fim de semana ou feriado").SelectOptionAsync("Next");
        await Expect(drawer.Locator(".times li")).ToHaveCountAsync(5);
        await drawer.Locator(".times").ScrollIntoViewIfNeededAsync();
        await looks.AtAsync("schedule-repeat");
        await drawer.GetByRole(AriaRole.Button, new() { Name = "Agendar", Exact = true }).ClickAsync();
        await Expect(drawer).ToHaveCountAsync(0);
    }

    private async Task LookedAfterAsync(IPage page, Looks looks)
    {
        await page.GotoAsync(new Uri(company.Url, "schedules").ToString());
        await Expect(page.Locator(".grid tbody tr")).ToHaveCountAsync(3);
        await Expect(page.Locator(".grid tbody tr").First).ToContainTextAsync("Hoje tem bolo");
        await looks.AtAsync("schedules");
        await page.GetByLabel("Ocultar concluídos").CheckAsync();
        await Expect(page.Locator(".grid tbody tr")).ToHaveCountAsync(1);
        await page.GetByLabel("Ocultar concluídos").UncheckAsync();
        await Expect(page.Locator(".grid tbody tr")).ToHaveCountAsync(3);
        await page.Locator(".grid-open").Last.ClickAsync();
        await Expect(page.Locator(".drawer .runs")).ToContainTextAsync("Enviada");
        await looks.AtAsync("schedule-over");
        await page.Keyboard.PressAsync("Escape");
        await page.GetByRole(AriaRole.Link, new() { Name = "Calendário" }).ClickAsync();
        await Expect(page.Locator(".calendar-entry").First).ToBeVisibleAsync();
        await looks.AtAsync("schedules-calendar");
        await page.GetByRole(AriaRole.Button, new() { Name = "Próximo mês" }).ClickAsync();
        await Expect(page.Locator(".calendar-entry").Nth(15)).ToBeVisibleAsync();
        await page.Locator(".calendar-grid td[tabindex='0']").FocusAsync();
        await page.Keyboard.PressAsync("ArrowDown");
        await Expect(page.Locator(".calendar-grid td:focus")).ToHaveCountAsync(1);
        await looks.AtAsync("schedules-calendar-next");
    }

    private async Task OnThePhoneAsync()
    {
        var options = await company.AdminAsync(chromium);
        options.ViewportSize = new() { Width = 390, Height = 844 };
        var phone = await PersonAsync(options);
        var looks = new Looks(phone, "phone");
        await phone.Page.GotoAsync(new Uri(company.Url, "schedules").ToString());
        await Expect(phone.Page.Locator(".grid tbody tr").First).ToBeVisibleAsync();
        await looks.AtAsync("schedules");
        await phone.Page.Locator(".grid-open").First.ClickAsync();
        await Expect(phone.Page.Locator("#schedule-form")).ToBeVisibleAsync();
        await looks.AtAsync("schedule-drawer");
        await phone.Page.Locator(".times").ScrollIntoViewIfNeededAsync();
        await looks.AtAsync("schedule-repeat");
        await phone.Page.GotoAsync(new Uri(company.Url, "schedules?view=calendar").ToString());
        await Expect(phone.Page.Locator(".agenda-entry").First).ToBeVisibleAsync();
        await looks.AtAsync("schedules-calendar");
        Assert.True(looks.Faults.Count == 0, string.Join(Environment.NewLine, looks.Faults));
        // Scenarios share their company: nothing of this goes out any more.
        await phone.Page.GotoAsync(new Uri(company.Url, "schedules").ToString());
        await phone.Page.Locator(".grid-menu button").First.ClickAsync();
        await phone.Page.GetByText("Cancelar agendamento", new() { Exact = true }).ClickAsync();
        await phone.Page.Locator(".mud-dialog").GetByRole(AriaRole.Button, new() { Name = "Cancelar agendamento" }).ClickAsync();
        await Expect(phone.Page.Locator(".grid tbody tr").First).Not.ToContainTextAsync("Agendado");
    }
}
