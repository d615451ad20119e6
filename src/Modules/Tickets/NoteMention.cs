using Inforzap.Data;

namespace Inforzap.Tickets;

/// <summary>Somebody was named with an @ in a note, and is told until they open its conversation.</summary>
internal sealed class NoteMention
{
    public Guid MessageId { get; init; }
    public Guid UserId { get; init; }
    public Guid TicketId { get; init; }
    public DateTime At { get; init; }
    public DateTime? SeenAt { get; set; }
}

internal static class NotesDb
{
    extension(InforzapDb db)
    {
        public DbSet<NoteMention> Mentions => db.Set<NoteMention>();
    }

    public static void Map(ModelBuilder model, DatabaseProvider provider)
    {
        var mention = model.Entity<NoteMention>();
        mention.ToTable("NoteMentions", "tickets");
        mention.HasKey(m => new { m.MessageId, m.UserId });
        // Asked for by every screen that opens; few at any time.
        mention.HasIndex(m => new { m.UserId, m.TicketId }).HasFilter("\"SeenAt\" IS NULL").HasDatabaseName("IX_NoteMentions_Unseen");

        // Notes are few among all messages there ever were: of all tickets in order, and of one contact's.
        var isNote = provider == DatabaseProvider.SqlServer ? "\"IsNote\" = 1" : "\"IsNote\"";
        var message = model.Entity<Message>();
        message.HasIndex(m => new { m.CreatedAt, m.Id }).HasFilter(isNote).HasDatabaseName("IX_Messages_Notes");
        // SQLite, which keeps no statistics here, takes it before the order of the ticket since the query names two of its columns.
        message.HasIndex(m => new { m.TicketId, m.DeletedAt, m.CreatedAt }).HasFilter(isNote).HasDatabaseName("IX_Messages_NotesOfTicket");
    }
}
