using System.Globalization;
using System.Text.Json;
using Inforzap.Contracts.Contacts;
using Inforzap.Data;
using Inforzap.Lanes;
using Inforzap.Sdk;

namespace Inforzap.Channels.Persons;

/// <summary>
/// What came in from somebody as it came, and what goes out to them: items of their lanes, done, parked or waiting. Their names are
/// kept as tombstones, so that a provider that brings them again changes nothing.
/// </summary>
internal sealed class LanesOfPerson(InforzapDb db, Tombstones tombstones) : IPersonData
{
    /// <summary>So many numbers of positions are looked through in one transaction.</summary>
    private const long Range = 10_000;

    public int Order => 30;

    /// <summary>What came before and is not taken in yet is not taken in any more; what comes from now on is somebody new.</summary>
    public async Task StopAsync(PersonKeys person, CancellationToken ct)
    {
        var channels = await db.Channels.Select(c => c.Id).ToListAsync(ct);
        var lanes = channels.SelectMany(channel => person.Addresses.Select(a => $"in/{channel:N}/{a.Kind}:{a.Value}")).ToHashSet(StringComparer.Ordinal);
        foreach (var some in lanes.Chunk(500))
        {
            var open = await db.Set<LaneItem>().AsNoTracking().Where(i => (i.State == LaneItemState.Pending || i.State == LaneItemState.Waiting) && some.Contains(i.Lane)).Select(i => i.Position).ToListAsync(ct);
            await TakeAsync(open, ct);
        }
    }

    public async Task<ErasedPiece> EraseAsync(PersonKeys person, string? cursor, CancellationToken ct)
    {
        // Where it ends is said at the beginning: what comes later is no more of this person.
        var (from, end) = cursor?.Split('-') is [var a, var b] ? (long.Parse(a, CultureInfo.InvariantCulture), long.Parse(b, CultureInfo.InvariantCulture))
            : (await db.Set<LaneItem>().MinAsync(i => (long?)i.Position, ct) - 1 ?? 0, person.LanesTo ?? await db.Set<LaneItem>().MaxAsync(i => (long?)i.Position, ct) ?? 0);
        var to = from + Range;
        var tails = person.Addresses.SelectMany(x => new[] { $"{x.Kind}:{x.Value}", x.Value }).Concat(person.Ids.Select(id => id.ToString("N"))).ToHashSet(StringComparer.Ordinal);
        var found = (await db.Set<LaneItem>().AsNoTracking().Where(i => i.Position > from && i.Position <= to && i.Position <= end).Select(i => new { i.Position, i.Lane }).ToListAsync(ct))
            .Where(i => TailOf(i.Lane) is { } tail && tails.Contains(tail)).Select(i => i.Position).ToList();
        await TakeAsync(found, ct);
        return new(to >= end ? null : string.Create(CultureInfo.InvariantCulture, $"{to}-{end}"));
    }

    /// <summary>Whose lane of a channel it is: <c>type/channel/whose</c>.</summary>
    private static string? TailOf(string lane) => lane.Split('/', 3) is [_, { Length: 32 }, var tail] ? tail : null;

    private async Task TakeAsync(IReadOnlyList<long> positions, CancellationToken ct)
    {
        foreach (var some in positions.Chunk(200))
        {
            var came = await db.Set<LaneItem>().AsNoTracking().Where(i => some.Contains(i.Position) && i.DedupKey != null).Select(i => new { i.Lane, i.DedupKey, i.Kind, i.Payload }).ToListAsync(ct);
            await tombstones.BuryAsync(db, came.SelectMany(i => NamesOf(i.Lane, i.DedupKey!, i.Kind, i.Payload)), ct);
            await db.Set<LaneItem>().Where(i => some.Contains(i.Position)).ExecuteDeleteAsync(ct);
        }
    }

    private static IEnumerable<string> NamesOf(string lane, string key, string kind, string payload)
    {
        yield return key;
        if (kind == "message" && Guid.TryParseExact(lane.Split('/')[1], "N", out var channel) && ProviderIdOf(payload) is { } id) yield return Tombstones.NameOf(channel, id);
    }

    private static string? ProviderIdOf(string payload)
    {
        try
        {
            return JsonSerializer.Deserialize<InboundEvent>(payload, JsonSerializerOptions.Web) is InboundMessage message ? message.ProviderId ?? message.EventId : null;
        }
        catch (Exception e) when (e is JsonException or NotSupportedException)
        {
            // It was parked since nobody could read it.
            return null;
        }
    }

    /// <summary>It says nothing that the messages made of it do not say.</summary>
    public Task ExportAsync(PersonKeys person, IPersonArchive archive, CancellationToken ct) => Task.CompletedTask;
}
