using Inforzap.Contracts.Identity;
using Inforzap.Identity.Roles;
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

    public UsersPageTests() => Mediator.On<ListRoles, RoleList>(_ => new([new(null, "", "", BuiltInRoles.Agent, new HashSet<string>(), 1, 0)], []));

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

    [Fact(DisplayName = "The form shows what the person has beside the role, and saves it with the hours")]
    public void Form()
    {
        var channel = new ChannelChoice(Guid.CreateVersion7(), "Site");
        Mediator.On<ListUsers, UserList>(_ => new([Ana], 1, [], 1));
        Mediator.On<ListRoles, RoleList>(_ => new([new(null, "", "", BuiltInRoles.Agent, new HashSet<string> { "tickets.see" }, 1, 0)],
            [new("tickets", "Atendimentos", [new("tickets.see", "Ver"), new("tickets.close", "Resolver")])]));
        Mediator.On<ListUserChannels, IReadOnlyList<ChannelChoice>>(_ => [channel]);
        Mediator.On<ReadUser, UserForm>(_ => new(null, new Dictionary<string, bool> { ["tickets.close"] = true }, "1 08:00-12:00", 5, "1199", "Ana", [channel.Id], channel.Id));
        SaveUser? saved = null;
        Mediator.On<SaveUser, Guid>(r => { saved = r; return Ana.Id; });
        var page = Page("users.see", "users.edit", "users.administrators", "tickets.see", "tickets.close");
        page.Find(".grid-open").Click();
        page.WaitForAssertion(() => Assert.Equal(2, page.FindAll(".permit input").Count));
        Assert.Single(page.FindAll(".permit.is-own"));
        Assert.Equal("08:00", page.Find(".week input[type=time]").GetAttribute("value"));
        page.FindAll(".week input[type=time]")[1].Change("17:30");
        page.FindAll(".permit input")[0].Change(false);
        page.Find("#user-form").Submit();
        page.WaitForAssertion(() => Assert.NotNull(saved));
        Assert.Equal(("1 08:00-17:30", 5, channel.Id), (saved!.AccessHours, saved.MaxOpenTickets, saved.DefaultChannelId));
        Assert.Equal([("tickets.close", true), ("tickets.see", false)], saved.Permissions.Select(p => (p.Key, p.Value)).Order());
    }

    [Fact(DisplayName = "Of a channel that was deleted since then nothing is sent back")]
    public void LostChannel()
    {
        var lost = Guid.CreateVersion7();
        Mediator.On<ListUsers, UserList>(_ => new([Ana], 1, [], 1));
        Mediator.On<ListUserChannels, IReadOnlyList<ChannelChoice>>(_ => [new(Guid.CreateVersion7(), "Site")]);
        Mediator.On<ReadUser, UserForm>(_ => new(null, new Dictionary<string, bool>(), null, 0, null, null, [lost], lost));
        SaveUser? saved = null;
        Mediator.On<SaveUser, Guid>(r => { saved = r; return Ana.Id; });
        var page = Page("users.see", "users.edit");
        page.Find(".grid-open").Click();
        page.WaitForAssertion(() => Assert.NotEmpty(page.FindAll("#user-form")));
        page.Find("#user-form").Submit();
        page.WaitForAssertion(() => Assert.NotNull(saved));
        Assert.Empty(saved!.Channels);
        Assert.Null(saved.DefaultChannelId);
    }

    [Fact(DisplayName = "A page of many leads to the next, a head sorts, and both stand in the address")]
    public void Pages()
    {
        var asked = new List<ListUsers>();
        Mediator.On<ListUsers, UserList>(r => { asked.Add(r); return new([Ana], 120, [], 120); });
        var page = Page("users.see");
        page.FindAll(".pager button")[1].Click();
        page.WaitForAssertion(() => Assert.EndsWith("page=2", Services.GetRequiredService<NavigationManager>().Uri, StringComparison.Ordinal));
        page.FindAll(".sort")[1].Click();
        page.WaitForAssertion(() => Assert.EndsWith("?sort=role", Services.GetRequiredService<NavigationManager>().Uri, StringComparison.Ordinal));
    }

    private IRenderedComponent<UsersPage> Page(params string[] permissions)
    {
        RenderProviders();
        IActor me = SignIn("Eu", permissions);
        return Render<CascadingValue<IActor>>(p => p.Add(c => c.Value, me).AddChildContent<UsersPage>()).FindComponent<UsersPage>();
    }
}
