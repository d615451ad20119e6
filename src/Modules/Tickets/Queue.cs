using Inforzap.Data;

namespace Inforzap.Tickets;

/// <summary>A sector (fila) whose members share its tickets.</summary>
internal sealed class Queue : Versioned
{
    public Guid Id { get; init; }
    public required string Name { get; set; }
    /// <summary>#rrggbb.</summary>
    public required string Color { get; set; }
    public int Order { get; set; }
    public bool IsActive { get; set; } = true;
    public DateTime CreatedAt { get; init; }
}

/// <summary>Who serves which queue.</summary>
internal sealed class QueueMember
{
    public Guid QueueId { get; init; }
    public Guid UserId { get; init; }
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
