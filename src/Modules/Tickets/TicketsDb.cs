using Inforzap.Data;
using Inforzap.Tickets.Answering;
using Inforzap.Tickets.Closing;
using Inforzap.Tickets.Distributing;
using Inforzap.Tickets.Panel;
using Inforzap.Tickets.Past;

namespace Inforzap.Tickets;

internal static class TicketsDb
{
    extension(InforzapDb db)
    {
        public DbSet<Ticket> Tickets => db.Set<Ticket>();
        public DbSet<Message> Messages => db.Set<Message>();
        public DbSet<Attempt> Attempts => db.Set<Attempt>();
        public DbSet<Media> Media => db.Set<Media>();
        public DbSet<TimelineEntry> Timeline => db.Set<TimelineEntry>();
        public DbSet<ServiceCycle> Cycles => db.Set<ServiceCycle>();
        public DbSet<Queue> Queues => db.Set<Queue>();
        public DbSet<QueueMember> QueueMembers => db.Set<QueueMember>();
        public DbSet<Draft> Drafts => db.Set<Draft>();
    }

    public static void Map(ModelBuilder model, DatabaseProvider provider)
    {
        const string schema = "tickets";
        var ticket = model.Entity<Ticket>();
        ticket.ToTable("Tickets", schema);
        ticket.Property(t => t.Id).ValueGeneratedNever();
        ticket.Property(t => t.AddressKind).HasMaxLength(20);
        ticket.Text(t => t.AddressValue).IsIdentifier(128);
        ticket.Property(t => t.LastText).HasMaxLength(200);
        ticket.Property(t => t.ClosingNote).HasMaxLength(500);
        ticket.Ignore(t => t.IsActive);
        ticket.HasIndex(t => t.Number).IsUnique();
        // At most one active ticket per channel and contact, whatever races there are.
        ticket.HasIndex(t => new { t.ChannelId, t.ContactId }).IsUnique().HasFilter("\"Status\" <> 'Closed'").HasDatabaseName("UX_Tickets_Active");
        ticket.HasIndex(t => new { t.ContactId, t.Number }).HasDatabaseName("IX_Tickets_Contact");
        ticket.HasIndex(t => new { t.Status, t.QueueId, t.LastMessageAt, t.Number }).IsDescending(false, false, true, true).HasDatabaseName("IX_Tickets_Queue");
        ticket.HasIndex(t => new { t.Status, t.UserId, t.LastMessageAt, t.Number }).IsDescending(false, false, true, true).HasDatabaseName("IX_Tickets_User");
        ticket.HasIndex(t => new { t.Status, t.LastMessageAt, t.Number }).IsDescending(false, true, true).HasDatabaseName("IX_Tickets_Status");
        // Looked for twice a minute by the rules that close what nobody speaks in: few tickets are active.
        ticket.HasIndex(t => new { t.Status, t.QuietSince }).HasFilter("\"Status\" <> 'Closed'").HasDatabaseName("IX_Tickets_Quiet");

        var message = model.Entity<Message>();
        message.ToTable("Messages", schema);
        message.Property(m => m.Id).ValueGeneratedNever();
        message.Text(m => m.ProviderId).IsIdentifier(300);
        message.Text(m => m.Body).IsUnbounded();
        message.Text(m => m.PreviousBody).IsUnbounded();
        message.Text(m => m.Extra).IsUnbounded();
        message.Property(m => m.Author).HasMaxLength(120);
        message.Property(m => m.Reaction).HasMaxLength(40);
        message.Property(m => m.OurReaction).HasMaxLength(40);
        message.Property(m => m.ActReason).HasMaxLength(500);
        message.Property(m => m.FailReason).HasMaxLength(500);
        message.Property(m => m.FailCode).HasMaxLength(60);
        message.Text(m => m.SearchText).IsUnbounded();
        message.HasIndex(m => new { m.TicketId, m.Seq }).IsUnique();
        message.HasIndex(m => new { m.TicketId, m.Place }).IsUnique();
        message.HasIndex(m => new { m.TicketId, m.Change });
        message.HasIndex(m => new { m.ChannelId, m.ProviderId }).IsUnique().HasFilter("\"ProviderId\" IS NOT NULL");
        message.HasIndex(m => m.AttemptId).HasFilter("\"AttemptId\" IS NOT NULL");
        // Few at any time, looked for again and again among all messages there ever were.
        message.HasIndex(m => m.AttemptDeadline).HasFilter(Portable.Where("State", nameof(MessageState.Sending))).HasDatabaseName("IX_Messages_Sending");
        message.HasIndex(m => m.CreatedAt).HasFilter("\"State\" IN ('Failed', 'Unknown')").HasDatabaseName("IX_Messages_Unsure");

        var attempt = model.Entity<Attempt>();
        attempt.ToTable("Attempts", schema);
        attempt.Property(a => a.Id).ValueGeneratedNever();
        attempt.Property(a => a.Outcome).HasMaxLength(20);
        attempt.Text(a => a.ProviderId).IsIdentifier(300);
        attempt.Property(a => a.Reason).HasMaxLength(500);
        attempt.HasIndex(a => new { a.MessageId, a.Number });

        var media = model.Entity<Media>();
        media.ToTable("Media", schema);
        media.Property(m => m.Id).ValueGeneratedNever();
        media.Property(m => m.FileName).HasMaxLength(255);
        media.Property(m => m.MimeType).HasMaxLength(100);
        media.Text(m => m.SourceUrl).IsUnbounded();
        media.Text(m => m.SourceReference).IsUnbounded();
        media.Property(m => m.Reason).HasMaxLength(500);
        media.HasIndex(m => m.FileId);
        media.HasIndex(m => m.TicketId);

        var entry = model.Entity<TimelineEntry>();
        entry.ToTable("Timeline", schema);
        entry.HasKey(e => e.Position);
        entry.Property(e => e.Position).ValueGeneratedOnAdd();
        entry.Property(e => e.Type).HasMaxLength(40);
        entry.Property(e => e.Data).HasMaxLength(1000);
        entry.HasIndex(e => new { e.TicketId, e.Position });

        var cycle = model.Entity<ServiceCycle>();
        cycle.ToTable("Cycles", schema);
        cycle.Property(c => c.Id).ValueGeneratedNever();
        cycle.HasIndex(c => new { c.TicketId, c.QueuedAt });
        cycle.HasIndex(c => c.ClosedAt);
        // Of the figures of a period: it is far smaller than all that there ever was.
        cycle.HasIndex(c => c.QueuedMinute);
        cycle.HasIndex(c => c.ClosedMinute);
        cycle.HasIndex(c => c.AcceptedAt);
        // The mean of today is asked for by every panel, at each change.
        cycle.HasIndex(c => c.FirstResponseAt);

        var queue = model.Entity<Queue>();
        queue.ToTable("Queues", schema);
        queue.Property(q => q.Id).ValueGeneratedNever();
        queue.Property(q => q.Name).HasMaxLength(60);
        queue.Property(q => q.Color).HasMaxLength(7);
        queue.Property(q => q.PlaceText).HasMaxLength(ServiceHours.MaxText);
        queue.HasIndex(q => q.Name).IsUnique().HasFilter("\"DeletedAt\" IS NULL");
        var member = model.Entity<QueueMember>();
        member.ToTable("QueueMembers", schema);
        member.HasKey(m => new { m.QueueId, m.UserId });
        member.HasIndex(m => m.UserId);

        var draft = model.Entity<Draft>();
        draft.ToTable("Drafts", schema);
        draft.HasKey(d => new { d.UserId, d.TicketId });
        draft.Text(d => d.Text).IsUnbounded();

        var counter = model.Entity<Counter>();
        counter.ToTable("Counters", schema);
        counter.HasKey(c => c.Name);
        counter.Property(c => c.Name).HasMaxLength(40);
        counter.HasData(new Counter { Name = "ticket", Value = 0 }, new Counter { Name = DistributeTicketsHandler.Turn, Value = 0 }, new Counter { Name = ProtocolNumber.Counter, Value = 0 });

        QuickMessagesDb.Map(model);
        ClosingDb.Map(model);
        ProtocolsDb.Map(model);
        NotesDb.Map(model, provider);
        TakenTickets.Map(model);
        HoursDb.Map(model);
        MenusDb.Map(model);
        AnswerState.Map(model);
        SurveysDb.Map(model);
        Costs.CostsDb.Map(model);
        SchedulesDb.Map(model);
        DeskViewsDb.Map(model, provider);
        StickersDb.Map(model);
        HistoryDb.Map(model);

        // Random keys make bad clusters on SQL Server: rows lie in the order of their numbers.
        if (provider == DatabaseProvider.SqlServer)
        {
            SqlServerKeyBuilderExtensions.IsClustered(ticket.HasKey(t => t.Id), false);
            SqlServerIndexBuilderExtensions.IsClustered(ticket.HasIndex(t => t.Number));
            SqlServerKeyBuilderExtensions.IsClustered(message.HasKey(m => m.Id), false);
            SqlServerIndexBuilderExtensions.IsClustered(message.HasIndex(m => new { m.TicketId, m.Seq }));
        }
    }
}
