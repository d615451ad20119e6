using Inforzap.Data;
using Inforzap.Requests;

namespace Inforzap.Identity.Roles;

/// <summary>The roles to choose from, with what each allows: the three that the product ships, then the company's own by name.</summary>
[Allow("users.see"), Reads]
internal sealed record ListRoles : IRequest<RoleList>;

/// <summary>Roles, and the permissions there are, by module.</summary>
public sealed record RoleList(IReadOnlyList<RoleRow> Rows, IReadOnlyList<PermissionGroup> Groups);

/// <summary>A role.</summary>
/// <param name="Id">Null for those that the product ships.</param>
/// <param name="Base">Which of them it is, or is built on.</param>
/// <param name="Users">How many active users have it.</param>
public sealed record RoleRow(Guid? Id, string Name, string Description, BuiltInRoles Base, IReadOnlySet<string> Permissions, int Users, int Version);

internal sealed class ListRolesHandler(InforzapDb db, Permissions permissions, PermissionTexts texts) : IRequestHandler<ListRoles, RoleList>
{
    private static readonly BuiltInRoles[] Shipped = [BuiltInRoles.Administrator, BuiltInRoles.Supervisor, BuiltInRoles.Agent];

    public async Task<RoleList> Handle(ListRoles request, CancellationToken ct)
    {
        var counts = await db.Users.Where(u => u.IsActive).GroupBy(u => new { u.Role, u.RoleId }).Select(g => new { g.Key.Role, g.Key.RoleId, Count = g.Count() }).ToListAsync(ct);
        var allowed = (await db.RolePermissions.AsNoTracking().ToListAsync(ct)).ToLookup(p => p.RoleId, p => p.Permission);
        var own = await db.Roles.AsNoTracking().OrderBy(r => r.Name).ToListAsync(ct);
        return new(
        [
            .. Shipped.Select(r => new RoleRow(null, "", "", r, permissions.Of(r), counts.Where(c => c.Role == r && c.RoleId == null).Sum(c => c.Count), 0)),
            .. own.Select(r => new RoleRow(r.Id, r.Name, r.Description, r.Base, allowed[r.Id].Where(permissions.All.Contains).ToHashSet(), counts.Where(c => c.RoleId == r.Id).Sum(c => c.Count), r.Version)),
        ], texts.Groups);
    }
}
