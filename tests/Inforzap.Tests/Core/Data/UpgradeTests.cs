using Inforzap.Contracts.Identity;
using Inforzap.Data;
using Inforzap.Host;
using Inforzap.Identity;
using Inforzap.Tickets;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Inforzap.Tests.Core.Data;

/// <summary>What a company has in its database when a new version starts on it can be read and worked with afterwards.</summary>
public sealed class UpgradeTests
{
    [Fact]
    public async Task Users_and_queues_from_before_the_administration_are_as_they_were()
    {
        var folder = Directory.CreateTempSubdirectory("inforzap-upgrade-");
        try
        {
            await using var db = new SqliteDb(Options(Path.Combine(folder.FullName, "old.db")), Modules.All);
            await db.GetService<IMigrator>().MigrateAsync("Nodes");
            var (user, queue) = (Guid.CreateVersion7(), Guid.CreateVersion7());
            await InsertAsync(db, "identity_Users", new() { ["Id"] = user.ToString().ToUpperInvariant(), ["Name"] = "Ana", ["Role"] = "Agent", ["IsActive"] = 1, ["Email"] = "ana@example.test" });
            await InsertAsync(db, "tickets_Queues", new() { ["Id"] = queue.ToString().ToUpperInvariant(), ["Name"] = "Vendas", ["Color"] = "#0B7A75", ["IsActive"] = 1 });
            await db.Database.MigrateAsync();
            var ana = await db.Set<User>().SingleAsync(u => u.Id == user);
            Assert.Equal((Presence.Online, false, null, 0), (ana.Presence, ana.IsOnline, ana.RoleId, ana.MaxOpenTickets));
            var sales = await db.Set<Inforzap.Tickets.Queue>().SingleAsync(q => q.Id == queue);
            Assert.Equal((Distribution.None, 0, null), (sales.Distribution, sales.MaxPerUser, sales.DeletedAt));
        }
        finally
        {
            SqliteConnection.ClearAllPools();
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Customers_who_waited_before_the_rules_of_service_still_wait()
    {
        var folder = Directory.CreateTempSubdirectory("inforzap-upgrade-");
        try
        {
            await using var db = new SqliteDb(Options(Path.Combine(folder.FullName, "old.db")), Modules.All);
            await db.GetService<IMigrator>().MigrateAsync("QuickMessages");
            var (waits, answered, closed) = (Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7());
            foreach (var (id, number, status, fromUs) in new[] { (waits, 1, "Open", 0), (answered, 2, "Open", 1), (closed, 3, "Closed", 0) })
                await InsertAsync(db, "tickets_Tickets", new()
                {
                    ["Id"] = id.ToString().ToUpperInvariant(), ["Number"] = number, ["Status"] = status, ["LastFromUs"] = fromUs, ["LastKind"] = "Text", ["LastMessageAt"] = "2026-11-02 09:30:00",
                    ["ChannelId"] = id.ToString().ToUpperInvariant(), ["ContactId"] = id.ToString().ToUpperInvariant(),
                });
            await db.Database.MigrateAsync();
            var at = new DateTime(2026, 11, 2, 9, 30, 0, DateTimeKind.Utc);
            var tickets = await db.Set<Ticket>().ToDictionaryAsync(t => t.Id);
            Assert.Equal((at, at), (tickets[waits].QuietSince, tickets[waits].WaitingSince));
            Assert.Equal((at, null), (tickets[answered].QuietSince, tickets[answered].WaitingSince));
            Assert.Null(tickets[closed].WaitingSince);
        }
        finally
        {
            SqliteConnection.ClearAllPools();
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Service_from_before_the_figures_is_counted_by_them()
    {
        var folder = Directory.CreateTempSubdirectory("inforzap-upgrade-");
        try
        {
            await using var db = new SqliteDb(Options(Path.Combine(folder.FullName, "old.db")), Modules.All);
            await db.GetService<IMigrator>().MigrateAsync("QueueResolution");
            var (person, group, lost) = (Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7());
            foreach (var (ticket, number) in new[] { (person, 1), (group, 2) })
                await InsertAsync(db, "tickets_Tickets", new()
                {
                    ["Id"] = Text(ticket), ["Number"] = number, ["Status"] = "Closed", ["IsGroup"] = number - 1, ["LastKind"] = "Text", ["ChannelId"] = Text(ticket), ["ContactId"] = Text(ticket),
                    ["LastMessageAt"] = "2026-11-02 09:30:00", ["QuietSince"] = "2026-11-02 09:30:00",
                });
            foreach (var (ticket, closed) in new (Guid, object)[] { (person, "2026-11-02 12:34:56.789"), (group, "2026-11-02 12:34:00"), (lost, DBNull.Value) })
                await InsertAsync(db, "tickets_Cycles", new() { ["Id"] = Text(ticket), ["TicketId"] = Text(ticket), ["ChannelId"] = Text(ticket), ["QueuedAt"] = "2026-11-02 09:30:59.9999999", ["ClosedAt"] = closed });
            await db.Database.MigrateAsync();
            var cycles = await db.Set<ServiceCycle>().Select(c => new { c.TicketId, c.IsGroup, Queued = EF.Property<int>(c, "QueuedMinute"), Closed = EF.Property<int?>(c, "ClosedMinute") }).ToDictionaryAsync(c => c.TicketId);
            var (queued, ended) = ((int)(new DateTime(2026, 11, 2, 9, 30, 0) - DateTime.UnixEpoch).TotalMinutes, (int)(new DateTime(2026, 11, 2, 12, 34, 0) - DateTime.UnixEpoch).TotalMinutes);
            Assert.Equal((false, queued, ended), (cycles[person].IsGroup, cycles[person].Queued, cycles[person].Closed));
            Assert.Equal((true, queued, ended), (cycles[group].IsGroup, cycles[group].Queued, cycles[group].Closed));
            Assert.Equal((false, queued, null), (cycles[lost].IsGroup, cycles[lost].Queued, cycles[lost].Closed));
        }
        finally
        {
            SqliteConnection.ClearAllPools();
            folder.Delete(recursive: true);
        }
    }

    private static string Text(Guid id) => id.ToString().ToUpperInvariant();

    private static DbContextOptions<SqliteDb> Options(string file)
    {
        var options = new DbContextOptionsBuilder<SqliteDb>();
        DatabaseSetup.Configure(options, new DatabaseSettings(DatabaseProvider.Sqlite, $"Data Source={file};Pooling=False"));
        return options.Options;
    }

    /// <summary>A row with these values, and with something for each other column that must have a value.</summary>
    private static async Task InsertAsync(SqliteDb db, string table, Dictionary<string, object> values)
    {
        await db.Database.OpenConnectionAsync();
        await using var ask = db.Database.GetDbConnection().CreateCommand();
        ask.CommandText = $"SELECT name, type FROM pragma_table_info('{table}') WHERE \"notnull\" = 1";
        await using (var columns = await ask.ExecuteReaderAsync())
            while (await columns.ReadAsync())
                values.TryAdd(columns.GetString(0), columns.GetString(1) == "INTEGER" ? 0 : columns.GetString(0).EndsWith("At", StringComparison.Ordinal) ? "2026-11-01 12:00:00" : "");
        await using var insert = db.Database.GetDbConnection().CreateCommand();
        insert.CommandText = $"INSERT INTO {table} ({string.Join(", ", values.Keys.Select(k => $"\"{k}\""))}) VALUES ({string.Join(", ", values.Keys.Select(k => "$" + k))})";
        foreach (var (name, value) in values) insert.Parameters.Add(new SqliteParameter("$" + name, value));
        await insert.ExecuteNonQueryAsync();
    }
}
