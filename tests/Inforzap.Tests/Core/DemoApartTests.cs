using Inforzap.Host.Seed;
using Microsoft.Extensions.Configuration;

namespace Inforzap.Tests.Core;

/// <summary>A demo that is started where the real company's settings are reaches none of what is theirs.</summary>
public sealed class DemoApartTests
{
    [Fact]
    public void What_the_environment_says_of_the_real_company_does_not_hold_for_the_demo()
    {
        var builder = new ConfigurationManager();
        builder.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Data:Root"] = "/srv/real", ["Database:Provider"] = "PostgreSql", ["ConnectionStrings:Inforzap"] = "Host=real", ["Files:Root"] = "/srv/files", ["MasterKey:File"] = "/srv/key",
            ["Cluster:Redis"] = "real:6379", ["Channels:loja:Provider"] = "waba", ["Channels:loja:Settings:AccessToken"] = "EAAG", ["CHANNELS:Pace"] = "5", ["Public:Url"] = "http://localhost",
        });
        builder.AddInMemoryCollection(DemoSetup.Apart(builder, "/tmp/demo"));
        Assert.Equal(("/tmp/demo", "Sqlite", "http://localhost"), (builder["Data:Root"], builder["Database:Provider"], builder["Public:Url"]));
        string[] gone = ["ConnectionStrings:Inforzap", "Files:Root", "MasterKey:File", "Cluster:Redis", "Channels:loja:Provider", "Channels:loja:Settings:AccessToken", "Channels:Pace"];
        Assert.All(gone, key => Assert.Null(builder[key]));
        Assert.All(builder.GetSection("Channels").GetChildren(), c => Assert.True(string.IsNullOrEmpty(c["Provider"])));
    }
}
