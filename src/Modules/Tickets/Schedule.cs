using Inforzap.Audit;
using Inforzap.Data;
using Inforzap.Tickets.Schedules;

namespace Inforzap.Tickets;

/// <summary>A message that somebody wrote for later, once or again and again, to a few contacts through one channel.</summary>
[Audited("schedule", NamedBy = nameof(Title), Except = [nameof(ChangedAt), nameof(Day), nameof(Minute), nameof(ChannelId), nameof(AuthorId), nameof(QueueId), nameof(UserId), nameof(NextAt), nameof(Runs), nameof(Revision), nameof(RepliesFrom)], Secret = [nameof(Body)])]
internal sealed class Schedule : Versioned
{
    public const int MaxContacts = 5;
    public const int MaxFiles = 10;
    public const int MaxBody = 4000;

    public Guid Id { get; init; }
    /// <summary>Whom it is for, in words: what the audit calls it.</summary>
    public required string Title { get; set; }
    public Guid AuthorId { get; set; }
    public Guid ChannelId { get; set; }
    /// <summary>The queue of a ticket that it opens; null: the channel's.</summary>
    public Guid? QueueId { get; set; }
    public required string Body { get; set; }
    /// <summary>The day, as the company's calendar has it: what is meant by 'the 5th at nine' stays so, whatever clocks do.</summary>
    public DateOnly Day { get; set; }
    /// <summary>The minute of that day on the company's clock.</summary>
    public int Minute { get; set; }
    /// <summary>The same in UTC when it was saved.</summary>
    public DateTime FirstAt { get; set; }
    public ScheduleUnit Unit { get; set; }
    public int Every { get; set; } = 1;
    public DateOnly? Until { get; set; }
    /// <summary>So many times in all.</summary>
    public int? Times { get; set; }
    public BusinessDayRule DayRule { get; set; }
    /// <summary>Begins with its author's signature.</summary>
    public bool Sign { get; set; }
    public ScheduleAction Action { get; set; }
    /// <summary>Who serves the ticket that it opens; null: its author.</summary>
    public Guid? UserId { get; set; }
    public bool CancelOnReply { get; set; }
    /// <summary>Since when a word of the contact is a reply: it was made, or changed, then.</summary>
    public DateTime RepliesFrom { get; set; }
    public ScheduleState State { get; private set; }
    /// <summary>When the next one is due; its runs are there already. Null: there is none any more.</summary>
    public DateTime? NextAt { get; set; }
    /// <summary>Grows with each change that somebody makes: who saves hands it back. The product's own progress leaves it alone.</summary>
    public int Revision { get; private set; }
    /// <summary>How many messages it has sent.</summary>
    public int Runs { get; set; }
    public DateTime CreatedAt { get; init; }
    public DateTime ChangedAt { get; set; }
    public string SearchText { get; set; } = "";

    public SchedulePlan Plan => new(Day, TimeOnly.MinValue.AddMinutes(Minute), Unit, Every, Until, Times, DayRule);

    public bool IsLive => State is ScheduleState.Active or ScheduleState.Paused;

    /// <summary>Somebody changed it.</summary>
    public void Change(DateTime now) => (ChangedAt, Revision) = (now, Revision + 1);

    public void Pause() => State = ScheduleState.Paused;

    public void Run() => State = ScheduleState.Active;

    public void Finish() => (State, NextAt) = (ScheduleState.Finished, null);

    public void Cancel() => (State, NextAt) = (ScheduleState.Cancelled, null);
}

/// <summary>One of those whom it is for.</summary>
internal sealed class ScheduleContact
{
    public Guid ScheduleId { get; init; }
    public Guid ContactId { get; init; }
    public int Position { get; set; }
    /// <summary>They wrote, and nothing more is sent to them.</summary>
    public DateTime? RepliedAt { get; set; }
}

/// <summary>A file of a schedule.</summary>
internal sealed class ScheduleFile : KeptFile
{
    public Guid? ScheduleId { get; set; }
}

/// <summary>One message of a schedule: at one time, to one contact. There is never a second one of the two, so nothing is sent twice.</summary>
internal sealed class ScheduleRun : Versioned
{
    /// <summary>Its message has the same id: made again it is the same message.</summary>
    public Guid Id { get; init; }
    public Guid ScheduleId { get; init; }
    public Guid ContactId { get; set; }
    public DateTime PlannedAt { get; init; }
    /// <summary>When it is looked at next.</summary>
    public DateTime DueAt { get; set; }
    /// <summary>From when on the wait for a channel is counted: its time, or when somebody said to try again.</summary>
    public DateTime Since { get; set; }
    public ScheduleRunState State { get; set; }
    public int Attempts { get; set; }
    /// <summary>Why it was not sent, for people.</summary>
    public string? Cause { get; set; }
    /// <summary>Null: nothing was handed over.</summary>
    public Guid? MessageId { get; set; }
    public Guid? TicketId { get; set; }
    public DateTime? SentAt { get; set; }
    /// <summary>Its author has seen that it failed.</summary>
    public DateTime? SeenAt { get; set; }

    /// <summary>It is sent at its time after all.</summary>
    public void PlanAgain() => (State, DueAt, Since, Attempts, Cause) = (ScheduleRunState.Planned, PlannedAt, PlannedAt, 0, null);

    public void End(ScheduleRunState state, string? cause) => (State, Cause) = (state, cause);

    public static ScheduleRun At(Schedule schedule, Guid contact, DateTime at) => new()
    {
        Id = Guid.CreateVersion7(), ScheduleId = schedule.Id, ContactId = contact, PlannedAt = at, DueAt = at, Since = at,
    };
}

/// <summary>How far a schedule is.</summary>
public enum ScheduleState
{
    /// <summary>Waits for its time.</summary>
    Active,
    /// <summary>Somebody stopped it for now.</summary>
    Paused,
    /// <summary>Nothing is left to send.</summary>
    Finished,
    /// <summary>Nothing more is to be sent.</summary>
    Cancelled,
}

/// <summary>How far one message of a schedule is.</summary>
public enum ScheduleRunState
{
    /// <summary>Waits for its time, or for its channel.</summary>
    Planned,
    /// <summary>Its message waits to leave the house.</summary>
    Sending,
    /// <summary>The provider has it.</summary>
    Sent,
    /// <summary>It was not sent; the cause says why.</summary>
    Failed,
    /// <summary>It is not to be sent.</summary>
    Cancelled,
}

/// <summary>After what it comes again.</summary>
public enum ScheduleUnit
{
    /// <summary>It does not.</summary>
    Once,
    /// <summary>Minutes.</summary>
    Minute,
    /// <summary>Hours.</summary>
    Hour,
    /// <summary>Days.</summary>
    Day,
    /// <summary>Weeks.</summary>
    Week,
    /// <summary>Months.</summary>
    Month,
    /// <summary>Years.</summary>
    Year,
}

/// <summary>What becomes of a time on a weekend or a holiday.</summary>
public enum BusinessDayRule
{
    /// <summary>It stays.</summary>
    Any,
    /// <summary>It is left out.</summary>
    Skip,
    /// <summary>It comes on the business day before.</summary>
    Previous,
    /// <summary>It comes on the next business day.</summary>
    Next,
}

/// <summary>What becomes of the ticket, where the contact has no active one.</summary>
public enum ScheduleAction
{
    /// <summary>It stays in the history: nothing is opened.</summary>
    Keep,
    /// <summary>A new one waits in its queue.</summary>
    Pending,
    /// <summary>Somebody serves a new one.</summary>
    Open,
    /// <summary>It gets one of its own, that is closed already.</summary>
    Closed,
}

internal static class SchedulesDb
{
    extension(InforzapDb db)
    {
        public DbSet<Schedule> Schedules => db.Set<Schedule>();
        public DbSet<ScheduleContact> ScheduleContacts => db.Set<ScheduleContact>();
        public DbSet<ScheduleFile> ScheduleFiles => db.Set<ScheduleFile>();
        public DbSet<ScheduleRun> ScheduleRuns => db.Set<ScheduleRun>();
    }

    public static void Map(ModelBuilder model)
    {
        const string schema = "tickets";
        var schedule = model.Entity<Schedule>();
        schedule.ToTable("Schedules", schema);
        schedule.Property(s => s.Id).ValueGeneratedNever();
        schedule.Property(s => s.Title).HasMaxLength(200);
        schedule.Property(s => s.Body).HasMaxLength(Schedule.MaxBody);
        schedule.Property(s => s.SearchText).HasMaxLength(2000);
        schedule.Ignore(s => s.Plan);
        schedule.Ignore(s => s.IsLive);
        schedule.HasIndex(s => new { s.State, s.NextAt });
        schedule.HasIndex(s => new { s.AuthorId, s.State });

        var contact = model.Entity<ScheduleContact>();
        contact.ToTable("ScheduleContacts", schema);
        contact.HasKey(c => new { c.ScheduleId, c.ContactId });
        contact.HasIndex(c => c.ContactId);

        var file = model.Entity<ScheduleFile>();
        file.ToTable("ScheduleFiles", schema);
        file.Property(f => f.Id).ValueGeneratedNever();
        file.Property(f => f.Name).HasMaxLength(255);
        file.Property(f => f.MimeType).HasMaxLength(100);
        file.HasIndex(f => new { f.ScheduleId, f.Position });
        file.HasIndex(f => f.FileId);

        var run = model.Entity<ScheduleRun>();
        run.ToTable("ScheduleRuns", schema);
        run.Property(r => r.Id).ValueGeneratedNever();
        run.Property(r => r.Cause).HasMaxLength(500);
        // Whatever runs twice, on two nodes or after a crash: each contact gets each time once.
        run.HasIndex(r => new { r.ScheduleId, r.ContactId, r.PlannedAt }).IsUnique();
        // What is due is few among all that there ever were.
        run.HasIndex(r => new { r.State, r.DueAt });
        run.HasIndex(r => r.ContactId);
        run.HasIndex(r => r.PlannedAt);
    }
}
