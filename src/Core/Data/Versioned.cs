namespace Inforzap.Data;

/// <summary>A row that two people may change at once: EF refuses the second, and Claim counts on it.</summary>
public abstract class Versioned
{
    /// <summary>Grows with every change. Set by SaveChanges and by Claim, never by hand.</summary>
    public int Version { get; internal set; }
}
