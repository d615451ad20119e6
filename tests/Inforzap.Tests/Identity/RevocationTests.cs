using Inforzap.Contracts.Tickets;
using Inforzap.Identity;
using Inforzap.Identity.Profile;
using Inforzap.Identity.Sessions;
using Inforzap.Identity.Users;
using Inforzap.Requests;
using Inforzap.Tests.Support;
namespace Inforzap.Tests.Identity;

public class RevocationTests
{
    [Fact(DisplayName = "From the commit on a disabled user is nobody")]
    public async Task Disabled()
    {
        await using var desk = await Desk.OpenAsync();
        var (admin, ana) = (await desk.PersonAsync("Rita", BuiltInRoles.Administrator), await desk.PersonAsync("Ana"));
        var stamp = await StampAsync(desk, ana);
        Assert.NotNull(await FindAsync(desk, ana, stamp));
        await desk.SendAs(admin, new DeactivateUser(ana.Id));
        Assert.Null(await FindAsync(desk, ana, stamp));
        await desk.SendAs(admin, new ActivateUser(ana.Id));
        Assert.Null(await FindAsync(desk, ana, stamp));
    }

    [Fact(DisplayName = "Sign out everywhere ends every session and lets nobody in with the old stamp")]
    public async Task SignedOut()
    {
        await using var desk = await Desk.OpenAsync();
        var (admin, ana) = (await desk.PersonAsync("Rita", BuiltInRoles.Administrator), await desk.PersonAsync("Ana"));
        var stamp = await StampAsync(desk, ana);
        await desk.SendAs(admin, new SignOutEverywhere(ana.Id));
        Assert.Null(await FindAsync(desk, ana, stamp));
        Assert.NotNull(await FindAsync(desk, ana, await StampAsync(desk, ana)));
    }

    [Fact(DisplayName = "Signing out ends that session with all copies of its cookie, and no other")]
    public async Task OneSession()
    {
        await using var desk = await Desk.OpenAsync();
        var (ana, bia) = (await desk.PersonAsync("Ana"), await desk.PersonAsync("Bia"));
        var (phone, computer) = (SessionId.Join(await StampAsync(desk, ana), Guid.NewGuid()), SessionId.Join(await StampAsync(desk, ana), Guid.NewGuid()));
        Assert.NotNull(await FindAsync(desk, ana, phone));
        for (var i = 0; i < 2; i++) await desk.SendAsSystem(new EndSession(ana.Id, phone, new(null, null)));
        // Somebody else's id changes nothing of this one.
        await desk.SendAsSystem(new EndSession(bia.Id, computer, new(null, null)));
        Assert.Null(await FindAsync(desk, ana, phone));
        Assert.NotNull(await FindAsync(desk, ana, computer));
    }

    [Fact(DisplayName = "What is kept of ended sessions is forgotten when their cookies are too old in any case")]
    public async Task Forgotten()
    {
        var clock = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var desk = await Desk.OpenAsync(clock: clock);
        var ana = await desk.PersonAsync("Ana");
        for (var i = 0; i < 3; i++)
        {
            await desk.SendAsSystem(new EndSession(ana.Id, SessionId.Join(await StampAsync(desk, ana), Guid.NewGuid()), new(null, null)));
            clock.Advance(TimeSpan.FromDays(20));
        }
        Assert.Equal(2, await desk.ReadAsync(db => db.EndedSessions(ana.Id).CountAsync()));
    }

    [Fact(DisplayName = "A new role ends the sessions of the old one")]
    public async Task NewRole()
    {
        await using var desk = await Desk.OpenAsync();
        var (admin, ana) = (await desk.PersonAsync("Rita", BuiltInRoles.Administrator), await desk.PersonAsync("Ana"));
        var stamp = await StampAsync(desk, ana);
        var row = (await desk.SendAs(admin, new ListUsers())).Rows.Single(u => u.Id == ana.Id);
        await desk.SendAs(admin, new SaveUser(ana.Id, row.Name, row.Email, BuiltInRoles.Supervisor, [], null, row.Stamp));
        Assert.Null(await FindAsync(desk, ana, stamp));
        Assert.True((await FindAsync(desk, ana, await StampAsync(desk, ana)))!.May("users.see"));
    }

    [Fact(DisplayName = "A new password ends all sessions, one's own too")]
    public async Task NewPassword()
    {
        await using var desk = await Desk.OpenAsync();
        var ana = await desk.PersonAsync("Ana");
        var stamp = await StampAsync(desk, ana);
        await Assert.ThrowsAsync<Refusal>(() => desk.SendAs(ana, new ChangeMyPassword("not mine", "tijolo cometa varanda")));
        Assert.NotNull(await FindAsync(desk, ana, stamp));
        await desk.SendAs(ana, new ChangeMyPassword(Person.Password, "tijolo cometa varanda"));
        Assert.Null(await FindAsync(desk, ana, stamp));
    }

    [Fact(DisplayName = "Queues that are given or taken count at once")]
    public async Task Queues()
    {
        await using var desk = await Desk.OpenAsync();
        var ana = await desk.PersonAsync("Ana");
        var (stamp, queue) = (await StampAsync(desk, ana), await desk.QueueAsync("Vendas"));
        Assert.Empty((await FindAsync(desk, ana, stamp))!.Queues);
        await desk.SendAsSystem(new SetUserQueues(ana.Id, [queue]));
        Assert.Equal([queue], (await FindAsync(desk, ana, stamp))!.Queues);
    }

    private static Task<string> StampAsync(Desk desk, Person person) =>
        desk.ReadAsync(db => db.Set<User>().Where(u => u.Id == person.Id).Select(u => u.SecurityStamp!).SingleAsync());

    private static async Task<Actor?> FindAsync(Desk desk, Person person, string stamp) =>
        await desk.Services.GetRequiredService<IActors>().FindAsync(person.Id, stamp);
}
