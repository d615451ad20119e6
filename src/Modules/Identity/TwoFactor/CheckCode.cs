using System.ComponentModel.DataAnnotations;
using Inforzap.Data;
using Inforzap.Identity.Access;
using Inforzap.Identity.Sessions;
using Inforzap.Requests;

namespace Inforzap.Identity.TwoFactor;

/// <summary>The second step of signing in: a code of the app, or a recovery code.</summary>
[AllowAnyone]
internal sealed record CheckCode(
    [property: NotEmpty, StringLength(2000), Called("SignIn")] string Step,
    [property: NotEmpty, StringLength(40)] string Code,
    From? From = null) : IRequest<PasswordAnswer>;

/// <summary>The picture for a user whose role must have codes and who has none yet.</summary>
[AllowAnyone]
internal sealed record BeginCodesAtSignIn([property: NotEmpty, StringLength(2000), Called("SignIn")] string Step) : IRequest<Pairing>;

/// <summary>The first code from it: codes are on, and the session may begin.</summary>
[AllowAnyone]
internal sealed record ConfirmCodesAtSignIn(
    [property: NotEmpty, StringLength(2000), Called("SignIn")] string Step,
    [property: NotEmpty, StringLength(40)] string Code,
    From? From = null) : IRequest<EnrolAnswer>;

/// <summary>Who may have a session and their recovery codes, or how long to wait, or neither: wrong.</summary>
internal sealed record EnrolAnswer(SignedIn? Who, TimeSpan? Wait, IReadOnlyList<string> RecoveryCodes)
{
    /// <summary>Names nothing: it holds secrets.</summary>
    public override string ToString() => nameof(EnrolAnswer);
}

internal sealed class CheckCodeHandler(SecondSteps steps, Codes codes, Tries tries, TimeProvider clock) : IRequestHandler<CheckCode, PasswordAnswer>
{
    public async Task<PasswordAnswer> Handle(CheckCode request, CancellationToken ct)
    {
        var user = await steps.OpenAsync(request.Step, ct);
        if (user.LockoutEnd is { } until && until > clock.GetUtcNow()) return new(null, until - clock.GetUtcNow());
        var sort = await codes.TakeAsync(user.Id, request.Code, ct);
        var wait = await tries.NoteAsync(user, sort switch
        {
            CodeSort.App => AccessEvent.SignedIn,
            CodeSort.Recovery => AccessEvent.RecoveryUsed,
            _ => AccessEvent.WrongCode,
        }, request.From, ct);
        return sort is null ? new(null, wait) : new(SignedIn.Of(user), null);
    }
}

internal sealed class BeginCodesAtSignInHandler(SecondSteps steps, Codes codes) : IRequestHandler<BeginCodesAtSignIn, Pairing>
{
    public async Task<Pairing> Handle(BeginCodesAtSignIn request, CancellationToken ct) => await codes.BeginAsync(await steps.OpenAsync(request.Step, ct), ct);
}

internal sealed class ConfirmCodesAtSignInHandler(InforzapDb db, SecondSteps steps, Codes codes, Tries tries, TimeProvider clock) : IRequestHandler<ConfirmCodesAtSignIn, EnrolAnswer>
{
    public async Task<EnrolAnswer> Handle(ConfirmCodesAtSignIn request, CancellationToken ct)
    {
        var user = await steps.OpenAsync(request.Step, ct);
        if (user.LockoutEnd is { } until && until > clock.GetUtcNow()) return new(null, until - clock.GetUtcNow(), []);
        var recovery = await codes.ConfirmAsync(user, request.Code, ct);
        if (recovery is null) return new(null, await tries.NoteAsync(user, AccessEvent.WrongCode, request.From, ct), []);
        db.Note(user.Id, AccessEvent.CodesOn, clock.GetUtcNow().UtcDateTime, request.From);
        await tries.NoteAsync(user, AccessEvent.SignedIn, request.From, ct);
        return new(SignedIn.Of(user), null, recovery);
    }
}
