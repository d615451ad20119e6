using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Inforzap.Scenarios;

/// <summary>A company to look at, started where a real one's settings are.</summary>
public sealed class DemoTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("inforzap-demo-");

    private string Demo => Path.Combine(folder.FullName, "demo");

    private string Real => Path.Combine(folder.FullName, "real");

    [Fact]
    public async Task It_is_a_company_of_two_weeks_that_lives_apart_from_the_real_one()
    {
        var files = Directory.CreateDirectory(Path.Combine(Real, "files"));
        var old = Path.Combine(files.FullName, "0c", Guid.NewGuid().ToString("N"));
        Directory.CreateDirectory(Path.GetDirectoryName(old)!);
        await File.WriteAllTextAsync(old, "do cliente");
        File.SetLastWriteTimeUtc(old, DateTime.UtcNow.AddDays(-3));
        var settings = new Dictionary<string, string>
        {
            ["Demo__Root"] = Demo,
            ["Plugins__Root"] = Path.Combine(HostProcess.Root, "artifacts", "plugins"),
            // None of these may be touched.
            ["Data__Root"] = Real, ["Files__Root"] = files.FullName, ["MasterKey__File"] = Path.Combine(Real, "real.key"), ["Cluster__Redis"] = "127.0.0.1:1",
            ["Channels__loja__Provider"] = "telegram", ["Channels__loja__Settings__BotToken"] = "123456:de-verdade",
        };
        await using (var host = await HostProcess.StartAsync(settings, "--demo"))
        {
            var said = host.Output.ToList();
            Assert.False(host.HasExited, string.Join(Environment.NewLine, said));
            Assert.Equal(10, said.Count(l => l.Contains("@aurora.example", StringComparison.Ordinal)));
            Assert.Equal(10, await CountAsync("SELECT COUNT(*) FROM identity_Users"));
            Assert.Equal(4, await CountAsync("SELECT COUNT(*) FROM tickets_Queues"));
            Assert.True(await CountAsync("SELECT COUNT(*) FROM tickets_Tickets") >= 300);
            Assert.Equal(0, await CountAsync("SELECT COUNT(*) FROM channels_Channels WHERE Kind NOT IN ('webchat', 'echo')"));
            Assert.True(await CountAsync("SELECT COUNT(DISTINCT date(CreatedAt)) FROM tickets_Messages") >= 10);
            Assert.Equal(4, await CountAsync("SELECT COUNT(DISTINCT ClosingReasonId) FROM tickets_Cycles WHERE ClosingReasonId IS NOT NULL"));
            Assert.Equal(4, await CountAsync("SELECT COUNT(DISTINCT TagId) FROM contacts_ContactTags"));
            Assert.True(await CountAsync("SELECT COUNT(DISTINCT Status) FROM tickets_Tickets") == 3);
            var before = await CountAsync("SELECT COUNT(*) FROM tickets_Messages");
            var end = DateTime.UtcNow.AddSeconds(90);
            while (await CountAsync("SELECT COUNT(*) FROM tickets_Messages") == before)
            {
                Assert.True(DateTime.UtcNow < end, "No visitor wrote.");
                await Task.Delay(500);
            }
        }
        await using (var again = await HostProcess.StartAsync(settings, "--demo"))
        {
            Assert.False(again.HasExited);
            Assert.DoesNotContain(again.Output, l => l.Contains("@aurora.example", StringComparison.Ordinal));
        }
        Assert.Equal([old], Directory.GetFiles(Real, "*", SearchOption.AllDirectories));
        Assert.Equal("do cliente", await File.ReadAllTextAsync(old));
    }

    /// <summary>A making that was broken off leaves a folder that nobody takes for the demo.</summary>
    [Fact]
    public async Task What_was_left_half_made_is_made_anew()
    {
        var half = Directory.CreateDirectory(Demo + ".making");
        await File.WriteAllTextAsync(Path.Combine(half.FullName, "inforzap.db"), "pela metade");
        await using var host = await HostProcess.StartAsync(
            new Dictionary<string, string> { ["Demo__Root"] = Demo, ["Plugins__Root"] = Path.Combine(HostProcess.Root, "artifacts", "plugins") }, "--demo");
        Assert.False(host.HasExited, string.Join(Environment.NewLine, host.Output));
        Assert.False(Directory.Exists(half.FullName));
        Assert.Equal(10, await CountAsync("SELECT COUNT(*) FROM identity_Users"));
    }

    private async Task<long> CountAsync(string sql)
    {
        await using var db = new SqliteConnection($"Data Source={Path.Combine(Demo, "inforzap.db")};Mode=ReadOnly");
        await db.OpenAsync();
        await using var command = db.CreateCommand();
        command.CommandText = sql;
        return Convert.ToInt64(await command.ExecuteScalarAsync(), CultureInfo.InvariantCulture);
    }

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        folder.Delete(recursive: true);
    }
}
