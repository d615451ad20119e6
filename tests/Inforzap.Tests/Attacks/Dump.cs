using System.Globalization;
using Inforzap.Tests.Support;

namespace Inforzap.Tests.Attacks;

/// <summary>All that a database holds, as whoever has a copy of it would read it.</summary>
internal static class Dump
{
    /// <summary>The rows of each table as text.</summary>
    public static Task<Dictionary<string, List<string>>> OfAsync(Desk desk) => desk.ReadAsync(async db =>
    {
        var tables = new Dictionary<string, List<string>>();
        var connection = db.Database.GetDbConnection();
        await db.Database.OpenConnectionAsync();
        foreach (var table in db.Model.GetEntityTypes().Where(t => t.GetTableName() is not null).Select(t => (Schema: t.GetSchema(), Name: t.GetTableName()!)).Distinct())
        {
            await using var command = connection.CreateCommand();
            command.CommandText = $"SELECT * FROM {(table.Schema is null ? "" : $"\"{table.Schema}\".")}\"{table.Name}\"";
            await using var reader = await command.ExecuteReaderAsync();
            var rows = tables[table.Schema is null ? table.Name : $"{table.Schema}_{table.Name}"] = [];
            while (await reader.ReadAsync())
                rows.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(i => reader.GetValue(i) is byte[] bytes ? System.Text.Encoding.UTF8.GetString(bytes) : Convert.ToString(reader.GetValue(i), CultureInfo.InvariantCulture))));
        }
        return tables;
    });
}
