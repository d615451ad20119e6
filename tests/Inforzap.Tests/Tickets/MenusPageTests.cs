using Bunit;
using Inforzap.Live;
using Inforzap.Requests;
using Inforzap.Tests.Support;
using Inforzap.Tickets.Entry;
using Inforzap.Variables;
using Microsoft.AspNetCore.Components;

namespace Inforzap.Tests.Tickets;

public sealed class MenusPageTests : ComponentTest
{
    private static readonly MenuQueue Sales = new(Guid.CreateVersion7(), "Vendas", "#112233", true);
    private static readonly MenuQueue Support = new(Guid.CreateVersion7(), "Suporte", "#445566", true);
    private static readonly MenuRow Menu = new(true, "Olá, {{primeiroNome}}", [new(Sales.Id, "Comprar"), new(Support.Id, "Ajuda")], "Não entendi.", 3, 10, Sales.Id, null, 7);
    private static readonly MenuCard Card = new(Guid.CreateVersion7(), "Site", "webchat", Sales.Id, HasButtons: false, Menu);
    private static readonly MenuList List = new([Card], [Sales, Support]);

    public MenusPageTests()
    {
        Mediator.On<OfferVariables, IReadOnlyList<OfferedVariable>>(_ => []);
        Mediator.On<PreviewText, RenderedText>(p => new(p.Text.Replace("{{primeiroNome}}", "Maria"), []));
    }

    [Fact(DisplayName = "While it loads there are skeletons, then what the customer sees")]
    public void Loads()
    {
        var answer = new TaskCompletionSource<MenuList>();
        Mediator.OnAsync<ListMenus, MenuList>(_ => answer.Task);
        var page = Page();
        Assert.NotEmpty(page.FindAll(".skeletons"));
        answer.SetResult(List);
        page.WaitForAssertion(() => Assert.Equal("Olá, Maria\n\n1. Comprar\n2. Ajuda", page.Find(".preview-bubble").TextContent));
        Assert.Contains("Ligado", page.Find(".menu-head").TextContent);
    }

    [Fact(DisplayName = "Where the channel has buttons they are drawn")]
    public void Buttons()
    {
        Mediator.On<ListMenus, MenuList>(_ => List with { Cards = [Card with { HasButtons = true }] });
        var page = Page();
        page.WaitForAssertion(() => Assert.Equal("Olá, Maria", page.Find(".preview-bubble").TextContent));
        Assert.Equal(["Comprar", "Ajuda"], page.FindAll(".press").Select(p => p.TextContent));
    }

    [Theory(DisplayName = "Without channels or queues it says what is missing")]
    [InlineData(0, 2, "Nenhum canal ainda")]
    [InlineData(1, 1, "Um menu precisa de duas filas")]
    public void Empty(int cards, int queues, string says)
    {
        Mediator.On<ListMenus, MenuList>(_ => new([.. List.Cards.Take(cards)], [.. List.Queues.Take(queues)]));
        Assert.Contains(says, Page().Find(".state").TextContent);
    }

    [Fact(DisplayName = "A refusal is shown in its words; a hint loads anew")]
    public void Fails()
    {
        Mediator.On<ListMenus, MenuList>(_ => throw Refusal.Forbidden("Você não tem permissão para isso."));
        var page = Page();
        Assert.Contains("Você não tem permissão para isso.", page.Markup);
        Mediator.On<ListMenus, MenuList>(_ => List);
        Live.Raise([Topics.EntryMenus]);
        page.WaitForAssertion(() => Assert.Contains("Comprar", page.Markup));
    }

    [Fact(DisplayName = "A new menu begins with all queues; the preview follows what is typed, and it is saved as typed")]
    public void Makes()
    {
        Mediator.On<ListMenus, MenuList>(_ => List with { Cards = [Card with { Menu = null }] });
        Mediator.On<SaveMenu>();
        var page = Page();
        page.Find(".menu-foot button").Click();
        page.FindAll(".option input")[1].Input("Conserto");
        page.WaitForAssertion(() => Assert.Contains("2. Conserto", page.Find(".menu-preview").TextContent));
        page.FindAll(".option-move button")[2].Click();
        page.Find("#menu-form").Submit();
        page.WaitForAssertion(() => Assert.Single(Mediator.SentOf<SaveMenu>()));
        var saved = Mediator.SentOf<SaveMenu>()[0];
        Assert.Equal([new MenuOption(Support.Id, "Conserto"), new MenuOption(Sales.Id, "Vendas")], saved.Options);
        Assert.Equal((Card.ChannelId, true, Sales.Id, null), (saved.ChannelId, saved.IsActive, saved.DefaultQueueId, saved.Version));
    }

    [Fact(DisplayName = "It is switched off where it stands, with all that it says")]
    public void Switches()
    {
        Mediator.On<ListMenus, MenuList>(_ => List);
        Mediator.On<SaveMenu>();
        var page = Page();
        page.FindAll(".menu-foot button")[1].Click();
        page.WaitForAssertion(() => Assert.Equal(
            new SaveMenu(Card.ChannelId, false, Menu.Greeting, Menu.Options, Menu.WrongText, Menu.Tries, Menu.TimeoutMinutes, Menu.DefaultQueueId, Menu.ChosenText, Menu.Version), Assert.Single(Mediator.SentOf<SaveMenu>())));
    }

    [Fact(DisplayName = "Who may only see is offered nothing to change")]
    public void Sees()
    {
        Mediator.On<ListMenus, MenuList>(_ => List);
        Assert.Empty(Page(mayEdit: false).FindAll(".menu-foot"));
    }

    private IRenderedComponent<MenusPage> Page(bool mayEdit = true)
    {
        RenderProviders();
        IActor me = SignIn("Eu", mayEdit ? ["menus.see", "menus.edit"] : ["menus.see"]);
        return Render<CascadingValue<IActor>>(p => p.Add(c => c.Value, me).AddChildContent<MenusPage>()).FindComponent<MenusPage>();
    }
}
