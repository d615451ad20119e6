using Inforzap.Identity.Teams;
using Inforzap.Identity.Users;
using Inforzap.Tests.Support;

namespace Inforzap.Tests.Identity;

public class TeamsTests
{
    [Fact(DisplayName = "A team has members, one of whom may lead it")]
    public async Task Members()
    {
        await using var desk = await Desk.OpenAsync();
        var (lead, ana, bia) = (await desk.PersonAsync("Lia", BuiltInRoles.Supervisor), await desk.PersonAsync("Ana"), await desk.PersonAsync("Bia"));
        var id = await desk.SendAs(lead, new SaveTeam(null, " Turno da manhã ", "#2F6FB0", ana.Id, [ana.Id, bia.Id], null));
        var row = Assert.Single((await desk.SendAs(lead, new ListTeams())).Rows);
        Assert.Equal((id, "Turno da manhã", ana.Id), (row.Id, row.Name, row.LeaderId));
        Assert.Equal([ana.Id, bia.Id], row.Members);
        var refusal = await Assert.ThrowsAsync<Refusal>(() => desk.SendAs(lead, new SaveTeam(id, "Turno", "#2F6FB0", bia.Id, [ana.Id], row.Version)));
        Assert.True(refusal.Fields.ContainsKey("LeaderId"));
        await desk.SendAs(lead, new SaveTeam(id, "Turno", "#2F6FB0", null, [bia.Id], row.Version));
        Assert.Equal([bia.Id], (await desk.SendAs(lead, new ListTeams("TURNO"))).Rows.Single().Members);
    }

    [Fact(DisplayName = "Who saves after somebody else is told, also when only members changed")]
    public async Task Conflict()
    {
        await using var desk = await Desk.OpenAsync();
        var (lead, ana) = (await desk.PersonAsync("Lia", BuiltInRoles.Supervisor), await desk.PersonAsync("Ana"));
        var id = await desk.SendAs(lead, new SaveTeam(null, "Turno", "#2F6FB0", null, [], null));
        var version = (await desk.SendAs(lead, new ListTeams())).Rows.Single().Version;
        await desk.SendAs(lead, new SaveTeam(id, "Turno", "#2F6FB0", null, [ana.Id], version));
        Assert.Equal(RefusalKind.Conflict, (await Assert.ThrowsAsync<Refusal>(() => desk.SendAs(lead, new SaveTeam(id, "Turno", "#2F6FB0", null, [], version)))).Kind);
        Assert.True((await Assert.ThrowsAsync<Refusal>(() => desk.SendAs(lead, new SaveTeam(null, "Turno", "#2F6FB0", null, [], null)))).Fields.ContainsKey("Name"));
    }

    [Fact(DisplayName = "Agents see no teams, supervisors edit them, administrators delete them")]
    public async Task Rights()
    {
        await using var desk = await Desk.OpenAsync();
        var (admin, lead, ana) = (await desk.PersonAsync("Rita", BuiltInRoles.Administrator), await desk.PersonAsync("Lia", BuiltInRoles.Supervisor), await desk.PersonAsync("Ana"));
        var id = await desk.SendAs(lead, new SaveTeam(null, "Turno", "#2F6FB0", null, [], null));
        await desk.SendAs(lead, new SwitchTeam(id, false));
        Assert.False((await desk.SendAs(lead, new ListTeams(Active: false))).Rows.Single().IsActive);
        await ForbiddenAsync(() => desk.SendAs(ana, new ListTeams()));
        await ForbiddenAsync(() => desk.SendAs(ana, new SaveTeam(null, "Minha", "#2F6FB0", null, [], null)));
        await ForbiddenAsync(() => desk.SendAs(ana, new SwitchTeam(id, true)));
        await ForbiddenAsync(() => desk.SendAs(lead, new DeleteTeam(id)));
        await desk.SendAs(admin, new DeleteTeam(id));
        Assert.Equal(0, (await desk.SendAs(admin, new ListTeams())).Total);
    }

    [Fact(DisplayName = "Who is deactivated is shown as a member no more, and comes back with the account")]
    public async Task Gone()
    {
        await using var desk = await Desk.OpenAsync();
        var (admin, ana) = (await desk.PersonAsync("Rita", BuiltInRoles.Administrator), await desk.PersonAsync("Ana"));
        await desk.SendAs(admin, new SaveTeam(null, "Turno", "#2F6FB0", null, [ana.Id], null));
        await desk.SendAs(admin, new DeactivateUser(ana.Id));
        Assert.Empty((await desk.SendAs(admin, new ListTeams())).Rows.Single().Members);
        await desk.SendAs(admin, new ActivateUser(ana.Id));
        Assert.Equal([ana.Id], (await desk.SendAs(admin, new ListTeams())).Rows.Single().Members);
    }

    [Fact(DisplayName = "Teams are listed in pages by name and by how many they are")]
    public async Task Pages()
    {
        await using var desk = await Desk.OpenAsync();
        var admin = await desk.PersonAsync("Rita", BuiltInRoles.Administrator);
        for (var i = 0; i < 53; i++) await desk.SendAs(admin, new SaveTeam(null, $"Equipe {i:00}", "#2F6FB0", null, i == 7 ? [admin.Id] : [], null));
        Assert.Equal("Equipe 07", (await desk.SendAs(admin, new ListTeams(Sort: "-members"))).Rows[0].Name);
        Assert.Equal("Equipe 52", (await desk.SendAs(admin, new ListTeams(Sort: "-name"))).Rows[0].Name);
        Assert.Equal(3, (await desk.SendAs(admin, new ListTeams(Page: 2))).Rows.Count);
    }

    private static async Task ForbiddenAsync(Func<Task> act) => Assert.Equal(RefusalKind.Forbidden, (await Assert.ThrowsAsync<Refusal>(act)).Kind);
}
