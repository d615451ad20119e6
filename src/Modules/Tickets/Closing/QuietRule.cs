using Inforzap.Audit;
using Inforzap.Data;

namespace Inforzap.Tickets.Closing;

/// <summary>What becomes of tickets in which nobody speaks any more (fechamento automático). Groups have none.</summary>
[Audited("quiet", Secret = [nameof(WarnText), nameof(Text)])]
internal sealed class QuietRule : Versioned
{
    public const int MaxText = 1000;
    public const int MinMinutes = 5;
    /// <summary>Ninety days.</summary>
    public const int MaxMinutes = 129_600;

    public Guid Id { get; init; }
    public required string Name { get; set; }
    public QuietScope Scope { get; set; }
    /// <summary>The queue or the channel; none for the company's.</summary>
    public Guid? PlaceId { get; set; }
    /// <summary>Open or pending.</summary>
    public TicketStatus Status { get; set; }
    public QuietSide WaitingFor { get; set; }
    /// <summary>So many minutes after the last word of either side.</summary>
    public int AfterMinutes { get; set; }
    /// <summary>Only time within the service hours counts, and nothing happens out of them.</summary>
    public bool OnlyOpenHours { get; set; }
    /// <summary>The customer is told so many minutes before; null: not at all.</summary>
    public int? WarnMinutes { get; set; }
    public string? WarnText { get; set; }
    /// <summary>What the customer is told when it happens; null: nothing.</summary>
    public string? Text { get; set; }
    public QuietAction Action { get; set; }
    /// <summary>Written down on closing; null: the product's own.</summary>
    public Guid? ReasonId { get; set; }
    /// <summary>Who takes over: a queue or a user.</summary>
    public Guid? TargetId { get; set; }
    /// <summary>On closing the customer is asked how they were served.</summary>
    public bool SendSurvey { get; set; }
    public bool IsActive { get; set; } = true;
    public DateTime CreatedAt { get; init; }
}

/// <summary>For which tickets a rule is. The nearest counts: queue, then channel, then company.</summary>
public enum QuietScope
{
    /// <summary>All.</summary>
    Company,
    /// <summary>Those of one channel.</summary>
    Channel,
    /// <summary>Those of one queue.</summary>
    Queue,
}

/// <summary>Whose word is awaited.</summary>
public enum QuietSide
{
    /// <summary>The customer's: the last word was ours.</summary>
    Contact,
    /// <summary>Ours: the customer waits.</summary>
    Us,
    /// <summary>Anybody's.</summary>
    Anybody,
}

/// <summary>What happens.</summary>
public enum QuietAction
{
    /// <summary>The ticket is closed.</summary>
    Close,
    /// <summary>It waits in another queue.</summary>
    ToQueue,
    /// <summary>It waits for a person.</summary>
    ToUser,
}
