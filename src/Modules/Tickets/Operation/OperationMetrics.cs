using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using Inforzap.Contracts.Channels;
using Inforzap.Data;
using Inforzap.Files;
using Inforzap.Requests;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Hosting;

namespace Inforzap.Tickets.Operation;

/// <summary>
/// What the page 'Sistema' shows, as gauges. It is read beside the scrapes and not by them, so that none waits for a slow database,
/// and only while somebody scrapes. What could not be read for two minutes is not told any more: an old figure would look calm.
/// All nodes tell the same of what they share.
/// </summary>
internal sealed class OperationMetrics : BackgroundService
{
    /// <summary>Between two readings; longer where reading takes long.</summary>
    public static readonly TimeSpan Rest = TimeSpan.FromSeconds(10);

    /// <summary>How long figures are told that could not be read anew.</summary>
    public static readonly TimeSpan Fresh = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan LongestRest = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Attention = TimeSpan.FromMinutes(5);
    private static readonly MessageState[] OnTheWay = [MessageState.Queued, MessageState.Sending, MessageState.Unknown, MessageState.Failed];

    private sealed record Read<T>(T What, DateTime At);

    private sealed record Disk(string Use, long Free, long Size);

    private readonly SystemMediator mediator;
    private readonly IChannelDirectory channels;
    private readonly TimeProvider clock;
    private readonly (string Use, string Folder)[] folders;
    private Read<OperationView>? operation;
    private Read<List<Disk>>? disks;
    private ImmutableSortedSet<string> types = ["in", "out"];
    private long asked;

    /// <summary>Tests name a meter of their own: exporters of another host in their process would hear this one too.</summary>
    public OperationMetrics(SystemMediator mediator, IChannelDirectory channels, FileStore files, DatabaseSettings database, TimeProvider clock, string meter = Telemetry.Name)
    {
        Meter = new Meter(meter);
        (this.mediator, this.channels, this.clock) = (mediator, channels, clock);
        folders = database.Provider == DatabaseProvider.Sqlite
            ? [("files", files.Root), ("database", Path.GetDirectoryName(Path.GetFullPath(new SqliteConnectionStringBuilder(database.ConnectionString).DataSource))!)]
            : [("files", files.Root)];
        Meter.CreateObservableGauge("inforzap.lane.waiting", Waiting, "{item}", $"Lane items that wait: due for their turn, or later for a time that is to come. At most {ReadOperationHandler.Most} in all.");
        Meter.CreateObservableGauge("inforzap.lane.oldest.age", Oldest, "s", "For how long the lane item has waited that is due longest.");
        Meter.CreateObservableGauge("inforzap.lane.parked", Parked, "{item}", "Lane items that wait for a person, at most 1,000 in all.");
        Meter.CreateObservableGauge("inforzap.message.unsettled", Unsettled, "{message}", "Messages to customers of the last 24 hours that are not known to have arrived.");
        Meter.CreateObservableGauge("inforzap.channel.count", Channels, "{channel}", "Channels, by kind and state.");
        Meter.CreateObservableGauge("inforzap.database.size", () => Of<OperationView, long>(operation, o => [new(o.Database.Bytes)]), "By", "What the database holds.");
        Meter.CreateObservableGauge("inforzap.disk.free", () => Of(disks, d => d.ConvertAll(i => new Measurement<long>(i.Free, Tag("disk.use", i.Use)))), "By", "What is free where files, or an embedded database, are kept.");
        Meter.CreateObservableGauge("inforzap.disk.size", () => Of(disks, d => d.ConvertAll(i => new Measurement<long>(i.Size, Tag("disk.use", i.Use)))), "By", "What there is where files, or an embedded database, are kept.");
    }

    internal Meter Meter { get; }

    private DateTime Now => clock.GetUtcNow().UtcDateTime;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        for (var rest = Rest; ;)
        {
            await Task.Delay(rest, clock, stoppingToken);
            if (Now - new DateTime(Interlocked.Read(ref asked), DateTimeKind.Utc) > Attention) continue;
            var started = clock.GetTimestamp();
            await ReadAsync(stoppingToken);
            var took = clock.GetElapsedTime(started);
            rest = took * 10 < Rest ? Rest : took * 10 > LongestRest ? LongestRest : took * 10;
        }
    }

    /// <summary>Disks first: they have something to say while the database has not.</summary>
    internal async Task ReadAsync(CancellationToken ct)
    {
        try
        {
            disks = new([.. folders.Select(f => (f.Use, Drive: new DriveInfo(f.Folder))).Select(f => new Disk(f.Use, f.Drive.AvailableFreeSpace, f.Drive.TotalSize))], Now);
            var view = await mediator.Send(new ReadOperation(), ct);
            types = types.Union(view.Lanes.Select(l => l.Type)).Union(view.Parked.Keys);
            operation = new(view, Now);
        }
        catch (Exception) when (!ct.IsCancellationRequested)
        {
            // The failed request is in the log already; the next reading may go better.
        }
    }

    private IEnumerable<Measurement<long>> Waiting() => Of(operation, o => types.SelectMany(type =>
    {
        var lane = o.Lanes.FirstOrDefault(l => l.Type == type);
        return new[]
        {
            new Measurement<long>(lane?.Due ?? 0, Tag("lane.type", type), Tag("lane.wait", "due")),
            new Measurement<long>(lane?.Later ?? 0, Tag("lane.type", type), Tag("lane.wait", "later")),
        };
    }));

    private IEnumerable<Measurement<double>> Oldest() => Of(operation, o => types.Select(type => new Measurement<double>(
        o.Lanes.FirstOrDefault(l => l.Type == type)?.Oldest is { } since ? Math.Max(0, (Now - since).TotalSeconds) : 0, Tag("lane.type", type))));

    private IEnumerable<Measurement<long>> Parked() => Of(operation, o => types.Select(type => new Measurement<long>(o.Parked.GetValueOrDefault(type), Tag("lane.type", type))));

    private IEnumerable<Measurement<long>> Unsettled() => Of(operation, o => OnTheWay.Select(state =>
        new Measurement<long>(o.Sends.FirstOrDefault(s => s.State == state)?.Count ?? 0, Tag("message.state", Telemetry.Word(state)))));

    /// <summary>From memory; a state that no channel of a kind is in is told too, so that a line goes down and does not end.</summary>
    private IEnumerable<Measurement<long>> Channels() => channels.All.GroupBy(c => c.Kind).SelectMany(kind => Enum.GetValues<ChannelState>().Select(state =>
        new Measurement<long>(kind.Count(c => c.State == state), Tag("channel.kind", kind.Key), Tag("channel.state", Telemetry.Word(state)))));

    private IEnumerable<Measurement<TValue>> Of<T, TValue>(Read<T>? read, Func<T, IEnumerable<Measurement<TValue>>> tell) where TValue : struct
    {
        Interlocked.Exchange(ref asked, Now.Ticks);
        return read is not null && Now - read.At <= Fresh ? tell(read.What) : [];
    }

    private static KeyValuePair<string, object?> Tag(string name, string value) => new("inforzap." + name, value);

    public override void Dispose()
    {
        Meter.Dispose();
        base.Dispose();
    }
}
