using Inforzap.Audit;
using Inforzap.Contracts.Identity;
using Inforzap.Data;
using Inforzap.Live;
using Inforzap.Requests;
using Microsoft.Extensions.Localization;

namespace Inforzap.Identity.Availability;

internal sealed class SetMyPresenceHandler(InforzapDb db, IActor actor, IStringLocalizer<Texts> t) : IRequestHandler<SetMyPresence, Unit>
{
    public async Task<Unit> Handle(SetMyPresence request, CancellationToken ct)
    {
        await db.SetPresenceAsync(actor.Id, request.Presence, t, ct);
        return Unit.Value;
    }
}

internal sealed class SetPresenceOfHandler(InforzapDb db, Users.Rights rights, IStringLocalizer<Texts> t) : IRequestHandler<SetPresenceOf, Unit>
{
    public async Task<Unit> Handle(SetPresenceOf request, CancellationToken ct)
    {
        var user = await rights.EditableAsync(request.Id, ct);
        await db.SetPresenceAsync(request.Id, request.Presence, t, ct);
        // The bare update leaves no trace, and what somebody says of another shall.
        db.Audit("user", user.Id, user.Name, nameof(user.Presence), [$"{user.Presence}"], [$"{request.Presence}"]);
        await db.SaveChangesAsync(ct);
        return Unit.Value;
    }
}

internal static class PresenceRows
{
    // A bare update, since somebody may be editing the user: this is no part of what they edit.
    public static async Task SetPresenceAsync(this InforzapDb db, Guid userId, Presence presence, IStringLocalizer<Texts> t, CancellationToken ct)
    {
        if (presence is not (Presence.Online or Presence.Away or Presence.Busy)) throw new Refusal(t["UnknownPresence"]);
        await db.Users.Where(u => u.Id == userId && u.IsActive).ExecuteUpdateAsync(set => set.SetProperty(u => u.Presence, presence), ct);
        db.Touch(Topics.User(userId), Topics.People);
    }
}
