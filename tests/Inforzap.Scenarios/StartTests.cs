namespace Inforzap.Scenarios;

public sealed class StartTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("inforzap-start-");

    [Fact]
    public async Task It_starts_on_nothing_and_again_on_what_it_left()
    {
        for (var start = 0; start < 2; start++)
        {
            await using var host = await HostProcess.StartAsync(new Dictionary<string, string> { ["Data__Root"] = folder.FullName });
            Assert.True((await host.Http.GetAsync(new Uri(host.Url, "health/live"))).IsSuccessStatusCode);
        }
        Assert.True(File.Exists(Path.Combine(folder.FullName, "inforzap.db")));
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(folder.FullName, "master.key")));
    }

    [Fact]
    public async Task It_starts_on_PostgreSQL()
    {
        var server = Environment.GetEnvironmentVariable("INFORZAP_TEST_POSTGRES");
        Assert.SkipWhen(server is null, "INFORZAP_TEST_POSTGRES says nothing; test.sh sets it.");
        var name = $"inforzap_{Guid.NewGuid():N}";
        await using var connection = new Npgsql.NpgsqlConnection(server);
        await connection.OpenAsync();
        await using (var create = new Npgsql.NpgsqlCommand($"CREATE DATABASE {name}", connection)) await create.ExecuteNonQueryAsync();
        var database = new Npgsql.NpgsqlConnectionStringBuilder(server) { Database = name }.ToString();
        await using var host = await HostProcess.StartAsync(new Dictionary<string, string>
        {
            ["Data__Root"] = folder.FullName, ["Database__Provider"] = "PostgreSql", ["ConnectionStrings__Inforzap"] = database,
        });
        Assert.True((await host.Http.GetAsync(new Uri(host.Url, "health/ready"))).IsSuccessStatusCode);
    }

    public void Dispose() => folder.Delete(recursive: true);
}
