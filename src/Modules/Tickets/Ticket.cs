using Inforzap.Data;
using Inforzap.Sdk;

namespace Inforzap.Tickets;

/// <summary>One service of one contact through one channel, from first message to resolution.</summary>
internal sealed class Ticket : Versioned
{
    public Guid Id { get; init; }
    /// <summary>What people say: 1, 2, 3 ... from a counter; gaps allowed.</summary>
    public long Number { get; init; }
    public TicketStatus Status { get; private set; }
    public Guid ChannelId { get; init; }
    public Guid ContactId { get; init; }
    /// <summary>Where answers go: kind and value of the address that wrote last.</summary>
    public required string AddressKind { get; set; }
    public required string AddressValue { get; set; }
    public Guid? QueueId { get; private set; }
    public Guid? UserId { get; private set; }
    public bool IsGroup { get; init; }
    public bool StartedByAgent { get; init; }

    /// <summary>Messages of the contact that the agent has not seen.</summary>
    public int Unread { get; set; }
    public string LastText { get; set; } = "";
    public MessageKind LastKind { get; set; }
    public bool LastFromUs { get; set; }
    public DateTime LastMessageAt { get; set; }
    /// <summary>Since when the customer waits for an answer; null: they have one. What the product says by itself answers nothing.</summary>
    public DateTime? WaitingSince { get; private set; }
    /// <summary>Since when neither side has said anything, or since somebody took it over; what the product says by itself does not count.</summary>
    public DateTime QuietSince { get; private set; }
    /// <summary>When the customer was told that the ticket will be closed; null once somebody says something.</summary>
    public DateTime? WarnedAt { get; private set; }

    public DateTime CreatedAt { get; init; }
    public DateTime QueuedAt { get; private set; }
    public DateTime? AcceptedAt { get; private set; }
    /// <summary>Until when it waits for the user who looks after the contact; then it takes the usual way.</summary>
    public DateTime? OwnerUntil { get; private set; }
    /// <summary>Who gave it back: it is not given to them again by itself.</summary>
    public Guid? ReturnedBy { get; private set; }
    public DateTime? FirstResponseAt { get; private set; }
    public DateTime? ClosedAt { get; private set; }
    public Guid? ClosedBy { get; private set; }
    /// <summary>Why it was closed; none where nobody said.</summary>
    public Guid? ClosingReasonId { get; private set; }
    public string? ClosingNote { get; private set; }

    /// <summary>The last number given to a message: 1, 2, 3 ...</summary>
    public long LastSeq { get; private set; }
    /// <summary>The last number given to imported history: -1, -2, -3 ...; 0: there is none.</summary>
    public long FirstSeq { get; private set; }
    /// <summary>Up to this number the retention took the words of its messages away.</summary>
    public long WordsGoneTo { get; set; }
    /// <summary>Up to this number it took their files away.</summary>
    public long FilesGoneTo { get; set; }
    /// <summary>Up to this number its messages were erased with their person.</summary>
    public long ErasedTo { get; set; }
    /// <summary>Grows with each change of any message of the conversation, also over its tickets: the cursor of viewers. See <see cref="Leading"/>.</summary>
    public long LastChange { get; private set; }
    /// <summary>Of the one that leads: until when an answer to a survey may come in the conversation.</summary>
    public DateTime? SurveyUntil { get; private set; }
    /// <summary>The ticket of the conversation from which this one takes its change numbers; none for the one that leads.</summary>
    private Ticket? leader;

    public bool IsActive => Status != TicketStatus.Closed;

    public static Ticket New(long number, Guid channelId, Guid contactId, Address address, Guid? queueId, DateTime now, Ticket? before, bool isGroup = false) => new Ticket
    {
        Id = Guid.CreateVersion7(), Number = number, Status = TicketStatus.Pending, ChannelId = channelId, ContactId = contactId,
        AddressKind = address.Kind, AddressValue = address.Value, IsGroup = isGroup, QueueId = queueId, CreatedAt = now, QueuedAt = now, LastMessageAt = now, QuietSince = now,
    }.After(before);

    public static Ticket StartedBy(Guid userId, long number, Guid channelId, Guid contactId, Address address, Guid? queueId, DateTime now, Ticket? before) => new Ticket
    {
        Id = Guid.CreateVersion7(), Number = number, Status = TicketStatus.Open, ChannelId = channelId, ContactId = contactId,
        AddressKind = address.Kind, AddressValue = address.Value, QueueId = queueId, UserId = userId, StartedByAgent = true,
        CreatedAt = now, QueuedAt = now, AcceptedAt = now, LastMessageAt = now, QuietSince = now,
    }.After(before);

    /// <summary>The next number for a new message.</summary>
    public (long Seq, long Change) NextMessage() => (++LastSeq, NextChange());

    /// <summary>The next number for imported history. Whoever takes away what was said looks at it from there on.</summary>
    public (long Seq, long Change) NextPast()
    {
        FirstSeq--;
        WordsGoneTo = FilesGoneTo = ErasedTo = FirstSeq - 1;
        return (FirstSeq, NextChange());
    }

    /// <summary>The next number for a changed message.</summary>
    public long NextChange() => LastChange = leader is null ? LastChange + 1 : leader.NextChange();

    /// <summary>Takes its numbers from the ticket that leads the conversation, which is held.</summary>
    public void Follow(Ticket leading) => leader = leading == this ? null : leading;

    /// <summary>Gives the numbers of the conversation, in which the highest so far is <paramref name="change"/>.</summary>
    /// <param name="change">The highest number so far.</param>
    /// <param name="survey">Until when an answer to a survey may come: who led before may have kept it.</param>
    public void Lead(long change, DateTime? survey = null)
    {
        LastChange = Math.Max(LastChange, change);
        if (survey is not null && !(SurveyUntil >= survey)) SurveyUntil = survey;
    }

    /// <summary>An answer to a survey may come until then; null: none any more. Said of the conversation, so the one that leads keeps it.</summary>
    public void AwaitSurvey(DateTime? until)
    {
        SurveyUntil = leader is null || until is null ? until : SurveyUntil;
        leader?.AwaitSurvey(until);
    }

    /// <summary>Takes over the lead: it is the active one from now on, or the newest.</summary>
    private Ticket After(Ticket? before)
    {
        leader = null;
        if (before is null || before == this) return this;
        Lead(before.LastChange);
        SurveyUntil = before.SurveyUntil;
        before.leader = this;
        return this;
    }

    public void Accept(Guid userId, DateTime now)
    {
        (Status, UserId, AcceptedAt, ReturnedBy, OwnerUntil) = (TicketStatus.Open, userId, now, null, null);
        StayQuiet(now);
    }

    /// <summary>It waits for the user who looks after the contact.</summary>
    public void WaitFor(Guid userId, DateTime until) => (Status, UserId, OwnerUntil) = (TicketStatus.Pending, userId, until);

    /// <summary>It waited long enough, and takes the usual way. Nobody gave it back.</summary>
    public void WaitNoLonger() => (UserId, OwnerUntil) = (null, null);

    public void ReturnToQueue(DateTime now)
    {
        (Status, ReturnedBy, UserId, AcceptedAt, QueuedAt, OwnerUntil) = (TicketStatus.Pending, UserId ?? ReturnedBy, null, null, now, null);
        StayQuiet(now);
    }

    public void Transfer(Guid? queueId, Guid? userId, bool opens, DateTime now)
    {
        QueueId = queueId;
        UserId = userId;
        (ReturnedBy, OwnerUntil) = (null, null);
        var open = userId is not null && opens;
        Status = open ? TicketStatus.Open : TicketStatus.Pending;
        AcceptedAt = open ? now : null;
        QueuedAt = now;
        StayQuiet(now);
    }

    /// <summary>The customer says something.</summary>
    public void Wrote(DateTime now) => (WaitingSince, QuietSince, WarnedAt) = (WaitingSince ?? now, now, null);

    /// <summary>Somebody of the company says something to the customer.</summary>
    public void Replied(DateTime now) => (WaitingSince, QuietSince, WarnedAt) = (null, now, null);

    /// <summary>The customer was told that it will be closed.</summary>
    public void Warn(DateTime now) => WarnedAt = now;

    /// <summary>Another begins to look after it, who has all the time again.</summary>
    private void StayQuiet(DateTime now) => (QuietSince, WarnedAt) = (now, null);

    /// <summary>Another queue takes over; who serves it and since when stays.</summary>
    public void MoveTo(Guid? queueId)
    {
        // The notice was that of another queue's rule.
        if (queueId != QueueId) WarnedAt = null;
        QueueId = queueId;
    }

    public void Close(Guid? userId, Guid? reasonId, string? note, DateTime now)
    {
        (Status, ClosedAt, ClosedBy, ClosingReasonId, ClosingNote, Unread) = (TicketStatus.Closed, now, userId, reasonId, note, 0);
        (WaitingSince, WarnedAt, OwnerUntil) = (null, null, null);
    }

    /// <summary>Nothing in it tells any more whose it was.</summary>
    public void Erase() => (AddressValue, LastText, ClosingNote, SurveyUntil) = ("", "", null, null);

    public void Reopen(Guid? userId, DateTime now)
    {
        Status = userId is null ? TicketStatus.Pending : TicketStatus.Open;
        (UserId, QueuedAt, AcceptedAt, ClosedAt, ClosedBy, FirstResponseAt) = (userId, now, userId is null ? null : now, null, null, null);
        (ClosingReasonId, ClosingNote, QuietSince) = (null, null, now);
        After(leader);
    }

    public void Answered(DateTime now) => FirstResponseAt ??= now;
}

/// <summary>Pendente, Aberto, Fechado.</summary>
public enum TicketStatus
{
    /// <summary>Waits for somebody.</summary>
    Pending,
    /// <summary>Somebody serves it.</summary>
    Open,
    /// <summary>Resolved.</summary>
    Closed,
}
