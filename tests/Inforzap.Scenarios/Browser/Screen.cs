using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace Inforzap.Scenarios.Browser;

/// <summary>One tab, and all that went wrong in it: errors on the console, exceptions, dialogs, breaches of the page's policy.</summary>
internal sealed class Screen
{
    private readonly ConcurrentQueue<string> troubles = new();

    private Screen(IPage page) => Page = page;

    public IPage Page { get; }

    /// <summary>Oldest first.</summary>
    public IReadOnlyCollection<string> Troubles => troubles;

    public static async Task<Screen> OpenAsync(IBrowserContext person)
    {
        var screen = new Screen(await person.NewPageAsync());
        screen.Page.Console += (_, said) =>
        {
            if (said.Type == "error") screen.troubles.Enqueue($"{said.Text} ({said.Location})");
        };
        screen.Page.PageError += (_, error) => screen.troubles.Enqueue(error);
        screen.Page.Dialog += async (_, dialog) =>
        {
            if (dialog.Type != DialogType.BeforeUnload) screen.troubles.Enqueue($"A dialog: {dialog.Message}");
            await dialog.AcceptAsync();
        };
        await screen.Page.AddInitScriptAsync("addEventListener('securitypolicyviolation', e => console.error(`Policy broken: ${e.effectiveDirective} ${e.blockedURI} ${e.sample}`))");
        return screen;
    }

    /// <summary>What happened until now was part of the story: a host that was stopped, a call that had to be refused.</summary>
    public void Forgive() => troubles.Clear();

    /// <summary>As <see cref="Forgive"/>, where the browser will say it, so many times, but perhaps only in a moment.</summary>
    public async Task ForgiveAsync(int times)
    {
        for (var end = DateTime.UtcNow.AddSeconds(10); troubles.Count < times && DateTime.UtcNow < end;) await Task.Delay(50);
        troubles.Clear();
    }

    /// <summary>A picture of the visible part, for people to look at. Hiding the caret would take a style that our policy forbids.</summary>
    public Task ShootAsync(string name) => Page.ScreenshotAsync(new() { Path = Path.Combine(Pictures, name + ".png"), Caret = ScreenshotCaret.Initial });

    public static string Pictures { get; } = Directory.CreateDirectory(Path.Combine(HostProcess.Root, "tests", "output")).FullName;
}
