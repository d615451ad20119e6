using Inforzap.Audit;
using Inforzap.Contracts.Identity;
using Inforzap.Identity;
using Inforzap.Identity.Availability;
using Inforzap.Identity.Users;
using Inforzap.Live;
using Inforzap.Settings.Audit;
using Inforzap.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace Inforzap.Tests.Identity;

public class PresenceTests
{
    private sealed class Screens : IPresent
    {
        public List<Guid> Open { get; } = [];

        public IReadOnlyCollection<Guid> Users => Open;
    }

    [Fact(DisplayName = "Who has a screen open is there; a minute after the last one was seen they are not")]
    public async Task ComesAndGoes()
    {
        var (clock, screens) = (new FakeTimeProvider(DateTimeOffset.UtcNow), new Screens());
        await using var desk = await Desk.OpenAsync(s => s.AddSingleton<IPresent>(screens), clock);
        var (admin, ana) = (await desk.PersonAsync("Rita", BuiltInRoles.Administrator), await desk.PersonAsync("Ana"));
        Assert.Equal(Presence.Offline, await PresenceAsync());
        await desk.SendAsSystem(new NoteSeen(ana.Id));
        Assert.Equal(Presence.Online, await PresenceAsync());

        screens.Open.Add(ana.Id);
        for (var i = 0; i < 8; i++)
        {
            clock.Advance(TimeSpan.FromSeconds(15));
            await desk.RunJobAsync<KeepPresence>();
        }
        Assert.Equal(Presence.Online, await PresenceAsync());
        screens.Open.Clear();
        clock.Advance(TimeSpan.FromSeconds(50));
        await desk.RunJobAsync<KeepPresence>();
        // A page that is being loaded anew is no absence.
        Assert.Equal(Presence.Online, await PresenceAsync());
        clock.Advance(TimeSpan.FromSeconds(15));
        await desk.RunJobAsync<KeepPresence>();
        Assert.Equal(Presence.Offline, await PresenceAsync());

        async Task<Presence> PresenceAsync() => (await desk.SendAs(admin, new ListUsers("ana"))).Rows.Single().Presence;
    }

    [Fact(DisplayName = "What one says of oneself stays, and counts while one is there")]
    public async Task Says()
    {
        await using var desk = await Desk.OpenAsync();
        var (admin, ana) = (await desk.PersonAsync("Rita", BuiltInRoles.Administrator), await desk.PersonAsync("Ana"));
        await desk.SendAs(ana, new SetMyPresence(Presence.Busy));
        Assert.Equal(Presence.Busy, (await desk.SendAs(ana, new MyProfile())).Presence);
        Assert.Equal(Presence.Offline, (await desk.SendAs(admin, new ListUsers("ana"))).Rows.Single().Presence);
        await desk.SendAsSystem(new NoteSeen(ana.Id));
        Assert.Equal(Presence.Busy, (await desk.SendAs(admin, new ListUsers("ana"))).Rows.Single().Presence);
        await Assert.ThrowsAsync<Refusal>(() => desk.SendAs(ana, new SetMyPresence(Presence.Offline)));
        await Assert.ThrowsAsync<Refusal>(() => desk.SendAs(ana, new SetMyPresence((Presence)99)));
    }

    [Fact(DisplayName = "A supervisor says it of an agent, nobody of a supervisor's superiors, and no agent of anybody")]
    public async Task OfOthers()
    {
        await using var desk = await Desk.OpenAsync();
        var (admin, lead, ana) = (await desk.PersonAsync("Rita", BuiltInRoles.Administrator), await desk.PersonAsync("Lia", BuiltInRoles.Supervisor), await desk.PersonAsync("Ana"));
        await desk.SendAs(lead, new SetPresenceOf(ana.Id, Presence.Away));
        Assert.Equal(Presence.Away, (await desk.SendAs(ana, new MyProfile())).Presence);
        var written = Assert.Single((await desk.SendAs(admin, new ReadAudit("user", $"{ana.Id}"))).Rows, r => r.Verb == AuditVerb.Changed);
        Assert.Equal(("Lia", "Ana", new AuditChange("Presence", "Online", "Away")), (written.ByName, written.Subject, Assert.Single(written.Changes)));
        Assert.Equal(RefusalKind.Forbidden, (await Assert.ThrowsAsync<Refusal>(() => desk.SendAs(lead, new SetPresenceOf(admin.Id, Presence.Away)))).Kind);
        Assert.Equal(RefusalKind.Forbidden, (await Assert.ThrowsAsync<Refusal>(() => desk.SendAs(ana, new SetPresenceOf(lead.Id, Presence.Away)))).Kind);
    }

    [Fact(DisplayName = "Viewers are told of who comes and goes, and of nobody who merely stays")]
    public async Task Told()
    {
        var (clock, screens) = (new FakeTimeProvider(DateTimeOffset.UtcNow), new Screens());
        await using var desk = await Desk.OpenAsync(s => s.AddSingleton<IPresent>(screens), clock);
        var ana = await desk.PersonAsync("Ana");
        var told = 0;
        using var watch = desk.Services.GetRequiredService<LiveHints>().On([Topics.People], _ => told++);
        screens.Open.Add(ana.Id);
        await desk.RunJobAsync<KeepPresence>();
        Assert.Equal(1, told);
        clock.Advance(TimeSpan.FromSeconds(15));
        await desk.RunJobAsync<KeepPresence>();
        Assert.Equal(1, told);
        screens.Open.Clear();
        clock.Advance(TimeSpan.FromMinutes(2));
        await desk.RunJobAsync<KeepPresence>();
        await desk.RunJobAsync<KeepPresence>();
        Assert.Equal(2, told);
    }

    [Fact(DisplayName = "Nobody who is deactivated comes to be there")]
    public async Task Deactivated()
    {
        await using var desk = await Desk.OpenAsync();
        var (admin, ana) = (await desk.PersonAsync("Rita", BuiltInRoles.Administrator), await desk.PersonAsync("Ana"));
        await desk.SendAsSystem(new NoteSeen(ana.Id));
        await desk.SendAs(admin, new DeactivateUser(ana.Id));
        await desk.SendAsSystem(new NoteSeen(ana.Id));
        Assert.False(await desk.ReadAsync(db => db.Set<User>().Where(u => u.Id == ana.Id).Select(u => u.IsOnline).SingleAsync()));
    }
}
