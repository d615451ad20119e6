using System.Security.Claims;
using Inforzap.Host.Shell;
using Inforzap.Requests;
using Inforzap.Ui;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server.Circuits;
using Microsoft.Extensions.Logging.Abstractions;

namespace Inforzap.Tests.Shell;

/// <summary>What a browser sends over a circuit whose session ended, or that has no seat.</summary>
public sealed class CircuitDoorTests
{
    private readonly CircuitSeat seat = new();
    private readonly Sessions sessions = new();
    private readonly Func<CircuitInboundActivityContext, Task> send;
    private int passed;

    /// <summary>Nothing here is written down: no connection comes up.</summary>
    private static SystemMediator Nobody => new(new ServiceCollection().BuildServiceProvider().GetRequiredService<IServiceScopeFactory>());

    public CircuitDoorTests() => send = new CircuitDoor(new(), seat, new Line(), sessions, sessions, Nobody, NullLogger<CircuitDoor>.Instance).CreateInboundActivityHandler(_ =>
    {
        passed++;
        return Task.CompletedTask;
    });

    [Fact]
    public async Task What_is_sent_passes_while_the_session_lives_and_no_longer()
    {
        for (var n = 1; n <= 3; n++)
        {
            await send(null!);
            Assert.Equal(n, passed);
        }
        sessions.Live = false;
        await send(null!);
        await send(null!);
        Assert.Equal(3, passed);
    }

    [Fact]
    public async Task The_first_thing_always_passes_so_that_the_screen_can_say_what_is_wrong_and_nothing_after_it()
    {
        seat.IsTaken = false;
        sessions.Live = false;
        await send(null!);
        Assert.Equal(1, passed);
        sessions.Live = true;
        await send(null!);
        Assert.Equal(1, passed);
        seat.IsTaken = true;
        await send(null!);
        Assert.Equal(2, passed);
    }

    [Fact]
    public void There_are_ten_seats_for_each_and_a_free_one_is_given_again()
    {
        var (seats, ana, bia) = (new CircuitSeats(), Guid.NewGuid(), Guid.NewGuid());
        for (var n = 0; n < CircuitSeats.PerUser; n++) Assert.True(seats.Take(ana, $"{n}"));
        Assert.True(seats.Take(ana, "3"));
        Assert.False(seats.Take(ana, "more"));
        Assert.True(seats.Take(bia, "more"));
        seats.Leave(ana, "3");
        Assert.True(seats.Take(ana, "more"));
        Assert.False(seats.Take(ana, "3"));
    }

    private sealed class Sessions : AuthenticationStateProvider, IActors
    {
        private readonly Guid user = Guid.NewGuid();

        public bool Live { get; set; } = true;

        public ValueTask<Actor?> FindAsync(Guid userId, string stamp, CancellationToken ct = default) => ValueTask.FromResult(Live ? new Actor(user, "Ana", new HashSet<string>(), []) : null);

        public override Task<AuthenticationState> GetAuthenticationStateAsync() => Task.FromResult(new AuthenticationState(new ClaimsPrincipal()));
    }
}
