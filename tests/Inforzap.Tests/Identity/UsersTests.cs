using Inforzap.Identity;
using Inforzap.Identity.Links;
using Inforzap.Identity.Sessions;
using Inforzap.Identity.Users;
using Inforzap.Tickets.Queues;
using Inforzap.Tests.Support;
namespace Inforzap.Tests.Identity;

public class UsersTests
{
    private const string Good = "tijolo cometa varanda";

    [Fact(DisplayName = "An agent sees and changes no users")]
    public async Task Agent()
    {
        await using var desk = await Desk.OpenAsync();
        var (agent, other) = (await desk.PersonAsync("Ana"), await desk.PersonAsync("Bia"));
        IRequest<Unit>[] voids = [new ActivateUser(other.Id), new SignOutEverywhere(other.Id)];
        foreach (var request in voids) await ForbiddenAsync(() => desk.SendAs(agent, request));
        await ForbiddenAsync(() => desk.SendAs(agent, new ListUsers()));
        await ForbiddenAsync(() => desk.SendAs(agent, New("x@example.test", BuiltInRoles.Agent)));
        await ForbiddenAsync(() => desk.SendAs(agent, new DeactivateUser(other.Id)));
        await ForbiddenAsync(() => desk.SendAs(agent, new MakeOneTimeLink(other.Id)));
        await ForbiddenAsync(() => desk.SendAs(agent, new ExportUsers()));
        await ForbiddenAsync(() => desk.SendAs(agent, new PreviewUserTable("nome;email")));
        await ForbiddenAsync(() => desk.SendAs(agent, new ImportUserTable("nome;email", null)));
        await ForbiddenAsync(() => desk.SendAs(agent, new Inforzap.Identity.Profile.SetPhotoOf(other.Id, null)));
    }

    [Fact(DisplayName = "A supervisor looks after users, but neither makes nor touches administrators")]
    public async Task Supervisor()
    {
        await using var desk = await Desk.OpenAsync();
        var (admin, lead) = (await desk.PersonAsync("Rita", BuiltInRoles.Administrator), await desk.PersonAsync("Lia", BuiltInRoles.Supervisor));
        await desk.PersonAsync("Rute", BuiltInRoles.Administrator);
        var rows = (await desk.SendAs(lead, new ListUsers())).Rows;
        var (row, own) = (rows.Single(u => u.Id == admin.Id), rows.Single(u => u.Id == lead.Id));
        await ForbiddenAsync(() => desk.SendAs(lead, New("x@example.test", BuiltInRoles.Administrator)));
        await ForbiddenAsync(() => desk.SendAs(lead, new SaveUser(row.Id, row.Name, row.Email, BuiltInRoles.Agent, [], null, row.Stamp)));
        await ForbiddenAsync(() => desk.SendAs(lead, new SaveUser(own.Id, own.Name, own.Email, BuiltInRoles.Administrator, [], null, own.Stamp)));
        await ForbiddenAsync(() => desk.SendAs(lead, new DeactivateUser(admin.Id)));
        await ForbiddenAsync(() => desk.SendAs(lead, new SignOutEverywhere(admin.Id)));
        await ForbiddenAsync(() => desk.SendAs(lead, new MakeOneTimeLink(admin.Id)));
        var made = await desk.SendAs(lead, New("x@example.test", BuiltInRoles.Agent));
        await desk.SendAs(lead, new DeactivateUser(made));
    }

    [Fact(DisplayName = "The last active administrator can be neither demoted nor deactivated")]
    public async Task LastAdministrator()
    {
        await using var desk = await Desk.OpenAsync();
        var (rita, rute) = (await desk.PersonAsync("Rita", BuiltInRoles.Administrator), await desk.PersonAsync("Rute", BuiltInRoles.Administrator));
        await desk.SendAs(rita, new DeactivateUser(rute.Id));
        var row = (await desk.SendAs(rita, new ListUsers())).Rows.Single(u => u.Id == rita.Id);
        await Assert.ThrowsAsync<Refusal>(() => desk.SendAs(rita, new SaveUser(row.Id, row.Name, row.Email, BuiltInRoles.Agent, [], null, row.Stamp)));
        await Assert.ThrowsAsync<Refusal>(() => desk.SendAs(rute, new DeactivateUser(rita.Id)));
        await Assert.ThrowsAsync<Refusal>(() => desk.SendAs(rita, new DeactivateUser(rita.Id)));
    }

    [Fact(DisplayName = "Two people who edit one user: the second is told")]
    public async Task Conflict()
    {
        await using var desk = await Desk.OpenAsync();
        var (admin, ana) = (await desk.PersonAsync("Rita", BuiltInRoles.Administrator), await desk.PersonAsync("Ana"));
        var row = (await desk.SendAs(admin, new ListUsers("ana"))).Rows.Single();
        await desk.SendAs(admin, new SaveUser(ana.Id, "Ana Maria", row.Email, row.Role, [], null, row.Stamp));
        var refusal = await Assert.ThrowsAsync<Refusal>(() => desk.SendAs(admin, new SaveUser(ana.Id, "Ana Paula", row.Email, row.Role, [], null, row.Stamp)));
        Assert.Equal(RefusalKind.Conflict, refusal.Kind);
        Assert.Equal("Ana Maria", (await desk.SendAs(admin, new ListUsers("ana"))).Rows.Single().Name);
    }

    [Fact(DisplayName = "An e-mail belongs to one user, and a weak password to nobody")]
    public async Task Rules()
    {
        await using var desk = await Desk.OpenAsync();
        var (admin, ana) = (await desk.PersonAsync("Rita", BuiltInRoles.Administrator), await desk.PersonAsync("Ana"));
        var taken = await Assert.ThrowsAsync<Refusal>(() => desk.SendAs(admin, New(ana.Email.ToUpperInvariant(), BuiltInRoles.Agent)));
        Assert.True(taken.Fields.ContainsKey("Email"));
        var weak = await Assert.ThrowsAsync<Refusal>(() => desk.SendAs(admin, New("x@example.test", BuiltInRoles.Agent) with { Password = "Senha@123456" }));
        Assert.True(weak.Fields.ContainsKey("Password"));
    }

    [Theory(DisplayName = "Search finds without accents and takes every sign literally")]
    [InlineData("joao", 1)]
    [InlineData("%", 0)]
    [InlineData("_", 0)]
    [InlineData("' OR 1=1--", 0)]
    public async Task Search(string text, int found)
    {
        await using var desk = await Desk.OpenAsync();
        var admin = await desk.PersonAsync("Rita", BuiltInRoles.Administrator);
        await desk.PersonAsync("João");
        Assert.Equal(found, (await desk.SendAs(admin, new ListUsers(text))).Rows.Count);
    }

    [Fact(DisplayName = "A one-time link works once, for a day, and only the newest of a user")]
    public async Task Link()
    {
        var clock = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var desk = await Desk.OpenAsync(clock: clock);
        var (admin, ana) = (await desk.PersonAsync("Rita", BuiltInRoles.Administrator), await desk.PersonAsync("Ana"));
        var old = await desk.SendAs(admin, new MakeOneTimeLink(ana.Id));
        var link = await desk.SendAs(admin, new MakeOneTimeLink(ana.Id));
        Assert.Null(await desk.SendAsStranger(new ReadInvitation(old)));
        Assert.Equal("Ana", (await desk.SendAsStranger(new ReadInvitation(link)))!.Name);
        // A refused password leaves the link as it was.
        await Assert.ThrowsAsync<Refusal>(() => desk.SendAsStranger(new AcceptInvitation(link, "Senha@123456")));
        Assert.Equal(ana.Id, (await desk.SendAsStranger(new AcceptInvitation(link, Good))).Who?.Id);
        await Assert.ThrowsAsync<Refusal>(() => desk.SendAsStranger(new AcceptInvitation(link, Good + " 2")));
        Assert.NotNull((await desk.SendAsStranger(new CheckPassword(ana.Email, Good))).Who);

        var late = await desk.SendAs(admin, new MakeOneTimeLink(ana.Id));
        Assert.DoesNotContain(late, await desk.ReadAsync(db => db.Set<OneTimeLink>().Select(l => l.TokenHash).ToListAsync()));
        clock.Advance(TimeSpan.FromHours(25));
        await Assert.ThrowsAsync<Refusal>(() => desk.SendAsStranger(new AcceptInvitation(late, Good)));
    }

    [Fact(DisplayName = "Administrators change queues, supervisors those in which they serve, agents none")]
    public async Task QueueRights()
    {
        await using var desk = await Desk.OpenAsync();
        var queue = await desk.QueueAsync("Vendas");
        var (admin, lead) = (await desk.PersonAsync("Rita", BuiltInRoles.Administrator), await desk.PersonAsync("Lia", BuiltInRoles.Supervisor, queue));
        var row = Assert.Single((await desk.SendAs(lead, new ListQueues())).Rows);
        Assert.Equal([lead.Id], row.Members);
        var other = await desk.QueueAsync("Financeiro");
        await ForbiddenAsync(() => desk.SendAs(lead, new SaveQueue(other, "Financeiro", "#0B7A75", 0, [lead.Id], 1)));
        await ForbiddenAsync(() => desk.SendAs(lead, new SaveQueue(null, "Nova", "#0B7A75", 0, [], null)));
        await ForbiddenAsync(() => desk.SendAs(lead, new DeactivateQueue(queue, null)));
        var ana = await desk.PersonAsync("Ana", BuiltInRoles.Agent, queue);
        await ForbiddenAsync(() => desk.SendAs(ana, new SaveQueue(queue, "Vendas", "#0B7A75", 0, [], row.Version)));
        await desk.SendAs(lead, new SaveQueue(queue, "Vendas", "#0B7A75", 0, [lead.Id, ana.Id], row.Version) { Rules = new(FirstResponseMinutes: 10, ResolutionMinutes: 240) });
        row = (await desk.SendAs(lead, new ListQueues())).Rows.Single(q => q.Id == queue);
        Assert.Equal((10, 240, 2), (row.Rules.FirstResponseMinutes, row.Rules.ResolutionMinutes, row.Members.Count));
        await desk.SendAs(admin, new SaveQueue(queue, "Balcão", "#2F6FB0", 3, [admin.Id], row.Version));
        Assert.Equal(RefusalKind.Conflict, (await Assert.ThrowsAsync<Refusal>(() => desk.SendAs(admin, new SaveQueue(queue, "Loja", "#2F6FB0", 3, [], row.Version)))).Kind);
        await desk.SendAs(admin, new DeactivateQueue(queue, null));
        Assert.False((await desk.SendAs(admin, new ListQueues())).Rows.Single(q => q.Id == queue).IsActive);
    }

    private static SaveUser New(string email, BuiltInRoles role) => new(null, "Novo", email, role, [], null, null);

    private static async Task ForbiddenAsync(Func<Task> act) => Assert.Equal(RefusalKind.Forbidden, (await Assert.ThrowsAsync<Refusal>(act)).Kind);
}
