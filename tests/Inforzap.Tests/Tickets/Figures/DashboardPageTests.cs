using System.Globalization;
using Bunit;
using Inforzap.Contracts.Identity;
using Inforzap.Live;
using Inforzap.Requests;
using Inforzap.Tests.Support;
using Inforzap.Tickets.Figures;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.Time.Testing;

namespace Inforzap.Tests.Tickets.Figures;

public sealed class DashboardPageTests : ComponentTest
{
    private static readonly Guid Sales = Guid.CreateVersion7();
    private static readonly PersonFigures Ana = new(Guid.CreateVersion7(), "Ana", Presence.Online, true, 3, 1, 12, 14, 450, 90, 100);
    private static readonly Indicators Read = new(new(40, 32), new(30, 30), new(10, 0), new(38, 40), new(7, 5), new(90, 120), new(450, 300), new(100, null), new(.9, .8), 4, 6, 3, 8);
    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2026, 11, 15, 15, 0, 0, TimeSpan.Zero));

    public DashboardPageTests()
    {
        Services.AddSingleton<TimeProvider>(clock);
        Answer();
    }

    private void Answer(int count = 40)
    {
        var days = Enumerable.Range(0, 30).Select(i => new DateTime(2026, 10, 17).AddDays(i)).ToList();
        Mediator.On<OfferFigures, FigureChoices>(_ => new([new(Sales, "Vendas")], [new(Ana.Id, "Ana")], [new(Guid.CreateVersion7(), "WhatsApp")]));
        Mediator.On<ReadIndicators, Indicators>(_ => Read with { Total = new(count, 32) });
        Mediator.On<ReadEvolution, Evolution>(_ => new(false, days, [.. days.Select((_, i) => count == 0 ? 0 : i)], [.. days.Select(_ => 0)], count == 0 ? [] : [new("WhatsApp", [.. days.Select((_, i) => i)])]));
        Mediator.On<ReadShares, FigureShares>(r => count == 0 ? new([], 0) : new([new($"Parte {r.Of}", "#112233", count)], count));
        Mediator.On<ReadRush, Rush>(_ => new([.. Enumerable.Range(0, 168).Select(i => count == 0 ? 0 : i % 5)]));
        Mediator.On<ReadPeople, FigurePeople>(_ => count == 0 ? new([], 0) : new([Ana], 1));
    }

    private IRenderedComponent<DashboardPage> Page(params string[] permissions)
    {
        RenderProviders();
        IActor me = SignIn(new Actor(Guid.CreateVersion7(), "Eu", new HashSet<string>(permissions.Length == 0 ? ["dashboard.see", "tickets.see-all", "tags.see"] : permissions), [Sales]));
        var page = Render<CascadingValue<IActor>>(p => p.Add(c => c.Value, me).AddChildContent<DashboardPage>()).FindComponent<DashboardPage>();
        return page;
    }

    private IRenderedComponent<DashboardPage> Whole(params string[] permissions)
    {
        var page = Page(permissions);
        page.WaitForAssertion(() =>
        {
            Assert.NotEmpty(page.FindAll(".figures-people tbody tr, .figures-people p"));
            Assert.Empty(page.FindAll(".skeleton"));
        });
        return page;
    }

    private static string Card(IRenderedComponent<DashboardPage> page, string name) => page.FindAll(".indicator").Single(c => c.QuerySelector(".indicator-name span")!.TextContent == name).TextContent;

    [Fact]
    public void Each_part_is_there_when_it_was_read_whatever_the_others_do()
    {
        var answer = new TaskCompletionSource<Evolution>();
        var cards = new TaskCompletionSource<Indicators>();
        Mediator.OnAsync<ReadEvolution, Evolution>(_ => answer.Task);
        Mediator.OnAsync<ReadIndicators, Indicators>(_ => cards.Task);
        Mediator.On<ReadRush, Rush>(_ => throw new Refusal("O banco está ocupado."));
        var page = Page();
        page.WaitForAssertion(() => Assert.NotEmpty(page.FindAll(".figures-cards .skeleton")));
        cards.SetResult(Read);
        page.WaitForAssertion(() =>
        {
            Assert.Equal(12, page.FindAll(".indicator").Count);
            Assert.NotEmpty(page.FindAll(".figures-blank"));
            Assert.Contains("O banco está ocupado", page.Find("[role=alert]").TextContent);
        });
        Answer();
        page.Find("[role=alert] button").Click();
        page.WaitForAssertion(() => Assert.NotEmpty(page.FindAll(".heat")));
    }

    [Fact]
    public void Figures_say_what_they_were_before_in_words_and_which_way_is_better()
    {
        var page = Whole();
        Assert.Contains("25%", Card(page, "Atendimentos"));
        Assert.Contains("a mais que no período anterior", Card(page, "Atendimentos"));
        Assert.Contains("antes 32", Card(page, "Atendimentos"));
        Assert.Contains("igual ao período anterior", Card(page, "Demanda receptiva"));
        Assert.DoesNotContain("%", Card(page, "Demanda ativa"));
        Assert.Contains("sem dados antes", Card(page, "Primeira resposta"));
        Assert.Contains("10 p.p.", Card(page, "Dentro do prazo"));
        Assert.Contains("de 8", Card(page, "Usuários online"));
        // Less waiting is better, more service is not; more tickets are neither.
        Assert.Equal(["", "", "is-good", "is-bad", "is-good", ""], page.FindAll(".indicator-arrow").Select(a => a.ClassName!.Replace("indicator-arrow", "").Trim()));
        Assert.Contains("Medimos a partir do aceite", page.Markup);
    }

    [Fact]
    public void An_empty_period_says_so_in_each_part()
    {
        Answer(0);
        var page = Whole();
        Assert.Contains("Nenhum atendimento neste período", page.Markup);
        Assert.Contains("Nada foi resolvido neste período", page.Markup);
        Assert.Contains("Nenhum contato deste período tem etiquetas", page.Markup);
        Assert.Contains("Ninguém atendeu com estes filtros", page.Markup);
        Assert.Empty(page.FindAll(".chart, .donut, .bars, .heat"));
    }

    [Fact]
    public void The_address_says_what_is_looked_at()
    {
        Services.GetRequiredService<NavigationManager>().NavigateTo($"/dashboard?period=custom&from=2026-11-01&to=2026-11-05&scope=queues&queue={Sales},lixo&user={Ana.Id}&sort=-wait&page=2");
        var page = Whole();
        var filter = Mediator.SentOf<ReadIndicators>()[^1].Filter;
        Assert.Equal((FigureSpan.Custom, new DateOnly(2026, 11, 1), new DateOnly(2026, 11, 5), FigureScope.Queues), (filter.Span, filter.From, filter.To, filter.Scope));
        Assert.Equal([Sales], filter.Queues);
        Assert.Equal([Ana.Id], filter.Users);
        Assert.Equal(("-wait", 50), (Mediator.SentOf<ReadPeople>()[^1].Sort, Mediator.SentOf<ReadPeople>()[^1].Skip));
        Assert.Contains("1 Nov 2026 – 5 Nov 2026", page.Find(".figure-updated").TextContent);
        Assert.Contains("12:00", page.Find(".figure-updated").TextContent);
    }

    [Fact]
    public void Dates_that_make_no_period_are_asked_for_and_nothing_is_read()
    {
        Services.GetRequiredService<NavigationManager>().NavigateTo("/dashboard?period=custom&from=2026-11-05&to=2026-11-01");
        var page = Page();
        page.WaitForAssertion(() => Assert.Contains("Escolha o período", page.Find(".state").TextContent));
        Assert.Empty(Mediator.SentOf<ReadIndicators>());
    }

    [Fact]
    public void A_scope_that_is_not_one_s_own_is_said_once()
    {
        Mediator.On<OfferFigures, FigureChoices>(_ => throw Refusal.Forbidden("Estes números não são para o seu perfil."));
        var page = Page("dashboard.see");
        page.WaitForAssertion(() => Assert.Contains("não são para o seu perfil", Assert.Single(page.FindAll("[role=alert]")).TextContent));
    }

    [Theory]
    [InlineData("dashboard.see", "")]
    [InlineData("dashboard.see,tickets.see-queue", "Meus,Minhas filas")]
    [InlineData("dashboard.see,tickets.see-all", "Meus,Minhas filas,Todos")]
    public void The_switch_offers_what_one_may_see(string permissions, string offered) =>
        Assert.Equal(offered, string.Join(',', Whole(permissions.Split(',')).FindAll(".figure-scopes button").Select(b => b.TextContent)));

    [Fact]
    public void One_s_own_figures_need_no_choice_of_users_and_no_links()
    {
        var page = Whole("dashboard.see");
        Assert.DoesNotContain(page.FindComponents<FigurePicker>(), p => p.Instance.Name == "Usuários");
        Assert.Empty(page.FindAll("tbody .grid-open"));
        Assert.Equal(["Filas", "Canais"], page.FindComponents<FigurePicker>().Select(p => p.Instance.Name));
    }

    [Fact]
    public void Choices_go_into_the_address()
    {
        var navigation = Services.GetRequiredService<NavigationManager>();
        navigation.NavigateTo("/dashboard");
        var page = Whole();
        page.Find("select").Change("7");
        page.WaitForAssertion(() => Assert.EndsWith("?period=7", navigation.Uri));
        page.Find("select").Change("custom");
        page.WaitForAssertion(() => Assert.Contains("from=2026-11-09&to=2026-11-15", navigation.Uri));
        page.Find("select").Change("30");
        page.WaitForAssertion(() => Assert.EndsWith("/dashboard", navigation.Uri));
        page.FindAll(".figure-scopes button")[0].Click();
        page.WaitForAssertion(() => Assert.EndsWith("?scope=mine", navigation.Uri));
        page.FindAll(".figure-scopes button")[2].Click();
        page.WaitForAssertion(() => Assert.EndsWith("/dashboard", navigation.Uri));
        page.WaitForElement("tbody .grid-open").Click();
        page.WaitForAssertion(() => Assert.EndsWith($"?user={Ana.Id}", navigation.Uri));
    }

    [Fact]
    public void The_order_of_the_table_reads_the_table_only()
    {
        var page = Whole();
        var before = Mediator.SentOf<ReadIndicators>().Count;
        page.FindAll(".sort").Single(s => s.TextContent.Trim() == "TME").Click();
        page.WaitForAssertion(() => Assert.Equal("wait", Mediator.SentOf<ReadPeople>()[^1].Sort));
        Assert.Equal(before, Mediator.SentOf<ReadIndicators>().Count);
    }

    [Fact]
    public async Task What_happens_is_read_once_in_thirty_seconds()
    {
        var page = Whole();
        Assert.Single(Mediator.SentOf<ReadIndicators>());
        Live.Raise([Topics.AllTickets]);
        Live.Raise([Topics.AllTickets]);
        await Task.Delay(100);
        clock.Advance(TimeSpan.FromSeconds(29));
        await Task.Delay(100);
        Assert.Single(Mediator.SentOf<ReadIndicators>());
        clock.Advance(TimeSpan.FromSeconds(2));
        page.WaitForAssertion(() => Assert.Equal(2, Mediator.SentOf<ReadIndicators>().Count));
        Assert.Empty(page.FindAll(".skeleton, .is-stale"));
        page.WaitForAssertion(() => Assert.Contains("12:00", page.Find(".figure-updated").TextContent));
    }

    [Fact]
    public void A_chart_can_be_read_as_a_table()
    {
        var page = Whole();
        page.FindAll(".figure-switch")[0].Click();
        page.WaitForAssertion(() => Assert.Equal(30, page.FindAll(".figure-table tbody tr").Count));
        Assert.Contains("29", page.FindAll(".figure-table tbody tr")[^1].TextContent);
    }
}

public sealed class ChartTests : ComponentTest
{
    private static readonly string[] Months = ["jan", "fev", "mar"];

    private IRenderedComponent<TimeChart> Chart(bool stacked, string[] labels, params FigureSeries[] series) =>
        Render<TimeChart>(p => p.Add(c => c.Title, "Evolução").Add(c => c.Summary, "6 novos.").Add(c => c.Labels, labels).Add(c => c.Names, labels).Add(c => c.Series, series).Add(c => c.IsStacked, stacked));

    [Fact]
    public void Lines_run_through_the_middle_of_their_columns_and_say_what_they_are()
    {
        var chart = Chart(false, Months, new("Novos", [0, 4, 2]), new("Resolvidos", [1, 1, 1]));
        Assert.Equal("M166.67 100L500 0L833.33 50", chart.Find(".chart-path:not(.is-dashed)").GetAttribute("d"));
        Assert.Equal(["0", "1", "2", "3", "4"], chart.FindAll(".chart-scale span").Select(s => s.TextContent));
        Assert.Equal(("Evolução", "6 novos."), (chart.Find("svg > title").TextContent, chart.Find("svg > desc").TextContent));
        Assert.Equal(["Novos 6", "Resolvidos 3"], chart.FindAll(".chart-legend li").Select(l => l.TextContent.Trim()));
    }

    [Fact]
    public void A_single_point_is_a_point()
    {
        var chart = Chart(false, ["jan"], new FigureSeries("Novos", [3]));
        Assert.NotEmpty(chart.FindAll(".is-single .chart-dot"));
        Assert.Empty(chart.FindAll(".chart-area, .chart-legend"));
    }

    [Fact]
    public void Nothing_but_noughts_is_drawn_on_the_ground() =>
        Assert.Equal("M166.67 100L500 100L833.33 100", Chart(false, Months, new FigureSeries("Novos", [0, 0, 0])).Find(".chart-path").GetAttribute("d"));

    [Fact]
    public void Columns_stand_on_one_another_and_leave_out_what_is_nothing()
    {
        var chart = Chart(true, ["jan", "fev"], new("A", [2, 0]), new("B", [2, 4]));
        Assert.Equal("M90 100H410V50H90Z", chart.FindAll("svg path")[1].GetAttribute("d"));
        Assert.Equal("M90 50H410V0H90ZM590 100H910V0H590Z", chart.FindAll("svg path")[0].GetAttribute("d"));
    }

    [Fact]
    public void A_year_has_as_many_points_as_days_and_few_words_under_it()
    {
        var labels = Enumerable.Range(0, 366).Select(i => i.ToString()).ToArray();
        var chart = Chart(false, labels, new FigureSeries("Novos", [.. Enumerable.Range(0, 366)]));
        Assert.Equal(366, chart.FindAll(".chart-point").Count);
        Assert.InRange(chart.FindAll(".chart-axis span").Count, 5, 10);
    }

    [Fact]
    public async Task The_keyboard_walks_through_it_and_it_is_read_aloud()
    {
        var chart = Chart(false, Months, new FigureSeries("Novos", [0, 4, 2]));
        async Task PressAsync(string key) => await chart.Find(".chart-frame").TriggerEventAsync("onkeydown", new KeyboardEventArgs { Key = key });
        await PressAsync("ArrowLeft");
        Assert.Contains("mar: Novos 2", chart.Find("[aria-live]").TextContent);
        await PressAsync("ArrowRight");
        await PressAsync("ArrowLeft");
        Assert.Contains("fev: Novos 4", chart.Find("[aria-live]").TextContent);
        Assert.Single(chart.FindAll(".chart-point.is-on"));
        await PressAsync("Escape");
        Assert.Equal("", chart.Find("[aria-live]").TextContent.Trim());
    }

    [Fact]
    public void Long_periods_are_summed_up_by_week()
    {
        var days = Enumerable.Range(0, 100).Select(i => new DateTime(2026, 1, 1).AddDays(i)).ToList();
        var evolution = new Evolution(false, days, [.. days.Select(_ => 1)], [.. days.Select(_ => 2)], [new("A", [.. days.Select(_ => 3)])]);
        var weeks = evolution.InColumns();
        // The first of January was a Thursday: its week began on Monday, the 29th of December.
        Assert.Equal((new DateTime(2025, 12, 29), 4, 7), (weeks.At[0], weeks.New[0], weeks.New[1]));
        Assert.Equal((100, 200, 300), (weeks.New.Sum(), weeks.Closed.Sum(), weeks.Channels[0].Total));
        var few = new Evolution(false, [.. days.Take(Evolution.MostColumns)], [.. days.Take(Evolution.MostColumns).Select(_ => 1)], [], []);
        Assert.Same(few, few.InColumns());
    }

    [Fact]
    public void A_ring_of_one_part_is_whole_and_parts_follow_each_other()
    {
        var one = Render<DonutChart>(p => p.Add(c => c.Title, "Por canal").Add(c => c.Rows, [new("WhatsApp", null, 7)]));
        Assert.Equal("100 0", one.Find(".donut-part").GetAttribute("stroke-dasharray"));
        Assert.Contains("100%", one.Find("tbody").TextContent);
        var many = Render<DonutChart>(p => p.Add(c => c.Title, "Por canal").Add(c => c.Rows, [new("WhatsApp", null, 6), new("Site", null, 3), new("Outros (2)", null, 1, 2)]));
        Assert.Equal(["25", "-35", "-65"], many.FindAll(".donut-part").Select(c => c.GetAttribute("stroke-dashoffset")));
        Assert.Equal("10", many.Find(".donut-total").TextContent);
        Assert.Contains("var(--chart-others)", many.FindAll(".donut-part")[2].GetAttribute("style"));
    }

    [Fact]
    public void Bars_are_a_list_with_figures()
    {
        var bars = Render<BarChart>(p => p.Add(c => c.Title, "Por fila").Add(c => c.Rows, [new("Vendas", "#112233", 8), new("Sem fila", null, 2)]).Add(c => c.Total, 10));
        Assert.Equal(["8", "2"], bars.FindAll(".bars-count b").Select(b => b.TextContent));
        Assert.Contains("80%", bars.FindAll("li")[0].TextContent);
        Assert.Contains("width: 25%", bars.FindAll(".bars-track i")[1].GetAttribute("style"));
    }

    [Fact]
    public void The_week_begins_as_in_the_reader_s_calendar_and_each_hour_says_its_figure()
    {
        CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("pt-BR");
        var heat = Render<HeatMap>(p => p.Add(c => c.Title, "Movimento").Add(c => c.Rush, new Rush([.. Enumerable.Range(0, 168).Select(i => i == 25 ? 8 : 0)])));
        Assert.Equal(7 * 24, heat.FindAll("tbody td").Count);
        // Portuguese weeks begin on Sunday.
        Assert.Equal("dom", heat.FindAll("tbody th")[0].TextContent);
        Assert.Equal("segunda-feira, 1 h: 8", heat.FindAll("tbody tr")[1].QuerySelectorAll("td")[1].GetAttribute("title"));
        Assert.Contains("100%", heat.FindAll("tbody tr")[1].QuerySelectorAll("td")[1].GetAttribute("style"));
    }
}
