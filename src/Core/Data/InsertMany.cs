using System.Data.Common;
using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;

namespace Inforzap.Data;

/// <summary>Writes what comes in masses.</summary>
public static class InsertMany
{
    private static readonly ConditionalWeakTable<IEntityType, Plan> Plans = [];

    /// <summary>
    /// Inserts new rows of one kind within the running transaction, without tracking them. SaveChanges puts a statement together
    /// for each row, and an embedded database then reads each anew; here there is one. Values are converted and lengths
    /// checked as SaveChanges does.
    /// </summary>
    /// <exception cref="DbUpdateException">The database refused a row.</exception>
    public static async Task InsertAsync<T>(this InforzapDb db, IReadOnlyCollection<T> rows, CancellationToken ct = default) where T : class
    {
        if (rows.Count == 0) return;
        var entity = db.Model.FindEntityType(typeof(T)) ?? throw new InvalidOperationException($"{typeof(T).Name} is not in the model.");
        foreach (var row in rows) Portable.CheckLengths(entity, row);
        var transaction = db.Database.CurrentTransaction?.GetDbTransaction() ?? throw new InvalidOperationException("There is no transaction.");
        var plan = Plans.GetValue(entity, e => new Plan(e));
        try
        {
            switch (db.Provider)
            {
                case DatabaseProvider.Sqlite:
                    await plan.RowByRowAsync(rows, transaction, ct);
                    break;
                case DatabaseProvider.PostgreSql:
                    await plan.CopyAsync(rows, (NpgsqlConnection)transaction.Connection!, ct);
                    break;
                default:
                    // SaveChanges writes many rows in one statement there.
                    db.AddRange(rows);
                    await db.SaveChangesAsync(ct);
                    break;
            }
        }
        catch (DbException e)
        {
            throw new DbUpdateException($"Rows of {typeof(T).Name} were refused.", e);
        }
    }

    /// <summary>The columns of a table, and how to fill them.</summary>
    private sealed class Plan
    {
        private readonly (string Name, Func<object, object?> Value, RelationalTypeMapping Mapping)[] columns;
        private readonly string table;

        public Plan(IEntityType entity)
        {
            var store = StoreObjectIdentifier.Create(entity, StoreObjectType.Table) ?? throw new InvalidOperationException($"{entity.DisplayName()} has no table.");
            table = store.Schema is { } schema ? $"\"{schema}\".\"{store.Name}\"" : $"\"{store.Name}\"";
            columns = [.. entity.GetProperties().Where(p => p.ValueGenerated == ValueGenerated.Never).Select(p => ($"\"{p.GetColumnName(store)}\"", Getter(p), p.GetRelationalTypeMapping()))];
        }

        private string Columns => string.Join(", ", columns.Select(c => c.Name));

        private static Func<object, object?> Getter(IProperty property)
        {
            var (getter, converter) = (property.GetGetter(), property.GetTypeMapping().Converter);
            return converter is null ? getter.GetClrValueUsingContainingEntity
                : entity => getter.GetClrValueUsingContainingEntity(entity) is { } value ? converter.ConvertToProvider(value) : null;
        }

        public async Task RowByRowAsync<T>(IEnumerable<T> rows, DbTransaction transaction, CancellationToken ct) where T : class
        {
            await using var insert = transaction.Connection!.CreateCommand();
            insert.Transaction = transaction;
            insert.CommandText = $"INSERT INTO {table} ({Columns}) VALUES ({string.Join(", ", Enumerable.Range(0, columns.Length).Select(n => $"@p{n}"))})";
            var parameters = new DbParameter[columns.Length];
            for (var n = 0; n < columns.Length; n++)
            {
                parameters[n] = insert.CreateParameter();
                parameters[n].ParameterName = $"@p{n}";
                insert.Parameters.Add(parameters[n]);
            }
            foreach (var row in rows)
            {
                for (var n = 0; n < columns.Length; n++) parameters[n].Value = columns[n].Value(row) ?? DBNull.Value;
                await insert.ExecuteNonQueryAsync(ct);
            }
        }

        public async Task CopyAsync<T>(IEnumerable<T> rows, NpgsqlConnection connection, CancellationToken ct) where T : class
        {
            await using var copy = await connection.BeginBinaryImportAsync($"COPY {table} ({Columns}) FROM STDIN (FORMAT BINARY)", ct);
            foreach (var row in rows)
            {
                await copy.StartRowAsync(ct);
                foreach (var (_, value, mapping) in columns)
                    if (value(row) is { } given) await copy.WriteAsync(given, mapping.StoreTypeNameBase, ct);
                    else await copy.WriteNullAsync(ct);
            }
            await copy.CompleteAsync(ct);
        }
    }
}
