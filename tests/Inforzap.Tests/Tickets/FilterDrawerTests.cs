using AngleSharp.Dom;
using Inforzap.Requests;
using Inforzap.Tickets.Desk;
using Bunit;
using MudBlazor;

namespace Inforzap.Tests.Tickets;

public sealed class FilterDrawerTests : Talks
{
    private static readonly Guid Sales = Guid.NewGuid(), Support = Guid.NewGuid(), Bia = Guid.NewGuid();

    private readonly List<SavedFilterRow> saved = [];
    private FilterOffer offer = new([new(Sales, "Vendas", "#0B7A75"), new(Support, "Suporte", "#2F6FB0")], [new(Bia, "Bia")], [], [], [], true, true);
    private TicketFilter? applied;

    public FilterDrawerTests()
    {
        Mediator.On<OfferFilters, FilterOffer>(_ => offer);
        Mediator.On<ReadOwnDesk, OwnDesk>(_ => OwnDesk.New with { Saved = [.. saved] });
    }

    [Fact]
    public void While_it_loads_there_are_skeletons()
    {
        var answer = new TaskCompletionSource<FilterOffer>();
        Mediator.OnAsync<OfferFilters, FilterOffer>(_ => answer.Task);
        var drawer = Open();
        Assert.NotEmpty(drawer.FindAll(".drawer .skeletons"));
        answer.SetResult(offer);
        drawer.WaitForAssertion(() => Assert.NotEmpty(drawer.FindAll("#filter-form")));
        Assert.Empty(drawer.FindAll(".skeletons"));
    }

    [Fact]
    public void What_is_refused_is_said()
    {
        Mediator.On<OfferFilters, FilterOffer>(_ => throw new Refusal("agora não"));
        Assert.Contains("agora não", Open().Find("[role=alert]").TextContent);
    }

    [Fact]
    public void What_is_ticked_is_applied_together()
    {
        var drawer = Open();
        drawer.Find("select").Change(TicketScope.MyQueues.ToString());
        Check(drawer, "Só não lidos");
        Check(drawer, "Com mensagem agendada");
        drawer.FindAll("input[type=date]")[0].Change("2026-11-01");
        drawer.FindAll("input[type=date]")[1].Change("2026-11-30");
        Check(drawer, "Vendas");
        Check(drawer, "Suporte");
        Check(drawer, "Vendas");
        Check(drawer, "Bia");
        drawer.Find("#filter-form").Submit();
        Assert.Equal((TicketScope.MyQueues, true, false, true), (applied!.Scope, applied.Unread, applied.Unassigned, applied.Scheduled));
        Assert.Equal((new DateOnly(2026, 11, 1), new DateOnly(2026, 11, 30)), (applied.From, applied.To));
        Assert.Equal([Support], applied.Queues);
        Assert.Equal([Bia], applied.People);
    }

    [Fact]
    public void Only_what_the_person_may_filter_by_is_offered()
    {
        offer = new([new(Sales, "Vendas")], [], [], [], [], false, false);
        var drawer = Open();
        Assert.Equal(["Filas"], drawer.FindAll(".filter-section summary").Select(e => e.TextContent));
        Assert.DoesNotContain("agendada", drawer.Markup);
        Assert.Equal(["Todos que eu vejo", "Só os meus"], drawer.FindAll("option").Select(e => e.TextContent));
    }

    [Fact]
    public void A_long_list_can_be_looked_through_and_what_is_chosen_stays()
    {
        var many = Enumerable.Range(1, 12).Select(i => new FilterChoice(Guid.NewGuid(), $"Fila {i}")).ToList();
        offer = offer with { Queues = many };
        var drawer = Open(TicketFilter.None with { Queues = [many[0].Id] });
        drawer.Find(".filter-section input[type=search]").Input("fila 12");
        Assert.Equal(["Fila 1", "Fila 12"], drawer.FindAll(".filter-choices")[0].QuerySelectorAll("label").Select(e => e.TextContent.Trim()));
    }

    [Fact]
    public void A_filter_is_saved_under_a_name_and_one_of_that_name_is_asked_about()
    {
        Mediator.On<SaveFilter, Guid>(r => Guid.NewGuid());
        var drawer = Open();
        Assert.Empty(drawer.FindAll(".save-filter"));
        Check(drawer, "Sem usuário");
        drawer.Find(".save-filter input").Input("Da fila");
        drawer.Find(".save-filter").Submit();
        Assert.True(Mediator.SentOf<SaveFilter>().Single() is { Name: "Da fila", Filter.Unassigned: true, Replaces: false });
        saved.Add(new(Guid.NewGuid(), "Da fila", TicketFilter.None with { Unread = true }));
        drawer = Open(TicketFilter.None with { Unassigned = true });
        drawer.Find(".save-filter input").Input("da FILA");
        drawer.Find(".save-filter").Submit();
        Answer("Trocar");
        drawer.WaitForAssertion(() => Assert.True(Mediator.SentOf<SaveFilter>()[^1].Replaces));
    }

    [Fact]
    public void A_saved_filter_is_used_renamed_and_deleted_after_a_question()
    {
        var one = new SavedFilterRow(Guid.NewGuid(), "Da fila", TicketFilter.None with { Unassigned = true });
        saved.Add(one);
        Mediator.On<RenameFilter>();
        Mediator.On<DeleteFilter>(_ => saved.Clear());
        var drawer = Open();
        drawer.Find(".saved-filter").Click();
        Assert.Same(one.Filter, applied);

        drawer = Open();
        drawer.Find("[aria-label='Renomear o filtro Da fila']").Click();
        drawer.Find(".saved-filters input").KeyDown("Escape");
        Assert.Empty(drawer.FindAll(".saved-filters input"));
        drawer.Find("[aria-label='Renomear o filtro Da fila']").Click();
        drawer.Find(".saved-filters input").Input("Sem dono");
        drawer.Find(".saved-filters form").Submit();
        Assert.Equal(new RenameFilter(one.Id, "Sem dono"), Mediator.SentOf<RenameFilter>().Single());

        drawer.Find("[aria-label='Excluir o filtro Da fila']").Click();
        Answer("Excluir");
        drawer.WaitForAssertion(() => Assert.Empty(drawer.FindAll(".saved-filters")));
        Assert.Equal(one.Id, Mediator.SentOf<DeleteFilter>().Single().Id);
    }

    [Fact]
    public void A_refusal_stands_in_the_form()
    {
        Mediator.On<SaveFilter, Guid>(_ => throw new Refusal("Você já tem 20 filtros salvos."));
        var drawer = Open(TicketFilter.None with { Unread = true });
        drawer.Find(".save-filter input").Input("Mais um");
        drawer.Find(".save-filter").Submit();
        Assert.Contains("20 filtros", drawer.Find("[role=alert]").TextContent);
    }

    [Fact]
    public void One_click_clears_it_all()
    {
        var drawer = Open(TicketFilter.None with { Unread = true });
        drawer.FindAll(".drawer-foot button")[0].Click();
        Assert.True(applied!.IsNone);
        Assert.True(Open().FindAll(".drawer-foot button")[0].HasAttribute("disabled"));
    }

    private static void Check(IRenderedComponent<FilterDrawer> drawer, string words)
    {
        var box = drawer.FindAll("label.check").Single(l => l.TextContent.Trim() == words).QuerySelector("input")!;
        box.Change(!box.HasAttribute("checked"));
    }

    private void Answer(string yes) => dialogs!.FindAll(".mud-dialog button").Single(b => b.TextContent.Trim() == yes).Click();

    private IRenderedComponent<MudDialogProvider>? dialogs;

    private IRenderedComponent<FilterDrawer> Open(TicketFilter? filter = null)
    {
        dialogs ??= Render<MudDialogProvider>();
        return Render<FilterDrawer>(p => p.Add(d => d.Open, true).Add(d => d.Filter, filter ?? TicketFilter.None).Add(d => d.OnApply, f => applied = f));
    }
}
