using Inforzap.Scenarios.Browser;
using Inforzap.Tickets;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Inforzap.Scenarios;

/// <summary>An agent's line breaks: nothing is missed, nothing is lost, nothing is said twice.</summary>
public sealed class ReconnectTests(Chromium chromium, Company company) : BrowserTest(chromium)
{
    private readonly Chromium chromium = chromium;
    private Cable cable = null!;

    private protected override HostProcess? Watched => company.Host;

    public override async ValueTask InitializeAsync()
    {
        await company.OpenAsync();
        cable = Cable.To(company.Url);
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await cable.DisposeAsync();
    }

    [Fact]
    public async Task A_screen_that_was_cut_off_ends_up_like_a_fresh_one()
    {
        const string who = "5511940050001";
        var (agent, desk) = await ServeAsync(who, "Rita Fio");
        await desk.Composer.PressSequentiallyAsync("Vou ver ");
        await desk.TabAsync("Pendente");
        cable.Cut();
        await SlimBarAsync(agent.Page);
        await desk.Composer.PressSequentiallyAsync("e já volto");

        await ChangeFiftyThingsAsync(who);
        cable.Mend();
        await Expect(agent.Page.Locator(".bar-waiting")).ToBeHiddenAsync();
        await Expect(desk.Composer).ToHaveValueAsync("Vou ver e já volto");
        await Expect(desk.Bubble("Recado 20.")).ToBeVisibleAsync();
        // Whoever looks has read, again from the moment on when they could.
        await company.Place.EventuallyAsync(db => db.Set<Ticket>().AnyAsync(t => t.AddressValue == who && t.Unread == 0));

        var fresh = await TabAsync(agent);
        await fresh.Page.GotoAsync(agent.Page.Url);
        await Expect(new DeskPage(fresh.Page).Bubble("Recado 20.")).ToBeVisibleAsync();
        foreach (var part in new[] { ".messages > :not([aria-live])", ".rows > *", ".tab-button", ".rail-item" })
            await Expect(agent.Page.Locator(part)).ToHaveTextAsync(await fresh.Page.Locator(part).AllInnerTextsAsync(), new() { UseInnerText = true });
        agent.Forgive();
    }

    [Fact]
    public async Task An_answer_into_a_dead_line_leaves_once()
    {
        const string who = "5511940050002";
        var (agent, desk) = await ServeAsync(who, "Otávio Fio");

        // It never left: it waits in the box, and leaves by itself.
        cable.Cut();
        await Expect(agent.Page.Locator(".bar-waiting")).ToBeVisibleAsync();
        await desk.SayAsync("Sem linha");
        await Expect(desk.Composer).ToHaveValueAsync("Sem linha");
        cable.Mend();
        await Expect(desk.Tick("Sem linha", "sent")).ToHaveCountAsync(1);
        await Expect(desk.Composer).ToHaveValueAsync("");

        // It left, and only the answer was lost.
        cable.LoseAnswers();
        await desk.SayAsync("Chegou?");
        await desk.SayAsync("Então?");
        await company.Place.EventuallyAsync(async db => await CountAsync(db, "Chegou?") == 1);
        cable.Cut();
        await Expect(agent.Page.Locator(".bar-waiting")).ToBeVisibleAsync();
        cable.Mend();
        await Expect(agent.Page.Locator(".bar-waiting")).ToBeHiddenAsync();
        await Expect(desk.Composer).ToHaveValueAsync("");
        await desk.SayAsync("Agora sim");
        await Expect(desk.Bubble("Agora sim")).ToBeVisibleAsync();
        foreach (var text in new[] { "Sem linha", "Chegou?", "Então?", "Agora sim" })
        {
            await Expect(desk.Bubble(text)).ToHaveCountAsync(1);
            Assert.Equal(1, await company.Place.ReadAsync(db => CountAsync(db, text)));
        }
        agent.Forgive();
    }

    private static Task<int> CountAsync(Data.InforzapDb db, string text) => db.Set<Message>().CountAsync(m => m.FromUs && m.Body!.EndsWith(text));

    private async Task<(Screen Agent, DeskPage Desk)> ServeAsync(string number, string name)
    {
        await company.WriteAsync((number, name, "Olá"));
        var agent = await PersonAsync(await company.AdminAsync(chromium));
        var desk = new DeskPage(agent.Page);
        await agent.Page.GotoAsync(new Uri(cable.Url, "desk?tab=pending").ToString());
        await desk.AcceptAsync(name);
        await Expect(desk.Composer).ToBeVisibleAsync();
        return (agent, desk);
    }

    /// <summary>One line at the top, ours, and the screen stays to be read and written on.</summary>
    private static async Task SlimBarAsync(IPage page)
    {
        var bar = page.Locator(".bar-waiting");
        await Expect(bar).ToBeVisibleAsync();
        await Expect(bar).ToContainTextAsync("Reconectando");
        Assert.InRange((await bar.BoundingBoxAsync())!.Height, 10, 48);
        await Expect(page.Locator("dialog[open]")).ToHaveCountAsync(0);
        Assert.Equal("TEXTAREA", await page.EvaluateAsync<string>("() => { const b = document.querySelector('.composer textarea').getBoundingClientRect(); return document.elementFromPoint(b.x + 20, b.y + 15).tagName; }"));
    }

    /// <summary>Twenty messages, ten of them edited, and twenty people who begin to wait.</summary>
    private async Task ChangeFiftyThingsAsync(string who)
    {
        var said = await company.WriteAsync(Enumerable.Range(1, 20).Select(i => (who, "Rita Fio", $"Recado {i}.")));
        await company.WriteAsync(Enumerable.Range(1, 20).Select(i => ($"55119400510{i:00}", $"Fila {i}", $"Cheguei, sou o {i}")));
        await company.EditAsync(who, said.Take(10).Select((id, i) => (id, $"Recado {i + 1}, corrigido")));
        await company.Place.EventuallyAsync(async db => await db.Set<Message>().CountAsync(m => m.EditedAt != null) == 10 && await db.Set<Ticket>().CountAsync(t => t.AddressValue.StartsWith("551194005")) >= 21);
    }
}
