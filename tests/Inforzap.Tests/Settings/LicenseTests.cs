using Bunit;
using Inforzap.Requests;
using Inforzap.Settings.License;
using Inforzap.Tests.Support;
using Microsoft.AspNetCore.Components;

namespace Inforzap.Tests.Settings;

public sealed class LicenseTests(Desk desk) : IClassFixture<Desk>
{
    [Fact]
    public async Task It_counts_who_is_active_and_who_is_there()
    {
        var admin = await desk.PersonAsync("Rute", BuiltInRoles.Administrator);
        var before = await desk.SendAs(admin, new ReadLicense());
        var ana = await desk.PersonAsync("Ana");
        await desk.SendAsSystem(new Inforzap.Contracts.Identity.NoteSeen(ana.Id));
        var after = await desk.SendAs(admin, new ReadLicense());
        Assert.Equal((before.Users + 1, before.UsersOnline + 1), (after.Users, after.UsersOnline));
        Assert.NotEmpty(after.Version);
    }

    [Theory]
    [InlineData(BuiltInRoles.Agent)]
    [InlineData(BuiltInRoles.Supervisor)]
    public async Task Only_administrators_read_it(BuiltInRoles role)
    {
        var person = await desk.PersonAsync("Eu", role);
        Assert.Equal(RefusalKind.Forbidden, (await Assert.ThrowsAsync<Refusal>(() => desk.SendAs(person, new ReadLicense()))).Kind);
    }
}

public sealed class NoticesTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("inforzap-notices-");

    public void Dispose() => folder.Delete(recursive: true);

    private void Write(string package, string file, string text) => File.WriteAllText(Path.Combine(folder.CreateSubdirectory(package).FullName, file), text);

    [Fact]
    public void Packages_are_told_as_they_tell_of_themselves()
    {
        Write("b", "b.nuspec", """
            <package xmlns="http://schemas.microsoft.com/packaging/2013/05/nuspec.xsd"><metadata><id>Beta</id><version>2.1.0</version><authors>Bia</authors>
            <license type="expression">Apache-2.0</license><projectUrl>https://beta.example/</projectUrl><copyright>(c) Bia</copyright></metadata></package>
            """);
        Write("a", "a.nuspec", "<package><metadata><id>alfa</id><version>1.0.0</version><authors>Ana</authors><licenseUrl>https://alfa.example/license</licenseUrl><projectUrl>javascript:alert(1)</projectUrl></metadata></package>");
        Write("a", "LICENSE.txt", "Use it well.");
        Write("inter", "package.json", """{"name":"inter","version":"5.0.0","license":"OFL-1.1","author":{"name":"x"}}""");
        Write("empty", "LICENSE", "Nobody knows whose.");
        File.WriteAllText(Path.Combine(folder.FullName, "LICENSE"), "MIT");
        var notices = new Notices(folder.FullName);
        Assert.Equal("MIT", notices.Own);
        Assert.Equal(["alfa", "Beta", "inter"], notices.All.Select(n => n.Name));
        Assert.Equal(("https://alfa.example/license", "Use it well.", null), (notices.All[0].License, notices.All[0].Text, notices.All[0].Project));
        Assert.Equal(("2.1.0", "Apache-2.0", "(c) Bia", "https://beta.example/"), (notices.All[1].Version, notices.All[1].License, notices.All[1].Copyright, notices.All[1].Project!.ToString()));
        Assert.Equal(("OFL-1.1", null), (notices.All[2].License, notices.All[2].Authors));
    }

    [Fact]
    public void Where_the_build_laid_none_there_are_none() => Assert.Empty(new Notices(Path.Combine(folder.FullName, "nowhere")).All);
}

public sealed class LicensePageTests : ComponentTest
{
    private IRenderedComponent<LicensePage> Page()
    {
        IActor me = SignIn("Eu", "license.see");
        return Render<CascadingValue<IActor>>(p => p.Add(c => c.Value, me).AddChildContent<LicensePage>()).FindComponent<LicensePage>();
    }

    [Fact]
    public void It_shows_seats_the_licence_and_the_notices()
    {
        Mediator.On<ReadLicense, LicenseFacts>(_ => new("1.0.0+abc", 12, 3, 2, 1, "MIT License", [new("MudBlazor", "9.12.0", "G", "MIT", "(c) M", new("https://mudblazor.com/"), "Words")]));
        var page = Page();
        Assert.Contains("12", page.Find(".seats").TextContent);
        Assert.Contains("3 on-line", page.Find(".seats").TextContent);
        Assert.Contains("MIT License", page.Find(".license pre").TextContent);
        Assert.Equal("https://mudblazor.com/", page.Find(".notices a").GetAttribute("href"));
    }

    [Fact]
    public void While_it_loads_there_are_skeletons_and_a_refusal_is_shown()
    {
        var answer = new TaskCompletionSource<LicenseFacts>();
        Mediator.OnAsync<ReadLicense, LicenseFacts>(_ => answer.Task);
        var page = Page();
        Assert.NotEmpty(page.FindAll(".skeletons"));
        answer.SetException(Refusal.Forbidden("Você não pode ver isto."));
        page.WaitForAssertion(() => Assert.Contains("Você não pode ver isto.", page.Find("[role=alert]").TextContent));
    }
}
