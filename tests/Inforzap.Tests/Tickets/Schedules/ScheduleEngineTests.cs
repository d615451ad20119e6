using Inforzap.Alarms;
using Inforzap.Contracts.Channels;
using Inforzap.Contracts.Contacts;
using Inforzap.Contracts.Settings;
using Inforzap.Data;
using Inforzap.Lanes;
using Inforzap.Requests;
using Inforzap.Sdk;
using Inforzap.Tests.Support;
using Inforzap.Tickets;
using Inforzap.Tickets.Desk;
using Inforzap.Tickets.Outbound;
using Inforzap.Tickets.Schedules;
using Microsoft.Extensions.Time.Testing;

namespace Inforzap.Tests.Tickets.Schedules;

/// <summary>A desk on a Monday, the 1st of March 2027, at nine in São Paulo.</summary>
public sealed class ScheduleDesk : Counter
{
    private int numbers;

    public ScheduleDesk() => Clock = new FakeTimeProvider(new DateTimeOffset(2027, 3, 1, 12, 0, 0, TimeSpan.Zero));

    public Person Admin { get; private set; } = null!;
    public Person Ana { get; private set; } = null!;
    public Person Bia { get; private set; } = null!;
    /// <summary>Of no queue.</summary>
    public Person Caio { get; private set; } = null!;
    public Person Rita { get; private set; } = null!;

    public DateTime Now => Clock!.GetUtcNow().UtcDateTime;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        (Admin, Rita) = (await PersonAsync("Rute", BuiltInRoles.Administrator), await PersonAsync("Rita", BuiltInRoles.Supervisor, Queue));
        (Ana, Bia, Caio) = (await PersonAsync("Ana", BuiltInRoles.Agent, Queue), await PersonAsync("Bia", BuiltInRoles.Agent, Queue), await PersonAsync("Caio"));
    }

    /// <summary>A contact of the address book who never wrote.</summary>
    public async Task<(Guid Contact, string Who)> StrangerAsync(string name = "Maria Silva")
    {
        var who = $"55119{++numbers:00000000}";
        return (await SendAs(Admin, new SaveContact(null, name, who, null, null, null)), who);
    }

    /// <summary>A contact who wrote, and whom this person serves.</summary>
    public async Task<(Guid Contact, string Who, Guid Ticket)> ServedAsync(Person by)
    {
        var who = $"55119{++numbers:00000000}";
        await HappenAsync(Says(who, "Olá"));
        var ticket = await TicketOfAsync(who);
        await SendAs(by, new AcceptTicket(ticket));
        return ((await TicketAsync(ticket)).ContactId, who, ticket);
    }

    /// <summary>In ten minutes, unless said otherwise.</summary>
    public ScheduleForm Form(params Guid[] contacts) =>
        new(contacts, Channel, null, "Bom dia, {{primeiroNome}}", new(2027, 3, 1), new(9, 10), ScheduleUnit.Once, 1, null, null, BusinessDayRule.Any, false, ScheduleAction.Keep, null, false);

    public Task<Guid> SaveAsync(Person by, ScheduleForm form) => SendAs(by, new SaveSchedule(null, form, [], null));

    /// <summary>Once more as the clock's job would.</summary>
    public async Task WorkAsync(TimeSpan? after = null)
    {
        if (after is { } time) await PassAsync(time);
        await RunAsync<WorkSchedules>();
    }

    internal Task<List<ScheduleRun>> RunsAsync(Guid schedule) => ReadAsync(db => db.Set<ScheduleRun>().AsNoTracking().Where(r => r.ScheduleId == schedule).OrderBy(r => r.PlannedAt).ToListAsync());

    internal Task<Schedule> ScheduleAsync(Guid id) => ReadAsync(db => db.Set<Schedule>().AsNoTracking().SingleAsync(s => s.Id == id));

    /// <summary>What it sent, in order.</summary>
    internal Task<List<Message>> SentAsync(Guid contact) => ReadAsync(db => (from x in db.Set<Ticket>() where x.ContactId == contact
        join m in db.Set<Message>().AsNoTracking() on x.Id equals m.TicketId where m.Origin == MessageOrigin.Schedule orderby m.CreatedAt, x.Number, m.Seq select m).ToListAsync());

    internal Task<List<Ticket>> TicketsAsync(Guid contact) => ReadAsync(db => db.Set<Ticket>().AsNoTracking().Where(t => t.ContactId == contact).OrderBy(t => t.Number).ToListAsync());
}

public sealed class ScheduleEngineTests : IAsyncLifetime
{
    private static readonly TimeSpan Ten = TimeSpan.FromMinutes(10);
    private readonly ScheduleDesk desk = new();

    public ValueTask InitializeAsync() => desk.InitializeAsync();

    public ValueTask DisposeAsync() => desk.DisposeAsync();

    private async Task ExpectAsync(Guid schedule, ScheduleRunState state, string? cause = null)
    {
        var run = Assert.Single(await desk.RunsAsync(schedule));
        Assert.Equal(state, run.State);
        if (cause is not null) Assert.Contains(cause, run.Cause);
    }

    [Fact]
    public async Task It_goes_out_at_its_time_and_not_a_minute_before_once_and_as_its_author()
    {
        var (contact, _, ticket) = await desk.ServedAsync(desk.Ana);
        var id = await desk.SaveAsync(desk.Ana, desk.Form(contact) with { Sign = true });
        await desk.WorkAsync(TimeSpan.FromMinutes(9));
        Assert.Empty(await desk.SentAsync(contact));
        await desk.WorkAsync(TimeSpan.FromMinutes(1));
        var message = Assert.Single(await desk.SentAsync(contact));
        var run = Assert.Single(await desk.RunsAsync(id));
        Assert.Equal((run.Id, ticket, desk.Ana.Id, "*Ana:*\nBom dia, Ana"), (message.Id, message.TicketId, message.SenderUserId, message.Body));
        Assert.Equal((ScheduleRunState.Sending, run.Id, ticket, 1), (run.State, run.MessageId, run.TicketId, run.Attempts));
        Assert.Equal((ScheduleState.Finished, 1), ((await desk.ScheduleAsync(id)).State, (await desk.ScheduleAsync(id)).Runs));
        await desk.WorkAsync(Ten);
        Assert.Single(await desk.SentAsync(contact));
    }

    [Fact]
    public async Task Variables_are_those_of_the_time_it_goes_out()
    {
        var (contact, _) = await desk.StrangerAsync("Maria Silva");
        await desk.SaveAsync(desk.Ana, desk.Form(contact) with { Body = "{{primeiroNome}}, são {{hora}}. {{atendente}}" });
        await desk.SendAs(desk.Admin, new SaveContact(contact, "Mariana Silva", "5511900000001", null, null, 0));
        await desk.WorkAsync(Ten);
        Assert.Equal("Mariana, são 09:10. Ana", Assert.Single(await desk.SentAsync(contact)).Body);
    }

    [Fact]
    public async Task What_it_says_answers_nothing_that_the_customer_waits_for()
    {
        var (contact, who, ticket) = await desk.ServedAsync(desk.Ana);
        await desk.SaveAsync(desk.Ana, desk.Form(contact));
        var before = await desk.TicketAsync(ticket);
        await desk.WorkAsync(Ten);
        var after = await desk.TicketAsync(ticket);
        Assert.Equal((before.WaitingSince, before.FirstResponseAt, before.QuietSince), (after.WaitingSince, after.FirstResponseAt, after.QuietSince));
        Assert.NotNull(after.WaitingSince);
        Assert.Equal("Bom dia, Ana", after.LastText);
    }

    [Theory]
    [InlineData(ScheduleAction.Keep, TicketStatus.Closed)]
    [InlineData(ScheduleAction.Closed, TicketStatus.Closed)]
    [InlineData(ScheduleAction.Pending, TicketStatus.Pending)]
    [InlineData(ScheduleAction.Open, TicketStatus.Open)]
    public async Task Who_has_no_ticket_gets_one_as_the_schedule_says(ScheduleAction action, TicketStatus status)
    {
        var (contact, who) = await desk.StrangerAsync();
        await desk.SaveAsync(desk.Ana, desk.Form(contact) with { Action = action, UserId = action == ScheduleAction.Open ? desk.Bia.Id : null });
        await desk.WorkAsync(Ten);
        var ticket = Assert.Single(await desk.TicketsAsync(contact));
        Assert.Equal((status, who, desk.Queue), (ticket.Status, ticket.AddressValue, ticket.QueueId));
        Assert.Equal(action switch { ScheduleAction.Pending => null, ScheduleAction.Open => desk.Bia.Id, _ => (Guid?)desk.Ana.Id }, ticket.UserId);
        Assert.Equal(ticket.Id, Assert.Single(await desk.SentAsync(contact)).TicketId);
        // What opens nothing is no service: no figure counts it.
        Assert.Equal(status == TicketStatus.Closed ? 0 : 1, await desk.ReadAsync(db => db.Set<ServiceCycle>().CountAsync(c => c.TicketId == ticket.Id)));
        Assert.Contains(await desk.SendAs(desk.Admin, new ReadTimeline(ticket.Id)), e => e.Type == "scheduled");
    }

    [Theory]
    [InlineData(ScheduleAction.Keep, 1)]
    [InlineData(ScheduleAction.Closed, 2)]
    [InlineData(ScheduleAction.Pending, 2)]
    [InlineData(ScheduleAction.Open, 2)]
    public async Task After_a_closed_ticket_only_what_opens_one_makes_another(ScheduleAction action, int tickets)
    {
        var (contact, _, ticket) = await desk.ServedAsync(desk.Ana);
        await desk.SendAs(desk.Ana, new CloseTicket(ticket));
        await desk.SaveAsync(desk.Ana, desk.Form(contact) with { Action = action });
        await desk.WorkAsync(Ten);
        Assert.Equal(tickets, (await desk.TicketsAsync(contact)).Count);
        Assert.Equal(TicketStatus.Closed, (await desk.TicketAsync(ticket)).Status);
        Assert.Single(await desk.SentAsync(contact));
    }

    [Fact]
    public async Task An_active_ticket_is_never_doubled_and_stays_as_it_is()
    {
        foreach (var action in Enum.GetValues<ScheduleAction>())
        {
            var (contact, _, ticket) = await desk.ServedAsync(desk.Ana);
            await desk.SaveAsync(desk.Ana, desk.Form(contact) with { Action = action, Time = new TimeOnly(TimeZoneInfo.ConvertTimeFromUtc(desk.Now, TimeZoneInfo.FindSystemTimeZoneById("America/Sao_Paulo")).AddMinutes(10).TimeOfDay.Ticks) });
            await desk.WorkAsync(Ten);
            var only = Assert.Single(await desk.TicketsAsync(contact));
            Assert.Equal((ticket, TicketStatus.Open, desk.Ana.Id), (only.Id, only.Status, only.UserId));
            Assert.Single(await desk.SentAsync(contact));
        }
    }

    [Fact]
    public async Task Who_may_take_no_more_gets_none_and_it_waits_in_the_queue()
    {
        await desk.WriteAsync(async db => { (await db.Set<Inforzap.Identity.User>().SingleAsync(u => u.Id == desk.Bia.Id)).MaxOpenTickets = 1; await db.SaveChangesAsync(); });
        await desk.ServedAsync(desk.Bia);
        var (contact, _) = await desk.StrangerAsync();
        await desk.SaveAsync(desk.Ana, desk.Form(contact) with { Action = ScheduleAction.Open, UserId = desk.Bia.Id });
        await desk.WorkAsync(Ten);
        Assert.Equal(TicketStatus.Pending, Assert.Single(await desk.TicketsAsync(contact)).Status);
    }

    [Fact]
    public async Task Each_contact_gets_their_own_and_one_that_fails_holds_up_no_other()
    {
        var (maria, _) = await desk.StrangerAsync("Maria");
        var (joao, _) = await desk.StrangerAsync("João");
        var (rui, _) = await desk.StrangerAsync("Rui");
        var id = await desk.SaveAsync(desk.Ana, desk.Form(maria, joao, rui));
        await desk.SendAs(desk.Admin, new BlockContact(joao, true));
        await desk.WorkAsync(Ten);
        Assert.Equal((1, 0, 1), ((await desk.SentAsync(maria)).Count, (await desk.SentAsync(joao)).Count, (await desk.SentAsync(rui)).Count));
        Assert.Equal(ScheduleRunState.Cancelled, (await desk.RunsAsync(id)).Single(r => r.ContactId == joao).State);
        Assert.Equal(ScheduleState.Finished, (await desk.ScheduleAsync(id)).State);
    }

    [Fact]
    public async Task A_reply_cancels_where_that_was_wished_and_not_elsewhere()
    {
        var (contact, who, ticket) = await desk.ServedAsync(desk.Ana);
        var (stops, goes) = (await desk.SaveAsync(desk.Ana, desk.Form(contact) with { CancelOnReply = true }), await desk.SaveAsync(desk.Ana, desk.Form(contact) with { Body = "Mesmo assim" }));
        await desk.PassAsync(TimeSpan.FromMinutes(5));
        await desk.HappenAsync(desk.Says(who, "Já paguei"));
        await desk.WorkAsync(Ten);
        Assert.Equal("Mesmo assim", Assert.Single(await desk.SentAsync(contact)).Body);
        await ExpectAsync(stops, ScheduleRunState.Cancelled, "respondeu");
        Assert.Equal((ScheduleState.Cancelled, ScheduleState.Finished), ((await desk.ScheduleAsync(stops)).State, (await desk.ScheduleAsync(goes)).State));
    }

    [Fact]
    public async Task What_was_said_before_it_was_made_is_no_reply()
    {
        var (contact, _, _) = await desk.ServedAsync(desk.Ana);
        await desk.PassAsync(TimeSpan.FromMinutes(1));
        await desk.SaveAsync(desk.Ana, desk.Form(contact) with { CancelOnReply = true });
        await desk.WorkAsync(Ten);
        Assert.Single(await desk.SentAsync(contact));
    }

    [Fact]
    public async Task Of_several_only_who_replied_is_left_out_of_what_comes()
    {
        var (maria, who, _) = await desk.ServedAsync(desk.Ana);
        var (joao, _, _) = await desk.ServedAsync(desk.Ana);
        var id = await desk.SaveAsync(desk.Ana, desk.Form(maria, joao) with { CancelOnReply = true, Unit = ScheduleUnit.Day });
        await desk.PassAsync(TimeSpan.FromMinutes(5));
        await desk.HappenAsync(desk.Says(who, "Oi"));
        await desk.WorkAsync(Ten);
        await desk.WorkAsync(TimeSpan.FromDays(1));
        Assert.Equal((0, 2), ((await desk.SentAsync(maria)).Count, (await desk.SentAsync(joao)).Count));
        Assert.Equal(ScheduleState.Active, (await desk.ScheduleAsync(id)).State);
    }

    [Fact]
    public async Task A_channel_that_is_off_is_waited_for_and_when_it_comes_back_it_goes_out()
    {
        var (contact, _) = await desk.StrangerAsync();
        var id = await desk.SaveAsync(desk.Ana, desk.Form(contact));
        desk.State = ChannelState.Retrying;
        await desk.WorkAsync(Ten);
        await ExpectAsync(id, ScheduleRunState.Planned, "Aguardando o canal Teste");
        Assert.Empty(await desk.TicketsAsync(contact));
        await desk.WorkAsync(TimeSpan.FromHours(23));
        desk.State = ChannelState.Connected;
        await desk.WorkAsync(TimeSpan.FromMinutes(2));
        Assert.Single(await desk.SentAsync(contact));
        await ExpectAsync(id, ScheduleRunState.Sending);
    }

    [Fact]
    public async Task A_channel_that_stays_off_too_long_fails_it_and_its_author_is_told_until_they_look()
    {
        await desk.SendAs(desk.Admin, new ChangeSettings(new Dictionary<string, string> { [Setting.ScheduleGrace.Name] = "2" }));
        var (contact, _) = await desk.StrangerAsync();
        var id = await desk.SaveAsync(desk.Ana, desk.Form(contact));
        desk.State = ChannelState.Stopped;
        await desk.WorkAsync(Ten);
        await desk.WorkAsync(TimeSpan.FromMinutes(119));
        await ExpectAsync(id, ScheduleRunState.Planned);
        Assert.Empty((await desk.SendAs(desk.Ana, new ListAlarms())).Alarms);
        await desk.WorkAsync(TimeSpan.FromMinutes(3));
        await ExpectAsync(id, ScheduleRunState.Failed, "desconectado tempo demais");
        Assert.Contains((await desk.SendAs(desk.Ana, new ListAlarms())).Alarms, a => a.Title.Contains("Maria Silva", StringComparison.Ordinal) && a.Href == $"/schedules?id={id}");
        Assert.Empty((await desk.SendAs(desk.Bia, new ListAlarms())).Alarms);
        await desk.SendAs(desk.Ana, new SeeFailedRuns(id));
        Assert.Empty((await desk.SendAs(desk.Ana, new ListAlarms())).Alarms);
    }

    [Fact]
    public async Task What_failed_can_be_tried_again_and_waits_anew()
    {
        var (contact, _) = await desk.StrangerAsync();
        var id = await desk.SaveAsync(desk.Ana, desk.Form(contact));
        await desk.WorkAsync(TimeSpan.FromHours(30));
        await ExpectAsync(id, ScheduleRunState.Failed, "estava parado");
        var run = Assert.Single((await desk.SendAs(desk.Ana, new ReadSchedule(id))).Runs);
        Assert.True(run.MayRetry);
        await desk.SendAs(desk.Ana, new RetryRun(run.Id));
        await desk.WorkAsync();
        Assert.Equal(run.Id, Assert.Single(await desk.SentAsync(contact)).Id);
        Assert.Equal(ScheduleState.Finished, (await desk.ScheduleAsync(id)).State);
        await Assert.ThrowsAsync<Refusal>(() => desk.SendAs(desk.Ana, new RetryRun(run.Id)));
    }

    [Fact]
    public async Task After_a_standstill_within_the_grace_it_goes_out_late()
    {
        var (contact, _) = await desk.StrangerAsync();
        await desk.SaveAsync(desk.Ana, desk.Form(contact));
        await desk.WorkAsync(TimeSpan.FromHours(24));
        Assert.Single(await desk.SentAsync(contact));
    }

    [Fact]
    public async Task Of_what_was_missed_several_times_only_the_last_goes_out_and_the_next_stays_planned()
    {
        var (contact, _) = await desk.StrangerAsync();
        var id = await desk.SaveAsync(desk.Ana, desk.Form(contact) with { Unit = ScheduleUnit.Hour, Every = 2 });
        await desk.WorkAsync(TimeSpan.FromHours(7));
        var runs = await desk.RunsAsync(id);
        Assert.Equal([(ScheduleRunState.Cancelled, 12), (ScheduleRunState.Sending, 18), (ScheduleRunState.Planned, 20)], runs.Select(r => (r.State, r.PlannedAt.Hour)));
        Assert.Single(await desk.SentAsync(contact));
        Assert.Equal(runs[2].PlannedAt, (await desk.ScheduleAsync(id)).NextAt);
    }

    [Fact]
    public async Task What_comes_again_waits_for_a_channel_only_until_the_next_one()
    {
        var (contact, _) = await desk.StrangerAsync();
        var id = await desk.SaveAsync(desk.Ana, desk.Form(contact) with { Unit = ScheduleUnit.Hour });
        desk.State = ChannelState.Disconnected;
        await desk.WorkAsync(Ten);
        await desk.WorkAsync(TimeSpan.FromHours(1));
        desk.State = ChannelState.Connected;
        await desk.WorkAsync(TimeSpan.FromMinutes(2));
        Assert.Single(await desk.SentAsync(contact));
        Assert.Equal([ScheduleRunState.Cancelled, ScheduleRunState.Sending, ScheduleRunState.Planned], (await desk.RunsAsync(id)).Select(r => r.State));
    }

    [Fact]
    public async Task It_comes_again_as_often_as_it_shall_and_then_it_is_over()
    {
        var (contact, _) = await desk.StrangerAsync();
        var id = await desk.SaveAsync(desk.Ana, desk.Form(contact) with { Unit = ScheduleUnit.Day, Times = 3, DayRule = BusinessDayRule.Skip, Day = new(2027, 3, 4) });
        for (var day = 0; day < 9; day++) await desk.WorkAsync(TimeSpan.FromDays(1));
        // Thursday, Friday, and Monday after the weekend.
        Assert.Equal([4, 5, 8], (await desk.RunsAsync(id)).Select(r => r.PlannedAt.Day));
        Assert.Equal((3, ScheduleState.Finished), ((await desk.SentAsync(contact)).Count, (await desk.ScheduleAsync(id)).State));
    }

    [Fact]
    public async Task Where_answers_are_taken_for_a_while_only_it_fails_when_that_is_over()
    {
        var (contact, _, ticket) = await desk.ServedAsync(desk.Ana);
        var id = await desk.SaveAsync(desk.Ana, desk.Form(contact) with { Unit = ScheduleUnit.Day });
        desk.ReplyWindow = TimeSpan.FromHours(1);
        // What the customer wrote was long ago by this clock: no free answer is taken.
        await desk.WriteAsync(db => db.Claim<Message>(m => m.TicketId == ticket, s => s.SetProperty(m => m.CreatedAt, desk.Now.AddHours(-2))));
        await desk.WorkAsync(Ten);
        Assert.Empty(await desk.SentAsync(contact));
        Assert.Equal(ScheduleRunState.Failed, (await desk.RunsAsync(id))[0].State);
        Assert.Equal(ScheduleState.Active, (await desk.ScheduleAsync(id)).State);
    }

    [Fact]
    public async Task What_the_provider_refuses_shows_in_the_schedule_and_the_same_message_can_go_again()
    {
        var (contact, _, ticket) = await desk.ServedAsync(desk.Ana);
        var id = await desk.SaveAsync(desk.Ana, desk.Form(contact));
        await desk.WorkAsync(Ten);
        var message = Assert.Single(await desk.SentAsync(contact));
        await desk.WriteAsync(db => db.Claim<Message>(m => m.Id == message.Id, s => s.SetProperty(m => m.State, MessageState.Failed).SetProperty(m => m.FailReason, "número inválido")));
        var run = Assert.Single((await desk.SendAs(desk.Ana, new ReadSchedule(id))).Runs);
        Assert.Equal((ScheduleRunState.Failed, "número inválido", true), (run.State, run.Cause, run.MayRetry));
        await desk.WorkAsync();
        await ExpectAsync(id, ScheduleRunState.Failed, "número inválido");
        Assert.Single((await desk.SendAs(desk.Ana, new ListAlarms())).Alarms);
        await desk.SendAs(desk.Ana, new RetryRun(run.Id));
        Assert.Equal(MessageState.Queued, (await desk.MessageAsync(message.Id)).State);
        await ExpectAsync(id, ScheduleRunState.Sending);
        await desk.WriteAsync(db => db.Claim<Message>(m => m.Id == message.Id, s => s.SetProperty(m => m.State, MessageState.Sent)));
        await desk.WorkAsync();
        await ExpectAsync(id, ScheduleRunState.Sent);
        Assert.Empty((await desk.SendAs(desk.Ana, new ListAlarms())).Alarms);
    }

    [Fact]
    public async Task What_ends_before_its_commit_never_was_and_goes_out_once_afterwards_as_the_same_message()
    {
        var (contact, _) = await desk.StrangerAsync();
        var id = await desk.SaveAsync(desk.Ana, desk.Form(contact) with { Action = ScheduleAction.Pending });
        await desk.PassAsync(Ten);
        await desk.SendAsSystem(new PlanSchedules());
        var run = Assert.Single(await desk.RunsAsync(id)).Id;
        await using (var scope = desk.Services.CreateAsyncScope())
        {
            scope.ServiceProvider.GetRequiredService<CurrentActor>().Is = Actor.System;
            using var turn = await desk.Services.GetRequiredService<WriteGate>().EnterAsync(WriterKind.Request);
            await using var transaction = await scope.ServiceProvider.GetRequiredService<InforzapDb>().Database.BeginTransactionAsync();
            await scope.ServiceProvider.GetRequiredService<MediatR.Mediator>().Send(new RunSchedule(run));
            Assert.Equal(1, await scope.ServiceProvider.GetRequiredService<InforzapDb>().Set<Message>().CountAsync(m => m.Id == run));
            await transaction.RollbackAsync();
        }
        Assert.Empty(await desk.SentAsync(contact));
        await desk.WorkAsync();
        Assert.Equal(run, Assert.Single(await desk.SentAsync(contact)).Id);
        Assert.Single(await desk.TicketsAsync(contact));
        Assert.Equal(1, await desk.ReadAsync(db => db.Set<LaneItem>().CountAsync(i => i.Payload.Contains(run.ToString()))));
    }

    [Fact]
    public async Task Two_engines_on_the_same_rows_send_each_message_once()
    {
        await using var other = new Counter { Clock = desk.Clock, Settings = desk.SettingsOfANodeMore };
        await other.InitializeAsync();
        var schedules = new List<(Guid Id, Guid Contact)>();
        for (var n = 0; n < 12; n++)
        {
            var (contact, _) = await desk.StrangerAsync($"Cliente {n}");
            schedules.Add((await desk.SaveAsync(desk.Ana, desk.Form(contact) with { Unit = n % 2 == 0 ? ScheduleUnit.Hour : ScheduleUnit.Once, Action = ScheduleAction.Pending }), contact));
        }
        for (var hour = 0; hour < 3; hour++)
        {
            await desk.PassAsync(hour == 0 ? Ten : TimeSpan.FromHours(1));
            await Task.WhenAll(desk.RunAsync<WorkSchedules>(), other.RunAsync<WorkSchedules>(), desk.RunAsync<WorkSchedules>(), other.RunAsync<WorkSchedules>());
        }
        foreach (var (index, (id, contact)) in schedules.Index())
        {
            Assert.Equal(index % 2 == 0 ? 3 : 1, (await desk.SentAsync(contact)).Count);
            Assert.Single(await desk.TicketsAsync(contact));
            Assert.All(await desk.RunsAsync(id), r => Assert.True(r.State is ScheduleRunState.Sending or ScheduleRunState.Planned));
        }
    }

    [Fact]
    public async Task One_that_breaks_is_tried_a_few_times_and_then_fails_while_others_go_out()
    {
        var (broken, _) = await desk.StrangerAsync("Quebrado");
        var (whole, _) = await desk.StrangerAsync("Inteiro");
        var id = await desk.SaveAsync(desk.Ana, desk.Form(broken));
        await desk.SaveAsync(desk.Ana, desk.Form(whole));
        var run = Assert.Single(await desk.RunsAsync(id));
        for (var n = 0; n < 5; n++) await desk.SendAsSystem(new EndRun(run.Id, null));
        await desk.WorkAsync(TimeSpan.FromMinutes(30));
        await ExpectAsync(id, ScheduleRunState.Failed, "várias tentativas");
        Assert.Equal(ScheduleState.Finished, (await desk.ScheduleAsync(id)).State);
        Assert.Empty(await desk.SentAsync(broken));
        Assert.Single(await desk.SentAsync(whole));
    }

    [Fact]
    public async Task A_variable_that_is_gone_by_then_fails_it_and_opens_nothing()
    {
        var (contact, _) = await desk.StrangerAsync();
        var id = await desk.SaveAsync(desk.Ana, desk.Form(contact) with { Action = ScheduleAction.Pending });
        await desk.WriteAsync(db => db.Claim<Schedule>(s => s.Id == id, s => s.SetProperty(x => x.Body, "Pague em {{linkAntigo}}")));
        await desk.WorkAsync(Ten);
        await ExpectAsync(id, ScheduleRunState.Failed, "linkAntigo");
        Assert.Empty(await desk.TicketsAsync(contact));
    }

    [Fact]
    public async Task Files_go_along_with_the_text_at_the_first_and_the_next_time_too()
    {
        var (contact, _) = await desk.StrangerAsync();
        var first = await desk.SendAs(desk.Ana, new KeepScheduleFile("boleto.pdf", "%PDF-1.4 a"u8.ToArray()));
        var second = await desk.SendAs(desk.Ana, new KeepScheduleFile("contrato.pdf", "%PDF-1.4 b"u8.ToArray()));
        var id = await desk.SendAs(desk.Ana, new SaveSchedule(null, desk.Form(contact) with { Unit = ScheduleUnit.Day }, [second.Id, first.Id], null));
        await desk.WorkAsync(Ten);
        await desk.WorkAsync(TimeSpan.FromDays(1));
        var sent = await desk.SentAsync(contact);
        Assert.Equal(["Bom dia, Maria", null, "Bom dia, Maria", null], sent.Select(m => m.Body));
        Assert.Equal((await desk.RunsAsync(id)).Where(r => r.State == ScheduleRunState.Sending).Select(r => r.Id), sent.Where(m => m.Body is not null).Select(m => m.Id));
        Assert.Equal(["contrato.pdf", "boleto.pdf", "contrato.pdf", "boleto.pdf"], await desk.ReadAsync(async db => { var media = await db.Set<Media>().ToDictionaryAsync(m => m.Id, m => m.FileName); return sent.Select(m => media[m.MediaId!.Value]).ToList(); }));
    }
}
