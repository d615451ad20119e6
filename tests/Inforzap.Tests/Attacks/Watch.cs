using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Inforzap.Tests.Attacks;

/// <summary>Hears everything that traces and metrics of this process would tell an operator's tools.</summary>
internal sealed class Watch : IDisposable
{
    private readonly ActivityListener activities;
    private readonly MeterListener meters = new();
    private readonly ConcurrentDictionary<string, byte> heard = new();
    private int spans, figures;

    public Watch()
    {
        activities = new ActivityListener
        {
            ShouldListenTo = _ => true, Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded, ActivityStopped = Hear,
        };
        ActivitySource.AddActivityListener(activities);
        meters.InstrumentPublished = (instrument, listener) => listener.EnableMeasurementEvents(instrument);
        meters.SetMeasurementEventCallback<long>((i, _, tags, _) => Hear(i, tags));
        meters.SetMeasurementEventCallback<int>((i, _, tags, _) => Hear(i, tags));
        meters.SetMeasurementEventCallback<double>((i, _, tags, _) => Hear(i, tags));
        meters.Start();
    }

    /// <summary>Names, tags and events, each once.</summary>
    public ICollection<string> Heard => heard.Keys;

    public int Spans => Volatile.Read(ref spans);

    public int Figures => Volatile.Read(ref figures);

    private void Hear(Activity activity)
    {
        Interlocked.Increment(ref spans);
        Keep($"{activity.Source.Name} {activity.DisplayName} {activity.StatusDescription} {activity.TraceStateString}");
        foreach (var (name, value) in activity.TagObjects) Keep($"{activity.Source.Name} {activity.DisplayName}: {name}={value}");
        foreach (var (name, value) in activity.Baggage) Keep($"{activity.Source.Name} {activity.DisplayName}: {name}={value}");
        foreach (var e in activity.Events) Keep($"{activity.Source.Name} {activity.DisplayName}: {e.Name} {string.Join(' ', e.Tags.Select(t => $"{t.Key}={t.Value}"))}");
    }

    private void Hear(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        Interlocked.Increment(ref figures);
        foreach (var (name, value) in tags) Keep($"{instrument.Meter.Name}/{instrument.Name}: {name}={value}");
    }

    private void Keep(string text) => heard.TryAdd(text, 0);

    public void Dispose()
    {
        activities.Dispose();
        meters.Dispose();
    }
}
