using Inforzap.Contracts.Identity;
using Inforzap.Contracts.Settings;
using Inforzap.Data;
using Inforzap.Identity.Sessions;

namespace Inforzap.Identity.Roles;

internal sealed class WhoMayNowHandler(InforzapDb db, Permissions permissions, ISettings settings, TimeProvider clock) : IRequestHandler<WhoMayNow, IReadOnlySet<Guid>>
{
    public async Task<IReadOnlySet<Guid>> Handle(WhoMayNow request, CancellationToken ct)
    {
        var (ids, permission, now) = (request.UserIds.ToArray(), request.Permission, clock.GetUtcNow().UtcDateTime);
        var users = await db.Users.AsNoTracking().Where(u => ids.Contains(u.Id) && u.IsActive).Select(u => new { u.Id, u.Role, u.RoleId, u.AccessHours }).ToListAsync(ct);
        var there = (await db.Roles.Select(r => r.Id).ToListAsync(ct)).ToHashSet();
        var roles = (await db.RolePermissions.Where(p => p.Permission == permission).Select(p => p.RoleId).ToListAsync(ct)).ToHashSet();
        var own = await db.UserPermissions.Where(p => ids.Contains(p.UserId) && p.Permission == permission).ToDictionaryAsync(p => p.UserId, p => p.IsGranted, ct);
        return users.Where(u => May(u.Id, u.Role, u.RoleId) && (request.AtAnyHour || AccessHours.Of(u.Role, u.AccessHours)?.IsOpen(now, settings.TimeZone) != false)).Select(u => u.Id).ToHashSet();

        // As Permissions.OfAsync says it of one.
        bool May(Guid id, BuiltInRoles role, Guid? roleId) => role == BuiltInRoles.Administrator ? permissions.Of(role).Contains(permission)
            : own.TryGetValue(id, out var granted) ? granted : roleId is { } custom && there.Contains(custom) ? roles.Contains(custom) : permissions.Of(role).Contains(permission);
    }
}
