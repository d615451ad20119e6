using Inforzap.Contracts.Identity;
using Inforzap.Contracts.Settings;
using Inforzap.Identity;
using Inforzap.Identity.Profile;
using Inforzap.Tests.Support;

namespace Inforzap.Tests.Identity;

public sealed class ProfileTests(Desk desk) : IClassFixture<Desk>
{
    private static SaveProfile Of(string email, string? signature = "Ana, Padaria Aurora", bool signed = true) => new("Ana Ramos", email, signature, signed, Sound: false, EnterSends: false, "dark", "es");

    private Task<User> UserAsync(Person who) => desk.ReadAsync(db => db.Set<User>().AsNoTracking().SingleAsync(u => u.Id == who.Id));

    [Fact]
    public async Task What_somebody_chooses_for_themselves_is_kept_and_is_theirs_alone()
    {
        var (ana, bia) = (await desk.PersonAsync("Ana"), await desk.PersonAsync("Bia"));
        var before = await desk.SendAs(bia, new MyProfile());
        await desk.SendAs(ana, Of("ana.ramos@example.test", "  Ana, Padaria Aurora "));
        var mine = await desk.SendAs(ana, new MyProfile());
        Assert.Equal(("Ana Ramos", "ana.ramos@example.test", "Ana, Padaria Aurora", true, false, false, "dark", "es"),
            (mine.Name, mine.Email, mine.Signature, mine.SignatureOn, mine.Sound, mine.EnterSends, mine.Theme, mine.Language));
        Assert.Equal(before, await desk.SendAs(bia, new MyProfile()));
        await desk.SendAs(ana, Of("ana.ramos@example.test", "   ", signed: false));
        Assert.Equal((null, false), ((await UserAsync(ana)).Signature, (await UserAsync(ana)).SignatureOn));
    }

    [Fact]
    public async Task An_address_that_is_somebody_elses_is_refused_and_nothing_changes()
    {
        var (ana, bia) = (await desk.PersonAsync("Ana"), await desk.PersonAsync("Bia"));
        Assert.Equal("Email", Assert.Single((await Assert.ThrowsAsync<Refusal>(() => desk.SendAs(ana, Of(bia.Email)))).Fields).Key);
        foreach (var wrong in new[] { Of("no address"), Of(ana.Email) with { Name = "" }, Of(ana.Email) with { Theme = "pink" }, Of(ana.Email) with { Language = "xx" }, Of(ana.Email) with { Signature = new string('x', 201) } })
            await Assert.ThrowsAsync<Refusal>(() => desk.SendAs(ana, wrong));
        var user = await UserAsync(ana);
        Assert.Equal(("Ana", ana.Email, null), (user.Name, user.Email, user.Signature));
    }

    [Fact]
    public async Task Where_the_company_signs_nobody_turns_their_signature_off()
    {
        await using var own = await Desk.OpenAsync();
        var ana = await own.PersonAsync("Ana");
        await own.SendAsSystem(new ChangeSettings(new Dictionary<string, string> { [Setting.ForceSignature.Name] = "true" }));
        var settings = own.Services.GetRequiredService<ISettings>();
        await settings.LoadAsync();
        await own.SendAs(ana, Of(ana.Email, signed: false));
        Assert.True((await own.SendAs(ana, new MyProfile())).SignatureOn);
    }
}
