namespace Inforzap.Identity.Sessions;

/// <summary>
/// Counts failures with e-mails that open no session: unknown, disabled, or without a password. They wait as a colleague's do, so
/// that a delay tells nobody who has an account. In memory and bounded; the oldest is forgotten first.
/// </summary>
internal sealed class Phantoms(TimeProvider clock)
{
    private const int Most = 10_000;

    private readonly Lock sync = new();
    private readonly Dictionary<string, LinkedListNode<Failures>> known = new(StringComparer.Ordinal);
    private readonly LinkedList<Failures> byAge = [];

    /// <summary>How long this e-mail still waits: null, or no time at all, when it does not.</summary>
    public TimeSpan? Waits(string email)
    {
        lock (sync) return known.TryGetValue(email, out var of) ? of.Value.Until - clock.GetUtcNow() : null;
    }

    /// <summary>One more failure. Returns how long to wait, or null.</summary>
    public TimeSpan? Failed(string email)
    {
        lock (sync)
        {
            var count = 1;
            if (known.Remove(email, out var before))
            {
                byAge.Remove(before);
                count = before.Value.Count + 1;
            }
            else if (known.Count == Most)
            {
                known.Remove(byAge.First!.Value.Email);
                byAge.RemoveFirst();
            }
            var wait = Tries.WaitAfter(count);
            known[email] = byAge.AddLast(new Failures(email, count, wait is { } time ? clock.GetUtcNow() + time : null));
            return wait;
        }
    }

    private sealed record Failures(string Email, int Count, DateTimeOffset? Until);
}
