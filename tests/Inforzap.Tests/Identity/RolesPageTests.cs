using Bunit;
using Inforzap.Identity.Roles;
using Inforzap.Requests;
using Inforzap.Tests.Support;
using Microsoft.AspNetCore.Components;

namespace Inforzap.Tests.Identity;

public class RolesPageTests : ComponentTest
{
    private static readonly RoleRow Agent = new(null, "", "", BuiltInRoles.Agent, new HashSet<string> { "tickets.see" }, 3, 0);
    private static readonly RoleRow Till = new(Guid.CreateVersion7(), "Caixa", "Só vê", BuiltInRoles.Agent, new HashSet<string> { "tickets.see" }, 2, 4);
    private static readonly PermissionGroup Group = new("tickets", "Atendimentos", [new("tickets.see", "Ver"), new("tickets.close", "Resolver")]);

    [Fact(DisplayName = "While it loads there are skeletons, then the shipped roles and the company's own")]
    public void Loads()
    {
        var answer = new TaskCompletionSource<RoleList>();
        Mediator.OnAsync<ListRoles, RoleList>(_ => answer.Task);
        var page = Page();
        Assert.NotEmpty(page.FindAll(".skeletons"));
        answer.SetResult(new([Agent, Till], [Group]));
        page.WaitForAssertion(() => Assert.Equal(2, page.FindAll("tbody tr").Count));
    }

    [Fact(DisplayName = "A refusal is shown in its words, and retry loads anew")]
    public void Fails()
    {
        Mediator.On<ListRoles, RoleList>(_ => throw Refusal.Forbidden("Você não tem permissão para isso."));
        var page = Page();
        Assert.Contains("Você não tem permissão para isso.", page.Markup);
        Mediator.On<ListRoles, RoleList>(_ => new([Agent], [Group]));
        page.Find(".state button").Click();
        page.WaitForAssertion(() => Assert.Single(page.FindAll("tbody tr")));
    }

    [Fact(DisplayName = "A shipped role is only looked at; one of the company's own is saved with what was ticked")]
    public void Drawer()
    {
        Mediator.On<ListRoles, RoleList>(_ => new([Agent, Till], [Group]));
        SaveRole? saved = null;
        Mediator.On<SaveRole, Guid>(r => { saved = r; return Till.Id!.Value; });
        var page = Page();
        page.FindAll(".grid-open")[0].Click();
        Assert.All(page.FindAll(".permit input"), box => Assert.True(box.HasAttribute("disabled")));
        Assert.Empty(page.FindAll("button[type=submit]"));
        page.Find(".drawer-foot button").Click();

        page.FindAll(".grid-open")[1].Click();
        page.FindAll(".permit input")[1].Change(true);
        page.Find("#role-form").Submit();
        page.WaitForAssertion(() => Assert.NotNull(saved));
        Assert.Equal((Till.Id, "Caixa", 4), (saved!.Id, saved.Name, saved.Version));
        Assert.Equal(["tickets.close", "tickets.see"], saved.Permissions.Order());
    }

    private IRenderedComponent<RolesPage> Page()
    {
        RenderProviders();
        IActor me = SignIn("Eu", "users.roles", "users.administrators", "tickets.see", "tickets.close");
        return Render<CascadingValue<IActor>>(p => p.Add(c => c.Value, me).AddChildContent<RolesPage>()).FindComponent<RolesPage>();
    }
}
