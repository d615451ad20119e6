using Inforzap.Scenarios.Browser;
using Inforzap.Tests.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Inforzap.Scenarios;

/// <summary>An administrator connects a mail server and sets the company up; a new colleague comes in by mail, forgets the password, and comes in again.</summary>
public sealed class MailTests(Chromium chromium, CrowdedCompany company) : BrowserTest(chromium), IClassFixture<CrowdedCompany>
{
    private const string Email = "bia@aurora.example";
    private const string Password = "girafa no trem de quinta";
    private const string Another = "tijolo cometa varanda";

    private readonly Chromium chromium = chromium;

    private protected override HostProcess? Watched => company.Host;

    public override async ValueTask InitializeAsync() => await company.OpenAsync();

    [Fact]
    public async Task A_colleague_is_invited_by_mail_forgets_the_password_and_has_one_session()
    {
        await using var server = new FakeSmtp { SignIn = ("avisos", "segredo") }.Start();
        var admin = await PersonAsync(await company.AdminAsync(chromium));
        var looks = new Looks(admin, "desk");
        await ServerAsync(admin.Page, looks, server);
        await GeneralAsync(admin.Page, looks);
        await PhoneAsync();
        await InviteAsync(admin.Page, looks);
        var invitation = await ArrivedAsync(server, "Seu acesso ao Inforzap");

        await LetterAsync(server.Mails[^1]);

        var bia = await PersonAsync();
        await ChooseAsync(bia.Page, invitation, Password);

        var stranger = await PersonAsync();
        var strangerLooks = new Looks(stranger, "desk");
        await ForgetAsync(stranger.Page, strangerLooks, "ninguem@aurora.example");
        await ForgetAsync(stranger.Page, strangerLooks, Email);
        var link = await ArrivedAsync(server, "Escolha uma nova senha");
        Assert.DoesNotContain(server.Mails, m => m.To.Contains("ninguem@aurora.example"));
        await ChooseAsync(stranger.Page, link, Another);
        // Her first screen leaves by itself.
        await bia.Page.WaitForURLAsync("**/sign-in?ended=1**");

        // One session per person: who signs in again leaves the screen before.
        await company.SignInAsync(bia.Page, Email, Another);
        await bia.Page.Locator(".shell").WaitForAsync();
        await stranger.Page.WaitForURLAsync("**/sign-in?ended=1**");
        Assert.True(looks.Faults.Concat(strangerLooks.Faults).ToList() is { Count: 0 }, string.Join(Environment.NewLine, looks.Faults.Concat(strangerLooks.Faults)));
    }

    private async Task ServerAsync(IPage page, Looks looks, FakeSmtp server)
    {
        await page.GotoAsync(new Uri(company.Url, "settings/mail").ToString());
        await page.Locator("[name=Host]").FillAsync("127.0.0.1");
        await page.Locator("[name=Security]").SelectOptionAsync("Plain");
        await page.Locator("[name=Port]").FillAsync($"{server.Port}");
        await page.Locator("[name=UserName]").FillAsync("avisos");
        await page.Locator("[name=Password]").FillAsync("errada");
        await page.Locator("[name=FromName]").FillAsync("Padaria Aurora");
        await page.Locator("[name=FromAddress]").FillAsync("avisos@aurora.example");
        await Expect(page.GetByText("passam abertos")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Enviar teste" }).ClickAsync();
        await Expect(page.Locator(".notice-bad")).ToContainTextAsync("recusou o usuário ou a senha");
        await looks.AtAsync("mail-refused");
        await page.Locator("[name=Password]").FillAsync("segredo");
        await page.GetByRole(AriaRole.Button, new() { Name = "Enviar teste" }).ClickAsync();
        await Expect(page.Locator(".notice-good")).ToContainTextAsync("Enviada para");
        await page.Locator("[name=IsOn]").CheckAsync();
        await looks.AtAsync("mail");
        await page.Locator(".save-bar button[type=submit]").ClickAsync();
        await Expect(page.Locator(".save-bar")).ToHaveCountAsync(0);
        await page.ReloadAsync();
        await Expect(page.Locator("[name=Password]")).ToHaveValueAsync("");
        await Expect(page.Locator("[name=Password]")).ToHaveAttributeAsync("placeholder", "guardada");
    }

    private async Task GeneralAsync(IPage page, Looks looks)
    {
        await page.GotoAsync(new Uri(company.Url, "settings").ToString());
        await page.Locator("[name='company.name']").FillAsync("Padaria Aurora");
        await page.Locator("[name='company.public-url']").FillAsync("padaria");
        await page.Locator("[name='company.timezone']").FillAsync("America/Manaus");
        await page.Locator("[name='security.single-session']").CheckAsync();
        await page.Locator(".save-bar button[type=submit]").ClickAsync();
        await Expect(page.Locator(".field-error")).ToContainTextAsync("endereço completo");
        await looks.AtAsync("general-wrong");
        // Whoever goes elsewhere now is asked.
        await page.Locator(".rail a[href='/settings/variables']").ClickAsync();
        await Expect(page.Locator(".mud-dialog")).ToContainTextAsync("Sair sem salvar?");
        await page.Locator(".mud-dialog").GetByRole(AriaRole.Button, new() { Name = "Cancelar" }).ClickAsync();
        await page.Locator("[name='company.public-url']").FillAsync(company.Url.ToString());
        await page.Locator(".save-bar button[type=submit]").ClickAsync();
        await Expect(page.Locator(".save-bar")).ToHaveCountAsync(0);
        await looks.AtAsync("general");
        await page.GotoAsync(new Uri(company.Url, "audit?kind=setting").ToString());
        await Expect(page.Locator(".page-content tbody")).ToContainTextAsync("Uma sessão por pessoa");
        await looks.AtAsync("audit-settings");
    }

    private async Task PhoneAsync()
    {
        var options = await company.AdminAsync(chromium);
        (options.ViewportSize, options.HasTouch, options.IsMobile) = (new() { Width = 390, Height = 844 }, true, true);
        var phone = await PersonAsync(options);
        var looks = new Looks(phone, "phone");
        foreach (var path in new[] { "settings", "settings/mail" })
        {
            await phone.Page.GotoAsync(new Uri(company.Url, path).ToString());
            await Expect(phone.Page.Locator(".sheet").First).ToBeVisibleAsync();
            await looks.AtAsync(path.Replace('/', '-'));
            await phone.Page.Locator(path == "settings" ? "[name='company.name']" : "[name=FromName]").FillAsync("Outro nome");
            await Expect(phone.Page.Locator(".save-bar")).ToBeVisibleAsync();
            await looks.AtAsync($"{path.Replace('/', '-')}-changed");
            await phone.Page.Locator(".save-bar").GetByRole(AriaRole.Button, new() { Name = "Desfazer" }).ClickAsync();
            await Expect(phone.Page.Locator(".save-bar")).ToHaveCountAsync(0);
        }
        Assert.True(looks.Faults.Count == 0, string.Join(Environment.NewLine, looks.Faults));
    }

    private async Task InviteAsync(IPage page, Looks looks)
    {
        await page.GotoAsync(new Uri(company.Url, "users").ToString());
        await page.GetByRole(AriaRole.Button, new() { Name = "Novo usuário" }).ClickAsync();
        var drawer = page.Locator(".drawer");
        await drawer.GetByLabel("Nome").FillAsync("Bia Nunes");
        await drawer.GetByLabel("E-mail").FillAsync(Email);
        await page.Locator(".drawer-foot button[type=submit]").ClickAsync();
        var dialog = page.Locator(".mud-dialog");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Enviar por e-mail" }).ClickAsync();
        await Expect(dialog.GetByRole(AriaRole.Button, new() { Name = "Enviado" })).ToBeVisibleAsync();
        await looks.AtAsync("link-mailed");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Fechar" }).ClickAsync();
    }

    private async Task ForgetAsync(IPage page, Looks looks, string email)
    {
        await page.GotoAsync(new Uri(company.Url, "sign-in").ToString());
        await page.GetByRole(AriaRole.Link, new() { Name = "Esqueci minha senha" }).ClickAsync();
        await page.GetByLabel("E-mail").FillAsync(email);
        await looks.AtAsync("forgot");
        await page.GetByRole(AriaRole.Button, new() { Name = "Enviar o link" }).ClickAsync();
        await Expect(page.GetByText("Se este e-mail tem um usuário ativo")).ToBeVisibleAsync();
        await looks.AtAsync("forgot-done");
    }

    /// <summary>As a mail program shows it, wide and narrow.</summary>
    private async Task LetterAsync(FakeMail mail)
    {
        foreach (var (width, device) in new[] { (720, "desk"), (390, "phone") })
        {
            var letter = await PersonAsync(new() { ViewportSize = new() { Width = width, Height = 720 } });
            await letter.Page.SetContentAsync(mail.Message.HtmlBody!);
            await letter.ShootAsync($"letter-{device}");
            Assert.True(await letter.Page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= document.documentElement.clientWidth"), $"The letter is wider than a {device}.");
        }
    }

    private static async Task ChooseAsync(IPage page, string link, string password)
    {
        await page.GotoAsync(link);
        await page.GetByLabel("Nova senha").FillAsync(password);
        await page.Locator("button[type=submit]").ClickAsync();
        await page.Locator(".shell").WaitForAsync();
    }

    /// <summary>The link in the mail with this subject, once it came.</summary>
    private static async Task<string> ArrivedAsync(FakeSmtp server, string subject)
    {
        for (var i = 0; i < 200; i++, await Task.Delay(100))
            if (server.Mails.FirstOrDefault(m => m.Message.Subject == subject && m.To.Contains(Email)) is { } mail)
                return mail.Message.TextBody!.Split('\n').Select(l => l.Trim()).First(l => l.StartsWith("http", StringComparison.Ordinal));
        throw new TimeoutException($"No mail '{subject}' came: {string.Join("; ", server.Commands)}");
    }
}
