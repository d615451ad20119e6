using System.Reflection;
using Inforzap.Contracts.Settings;
using Inforzap.Contracts.Tickets;
using Inforzap.Requests;
using Inforzap.Sdk;
using Inforzap.Tickets;
using Inforzap.Tickets.Desk;
using Inforzap.Tickets.Outbound;

namespace Inforzap.Tests.Tickets;

public sealed class VisibilityTests(Counter counter) : IClassFixture<Counter>
{
    /// <summary>Who sees whose ticket, by FEATURES 1.5. 'hidden' is the switch that hides what others serve.</summary>
    [Theory]
    [InlineData("admin", "other", true)]
    [InlineData("supervisor of the queue", "other", true)]
    [InlineData("supervisor of another queue", "other", false)]
    [InlineData("agent of the queue", "other", false)]
    [InlineData("agent of the queue", "nobody", true)]
    [InlineData("agent of the queue", "self", true)]
    [InlineData("agent of another queue", "nobody", false)]
    [InlineData("agent of another queue", "self", true)]
    public async Task One_rule_says_who_sees_a_ticket(string who, string servedBy, bool sees)
    {
        var elsewhere = await counter.SendAsSystem(new EnsureQueue("Suporte"));
        var queues = who.Contains("another") ? new[] { elsewhere } : [counter.Queue];
        var role = who.StartsWith("admin", StringComparison.Ordinal) ? BuiltInRoles.Administrator : who.StartsWith("supervisor", StringComparison.Ordinal) ? BuiltInRoles.Supervisor : BuiltInRoles.Agent;
        var caller = counter.Agent("Quem", role, queues);
        var number = $"5531{Random.Shared.Next(20000000, 59999999)}";
        await counter.HappenAsync(counter.Says(number, "vê?"));
        var ticket = await counter.TicketOfAsync(number);
        if (servedBy == "other") await counter.Send(counter.Agent("Outra"), new AcceptTicket(ticket));
        if (servedBy == "self")
        {
            await counter.WriteAsync(async db =>
            {
                var t = await db.Set<Ticket>().SingleAsync(t => t.Id == ticket);
                t.Accept(caller.Id, DateTime.UtcNow);
            });
        }
        var status = servedBy == "nobody" ? TicketStatus.Pending : TicketStatus.Open;
        Assert.Equal(sees, (await counter.Send(caller, new ListTickets(status, Take: 500))).Rows.Any(r => r.Id == ticket));
        Assert.Equal(sees, (await counter.Send(caller, new ListTickets(status, Search: number, Take: 500))).Rows.Any(r => r.Id == ticket));
        if (sees)
        {
            Assert.Equal(ticket, (await counter.Send(caller, new ReadTicket(ticket))).Row.Id);
            return;
        }
        foreach (var request in RequestsAbout(ticket))
        {
            var refusal = await Assert.ThrowsAsync<Refusal>(() => counter.Send(caller, request));
            Assert.True(refusal.Kind is RefusalKind.NotFound || (request is AcceptTicket && refusal.Kind == RefusalKind.Conflict) || (refusal.Kind == RefusalKind.Forbidden && !MaySend(caller, request)), $"{request.GetType().Name}: {refusal.Kind}");
        }
        // Drafts are the caller's own; nothing of the ticket is told.
        Assert.Null(await counter.Send(caller, new ReadDraft(ticket)));
    }

    /// <summary>What somebody may not do at all tells them nothing of a ticket.</summary>
    private static bool MaySend(Actor caller, IRequest<Unit> request) => request.GetType().GetCustomAttribute<AllowAttribute>() is not { } allow || allow.Permissions.Any(caller.May);

    /// <summary>Every request of the module that names a ticket, found by reflection: a new one is tried without being listed.</summary>
    private static IEnumerable<IRequest<Unit>> RequestsAbout(Guid ticket)
    {
        foreach (var type in typeof(TicketsModule).Assembly.GetTypes())
        {
            if (!typeof(IRequest<Unit>).IsAssignableFrom(type) || type.IsDefined(typeof(AllowSystemAttribute)) || type.GetProperty("TicketId") is null) continue;
            var constructor = type.GetConstructors()[0];
            var arguments = constructor.GetParameters().Select(p => Argument(p, ticket)).ToArray();
            yield return (IRequest<Unit>)constructor.Invoke(arguments);
        }
    }

    private static object? Argument(ParameterInfo parameter, Guid ticket) =>
        parameter.Name == "TicketId" ? ticket
        : parameter.ParameterType == typeof(string) ? "x"
        : parameter.ParameterType == typeof(int) ? 1
        : parameter.ParameterType == typeof(Guid) || parameter.ParameterType == typeof(Guid?) ? Guid.NewGuid()
        : parameter.ParameterType.IsValueType ? Activator.CreateInstance(parameter.ParameterType) : null;

    [Fact]
    public async Task The_matrix_covers_every_command()
    {
        var tried = RequestsAbout(Guid.NewGuid()).Select(r => r.GetType().Name).ToHashSet();
        Assert.Superset(new HashSet<string> { nameof(AcceptTicket), nameof(ReturnTicket), nameof(CloseTicket), nameof(ReopenTicket), nameof(TransferTicket), nameof(SeeTicket), nameof(SaveDraft) }, tried);
        await Task.CompletedTask;
    }

    [Fact]
    public async Task Reading_what_is_not_visible_finds_nothing()
    {
        var stranger = counter.Agent("Fora", BuiltInRoles.Agent, await counter.SendAsSystem(new EnsureQueue("Outra")));
        await counter.HappenAsync(counter.Says("5531911110099", "segredo do bolo"));
        var ticket = await counter.TicketOfAsync("5531911110099");
        Assert.Empty((await counter.Send(stranger, new ListTickets(TicketStatus.Pending, Search: "segredo"))).Rows);
        Assert.Equal(0, (await counter.Send(stranger, new CountTickets())).Pending);
        Assert.Equal(RefusalKind.NotFound, (await Assert.ThrowsAsync<Refusal>(() => counter.Send(stranger, new ReadTicket(ticket)))).Kind);
        Assert.Equal(RefusalKind.NotFound, (await Assert.ThrowsAsync<Refusal>(() => counter.Send(stranger, new ReadMessages(ticket, 1, 50)))).Kind);
        Assert.Equal(RefusalKind.NotFound, (await Assert.ThrowsAsync<Refusal>(() => counter.Send(stranger, new ReadChanges(ticket, 0)))).Kind);
        Assert.Equal(RefusalKind.NotFound, (await Assert.ThrowsAsync<Refusal>(() => counter.Send(stranger, new ReadTimeline(ticket)))).Kind);
        Assert.Equal(RefusalKind.NotFound, (await Assert.ThrowsAsync<Refusal>(() => counter.Send(stranger, new FindInTicket(ticket, "segredo")))).Kind);
        Assert.Equal(RefusalKind.NotFound, (await Assert.ThrowsAsync<Refusal>(() => counter.Send(stranger, new SendMessage(ticket, Guid.NewGuid(), "oi")))).Kind);
        Assert.False(await counter.Send(stranger, new MayUpload(ticket)));
    }

    [Fact]
    public async Task Where_peeking_is_switched_off_messages_that_wait_are_read_by_leads_and_by_who_takes_the_ticket()
    {
        await using var own = new Counter();
        await own.InitializeAsync();
        var (agent, lead) = (own.Agent("Ana"), own.Agent("Sílvia", BuiltInRoles.Supervisor));
        await own.HappenAsync(own.Says("5531911110077", "particular"));
        var ticket = await own.TicketOfAsync("5531911110077");
        Assert.Single(await own.Send(agent, new ReadMessages(ticket, 1, 50)));
        await own.SendAsSystem(new ChangeSettings(new Dictionary<string, string> { [Setting.AllowPeek.Name] = "false" }));
        foreach (var request in new IRequest<IReadOnlyList<MessageRow>>[] { new ReadMessages(ticket, 1, 50), new ReadChanges(ticket, 0) })
            Assert.Equal(RefusalKind.Forbidden, (await Assert.ThrowsAsync<Refusal>(() => own.Send(agent, request))).Kind);
        Assert.Equal(RefusalKind.Forbidden, (await Assert.ThrowsAsync<Refusal>(() => own.Send(agent, new FindInTicket(ticket, "particular")))).Kind);
        Assert.False((await own.Send(agent, new ReadTicket(ticket))).MayLook);
        Assert.Single(await own.Send(lead, new ReadMessages(ticket, 1, 50)));
        await own.Send(agent, new AcceptTicket(ticket));
        Assert.True((await own.Send(agent, new ReadTicket(ticket))).MayLook);
        Assert.Single(await own.Send(agent, new ReadMessages(ticket, 1, 50)));
    }
}

public sealed class TicketListTests(Counter counter) : IClassFixture<Counter>
{
    [Fact]
    public async Task Pages_by_keyset_neither_skip_nor_repeat_while_the_list_moves()
    {
        var ana = counter.Agent("Ana");
        var before = (await counter.Send(ana, new CountTickets())).Pending;
        for (var i = 0; i < 25; i++) await counter.HappenAsync(counter.Says($"55419{i:00000000}", $"oi {i}"));
        var first = await counter.Send(ana, new ListTickets(TicketStatus.Pending, Take: 10));
        await counter.HappenAsync(counter.Says("5541900000000", "eu de novo"));
        var second = await counter.Send(ana, new ListTickets(TicketStatus.Pending, After: first.Next, Take: 10));
        Assert.Empty(first.Rows.Select(r => r.Id).Intersect(second.Rows.Select(r => r.Id)));
        Assert.True(first.Rows[^1].LastMessageAt >= second.Rows[0].LastMessageAt);
        Assert.Equal(before + 25, (await counter.Send(ana, new CountTickets())).Pending);
    }

    [Theory]
    [InlineData("padaria", true)]
    [InlineData("PÃES", true)]
    [InlineData("paes quent", true)]
    [InlineData("5542987651234", true)]
    [InlineData("ana", true)]
    [InlineData("' OR 1=1--", false)]
    [InlineData("%_[", false)]
    [InlineData("\"*", false)]
    [InlineData("a' & b | !c", false)]
    public async Task Search_finds_words_numbers_and_names_and_takes_signs_literally(string text, bool found)
    {
        var ana = counter.Agent("Beatriz");
        await counter.HappenAsync(counter.Says("5542987651234", "A padaria tem pães quentes?"));
        var rows = (await counter.Send(ana, new ListTickets(TicketStatus.Open, Search: text, Take: 500))).Rows;
        Assert.Equal(found, rows.Any(r => r.LastText.StartsWith("A padaria", StringComparison.Ordinal)));
    }
}

public sealed class OrderTests(Counter counter) : IClassFixture<Counter>
{
    [Fact]
    public async Task Ten_thousand_events_over_200_conversations_keep_each_ones_order()
    {
        const int conversations = 200, each = 50;
        var random = new Random(7);
        var next = new int[conversations];
        var left = Enumerable.Range(0, conversations).SelectMany(c => Enumerable.Repeat(c, each)).ToArray();
        random.Shuffle(left);
        foreach (var batch in left.Chunk(100))
        {
            await counter.WriteAsync(db =>
            {
                foreach (var c in batch)
                {
                    var e = counter.Says($"5551{c:00000000}", $"{next[c]}", $"o-{c}-{next[c]++}");
                    db.Enqueue(Counter.LaneOf(e), "message", System.Text.Json.JsonSerializer.Serialize<InboundEvent>(e, System.Text.Json.JsonSerializerOptions.Web), DateTime.UtcNow);
                }
                return Task.CompletedTask;
            });
            if (random.Next(4) == 0) await Task.Delay(random.Next(10));
        }
        await counter.SettleAsync(TimeSpan.FromMinutes(2));
        var bodies = await counter.ReadAsync(db => (from m in db.Set<Message>()
                                                    join t in db.Set<Ticket>() on m.TicketId equals t.Id
                                                    where t.AddressValue.StartsWith("5551")
                                                    orderby t.Number, m.Seq
                                                    select new { t.AddressValue, m.Body }).ToListAsync());
        Assert.Equal(conversations * each, bodies.Count);
        foreach (var talk in bodies.GroupBy(b => b.AddressValue))
            Assert.Equal(Enumerable.Range(0, each).Select(i => $"{i}"), talk.Select(b => b.Body));
    }
}
