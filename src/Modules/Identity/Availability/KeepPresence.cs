using Inforzap.Contracts.Identity;
using Inforzap.Data;
using Inforzap.Jobs;
using Inforzap.Live;
using Inforzap.Requests;

namespace Inforzap.Identity.Availability;

/// <summary>
/// Writes down whose screens are connected to this node, and that those are gone of whom no node has written for a minute. A
/// reloaded page is never seen as gone; a node that died takes nobody along for longer.
/// </summary>
internal sealed class KeepPresence(InforzapDb db, Commits commits, IServiceProvider services, TimeProvider clock) : IJob
{
    /// <summary>So long nobody is missed.</summary>
    internal static readonly TimeSpan Grace = TimeSpan.FromMinutes(1);

    public async Task RunAsync(JobTick tick, CancellationToken ct)
    {
        var here = services.GetService<IPresent>()?.Users ?? [];
        var now = clock.GetUtcNow().UtcDateTime;
        var missed = now - Grace;
        // Asked first: most of the time nobody is there and nobody goes, and then nothing is to be written.
        if (here.Count == 0 && !await db.Users.AnyAsync(u => u.IsOnline && (u.LastSeenAt == null || u.LastSeenAt < missed), ct)) return;
        await commits.RunAsync(db, async () =>
        {
            await db.SeenAsync(here, now, ct);
            var gone = await db.Users.Where(u => u.IsOnline && (u.LastSeenAt == null || u.LastSeenAt < missed)).Select(u => u.Id).ToArrayAsync(ct);
            if (gone.Length == 0) return true;
            // Asked again in the same statement: they may have come back to another node meanwhile.
            await db.Users.Where(u => gone.Contains(u.Id) && (u.LastSeenAt == null || u.LastSeenAt < missed)).ExecuteUpdateAsync(set => set.SetProperty(u => u.IsOnline, false), ct);
            db.Touch([Topics.People, .. gone.Select(Topics.User)]);
            return true;
        }, WriterKind.Background, ct);
    }
}

internal sealed class NoteSeenHandler(InforzapDb db, TimeProvider clock) : IRequestHandler<NoteSeen, Unit>
{
    public async Task<Unit> Handle(NoteSeen request, CancellationToken ct)
    {
        await db.SeenAsync([request.UserId], clock.GetUtcNow().UtcDateTime, ct);
        return Unit.Value;
    }
}

internal static class SeenRows
{
    /// <summary>They are there. Tells viewers of those who were not.</summary>
    public static async Task SeenAsync(this InforzapDb db, IReadOnlyCollection<Guid> users, DateTime now, CancellationToken ct)
    {
        if (users.Count == 0) return;
        var ids = users.ToArray();
        var came = await db.Users.Where(u => ids.Contains(u.Id) && u.IsActive && !u.IsOnline).Select(u => u.Id).ToArrayAsync(ct);
        await db.Users.Where(u => ids.Contains(u.Id) && u.IsActive).ExecuteUpdateAsync(set => set.SetProperty(u => u.LastSeenAt, now).SetProperty(u => u.IsOnline, true), ct);
        if (came.Length > 0) db.Touch([Topics.People, .. came.Select(Topics.User)]);
    }
}
