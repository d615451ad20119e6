using System.Collections.Concurrent;
using Inforzap.Sdk;

namespace Inforzap.Plugins.WhatsApp;

/// <summary>Which message of WhatsApp's: its reactions, edits and deletions ask for all of it.</summary>
/// <param name="Jid">The conversation.</param>
/// <param name="Participant">Who wrote it in a group.</param>
internal sealed record MessageKey(string Jid, string? Participant);

/// <summary>A message that is on its way, or of which nobody knows whether it went.</summary>
/// <param name="Attempt">Our own id of the try, which WhatsApp takes from nobody.</param>
/// <param name="To">To whom.</param>
/// <param name="Shape">What it looks like when it comes back.</param>
/// <param name="Since">When it was sent.</param>
internal sealed record Flight(Guid Attempt, Address To, string Shape, DateTime Since)
{
    /// <summary>Under which id it came back, before the answer did.</summary>
    public string? Found { get; set; }

    public bool Is(IEnumerable<Address> to, string shape) => shape == Shape && to.Any(a => Jids.AreSame(a, To));
}

/// <summary>
/// What one channel learned on this node: ids that stand for numbers, where messages are, what groups are called, what is on its way.
/// It makes things better and is never needed: a node that knows nothing of it asks, or does without.
/// </summary>
internal sealed class Memory(TimeProvider clock)
{
    private const int Most = 20_000;
    private static readonly TimeSpan SubjectHolds = TimeSpan.FromHours(6);
    private static readonly TimeSpan AskAgain = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, string> phones = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, MessageKey> keys = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> sent = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, (string? Subject, DateTimeOffset Until)> groups = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<Guid, Flight> flights = new();

    /// <summary>An id and a number are the same person's.</summary>
    public void Same(Address? one, Address? other)
    {
        if (one is null || other is null) return;
        var (id, phone) = one.Kind == AddressKind.WhatsAppUser ? (one, other) : (other, one);
        if (id.Kind == AddressKind.WhatsAppUser && phone.Kind == AddressKind.Phone) Put(phones, id.Value, phone.Value);
    }

    /// <summary>The number behind an id, if it was ever said.</summary>
    public Address? PhoneOf(Address id) => id.Kind == AddressKind.WhatsAppUser && phones.TryGetValue(id.Value, out var phone) ? id with { Value = phone, Kind = AddressKind.Phone } : null;

    /// <summary>The id of a number, if it was ever said.</summary>
    public Address? IdOf(Address phone) => phone.Kind == AddressKind.Phone && phones.FirstOrDefault(p => p.Value == phone.Value).Key is { } id ? new Address(id, AddressKind.WhatsAppUser) : null;

    public void Keep(string id, MessageKey key) => Put(keys, id, key);

    public MessageKey? KeyOf(string id) => keys.GetValueOrDefault(ProviderIds.Whole(id));

    public void Sent(string id) => Put(sent, id, true);

    /// <summary>It is known as ours.</summary>
    public bool IsSent(string id) => sent.ContainsKey(id);

    public Flight Begin(OutboundMessage message, string shape) => flights[message.AttemptId] = new Flight(message.AttemptId, message.To, shape, clock.GetUtcNow().UtcDateTime);

    public void End(Flight flight) => flights.TryRemove(flight.Attempt, out _);

    /// <summary>The one on its way that comes back like this.</summary>
    public Flight? OnItsWay(IReadOnlyCollection<Address> to, string shape) => flights.Values.Where(f => f.Found is null && f.Is(to, shape)).OrderBy(f => f.Since).FirstOrDefault();

    /// <summary>What a group is called; null when nobody knows.</summary>
    public string? SubjectOf(string group) => groups.TryGetValue(group, out var known) ? known.Subject : null;

    /// <summary>It should be asked for.</summary>
    public bool IsToAsk(string group) => !groups.TryGetValue(group, out var known) || known.Until < clock.GetUtcNow();

    /// <summary>It is called so now; null when nobody told, which is asked again soon.</summary>
    public void Called(string group, string? subject) =>
        Put(groups, group, subject is null ? (SubjectOf(group), clock.GetUtcNow() + AskAgain) : (subject, clock.GetUtcNow() + SubjectHolds));

    /// <summary>Something happened to it: its name is asked for with the next message.</summary>
    public void Changed(string group)
    {
        if (groups.TryGetValue(group, out var known)) groups[group] = (known.Subject, DateTimeOffset.MinValue);
    }

    private static void Put<T>(ConcurrentDictionary<string, T> all, string key, T value)
    {
        if (all.Count >= Most) all.Clear();
        all[key] = value;
    }
}
