using CsCheck;
using Inforzap.Contracts.Identity;
using Inforzap.Identity.Users;
using Inforzap.Live;
using Inforzap.Requests;
using Inforzap.Tests.Support;
using Inforzap.Tickets;
using Inforzap.Tickets.Desk;
using Inforzap.Tickets.Distributing;
using Inforzap.Tickets.Queues;

namespace Inforzap.Tests.Tickets;

/// <summary>A counter whose people have screens open, as the test says.</summary>
public sealed class DistributingCounter : Counter
{
    public Person Admin { get; private set; } = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        Admin = await PersonAsync("Rute", BuiltInRoles.Administrator);
    }

    /// <summary>A queue that distributes, with these members online.</summary>
    public async Task<Guid> QueueAsync(Distribution way, IReadOnlyList<Person> members, int most = 0, QueueRules? rules = null)
    {
        var id = await SendAs(Admin, new SaveQueue(null, $"Fila {Guid.NewGuid():N}"[..20], "#0B7A75", 0, [.. members.Select(m => m.Id)], null) { Rules = (rules ?? new()) with { Distribution = way, MaxPerUser = most } });
        foreach (var member in members) await SendAsSystem(new NoteSeen(member.Id));
        return id;
    }

    /// <summary>A ticket that waits in a queue, moved there by the administrator.</summary>
    public async Task<Guid> WaitsAsync(Guid queue)
    {
        var number = StaffedCounter.Number();
        await HappenAsync(Says(number, "Olá"));
        var ticket = await TicketOfAsync(number);
        await SendAs(Admin, new TransferTicket(ticket, queue, null));
        return ticket;
    }

    public Task<int> DistributeAsync() => SendAsSystem(new DistributeTickets());

    public async Task<(TicketStatus Status, Guid? User, Guid? Queue)> StateAsync(Guid ticket)
    {
        var row = (await SendAs(Admin, new ReadTicket(ticket))).Row;
        return (row.Status, row.UserId, row.QueueId);
    }
}

public sealed class DistributionTests(DistributingCounter desk) : IClassFixture<DistributingCounter>
{
    [Fact]
    public async Task In_turns_each_gets_one_before_anybody_gets_two()
    {
        var people = new[] { await desk.PersonAsync("Ana"), await desk.PersonAsync("Bia"), await desk.PersonAsync("Caio") };
        var queue = await desk.QueueAsync(Distribution.RoundRobin, people);
        var tickets = new List<Guid>();
        for (var i = 0; i < 6; i++) tickets.Add(await desk.WaitsAsync(queue));
        Assert.Equal(6, await desk.DistributeAsync());
        var given = new List<Guid?>();
        foreach (var ticket in tickets) given.Add((await desk.StateAsync(ticket)).User);
        Assert.Equal(3, given.Take(3).Distinct().Count());
        Assert.Equal(given.Take(3), given.Skip(3));
        Assert.Equal(0, await desk.DistributeAsync());
        Assert.Contains(await desk.SendAs(desk.Admin, new ReadTimeline(tickets[0])), e => e.Type == "distributed");
    }

    [Fact]
    public async Task Nobody_gets_any_who_is_away_busy_offline_or_at_a_limit()
    {
        var (away, busy, gone, full) = (await desk.PersonAsync("Ana"), await desk.PersonAsync("Bia"), await desk.PersonAsync("Caio"), await desk.PersonAsync("Davi"));
        var queue = await desk.QueueAsync(Distribution.Balanced, [away, busy, full], most: 1);
        var row = (await desk.SendAs(desk.Admin, new ListQueues())).Rows.Single(q => q.Id == queue);
        await desk.SendAs(desk.Admin, new SaveQueue(queue, row.Name, row.Color, 0, [away.Id, busy.Id, gone.Id, full.Id], row.Version) { Rules = row.Rules });
        await desk.SendAs(away, new SetMyPresence(Presence.Away));
        await desk.SendAs(busy, new SetMyPresence(Presence.Busy));
        var (first, second) = (await desk.WaitsAsync(queue), await desk.WaitsAsync(queue));
        Assert.Equal(1, await desk.DistributeAsync());
        Assert.Equal(full.Id, (await desk.StateAsync(first)).User);
        Assert.Equal(TicketStatus.Pending, (await desk.StateAsync(second)).Status);
        // Room, and somebody who comes back: what waited goes on, whoever looks.
        await desk.SendAs(full, new CloseTicket(first));
        await desk.SendAs(away, new SetMyPresence(Presence.Online));
        Assert.Equal(1, await desk.DistributeAsync());
        Assert.NotNull((await desk.StateAsync(second)).User);
    }

    [Fact]
    public async Task Who_gave_it_back_does_not_get_it_again_by_itself()
    {
        var (ana, bia) = (await desk.PersonAsync("Ana"), await desk.PersonAsync("Bia"));
        var queue = await desk.QueueAsync(Distribution.Balanced, [ana]);
        var ticket = await desk.WaitsAsync(queue);
        await desk.DistributeAsync();
        await desk.SendAs(ana, new ReturnTicket(ticket));
        Assert.Equal(0, await desk.DistributeAsync());
        var row = (await desk.SendAs(desk.Admin, new ListQueues())).Rows.Single(q => q.Id == queue);
        await desk.SendAs(desk.Admin, new SaveQueue(queue, row.Name, row.Color, 0, [ana.Id, bia.Id], row.Version) { Rules = row.Rules });
        await desk.SendAsSystem(new NoteSeen(bia.Id));
        Assert.Equal(1, await desk.DistributeAsync());
        Assert.Equal(bia.Id, (await desk.StateAsync(ticket)).User);
    }

    [Fact]
    public async Task A_queue_where_nobody_is_holds_up_no_other()
    {
        var absent = await desk.PersonAsync("Ana");
        var empty = await desk.SendAs(desk.Admin, new SaveQueue(null, $"Vazia {Guid.NewGuid():N}"[..20], "#0B7A75", 0, [absent.Id], null) { Rules = new(Distribution.Balanced) });
        for (var i = 0; i < 3; i++) await desk.WaitsAsync(empty);
        var bia = await desk.PersonAsync("Bia");
        var queue = await desk.QueueAsync(Distribution.Balanced, [bia]);
        var ticket = await desk.WaitsAsync(queue);
        Assert.Equal(1, await desk.DistributeAsync());
        Assert.Equal(bia.Id, (await desk.StateAsync(ticket)).User);
    }

    [Fact]
    public async Task What_moves_to_a_queue_that_stands_in_is_given_there()
    {
        var bia = await desk.PersonAsync("Bia");
        var standIn = await desk.QueueAsync(Distribution.RoundRobin, [bia]);
        var away = await desk.QueueAsync(Distribution.None, [], rules: new(AbsenceQueueId: standIn, AbsenceFrom: DateTime.UtcNow.AddHours(-1), AbsenceTo: DateTime.UtcNow.AddHours(1)));
        var ticket = await desk.WaitsAsync(away);
        Assert.Equal(1, await desk.DistributeAsync());
        Assert.Equal((TicketStatus.Pending, null, standIn), await desk.StateAsync(ticket));
        Assert.Equal(1, await desk.DistributeAsync());
        Assert.Equal((TicketStatus.Open, bia.Id, standIn), await desk.StateAsync(ticket));
    }

    [Fact]
    public async Task A_queue_whose_stand_in_is_out_of_use_goes_on_by_itself()
    {
        var bia = await desk.PersonAsync("Bia");
        var standIn = await desk.QueueAsync(Distribution.None, []);
        var queue = await desk.QueueAsync(Distribution.Balanced, [bia], rules: new(AbsenceQueueId: standIn, AbsenceFrom: DateTime.UtcNow.AddHours(-1), AbsenceTo: DateTime.UtcNow.AddHours(1)));
        await desk.SendAs(desk.Admin, new DeactivateQueue(standIn, null));
        var ticket = await desk.WaitsAsync(queue);
        await desk.DistributeAsync();
        Assert.Equal(bia.Id, (await desk.StateAsync(ticket)).User);
    }

    [Fact]
    public async Task Who_may_only_look_gets_none()
    {
        var reader = await desk.PersonAsync("Ana");
        var row = (await desk.SendAs(desk.Admin, new ListUsers())).Rows.Single(u => u.Id == reader.Id);
        await desk.SendAs(desk.Admin, new SaveUser(row.Id, row.Name, row.Email, row.Role, [], null, row.Stamp) { Permissions = new Dictionary<string, bool> { ["tickets.answer"] = false } });
        var queue = await desk.QueueAsync(Distribution.Balanced, [reader]);
        await desk.WaitsAsync(queue);
        Assert.Equal(0, await desk.DistributeAsync());
    }

    [Fact]
    public async Task What_nobody_could_reach_any_more_is_freed()
    {
        var (gone, bia) = (await desk.PersonAsync("Ana"), await desk.PersonAsync("Bia"));
        var queue = await desk.QueueAsync(Distribution.None, [gone, bia]);
        var (served, lost) = (await desk.WaitsAsync(queue), await desk.WaitsAsync(queue));
        await desk.SendAs(gone, new AcceptTicket(served));
        // As if both had happened at once.
        await desk.WriteAsync(db => db.Set<Inforzap.Identity.User>().Where(u => u.Id == gone.Id).ExecuteUpdateAsync(set => set.SetProperty(u => u.IsActive, false)));
        await desk.WriteAsync(db => db.Set<Queue>().Where(q => q.Id == queue).ExecuteUpdateAsync(set => set.SetProperty(q => q.DeletedAt, DateTime.UtcNow)));
        var rounds = 0;
        while (await desk.DistributeAsync() > 0) Assert.True(++rounds < 5, "It goes round and round.");
        Assert.Equal((TicketStatus.Pending, null), ((await desk.StateAsync(served)).Status, (await desk.StateAsync(served)).User));
        Assert.NotEqual(queue, (await desk.StateAsync(lost)).Queue);
    }

    [Fact]
    public async Task What_nobody_distributes_stays_where_it_is()
    {
        var queue = await desk.QueueAsync(Distribution.None, [await desk.PersonAsync("Ana")]);
        var ticket = await desk.WaitsAsync(queue);
        await desk.DistributeAsync();
        Assert.Equal((TicketStatus.Pending, null, queue), await desk.StateAsync(ticket));
    }

    /// <summary>Agents come, go, take a break, close; tickets come and are given back. What must hold is asked at each step.</summary>
    [Theory]
    [InlineData(Distribution.Balanced)]
    [InlineData(Distribution.RoundRobin)]
    [InlineData(Distribution.Random)]
    public void However_people_come_and_go_the_right_one_gets_the_oldest_and_nothing_is_stuck(Distribution way) =>
        Gen.Int[0, 5].Array[30, 120].Sample(steps => Simulate(way, steps), iter: 200);

    private static void Simulate(Distribution way, int[] steps)
    {
        var queue = new Queue { Id = Guid.NewGuid(), Name = "x", Color = "#000000", Distribution = way, MaxPerUser = 3 };
        var agents = Enumerable.Range(0, 4).Select(n => new Sim(Guid.NewGuid(), n % 2 == 0 ? 0 : 2)).ToArray();
        var (waiting, now, random) = (new Queue<(int Number, Guid? ReturnedBy)>(), DateTime.UnixEpoch, new Random(steps.Length));
        var number = 0;
        foreach (var (at, step) in steps.Index())
        {
            now = now.AddSeconds(1);
            var who = agents[at % agents.Length];
            switch (step)
            {
                case 0 or 1:
                    waiting.Enqueue((++number, null));
                    break;
                case 2:
                    who.Online = !who.Online;
                    break;
                case 3 when who.Open > 0:
                    who.Open--;
                    break;
                case 4 when who.Open > 0:
                    who.Open--;
                    waiting.Enqueue((++number, who.Id));
                    break;
            }
            var members = agents.Where(a => a.Online).Select(a => new Agent(queue.Id, a.Id, "", a.Most, a.LastGiven)).ToList();
            var choice = new Choice([queue], members, agents.ToDictionary(a => (a.Id, (Guid?)queue.Id), a => a.Open), n => random.Next(n));
            var left = new Queue<(int Number, Guid? ReturnedBy)>();
            while (waiting.TryDequeue(out var ticket))
            {
                var able = agents.Where(a => a.Online && a.Id != ticket.ReturnedBy && a.Open < 3 && (a.Most == 0 || a.Open < a.Most)).ToList();
                var chosen = choice.For(queue.Id, ticket.ReturnedBy);
                if (chosen is null)
                {
                    Assert.Empty(able);
                    left.Enqueue(ticket);
                    continue;
                }
                var agent = agents.Single(a => a.Id == chosen.UserId);
                Assert.Contains(agent, able);
                if (way == Distribution.Balanced)
                {
                    Assert.Equal(able.Min(a => a.Open), agent.Open);
                    Assert.Equal(able.Where(a => a.Open == agent.Open).Min(a => a.LastGiven ?? DateTime.MinValue), agent.LastGiven ?? DateTime.MinValue);
                }
                else if (way == Distribution.RoundRobin) Assert.Equal(able.Min(a => a.LastGiven ?? DateTime.MinValue), agent.LastGiven ?? DateTime.MinValue);
                (agent.Open, agent.LastGiven) = (agent.Open + 1, now = now.AddMilliseconds(1));
                choice.Gave(chosen, now);
            }
            waiting = left;
            // Nothing waits for which somebody has room.
            Assert.DoesNotContain(waiting, t => agents.Any(a => a.Online && a.Id != t.ReturnedBy && a.Open < 3 && (a.Most == 0 || a.Open < a.Most)));
        }
    }

    private sealed class Sim(Guid id, int most)
    {
        public Guid Id => id;
        public int Most => most;
        public bool Online { get; set; }
        public int Open { get; set; }
        public DateTime? LastGiven { get; set; }
    }

    [Fact]
    public async Task Who_comes_gets_what_waits_without_waiting_for_the_clock()
    {
        var late = await desk.PersonAsync("Fred");
        var queue = await desk.QueueAsync(Distribution.Balanced, []);
        var row = (await desk.SendAs(desk.Admin, new ListQueues())).Rows.Single(q => q.Id == queue);
        await desk.SendAs(desk.Admin, new SaveQueue(queue, row.Name, row.Color, 0, [late.Id], row.Version) { Rules = row.Rules });
        var ticket = await desk.WaitsAsync(queue);
        var watch = ActivatorUtilities.CreateInstance<DistributionWatch>(desk.Services);
        await watch.StartAsync(default);
        try
        {
            await desk.SendAsSystem(new NoteSeen(late.Id));
            for (var tries = 0; tries < 100 && (await desk.StateAsync(ticket)).User is null; tries++) await Task.Delay(100, Xunit.TestContext.Current.CancellationToken);
            Assert.Equal(late.Id, (await desk.StateAsync(ticket)).User);
            // And what comes then, too.
            var next = await desk.WaitsAsync(queue);
            for (var tries = 0; tries < 100 && (await desk.StateAsync(next)).User is null; tries++) await Task.Delay(100, Xunit.TestContext.Current.CancellationToken);
            Assert.Equal(late.Id, (await desk.StateAsync(next)).User);
        }
        finally
        {
            await watch.StopAsync(default);
        }
    }

    [Fact]
    public async Task The_oldest_goes_first_and_two_that_look_at_once_give_nothing_twice()
    {
        var people = new[] { await desk.PersonAsync("Ana"), await desk.PersonAsync("Bia") };
        var queue = await desk.QueueAsync(Distribution.Balanced, people, most: 2);
        var tickets = new List<Guid>();
        for (var i = 0; i < 7; i++) tickets.Add(await desk.WaitsAsync(queue));
        var given = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => desk.DistributeAsync()));
        Assert.Equal(4, given.Sum());
        var states = new List<TicketStatus>();
        foreach (var ticket in tickets) states.Add((await desk.StateAsync(ticket)).Status);
        Assert.Equal([.. Enumerable.Repeat(TicketStatus.Open, 4), .. Enumerable.Repeat(TicketStatus.Pending, 3)], states);
        var loads = await desk.ReadAsync(async db => (await db.Set<Ticket>().Where(t => t.QueueId == queue && t.Status == TicketStatus.Open).ToListAsync()).GroupBy(t => t.UserId).Select(g => g.Count()).ToArray());
        Assert.Equal([2, 2], loads);
    }
}

/// <summary>Queues that are away.</summary>
public sealed class AbsenceTests(StaffedCounter desk) : IClassFixture<StaffedCounter>
{
    [Fact]
    public async Task While_a_queue_is_away_another_gets_what_waits_in_it_and_what_is_served_if_it_shall()
    {
        var admin = await desk.PersonAsync("Rute", BuiltInRoles.Administrator);
        var (waits, served) = (await desk.WaitingAsync(), await desk.ServedAsync(desk.Ana));
        await AwayAsync(admin, movesOpen: false);
        await desk.SendAsSystem(new DistributeTickets());
        Assert.Equal(desk.Queue, await QueueOfAsync(admin, waits));
        await desk.PassAsync(TimeSpan.FromHours(1));
        await desk.SendAsSystem(new DistributeTickets());
        Assert.Equal(desk.Support, await QueueOfAsync(admin, waits));
        Assert.Equal(desk.Queue, await QueueOfAsync(admin, served));
        await AwayAsync(admin, movesOpen: true, TimeSpan.Zero);
        await desk.SendAsSystem(new DistributeTickets());
        var row = (await desk.SendAs(admin, new ReadTicket(served))).Row;
        Assert.Equal((TicketStatus.Pending, null, desk.Support), (row.Status, row.UserId, row.QueueId));
        Assert.Contains(await desk.SendAs(admin, new ReadTimeline(waits)), e => e.Type == "absence");
        await desk.PassAsync(TimeSpan.FromHours(5));
        var later = await desk.WaitingAsync();
        await desk.SendAsSystem(new DistributeTickets());
        Assert.Equal(desk.Queue, await QueueOfAsync(admin, later));
    }

    [Fact]
    public async Task An_absence_has_times_and_leads_elsewhere()
    {
        var admin = await desk.PersonAsync("Rute", BuiltInRoles.Administrator);
        var now = desk.Now;
        var rules = new QueueRules(AbsenceQueueId: desk.Support, AbsenceFrom: now, AbsenceTo: now.AddHours(1));
        foreach (var wrong in new[] { rules with { AbsenceTo = now }, rules with { AbsenceFrom = null }, rules with { AbsenceQueueId = desk.Queue }, rules with { AbsenceQueueId = Guid.NewGuid() } })
            await Assert.ThrowsAsync<Refusal>(() => SaveAsync(admin, wrong));
    }

    private Task AwayAsync(Person admin, bool movesOpen, TimeSpan? after = null) => SaveAsync(admin, new QueueRules(AbsenceQueueId: desk.Support,
        AbsenceFrom: desk.Now + (after ?? TimeSpan.FromMinutes(30)), AbsenceTo: desk.Now.AddHours(4), AbsenceMovesOpen: movesOpen));

    private async Task SaveAsync(Person admin, QueueRules rules)
    {
        var row = (await desk.SendAs(admin, new ListQueues())).Rows.Single(q => q.Id == desk.Queue);
        await desk.SendAs(admin, new SaveQueue(row.Id, row.Name, row.Color, row.Order, row.Members, row.Version) { Rules = rules });
    }

    private async Task<Guid?> QueueOfAsync(Person admin, Guid ticket) => (await desk.SendAs(admin, new ReadTicket(ticket))).Row.QueueId;
}
