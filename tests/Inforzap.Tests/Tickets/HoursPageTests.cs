using Bunit;
using Inforzap.Live;
using Inforzap.Requests;
using Inforzap.Tests.Support;
using Inforzap.Tickets;
using Inforzap.Tickets.Opening;
using Inforzap.Variables;
using Microsoft.AspNetCore.Components;

namespace Inforzap.Tests.Tickets;

public sealed class HoursPageTests : ComponentTest
{
    private static readonly HoursTarget Sales = new(Guid.CreateVersion7(), "Vendas", "#112233");
    private static readonly HoursView Nothing = new(null, [], [], new(false, false, false, false, false, null), [new(new(new(2027, 12, 25), "Christmas"), false)], new(true, null), [], [Sales]);

    private static readonly HoursRow Company = new(Guid.CreateVersion7(), HoursScope.Company, Guid.Empty, "Empresa", AnsweringDesk.WorkingDays, true, false, "Estamos fechados.", 24,
        OutOfHoursAction.Message, null, null, null, null, 4, new(false, DateTime.UtcNow.AddDays(2)));

    private static readonly HoursView Closed = Nothing with { Company = Company, Now = Company.Now! };

    public HoursPageTests()
    {
        Mediator.On<OfferVariables, IReadOnlyList<OfferedVariable>>(_ => []);
        Mediator.On<PreviewText, RenderedText>(p => new(p.Text, []));
    }

    [Fact(DisplayName = "While it loads there are skeletons, and a refusal is shown in its words")]
    public void Loads()
    {
        var answer = new TaskCompletionSource<HoursView>();
        Mediator.OnAsync<ReadHours, HoursView>(_ => answer.Task);
        var page = Page();
        Assert.NotEmpty(page.FindAll(".skeletons"));
        answer.SetException(Refusal.Forbidden("Você não tem permissão para isso."));
        page.WaitForAssertion(() => Assert.Contains("Você não tem permissão para isso.", page.Markup));
        Mediator.On<ReadHours, HoursView>(_ => Nothing);
        page.Find(".state button").Click();
        page.WaitForAssertion(() => Assert.Contains("Nenhum horário definido", page.Markup));
    }

    [Fact(DisplayName = "It says whether it is open, and a hint looks again")]
    public void Now()
    {
        Mediator.On<ReadHours, HoursView>(_ => Nothing);
        var page = Page();
        Assert.Contains("Aberto agora", page.Find(".hours-now").TextContent);
        Mediator.On<ReadHours, HoursView>(_ => Closed);
        Live.Raise([Topics.ServiceHours]);
        page.WaitForAssertion(() => Assert.Contains("Fechado agora", page.Find(".hours-now").TextContent));
        Assert.Contains("Abre ", page.Find(".hours-now").TextContent);
        // The five days stand together.
        Assert.Contains(" – ", page.FindAll(".week-words dt").Single().TextContent);
        Assert.Equal("08:00–18:00", page.FindAll(".week-words dd").Single().TextContent);
    }

    [Fact(DisplayName = "Who may only see is offered nothing to change")]
    public void Sees()
    {
        Mediator.On<ReadHours, HoursView>(_ => Closed with { Others = [Company with { Scope = HoursScope.Queue, ScopeId = Sales.Id, Name = "Vendas" }] });
        var page = Page(mayEdit: false);
        Assert.Empty(page.FindAll("section button, .page-action button"));
        Assert.True(page.Find("fieldset").HasAttribute("disabled"));
    }

    [Fact(DisplayName = "The drawer saves with the version that it opened, and says a refusal")]
    public void Edits()
    {
        Mediator.On<ReadHours, HoursView>(_ => Closed);
        Mediator.On<SaveHours, Guid>(_ => throw new Refusal("Alguém mudou."));
        var page = Page();
        page.Find(".block-head button").Click();
        page.Find("#hours-text").Input("Voltamos {{abertura}}.");
        page.FindAll("input[name=hours-action]")[1].Change(true);
        page.Find("#hours-form").Submit();
        page.WaitForAssertion(() => Assert.Contains("Alguém mudou.", page.Find("[role=alert]").TextContent));
        var saved = Assert.Single(Mediator.SentOf<SaveHours>());
        Assert.Equal((Company.Id, "Voltamos {{abertura}}.", OutOfHoursAction.Close, 4, HoursScope.Company), (saved.Id, saved.Text, saved.Action, saved.Version, saved.Scope));
        Assert.Equal(Company.Week, saved.Week);
        // In the preview the variable of this text stands for something.
        page.WaitForAssertion(() => Assert.Equal("Voltamos segunda-feira, 08:00.", Mediator.SentOf<PreviewText>()[^1].Text));
    }

    [Fact(DisplayName = "An exception is made for a queue that is chosen")]
    public void Makes()
    {
        Mediator.On<ReadHours, HoursView>(_ => Closed);
        Mediator.On<SaveHours, Guid>(_ => Guid.NewGuid());
        var page = Page();
        page.Find(".page-action button").Click();
        page.Find("#hours-form select").Change($"Queue/{Sales.Id}");
        page.Find("#hours-form").Submit();
        page.WaitForAssertion(() => Assert.Equal((HoursScope.Queue, Sales.Id), Assert.Single(Mediator.SentOf<SaveHours>()) is var s ? (s.Scope, s.ScopeId) : default));
        page.WaitForAssertion(() => Assert.Empty(page.FindAll("#hours-form")));
    }

    [Fact(DisplayName = "A switch of the national holidays is saved at once; a holiday has hours of its own")]
    public void Holidays()
    {
        Mediator.On<ReadHours, HoursView>(_ => Closed);
        Mediator.On<ChooseNational>();
        Mediator.On<SaveHoliday, Guid>(_ => Guid.NewGuid());
        var page = Page();
        page.Find(".national input").Change(true);
        page.WaitForAssertion(() => Assert.True(Assert.Single(Mediator.SentOf<ChooseNational>()).Choice.National));
        page.FindAll(".block-head button")[1].Click();
        page.Find("#holiday-form input").Input("Feira");
        page.Find("#holiday-form input[type=date]").Change("2027-05-03");
        page.FindAll("#holiday-form input[type=radio]")[1].Change(true);
        page.FindAll("#holiday-form input[type=time]")[1].Change("13:30");
        page.Find("#holiday-form").Submit();
        page.WaitForAssertion(() => Assert.Equal(new SaveHoliday(null, "Feira", new(2027, 5, 3), false, "08:00-13:30", null), Assert.Single(Mediator.SentOf<SaveHoliday>())));
    }

    private IRenderedComponent<HoursPage> Page(bool mayEdit = true)
    {
        RenderProviders();
        IActor me = SignIn("Eu", mayEdit ? ["hours.see", "hours.edit"] : ["hours.see"]);
        return Render<CascadingValue<IActor>>(p => p.Add(c => c.Value, me).AddChildContent<HoursPage>()).FindComponent<HoursPage>();
    }
}
