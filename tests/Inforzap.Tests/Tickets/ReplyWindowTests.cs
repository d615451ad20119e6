using Inforzap.Contracts.Contacts;
using Inforzap.Contracts.Tickets;
using Inforzap.Lanes;
using Inforzap.Requests;
using Inforzap.Sdk;
using Inforzap.Tickets;
using Inforzap.Tickets.Desk;
using Inforzap.Tickets.Outbound;
using Microsoft.Extensions.Time.Testing;

namespace Inforzap.Tests.Tickets;

/// <summary>A counter whose channel takes answers for 24 hours, and whose clock the test turns.</summary>
public sealed class WindowCounter : Counter
{
    public WindowCounter()
    {
        Clock = new FakeTimeProvider(DateTimeOffset.UtcNow.AddMinutes(1));
        ReplyWindow = TimeSpan.FromHours(24);
    }

    public DateTime Now => Clock!.GetUtcNow().UtcDateTime;
}

public sealed class ReplyWindowTests(WindowCounter counter) : IClassFixture<WindowCounter>
{
    private static int numbers;

    private static string Number() => $"551199{Interlocked.Increment(ref numbers):0000000}";

    [Fact]
    public async Task The_window_ends_24_hours_after_the_customers_last_message()
    {
        var (ana, who) = (counter.Agent("Ana"), Number());
        var ticket = await counter.ServedAsync(ana, who);
        await counter.PassAsync(TimeSpan.FromHours(20));
        await counter.HappenAsync(counter.Says(who, "ainda aí?"));
        await counter.PassAsync(TimeSpan.FromHours(23));
        var details = await counter.Send(ana, new ReadTicket(ticket));
        Assert.True(details.MayReply);
        Assert.InRange(details.Window!.Until!.Value - counter.Now, TimeSpan.FromMinutes(58), TimeSpan.FromMinutes(61));
        await counter.Send(ana, new SendMessage(ticket, Guid.CreateVersion7(), "ainda dá"));
    }

    [Fact]
    public async Task After_it_a_message_is_refused_with_the_reason_and_nothing_is_written_but_a_note_is()
    {
        var (ana, who) = (counter.Agent("Ana"), Number());
        var ticket = await counter.ServedAsync(ana, who);
        await counter.PassAsync(TimeSpan.FromHours(25));
        var refusal = await Assert.ThrowsAsync<Refusal>(() => counter.Send(ana, new SendMessage(ticket, Guid.CreateVersion7(), "tarde demais")));
        Assert.Contains("24 horas", refusal.Message);
        Assert.Single(await counter.MessagesOfAsync(ticket));
        var details = await counter.Send(ana, new ReadTicket(ticket));
        Assert.Equal((false, true), (details.MayReply, details.IsWindowShut));
        await counter.Send(ana, new SendMessage(ticket, Guid.CreateVersion7(), "ligar amanhã", IsNote: true));

        await counter.HappenAsync(counter.Says(who, "voltei"));
        Assert.True((await counter.Send(ana, new ReadTicket(ticket))).MayReply);
        await counter.Send(ana, new SendMessage(ticket, Guid.CreateVersion7(), "oi de novo"));
    }

    [Fact]
    public async Task What_waited_past_the_end_is_not_sent_and_says_why()
    {
        var (ana, who) = (counter.Agent("Ana"), Number());
        var ticket = await counter.ServedAsync(ana, who);
        await counter.PassAsync(TimeSpan.FromHours(23.9));
        var id = Guid.CreateVersion7();
        await counter.Send(ana, new SendMessage(ticket, id, "a tempo"));
        var item = await counter.ReadAsync(db => db.Set<LaneItem>().AsNoTracking().SingleAsync(i => i.Payload.Contains(id.ToString())));
        counter.Clock!.Advance(TimeSpan.FromMinutes(30));
        Assert.Null(await counter.SendAsSystem(new ClaimSend(id, item.Position, TimeSpan.FromSeconds(60))));
        var message = await counter.MessageAsync(id);
        Assert.Equal((MessageState.Failed, "window"), (message.State, message.FailCode));
        Assert.Contains("24 horas", message.FailReason);
        Assert.Equal(0, await counter.ReadAsync(db => db.Set<Attempt>().CountAsync(a => a.MessageId == id)));
        var refusal = await Assert.ThrowsAsync<Refusal>(() => counter.Send(ana, new ResendMessage(id)));
        Assert.Contains("24 horas", refusal.Message);
    }

    [Fact]
    public async Task An_echo_and_a_notice_of_the_provider_do_not_open_it()
    {
        var (ana, who) = (counter.Agent("Ana"), Number());
        var ticket = await counter.ServedAsync(ana, who);
        await counter.PassAsync(TimeSpan.FromHours(25));
        await counter.HappenAsync(counter.Says(who, "do celular") with { Echo = true }, counter.Says(who, "mudou de número") with { Notice = true });
        Assert.True((await counter.Send(ana, new ReadTicket(ticket))).IsWindowShut);
    }

    [Fact]
    public async Task The_providers_clock_counts_for_what_came_late()
    {
        var (ana, who) = (counter.Agent("Ana"), Number());
        await counter.HappenAsync(counter.Says(who, "ontem") with { At = counter.Now.AddHours(-30) });
        var ticket = await counter.TicketOfAsync(who);
        await counter.Send(ana, new AcceptTicket(ticket));
        Assert.True((await counter.Send(ana, new ReadTicket(ticket))).IsWindowShut);
        await counter.HappenAsync(counter.Says(who, "relógio adiantado") with { At = counter.Now.AddDays(3) });
        var window = (await counter.Send(ana, new ReadTicket(ticket))).Window!;
        Assert.InRange(window.Until!.Value - counter.Now, TimeSpan.FromHours(23.9), TimeSpan.FromHours(24.1));
    }

    [Fact]
    public async Task A_ticket_that_an_agent_begins_goes_on_in_the_window_of_the_one_before_though_the_ninth_digit_is_missing()
    {
        var (ana, who) = (counter.Agent("Ana"), Number());
        var first = await counter.ServedAsync(ana, who);
        await counter.HappenAsync(counter.Says(who[..4] + who[5..], "sem o nove"));
        await counter.Send(ana, new CloseTicket(first));
        var contact = (await counter.TicketAsync(first)).ContactId;
        var second = await counter.Send(ana, new StartConversation(contact, counter.Channel, null));
        Assert.True((await counter.Send(ana, new ReadTicket(second))).MayReply);
        await counter.Send(ana, new SendMessage(second, Guid.CreateVersion7(), "só mais uma coisa"));
        await counter.Send(ana, new CloseTicket(second));
        await counter.PassAsync(TimeSpan.FromHours(25));
        var third = await counter.Send(ana, new StartConversation(contact, counter.Channel, null));
        var details = await counter.Send(ana, new ReadTicket(third));
        Assert.True(details.IsWindowShut);
        Assert.Null(details.Window!.Until);
    }

    [Fact]
    public async Task Without_a_window_answers_are_taken_at_any_time()
    {
        counter.ReplyWindow = null;
        try
        {
            var (ana, who) = (counter.Agent("Ana"), Number());
            var ticket = await counter.ServedAsync(ana, who);
            await counter.PassAsync(TimeSpan.FromDays(40));
            var details = await counter.Send(ana, new ReadTicket(ticket));
            Assert.Equal((true, null), (details.MayReply, details.Window));
        }
        finally
        {
            counter.ReplyWindow = TimeSpan.FromHours(24);
        }
    }
}
