using Bunit;
using Inforzap.Identity.Teams;
using Inforzap.Live;
using Inforzap.Requests;
using Inforzap.Tests.Support;
using Microsoft.AspNetCore.Components;

namespace Inforzap.Tests.Identity;

public class TeamsPageTests : ComponentTest
{
    private static readonly TeamPerson Ana = new(Guid.CreateVersion7(), "Ana", null);
    private static readonly TeamRow Morning = new(Guid.CreateVersion7(), "Manhã", "#2F6FB0", true, Ana.Id, [Ana.Id], 3);

    [Fact(DisplayName = "While it loads there are skeletons, then teams with their people")]
    public void Loads()
    {
        var answer = new TaskCompletionSource<TeamList>();
        Mediator.OnAsync<ListTeams, TeamList>(_ => answer.Task);
        var page = Page("teams.see");
        Assert.NotEmpty(page.FindAll(".skeletons"));
        answer.SetResult(new([Morning], 1, 1, [Ana]));
        page.WaitForAssertion(() => Assert.Single(page.FindAll(".faces .mark")));
        Assert.Empty(page.FindAll(".grid-open"));
    }

    [Fact(DisplayName = "No team yet is another thing than none found; a refusal is shown in its words")]
    public void States()
    {
        Mediator.On<ListTeams, TeamList>(_ => new([], 0, 0, []));
        var page = Page("teams.see");
        var none = page.Find(".state h2").TextContent;
        Mediator.On<ListTeams, TeamList>(_ => new([], 0, 4, []));
        Live.Raise([Topics.People]);
        page.WaitForAssertion(() => Assert.NotEqual(none, page.Find(".state h2").TextContent));
        Mediator.On<ListTeams, TeamList>(_ => throw Refusal.Forbidden("Você não tem permissão para isso."));
        Live.Raise([Topics.People]);
        page.WaitForAssertion(() => Assert.Contains("Você não tem permissão para isso.", page.Markup));
    }

    [Fact(DisplayName = "Who leads leaves the lead with the team")]
    public void Drawer()
    {
        Mediator.On<ListTeams, TeamList>(_ => new([Morning], 1, 1, [Ana]));
        SaveTeam? saved = null;
        Mediator.On<SaveTeam, Guid>(r => { saved = r; return Morning.Id; });
        var page = Page("teams.see", "teams.edit");
        page.Find(".grid-open").Click();
        page.Find(".choices .check input").Change(false);
        page.Find("#team-form").Submit();
        page.WaitForAssertion(() => Assert.NotNull(saved));
        Assert.Equal((Morning.Id, null, 3), (saved!.Id, saved.LeaderId, saved.Version));
        Assert.Empty(saved.Members);
    }

    private IRenderedComponent<TeamsPage> Page(params string[] permissions)
    {
        RenderProviders();
        IActor me = SignIn("Eu", permissions);
        return Render<CascadingValue<IActor>>(p => p.Add(c => c.Value, me).AddChildContent<TeamsPage>()).FindComponent<TeamsPage>();
    }
}
