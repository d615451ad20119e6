using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Configuration;

namespace Inforzap.Data;

/// <summary>The chosen database: <c>Database__Provider</c> and <c>ConnectionStrings__Inforzap</c>.</summary>
public sealed record DatabaseSettings(DatabaseProvider Provider, string ConnectionString)
{
    /// <summary>From configuration; embedded SQLite in <c>Data__Root</c> (./data) when nothing is said.</summary>
    /// <exception cref="InvalidOperationException">A provider that is none, or one without a connection string.</exception>
    public static DatabaseSettings From(IConfiguration configuration)
    {
        var name = configuration["Database:Provider"] ?? nameof(DatabaseProvider.Sqlite);
        if (!Enum.TryParse<DatabaseProvider>(name, ignoreCase: true, out var provider))
            throw new InvalidOperationException($"Database__Provider is '{name}'. It must be Sqlite, SqlServer or PostgreSql.");
        var connection = configuration.GetConnectionString("Inforzap");
        if (provider == DatabaseProvider.Sqlite)
        {
            connection ??= $"Data Source={Path.Combine(DataRoot(configuration), "inforzap.db")}";
            var builder = new SqliteConnectionStringBuilder(connection) { ForeignKeys = true, DefaultTimeout = 30 };
            return new(provider, builder.ToString());
        }
        return new(provider, connection ?? throw new InvalidOperationException($"Database__Provider is {provider}: say where it is in ConnectionStrings__Inforzap."));
    }

    /// <summary>The folder for what the product keeps on disk: <c>Data__Root</c>, ./data when nothing is said.</summary>
    public static string DataRoot(IConfiguration configuration) => Path.GetFullPath(configuration["Data:Root"] ?? "data");

    /// <summary>Hides the password, for logs.</summary>
    public override string ToString() => Provider.ToString();
}

/// <summary>Puts the context for the chosen database into the container.</summary>
public static class DatabaseSetup
{
    /// <summary>The context is scoped and reached as InforzapDb.</summary>
    public static IServiceCollection AddInforzapDb(this IServiceCollection services, DatabaseSettings settings)
    {
        services.AddSingleton(settings);
        services.AddSingleton(new WriteGate(settings.Provider));
        services.AddSingleton<Commits>();
        switch (settings.Provider)
        {
            case DatabaseProvider.Sqlite:
                services.AddDbContext<SqliteDb>(o => Configure(o, settings));
                services.AddScoped<InforzapDb>(sp => sp.GetRequiredService<SqliteDb>());
                break;
            case DatabaseProvider.SqlServer:
                services.AddDbContext<SqlServerDb>(o => Configure(o, settings));
                services.AddScoped<InforzapDb>(sp => sp.GetRequiredService<SqlServerDb>());
                break;
            default:
                services.AddDbContext<PostgreSqlDb>(o => Configure(o, settings));
                services.AddScoped<InforzapDb>(sp => sp.GetRequiredService<PostgreSqlDb>());
                break;
        }
        return services;
    }

    /// <summary>Provider, migrations and pragmas. Also for design time and tests.</summary>
    public static void Configure(DbContextOptionsBuilder options, DatabaseSettings settings)
    {
        const string migrations = "Inforzap.Migrations";
        switch (settings.Provider)
        {
            case DatabaseProvider.Sqlite:
                // A list travels as one parameter: its statement is prepared once, and not put together anew for each length.
                options.UseSqlite(settings.ConnectionString, o => o.MigrationsAssembly(migrations).MigrationsHistoryTable("core_Migrations")
                    .UseParameterizedCollectionMode(ParameterTranslationMode.Parameter));
                options.AddInterceptors(SqlitePragmas.Instance);
                break;
            case DatabaseProvider.SqlServer:
                options.UseSqlServer(settings.ConnectionString, o => o.MigrationsAssembly(migrations).MigrationsHistoryTable("Migrations", "core"));
                break;
            default:
                options.UseNpgsql(settings.ConnectionString, o => o.MigrationsAssembly(migrations).MigrationsHistoryTable("Migrations", "core"));
                options.AddInterceptors(RowLocks.Instance);
                break;
        }
        options.ConfigureWarnings(w => w.Ignore(RelationalEventId.MultipleCollectionIncludeWarning));
    }

    /// <summary>What every connection to SQLite needs for durability and for waiting its turn.</summary>
    internal static void SetPragmas(DbConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=30000; PRAGMA cache_size=-32000; PRAGMA temp_store=MEMORY;";
        command.ExecuteNonQuery();
    }

    private sealed class SqlitePragmas : DbConnectionInterceptor
    {
        public static readonly SqlitePragmas Instance = new();

        public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData) => SetPragmas(connection);

        public override Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
        {
            SetPragmas(connection);
            return Task.CompletedTask;
        }
    }
}
