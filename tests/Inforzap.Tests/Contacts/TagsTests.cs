using Inforzap.Audit;
using Inforzap.Contacts;
using Inforzap.Contacts.Tags;
using Inforzap.Contracts.Contacts;
using Inforzap.Data;
using Inforzap.Files;
using Inforzap.Live;
using Inforzap.Requests;
using Inforzap.Sdk;
using Inforzap.Tests.Support;
using Inforzap.Tests.Tickets;
using Inforzap.Tickets;
using Inforzap.Tickets.Desk;

namespace Inforzap.Tests.Contacts;

/// <summary>Who makes tags, who puts which on whom, and what of it is seen where.</summary>
public sealed class TagsTests : IAsyncLifetime
{
    private const string Maria = "5519991110001";

    private readonly Tests.Tickets.Counter counter = new();
    private Guid other;
    private Actor admin = null!, lead = null!, ana = null!, bia = null!;

    public async ValueTask InitializeAsync()
    {
        await counter.InitializeAsync();
        other = await counter.QueueAsync("Financeiro");
        admin = await PersonAsync("Rita", BuiltInRoles.Administrator);
        lead = await PersonAsync("Lia", BuiltInRoles.Supervisor, counter.Queue);
        ana = await PersonAsync("Ana", BuiltInRoles.Agent, counter.Queue);
        bia = await PersonAsync("Bia", BuiltInRoles.Agent, other);
    }

    public ValueTask DisposeAsync() => counter.DisposeAsync();

    private async Task<Actor> PersonAsync(string name, BuiltInRoles role, params Guid[] queues) => await counter.ActorOf(await counter.PersonAsync(name, role, queues));

    private static SaveTag Of(string name, params Guid[] queues) => new(null, name, "#2F6FB0", 0, queues.Length == 0 ? TagScope.Company : TagScope.Queues, queues, null);

    private Task<Guid> MakeAsync(string name, params Guid[] queues) => counter.Send(lead, Of(name, queues));

    private async Task<Guid> ContactAsync(string who = Maria)
    {
        await counter.HappenAsync(counter.Says(who, "Olá"));
        return (await counter.TicketAsync(await counter.TicketOfAsync(who))).ContactId;
    }

    private async Task<TagRow> RowAsync(Guid id) => (await counter.Send(lead, new ListTags())).Rows.Single(r => r.Id == id);

    private async Task<IReadOnlyList<string>> ListedAsync(ListTags list) => [.. (await counter.Send(ana, list)).Rows.Select(r => r.Name)];

    private async Task<IReadOnlyList<string>> OfferedAsync(Actor actor) => [.. (await counter.Send(actor, new OfferTags())).Select(x => x.Name)];

    private Task<List<string>> TagsOfAsync(Guid contact) => counter.ReadAsync(db => db.Set<ContactTagView>().Where(x => x.ContactId == contact).OrderBy(x => x.SearchText).Select(x => x.Name).ToListAsync());

    private static async Task<Refusal> RefusedAsync(Func<Task> act) => await Assert.ThrowsAsync<Refusal>(act);

    private async Task ForbiddenAsync<T>(Actor actor, IRequest<T> request) => Assert.Equal(RefusalKind.Forbidden, (await RefusedAsync(() => counter.Send(actor, request))).Kind);

    private async Task MissingAsync<T>(Actor actor, IRequest<T> request) => Assert.Equal(RefusalKind.NotFound, (await RefusedAsync(() => counter.Send(actor, request))).Kind);

    /// <summary>The same person with these permissions only.</summary>
    private static Actor With(Actor actor, params string[] permissions) => actor with { Permissions = permissions.ToHashSet() };

    [Fact]
    public async Task A_name_is_there_once_whatever_its_case_its_accents_and_its_spaces()
    {
        var id = await MakeAsync("  Cliente   Ótimo ");
        Assert.Equal("Cliente Ótimo", (await RowAsync(id)).Name);
        var refusal = await RefusedAsync(() => MakeAsync("cliente OTIMO"));
        Assert.True(refusal.Fields.ContainsKey("Name"));
        Assert.Contains("Cliente Ótimo", refusal.Message);
        // Its own name is no other's.
        await counter.Send(lead, Of("CLIENTE ÓTIMO") with { Id = id, Version = (await RowAsync(id)).Version });
        Assert.Equal("CLIENTE ÓTIMO", (await RowAsync(id)).Name);
        Assert.Single((await counter.Send(ana, new ListTags())).Rows);
    }

    [Theory]
    [InlineData("", "#2F6FB0")]
    [InlineData("VIP", "red")]
    [InlineData("VIP", "#2F6FB0;position:fixed")]
    [InlineData("Um nome que é comprido demais para uma etiqueta", "#2F6FB0")]
    public async Task What_breaks_a_rule_is_refused(string name, string color) =>
        Assert.NotEmpty((await RefusedAsync(() => counter.Send(lead, Of(name) with { Color = color }))).Fields);

    [Fact]
    public async Task Who_saves_after_somebody_else_is_told_also_when_only_queues_changed()
    {
        var id = await MakeAsync("VIP", counter.Queue);
        var version = (await RowAsync(id)).Version;
        await counter.Send(admin, Of("VIP", counter.Queue, other) with { Id = id, Version = version });
        Assert.Equal(RefusalKind.Conflict, (await RefusedAsync(() => counter.Send(lead, Of("VIP") with { Id = id, Version = version }))).Kind);
        Assert.Equal(2, (await RowAsync(id)).Queues.Count);
    }

    [Fact]
    public async Task A_tag_for_queues_needs_one_that_is_there_and_keeps_one_that_went_out_of_use()
    {
        Assert.True((await RefusedAsync(() => counter.Send(lead, Of("VIP") with { Scope = TagScope.Queues }))).Fields.ContainsKey("Queues"));
        await MissingAsync(lead, Of("VIP", Guid.NewGuid()));
        var id = await MakeAsync("VIP", other);
        await counter.Send(admin, new Inforzap.Tickets.Queues.DeactivateQueue(other, null));
        await MissingAsync(lead, Of("Outra", other));
        await counter.Send(lead, Of("VIP ouro", other, counter.Queue) with { Id = id, Version = (await RowAsync(id)).Version });
        Assert.Equal(2, (await RowAsync(id)).Queues.Count);
        await counter.Send(lead, Of("VIP ouro") with { Id = id, Version = (await RowAsync(id)).Version });
        var row = await RowAsync(id);
        Assert.Equal((TagScope.Company, 0), (row.Scope, row.Queues.Count));
    }

    [Fact]
    public async Task Each_permission_is_asked_for()
    {
        var (contact, tag) = (await ContactAsync(), await MakeAsync("VIP"));
        await ForbiddenAsync(ana, Of("Minha"));
        await ForbiddenAsync(ana, new SwitchTag(tag, false));
        await ForbiddenAsync(ana, new DeleteTag(tag));
        await ForbiddenAsync(ana, new CountTagged(tag));
        await ForbiddenAsync(ana, new MakeTag("Minha"));
        await ForbiddenAsync(ana, new PreviewTagTable("nome\nMinha"));
        await ForbiddenAsync(ana, new ImportTagTable("nome\nMinha"));
        await ForbiddenAsync(With(ana, "tags.use"), new ListTags());
        await ForbiddenAsync(With(ana, "tags.use"), new ExportTags());
        foreach (var request in new IRequest<string?>[] { new AddTag(contact, tag), new RemoveTag(contact, tag) }) await ForbiddenAsync(With(ana, "tags.see", "tickets.see"), request);
        await ForbiddenAsync(With(ana, "tags.see", "tickets.see"), new OfferTags());
        await ForbiddenAsync(With(ana, "tags.see", "tickets.see"), new TagTicket(await counter.TicketOfAsync(Maria), tag));
        await ForbiddenAsync(With(ana, "tags.see", "tickets.see"), new UntagTicket(await counter.TicketOfAsync(Maria), tag));
        Assert.Equal(["VIP"], await ListedAsync(new()));
        Assert.Empty(await TagsOfAsync(contact));
    }

    [Fact]
    public async Task A_tag_is_put_on_once_and_taken_off_once_however_often_one_asks()
    {
        var (contact, tag) = (await ContactAsync(), await MakeAsync("VIP"));
        Assert.Equal(["VIP", null], [await counter.Send(ana, new AddTag(contact, tag)), await counter.Send(ana, new AddTag(contact, tag))]);
        Assert.Equal(["VIP"], await TagsOfAsync(contact));
        Assert.Equal(1, (await RowAsync(tag)).Contacts);
        var row = await counter.ReadAsync(db => db.Set<ContactTag>().AsNoTracking().SingleAsync());
        Assert.Equal(ana.Id, row.By);
        Assert.Equal(["VIP", null], [await counter.Send(ana, new RemoveTag(contact, tag)), await counter.Send(ana, new RemoveTag(contact, tag))]);
        Assert.Empty(await TagsOfAsync(contact));
        await MissingAsync(ana, new AddTag(Guid.NewGuid(), tag));
        await MissingAsync(ana, new AddTag(contact, Guid.NewGuid()));
    }

    [Fact]
    public async Task Who_puts_one_on_twice_at_once_has_it_once()
    {
        var (contact, tag) = (await ContactAsync(), await MakeAsync("VIP"));
        var done = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => counter.Send(ana, new AddTag(contact, tag))));
        Assert.Single(done, name => name == "VIP");
        Assert.Equal(["VIP"], await TagsOfAsync(contact));
    }

    [Fact]
    public async Task A_tag_of_a_queue_is_used_by_its_members_and_by_who_sees_all_and_seen_by_everybody()
    {
        var (contact, tag) = (await ContactAsync(), await MakeAsync("Devedor", other));
        await MakeAsync("VIP");
        Assert.Equal(["VIP"], await OfferedAsync(ana));
        Assert.Equal(["VIP"], await OfferedAsync(lead));
        Assert.Equal(["Devedor", "VIP"], await OfferedAsync(bia));
        Assert.Equal(["Devedor", "VIP"], await OfferedAsync(admin));
        await ForbiddenAsync(ana, new AddTag(contact, tag));
        await counter.Send(bia, new AddTag(contact, tag));
        await ForbiddenAsync(ana, new RemoveTag(contact, tag));
        var (mine, theirs) = (await ReadAsync(ana), await ReadAsync(admin));
        Assert.Equal([("Devedor", false)], mine.Tags.Select(x => (x.Name, x.MayTakeOff)));
        Assert.Equal([("Devedor", true)], theirs.Tags.Select(x => (x.Name, x.MayTakeOff)));
    }

    private async Task<TicketDetails> ReadAsync(Actor actor) => await counter.Send(actor, new ReadTicket(await counter.TicketOfAsync(Maria)));

    [Fact]
    public async Task Out_of_use_it_stays_where_it_is_can_be_taken_off_and_comes_to_nobody_else()
    {
        var (contact, tag) = (await ContactAsync(), await MakeAsync("VIP"));
        var second = await ContactAsync("5519991110002");
        await counter.Send(ana, new AddTag(contact, tag));
        await counter.Send(lead, new SwitchTag(tag, false));
        Assert.Empty(await OfferedAsync(ana));
        Assert.Equal(["VIP"], (await ReadAsync(ana)).Tags.Select(x => x.Name));
        Assert.Equal(RefusalKind.Conflict, (await RefusedAsync(() => counter.Send(ana, new AddTag(second, tag)))).Kind);
        Assert.Null(await counter.Send(ana, new AddTag(contact, tag)));
        Assert.Equal(RefusalKind.Conflict, (await RefusedAsync(() => counter.Send(lead, new MakeTag("vip")))).Kind);
        Assert.Equal("VIP", await counter.Send(ana, new RemoveTag(contact, tag)));
        await counter.Send(lead, new SwitchTag(tag, true));
        await counter.Send(ana, new AddTag(second, tag));
    }

    [Fact]
    public async Task Deleting_takes_it_off_everybody_and_leaves_nothing_behind()
    {
        var (contact, tag, kept) = (await ContactAsync(), await MakeAsync("VIP", counter.Queue), await MakeAsync("Revenda"));
        foreach (var id in new[] { tag, kept }) await counter.Send(ana, new AddTag(contact, id));
        Assert.Equal(1, await counter.Send(lead, new CountTagged(tag)));
        await counter.Send(lead, new DeleteTag(tag));
        Assert.Equal(["Revenda"], await TagsOfAsync(contact));
        Assert.Equal((0, 0), await counter.ReadAsync(async db => (await db.Set<ContactTag>().CountAsync(x => x.TagId == tag), await db.Set<TagQueue>().CountAsync())));
        await MissingAsync(lead, new DeleteTag(tag));
        await MissingAsync(lead, new SwitchTag(tag, true));
        await MissingAsync(lead, new CountTagged(tag));
    }

    [Fact]
    public async Task From_a_ticket_it_is_written_into_its_logs_once_and_only_where_the_caller_sees_it()
    {
        var (_, tag) = (await ContactAsync(), await MakeAsync("VIP"));
        var ticket = await counter.TicketOfAsync(Maria);
        for (var i = 0; i < 2; i++) await counter.Send(ana, new TagTicket(ticket, tag));
        for (var i = 0; i < 2; i++) await counter.Send(ana, new UntagTicket(ticket, tag));
        var logs = (await counter.Send(ana, new ReadTimeline(ticket))).Where(e => e.Type.StartsWith("tag_", StringComparison.Ordinal)).ToList();
        Assert.Equal([("tag_removed", "Ana", "{\"tag\":\"VIP\"}"), ("tag_added", "Ana", "{\"tag\":\"VIP\"}")], logs.Select(e => (e.Type, e.UserName, e.Data)));
        await MissingAsync(bia, new TagTicket(ticket, tag));
        await MissingAsync(bia, new UntagTicket(ticket, tag));
    }

    [Fact]
    public async Task What_is_refused_is_written_nowhere()
    {
        var (_, tag) = (await ContactAsync(), await MakeAsync("Devedor", other));
        var ticket = await counter.TicketOfAsync(Maria);
        await ForbiddenAsync(ana, new TagTicket(ticket, tag));
        Assert.DoesNotContain(await counter.Send(ana, new ReadTimeline(ticket)), e => e.Type == "tag_added");
    }

    [Fact]
    public async Task A_row_shows_two_and_how_many_more_in_their_order()
    {
        var contact = await ContactAsync();
        await ContactAsync("5519991110002");
        foreach (var (name, order) in new[] { ("Zebra", 0), ("Água", 1), ("Banco", 1), ("Carro", 2) })
            await counter.Send(ana, new AddTag(contact, await counter.Send(lead, Of(name) with { Order = order })));
        var rows = (await counter.Send(ana, new ListTickets(TicketStatus.Pending))).Rows;
        Assert.Equal(new RowTags(new("Zebra", "#2F6FB0"), new("Água", "#2F6FB0"), 2, "Zebra, Água, Banco, Carro"), rows.Single(r => r.ContactId == contact).Tags);
        Assert.Null(rows.Single(r => r.ContactId != contact).Tags);
        // The same rows are equal, so that nothing is drawn again.
        Assert.Equal(rows, (await counter.Send(ana, new ListTickets(TicketStatus.Pending))).Rows);
        Assert.All((await counter.Send(With(ana, "tickets.see"), new ListTickets(TicketStatus.Pending))).Rows, r => Assert.Null(r.Tags));
        Assert.Empty((await counter.Send(With(ana, "tickets.see"), new ReadTicket(rows.Single(r => r.ContactId == contact).Id))).Tags);
    }

    [Fact]
    public async Task Whoever_looks_at_a_ticket_of_the_contact_is_told()
    {
        var (contact, tag) = (await ContactAsync(), await MakeAsync("VIP"));
        var ticket = await counter.TicketOfAsync(Maria);
        var told = new System.Collections.Concurrent.ConcurrentQueue<string>();
        using var watch = counter.Services.GetRequiredService<LiveHints>().On([Topics.Ticket(ticket), Topics.Queue(counter.Queue), Topics.AllTickets, Topics.TagCounts, Topics.Tags], told.Enqueue);
        string[] looked = [Topics.AllTickets, Topics.Queue(counter.Queue), Topics.TagCounts, Topics.Ticket(ticket)];
        await counter.Send(ana, new TagTicket(ticket, tag));
        Assert.Equal(looked.Order(), told.Order());
        told.Clear();
        // Also where no ticket was said: from a list of contacts, by a flow.
        await counter.Send(ana, new RemoveTag(contact, tag));
        Assert.Equal(looked.Order(), told.Order());
        told.Clear();
        await counter.Send(ana, new RemoveTag(contact, tag));
        Assert.Empty(told);
        await counter.Send(lead, new DeleteTag(tag));
        Assert.Equal([Topics.Tags], told);
    }

    [Fact]
    public async Task From_the_desk_a_new_one_gets_a_colour_of_its_own_and_one_that_is_there_is_found()
    {
        var first = await counter.Send(lead, new MakeTag("  Novo  cliente "));
        var second = await counter.Send(lead, new MakeTag("Atacado"));
        Assert.Equal(first, await counter.Send(lead, new MakeTag("NOVO CLIENTE")));
        var rows = (await counter.Send(ana, new ListTags())).Rows;
        Assert.Equal(["Atacado", "Novo cliente"], rows.Select(r => r.Name));
        Assert.Equal(2, rows.Select(r => r.Color).Distinct().Count());
        Assert.NotEqual(first, second);
    }

    [Fact]
    public async Task The_list_is_searched_filtered_sorted_and_paged()
    {
        var (maria, pedro) = (await ContactAsync(), await ContactAsync("5519991110002"));
        for (var i = 0; i < 52; i++) await counter.Send(lead, Of($"Lote {i:00}") with { Order = 9 });
        var (vip, debt) = (await MakeAsync("Vip"), await MakeAsync("Débito", other));
        foreach (var contact in new[] { maria, pedro }) await counter.Send(admin, new AddTag(contact, debt));
        await counter.Send(ana, new AddTag(maria, vip));
        await counter.Send(lead, new SwitchTag(vip, false));
        Assert.Equal(["Débito"], await ListedAsync(new("DEBITO")));
        Assert.Equal(["Débito"], await ListedAsync(new(Scope: TagScope.Queues)));
        Assert.Equal(["Débito"], await ListedAsync(new(QueueId: other)));
        Assert.Empty(await ListedAsync(new(QueueId: counter.Queue)));
        Assert.Equal(["Vip"], await ListedAsync(new(Active: false)));
        Assert.Equal(["Débito", "Vip"], (await ListedAsync(new(Sort: "-contacts"))).Take(2));
        Assert.Equal(["Vip", "Lote 51"], (await ListedAsync(new(Sort: "-name"))).Take(2));
        Assert.Equal("Débito", (await ListedAsync(new(Sort: "name")))[0]);
        // By their order, and what is out of use at the end.
        Assert.Equal("Débito", (await ListedAsync(new()))[0]);
        var second = await counter.Send(ana, new ListTags(Page: 2));
        Assert.Equal(("Vip", 4, 54, 54), (second.Rows[^1].Name, second.Rows.Count, second.Found, second.Total));
        await MissingAsync(ana, new ListTags(QueueId: Guid.NewGuid()));
    }

    [Fact]
    public async Task Each_change_of_a_tag_is_in_the_audit()
    {
        var id = await MakeAsync("VIP", counter.Queue);
        await counter.Send(lead, Of("Ouro", other) with { Id = id, Version = (await RowAsync(id)).Version });
        await counter.Send(lead, new SwitchTag(id, false));
        await counter.Send(lead, new DeleteTag(id));
        var written = await counter.ReadAsync(db => db.AuditEntries.Where(e => e.Kind == "tag" && e.SubjectId == id.ToString()).OrderBy(e => e.Position).Select(e => new { e.Verb, e.Changes, e.By }).ToListAsync());
        Assert.All(written, e => Assert.Equal(lead.Id, e.By));
        Assert.Equal(AuditVerb.Created, written.First(e => e.Changes.Contains("Name", StringComparison.Ordinal)).Verb);
        Assert.Contains(written, e => e.Changes.Contains("\"from\":\"Vendas\",\"to\":\"Financeiro\"", StringComparison.Ordinal));
        Assert.Contains(written, e => e.Changes.Contains("\"from\":\"VIP\",\"to\":\"Ouro\"", StringComparison.Ordinal));
        Assert.Contains(written, e => e.Changes.Contains("IsActive", StringComparison.Ordinal) && e.Verb == AuditVerb.Changed);
        Assert.Equal(AuditVerb.Deleted, written[^1].Verb);
    }

    /// <summary>The one way in which one contact takes another's place: an address that moved.</summary>
    [Fact]
    public async Task Who_comes_back_under_a_new_number_has_their_tags()
    {
        var (contact, tag) = (await ContactAsync(), await MakeAsync("VIP"));
        await counter.Send(ana, new AddTag(contact, tag));
        Assert.Equal(contact, await counter.SendAsSystem(new MoveAddress(new Address(Maria[..4] + Maria[5..], AddressKind.Phone), new Address("551932221111", AddressKind.Phone))));
        Assert.Equal(["VIP"], await TagsOfAsync(contact));
    }

    [Fact]
    public async Task Tags_go_out_as_a_table_and_come_back_as_they_were()
    {
        await MakeAsync("=VIP");
        await counter.Send(lead, Of("Ouro", counter.Queue, other) with { Color = "#C8701A", Order = 1 });
        var table = await counter.Send(ana, new ExportTags());
        foreach (var row in (await counter.Send(lead, new ListTags())).Rows) await counter.Send(lead, new DeleteTag(row.Id));
        Assert.Equal(new TableImported(2, 0, 0, 0), await counter.Send(lead, new ImportTagTable(table)));
        var back = (await counter.Send(lead, new ListTags(Sort: "name"))).Rows;
        Assert.Equal([("=VIP", "#2F6FB0", 0), ("Ouro", "#C8701A", 2)], back.Select(r => (r.Name, r.Color, r.Queues.Count)));
        Assert.Equal(new TableImported(0, 0, 2, 0), await counter.Send(lead, new ImportTagTable(table)));
    }

    [Fact]
    public async Task Each_line_of_a_table_says_what_would_become_of_it()
    {
        await MakeAsync("VIP");
        const string table = "Nome;Cor;Filas\nvip;#112233;\nNova;;VENDAS\n;#112233;\nFeia;azul;\nLonge;;Inexistente\nNOVA;;\n\"Um nome que é comprido demais para uma etiqueta\";;";
        var lines = await counter.Send(lead, new PreviewTagTable(table));
        Assert.Equal([(2, true, true), (3, true, false), (4, false, false), (5, false, false), (6, false, false), (7, false, false), (8, false, false)], lines.Select(l => (l.Line, l.Problem is null, l.IsTaken)));
        Assert.Equal(1, (await counter.Send(lead, new ListTags())).Total);
        Assert.Equal(new TableImported(1, 0, 1, 5), await counter.Send(lead, new ImportTagTable(table)));
        Assert.Equal([("Nova", 1), ("VIP", 0)], (await counter.Send(lead, new ListTags(Sort: "name"))).Rows.Select(r => (r.Name, r.Queues.Count)));
        Assert.Contains("nome", (await RefusedAsync(() => counter.Send(lead, new PreviewTagTable("etiqueta\nx")))).Message);
    }
}
