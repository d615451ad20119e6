using Inforzap.Scenarios.Browser;
using Inforzap.Tests.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Inforzap.Scenarios;

/// <summary>What other people's pages, greedy people and huge inputs can do: nothing to others, and little to themselves.</summary>
public sealed class DoorTests(Chromium chromium, Company company) : BrowserTest(chromium)
{
    private const string TrySocket = """
        address => new Promise(done => {
          const socket = new WebSocket(address);
          socket.onopen = () => { socket.close(); done('open'); };
          socket.onerror = () => done('refused');
        })
        """;

    private readonly Chromium chromium = chromium;

    private protected override HostProcess? Watched => company.Host;

    private string Circuits => $"ws://127.0.0.1:{company.Url.Port}/_blazor";

    public override ValueTask InitializeAsync() => new(company.OpenAsync());

    [Fact]
    public async Task A_page_of_another_origin_gets_no_circuit_though_the_browser_brings_the_session()
    {
        await using var other = await OtherAsync("");
        var person = await PersonAsync(await company.AdminAsync(chromium));
        await person.Page.GotoAsync(new Uri(company.Url, "help").ToString());
        Assert.Equal("open", await person.Page.EvaluateAsync<string>(TrySocket, Circuits));
        // The same machine by another port: cookies go along. By another name: they don't.
        foreach (var name in new[] { "127.0.0.1", "localhost" })
        {
            await person.Page.GotoAsync($"http://{name}:{other.Url.Port}/");
            Assert.Equal("refused", await person.Page.EvaluateAsync<string>(TrySocket, Circuits));
        }
        person.Forgive();
    }

    [Fact]
    public async Task A_form_on_another_site_signs_nobody_in()
    {
        await using var other = await OtherAsync($"""
            <form method="post" action="{new Uri(company.Url, "sign-in")}">
              <input name="_handler" value="sign-in"><input name="Input.Email" value="{Company.Email}"><input name="Input.Password" value="{Company.Password}"><button>Ganhe um prêmio</button>
            </form>
            """);
        var victim = await PersonAsync();
        await victim.Page.GotoAsync($"http://localhost:{other.Url.Port}/");
        var answer = await victim.Page.RunAndWaitForResponseAsync(() => victim.Page.GetByRole(AriaRole.Button).ClickAsync(), r => r.Request.Method == "POST");
        Assert.Equal(400, answer.Status);
        Assert.DoesNotContain(await victim.Page.Context.CookiesAsync(), c => c.Name.EndsWith("inforzap", StringComparison.Ordinal));
        victim.Forgive();

        // The same words in our own form do.
        var own = await TabAsync(victim);
        await company.SignInAsync(own.Page, Company.Email, Company.Password);
        await Expect(own.Page.Locator(".shell")).ToBeVisibleAsync();
        Assert.Contains(await victim.Page.Context.CookiesAsync(), c => c.Name.EndsWith("inforzap", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_eleventh_tab_is_told_so_in_words()
    {
        var first = await PersonAsync(await company.AdminAsync(chromium));
        var tabs = new List<Screen> { first };
        while (tabs.Count < 11) tabs.Add(await TabAsync(first));
        foreach (var tab in tabs)
        {
            await tab.Page.GotoAsync(new Uri(company.Url, "queues").ToString());
            await Expect(tab.Page.Locator(".shell")).ToBeVisibleAsync();
        }
        var last = tabs[10].Page;
        await Expect(last.GetByText("Muitas abas abertas")).ToBeVisibleAsync();
        await Expect(last.GetByText("Cada usuário pode ter até 10 abas do Inforzap. Feche uma e recarregue esta.")).ToBeVisibleAsync();
        await Expect(last.Locator(".rail")).ToHaveCountAsync(0);
        foreach (var tab in tabs[..10]) await Expect(tab.Page.Locator(".rail")).ToBeVisibleAsync();

        await tabs[3].Page.CloseAsync();
        // The host hears of the closed one a moment later.
        for (var tries = 0; tries < 10; tries++)
        {
            await last.ReloadAsync();
            await Expect(last.Locator(".shell")).ToBeVisibleAsync();
            if (await last.Locator(".rail").IsVisibleAsync()) break;
        }
        await Expect(last.Locator(".rail")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Thirty_two_megabytes_end_nobodys_work()
    {
        await company.WriteAsync(("5511940040001", "Vítor Colado", "Tudo bem?"));
        var (agent, other) = (await PersonAsync(await company.AdminAsync(chromium)), await PersonAsync(await company.AdminAsync(chromium)));
        foreach (var screen in new[] { agent, other }) await screen.Page.AddInitScriptAsync(CountBars);
        await other.Page.GotoAsync(new Uri(company.Url, "queues").ToString());
        await Expect(other.Page.Locator(".shell")).ToBeVisibleAsync();

        var desk = new DeskPage(agent.Page);
        await agent.Page.Context.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);
        await agent.Page.GotoAsync(new Uri(company.Url, "desk?tab=pending").ToString());
        await desk.AcceptAsync("Vítor Colado");
        await Expect(desk.Composer).ToBeVisibleAsync();
        // The worst that JSON makes of a character, and a plain one.
        foreach (var letter in new[] { "\u0001", "x" })
        {
            await agent.Page.EvaluateAsync("letter => navigator.clipboard.writeText(letter.repeat(32 * 1024 * 1024))", letter);
            foreach (var field in new[] { desk.Composer, desk.Search })
            {
                await field.FocusAsync();
                await agent.Page.Keyboard.PressAsync("Control+V");
                Assert.InRange((await field.InputValueAsync()).Length, 1, 70_000);
            }
            await desk.Search.PressAsync("Escape");
            await desk.Composer.PressAsync("Enter");
        }
        await desk.SayAsync("Foi só um engano");
        await Expect(desk.Bubble("Foi só um engano")).ToBeVisibleAsync();

        // Somebody who brings a program of their own loses their own line.
        Assert.Equal("closed", await other.Page.EvaluateAsync<string>("""
            address => new Promise(done => {
              const socket = new WebSocket(address);
              socket.onopen = () => { socket.send('{"protocol":"blazorpack","version":1}\u001e'); socket.send(new Uint8Array(32 * 1024 * 1024)); };
              socket.onclose = () => done('closed');
            })
            """, Circuits));
        await Expect(other.Page.Locator(".rail")).ToBeVisibleAsync();
        foreach (var screen in new[] { agent, other }) Assert.Equal(0, await screen.Page.EvaluateAsync<int>("() => window.bars"));
    }

    // How often the page said that it lost its line.
    private const string CountBars = """
        window.bars = 0;
        document.addEventListener('components-reconnect-state-changed', e => { if (e.detail.state === 'show') window.bars++; }, true);
        """;

    private static async Task<FakeServer> OtherAsync(string body)
    {
        var other = await FakeServer.StartAsync();
        other.Otherwise = _ => new(200, $"<!doctype html><title>Outro</title><link rel=icon href='data:,'>{body}") { ContentType = "text/html; charset=utf-8" };
        return other;
    }
}
