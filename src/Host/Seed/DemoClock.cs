namespace Inforzap.Host.Seed;

/// <summary>Tells the past while the demo is being made, so that its conversations happen over two weeks; then the real time.</summary>
internal sealed class DemoClock : TimeProvider
{
    private long ticks;

    /// <summary>The time that is being told; null tells the real one.</summary>
    public DateTime? Told
    {
        get => Interlocked.Read(ref ticks) is var t and > 0 ? new DateTime(t, DateTimeKind.Utc) : null;
        set => Interlocked.Exchange(ref ticks, value?.Ticks ?? 0);
    }

    public override DateTimeOffset GetUtcNow() => Told is { } told ? new DateTimeOffset(told) : base.GetUtcNow();
}
