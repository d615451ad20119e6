using Inforzap.Data;
using Inforzap.Identity.Access;
using Inforzap.Live;

namespace Inforzap.Identity.Sessions;

/// <summary>Counts failures of a user, in either step, and writes down how tries ended.</summary>
internal sealed class Tries(InforzapDb db, TimeProvider clock)
{
    private const int FreeFailures = 5;
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(15);

    /// <summary>Within a transaction. Returns how long to wait after a failure, if at all.</summary>
    public async Task<TimeSpan?> NoteAsync(User user, AccessEvent how, From? from, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        // Outside of their hours is no failure, and no session either.
        if (how == AccessEvent.OutsideHours)
        {
            db.Note(user.Id, how, now.UtcDateTime, from);
            return null;
        }
        var right = how is AccessEvent.SignedIn or AccessEvent.RecoveryUsed;
        // The number as it is now: of failures that come at once each one counts.
        await db.HoldUserAsync(user.Id, ct);
        var failures = right ? 0 : 1 + await db.Users.Where(u => u.Id == user.Id).Select(u => u.AccessFailedCount).SingleOrDefaultAsync(ct);
        var wait = right ? null : WaitAfter(failures);
        DateTimeOffset? until = wait is { } w ? now + w : null;
        var at = right ? now.UtcDateTime : user.LastSignInAt;
        await db.Users.Where(u => u.Id == user.Id).ExecuteUpdateAsync(set => set
            .SetProperty(u => u.AccessFailedCount, failures).SetProperty(u => u.LockoutEnd, until).SetProperty(u => u.LastSignInAt, at), ct);
        db.Note(user.Id, how, now.UtcDateTime, from);
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

internal static class UserRows
{
    /// <summary>Keeps others from writing the user's row until the transaction ends; true when there is one.</summary>
    public static async Task<bool> HoldUserAsync(this InforzapDb db, Guid userId, CancellationToken ct) =>
        await db.Users.Where(u => u.Id == userId).ExecuteUpdateAsync(set => set.SetProperty(u => u.IsActive, u => u.IsActive), ct) == 1;
}
