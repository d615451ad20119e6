using System.Diagnostics;
using Microsoft.Data.Sqlite;

namespace Inforzap.Benchmarks;

/// <summary>What the database can do at most: the same bytes into a table of the same shape, with the same durability.</summary>
internal static class RawSqlite
{
    /// <summary>Rows a second, and the 99th percentile of one caller's wait.</summary>
    public static async Task<(double PerSecond, TimeSpan P99)> SingleAsync(string folder, TimeSpan time, int clients)
    {
        using var db = Open(Path.Combine(folder, "single.db"));
        using var gate = new SemaphoreSlim(1, 1);
        using var command = Insert(db);
        var waits = new List<long>();
        var end = Stopwatch.GetTimestamp() + (long)(time.TotalSeconds * Stopwatch.Frequency);
        long id = 0;
        await Task.WhenAll(Enumerable.Range(0, clients).Select(_ => Task.Run(async () =>
        {
            while (Stopwatch.GetTimestamp() < end)
            {
                var started = Stopwatch.GetTimestamp();
                await gate.WaitAsync();
                try
                {
                    using var transaction = db.BeginTransaction();
                    Fill(command, transaction, ++id);
                    command.ExecuteNonQuery();
                    transaction.Commit();
                    waits.Add(Stopwatch.GetTimestamp() - started);
                }
                finally
                {
                    gate.Release();
                }
            }
        })));
        waits.Sort();
        return (waits.Count / time.TotalSeconds, Stopwatch.GetElapsedTime(0, waits[(int)(waits.Count * 0.99)]));
    }

    public static double Batched(string folder, TimeSpan time, int batch)
    {
        using var db = Open(Path.Combine(folder, "batched.db"));
        using var command = Insert(db);
        var clock = Stopwatch.StartNew();
        long id = 0;
        while (clock.Elapsed < time)
        {
            using var transaction = db.BeginTransaction();
            for (var i = 0; i < batch; i++)
            {
                Fill(command, transaction, ++id);
                command.ExecuteNonQuery();
            }
            transaction.Commit();
        }
        return id / clock.Elapsed.TotalSeconds;
    }

    /// <summary>4 kB append and fdatasync, again and again.</summary>
    public static double Fsyncs(string folder, TimeSpan time)
    {
        using var file = new FileStream(Path.Combine(folder, "fsync"), FileMode.Create);
        var page = new byte[4096];
        var clock = Stopwatch.StartNew();
        var n = 0;
        for (; clock.Elapsed < time; n++)
        {
            file.Write(page);
            file.Flush(flushToDisk: true);
        }
        return n / clock.Elapsed.TotalSeconds;
    }

    public static SqliteConnection Open(string path)
    {
        var db = new SqliteConnection($"Data Source={path}");
        db.Open();
        using var setup = db.CreateCommand();
        setup.CommandText = """
            PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;
            CREATE TABLE IF NOT EXISTS Items (Position INTEGER PRIMARY KEY AUTOINCREMENT, Lane TEXT, Kind TEXT, DedupKey TEXT, Payload TEXT, Raw BLOB, State TEXT, Attempts INTEGER, DueAt TEXT, CreatedAt TEXT);
            CREATE UNIQUE INDEX IF NOT EXISTS IX_Dedup ON Items (DedupKey);
            CREATE INDEX IF NOT EXISTS IX_Lane ON Items (Lane, Position) WHERE State = 'Pending';
            """;
        setup.ExecuteNonQuery();
        return db;
    }

    private static SqliteCommand Insert(SqliteConnection db)
    {
        var command = db.CreateCommand();
        command.CommandText = "INSERT INTO Items (Lane, Kind, DedupKey, Payload, Raw, State, Attempts, DueAt, CreatedAt) VALUES ($l, 'message', $k, $p, $r, 'Pending', 0, $t, $t)";
        foreach (var name in new[] { "$l", "$k", "$p", "$r", "$t" }) command.Parameters.Add(new SqliteParameter(name, null));
        return command;
    }

    private static void Fill(SqliteCommand command, SqliteTransaction transaction, long id)
    {
        var body = Load.Body(id.ToString(System.Globalization.CultureInfo.InvariantCulture), 2_000);
        command.Transaction = transaction;
        command.Parameters["$l"].Value = $"in/00000000000000000000000000000000/phone:{id % 2_000}";
        command.Parameters["$k"].Value = $"00000000000000000000000000000000:b-{id}";
        command.Parameters["$p"].Value = System.Text.Encoding.UTF8.GetString(body);
        command.Parameters["$r"].Value = body;
        command.Parameters["$t"].Value = DateTime.UtcNow;
    }
}
