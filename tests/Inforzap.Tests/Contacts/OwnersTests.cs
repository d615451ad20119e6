using Inforzap.Audit;
using Inforzap.Contacts.Book;
using Inforzap.Contacts.Consents;
using Inforzap.Contacts.Merging;
using Inforzap.Contracts.Contacts;
using Inforzap.Contracts.Identity;
using Inforzap.Contracts.Settings;
using Inforzap.Data;
using Inforzap.Identity.Users;
using Inforzap.Requests;
using Inforzap.Sdk;
using Inforzap.Tests.Support;
using Inforzap.Tests.Tickets;
using Inforzap.Tickets;
using Inforzap.Tickets.Desk;
using Inforzap.Tickets.Owners;

namespace Inforzap.Tests.Contacts;

/// <summary>Carteira: who looks after whom, who gets their tickets by it, and who sees them.</summary>
public sealed class OwnersTests : IAsyncLifetime
{
    private readonly StaffedCounter desk = new();
    private Person admin = null!;

    public async ValueTask InitializeAsync()
    {
        await desk.InitializeAsync();
        admin = await desk.PersonAsync("Rute", BuiltInRoles.Administrator);
    }

    public ValueTask DisposeAsync() => desk.DisposeAsync();

    private async Task SetAsync(params (Setting Setting, string Value)[] values) =>
        await desk.SendAsSystem(new ChangeSettings(values.ToDictionary(v => v.Setting.Name, v => v.Value)));

    /// <summary>A contact whose ticket is closed, with these owners.</summary>
    private async Task<(string Who, Guid Contact)> KnownAsync(params Person[] owners)
    {
        var who = StaffedCounter.Number();
        var ticket = await desk.ServedAsync(desk.Ana, who);
        var contact = (await desk.TicketAsync(ticket)).ContactId;
        await desk.SendAs(desk.Ana, new CloseTicket(ticket));
        if (owners.Length > 0) await desk.SendAs(desk.Ana, new SetOwners([contact], [.. owners.Select(o => o.Id)]));
        return (who, contact);
    }

    private async Task<Guid[]> OwnersOfAsync(Guid contact) => [.. (await desk.SendAs(admin, new ReadContact(contact))).Owners];

    private async Task<Ticket> WritesAsync(string who)
    {
        await desk.HappenAsync(desk.Says(who, "Bom dia"));
        return await desk.TicketAsync(await desk.TicketOfAsync(who));
    }

    private Task<string[]> LogAsync(Guid ticket) => desk.ReadAsync(db => db.Set<TimelineEntry>().Where(e => e.TicketId == ticket).OrderBy(e => e.Position).Select(e => e.Type).ToArrayAsync());

    private static async Task<Refusal> RefusedAsync(RefusalKind kind, Func<Task> act)
    {
        var refusal = await Assert.ThrowsAsync<Refusal>(act);
        Assert.Equal(kind, refusal.Kind);
        return refusal;
    }

    [Fact]
    public async Task The_first_is_asked_first_and_the_order_is_what_was_said_last()
    {
        var (who, contact) = await KnownAsync(desk.Ana, desk.Bia);
        Assert.Equal([desk.Ana.Id, desk.Bia.Id], await OwnersOfAsync(contact));
        var ticket = await desk.ServedAsync(desk.Ana, who);
        Assert.Equal(1, await desk.SendAs(desk.Ana, new SetOwners([contact, contact], [desk.Bia.Id, desk.Ana.Id, desk.Bia.Id])));
        Assert.Equal([desk.Bia.Id, desk.Ana.Id], await OwnersOfAsync(contact));
        Assert.Equal(0, await desk.SendAs(desk.Ana, new SetOwners([contact], [desk.Bia.Id, desk.Ana.Id])));
        Assert.Contains("owners", await LogAsync(ticket));
        Assert.Equal([desk.Bia.Id, desk.Ana.Id], (await desk.SendAs(desk.Ana, new ReadTicket(ticket))).Owners);
        await desk.SendAs(desk.Ana, new SetOwners([contact], []));
        Assert.Empty(await OwnersOfAsync(contact));
        Assert.Equal("owners-none", (await LogAsync(ticket))[^1]);
        var audit = await desk.ReadAsync(db => db.Set<AuditEntry>().Where(e => e.Kind == "owner" && e.SubjectId == contact.ToString()).CountAsync());
        Assert.Equal(3, audit);
    }

    [Fact]
    public async Task Nobody_who_left_and_no_crowd_looks_after_anybody()
    {
        var (_, contact) = await KnownAsync();
        var gone = await desk.PersonAsync("Davi");
        await desk.SendAs(admin, new DeactivateUser(gone.Id));
        await RefusedAsync(RefusalKind.NotFound, () => desk.SendAs(desk.Ana, new SetOwners([contact], [gone.Id])));
        await RefusedAsync(RefusalKind.Invalid, () => desk.SendAs(desk.Ana, new SetOwners([contact], [.. Enumerable.Range(0, 11).Select(_ => Guid.NewGuid())])));
        Assert.DoesNotContain(await desk.SendAs(desk.Ana, new OfferOwners()), p => p.Id == gone.Id);
        Assert.Empty(await OwnersOfAsync(contact));
    }

    [Fact]
    public async Task A_form_tells_of_them_or_leaves_them_alone()
    {
        var id = await desk.SendAs(desk.Ana, new SaveContact(null, "Maria", "19 99111-0001", null, null, null) { Owners = [desk.Bia.Id] });
        await desk.SendAs(desk.Ana, new SaveContact(id, "Maria S.", "19 99111-0001", null, null, null));
        Assert.Equal([desk.Bia.Id], await OwnersOfAsync(id));
        await desk.SendAs(desk.Ana, new SaveContact(id, "Maria S.", "19 99111-0001", null, null, null) { Owners = [] });
        Assert.Empty(await OwnersOfAsync(id));
        var ana = await desk.ActorOf(desk.Ana);
        await RefusedAsync(RefusalKind.Forbidden, () => desk.Send(ana with { Permissions = ana.Permissions.Except(["owners.edit"]).ToHashSet() }, new SaveContact(id, "Maria", "19 99111-0001", null, null, null) { Owners = [desk.Ana.Id] }));
        Assert.Equal("Maria S.", (await desk.SendAs(desk.Ana, new ReadContact(id))).Name);
    }

    [Fact]
    public async Task Who_writes_goes_to_the_first_of_them_who_is_there_with_room()
    {
        var (who, _) = await KnownAsync(desk.Ana, desk.Bia);
        Assert.Null((await WritesAsync(who)).UserId);
        var (another, _) = await KnownAsync(desk.Ana, desk.Bia);
        await SetAsync((Setting.ForceOwner, "true"), (Setting.WhenOwnerAway, OwnerAway.Queue));
        await desk.SendAsSystem(new NoteSeen(desk.Bia.Id));
        var given = await WritesAsync(another);
        Assert.Equal((TicketStatus.Open, desk.Bia.Id), (given.Status, given.UserId));
        Assert.Contains("owner-given", await LogAsync(given.Id));
        Assert.Equal(1, given.Unread);
        var cycle = await desk.ReadAsync(db => db.Set<ServiceCycle>().Where(c => c.TicketId == given.Id).SingleAsync());
        Assert.Equal((desk.Bia.Id, 0), (cycle.UserId, cycle.WaitSeconds));
        // Her second message changes nothing.
        await WritesAsync(another);
        Assert.Single(await LogAsync(given.Id), e => e == "owner-given");
        // Nobody there: the usual way.
        await desk.SendAs(desk.Bia, new SetMyPresence(Presence.Busy));
        var (third, _) = await KnownAsync(desk.Ana, desk.Bia);
        var usual = await WritesAsync(third);
        Assert.Equal((TicketStatus.Pending, null, desk.Queue), (usual.Status, usual.UserId, usual.QueueId));
    }

    [Fact]
    public async Task Whom_nobody_looks_after_and_groups_go_the_usual_way()
    {
        await SetAsync((Setting.ForceOwner, "true"), (Setting.WhenOwnerAway, OwnerAway.Given));
        var (who, _) = await KnownAsync();
        Assert.Equal(TicketStatus.Pending, (await WritesAsync(who)).Status);
        var (other, contact) = await KnownAsync(desk.Ana);
        await desk.HappenAsync(desk.Says(other, "Oi") with { Participant = new("5511999990000", AddressKind.Phone, "Zé") });
        var group = await desk.TicketAsync(await desk.TicketOfAsync(other));
        Assert.Equal((TicketStatus.Pending, null), (group.Status, group.UserId));
        Assert.Equal([desk.Ana.Id], await OwnersOfAsync(contact));
    }

    [Fact]
    public async Task It_waits_for_whoever_is_away_and_then_takes_the_usual_way()
    {
        await SetAsync((Setting.ForceOwner, "true"), (Setting.WhenOwnerAway, OwnerAway.Waits), (Setting.OwnerMinutes, "5"));
        var (who, _) = await KnownAsync(desk.Caio, desk.Ana);
        var ticket = await WritesAsync(who);
        Assert.Equal((TicketStatus.Pending, desk.Caio.Id), (ticket.Status, ticket.UserId));
        // It is not his queue, and he sees it all the same.
        Assert.True((await desk.SendAs(desk.Caio, new ReadTicket(ticket.Id))).MayAccept);
        await desk.PassAsync(TimeSpan.FromMinutes(4));
        await desk.RunAsync<LetOwnersGo>();
        Assert.Equal(desk.Caio.Id, (await desk.TicketAsync(ticket.Id)).UserId);
        await desk.PassAsync(TimeSpan.FromMinutes(2));
        await desk.RunAsync<LetOwnersGo>();
        var free = await desk.TicketAsync(ticket.Id);
        Assert.Equal((TicketStatus.Pending, null, desk.Queue, null), (free.Status, free.UserId, free.QueueId, free.ReturnedBy));
        Assert.Equal("owner-missed", (await LogAsync(ticket.Id))[^1]);
        await RefusedAsync(RefusalKind.NotFound, () => desk.SendAs(desk.Caio, new ReadTicket(ticket.Id)));
    }

    [Fact]
    public async Task Who_comes_in_time_keeps_it_and_what_was_handed_on_is_left_alone()
    {
        await SetAsync((Setting.ForceOwner, "true"), (Setting.OwnerMinutes, "5"));
        var ((one, _), (two, _)) = (await KnownAsync(desk.Ana), await KnownAsync(desk.Ana));
        var (taken, handed) = (await WritesAsync(one), await WritesAsync(two));
        await desk.SendAs(desk.Ana, new AcceptTicket(taken.Id));
        await SetAsync((Setting.TransferOpens, "false"));
        await desk.SendAs(desk.Ana, new TransferTicket(handed.Id, desk.Queue, desk.Bia.Id));
        await desk.PassAsync(TimeSpan.FromMinutes(6));
        await desk.RunAsync<LetOwnersGo>();
        Assert.Equal((TicketStatus.Open, desk.Ana.Id), ((await desk.TicketAsync(taken.Id)).Status, (await desk.TicketAsync(taken.Id)).UserId));
        Assert.Equal((TicketStatus.Pending, desk.Bia.Id), ((await desk.TicketAsync(handed.Id)).Status, (await desk.TicketAsync(handed.Id)).UserId));
    }

    [Fact]
    public async Task What_comes_back_within_the_window_comes_back_to_them()
    {
        await SetAsync((Setting.ForceOwner, "true"), (Setting.WhenOwnerAway, OwnerAway.Given), (Setting.ReopenMinutes, "60"), (Setting.QuietThanks, "false"));
        var (who, _) = await KnownAsync(desk.Bia);
        var ticket = await WritesAsync(who);
        Assert.Equal((TicketStatus.Open, desk.Bia.Id), (ticket.Status, ticket.UserId));
        Assert.Equal(["reopened", "owner-given"], (await LogAsync(ticket.Id))[^2..]);
    }

    [Fact]
    public async Task With_the_switch_others_find_neither_contact_nor_ticket()
    {
        var (_, mine) = await KnownAsync(desk.Ana);
        var (theirs, other) = await KnownAsync(desk.Bia);
        var (_, free) = await KnownAsync();
        var ticket = await WritesAsync(theirs);
        Assert.Equal(3, (await desk.SendAs(desk.Ana, new ListContacts(new()))).Total);
        await SetAsync((Setting.OwnersOnly, "true"));
        Assert.Equal(new HashSet<Guid> { mine, free }, (await desk.SendAs(desk.Ana, new ListContacts(new()))).Rows.Select(r => r.Id).ToHashSet());
        Assert.Equal(2, (await desk.SendAs(desk.Ana, new ListContacts(new()))).Total);
        Assert.Empty(await desk.SendAs(desk.Ana, new LookUpContacts(theirs[^8..])));
        Assert.Empty(await desk.SendAs(desk.Ana, new FindContacts(theirs)));
        await RefusedAsync(RefusalKind.NotFound, () => desk.SendAs(desk.Ana, new ReadContact(other)));
        await RefusedAsync(RefusalKind.NotFound, () => desk.SendAs(desk.Ana, new SetOwners([other], [desk.Ana.Id])));
        await RefusedAsync(RefusalKind.NotFound, () => desk.SendAs(desk.Ana, new ReadTicket(ticket.Id)));
        Assert.DoesNotContain((await desk.SendAs(desk.Ana, new ListTickets(TicketStatus.Pending))).Rows, r => r.Id == ticket.Id);
        await RefusedAsync(RefusalKind.NotFound, () => desk.SendAs(desk.Ana, new ReadConsents(other)));
        await RefusedAsync(RefusalKind.NotFound, () => desk.SendAs(desk.Ana, new StartConversation(other, desk.Channel, null)));
        var ana = await desk.ActorOf(desk.Ana);
        var importer = ana with { Permissions = ana.Permissions.Append("contacts.import").ToHashSet() };
        Assert.NotNull(Assert.Single(await desk.Send(importer, new PreviewContactTable($"nome;numero\nMeu;+{theirs}"))).Problem);
        Assert.Equal(new(0, 0, 0, 1), await desk.Send(importer, new ImportContactTable($"nome;numero\nMeu;+{theirs}", true) { OwnerId = desk.Ana.Id }));
        Assert.Equal([desk.Bia.Id], await OwnersOfAsync(other));
        // A number says no name.
        var taken = await RefusedAsync(RefusalKind.Conflict, () => desk.SendAs(desk.Ana, new SaveContact(null, "X", "+" + theirs, null, null, null)));
        Assert.Null(taken.See);
        // Its owner and the leads see it, and whoever was given it.
        Assert.Equal(ticket.Id, (await desk.SendAs(desk.Bia, new ReadTicket(ticket.Id))).Row.Id);
        await desk.SendAs(desk.Rita, new TransferTicket(ticket.Id, desk.Queue, desk.Ana.Id));
        Assert.True((await desk.SendAs(desk.Ana, new ReadTicket(ticket.Id))).MayReply);
    }

    [Fact]
    public async Task The_list_filters_by_them_and_a_table_brings_them()
    {
        await desk.SendAs(admin, new ImportContactTable($"nome;numero;carteira\nMaria;19 99111-0001;{desk.Bia.Email}\nJoão;19 99111-0002;ANA|{desk.Bia.Email}\nRui;19 99111-0003;", false) { OwnerId = desk.Rita.Id });
        async Task<string[]> OfAsync(Guid owner) => [.. (await desk.SendAs(admin, new ListContacts(new(OwnerId: owner)))).Rows.Select(r => $"{r.Name}: {string.Join('+', r.Owners)}")];
        Assert.Equal(["João: Ana+Bia"], await OfAsync(desk.Ana.Id));
        Assert.Equal(["João: Ana+Bia", "Maria: Bia"], await OfAsync(desk.Bia.Id));
        Assert.Equal(["Rui: Rita"], await OfAsync(desk.Rita.Id));
        Assert.Empty(await OfAsync(Guid.Empty));
        var csv = await desk.SendAs(admin, new ExportContacts(new(OwnerId: desk.Ana.Id)));
        Assert.Contains($"{desk.Ana.Email}|{desk.Bia.Email}", csv.Replace(" ", "", StringComparison.Ordinal));
        var lines = await desk.SendAs(admin, new PreviewContactTable("nome;numero;carteira\nEva;19 99111-0004;ninguem@example.test"));
        Assert.Contains("ninguem@example.test", Assert.Single(lines).Problem);
    }

    [Fact]
    public async Task Of_two_who_become_one_the_others_stand_in_and_it_can_be_taken_back()
    {
        var ((_, kept), (_, gone)) = (await KnownAsync(desk.Ana), await KnownAsync(desk.Bia, desk.Ana));
        await desk.SendAs(desk.Rita, new MergeContacts(kept, [gone]));
        Assert.Equal([desk.Ana.Id, desk.Bia.Id], await OwnersOfAsync(kept));
        await desk.SendAs(desk.Rita, new UndoMerge((await desk.SendAs(desk.Rita, new ListMerges())).Rows[0].Id));
        Assert.Equal([desk.Ana.Id], await OwnersOfAsync(kept));
        Assert.Equal([desk.Bia.Id, desk.Ana.Id], await OwnersOfAsync(gone));
    }

    [Fact]
    public async Task Whoever_leaves_hands_them_on_and_nothing_is_left_behind()
    {
        var davi = await desk.PersonAsync("Davi", BuiltInRoles.Agent, desk.Queue);
        var ((_, one), (_, two), (_, three)) = (await KnownAsync(davi), await KnownAsync(desk.Ana, davi, desk.Bia), await KnownAsync(davi, desk.Bia));
        Assert.Contains("3 contatos", Assert.Single((await desk.SendAs(admin, new ReadBelongings(davi.Id))).Things));
        Assert.Equal(3, await desk.SendAs(admin, new DeactivateUser(davi.Id, desk.Bia.Id)));
        Assert.Equal([desk.Bia.Id], await OwnersOfAsync(one));
        Assert.Equal([desk.Ana.Id, desk.Bia.Id], await OwnersOfAsync(two));
        Assert.Equal([desk.Bia.Id], await OwnersOfAsync(three));
        await desk.SendAs(admin, new DeactivateUser(desk.Bia.Id));
        Assert.Empty(await OwnersOfAsync(one));
        Assert.Equal([desk.Ana.Id], await OwnersOfAsync(two));
    }
}
