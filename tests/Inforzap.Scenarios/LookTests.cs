using Inforzap.Scenarios.Browser;
using Inforzap.Tickets;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Inforzap.Scenarios;

/// <summary>Every screen on a desk and on a phone, light and dark.</summary>
public sealed class LookTests(Chromium chromium, Company company) : BrowserTest(chromium)
{
    private const string Waiting = "Beatriz Lima";
    private const string Silent = "balcao-2 (10.0.0.12:11111)";
    private const string Served = "João Pedro da Conceição Albuquerque";

    private readonly Chromium chromium = chromium;

    private protected override HostProcess? Watched => company.Host;

    public override async ValueTask InitializeAsync()
    {
        await company.OpenAsync();
        if (await company.Place.ReadAsync(db => db.Set<Ticket>().AnyAsync(t => t.AddressValue == "5511940020001"))) return;
        await company.WriteAsync(
            ("5511940020001", Served, "Boa tarde. O meu pedido 48213 ainda não chegou, e o rastreio diz que saiu para entrega há três dias."),
            ("5511940020002", Waiting, "Oi, vocês fazem entrega no sábado?"),
            ("5511940020003", "Carlos", "https://aurora.example/promo?utm_source=mensagem&utm_medium=social&utm_campaign=um_endereço_que_não_acaba_mais_e_segue"),
            ("5511940020004", "Dona Ermelinda", "👍"));
        await company.Place.EventuallyAsync(async db => await db.Set<Ticket>().CountAsync(t => t.AddressValue.StartsWith("551194002")) == 4);
    }

    [Theory]
    [InlineData(1440, 900, "desk")]
    [InlineData(390, 844, "phone")]
    public async Task Every_screen_keeps_its_shape_and_is_open_to_everybody(int width, int height, string device)
    {
        var stranger = await PersonAsync(Sized(new(), width, height));
        var atDoor = new Looks(stranger, device);
        await stranger.Page.GotoAsync(new Uri(company.Url, "sign-in").ToString());
        await atDoor.AtAsync("sign-in");
        await stranger.Page.GotoAsync(new Uri(company.Url, "invite/none").ToString());
        await atDoor.AtAsync("invite-gone");
        await VisitAsync(stranger, atDoor);

        var admin = await PersonAsync(Sized(await company.AdminAsync(chromium), width, height));
        var looks = new Looks(admin, device);
        await InboxAsync(admin, looks, width < 720);
        await ComposerAsync(admin, looks);
        await AdministrationAsync(admin, looks);
        Assert.True(atDoor.Faults.Count + looks.Faults.Count == 0, string.Join(Environment.NewLine, atDoor.Faults.Concat(looks.Faults)));
        Assert.DoesNotContain(company.Host.Output, l => l.Contains("broke the content security policy", StringComparison.Ordinal));
    }

    private static BrowserNewContextOptions Sized(BrowserNewContextOptions options, int width, int height)
    {
        options.ViewportSize = new() { Width = width, Height = height };
        return options;
    }

    private async Task VisitAsync(Screen stranger, Looks looks)
    {
        var chat = new WebChatPage(stranger.Page);
        await stranger.Page.GotoAsync(new Uri(company.Url, "webchat/webchat").ToString());
        await Expect(chat.Composer).ToBeVisibleAsync();
        await looks.AtAsync("webchat-empty");
        await chat.SayAsync("Olá, eu queria saber se o bolo de cenoura da vitrine tem cobertura de chocolate, e se dá para encomendar um inteiro.");
        await chat.SayAsync("*Obrigada* 😀 https://aurora.example/cardapio");
        await Expect(chat.Tick("Obrigada", "sent")).ToBeVisibleAsync();
        await looks.AtAsync("webchat");
    }

    private async Task InboxAsync(Screen admin, Looks looks, bool isPhone)
    {
        var (page, desk) = (admin.Page, new DeskPage(admin.Page));
        await page.GotoAsync(new Uri(company.Url, "desk?tab=pending").ToString());
        await Expect(desk.Row(Waiting)).ToBeVisibleAsync();
        await looks.AtAsync("inbox-pending");
        await desk.OpenAsync(Waiting);
        await Expect(desk.Bubbles).ToHaveCountAsync(1);
        await looks.AtAsync("inbox-peek");

        var id = await company.Place.ReadAsync(db => db.Set<Ticket>().Where(t => t.AddressValue == "5511940020001").Select(t => t.Id).SingleAsync());
        await page.GotoAsync(new Uri(company.Url, $"desk/{id}").ToString());
        await Expect(desk.Head).ToBeVisibleAsync();
        if (await page.Locator(".talk-actions").GetByRole(AriaRole.Button, new() { Name = "Atender" }).CountAsync() > 0) await ServeAsync(admin, desk);
        await Expect(desk.Bubble("Peço desculpas")).ToBeVisibleAsync();
        await looks.AtAsync("conversation");
        await (await desk.MenuAsync("Peço desculpas")).GetByRole(AriaRole.Menuitem).First.WaitForAsync();
        await looks.AtAsync("message-menu");
        await page.Locator(".menu-shade").ClickAsync(new() { Position = new() { X = 4, Y = 4 } });
        if (isPhone) await page.Locator(".panel-toggle").ClickAsync();
        await page.Locator(".side summary", new() { HasText = "Logs" }).ClickAsync();
        await Expect(page.Locator(".logs li")).Not.ToHaveCountAsync(0);
        await looks.AtAsync("contact");
        if (isPhone) await page.Locator(".side-head button").ClickAsync();

        await page.Locator(isPhone ? ".tab-more" : ".rail-person").PressAsync("Enter");
        await Expect(page.Locator("#me-menu")).ToBeVisibleAsync();
        await looks.AtAsync("menu");
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.Locator("#me-menu")).ToBeHiddenAsync();

        foreach (var (name, open) in Dialogs(page, isPhone)) await DialogAsync(page, looks, name, open);
    }

    /// <summary>All that a visitor can be sent besides words, and what can be changed of it.</summary>
    private async Task ComposerAsync(Screen admin, Looks looks)
    {
        var (page, desk) = (admin.Page, new DeskPage(admin.Page));
        var id = await company.Place.ReadAsync(db => db.Set<Ticket>().Where(t => t.AddressKind == Sdk.AddressKind.Visitor).OrderByDescending(t => t.Number).Select(t => t.Id).FirstAsync());
        await page.GotoAsync(new Uri(company.Url, $"desk/{id}").ToString());
        await desk.TakeAsync();
        await desk.SayAsync("Temos, sim: a cobertura é de chocolate meio amargo.");
        await Expect(desk.Tick("meio amargo", "sent")).ToBeVisibleAsync();
        await looks.AtAsync("composer");
        // On a phone they come by one button.
        if (await page.Locator("[data-more]").IsVisibleAsync()) await page.Locator("[data-more]").ClickAsync();
        foreach (var (name, button) in new[] { ("dialog-place", "Enviar localização"), ("dialog-offer", "Perguntar com opções"), ("dialog-card", "Enviar contato") })
            await DialogAsync(page, looks, name, () => page.Locator(".composer").GetByRole(AriaRole.Button, new() { Name = button }).ClickAsync());
        await DialogAsync(page, looks, "dialog-edit", async () => await (await desk.MenuAsync("meio amargo")).GetByRole(AriaRole.Menuitem, new() { Name = "Editar" }).ClickAsync());
    }

    private static async Task DialogAsync(IPage page, Looks looks, string name, Func<Task> open)
    {
        await open();
        await Expect(page.Locator(".mud-dialog")).ToBeVisibleAsync();
        await looks.AtAsync(name);
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.Locator(".mud-dialog")).ToHaveCountAsync(0);
    }

    /// <summary>What the framework shows when the line or the screen breaks is a slim line of ours.</summary>
    private static async Task BarsAsync(IPage page, Looks looks)
    {
        await page.EvaluateAsync("() => { document.querySelector('.bar-waiting').classList.add('components-reconnect-show'); document.getElementById('blazor-error-ui').style.display = 'block'; }");
        foreach (var bar in new[] { page.Locator(".bar-waiting"), page.Locator(".bar-failed") })
        {
            await Expect(bar).ToBeVisibleAsync();
            var box = (await bar.BoundingBoxAsync())!;
            Assert.InRange(box.Height, 20, 90);
            Assert.InRange(box.X, 0, page.ViewportSize!.Width - box.Width);
        }
        await page.EvaluateAsync("() => document.querySelector('.bar-waiting').classList.remove('components-reconnect-show')");
        await looks.AtAsync("broken");
    }

    private static IEnumerable<(string Name, Func<Task> Open)> Dialogs(IPage page, bool isPhone)
    {
        yield return ("dialog-transfer", () => page.Locator(".talk-actions").GetByRole(AriaRole.Button, new() { Name = "Transferir" }).ClickAsync());
        yield return ("dialog-resolve", () => page.Locator(".resolve").ClickAsync());
        yield return ("dialog-start", () => page.Keyboard.PressAsync("Alt+n"));
        yield return ("dialog-shortcuts", async () =>
        {
            await page.Locator(".history").FocusAsync();
            await page.Keyboard.PressAsync("Shift+?");
        });
        yield return ("dialog-profile", async () =>
        {
            await page.Locator(isPhone ? ".tab-more" : ".rail-person").ClickAsync();
            await page.Locator("#me-menu").GetByText("Perfil").ClickAsync();
        });
    }

    /// <summary>The agent takes it, answers, leaves a note, and one answer is lost on its way.</summary>
    private static async Task ServeAsync(Screen admin, DeskPage desk)
    {
        await desk.TakeAsync();
        await desk.SayAsync("Olá, João. Peço desculpas: vou verificar agora com a transportadora.");
        await admin.Page.GetByRole(AriaRole.Button, new() { Name = "Nota privada" }).ClickAsync();
        await desk.SayAsync("Terceiro atraso desta transportadora no mês. Ver com a Marta.");
        await Expect(desk.Bubble("Ver com a Marta")).ToBeVisibleAsync();
        await admin.Page.GetByRole(AriaRole.Button, new() { Name = "Nota privada" }).ClickAsync();
        await desk.SayAsync($"Eles prometem a entrega até amanhã ao meio-dia. {Company.Lost}");
        await Expect(desk.Tick("meio-dia", "unknown")).ToBeVisibleAsync();
    }

    private async Task AdministrationAsync(Screen admin, Looks looks)
    {
        var page = admin.Page;
        foreach (var (path, drawer) in new[] { ("users", "Novo usuário"), ("roles", "Novo perfil"), ("teams", "Nova equipe"), ("queues", "Nova fila"), ("channels", "Novo canal") })
        {
            await page.GotoAsync(new Uri(company.Url, path).ToString());
            await Expect(page.Locator(".page-content .panel").First).ToBeVisibleAsync();
            await Expect(page.Locator(".skeletons")).ToHaveCountAsync(0);
            await looks.AtAsync(path);
            await page.GetByRole(AriaRole.Button, new() { Name = drawer }).ClickAsync();
            await Expect(page.Locator(".drawer input").First).ToBeVisibleAsync();
            await looks.AtAsync($"{path}-drawer");
        }
        await page.GotoAsync(new Uri(company.Url, "audit").ToString());
        await Expect(page.Locator(".page-content .changes li").First).ToBeVisibleAsync();
        await looks.AtAsync("audit");
        await page.GotoAsync(new Uri(company.Url, "parked").ToString());
        await Expect(page.Locator(".page-content").GetByText(Served)).ToBeVisibleAsync();
        await looks.AtAsync("parked");
        await BarsAsync(page, looks);
        await company.Place.ReadAsync(async db =>
        {
            if (await db.Set<Live.Node>().AnyAsync(n => n.Name == Silent)) return 0;
            db.Add(new Live.Node { Name = Silent, Version = "0.1.0", StartedAt = DateTime.UtcNow.AddDays(-2), SeenAt = DateTime.UtcNow.AddMinutes(-4), ClockOffset = -91_000 });
            return await db.SaveChangesAsync();
        });
        await page.GotoAsync(new Uri(company.Url, "system").ToString());
        await Expect(page.Locator(".gauge")).ToHaveCountAsync(6);
        await looks.AtAsync("system");
        await page.GotoAsync(new Uri(company.Url, "help").ToString());
        await looks.AtAsync("help");
        await page.GotoAsync(new Uri(company.Url, "nowhere").ToString());
        await Expect(page.GetByRole(AriaRole.Heading)).ToBeVisibleAsync();
        await looks.AtAsync("not-found");
        // A page that is not there is said so to the browser, too.
        admin.Forgive();
    }
}
