using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(Inforzap.Scenarios.Browser.Chromium))]

namespace Inforzap.Scenarios.Browser;

/// <summary>The browser of the whole run. It starts when the first scenario wants to look at something.</summary>
public sealed class Chromium : IAsyncDisposable
{
    private static readonly string Program = Environment.GetEnvironmentVariable("CHROMIUM") ?? "/usr/bin/chromium";

    private readonly Lazy<Task<IBrowser>> browser;
    private IPlaywright? playwright;

    public Chromium() => browser = new(StartAsync);

    /// <summary>Somebody at a machine of their own: nothing is shared with anybody else's.</summary>
    internal async Task<IBrowserContext> PersonAsync(BrowserNewContextOptions options) => await (await browser.Value).NewContextAsync(options);

    private async Task<IBrowser> StartAsync()
    {
        playwright = await Playwright.CreateAsync();
        // A busy machine is slower than a person expects; what must be quick is measured where it matters.
        Assertions.SetDefaultExpectTimeout(15_000);
        return await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Program,
            Args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
                // A microphone that hums, for whoever records; nobody is asked.
                "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"],
        });
    }

    public async ValueTask DisposeAsync()
    {
        if (browser.IsValueCreated) await (await browser.Value).DisposeAsync();
        playwright?.Dispose();
    }
}
