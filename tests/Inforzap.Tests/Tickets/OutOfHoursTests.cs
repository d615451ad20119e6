using System.Text.Json;
using Inforzap.Requests;
using Inforzap.Sdk;
using Inforzap.Tests.Support;
using Inforzap.Tickets;
using Inforzap.Tickets.Answering;
using Inforzap.Tickets.Desk;
using Inforzap.Tickets.Opening;
using Inforzap.Tickets.Queues;

namespace Inforzap.Tests.Tickets;

/// <summary>What customers are told while nobody is there, and what becomes of their tickets.</summary>
public sealed class OutOfHoursTests : IAsyncLifetime
{
    private readonly AnsweringDesk desk = new();

    public ValueTask InitializeAsync() => desk.InitializeAsync();

    public ValueTask DisposeAsync() => desk.DisposeAsync();

    [Fact]
    public async Task Without_hours_nothing_is_asked_for_and_within_them_neither()
    {
        await desk.WritesAsync("5511999990001", "oi");
        await desk.HoursAsync();
        var ticket = await desk.WritesAsync("5511999990002", "oi");
        Assert.Equal(0, await desk.AnswerItemsAsync());
        Assert.Empty(await desk.SaidAsync(ticket));
    }

    [Fact]
    public async Task Out_of_hours_each_contact_is_told_once_in_a_day_and_the_ticket_waits_unread()
    {
        await desk.HoursAsync();
        await desk.UntilAsync("2027-03-01 20:00");
        var ticket = await desk.WritesAsync("5511999990001", "oi");
        Assert.Equal(["Voltamos terça-feira, 08:00."], await desk.SaidAsync(ticket));
        var row = await desk.TicketAsync(ticket);
        Assert.Equal((TicketStatus.Pending, 1, desk.Queue), (row.Status, row.Unread, row.QueueId));
        Assert.NotNull(row.WaitingSince);
        await desk.WritesAsync("5511999990001", "alguém aí?");
        Assert.Single(await desk.SaidAsync(ticket));
        Assert.Single(await desk.SaidAsync(await desk.WritesAsync("5511999990002", "oi")));
        await desk.UntilAsync("2027-03-02 19:00");
        await desk.WritesAsync("5511999990001", "e agora?");
        Assert.Single(await desk.SaidAsync(ticket));
        await desk.UntilAsync("2027-03-02 20:01");
        await desk.WritesAsync("5511999990001", "e agora?");
        Assert.Equal(2, (await desk.SaidAsync(ticket)).Count);
        Assert.Equal(4, (await desk.TicketAsync(ticket)).Unread);
    }

    [Fact]
    public async Task A_burst_brings_one_answer_and_the_same_item_twice_none_more()
    {
        await desk.HoursAsync(h => h with { RepeatHours = 1 });
        await desk.UntilAsync("2027-03-01 20:00");
        var ticket = await desk.WritesAsync("5511999990001", "oi", "tudo bem?", "queria saber o preço");
        Assert.Single(await desk.SaidAsync(ticket));
        var last = (await desk.MessagesOfAsync(ticket)).Last(m => !m.FromUs);
        await desk.PassAsync(TimeSpan.FromHours(2));
        await desk.WriteAsync(db =>
        {
            db.Enqueue($"answer/{desk.Channel:N}/{last.Id:N}", "answer", JsonSerializer.Serialize(new AnswerItem(ticket, last.Id), JsonSerializerOptions.Web), desk.Clock!.GetUtcNow().UtcDateTime);
            return Task.CompletedTask;
        });
        await desk.SettleAsync();
        Assert.Single(await desk.SaidAsync(ticket));
    }

    [Fact]
    public async Task Nothing_is_said_in_open_tickets_nor_where_somebody_was_faster_nor_in_groups()
    {
        await desk.HoursAsync();
        await desk.UntilAsync("2027-03-01 17:00");
        var served = await desk.WritesAsync("5511999990001", "oi");
        await desk.SendAs(desk.Ana, new AcceptTicket(served));
        await desk.UntilAsync("2027-03-01 20:00");
        await desk.WritesAsync("5511999990001", "ainda aí?");
        Assert.Empty(await desk.SaidAsync(served));

        await desk.ComesAsync(desk.Says("5511999990002", "oi"));
        var taken = await desk.TicketOfAsync("5511999990002");
        await desk.SendAs(desk.Ana, new AcceptTicket(taken));
        await desk.PassAsync(TimeSpan.FromSeconds(5));
        Assert.Equal(1, await desk.AnswerItemsAsync());
        Assert.Empty(await desk.SaidAsync(taken));

        await desk.ComesAsync(desk.Says("5511999990003", "oi") with { Participant = new Address("5511999990004") });
        await desk.PassAsync(TimeSpan.FromSeconds(5));
        Assert.Empty(await desk.SaidAsync(await desk.TicketOfAsync("5511999990003")));
    }

    [Fact]
    public async Task What_counts_is_when_the_customer_wrote()
    {
        await desk.HoursAsync();
        await desk.UntilAsync("2027-03-01 17:59:59");
        Assert.Empty(await desk.SaidAsync(await desk.WritesAsync("5511999990001", "oi")));
        Assert.Single(await desk.SaidAsync(await desk.WritesAsync("5511999990002", "oi")));
    }

    [Fact]
    public async Task It_can_close_the_ticket_each_time_and_tell_once()
    {
        await desk.HoursAsync(h => h with { Action = OutOfHoursAction.Close });
        await desk.UntilAsync("2027-03-01 20:00");
        var ticket = await desk.WritesAsync("5511999990001", "oi");
        Assert.Equal(TicketStatus.Closed, (await desk.TicketAsync(ticket)).Status);
        Assert.Single(await desk.SaidAsync(ticket));
        Assert.Contains("hours-closed", await desk.LogAsync(ticket));
        var second = await desk.WritesAsync("5511999990001", "oi?");
        Assert.NotEqual(ticket, second);
        Assert.Equal(TicketStatus.Closed, (await desk.TicketAsync(second)).Status);
        Assert.Empty(await desk.SaidAsync(second));
    }

    [Fact]
    public async Task It_can_lead_to_a_queue_on_call_whose_own_hours_count_then()
    {
        await desk.HoursAsync(h => h with { Action = OutOfHoursAction.Move, MoveTo = desk.Support });
        await desk.HoursAsync(h => h with { Scope = HoursScope.Queue, ScopeId = desk.Support, Week = "0 00:00-00:00;1 00:00-00:00;2 00:00-00:00;3 00:00-00:00;4 00:00-00:00;5 00:00-00:00;6 00:00-00:00" });
        await desk.UntilAsync("2027-03-01 20:00");
        var ticket = await desk.WritesAsync("5511999990001", "oi");
        Assert.Equal(desk.Support, (await desk.TicketAsync(ticket)).QueueId);
        Assert.Single(await desk.SaidAsync(ticket));
        Assert.Contains("hours-moved", await desk.LogAsync(ticket));
        Assert.Contains((await desk.SendAs(desk.Ana, new ListTickets(TicketStatus.Pending))).Rows, r => r.Id == ticket);
        // A queue that is gone receives nothing.
        await desk.SendAs(desk.Admin, new DeactivateQueue(desk.Support, desk.Queue));
        var other = await desk.WritesAsync("5511999990002", "oi");
        Assert.Equal(desk.Queue, (await desk.TicketAsync(other)).QueueId);
        Assert.Single(await desk.SaidAsync(other));
    }

    [Fact]
    public async Task A_queues_hours_go_before_the_companys_and_its_empty_text_gives_way_to_the_companys()
    {
        await desk.HoursAsync(h => h with { Text = "Empresa fechada." });
        await desk.HoursAsync(h => h with { Scope = HoursScope.Queue, ScopeId = desk.Queue, Week = "1 13:00-22:00", Text = "" });
        Assert.Equal(["Empresa fechada."], await desk.SaidAsync(await desk.WritesAsync("5511999990001", "oi")));
        await desk.UntilAsync("2027-03-01 20:00");
        Assert.Empty(await desk.SaidAsync(await desk.WritesAsync("5511999990002", "oi")));
    }

    [Fact]
    public async Task On_holidays_and_vacation_it_is_closed_and_the_vacation_has_words_of_its_own()
    {
        await desk.HoursAsync(h => h with { VacationFrom = new(2027, 3, 10), VacationTo = new(2027, 3, 12), VacationText = "Estamos de férias." });
        await desk.SendAs(desk.Admin, new SaveHoliday(null, "Aniversário da cidade", new(2026, 3, 3), true, null, null));
        await desk.Services.GetRequiredService<LiveHours>().LoadAsync();
        await desk.UntilAsync("2027-03-03 10:00");
        Assert.Equal(["Voltamos quinta-feira, 08:00."], await desk.SaidAsync(await desk.WritesAsync("5511999990001", "oi")));
        await desk.UntilAsync("2027-03-09 10:00");
        Assert.Empty(await desk.SaidAsync(await desk.WritesAsync("5511999990002", "oi")));
        await desk.UntilAsync("2027-03-10 10:00");
        Assert.Equal(["Estamos de férias."], await desk.SaidAsync(await desk.WritesAsync("5511999990003", "oi")));
    }

    [Fact]
    public async Task Two_robots_that_answer_each_other_come_to_an_end()
    {
        await desk.HoursAsync(h => h with { RepeatHours = 1 });
        await desk.UntilAsync("2027-03-07 00:01");
        Guid ticket = default;
        for (var i = 0; i < 14; i++)
        {
            ticket = await desk.WritesAsync("5511999990001", "Obrigado pela mensagem");
            await desk.PassAsync(TimeSpan.FromMinutes(61));
        }
        Assert.Equal(AnswerVoice.Most, (await desk.SaidAsync(ticket)).Count);
        Assert.Single(await desk.LogAsync(ticket), "answers-stopped");
        // Another customer is told, and the next day this one is, too.
        Assert.Single(await desk.SaidAsync(await desk.WritesAsync("5511999990002", "oi")));
        await desk.UntilAsync("2027-03-08 02:00");
        await desk.WritesAsync("5511999990001", "oi");
        Assert.Equal(AnswerVoice.Most + 1, (await desk.SaidAsync(ticket)).Count);
    }

    [Fact]
    public async Task A_change_is_known_after_its_commit_without_anybody_asking()
    {
        await desk.SendAs(desk.Admin, new SaveHours(null, HoursScope.Company, Guid.Empty, "0 08:00-09:00", "x", 24, OutOfHoursAction.Message, null, false, true, null, null, null, null));
        for (var end = DateTime.UtcNow.AddSeconds(10); desk.Services.GetRequiredService<LiveHours>().Book.IsEmpty && DateTime.UtcNow < end;) await Task.Delay(20);
        Assert.Single(await desk.SaidAsync(await desk.WritesAsync("5511999990001", "oi")));
    }
}
