using Inforzap.Contracts.Identity;
using Inforzap.Contracts.Settings;
using Inforzap.Requests;
using Inforzap.Sdk;
using Inforzap.Tickets;
using Inforzap.Tickets.Desk;
using Inforzap.Tickets.Outbound;
using Inforzap.Tickets.Panel;
using Inforzap.Tickets.Surveys;

namespace Inforzap.Tests.Tickets;

/// <summary>Who sees conversations of groups, and who may do what in them.</summary>
public sealed class GroupRightsTests : IAsyncLifetime
{
    private readonly Counter counter = new();
    private Actor admin = null!, lead = null!, ana = null!, bia = null!, stranger = null!, shut = null!;
    private Guid group;

    public async ValueTask InitializeAsync()
    {
        await counter.InitializeAsync();
        var other = await counter.QueueAsync("Financeiro");
        (admin, lead, ana, bia, stranger) = (await PersonAsync("Rita", BuiltInRoles.Administrator), await PersonAsync("Lia", BuiltInRoles.Supervisor, counter.Queue),
            await PersonAsync("Ana", BuiltInRoles.Agent, counter.Queue), await PersonAsync("Bia", BuiltInRoles.Agent, counter.Queue), await PersonAsync("Ivo", BuiltInRoles.Agent, other));
        shut = Without(ana, "tickets.groups");
        await counter.HappenAsync(Said());
        group = await counter.TicketOfAsync("g-1");
    }

    public ValueTask DisposeAsync() => counter.DisposeAsync();

    private async Task<Actor> PersonAsync(string name, BuiltInRoles role, params Guid[] queues) => await counter.ActorOf(await counter.PersonAsync(name, role, queues));

    private static Actor Without(Actor actor, string permission) => new(actor.Id, actor.Name, actor.Permissions.Where(p => p != permission).ToHashSet(), actor.Queues);

    private InboundMessage Said() => counter.Says("g-1", "Bom dia a todos") with { Participant = new Address("5511955550000", AddressKind.Phone, "Zé") };

    private async Task<RefusalKind> RefusedAsync<T>(Actor who, IRequest<T> request) => (await Assert.ThrowsAsync<Refusal>(() => counter.Send(who, request))).Kind;

    private static IRequest<Unit>[] Moves(Guid ticket, Guid queue) => [new CloseTicket(ticket), new TransferTicket(ticket, queue, null, null), new ReturnTicket(ticket)];

    [Fact]
    public async Task Groups_are_seen_by_their_queue_and_by_nobody_who_may_not_see_groups()
    {
        foreach (var who in new[] { admin, lead, ana })
        {
            Assert.Equal(group, Assert.Single((await counter.Send(who, new ListTickets(TicketStatus.Pending) { Groups = true })).Rows).Id);
            Assert.Equal("Bom dia a todos", Assert.Single((await counter.Send(who, new ReadStretch(group))).Rows).Body);
        }
        foreach (var who in new[] { stranger, shut, Without(lead, "tickets.groups"), Without(admin, "tickets.groups") })
        {
            Assert.Empty((await counter.Send(who, new ListTickets(TicketStatus.Pending) { Groups = true })).Rows);
            Assert.False((await counter.Send(who, new CountTickets { Groups = false })).HasGroups);
            Assert.Equal(0, (await counter.Send(who, new ReadNews())).Pending);
            Assert.Empty((await counter.Send(who, new ListTickets(TicketStatus.Pending, "todos"))).Rows);
            Assert.Equal(RefusalKind.NotFound, await RefusedAsync(who, new ReadTicket(group)));
            Assert.Equal(RefusalKind.NotFound, await RefusedAsync(who, new ReadStretch(group)));
            Assert.Equal(RefusalKind.NotFound, await RefusedAsync(who, new ReadChanges(group, 0)));
            Assert.Equal(RefusalKind.NotFound, await RefusedAsync(who, new ReadTimeline(group)));
            Assert.Equal(RefusalKind.NotFound, await RefusedAsync(who, new AcceptTicket(group)));
            Assert.Equal(RefusalKind.NotFound, await RefusedAsync(who, new SendMessage(group, Guid.CreateVersion7(), "Oi")));
            foreach (var move in Moves(group, counter.Queue)) Assert.Equal(RefusalKind.NotFound, await RefusedAsync(who, move));
        }
    }

    [Fact]
    public async Task Whoever_serves_a_group_keeps_it_in_sight_whatever_else_is_taken_from_them()
    {
        await counter.Send(ana, new AcceptTicket(group));
        Assert.True((await counter.Send(shut, new ReadTicket(group))).Mine);
        Assert.Single((await counter.Send(shut, new ReadStretch(group))).Rows);
    }

    [Fact]
    public async Task An_agent_answers_in_a_group_that_they_serve_and_only_who_leads_moves_or_ends_it()
    {
        await counter.Send(ana, new AcceptTicket(group));
        await counter.Send(ana, new SendMessage(group, Guid.CreateVersion7(), "Bom dia"));
        // What a colleague serves is out of sight, as with people, and comes into it where the company says so.
        Assert.Equal(RefusalKind.NotFound, await RefusedAsync(bia, new SendMessage(group, Guid.CreateVersion7(), "Oi")));
        await counter.SendAsSystem(new ChangeSettings(new Dictionary<string, string> { [Setting.HideOthersTickets.Name] = "false" }));
        Assert.Equal(RefusalKind.Conflict, await RefusedAsync(bia, new SendMessage(group, Guid.CreateVersion7(), "Oi")));
        foreach (var who in new[] { ana, bia })
        {
            foreach (var move in Moves(group, counter.Queue)) Assert.Equal(RefusalKind.Forbidden, await RefusedAsync(who, move));
            var seen = await counter.Send(who, new ReadTicket(group));
            Assert.Equal((false, false, false), (seen.MayReturn, seen.MayTransfer, seen.MayClose));
        }
        var details = await counter.Send(lead, new ReadTicket(group));
        Assert.Equal((true, true, true), (details.MayReturn, details.MayTransfer, details.MayClose));
        await counter.Send(lead, new ReturnTicket(group));
        Assert.Equal((TicketStatus.Pending, null), ((await counter.TicketAsync(group)).Status, (await counter.TicketAsync(group)).UserId));
        await counter.Send(lead, new TransferTicket(group, counter.Queue, bia.Id, null));
        Assert.Equal(bia.Id, (await counter.TicketAsync(group)).UserId);
        await counter.Send(admin, new CloseTicket(group));
        Assert.Equal(TicketStatus.Closed, (await counter.TicketAsync(group)).Status);
    }

    [Fact]
    public async Task A_person_s_conversation_is_moved_and_ended_by_whoever_serves_it_as_before()
    {
        var ticket = await counter.ServedAsync(ana, "5511955551111");
        Assert.Equal((true, true, true), ((await counter.Send(ana, new ReadTicket(ticket))).MayReturn, (await counter.Send(ana, new ReadTicket(ticket))).MayTransfer, (await counter.Send(ana, new ReadTicket(ticket))).MayClose));
        await counter.Send(shut, new ReturnTicket(ticket));
        await counter.Send(shut, new AcceptTicket(ticket));
        await counter.Send(shut, new CloseTicket(ticket));
    }

    [Fact]
    public async Task Groups_get_no_survey_and_no_protocol_whoever_asks()
    {
        await counter.Send(ana, new AcceptTicket(group));
        foreach (var who in new[] { ana, lead, admin }) Assert.Equal(RefusalKind.Conflict, await RefusedAsync(who, new Inforzap.Tickets.Protocols.MakeProtocol(group, Guid.CreateVersion7())));
        Assert.Empty(await counter.Send(ana, new OfferSurveys(group)));
    }
}
