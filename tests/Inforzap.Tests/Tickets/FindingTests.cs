using Inforzap.Contracts.Contacts;
using Inforzap.Contracts.Settings;
using Inforzap.Tickets;
using Inforzap.Tickets.Desk;

namespace Inforzap.Tests.Tickets;

public sealed class FindingTests(Counter counter) : IClassFixture<Counter>
{
    [Theory]
    [InlineData("+55 21 94444-0001")]
    [InlineData("(21) 94444-0001")]
    [InlineData("94444 0001")]
    [InlineData("944440001")]
    public async Task A_number_is_found_as_people_write_it(string written)
    {
        const string who = "5521944440001";
        await counter.HappenAsync(counter.Says(who, "Olá", $"find-{written}"));
        var ana = counter.Agent("Ana");
        Assert.Equal(await counter.TicketOfAsync(who), Assert.Single((await counter.Send(ana, new ListTickets(TicketStatus.Open, written))).Rows).Id);
        Assert.Equal(who, Assert.Single(await counter.Send(ana, new LookUpContacts(written))).Phone);
    }

    [Fact]
    public async Task Of_each_contact_s_closed_tickets_a_house_may_list_the_last_one_and_a_search_finds_all()
    {
        const string who = "5521944440002", other = "5521944440003";
        var ana = counter.Agent("Ana");
        var tickets = new List<Guid>();
        foreach (var from in new[] { who, who, other })
        {
            await counter.HappenAsync(counter.Says(from, "Quero um bolo de nozes", $"once-{tickets.Count}"));
            tickets.Add(await counter.TicketOfAsync(from));
            await counter.Send(ana, new AcceptTicket(tickets[^1]));
            await counter.Send(ana, new CloseTicket(tickets[^1]));
        }
        Assert.Equal(tickets.AsEnumerable().Reverse(), await ClosedAsync());
        await SetAsync("true");
        try
        {
            Assert.Equal([tickets[2], tickets[1]], await ClosedAsync());
            Assert.Equal(3, (await counter.Send(ana, new ListTickets(TicketStatus.Closed, "nozes"))).Rows.Count);
        }
        finally
        {
            await SetAsync("false");
        }

        async Task<IEnumerable<Guid>> ClosedAsync() => (await counter.Send(ana, new ListTickets(TicketStatus.Closed))).Rows.Select(r => r.Id).Where(tickets.Contains);
        Task SetAsync(string value) => counter.SendAsSystem(new ChangeSettings(new Dictionary<string, string> { [Setting.ClosedOnce.Name] = value }));
    }
}
