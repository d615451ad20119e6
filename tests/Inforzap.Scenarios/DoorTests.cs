using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Inforzap.Data;
using Inforzap.Scenarios.Browser;
using Inforzap.Tests.Support;
using Inforzap.Tickets;
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
        await person.ForgiveAsync(2);
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
        await victim.ForgiveAsync(1);

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

    /// <summary>Neither who follows the way out nor who stays on the screen says or hears anything more.</summary>
    [Fact]
    public async Task Whoever_is_disabled_says_nothing_more_and_hears_nothing_more()
    {
        const string number = "5511940040010";
        await company.WriteAsync((number, "Dora Porta", "Antes da saída"));
        var boss = await PersonAsync(await company.AdminAsync(chromium));
        await HireAsync(boss.Page, "Zeca Provisório", "zeca@aurora.example", "tijolo cometa varanda");
        var (agent, stubborn) = (await PersonAsync(), await PersonAsync());
        var heard = new ConcurrentQueue<byte[]>();
        stubborn.Page.WebSocket += (_, socket) => socket.FrameReceived += (_, frame) => heard.Enqueue(frame.Binary ?? []);
        foreach (var screen in new[] { agent, stubborn })
        {
            await company.SignInAsync(screen.Page, "zeca@aurora.example", "tijolo cometa varanda");
            await Expect(screen.Page.Locator(".shell")).ToBeVisibleAsync();
        }
        // It keeps what the server gives it to call back with, and does not go where it is sent.
        await stubborn.Page.EvaluateAsync("() => { window.held = []; DotNet.attachReviver((key, value) => { if (value?.invokeMethodAsync) window.held.push(value); return value; }); }");
        await stubborn.Page.EvaluateAsync("() => navigation.addEventListener('navigate', e => { if (e.destination.url.includes('/sign-in')) { e.preventDefault(); window.sent = true; } })");
        var (desk, still) = (new DeskPage(agent.Page), new DeskPage(stubborn.Page));
        await desk.TabAsync("Pendente");
        await desk.AcceptAsync("Dora Porta");
        await Expect(desk.Composer).ToBeVisibleAsync();
        await still.OpenAsync("Dora Porta");
        await Expect(still.Composer).ToBeVisibleAsync();
        await company.WriteAsync((number, "Dora Porta", "Ainda de casa"));
        foreach (var screen in new[] { desk, still }) await Expect(screen.Bubble("Ainda de casa")).ToBeVisibleAsync();
        await still.SayAsync("Por esta linha");
        await company.Place.EventuallyAsync(db => SaidAsync(db, "Por esta linha"));
        await desk.Composer.FillAsync("Depois do fim");

        await boss.Page.GetByRole(AriaRole.Button, new() { Name = "Mais ações: Zeca Provisório" }).ClickAsync();
        await boss.Page.GetByRole(AriaRole.Menuitem, new() { Name = "Desativar" }).Or(boss.Page.Locator(".mud-menu-item", new() { HasText = "Desativar" })).First.ClickAsync();
        await boss.Page.Locator(".mud-dialog").GetByRole(AriaRole.Button, new() { Name = "Desativar" }).ClickAsync();
        await company.Place.EventuallyAsync(db => db.Set<Ticket>().AnyAsync(t => t.AddressValue == number && t.Status == TicketStatus.Pending));
        await stubborn.Page.EvaluateAsync("() => document.querySelector('[data-send]')?.click()");
        await Expect(agent.Page).ToHaveURLAsync(new Regex("/sign-in\\?ended=1$"), new() { Timeout = 5_000 });
        await Expect(stubborn.Page.Locator(".rail, .row, .bubble, .composer")).ToHaveCountAsync(0, new() { Timeout = 5_000 });
        Assert.True(await stubborn.Page.EvaluateAsync<bool>("() => window.sent"));

        // By hand, over the line that is still there.
        var held = await stubborn.Page.EvaluateAsync<int>("""
            async () => {
              const calls = window.held.map(h => h.invokeMethodAsync('Send', crypto.randomUUID(), 'Depois do fim').catch(() => {}));
              await Promise.race([Promise.allSettled(calls), new Promise(done => setTimeout(done, 1000))]);
              return calls.length;
            }
            """);
        Assert.NotEqual(0, held);
        await company.WriteAsync((number, "Dora Porta", "Assunto reservado"));
        var boss2 = new DeskPage(boss.Page);
        await boss.Page.GotoAsync(new Uri(company.Url, "desk?tab=pending").ToString());
        await Expect(boss2.Row("Assunto reservado")).ToBeVisibleAsync();
        // An answer of the server to this very line comes after whatever it had to tell.
        await stubborn.Page.EvaluateAsync("() => Promise.race([window.held[0].invokeMethodAsync('Nothing').catch(() => {}), new Promise(done => setTimeout(done, 1000))])");
        Assert.Contains(heard, f => f.AsSpan().IndexOf("Ainda de casa"u8) >= 0);
        Assert.DoesNotContain(heard, f => f.AsSpan().IndexOf("Assunto reservado"u8) >= 0);
        Assert.False(await company.Place.ReadAsync(db => SaidAsync(db, "Depois do fim")));
        foreach (var screen in new[] { agent, stubborn }) screen.Forgive();
    }

    private static Task<bool> SaidAsync(InforzapDb db, string text) => db.Set<Message>().AnyAsync(m => m.FromUs && m.Body!.Contains(text));

    /// <summary>Another administrator; the first one stays on the page of users.</summary>
    private async Task HireAsync(IPage page, string name, string email, string password)
    {
        await page.GotoAsync(new Uri(company.Url, "users").ToString());
        await page.GetByRole(AriaRole.Button, new() { Name = "Novo usuário" }).ClickAsync();
        var form = page.Locator("#user-form");
        await form.GetByLabel("Nome").FillAsync(name);
        await form.GetByLabel("E-mail").FillAsync(email);
        await form.Locator("input[name=role]").Last.CheckAsync();
        await form.Locator("input[name=access]").Last.CheckAsync();
        await form.Locator("input[type=password]").FillAsync(password);
        await page.Locator("button[form=user-form]").ClickAsync();
        await Expect(form).ToHaveCountAsync(0);
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
