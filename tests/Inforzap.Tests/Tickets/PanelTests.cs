using System.Data.Common;
using Inforzap.Alarms;
using Inforzap.Contracts.Channels;
using Inforzap.Contracts.Contacts;
using Inforzap.Contracts.Identity;
using Inforzap.Contracts.Settings;
using Inforzap.Contracts.Tickets;
using Inforzap.Data;
using Inforzap.Lanes;
using Inforzap.Live;
using Inforzap.Requests;
using Inforzap.Sdk;
using Inforzap.Tests.Support;
using Inforzap.Tickets;
using Inforzap.Tickets.Desk;
using Inforzap.Tickets.Notes;
using Inforzap.Tickets.Outbound;
using Inforzap.Tickets.Panel;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Time.Testing;

namespace Inforzap.Tests.Tickets;

public sealed class PanelTests : IAsyncLifetime
{
    // Later than any clock of a machine that runs this: what happens is due at once.
    private static readonly DateTimeOffset Morning = new(2040, 11, 20, 13, 0, 0, TimeSpan.Zero);
    private readonly FakeTimeProvider clock = new(Morning);
    private readonly Counting counter;
    private Person admin = null!, lead = null!, ana = null!, bruno = null!;
    private Guid other;

    public PanelTests() => counter = new Counting(clock);

    public async ValueTask InitializeAsync()
    {
        await counter.InitializeAsync();
        other = await counter.QueueAsync("Suporte");
        admin = await counter.PersonAsync("Rita", BuiltInRoles.Administrator);
        lead = await counter.PersonAsync("Lia", BuiltInRoles.Supervisor, counter.Queue);
        ana = await counter.PersonAsync("Ana", BuiltInRoles.Agent, counter.Queue);
        bruno = await counter.PersonAsync("Bruno", BuiltInRoles.Agent, counter.Queue, other);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await counter.DisposeAsync();
    }

    /// <summary>Counts the statements that its database is asked for.</summary>
    private sealed class Counting : Counter
    {
        private readonly Listener listener = new();

        public Counting(FakeTimeProvider clock)
        {
            var before = Configure;
            Clock = clock;
            Configure = services =>
            {
                before!(services);
                services.ConfigureDbContext<SqliteDb>(o => o.AddInterceptors(listener));
                services.ConfigureDbContext<PostgreSqlDb>(o => o.AddInterceptors(listener));
            };
        }

        public int Statements => listener.Count;

        private sealed class Listener : DbCommandInterceptor
        {
            public int Count { get; private set; }

            public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
                DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
            {
                Count++;
                return base.ReaderExecutingAsync(command, eventData, result, cancellationToken);
            }
        }
    }

    private static string Number(int n) => $"55319{80000000 + n}";

    private async Task<Guid> WritesAsync(int n, string text = "Olá")
    {
        await counter.HappenAsync(counter.Says(Number(n), text));
        return await counter.TicketOfAsync(Number(n));
    }

    private Task<PanelState> PanelAsync(Person who, PanelBy by = PanelBy.User, PanelFilter? filter = null, bool isShort = false, bool pendingFirst = true) =>
        counter.SendAs(who, new ReadPanel(by, filter ?? new(), isShort, pendingFirst));

    private Task PromiseAsync(Guid queue, int? minutes) => counter.WriteAsync(async db =>
    {
        (await db.Set<Queue>().SingleAsync(q => q.Id == queue)).FirstResponseMinutes = minutes;
        await db.SaveChangesAsync();
    });

    private static PanelColumn Of(PanelState state, Person who) => state.Columns.Single(c => c.Id == who.Id);

    private static IEnumerable<Guid> Cards(PanelState state) => state.Columns.SelectMany(c => c.Cards).Select(c => c.Row.Id);

    [Fact]
    public async Task Each_sees_what_the_one_rule_lets_them_see_and_agents_see_nothing()
    {
        var (ours, theirs) = (await WritesAsync(1), await WritesAsync(2));
        await counter.SendAs(admin, new TransferTicket(theirs, other, null));
        var served = await WritesAsync(3);
        await counter.SendAs(ana, new AcceptTicket(served));

        foreach (var by in Enum.GetValues<PanelBy>())
        {
            Assert.Equal(new[] { ours, theirs, served }.Order(), Cards(await PanelAsync(admin, by)).Order());
            // A supervisor follows what their own queue's agents do.
            Assert.Equal(new[] { ours, served }.Order(), Cards(await PanelAsync(lead, by)).Order());
            foreach (var isShort in new[] { true, false })
                Assert.Equal(RefusalKind.Forbidden, (await Assert.ThrowsAsync<Refusal>(() => PanelAsync(ana, by, isShort: isShort))).Kind);
        }
        Assert.Equal(RefusalKind.Forbidden, (await Assert.ThrowsAsync<Refusal>(() => counter.SendAs(ana, new ReadPanelChoices()))).Kind);
        Assert.Equal((1, 1), ((await PanelAsync(lead)).Figures.Open, (await PanelAsync(lead)).Figures.Pending));
        Assert.Equal(["Vendas"], (await PanelAsync(lead, PanelBy.Queue)).Columns.Select(c => c.Name));
        // Nor by asking for it by its queue or its number.
        Assert.Empty(Cards(await PanelAsync(lead, filter: new() { Queues = [other] })));
        Assert.Empty(Cards(await PanelAsync(lead, filter: new() { Text = Number(2) })));
        var choices = await counter.SendAs(lead, new ReadPanelChoices());
        Assert.Equal(["Vendas"], choices.Queues.Select(q => q.Name));
        Assert.Equal(["Ana", "Bruno", "Lia"], choices.People.Select(p => p.Name));
    }

    [Fact]
    public async Task Counters_lists_and_figures_agree_and_groups_are_in_none()
    {
        for (var n = 1; n <= 5; n++) await WritesAsync(n);
        await counter.SendAs(ana, new AcceptTicket(await counter.TicketOfAsync(Number(1))));
        await counter.SendAs(ana, new AcceptTicket(await counter.TicketOfAsync(Number(2))));
        await counter.SendAs(bruno, new AcceptTicket(await counter.TicketOfAsync(Number(3))));
        await counter.SendAs(ana, new SendMessage(await counter.TicketOfAsync(Number(1)), Guid.CreateVersion7(), "Pois não"));
        await counter.SendAs(admin, new TransferTicket(await counter.TicketOfAsync(Number(4)), other, null));
        var contact = await counter.ReadAsync(db => db.Set<Ticket>().Select(t => t.ContactId).FirstAsync());
        await counter.WriteAsync(async db =>
        {
            db.Add(Ticket.New(900, Guid.NewGuid(), contact, new Address("grupo", AddressKind.Phone), counter.Queue, clock.GetUtcNow().UtcDateTime, null, isGroup: true));
            await db.SaveChangesAsync();
        });
        foreach (var who in new[] { admin, lead })
            foreach (var by in Enum.GetValues<PanelBy>())
            {
                var state = await PanelAsync(who, by);
                Assert.All(state.Columns, c =>
                {
                    Assert.Equal(c.Total, c.Cards.Count);
                    Assert.Equal(c.Open, c.Cards.Count(x => x.Row.Status == TicketStatus.Open));
                    Assert.Equal(c.Waiting, c.Cards.Count(x => x.WaitingSince is not null));
                    Assert.Equal(c.Oldest, c.Cards.Min(x => x.WaitingSince));
                });
                Assert.Equal((state.Figures.Open, state.Figures.Pending, state.Figures.Waiting, state.Matching),
                    (state.Columns.Sum(c => c.Open), state.Columns.Sum(c => c.Pending), state.Columns.Sum(c => c.Waiting), Cards(state).Count()));
                var brief = await PanelAsync(who, by, isShort: true);
                Assert.Equal(state.Columns.Select(c => (c.Id, c.Open, c.Pending)), brief.Columns.Select(c => (c.Id, c.Open, c.Pending)));
                Assert.Empty(Cards(brief));
            }
        Assert.Equal((3, 2, 4), ((await PanelAsync(admin)).Figures.Open, (await PanelAsync(admin)).Figures.Pending, (await PanelAsync(admin)).Figures.Waiting));
        Assert.Equal([("Ana", 2), ("Bruno", 1)], (await PanelAsync(admin)).Columns.Where(c => c.Id is not null).Select(c => (c.Name!, c.Open)).Order());
    }

    [Fact]
    public async Task A_promise_is_kept_near_or_broken_by_the_clock_until_somebody_answers()
    {
        await PromiseAsync(counter.Queue, 10);
        var ticket = await WritesAsync(1);
        await counter.SendAs(ana, new AcceptTicket(ticket));
        async Task<(Due, int, int)> NowAsync()
        {
            var state = await PanelAsync(lead);
            var card = state.Columns.SelectMany(c => c.Cards).Single();
            return (card.DueAt(clock.GetUtcNow().UtcDateTime), state.Figures.Broken, Of(state, ana).Broken);
        }

        clock.SetUtcNow(Morning.AddMinutes(7.4));
        Assert.Equal((Due.Later, 0, 0), await NowAsync());
        clock.SetUtcNow(Morning.AddMinutes(7.5).AddSeconds(1));
        Assert.Equal((Due.Soon, 0, 0), await NowAsync());
        clock.SetUtcNow(Morning.AddMinutes(10.1));
        Assert.Equal((Due.Over, 1, 1), await NowAsync());
        // Handing it about does not begin the time anew; a queue that promises nothing breaks nothing.
        await counter.SendAs(ana, new ReturnTicket(ticket));
        Assert.Equal(1, (await PanelAsync(lead)).Figures.Broken);
        await counter.SendAs(ana, new TransferTicket(ticket, other, null));
        Assert.Equal(0, (await PanelAsync(admin)).Figures.Broken);
        Assert.Equal(Due.No, (await PanelAsync(admin)).Columns.SelectMany(c => c.Cards).Single().DueAt(clock.GetUtcNow().UtcDateTime));
        await counter.SendAs(admin, new TransferTicket(ticket, counter.Queue, ana.Id));
        Assert.Equal((Due.Over, 1, 1), await NowAsync());
        await counter.SendAs(ana, new SendMessage(ticket, Guid.CreateVersion7(), "Desculpe a demora"));
        Assert.Equal((Due.No, 0, 0), await NowAsync());
        // What they ask next is no first answer any more.
        clock.Advance(TimeSpan.FromHours(1));
        await WritesAsync(1, "E o prazo?");
        Assert.Equal((Due.No, 0, 0), await NowAsync());
    }

    [Fact]
    public async Task Promises_of_several_queues_are_judged_each_by_its_own()
    {
        await PromiseAsync(counter.Queue, 10);
        await PromiseAsync(other, 30);
        await WritesAsync(1);
        await counter.SendAs(admin, new TransferTicket(await WritesAsync(2), other, null));
        clock.SetUtcNow(Morning.AddMinutes(20));
        Assert.Equal([("Vendas", 1), ("Suporte", 0)], (await PanelAsync(admin, PanelBy.Queue)).Columns.Select(c => (c.Name!, c.Broken)).OrderByDescending(c => c.Item2));
        clock.SetUtcNow(Morning.AddMinutes(31));
        Assert.Equal(2, (await PanelAsync(admin)).Figures.Broken);
    }

    [Fact]
    public async Task Whoever_wrote_last_is_not_waited_for_and_the_longest_wait_comes_first()
    {
        await counter.SendAs(ana, new AcceptTicket(await WritesAsync(1)));
        clock.Advance(TimeSpan.FromMinutes(1));
        await counter.SendAs(bruno, new AcceptTicket(await WritesAsync(2)));
        var before = await PanelAsync(lead);
        Assert.Equal([null, "Ana", "Bruno"], before.Columns.Select(c => c.Name));
        Assert.Equal(Morning.UtcDateTime, before.Figures.Oldest);
        Assert.All(before.Columns.SelectMany(c => c.Cards), c => Assert.NotNull(c.WaitingSince));

        await counter.SendAs(ana, new SendMessage(await counter.TicketOfAsync(Number(1)), Guid.CreateVersion7(), "Oi"));
        var after = await PanelAsync(lead);
        Assert.Equal([null, "Bruno", "Ana"], after.Columns.Select(c => c.Name));
        Assert.Null(Of(after, ana).Cards.Single().WaitingSince);
        Assert.Equal((1, Morning.UtcDateTime.AddMinutes(1)), (after.Figures.Waiting, after.Figures.Oldest));
        // Nothing moves by time alone.
        clock.Advance(TimeSpan.FromHours(3));
        Assert.Equal(after.Columns.Select(c => c.Id), (await PanelAsync(lead)).Columns.Select(c => c.Id));
    }

    [Fact]
    public async Task Within_a_column_pending_ones_come_first_if_wished_then_the_longest_wait()
    {
        var first = await WritesAsync(1);
        await counter.SendAs(ana, new AcceptTicket(first));
        clock.Advance(TimeSpan.FromMinutes(1));
        var second = await WritesAsync(2);
        clock.Advance(TimeSpan.FromMinutes(1));
        var third = await WritesAsync(3);
        Assert.Equal([second, third, first], Cards(await PanelAsync(lead, PanelBy.Queue)));
        Assert.Equal([first, second, third], Cards(await PanelAsync(lead, PanelBy.Queue, pendingFirst: false)));
    }

    [Fact]
    public async Task The_first_response_of_today_is_the_mean_of_what_was_first_answered_since_midnight()
    {
        Assert.Null((await PanelAsync(admin)).Figures.FirstResponse);
        foreach (var (n, minutes) in new[] { (1, 2), (2, 4) })
        {
            var ticket = await WritesAsync(n);
            clock.Advance(TimeSpan.FromMinutes(minutes));
            await counter.SendAs(ana, new AcceptTicket(ticket));
            await counter.SendAs(ana, new SendMessage(ticket, Guid.CreateVersion7(), "Oi"));
            await counter.SendAs(ana, new SendMessage(ticket, Guid.CreateVersion7(), "De novo"));
        }
        await counter.SendAs(ana, new CloseTicket(await counter.TicketOfAsync(Number(1))));
        Assert.Equal(180.0, (await PanelAsync(lead)).Figures.FirstResponse);
        var outside = await counter.PersonAsync("Caio", BuiltInRoles.Supervisor, other);
        Assert.Null((await PanelAsync(outside)).Figures.FirstResponse);
        // In São Paulo the day ends at three in the morning, UTC.
        clock.SetUtcNow(new(2040, 11, 21, 2, 59, 0, TimeSpan.Zero));
        Assert.Equal(180.0, (await PanelAsync(lead)).Figures.FirstResponse);
        clock.SetUtcNow(new(2040, 11, 21, 3, 1, 0, TimeSpan.Zero));
        Assert.Null((await PanelAsync(lead)).Figures.FirstResponse);
    }

    [Fact]
    public async Task Watching_marks_nothing_as_read_and_is_written_down_each_time()
    {
        var ticket = await WritesAsync(1);
        await counter.SendAs(lead, new AcceptTicket(ticket));
        await WritesAsync(1, "Alguém aí?");
        var unread = (await counter.TicketAsync(ticket)).Unread;
        var receipts = await ReceiptsAsync();
        Assert.True(unread > 0);
        // Not even in one's own.
        foreach (var who in new[] { lead, admin, admin })
        {
            await counter.SendAs(who, new PeekTicket(ticket));
            await counter.SendAs(who, new ReadMessages(ticket, 1, 50));
        }
        Assert.Equal(unread, (await counter.TicketAsync(ticket)).Unread);
        Assert.Equal(receipts, await ReceiptsAsync());
        Assert.Equal(["Rita", "Rita", "Lia"], (await counter.SendAs(admin, new ReadTimeline(ticket))).Where(e => e.Type == "viewed").Select(e => e.UserName));
        // Whoever serves it does read it by opening it.
        await counter.SendAs(lead, new SeeTicket(ticket));
        Assert.Equal(0, (await counter.TicketAsync(ticket)).Unread);

        var hidden = await counter.PersonAsync("Caio", BuiltInRoles.Supervisor, other);
        Assert.Equal(RefusalKind.NotFound, (await Assert.ThrowsAsync<Refusal>(() => counter.SendAs(hidden, new PeekTicket(ticket)))).Kind);
        Task<int> ReceiptsAsync() => counter.ReadAsync(db => db.Set<LaneItem>().CountAsync(i => i.Lane.StartsWith("read/")));
    }

    [Fact]
    public async Task Who_takes_over_has_it_and_the_colleague_is_told()
    {
        var ticket = await WritesAsync(1);
        await counter.SendAs(ana, new AcceptTicket(ticket));
        // An agent of the queue can't take what a colleague serves; here they don't even see it.
        Assert.Equal(RefusalKind.NotFound, (await Assert.ThrowsAsync<Refusal>(() => counter.SendAs(bruno, new TakeOverTicket(ticket)))).Kind);
        await counter.SendAsSystem(new ChangeSettings(new Dictionary<string, string> { [Setting.HideOthersTickets.Name] = "false" }));
        Assert.Equal(RefusalKind.Conflict, (await Assert.ThrowsAsync<Refusal>(() => counter.SendAs(bruno, new TakeOverTicket(ticket, ana.Id)))).Kind);
        // Who saw it waiting, or with somebody else, takes it from nobody unasked; nor does a card that is dropped.
        Assert.Contains("Ana", (await Assert.ThrowsAsync<Refusal>(() => counter.SendAs(lead, new TakeOverTicket(ticket)))).Message);
        Assert.Contains("Ana", (await Assert.ThrowsAsync<Refusal>(() => counter.SendAs(lead, new TakeOverTicket(ticket, bruno.Id)))).Message);
        Assert.Contains("Ana", (await Assert.ThrowsAsync<Refusal>(() => counter.SendAs(lead, new TransferTicket(ticket, null, bruno.Id) { Seen = new(null) }))).Message);
        Assert.Equal(ana.Id, (await counter.TicketAsync(ticket)).UserId);

        var told = 0;
        using var watch = counter.Services.GetRequiredService<LiveHints>().On([Topics.Taken(ana.Id)], _ => told++);
        await counter.SendAs(lead, new TakeOverTicket(ticket, ana.Id));
        Assert.Equal((TicketStatus.Open, lead.Id, 1), ((await counter.TicketAsync(ticket)).Status, (await counter.TicketAsync(ticket)).UserId, told));
        var row = Assert.Single(await counter.SendAs(ana, new ReadTakenTickets()));
        Assert.Equal(("Lia", true), (row.By, row.IsTheirs));
        Assert.Contains((await counter.SendAs(ana, new ListAlarms())).Alarms, a => a.Text!.StartsWith("Lia assumiu o atendimento #", StringComparison.Ordinal));
        Assert.Contains((await counter.SendAs(admin, new ReadTimeline(ticket))), e => e is { Type: "taken-over", UserName: "Lia" } && e.Data!.Contains("Ana"));
        Assert.Empty(await counter.SendAs(lead, new ReadTakenTickets()));
        // Again is no news, and what nobody serves was taken from nobody.
        await counter.SendAs(lead, new TakeOverTicket(ticket));
        await counter.SendAs(lead, new TakeOverTicket(await WritesAsync(2)));
        Assert.Equal(1, told);
        Assert.Single(await counter.SendAs(ana, new ReadTakenTickets()));
        clock.Advance(TimeSpan.FromHours(2.1));
        Assert.Empty(await counter.SendAs(ana, new ReadTakenTickets()));
        await counter.SendAs(lead, new CloseTicket(ticket));
        Assert.Equal(RefusalKind.Conflict, (await Assert.ThrowsAsync<Refusal>(() => counter.SendAs(lead, new TakeOverTicket(ticket)))).Kind);
    }

    [Fact]
    public async Task Who_loses_a_ticket_by_transfer_or_return_is_told_unless_they_did_it()
    {
        var ticket = await WritesAsync(1);
        await counter.SendAs(ana, new AcceptTicket(ticket));
        await counter.SendAs(ana, new TransferTicket(ticket, null, bruno.Id));
        Assert.Empty(await counter.SendAs(ana, new ReadTakenTickets()));
        await counter.SendAs(lead, new TransferTicket(ticket, null, ana.Id));
        Assert.Equal(("Lia", false), (await counter.SendAs(bruno, new ReadTakenTickets())) is [var lost] ? (lost.By, lost.IsTheirs) : default);
        await counter.SendAs(admin, new ReturnTicket(ticket));
        Assert.Equal("Rita", Assert.Single(await counter.SendAs(ana, new ReadTakenTickets())).By);
    }

    [Fact]
    public async Task What_is_dragged_obeys_the_rules_of_transfers()
    {
        var ticket = await WritesAsync(1);
        await counter.SendAsSystem(new ChangeSettings(new Dictionary<string, string> { [Setting.TransferOutsideQueue.Name] = "false" }));
        var outside = await counter.PersonAsync("Dora", BuiltInRoles.Agent, other);
        await Assert.ThrowsAsync<Refusal>(() => counter.SendAs(lead, new TransferTicket(ticket, null, outside.Id)));
        Assert.Null((await PanelAsync(lead)).Columns.Single(c => c.Cards.Count > 0).Id);
        await counter.SendAs(lead, new TransferTicket(ticket, null, ana.Id));
        Assert.Equal(ticket, Of(await PanelAsync(lead), ana).Cards.Single().Row.Id);
        // Both viewers see the same.
        Assert.Equal(Cards(await PanelAsync(lead)), Cards(await PanelAsync(admin)));
    }

    [Fact]
    public async Task A_note_that_names_who_serves_reaches_them()
    {
        var ticket = await WritesAsync(1);
        await counter.SendAs(ana, new AcceptTicket(ticket));
        await counter.SendAs(lead, new SendMessage(ticket, Guid.CreateVersion7(), "@Ana ofereça o frete", IsNote: true));
        Assert.Equal("Lia", Assert.Single(await counter.SendAs(ana, new ReadMentions())).By);
        Assert.NotNull((await PanelAsync(lead)).Columns.SelectMany(c => c.Cards).Single().WaitingSince);
    }

    [Fact]
    public async Task Filters_narrow_what_is_shown_and_not_the_figures_above()
    {
        var first = await WritesAsync(1);
        await counter.SendAs(ana, new AcceptTicket(first));
        clock.Advance(TimeSpan.FromDays(1));
        var second = await WritesAsync(2);
        await counter.SendAs(admin, new TransferTicket(second, other, null));
        var third = await WritesAsync(3);
        var contact = (await counter.TicketAsync(third)).ContactId;
        var tag = await counter.SendAs(admin, new MakeTag("VIP"));
        await counter.SendAs(admin, new AddTag(contact, tag));
        await WritesAsync(1, "Ainda espero");
        var today = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);

        async Task IsAsync(PanelFilter filter, params Guid[] expected)
        {
            var state = await PanelAsync(admin, filter: filter);
            Assert.Equal(expected.Order(), Cards(state).Order());
            Assert.Equal((expected.Length, 3), (state.Matching, state.Figures.Open + state.Figures.Pending));
        }

        await IsAsync(new() { Text = Number(1) }, first);
        await IsAsync(new() { Text = $"#{(await counter.TicketAsync(second)).Number}" }, second);
        await IsAsync(new() { Status = TicketStatus.Open }, first);
        await IsAsync(new() { Status = TicketStatus.Pending }, second, third);
        await IsAsync(new() { Queues = [other] }, second);
        await IsAsync(new() { Users = [ana.Id] }, first);
        await IsAsync(new() { Channels = [counter.Channel] }, first, second, third);
        await IsAsync(new() { Channels = [Guid.NewGuid()] });
        await IsAsync(new() { Tags = [tag] }, third);
        await IsAsync(new() { From = today }, first, second, third);
        await IsAsync(new() { From = today, Moment = PanelMoment.Created }, second, third);
        await IsAsync(new() { To = today.AddDays(-1), Moment = PanelMoment.Created }, first);
        // Who is asked for is shown with nothing, too, and then nobody else.
        Assert.Equal([bruno.Id], (await PanelAsync(admin, filter: new() { Users = [bruno.Id] })).Columns.Select(c => c.Id!.Value));
    }

    [Fact]
    public async Task Who_is_there_has_a_column_and_who_is_away_is_not_counted_as_available()
    {
        await counter.SendAsSystem(new NoteSeen(ana.Id));
        await counter.SendAsSystem(new NoteSeen(bruno.Id));
        await counter.SendAs(lead, new SetPresenceOf(bruno.Id, Presence.Away));
        var state = await PanelAsync(lead);
        Assert.Equal([(null, null), ("Ana", Presence.Online), ("Bruno", (Presence?)Presence.Away)], state.Columns.Select(c => (c.Name, c.Presence)));
        Assert.Equal((1, 2), (state.Figures.Online, state.Figures.Present));
        // Colleagues of other queues are not the supervisor's.
        var outside = await counter.PersonAsync("Caio", BuiltInRoles.Supervisor, await counter.QueueAsync("Cobrança"));
        Assert.Equal((0, 0), ((await PanelAsync(outside)).Figures.Online, (await PanelAsync(outside)).Figures.Present));
    }

    [Theory]
    [InlineData(ChannelState.Connected, false)]
    [InlineData(ChannelState.Connecting, false)]
    [InlineData(ChannelState.Disconnected, false)]
    [InlineData(ChannelState.NeedsPairing, true)]
    [InlineData(ChannelState.Retrying, true)]
    [InlineData(ChannelState.Stopped, true)]
    public void A_channel_that_is_switched_off_is_missed_by_nobody(ChannelState state, bool isDown) =>
        Assert.Equal(isDown, new ChannelInfo(Guid.NewGuid(), "x", "x", "x", null, null, state, Can.Text, 0, false).IsDown());

    [Fact]
    public async Task With_many_tickets_it_asks_as_few_questions_and_shows_the_first_of_each_column()
    {
        await PromiseAsync(counter.Queue, 10);
        await counter.SendAs(ana, new AcceptTicket(await WritesAsync(1)));
        await WritesAsync(2);
        var few = await StatementsAsync(PanelBy.User);
        var fewByQueue = await StatementsAsync(PanelBy.Queue);
        await counter.HappenAsync([.. Enumerable.Range(100, 120).Select(n => counter.Says(Number(n), "Olá"))]);
        await counter.WriteAsync(async db =>
        {
            foreach (var (t, i) in (await db.Set<Ticket>().Where(t => t.Status == TicketStatus.Pending).OrderBy(t => t.Number).ToListAsync()).Select((t, i) => (t, i)))
                if (i % 3 == 1) t.Accept(ana.Id, clock.GetUtcNow().UtcDateTime); else if (i % 3 == 2) t.Accept(bruno.Id, clock.GetUtcNow().UtcDateTime);
            await db.SaveChangesAsync();
        });
        Assert.Equal(few, await StatementsAsync(PanelBy.User));
        Assert.Equal(fewByQueue, await StatementsAsync(PanelBy.Queue));

        var state = await PanelAsync(admin);
        Assert.All(state.Columns, c => Assert.Equal(Math.Min(ReadPanel.PerColumn, c.Total), c.Cards.Count));
        Assert.Equal((122, 122), (state.Matching, state.Columns.Sum(c => c.Total)));
        foreach (var column in new[] { ana.Id, (Guid?)null })
        {
            var unfolded = await counter.SendAs(admin, new ReadPanel(PanelBy.User, new()) { More = [new(column, 60)] });
            Assert.Equal(state.Columns.Single(c => c.Id == column).Total, unfolded.Columns.Single(c => c.Id == column).Cards.Count);
            Assert.Equal(ReadPanel.PerColumn, unfolded.Columns.First(c => c.Id != column).Cards.Count);
        }
        var narrow = await counter.SendAs(admin, new ReadPanel(PanelBy.User, new(), Columns: 1));
        Assert.Equal((1, 2, 122), (narrow.Columns.Count, narrow.MoreColumns, narrow.Matching));

        async Task<int> StatementsAsync(PanelBy by)
        {
            await PanelAsync(admin, by);
            var before = counter.Statements;
            await PanelAsync(admin, by);
            return counter.Statements - before;
        }
    }

    [Fact]
    public async Task A_column_is_of_no_queue_only_where_a_ticket_has_none()
    {
        var ticket = await WritesAsync(1);
        Assert.DoesNotContain((await PanelAsync(admin, PanelBy.Queue)).Columns, c => c.Id is null);
        await counter.WriteAsync(async db =>
        {
            (await db.Set<Ticket>().SingleAsync(t => t.Id == ticket)).MoveTo(null);
            await db.SaveChangesAsync();
        });
        Assert.Equal([(null, 1), ("Suporte", 0), ("Vendas", 0)], (await PanelAsync(admin, PanelBy.Queue)).Columns.Select(c => (c.Name, c.Total)));
        Assert.Empty(Cards(await PanelAsync(lead, PanelBy.Queue)));
    }
}
