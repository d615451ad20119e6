using Inforzap.Contracts.Contacts;
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
}
