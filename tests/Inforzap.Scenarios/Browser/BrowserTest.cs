using Microsoft.Playwright;

namespace Inforzap.Scenarios.Browser;

/// <summary>Scenarios with screens run one after another, after all others: what they measure is the product, not the crowd.</summary>
[CollectionDefinition(nameof(BrowserTest), DisableParallelization = true)]
public sealed class BrowserTests : ICollectionFixture<Company>;

/// <summary>
/// A scenario with people at screens. When it ends, no screen may have had an error, a dialog or a breach of its policy; when
/// it fails, pictures of all screens are left in tests/output.
/// </summary>
[Collection(nameof(BrowserTest))]
public abstract class BrowserTest(Chromium chromium) : IAsyncLifetime
{
    private readonly List<IBrowserContext> people = [];
    private readonly List<Screen> screens = [];

    /// <summary>Whose console is kept when the scenario fails.</summary>
    private protected abstract HostProcess? Watched { get; }

    /// <summary>Somebody opens a tab in a browser of their own.</summary>
    internal async Task<Screen> PersonAsync(BrowserNewContextOptions? options = null)
    {
        options ??= new();
        options.Locale ??= "pt-BR";
        options.TimezoneId ??= "America/Sao_Paulo";
        options.ViewportSize ??= new() { Width = 1440, Height = 900 };
        var person = await chromium.PersonAsync(options);
        person.SetDefaultTimeout(20_000);
        people.Add(person);
        return await TabAsync(person);
    }

    /// <summary>The same person opens another tab.</summary>
    internal Task<Screen> TabAsync(Screen beside) => TabAsync(beside.Page.Context);

    private async Task<Screen> TabAsync(IBrowserContext person)
    {
        var screen = await Screen.OpenAsync(person);
        screens.Add(screen);
        return screen;
    }

    public virtual ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        var failed = TestContext.Current.TestState?.Result == TestResult.Failed;
        if (failed) await ShootAllAsync();
        foreach (var person in people) await person.DisposeAsync();
        if (!failed) Assert.Empty(screens.SelectMany(s => s.Troubles));
    }

    private async Task ShootAllAsync()
    {
        var name = TestContext.Current.TestMethod?.MethodName ?? "unknown";
        if (Watched is { } host) await File.WriteAllLinesAsync(Path.Combine(Screen.Pictures, $"failed-{name}.log"), host.Output);
        for (var i = 0; i < screens.Count; i++)
        {
            try
            {
                await screens[i].ShootAsync($"failed-{name}-{i + 1}");
                foreach (var trouble in screens[i].Troubles) TestContext.Current.TestOutputHelper?.WriteLine($"Screen {i + 1}: {trouble}");
            }
            catch (PlaywrightException)
            {
                // The tab is closed: there is nothing to see.
            }
        }
    }
}
