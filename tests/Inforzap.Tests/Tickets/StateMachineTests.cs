using Inforzap.Contracts.Settings;
using Inforzap.Contracts.Tickets;
using Inforzap.Sdk;
using Inforzap.Tests.Support;
using Inforzap.Tickets;
using Inforzap.Tickets.Desk;
using Inforzap.Tickets.Outbound;
using Microsoft.Extensions.Time.Testing;

namespace Inforzap.Tests.Tickets;

/// <summary>A counter with people who have names, on whole minutes of a clock that the test turns.</summary>
public sealed class StaffedCounter : Counter
{
    private static int numbers;

    public StaffedCounter()
    {
        var now = DateTimeOffset.UtcNow.AddMinutes(2);
        Clock = new FakeTimeProvider(now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMinute)));
    }

    public DateTime Now => Clock!.GetUtcNow().UtcDateTime;

    /// <summary>The other queue.</summary>
    public Guid Support { get; private set; }

    /// <summary>Agents of the first queue.</summary>
    public Person Ana { get; private set; } = null!;

    public Person Bia { get; private set; } = null!;

    /// <summary>Agent of the other queue.</summary>
    public Person Caio { get; private set; } = null!;

    /// <summary>Supervisor of both.</summary>
    public Person Rita { get; private set; } = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        Support = await QueueAsync("Suporte");
        (Ana, Bia) = (await PersonAsync("Ana", BuiltInRoles.Agent, Queue), await PersonAsync("Bia", BuiltInRoles.Agent, Queue));
        (Caio, Rita) = (await PersonAsync("Caio", BuiltInRoles.Agent, Support), await PersonAsync("Rita", BuiltInRoles.Supervisor, Queue, Support));
    }

    public static string Number() => $"551197{Interlocked.Increment(ref numbers):0000000}";

    /// <summary>A new customer's ticket, which this person serves.</summary>
    public async Task<Guid> ServedAsync(Person by, string? who = null)
    {
        var ticket = await WaitingAsync(who ??= Number());
        await SendAs(by, new AcceptTicket(ticket));
        return ticket;
    }

    /// <summary>A new customer's ticket, which nobody serves.</summary>
    public async Task<Guid> WaitingAsync(string? who = null)
    {
        await HappenAsync(Says(who ??= Number(), "Olá"));
        return await TicketOfAsync(who);
    }

    /// <summary>Turns a switch while <paramref name="act"/> runs.</summary>
    public async Task WithAsync(Setting setting, string value, Func<Task> act)
    {
        var before = Services.GetRequiredService<ISettings>().Get(setting);
        await SetAsync(setting, value);
        try
        {
            await act();
        }
        finally
        {
            await SetAsync(setting, before);
        }
    }

    private async Task SetAsync(Setting setting, string value)
    {
        await SendAsSystem(new ChangeSettings(new Dictionary<string, string> { [setting.Name] = value }));
        for (var tries = 0; Services.GetRequiredService<ISettings>().Get(setting) != value; tries++)
        {
            Assert.True(tries < 500, $"{setting.Name} never became {value}");
            await Task.Delay(20);
        }
    }

    public async Task<bool> SeesAsync(Person who, Guid ticket) =>
        await Record.ExceptionAsync(() => SendAs(who, new ReadTicket(ticket))) is not Refusal { Kind: RefusalKind.NotFound };

    internal Task<List<ServiceCycle>> CyclesAsync(Guid ticket) => ReadAsync(db => db.Set<ServiceCycle>().AsNoTracking().Where(c => c.TicketId == ticket).OrderBy(c => c.QueuedAt).ToListAsync());
}

/// <summary>What becomes of a ticket by each thing that people do to it, and what the company's switches change about that.</summary>
public sealed class StateMachineTests(StaffedCounter counter) : IClassFixture<StaffedCounter>
{
    private async Task<Refusal> RefusedAsync<T>(Person who, IRequest<T> request) => await Assert.ThrowsAsync<Refusal>(() => counter.SendAs(who, request));

    /// <summary>On a closed ticket colleagues go on writing, also when it is the last one of its conversation.</summary>
    [Fact]
    public async Task A_note_finds_its_place_on_a_closed_ticket_whether_another_one_followed_or_not()
    {
        var who = StaffedCounter.Number();
        var first = await counter.ServedAsync(counter.Ana, who);
        await counter.SendAs(counter.Ana, new CloseTicket(first));
        await counter.SendAs(counter.Ana, new SendMessage(first, Guid.CreateVersion7(), "ligar amanhã", IsNote: true));
        await counter.ServedAsync(counter.Ana, who);
        await counter.SendAs(counter.Ana, new SendMessage(first, Guid.CreateVersion7(), "ligou", IsNote: true));
        Assert.Equal(["Olá", "ligar amanhã", "ligou"], (await counter.MessagesOfAsync(first)).Select(m => m.Body));
    }

    [Fact]
    public async Task What_the_customer_read_after_the_end_is_written_down()
    {
        var who = StaffedCounter.Number();
        var ticket = await counter.ServedAsync(counter.Ana, who);
        var (id, claim, position) = await counter.AnswerAsync(await counter.ActorOf(counter.Ana), ticket, "Até logo");
        await counter.SendAsSystem(new RecordSend(id, claim.Message!.AttemptId, position, SendResult.Sent($"p-{who}")));
        await counter.SendAs(counter.Ana, new CloseTicket(ticket));
        await counter.HappenAsync(counter.Receipt(who, $"p-{who}", ReceiptState.Read));
        Assert.Equal(MessageState.Read, (await counter.MessageAsync(id)).State);
    }

    private async Task<(TicketStatus, Guid? Queue, Guid? User, DateTime? Accepted, DateTime Queued)> StateAsync(Guid ticket)
    {
        var t = await counter.TicketAsync(ticket);
        return (t.Status, t.QueueId, t.UserId, t.AcceptedAt, t.QueuedAt);
    }

    [Fact]
    public async Task A_ticket_that_goes_to_a_queue_waits_there_with_a_note_for_whoever_takes_it()
    {
        var ticket = await counter.ServedAsync(counter.Ana);
        await counter.PassAsync(TimeSpan.FromMinutes(3));
        await counter.SendAs(counter.Ana, new TransferTicket(ticket, counter.Support, null, "Quer a segunda via"));
        Assert.Equal((TicketStatus.Pending, counter.Support, null, null, counter.Now), await StateAsync(ticket));
        Assert.False(await counter.SeesAsync(counter.Ana, ticket));
        Assert.False(await counter.SeesAsync(counter.Bia, ticket));
        Assert.True(await counter.SeesAsync(counter.Caio, ticket));
        var note = (await counter.MessagesOfAsync(ticket))[^1];
        Assert.Equal((true, "Quer a segunda via", counter.Ana.Id), (note.IsNote, note.Body, note.SenderUserId));
        var told = (await counter.SendAs(counter.Caio, new ReadTimeline(ticket))).Single(e => e.Type == "transferred");
        Assert.Equal("Ana", told.UserName);
        Assert.Contains("Suporte", told.Data, StringComparison.Ordinal);
        await counter.SendAs(counter.Caio, new AcceptTicket(ticket));
        Assert.Equal(counter.Caio.Id, (await counter.TicketAsync(ticket)).UserId);
    }

    [Theory]
    [InlineData("true")]
    [InlineData("false")]
    public Task A_ticket_that_goes_to_a_user_is_open_with_them_or_waits_for_them_as_the_switch_says(string opens) => counter.WithAsync(Setting.TransferOpens, opens, async () =>
    {
        var ticket = await counter.ServedAsync(counter.Ana);
        await counter.PassAsync(TimeSpan.FromMinutes(3));
        await counter.SendAs(counter.Ana, new TransferTicket(ticket, null, counter.Bia.Id));
        var open = opens == "true";
        Assert.Equal((open ? TicketStatus.Open : TicketStatus.Pending, counter.Queue, counter.Bia.Id, open ? counter.Now : null, counter.Now), await StateAsync(ticket));
        Assert.False(await counter.SeesAsync(counter.Ana, ticket));
        if (!open)
        {
            Assert.Equal("Atenda primeiro para responder.", (await RefusedAsync(counter.Bia, new SendMessage(ticket, Guid.CreateVersion7(), "oi"))).Message);
            await counter.SendAs(counter.Bia, new AcceptTicket(ticket));
        }
        await counter.SendAs(counter.Bia, new SendMessage(ticket, Guid.CreateVersion7(), "oi"));
        Assert.Contains("Bia", (await counter.SendAs(counter.Bia, new ReadTimeline(ticket))).Single(e => e.Type == "transferred").Data, StringComparison.Ordinal);
    });

    [Fact]
    public async Task Whether_a_user_of_another_queue_can_be_given_a_ticket_is_a_switch()
    {
        var ticket = await counter.ServedAsync(counter.Ana);
        var before = await StateAsync(ticket);
        await counter.WithAsync(Setting.TransferOutsideQueue, "false", async () =>
        {
            var refusal = await RefusedAsync(counter.Ana, new TransferTicket(ticket, null, counter.Caio.Id));
            Assert.Equal("Este usuário não participa da fila escolhida.", refusal.Message);
            Assert.Equal(before, await StateAsync(ticket));
            // In his own queue he may have it.
            await counter.SendAs(counter.Ana, new TransferTicket(ticket, counter.Support, counter.Caio.Id));
            Assert.Equal((counter.Support, counter.Caio.Id), ((await StateAsync(ticket)).Queue, (await StateAsync(ticket)).User));
            await counter.SendAs(counter.Rita, new TransferTicket(ticket, counter.Queue, counter.Ana.Id));
        });
        await counter.SendAs(counter.Ana, new TransferTicket(ticket, null, counter.Caio.Id));
        Assert.Equal((counter.Queue, counter.Caio.Id), ((await StateAsync(ticket)).Queue, (await StateAsync(ticket)).User));
        // He sees it though he does not serve that queue.
        Assert.True(await counter.SeesAsync(counter.Caio, ticket));
    }

    [Fact]
    public async Task What_is_closed_or_somebody_elses_goes_nowhere()
    {
        var ticket = await counter.ServedAsync(counter.Ana);
        Assert.Equal(RefusalKind.NotFound, (await RefusedAsync(counter.Bia, new TransferTicket(ticket, counter.Support, null))).Kind);
        Assert.Equal(RefusalKind.NotFound, (await RefusedAsync(counter.Bia, new ReturnTicket(ticket))).Kind);
        await counter.SendAs(counter.Ana, new CloseTicket(ticket));
        var before = await StateAsync(ticket);
        foreach (var request in new IRequest<MediatR.Unit>[] { new TransferTicket(ticket, counter.Support, null), new ReturnTicket(ticket) })
            Assert.Equal(RefusalKind.Conflict, (await RefusedAsync(counter.Ana, request)).Kind);
        Assert.Equal(before, await StateAsync(ticket));
    }

    [Fact]
    public async Task A_ticket_that_goes_back_stands_at_the_end_of_its_queue_for_everybody_there()
    {
        var ticket = await counter.ServedAsync(counter.Ana);
        await counter.PassAsync(TimeSpan.FromMinutes(3));
        var later = await counter.WaitingAsync();
        await counter.PassAsync(TimeSpan.FromMinutes(1));
        Assert.False(await counter.SeesAsync(counter.Bia, ticket));
        await counter.SendAs(counter.Ana, new ReturnTicket(ticket));
        Assert.Equal((TicketStatus.Pending, counter.Queue, null, null, counter.Now), await StateAsync(ticket));
        Assert.True((await StateAsync(later)).Queued < counter.Now);
        Assert.True(await counter.SeesAsync(counter.Bia, ticket));
        await counter.SendAs(counter.Ana, new ReturnTicket(ticket));
        Assert.Equal("Ana", Assert.Single(await counter.SendAs(counter.Bia, new ReadTimeline(ticket)), e => e.Type == "returned").UserName);
    }

    [Fact]
    public async Task Nobody_starts_a_second_conversation_and_the_one_that_is_there_is_named()
    {
        var ticket = await counter.WaitingAsync();
        var start = new StartConversation((await counter.TicketAsync(ticket)).ContactId, counter.Channel, null);
        var pending = await RefusedAsync(counter.Ana, start);
        Assert.Equal((RefusalKind.Conflict, "Já existe um atendimento pendente com este contato neste canal: abrir?", ticket), (pending.Kind, pending.Message, pending.See));
        await counter.SendAs(counter.Bia, new AcceptTicket(ticket));
        var open = await RefusedAsync(counter.Ana, start);
        Assert.Equal((RefusalKind.Conflict, "Já existe atendimento aberto com Bia: abrir?", ticket), (open.Kind, open.Message, open.See));
        await counter.SendAs(counter.Bia, new CloseTicket(ticket));
        var second = await counter.SendAs(counter.Ana, start);
        Assert.Equal((TicketStatus.Open, counter.Queue, counter.Ana.Id, counter.Now, counter.Now), await StateAsync(second));
    }

    [Fact]
    public async Task Nobody_reopens_a_ticket_beside_another_one_and_the_one_that_is_there_is_named()
    {
        var who = StaffedCounter.Number();
        var first = await counter.ServedAsync(counter.Ana, who);
        await counter.SendAs(counter.Ana, new CloseTicket(first, "resolvido"));
        var before = await StateAsync(first);
        var second = await counter.WaitingAsync(who);
        Assert.NotEqual(first, second);
        var pending = await RefusedAsync(counter.Ana, new ReopenTicket(first));
        Assert.Equal((RefusalKind.Conflict, "Já existe um atendimento pendente com este contato neste canal: abrir?", second), (pending.Kind, pending.Message, pending.See));
        await counter.SendAs(counter.Bia, new AcceptTicket(second));
        var open = await RefusedAsync(counter.Ana, new ReopenTicket(first));
        Assert.Equal((RefusalKind.Conflict, "Já existe atendimento aberto com Bia: abrir?", second), (open.Kind, open.Message, open.See));
        Assert.Equal(before, await StateAsync(first));
        Assert.Single(await counter.CyclesAsync(first));

        await counter.SendAs(counter.Bia, new CloseTicket(second));
        await counter.PassAsync(TimeSpan.FromMinutes(1));
        await counter.SendAs(counter.Ana, new ReopenTicket(first));
        Assert.Equal((TicketStatus.Open, counter.Queue, counter.Ana.Id, counter.Now, counter.Now), await StateAsync(first));
        var ticket = await counter.TicketAsync(first);
        Assert.Equal((null, null, null), (ticket.ClosedAt, ticket.ClosedBy, ticket.ClosingNote));
    }

    [Fact]
    public async Task Whether_agents_reopen_is_a_switch_and_leads_always_may()
    {
        var ticket = await counter.ServedAsync(counter.Ana);
        await counter.SendAs(counter.Ana, new CloseTicket(ticket));
        await counter.WithAsync(Setting.AgentsReopen, "false", async () =>
        {
            Assert.False((await counter.SendAs(counter.Ana, new ReadTicket(ticket))).MayReopen);
            var refusal = await RefusedAsync(counter.Ana, new ReopenTicket(ticket));
            Assert.Equal((RefusalKind.Forbidden, "Reabrir está desligado para atendentes. Peça a um supervisor."), (refusal.Kind, refusal.Message));
            Assert.Equal(TicketStatus.Closed, (await StateAsync(ticket)).Item1);
            await counter.SendAs(counter.Rita, new ReopenTicket(ticket));
            Assert.Equal(counter.Rita.Id, (await StateAsync(ticket)).User);
            await counter.SendAs(counter.Rita, new TransferTicket(ticket, null, counter.Ana.Id));
            await counter.SendAs(counter.Ana, new CloseTicket(ticket));
        });
        Assert.True((await counter.SendAs(counter.Ana, new ReadTicket(ticket))).MayReopen);
        await counter.SendAs(counter.Ana, new ReopenTicket(ticket));
        Assert.Equal(counter.Ana.Id, (await StateAsync(ticket)).User);
    }

    [Theory]
    [InlineData("0", 0, false)]
    [InlineData("30", 30, true)]
    [InlineData("30", 31, false)]
    public Task A_customer_who_comes_back_in_time_reopens_the_same_ticket(string minutes, int later, bool same) => counter.WithAsync(Setting.ReopenMinutes, minutes, async () =>
    {
        var who = StaffedCounter.Number();
        var first = await counter.ServedAsync(counter.Ana, who);
        await counter.SendAs(counter.Ana, new CloseTicket(first));
        await counter.PassAsync(TimeSpan.FromMinutes(later));
        var now = await counter.WaitingAsync(who);
        Assert.Equal(same, now == first);
        Assert.Equal((TicketStatus.Pending, counter.Queue, null, null, counter.Now), await StateAsync(now));
        Assert.Equal(same ? 2 : 1, (await counter.CyclesAsync(first)).Count);
        Assert.Equal(same ? 2 : 1, (await counter.MessagesOfAsync(now)).Count);
    });

    [Fact]
    public async Task Each_time_that_a_ticket_is_served_has_figures_of_its_own()
    {
        var who = StaffedCounter.Number();
        var queued = counter.Now;
        var ticket = await counter.WaitingAsync(who);
        var open = Assert.Single(await counter.CyclesAsync(ticket));
        Assert.Equal((queued, null, null, null, null, null, null), (open.QueuedAt, open.AcceptedAt, open.FirstResponseAt, open.ClosedAt, open.WaitSeconds, open.FirstResponseSeconds, open.ServiceSeconds));
        await counter.PassAsync(TimeSpan.FromSeconds(40));
        await counter.SendAs(counter.Ana, new AcceptTicket(ticket));
        await counter.PassAsync(TimeSpan.FromSeconds(20));
        await counter.SendAs(counter.Ana, new SendMessage(ticket, Guid.CreateVersion7(), "Bom dia"));
        // Neither a second answer nor a colleague begins anything anew.
        await counter.PassAsync(TimeSpan.FromSeconds(100));
        await counter.SendAs(counter.Ana, new TransferTicket(ticket, null, counter.Bia.Id));
        await counter.PassAsync(TimeSpan.FromSeconds(200));
        await counter.SendAs(counter.Bia, new SendMessage(ticket, Guid.CreateVersion7(), "Aqui é a Bia"));
        await counter.SendAs(counter.Bia, new CloseTicket(ticket));
        var first = Assert.Single(await counter.CyclesAsync(ticket));
        Assert.Equal((queued, queued.AddSeconds(40), queued.AddSeconds(60), queued.AddSeconds(360)), (first.QueuedAt, first.AcceptedAt, first.FirstResponseAt, first.ClosedAt));
        Assert.Equal((40, 60, 320), (first.WaitSeconds, first.FirstResponseSeconds, first.ServiceSeconds));
        Assert.Equal((counter.Channel, counter.Queue, counter.Bia.Id, false), (first.ChannelId, first.QueueId, first.UserId, first.StartedByAgent));

        await counter.PassAsync(TimeSpan.FromHours(1));
        var again = counter.Now;
        await counter.SendAs(counter.Bia, new ReopenTicket(ticket));
        await counter.PassAsync(TimeSpan.FromSeconds(10));
        await counter.SendAs(counter.Bia, new SendMessage(ticket, Guid.CreateVersion7(), "Mais uma coisa"));
        await counter.PassAsync(TimeSpan.FromSeconds(100));
        await counter.SendAs(counter.Bia, new CloseTicket(ticket));
        var both = await counter.CyclesAsync(ticket);
        Assert.Equal(2, both.Count);
        Assert.Equivalent(first, both[0]);
        Assert.Equal((again, again, again.AddSeconds(10), again.AddSeconds(110)), (both[1].QueuedAt, both[1].AcceptedAt, both[1].FirstResponseAt, both[1].ClosedAt));
        Assert.Equal((0, 10, 110), (both[1].WaitSeconds, both[1].FirstResponseSeconds, both[1].ServiceSeconds));

        // A customer who comes back waits again.
        await counter.WithAsync(Setting.ReopenMinutes, "60", async () =>
        {
            await counter.PassAsync(TimeSpan.FromMinutes(5));
            var back = counter.Now;
            await counter.HappenAsync(counter.Says(who, "Voltei"));
            await counter.PassAsync(TimeSpan.FromSeconds(7));
            await counter.SendAs(counter.Ana, new AcceptTicket(ticket));
            var all = await counter.CyclesAsync(ticket);
            Assert.Equal(3, all.Count);
            Assert.Equivalent(both[1], all[1]);
            Assert.Equal((back, back.AddSeconds(7), null, null, 7, null, null), (all[2].QueuedAt, all[2].AcceptedAt, all[2].FirstResponseAt, all[2].ClosedAt, all[2].WaitSeconds, all[2].FirstResponseSeconds, all[2].ServiceSeconds));
        });
    }

    [Fact]
    public async Task A_ticket_that_went_back_to_its_queue_is_closed_with_the_figures_of_its_first_acceptance()
    {
        var queued = counter.Now;
        var ticket = await counter.WaitingAsync();
        await counter.PassAsync(TimeSpan.FromSeconds(30));
        await counter.SendAs(counter.Ana, new AcceptTicket(ticket));
        await counter.PassAsync(TimeSpan.FromSeconds(60));
        await counter.SendAs(counter.Ana, new ReturnTicket(ticket));
        await counter.PassAsync(TimeSpan.FromSeconds(60));
        await counter.SendAs(counter.Bia, new AcceptTicket(ticket));
        await counter.PassAsync(TimeSpan.FromSeconds(30));
        await counter.SendAs(counter.Bia, new CloseTicket(ticket));
        var cycle = Assert.Single(await counter.CyclesAsync(ticket));
        Assert.Equal((queued, queued.AddSeconds(30), queued.AddSeconds(180)), (cycle.QueuedAt, cycle.AcceptedAt, cycle.ClosedAt));
        Assert.Equal((30, null, 150, counter.Bia.Id), (cycle.WaitSeconds, cycle.FirstResponseSeconds, cycle.ServiceSeconds, cycle.UserId));
    }
}
