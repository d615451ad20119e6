using System.Collections.Concurrent;
using Inforzap.Contracts.Identity;
using Inforzap.Live;
using Inforzap.Requests;
using Inforzap.Ui;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server.Circuits;

namespace Inforzap.Host.Shell;

/// <summary>How many connected circuits each user has on this node.</summary>
internal sealed class CircuitSeats : IPresent
{
    /// <summary>More tabs than these are told to close one.</summary>
    public const int PerUser = 10;

    private readonly ConcurrentDictionary<Guid, HashSet<string>> taken = new();

    public bool Take(Guid userId, string circuit)
    {
        var mine = taken.GetOrAdd(userId, _ => []);
        lock (mine) return mine.Contains(circuit) || (mine.Count < PerUser && mine.Add(circuit));
    }

    /// <summary>All that are taken.</summary>
    public int Count => taken.Values.Sum(mine => { lock (mine) return mine.Count; });

    public IReadOnlyCollection<Guid> Users => [.. taken.Where(t => t.Key != Guid.Empty).Where(t => { lock (t.Value) return t.Value.Count > 0; }).Select(t => t.Key)];

    public void Leave(Guid userId, string circuit)
    {
        if (!taken.TryGetValue(userId, out var mine)) return;
        lock (mine) mine.Remove(circuit);
    }
}

/// <summary>Whether this circuit has its seat.</summary>
internal sealed class CircuitSeat
{
    public bool IsTaken { get; set; } = true;
}

/// <summary>
/// Counts circuits, and lets nothing in from a circuit whose session ended: a browser that ignores the way to the sign-in
/// page clicks in vain.
/// </summary>
internal sealed class CircuitDoor(CircuitSeats seats, CircuitSeat seat, Line line, IActors actors, AuthenticationStateProvider authentication, SystemMediator mediator, ILogger<CircuitDoor> log)
    : CircuitHandler
{
    private bool isDrawn;

    public override async Task OnConnectionUpAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        Telemetry.Circuits.Add(1);
        var (userId, _) = await SessionAsync();
        seat.IsTaken = seats.Take(userId, circuit.Id);
        line.Restore();
        if (seat.IsTaken && userId != Guid.Empty) _ = NoteSeenAsync(userId);
    }

    public override async Task OnConnectionDownAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        Telemetry.Circuits.Add(-1);
        var (userId, _) = await SessionAsync();
        seats.Leave(userId, circuit.Id);
    }

    public override Func<CircuitInboundActivityContext, Task> CreateInboundActivityHandler(Func<CircuitInboundActivityContext, Task> next) => async context =>
    {
        // The first activity draws the screen. It judges seat and session for itself, and says in words what is wrong.
        if (!Interlocked.Exchange(ref isDrawn, true))
        {
            await next(context);
            return;
        }
        if (!seat.IsTaken) return;
        var (userId, stamp) = await SessionAsync();
        if (await actors.FindAsync(userId, stamp) is not null) await next(context);
    };

    // The job that counts screens says the same some seconds later: nobody waits for this.
    private async Task NoteSeenAsync(Guid userId)
    {
        try
        {
            await mediator.Send(new NoteSeen(userId));
        }
        catch (Exception e)
        {
            log.LogWarning("That somebody came could not be written down yet: {Exception}", Telemetry.Describe(e));
        }
    }

    private async Task<(Guid Id, string Stamp)> SessionAsync() => Session.Read((await authentication.GetAuthenticationStateAsync()).User);
}
