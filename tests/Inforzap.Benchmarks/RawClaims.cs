using System.Data.Common;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;

namespace Inforzap.Benchmarks;

/// <summary>What a queue in the database can do at most: workers that claim rows nobody else has, and complete them; a commit for each.</summary>
internal static class RawClaims
{
    /// <summary>Until all are done. Rows a second.</summary>
    /// <param name="store">Where.</param>
    /// <param name="count">How many rows.</param>
    /// <param name="workers">So many at once.</param>
    /// <param name="batch">Rows that one worker claims, and completes, at once.</param>
    /// <param name="call">Called between claim and completion.</param>
    public static async Task<double> RunAsync(Store store, int count, int workers, int batch, HttpClient? call = null)
    {
        await RawInserts.FillAsync(store, count);
        // SQLite has one writer, so its workers take turns at one connection; a server has one for each.
        using var gate = new SemaphoreSlim(store.IsSqlite ? 1 : workers);
        var connections = new List<DbConnection>();
        for (var i = 0; i < (store.IsSqlite ? 1 : workers); i++) connections.Add(await store.OpenAsync());
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, workers).Select(worker => Task.Run(async () =>
        {
            var db = connections[worker % connections.Count];
            while (await TakeAsync(db, gate, Claim(store, batch)) is { Count: > 0 } rows)
            {
                if (call is not null)
                    foreach (var row in rows) (await call.PostAsJsonAsync("send", new { text = (string)row[1], messageId = Guid.NewGuid() })).EnsureSuccessStatusCode();
                await TakeAsync(db, gate, Complete(rows));
            }
        })));
        var time = clock.Elapsed;
        var left = await connections[0].CountAsync("SELECT COUNT(*) FROM items WHERE \"State\" <> 'Done' OR \"Attempts\" <> 1");
        foreach (var db in connections) await db.DisposeAsync();
        return left == 0 ? count / time.TotalSeconds : throw new InvalidOperationException($"The baseline itself is wrong: {left} rows were not done once.");
    }

    private static async Task<List<object[]>> TakeAsync(DbConnection db, SemaphoreSlim gate, string sql)
    {
        await gate.WaitAsync();
        try
        {
            return await db.RowsAsync(sql);
        }
        finally
        {
            gate.Release();
        }
    }

    private static string Claim(Store store, int batch)
    {
        var first = $"SELECT \"Position\" FROM items WHERE \"State\" = 'Pending' ORDER BY \"Position\" LIMIT {batch}";
        var mine = store.IsSqlite ? $"IN ({first})" : $"= ANY (ARRAY({first} FOR UPDATE SKIP LOCKED))";
        return $"UPDATE items SET \"State\" = 'Sending', \"Attempts\" = \"Attempts\" + 1 WHERE \"Position\" {mine} RETURNING \"Position\", \"Payload\"";
    }

    private static string Complete(List<object[]> rows) =>
        $"UPDATE items SET \"State\" = 'Done', \"DoneAt\" = '{DateTime.UtcNow.ToString("O", CultureInfo.InvariantCulture)}' WHERE \"State\" = 'Sending' AND \"Position\" IN ({string.Join(',', rows.Select(r => r[0]))})";
}
