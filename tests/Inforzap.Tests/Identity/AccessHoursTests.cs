using Inforzap.Identity;
using Inforzap.Identity.Access;
using Inforzap.Identity.Sessions;
using Inforzap.Identity.Users;
using Inforzap.Requests;
using Inforzap.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace Inforzap.Tests.Identity;

public class AccessHoursTests
{
    private const string Weekdays = "1 08:00-18:00;2 08:00-18:00;3 08:00-18:00;4 08:00-18:00;5 08:00-18:00";

    /// <summary>Monday, 30 November 2026, 17:00 in São Paulo.</summary>
    private static FakeTimeProvider Monday => new(new DateTimeOffset(2026, 11, 30, 20, 0, 0, TimeSpan.Zero));

    [Fact(DisplayName = "A session ends with the hours, and opens no sooner than they begin again")]
    public async Task Ends()
    {
        var clock = Monday;
        await using var desk = await Desk.OpenAsync(clock: clock);
        var (admin, ana) = (await desk.PersonAsync("Rita", BuiltInRoles.Administrator), await desk.PersonAsync("Ana"));
        await SetAsync(desk, admin, ana, Weekdays);
        var session = (await desk.SendAsStranger(new CheckPassword(ana.Email, Person.Password))).Who!;
        var actor = await FindAsync();
        Assert.Equal(new DateTime(2026, 11, 30, 21, 0, 0), actor!.EndsAt);
        clock.Advance(TimeSpan.FromMinutes(59));
        Assert.NotNull(await FindAsync());
        clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Null(await FindAsync());

        var late = await desk.SendAsStranger(new CheckPassword(ana.Email, Person.Password));
        Assert.Null(late.Who);
        Assert.Equal(new DateTime(2026, 12, 1, 11, 0, 0), late.OpensAt);
        Assert.Equal(AccessEvent.OutsideHours, (await desk.SendAs(admin, new ReadAccess(ana.Id)))[0].What);
        clock.Advance(TimeSpan.FromHours(14));
        Assert.NotNull((await desk.SendAsStranger(new CheckPassword(ana.Email, Person.Password))).Who);

        ValueTask<Actor?> FindAsync() => desk.Services.GetRequiredService<IActors>().FindAsync(session.Id, session.Stamp);
    }

    [Fact(DisplayName = "Who does not know the password learns nothing of the hours")]
    public async Task TellsNobody()
    {
        var clock = Monday;
        await using var desk = await Desk.OpenAsync(clock: clock);
        var (admin, ana) = (await desk.PersonAsync("Rita", BuiltInRoles.Administrator), await desk.PersonAsync("Ana"));
        await SetAsync(desk, admin, ana, Weekdays);
        clock.Advance(TimeSpan.FromHours(3));
        var guess = await desk.SendAsStranger(new CheckPassword(ana.Email, "errada-mesmo-1"));
        Assert.Equal((null, null), (guess.Who, guess.OpensAt));
    }

    [Fact(DisplayName = "Outside of the hours is no wrong password: nobody is locked out by trying")]
    public async Task NoFailure()
    {
        var clock = Monday;
        await using var desk = await Desk.OpenAsync(clock: clock);
        var (admin, ana) = (await desk.PersonAsync("Rita", BuiltInRoles.Administrator), await desk.PersonAsync("Ana"));
        await SetAsync(desk, admin, ana, Weekdays);
        clock.Advance(TimeSpan.FromHours(3));
        for (var i = 0; i < 8; i++) Assert.NotNull((await desk.SendAsStranger(new CheckPassword(ana.Email, Person.Password))).OpensAt);
        await SetAsync(desk, admin, ana, null);
        Assert.NotNull((await desk.SendAsStranger(new CheckPassword(ana.Email, Person.Password))).Who);
    }

    [Fact(DisplayName = "Administrators have no hours")]
    public async Task Administrators()
    {
        var clock = Monday;
        await using var desk = await Desk.OpenAsync(clock: clock);
        var (admin, other) = (await desk.PersonAsync("Rita", BuiltInRoles.Administrator), await desk.PersonAsync("Rute", BuiltInRoles.Administrator));
        await SetAsync(desk, admin, other, Weekdays);
        clock.Advance(TimeSpan.FromHours(3));
        Assert.NotNull((await desk.SendAsStranger(new CheckPassword(other.Email, Person.Password))).Who);
    }

    [Theory(DisplayName = "Hours that let nobody in, or that contradict themselves, are not saved")]
    [InlineData("")]
    [InlineData("amanhã cedo")]
    [InlineData("1 08:00-12:00 11:00-18:00")]
    public async Task Refused(string hours)
    {
        await using var desk = await Desk.OpenAsync();
        var (admin, ana) = (await desk.PersonAsync("Rita", BuiltInRoles.Administrator), await desk.PersonAsync("Ana"));
        var refusal = await Assert.ThrowsAsync<Refusal>(() => SetAsync(desk, admin, ana, hours));
        Assert.True(refusal.Fields.ContainsKey("AccessHours"));
    }

    private static async Task SetAsync(Desk desk, Person admin, Person user, string? hours)
    {
        var row = (await desk.SendAs(admin, new ListUsers())).Rows.Single(u => u.Id == user.Id);
        await desk.SendAs(admin, new SaveUser(row.Id, row.Name, row.Email, row.Role, row.Queues, null, row.Stamp) { AccessHours = hours });
    }
}
