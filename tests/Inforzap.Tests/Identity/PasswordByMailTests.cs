using Inforzap.Contracts.Settings;
using Inforzap.Data;
using Inforzap.Identity;
using Inforzap.Identity.Access;
using Inforzap.Identity.Links;
using Inforzap.Identity.Sessions;
using Inforzap.Identity.Users;
using Inforzap.Lanes;
using Inforzap.Requests;
using Inforzap.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace Inforzap.Tests.Identity;

/// <summary>A forgotten password, and links that colleagues send: by mail, to who is meant and to nobody else.</summary>
public sealed class PasswordByMailTests : IAsyncLifetime
{
    private const string New = "tijolo cometa varanda";
    private readonly FakeTimeProvider clock = new(DateTimeOffset.UtcNow);
    private readonly FakeMailer mailer = new() { IsReady = true };
    private Desk desk = null!;
    private Person ana = null!, rita = null!;

    public async ValueTask InitializeAsync()
    {
        desk = await Desk.OpenAsync(s => s.AddSingleton<IMailer>(mailer), clock);
        (ana, rita) = (await desk.PersonAsync("Ana"), await desk.PersonAsync("Rita", BuiltInRoles.Administrator));
        await UrlAsync("https://desk.example");
    }

    public ValueTask DisposeAsync() => desk.DisposeAsync();

    private async Task UrlAsync(string url)
    {
        await desk.SendAsSystem(new ChangeSettings(new Dictionary<string, string> { [Setting.PublicUrl.Name] = url }));
        await desk.Services.GetRequiredService<ISettings>().LoadAsync();
    }

    private async Task<List<MailMessage>> AskAsync(string email, string address = "192.0.2.7")
    {
        var before = mailer.Mails.Count;
        await desk.SendAsStranger(new AskNewPassword(email, new From(address, "Firefox")));
        await desk.SettleAsync();
        return mailer.Mails[before..];
    }

    private static string TokenOf(MailMessage mail) => mail.Url!.Split('/')[^1];

    private async Task<bool> OpensAsync(string token) => await Record.ExceptionAsync(() => desk.SendAsStranger(new AcceptInvitation(token, New))) is null;

    [Fact(DisplayName = "A known e-mail gets a link that works once, for an hour, and ends all sessions")]
    public async Task Known()
    {
        var session = (await desk.SendAsStranger(new CheckPassword(ana.Email, Person.Password))).Who!;
        var mail = Assert.Single(await AskAsync($"  {ana.Email.ToUpperInvariant()} "));
        Assert.Equal((ana.Email, "pt-BR"), (mail.To, mail.Language));
        Assert.StartsWith("https://desk.example/invite/", mail.Url);
        Assert.Equal(clock.GetUtcNow().UtcDateTime.AddHours(1), mail.Until);
        clock.Advance(TimeSpan.FromMinutes(59));
        Assert.True(await OpensAsync(TokenOf(mail)));
        Assert.False(await OpensAsync(TokenOf(mail)));
        Assert.Null(await desk.Services.GetRequiredService<IActors>().FindAsync(session.Id, session.Stamp));
        Assert.NotNull((await desk.SendAsStranger(new CheckPassword(ana.Email, New))).Who);
        Assert.Contains(await desk.SendAs(rita, new ReadAccess(ana.Id)), e => e is { What: AccessEvent.PasswordAsked, Address: "192.0.2.7" });
    }

    [Fact(DisplayName = "After an hour it is too late")]
    public async Task Late()
    {
        var mail = Assert.Single(await AskAsync(ana.Email));
        clock.Advance(TimeSpan.FromMinutes(61));
        Assert.False(await OpensAsync(TokenOf(mail)));
    }

    [Fact(DisplayName = "Unknown and deactivated get the same answer, cause the same work, and get nothing")]
    public async Task Nobody()
    {
        var off = await desk.PersonAsync("Bia");
        await desk.SendAs(rita, new DeactivateUser(off.Id));
        foreach (var email in new[] { off.Email, "ninguem@example.test", "isto não é e-mail", "' OR 1=1--" }) Assert.Empty(await AskAsync(email));
        Assert.Single(await AskAsync(ana.Email));
        var waited = await desk.ReadAsync(db => db.Set<LaneItem>().Where(i => i.Kind == "password").Select(i => i.State).ToListAsync());
        Assert.Equal(5, waited.Count);
        Assert.All(waited, s => Assert.Equal(LaneItemState.Done, s));
    }

    [Theory(DisplayName = "It is offered only where mail goes out and the public address is known: a request's own could lead elsewhere")]
    [InlineData(false, "https://desk.example")]
    [InlineData(true, "")]
    public async Task Offered(bool ready, string url)
    {
        mailer.IsReady = ready;
        await UrlAsync(url);
        Assert.False(desk.Services.GetRequiredService<PasswordByMail>().IsOffered);
        Assert.Equal(RefusalKind.NotFound, (await Assert.ThrowsAsync<Refusal>(() => AskAsync(ana.Email))).Kind);
        Assert.Empty(mailer.Mails);
    }

    [Fact(DisplayName = "One e-mail three times an hour, known or not; one address twenty times")]
    public async Task Limits()
    {
        foreach (var email in new[] { ana.Email, "ninguem@example.test" })
        {
            for (var i = 0; i < PasswordAsks.PerEmail; i++) await AskAsync(email, $"192.0.2.{i}");
            Assert.Equal(RefusalKind.Invalid, (await Assert.ThrowsAsync<Refusal>(() => AskAsync(email.ToUpperInvariant(), "192.0.2.99"))).Kind);
        }
        Assert.Equal(PasswordAsks.PerEmail, mailer.Mails.Count);
        for (var i = 0; i < PasswordAsks.PerAddress; i++) await AskAsync($"p{i}@example.test", "198.51.100.1");
        await Assert.ThrowsAsync<Refusal>(() => AskAsync("outra@example.test", "198.51.100.1"));
        await AskAsync("outra@example.test", "198.51.100.2");
        clock.Advance(TimeSpan.FromMinutes(61));
        Assert.Single(await AskAsync(ana.Email));
    }

    [Fact(DisplayName = "Whichever node they ask, a user gets no more than three links in an hour, and the last one counts")]
    public async Task Nodes()
    {
        await using var second = await Desk.OpenAsync(s => s.AddSingleton<IMailer>(mailer), clock, desk.SettingsOfANodeMore);
        for (var i = 0; i < 3; i++) await AskAsync(ana.Email);
        await second.SendAsStranger(new AskNewPassword(ana.Email));
        await second.SettleAsync();
        Assert.Equal(3, mailer.Mails.Count);
        Assert.False(await OpensAsync(TokenOf(mailer.Mails[0])));
        Assert.True(await OpensAsync(TokenOf(mailer.Mails[2])));
    }

    [Fact(DisplayName = "Anybody can ask, so asking spoils no invitation; a new password ends every link")]
    public async Task Invitation()
    {
        var invited = await desk.SendAs(rita, new MakeOneTimeLink(ana.Id));
        var own = TokenOf(Assert.Single(await AskAsync(ana.Email)));
        Assert.NotNull(await desk.SendAsStranger(new ReadInvitation(invited)));
        Assert.True(await OpensAsync(invited));
        Assert.False(await OpensAsync(own));
    }

    [Fact(DisplayName = "A link that a colleague made is mailed as it is, in the reader's language; the public address goes before theirs")]
    public async Task Mailed()
    {
        var id = await desk.SendAs(rita, new SaveUser(null, "Bia", "bia@example.test", BuiltInRoles.Agent, [], null, null));
        await desk.WriteAsync(db => db.Set<User>().Where(u => u.Id == id).ExecuteUpdateAsync(set => set.SetProperty(u => u.Language, "en")));
        var token = await desk.SendAs(rita, new MakeOneTimeLink(id));
        await desk.SendAs(rita, new MailOneTimeLink(id, token, "http://10.0.0.5:5080/"));
        var mail = Assert.Single(mailer.Mails);
        Assert.Equal(("bia@example.test", "Your access to Inforzap", $"https://desk.example/invite/{token}"), (mail.To, mail.Subject, mail.Url));
        await UrlAsync("");
        await desk.SendAs(rita, new MailOneTimeLink(id, token, "http://10.0.0.5:5080/"));
        Assert.Equal($"http://10.0.0.5:5080/invite/{token}", mailer.Mails[1].Url);
        Assert.True(await OpensAsync(token));
    }

    [Fact(DisplayName = "Mailed are only living links of active users, by who may edit them, while mail goes out")]
    public async Task NotMailed()
    {
        var (lead, agent) = (await desk.PersonAsync("Lia", BuiltInRoles.Supervisor), await desk.PersonAsync("Bia"));
        var token = await desk.SendAs(rita, new MakeOneTimeLink(ana.Id));
        var ritas = await desk.SendAs(rita, new MakeOneTimeLink(rita.Id));
        const string root = "https://desk.example/";
        async Task<RefusalKind> Refused(Person who, MailOneTimeLink link) => (await Assert.ThrowsAsync<Refusal>(() => desk.SendAs(who, link))).Kind;
        Assert.Equal(RefusalKind.Forbidden, await Refused(agent, new(ana.Id, token, root)));
        Assert.Equal(RefusalKind.Forbidden, await Refused(lead, new(rita.Id, ritas, root)));
        Assert.Equal(RefusalKind.NotFound, await Refused(rita, new(ana.Id, ritas, root)));
        await UrlAsync("");
        Assert.Equal(RefusalKind.Invalid, await Refused(rita, new(ana.Id, token, "javascript:alert(1)")));
        mailer.IsReady = false;
        Assert.Equal(RefusalKind.Invalid, await Refused(rita, new(ana.Id, token, root)));
        mailer.IsReady = true;
        clock.Advance(TimeSpan.FromHours(25));
        Assert.Equal(RefusalKind.NotFound, await Refused(rita, new(ana.Id, token, root)));
        await desk.SendAs(rita, new DeactivateUser(ana.Id));
        Assert.Equal(RefusalKind.Invalid, await Refused(rita, new(ana.Id, token, root)));
        Assert.Empty(mailer.Mails);
    }

    [Theory(DisplayName = "Where one session at a time is allowed a new one ends the others; else they go on")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Single(bool single)
    {
        await desk.SendAsSystem(new ChangeSettings(new Dictionary<string, string> { [Setting.SingleSession.Name] = single ? "true" : "false" }));
        await desk.Services.GetRequiredService<ISettings>().LoadAsync();
        var actors = desk.Services.GetRequiredService<IActors>();
        async Task<string> EnterAsync(Person who)
        {
            var answer = (await desk.SendAsStranger(new CheckPassword(who.Email, Person.Password))).Who!;
            return await desk.SendAsSystem(new OpenSession(who.Id, answer.Stamp));
        }
        var (first, others) = (await EnterAsync(ana), await EnterAsync(rita));
        Assert.NotNull(await actors.FindAsync(ana.Id, first));
        var second = await EnterAsync(ana);
        Assert.NotNull(await actors.FindAsync(ana.Id, second));
        Assert.Equal(single, await actors.FindAsync(ana.Id, first) is null);
        Assert.NotNull(await actors.FindAsync(rita.Id, others));
        // What was checked before everything ended opens nothing.
        Assert.Equal("old", await desk.SendAsSystem(new OpenSession(ana.Id, "old")));
        Assert.NotNull(await actors.FindAsync(ana.Id, second));
    }
}
