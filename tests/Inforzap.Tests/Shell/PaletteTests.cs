using Bunit;
using Inforzap.Contracts.Contacts;
using Inforzap.Host;
using Inforzap.Host.Shell;
using Inforzap.Requests;
using Inforzap.Tests.Support;
using Inforzap.Tickets;
using Inforzap.Tickets.Desk;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.Localization;

namespace Inforzap.Tests.Shell;

/// <summary>Ctrl+K: what the person may open, by typing. That it opens at all is tried in a browser.</summary>
public sealed class PaletteTests : ComponentTest
{
    private static readonly TicketRow Maria = new(Guid.NewGuid(), 12, TicketStatus.Pending, Guid.NewGuid(), "Maria", Guid.NewGuid(), null, "Vendas", "#0B7A75", null, null, 0, "Oi", MessageKind.Text, false, DateTime.UtcNow, DateTime.UtcNow);
    private static readonly ContactCard Pedro = new(Guid.NewGuid(), "Pedro", "5511911112222", []);

    public PaletteTests()
    {
        Services.AddSingleton(sp => new ShellMenu(Modules.All, Settings, sp.GetRequiredService<IStringLocalizerFactory>()));
        Mediator.On<ListTickets, TicketPage>(_ => new([Maria], null));
        Mediator.On<LookUpContacts, IReadOnlyList<ContactCard>>(_ => [Pedro]);
    }

    private string At => new Uri(Services.GetRequiredService<NavigationManager>().Uri).PathAndQuery;

    private IRenderedComponent<Palette> Open(params string[] permissions)
    {
        IActor me = SignIn("Ana", permissions);
        var palette = Render<CascadingValue<IActor>>(p => p.Add(c => c.Value, me).AddChildContent<Palette>()).FindComponent<Palette>();
        palette.InvokeAsync(palette.Instance.Opened);
        return palette;
    }

    private static IEnumerable<string> Names(IRenderedComponent<Palette> palette) => palette.FindAll(".palette-name").Select(e => e.TextContent);

    [Fact]
    public void Only_the_screens_that_the_person_may_open_are_offered()
    {
        var palette = Open("tickets.see", "quick.see");
        palette.WaitForAssertion(() => Assert.Equal(["Atendimentos", "Mensagens rápidas"], Names(palette), StringComparer.OrdinalIgnoreCase));
        palette.Find("input").Input("rápid");
        palette.WaitForAssertion(() => Assert.Equal(["Mensagens rápidas"], Names(palette), StringComparer.OrdinalIgnoreCase));
        palette.Find("input").KeyDown("Enter");
        palette.WaitForAssertion(() => Assert.Equal("/quick-messages", At));
    }

    [Fact]
    public void Tickets_and_contacts_follow_and_arrows_go_round()
    {
        Mediator.On<ListTickets, TicketPage>(_ => new([Maria with { Found = new(7, "x") }], null));
        var palette = Open("tickets.see", "tickets.start", "contacts.see");
        palette.Find("input").Input("xyz");
        palette.WaitForAssertion(() => Assert.Equal(["Maria", "Pedro"], Names(palette)));
        Assert.Equal(["#12 · Pendente · Vendas", "+55 11 91111-2222"], palette.FindAll(".palette-detail").Select(e => e.TextContent));
        Assert.Equal("palette-0", palette.Find("input").GetAttribute("aria-activedescendant"));
        palette.Find("input").KeyDown("ArrowUp");
        palette.WaitForAssertion(() => Assert.Equal("Pedro", palette.Find("[aria-selected=true] .palette-name").TextContent));
        palette.Find("input").KeyDown("Enter");
        palette.WaitForAssertion(() => Assert.Equal($"/desk?start={Pedro.Id}", At));
        palette.Find("input").KeyDown("ArrowDown");
        palette.Find("input").KeyDown("Enter");
        palette.WaitForAssertion(() => Assert.Equal($"/desk/{Maria.Id}?tab=pending&m=7", At));
    }

    [Fact]
    public void Who_may_not_start_conversations_is_led_to_the_book()
    {
        Mediator.On<ListTickets, TicketPage>(_ => new([], null));
        var palette = Open("contacts.see");
        palette.Find("input").Input("xyz");
        palette.WaitForAssertion(() => Assert.Equal(["Pedro"], Names(palette)));
        palette.Find(".palette-jump").Click();
        Assert.Equal("/contacts?q=Pedro", At);
        Assert.Empty(Mediator.SentOf<ListTickets>());
    }

    [Fact]
    public void What_is_typed_and_confirmed_at_once_is_waited_for()
    {
        Mediator.On<LookUpContacts, IReadOnlyList<ContactCard>>(_ => []);
        var palette = Open("tickets.see");
        palette.Find("input").Input("maria");
        palette.Find("input").KeyDown("Enter");
        palette.WaitForAssertion(() => Assert.Equal($"/desk/{Maria.Id}?tab=pending", At));
    }

    [Fact]
    public void Enter_in_a_word_that_is_still_being_composed_goes_nowhere()
    {
        var palette = Open("tickets.see");
        palette.Find("input").KeyDown(new KeyboardEventArgs { Key = "Enter", IsComposing = true });
        Assert.Equal("/", At);
    }

    [Fact]
    public void Nothing_found_is_said_and_a_refusal_leaves_the_screens()
    {
        Mediator.On<ListTickets, TicketPage>(_ => throw Refusal.Forbidden("não"));
        var palette = Open("tickets.see", "contacts.see");
        palette.Find("input").Input("atend");
        palette.WaitForAssertion(() => Assert.NotEmpty(Mediator.SentOf<ListTickets>()));
        Assert.Equal(["Atendimentos"], Names(palette));
        Mediator.On<ListTickets, TicketPage>(_ => new([], null));
        Mediator.On<LookUpContacts, IReadOnlyList<ContactCard>>(_ => []);
        palette.Find("input").Input("zzz");
        palette.WaitForAssertion(() => Assert.Equal("Nada encontrado", palette.Find(".palette-nothing").TextContent));
        Assert.Equal("false", palette.Find("input").GetAttribute("aria-expanded"));
        palette.InvokeAsync(palette.Instance.Closed);
        palette.WaitForAssertion(() => Assert.Empty(palette.FindAll(".palette-nothing, .palette-jump")));
    }
}
