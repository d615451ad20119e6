using Microsoft.Playwright;

namespace Inforzap.Scenarios.Browser;

/// <summary>What a visitor sees: the chat, alone in a tab or inside the frame of somebody's page.</summary>
internal sealed class WebChatPage(IFrame frame)
{
    public WebChatPage(IPage page) : this(page.MainFrame)
    {
    }

    public IFrame Frame => frame;

    public ILocator Composer => frame.Locator("#text");

    public ILocator Rows => frame.Locator("#list .row");

    public ILocator Dots => frame.Locator("#dots");

    public ILocator Pictures => frame.Locator("#list .file.image img");

    /// <summary>The line that says why nothing moves.</summary>
    public ILocator Bar => frame.Locator("#bar");

    public ILocator Bubble(string words) => Rows.Filter(new() { HasText = words });

    /// <summary>How far a message of the visitor came: waiting, sent, read.</summary>
    public ILocator Tick(string words, string state) => Bubble(words).Locator($".tick.{state}");

    public async Task SayAsync(string text)
    {
        await Composer.FillAsync(text);
        await Composer.PressAsync("Enter");
    }

    public async Task QuoteAsync(string words)
    {
        await Bubble(words).HoverAsync();
        await Bubble(words).Locator("button.answer").ClickAsync();
        await Assertions.Expect(frame.Locator("#quote")).ToContainTextAsync(words);
    }
}
