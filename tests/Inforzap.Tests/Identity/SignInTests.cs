using Inforzap.Identity;
using Inforzap.Identity.Users;
using Inforzap.Tests.Support;
using Inforzap.Identity.Sessions;
using Microsoft.AspNetCore.Identity;
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

    [Fact(DisplayName = "Who has an account can't be told from the delay: unknown and disabled wait as long as anybody")]
    public async Task NoProbe()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var desk = await Desk.OpenAsync(clock: clock);
        var (ana, bia) = (await desk.PersonAsync("Ana"), await desk.PersonAsync("Bia"));
        await desk.SendAs(await desk.PersonAsync("Rita", BuiltInRoles.Administrator), new DeactivateUser(bia.Id));
        string[] emails = [ana.Email, bia.Email, "nobody@example.test", "NOBODY@example.test "];
        for (var i = 0; i < 7; i++)
        {
            // The last one is the third, written otherwise: it counts together with it.
            var answers = new List<PasswordAnswer>();
            foreach (var email in emails.Take(3)) answers.Add(await desk.SendAsStranger(new CheckPassword(email, "wrong")));
            Assert.Single(answers.Distinct());
            if (answers[0].Wait is not { } wait) continue;
            Assert.Equal(wait, (await desk.SendAsStranger(new CheckPassword(emails[3], "wrong"))).Wait);
            clock.Advance(wait + TimeSpan.FromSeconds(1));
        }
        Assert.Equal(TimeSpan.FromMinutes(4), (await desk.SendAsStranger(new CheckPassword(emails[2], "wrong"))).Wait);
    }

    [Fact(DisplayName = "Who has an account can't be told from the work: each try hashes once")]
    public async Task SameWork()
    {
        var hashed = new CountingHasher();
        await using var desk = await Desk.OpenAsync(s => s.AddScoped<IPasswordHasher<User>>(_ => hashed));
        var (ana, bia) = (await desk.PersonAsync("Ana"), await desk.PersonAsync("Bia"));
        await desk.SendAs(await desk.PersonAsync("Rita", BuiltInRoles.Administrator), new DeactivateUser(bia.Id));
        // The first unknown one makes the hash that all others are compared with.
        await desk.SendAsStranger(new CheckPassword("first@example.test", "wrong"));
        foreach (var email in new[] { ana.Email, bia.Email, "nobody@example.test" })
        {
            hashed.Count = 0;
            await desk.SendAsStranger(new CheckPassword(email, "wrong"));
            Assert.Equal(1, hashed.Count);
        }
    }

    [Fact(DisplayName = "A thousand tries find nothing, and a new password lets its owner in at once")]
    public async Task Brute()
    {
        var hashed = new CountingHasher();
        await using var desk = await Desk.OpenAsync(s => s.AddScoped<IPasswordHasher<User>>(_ => hashed));
        var ana = await desk.PersonAsync("Ana");
        hashed.Count = 0;
        for (var i = 0; i < 1_000; i++) Assert.Null((await desk.SendAsStranger(new CheckPassword(ana.Email, $"wrong {i}"))).Who);
        Assert.True(hashed.Count < 10, $"{hashed.Count} passwords were compared");
        var token = await desk.SendAs(await desk.PersonAsync("Rita", BuiltInRoles.Administrator), new MakeOneTimeLink(ana.Id));
        await desk.SendAsStranger(new Inforzap.Identity.Links.AcceptInvitation(token, "tijolo cometa varanda"));
        Assert.Equal(ana.Id, (await desk.SendAsStranger(new CheckPassword(ana.Email, "tijolo cometa varanda"))).Who?.Id);
    }

    private sealed class CountingHasher : PasswordHasher<User>
    {
        public int Count { get; set; }

        public override PasswordVerificationResult VerifyHashedPassword(User user, string hashedPassword, string providedPassword)
        {
            Count++;
            return base.VerifyHashedPassword(user, hashedPassword, providedPassword);
        }
    }

    [Fact(DisplayName = "No number of failures locks anybody out for more than a quarter of an hour")]
    public void NeverForEver() => Assert.Equal(TimeSpan.FromMinutes(15), Tries.WaitAfter(100_000));

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
