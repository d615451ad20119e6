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
        var right = how is AccessEvent.SignedIn or AccessEvent.RecoveryUsed;
        var failures = right ? 0 : user.AccessFailedCount + 1;
        var wait = right ? null : WaitAfter(failures);
        DateTimeOffset? until = wait is { } w ? now + w : null;
        var at = right ? now.UtcDateTime : user.LastSignInAt;
        // By the number that was read: parallel failures count once each or not at all, and never undo a success.
        var counted = user.AccessFailedCount;
        await db.Users.Where(u => u.Id == user.Id && u.AccessFailedCount == counted).ExecuteUpdateAsync(set => set
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
