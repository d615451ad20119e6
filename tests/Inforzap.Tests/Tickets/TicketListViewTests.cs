using Inforzap.Contracts.Settings;
using Inforzap.Live;
using Inforzap.Requests;
using Inforzap.Tickets;
using Inforzap.Tickets.Desk;
using Bunit;
using Microsoft.AspNetCore.Components.Web;

namespace Inforzap.Tests.Tickets;

public sealed class TicketListViewTests : Talks
{
    private TicketPage page = new([], null);
    private TicketCounts counts = new(0, 0);

    public TicketListViewTests()
    {
        Mediator.On<ListTickets, TicketPage>(_ => page);
        Mediator.On<CountTickets, TicketCounts>(_ => counts);
    }

    [Fact]
    public void While_it_loads_there_are_skeletons_then_rows()
    {
        var answer = new TaskCompletionSource<TicketPage>();
        Mediator.OnAsync<ListTickets, TicketPage>(_ => answer.Task);
        var list = Open();
        Assert.NotEmpty(list.FindAll(".skeletons"));
        answer.SetResult(new([Row("Maria"), Row("Pedro", number: 8)], null));
        list.WaitForAssertion(() => Assert.Equal(["Maria", "Pedro"], Names(list)));
        Assert.Empty(list.FindAll(".skeletons, .more"));
    }

    [Fact]
    public void A_failure_offers_another_try()
    {
        Mediator.On<ListTickets, TicketPage>(_ => throw new InvalidOperationException("database"));
        var list = Open();
        Assert.NotEmpty(list.FindAll("[role=alert]"));
        Assert.DoesNotContain("database", list.Markup);
        page = new([Row("Maria")], null);
        Mediator.On<ListTickets, TicketPage>(_ => page);
        list.Find(".state button").Click();
        list.WaitForAssertion(() => Assert.Equal(["Maria"], Names(list)));
    }

    [Theory]
    [InlineData(TicketStatus.Open, null, "Nenhum atendimento aberto")]
    [InlineData(TicketStatus.Pending, null, "Ninguém esperando")]
    [InlineData(TicketStatus.Closed, null, "Nenhum atendimento fechado")]
    [InlineData(TicketStatus.Open, "xyz", "Nada encontrado")]
    public void Each_empty_list_says_what_belongs_there(TicketStatus tab, string? search, string title) =>
        Assert.Contains(title, Open(tab, search).Find(".state").TextContent);

    [Fact]
    public void The_next_page_is_joined_without_repeating_what_moved()
    {
        var (first, moved, last) = (Row("Maria"), Row("Pedro", number: 8), Row("Rosa", number: 9));
        page = new([first, moved], new(Noon, 8));
        var list = Open();
        Mediator.On<ListTickets, TicketPage>(r => r.After is null ? page : new([moved, last], null));
        list.Find(".more").Click();
        list.WaitForAssertion(() => Assert.Equal(["Maria", "Pedro", "Rosa"], Names(list)));
        Assert.Empty(list.FindAll(".more"));
    }

    [Fact]
    public void Under_the_pointer_rows_change_but_do_not_move()
    {
        var (maria, pedro) = (Row("Maria"), Row("Pedro", number: 8));
        page = new([maria, pedro], null);
        var list = Open();
        list.Find(".rows").TriggerEvent("onpointerenter", new PointerEventArgs());
        page = new([Row("Nova", number: 10), pedro with { Unread = 3 }, maria], null);
        counts = new(3, 0);
        Live.Raise([Topics.Queue(null)]);
        list.WaitForAssertion(() => Assert.Equal("3", list.Find(".badge").TextContent));
        Assert.Equal(["Maria", "Pedro"], Names(list));
        Assert.Equal("3", list.Find(".tabs-row .count").TextContent);
        list.Find(".rows").TriggerEvent("onpointerleave", new PointerEventArgs());
        list.WaitForAssertion(() => Assert.Equal(["Nova", "Pedro", "Maria"], Names(list)));
    }

    [Fact]
    public void Who_spoke_last_is_said_as_it_is()
    {
        var me = SignIn("Ana", "tickets.see");
        page = new([Row("Maria", user: me.Id, fromUs: true), Row("Pedro", number: 8, user: Guid.NewGuid(), fromUs: true), Row("Rosa", number: 9), Row("Rui", number: 10, user: me.Id, fromUs: true) with { LastText = "" }], null);
        var list = Open(me: me);
        Assert.Equal(["Você:", "Nós:"], list.FindAll(".row-you").Select(e => e.TextContent.Trim()));
    }

    [Theory]
    [InlineData(true, "true", "tickets.see", "tickets.answer", "tickets.peek")]
    [InlineData(false, "false", "tickets.see", "tickets.answer", "tickets.peek")]
    [InlineData(true, "false", "tickets.see", "tickets.answer", "tickets.peek", "tickets.see-queue")]
    [InlineData(false, "true", "tickets.see", "tickets.answer")]
    public void Peeking_is_offered_to_those_who_may(bool offered, string allowed, params string[] permissions)
    {
        Settings.Set(Setting.AllowPeek, allowed);
        page = new([Row("Maria", TicketStatus.Pending)], null);
        var actions = Open(TicketStatus.Pending, me: SignIn("Ana", permissions)).FindAll(".row-actions > *").Select(e => e.TextContent);
        Assert.Equal(offered ? ["Atender", "Espiar"] : ["Atender"], actions);
    }

    [Fact]
    public void A_row_names_its_channel()
    {
        page = new([Row("Maria")], null);
        Channels.Add(Channel);
        Assert.Equal(Channel.Name, Open().Find(".row-channel").TextContent);
    }

    [Fact]
    public void A_row_shows_two_tags_and_how_many_more()
    {
        page = new([Row("Maria") with { Tags = new(new("VIP", "#2F6FB0"), new("Atacado", "#C43D3D"), 3, "VIP, Atacado, a, b, c") }, Row("Pedro", number: 8)], null);
        var list = Open();
        Assert.Equal(["VIP", "Atacado", "+3"], list.Find(".row-labels").Children.Select(e => e.TextContent));
        Assert.Equal("VIP, Atacado, a, b, c", list.Find(".row-labels").GetAttribute("title"));
        Assert.Single(list.FindAll(".row-labels"));
    }

    [Fact]
    public void A_tag_that_somebody_puts_on_appears_without_a_reload()
    {
        var maria = Row("Maria");
        page = new([maria], null);
        var list = Open();
        page = new([maria with { Tags = new(new("VIP", "#2F6FB0"), null, 0, "VIP") }], null);
        Live.Raise([Topics.Queue(null)]);
        list.WaitForAssertion(() => Assert.Equal("VIP", list.Find(".row-labels").TextContent.Trim()));
        page = new([maria with { Tags = new(new("Ouro", "#2F6FB0"), null, 0, "Ouro") }], null);
        Live.Raise([Topics.Tags]);
        list.WaitForAssertion(() => Assert.Equal("Ouro", list.Find(".row-labels").TextContent.Trim()));
    }

    [Fact]
    public void Who_may_only_look_is_offered_neither_to_take_one_nor_to_begin_one()
    {
        page = new([Row("Maria", TicketStatus.Pending)], null);
        var list = Open(TicketStatus.Pending, me: SignIn("Ana", "tickets.see"));
        Assert.Empty(list.FindAll(".row-actions > *"));
        Assert.Empty(list.FindAll(".list-title button"));
    }

    [Fact]
    public void More_than_a_thousand_is_not_counted_out()
    {
        counts = new(1000, 12);
        Assert.Equal(["999+", "12"], Open().FindAll(".tabs-row .count").Select(e => e.TextContent));
    }

    [Fact]
    public void Escape_ends_a_search()
    {
        string? asked = "not asked";
        var list = Show<TicketList>(SignIn(), p => p.Add(l => l.Search, "maria").Add(l => l.Href, (_, _) => "").Add(l => l.OnSearch, q => asked = q));
        list.Find("#desk-search").KeyDown("Escape");
        Assert.Null(asked);
    }

    [Fact]
    public void How_far_our_last_message_came_is_ticked()
    {
        page = new([Row("Maria", fromUs: true) with { LastState = MessageState.Read }, Row("Pedro", number: 8, fromUs: true) with { LastState = MessageState.Failed }, Row("Rosa", number: 9),
            Row("Rui", number: 10, fromUs: true) with { LastState = MessageState.Read, LastText = "" }], null);
        var list = Open();
        Assert.Equal(["tick-read", "tick-failed"], list.FindAll(".row-tick").Select(e => e.ClassList[^1]));
        Assert.NotEmpty(list.FindAll(".row-tick")[1].GetAttribute("title")!);
    }

    [Theory]
    [InlineData(TicketStatus.Pending, true, "tickets.see", "tickets.close")]
    [InlineData(TicketStatus.Pending, false, "tickets.see")]
    [InlineData(TicketStatus.Open, false, "tickets.see", "tickets.close")]
    public void Closing_before_taking_is_offered_to_those_who_may(TicketStatus tab, bool offered, params string[] permissions)
    {
        Guid? closed = null;
        var row = Row("Maria", tab);
        page = new([row], null);
        var list = Show<TicketList>(SignIn("Ana", permissions), p => p.Add(l => l.Tab, tab).Add(l => l.Href, (_, _) => "").Add(l => l.OnClose, id => closed = id));
        var button = list.FindAll(".row-actions button").SingleOrDefault(b => b.TextContent == "Fechar");
        Assert.Equal(offered, button is not null);
        button?.Click();
        Assert.Equal(offered ? row.Id : null, closed);
    }

    [Fact]
    public void What_was_found_is_marked_and_the_row_leads_there()
    {
        var row = Row("Maria") with { Found = new(12, "Quero o bolo de nozes") };
        page = new([row, Row("Bolo da Ana", number: 8)], null);
        var list = Open(search: "\"bolo de nozes\"");
        Assert.Equal("bolo de nozes", Assert.Single(list.FindAll("mark")).TextContent);
        Assert.Equal("Quero o bolo de nozes", list.Find(".row-text").TextContent);
        Assert.Equal([$"/desk/{row.Id}?m=12", $"/desk/{page.Rows[1].Id}?m="], list.FindAll(".row-link").Select(a => a.GetAttribute("href")));
        Assert.Contains("Inclui fechados", list.Find(".search-hint").TextContent);
        Assert.Empty(list.FindAll(".tabs-row"));
    }

    [Theory]
    [InlineData("bolo de nozes", "false", "\"bolo de nozes\"")]
    [InlineData("\"bolo de nozes\"", "true", "bolo de nozes")]
    public void An_exact_phrase_is_a_switch(string search, string pressed, string then)
    {
        string? asked = null;
        var list = Show<TicketList>(SignIn("Ana", "tickets.see"), p => p.Add(l => l.Search, search).Add(l => l.Href, (_, _) => "").Add(l => l.OnSearch, q => asked = q));
        Assert.Equal(pressed, list.Find(".search-exact").GetAttribute("aria-pressed"));
        list.Find(".search-exact").Click();
        Assert.Equal(then, asked);
    }

    [Fact]
    public void Who_waits_longest_may_come_first_and_that_is_kept()
    {
        var own = OwnDesk.New;
        Mediator.On<ReadOwnDesk, OwnDesk>(_ => own);
        Mediator.On<KeepOrder>(r => own = own with { OldestFirst = r.OldestFirst });
        page = new([Row("Maria", TicketStatus.Pending)], null);
        var list = Open(TicketStatus.Pending);
        list.Find(".list-order input").Change(true);
        list.WaitForAssertion(() => Assert.True(Mediator.SentOf<ListTickets>()[^1].OldestFirst));
        Assert.True(Assert.Single(Mediator.SentOf<KeepOrder>()).OldestFirst);
        Assert.True(list.Find(".list-order input").HasAttribute("checked"));
        Assert.Empty(Open().FindAll(".list-order"));
    }

    [Fact]
    public void A_filter_that_is_on_is_in_sight_and_goes_by_one_click()
    {
        var (sales, vip) = (Guid.NewGuid(), Guid.NewGuid());
        var offer = new FilterOffer([new(sales, "Vendas", "#0B7A75")], [], [], [new(vip, "VIP", "#2F6FB0")], [], false, false);
        var own = OwnDesk.New with { Filter = TicketFilter.None with { Queues = [sales], Tags = [vip], Unread = true, From = new(2026, 11, 1) }, Offer = offer };
        Mediator.On<ReadOwnDesk, OwnDesk>(_ => own);
        Mediator.On<KeepFilter>(r => own = own with { Filter = r.Filter, Offer = r.Filter.IsNone ? null : offer });
        var list = Open();
        var since = $"Desde {new DateOnly(2026, 11, 1):d}";
        Assert.Equal(["Só não lidos", since, "Filas: Vendas", "Etiquetas: VIP"], Chips(list));
        Assert.Equal("4", list.Find(".filter-count").TextContent);
        Assert.Equal([sales], Mediator.SentOf<ListTickets>()[^1].Filter!.Queues);
        Assert.Equal([sales], Mediator.SentOf<CountTickets>()[^1].Filter!.Queues);
        Assert.Contains("Nada com estes filtros", list.Find(".state").TextContent);

        list.FindAll(".filter-chip button")[2].Click();
        list.WaitForAssertion(() => Assert.Equal(["Só não lidos", since, "Etiquetas: VIP"], Chips(list)));
        Assert.Empty(Mediator.SentOf<ListTickets>()[^1].Filter!.Queues);
        list.Find(".filter-chips > .link").Click();
        list.WaitForAssertion(() => Assert.Empty(list.FindAll(".filter-chips, .filter-count")));
        Assert.True(Mediator.SentOf<KeepFilter>()[^1].Filter.IsNone);
        Assert.Contains("Nenhum atendimento aberto", list.Find(".state").TextContent);
    }

    [Fact]
    public void Groups_have_a_tab_where_there_are_any()
    {
        Assert.Empty(Open().FindAll(".kinds-row"));
        counts = new(3, 1) { HasGroups = true, Others = 7 };
        bool? asked = null;
        var list = Show<TicketList>(SignIn("Ana", "tickets.see"), p => p.Add(l => l.Href, (_, _) => "").Add(l => l.OnGroups, g => asked = g));
        Assert.Equal(["Privadas", "4", "Grupos", "7"], list.FindAll(".kind-button").SelectMany(e => new[] { e.TextContent[..^1].Trim(), e.QuerySelector(".count")!.TextContent }));
        Assert.False(Mediator.SentOf<ListTickets>()[^1].Groups);
        list.FindAll(".kind-button")[1].Click();
        Assert.True(asked);
        Settings.Set(Setting.Counters, "false");
        Assert.Empty(Show<TicketList>(SignIn("Ana", "tickets.see"), p => p.Add(l => l.Groups, true).Add(l => l.Href, (_, _) => "")).FindAll(".count"));
        Assert.True(Mediator.SentOf<ListTickets>()[^1].Groups);
    }

    private static IEnumerable<string> Chips(IRenderedComponent<TicketList> list) => list.FindAll(".filter-chip > span").Select(e => e.TextContent);

    private static IEnumerable<string> Names(IRenderedComponent<TicketList> list) => list.FindAll(".row-name").Select(e => e.TextContent);

    private IRenderedComponent<TicketList> Open(TicketStatus tab = TicketStatus.Open, string? search = null, Actor? me = null) =>
        Show<TicketList>(me ?? SignIn("Ana", "tickets.see"), p => p.Add(l => l.Tab, tab).Add(l => l.Search, search).Add(l => l.Href, (id, at) => $"/desk/{id}?m={at}"));
}
