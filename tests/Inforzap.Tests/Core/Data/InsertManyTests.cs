using Inforzap.Data;
using Inforzap.Tests.Support;
using Inforzap.Tickets;

namespace Inforzap.Tests.Core.Data;

public sealed class InsertManyTests(Desk desk) : IClassFixture<Desk>
{
    private static Message Made(Guid id, Guid ticket, long seq, Action<Message>? with = null)
    {
        var message = new Message
        {
            Id = id, TicketId = ticket, ChannelId = ticket, Seq = seq, Change = seq + 3, ProviderId = $"p-{seq}", FromUs = true, SenderUserId = ticket, Origin = MessageOrigin.Device,
            Kind = MessageKind.Voice, Body = "Olá, «mundo» 🌎", Extra = "{\"a\":1}", QuotedId = ticket, IsNote = true, State = MessageState.Delivered,
            ProviderAt = new DateTime(2026, 3, 4, 5, 6, 7, 891, DateTimeKind.Utc).AddTicks(2_345), CreatedAt = new DateTime(2026, 3, 4, 5, 6, 7, DateTimeKind.Utc), SearchText = "ola, «mundo»",
        };
        with?.Invoke(message);
        return message;
    }

    [Fact]
    public async Task A_row_is_what_SaveChanges_would_have_written()
    {
        var (saved, inserted) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await desk.WriteAsync(async db =>
        {
            db.Add(Made(saved, saved, 1));
            await db.SaveChangesAsync();
            await db.InsertAsync([Made(inserted, inserted, 1)]);
        });
        Assert.Equal((await ColumnsAsync(saved)).Select(c => c.Replace(saved.ToString(), "x", StringComparison.OrdinalIgnoreCase)),
            (await ColumnsAsync(inserted)).Select(c => c.Replace(inserted.ToString(), "x", StringComparison.OrdinalIgnoreCase)));
    }

    [Fact]
    public async Task What_is_too_long_or_there_already_is_refused_as_SaveChanges_refuses_it()
    {
        var ticket = Guid.CreateVersion7();
        var tooLong = await Assert.ThrowsAsync<TooLongException>(() => desk.WriteAsync(db => db.InsertAsync([Made(Guid.CreateVersion7(), ticket, 1, m => m.ProviderId = new string('x', 301))])));
        Assert.Contains("ProviderId", tooLong.Message);
        var twice = await Assert.ThrowsAsync<DbUpdateException>(() => desk.WriteAsync(db => db.InsertAsync([Made(Guid.CreateVersion7(), ticket, 1), Made(Guid.CreateVersion7(), ticket, 1, m => m.ProviderId = "other")])));
        Assert.True(twice.IsUniqueViolation());
        Assert.Equal(0, await desk.ReadAsync(db => db.Set<Message>().CountAsync(m => m.TicketId == ticket)));
    }

    /// <summary>Each column as the database holds it, with its type.</summary>
    private Task<List<string>> ColumnsAsync(Guid id) => desk.ReadAsync(async db =>
    {
        var entity = db.Model.FindEntityType(typeof(Message))!;
        var table = entity.GetSchema() is { } schema ? $"\"{schema}\".\"{entity.GetTableName()}\"" : $"\"{entity.GetTableName()}\"";
        var type = db.Provider == DatabaseProvider.Sqlite ? "typeof" : "pg_typeof";
        await db.Database.OpenConnectionAsync();
        await using var command = db.Database.GetDbConnection().CreateCommand();
        List<string> columns = [];
        foreach (var name in entity.GetProperties().Select(p => p.GetColumnName()))
        {
            command.CommandText = $"SELECT {type}(\"{name}\") || ' ' || CAST(\"{name}\" AS TEXT) FROM {table} WHERE lower(CAST(\"Id\" AS TEXT)) = '{id}'";
            columns.Add($"{name} {await command.ExecuteScalarAsync()}");
        }
        return columns;
    });
}
