using Inforzap.Data;
using Microsoft.EntityFrameworkCore.Design;

namespace Inforzap.Host;

/// <summary>For dotnet ef only: a context per database, which needs no server.</summary>
internal abstract class DesignTime<T>(DatabaseProvider provider, string connection, Func<DbContextOptions<T>, ModuleList, T> make) : IDesignTimeDbContextFactory<T>
    where T : InforzapDb
{
    public T CreateDbContext(string[] args)
    {
        var options = new DbContextOptionsBuilder<T>();
        DatabaseSetup.Configure(options, new DatabaseSettings(provider, connection));
        return make(options.Options, Modules.All);
    }
}

internal sealed class DesignSqlite() : DesignTime<SqliteDb>(DatabaseProvider.Sqlite, "Data Source=design.db", (o, m) => new(o, m));

internal sealed class DesignSqlServer() : DesignTime<SqlServerDb>(DatabaseProvider.SqlServer, "Server=design", (o, m) => new(o, m));

internal sealed class DesignPostgreSql() : DesignTime<PostgreSqlDb>(DatabaseProvider.PostgreSql, "Host=design", (o, m) => new(o, m));
