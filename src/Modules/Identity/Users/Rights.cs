using Inforzap.Data;
using Inforzap.Requests;
using Microsoft.Extensions.Localization;

namespace Inforzap.Identity.Users;

/// <summary>Who may do what to whom: supervisors keep their hands off administrators.</summary>
internal sealed class Rights(InforzapDb db, IActor actor, IStringLocalizer<Texts> t)
{
    /// <summary>The user, when the caller may change them.</summary>
    public async Task<User> EditableAsync(Guid id, CancellationToken ct)
    {
        var user = await db.Users.SingleOrDefaultAsync(u => u.Id == id, ct) ?? throw Refusal.NotFound(t["UserGone"]);
        if (user.Role == BuiltInRoles.Administrator && !IsAdministrator) throw Refusal.Forbidden(t["AdministratorsOnly"]);
        return user;
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

    private bool IsAdministrator => actor.May("users.administrators");
}
