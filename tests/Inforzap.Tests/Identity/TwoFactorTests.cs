using Inforzap.Contracts.Settings;
using Inforzap.Data;
using Inforzap.Identity;
using Inforzap.Identity.Access;
using Inforzap.Identity.Links;
using Inforzap.Identity.Sessions;
using Inforzap.Identity.TwoFactor;
using Inforzap.Identity.Users;
using Inforzap.Requests;
using Inforzap.Tests.Support;
using Microsoft.Extensions.Time.Testing;
using OtpNet;

namespace Inforzap.Tests.Identity;

public sealed class TwoFactorTests : IAsyncLifetime
{
    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2026, 11, 24, 12, 0, 0, TimeSpan.Zero));
    private Desk desk = null!;
    private Person ana = null!;

    public async ValueTask InitializeAsync()
    {
        desk = await Desk.OpenAsync(clock: clock);
        ana = await desk.PersonAsync("Ana");
    }

    public ValueTask DisposeAsync() => desk.DisposeAsync();

    [Fact(DisplayName = "With codes on the password alone opens nothing, and the code of the app does")]
    public async Task Both()
    {
        var secret = await PairAsync(ana);
        var answer = await desk.SendAsStranger(new CheckPassword(ana.Email, Person.Password));
        Assert.Null(answer.Who);
        Assert.False(answer.Enrols);
        Assert.Null((await desk.SendAsStranger(new CheckCode(answer.Step!, "000000"))).Who);
        Assert.Equal(ana.Id, (await desk.SendAsStranger(new CheckCode(answer.Step!, CodeOf(secret)))).Who?.Id);
    }

    [Fact(DisplayName = "A code is taken once, also by two at once, and none older after it")]
    public async Task Replay()
    {
        var secret = await PairAsync(ana);
        var (step, earlier, code) = (await StepAsync(), CodeOf(secret, -30), CodeOf(secret));
        var both = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => desk.SendAsStranger(new CheckCode(step, code))));
        Assert.Single(both, a => a.Who is not null);
        Assert.Null((await desk.SendAsStranger(new CheckCode(step, earlier))).Who);
    }

    [Theory(DisplayName = "One step of tolerance to either side, and no more")]
    [InlineData(-60, false)]
    [InlineData(-30, true)]
    [InlineData(0, true)]
    [InlineData(30, true)]
    [InlineData(60, false)]
    public async Task Window(int seconds, bool taken)
    {
        var secret = await PairAsync(ana);
        Assert.Equal(taken, (await desk.SendAsStranger(new CheckCode(await StepAsync(), CodeOf(secret, seconds)))).Who is not null);
    }

    [Fact(DisplayName = "Whoever knows the password gets no endless tries at codes")]
    public async Task Brute()
    {
        var secret = await PairAsync(ana);
        for (var i = 0; i < 4; i++)
        {
            // The right password in between forgives nothing.
            Assert.Null((await desk.SendAsStranger(new CheckCode(await StepAsync(), "123456"))).Wait);
        }
        var step = await StepAsync();
        Assert.Equal(TimeSpan.FromSeconds(30), (await desk.SendAsStranger(new CheckCode(step, "123456"))).Wait);
        var right = await desk.SendAsStranger(new CheckCode(step, CodeOf(secret)));
        Assert.Null(right.Who);
        Assert.NotNull(right.Wait);
        Assert.NotNull((await desk.SendAsStranger(new CheckPassword(ana.Email, Person.Password))).Wait);
        clock.Advance(TimeSpan.FromSeconds(31));
        Assert.NotNull((await desk.SendAsStranger(new CheckCode(await StepAsync(), CodeOf(secret)))).Who);
    }

    [Fact(DisplayName = "Of many wrong codes at once each one counts, and after the fifth none is looked at")]
    public async Task AtOnce()
    {
        var secret = await PairAsync(ana);
        var step = await StepAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => desk.SendAsStranger(new CheckCode(step, "123456"))));
        Assert.All(answers, a => Assert.Null(a.Who));
        Assert.Equal(4, answers.Count(a => a.Wait is null));
        Assert.Equal(5, await desk.ReadAsync(db => db.Users.Where(u => u.Id == ana.Id).Select(u => u.AccessFailedCount).SingleAsync()));
        Assert.Null((await desk.SendAsStranger(new CheckCode(step, CodeOf(secret)))).Who);
    }

    [Fact(DisplayName = "A recovery code works once, however it is written; the database holds none in clear")]
    public async Task Recovery()
    {
        var (_, recovery) = await PairWithRecoveryAsync(ana);
        Assert.Equal(Codes.Recovery, recovery.Distinct().Count());
        var code = recovery[3].ToUpperInvariant().Replace("-", " ");
        Assert.NotNull((await desk.SendAsStranger(new CheckCode(await StepAsync(), code))).Who);
        Assert.Null((await desk.SendAsStranger(new CheckCode(await StepAsync(), code))).Who);
        Assert.Equal(Codes.Recovery - 1, (await desk.SendAs(ana, new MyCodes())).RecoveryLeft);
        var kept = await desk.ReadAsync(db => db.Set<RecoveryCode>().Select(c => c.Hash).ToListAsync());
        Assert.DoesNotContain(recovery, r => kept.Any(k => k.Contains(r.Replace("-", ""))));
        var renewed = await desk.SendAs(ana, new RenewMyRecoveryCodes(Person.Password));
        Assert.Null((await desk.SendAsStranger(new CheckCode(await StepAsync(), recovery[4]))).Who);
        Assert.NotNull((await desk.SendAsStranger(new CheckCode(await StepAsync(), renewed[0]))).Who);
    }

    [Fact(DisplayName = "The note between the steps is old after ten minutes, ends with the sessions, and can't be made up")]
    public async Task Step()
    {
        var secret = await PairAsync(ana);
        var step = await StepAsync();
        await desk.SendAs(await AdminAsync(), new SignOutEverywhere(ana.Id));
        await Assert.ThrowsAsync<Refusal>(() => desk.SendAsStranger(new CheckCode(step, CodeOf(secret))));
        await Assert.ThrowsAsync<Refusal>(() => desk.SendAsStranger(new CheckCode("made-up", CodeOf(secret))));
    }

    [Fact(DisplayName = "Where the role must, the first sign-in pairs a phone, and sessions without end")]
    public async Task Required()
    {
        var admin = await AdminAsync();
        var before = (await desk.SendAsStranger(new CheckPassword(ana.Email, Person.Password))).Who!;
        await desk.SendAs(admin, new RequireCodes([BuiltInRoles.Agent]));
        Assert.Null(await desk.Services.GetRequiredService<IActors>().FindAsync(before.Id, before.Stamp));
        var answer = await desk.SendAsStranger(new CheckPassword(ana.Email, Person.Password));
        Assert.True(answer is { Who: null, Enrols: true });
        // Without a phone the code page is no way in.
        Assert.Null((await desk.SendAsStranger(new CheckCode(answer.Step!, "123456"))).Who);
        var pairing = await desk.SendAsStranger(new BeginCodesAtSignIn(answer.Step!));
        Assert.Equal(pairing.Secret, (await desk.SendAsStranger(new BeginCodesAtSignIn(answer.Step!))).Secret);
        Assert.Null((await desk.SendAsStranger(new ConfirmCodesAtSignIn(answer.Step!, "000000"))).Who);
        var paired = await desk.SendAsStranger(new ConfirmCodesAtSignIn(answer.Step!, CodeOf(SecretOf(pairing))));
        Assert.Equal(ana.Id, paired.Who?.Id);
        Assert.Equal(Codes.Recovery, paired.RecoveryCodes.Count);
        Assert.Equal(RefusalKind.Forbidden, (await Assert.ThrowsAsync<Refusal>(() => desk.SendAs(ana, new EndMyCodes(Person.Password)))).Kind);
    }

    [Fact(DisplayName = "A link to choose a password does not go around the second step")]
    public async Task Link()
    {
        var secret = await PairAsync(ana);
        var token = await desk.SendAs(await AdminAsync(), new MakeOneTimeLink(ana.Id));
        var answer = await desk.SendAsStranger(new AcceptInvitation(token, "tijolo cometa varanda"));
        Assert.Null(answer.Who);
        Assert.NotNull((await desk.SendAsStranger(new CheckCode(answer.Step!, CodeOf(secret)))).Who);
    }

    [Fact(DisplayName = "Switching off needs the password; for a lost phone an administrator does it, and it is written down")]
    public async Task Off()
    {
        await PairAsync(ana);
        await Assert.ThrowsAsync<Refusal>(() => desk.SendAs(ana, new EndMyCodes("something else")));
        await desk.SendAs(ana, new EndMyCodes(Person.Password));
        Assert.NotNull((await desk.SendAsStranger(new CheckPassword(ana.Email, Person.Password))).Who);
        await PairAsync(ana);
        var admin = await AdminAsync();
        await Assert.ThrowsAsync<Refusal>(() => desk.SendAs(ana, new ResetCodes(admin.Id)));
        await desk.SendAs(admin, new ResetCodes(ana.Id));
        Assert.NotNull((await desk.SendAsStranger(new CheckPassword(ana.Email, Person.Password))).Who);
        var log = await desk.SendAs(admin, new ReadAccess(ana.Id));
        Assert.Contains(log, e => e.What == AccessEvent.CodesOff && e.ByName == admin.Name);
        Assert.Equal(2, log.Count(e => e.What == AccessEvent.CodesOn));
    }

    [Fact(DisplayName = "A supervisor resets no administrator's phone and reads no administrator's access")]
    public async Task Supervisor()
    {
        var (admin, lead) = (await AdminAsync(), await desk.PersonAsync("Sílvia", BuiltInRoles.Supervisor));
        Assert.Equal(RefusalKind.Forbidden, (await Assert.ThrowsAsync<Refusal>(() => desk.SendAs(lead, new ResetCodes(admin.Id)))).Kind);
        Assert.Equal(RefusalKind.Forbidden, (await Assert.ThrowsAsync<Refusal>(() => desk.SendAs(lead, new ReadAccess(admin.Id)))).Kind);
        Assert.Equal(RefusalKind.Forbidden, (await Assert.ThrowsAsync<Refusal>(() => desk.SendAs(lead, new RequireCodes([BuiltInRoles.Agent])))).Kind);
        Assert.Equal(RefusalKind.NotFound, (await Assert.ThrowsAsync<Refusal>(() => desk.SendAs(ana, new ReadAccess(lead.Id)))).Kind);
    }

    [Fact(DisplayName = "The secret is encrypted at rest, and a lost key ring is an administrator's to mend")]
    public async Task AtRest()
    {
        var secret = await PairAsync(ana);
        var kept = await desk.ReadAsync(db => db.Set<SecondFactor>().Select(f => f.Secret).SingleAsync());
        Assert.DoesNotContain(secret, kept);
        await desk.WriteAsync(db => db.Set<SecondFactor>().ExecuteUpdateAsync(set => set.SetProperty(f => f.Secret, "unreadable")));
        Assert.Null((await desk.SendAsStranger(new CheckCode(await StepAsync(), CodeOf(secret)))).Who);
        await desk.SendAs(await AdminAsync(), new ResetCodes(ana.Id));
        Assert.NotNull((await desk.SendAsStranger(new CheckPassword(ana.Email, Person.Password))).Who);
    }

    [Fact(DisplayName = "Who sits at the machine gets in, though password and phone are lost")]
    public async Task ResetAdmin()
    {
        var admin = await AdminAsync();
        await PairAsync(admin);
        var link = await desk.SendAsSystem(new MakeAdminLink());
        Assert.Equal(admin.Id, (await desk.SendAsStranger(new AcceptInvitation(link!.Token, "tijolo cometa varanda"))).Who?.Id);
    }

    [Fact(DisplayName = "Tries are written down with where they came from, newest first, and forgotten after half a year")]
    public async Task Log()
    {
        var from = new From("192.0.2.7", "Teste/1.0\0" + new string('x', 500));
        await desk.SendAsStranger(new CheckPassword(ana.Email, "wrong", from));
        clock.Advance(TimeSpan.FromMinutes(1));
        await desk.SendAsStranger(new CheckPassword(ana.Email, Person.Password, from));
        var log = await desk.SendAs(ana, new ReadAccess());
        Assert.Equal([AccessEvent.SignedIn, AccessEvent.WrongPassword], log.Select(e => e.What));
        Assert.Equal("192.0.2.7", log[0].Address);
        Assert.True(log[0].Browser is { Length: <= 200 } browser && !browser.Contains('\0'));
        clock.Advance(TimeSpan.FromDays(181));
        await desk.RunJobAsync<ForgetAccess>();
        Assert.Empty(await desk.SendAs(ana, new ReadAccess()));
    }

    private Task<Person> AdminAsync() => desk.PersonAsync("Rita", BuiltInRoles.Administrator);

    private async Task<string> StepAsync() => (await desk.SendAsStranger(new CheckPassword(ana.Email, Person.Password))).Step!;

    private async Task<string> PairAsync(Person who) => (await PairWithRecoveryAsync(who)).Secret;

    private async Task<(string Secret, IReadOnlyList<string> Recovery)> PairWithRecoveryAsync(Person who)
    {
        var secret = SecretOf(await desk.SendAs(who, new BeginMyCodes()));
        var recovery = await desk.SendAs(who, new ConfirmMyCodes(CodeOf(secret)));
        // The code that confirmed is used up; the tests begin with a new one.
        clock.Advance(TimeSpan.FromSeconds(90));
        return (secret, recovery);
    }

    private static string SecretOf(Pairing pairing)
    {
        var secret = pairing.Secret.Replace(" ", "");
        Assert.Contains($"secret={secret}", pairing.Uri);
        return secret;
    }

    private string CodeOf(string secret, int seconds = 0) => new Totp(Base32Encoding.ToBytes(secret)).ComputeTotp(clock.GetUtcNow().UtcDateTime.AddSeconds(seconds));
}
