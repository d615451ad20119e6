using Inforzap.Contacts;
using Inforzap.Contacts.Tags;
using Inforzap.Contracts.Contacts;
using Inforzap.Identity.Users;
using Inforzap.Requests;
using Inforzap.Sdk;
using Inforzap.Tests.Attacks;
using Inforzap.Tests.Support;
using Inforzap.Tickets;
using Inforzap.Tickets.Closing;
using Inforzap.Tickets.Desk;
using Inforzap.Tickets.Schedules;

namespace Inforzap.Tests.Tickets;

/// <summary>What the list is narrowed to, for whom, and what of it is kept.</summary>
public sealed class TicketFilterTests : IAsyncLifetime
{
    private readonly Counter counter = new();
    private readonly Dictionary<string, Guid> tickets = [];
    private Guid support, vip, reason;
    private Actor admin = null!, lead = null!, ana = null!, bia = null!;
    private int numbers;

    public async ValueTask InitializeAsync()
    {
        await counter.InitializeAsync();
        support = await counter.QueueAsync("Suporte");
        admin = await PersonAsync("Rita", BuiltInRoles.Administrator);
        lead = await PersonAsync("Lia", BuiltInRoles.Supervisor, counter.Queue);
        ana = await PersonAsync("Ana", BuiltInRoles.Agent, counter.Queue);
        bia = await PersonAsync("Bia", BuiltInRoles.Agent, counter.Queue);
    }

    public ValueTask DisposeAsync() => counter.DisposeAsync();

    private async Task<Actor> PersonAsync(string name, BuiltInRoles role, params Guid[] queues) => await counter.ActorOf(await counter.PersonAsync(name, role, queues));

    /// <summary>A ticket that waits, under a word of this test.</summary>
    private async Task<Guid> WaitsAsync(string name)
    {
        var who = $"55119{++numbers:00000000}";
        await counter.HappenAsync(counter.Says(who, $"Oi, sou {name}"));
        return tickets[name] = await counter.TicketOfAsync(who);
    }

    private async Task<Guid> ServedAsync(string name, Actor by)
    {
        var id = await WaitsAsync(name);
        await counter.Send(by, new AcceptTicket(id));
        return id;
    }

    private async Task<Guid> ContactAsync(string name) => (await counter.TicketAsync(tickets[name])).ContactId;

    private async Task<string> ListedAsync(Actor actor, TicketStatus status, TicketFilter filter, string? search = null) =>
        string.Join(" ", (await counter.Send(actor, new ListTickets(status, search) { Filter = filter })).Rows.Select(r => tickets.Single(t => t.Value == r.Id).Key).Order());

    /// <summary>Open: maria, tagged, with Ana; pedro with Bia, in Suporte, with a message planned. Waiting: rosa, nobody's; rui, in Suporte. Closed: carlos for a reason, dora without.</summary>
    private async Task OpenShopAsync()
    {
        await ServedAsync("maria", ana);
        await ServedAsync("pedro", bia);
        await WaitsAsync("rosa");
        await WaitsAsync("rui");
        reason = await counter.Send(admin, new SaveReason(null, "Comprou", "#2F6FB0", 0, false, [], null));
        await ServedAsync("carlos", ana);
        await counter.Send(ana, new CloseTicket(tickets["carlos"], null, reason));
        await ServedAsync("dora", ana);
        await counter.Send(ana, new CloseTicket(tickets["dora"]));
        await counter.Send(admin, new SetOwners([await ContactAsync("pedro"), await ContactAsync("rosa")], [bia.Id]));
        vip = await counter.Send(lead, new SaveTag(null, "VIP", "#2F6FB0", 0, TagScope.Company, [], null));
        await counter.Send(ana, new TagTicket(tickets["maria"], vip));
        await counter.Send(admin, new SaveSchedule(null, AccessRows.Schedule(counter.Channel, await ContactAsync("pedro")), [], null));
        await counter.WriteAsync(async db =>
        {
            foreach (var name in new[] { "pedro", "rui" })
            {
                var id = tickets[name];
                (await db.Set<Ticket>().SingleAsync(t => t.Id == id)).MoveTo(support);
            }
            var first = tickets["maria"];
            var maria = await db.Set<Ticket>().SingleAsync(t => t.Id == first);
            (maria.Unread, maria.LastMessageAt) = (2, new DateTime(2026, 3, 10, 12, 0, 0, DateTimeKind.Utc));
        });
    }

    [Fact]
    public async Task Each_condition_lists_what_it_means()
    {
        await OpenShopAsync();
        var none = TicketFilter.None;
        foreach (var (filter, open, pending, closed) in new[]
        {
            (none, "maria pedro", "rosa rui", "carlos dora"),
            (none with { Queues = [support] }, "pedro", "rui", ""),
            (none with { Queues = [support, counter.Queue] }, "maria pedro", "rosa rui", "carlos dora"),
            (none with { People = [bia.Id] }, "pedro", "", ""),
            (none with { People = [ana.Id, bia.Id] }, "maria pedro", "", "carlos dora"),
            (none with { Channels = [counter.Channel] }, "maria pedro", "rosa rui", "carlos dora"),
            (none with { Channels = [Guid.NewGuid()] }, "", "", ""),
            (none with { Tags = [vip] }, "maria", "", ""),
            (none with { Owners = [bia.Id] }, "pedro", "rosa", ""),
            (none with { Owners = [ana.Id] }, "", "", ""),
            (none with { Owners = [ana.Id, bia.Id], Queues = [support] }, "pedro", "", ""),
            // Of what is not closed it says nothing.
            (none with { Reasons = [reason] }, "maria pedro", "rosa rui", "carlos"),
            (none with { From = new(2026, 3, 1), To = new(2026, 3, 31) }, "maria", "", ""),
            (none with { To = new(2026, 3, 9) }, "", "", ""),
            (none with { From = new(2026, 3, 10), To = new(2026, 3, 10) }, "maria", "", ""),
            (none with { From = new(2026, 3, 11) }, "pedro", "rosa rui", "carlos dora"),
            (none with { Unread = true }, "maria", "rosa rui", ""),
            (none with { Unassigned = true }, "", "rosa rui", ""),
            (none with { Scheduled = true }, "pedro", "", ""),
            (none with { Scope = TicketScope.Mine }, "", "", ""),
            // Together they hold all at once.
            (none with { Tags = [vip], Queues = [support] }, "", "", ""),
            (none with { Tags = [vip], Queues = [counter.Queue], People = [ana.Id], From = new(2026, 3, 1) }, "maria", "", ""),
        })
            Assert.Equal((open, pending, closed), (await ListedAsync(admin, TicketStatus.Open, filter), await ListedAsync(admin, TicketStatus.Pending, filter), await ListedAsync(admin, TicketStatus.Closed, filter)));
    }

    [Fact]
    public async Task A_search_is_narrowed_too_and_the_counters_follow()
    {
        await OpenShopAsync();
        Assert.Equal("carlos dora maria pedro rosa rui", await ListedAsync(admin, TicketStatus.Open, TicketFilter.None, "sou"));
        Assert.Equal("pedro rui", await ListedAsync(admin, TicketStatus.Open, TicketFilter.None with { Queues = [support] }, "sou"));
        // A reason asks for what is closed.
        Assert.Equal("carlos", await ListedAsync(admin, TicketStatus.Open, TicketFilter.None with { Reasons = [reason] }, "sou"));
        Assert.Equal(new TicketCounts(2, 2), await counter.Send(admin, new CountTickets()));
        Assert.Equal(new TicketCounts(1, 1), await counter.Send(admin, new CountTickets { Filter = TicketFilter.None with { Queues = [support] } }));
        Assert.Equal(new TicketCounts(1, 0), await counter.Send(admin, new CountTickets { Filter = TicketFilter.None with { Tags = [vip] }, Groups = false }));
    }

    [Fact]
    public async Task Nothing_comes_by_a_filter_that_is_not_in_sight_without_it()
    {
        await OpenShopAsync();
        var none = TicketFilter.None;
        // Pedro is with Bia, and Rui in a queue that is not Ana's.
        foreach (var filter in new[] { none, none with { Queues = [support, counter.Queue] }, none with { People = [bia.Id, ana.Id] }, none with { Scope = TicketScope.MyQueues }, none with { Scope = TicketScope.All } })
        {
            Assert.Equal("maria", await ListedAsync(ana, TicketStatus.Open, filter));
            Assert.DoesNotContain("rui", await ListedAsync(ana, TicketStatus.Pending, filter), StringComparison.Ordinal);
            Assert.DoesNotContain("rui", await ListedAsync(ana, TicketStatus.Open, filter, "sou"), StringComparison.Ordinal);
        }
        // Who may not know tags or schedules learns of none by what comes and what does not.
        var clerk = new Actor(ana.Id, ana.Name, new HashSet<string> { "tickets.see" }, ana.Queues);
        Assert.Equal("maria", await ListedAsync(clerk, TicketStatus.Open, none with { Tags = [Guid.NewGuid()] }));
        Assert.Equal("maria", await ListedAsync(clerk, TicketStatus.Open, none with { Scheduled = true }));
        Assert.Equal("maria", await ListedAsync(clerk, TicketStatus.Open, none with { Owners = [Guid.NewGuid()] }));
        Assert.Empty((await counter.Send(clerk, new OfferFilters())).Owners);
        Assert.Contains((await counter.Send(lead, new OfferFilters())).Owners, o => o.Id == bia.Id);
        // A colleague's tickets are out of sight, so that asking for theirs narrows nothing.
        Assert.Equal("rosa", await ListedAsync(ana, TicketStatus.Pending, none with { People = [bia.Id] }));
        var offer = await counter.Send(clerk, new OfferFilters());
        Assert.Equal((0, 0, false, false), (offer.People.Count, offer.Tags.Count, offer.Schedules, offer.All));
        Assert.Equal("Vendas", Assert.Single(offer.Queues).Name);
    }

    [Fact]
    public async Task Who_sees_all_may_look_at_what_is_theirs_only()
    {
        await OpenShopAsync();
        var boss = new Actor(admin.Id, admin.Name, admin.Permissions, [support]);
        await ServedAsync("vera", boss);
        Assert.Equal("maria pedro vera", await ListedAsync(boss, TicketStatus.Open, TicketFilter.None));
        Assert.Equal("pedro vera", await ListedAsync(boss, TicketStatus.Open, TicketFilter.None with { Scope = TicketScope.MyQueues }));
        Assert.Equal("vera", await ListedAsync(boss, TicketStatus.Open, TicketFilter.None with { Scope = TicketScope.Mine }));
    }

    [Fact]
    public async Task A_lead_is_offered_their_queue_s_people_and_an_administrator_everybody()
    {
        await PersonAsync("Ivo", BuiltInRoles.Agent, support);
        Assert.Equal(["Ana", "Bia", "Lia"], (await counter.Send(lead, new OfferFilters())).People.Select(p => p.Name));
        Assert.Superset(new HashSet<string> { "Ana", "Bia", "Ivo", "Lia", "Rita" }, (await counter.Send(admin, new OfferFilters())).People.Select(p => p.Name).ToHashSet());
        Assert.Empty((await counter.Send(ana, new OfferFilters())).People);
    }

    [Fact]
    public async Task Pages_of_a_narrowed_list_neither_skip_nor_repeat_in_both_orders()
    {
        for (var i = 0; i < 11; i++)
        {
            await WaitsAsync($"n{i:00}");
            if (i % 3 == 0) await counter.WriteAsync(async db => (await db.Set<Ticket>().SingleAsync(t => t.Id == tickets[$"n{i:00}"])).MoveTo(support));
        }
        // Who waits longest wrote last.
        await counter.HappenAsync(counter.Says("5511900000002", "ainda espero"));
        foreach (var oldestFirst in new[] { false, true })
        {
            var (names, after) = (new List<string>(), (TicketCursor?)null);
            do
            {
                var page = await counter.Send(admin, new ListTickets(TicketStatus.Pending, After: after, Take: 2) { Filter = TicketFilter.None with { Queues = [counter.Queue] }, OldestFirst = oldestFirst });
                names.AddRange(page.Rows.Select(r => tickets.Single(t => t.Value == r.Id).Key));
                after = page.Next;
            }
            while (after is not null);
            string[] waiting = ["n01", "n02", "n04", "n05", "n07", "n08", "n10"];
            Assert.Equal(oldestFirst ? waiting : ["n01", "n10", "n08", "n07", "n05", "n04", "n02"], names);
        }
        // Open ones have no such order.
        await counter.Send(ana, new AcceptTicket(tickets["n01"]));
        await counter.Send(ana, new AcceptTicket(tickets["n02"]));
        Assert.Equal(tickets["n01"], (await counter.Send(ana, new ListTickets(TicketStatus.Open) { OldestFirst = true })).Rows[0].Id);
    }

    [Fact]
    public async Task Groups_have_a_list_and_counters_of_their_own()
    {
        await WaitsAsync("rosa");
        Assert.False((await counter.Send(admin, new CountTickets { Groups = false })).HasGroups);
        await counter.HappenAsync(counter.Says("120363000000000009", "Oi, grupo") with { Participant = new Address("5519911112222", AddressKind.Phone, "Zé") });
        var group = tickets["grupo"] = await counter.TicketOfAsync("120363000000000009");
        Assert.Equal([group], await IdsAsync(true));
        Assert.Equal([tickets["rosa"]], await IdsAsync(false));
        Assert.Equal(2, (await IdsAsync(null)).Count);
        var counts = await counter.Send(admin, new CountTickets { Groups = false });
        Assert.Equal((0, 1, true, 1), (counts.Open, counts.Pending, counts.HasGroups, counts.Others));
        // Out of sight there is no tab.
        Assert.False((await counter.Send(counter.Agent("Ivo", BuiltInRoles.Agent, support), new CountTickets { Groups = false })).HasGroups);
        Assert.Equal("grupo", await ListedAsync(admin, TicketStatus.Open, TicketFilter.None, "grupo"));

        async Task<IReadOnlyList<Guid>> IdsAsync(bool? groups) => [.. (await counter.Send(admin, new ListTickets(TicketStatus.Pending) { Groups = groups })).Rows.Select(r => r.Id)];
    }

    [Fact]
    public async Task The_filter_is_kept_and_what_is_gone_since_is_left_out()
    {
        await OpenShopAsync();
        Assert.True(await counter.Send(ana, new ReadOwnDesk()) is { Filter.IsNone: true, OldestFirst: false, Offer: null });
        await counter.Send(ana, new KeepFilter(TicketFilter.None with { Queues = [counter.Queue, Guid.NewGuid(), counter.Queue], Tags = [vip], Unread = true, From = new(2026, 5, 2), To = new(2026, 5, 1) }));
        await counter.Send(ana, new KeepOrder(true));
        var own = await counter.Send(ana, new ReadOwnDesk());
        Assert.Equal([counter.Queue], own.Filter.Queues);
        Assert.Equal([vip], own.Filter.Tags);
        Assert.Equal((true, new DateOnly(2026, 5, 1), new DateOnly(2026, 5, 2), true), (own.Filter.Unread, own.Filter.From, own.Filter.To, own.OldestFirst));
        Assert.NotNull(own.Offer);
        await counter.Send(admin, new DeleteTag(vip));
        Assert.Empty((await counter.Send(ana, new ReadOwnDesk())).Filter.Tags);
        // A colleague has their own.
        Assert.True((await counter.Send(bia, new ReadOwnDesk())).Filter.IsNone);
        await counter.Send(ana, new KeepFilter(TicketFilter.None));
        Assert.True(await counter.Send(ana, new ReadOwnDesk()) is { Filter.IsNone: true, OldestFirst: true });
    }

    [Fact]
    public async Task Filters_are_saved_replaced_renamed_and_deleted_by_their_owner()
    {
        var filter = TicketFilter.None with { Unread = true };
        var first = await counter.Send(ana, new SaveFilter(" Não lidos ", filter));
        Assert.Equal("Não lidos", Assert.Single(await SavedAsync(ana)).Name);
        var taken = await Assert.ThrowsAsync<Refusal>(() => counter.Send(ana, new SaveFilter("nao LIDOS", filter)));
        Assert.Contains("Não lidos", taken.Message, StringComparison.Ordinal);
        Assert.Equal(first, await counter.Send(ana, new SaveFilter("nao LIDOS", TicketFilter.None with { Unassigned = true }, Replaces: true)));
        Assert.True((await SavedAsync(ana)).Single() is { Name: "nao LIDOS", Filter: { Unassigned: true, Unread: false } });
        await Assert.ThrowsAsync<Refusal>(() => counter.Send(ana, new SaveFilter("Nada", TicketFilter.None)));

        var second = await counter.Send(ana, new SaveFilter("Meus", TicketFilter.None with { Scope = TicketScope.Mine }));
        await Assert.ThrowsAsync<Refusal>(() => counter.Send(ana, new RenameFilter(second, "não lidos")));
        await counter.Send(ana, new RenameFilter(second, "Só meus"));
        Assert.Equal(["nao LIDOS", "Só meus"], (await SavedAsync(ana)).Select(f => f.Name));
        foreach (var request in new IRequest<Unit>[] { new RenameFilter(second, "x"), new DeleteFilter(second) })
            Assert.Equal(RefusalKind.NotFound, (await Assert.ThrowsAsync<Refusal>(() => counter.Send(bia, request))).Kind);
        Assert.Empty(await SavedAsync(bia));
        // What is one person's name is another's, too.
        await counter.Send(bia, new SaveFilter("Só meus", filter));
        await counter.Send(ana, new DeleteFilter(second));
        Assert.Equal(first, Assert.Single(await SavedAsync(ana)).Id);

        var stranger = new Actor(Guid.NewGuid(), "X", new HashSet<string>(), []);
        foreach (var send in new Func<Task>[] { () => counter.Send(stranger, new ReadOwnDesk()), () => counter.Send(stranger, new OfferFilters()), () => counter.Send(stranger, new KeepFilter(filter)), () => counter.Send(stranger, new KeepOrder(true)), () => counter.Send(stranger, new SaveFilter("x", filter)), () => counter.Send(stranger, new RenameFilter(first, "x")), () => counter.Send(stranger, new DeleteFilter(first)) })
            Assert.Equal(RefusalKind.Forbidden, (await Assert.ThrowsAsync<Refusal>(send)).Kind);
    }

    [Fact]
    public async Task Twenty_are_enough_and_a_place_that_is_free_is_used_again()
    {
        var filter = TicketFilter.None with { Unread = true };
        var ids = new List<Guid>();
        for (var i = 0; i < 20; i++) ids.Add(await counter.Send(ana, new SaveFilter($"Filtro {i}", filter)));
        Assert.Contains("20", (await Assert.ThrowsAsync<Refusal>(() => counter.Send(ana, new SaveFilter("Mais um", filter)))).Message, StringComparison.Ordinal);
        await counter.Send(ana, new DeleteFilter(ids[7]));
        await counter.Send(ana, new SaveFilter("Mais um", filter));
        Assert.Equal(20, (await SavedAsync(ana)).Count);
    }

    [Fact]
    public async Task What_was_kept_goes_with_its_owner()
    {
        await counter.Send(bia, new KeepFilter(TicketFilter.None with { Unread = true }));
        await counter.Send(bia, new SaveFilter("Meu", TicketFilter.None with { Unread = true }));
        await counter.Send(ana, new SaveFilter("Meu", TicketFilter.None with { Unread = true }));
        await counter.Send(admin, new DeactivateUser(bia.Id));
        await counter.Send(admin, new DeleteUser(bia.Id));
        Assert.Equal((0, 1), await counter.ReadAsync(async db => (await db.Set<DeskView>().CountAsync(), await db.Set<SavedFilter>().CountAsync())));
    }

    [Fact]
    public async Task A_filter_that_cannot_be_read_is_none()
    {
        await counter.WriteAsync(db =>
        {
            db.Add(new DeskView { UserId = ana.Id, Filter = "{\"queues\": 7" });
            return Task.CompletedTask;
        });
        Assert.True((await counter.Send(ana, new ReadOwnDesk())).Filter.IsNone);
    }

    private async Task<IReadOnlyList<SavedFilterRow>> SavedAsync(Actor actor) => (await counter.Send(actor, new ReadOwnDesk())).Saved;
}
