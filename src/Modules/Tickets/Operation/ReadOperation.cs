using Inforzap.Contracts.Channels;
using Inforzap.Data;
using Inforzap.Files;
using Inforzap.Lanes;
using Inforzap.Live;
using Inforzap.Requests;
using Microsoft.Data.Sqlite;

namespace Inforzap.Tickets.Operation;

/// <summary>How the house fares now: what waits, what was sent, channels, database and disk.</summary>
[Allow("lanes.see"), Reads]
public sealed record ReadOperation : IRequest<OperationView>;

/// <summary>The picture of this moment.</summary>
/// <param name="Lanes">By type, the fullest first; types with nothing in them are left out.</param>
/// <param name="Parked">Items that wait for a person, by type of their lane; at most 1,000 in all.</param>
/// <param name="Sends">Messages to customers of the last 24 hours, by state.</param>
/// <param name="Channels">All that are not deleted.</param>
/// <param name="Database">Where everything is kept.</param>
/// <param name="FilesFree">Bytes that are free where files are kept.</param>
/// <param name="FilesTotal">Bytes that there are.</param>
/// <param name="Nodes">Those that said something in the last day, by name.</param>
public sealed record OperationView(
    IReadOnlyList<LaneLoad> Lanes, IReadOnlyDictionary<string, int> Parked, IReadOnlyList<SendLoad> Sends, IReadOnlyList<ChannelInfo> Channels, DatabaseLoad Database, long FilesFree, long FilesTotal, IReadOnlyList<Node> Nodes);

/// <summary>What waits in the lanes of a type.</summary>
/// <param name="Type">Such as <c>in</c> or <c>out</c>.</param>
/// <param name="Due">Waits for its turn.</param>
/// <param name="Later">Waits for a time that is to come.</param>
/// <param name="Oldest">Since when the one waits that is due longest.</param>
public sealed record LaneLoad(string Type, int Due, int Later, DateTime? Oldest);

/// <summary>How many messages stand at a state.</summary>
public sealed record SendLoad(MessageState State, int Count);

/// <summary>The database.</summary>
/// <param name="Provider">Which kind.</param>
/// <param name="Bytes">Its size.</param>
public sealed record DatabaseLoad(DatabaseProvider Provider, long Bytes);

internal sealed class ReadOperationHandler(InforzapDb db, DatabaseSettings settings, FileStore files, IChannelDirectory channels, TimeProvider clock) : IRequestHandler<ReadOperation, OperationView>
{
    /// <summary>More is said as so many: whoever has that many waiting needs no exact figure.</summary>
    public const int Most = 20_000;

    public async Task<OperationView> Handle(ReadOperation request, CancellationToken ct)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        var waiting = await db.Set<LaneItem>().AsNoTracking().Where(i => i.State == LaneItemState.Pending).OrderBy(i => i.Position).Select(i => new { i.Lane, i.DueAt }).Take(Most).ToListAsync(ct);
        // What stands behind one that has to wait, waits with it.
        var held = waiting.DistinctBy(i => i.Lane).Where(i => i.DueAt > now).Select(i => i.Lane).ToHashSet();
        var lanes = waiting.GroupBy(i => TypeOf(i.Lane)).Select(g => (Type: g.Key, Due: g.Where(i => i.DueAt <= now && !held.Contains(i.Lane)).Select(i => i.DueAt).ToList(), All: g.Count()))
            .Select(g => new LaneLoad(g.Type, g.Due.Count, g.All - g.Due.Count, g.Due.Count == 0 ? null : g.Due.Min()))
            .OrderByDescending(l => l.Due + l.Later).ToList();
        var parked = await db.Set<LaneItem>().Where(i => i.State == LaneItemState.Parked).OrderBy(i => i.Position).Select(i => i.Lane).Take(1_000).ToListAsync(ct);
        var since = now.AddHours(-24);
        var sends = await (from m in db.Messages
                           join x in db.Tickets on m.TicketId equals x.Id
                           where x.LastMessageAt >= since && m.CreatedAt >= since && m.FromUs && !m.IsNote && m.DeletedAt == null && m.Origin != MessageOrigin.Device && m.Origin != MessageOrigin.Sync
                           group m by m.State into g
                           select new SendLoad(g.Key, g.Count())).ToListAsync(ct);
        var disk = new DriveInfo(files.Root);
        var nodes = await db.Set<Node>().AsNoTracking().OrderBy(n => n.Name).Take(100).ToListAsync(ct);
        return new(lanes, parked.CountBy(TypeOf).ToDictionary(), [.. sends.OrderBy(s => s.State)], channels.All, new(settings.Provider, await SizeAsync(ct)), disk.AvailableFreeSpace, disk.TotalSize, nodes);
    }

    private static string TypeOf(string lane) => lane[..lane.IndexOf('/', StringComparison.Ordinal)];

    private async Task<long> SizeAsync(CancellationToken ct) => settings.Provider switch
    {
        DatabaseProvider.Sqlite => SizeOfFile(new SqliteConnectionStringBuilder(settings.ConnectionString).DataSource),
        DatabaseProvider.PostgreSql => await PostgresSize(db).SingleAsync(ct),
        _ => await SqlServerSize(db).SingleAsync(ct),
    };

    internal static IQueryable<long> PostgresSize(InforzapDb db) => db.Database.SqlQueryRaw<long>("SELECT pg_database_size(current_database()) AS \"Value\"");

    internal static IQueryable<long> SqlServerSize(InforzapDb db) => db.Database.SqlQueryRaw<long>("SELECT SUM(CAST(size AS bigint)) * 8192 AS Value FROM sys.database_files");

    private static long SizeOfFile(string path) => new[] { path, path + "-wal" }.Select(p => new FileInfo(p)).Where(f => f.Exists).Sum(f => f.Length);
}
