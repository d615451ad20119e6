using Inforzap.Contracts.Identity;
using Inforzap.Contracts.Settings;
using Inforzap.Identity;
using Inforzap.Identity.Links;
using Inforzap.Identity.Sessions;
using Inforzap.Tests.Support;
using Inforzap.Identity.FirstStart;
using Microsoft.Extensions.Configuration;

namespace Inforzap.Tests.Identity;

public class SetUpTests
{
    [Fact(DisplayName = "Only the console's token sets the company up, and only once")]
    public async Task Once()
    {
        await using var desk = await Desk.OpenAsync();
        var token = desk.Services.GetRequiredService<SetUpToken>().Text;
        Assert.False(await desk.SendAsStranger(new IsSetUp()));
        Assert.Equal(RefusalKind.Forbidden, (await Assert.ThrowsAsync<Refusal>(() => desk.SendAsStranger(Form("0123456789abcdef")))).Kind);
        Assert.False(await desk.SendAsStranger(new IsSetUp()));
        var admin = await desk.SendAsStranger(Form(token));
        Assert.True(await desk.SendAsStranger(new IsSetUp()));
        Assert.Equal("Padaria Aurora", desk.Services.GetRequiredService<ISettings>().Get(Setting.CompanyName));
        Assert.Equal(admin.Id, (await desk.SendAsStranger(new CheckPassword("marina@aurora.com.br", "tijolo cometa varanda"))).Who?.Id);
        Assert.Equal(RefusalKind.Conflict, (await Assert.ThrowsAsync<Refusal>(() => desk.SendAsStranger(Form(token) with { Email = "other@aurora.com.br" }))).Kind);
    }

    [Fact(DisplayName = "A weak password or a wrong address leaves the set-up open")]
    public async Task Refused()
    {
        await using var desk = await Desk.OpenAsync();
        var token = desk.Services.GetRequiredService<SetUpToken>().Text;
        await Assert.ThrowsAsync<Refusal>(() => desk.SendAsStranger(Form(token) with { Password = "administrador1" }));
        await Assert.ThrowsAsync<Refusal>(() => desk.SendAsStranger(Form(token) with { PublicUrl = "javascript:alert(1)" }));
        await Assert.ThrowsAsync<Refusal>(() => desk.SendAsStranger(Form(token) with { TimeZone = "Mars/Olympus" }));
        Assert.False(await desk.SendAsStranger(new IsSetUp()));
    }

    [Fact(DisplayName = "Of two that set up at once one wins")]
    public async Task Race()
    {
        await using var desk = await Desk.OpenAsync();
        var token = desk.Services.GetRequiredService<SetUpToken>().Text;
        var both = await Task.WhenAll(Enumerable.Range(0, 2).Select(async i =>
        {
            try { await desk.SendAsStranger(Form(token) with { Email = $"admin{i}@aurora.com.br" }); return true; }
            catch (Refusal) { return false; }
        }));
        Assert.Single(both, won => won);
    }

    [Fact(DisplayName = "reset-admin gives the first administrator a link, also when disabled")]
    public async Task ResetAdmin()
    {
        await using var desk = await Desk.OpenAsync();
        Assert.Null(await desk.SendAsSystem(new MakeAdminLink()));
        var rita = await desk.PersonAsync("Rita", BuiltInRoles.Administrator);
        await desk.WriteAsync(db => db.Set<User>().ExecuteUpdateAsync(set => set.SetProperty(u => u.IsActive, false)));
        var made = await desk.SendAsSystem(new MakeAdminLink());
        Assert.Equal(rita.Id, (await desk.SendAsStranger(new AcceptInvitation(made!.Token, "tijolo cometa varanda"))).Who?.Id);
    }

    [Fact(DisplayName = "Nobody has a password at first, and each start has a token of its own that can't be guessed")]
    public async Task NoBuiltIn()
    {
        await using var desk = await Desk.OpenAsync();
        Assert.Empty(await desk.ReadAsync(db => db.Set<User>().ToListAsync()));
        foreach (var (email, password) in new[] { ("admin", "admin"), ("admin@example.com", "admin"), ("administrator", "inforzap"), ("root", "") })
            if (password.Length > 0) Assert.Null((await desk.SendAsStranger(new CheckPassword(email, password))).Who);
        var tokens = Enumerable.Range(0, 100).Select(_ => new SetUpToken().Text).ToList();
        Assert.Equal(100, tokens.Distinct().Count());
        Assert.All(tokens, t => Assert.Matches("^[0-9a-f]{32}$", t));
    }

    [Theory(DisplayName = "An administrator of the configuration has a good password too, and the refusal does not repeat it")]
    [InlineData("Senha@123")]
    [InlineData("administrador1")]
    [InlineData("changeme-changeme")]
    public async Task WeakAdministrator(string password)
    {
        await using var desk = await Desk.OpenAsync();
        var configuration = new Microsoft.Extensions.Configuration.ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["INFORZAP_ADMIN_EMAIL"] = "admin@aurora.com.br", ["INFORZAP_ADMIN_PASSWORD"] = password,
        }).Build();
        var start = new Inforzap.Identity.FirstStart.FirstStart(desk.Services.GetRequiredService<Inforzap.Requests.SystemMediator>(), desk.Services.GetRequiredService<SetUpToken>(), desk.Services.GetRequiredService<FirstThings>(), configuration);
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => start.StartedAsync(default));
        Assert.Contains("INFORZAP_ADMIN_PASSWORD", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(password, refused.Message, StringComparison.Ordinal);
        Assert.False(await desk.SendAsStranger(new IsSetUp()));
    }

    private static SetUp Form(string token) =>
        new(token, "Padaria Aurora", "America/Sao_Paulo", null, "Marina Duarte", "marina@aurora.com.br", "tijolo cometa varanda", "pt-BR");
}
