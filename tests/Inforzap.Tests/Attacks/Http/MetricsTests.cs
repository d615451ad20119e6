using System.Diagnostics.Metrics;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Inforzap.Tests.Architecture;
using Inforzap.Tickets.Operation;
using Microsoft.Extensions.Hosting;

namespace Inforzap.Tests.Attacks.Http;

/// <summary>What the real program exports, and that deploy/grafana.json asks for nothing else.</summary>
[Collection(OverHttp.Name)]
public sealed partial class MetricsTests(RunningHost host)
{
    private const string OfPrometheus3 = "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=0.0.4;q=0.3,*/*;q=0.2";

    [Theory]
    [InlineData("*/*")]
    [InlineData(OfPrometheus3)]
    public async Task Every_figure_that_the_board_asks_for_is_exported_under_that_name(string accept)
    {
        Happen();
        await host.Services.GetServices<IHostedService>().OfType<OperationMetrics>().Single().ReadAsync(default);
        using var browser = new Browser(host, "10.7.1.2");
        var asked = Expressions().SelectMany(Names).ToHashSet();
        HashSet<string> exported = [];
        for (var end = DateTime.UtcNow.AddSeconds(60); ; await Task.Delay(500))
        {
            var lines = (await (await browser.GetAsync("/metrics", accept)).Content.ReadAsStringAsync()).Split('\n');
            exported = [.. lines.Where(l => l.Length > 0 && l[0] != '#').Select(l => Word().Match(l).Value)];
            // Health is looked at some seconds after the start, and a request is counted when it has ended.
            if (asked.IsSubsetOf(exported) || DateTime.UtcNow > end) break;
        }
        Assert.True(asked.Count > 20);
        Assert.Empty(asked.Except(exported));
        // And the other way round: what the product itself tells has a place on the board.
        var ours = exported.Where(n => n.StartsWith("inforzap_", StringComparison.Ordinal) && !n.EndsWith("_created", StringComparison.Ordinal)).Select(n => exported.Contains(Part().Replace(n, "_bucket")) ? Part().Replace(n, "_bucket") : n);
        Assert.Empty(ours.Except(asked).Except(["inforzap_lane_items_total"]));
    }

    [Theory]
    [InlineData("/metrics/")]
    [InlineData("/METRICS")]
    [InlineData("/Metrics/")]
    public async Task Metrics_are_for_the_inside_however_they_are_spelled(string path)
    {
        using var stranger = new Browser(host);
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.GetAsync(path, "*/*")).StatusCode);
        using var inside = new Browser(host, "10.7.1.3");
        Assert.Equal(HttpStatusCode.OK, (await inside.GetAsync(path, "*/*")).StatusCode);
    }

    /// <summary>Names with dots; no plural of units, no '_total'; units as UCUM spells them; a sentence for whoever meets it.</summary>
    [Fact]
    public void Instruments_are_named_as_OpenTelemetry_asks()
    {
        var ours = new List<Instrument>();
        Happen();
        using var listener = new MeterListener { InstrumentPublished = (i, _) => { if (i.Meter.Name == Telemetry.Name) lock (ours) ours.Add(i); } };
        listener.Start();
        Assert.True(ours.Count > 15);
        Assert.Empty(ours.Where(i => !Dotted().IsMatch(i.Name) || i.Name.EndsWith("total", StringComparison.Ordinal)).Select(i => i.Name));
        Assert.Empty(ours.Where(i => i.Name != "inforzap.health.status" && !Unit().IsMatch(i.Unit ?? "")).Select(i => i.Name));
        Assert.Empty(ours.Where(i => string.IsNullOrEmpty(i.Description)).Select(i => i.Name));
    }

    /// <summary>Counters are told from their first count on.</summary>
    private static void Happen()
    {
        Telemetry.Requests.Record(0);
        Telemetry.LaneBatch.Record(1);
        Telemetry.Circuits.Add(0);
        foreach (var counter in (Counter<long>[])[Telemetry.Received, Telemetry.LaneItems, Telemetry.Sends, Telemetry.MissedHints, Telemetry.UnsentHints]) counter.Add(0);
        GC.Collect();
    }

    private static IEnumerable<string> Expressions()
    {
        using var board = JsonDocument.Parse(File.ReadAllText(Path.Combine(House.Root, "deploy", "grafana.json")));
        var panels = board.RootElement.GetProperty("panels").EnumerateArray().Where(p => p.GetProperty("type").GetString() != "row").ToList();
        Assert.All(panels, p => Assert.NotEmpty(p.GetProperty("title").GetString()!));
        return [.. panels.SelectMany(p => p.GetProperty("targets").EnumerateArray()).Select(t => t.GetProperty("expr").GetString()!)];
    }

    /// <summary>What is left of PromQL without labels, windows and functions.</summary>
    private static IEnumerable<string> Names(string expression) =>
        Word().Matches(Aside().Replace(expression, " ")).Select(m => m.Value).Except(["up", "and", "or", "sum", "max", "min", "rate", "increase", "topk", "histogram_quantile"]);

    [GeneratedRegex("[A-Za-z_:][A-Za-z0-9_:]*")]
    private static partial Regex Word();

    [GeneratedRegex("""\{[^}]*\}|\[[^\]]*\]|\b(by|on|ignoring|without)\s*\([^)]*\)""")]
    private static partial Regex Aside();

    [GeneratedRegex("_(sum|count)$")]
    private static partial Regex Part();

    [GeneratedRegex("^inforzap(\\.[a-z]+(_[a-z]+)*)+$")]
    private static partial Regex Dotted();

    [GeneratedRegex("^(s|By|\\{[a-z]+\\})$")]
    private static partial Regex Unit();
}
