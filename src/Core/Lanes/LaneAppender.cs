using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using Inforzap.Data;
using Microsoft.Data.SqlClient;
using Microsoft.Data.Sqlite;
using Npgsql;
using NpgsqlTypes;

namespace Inforzap.Lanes;

/// <summary>An item for the end of a lane.</summary>
/// <param name="Lane"><c>type/key</c>, at most 200 characters.</param>
/// <param name="Kind">What is to be done.</param>
/// <param name="Payload">JSON for the handler.</param>
/// <param name="DedupKey">Unique over all items: a second one with it is left out. At most 340 characters.</param>
/// <param name="Raw">The event as it came.</param>
public readonly record struct NewLaneItem(string Lane, string Kind, string Payload, string? DedupKey, ReadOnlyMemory<byte> Raw);

/// <summary>
/// Appends items for callers that have no transaction of their own. Concurrent callers share a commit: while one commit runs
/// the next set gathers. When a call returns, its items are in the database.
/// </summary>
public sealed class LaneAppender(DatabaseSettings settings, IServiceScopeFactory scopes, WriteGate gate, LaneWaker waker, TimeProvider clock, ILogger<LaneAppender> log) : IAsyncDisposable
{
    private const int MaxItems = 500;

    private readonly Channel<Caller> callers = Channel.CreateUnbounded<Caller>(new UnboundedChannelOptions { SingleReader = true });
    private readonly SemaphoreSlim one = new(1, 1);
    private Table? table;
    private Writer? writer;
    private int draining;

    /// <summary>Appends in this order, in one commit. Returns how many were new.</summary>
    /// <exception cref="DbException">The database took none of them.</exception>
    public Task<int> AppendAsync(IReadOnlyList<NewLaneItem> items, CancellationToken ct = default)
    {
        var caller = new Caller(items);
        callers.Writer.TryWrite(caller);
        if (Interlocked.CompareExchange(ref draining, 1, 0) == 0) ThreadPool.UnsafeQueueUserWorkItem(a => _ = a.DrainAsync(), this, preferLocal: false);
        return ct.CanBeCanceled ? caller.Kept.Task.WaitAsync(ct) : caller.Kept.Task;
    }

    private async Task DrainAsync()
    {
        do
        {
            while (callers.Reader.TryRead(out var first))
            {
                List<Caller> set = [first];
                var count = first.Items.Count;
                while (count < MaxItems && callers.Reader.TryRead(out var next))
                {
                    set.Add(next);
                    count += next.Items.Count;
                }
                await WriteAsync(set);
            }
            Volatile.Write(ref draining, 0);
            // Whoever wrote between the last read and this line saw the flag up.
        }
        while (callers.Reader.TryPeek(out _) && Interlocked.CompareExchange(ref draining, 1, 0) == 0);
    }

    private async Task WriteAsync(List<Caller> set)
    {
        if (await TryWriteAsync(set) is not { } problem) return;
        if (set.Count == 1)
        {
            set[0].Kept.TrySetException(problem);
            return;
        }
        log.LogInformation("A set of {Count} appends failed and is repeated one by one: {Exception}", set.Count, problem.GetType().Name);
        foreach (var caller in set)
            if (await TryWriteAsync([caller]) is { } own) caller.Kept.TrySetException(own);
    }

    /// <summary>Null when the set is committed and its callers are released.</summary>
    private async Task<Exception?> TryWriteAsync(List<Caller> set)
    {
        try
        {
            int[] kept;
            using (await gate.EnterAsync(WriterKind.Append))
            {
                await one.WaitAsync();
                try
                {
                    writer ??= await OpenAsync();
                    kept = await writer.WriteAsync(set, Now());
                }
                catch
                {
                    // Whatever state the connection is in, the next set gets a new one.
                    if (writer is { } broken) await broken.DisposeAsync();
                    writer = null;
                    throw;
                }
                finally
                {
                    one.Release();
                }
            }
            for (var i = 0; i < set.Count; i++) set[i].Kept.TrySetResult(kept[i]);
        }
        catch (Exception e)
        {
            return e;
        }
        // After the callers: their answers go first.
        waker.Wake(set.SelectMany(c => c.Items).Select(i => i.Lane).Distinct(StringComparer.Ordinal));
        return null;
    }

    private DateTime Now()
    {
        var now = clock.GetUtcNow().UtcDateTime;
        return new DateTime(now.Ticks - (now.Ticks % TimeSpan.TicksPerMillisecond), DateTimeKind.Utc);
    }

    private async Task<Writer> OpenAsync()
    {
        table ??= await NamesAsync();
        Writer made = settings.Provider switch
        {
            DatabaseProvider.Sqlite => new SqliteWriter(settings.ConnectionString, table),
            DatabaseProvider.PostgreSql => new PostgreSqlWriter(settings.ConnectionString, table),
            _ => new SqlServerWriter(settings.ConnectionString, table),
        };
        try
        {
            await made.OpenAsync();
            return made;
        }
        catch
        {
            await made.DisposeAsync();
            throw;
        }
    }

    private async Task<Table> NamesAsync()
    {
        await using var scope = scopes.CreateAsyncScope();
        return new Table(TableOf(scope.ServiceProvider.GetRequiredService<InforzapDb>()));
    }

    /// <summary>The table as the model calls it on this database.</summary>
    internal static string TableOf(InforzapDb db)
    {
        var entity = db.Model.FindEntityType(typeof(LaneItem))!;
        return entity.GetSchema() is { } schema ? $"\"{schema}\".\"{entity.GetTableName()}\"" : $"\"{entity.GetTableName()}\"";
    }

    /// <summary>One row, unless its key is there already. Tests read it where no server of this kind is.</summary>
    internal static string SqlServerInsert(string table) =>
        $"INSERT INTO {table} ({Table.Columns}) SELECT @lane, @kind, @dedup, @payload, @raw, 'Pending', 0, @now, @now WHERE @dedup IS NULL OR NOT EXISTS (SELECT 1 FROM {table} WHERE \"DedupKey\" = @dedup)";

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        callers.Writer.TryComplete();
        await one.WaitAsync();
        if (writer is { } open) await open.DisposeAsync();
        writer = null;
        one.Dispose();
    }

    private sealed record Table(string Name)
    {
        public const string Columns = "\"Lane\", \"Kind\", \"DedupKey\", \"Payload\", \"Raw\", \"State\", \"Attempts\", \"DueAt\", \"CreatedAt\"";
    }

    private sealed class Caller(IReadOnlyList<NewLaneItem> items)
    {
        public IReadOnlyList<NewLaneItem> Items { get; } = items;
        public TaskCompletionSource<int> Kept { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>An open connection with its prepared command.</summary>
    private abstract class Writer(DbConnection connection) : IAsyncDisposable
    {
        public virtual Task OpenAsync() => connection.OpenAsync();

        /// <summary>Commits all, and says per caller how many items were new.</summary>
        public abstract Task<int[]> WriteAsync(List<Caller> set, DateTime now);

        public virtual ValueTask DisposeAsync() => connection.DisposeAsync();
    }

    /// <summary>One execution per row: SQLite has no round trips to save.</summary>
    private abstract class RowWriter(DbConnection connection, DbCommand insert) : Writer(connection)
    {
        private readonly DbConnection connection = connection;

        public override async Task<int[]> WriteAsync(List<Caller> set, DateTime now)
        {
            await using var transaction = await connection.BeginTransactionAsync();
            insert.Transaction = transaction;
            insert.Parameters["@now"].Value = now;
            var kept = new int[set.Count];
            for (var i = 0; i < set.Count; i++)
            {
                foreach (var item in set[i].Items)
                {
                    insert.Parameters["@lane"].Value = item.Lane;
                    insert.Parameters["@kind"].Value = item.Kind;
                    insert.Parameters["@dedup"].Value = (object?)item.DedupKey ?? DBNull.Value;
                    insert.Parameters["@payload"].Value = item.Payload;
                    insert.Parameters["@raw"].Value = item.Raw.IsEmpty ? DBNull.Value : Bytes(item.Raw);
                    kept[i] += await insert.ExecuteNonQueryAsync();
                }
            }
            await transaction.CommitAsync();
            return kept;
        }

        public override async ValueTask DisposeAsync()
        {
            GC.SuppressFinalize(this);
            await insert.DisposeAsync();
            await base.DisposeAsync();
        }
    }

    private sealed class SqliteWriter : RowWriter
    {
        private readonly SqliteConnection connection;

        public SqliteWriter(string connectionString, Table table) : this(new SqliteConnection(connectionString), table) { }

        private SqliteWriter(SqliteConnection connection, Table table) : base(connection, Insert(connection, table)) => this.connection = connection;

        public override async Task OpenAsync()
        {
            await base.OpenAsync();
            DatabaseSetup.SetPragmas(connection);
        }

        private static SqliteCommand Insert(SqliteConnection connection, Table table)
        {
            var insert = connection.CreateCommand();
            insert.CommandText = $"INSERT INTO {table.Name} ({Table.Columns}) VALUES (@lane, @kind, @dedup, @payload, @raw, 'Pending', 0, @now, @now) ON CONFLICT (\"DedupKey\") DO NOTHING";
            insert.Parameters.Add("@lane", SqliteType.Text);
            insert.Parameters.Add("@kind", SqliteType.Text);
            insert.Parameters.Add("@dedup", SqliteType.Text);
            insert.Parameters.Add("@payload", SqliteType.Text);
            insert.Parameters.Add("@raw", SqliteType.Blob);
            insert.Parameters.Add("@now", SqliteType.Text);
            return insert;
        }
    }

    private sealed class SqlServerWriter : RowWriter
    {
        private const int Attempts = 5;

        public SqlServerWriter(string connectionString, Table table) : this(new SqlConnection(connectionString), table) { }

        private SqlServerWriter(SqlConnection connection, Table table) : base(connection, Insert(connection, table)) { }

        /// <summary>Two nodes can both find a key missing: the second one then meets the unique index, and finds it at the next try.</summary>
        public override async Task<int[]> WriteAsync(List<Caller> set, DateTime now)
        {
            for (var attempt = 1; ; attempt++)
            {
                try
                {
                    return await base.WriteAsync(set, now);
                }
                catch (SqlException e) when (e.Number is 2601 or 2627 && attempt < Attempts)
                {
                    continue;
                }
            }
        }

        private static SqlCommand Insert(SqlConnection connection, Table table)
        {
            var insert = connection.CreateCommand();
            insert.CommandText = SqlServerInsert(table.Name);
            insert.Parameters.Add("@lane", SqlDbType.NVarChar, 200);
            insert.Parameters.Add("@kind", SqlDbType.NVarChar, 60);
            insert.Parameters.Add("@dedup", SqlDbType.NVarChar, 340);
            insert.Parameters.Add("@payload", SqlDbType.NVarChar, -1);
            insert.Parameters.Add("@raw", SqlDbType.VarBinary, -1);
            insert.Parameters.Add("@now", SqlDbType.DateTime2);
            return insert;
        }
    }

    /// <summary>One round trip for the set: the columns travel as arrays.</summary>
    private sealed class PostgreSqlWriter : Writer
    {
        private readonly NpgsqlCommand insert;

        public PostgreSqlWriter(string connectionString, Table table) : this(new NpgsqlConnection(connectionString), table) { }

        private PostgreSqlWriter(NpgsqlConnection connection, Table table) : base(connection)
        {
            insert = connection.CreateCommand();
            insert.CommandText = $"""
                INSERT INTO {table.Name} ({Table.Columns})
                SELECT i.lane, i.kind, i.dedup, i.payload, i.raw, 'Pending', 0, @now, @now
                FROM unnest(@lanes, @kinds, @dedups, @payloads, @raws) WITH ORDINALITY AS i(lane, kind, dedup, payload, raw, n) ORDER BY i.n
                ON CONFLICT ("DedupKey") DO NOTHING RETURNING "DedupKey"
                """;
            foreach (var name in (string[])["lanes", "kinds", "dedups", "payloads"]) insert.Parameters.Add(name, NpgsqlDbType.Array | NpgsqlDbType.Text);
            insert.Parameters.Add("raws", NpgsqlDbType.Array | NpgsqlDbType.Bytea);
            insert.Parameters.Add("now", NpgsqlDbType.TimestampTz);
        }

        public override async Task OpenAsync()
        {
            await base.OpenAsync();
            await insert.PrepareAsync();
        }

        public override async Task<int[]> WriteAsync(List<Caller> set, DateTime now)
        {
            var items = set.SelectMany(c => c.Items).ToArray();
            insert.Parameters["lanes"].Value = Array.ConvertAll(items, i => i.Lane);
            insert.Parameters["kinds"].Value = Array.ConvertAll(items, i => i.Kind);
            insert.Parameters["dedups"].Value = Array.ConvertAll(items, i => i.DedupKey);
            insert.Parameters["payloads"].Value = Array.ConvertAll(items, i => i.Payload);
            insert.Parameters["raws"].Value = Array.ConvertAll(items, i => i.Raw.IsEmpty ? null : Bytes(i.Raw));
            insert.Parameters["now"].Value = now;
            var added = new HashSet<string>(StringComparer.Ordinal);
            await using (var reader = await insert.ExecuteReaderAsync())
                while (await reader.ReadAsync())
                    if (!await reader.IsDBNullAsync(0)) added.Add(reader.GetString(0));
            // Removing counts the first of two copies in one set only.
            return [.. set.Select(c => c.Items.Count(i => i.DedupKey is null || added.Remove(i.DedupKey)))];
        }

        public override async ValueTask DisposeAsync()
        {
            await insert.DisposeAsync();
            await base.DisposeAsync();
        }
    }

    private static byte[] Bytes(ReadOnlyMemory<byte> raw) =>
        System.Runtime.InteropServices.MemoryMarshal.TryGetArray(raw, out var part) && part.Offset == 0 && part.Count == part.Array!.Length ? part.Array : raw.ToArray();
}
