using System.ComponentModel.DataAnnotations;
using Inforzap.Data;
using Inforzap.Live;
using Inforzap.Requests;
using Microsoft.Extensions.Localization;

namespace Inforzap.Identity.Roles;

/// <summary>Makes a role, or changes one. It counts for all who have it from the commit on.</summary>
[Allow("users.roles")]
internal sealed record SaveRole(
    Guid? Id,
    [property: NotEmpty, StringLength(60)] string Name,
    [property: StringLength(200)] string Description,
    [property: Called("RoleBase")] BuiltInRoles Base,
    [property: NotEmpty] IReadOnlyCollection<string> Permissions,
    int? Version) : IRequest<Guid>;

/// <summary>Takes a role away. Whoever has it gets another: one of the company's, or without that the built-in one on which it was built. Returns how many.</summary>
[Allow("users.roles")]
internal sealed record DeleteRole([property: NotEmpty] Guid Id, Guid? Instead) : IRequest<int>;

internal sealed class SaveRoleHandler(InforzapDb db, Permissions known, Users.Rights rights, TimeProvider clock, IStringLocalizer<Texts> t) : IRequestHandler<SaveRole, Guid>
{
    public async Task<Guid> Handle(SaveRole request, CancellationToken ct)
    {
        if (request.Base is not (BuiltInRoles.Agent or BuiltInRoles.Supervisor)) throw new Refusal(t["UnknownRole"]);
        if (request.Permissions.FirstOrDefault(p => !known.All.Contains(p)) is { } unknown) throw new Refusal(t["UnknownPermission", unknown]);
        // It is what tells administrators from others: a role that holds it would be one of them, without being counted as one.
        if (request.Permissions.Contains("users.administrators")) throw Refusal.Forbidden(t["AdministratorsOnly"]);
        rights.RequireMayGive(request.Permissions);
        var name = request.Name.Trim();
        if (await db.Roles.AnyAsync(r => r.Name == name && r.Id != request.Id, ct))
            throw Refusal.At(nameof(request.Name), t["RoleNameTaken", name]);
        var role = request.Id is { } id ? await db.Roles.SingleOrDefaultAsync(r => r.Id == id, ct) ?? throw Refusal.NotFound(t["RoleGone"]) : null;
        if (role is null) db.Add(role = new Role { Id = Guid.CreateVersion7(), Name = name, CreatedAt = clock.GetUtcNow().UtcDateTime });
        else if (role.Version != request.Version) throw Refusal.Conflict(t["RoleChanged", role.Name]);
        var basis = role.Base;
        (role.Name, role.Description, role.Base) = (name, request.Description.Trim(), request.Base);
        await SetAsync(role, request.Permissions.ToHashSet(), ct);
        // Two lists of permissions are two states of the role, also where nothing stands in its own row.
        db.Entry(role).State = db.Entry(role).State == EntityState.Unchanged ? EntityState.Modified : db.Entry(role).State;
        await db.SaveChangesAsync(ct);
        var holders = await db.Users.Where(u => u.RoleId == role.Id).ToListAsync(ct);
        if (basis != role.Base) foreach (var user in holders) user.Role = role.Base;
        db.Touch([Topics.People, .. holders.Select(u => Topics.User(u.Id))]);
        return role.Id;
    }

    private async Task SetAsync(Role role, HashSet<string> wanted, CancellationToken ct)
    {
        var now = await db.RolePermissions.Where(p => p.RoleId == role.Id).ToListAsync(ct);
        // Neither is taken from others what one has not: a role that may more is not one's to change.
        rights.RequireMayGive(now.Select(p => p.Permission));
        Audit.AuditTrail.Audit(db, "role", role.Id, role.Name, "Permissions", now.Select(p => p.Permission), wanted);
        db.RemoveRange(now.Where(p => !wanted.Contains(p.Permission)));
        foreach (var permission in wanted.Except(now.Select(p => p.Permission))) db.Add(new RolePermission { RoleId = role.Id, Permission = permission });
    }
}

internal sealed class DeleteRoleHandler(InforzapDb db, Permissions known, Users.Rights rights, IStringLocalizer<Texts> t) : IRequestHandler<DeleteRole, int>
{
    public async Task<int> Handle(DeleteRole request, CancellationToken ct)
    {
        var role = await db.Roles.SingleOrDefaultAsync(r => r.Id == request.Id, ct) ?? throw Refusal.NotFound(t["RoleGone"]);
        var instead = request.Instead is { } id ? await db.Roles.AsNoTracking().SingleOrDefaultAsync(r => r.Id == id && r.Id != role.Id, ct) ?? throw Refusal.NotFound(t["RoleGone"]) : null;
        rights.RequireMayGive(await db.RolePermissions.Where(p => p.RoleId == role.Id || (instead != null && p.RoleId == instead.Id)).Select(p => p.Permission).ToListAsync(ct));
        if (instead is null) rights.RequireMayGive(known.Of(role.Base));
        var holders = await db.Users.Where(u => u.RoleId == role.Id).ToListAsync(ct);
        foreach (var user in holders) (user.RoleId, user.Role) = (instead?.Id, instead?.Base ?? role.Base);
        db.RemoveRange(await db.RolePermissions.Where(p => p.RoleId == role.Id).ToListAsync(ct));
        db.Remove(role);
        await db.SaveChangesAsync(ct);
        db.Touch([Topics.People, .. holders.Select(u => Topics.User(u.Id))]);
        return holders.Count;
    }
}
