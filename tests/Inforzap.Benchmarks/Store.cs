using System.Data.Common;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Inforzap.Benchmarks;

/// <summary>A folder and a database of one run, gone afterwards: SQLite in the folder, or a database made on a PostgreSQL server.</summary>
internal sealed class Store : IAsyncDisposable
{
    private readonly string? server;
    private readonly string? name;

    private Store(string? server, string? name)
    {
        (this.server, this.name) = (server, name);
        Folder = Directory.CreateTempSubdirectory("inforzap-bench-").FullName;
        Connection = server is null ? $"Data Source={Path.Combine(Folder, "inforzap.db")}" : new NpgsqlConnectionStringBuilder(server) { Database = name }.ToString();
    }

    public string Folder { get; }

    public string Connection { get; }

    public bool IsSqlite => server is null;

    /// <summary>An empty one.</summary>
    public static async Task<Store> MakeAsync(string? server)
    {
        var store = new Store(server, Name());
        if (server is not null) await OnServerAsync(server, $"CREATE DATABASE {store.name}");
        return store;
    }

    /// <summary>The same content once more. Nobody may be connected to this one.</summary>
    public async Task<Store> CopyAsync()
    {
        var copy = new Store(server, Name());
        foreach (var file in Directory.EnumerateFiles(Folder)) File.Copy(file, Path.Combine(copy.Folder, Path.GetFileName(file)));
        if (server is null) return copy;
        NpgsqlConnection.ClearAllPools();
        await OnServerAsync(server, $"CREATE DATABASE {copy.name} TEMPLATE {name}");
        return copy;
    }

    /// <summary>What the host has to know to work here.</summary>
    public Dictionary<string, string> Settings => new()
    {
        ["Data__Root"] = Folder,
        ["Database__Provider"] = IsSqlite ? "Sqlite" : "PostgreSql",
        ["ConnectionStrings__Inforzap"] = Connection,
    };

    /// <summary>A connection with the durability of the product.</summary>
    public async Task<DbConnection> OpenAsync()
    {
        DbConnection db = IsSqlite ? new SqliteConnection(Connection) : new NpgsqlConnection(Connection);
        await db.OpenAsync();
        if (IsSqlite) await db.RunAsync("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=30000; PRAGMA cache_size=-32000; PRAGMA temp_store=MEMORY");
        return db;
    }

    /// <summary>A table as this database calls it.</summary>
    public string Table(string schema, string table) => IsSqlite ? $"\"{schema}_{table}\"" : $"\"{schema}\".\"{table}\"";

    public async ValueTask DisposeAsync()
    {
        SqliteConnection.ClearAllPools();
        NpgsqlConnection.ClearAllPools();
        Directory.Delete(Folder, recursive: true);
        if (server is not null) await OnServerAsync(server, $"DROP DATABASE {name} WITH (FORCE)");
    }

    private static string Name() => $"bench_{Guid.NewGuid():N}";

    private static async Task OnServerAsync(string server, string statement)
    {
        await using var db = new NpgsqlConnection(server);
        await db.OpenAsync();
        await db.RunAsync(statement);
    }
}

/// <summary>Short ways to say things to a database.</summary>
internal static class Statements
{
    /// <summary>A moment as either database gives it, in UTC.</summary>
    public static DateTime Time(object value) => value is DateTime at ? at
        : DateTime.Parse((string)value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal);

    public static async Task RunAsync(this DbConnection db, string sql)
    {
        await using var command = db.CreateCommand();
        command.CommandText = sql;
        command.CommandTimeout = 0;
        await command.ExecuteNonQueryAsync();
    }

    public static async Task<long> CountAsync(this DbConnection db, string sql)
    {
        await using var command = db.CreateCommand();
        command.CommandText = sql;
        command.CommandTimeout = 0;
        return Convert.ToInt64(await command.ExecuteScalarAsync(), CultureInfo.InvariantCulture);
    }

    public static async Task<List<object[]>> RowsAsync(this DbConnection db, string sql)
    {
        await using var command = db.CreateCommand();
        command.CommandText = sql;
        command.CommandTimeout = 0;
        await using var reader = await command.ExecuteReaderAsync();
        List<object[]> rows = [];
        while (await reader.ReadAsync())
        {
            var row = new object[reader.FieldCount];
            reader.GetValues(row);
            rows.Add(row);
        }
        return rows;
    }
}
