using Inforzap.Data;
using Inforzap.Identity.Roles;
using Inforzap.Requests;
using Microsoft.Extensions.Localization;

namespace Inforzap.Identity.Users;

/// <summary>
/// Who may do what to whom: administrators are for administrators, and nobody gives, or takes over by a new password, what they
/// don't have themselves.
/// </summary>
internal sealed class Rights(InforzapDb db, IActor actor, Permissions permissions, IStringLocalizer<Texts> t)
{
    /// <summary>The user, when the caller may change them.</summary>
    public async Task<User> EditableAsync(Guid id, CancellationToken ct)
    {
        var user = await db.Users.SingleOrDefaultAsync(u => u.Id == id && u.DeletedAt == null, ct) ?? throw Refusal.NotFound(t["UserGone"]);
        if (user.Role == BuiltInRoles.Administrator && !IsAdministrator) throw Refusal.Forbidden(t["AdministratorsOnly"]);
        if (!IsAdministrator && !IsSelf(user) && !(await permissions.OfAsync(db, user.Id, user.Role, user.RoleId, ct)).All(actor.May)) throw Refusal.Forbidden(t["MayMoreThanYou", user.Name]);
        return user;
    }

    /// <summary>Refuses to make anybody who may more than the caller.</summary>
    public void RequireMayGive(IEnumerable<string> allowed)
    {
        if (!IsAdministrator && !allowed.All(actor.May)) throw Refusal.Forbidden(t["GiveOnlyYours"]);
    }

    /// <summary>Refuses the making of administrators by others.</summary>
    public void RequireMayGive(BuiltInRoles role)
    {
        if (role == BuiltInRoles.Administrator && !IsAdministrator) throw Refusal.Forbidden(t["AdministratorsOnly"]);
    }

    /// <summary>Refuses when the caller does not look after this user: permission first, then administrators for administrators.</summary>
    public async Task LookedAfterAsync(Guid id, CancellationToken ct)
    {
        if (!actor.May("users.edit")) throw Refusal.NotFound(t["UserGone"]);
        await EditableAsync(id, ct);
    }

    /// <summary>Who asks.</summary>
    public Guid Caller => actor.Id;

    /// <summary>Whether it is the caller.</summary>
    public bool IsSelf(User user) => user.Id == actor.Id;

    /// <summary>The caller looks after administrators.</summary>
    public bool IsAdministrator => actor.May("users.administrators");
}
