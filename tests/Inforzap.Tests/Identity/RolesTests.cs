using Inforzap.Contracts.Identity;
using Inforzap.Identity;
using Inforzap.Identity.Roles;
using Inforzap.Identity.Users;
using Inforzap.Requests;
using Inforzap.Tests.Support;
using Inforzap.Tickets;
using Inforzap.Tickets.Desk;
using Inforzap.Tickets.Queues;

namespace Inforzap.Tests.Identity;

public class RolesTests
{
    private static readonly string[] Clerk = ["tickets.see", "tickets.answer"];

    [Fact(DisplayName = "A role of the company's own stands in place of the built-in one, for whoever has it, from the commit on")]
    public async Task Own()
    {
        await using var desk = await Desk.OpenAsync();
        var (admin, ana) = (await desk.PersonAsync("Rita", BuiltInRoles.Administrator), await desk.PersonAsync("Ana"));
        Assert.True((await desk.ActorOf(ana)).May("tickets.transfer"));
        var role = await MakeAsync(desk, admin, "Caixa", Clerk);
        await SaveAsync(desk, admin, ana, s => s with { RoleId = role });
        Assert.Equal(Clerk.Order(), (await desk.ActorOf(ana)).Permissions.Order());
        await ForbiddenAsync(() => desk.SendAs(ana, new TransferTargets()));

        var stamp = await desk.ReadAsync(db => db.Set<User>().Where(u => u.Id == ana.Id).Select(u => u.SecurityStamp!).SingleAsync());
        var actors = desk.Services.GetRequiredService<IActors>();
        Assert.False((await actors.FindAsync(ana.Id, stamp))!.May("tickets.transfer"));
        var row = (await desk.SendAs(admin, new ListRoles())).Rows.Single(r => r.Id == role);
        await desk.SendAs(admin, new SaveRole(role, "Caixa", "", BuiltInRoles.Agent, [.. Clerk, "tickets.transfer"], row.Version));
        // The session that is there learns of it without ending.
        Assert.True((await actors.FindAsync(ana.Id, stamp))!.May("tickets.transfer"));
    }

    [Fact(DisplayName = "Beside the role a person has one permission more and lacks another")]
    public async Task Beside()
    {
        await using var desk = await Desk.OpenAsync();
        var (admin, ana) = (await desk.PersonAsync("Rita", BuiltInRoles.Administrator), await desk.PersonAsync("Ana"));
        await SaveAsync(desk, admin, ana, s => s with { Permissions = new Dictionary<string, bool> { ["queues.see"] = true, ["tickets.close"] = false } });
        await desk.SendAs(ana, new ListQueues());
        await ForbiddenAsync(() => desk.SendAs(ana, new CloseTicket(Guid.NewGuid())));
        Assert.Equal(new Dictionary<string, bool> { ["queues.see"] = true, ["tickets.close"] = false }, (await desk.SendAs(admin, new ReadUser(ana.Id))).Permissions);
        await SaveAsync(desk, admin, ana, s => s);
        await ForbiddenAsync(() => desk.SendAs(ana, new ListQueues()));
        Assert.True((await desk.ActorOf(ana)).May("tickets.close"));
    }

    [Fact(DisplayName = "Of an administrator nothing is taken, whatever is written: nobody is locked out")]
    public async Task Administrators()
    {
        await using var desk = await Desk.OpenAsync();
        var (admin, other) = (await desk.PersonAsync("Rita", BuiltInRoles.Administrator), await desk.PersonAsync("Rute", BuiltInRoles.Administrator));
        await SaveAsync(desk, admin, other, s => s with { Permissions = new Dictionary<string, bool> { ["users.edit"] = false } });
        Assert.True((await desk.ActorOf(other)).May("users.edit"));
        Assert.Empty((await desk.SendAs(admin, new ReadUser(other.Id))).Permissions);
    }

    [Fact(DisplayName = "Nobody gives what they have not, nor takes over who may more by giving them a password")]
    public async Task NoMoreThanOneself()
    {
        await using var desk = await Desk.OpenAsync();
        var (admin, lead, ana) = (await desk.PersonAsync("Rita", BuiltInRoles.Administrator), await desk.PersonAsync("Lia", BuiltInRoles.Supervisor), await desk.PersonAsync("Ana"));
        // A supervisor may not see everything, so gives that to nobody: by name, by role, or to themselves.
        await ForbiddenAsync(() => SaveAsync(desk, lead, ana, s => s with { Permissions = new Dictionary<string, bool> { ["tickets.see-all"] = true } }));
        await ForbiddenAsync(() => SaveAsync(desk, lead, lead, s => s with { Role = BuiltInRoles.Supervisor, Permissions = new Dictionary<string, bool> { ["settings.edit"] = true } }));
        var role = await MakeAsync(desk, admin, "Vê tudo", [.. Clerk, "tickets.see-all"]);
        await ForbiddenAsync(() => SaveAsync(desk, lead, ana, s => s with { RoleId = role }));
        await SaveAsync(desk, admin, ana, s => s with { RoleId = role });
        // Now Ana may more than Lia: her password, link and sessions are no longer Lia's business.
        await ForbiddenAsync(() => desk.SendAs(lead, new MakeOneTimeLink(ana.Id)));
        await ForbiddenAsync(() => SaveAsync(desk, lead, ana, s => s with { Password = "tijolo cometa varanda" }, by: admin));
        await ForbiddenAsync(() => desk.SendAs(lead, new DeactivateUser(ana.Id)));
    }

    [Fact(DisplayName = "Who may edit roles makes none that may more than they, and lays no hand on one that does")]
    public async Task RolesOfOthers()
    {
        await using var desk = await Desk.OpenAsync();
        var (admin, ana) = (await desk.PersonAsync("Rita", BuiltInRoles.Administrator), await desk.PersonAsync("Ana"));
        var own = await MakeAsync(desk, admin, "Chefia", [.. Clerk, "users.see", "users.roles"]);
        var strong = await MakeAsync(desk, admin, "Gerência", [.. Clerk, "settings.edit"]);
        await SaveAsync(desk, admin, ana, s => s with { RoleId = own });
        var rows = (await desk.SendAs(admin, new ListRoles())).Rows.Where(r => r.Id is not null).ToDictionary(r => r.Id!.Value);
        await MakeAsync(desk, ana, "Caixa", Clerk);
        await ForbiddenAsync(() => MakeAsync(desk, ana, "Minha", [.. Clerk, "settings.edit"]));
        await ForbiddenAsync(() => desk.SendAs(ana, new SaveRole(own, "Chefia", "", BuiltInRoles.Agent, [.. Clerk, "users.roles", "settings.edit"], rows[own].Version)));
        await ForbiddenAsync(() => desk.SendAs(ana, new SaveRole(strong, "Gerência", "", BuiltInRoles.Agent, Clerk, rows[strong].Version)));
        await ForbiddenAsync(() => desk.SendAs(ana, new DeleteRole(strong, null)));
        await ForbiddenAsync(() => desk.SendAs(ana, new DeleteRole(own, strong)));
        Assert.DoesNotContain("settings.edit", (await desk.ActorOf(ana)).Permissions);
    }

    [Fact(DisplayName = "Nobody lifts the limits that others set them")]
    public async Task OwnLimits()
    {
        await using var desk = await Desk.OpenAsync();
        var queue = await desk.QueueAsync("Vendas");
        var (admin, lead) = (await desk.PersonAsync("Rita", BuiltInRoles.Administrator), await desk.PersonAsync("Lia", BuiltInRoles.Supervisor));
        await SaveAsync(desk, admin, lead, s => s with { AccessHours = "1 00:00-00:00", MaxOpenTickets = 3 });
        await ForbiddenAsync(() => SaveAsync(desk, lead, lead, s => s with { AccessHours = null, MaxOpenTickets = 3 }));
        await ForbiddenAsync(() => SaveAsync(desk, lead, lead, s => s with { AccessHours = "1 00:00-00:00", MaxOpenTickets = 0 }));
        await ForbiddenAsync(() => SaveAsync(desk, lead, lead, s => s with { AccessHours = "1 00:00-00:00", MaxOpenTickets = 3, Queues = [queue] }));
        await SaveAsync(desk, lead, lead, s => s with { AccessHours = "1 00:00-00:00", MaxOpenTickets = 3, Name = "Lia Maria" });
    }

    [Fact(DisplayName = "Of several people those are told who hold a permission by whatever way, within their hours")]
    public async Task WhoMay()
    {
        var clock = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(new DateTimeOffset(2026, 11, 30, 15, 0, 0, TimeSpan.Zero));
        await using var desk = await Desk.OpenAsync(clock: clock);
        var admin = await desk.PersonAsync("Rita", BuiltInRoles.Administrator);
        var people = new Dictionary<string, Person>();
        foreach (var name in new[] { "agent", "silenced", "reader", "raised", "asleep", "gone" }) people[name] = await desk.PersonAsync(name);
        var reader = await MakeAsync(desk, admin, "Leitura", ["tickets.see"]);
        await SaveAsync(desk, admin, people["silenced"], s => s with { Permissions = new Dictionary<string, bool> { ["tickets.answer"] = false } });
        await SaveAsync(desk, admin, people["reader"], s => s with { RoleId = reader });
        await SaveAsync(desk, admin, people["raised"], s => s with { RoleId = reader, Permissions = new Dictionary<string, bool> { ["tickets.answer"] = true } });
        await SaveAsync(desk, admin, people["asleep"], s => s with { AccessHours = "1 20:00-22:00" });
        await desk.SendAs(admin, new DeactivateUser(people["gone"].Id));
        var may = await desk.SendAsSystem(new WhoMayNow("tickets.answer", [admin.Id, .. people.Values.Select(p => p.Id)]));
        Assert.Equal(new[] { admin.Id, people["agent"].Id, people["raised"].Id }.Order(), may.Order());
    }

    [Fact(DisplayName = "Looking after administrators goes into no role and to no person")]
    public async Task AdministratorsStayApart()
    {
        await using var desk = await Desk.OpenAsync();
        var (admin, ana) = (await desk.PersonAsync("Rita", BuiltInRoles.Administrator), await desk.PersonAsync("Ana"));
        await ForbiddenAsync(() => MakeAsync(desk, admin, "Quase", [.. Clerk, "users.administrators"]));
        await ForbiddenAsync(() => SaveAsync(desk, admin, ana, s => s with { Permissions = new Dictionary<string, bool> { ["users.administrators"] = true } }));
        await Assert.ThrowsAsync<Refusal>(() => desk.SendAs(admin, new SaveRole(null, "Chefe", "", BuiltInRoles.Administrator, Clerk, null)));
        await Assert.ThrowsAsync<Refusal>(() => MakeAsync(desk, admin, "Sonho", ["tickets.fly"]));
    }

    [Fact(DisplayName = "A name is one role's, and who saves what somebody changed meanwhile is told")]
    public async Task Rules()
    {
        await using var desk = await Desk.OpenAsync();
        var admin = await desk.PersonAsync("Rita", BuiltInRoles.Administrator);
        var role = await MakeAsync(desk, admin, "Caixa", Clerk);
        Assert.True((await Assert.ThrowsAsync<Refusal>(() => MakeAsync(desk, admin, "Caixa", Clerk))).Fields.ContainsKey("Name"));
        var version = (await desk.SendAs(admin, new ListRoles())).Rows.Single(r => r.Id == role).Version;
        // Only what stands beside the role's own row changes here, and that counts, too.
        await desk.SendAs(admin, new SaveRole(role, "Caixa", "", BuiltInRoles.Agent, ["tickets.see"], version));
        var late = await Assert.ThrowsAsync<Refusal>(() => desk.SendAs(admin, new SaveRole(role, "Caixa", "", BuiltInRoles.Agent, Clerk, version)));
        Assert.Equal(RefusalKind.Conflict, late.Kind);
    }

    [Fact(DisplayName = "Who has a role that goes gets another, or the one on which it was built")]
    public async Task Deleted()
    {
        await using var desk = await Desk.OpenAsync();
        var (admin, ana) = (await desk.PersonAsync("Rita", BuiltInRoles.Administrator), await desk.PersonAsync("Ana"));
        var (till, other) = (await MakeAsync(desk, admin, "Caixa", Clerk), await MakeAsync(desk, admin, "Balcão", ["tickets.see"]));
        await SaveAsync(desk, admin, ana, s => s with { RoleId = till });
        Assert.Equal(1, await desk.SendAs(admin, new DeleteRole(till, other)));
        Assert.Equal(["tickets.see"], (await desk.ActorOf(ana)).Permissions);
        await desk.SendAs(admin, new DeleteRole(other, null));
        Assert.True((await desk.ActorOf(ana)).May("tickets.transfer"));
        Assert.Empty(await desk.ReadAsync(db => db.Set<RolePermission>().ToListAsync()));
    }

    [Fact(DisplayName = "Every permission and every module that has some is called by words, in each language")]
    public async Task Words()
    {
        await using var desk = await Desk.OpenAsync();
        var texts = desk.Services.GetRequiredService<PermissionTexts>();
        foreach (var language in new[] { "pt-BR", "en", "es" })
        {
            System.Globalization.CultureInfo.CurrentUICulture = new(language);
            Assert.Empty(texts.Groups.Where(g => g.Title.StartsWith("Permit", StringComparison.Ordinal) || g.Title == g.Module).Select(g => g.Module));
            Assert.Empty(texts.Groups.SelectMany(g => g.Permissions).Where(p => p.Text == p.Name).Select(p => $"{language} {p.Name}"));
        }
    }

    private static Task<Guid> MakeAsync(Desk desk, Person by, string name, IReadOnlyCollection<string> permissions) =>
        desk.SendAs(by, new SaveRole(null, name, "", BuiltInRoles.Agent, permissions, null));

    /// <summary>Opens a user's form as <paramref name="by"/>, changes something, and saves it as <paramref name="who"/>.</summary>
    private static async Task SaveAsync(Desk desk, Person who, Person user, Func<SaveUser, SaveUser> change, Person? by = null)
    {
        var row = (await desk.SendAs(by ?? who, new ListUsers())).Rows.Single(u => u.Id == user.Id);
        await desk.SendAs(who, change(new SaveUser(row.Id, row.Name, row.Email, row.Role, row.Queues, null, row.Stamp)));
    }

    private static async Task ForbiddenAsync(Func<Task> act) => Assert.Equal(RefusalKind.Forbidden, (await Assert.ThrowsAsync<Refusal>(act)).Kind);
}
