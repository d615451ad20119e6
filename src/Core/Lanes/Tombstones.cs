using System.Security.Cryptography;
using System.Text;
using Inforzap.Data;
using Inforzap.Security;

namespace Inforzap.Lanes;

/// <summary>What a provider called something that was erased, under a key of this house: whoever has it can't try which name it was.</summary>
internal sealed class Tombstone
{
    public required string Hash { get; init; }
    public DateTime At { get; init; }

    internal static void Map(ModelBuilder model)
    {
        var stone = model.Entity<Tombstone>();
        stone.ToTable("Tombstones", "core");
        stone.HasKey(t => t.Hash);
        stone.Text(t => t.Hash).IsIdentifier(Tombstones.Length);
    }
}

/// <summary>
/// Knows what was erased by the names that providers gave it, so that what they bring once more stays away. With a lost master key
/// it knows nothing of what was erased before.
/// </summary>
public sealed class Tombstones(MasterKey key, TimeProvider clock)
{
    /// <summary>SHA-256 in letters of base64url.</summary>
    internal const int Length = 43;

    private readonly byte[] secret = key.Derive("tombstones");

    /// <summary>How an event, or the message that it speaks of, is known: as <see cref="LaneItem.DedupKey"/> has it.</summary>
    public static string NameOf(Guid channelId, string id) => $"{channelId:N}:{id}";

    /// <summary>Those of the names that were erased.</summary>
    public async Task<IReadOnlySet<string>> AmongAsync(InforzapDb db, IEnumerable<string> names, CancellationToken ct)
    {
        var known = names.Distinct(StringComparer.Ordinal).ToDictionary(HashOf, name => name, StringComparer.Ordinal);
        if (known.Count == 0) return new HashSet<string>();
        var hashes = known.Keys.ToArray();
        return (await db.Set<Tombstone>().AsNoTracking().Where(t => hashes.Contains(t.Hash)).Select(t => t.Hash).ToListAsync(ct)).Select(h => known[h]).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>Remembers that they were erased; the caller saves.</summary>
    public async Task BuryAsync(InforzapDb db, IEnumerable<string> names, CancellationToken ct)
    {
        var hashes = names.Select(HashOf).ToHashSet(StringComparer.Ordinal);
        hashes.ExceptWith(db.Set<Tombstone>().Local.Select(t => t.Hash));
        if (hashes.Count == 0) return;
        var wanted = hashes.ToArray();
        hashes.ExceptWith(await db.Set<Tombstone>().AsNoTracking().Where(t => wanted.Contains(t.Hash)).Select(t => t.Hash).ToListAsync(ct));
        var now = clock.GetUtcNow().UtcDateTime;
        db.AddRange(hashes.Select(hash => new Tombstone { Hash = hash, At = now }));
    }

    private string HashOf(string name) => Convert.ToBase64String(HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes(name))).TrimEnd('=').Replace('+', '-').Replace('/', '_');
}
