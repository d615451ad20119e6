using System.Diagnostics;
using Inforzap.Data;
using Npgsql;

namespace Inforzap.Scenarios;

/// <summary>The databases that can be run here: SQLite always, PostgreSQL where <c>INFORZAP_TEST_POSTGRES</c> says where it is.</summary>
internal static class Databases
{
    public static string? Postgres { get; } = Environment.GetEnvironmentVariable("INFORZAP_TEST_POSTGRES");

    public static IReadOnlyList<string> Available => string.IsNullOrEmpty(Postgres) ? ["Sqlite"] : ["Sqlite", "PostgreSql"];
}

/// <summary>A folder and a database of one scenario, gone afterwards.</summary>
internal sealed class Place : IAsyncDisposable
{
    /// <summary>Signs what comes in by the Echo channel.</summary>
    public const string Secret = "segredo-do-webhook";

    private readonly DatabaseSettings database;
    private readonly string? name;

    private Place(string folder, DatabaseSettings database, string? name) => (Folder, this.database, this.name) = (folder, database, name);

    public string Folder { get; }

    public static async Task<Place> MakeAsync(string provider)
    {
        var folder = Directory.CreateTempSubdirectory("inforzap-scene-").FullName;
        if (provider == "Sqlite") return new(folder, new(DatabaseProvider.Sqlite, $"Data Source={Path.Combine(folder, "inforzap.db")}"), null);
        var name = $"scene_{Guid.NewGuid():N}";
        await using var admin = new NpgsqlConnection(Databases.Postgres);
        await admin.OpenAsync();
        await using var create = new NpgsqlCommand($"CREATE DATABASE {name}", admin);
        await create.ExecuteNonQueryAsync();
        return new(folder, new(DatabaseProvider.PostgreSql, new NpgsqlConnectionStringBuilder(Databases.Postgres) { Database = name }.ToString()), name);
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

    private InforzapDb Open()
    {
        if (database.Provider == DatabaseProvider.Sqlite)
        {
            var sqlite = new DbContextOptionsBuilder<SqliteDb>();
            DatabaseSetup.Configure(sqlite, database);
            return new SqliteDb(sqlite.Options, Host.Modules.All);
        }
        var postgres = new DbContextOptionsBuilder<PostgreSqlDb>();
        DatabaseSetup.Configure(postgres, database);
        return new PostgreSqlDb(postgres.Options, Host.Modules.All);
    }

    public async ValueTask DisposeAsync()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        NpgsqlConnection.ClearAllPools();
        if (name is not null)
        {
            await using var admin = new NpgsqlConnection(Databases.Postgres);
            await admin.OpenAsync();
            await using var drop = new NpgsqlCommand($"DROP DATABASE {name} WITH (FORCE)", admin);
            await drop.ExecuteNonQueryAsync();
        }
        Directory.Delete(Folder, recursive: true);
    }
}
