using System.Collections.Concurrent;

namespace Inforzap.Live;

/// <summary>
/// Tells open views to look again. A topic is what a view shows: <c>ticket/{id}</c>, <c>queue/{id}</c>, <c>user/{id}</c>,
/// <c>channels</c>. Lossy by contract: whoever is told re-reads by cursor, and the table of recent changes makes lost
/// hints good.
/// </summary>
public sealed class LiveHints
{
    private readonly ConcurrentDictionary<string, ConcurrentDictionary<long, Action<string>>> views = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, ConcurrentDictionary<long, Action<object>>> listeners = new(StringComparer.Ordinal);
    private long last;

    /// <summary>For tests: the share of hints that are lost on purpose.</summary>
    internal double DropShare { get; set; }

    /// <summary>Calls back with the topic, on the thread of whoever raised it: return at once.</summary>
    public IDisposable On(IEnumerable<string> topics, Action<string> look) => Add(views, topics, look);

    /// <summary>Passing things that are kept nowhere, such as 'is typing'.</summary>
    public IDisposable Hear(IEnumerable<string> topics, Action<object> hear) => Add(listeners, topics, hear);

    /// <summary>Tells whoever looks at one of the topics.</summary>
    public void Raise(IEnumerable<string> topics)
    {
        foreach (var topic in topics)
            if (DropShare == 0 || Random.Shared.NextDouble() >= DropShare) Tell(topic);
    }

    /// <summary>Says something in passing.</summary>
    public void Whisper(string topic, object what)
    {
        if (listeners.TryGetValue(topic, out var all)) foreach (var hear in all.Values) hear(what);
    }

    internal void Tell(string topic)
    {
        if (views.TryGetValue(topic, out var all)) foreach (var look in all.Values) look(topic);
    }

    private Subscription<T> Add<T>(ConcurrentDictionary<string, ConcurrentDictionary<long, T>> where, IEnumerable<string> topics, T call)
    {
        var id = Interlocked.Increment(ref last);
        var mine = topics.Distinct().ToArray();
        foreach (var topic in mine) where.GetOrAdd(topic, _ => new())[id] = call;
        return new(where, mine, id);
    }

    private sealed class Subscription<T>(ConcurrentDictionary<string, ConcurrentDictionary<long, T>> where, string[] topics, long id) : IDisposable
    {
        public void Dispose()
        {
            foreach (var topic in topics)
                if (where.TryGetValue(topic, out var all) && all.TryRemove(id, out _) && all.IsEmpty)
                    // Somebody may be adding to it now: only an empty one goes, and a late adder is put back.
                    if (where.TryRemove(new(topic, all)) && !all.IsEmpty)
                        foreach (var (other, call) in all) where.GetOrAdd(topic, _ => new())[other] = call;
        }
    }
}

/// <summary>The topics of the product, so that writers and viewers spell them alike.</summary>
public static class Topics
{
    /// <summary>One ticket and its messages.</summary>
    public static string Ticket(Guid id) => $"ticket/{id:N}";
    /// <summary>The tickets of a queue; those without one under an empty id.</summary>
    public static string Queue(Guid? id) => $"queue/{id ?? Guid.Empty:N}";
    /// <summary>The tickets and rights of a user.</summary>
    public static string User(Guid id) => $"user/{id:N}";
    /// <summary>One conversation of a channel's address, for public pages.</summary>
    public static string Conversation(Guid channelId, Guid contactId) => $"talk/{channelId:N}/{contactId:N}";
    /// <summary>All users, queues and memberships.</summary>
    public const string People = "people";
    /// <summary>All channels and their states.</summary>
    public const string Channels = "channels";
    /// <summary>Switches and company data.</summary>
    public const string Settings = "settings";
    /// <summary>Any ticket at all: for those who see all.</summary>
    public const string AllTickets = "tickets";
}
