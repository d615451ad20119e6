using System.ComponentModel.DataAnnotations;
using Inforzap.Contracts.Settings;
using Inforzap.Data;
using Inforzap.Identity.Access;
using Inforzap.Identity.Users;
using Inforzap.Live;
using Inforzap.Requests;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Localization;

namespace Inforzap.Identity.TwoFactor;

/// <summary>Whether codes are asked of the caller.</summary>
[Allow, Reads]
internal sealed record MyCodes : IRequest<CodesState>;

/// <summary>The second step of one user.</summary>
/// <param name="AreOn">Codes are asked.</param>
/// <param name="AreRequired">The role must have them.</param>
/// <param name="RecoveryLeft">Unused recovery codes.</param>
internal sealed record CodesState(bool AreOn, bool AreRequired, int RecoveryLeft);

/// <summary>A secret for the caller's phone, to be confirmed with a code from it.</summary>
[Allow]
internal sealed record BeginMyCodes : IRequest<Pairing>;

/// <summary>Switches codes on. Returns the recovery codes, which are shown once.</summary>
[Allow]
internal sealed record ConfirmMyCodes([property: NotEmpty, StringLength(40)] string Code) : IRequest<IReadOnlyList<string>>;

/// <summary>Switches codes off; refused where the role must have them.</summary>
[Allow]
internal sealed record EndMyCodes([property: NotEmpty, StringLength(200), Called("CurrentPassword")] string Password) : IRequest;

/// <summary>New recovery codes in place of all before.</summary>
[Allow]
internal sealed record RenewMyRecoveryCodes([property: NotEmpty, StringLength(200), Called("CurrentPassword")] string Password) : IRequest<IReadOnlyList<string>>;

/// <summary>Switches codes off for somebody whose phone is lost. All their sessions end.</summary>
[Allow("users.edit")]
internal sealed record ResetCodes([property: NotEmpty] Guid UserId) : IRequest;

/// <summary>Says which roles must have codes. Sessions of those who have none end, and their next sign-in begins with pairing a phone.</summary>
[Allow("settings.edit")]
internal sealed record RequireCodes(IReadOnlyList<BuiltInRoles> Roles) : IRequest;

internal sealed class MyCodesHandler(InforzapDb db, IActor actor, Codes codes, IStringLocalizer<Texts> t) : IRequestHandler<MyCodes, CodesState>
{
    public async Task<CodesState> Handle(MyCodes request, CancellationToken ct)
    {
        var role = await db.Users.Where(u => u.Id == actor.Id).Select(u => (BuiltInRoles?)u.Role).SingleOrDefaultAsync(ct) ?? throw Refusal.NotFound(t["UserGone"]);
        return new(await codes.AreOnAsync(actor.Id, ct), codes.AreRequired(role), await db.RecoveryCodes.CountAsync(c => c.UserId == actor.Id && c.UsedAt == null, ct));
    }
}

internal sealed class BeginMyCodesHandler(InforzapDb db, IActor actor, Codes codes) : IRequestHandler<BeginMyCodes, Pairing>
{
    public async Task<Pairing> Handle(BeginMyCodes request, CancellationToken ct) => await codes.BeginAsync(await db.Users.SingleAsync(u => u.Id == actor.Id, ct), ct);
}

internal sealed class ConfirmMyCodesHandler(InforzapDb db, IActor actor, Codes codes, TimeProvider clock, IStringLocalizer<Texts> t) : IRequestHandler<ConfirmMyCodes, IReadOnlyList<string>>
{
    public async Task<IReadOnlyList<string>> Handle(ConfirmMyCodes request, CancellationToken ct)
    {
        var recovery = await codes.ConfirmAsync(await db.Users.SingleAsync(u => u.Id == actor.Id, ct), request.Code, ct) ?? throw new Refusal(t["WrongCode"]);
        db.Note(actor.Id, AccessEvent.CodesOn, clock.GetUtcNow().UtcDateTime);
        db.Touch(Topics.People);
        return recovery;
    }
}

internal sealed class EndMyCodesHandler(InforzapDb db, IActor actor, Codes codes, People people, TimeProvider clock, IStringLocalizer<Texts> t) : IRequestHandler<EndMyCodes, Unit>
{
    public async Task<Unit> Handle(EndMyCodes request, CancellationToken ct)
    {
        var user = await db.Users.SingleAsync(u => u.Id == actor.Id, ct);
        if (codes.AreRequired(user.Role)) throw Refusal.Forbidden(t["CodesRequired"]);
        people.RequirePassword(user, request.Password, nameof(request.Password));
        await codes.EndAsync(user.Id, ct);
        db.Note(user.Id, AccessEvent.CodesOff, clock.GetUtcNow().UtcDateTime);
        db.Touch(Topics.People);
        return Unit.Value;
    }
}

internal sealed class RenewMyRecoveryCodesHandler(InforzapDb db, IActor actor, Codes codes, People people, IStringLocalizer<Texts> t) : IRequestHandler<RenewMyRecoveryCodes, IReadOnlyList<string>>
{
    public async Task<IReadOnlyList<string>> Handle(RenewMyRecoveryCodes request, CancellationToken ct)
    {
        if (!await codes.AreOnAsync(actor.Id, ct)) throw Refusal.Conflict(t["CodesAreOff"]);
        people.RequirePassword(await db.Users.SingleAsync(u => u.Id == actor.Id, ct), request.Password, nameof(request.Password));
        return await codes.RenewRecoveryAsync(actor.Id, ct);
    }
}

internal sealed class ResetCodesHandler(InforzapDb db, IActor actor, Codes codes, People people, Rights rights, TimeProvider clock) : IRequestHandler<ResetCodes, Unit>
{
    public async Task<Unit> Handle(ResetCodes request, CancellationToken ct)
    {
        var user = await rights.EditableAsync(request.UserId, ct);
        await codes.EndAsync(user.Id, ct);
        db.Note(user.Id, AccessEvent.CodesOff, clock.GetUtcNow().UtcDateTime, by: actor.Id);
        await people.EndSessionsAsync(user);
        return Unit.Value;
    }
}

internal sealed class RequireCodesHandler(IMediator mediator) : IRequestHandler<RequireCodes, Unit>
{
    public Task<Unit> Handle(RequireCodes request, CancellationToken ct)
    {
        var roles = request.Roles.Distinct().Where(r => r is BuiltInRoles.Administrator or BuiltInRoles.Supervisor or BuiltInRoles.Agent);
        return mediator.Send(new ChangeSettings(new Dictionary<string, string> { [Setting.TwoFactorRoles.Name] = string.Join(',', roles) }), ct);
    }
}

/// <summary>Wherever the roles are changed that must have codes: sessions of those who have none end.</summary>
internal sealed class RequiredCodes(InforzapDb db, IActor actor, People people, TimeProvider clock) : ISettingFollower
{
    public Setting Follows => Setting.TwoFactorRoles;

    public async Task FollowAsync(string value, CancellationToken ct)
    {
        var roles = value.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(Enum.Parse<BuiltInRoles>).ToArray();
        var without = await db.Users.Where(u => u.IsActive && roles.Contains(u.Role) && !db.Set<SecondFactor>().Any(f => f.UserId == u.Id && f.ConfirmedAt != null)).ToListAsync(ct);
        foreach (var user in without)
        {
            db.Note(user.Id, AccessEvent.SessionsEnded, clock.GetUtcNow().UtcDateTime, by: actor.Id);
            await people.EndSessionsAsync(user);
        }
    }
}
