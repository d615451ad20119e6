using System.Collections.Concurrent;
using Inforzap.Sdk;

namespace Inforzap.Plugins.Waba;

/// <summary>
/// What was last read of each person, since Meta hangs 'is typing' on a message that was read. Kept in memory only: it is lossy, as
/// typing is.
/// </summary>
internal sealed class Reading(TimeProvider clock)
{
    private const int Most = 10_000;

    /// <summary>Meta shows it for 25 seconds; the host says it again every few.</summary>
    private static readonly TimeSpan Shown = TimeSpan.FromSeconds(20);

    private readonly ConcurrentDictionary<(string Kind, string Value), (string Id, DateTimeOffset Typed)> last = new();

    /// <summary>This message was read, and all before it.</summary>
    public void Read(Address who, string id)
    {
        if (last.Count >= Most) last.Clear();
        last[(who.Kind, who.Value)] = (id, DateTimeOffset.MinValue);
    }

    /// <summary>The message to hang it on; null when nothing was read here, or when it still shows.</summary>
    public string? Types(Address who) =>
        last.TryGetValue((who.Kind, who.Value), out var read) && clock.GetUtcNow() - read.Typed >= Shown ? read.Id : null;

    /// <summary>Meta shows it now.</summary>
    public void Typed(Address who, string id) => last[(who.Kind, who.Value)] = (id, clock.GetUtcNow());

    /// <summary>A message takes it away.</summary>
    public void Wrote(Address who)
    {
        if (last.TryGetValue((who.Kind, who.Value), out var read)) last[(who.Kind, who.Value)] = (read.Id, DateTimeOffset.MinValue);
    }
}
