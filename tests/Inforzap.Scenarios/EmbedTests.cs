using Inforzap.Scenarios.Browser;
using Inforzap.Tests.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Inforzap.Scenarios;

/// <summary>The chat on somebody's own site, in a browser that lets the frame keep nothing.</summary>
public sealed class EmbedTests(Chromium chromium, Company company) : BrowserTest(chromium)
{
    private readonly Chromium chromium = chromium;
    private FakeServer shop = null!;

    private protected override HostProcess? Watched => company.Host;

    /// <summary>Another host name than the product's, so that its frame is somebody else's there.</summary>
    private string Shop => $"http://localhost:{shop.Url.Port}";

    public override async ValueTask InitializeAsync()
    {
        await company.OpenAsync();
        shop = await FakeServer.StartAsync();
        var script = new Uri(company.Url, "webchat/webchat/webchat.js");
        shop.Otherwise = request => new(200, request.Path switch
        {
            "/" => $"<!doctype html><title>Loja</title><link rel=icon href='data:,'><h1>Loja</h1><script src='{script}' data-channel='webchat' async></script>",
            "/frame" => $"<!doctype html><title>Loja</title><link rel=icon href='data:,'><iframe src='{new Uri(company.Url, "webchat/webchat/")}'></iframe>",
            _ => "",
        }) { ContentType = "text/html; charset=utf-8" };
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await shop.DisposeAsync();
    }

    [Fact]
    public async Task A_site_shows_the_chat_once_it_is_allowed_and_not_before()
    {
        var visitor = await PersonAsync();
        await RefuseAsync(visitor);

        var admin = await PersonAsync(await company.AdminAsync(chromium));
        await AllowAsync(admin.Page);
        // The script asks again by itself.
        await Expect(visitor.Page.Locator("inforzap-chat")).ToBeAttachedAsync(new() { Timeout = 60_000 });
        visitor.Forgive();
        await TalkAsync(visitor, admin);
        await ComeBackAsync(visitor);
    }

    private async Task RefuseAsync(Screen visitor)
    {
        await visitor.Page.GotoAsync($"{Shop}/frame");
        await Expect(visitor.Page.Locator("iframe")).ToBeVisibleAsync();
        Assert.DoesNotContain(visitor.Page.Frames, f => f.Url.StartsWith(company.Url.ToString(), StringComparison.Ordinal));
        var refused = visitor.Page.WaitForConsoleMessageAsync(new() { Predicate = m => m.Text.StartsWith("Inforzap: no chat at", StringComparison.Ordinal) });
        await visitor.Page.GotoAsync(Shop);
        Assert.Contains($"Is {Shop} allowed there?", (await refused).Text, StringComparison.Ordinal);
        await Expect(visitor.Page.Locator("inforzap-chat")).ToHaveCountAsync(0);
    }

    private async Task AllowAsync(IPage page)
    {
        await page.GotoAsync(new Uri(company.Url, "channels").ToString());
        await page.Locator(".channel-card").GetByRole(AriaRole.Button, new() { Name = "WebChat", Exact = true }).ClickAsync();
        await page.GetByLabel("Sites que podem mostrar o chat").FillAsync($"https://outra.example\n{Shop}");
        await page.GetByRole(AriaRole.Button, new() { Name = "Salvar" }).ClickAsync();
        await Expect(page.Locator(".drawer")).ToHaveCountAsync(0);
    }

    private async Task TalkAsync(Screen visitor, Screen admin)
    {
        var chat = await PressAsync(visitor);
        // Third-party storage is shut: what works here works in the strictest browser.
        Assert.Equal("forbidden", await chat.Frame.EvaluateAsync<string>("() => { try { localStorage.length; return 'open' } catch { return 'forbidden' } }"));
        await chat.SayAsync("Vi o bolo no site");
        await Expect(chat.Tick("Vi o bolo no site", "sent")).ToBeVisibleAsync();

        var desk = new DeskPage(admin.Page);
        await admin.Page.GotoAsync(new Uri(company.Url, "desk?tab=pending").ToString());
        await desk.AcceptAsync("Vi o bolo no site");
        await desk.SayAsync("Que bom");
        await Expect(chat.Bubble("Que bom")).ToBeVisibleAsync();
        await Expect(desk.Tick("Que bom", "read")).ToBeVisibleAsync();
        await visitor.ShootAsync("embedded");
    }

    /// <summary>After a reload the conversation is there again, kept by the page around it.</summary>
    private static async Task ComeBackAsync(Screen visitor)
    {
        await visitor.Page.ReloadAsync();
        await Expect(visitor.Page.Locator("inforzap-chat")).ToBeAttachedAsync();
        var chat = await PressAsync(visitor);
        await Expect(chat.Rows).ToHaveCountAsync(2);
        await Expect(chat.Bubble("Que bom")).ToBeVisibleAsync();
    }

    /// <summary>Presses the button, which lies in a closed shadow root: by its place, as a finger would.</summary>
    private static async Task<WebChatPage> PressAsync(Screen visitor)
    {
        var (size, page) = (visitor.Page.ViewportSize!, visitor.Page);
        await page.Mouse.ClickAsync(size.Width - 48, size.Height - 48);
        for (var tries = 0; tries < 100; tries++)
        {
            if (page.Frames.FirstOrDefault(f => f.Url.Contains("/webchat/webchat/", StringComparison.Ordinal)) is { } frame) return new WebChatPage(frame);
            await Task.Delay(100);
        }
        throw new TimeoutException("No frame opened.");
    }
}
