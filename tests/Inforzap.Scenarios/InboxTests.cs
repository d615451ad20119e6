using Inforzap.Scenarios.Browser;
using Inforzap.Tickets;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Inforzap.Scenarios;

/// <summary>Finding one's way in a full inbox: by search, by pages, by keyboard, by the browser's own buttons.</summary>
public sealed class InboxTests(Chromium chromium, CrowdedCompany company) : BrowserTest(chromium), IClassFixture<CrowdedCompany>
{
    private const int People = 63;

    private readonly Chromium chromium = chromium;
    private Screen agent = null!;
    private DeskPage desk = null!;

    private protected override HostProcess? Watched => company.Host;

    public override async ValueTask InitializeAsync()
    {
        await company.OpenAsync();
        if (!await company.Place.ReadAsync(db => db.Set<Ticket>().AnyAsync()))
        {
            // One after another, so that the list has an order to keep.
            await company.WriteAsync(Enumerable.Range(1, People).Select(i => ($"55119600{i:00000}", i == 7 ? "Érica Conceição" : $"Cliente {i:00}", i == 5 ? "Vocês têm geleia de jabuticaba?" : $"Pedido {i}")));
            await company.Place.EventuallyAsync(async db => await db.Set<Ticket>().CountAsync() == People);
        }
        agent = await PersonAsync(await company.AdminAsync(chromium));
        desk = new(agent.Page);
    }

    [Fact]
    public async Task Search_finds_names_numbers_and_words()
    {
        await OpenAsync("desk?tab=pending");
        await agent.Page.Keyboard.PressAsync("Alt+b");
        await Expect(desk.Search).ToBeFocusedAsync();
        foreach (var (typed, found) in new[] { ("erica conc", "Érica Conceição"), ("96000-0009", "Cliente 09"), ("jabuticaba", "Cliente 05"), ("JABUTICABA geleia", "Cliente 05") })
        {
            await desk.Search.FillAsync(typed);
            await Expect(desk.Rows).ToHaveCountAsync(1);
            await Expect(desk.Row(found)).ToBeVisibleAsync();
            Assert.Contains("q=", agent.Page.Url, StringComparison.Ordinal);
        }
        await desk.Search.FillAsync("' OR 1=1--");
        await Expect(agent.Page.GetByText("Nada encontrado")).ToBeVisibleAsync();
        await desk.Search.PressAsync("Escape");
        await Expect(desk.Search).ToHaveValueAsync("");
        await Expect(desk.Rows).Not.ToHaveCountAsync(0);
        Assert.DoesNotContain("q=", agent.Page.Url, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_rest_of_the_list_comes_on_demand()
    {
        await OpenAsync("desk?tab=pending");
        var shown = await desk.Rows.CountAsync();
        Assert.InRange(shown, 10, People - 2);
        await agent.Page.GetByRole(AriaRole.Button, new() { Name = "Carregar mais conversas" }).ClickAsync();
        var all = await company.Place.ReadAsync(db => db.Set<Ticket>().CountAsync(t => t.Status == TicketStatus.Pending));
        await Expect(desk.Rows).ToHaveCountAsync(all);
        await Expect(agent.Page.GetByRole(AriaRole.Button, new() { Name = "Carregar mais conversas" })).ToHaveCountAsync(0);
        var names = await desk.Rows.Locator(".row-name").AllInnerTextsAsync();
        Assert.Equal(names.Count, names.Distinct().Count());
    }

    [Fact]
    public async Task The_tab_says_how_much_waits()
    {
        await OpenAsync("desk?tab=pending");
        var waiting = await company.Place.ReadAsync(db => db.Set<Ticket>().CountAsync(t => t.Status == TicketStatus.Pending));
        await Expect(agent.Page).ToHaveTitleAsync($"({waiting}) Atendimentos · Inforzap");
        await company.WriteAsync(("5511960099999", "Mais Um", "Sou mais um"));
        await Expect(agent.Page).ToHaveTitleAsync($"({waiting + 1}) Atendimentos · Inforzap");
        await desk.AcceptAsync("Mais Um");
        await Expect(agent.Page).ToHaveTitleAsync($"({waiting}) Atendimentos · Inforzap");
    }

    [Fact]
    public async Task Hands_stay_on_the_keyboard()
    {
        await OpenAsync("desk?tab=pending");
        var links = desk.Rows.Locator(".row-link");
        await links.Nth(0).FocusAsync();
        await agent.Page.Keyboard.PressAsync("ArrowDown");
        await agent.Page.Keyboard.PressAsync("ArrowDown");
        await Expect(links.Nth(2)).ToBeFocusedAsync();
        await agent.Page.Keyboard.PressAsync("ArrowUp");
        await Expect(links.Nth(1)).ToBeFocusedAsync();
        var name = await desk.Rows.Nth(1).Locator(".row-name").InnerTextAsync();
        await agent.Page.Keyboard.PressAsync("Enter");
        await Expect(desk.Head).ToContainTextAsync(name);

        await desk.History.FocusAsync();
        await agent.Page.Keyboard.PressAsync("Shift+?");
        await LeaveDialogAsync("Percorrer a lista");
        await agent.Page.Keyboard.PressAsync("Alt+n");
        await LeaveDialogAsync("Nova conversa");
    }

    /// <summary>The dialog takes the focus, and gives it back with Esc.</summary>
    private async Task LeaveDialogAsync(string words)
    {
        await Expect(agent.Page.Locator(".mud-dialog")).ToContainTextAsync(words);
        await agent.Page.WaitForFunctionAsync("() => document.querySelector('.mud-dialog').contains(document.activeElement)");
        await agent.Page.Keyboard.PressAsync("Escape");
        await Expect(agent.Page.Locator(".mud-dialog")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task The_address_says_what_is_open()
    {
        await OpenAsync("desk");
        await desk.TabAsync("Pendente");
        await Expect(desk.Row("Cliente 60")).ToBeVisibleAsync();
        await desk.OpenAsync("Cliente 60");
        await Expect(desk.Head).ToContainTextAsync("Cliente 60");
        await desk.OpenAsync("Cliente 58");
        await Expect(desk.Head).ToContainTextAsync("Cliente 58");
        await agent.Page.GoBackAsync();
        await Expect(desk.Head).ToContainTextAsync("Cliente 60");
        await agent.Page.GoForwardAsync();
        await Expect(desk.Head).ToContainTextAsync("Cliente 58");
        await desk.Search.FillAsync("Cliente 1");
        await Expect(desk.Rows).ToHaveCountAsync(10);

        var address = agent.Page.Url;
        await agent.Page.ReloadAsync();
        await Expect(desk.Head).ToContainTextAsync("Cliente 58");
        await Expect(desk.Search).ToHaveValueAsync("Cliente 1");
        await Expect(desk.Rows).ToHaveCountAsync(10);
        Assert.Equal(address, agent.Page.Url);
        await agent.Page.GoBackAsync();
        await Expect(desk.Search).ToHaveValueAsync("");
        await agent.Page.GoBackAsync();
        await Expect(desk.Head).ToContainTextAsync("Cliente 60");
        await agent.Page.GoBackAsync();
        await Expect(agent.Page.GetByText("Escolha uma conversa")).ToBeVisibleAsync();
        await Expect(desk.Row("Cliente 60")).ToBeVisibleAsync();
    }

    private async Task OpenAsync(string address)
    {
        await agent.Page.GotoAsync(new Uri(company.Url, address).ToString());
        await Expect(agent.Page.Locator("#desk[data-ready]").Locator(".list .row, .list .state").First).ToBeVisibleAsync();
    }
}
