using Inforzap.Audit;
using Inforzap.Data;

namespace Inforzap.Tickets;

/// <summary>A sector (fila) whose members share its tickets.</summary>
[Audited("queue")]
internal sealed class Queue : Versioned
{
    public Guid Id { get; init; }
    public required string Name { get; set; }
    /// <summary>#rrggbb.</summary>
    public required string Color { get; set; }
    public int Order { get; set; }
    public bool IsActive { get; set; } = true;
    public DateTime CreatedAt { get; init; }

    /// <summary>Whether its tickets are given to members by themselves, and to whom.</summary>
    public Distribution Distribution { get; set; }
    /// <summary>The most tickets of this queue that are given to one member; 0 is no limit. The member's own limit holds, too.</summary>
    public int MaxPerUser { get; set; }
    /// <summary>So many minutes may pass until the first answer; null: nobody counts.</summary>
    public int? FirstResponseMinutes { get; set; }
    /// <summary>So many minutes may pass until it is resolved, from when it came into the queue; null: nobody counts.</summary>
    public int? ResolutionMinutes { get; set; }

    /// <summary>The queue that takes over while this one is away; null: it is never away.</summary>
    public Guid? AbsenceQueueId { get; set; }
    /// <summary>When it begins to be away, UTC.</summary>
    public DateTime? AbsenceFrom { get; set; }
    /// <summary>When it is back, UTC.</summary>
    public DateTime? AbsenceTo { get; set; }
    /// <summary>What is being served moves, too, and waits there.</summary>
    public bool AbsenceMovesOpen { get; set; }

    /// <summary>What customers who come through a menu are told of their place, with variables; null: nothing.</summary>
    public string? PlaceText { get; set; }
    /// <summary>After so many minutes again, if it is another place; 0: only once.</summary>
    public int PlaceMinutes { get; set; }

    /// <summary>Gone for good; its name stays for what was served in it.</summary>
    public DateTime? DeletedAt { get; set; }

    /// <summary>Whether it is away at this moment.</summary>
    public bool IsAway(DateTime now) => AbsenceQueueId is not null && AbsenceFrom <= now && now < AbsenceTo;
}

/// <summary>How a queue gives its tickets to members who are online and below their limits.</summary>
public enum Distribution
{
    /// <summary>It does not: members take them.</summary>
    None,
    /// <summary>To whoever has waited longest for one.</summary>
    RoundRobin,
    /// <summary>To whoever serves the fewest; among those to whoever has waited longest for one.</summary>
    Balanced,
    /// <summary>To anybody.</summary>
    Random,
}

/// <summary>Who serves which queue.</summary>
internal sealed class QueueMember
{
    public Guid QueueId { get; init; }
    public Guid UserId { get; init; }
    /// <summary>When the queue last gave them a ticket.</summary>
    public DateTime? LastGivenAt { get; set; }
}

/// <summary>What a person typed and did not send yet.</summary>
internal sealed class Draft
{
    public Guid UserId { get; init; }
    public Guid TicketId { get; init; }
    public string Text { get; set; } = "";
    public Guid? QuotedId { get; set; }
    public DateTime At { get; set; }
}

/// <summary>The last number that was given.</summary>
internal sealed class Counter
{
    public required string Name { get; init; }
    public long Value { get; set; }
}
