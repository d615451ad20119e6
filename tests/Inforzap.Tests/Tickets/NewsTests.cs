using Inforzap.Live;
using Inforzap.Requests;
using Inforzap.Tickets;
using Inforzap.Tickets.Desk;
using Bunit;

namespace Inforzap.Tests.Tickets;

public sealed class NewsTests(Counter counter) : IClassFixture<Counter>
{
    [Fact]
    public async Task What_waits_is_what_the_caller_sees_and_serves()
    {
        var (ana, outside) = (counter.Agent("Ana"), counter.Agent("Fora", BuiltInRoles.Agent, Guid.NewGuid()));
        await counter.HappenAsync(counter.Says("5531922220001", "um"), counter.Says("5531922220001", "dois"), counter.Says("5531922220002", "três"));
        var first = await counter.Send(ana, new ReadNews());
        Assert.Equal((2, 0), (first.Pending, first.Unread));
        Assert.True(first.NewestPending > DateTime.MinValue && first.Newest >= first.NewestPending);
        Assert.Equal(DateTime.MinValue, first.NewestMine);

        // Taking what waits is no news: nothing in it is newer than what was heard of.
        await counter.Send(ana, new AcceptTicket(await counter.TicketOfAsync("5531922220001")));
        var taken = await counter.Send(ana, new ReadNews());
        Assert.Equal(1, taken.Pending);
        Assert.True(taken.NewestMine <= first.Newest && taken.NewestPending <= first.Newest);

        await counter.HappenAsync(counter.Says("5531922220001", "mais"));
        var more = await counter.Send(ana, new ReadNews());
        Assert.True(more.NewestMine > first.Newest && more.Unread > 0);
        Assert.Equal(new News(0, 0, default, default, default), await counter.Send(outside, new ReadNews()));
    }
}

public sealed class DeskBadgeTests : Talks
{
    private News news = new(0, 0, default, default, default);

    public DeskBadgeTests() => Mediator.On<ReadNews, News>(_ => news);

    [Fact]
    public void It_shows_what_waits_and_tells_of_what_is_newer_than_all_heard_before()
    {
        news = new(1, 2, Noon, Noon.AddMinutes(1), Noon.AddMinutes(1));
        var desk = JSInterop.SetupModule("./_content/Inforzap.Tickets/desk.js");
        desk.Mode = JSRuntimeMode.Loose;
        var badge = Open();
        Assert.Equal("3", badge.Find(".menu-badge").TextContent);
        Assert.Empty(desk.Invocations["tell"]);

        // Somebody else took the pending one: fewer wait, and nobody is told.
        news = news with { Pending = 0, NewestPending = default };
        Look(badge, "2");
        Assert.Empty(desk.Invocations["tell"]);

        news = news with { Pending = 1, NewestPending = Noon.AddMinutes(5), Newest = Noon.AddMinutes(5) };
        Look(badge, "3");
        Assert.Equal("Novo atendimento pendente", Assert.Single(desk.Invocations["tell"]).Arguments[0]);

        news = news with { Unread = 3, NewestMine = Noon.AddMinutes(6), Newest = Noon.AddMinutes(6) };
        Look(badge, "4");
        Assert.Equal("Nova mensagem", desk.Invocations["tell"][^1].Arguments[0]);
        Assert.Equal(["(3) ", "(2) ", "(3) ", "(4) "], desk.Invocations["mark"].Select(i => i.Arguments[0]));
    }

    [Fact]
    public void Where_nothing_waits_nothing_is_drawn() => Assert.Empty(Open().FindAll(".menu-badge"));

    private IRenderedComponent<DeskBadge> Open() => Show<DeskBadge>(SignIn("Ana", "tickets.see", "tickets.see-all"), p => p.Add(b => b.Speaks, true));

    private void Look(IRenderedComponent<DeskBadge> badge, string count)
    {
        Live.Raise([Topics.AllTickets]);
        badge.WaitForAssertion(() => Assert.Equal(count, badge.Find(".menu-badge").TextContent), TimeSpan.FromSeconds(5));
    }
}
