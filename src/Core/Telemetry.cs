using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text.Json;
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

    /// <summary>How long requests take, by name and outcome.</summary>
    public static readonly Histogram<double> Requests = Meter.CreateHistogram("inforzap.request.duration", "s", "How long requests of the product take.",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10] });

    /// <summary>Events kept by the inbox, by outcome (kept, duplicate).</summary>
    public static readonly Counter<long> Received = Meter.CreateCounter<long>("inforzap.inbox.events", "{event}", "Events that channels brought.");

    /// <summary>Lane items finished, by lane type and outcome (done, retried, parked, dropped, waiting).</summary>
    public static readonly Counter<long> LaneItems = Meter.CreateCounter<long>("inforzap.lane.items", "{item}", "Turns of lane items.");

    /// <summary>Items that one shared commit carried.</summary>
    public static readonly Histogram<int> LaneBatch = Meter.CreateHistogram("inforzap.lane.batch.size", "{item}", "Lane items that one shared commit carried.",
        advice: new InstrumentAdvice<int> { HistogramBucketBoundaries = [1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000] });

    /// <summary>Attempts to send, by channel kind and outcome.</summary>
    public static readonly Counter<long> Sends = Meter.CreateCounter<long>("inforzap.sends", "{attempt}", "Attempts to send a message to a customer.");

    /// <summary>Hints that only the table of recent changes brought.</summary>
    public static readonly Counter<long> MissedHints = Meter.CreateCounter<long>("inforzap.hints.missed", "{hint}", "Hints that only the read of recent changes brought.");

    /// <summary>Hints that Redis did not take: the other nodes find them in the table of recent changes.</summary>
    public static readonly Counter<long> UnsentHints = Meter.CreateCounter<long>("inforzap.hints.unsent", "{hint}", "Hints that Redis did not take.");

    /// <summary>Circuits that are connected now.</summary>
    public static readonly UpDownCounter<int> Circuits = Meter.CreateUpDownCounter<int>("inforzap.circuit.count", "{circuit}", "Circuits that are connected now.");

    /// <summary>A value of an enum as metrics spell it: <c>needs_pairing</c>.</summary>
    public static string Word<T>(T value) where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());

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
