using System.Diagnostics;
using System.Diagnostics.Metrics;
using Inforzap.Data;

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

    /// <summary>Hints that Redis did not take: the other nodes find them in the table of recent changes.</summary>
    public static readonly Counter<long> UnsentHints = Meter.CreateCounter<long>("inforzap.hints.unsent");

    /// <summary>Circuits that are connected now.</summary>
    public static readonly UpDownCounter<int> Circuits = Meter.CreateUpDownCounter<int>("inforzap.circuits");

    /// <summary>An exception for the log: what <see cref="NameOf"/> says, and the stack.</summary>
    public static string Describe(Exception e) => NameOf(e) + Environment.NewLine + e.StackTrace;

    /// <summary>
    /// An exception in one line: its type, and its message if that can quote nothing that somebody wrote. Those of databases and
    /// parsers quote what they choke on, and a plugin's may quote anything.
    /// </summary>
    public static string NameOf(Exception e) => (e, e.InnerException) switch
    {
        (DbUpdateException, { } inner) => $"{e.GetType().Name}/{inner.GetType().Name} {SqlCode(inner)}".TrimEnd(),
        (System.Data.Common.DbException, _) => $"{e.GetType().Name} {SqlCode(e)}".TrimEnd(),
        (_, System.Data.Common.DbException inner) => $"{e.GetType().Name}/{inner.GetType().Name} {SqlCode(inner)}".TrimEnd(),
        _ => IsClean(e) ? $"{e.GetType().Name}: {e.Message}" : e.GetType().Name,
    };

    private static bool IsClean(Exception e) => e switch
    {
        Refusal or TooLongException => true,
        // Said by us or by the framework these are about the program; said by a plugin, about whatever it likes.
        InvalidOperationException or NotSupportedException or TimeoutException or OperationCanceledException or NullReferenceException
            or System.Net.Sockets.SocketException or HttpRequestException or IOException or UnauthorizedAccessException =>
            e.Source is { } by && Ours.Any(o => by.StartsWith(o, StringComparison.Ordinal)),
        _ => false,
    };

    private static readonly string[] Ours = ["Inforzap.", "Microsoft.", "System."];

    private static string SqlCode(Exception e) => e switch
    {
        Microsoft.Data.Sqlite.SqliteException s => $"code {s.SqliteExtendedErrorCode}",
        Npgsql.PostgresException p => $"state {p.SqlState} constraint {p.ConstraintName}",
        Microsoft.Data.SqlClient.SqlException s => $"number {s.Number}",
        _ => "",
    };
}
