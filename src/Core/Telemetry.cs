using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Inforzap;

/// <summary>Traces and metrics of the product. No name or value here ever holds a message body, a phone number or a secret.</summary>
public static class Telemetry
{
    /// <summary>The name under which exporters find both.</summary>
    public const string Name = "Inforzap";

    /// <summary>Spans: one per request, lane turn and adapter call.</summary>
    public static readonly ActivitySource Source = new(Name);

    private static readonly Meter Meter = new(Name);

    /// <summary>Seconds per request, by request and outcome.</summary>
    public static readonly Histogram<double> Requests = Meter.CreateHistogram<double>("inforzap.request.duration", "s");

    /// <summary>Events kept by the inbox, by outcome (kept, duplicate).</summary>
    public static readonly Counter<long> Received = Meter.CreateCounter<long>("inforzap.inbox.events");

    /// <summary>Lane items finished, by lane type and outcome (done, retried, parked, dropped).</summary>
    public static readonly Counter<long> LaneItems = Meter.CreateCounter<long>("inforzap.lane.items");

    /// <summary>Items that one shared commit carried.</summary>
    public static readonly Histogram<int> LaneBatch = Meter.CreateHistogram<int>("inforzap.lane.batch", "{item}");

    /// <summary>Attempts to send, by channel kind and outcome.</summary>
    public static readonly Counter<long> Sends = Meter.CreateCounter<long>("inforzap.sends");

    /// <summary>Hints that only the table of recent changes brought.</summary>
    public static readonly Counter<long> MissedHints = Meter.CreateCounter<long>("inforzap.hints.missed");

    /// <summary>Circuits that are connected now.</summary>
    public static readonly UpDownCounter<int> Circuits = Meter.CreateUpDownCounter<int>("inforzap.circuits");

    /// <summary>
    /// An exception for the log: types, and stack. Messages of database exceptions can quote the row, so only the
    /// types that we know to be clean keep theirs.
    /// </summary>
    public static string Describe(Exception e)
    {
        var text = e is DbUpdateException or System.Data.Common.DbException || e.InnerException is System.Data.Common.DbException
            ? $"{e.GetType().Name}/{e.InnerException?.GetType().Name} {SqlCode(e.InnerException ?? e)}" : $"{e.GetType().Name}: {e.Message}";
        return text + Environment.NewLine + e.StackTrace;
    }

    private static string SqlCode(Exception e) => e switch
    {
        Microsoft.Data.Sqlite.SqliteException s => $"code {s.SqliteExtendedErrorCode}",
        Npgsql.PostgresException p => $"state {p.SqlState} constraint {p.ConstraintName}",
        Microsoft.Data.SqlClient.SqlException s => $"number {s.Number}",
        _ => "",
    };
}
