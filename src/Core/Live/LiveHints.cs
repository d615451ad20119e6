using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace Inforzap.Live;

/// <summary>
/// Tells open views to look again. A topic is what a view shows: <c>ticket/{id}</c>, <c>queue/{id}</c>, <c>user/{id}</c>,
/// <c>channels</c>. Lossy by contract: whoever is told re-reads by cursor, and the table of recent changes makes lost
/// hints good.
/// </summary>
public sealed class LiveHints(ILogger<LiveHints> log)
{
    private readonly ConcurrentDictionary<string, ImmutableDictionary<long, Action<string>>> views = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, ImmutableDictionary<long, Action<object>>> listeners = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<long, bool> told = new();
    private long last;

    /// <summary>For tests: the share of hints that are lost on purpose.</summary>
    internal double DropShare { get; set; }

    /// <summary>Calls back with the topic, on the thread of whoever raised it: return at once.</summary>
    public IDisposable On(IEnumerable<string> topics, Action<string> look) => new Subscription<Action<string>>(views, topics, Interlocked.Increment(ref last), look);

    /// <summary>Passing things that are kept nowhere, such as 'is typing'.</summary>
    public IDisposable Hear(IEnumerable<string> topics, Action<object> hear) => new Subscription<Action<object>>(listeners, topics, Interlocked.Increment(ref last), hear);

    /// <summary>Tells whoever looks at one of the topics.</summary>
    public void Raise(IEnumerable<string> topics)
    {
        foreach (var topic in topics) TellUnlessDropped(topic);
    }

    /// <summary>Hints that only the read of recent changes brought, since the start.</summary>
    public long Missed { get; internal set; }

    /// <summary>What commits of this node touched, for the other nodes.</summary>
    internal Action<long, IReadOnlyCollection<string>>? Raised { get; set; }

    /// <summary>What was said in passing here, for the other nodes.</summary>
    internal Action<string, bool>? Whispered { get; set; }

    /// <summary>Who was said in passing to be somewhere, or to have left, for the other nodes.</summary>
    internal Action<string, Seen>? Shown { get; set; }

    /// <summary>Says in passing that somebody is there, or left.</summary>
    public void Show(string topic, Seen who)
    {
        WhisperHere(topic, who);
        Shown?.Invoke(topic, who);
    }

    /// <summary>Says in passing that something goes on, or stopped.</summary>
    public void Whisper(string topic, bool isOn)
    {
        WhisperHere(topic, isOn);
        Whispered?.Invoke(topic, isOn);
    }

    internal void WhisperHere(string topic, object what)
    {
        if (listeners.TryGetValue(topic, out var all)) foreach (var hear in all.Values) Call(hear, what);
    }

    /// <summary>Tells of a commit of this node, here and on the other nodes.</summary>
    internal void Raise(long change, IReadOnlyCollection<string> topics)
    {
        TellHere(change, topics);
        Raised?.Invoke(change, topics);
    }

    /// <summary>Tells this node's views of a commit, of its own or of another node; the read of recent changes then passes its row over.</summary>
    internal void TellHere(long change, IReadOnlyCollection<string> topics)
    {
        var all = true;
        foreach (var topic in topics) all &= TellUnlessDropped(topic);
        if (all) told[change] = true;
    }

    internal bool WasTold(long change) => told.ContainsKey(change);

    internal void ForgetTold(long upTo)
    {
        foreach (var change in told.Keys) if (change <= upTo) told.TryRemove(change, out _);
    }

    internal void Tell(string topic)
    {
        if (views.TryGetValue(topic, out var all)) foreach (var look in all.Values) Call(look, topic);
    }

    private bool TellUnlessDropped(string topic)
    {
        if (DropShare > 0 && Random.Shared.NextDouble() < DropShare) return false;
        Tell(topic);
        return true;
    }

    /// <summary>A view that fails must neither silence the others nor fail the writer, who has committed already.</summary>
    private void Call<T>(Action<T> call, T what)
    {
        try
        {
            call(what);
        }
        catch (Exception e)
        {
            log.LogWarning("A view failed when it was told to look again: {Exception}", Telemetry.Describe(e));
        }
    }

    private sealed class Subscription<T> : IDisposable
    {
        private readonly ConcurrentDictionary<string, ImmutableDictionary<long, T>> where;
        private readonly string[] topics;
        private readonly long id;

        public Subscription(ConcurrentDictionary<string, ImmutableDictionary<long, T>> where, IEnumerable<string> topics, long id, T call)
        {
            (this.where, this.topics, this.id) = (where, [.. topics.Distinct()], id);
            foreach (var topic in this.topics)
                where.AddOrUpdate(topic, _ => ImmutableDictionary<long, T>.Empty.Add(id, call), (_, all) => all.SetItem(id, call));
        }

        public void Dispose()
        {
            foreach (var topic in topics)
                while (where.TryGetValue(topic, out var all) && all.ContainsKey(id) && !TryRemove(topic, all)) { }
        }

        private bool TryRemove(string topic, ImmutableDictionary<long, T> all) =>
            all.Count == 1 ? where.TryRemove(new(topic, all)) : where.TryUpdate(topic, all.Remove(id), all);
    }
}

/// <summary>Somebody is there, or left.</summary>
public sealed record Seen(Guid UserId, bool IsThere);

/// <summary>The topics of the product, so that writers and viewers spell them alike.</summary>
public static class Topics
{
    /// <summary>One ticket and its messages.</summary>
    public static string Ticket(Guid id) => $"ticket/{id:N}";
    /// <summary>The tickets of a queue; those without one under an empty id.</summary>
    public static string Queue(Guid? id) => $"queue/{id ?? Guid.Empty:N}";
    /// <summary>The tickets that a user serves. Apart from <see cref="User"/>: tickets change with each message, people hardly ever.</summary>
    public static string TicketsOf(Guid userId) => $"tickets-of/{userId:N}";
    /// <summary>A user: who they are, what they may, whether they are there.</summary>
    public static string User(Guid id) => $"user/{id:N}";
    /// <summary>One conversation of a channel's address, for public pages.</summary>
    public static string Conversation(Guid channelId, Guid contactId) => $"talk/{channelId:N}/{contactId:N}";
    /// <summary>Whispers whether an agent is typing in the conversation of this topic: a bool.</summary>
    public static string AgentTyping(string conversation) => conversation + "/agent";
    /// <summary>Whispers whether the customer is typing in the conversation of this topic: a bool.</summary>
    public static string CustomerTyping(string conversation) => conversation + "/customer";
    /// <summary>Shows who has a ticket open: <see cref="Seen"/>.</summary>
    public static string Viewing(Guid ticketId) => $"viewing/{ticketId:N}";
    /// <summary>All users, queues and memberships.</summary>
    public const string People = "people";
    /// <summary>All channels and their states.</summary>
    public const string Channels = "channels";
    /// <summary>What is wrong now: the bell.</summary>
    public const string Alarms = "alarms";
    /// <summary>Switches and company data.</summary>
    public const string Settings = "settings";
    /// <summary>This node has read switches and company data anew; said on each node by itself.</summary>
    public const string SettingsRead = "settings-read";
    /// <summary>The company's variables.</summary>
    public const string Variables = "variables";
    /// <summary>Reasons, farewells and rules for closing.</summary>
    public const string Closings = "closings";
    /// <summary>All quick messages.</summary>
    public const string QuickMessages = "quick-messages";
    /// <summary>Message templates of channels.</summary>
    public const string Templates = "templates";
    /// <summary>All tags: what they are called, who may use them. Which contacts have them is a matter of their tickets.</summary>
    public const string Tags = "tags";
    /// <summary>Somebody changed the address book. Who writes to us for the first time is no change of that kind.</summary>
    public const string Contacts = "contacts";
    /// <summary>How many contacts have which tag.</summary>
    public const string TagCounts = "tag-counts";
    /// <summary>The notes that name a user and wait for them.</summary>
    public static string Mentions(Guid userId) => $"mentions/{userId:N}";
    /// <summary>The tickets that colleagues took from a user.</summary>
    public static string Taken(Guid userId) => $"taken/{userId:N}";
    /// <summary>All protocols.</summary>
    public const string Protocols = "protocols";
    /// <summary>Service hours and holidays.</summary>
    public const string ServiceHours = "service-hours";
    /// <summary>All entry menus.</summary>
    public const string EntryMenus = "entry-menus";
    /// <summary>All surveys: what is asked, and where.</summary>
    public const string Surveys = "surveys";
    /// <summary>What customers were asked and answered.</summary>
    public const string Ratings = "ratings";
    /// <summary>Prices of messages.</summary>
    public const string Costs = "costs";
    /// <summary>All scheduled messages.</summary>
    public const string Schedules = "schedules";
    /// <summary>Any ticket at all: for those who see all.</summary>
    public const string AllTickets = "tickets";
}
