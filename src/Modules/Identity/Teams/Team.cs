using Inforzap.Audit;
using Inforzap.Data;

namespace Inforzap.Identity.Teams;

/// <summary>
/// People who belong together (equipe): for tasks, for the access to groups, to be mentioned at once. It gets no tickets: that
/// is what queues are for.
/// </summary>
[Audited("team")]
internal sealed class Team : Versioned
{
    public Guid Id { get; init; }
    public required string Name { get; set; }
    /// <summary>#rrggbb.</summary>
    public required string Color { get; set; }
    /// <summary>Who leads it: one of its members, or nobody.</summary>
    public Guid? LeaderId { get; set; }
    public bool IsActive { get; set; } = true;
    public string SearchText { get; set; } = "";
    public DateTime CreatedAt { get; init; }
}

/// <summary>Who belongs to which team.</summary>
internal sealed class TeamMember
{
    public Guid TeamId { get; init; }
    public Guid UserId { get; init; }
}
