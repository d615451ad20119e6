using Microsoft.Data.Sqlite;

namespace Inforzap.Data;

/// <summary>Brings the database up to date before anything else starts.</summary>
public static class DatabaseStart
{
    /// <summary>Migrates, makes views and full-text objects. On SQLite a copy of the file is made before a migration.</summary>
    /// <exception cref="InvalidOperationException">The database is newer than this host, or lacks a setting that correctness needs.</exception>
    private static readonly TimeSpan LongestStep = TimeSpan.FromHours(12);

    public static async Task RunAsync(IServiceProvider services, CancellationToken ct = default)
    {
        await using var scope = services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<InforzapDb>();
        var modules = scope.ServiceProvider.GetRequiredService<ModuleList>();
        var log = scope.ServiceProvider.GetRequiredService<ILoggerFactory>().CreateLogger("Inforzap.Database");
        if (db.Provider == DatabaseProvider.Sqlite) EnsureFolder(db);

        var known = db.Database.GetMigrations().ToHashSet();
        var applied = (await db.Database.CanConnectAsync(ct)) ? (await db.Database.GetAppliedMigrationsAsync(ct)).ToList() : [];
        if (applied.FirstOrDefault(m => !known.Contains(m)) is { } newer)
            throw new InvalidOperationException($"The database was last used by a newer version of Inforzap ({newer}). Start that version, or restore a backup made before it.");
        var pending = known.Count - applied.Count;
        if (pending > 0)
        {
            if (applied.Count > 0 && db.Provider == DatabaseProvider.Sqlite) CopyBefore(db, log);
            log.LogInformation("Bringing the database up to date: {Pending} steps", pending);
            // A step may touch every row that there is, and half of one is none.
            db.Database.SetCommandTimeout(LongestStep);
            await db.Database.MigrateAsync(ct);
        }
        // Indexes of texts are made anew then, which takes as long.
        await Objects.ApplyAsync(db, modules, force: pending > 0, ct);
        db.Database.SetCommandTimeout((int?)null);
        if (db.Provider == DatabaseProvider.SqlServer) await RequireSnapshotAsync(db, ct);
        // Before anybody asks for the time.
        if (db.Provider != DatabaseProvider.Sqlite && services.GetService<DatabaseClock>() is { } clock) await clock.SetAsync(db, ct);
    }

    private static void EnsureFolder(InforzapDb db)
    {
        var file = new SqliteConnectionStringBuilder(db.Database.GetConnectionString()).DataSource;
        if (file is "" or ":memory:" || file.StartsWith("file:", StringComparison.Ordinal)) return;
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
    }

    private static void CopyBefore(InforzapDb db, ILogger log)
    {
        var file = new SqliteConnectionStringBuilder(db.Database.GetConnectionString()).DataSource;
        if (!File.Exists(file)) return;
        var copy = $"{file}.before-{DateTime.UtcNow:yyyyMMdd-HHmmss}";
        using var from = new SqliteConnection($"Data Source={file}");
        using var to = new SqliteConnection($"Data Source={copy};Pooling=False");
        from.Open();
        to.Open();
        from.BackupDatabase(to);
        log.LogInformation("Kept a copy of the database before changing it: {Copy}", Path.GetFileName(copy));
    }

    private static async Task RequireSnapshotAsync(InforzapDb db, CancellationToken ct)
    {
        if (!await SnapshotIsOn(db).SingleAsync(ct)) throw new InvalidOperationException("This SQL Server database needs READ_COMMITTED_SNAPSHOT: ALTER DATABASE ... SET READ_COMMITTED_SNAPSHOT ON.");
    }

    /// <summary>Whether this SQL Server database lets readers see the last commit. Tests read the statement where no such server is.</summary>
    internal static IQueryable<bool> SnapshotIsOn(InforzapDb db) =>
        db.Database.SqlQueryRaw<bool>("SELECT is_read_committed_snapshot_on AS Value FROM sys.databases WHERE database_id = DB_ID()");
}
