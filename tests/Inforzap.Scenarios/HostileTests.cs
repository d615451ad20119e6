using System.Text;
using Inforzap.Scenarios.Browser;
using Inforzap.Tests.Attacks;
using Inforzap.Tickets;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Inforzap.Scenarios;

/// <summary>Texts that mean harm, as names, words and names of files, on every screen that shows what customers bring.</summary>
public sealed class HostileTests(Chromium chromium, CrowdedCompany company) : BrowserTest(chromium), IClassFixture<CrowdedCompany>
{
    private const string Talker = "5511950009999";
    private const string FileName = "<img src=x onerror=alert(1)>\"'{{7}}.txt";

    private readonly Chromium chromium = chromium;

    private static string Markup => HostileText.All["markup"];

    private protected override HostProcess? Watched => company.Host;

    public override async ValueTask InitializeAsync()
    {
        await company.OpenAsync();
        var events = HostileText.All.Values.SelectMany((text, n) => new[] { Event($"n{n}", $"551195000{n:0000}", text, text), Event($"b{n}", Talker, Markup, text) });
        await company.HappenAsync(Encoding.ASCII.GetBytes($"{{\"events\":[{string.Join(',', events)}]}}"));
        await company.Place.EventuallyAsync(async db => await db.Set<Message>().CountAsync() == 2 * HostileText.All.Count);
    }

    /// <summary>As JSON escapes it: so half a character can be written down at all.</summary>
    private static string Event(string id, string from, string name, string text)
    {
        static string Escaped(string text) => string.Concat(text.Select(c => c is >= ' ' and <= '~' and not ('"' or '\\') ? $"{c}" : $"\\u{(int)c:x4}"));
        return $"{{\"type\":\"message\",\"id\":\"{id}\",\"from\":\"{from}\",\"name\":\"{Escaped(name)}\",\"text\":\"{Escaped(text)}\"}}";
    }

    [Fact]
    public async Task Whatever_people_are_called_and_write_is_text()
    {
        var agent = await PersonAsync(await company.AdminAsync(chromium));
        await agent.Page.Context.GrantPermissionsAsync(["notifications"]);
        var desk = new DeskPage(agent.Page);
        await agent.Page.GotoAsync(new Uri(company.Url, "desk?tab=pending").ToString());
        await Expect(desk.Rows).ToHaveCountAsync(HostileText.All.Count + 1);
        await OnlyOursAsync(agent.Page, "list");

        await TalkAsync(agent, desk);
        await ChatAsync(agent, desk);
        await agent.Page.GotoAsync(new Uri(company.Url, "parked").ToString());
        await Expect(agent.Page.Locator(".page-content").GetByText("<script>alert(1)</script>").First).ToBeVisibleAsync();
        await OnlyOursAsync(agent.Page, "parked");
        await DiaryAsync(agent.Page);
        Assert.DoesNotContain(company.Host.Output, l => l.Contains("broke the content security policy", StringComparison.Ordinal));
    }

    /// <summary>The conversation of somebody who wrote them all, the contact beside it, their dialog, and an answer in the same words.</summary>
    private async Task TalkAsync(Screen agent, DeskPage desk)
    {
        var id = await company.Place.ReadAsync(db => db.Set<Ticket>().Where(t => t.AddressValue == Talker).Select(t => t.Id).SingleAsync());
        await agent.Page.GotoAsync(new Uri(company.Url, $"desk/{id}").ToString());
        await Expect(desk.Bubbles).ToHaveCountAsync(HostileText.All.Count);
        await desk.TakeAsync();
        await Expect(desk.Bubble(Markup)).ToBeVisibleAsync();
        await Expect(desk.Head).ToContainTextAsync(Markup);
        await agent.Page.Locator(".side summary", new() { HasText = "Logs" }).ClickAsync();
        await Expect(agent.Page.Locator(".logs li")).Not.ToHaveCountAsync(0);
        await OnlyOursAsync(agent.Page, "conversation");
        await agent.Page.Locator(".side-who .mud-button-root").ClickAsync();
        await Expect(agent.Page.Locator(".mud-dialog")).ToBeVisibleAsync();
        await OnlyOursAsync(agent.Page, "contact");
        // It takes the focus a moment after it shows, and hears the key only then.
        await agent.Page.WaitForFunctionAsync("() => document.querySelector('.mud-dialog').contains(document.activeElement)");
        await agent.Page.Keyboard.PressAsync("Escape");
        await Expect(agent.Page.Locator(".mud-dialog")).ToHaveCountAsync(0);
        await desk.QuoteAsync(Markup);
        await desk.SayAsync($"Lost: {Markup} {Company.Lost}");
        await Expect(desk.Tick("Lost:", "unknown")).ToBeVisibleAsync();
        await OnlyOursAsync(agent.Page, "answer");
    }

    /// <summary>A visitor says it and sends a file that is called so; both sides see words.</summary>
    private async Task ChatAsync(Screen agent, DeskPage desk)
    {
        var visitor = await PersonAsync();
        var chat = new WebChatPage(visitor.Page);
        await visitor.Page.GotoAsync(new Uri(company.Url, "webchat/webchat").ToString());
        await chat.SayAsync($"Visita: {Markup}");
        var picker = await visitor.Page.RunAndWaitForFileChooserAsync(() => visitor.Page.Locator("#attach").ClickAsync());
        await picker.SetFilesAsync(new FilePayload { Name = FileName, MimeType = "text/html", Buffer = Encoding.UTF8.GetBytes(Markup) });
        await OnlyOursAsync(visitor.Page, "tray");
        await visitor.Page.Locator("#send").ClickAsync();
        await company.Place.EventuallyAsync(db => db.Set<Tickets.Media>().AnyAsync(m => m.State == MediaState.Ready));
        var id = await company.Place.ReadAsync(db => db.Set<Tickets.Media>().Select(m => m.TicketId).SingleAsync());
        await agent.Page.GotoAsync(new Uri(company.Url, $"desk/{id}").ToString());
        await desk.TakeAsync();
        await Expect(desk.Bubbles.Locator("a.file")).ToContainTextAsync("onerror=alert(1)");
        await desk.SayAsync($"Balcão: {Markup}");
        await Expect(chat.Bubble("Balcão:")).ToContainTextAsync(Markup);
        await OnlyOursAsync(agent.Page, "visit");
        await OnlyOursAsync(visitor.Page, "webchat");
    }

    private async Task DiaryAsync(IPage page)
    {
        await page.GotoAsync(new Uri(company.Url, "channels").ToString());
        await page.GetByRole(AriaRole.Button, new() { Name = "Echo", Exact = true }).ClickAsync();
        await page.Locator("details.log > summary").ClickAsync();
        await Expect(page.Locator(".log-rows li")).Not.ToHaveCountAsync(0);
        await OnlyOursAsync(page, "diary");
    }

    /// <summary>Nothing on the page was made of somebody's words: no script of theirs, no handler, no frame, no picture from where they say.</summary>
    private static async Task OnlyOursAsync(IPage page, string where) => Assert.Equal($"{where}: ", $"{where}: " + string.Join('\n', await page.EvaluateAsync<string[]>("""
        () => [...document.querySelectorAll('*')]
          .filter(e => e.getAttributeNames().some(n => /^on/i.test(n))
            || ['src', 'href', 'action', 'data'].some(n => /^\s*(javascript:|x$)/i.test(e.getAttribute(n) ?? ''))
            || e.matches('iframe, object, embed, base:not([href="/"]), body style, body meta, body link')
            || (e.matches('script') && !(e.src.startsWith(location.origin + '/') || !e.textContent.trim())))
          .map(e => e.outerHTML.slice(0, 200))
        """)));
}
