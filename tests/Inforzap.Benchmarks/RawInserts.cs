using System.Data.Common;
using System.Diagnostics;
using System.Globalization;
using Npgsql;
using NpgsqlTypes;

namespace Inforzap.Benchmarks;

/// <summary>What the database can do at most: the same bytes into a table of the same shape, with the same durability.</summary>
internal static class RawInserts
{
    private const string Columns = "\"Lane\", \"Kind\", \"DedupKey\", \"Payload\", \"Raw\", \"State\", \"Attempts\", \"DueAt\", \"CreatedAt\"";
    private static readonly Guid Channel = Guid.NewGuid();

    /// <summary>A commit for each row. Rows a second, and the 99th percentile of one caller's wait.</summary>
    public static async Task<(double PerSecond, TimeSpan P99)> SingleAsync(Store store, TimeSpan time, int clients)
    {
        await PrepareAsync(store);
        // SQLite has one writer, so its clients take turns at one connection; a server has one for each.
        using var gate = new SemaphoreSlim(store.IsSqlite ? 1 : clients);
        var connections = new List<(DbConnection Db, DbCommand Insert)>();
        for (var i = 0; i < (store.IsSqlite ? 1 : clients); i++)
        {
            var db = await store.OpenAsync();
            connections.Add((db, Insert(db)));
        }
        var waits = new List<long>[clients];
        var end = Stopwatch.GetTimestamp() + (long)(time.TotalSeconds * Stopwatch.Frequency);
        long id = 0;
        await Task.WhenAll(Enumerable.Range(0, clients).Select(client => Task.Run(async () =>
        {
            var (db, insert) = connections[client % connections.Count];
            var mine = waits[client] = [];
            while (Stopwatch.GetTimestamp() < end)
            {
                var started = Stopwatch.GetTimestamp();
                await gate.WaitAsync();
                try
                {
                    await using var transaction = await db.BeginTransactionAsync();
                    Fill(insert, transaction, Interlocked.Increment(ref id));
                    await insert.ExecuteNonQueryAsync();
                    await transaction.CommitAsync();
                }
                finally
                {
                    gate.Release();
                }
                mine.Add(Stopwatch.GetTimestamp() - started);
            }
        })));
        foreach (var (db, _) in connections) await db.DisposeAsync();
        var all = waits.SelectMany(w => w).Order().ToArray();
        return (all.Length / time.TotalSeconds, Stopwatch.GetElapsedTime(0, all[(int)(all.Length * 0.99)]));
    }

    /// <summary>So many rows a commit, by one writer.</summary>
    public static async Task<double> BatchedAsync(Store store, TimeSpan time, int batch)
    {
        await PrepareAsync(store);
        await using var db = await store.OpenAsync();
        await using var insert = store.IsSqlite ? Insert(db) : InsertMany((NpgsqlConnection)db);
        var clock = Stopwatch.StartNew();
        long id = 0;
        for (; clock.Elapsed < time; id += batch) await CommitAsync(store, db, insert, id, batch);
        return id / clock.Elapsed.TotalSeconds;
    }

    /// <summary>So many rows that wait, and the index by which a worker finds the first of them.</summary>
    public static async Task FillAsync(Store store, int count)
    {
        await PrepareAsync(store);
        await using var db = await store.OpenAsync();
        await using var insert = store.IsSqlite ? Insert(db) : InsertMany((NpgsqlConnection)db);
        for (long id = 0; id < count; id += 500) await CommitAsync(store, db, insert, id, (int)Math.Min(500, count - id));
        await db.RunAsync("CREATE INDEX ix_items_next ON items (\"Position\") WHERE \"State\" = 'Pending'");
        await db.RunAsync("ANALYZE items");
    }

    private static async Task CommitAsync(Store store, DbConnection db, DbCommand insert, long last, int count)
    {
        await using var transaction = await db.BeginTransactionAsync();
        if (store.IsSqlite)
        {
            for (var i = 1; i <= count; i++)
            {
                Fill(insert, transaction, last + i);
                await insert.ExecuteNonQueryAsync();
            }
        }
        else
        {
            FillMany((NpgsqlCommand)insert, transaction, last, count);
            await insert.ExecuteNonQueryAsync();
        }
        await transaction.CommitAsync();
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

    private static async Task PrepareAsync(Store store)
    {
        await using var db = await store.OpenAsync();
        var (key, raw, time) = store.IsSqlite ? ("INTEGER PRIMARY KEY AUTOINCREMENT", "BLOB", "TEXT") : ("bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY", "bytea", "timestamptz");
        await db.RunAsync("DROP TABLE IF EXISTS items");
        await db.RunAsync($"""
            CREATE TABLE items ("Position" {key}, "Lane" TEXT NOT NULL, "Kind" TEXT NOT NULL, "DedupKey" TEXT, "Payload" TEXT NOT NULL, "Raw" {raw}, "State" TEXT NOT NULL,
              "Attempts" INTEGER NOT NULL, "DueAt" {time} NOT NULL, "Reason" TEXT, "WaitsFor" TEXT, "CreatedAt" {time} NOT NULL, "DoneAt" {time})
            """);
        await db.RunAsync("CREATE UNIQUE INDEX ix_items_dedup ON items (\"DedupKey\")");
        await db.RunAsync("CREATE INDEX ix_items_pending ON items (\"Lane\", \"Position\") WHERE \"State\" = 'Pending'");
        await db.RunAsync("CREATE INDEX ix_items_waiting ON items (\"WaitsFor\") WHERE \"State\" = 'Waiting'");
    }

    private static DbCommand Insert(DbConnection db)
    {
        var command = db.CreateCommand();
        command.CommandText = $"INSERT INTO items ({Columns}) VALUES (@l, 'message', @k, @p, @r, 'Pending', 0, @t, @t)";
        foreach (var name in new[] { "l", "k", "p", "r", "t" })
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = name;
            command.Parameters.Add(parameter);
        }
        return command;
    }

    private static void Fill(DbCommand command, DbTransaction transaction, long id)
    {
        var (lane, key, body) = Row(id);
        command.Transaction = transaction;
        command.Parameters["l"].Value = lane;
        command.Parameters["k"].Value = key;
        command.Parameters["p"].Value = body;
        command.Parameters["r"].Value = System.Text.Encoding.UTF8.GetBytes(body);
        command.Parameters["t"].Value = DateTime.UtcNow;
    }

    private static NpgsqlCommand InsertMany(NpgsqlConnection db)
    {
        var command = db.CreateCommand();
        command.CommandText = $"INSERT INTO items ({Columns}) SELECT l, 'message', k, p, r, 'Pending', 0, @t, @t FROM unnest(@l, @k, @p, @r) AS i(l, k, p, r)";
        foreach (var name in new[] { "l", "k", "p" }) command.Parameters.Add(name, NpgsqlDbType.Array | NpgsqlDbType.Text);
        command.Parameters.Add("r", NpgsqlDbType.Array | NpgsqlDbType.Bytea);
        command.Parameters.Add("t", NpgsqlDbType.TimestampTz);
        return command;
    }

    private static void FillMany(NpgsqlCommand command, DbTransaction transaction, long last, int count)
    {
        var rows = Enumerable.Range(1, count).Select(i => Row(last + i)).ToArray();
        command.Transaction = (NpgsqlTransaction)transaction;
        command.Parameters["l"].Value = Array.ConvertAll(rows, r => r.Lane);
        command.Parameters["k"].Value = Array.ConvertAll(rows, r => r.Key);
        command.Parameters["p"].Value = Array.ConvertAll(rows, r => r.Body);
        command.Parameters["r"].Value = Array.ConvertAll(rows, r => System.Text.Encoding.UTF8.GetBytes(r.Body));
        command.Parameters["t"].Value = DateTime.UtcNow;
    }

    private static (string Lane, string Key, string Body) Row(long id) => (
        $"in/{Channel:N}/phone:{Webhook.From(id % 2_000)}",
        string.Create(CultureInfo.InvariantCulture, $"{Channel:N}:b-{id}"),
        Webhook.Message($"b-{id}", id % 2_000, id));
}
