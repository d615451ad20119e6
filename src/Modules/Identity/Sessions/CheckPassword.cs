using System.ComponentModel.DataAnnotations;
using Inforzap.Contracts.Settings;
using Inforzap.Data;
using Inforzap.Identity.Access;
using Inforzap.Identity.TwoFactor;
using Inforzap.Requests;
using Microsoft.AspNetCore.Identity;

namespace Inforzap.Identity.Sessions;

/// <summary>
/// Whether e-mail and password belong together. Unknown e-mail, wrong password and disabled user give the same answer
/// after the same work. It reads outside of a transaction, since hashing takes long; what it notes is a short one.
/// </summary>
[AllowAnyone, Reads]
internal sealed record CheckPassword(
    [property: NotEmpty, StringLength(256)] string Email,
    [property: NotEmpty, StringLength(200)] string Password,
    From? From = null) : IRequest<PasswordAnswer>;

/// <summary>Who it is, or how long to wait, or the second step that is left, or none of it: wrong.</summary>
/// <param name="Who">May have a session.</param>
/// <param name="Wait">Too many failures: how long.</param>
/// <param name="Step">The password was right, and this is what the second step needs; see <see cref="SecondSteps"/>.</param>
/// <param name="Enrols">The second step is to pair a phone, since the role must and this user did not yet.</param>
/// <param name="OpensAt">The password was right, outside of the user's hours: when they begin, UTC.</param>
internal sealed record PasswordAnswer(SignedIn? Who, TimeSpan? Wait, string? Step = null, bool Enrols = false, DateTime? OpensAt = null);

internal sealed class CheckPasswordHandler(
    InforzapDb db, Commits commits, IPasswordHasher<User> hasher, ILookupNormalizer normalizer, Phantoms phantoms, Tries tries, Codes codes, SecondSteps steps, ISettings settings, TimeProvider clock)
    : IRequestHandler<CheckPassword, PasswordAnswer>
{
    private static string? dummy;

    public async Task<PasswordAnswer> Handle(CheckPassword request, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var email = normalizer.NormalizeEmail(request.Email.Trim());
        var user = await db.Users.SingleOrDefaultAsync(u => u.NormalizedEmail == email, ct);
        // The work for a stranger is the work for a colleague, and so is the wait.
        var colleague = user is { IsActive: true, PasswordHash: not null } ? user : null;
        if ((colleague is not null ? colleague.LockoutEnd - now : phantoms.Waits(email)) is { } left && left > TimeSpan.Zero) return new(null, left);
        var hash = user?.PasswordHash ?? (dummy ??= hasher.HashPassword(null!, Guid.NewGuid().ToString()));
        var right = hasher.VerifyHashedPassword(user!, hash, request.Password) != PasswordVerificationResult.Failed;
        if (colleague is null) return new(null, phantoms.Failed(email));
        // Said only to who knows the password: to anybody else it would tell who works here, and when.
        if (right && AccessHours.Of(colleague.Role, colleague.AccessHours) is { } hours && !hours.IsOpen(now.UtcDateTime, settings.TimeZone))
        {
            await commits.RunAsync(db, () => tries.NoteAsync(colleague, AccessEvent.OutsideHours, request.From, ct), WriterKind.Request, ct);
            return new(null, null, OpensAt: hours.Next(open: true, now.UtcDateTime, settings.TimeZone));
        }
        if (right && await SecondStepAsync(colleague, ct) is { } next) return next;
        var wait = await commits.RunAsync(db, () => tries.NoteAsync(colleague, right ? AccessEvent.SignedIn : AccessEvent.WrongPassword, request.From, ct), WriterKind.Request, ct);
        return right ? new(SignedIn.Of(colleague), null) : new(null, wait);
    }

    /// <summary>Failures are not forgotten yet: else whoever knows the password could try codes without end.</summary>
    private async Task<PasswordAnswer?> SecondStepAsync(User user, CancellationToken ct)
    {
        var on = await codes.AreOnAsync(user.Id, ct);
        return on || codes.AreRequired(user.Role) ? new(null, null, steps.Seal(SignedIn.Of(user)), Enrols: !on) : null;
    }
}
