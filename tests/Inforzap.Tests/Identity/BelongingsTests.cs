using Inforzap.Identity;
using Inforzap.Identity.Sessions;
using Inforzap.Identity.Users;
using Inforzap.Requests;
using Inforzap.Tests.Support;
using Inforzap.Tests.Tickets;
using Inforzap.Tickets;
using Inforzap.Tickets.Desk;

namespace Inforzap.Tests.Identity;

/// <summary>What becomes of what somebody has in hand, and of themselves, when they go.</summary>
public sealed class BelongingsTests(StaffedCounter desk) : IClassFixture<StaffedCounter>
{
    [Fact]
    public async Task What_somebody_serves_goes_to_a_colleague_or_back_to_the_queue()
    {
        var admin = await desk.PersonAsync("Rute", BuiltInRoles.Administrator);
        var leaver = await desk.PersonAsync("Davi", BuiltInRoles.Agent, desk.Queue);
        var (first, second) = (await desk.ServedAsync(leaver), await desk.ServedAsync(leaver));
        var before = await desk.SendAs(admin, new ReadBelongings(leaver.Id));
        Assert.Contains("2", Assert.Single(before.Things));
        Assert.Contains(before.Heirs, h => h.Id == desk.Bia.Id);
        Assert.DoesNotContain(before.Heirs, h => h.Id == leaver.Id);
        Assert.Equal(2, await desk.SendAs(admin, new DeactivateUser(leaver.Id, desk.Bia.Id)));
        foreach (var id in new[] { first, second })
        {
            var row = (await desk.SendAs(desk.Bia, new ReadTicket(id))).Row;
            Assert.Equal((TicketStatus.Open, desk.Bia.Id), (row.Status, row.UserId));
            Assert.Equal("transferred", (await desk.SendAs(desk.Bia, new ReadTimeline(id)))[0].Type);
        }
        var another = await desk.PersonAsync("Eva", BuiltInRoles.Agent, desk.Queue);
        var third = await desk.ServedAsync(another);
        Assert.Equal(1, await desk.SendAs(admin, new DeactivateUser(another.Id)));
        var waits = (await desk.SendAs(desk.Bia, new ReadTicket(third))).Row;
        Assert.Equal((TicketStatus.Pending, null, desk.Queue), (waits.Status, waits.UserId, waits.QueueId));
    }

    [Fact]
    public async Task Nothing_goes_to_somebody_who_is_gone_or_to_the_one_who_goes()
    {
        var admin = await desk.PersonAsync("Rute", BuiltInRoles.Administrator);
        var (leaver, gone) = (await desk.PersonAsync("Davi", BuiltInRoles.Agent, desk.Queue), await desk.PersonAsync("Eva"));
        await desk.SendAs(admin, new DeactivateUser(gone.Id));
        foreach (var heir in new[] { gone.Id, leaver.Id, Guid.NewGuid() })
            Assert.Equal(RefusalKind.NotFound, (await Assert.ThrowsAsync<Refusal>(() => desk.SendAs(admin, new DeactivateUser(leaver.Id, heir)))).Kind);
        Assert.True((await desk.SendAs(admin, new ListUsers())).Rows.Single(u => u.Id == leaver.Id).IsActive);
    }

    [Fact]
    public async Task Who_is_deleted_leaves_a_name_and_nothing_else_and_the_address_is_free()
    {
        var admin = await desk.PersonAsync("Rute", BuiltInRoles.Administrator);
        var leaver = await desk.PersonAsync("Fabiana", BuiltInRoles.Agent, desk.Queue);
        var ticket = await desk.ServedAsync(leaver);
        await desk.SendAs(leaver, new CloseTicket(ticket));
        await Assert.ThrowsAsync<Refusal>(() => desk.SendAs(admin, new DeleteUser(leaver.Id)));
        await desk.SendAs(admin, new DeactivateUser(leaver.Id));
        Assert.Equal(RefusalKind.Forbidden, (await Assert.ThrowsAsync<Refusal>(() => desk.SendAs(desk.Rita, new DeleteUser(leaver.Id)))).Kind);
        await desk.SendAs(admin, new DeleteUser(leaver.Id));
        Assert.DoesNotContain((await desk.SendAs(admin, new ListUsers())).Rows, u => u.Id == leaver.Id);
        Assert.Equal(RefusalKind.NotFound, (await Assert.ThrowsAsync<Refusal>(() => desk.SendAs(admin, new ActivateUser(leaver.Id)))).Kind);
        Assert.Equal("Fabiana", (await desk.SendAs(admin, new ReadTicket(ticket))).Row.UserName);
        Assert.Null((await desk.SendAsStranger(new CheckPassword(leaver.Email, Person.Password))).Who);
        var next = await desk.SendAs(admin, new SaveUser(null, "Outra", leaver.Email, BuiltInRoles.Agent, [], null, null));
        Assert.NotEqual(leaver.Id, next);
    }

    [Fact]
    public async Task Who_serves_as_many_as_they_may_takes_no_more_but_gets_what_others_decide()
    {
        var admin = await desk.PersonAsync("Rute", BuiltInRoles.Administrator);
        var agent = await desk.PersonAsync("Gil", BuiltInRoles.Agent, desk.Queue);
        var row = (await desk.SendAs(admin, new ListUsers("gil"))).Rows.Single();
        await desk.SendAs(admin, new SaveUser(row.Id, row.Name, row.Email, row.Role, row.Queues, null, row.Stamp) { MaxOpenTickets = 1 });
        var first = await desk.ServedAsync(agent);
        var second = await desk.WaitingAsync();
        Assert.Equal(RefusalKind.Conflict, (await Assert.ThrowsAsync<Refusal>(() => desk.SendAs(agent, new AcceptTicket(second)))).Kind);
        await desk.SendAs(desk.Rita, new TransferTicket(second, null, agent.Id));
        Assert.Equal(agent.Id, (await desk.SendAs(agent, new ReadTicket(second))).Row.UserId);
        await desk.SendAs(agent, new CloseTicket(first));
        await desk.SendAs(agent, new CloseTicket(second));
        await desk.ServedAsync(agent);
    }

    [Fact]
    public async Task Users_are_listed_in_pages_by_whatever_column_is_asked_for()
    {
        var admin = await desk.PersonAsync("Rute", BuiltInRoles.Administrator);
        for (var i = 0; i < 55; i++) await desk.PersonAsync($"Zélia {i:00}");
        var first = await desk.SendAs(admin, new ListUsers("zelia", Sort: "-name"));
        var second = await desk.SendAs(admin, new ListUsers("zelia", Sort: "-name", Page: 2));
        Assert.Equal((55, 50, 5), (first.Found, first.Rows.Count, second.Rows.Count));
        Assert.Equal(Enumerable.Range(0, 55).Reverse().Select(i => $"Zélia {i:00}"), first.Rows.Concat(second.Rows).Select(u => u.Name));
        foreach (var sort in new[] { "name", "email", "-email", "role", "-role", "presence", "-presence", "last", "-last", "nonsense" })
            Assert.Equal(55, (await desk.SendAs(admin, new ListUsers("zelia", Sort: sort))).Rows.Concat((await desk.SendAs(admin, new ListUsers("zelia", Sort: sort, Page: 2))).Rows).Select(u => u.Id).Distinct().Count());
    }
}
