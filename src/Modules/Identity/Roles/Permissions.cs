using Inforzap.Data;

namespace Inforzap.Identity.Roles;

/// <summary>Who may what: the built-in role, or the company's own in its place, and what a person has or lacks beside it.</summary>
internal sealed class Permissions(ModuleList modules)
{
    private readonly Dictionary<BuiltInRoles, HashSet<string>> builtIn = new[] { BuiltInRoles.None, BuiltInRoles.Agent, BuiltInRoles.Supervisor, BuiltInRoles.Administrator }
        .ToDictionary(r => r, r => modules.SelectMany(m => m.Permissions).Where(p => (p.Roles & r) != 0).Select(p => p.Name).ToHashSet());

    /// <summary>Every permission there is.</summary>
    public IReadOnlySet<string> All { get; } = modules.SelectMany(m => m.Permissions).Select(p => p.Name).ToHashSet();

    /// <summary>What a built-in role allows.</summary>
    public IReadOnlySet<string> Of(BuiltInRoles role) => builtIn.GetValueOrDefault(role) ?? [];

    /// <summary>What the user may. Administrators may all that their role says, whatever else is written: nobody locks the last one out.</summary>
    public async Task<HashSet<string>> OfAsync(InforzapDb db, Guid userId, BuiltInRoles role, Guid? roleId, CancellationToken ct)
    {
        if (role == BuiltInRoles.Administrator) return [.. Of(role)];
        // A role that somebody deleted in the moment in which another gave it: the one on which it was built is meant then.
        var allowed = roleId is { } id && await db.Roles.AnyAsync(r => r.Id == id, ct) ? await db.RolePermissions.Where(p => p.RoleId == id).Select(p => p.Permission).ToListAsync(ct) : [.. Of(role)];
        var own = await db.UserPermissions.AsNoTracking().Where(p => p.UserId == userId).ToListAsync(ct);
        return [.. allowed.Concat(own.Where(p => p.IsGranted).Select(p => p.Permission)).Except(own.Where(p => !p.IsGranted).Select(p => p.Permission)).Where(All.Contains)];
    }
}
