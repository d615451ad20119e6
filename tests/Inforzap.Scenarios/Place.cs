using System.Data.Common;
using System.Diagnostics;
using Inforzap.Data;
using Microsoft.Data.SqlClient;
using Npgsql;

namespace Inforzap.Scenarios;

/// <summary>
/// The databases that can be run here: SQLite always, PostgreSQL where <c>INFORZAP_TEST_POSTGRES</c> says where it is, SQL Server where
/// <c>INFORZAP_TEST_DB=SqlServer;Server=...</c> does, as for the fast tests.
/// </summary>
internal static class Databases
{
    public static string? Postgres { get; } = Environment.GetEnvironmentVariable("INFORZAP_TEST_POSTGRES");

    public static string? SqlServer { get; } =
        Environment.GetEnvironmentVariable("INFORZAP_TEST_DB")?.Split(';', 2) is ["SqlServer", var where] ? where : null;

    public static IReadOnlyList<string> Available { get; } =
        [.. from d in new[] { ("Sqlite", "here"), ("PostgreSql", Postgres), ("SqlServer", SqlServer) } where !string.IsNullOrEmpty(d.Item2) select d.Item1];
}

/// <summary>A folder and a database of one scenario, gone afterwards.</summary>
internal sealed class Place : IAsyncDisposable
{
    /// <summary>Signs what comes in by the Echo channel.</summary>
    public const string Secret = "segredo-do-webhook";

    private readonly DatabaseSettings database;
    private readonly string server, name;

    private Place(DatabaseProvider provider, string server)
    {
        (Folder, this.server, name) = (Directory.CreateTempSubdirectory("inforzap-scene-").FullName, server, $"scene_{Guid.NewGuid():N}");
        database = new(provider, provider switch
        {
            DatabaseProvider.Sqlite => $"Data Source={Path.Combine(Folder, "inforzap.db")}",
            DatabaseProvider.PostgreSql => new NpgsqlConnectionStringBuilder(server) { Database = name, MaxPoolSize = 40 }.ToString(),
            _ => new SqlConnectionStringBuilder(server) { InitialCatalog = name }.ToString(),
        });
    }

    public string Folder { get; }

    public static Task<Place> MakeAsync(string provider) => MakeAsync(Enum.Parse<DatabaseProvider>(provider), (provider == "SqlServer" ? Databases.SqlServer : Databases.Postgres) ?? "");

    /// <summary>On a server of the scenario's own.</summary>
    public static async Task<Place> MakeAsync(DatabaseProvider provider, string server)
    {
        var place = new Place(provider, server);
        if (provider != DatabaseProvider.Sqlite) await place.OnServerAsync($"CREATE DATABASE {place.name}");
        if (provider == DatabaseProvider.SqlServer) await place.OnServerAsync($"ALTER DATABASE {place.name} SET READ_COMMITTED_SNAPSHOT ON");
        return place;
    }

    /// <summary>What the operator of this scenario sets: an Echo channel that posts to <paramref name="provider"/>, and short waits.</summary>
    public Dictionary<string, string> Settings(Uri provider) => new()
    {
        ["Data__Root"] = Folder,
        ["Database__Provider"] = database.Provider.ToString(),
        ["ConnectionStrings__Inforzap"] = database.ConnectionString,
        ["Plugins__Root"] = Path.Combine(HostProcess.Root, "artifacts", "plugins"),
        ["INFORZAP_ADMIN_EMAIL"] = "admin@example.test",
        ["INFORZAP_ADMIN_PASSWORD"] = "Senha-do-cenario-2026",
        ["Http__Allow__0"] = provider.Authority,
        ["Channels__echo__Provider"] = "echo",
        ["Channels__echo__Name"] = "Echo",
        ["Channels__echo__Settings__Secret"] = Secret,
        ["Channels__echo__Settings__BaseUrl"] = new Uri(provider, "send").ToString(),
        ["Sends__DeadlineSeconds"] = "3",
    };

    public async Task<T> ReadAsync<T>(Func<InforzapDb, Task<T>> read)
    {
        await using var db = Open();
        return await read(db);
    }

    /// <summary>Waits until it is so.</summary>
    public async Task EventuallyAsync(Func<InforzapDb, Task<bool>> so, TimeSpan? within = null)
    {
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < (within ?? TimeSpan.FromSeconds(40)))
        {
            await using (var db = Open())
                if (await so(db)) return;
            await Task.Delay(100);
        }
        throw new TimeoutException("It did not come to be so.");
    }

    /// <summary>Waits until it is there.</summary>
    public async Task<T> EventuallyAsync<T>(Func<InforzapDb, Task<T?>> read) where T : struct
    {
        T? found = null;
        await EventuallyAsync(async db => (found = await read(db)) is not null);
        return found!.Value;
    }

    private InforzapDb Open() => database.Provider switch
    {
        DatabaseProvider.Sqlite => new SqliteDb(Options<SqliteDb>(), Host.Modules.All),
        DatabaseProvider.PostgreSql => new PostgreSqlDb(Options<PostgreSqlDb>(), Host.Modules.All),
        _ => new SqlServerDb(Options<SqlServerDb>(), Host.Modules.All),
    };

    private DbContextOptions<T> Options<T>() where T : DbContext
    {
        var options = new DbContextOptionsBuilder<T>();
        DatabaseSetup.Configure(options, database);
        return options.Options;
    }

    private async Task OnServerAsync(string statement)
    {
        await using DbConnection connection = database.Provider == DatabaseProvider.SqlServer ? new SqlConnection(server) : new NpgsqlConnection(server);
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = statement;
        await command.ExecuteNonQueryAsync();
    }

    public async ValueTask DisposeAsync()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        NpgsqlConnection.ClearAllPools();
        if (database.Provider == DatabaseProvider.PostgreSql) await OnServerAsync($"DROP DATABASE {name} WITH (FORCE)");
        if (database.Provider == DatabaseProvider.SqlServer) await OnServerAsync($"ALTER DATABASE {name} SET SINGLE_USER WITH ROLLBACK IMMEDIATE; DROP DATABASE {name}");
        Directory.Delete(Folder, recursive: true);
    }
}
