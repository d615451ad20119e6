using System.Data.Common;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Inforzap.Data;
using Inforzap.Sdk;

namespace Inforzap.Benchmarks;

/// <summary>
/// What somebody would write who needs this one thing and nothing else: prepared statements, one event after the other, a
/// commit per hundred, in the product's own tables. It reads and writes for each event what the product does.
/// </summary>
internal sealed class HandLoop : IAsyncDisposable
{
    private const int Batch = 100;

    private readonly DbConnection db;
    private readonly Store store;
    private readonly Dictionary<string, DbCommand> prepared = [];
    private DbTransaction? transaction;
    private long last;

    private HandLoop(Store store, DbConnection db) => (this.store, this.db) = (store, db);

    /// <summary>Handles all that waits in the lanes. Events a second, counted from the end of the first batch.</summary>
    public static async Task<double> RunAsync(Store store)
    {
        await using var loop = new HandLoop(store, await store.OpenAsync());
        await loop.BatchAsync();
        var clock = Stopwatch.StartNew();
        var events = 0;
        while (await loop.BatchAsync() is > 0 and var done) events += done;
        return events / clock.Elapsed.TotalSeconds;
    }

    private string LaneItems => store.Table("core", "LaneItems");
    private string Tickets => store.Table("tickets", "Tickets");
    private string Messages => store.Table("tickets", "Messages");

    private async Task<int> BatchAsync()
    {
        await using var unit = transaction = await db.BeginTransactionAsync();
        var items = await RowsAsync($"SELECT \"Position\", \"Payload\" FROM {LaneItems} WHERE \"Position\" > @last AND \"State\" = 'Pending' ORDER BY \"Position\" LIMIT {Batch}", ("last", last));
        if (items.Count == 0) return 0;
        last = (long)items[^1][0];
        foreach (var item in items)
        {
            var position = (long)item[0];
            switch (JsonSerializer.Deserialize<InboundEvent>((string)item[1], JsonSerializerOptions.Web))
            {
                case InboundMessage message:
                    await ReceiveAsync(message);
                    await DoneAsync(position, "Pending");
                    break;
                case InboundEdit edit when await EditAsync(edit):
                    await DoneAsync(position, "Pending");
                    break;
                case InboundEdit edit:
                    await DoAsync($"UPDATE {LaneItems} SET \"State\" = 'Waiting', \"WaitsFor\" = @key, \"Reason\" = 'early', \"DueAt\" = @now WHERE \"Position\" = @position AND \"State\" = 'Pending'",
                        ("key", Key(edit.ChannelId, edit.ProviderId)), ("now", DateTime.UtcNow), ("position", position));
                    break;
                default:
                    throw new InvalidOperationException("The benchmark sends messages and edits only.");
            }
        }
        await DoAsync($"INSERT INTO {store.Table("core", "Changes")} (\"Topics\", \"At\") VALUES (@topics, @now)", ("topics", "tickets"), ("now", DateTime.UtcNow));
        await unit.CommitAsync();
        return items.Count;
    }

    private async Task ReceiveAsync(InboundMessage message)
    {
        var now = DateTime.UtcNow;
        var body = ((TextContent)message.Content).Body;
        if (await OneAsync($"SELECT \"Id\" FROM {Messages} WHERE \"ChannelId\" = @channel AND \"ProviderId\" = @id", ("channel", message.ChannelId), ("id", message.EventId)) is not null) return;
        var contact = await ContactAsync(message.From, now);
        var (ticket, seq, change) = await TicketAsync(message, contact, now);
        await DoAsync($"""
            INSERT INTO {Messages} ("Id", "TicketId", "ChannelId", "Seq", "Change", "ProviderId", "FromUs", "Origin", "Kind", "Body", "IsNote", "State", "CreatedAt", "SearchText", "Version")
            VALUES (@message, @ticket, @channel, @seq, @change, @id, @no, 'Chat', 'Text', @body, @no, 'Received', @now, @search, 0)
            """, ("message", Guid.CreateVersion7()), ("ticket", ticket), ("channel", message.ChannelId), ("seq", seq + 1), ("change", change + 1), ("id", message.EventId), ("no", false),
            ("body", body), ("now", now), ("search", SearchText.Of(4000, body)));
        await DoAsync($"""
            UPDATE {Tickets} SET "LastSeq" = @seq, "LastChange" = @change, "LastText" = @text, "LastKind" = 'Text', "LastFromUs" = @no, "LastMessageAt" = @now, "Unread" = "Unread" + 1,
              "AddressKind" = @kind, "AddressValue" = @value, "Version" = "Version" + 1 WHERE "Id" = @ticket
            """, ("seq", seq + 1), ("change", change + 1), ("text", body.Length > 160 ? body[..160] : body), ("no", false), ("now", now), ("kind", message.From.Kind), ("value", message.From.Value), ("ticket", ticket));
        foreach (var early in await RowsAsync($"SELECT \"Position\", \"Payload\" FROM {LaneItems} WHERE \"State\" = 'Waiting' AND \"WaitsFor\" = @key ORDER BY \"Position\"", ("key", Key(message.ChannelId, message.EventId))))
        {
            await EditAsync((InboundEdit)JsonSerializer.Deserialize<InboundEvent>((string)early[1], JsonSerializerOptions.Web)!);
            await DoneAsync((long)early[0], "Waiting");
        }
    }

    private async Task<bool> EditAsync(InboundEdit edit)
    {
        if (await OneAsync($"SELECT \"Id\", \"TicketId\" FROM {Messages} WHERE \"ChannelId\" = @channel AND \"ProviderId\" = @id", ("channel", edit.ChannelId), ("id", edit.ProviderId)) is not { } found) return false;
        await DoAsync($"UPDATE {Tickets} SET \"LastChange\" = \"LastChange\" + 1, \"Version\" = \"Version\" + 1 WHERE \"Id\" = @ticket", ("ticket", found[1]));
        await DoAsync($"""
            UPDATE {Messages} SET "PreviousBody" = "Body", "Body" = @body, "EditedAt" = @now, "SearchText" = @search, "Version" = "Version" + 1,
              "Change" = (SELECT "LastChange" FROM {Tickets} WHERE "Id" = @ticket) WHERE "Id" = @message
            """, ("body", edit.Body), ("now", DateTime.UtcNow), ("search", SearchText.Of(4000, edit.Body)), ("ticket", found[1]), ("message", found[0]));
        return true;
    }

    private async Task<object> ContactAsync(Address from, DateTime now)
    {
        var (contacts, addresses) = (store.Table("contacts", "Contacts"), store.Table("contacts", "Addresses"));
        if (await OneAsync($"SELECT c.\"Id\", c.\"Name\", c.\"Blocked\" FROM {addresses} a JOIN {contacts} c ON c.\"Id\" = a.\"ContactId\" WHERE a.\"Kind\" = @kind AND a.\"MatchKey\" = @value",
            ("kind", from.Kind), ("value", from.Value)) is { } known) return known[0];
        var id = Guid.CreateVersion7();
        await DoAsync($"INSERT INTO {contacts} (\"Id\", \"Name\", \"NameIsOurs\", \"Blocked\", \"Source\", \"CreatedAt\", \"SearchText\", \"Version\") VALUES (@id, @name, @no, @no, 'Inbound', @now, @search, 0)",
            ("id", id), ("name", from.Name!), ("no", false), ("now", now), ("search", SearchText.Of(600, from.Name, from.Value)));
        await DoAsync($"INSERT INTO {addresses} (\"Id\", \"ContactId\", \"Kind\", \"Value\", \"MatchKey\") VALUES (@address, @id, @kind, @value, @value)",
            ("address", Guid.CreateVersion7()), ("id", id), ("kind", from.Kind), ("value", from.Value));
        return id;
    }

    private async Task<(object Id, long Seq, long Change)> TicketAsync(InboundMessage message, object contact, DateTime now)
    {
        if (await OneAsync($"SELECT \"Id\", \"LastSeq\", \"LastChange\" FROM {Tickets} WHERE \"ChannelId\" = @channel AND \"ContactId\" = @contact AND \"Status\" <> 'Closed'",
            ("channel", message.ChannelId), ("contact", contact)) is { } open) return (open[0], (long)open[1], (long)open[2]);
        var counters = store.Table("tickets", "Counters");
        await DoAsync($"UPDATE {counters} SET \"Value\" = \"Value\" + 1 WHERE \"Name\" = 'ticket'");
        var number = (long)(await OneAsync($"SELECT \"Value\" FROM {counters} WHERE \"Name\" = 'ticket'"))![0];
        var id = Guid.CreateVersion7();
        await DoAsync($"""
            INSERT INTO {Tickets} ("Id", "Number", "Status", "ChannelId", "ContactId", "AddressKind", "AddressValue", "IsGroup", "StartedByAgent", "Unread", "LastText", "LastKind", "LastFromUs",
              "LastMessageAt", "CreatedAt", "QueuedAt", "LastSeq", "LastChange", "Version")
            VALUES (@id, @number, 'Pending', @channel, @contact, @kind, @value, @no, @no, 0, '', 'Text', @no, @now, @now, @now, 0, 0, 0)
            """, ("id", id), ("number", number), ("channel", message.ChannelId), ("contact", contact), ("kind", message.From.Kind), ("value", message.From.Value), ("no", false), ("now", now));
        await DoAsync($"INSERT INTO {store.Table("tickets", "Timeline")} (\"TicketId\", \"Type\", \"At\") VALUES (@id, 'created', @now)", ("id", id), ("now", now));
        await DoAsync($"INSERT INTO {store.Table("tickets", "Cycles")} (\"Id\", \"TicketId\", \"ChannelId\", \"StartedByAgent\", \"QueuedAt\", \"Version\") VALUES (@cycle, @id, @channel, @no, @now, 0)",
            ("cycle", Guid.CreateVersion7()), ("id", id), ("channel", message.ChannelId), ("no", false), ("now", now));
        return (id, 0, 0);
    }

    private Task DoneAsync(long position, string state) =>
        DoAsync($"UPDATE {LaneItems} SET \"State\" = 'Done', \"DoneAt\" = @now WHERE \"Position\" = @position AND \"State\" = '{state}'", ("now", DateTime.UtcNow), ("position", position));

    private static string Key(Guid channel, string providerId) => string.Create(CultureInfo.InvariantCulture, $"{channel:N}:{providerId}");

    private async Task DoAsync(string sql, params (string Name, object Value)[] values)
    {
        var command = await CommandAsync(sql, values);
        if (await command.ExecuteNonQueryAsync() == 0) throw new InvalidOperationException("A row that must be there is not.");
    }

    private async Task<object[]?> OneAsync(string sql, params (string Name, object Value)[] values) => (await RowsAsync(sql, values)) is [var first, ..] ? first : null;

    private async Task<List<object[]>> RowsAsync(string sql, params (string Name, object Value)[] values)
    {
        var command = await CommandAsync(sql, values);
        await using var reader = await command.ExecuteReaderAsync();
        List<object[]> rows = [];
        while (await reader.ReadAsync())
        {
            var row = new object[reader.FieldCount];
            reader.GetValues(row);
            rows.Add(row);
        }
        return rows;
    }

    private async Task<DbCommand> CommandAsync(string sql, (string Name, object Value)[] values)
    {
        if (!prepared.TryGetValue(sql, out var command))
        {
            command = prepared[sql] = db.CreateCommand();
            command.CommandText = sql;
            foreach (var (name, value) in values)
            {
                var parameter = command.CreateParameter();
                (parameter.ParameterName, parameter.Value) = (name, value);
                command.Parameters.Add(parameter);
            }
            command.Transaction = transaction;
            await command.PrepareAsync();
        }
        command.Transaction = transaction;
        foreach (var (name, value) in values) command.Parameters[name].Value = value;
        return command;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var command in prepared.Values) await command.DisposeAsync();
        await db.DisposeAsync();
    }
}
