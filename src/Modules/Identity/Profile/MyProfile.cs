using Inforzap.Contracts.Identity;
using Inforzap.Data;
using Inforzap.Requests;
using Microsoft.Extensions.Localization;

namespace Inforzap.Identity.Profile;

internal sealed class MyProfileHandler(InforzapDb db, IActor actor, IStringLocalizer<Texts> t) : IRequestHandler<MyProfile, Contracts.Identity.Profile>
{
    public async Task<Contracts.Identity.Profile> Handle(MyProfile request, CancellationToken ct) =>
        await db.Users.Where(u => u.Id == actor.Id)
            .Select(u => new Contracts.Identity.Profile(u.Id, u.Name, u.Email!, u.Signature, u.SignatureOn, u.Sound, u.EnterSends, u.Theme, u.Language, 0, u.PhotoId, u.Presence))
            .SingleOrDefaultAsync(ct) ?? throw Refusal.NotFound(t["UserGone"]);
}
