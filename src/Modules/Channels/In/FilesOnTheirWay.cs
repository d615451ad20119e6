using System.Text.RegularExpressions;
using Inforzap.Files;
using Inforzap.Lanes;

namespace Inforzap.Channels.In;

/// <summary>A plugin stores a file first and tells of it afterwards: while that event waits, or is parked, the file is in use.</summary>
internal static partial class FilesOnTheirWay
{
    public static FileUse Use { get; } = new(async (db, ids, ct) =>
    {
        LaneItemState[] open = [LaneItemState.Pending, LaneItemState.Waiting, LaneItemState.Parked];
        var named = new HashSet<Guid>();
        var payloads = db.Set<LaneItem>().AsNoTracking().Where(i => open.Contains(i.State) && i.Lane.StartsWith("in/") && i.Payload.Contains("\"fileId\"")).Select(i => i.Payload);
        await foreach (var payload in payloads.AsAsyncEnumerable().WithCancellation(ct))
            foreach (Match match in FileId().Matches(payload)) named.Add(Guid.Parse(match.Groups[1].ValueSpan));
        named.IntersectWith(ids);
        return named;
    });

    [GeneratedRegex("\"fileId\":\"([0-9a-f-]{36})\"", RegexOptions.CultureInvariant)]
    private static partial Regex FileId();
}
