using Inforzap.Identity.Users;
using Inforzap.Live;
using Inforzap.Requests;
using Inforzap.Tests.Support;
using Bunit;
using Microsoft.AspNetCore.Components;

namespace Inforzap.Tests.Identity;

public class UsersPageTests : ComponentTest
{
    private static readonly UserRow Ana = new(Guid.CreateVersion7(), "Ana Lima", "ana@example.test", BuiltInRoles.Agent, true, null, true, "s", []);
    private static readonly UserRow Rita = new(Guid.CreateVersion7(), "Rita Reis", "rita@example.test", BuiltInRoles.Administrator, true, null, true, "s", []);

    [Fact(DisplayName = "While it loads there are skeletons, then rows")]
    public void Loads()
    {
        var answer = new TaskCompletionSource<UserList>();
        Mediator.OnAsync<ListUsers, UserList>(_ => answer.Task);
        var page = Page("users.see");
        Assert.NotEmpty(page.FindAll(".skeletons"));
        answer.SetResult(new([Ana], 1, []));
        page.WaitForAssertion(() => Assert.Contains("Ana Lima", page.Markup));
        Assert.Empty(page.FindAll(".skeletons"));
    }

    [Fact(DisplayName = "A refusal is shown in its words, and retry loads anew")]
    public void Fails()
    {
        Mediator.On<ListUsers, UserList>(_ => throw Refusal.Forbidden("Você não tem permissão para isso."));
        var page = Page("users.see");
        Assert.Contains("Você não tem permissão para isso.", page.Markup);
        Mediator.On<ListUsers, UserList>(_ => new([Ana], 1, []));
        page.Find(".state button").Click();
        page.WaitForAssertion(() => Assert.Contains("Ana Lima", page.Markup));
    }

    [Fact(DisplayName = "Nothing found says so")]
    public void Empty()
    {
        Mediator.On<ListUsers, UserList>(_ => new([], 3, []));
        Assert.NotEmpty(Page("users.see").FindAll(".state"));
    }

    [Theory(DisplayName = "Whoever may only look gets no buttons; a supervisor none for administrators")]
    [InlineData(0, "users.see")]
    [InlineData(1, "users.see", "users.edit")]
    [InlineData(2, "users.see", "users.edit", "users.administrators")]
    public void Rights(int buttons, params string[] permissions)
    {
        Mediator.On<ListUsers, UserList>(_ => new([Ana, Rita], 2, []));
        Assert.Equal(buttons, Page(permissions).FindAll(".grid-open").Count);
    }

    [Fact(DisplayName = "A hint about people loads the list anew")]
    public void Hint()
    {
        Mediator.On<ListUsers, UserList>(_ => new([Ana], 1, []));
        var page = Page("users.see");
        Mediator.On<ListUsers, UserList>(_ => new([Ana, Rita], 2, []));
        Live.Raise([Topics.People]);
        page.WaitForAssertion(() => Assert.Contains("Rita Reis", page.Markup));
    }

    private IRenderedComponent<UsersPage> Page(params string[] permissions)
    {
        RenderProviders();
        IActor me = SignIn("Eu", permissions);
        return Render<CascadingValue<IActor>>(p => p.Add(c => c.Value, me).AddChildContent<UsersPage>()).FindComponent<UsersPage>();
    }
}
