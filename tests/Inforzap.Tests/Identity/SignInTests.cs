using Inforzap.Identity.Users;
using Inforzap.Tests.Support;
using Inforzap.Identity.Sessions;
using Microsoft.Extensions.Time.Testing;

namespace Inforzap.Tests.Identity;

public class SignInTests
{
    [Fact(DisplayName = "E-mail and password open a session, however the e-mail is written")]
    public async Task Right()
    {
        await using var desk = await Desk.OpenAsync();
        var ana = await desk.PersonAsync("Ana");
        var answer = await desk.SendAsStranger(new CheckPassword($" {ana.Email.ToUpperInvariant()} ", Person.Password));
        Assert.Equal(ana.Id, answer.Who?.Id);
    }

    [Fact(DisplayName = "Unknown, wrong and disabled are one and the same answer")]
    public async Task Same()
    {
        await using var desk = await Desk.OpenAsync();
        var ana = await desk.PersonAsync("Ana");
        var admin = await desk.PersonAsync("Rita", BuiltInRoles.Administrator);
        var off = await desk.PersonAsync("Bia");
        await desk.SendAs(admin, new DeactivateUser(off.Id));
        var nothing = new PasswordAnswer(null, null);
        Assert.Equal(nothing, await desk.SendAsStranger(new CheckPassword("nobody@example.test", Person.Password)));
        Assert.Equal(nothing, await desk.SendAsStranger(new CheckPassword(ana.Email, "something else 1")));
        Assert.Equal(nothing, await desk.SendAsStranger(new CheckPassword(off.Email, Person.Password)));
    }

    [Fact(DisplayName = "Failures bring a delay that grows and ends, and even the right password waits")]
    public async Task LockOut()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var desk = await Desk.OpenAsync(clock: clock);
        var ana = await desk.PersonAsync("Ana");
        for (var i = 0; i < 4; i++) Assert.Null((await desk.SendAsStranger(new CheckPassword(ana.Email, "wrong"))).Wait);
        Assert.Equal(TimeSpan.FromSeconds(30), (await desk.SendAsStranger(new CheckPassword(ana.Email, "wrong"))).Wait);
        Assert.Null((await desk.SendAsStranger(new CheckPassword(ana.Email, Person.Password))).Who);
        clock.Advance(TimeSpan.FromSeconds(31));
        Assert.Equal(TimeSpan.FromMinutes(1), (await desk.SendAsStranger(new CheckPassword(ana.Email, "wrong"))).Wait);
        clock.Advance(TimeSpan.FromSeconds(61));
        Assert.NotNull((await desk.SendAsStranger(new CheckPassword(ana.Email, Person.Password))).Who);
        Assert.Null((await desk.SendAsStranger(new CheckPassword(ana.Email, "wrong"))).Wait);
    }

    [Fact(DisplayName = "No number of failures locks anybody out for more than a quarter of an hour")]
    public void NeverForEver() => Assert.Equal(TimeSpan.FromMinutes(15), CheckPasswordHandler.WaitAfter(100_000));

    [Theory(DisplayName = "What looks like SQL is an unknown e-mail")]
    [InlineData("' OR 1=1--")]
    [InlineData("{\"$ne\":null}")]
    [InlineData("a@b.c'; drop table identity_Users;--")]
    public async Task Injection(string email)
    {
        await using var desk = await Desk.OpenAsync();
        Assert.Equal(new(null, null), await desk.SendAsStranger(new CheckPassword(email, "x")));
    }
}
