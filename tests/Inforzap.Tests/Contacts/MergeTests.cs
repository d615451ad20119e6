using Inforzap.Audit;
using Inforzap.Contacts;
using Inforzap.Contacts.Book;
using Inforzap.Contacts.Merging;
using Inforzap.Contacts.Tags;
using Inforzap.Contracts.Contacts;
using Inforzap.Contracts.Settings;
using Inforzap.Data;
using Inforzap.Files;
using Inforzap.Lanes;
using Inforzap.Requests;
using Inforzap.Tests.Architecture;
using Inforzap.Tests.Support;
using Inforzap.Tests.Tickets;
using Inforzap.Tickets;
using Inforzap.Tickets.Desk;
using Inforzap.Tickets.Outbound;
using Counter = Inforzap.Tests.Tickets.Counter;

namespace Inforzap.Tests.Contacts;

/// <summary>Contacts that are one person become one, with all that is theirs, and can be taken apart again.</summary>
public sealed class MergeTests : IAsyncLifetime
{
    private const string First = "5521911117001", Second = "5521911117002";
    private readonly Counter counter = new();
    private Actor lead = null!, ana = null!;

    public async ValueTask InitializeAsync()
    {
        await counter.InitializeAsync();
        lead = await counter.ActorOf(await counter.PersonAsync("Lia", BuiltInRoles.Supervisor, counter.Queue));
        ana = await counter.ActorOf(await counter.PersonAsync("Ana", BuiltInRoles.Agent, counter.Queue));
    }

    public ValueTask DisposeAsync() => counter.DisposeAsync();

    private async Task<(Guid Contact, Guid Ticket)> CameAsync(string who, bool closes = true)
    {
        var ticket = await counter.ServedAsync(ana, who);
        var contact = (await counter.TicketAsync(ticket)).ContactId;
        if (closes) await counter.Send(ana, new CloseTicket(ticket, null));
        return (contact, ticket);
    }

    private Task<Guid> SaveAsync(Guid? id, string name, string phone, string? email = null, string? company = null, string? document = null, params (string Label, string Value)[] fields) =>
        counter.Send(ana, new SaveContact(id, name, phone, email, company, null) { Extras = new(document, null, [.. fields.Select(f => new ContactFieldValue(f.Label, f.Value))]) });

    private Task<ContactDetails> ReadAsync(Guid id) => counter.Send(ana, new ReadContact(id));

    private async Task<Guid> MergeAsync(Guid into, params Guid[] from)
    {
        await counter.Send(lead, new MergeContacts(into, from));
        return (await counter.Send(lead, new ListMerges())).Rows[0].Id;
    }

    private static async Task<Refusal> RefusedAsync(RefusalKind kind, Func<Task> act)
    {
        var refusal = await Assert.ThrowsAsync<Refusal>(act);
        Assert.Equal(kind, refusal.Kind);
        return refusal;
    }

    /// <summary>In how many rows of all tables somebody is named as the contact.</summary>
    private Task<int> RowsOfAsync(Guid contact) => counter.ReadAsync(async db =>
    {
        var sum = 0;
        foreach (var entity in db.Model.GetEntityTypes().Where(e => e.GetTableName() is not null && e.FindProperty("ContactId") is not null))
        {
            var table = entity.GetSchema() is { } schema ? $"\"{schema}\".\"{entity.GetTableName()}\"" : $"\"{entity.GetTableName()}\"";
            sum += await db.Database.SqlQueryRaw<int>(string.Concat("SELECT COUNT(*) AS \"Value\" FROM ", table, " WHERE \"ContactId\" = {0}"), contact).SingleAsync();
        }
        return sum;
    });

    [Fact]
    public async Task All_that_is_of_one_is_of_the_other_and_what_they_write_from_now_on_too()
    {
        var (kept, one) = await CameAsync(First);
        var (gone, two) = await CameAsync(Second);
        await SaveAsync(kept, "Maria", First, company: "Sol", fields: ("Plano", "Ouro"));
        await SaveAsync(gone, "Maria S.", Second, "maria@example.test", "Lua", "52998224725", ("Plano", "Prata"), ("Código", "42"));
        var tag = await counter.SendAsSystem(new SaveTag(null, "VIP", "#2F6FB0", 0, TagScope.Company, [], null));
        await counter.Send(ana, new AddTag(gone, tag));
        Assert.True(await RowsOfAsync(gone) > 4);
        await MergeAsync(kept, gone);
        Assert.Equal(0, await RowsOfAsync(gone));
        await RefusedAsync(RefusalKind.NotFound, () => ReadAsync(gone));
        var there = await ReadAsync(kept);
        Assert.Equal(("Maria", "Sol", "maria@example.test", "52998224725"), (there.Name, there.Company, there.Email, there.Document));
        Assert.Equal([new("Plano", "Ouro"), new ContactFieldValue("Código", "42")], there.Fields);
        Assert.Equal([First, Second], there.Addresses.Select(a => a.Value).Order());
        Assert.Equal(kept, (await counter.Send(ana, new ListContacts(new(TagId: tag)))).Rows.Single().Id);
        Assert.Equal(kept, (await counter.Send(ana, new ListContacts(new(Second)))).Rows.Single().Id);
        Assert.Equal(two, (await counter.Send(lead, new ReadTicket(one))).Previous.Single().Id);
        await counter.HappenAsync(counter.Says(Second, "Sou eu de novo"));
        var third = await counter.TicketOfAsync(Second);
        Assert.NotEqual(two, third);
        Assert.Equal(kept, (await counter.TicketAsync(third)).ContactId);
        // Saving with the first number leaves the second where it is.
        await SaveAsync(kept, "Maria", First);
        Assert.Equal(2, (await ReadAsync(kept)).Addresses.Count);
    }

    [Fact]
    public async Task Changes_are_numbered_above_those_of_both_conversations()
    {
        var (kept, one) = await CameAsync(First, closes: false);
        var (gone, two) = await CameAsync(Second, closes: false);
        for (var n = 0; n < 5; n++) await counter.HappenAsync(counter.Says(Second, $"n{n}"));
        await counter.Send(ana, new CloseTicket(two, null));
        var highest = (await counter.TicketAsync(two)).LastChange;
        Assert.True(highest > (await counter.TicketAsync(one)).LastChange);
        await MergeAsync(kept, gone);
        await counter.HappenAsync(counter.Says(Second, "depois"));
        var last = (await counter.MessagesOfAsync(one))[^1];
        Assert.Equal("depois", last.Body);
        Assert.True(last.Change > highest);
    }

    [Fact]
    public async Task What_has_not_left_yet_goes_in_the_lane_of_whose_it_is_now()
    {
        var (kept, _) = await CameAsync(First);
        var (gone, two) = await CameAsync(Second, closes: false);
        var (early, late) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await counter.Send(ana, new SendMessage(two, early, "antes"));
        await MergeAsync(kept, gone);
        await counter.Send(ana, new SendMessage(two, late, "depois"));
        var items = await counter.ReadAsync(db => db.Set<LaneItem>().AsNoTracking().Where(i => i.State == LaneItemState.Pending && (i.Payload.Contains(early.ToString()) || i.Payload.Contains(late.ToString()))).OrderBy(i => i.Position).ToListAsync());
        Assert.Equal(2, items.Count);
        Assert.All(items, i => Assert.Equal($"out/{counter.Channel:N}/{kept:N}", i.Lane));
        Assert.Contains(early.ToString(), items[0].Payload, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_the_questions_that_wait_the_newest_stays_also_where_three_are_joined_at_once()
    {
        var survey = new Survey { Id = Guid.CreateVersion7(), Name = "Nota", RequestText = "De 0 a 10?", ThanksText = "Obrigado", InvalidText = "De 0 a 10", ExpiresMinutes = 60 };
        var contacts = new List<Guid>();
        foreach (var (index, who) in new[] { First, Second, "5521911117003" }.Index())
        {
            var (contact, id) = await CameAsync(who);
            contacts.Add(contact);
            var ticket = await counter.TicketAsync(id);
            await counter.WriteAsync(db => Task.FromResult(db.Add(SurveyRequest.Of(Guid.CreateVersion7(), survey, ticket, Guid.CreateVersion7(), null, DateTime.UtcNow.AddSeconds(index)))));
        }
        await counter.Send(lead, new MergeContacts(contacts[0], [contacts[1], contacts[2]]));
        var requests = await counter.ReadAsync(db => db.Set<SurveyRequest>().AsNoTracking().OrderBy(r => r.SentAt).ToListAsync());
        Assert.All(requests, r => Assert.Equal(contacts[0], r.ContactId));
        Assert.Equal([SurveyState.Cancelled, SurveyState.Cancelled, SurveyState.Sent], requests.Select(r => r.State));
    }

    [Fact]
    public async Task Taken_apart_both_conversations_go_on_above_the_numbers_of_the_one()
    {
        var (kept, one) = await CameAsync(First);
        var (gone, two) = await CameAsync(Second, closes: false);
        for (var n = 0; n < 5; n++) await counter.HappenAsync(counter.Says(Second, $"n{n}"));
        await counter.Send(ana, new CloseTicket(two, null));
        var merge = await MergeAsync(kept, gone);
        var highest = (await counter.TicketAsync(two)).LastChange;
        Assert.True((await counter.TicketAsync(one)).LastChange < highest);
        await counter.Send(lead, new UndoMerge(merge));
        foreach (var ticket in new[] { one, two }) Assert.True((await counter.TicketAsync(ticket)).LastChange >= highest);
    }

    [Fact]
    public async Task Two_active_tickets_on_one_channel_stand_in_the_way_and_nothing_moves()
    {
        var (kept, one) = await CameAsync(First, closes: false);
        var (gone, two) = await CameAsync(Second, closes: false);
        var refusal = await RefusedAsync(RefusalKind.Conflict, () => MergeAsync(kept, gone));
        Assert.Equal(one, refusal.See);
        Assert.Contains((await counter.TicketAsync(two)).Number.ToString(System.Globalization.CultureInfo.InvariantCulture), refusal.Message);
        Assert.Equal(gone, (await counter.TicketAsync(two)).ContactId);
        await counter.Send(ana, new CloseTicket(two, null));
        await MergeAsync(kept, gone);
        Assert.Equal(kept, (await counter.TicketAsync(two)).ContactId);
    }

    [Fact]
    public async Task It_is_taken_back_with_what_went_along_and_without_what_came_since()
    {
        var (kept, _) = await CameAsync(First);
        var (gone, two) = await CameAsync(Second);
        await SaveAsync(kept, "Maria", First);
        await SaveAsync(gone, "Maria S.", Second, "maria@example.test", "Lua", fields: [("Código", "42"), ("Plano", "Prata")]);
        var tag = await counter.SendAsSystem(new SaveTag(null, "VIP", "#2F6FB0", 0, TagScope.Company, [], null));
        await counter.Send(ana, new AddTag(gone, tag));
        var before = (await ReadAsync(kept), await ReadAsync(gone));
        var merge = await MergeAsync(kept, gone);
        await SaveAsync(kept, "Maria", First, "outro@example.test", "Lua", fields: [("Código", "43"), ("Plano", "Prata")]);
        await counter.HappenAsync(counter.Says(Second, "Sou eu de novo"));
        var third = await counter.TicketOfAsync(Second);
        await counter.Send(lead, new UndoMerge(merge));
        var back = await ReadAsync(gone);
        Assert.Equal((before.Item2.Name, "maria@example.test", "Lua", before.Item2.CreatedAt), (back.Name, back.Email, back.Company, back.CreatedAt));
        Assert.Equal(before.Item2.Fields, back.Fields);
        Assert.Equal([Second], back.Addresses.Select(a => a.Value));
        var stayed = await ReadAsync(kept);
        // What somebody changed since stays; what nobody touched goes back.
        Assert.Equal(("outro@example.test", null), (stayed.Email, stayed.Company));
        Assert.Equal([new ContactFieldValue("Código", "43")], stayed.Fields);
        Assert.Equal(gone, (await counter.Send(ana, new ListContacts(new(TagId: tag)))).Rows.Single().Id);
        Assert.Equal((gone, kept), ((await counter.TicketAsync(two)).ContactId, (await counter.TicketAsync(third)).ContactId));
        await RefusedAsync(RefusalKind.Conflict, () => counter.Send(lead, new UndoMerge(merge)));
        await counter.Send(lead, new CloseTicket(third, null));
        await counter.HappenAsync(counter.Says(Second, "E de novo"));
        Assert.Equal(gone, (await counter.TicketAsync(await counter.TicketOfAsync(Second))).ContactId);
    }

    [Fact]
    public async Task Of_two_merges_the_later_is_taken_back_first()
    {
        var (a, b, c) = (await SaveAsync(null, "A", "21 91111-7001"), await SaveAsync(null, "B", "21 91111-7002"), await SaveAsync(null, "C", "21 91111-7003"));
        var early = await MergeAsync(b, a);
        var late = await MergeAsync(c, b);
        await RefusedAsync(RefusalKind.Conflict, () => counter.Send(lead, new UndoMerge(early)));
        await counter.Send(lead, new UndoMerge(late));
        await counter.Send(lead, new UndoMerge(early));
        Assert.Equal(["A", "B", "C"], (await counter.Send(ana, new ListContacts(new()))).Rows.Select(r => r.Name));
        foreach (var id in new[] { a, b, c }) Assert.Single((await ReadAsync(id)).Addresses);
    }

    [Fact]
    public async Task Of_several_numbers_the_last_ticket_s_is_used_and_else_the_oldest()
    {
        var old = await SaveAsync(null, "A", First);
        var (kept, _) = await CameAsync(Second);
        var other = await SaveAsync(null, "B", "21 91111-7003");
        // Ids of one millisecond have no order.
        await Task.Delay(5);
        var third = await SaveAsync(null, "C", "21 91111-7004");
        await MergeAsync(kept, old);
        await MergeAsync(third, other);
        Assert.Equal(First, (await ReadAsync(kept)).Addresses[0].Value);
        Assert.Equal(First, await counter.ReadAsync(db => db.Set<ContactView>().Where(c => c.Id == kept).Select(c => c.Phone).SingleAsync()));
        Assert.Equal(Second, (await counter.TicketAsync(await counter.Send(ana, new StartConversation(kept, counter.Channel, counter.Queue)))).AddressValue);
        Assert.Equal("5521911117003", (await counter.TicketAsync(await counter.Send(ana, new StartConversation(third, counter.Channel, counter.Queue)))).AddressValue);
    }

    [Fact]
    public async Task A_table_that_tells_of_one_under_two_numbers_is_taken_once()
    {
        var rita = await counter.ActorOf(await counter.PersonAsync("Rita", BuiltInRoles.Administrator, counter.Queue));
        var (a, b) = (await SaveAsync(null, "A", "21 91111-7001"), await SaveAsync(null, "B", "21 91111-7002"));
        await MergeAsync(a, b);
        var done = await counter.Send(rita, new ImportContactTable("nome;numero;Plano\nNova;21 91111-7001;Ouro\nOutra;21 91111-7002;Prata", true));
        Assert.Equal(new TableImported(0, 1, 0, 1), done);
        Assert.Equal(("Nova", new ContactFieldValue("Plano", "Ouro")), ((await ReadAsync(a)).Name, (await ReadAsync(a)).Fields.Single()));
    }

    [Fact]
    public async Task Whether_the_one_is_blocked_is_asked_where_they_differ()
    {
        var (a, b) = (await SaveAsync(null, "A", "21 91111-7001"), await SaveAsync(null, "B", "21 91111-7002"));
        await counter.Send(lead, new BlockContact(b, true));
        Assert.Contains(nameof(MergeContacts.Blocked), (await Assert.ThrowsAsync<Refusal>(() => MergeAsync(a, b))).Fields.Keys);
        await counter.Send(lead, new MergeContacts(a, [b], true));
        Assert.True((await ReadAsync(a)).Blocked);
        await counter.Send(lead, new UndoMerge((await counter.Send(lead, new ListMerges())).Rows[0].Id));
        Assert.Equal((false, true), ((await ReadAsync(a)).Blocked, (await ReadAsync(b)).Blocked));
    }

    [Fact]
    public async Task Joining_blocks_nobody_whom_the_caller_may_not_block()
    {
        var (a, b, c) = (await SaveAsync(null, "A", "21 91111-7001"), await SaveAsync(null, "B", "21 91111-7002"), await SaveAsync(null, "C", "21 91111-7003"));
        await counter.Send(lead, new MergeContacts(a, [c], true));
        Assert.False((await ReadAsync(a)).Blocked);
        await counter.Send(lead, new BlockContact(b, true));
        var joins = lead with { Permissions = lead.Permissions.Where(p => p != "contacts.block").ToHashSet() };
        await RefusedAsync(RefusalKind.Forbidden, () => counter.Send(joins, new MergeContacts(a, [b], true)));
        await counter.Send(joins, new MergeContacts(a, [b], false));
        Assert.False((await ReadAsync(a)).Blocked);
    }

    [Fact]
    public async Task Leads_join_agents_do_not_and_the_audit_tells_of_it()
    {
        var (a, b) = (await SaveAsync(null, "A", "21 91111-7001"), await SaveAsync(null, "B", "21 91111-7002"));
        await RefusedAsync(RefusalKind.Forbidden, () => counter.Send(ana, new MergeContacts(a, [b])));
        await RefusedAsync(RefusalKind.Forbidden, () => counter.Send(ana, new ListDuplicates(DuplicateReason.Name)));
        await RefusedAsync(RefusalKind.Forbidden, () => counter.Send(ana, new CompareContacts([a, b])));
        await RefusedAsync(RefusalKind.Forbidden, () => counter.Send(ana, new ListMerges()));
        await RefusedAsync(RefusalKind.Forbidden, () => counter.Send(ana, new UndoMerge(Guid.NewGuid())));
        await RefusedAsync(RefusalKind.Invalid, () => counter.Send(lead, new MergeContacts(a, [a])));
        await RefusedAsync(RefusalKind.NotFound, () => counter.Send(lead, new MergeContacts(a, [Guid.NewGuid()])));
        await RefusedAsync(RefusalKind.NotFound, () => counter.Send(lead, new UndoMerge(Guid.NewGuid())));
        await counter.Send(lead, new UndoMerge(await MergeAsync(a, b)));
        var entries = await counter.ReadAsync(db => db.AuditEntries.Where(e => e.Kind == "merge").OrderBy(e => e.Position).ToListAsync());
        Assert.Equal([("B", AuditVerb.Created), ("B", AuditVerb.Changed)], entries.Select(e => (e.Subject, e.Verb)));
        Assert.DoesNotContain("5521", entries[0].Changes + entries[1].Changes, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_the_book_is_for_leads_nobody_else_joins()
    {
        var (a, b) = (await SaveAsync(null, "A", "21 91111-7001"), await SaveAsync(null, "B", "21 91111-7002"));
        var merge = await MergeAsync(a, b);
        await counter.SendAsSystem(new ChangeSettings(new Dictionary<string, string> { [Setting.ContactsForLeads.Name] = "true" }));
        var joins = lead with { Permissions = lead.Permissions.Where(p => p != "contacts.list-all").ToHashSet() };
        await RefusedAsync(RefusalKind.Forbidden, () => counter.Send(joins, new MergeContacts(a, [b])));
        await RefusedAsync(RefusalKind.Forbidden, () => counter.Send(joins, new ListMerges()));
        await RefusedAsync(RefusalKind.Forbidden, () => counter.Send(joins, new UndoMerge(merge)));
        await counter.Send(lead, new UndoMerge(merge));
    }

    [Fact]
    public async Task Who_may_be_one_is_found_by_document_e_mail_and_name()
    {
        var a = await SaveAsync(null, "José da Silva", "21 91111-7001", "jose@example.test", document: "52998224725");
        var b = await SaveAsync(null, "Zé", "21 91111-7002", "JOSE@example.test", document: "529.982.247-25");
        var c = await SaveAsync(null, "jose  da silva", "21 91111-7003");
        await SaveAsync(null, "José da Silva", "21 91111-7004", company: "Outra");
        await SaveAsync(null, "Ana", "21 91111-7005");
        await SaveAsync(null, "Ana", "21 91111-7006");
        async Task<IEnumerable<Guid>> OfAsync(DuplicateReason reason) => (await counter.Send(lead, new ListDuplicates(reason))).Groups.Single().Rows.Select(r => r.Id);
        Assert.Equal([a, b], await OfAsync(DuplicateReason.Document));
        Assert.Equal([a, b], await OfAsync(DuplicateReason.Email));
        Assert.Equal([a, c], await OfAsync(DuplicateReason.Name));
        await MergeAsync(a, b, c);
        foreach (var reason in Enum.GetValues<DuplicateReason>()) Assert.Equal(0, (await counter.Send(lead, new ListDuplicates(reason))).Found);
    }

    [Fact]
    public async Task What_groups_have_in_common_is_masked_and_the_book_is_not_leafed_through_that_way()
    {
        var (a, b) = (await SaveAsync(null, "Ana Lima 11 98765-1234", "21 91111-7001"), await SaveAsync(null, "ana lima 11 98765-1234", "21 91111-7002"));
        await counter.SendAsSystem(new ChangeSettings(new Dictionary<string, string> { [Setting.HidePhones.Name] = "true", [Setting.ContactsForLeads.Name] = "true" }));
        await counter.Services.GetRequiredService<ISettings>().LoadAsync();
        Actor Without(string permission) => lead with { Permissions = lead.Permissions.Where(p => p != permission).ToHashSet() };
        var group = (await counter.Send(lead, new ListDuplicates(DuplicateReason.Name))).Groups.Single();
        Assert.Equal("ana lima 11 98765-1234", group.Key);
        group = (await counter.Send(Without("contacts.see-phones"), new ListDuplicates(DuplicateReason.Name))).Groups.Single();
        Assert.Equal(PhonePrivacy.MaskWithin("ana lima 11 98765-1234"), group.Key);
        Assert.Equal(2, group.Rows.Count);
        await RefusedAsync(RefusalKind.Forbidden, () => counter.Send(Without("contacts.list-all"), new ListDuplicates(DuplicateReason.Name)));
        await RefusedAsync(RefusalKind.Forbidden, () => counter.Send(Without("contacts.list-all"), new CompareContacts([a, b])));
        Assert.Equal(2, (await counter.Send(lead, new CompareContacts([a, b]))).Count);
    }

    [Fact]
    public async Task Names_from_before_there_were_keys_get_theirs()
    {
        var (a, b) = (await SaveAsync(null, "Ana Lima", "21 91111-7001"), await SaveAsync(null, "ANA LIMA", "21 91111-7002"));
        await counter.WriteAsync(db => db.Set<Contact>().ExecuteUpdateAsync(set => set.SetProperty(c => c.NameKey, (string?)null).SetProperty(c => c.Version, c => c.Version + 1)));
        Assert.Equal(0, (await counter.Send(lead, new ListDuplicates(DuplicateReason.Name))).Found);
        await counter.RunAsync<TendMerges>();
        Assert.Equal([a, b], (await counter.Send(lead, new ListDuplicates(DuplicateReason.Name))).Groups.Single().Rows.Select(r => r.Id));
    }

    [Fact]
    public async Task What_came_to_the_one_who_was_going_is_brought_after()
    {
        var (kept, _) = await CameAsync(First);
        var (gone, two) = await CameAsync(Second);
        var merge = await MergeAsync(kept, gone);
        // Whoever resolved the address before the merge commits after it.
        await counter.WriteAsync(db => db.Claim<Ticket>(x => x.Id == two, set => set.SetProperty(x => x.ContactId, gone)));
        await counter.RunAsync<TendMerges>();
        Assert.Equal(kept, (await counter.TicketAsync(two)).ContactId);
        await counter.Send(lead, new UndoMerge(merge));
        Assert.Equal(gone, (await counter.TicketAsync(two)).ContactId);
    }

    [Fact]
    public async Task It_is_brought_after_also_days_later_and_to_whoever_has_all_of_it_by_then()
    {
        var (a, one) = await CameAsync(First);
        var (b, _) = await CameAsync(Second);
        var (c, _) = await CameAsync("5521911117003");
        var early = await MergeAsync(b, a);
        var late = await MergeAsync(c, b);
        var days = TimeSpan.FromDays(2);
        await counter.WriteAsync(async db =>
        {
            foreach (var merge in await db.Set<ContactMerge>().Select(m => new { m.Id, m.At }).ToListAsync()) await db.Claim<ContactMerge>(m => m.Id == merge.Id, set => set.SetProperty(m => m.At, merge.At - days));
            await db.Claim<Ticket>(x => x.Id == one, set => set.SetProperty(x => x.ContactId, a));
        });
        await counter.RunAsync<TendMerges>();
        Assert.Equal(c, (await counter.TicketAsync(one)).ContactId);
        await counter.Send(lead, new UndoMerge(late));
        Assert.Equal(b, (await counter.TicketAsync(one)).ContactId);
        await counter.Send(lead, new UndoMerge(early));
        Assert.Equal(a, (await counter.TicketAsync(one)).ContactId);
    }

    [Fact]
    public async Task After_thirty_days_nothing_is_left_to_take_back()
    {
        var (a, b) = (await SaveAsync(null, "A", "21 91111-7001"), await SaveAsync(null, "B", "21 91111-7002"));
        var merge = await MergeAsync(a, b);
        var old = DateTime.UtcNow - ContactMerge.Keep - TimeSpan.FromHours(1);
        await counter.WriteAsync(db => db.Claim<ContactMerge>(m => m.Id == merge, set => set.SetProperty(m => m.At, old)));
        Assert.Empty((await counter.Send(lead, new ListMerges())).Rows);
        await RefusedAsync(RefusalKind.NotFound, () => counter.Send(lead, new UndoMerge(merge)));
        await counter.RunAsync<TendMerges>();
        Assert.Equal(0, await counter.ReadAsync(db => db.Set<ContactMerge>().CountAsync()));
    }

    /// <summary>A module that keeps whose something is would otherwise leave it with somebody who is gone.</summary>
    [Fact]
    public void Every_module_that_keeps_contacts_ids_follows_them()
    {
        using var db = ModelTests.Open(DatabaseProvider.Sqlite);
        var keeping = db.Model.GetEntityTypes().Where(e => e.GetTableName() is not null && e.FindProperty("ContactId") is not null).Select(e => e.ClrType.Assembly).Distinct();
        Assert.Empty(keeping.Where(a => a != typeof(Contact).Assembly && !a.GetTypes().Any(x => x is { IsClass: true } && x.IsAssignableTo(typeof(IContactFollower)))).Select(a => a.GetName().Name));
    }
}
