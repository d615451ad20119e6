using Orleans.Runtime;

namespace Inforzap.Lanes;

/// <summary>How many nodes there are.</summary>
public sealed class Nodes(IServiceProvider services)
{
    /// <summary>Those that are up, this one included; never less than one. Each has its part of what all may do together, such as a channel's pace.</summary>
    public int Count => Math.Max(InEngine, Heard);

    /// <summary>Those that said something in the database of late: more than the engine knows when nodes don't see each other.</summary>
    public int Heard { get; set; }

    /// <summary>Those that the engine knows.</summary>
    public int InEngine => Math.Max(1, services.GetService<ISiloStatusOracle>()?.GetApproximateSiloStatuses(onlyActive: true).Count ?? 1);
}
