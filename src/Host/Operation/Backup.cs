using System.Diagnostics;
using System.Text.Json;
using Inforzap.Data;
using Inforzap.Files;
using Inforzap.Live;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Inforzap.Host.Operation;

/// <summary>
/// <c>--backup folder</c> and <c>--restore folder</c>: the database as it is at one moment, and all files that it speaks of. Both run
/// beside a running host or without one. The master key is left out on purpose: it belongs to another place.
/// </summary>
internal static class Backup
{
    private const string Manifest = "backup.json";
    private const string Files = "files";
    private const string Unfinished = ".part";

    /// <summary>What stands in a folder that holds a backup.</summary>
    internal sealed record Content(string Product, string Version, DatabaseProvider Provider, DateTime TakenAt, int FileCount, long FileBytes);

    /// <summary>The exit code, or null when something else was asked for.</summary>
    public static async Task<int?> RunAsync(string[] args, IServiceProvider services)
    {
        var at = Array.FindIndex(args, a => a is "--backup" or "--restore");
        if (at < 0) return null;
        if (at + 1 == args.Length)
        {
            Console.Error.WriteLine($"{args[at]} needs a folder.");
            return 2;
        }
        var (settings, files) = (services.GetRequiredService<DatabaseSettings>(), services.GetRequiredService<FileStore>());
        try
        {
            if (args[at] == "--backup") await WriteAsync(settings, files, Path.GetFullPath(args[at + 1]));
            else await RestoreAsync(settings, files, Path.GetFullPath(args[at + 1]));
            return 0;
        }
        catch (Exception e) when (e is InvalidOperationException or IOException or UnauthorizedAccessException or SqliteException or NpgsqlException)
        {
            Console.Error.WriteLine(e.Message);
            return 1;
        }
    }

    private static async Task WriteAsync(DatabaseSettings settings, FileStore store, string folder)
    {
        Directory.CreateDirectory(folder);
        var at = DateTime.UtcNow;
        Console.WriteLine($"Copying the database to {folder}");
        var name = NameOf(settings.Provider);
        var part = Path.Combine(folder, name + Unfinished);
        File.Delete(part);
        // The database first: a file is there before its row is, so all that this moment speaks of is found afterwards.
        if (settings.Provider == DatabaseProvider.Sqlite) await CopySqliteAsync(settings.ConnectionString, part);
        else await PostgresAsync("pg_dump", settings.ConnectionString, "--format=custom", "--no-owner", "--no-privileges", $"--file={part}");
        File.Move(part, Path.Combine(folder, name), overwrite: true);
        var (count, bytes, copied) = Mirror(store.Root, Path.Combine(folder, Files));
        var content = new Content("Inforzap", Node.Build, settings.Provider, at, count, bytes);
        await File.WriteAllTextAsync(Path.Combine(folder, Manifest), JsonSerializer.Serialize(content, Json));
        Console.WriteLine($"Done: the database and {count} files ({bytes / 1024 / 1024} MB), {copied} of them new.");
        Console.WriteLine("The master key is not in it: keep a copy of that apart.");
    }

    private static async Task RestoreAsync(DatabaseSettings settings, FileStore store, string folder)
    {
        var path = Path.Combine(folder, Manifest);
        if (!File.Exists(path)) throw new InvalidOperationException($"There is no backup in {folder}: {Manifest} is missing.");
        var content = JsonSerializer.Deserialize<Content>(await File.ReadAllTextAsync(path), Json)!;
        if (content.Provider != settings.Provider)
            throw new InvalidOperationException($"This backup is of {content.Provider}, and Database__Provider is {settings.Provider}.");
        if (new DirectoryInfo(store.Root).EnumerateFiles("*", SearchOption.AllDirectories).Any(f => Guid.TryParseExact(f.Name, "N", out _)))
            throw new InvalidOperationException($"There are files in {store.Root} already. Restore into an empty place.");
        Console.WriteLine($"Restoring what was copied on {content.TakenAt:yyyy-MM-dd HH:mm} UTC");
        var copy = Path.Combine(folder, NameOf(settings.Provider));
        if (settings.Provider == DatabaseProvider.Sqlite) RestoreSqlite(settings.ConnectionString, copy);
        else await RestorePostgresAsync(settings.ConnectionString, copy);
        var (count, _, _) = Mirror(Path.Combine(folder, Files), store.Root);
        if (count < content.FileCount) throw new InvalidOperationException($"{content.FileCount - count} of {content.FileCount} files are missing in the backup. Everything else is restored.");
        Console.WriteLine($"Done: the database and {count} files. Put the master key back before the start; without it channels ask for their secrets again.");
    }

    private static string NameOf(DatabaseProvider provider) => provider switch
    {
        DatabaseProvider.Sqlite => "inforzap.db",
        DatabaseProvider.PostgreSql => "inforzap.dump",
        _ => throw new InvalidOperationException("SQL Server makes its own backups: BACKUP DATABASE, and beside it a copy of the folder Files__Root, taken afterwards."),
    };

    /// <summary>One moment of it, while others write; made whole, so that it needs no log beside it.</summary>
    private static async Task CopySqliteAsync(string connectionString, string to)
    {
        if (!File.Exists(new SqliteConnectionStringBuilder(connectionString).DataSource)) throw new InvalidOperationException("There is no database to copy.");
        await using (var source = new SqliteConnection(connectionString))
        {
            await source.OpenAsync();
            await using var copy = source.CreateCommand();
            copy.CommandText = "VACUUM INTO $to";
            copy.Parameters.AddWithValue("$to", to);
            copy.CommandTimeout = 0;
            await copy.ExecuteNonQueryAsync();
        }
        await using var made = new SqliteConnection($"Data Source={to};Pooling=False;Mode=ReadOnly");
        await made.OpenAsync();
        await using var check = made.CreateCommand();
        check.CommandText = "PRAGMA quick_check";
        if ((string?)await check.ExecuteScalarAsync() != "ok") throw new InvalidOperationException("The copy of the database is damaged. Look at the disk.");
    }

    private static void RestoreSqlite(string connectionString, string copy)
    {
        var file = Path.GetFullPath(new SqliteConnectionStringBuilder(connectionString).DataSource);
        if (File.Exists(file)) throw new InvalidOperationException($"There is a database already: {file}. Restore into an empty place.");
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.Copy(copy, file + Unfinished, overwrite: true);
        File.Move(file + Unfinished, file);
    }

    private static async Task RestorePostgresAsync(string connectionString, string copy)
    {
        await using (var connection = new NpgsqlConnection(connectionString))
        {
            await connection.OpenAsync();
            await using var tables = new NpgsqlCommand("SELECT count(*) FROM information_schema.tables WHERE table_schema NOT IN ('pg_catalog', 'information_schema')", connection);
            if ((long)(await tables.ExecuteScalarAsync())! > 0) throw new InvalidOperationException("There are tables in the database already. Restore into an empty one.");
        }
        await PostgresAsync("pg_restore", connectionString, "--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction", $"--dbname={new NpgsqlConnectionStringBuilder(connectionString).Database}", copy);
    }

    /// <summary>PostgreSQL's own program does it, told by environment, which others don't see as they do arguments.</summary>
    private static async Task PostgresAsync(string program, string connectionString, params string[] arguments)
    {
        var to = new NpgsqlConnectionStringBuilder(connectionString);
        var start = new ProcessStartInfo(Find(program), arguments) { RedirectStandardError = true };
        (start.Environment["PGHOST"], start.Environment["PGPORT"], start.Environment["PGUSER"], start.Environment["PGDATABASE"]) = (to.Host, $"{to.Port}", to.Username, to.Database);
        if (to.Password is { Length: > 0 } password) start.Environment["PGPASSWORD"] = password;
        if (to.SslMode is SslMode.Require or SslMode.VerifyCA or SslMode.VerifyFull) start.Environment["PGSSLMODE"] = to.SslMode switch { SslMode.Require => "require", SslMode.VerifyCA => "verify-ca", _ => "verify-full" };
        using var process = Process.Start(start)!;
        var words = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0) throw new InvalidOperationException($"{program} failed: {words.Trim()}");
    }

    /// <summary>The newest that is installed: an older one does not read a newer server.</summary>
    private static string Find(string program)
    {
        var debian = Directory.Exists("/usr/lib/postgresql") ? Directory.GetDirectories("/usr/lib/postgresql") : [];
        var path = Environment.GetEnvironmentVariable("PATH")?.Split(Path.PathSeparator) ?? [];
        return debian.OrderByDescending(d => int.TryParse(Path.GetFileName(d), out var version) ? version : 0).Select(d => Path.Combine(d, "bin")).Concat(path)
            .Select(d => Path.Combine(d, program)).FirstOrDefault(File.Exists)
            ?? throw new InvalidOperationException($"{program} is not installed. It comes with PostgreSQL's client programs (Debian: postgresql-client).");
    }

    /// <summary>Files never change once they are there, so only new ones are copied, and what is gone is removed.</summary>
    private static (int Count, long Bytes, int Copied) Mirror(string from, string to)
    {
        Directory.CreateDirectory(to);
        var (count, bytes, copied) = (0, 0L, 0);
        var there = new HashSet<string>(StringComparer.Ordinal);
        if (Directory.Exists(from))
            foreach (var file in new DirectoryInfo(from).EnumerateFiles("*", SearchOption.AllDirectories).Where(f => Guid.TryParseExact(f.Name, "N", out _)))
            {
                var relative = Path.GetRelativePath(from, file.FullName);
                there.Add(relative);
                var target = new FileInfo(Path.Combine(to, relative));
                (count, bytes) = (count + 1, bytes + file.Length);
                if (target.Exists && target.Length == file.Length) continue;
                Directory.CreateDirectory(target.DirectoryName!);
                try
                {
                    file.CopyTo(target.FullName + Unfinished, overwrite: true);
                }
                catch (FileNotFoundException)
                {
                    // Swept away just now, since nobody uses it any more.
                    (count, bytes) = (count - 1, bytes - file.Length);
                    continue;
                }
                File.Move(target.FullName + Unfinished, target.FullName, overwrite: true);
                copied++;
            }
        foreach (var old in new DirectoryInfo(to).EnumerateFiles("*", SearchOption.AllDirectories).Where(f => Guid.TryParseExact(f.Name, "N", out _)).ToList())
            if (!there.Contains(Path.GetRelativePath(to, old.FullName))) old.Delete();
        return (count, bytes, copied);
    }

    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true, Converters = { new System.Text.Json.Serialization.JsonStringEnumConverter() } };
}
