using Bunit;
using Inforzap.Contracts.Channels;
using Inforzap.Contracts.Identity;
using Inforzap.Live;
using Inforzap.Requests;
using Inforzap.Sdk;
using Inforzap.Tickets;
using Inforzap.Tickets.Desk;
using Inforzap.Tickets.Outbound;
using Inforzap.Tickets.Panel;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Time.Testing;

namespace Inforzap.Tests.Tickets;

public sealed class PanelPageTests : Talks
{
    private static readonly string[] All = ["panel.see", "tickets.see", "tickets.see-queue", "tickets.answer", "tickets.transfer", "tickets.close", "users.edit"];
    private readonly FakeTimeProvider clock = new(new DateTimeOffset(Noon.AddMinutes(20)));
    private PanelState state = new(new(1, 1, 1, Noon, 90, 0, 2, 3), [], 0, 0);
    private PanelChoices choices = new([], [], []);

    public PanelPageTests()
    {
        Services.AddSingleton<TimeProvider>(clock);
        Mediator.On<ReadPanel, PanelState>(_ => state);
        Mediator.On<ReadPanelChoices, PanelChoices>(_ => choices);
        Channels.Add(Channel);
    }

    private static PanelColumn Column(Guid? id, string? name, params PanelCard[] cards) =>
        new(id, name, cards.Count(c => c.Row.Status == TicketStatus.Open), cards.Count(c => c.Row.Status == TicketStatus.Pending), cards.Count(c => c.WaitingSince is not null), 0, cards.Min(c => c.WaitingSince), cards)
        { Presence = id is null ? null : Presence.Online };

    private void Answer(params PanelColumn[] columns) => state = state with { Columns = columns, Matching = columns.Sum(c => c.Total) };

    private (IRenderedComponent<PanelPage> Page, Actor Me) Open(params string[] permissions)
    {
        RenderProviders();
        return Show(permissions);
    }

    private (IRenderedComponent<PanelPage> Page, Actor Me) Show(params string[] permissions)
    {
        var me = SignIn("Lia", permissions.Length == 0 ? All : permissions);
        return (Render<CascadingValue<IActor>>(p => p.Add(c => c.Value, me).AddChildContent<PanelPage>()).FindComponent<PanelPage>(), me);
    }

    private string Address => Services.GetRequiredService<NavigationManager>().Uri;

    private static readonly Guid Bruno = Guid.CreateVersion7();
    private static readonly Guid Carla = Guid.CreateVersion7();

    private static PanelCard Card(string contact, long number, TicketStatus status = TicketStatus.Open, Guid? user = null, DateTime? waiting = null, DateTime? begun = null, int? promise = null) =>
        new(Row(contact, status, number, user: user) with { FirstResponseMinutes = promise, QueueId = Guid.CreateVersion7() }, waiting, begun);

    [Fact]
    public void Who_may_not_see_it_asks_for_nothing()
    {
        var (page, _) = Open("tickets.see");
        Assert.Single(page.FindAll(".state"));
        Assert.Empty(Mediator.SentOf<ReadPanel>());
        Assert.Empty(page.FindAll(".segments, .figures, .page-search"));
    }

    [Fact]
    public void While_it_loads_there_are_skeletons_then_columns()
    {
        var answer = new TaskCompletionSource<PanelState>();
        Mediator.OnAsync<ReadPanel, PanelState>(_ => answer.Task);
        var (page, _) = Open();
        Assert.NotEmpty(page.FindAll(".skeletons"));
        Answer(Column(null, null), Column(Bruno, "Bruno", Card("Maria", 7, user: Bruno, waiting: Noon)));
        answer.SetResult(state);
        page.WaitForAssertion(() => Assert.Equal(["Sem usuário", "Bruno"], page.FindAll(".column b").Select(b => b.TextContent)));
        Assert.Contains("Maria", page.Find(".ticket-name").TextContent);
    }

    [Fact]
    public void A_failure_offers_another_try_and_a_refusal_says_why()
    {
        Mediator.On<ReadPanel, PanelState>(_ => throw new InvalidOperationException("database"));
        var (page, _) = Open();
        Assert.NotEmpty(page.FindAll("[role=alert]"));
        Assert.DoesNotContain("database", page.Markup);
        Mediator.On<ReadPanel, PanelState>(_ => throw Refusal.Forbidden("Você não pode."));
        page.Find(".state button").Click();
        page.WaitForAssertion(() => Assert.Contains("Você não pode.", page.Find("[role=alert]").TextContent));
        Answer(Column(Bruno, "Bruno", Card("Maria", 7)));
        Mediator.On<ReadPanel, PanelState>(_ => state);
        page.Find(".state button").Click();
        page.WaitForAssertion(() => Assert.Single(page.FindAll(".ticket")));
    }

    [Fact]
    public void Nothing_at_all_is_another_thing_than_nothing_that_fits()
    {
        Answer(Column(null, null));
        var (page, _) = Open();
        Assert.Contains("Ninguém atendendo", page.Find(".state").TextContent);
        page.Find(".panel-filters select").Change("pending");
        page.WaitForAssertion(() => Assert.Contains("Nada encontrado", page.Find(".state").TextContent));
        Assert.Contains("state=pending", Address);
        Assert.Equal(TicketStatus.Pending, Mediator.SentOf<ReadPanel>()[^1].Filter.Status);
        page.Find(".state button").Click();
        page.WaitForAssertion(() => Assert.DoesNotContain("state=", Address));
        Assert.Null(Mediator.SentOf<ReadPanel>()[^1].Filter.Status);
    }

    [Fact]
    public void What_colours_say_stands_there_in_words_and_grows_with_the_clock()
    {
        Answer(Column(Bruno, "Bruno",
            Card("Maria", 7, user: Bruno, waiting: Noon, begun: Noon.AddMinutes(12), promise: 10),
            Card("Pedro", 8, user: Bruno, waiting: Noon.AddMinutes(12), begun: Noon.AddMinutes(12), promise: 30),
            Card("Rosa", 9, user: Bruno)));
        var (page, _) = Open();
        Assert.Equal(["ticket is-ours is-soon", "ticket is-ours", "ticket is-theirs"], page.FindAll(".ticket").Select(c => c.ClassName!.Trim()));
        Assert.Equal(["Espera por nós: 20 min", "Espera por nós: 8 min", "Espera o contato"], page.FindAll(".ticket-wait").Select(w => w.TextContent.Trim()));
        Assert.Equal(["Prazo perto"], page.FindAll(".ticket-due").Select(w => w.TextContent.Trim()));
        Assert.All(page.FindAll(".ticket-wait"), w => Assert.NotEmpty(w.QuerySelectorAll("svg")));
        clock.Advance(TimeSpan.FromMinutes(3));
        Live.Raise([Topics.Queue(null)]);
        page.WaitForAssertion(() => Assert.Equal("Prazo vencido", page.Find(".ticket-due").TextContent.Trim()));
        Assert.Equal("Espera por nós: 23 min", page.Find(".ticket-wait").TextContent.Trim());
    }

    [Fact]
    public void Figures_stand_above_and_channels_that_are_down_are_named()
    {
        Answer(Column(Bruno, "Bruno", Card("Maria", 7)));
        state = state with { Figures = new(12, 3, 5, Noon, 200, 2, 4, 6) };
        Channels.Add(Channel with { Id = Guid.NewGuid(), Name = "Loja", State = ChannelState.Stopped });
        var (page, _) = Open();
        Assert.Equal(["12", "3", "5", "20 min", "3 min", "2", "4", "1"], page.FindAll(".figures dd").Select(d => d.TextContent.Trim()));
        Assert.Equal("Loja", page.FindAll(".figures dl > div")[^1].GetAttribute("title"));
        Assert.Contains("6", page.FindAll(".figures dl > div")[6].GetAttribute("title"));
    }

    [Fact]
    public void Views_and_forms_stand_in_the_address_and_are_kept()
    {
        Answer(Column(Bruno, "Bruno", Card("Maria", 7)));
        var (page, _) = Open();
        page.FindAll(".segments button")[1].Click();
        page.WaitForAssertion(() => Assert.Equal(PanelBy.Queue, Mediator.SentOf<ReadPanel>()[^1].By));
        Assert.Contains("by=queue", Address);
        page.FindAll(".segments button")[3].Click();
        page.WaitForAssertion(() => Assert.NotEmpty(page.FindAll("table.load")));
        Assert.True(Mediator.SentOf<ReadPanel>()[^1].IsShort);
        Assert.Empty(page.FindAll(".ticket"));
        page.Find(".page-filters .check input").Change(false);
        page.WaitForAssertion(() => Assert.False(Mediator.SentOf<ReadPanel>()[^1].PendingFirst));
        Assert.Contains("form=short", Address);
    }

    [Fact]
    public void A_change_is_seen_without_reloading_and_many_at_once_are_read_once()
    {
        Answer(Column(null, null, Card("Maria", 7, TicketStatus.Pending)));
        var (page, _) = Open();
        var before = Mediator.SentOf<ReadPanel>().Count;
        Answer(Column(null, null), Column(Bruno, "Bruno", Card("Maria", 7, user: Bruno)));
        for (var i = 0; i < 50; i++) Live.Raise([Topics.Queue(null)]);
        page.WaitForAssertion(() => Assert.Equal("Maria", page.Find($"[data-column='{Bruno}'] .ticket-name").TextContent));
        Assert.InRange(Mediator.SentOf<ReadPanel>().Count - before, 1, 2);
    }

    [Fact]
    public void A_card_is_watched_without_reading_it()
    {
        var card = Card("Maria", 7, user: Bruno, waiting: Noon);
        Answer(Column(Bruno, "Bruno", card));
        Mediator.On<ReadTicket, TicketDetails>(r => Details(card.Row, 1, d => d with { Mine = false }));
        Mediator.On<ReadStretch, Stretch>(_ => new([Message(1, "Bom dia"), Message(2, "só nós", fromUs: true, note: true), Message(3, "Ops", fromUs: true, state: MessageState.Failed)], false, false));
        Mediator.On<PeekTicket>();
        var (page, _) = Open();
        page.Find(".ticket-name").Click();
        page.WaitForAssertion(() => Assert.Contains("Bom dia", page.Find(".watch .history").TextContent));
        Assert.Single(Mediator.SentOf<PeekTicket>());
        Assert.Empty(Mediator.SentOf<SeeTicket>());
        Assert.Empty(page.FindAll(".watch .composer, .watch .talk-actions, .watch .bubble-tools, .watch .send-problem button"));
        // What happens meanwhile is seen, and not read either.
        Mediator.On<ReadChanges, IReadOnlyList<MessageRow>>(r => r.Since < 4 ? [Message(4, "Tem alguém?")] : []);
        Live.Raise([Topics.Ticket(card.Row.Id)]);
        page.WaitForAssertion(() => Assert.Contains("Tem alguém?", page.Find(".watch .history").TextContent));
        Assert.Single(Mediator.SentOf<PeekTicket>());
        Assert.Empty(Mediator.SentOf<SeeTicket>());
        Assert.Contains(page.FindAll(".watch .drawer-foot .menu-line"), b => b.TextContent.Contains("Assumir"));
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task Dragging_what_a_colleague_serves_asks_first(bool ofColleague, bool agrees)
    {
        var card = Card("Maria", 7, ofColleague ? TicketStatus.Open : TicketStatus.Pending, ofColleague ? Bruno : null);
        Answer(Column(ofColleague ? Bruno : null, ofColleague ? "Bruno" : null, card), Column(Carla, "Carla"));
        Mediator.On<TransferTicket>();
        var dialogs = RenderDialogs();
        var (page, _) = Show();
        var drop = page.InvokeAsync(() => page.Instance.DropAsync($"{card.Row.Id}", $"{Carla}"));
        if (ofColleague)
        {
            dialogs.WaitForAssertion(() => Assert.Contains("está aberto com Bruno", dialogs.Markup));
            Assert.Empty(Mediator.SentOf<TransferTicket>());
            dialogs.FindAll(".mud-dialog-actions button")[agrees ? ^1 : 0].Click();
        }
        await drop;
        TransferTicket[] expected = agrees ? [new(card.Row.Id, null, Carla) { Seen = new(card.Row.UserId) }] : [];
        page.WaitForAssertion(() => Assert.Equal(expected, Mediator.SentOf<TransferTicket>()));
    }

    [Fact]
    public async Task A_card_goes_back_to_its_queue_and_to_other_queues_and_nowhere_else()
    {
        var me = SignIn("Lia", All);
        var mine = Card("Maria", 7, user: me.Id);
        Answer(Column(null, null), Column(me.Id, "Lia", mine));
        Mediator.On<ReturnTicket>();
        Mediator.On<TransferTicket>();
        RenderProviders();
        var page = Render<CascadingValue<IActor>>(p => p.Add(c => c.Value, me).AddChildContent<PanelPage>()).FindComponent<PanelPage>();
        await page.InvokeAsync(() => page.Instance.DropAsync($"{mine.Row.Id}", $"{me.Id}"));
        await page.InvokeAsync(() => page.Instance.DropAsync($"{Guid.NewGuid()}", "none"));
        Assert.Empty(Mediator.SentOf<ReturnTicket>());
        await page.InvokeAsync(() => page.Instance.DropAsync($"{mine.Row.Id}", "none"));
        Assert.Equal(mine.Row.Id, Assert.Single(Mediator.SentOf<ReturnTicket>()).TicketId);

        var sales = Guid.CreateVersion7();
        Answer(Column(null, null), Column(mine.Row.QueueId, "Vendas", mine), Column(sales, "Suporte"));
        Services.GetRequiredService<NavigationManager>().NavigateTo("/panel?by=queue");
        page.WaitForAssertion(() => Assert.Equal(PanelBy.Queue, Mediator.SentOf<ReadPanel>()[^1].By));
        await page.InvokeAsync(() => page.Instance.DropAsync($"{mine.Row.Id}", "none"));
        Assert.Empty(Mediator.SentOf<TransferTicket>());
        await page.InvokeAsync(() => page.Instance.DropAsync($"{mine.Row.Id}", $"{sales}"));
        Assert.Equal(new TransferTicket(mine.Row.Id, sales, null) { Seen = new(me.Id) }, Assert.Single(Mediator.SentOf<TransferTicket>()));
    }

    [Fact]
    public void What_a_person_may_not_do_is_not_offered()
    {
        Answer(Column(Bruno, "Bruno", Card("Maria", 7, user: Bruno)));
        var (page, _) = Open("panel.see", "tickets.see");
        Assert.Null(page.Find(".ticket").GetAttribute("draggable"));
        Assert.Empty(page.FindAll(".presence-pick"));
        page.Find(".ticket-foot .icon-button").Click();
        Assert.Equal(["Ver conversa", "Ir para o atendimento"], page.FindAll(".ticket-actions .menu-line").Select(b => b.TextContent.Trim()));
    }

    [Fact]
    public void A_colleagues_presence_is_changed_and_more_is_unfolded()
    {
        Answer(Column(Bruno, "Bruno", Card("Maria", 7, user: Bruno)) with { Open = 40 });
        Mediator.On<SetPresenceOf>();
        var (page, _) = Open();
        page.Find(".presence-pick select").Change("Away");
        Assert.Equal(new SetPresenceOf(Bruno, Presence.Away), Assert.Single(Mediator.SentOf<SetPresenceOf>()));
        page.Find(".column .more").Click();
        page.WaitForAssertion(() => Assert.Equal([new PanelMore(Bruno, 1 + ReadPanel.PerColumn)], Mediator.SentOf<ReadPanel>()[^1].More));
    }

    [Fact]
    public void Filters_by_queue_user_channel_and_tag_are_joined_in_the_address()
    {
        var (sales, vip) = (new PersonChoice(Guid.CreateVersion7(), "Vendas"), new PersonChoice(Guid.CreateVersion7(), "VIP"));
        choices = new([sales], [new(Bruno, "Bruno"), new(Carla, "Carla")], [vip]);
        Answer(Column(Bruno, "Bruno", Card("Maria", 7)));
        var (page, _) = Open();
        foreach (var name in new[] { "Vendas", "Bruno", "Carla", Channel.Name, "VIP" })
            page.FindAll(".pick-list .check").Single(c => c.TextContent == name).QuerySelector("input")!.Change(true);
        page.WaitForAssertion(() =>
        {
            var filter = Mediator.SentOf<ReadPanel>()[^1].Filter;
            Assert.Equal([sales.Id], filter.Queues);
            Assert.Equal([Bruno, Carla], filter.Users);
            Assert.Equal([Channel.Id], filter.Channels);
            Assert.Equal([vip.Id], filter.Tags);
        });
        Assert.Equal("4", page.Find(".filter-toggle .count").TextContent);
        page.FindAll("button.link").Single(b => b.TextContent == "Limpar filtros").Click();
        page.WaitForAssertion(() => Assert.Empty(Mediator.SentOf<ReadPanel>()[^1].Filter.Users));
    }

    [Fact]
    public void A_whisper_names_who_serves()
    {
        Answer(Column(Bruno, "Bruno", Card("Maria", 7, user: Bruno)));
        Mediator.On<SendMessage, SentMessage>(_ => new(2, false));
        var dialogs = RenderDialogs();
        var (page, _) = Show();
        page.Find(".ticket-foot .icon-button").Click();
        page.FindAll(".ticket-actions .menu-line").Single(b => b.TextContent.Contains("Nota para quem atende")).Click();
        dialogs.WaitForAssertion(() => Assert.Contains("Nota para Bruno", dialogs.Markup));
        dialogs.Find("textarea").Input("ofereça o frete");
        dialogs.Find("#whisper-form").Submit();
        dialogs.WaitForAssertion(() => Assert.Single(Mediator.SentOf<SendMessage>()));
        var sent = Mediator.SentOf<SendMessage>()[0];
        Assert.True(sent.IsNote);
        Assert.Equal("@Bruno ofereça o frete", sent.Text);
    }

    private IRenderedComponent<MudBlazor.MudDialogProvider> RenderDialogs()
    {
        Render<MudBlazor.MudPopoverProvider>();
        Render<MudBlazor.MudSnackbarProvider>();
        return Render<MudBlazor.MudDialogProvider>();
    }
}
