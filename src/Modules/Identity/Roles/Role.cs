using Inforzap.Audit;
using Inforzap.Data;

namespace Inforzap.Identity.Roles;

/// <summary>A role (perfil) that the company made, with permissions of its own.</summary>
[Audited("role")]
internal sealed class Role : Versioned
{
    public Guid Id { get; init; }
    public required string Name { get; set; }
    public string Description { get; set; } = "";
    /// <summary>Whose place it takes where the product asks for a built-in role: agent or supervisor.</summary>
    public BuiltInRoles Base { get; set; }
    public DateTime CreatedAt { get; init; }
}

/// <summary>What a role allows.</summary>
internal sealed class RolePermission
{
    public Guid RoleId { get; init; }
    public required string Permission { get; init; }
}
