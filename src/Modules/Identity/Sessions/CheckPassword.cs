using System.ComponentModel.DataAnnotations;
using Inforzap.Data;
using Inforzap.Live;
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
    [property: NotEmpty, StringLength(200)] string Password) : IRequest<PasswordAnswer>;

/// <summary>Who it is, or how long to wait, or neither: wrong.</summary>
internal sealed record PasswordAnswer(SignedIn? Who, TimeSpan? Wait);

internal sealed class CheckPasswordHandler(
    InforzapDb db, Commits commits, IPasswordHasher<User> hasher, ILookupNormalizer normalizer, Phantoms phantoms, TimeProvider clock) : IRequestHandler<CheckPassword, PasswordAnswer>
{
    private const int FreeFailures = 5;
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(15);
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
        var wait = await commits.RunAsync(db, () => NoteAsync(colleague, right, now, ct), WriterKind.Request, ct);
        return right ? new(SignedIn.Of(colleague), null) : new(null, wait);
    }

    private async Task<TimeSpan?> NoteAsync(User user, bool right, DateTimeOffset now, CancellationToken ct)
    {
        var failures = right ? 0 : user.AccessFailedCount + 1;
        var wait = right ? null : WaitAfter(failures);
        DateTimeOffset? until = wait is { } w ? now + w : null;
        var at = right ? now.UtcDateTime : user.LastSignInAt;
        // By the number that was read: parallel failures count once each or not at all, and never undo a success.
        var counted = user.AccessFailedCount;
        await db.Users.Where(u => u.Id == user.Id && u.AccessFailedCount == counted).ExecuteUpdateAsync(set => set
            .SetProperty(u => u.AccessFailedCount, failures).SetProperty(u => u.LockoutEnd, until).SetProperty(u => u.LastSignInAt, at), ct);
        if (right) db.Touch(Topics.People);
        return wait;
    }

    /// <summary>Nothing for the first failures, then 30 s, 1 min, 2 min ... up to a quarter of an hour; never for ever.</summary>
    internal static TimeSpan? WaitAfter(int failures)
    {
        if (failures < FreeFailures) return null;
        var wait = TimeSpan.FromSeconds(30 * Math.Pow(2, Math.Min(failures - FreeFailures, 10)));
        return wait < Longest ? wait : Longest;
    }
}
