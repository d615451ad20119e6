using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore.Query;

namespace Inforzap.Data;

/// <summary>State changes by compare-and-set.</summary>
public static class ClaimExtensions
{
    /// <summary>
    /// Changes the rows that are still as expected, and their Version with them (a bare ExecuteUpdate leaves that alone,
    /// and whoever loaded the row before then overwrites it). Returns how many were won.
    /// </summary>
    public static Task<int> Claim<T>(this InforzapDb db, Expression<Func<T, bool>> expected, Action<UpdateSettersBuilder<T>> change, CancellationToken ct = default)
        where T : Versioned =>
        db.Set<T>().Where(expected).ExecuteUpdateAsync(set =>
        {
            change(set);
            set.SetProperty(row => row.Version, row => row.Version + 1);
        }, ct);

    /// <summary>
    /// Holds the rows until the transaction ends, so that load, change and save can't collide. SQLite's only writer holds them
    /// already. PostgreSQL takes them in the order of their ids, so that two who hold many don't wait for each other.
    /// </summary>
    public static Task Hold<T>(this InforzapDb db, Expression<Func<T, bool>> rows, CancellationToken ct = default) where T : Versioned => db.Provider switch
    {
        DatabaseProvider.Sqlite => Task.CompletedTask,
        DatabaseProvider.PostgreSql => db.InOrderOfKeys(rows).Select(row => row.Version).TagWith(RowLocks.Tag).ToListAsync(ct),
        _ => db.Set<T>().Where(rows).ExecuteUpdateAsync(set => set.SetProperty(row => row.Version, row => row.Version + 1), ct),
    };

    private static IQueryable<T> InOrderOfKeys<T>(this InforzapDb db, Expression<Func<T, bool>> rows) where T : Versioned
    {
        var key = db.Model.FindEntityType(typeof(T))!.FindPrimaryKey()!.Properties[0].Name;
        return db.Set<T>().Where(rows).OrderBy(row => EF.Property<object>(row, key));
    }

    /// <summary>Whether saving failed since a row with this key is there already.</summary>
    public static bool IsUniqueViolation(this DbUpdateException e) => e.InnerException switch
    {
        Microsoft.Data.Sqlite.SqliteException s => s.SqliteExtendedErrorCode is 2067 or 1555,
        Npgsql.PostgresException p => p.SqlState == Npgsql.PostgresErrorCodes.UniqueViolation,
        Microsoft.Data.SqlClient.SqlException s => s.Number is 2601 or 2627,
        _ => false,
    };
}
