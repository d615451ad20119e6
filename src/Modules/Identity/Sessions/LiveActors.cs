using System.Collections.Concurrent;
using Inforzap.Contracts.Settings;
using Inforzap.Contracts.Tickets;
using Inforzap.Data;
using Inforzap.Hours;
using Inforzap.Identity.Roles;
using Inforzap.Live;
using Inforzap.Requests;

namespace Inforzap.Identity.Sessions;

/// <summary>
/// Knows users by their session. An answer is kept for at most two seconds and forgotten at once when the user's topic is
/// hinted, so that on this node a change counts from its commit on.
/// </summary>
internal sealed class LiveActors(IServiceScopeFactory scopes, LiveHints live, Permissions permissions, ISettings settings, TimeProvider clock) : IActors, IDisposable
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(2);
    private readonly ConcurrentDictionary<Guid, Entry> entries = new();

    public async ValueTask<Actor?> FindAsync(Guid userId, string stamp, CancellationToken ct = default)
    {
        if (userId == Guid.Empty || stamp.Length == 0) return null;
        (stamp, var session) = SessionId.Split(stamp);
        var entry = entries.GetOrAdd(userId, Watch);
        var known = entry.Answer;
        // A stamp that the kept answer does not know may be newer than that answer.
        if (known is null || clock.GetElapsedTime(known.At) >= Fresh || (known.Stamp is not null && known.Stamp != stamp))
        {
            var generation = entry.Generation;
            known = await LoadAsync(userId, ct);
            entry.Keep(known, generation);
        }
        return known.Stamp == stamp && (session is null || !known.Ended.Contains(session)) ? known.Actor : null;
    }

    public void Dispose()
    {
        foreach (var entry in entries.Values) entry.Dispose();
    }

    private Entry Watch(Guid userId)
    {
        var entry = new Entry();
        entry.Subscription = live.On([Topics.User(userId)], _ => entry.Forget());
        return entry;
    }

    private async Task<Known> LoadAsync(Guid userId, CancellationToken ct)
    {
        var at = clock.GetTimestamp();
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<InforzapDb>();
        var user = await db.Users.AsNoTracking().Where(u => u.Id == userId && u.IsActive)
            .Select(u => new { u.Name, u.Role, u.RoleId, u.SecurityStamp, u.AccessHours }).SingleOrDefaultAsync(ct);
        var (now, hours) = (clock.GetUtcNow().UtcDateTime, AccessHours.Of(user?.Role ?? default, user?.AccessHours));
        if (user is null || hours?.IsOpen(now, settings.TimeZone) == false) return new(null, null, [], at);
        var queues = await db.Set<QueueMemberView>().Where(m => m.UserId == userId).Select(m => m.QueueId).ToArrayAsync(ct);
        var ended = await db.EndedSessions(userId).Select(e => e.Name).ToListAsync(ct);
        return new(user.SecurityStamp, new Actor(userId, user.Name, await permissions.OfAsync(db, userId, user.Role, user.RoleId, ct), queues)
        {
            EndsAt = hours?.Next(open: false, now, settings.TimeZone),
        }, [.. ended], at);
    }

    private sealed record Known(string? Stamp, Actor? Actor, HashSet<string> Ended, long At);

    private sealed class Entry : IDisposable
    {
        private readonly Lock sync = new();
        private Known? answer;

        public int Generation { get; private set; }

        public IDisposable? Subscription { get; set; }

        public Known? Answer
        {
            get { lock (sync) return answer; }
        }

        // What was read before a hint may be older than what the hint tells of.
        public void Keep(Known known, int generation)
        {
            lock (sync) if (generation == Generation) answer = known;
        }

        public void Forget()
        {
            lock (sync)
            {
                Generation++;
                answer = null;
            }
        }

        public void Dispose() => Subscription?.Dispose();
    }
}
