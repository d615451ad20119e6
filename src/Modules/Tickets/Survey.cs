using Inforzap.Audit;
using Inforzap.Contracts.Tickets;
using Inforzap.Data;

namespace Inforzap.Tickets;

/// <summary>What customers are asked after a service (avaliação), and what is done with their answers.</summary>
[Audited("survey")]
internal sealed class Survey : Versioned
{
    /// <summary>What a text may have in characters: buttons take 1,024, and names that are put in take some.</summary>
    public const int MaxText = 900;

    public Guid Id { get; init; }
    public required string Name { get; set; }
    public SurveyScale Scale { get; set; }
    /// <summary>The question, with variables.</summary>
    public required string RequestText { get; set; }
    public required string ThanksText { get; set; }
    /// <summary>What is said to an answer that is no score.</summary>
    public required string InvalidText { get; set; }
    /// <summary>Asked after a score of <see cref="ReasonAt"/> or less; null: nothing is asked.</summary>
    public string? ReasonText { get; set; }
    public int? ReasonAt { get; set; }
    /// <summary>Chosen already when a ticket is closed.</summary>
    public bool IsAutomatic { get; set; }
    /// <summary>May be sent from a conversation at any time.</summary>
    public bool IsManual { get; set; }
    /// <summary>What is no score is an ordinary message; else it is kept as a comment.</summary>
    public bool IsVoluntary { get; set; }
    /// <summary>Scores are pressed, where the channel can.</summary>
    public bool UsesChoices { get; set; }
    public int ExpiresMinutes { get; set; }
    public string? ExpiryText { get; set; }
    /// <summary>A contact is asked again only after so many hours.</summary>
    public int LeastHours { get; set; }
    public int Order { get; set; }
    public bool IsActive { get; set; } = true;
    public DateTime CreatedAt { get; init; }
    /// <summary>Out of the list; its results stay.</summary>
    public DateTime? DeletedAt { get; set; }
    public string SearchText { get; set; } = "";
}

/// <summary>One customer was asked once, after one service period. Written while its ticket is held.</summary>
internal sealed class SurveyRequest : Versioned
{
    public const int MaxComment = 2000;

    public Guid Id { get; init; }
    public Guid SurveyId { get; init; }
    /// <summary>As it was asked: the survey may change.</summary>
    public SurveyScale Scale { get; init; }
    public Guid TicketId { get; init; }
    /// <summary>The service period that is rated.</summary>
    public Guid CycleId { get; init; }
    public Guid ChannelId { get; init; }
    public Guid ContactId { get; init; }
    public Guid? QueueId { get; init; }
    /// <summary>The last person who served.</summary>
    public Guid? UserId { get; init; }
    public SurveyState State { get; private set; }
    public int? Score { get; private set; }
    public string? Comment { get; private set; }
    /// <summary>Answers so far that are no score.</summary>
    public int Wrongs { get; private set; }
    /// <summary>The contact wrote something else meanwhile: in a conversation that goes on a number means something else, too.</summary>
    public bool IsPassed { get; set; }
    public DateTime SentAt { get; init; }
    public DateTime? AnsweredAt { get; private set; }
    public DateTime ExpiresAt { get; private set; }

    public bool IsOpen => State is SurveyState.Sent or SurveyState.AskedWhy;

    public static SurveyRequest Of(Guid id, Survey survey, Ticket ticket, Guid cycleId, Guid? userId, DateTime now) => new()
    {
        Id = id, SurveyId = survey.Id, Scale = survey.Scale, TicketId = ticket.Id, CycleId = cycleId, ChannelId = ticket.ChannelId, ContactId = ticket.ContactId,
        QueueId = ticket.QueueId, UserId = userId, SentAt = now, ExpiresAt = now.AddMinutes(survey.ExpiresMinutes),
    };

    /// <summary>The customer gave a score; <paramref name="askUntil"/> is until when they are asked why.</summary>
    public void Rate(int score, DateTime now, DateTime? askUntil)
    {
        (Score, AnsweredAt) = (score, now);
        (State, ExpiresAt) = askUntil is { } until ? (SurveyState.AskedWhy, until) : (SurveyState.Answered, ExpiresAt);
    }

    /// <summary>The customer said why.</summary>
    public void Explain(string comment)
    {
        Note(comment);
        State = SurveyState.Answered;
    }

    /// <summary>The customer said something that is no score.</summary>
    public void Miss(string comment, DateTime now)
    {
        Note(comment);
        (Wrongs, AnsweredAt) = (Wrongs + 1, AnsweredAt ?? now);
    }

    /// <summary>No more answers are taken; what was answered so far stays.</summary>
    public void End(bool isOverdue) => State = Score is not null ? SurveyState.Answered : Comment is not null ? SurveyState.Invalid : isOverdue ? SurveyState.Expired : SurveyState.Cancelled;

    private void Note(string comment) => Comment = CleanText.Cut(Comment is null ? comment : $"{Comment}\n{comment}", MaxComment);
}

/// <summary>What became of a request.</summary>
public enum SurveyState
{
    /// <summary>Waits for a score.</summary>
    Sent,
    /// <summary>There is a score; waits for a reason.</summary>
    AskedWhy,
    /// <summary>There is a score.</summary>
    Answered,
    /// <summary>Nobody answered in time.</summary>
    Expired,
    /// <summary>It was answered, but without a score.</summary>
    Invalid,
    /// <summary>The customer wanted something else, or was asked anew.</summary>
    Cancelled,
}

internal static class SurveysDb
{
    extension(InforzapDb db)
    {
        public DbSet<Survey> Surveys => db.Set<Survey>();
        public DbSet<SurveyRequest> SurveyRequests => db.Set<SurveyRequest>();
    }

    public static void Map(ModelBuilder model)
    {
        const string schema = "tickets";
        const string open = "\"State\" IN ('Sent', 'AskedWhy')";
        var survey = model.Entity<Survey>();
        survey.ToTable("Surveys", schema);
        survey.Property(s => s.Id).ValueGeneratedNever();
        survey.Property(s => s.Name).HasMaxLength(60);
        survey.Property(s => s.RequestText).HasMaxLength(Survey.MaxText);
        survey.Property(s => s.ThanksText).HasMaxLength(Survey.MaxText);
        survey.Property(s => s.InvalidText).HasMaxLength(Survey.MaxText);
        survey.Property(s => s.ReasonText).HasMaxLength(Survey.MaxText);
        survey.Property(s => s.ExpiryText).HasMaxLength(Survey.MaxText);
        survey.Property(s => s.SearchText).HasMaxLength(1000);
        survey.HasIndex(s => s.Name).IsUnique().HasFilter("\"DeletedAt\" IS NULL");

        var request = model.Entity<SurveyRequest>();
        request.ToTable("SurveyRequests", schema);
        request.Property(r => r.Id).ValueGeneratedNever();
        request.Property(r => r.Comment).HasMaxLength(SurveyRequest.MaxComment);
        request.Ignore(r => r.IsOpen);
        // A contact is asked one thing at a time; those that wait are few among all that there ever were.
        request.HasIndex(r => new { r.ChannelId, r.ContactId }).IsUnique().HasFilter(open).HasDatabaseName("UX_SurveyRequests_Open");
        request.HasIndex(r => r.ExpiresAt).HasFilter(open).HasDatabaseName("IX_SurveyRequests_Due");
        request.HasIndex(r => new { r.SentAt, r.Id });
        request.HasIndex(r => new { r.ContactId, r.SentAt });
        request.HasIndex(r => r.TicketId);
        request.HasIndex(r => r.SurveyId);
    }
}
