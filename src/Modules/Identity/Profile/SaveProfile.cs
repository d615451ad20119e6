using System.ComponentModel.DataAnnotations;
using Inforzap.Contracts.Settings;
using Inforzap.Data;
using Inforzap.Identity.Access;
using Inforzap.Identity.Users;
using Inforzap.Live;
using Inforzap.Requests;
using Microsoft.Extensions.Localization;

namespace Inforzap.Identity.Profile;

/// <summary>Changes one's own settings.</summary>
[Allow]
internal sealed record SaveProfile(
    [property: NotEmpty, StringLength(120)] string Name,
    [property: NotEmpty, StringLength(256), EmailAddress] string Email,
    [property: StringLength(200)] string? Signature,
    bool SignatureOn, bool Sound, bool EnterSends,
    [property: RegularExpression("system|light|dark")] string Theme,
    [property: RegularExpression("pt-BR|en|es")] string Language) : IRequest;

internal sealed class SaveProfileHandler(InforzapDb db, IActor actor, People people, ISettings settings, IStringLocalizer<Texts> t) : IRequestHandler<SaveProfile, Unit>
{
    public async Task<Unit> Handle(SaveProfile request, CancellationToken ct)
    {
        var user = await db.Users.SingleOrDefaultAsync(u => u.Id == actor.Id, ct) ?? throw Refusal.NotFound(t["UserGone"]);
        await people.RenameAsync(user, request.Name, request.Email, ct);
        user.Signature = string.IsNullOrWhiteSpace(request.Signature) ? null : request.Signature.Trim();
        user.SignatureOn = request.SignatureOn || settings.Is(Setting.ForceSignature);
        (user.Sound, user.EnterSends, user.Theme, user.Language) = (request.Sound, request.EnterSends, request.Theme, request.Language);
        db.Touch(Topics.User(user.Id));
        return Unit.Value;
    }
}

/// <summary>A new password for oneself. Every session ends, this one too.</summary>
[Allow]
internal sealed record ChangeMyPassword(
    [property: NotEmpty, StringLength(200), Called("CurrentPassword")] string Current,
    [property: NotEmpty, StringLength(200), Called("NewPassword")] string Password) : IRequest;

internal sealed class ChangeMyPasswordHandler(InforzapDb db, IActor actor, People people, TimeProvider clock, IStringLocalizer<Texts> t) : IRequestHandler<ChangeMyPassword, Unit>
{
    public async Task<Unit> Handle(ChangeMyPassword request, CancellationToken ct)
    {
        var user = await db.Users.SingleOrDefaultAsync(u => u.Id == actor.Id, ct) ?? throw Refusal.NotFound(t["UserGone"]);
        people.RequirePassword(user, request.Current, nameof(request.Current));
        await people.SetPasswordAsync(user, request.Password);
        db.Note(user.Id, AccessEvent.NewPassword, clock.GetUtcNow().UtcDateTime);
        return Unit.Value;
    }
}
