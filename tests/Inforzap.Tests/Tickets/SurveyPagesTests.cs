using Bunit;
using Inforzap.Contracts.Settings;
using Inforzap.Contracts.Tickets;
using Inforzap.Live;
using Inforzap.Requests;
using Inforzap.Tests.Support;
using Inforzap.Tickets;
using Inforzap.Tickets.Closing;
using Inforzap.Tickets.Desk;
using Inforzap.Tickets.Surveys;
using Inforzap.Ui;
using Inforzap.Variables;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace Inforzap.Tests.Tickets;

public sealed class SurveyPagesTests : Talks
{
    private static readonly PlaceRow Sales = new(Guid.CreateVersion7(), "Vendas", "#0B7A75", true);
    private static readonly SurveyForm Form =
        new("Como foi?", SurveyScale.OneToFive, "De 1 a 5, {{primeiroNome}}?", "Obrigado.", "Só um número.", 3, "Por quê?", true, false, false, true, 2880, null, 24, 0, [Sales.Id], []);
    private static readonly SurveyRow Row1 = new(Guid.CreateVersion7(), Form, true, 12, 40, 7);
    private static readonly DateOnly Day = new(2027, 3, 1);
    private static readonly RatingPage Empty = new(Day, Day, false, SurveyFigures.Of([]), [], [], [], [], [], 0, new([], [], [], []));

    public SurveyPagesTests()
    {
        Mediator.On<OfferVariables, IReadOnlyList<OfferedVariable>>(_ => []);
        Mediator.On<PreviewText, RenderedText>(r => new(r.Text.Replace("{{primeiroNome}}", "Maria"), []));
        Surveys(Row1);
        Mediator.On<ReadRatings, RatingPage>(_ => Empty);
    }

    private void Surveys(params SurveyRow[] rows) => Mediator.On<ListSurveys, SurveyList>(_ => new(rows, rows.Length, rows.Length, [Sales], [], true));

    private IRenderedComponent<T> Page<T>(params string[] permissions) where T : ListPage
    {
        Render<MudSnackbarProvider>();
        Render<MudPopoverProvider>();
        Render<MudDialogProvider>();
        IActor me = SignIn("Eu", permissions.Length == 0 ? ["surveys.see", "surveys.edit"] : permissions);
        return Render<CascadingValue<IActor>>(p => p.Add(c => c.Value, me).AddChildContent<T>()).FindComponent<T>();
    }

    [Fact]
    public void While_surveys_load_there_are_skeletons_and_what_is_refused_can_be_tried_again()
    {
        var answer = new TaskCompletionSource<SurveyList>();
        Mediator.OnAsync<ListSurveys, SurveyList>(_ => answer.Task);
        var page = Page<SurveysPage>();
        Assert.NotEmpty(page.FindAll(".skeletons"));
        answer.SetException(Refusal.NotFound("Não deu."));
        page.WaitForAssertion(() => Assert.Contains("Não deu", page.Find("[role=alert]").TextContent));
        Surveys(Row1);
        page.Find("[role=alert] button").Click();
        page.WaitForAssertion(() => Assert.Single(page.FindAll("tbody tr")));
        Assert.Contains("1 a 5", page.Find("tbody tr").TextContent);
        Assert.Contains("Vendas", page.Find("tbody tr").TextContent);
    }

    [Fact]
    public void Without_surveys_the_page_says_what_one_is_for_and_a_hint_loads_anew()
    {
        Surveys();
        var page = Page<SurveysPage>();
        Assert.Contains("Nenhuma avaliação ainda", page.Find(".state").TextContent);
        Surveys(Row1);
        Live.Raise([Topics.Surveys]);
        page.WaitForAssertion(() => Assert.Single(page.FindAll("tbody tr")));
    }

    [Fact]
    public void Who_may_only_look_changes_nothing() => Assert.Empty(Page<SurveysPage>("surveys.see").FindAll(".grid-open, .page-action button"));

    [Fact]
    public void The_drawer_sends_what_was_typed_with_the_version_that_was_seen()
    {
        Mediator.On<SaveSurvey, Guid>(_ => Row1.Id);
        var page = Page<SurveysPage>();
        page.Find(".grid-open").Click();
        page.Find("#survey-form input").Input("Depois da venda");
        page.Find("#survey-form").Submit();
        var sent = Mediator.SentOf<SaveSurvey>().Single();
        Assert.Equal((Row1.Id, 7, "Depois da venda", 2880, 3, "Por quê?"), (sent.Id, sent.Version, sent.Form.Name, sent.Form.ExpiresMinutes, sent.Form.ReasonAt, sent.Form.ReasonText));
        Assert.Equal([Sales.Id], sent.Form.Queues);
    }

    [Fact]
    public void What_a_text_lacks_is_said_at_its_field()
    {
        Mediator.On<SaveSurvey, Guid>(_ => throw Refusal.At(nameof(SurveyForm.ThanksText), "Esta variável não existe."));
        var page = Page<SurveysPage>();
        page.Find(".grid-open").Click();
        page.Find("#survey-form").Submit();
        page.WaitForAssertion(() => Assert.Equal("true", page.Find("#survey-thanks").GetAttribute("aria-invalid")));
        Assert.Contains("Esta variável não existe", page.Find(".drawer [role=alert]").TextContent);
    }

    [Fact]
    public void The_preview_follows_what_is_typed_and_shows_each_way_that_it_may_go()
    {
        var page = Page<SurveysPage>();
        page.Find(".grid-open").Click();
        page.WaitForAssertion(() => Assert.Contains("De 1 a 5, Maria?", page.Find(".said").TextContent));
        Assert.Equal("5 ★★★★★", page.FindAll(".press")[0].TextContent);
        page.Find("#survey-thanks").Input("Valeu.");
        page.WaitForAssertion(() => Assert.Contains("Valeu.", page.Find(".said").TextContent));
        page.FindAll(".preview-switch button")[1].Click();
        page.WaitForAssertion(() => Assert.Contains("Por quê?", page.Find(".said").TextContent));
        page.FindAll(".preview-switch button")[2].Click();
        page.WaitForAssertion(() => Assert.Contains("Só um número.", page.Find(".said").TextContent));
    }

    [Fact]
    public void The_samples_of_a_new_one_follow_the_scale_and_ones_own_words_stay()
    {
        var page = Page<SurveysPage>();
        page.Find(".page-action button").Click();
        Assert.Contains("De 1 a 5", page.Find("#survey-request").GetAttribute("value"));
        page.Find("#survey-form select").Change("ZeroToTen");
        page.WaitForAssertion(() => Assert.Contains("De 0 a 10", page.Find("#survey-request").GetAttribute("value")));
        page.Find("#survey-request").Input("Que nota você dá?");
        page.Find("#survey-form select").Change("OneToThree");
        page.WaitForAssertion(() => Assert.Equal("Que nota você dá?", page.Find("#survey-request").GetAttribute("value")));
    }

    [Fact]
    public void Results_show_figures_a_chart_that_can_be_read_and_the_answers()
    {
        ScoreCount[] counts = [new(SurveyScale.OneToFive, 5, false, 3), new(SurveyScale.OneToFive, 1, false, 1), new(SurveyScale.OneToFive, null, false, 4)];
        Mediator.On<ReadRatings, RatingPage>(_ => Empty with
        {
            Any = true, All = SurveyFigures.Of(counts), Scales = [new(SurveyScale.OneToFive, [(1, 1), (2, 0), (3, 0), (4, 0), (5, 3)])], Users = [new("Bruno", SurveyFigures.Of(counts))], Answers = 1,
            Rows = [new(Guid.NewGuid(), SurveyScale.OneToFive, 1, "Demorou", Guid.NewGuid(), 42, "Maria", "Bruno", "Vendas", Channel.Id, "Como foi?", Noon, Noon)],
        });
        var page = Page<RatingsPage>();
        Assert.Contains("50", page.Find(".figures").TextContent);
        Assert.Equal(["5", "4", "3", "2", "1"], page.FindAll(".bars tbody th").Select(h => h.TextContent));
        Assert.Equal("width: 33.3%", page.FindAll(".score-bar")[4].GetAttribute("style"));
        Assert.Contains("75%", page.FindAll(".bars tbody tr")[0].TextContent);
        Assert.Contains("Bruno", page.Find(".parts").TextContent);
        Assert.Contains("Demorou", page.Find(".answers").TextContent);
        Assert.Contains("#42", page.Find(".answers").TextContent);
        Assert.Contains("detratores", page.Find(".formulas").TextContent);
    }

    [Fact]
    public void Without_answers_it_says_so() => Assert.Contains("Nenhuma avaliação enviada ainda", Page<RatingsPage>().Find(".state").TextContent);

    [Fact]
    public void Who_may_not_see_results_is_told()
    {
        Mediator.On<ReadRatings, RatingPage>(_ => throw Refusal.Forbidden("Sua empresa não mostra."));
        Assert.Contains("Sua empresa não mostra", Page<RatingsPage>("tickets.see").Find("[role=alert]").TextContent);
    }

    [Fact]
    public void Who_sees_only_their_own_has_no_table_and_no_colleagues()
    {
        Mediator.On<ReadRatings, RatingPage>(_ => Empty with { Any = true, All = SurveyFigures.Of([new(SurveyScale.OneToFive, 5, false, 1)]) });
        var page = Page<RatingsPage>("tickets.see");
        Assert.Empty(page.FindAll(".page-action button, .parts, .page-tabs"));
        Assert.Contains("Minhas avaliações", page.Find("h1").TextContent);
    }

    [Fact]
    public void The_closing_dialog_sends_what_is_checked()
    {
        Mediator.On<OfferClosing, ClosingOffer>(_ => new([], [], false, false, null) { Survey = new(Guid.NewGuid(), "Como foi?", "De 1 a 5?", true, null) });
        Mediator.On<CloseTicket>();
        var dialog = Closing();
        Assert.Contains("De 1 a 5?", dialog.Find(".preview-bubble").TextContent);
        dialog.Find("#close-form").Submit();
        Assert.True(Mediator.SentOf<CloseTicket>().Single().SendsSurvey);
    }

    [Fact]
    public void The_closing_dialog_sends_nothing_that_was_unchecked()
    {
        Mediator.On<OfferClosing, ClosingOffer>(_ => new([], [], false, false, null) { Survey = new(Guid.NewGuid(), "Como foi?", "De 1 a 5?", true, null) });
        Mediator.On<CloseTicket>();
        var dialog = Closing();
        dialog.Find(".close-survey input").Change(false);
        Assert.Empty(dialog.FindAll(".preview-bubble"));
        dialog.Find("#close-form").Submit();
        Assert.False(Mediator.SentOf<CloseTicket>().Single().SendsSurvey);
    }

    [Fact]
    public void Where_nobody_can_be_asked_the_closing_dialog_says_why()
    {
        Mediator.On<OfferClosing, ClosingOffer>(_ => new([], [], false, false, null) { Survey = new(Guid.NewGuid(), "Como foi?", "De 1 a 5?", true, "Ninguém atendeu.") });
        var other = Closing();
        other.WaitForAssertion(() => Assert.Contains("Ninguém atendeu.", other.Markup));
        Assert.Empty(other.FindAll(".close-survey"));
    }

    private IRenderedComponent<MudDialogProvider> Closing()
    {
        Render<MudPopoverProvider>();
        var provider = Render<MudDialogProvider>();
        _ = provider.InvokeAsync(() => Services.GetRequiredService<IDialogService>().ShowAsync<CloseDialog>("", new DialogParameters<CloseDialog> { { d => d.TicketId, Guid.NewGuid() } }));
        provider.WaitForElement("#close-form textarea");
        return provider;
    }

    [Fact]
    public void Beside_the_conversation_stands_what_the_customer_answered()
    {
        var row = Row(status: TicketStatus.Closed);
        Mediator.On<RatingsOfTicket, IReadOnlyList<TicketRating>>(_ => [new(Guid.NewGuid(), "Como foi?", SurveyState.Answered, 2, 5, "Demorou", Noon, Noon, Noon)]);
        var part = Show<RatingsPart>(SignIn("Ana", "surveys.send"), p => p.Add(s => s.Ticket, Details(row)));
        part.WaitForAssertion(() => Assert.Contains("2 de 5", part.Markup));
        Assert.Contains("Demorou", part.Markup);
        Assert.Single(part.FindAll("button"));
        Assert.DoesNotContain("/surveys/results", part.Markup);
        Settings.Set(Setting.UsersSeeOwnRatings, "true");
        Assert.Contains("/surveys/results", Show<RatingsPart>(SignIn("Ana", "surveys.send"), p => p.Add(s => s.Ticket, Details(row))).Markup);
    }

    [Fact]
    public void In_a_group_nothing_of_it_is_shown() =>
        Assert.Empty(Show<RatingsPart>(SignIn("Ana", "surveys.send"), p => p.Add(s => s.Ticket, Details(Row(), change: d => d with { IsGroup = true }))).FindAll("section"));
}
