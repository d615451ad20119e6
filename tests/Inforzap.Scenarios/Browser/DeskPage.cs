using Microsoft.Playwright;

namespace Inforzap.Scenarios.Browser;

/// <summary>The workspace of an agent.</summary>
internal sealed class DeskPage(IPage page)
{
    public IPage Page => page;

    public ILocator Rows => page.Locator(".list .row");

    /// <summary>The conversation's name above its messages.</summary>
    public ILocator Head => page.Locator(".talk-words");

    public ILocator History => page.Locator(".history");

    public ILocator Bubbles => page.Locator(".history .bubble");

    /// <summary>Where one writes, once it takes what is typed.</summary>
    public ILocator Composer => page.Locator(".composer[data-ready] textarea");

    /// <summary>Where one would write, when one may not.</summary>
    public ILocator Locked => page.Locator(".composer.locked");

    public ILocator Search => page.Locator("#desk-search");

    public ILocator Row(string words) => Rows.Filter(new() { HasText = words });

    public ILocator Bubble(string words) => Bubbles.Filter(new() { HasText = words });

    /// <summary>The mark of how far a message of ours came: sent, delivered, read.</summary>
    public ILocator Tick(string words, string state) => Bubble(words).Locator($".tick-{state}");

    /// <summary>Goes to a tab, and waits until it is there.</summary>
    public async Task TabAsync(string name)
    {
        var tab = page.Locator(".tabs-row").GetByRole(AriaRole.Tab, new() { Name = name });
        await tab.ClickAsync();
        await Assertions.Expect(tab).ToHaveAttributeAsync("aria-selected", "true");
    }

    public Task AcceptAsync(string words) => Row(words).GetByRole(AriaRole.Button, new() { Name = "Atender" }).ClickAsync();

    /// <summary>Takes the conversation that is open, and waits until one may write.</summary>
    public async Task TakeAsync()
    {
        // When the contact comes, everything left of it moves, and a click that was aimed before it goes astray.
        if (page.ViewportSize!.Width >= 1200) await page.Locator(".side-head").WaitForAsync();
        await Locked.GetByRole(AriaRole.Button, new() { Name = "Atender" }).ClickAsync();
        await Composer.WaitForAsync();
    }

    public Task OpenAsync(string words) => Row(words).Locator(".row-link").ClickAsync();

    public async Task SayAsync(string text)
    {
        await Composer.FillAsync(text);
        await Composer.PressAsync("Enter");
    }

    /// <summary>Picks a file by the paper clip and waits until it is up.</summary>
    public async Task AttachAsync(string path)
    {
        var picker = await page.RunAndWaitForFileChooserAsync(() => page.Locator("[data-pick]").ClickAsync());
        await picker.SetFilesAsync(path);
        await UploadedAsync();
    }

    /// <summary>The one file that was added is up.</summary>
    public Task UploadedAsync() => Assertions.Expect(page.Locator(".uploads li:not(:has(progress))")).ToHaveCountAsync(1);

    /// <summary>What the next message answers.</summary>
    public ILocator Quoted => page.Locator(".composer-quote");

    public async Task QuoteAsync(string words)
    {
        await Bubble(words).HoverAsync();
        await Line(words).GetByRole(AriaRole.Button, new() { Name = "Responder citando" }).ClickAsync();
    }

    /// <summary>Opens what can be done to a message; its lines.</summary>
    public async Task<ILocator> MenuAsync(string words)
    {
        await Bubble(words).First.HoverAsync();
        await Line(words).First.GetByRole(AriaRole.Button, new() { Name = "Ações da mensagem" }).ClickAsync();
        return page.Locator(".bubble-menu");
    }

    private ILocator Line(string words) => page.Locator(".bubble-row").Filter(new() { HasText = words });

    /// <summary>From now on the page looks out for a row with these words, and notes when it shows.</summary>
    public Task NoteWhenRowShowsAsync(string words) => page.EvaluateAsync("""
        words => {
          const watch = new MutationObserver(() => {
            if (![...document.querySelectorAll('.list .row')].some(row => row.textContent.includes(words))) return;
            watch.disconnect();
            window.rowShowedAt = Date.now();
          });
          watch.observe(document.body, { childList: true, subtree: true, characterData: true });
        }
        """, words);

    public Task<double> RowShowedAtAsync() => page.EvaluateAsync<double>("() => window.rowShowedAt");

    public async Task ResolveAsync()
    {
        await page.Locator(".resolve").ClickAsync();
        await page.Locator(".mud-dialog").GetByRole(AriaRole.Button, new() { Name = "Resolver" }).ClickAsync();
    }

    /// <summary>Milliseconds from the key to the moment when the page shows what the selector finds.</summary>
    public async Task<double> TimeSendAsync(string text, string shows)
    {
        await Composer.FillAsync(text);
        return await page.EvaluateAsync<double>("""
            ([shows, text]) => new Promise((done, fail) => {
              setTimeout(() => fail(new Error(`${shows} never showed ${text}`)), 10_000);
              const began = performance.now();
              const found = () => [...document.querySelectorAll(shows)].some(e => e.closest('.bubble').textContent.includes(text));
              const watch = new MutationObserver(() => { if (found()) { watch.disconnect(); done(performance.now() - began); } });
              watch.observe(document.querySelector('.talk'), { childList: true, subtree: true, attributes: true, characterData: true });
              document.querySelector('.composer textarea').dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true }));
            })
            """, new[] { shows, text });
    }
}
