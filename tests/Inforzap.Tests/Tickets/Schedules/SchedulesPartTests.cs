using Bunit;
using Inforzap.Live;
using Inforzap.Requests;
using Inforzap.Tickets;
using Inforzap.Tickets.Schedules;
using Inforzap.Variables;

namespace Inforzap.Tests.Tickets.Schedules;

/// <summary>What stands beside a conversation.</summary>
public sealed class SchedulesPartTests : Talks
{
    private static readonly SchedulePlan Once = new(new(2027, 3, 1), new(9, 10), ScheduleUnit.Once, 1, null, null, BusinessDayRule.Any);
    private static readonly TicketSchedule Next = new(Guid.NewGuid(), "Amanhã eu confirmo", 0, "Ana", ScheduleState.Active, new DateTime(2027, 3, 1, 12, 10, 0, DateTimeKind.Utc), Once, null);

    private IRenderedComponent<SchedulesPart> Part(params string[] permissions) => Show<SchedulesPart>(SignIn("Ana", permissions), p => p.Add(s => s.Ticket, Details(Row())));

    [Fact]
    public void It_counts_and_tells_what_is_to_come_and_looks_again_when_that_changes()
    {
        Mediator.On<SchedulesOfTicket, IReadOnlyList<TicketSchedule>>(_ => [Next]);
        var part = Part("schedules.use");
        part.WaitForAssertion(() => Assert.Equal("1", part.Find(".count").TextContent));
        Assert.Contains("09:10", part.Find("li").TextContent);
        Assert.Contains("Amanhã eu confirmo", part.Find("li").TextContent);
        Mediator.On<SchedulesOfTicket, IReadOnlyList<TicketSchedule>>(_ => [Next, Next with { Id = Guid.NewGuid(), State = ScheduleState.Paused, Cause = "Aguardando o canal Site voltar." }]);
        Live.Raise([Topics.Schedules]);
        part.WaitForAssertion(() => Assert.Equal("2", part.Find(".count").TextContent));
        Assert.Contains("Pausado", part.FindAll("li")[1].TextContent);
        Assert.Contains("Aguardando o canal", part.FindAll("li")[1].TextContent);
    }

    [Fact]
    public void A_new_one_is_for_this_contact_and_channel()
    {
        Mediator.On<OfferVariables, IReadOnlyList<OfferedVariable>>(_ => []);
        Mediator.On<PreviewTimes, IReadOnlyList<DateTime>>(_ => []);
        Mediator.On<ScheduleChannels, IReadOnlyList<ScheduleChannel>>(_ => [new(Channel.Id, "Site", "webchat", true, 1_000_000)]);
        Mediator.On<OfferSchedule, OfferedSchedule>(_ => new(new(Guid.NewGuid(), "Maria", null), Channel.Id, [], [], false));
        var part = Part("schedules.use");
        part.Find("section > button").Click();
        part.WaitForAssertion(() => Assert.Contains("Maria", part.Find(".targets").TextContent));
        Assert.Equal(Channel.Id.ToString(), part.Find("#schedule-form select").GetAttribute("value"));
        Assert.NotNull(Mediator.SentOf<OfferSchedule>()[^1].TicketId);
    }

    [Fact]
    public void Who_may_not_schedule_sees_nothing_of_it()
    {
        Assert.Empty(Part("tickets.see").FindAll("section"));
        Assert.Empty(Mediator.SentOf<SchedulesOfTicket>());
    }
}
