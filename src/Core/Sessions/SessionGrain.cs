using Orleans.Concurrency;
using Orleans.GrainDirectory;
using Orleans.Hosting;

namespace Inforzap.Sessions;

/// <summary>
/// One per channel whose adapter keeps something running: it decides on which node. Its single activation keeps two nodes from
/// asking for the same news; that none is taken twice is the inbox's doing.
/// </summary>
public interface ISessionGrain : IGrainWithGuidKey
{
    /// <summary>The session shall run, or may have to end. Carries nothing, so a lost or doubled call is harmless.</summary>
    [OneWay, AlwaysInterleave]
    Task Look();
}

/// <summary>Entered in a directory of its own, in which a grain can't be made twice, whatever comes and goes.</summary>
[GrainDirectory(SessionDirectory.Name)]
internal sealed class SessionGrain(ISessionRunner runner) : Grain, ISessionGrain
{
    private IRunningSession? session;

    public Task Look()
    {
        (session ??= runner.Open(this.GetPrimaryKey())).Look();
        return Task.CompletedTask;
    }

    /// <summary>Whoever takes over must find that this one has ended.</summary>
    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        if (session is not null) await session.DisposeAsync();
    }
}

/// <summary>
/// Where sessions are entered. The engine's usual directory may let a grain be made on two nodes while they get to know each other;
/// for lanes that is harmless, two polls disturb each other.
/// </summary>
public static class SessionDirectory
{
    internal const string Name = "sessions";

    /// <summary>Adds it to a node.</summary>
    public static ISiloBuilder AddSessionDirectory(this ISiloBuilder silo) => silo.AddDistributedGrainDirectory(Name);
}

/// <summary>Runs sessions on this node. Implemented by Channels.</summary>
public interface ISessionRunner
{
    /// <summary>The session of a channel: it runs whenever the channel is on.</summary>
    IRunningSession Open(Guid channelId);
}

/// <summary>A channel's session on this node. Disposing it ends it; what it set up at the provider stays for whoever takes over.</summary>
public interface IRunningSession : IAsyncDisposable
{
    /// <summary>Compares what runs with what shall run, and acts. Returns at once.</summary>
    void Look();
}

/// <summary>Lets a channel's session look, wherever it lives, and does not wait for it.</summary>
public delegate void WakeSession(Guid channelId);

internal static class SessionWaker
{
    /// <summary>The grain is found or made on whatever node; the engine is asked for only when there is a session.</summary>
    public static WakeSession ByGrain(IServiceProvider services) =>
        channelId => services.GetRequiredService<IGrainFactory>().GetGrain<ISessionGrain>(channelId).Look().Ignore();
}
