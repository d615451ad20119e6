using System.Diagnostics;
using Inforzap.Lanes;

namespace Inforzap.Live;

/// <summary>
/// The way a node goes: it takes nobody in any more, tells those who are there, lets what it is sending be answered, and stops. Lanes
/// that have more to do go on elsewhere, or here after the next start.
/// </summary>
public sealed class Drain : IDisposable
{
    /// <summary>Long enough for a call to a provider as a rule; what takes longer shows as unknown.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    /// <summary>So long people have at least to see what they are told.</summary>
    private static readonly TimeSpan Notice = TimeSpan.FromMilliseconds(700);
    /// <summary>A proxy looks every two seconds whether this node is there, and may bring requests until it has looked.</summary>
    private static readonly TimeSpan NoticeOfProxies = TimeSpan.FromSeconds(2.5);
    private readonly CancellationTokenSource begun = new();

    /// <summary>Cancelled when it begins.</summary>
    public CancellationToken Begun => begun.Token;

    /// <summary>It has begun: no page, no circuit.</summary>
    public bool IsOn => begun.IsCancellationRequested;

    /// <inheritdoc/>
    public void Dispose() => begun.Dispose();

    /// <summary>Returns when this node holds nothing any more that would be cut off, or when that took too long.</summary>
    internal async Task RunAsync(LaneEngine lanes, bool hasProxy)
    {
        var began = Stopwatch.GetTimestamp();
        await begun.CancelAsync();
        await lanes.RestAsync(Patience);
        if ((hasProxy ? NoticeOfProxies : Notice) - Stopwatch.GetElapsedTime(began) is { Ticks: > 0 } left) await Task.Delay(left);
    }
}
