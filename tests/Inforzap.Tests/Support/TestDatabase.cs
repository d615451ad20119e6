using Inforzap.Data;
using Inforzap.Host;
using Microsoft.Data.SqlClient;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Configuration;
using Npgsql;

namespace Inforzap.Tests.Support;

/// <summary>
/// A database of one test class: a copy of one that was migrated once per run. SQLite, or what <c>INFORZAP_TEST_DB</c>
/// says: <c>PostgreSql;Host=...</c> or <c>SqlServer;Server=...</c>, on which databases are made and dropped.
/// </summary>
internal sealed class TestDatabase : IAsyncDisposable
{
    private static readonly Lazy<Task<string>> Template = new(MakeTemplateAsync);
    private static readonly SemaphoreSlim Copying = new(1, 1);
    private static readonly (DatabaseProvider Provider, string Server) Chosen = Choose();

    private TestDatabase(string name, string connectionString) => (Name, ConnectionString) = (name, connectionString);

    private string Name { get; }

    public static DatabaseProvider Provider => Chosen.Provider;

    public string ConnectionString { get; }

    public static async Task<TestDatabase> CopyAsync(string folder)
    {
        var template = await Template.Value;
        var name = $"inforzap_{Guid.NewGuid():N}";
        switch (Provider)
        {
            case DatabaseProvider.Sqlite:
                var file = Path.Combine(folder, "inforzap.db");
                File.Copy(template, file);
                return new(file, $"Data Source={file}");
            case DatabaseProvider.PostgreSql:
                await Copying.WaitAsync();
                try
                {
                    await OnServerAsync($"CREATE DATABASE {name} TEMPLATE {template}");
                }
                finally
                {
                    Copying.Release();
                }
                return new(name, ConnectionTo(name));
            default:
                await MigrateServerAsync(name);
                return new(name, ConnectionTo(name));
        }
    }

    public async ValueTask DisposeAsync()
    {
        switch (Provider)
        {
            case DatabaseProvider.Sqlite:
                SqliteConnection.ClearAllPools();
                break;
            case DatabaseProvider.PostgreSql:
                await using (var connection = new NpgsqlConnection(ConnectionString)) NpgsqlConnection.ClearPool(connection);
                await OnServerAsync($"DROP DATABASE {Name} WITH (FORCE)");
                break;
            default:
                await OnServerAsync($"ALTER DATABASE {Name} SET SINGLE_USER WITH ROLLBACK IMMEDIATE; DROP DATABASE {Name}");
                break;
        }
    }

    private static (DatabaseProvider, string) Choose()
    {
        var text = Environment.GetEnvironmentVariable("INFORZAP_TEST_DB");
        if (string.IsNullOrEmpty(text)) return (DatabaseProvider.Sqlite, "");
        var parts = text.Split(';', 2);
        return (Enum.Parse<DatabaseProvider>(parts[0], ignoreCase: true), parts[1]);
    }

    private static async Task<string> MakeTemplateAsync()
    {
        if (Provider == DatabaseProvider.SqlServer) return "";
        if (Provider == DatabaseProvider.PostgreSql)
        {
            var name = $"inforzap_template_{Guid.NewGuid():N}";
            await MigrateServerAsync(name);
            await using (var connection = new NpgsqlConnection(ConnectionTo(name))) NpgsqlConnection.ClearPool(connection);
            AppDomain.CurrentDomain.ProcessExit += (_, _) => OnServer($"DROP DATABASE IF EXISTS {name} WITH (FORCE)");
            return name;
        }
        var folder = Directory.CreateTempSubdirectory("inforzap-template-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        var file = Path.Combine(folder, "template.db");
        // Without a pool the last connection folds the log into the file, so that one file is all there is to copy.
        await MigrateAsync($"Data Source={file};Pooling=False");
        return file;
    }

    private static async Task MigrateServerAsync(string name)
    {
        await OnServerAsync($"CREATE DATABASE {name}");
        if (Provider == DatabaseProvider.SqlServer) await OnServerAsync($"ALTER DATABASE {name} SET READ_COMMITTED_SNAPSHOT ON");
        await MigrateAsync(ConnectionTo(name));
    }

    private static async Task MigrateAsync(string connectionString)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Database:Provider"] = Provider.ToString(),
            ["ConnectionStrings:Inforzap"] = connectionString,
        }).Build();
        await using var services = new ServiceCollection().AddLogging().AddSingleton(Modules.All).AddSingleton(TimeProvider.System)
            .AddInforzapDb(DatabaseSettings.From(configuration)).BuildServiceProvider();
        await DatabaseStart.RunAsync(services);
    }

    private static string ConnectionTo(string database) => Provider == DatabaseProvider.PostgreSql
        ? new NpgsqlConnectionStringBuilder(Chosen.Server) { Database = database, MaxPoolSize = 20 }.ToString()
        : new SqlConnectionStringBuilder(Chosen.Server) { InitialCatalog = database }.ToString();

    private static async Task OnServerAsync(string statement)
    {
        await using System.Data.Common.DbConnection connection = Provider == DatabaseProvider.PostgreSql
            ? new NpgsqlConnection(Chosen.Server) : new SqlConnection(Chosen.Server);
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = statement;
        await command.ExecuteNonQueryAsync();
    }

    private static void OnServer(string statement) => OnServerAsync(statement).GetAwaiter().GetResult();
}
