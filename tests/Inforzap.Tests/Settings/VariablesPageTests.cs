using Bunit;
using Inforzap.Live;
using Inforzap.Requests;
using Inforzap.Settings;
using Inforzap.Settings.Variables;
using Inforzap.Tests.Support;
using Inforzap.Variables;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace Inforzap.Tests.Settings;

public sealed class VariablesPageTests : ComponentTest
{
    private static readonly VariableRow Link = new(Guid.CreateVersion7(), "link", "https://pague.example", "Pagamento", VariableType.Url, DateTime.UtcNow, 3);

    [Fact(DisplayName = "While it loads there are skeletons, then rows")]
    public void Loads()
    {
        var answer = new TaskCompletionSource<VariableList>();
        Mediator.OnAsync<ListVariables, VariableList>(_ => answer.Task);
        var page = Page();
        Assert.NotEmpty(page.FindAll(".skeletons"));
        answer.SetResult(new([Link], 1));
        page.WaitForAssertion(() => Assert.Contains("{{link}}", page.Markup));
        Assert.Empty(page.FindAll(".skeletons"));
    }

    [Fact(DisplayName = "A refusal is shown in its words, and retry loads anew")]
    public void Fails()
    {
        Mediator.On<ListVariables, VariableList>(_ => throw Refusal.Forbidden("Você não tem permissão para isso."));
        var page = Page();
        Assert.Contains("Você não tem permissão para isso.", page.Markup);
        Mediator.On<ListVariables, VariableList>(_ => new([Link], 1));
        page.Find(".state button").Click();
        page.WaitForAssertion(() => Assert.Contains("{{link}}", page.Markup));
    }

    [Theory(DisplayName = "None at all offers to make the first; none found does not")]
    [InlineData(0, true)]
    [InlineData(3, false)]
    public void Empty(int total, bool offers)
    {
        Mediator.On<ListVariables, VariableList>(_ => new([], total));
        Assert.Equal(offers, Page().Find(".state").TextContent.Contains("Nova variável"));
    }

    [Fact(DisplayName = "A hint loads the list anew")]
    public void Hint()
    {
        Mediator.On<ListVariables, VariableList>(_ => new([], 0));
        var page = Page();
        Mediator.On<ListVariables, VariableList>(_ => new([Link], 1));
        Live.Raise([Topics.Variables]);
        page.WaitForAssertion(() => Assert.Contains("{{link}}", page.Markup));
    }

    [Fact(DisplayName = "A click on a column's head sorts by it, the next one turns it round")]
    public void Sorts()
    {
        Mediator.On<ListVariables, VariableList>(_ => new([Link], 1));
        var page = Page();
        page.FindAll(".sort")[1].Click();
        page.WaitForAssertion(() => Assert.Equal((VariableSort.Value, false), Last()));
        page.FindAll(".sort")[1].Click();
        page.WaitForAssertion(() => Assert.Equal((VariableSort.Value, true), Last()));

        (VariableSort, bool) Last() => Mediator.SentOf<ListVariables>()[^1] is var l ? (l.Sort, l.Descending) : default;
    }

    [Fact(DisplayName = "The drawer saves with the version that it opened, says a refusal, and keeps the key")]
    public void Edits()
    {
        Mediator.On<ListVariables, VariableList>(_ => new([Link], 1));
        Mediator.On<SaveVariable, Guid>(_ => throw new Refusal("Já existe."));
        var page = Page();
        page.Find(".grid-open").Click();
        Assert.True(page.Find("#variable-form input").HasAttribute("disabled"));
        page.Find("#variable-form textarea").Input("https://novo.example");
        page.Find("#variable-form").Submit();
        page.WaitForAssertion(() => Assert.Contains("Já existe.", page.Find("[role=alert]").TextContent));
        var saved = Assert.Single(Mediator.SentOf<SaveVariable>());
        Assert.Equal(("link", "https://novo.example", 3), (saved.Key, saved.Value, saved.Version));
    }

    [Fact(DisplayName = "Deleting asks first, and says where the variable is still used")]
    public void Deletes()
    {
        Mediator.On<ListVariables, VariableList>(_ => new([Link], 1));
        Mediator.On<FindVariableUses, IReadOnlyList<VariablePlaces>>(_ => [new("Mensagens rápidas", 7)]);
        Mediator.On<DeleteVariable>();
        Render<MudSnackbarProvider>();
        var providers = Render<MudPopoverProvider>();
        var dialogs = Render<MudDialogProvider>();
        var page = Show();
        page.Find(".grid-menu button").Click();
        providers.WaitForElement(".mud-menu-item");
        providers.FindAll(".mud-menu-item")[1].Click();
        dialogs.WaitForAssertion(() => Assert.Contains("Mensagens rápidas: 7", dialogs.Markup));
        Assert.Empty(Mediator.SentOf<DeleteVariable>());
        dialogs.FindAll(".mud-dialog-actions button")[1].Click();
        page.WaitForAssertion(() => Assert.Equal(Link.Id, Assert.Single(Mediator.SentOf<DeleteVariable>()).Id));
    }

    private IRenderedComponent<VariablesPage> Page()
    {
        RenderProviders();
        return Show();
    }

    private IRenderedComponent<VariablesPage> Show()
    {
        IActor me = SignIn("Eu", "settings.edit");
        return Render<CascadingValue<IActor>>(p => p.Add(c => c.Value, me).AddChildContent<VariablesPage>()).FindComponent<VariablesPage>();
    }
}
