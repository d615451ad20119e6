using System.Collections;
using System.Reflection;
using Inforzap.Contracts.Contacts;
using Inforzap.Contracts.Settings;
using Inforzap.Host;
using Inforzap.Identity.FirstStart;
using Inforzap.Identity.Links;
using Inforzap.Identity.Sessions;
using Inforzap.Identity.TwoFactor;
using Inforzap.Identity.Users;
using Inforzap.Contracts.Identity;
using Inforzap.Requests;
using Inforzap.Settings.Audit;
using Inforzap.Tests.Architecture;
using Inforzap.Tests.Support;
using Inforzap.Tickets;
using Inforzap.Tickets.Desk;

namespace Inforzap.Tests.Attacks;

/// <summary>Nobody finds, reads or changes what is not theirs to see, by whatever id they ask for it.</summary>
public sealed class AccessTests(AttackWorld world) : IClassFixture<AttackWorld>
{
    [Fact]
    public void Every_request_that_names_something_has_a_row() =>
        Assert.Empty(AccessRows.Naming.Where(r => !AccessRows.All.Contains(r)).Select(r => r.Name));

    [Fact]
    public void Every_row_is_of_a_request_that_people_send() =>
        Assert.Empty(AccessRows.All.Except(AccessRows.Naming).Select(r => r.Name));

    public static TheoryData<string, string> Hidden()
    {
        var data = new TheoryData<string, string>();
        foreach (var caller in new[] { "agent", "supervisor", "agent without a queue", "supervisor without a queue" })
            foreach (var place in new[] { "other queue, served", "other queue, waiting", "other queue, closed", "own queue, served by a colleague", "no queue, waiting", "no queue, served", "unknown ids" })
                // A supervisor follows what their own queue's agents do.
                if ((caller, place) != ("supervisor", "own queue, served by a colleague")) data.Add(caller, place);
        data.Add("administrator", "unknown ids");
        return data;
    }

    private async Task<Actor> AskingAsync(string name)
    {
        world.Mine = world.Own[world.People[name].Id];
        return await world.ActorOf(world.People[name]);
    }

    private Place At(string place) => place == Place.Unknown.Name ? Place.Unknown : world.Places[place];

    [Theory, MemberData(nameof(Hidden))]
    public async Task What_is_not_visible_can_be_neither_read_nor_changed_by_any_id(string caller, string place)
    {
        var (actor, hidden) = (await AskingAsync(caller), At(place));
        var before = await world.SnapshotAsync();
        foreach (var (type, rows) in AccessRows.OfTickets)
            foreach (var row in rows)
            {
                var told = await ToldAsync(row(world, hidden), actor, mayLearnWhoWasFaster: place == "own queue, served by a colleague" && type == typeof(AcceptTicket));
                Assert.True(told is null, $"{type.Name} told {caller} of '{place}': {told}");
            }
        Assert.Equal(before, await world.SnapshotAsync());
    }

    /// <summary>The same rows, sent by who may: else a row that is refused for another reason would prove nothing.</summary>
    [Theory]
    [InlineData("other queue, served")]
    [InlineData("other queue, waiting")]
    [InlineData("other queue, closed")]
    [InlineData("own queue, served by a colleague")]
    [InlineData("no queue, waiting")]
    [InlineData("no queue, served")]
    public async Task Who_may_finds_each_of_them(string place)
    {
        world.Mine = At(place);
        var (administrator, owner, there) = (await world.ActorOf(world.People["administrator"]), await world.ActorOf(At(place).Owner!), At(place));
        foreach (var (type, rows) in AccessRows.OfTickets)
            foreach (var row in rows.Take(type == typeof(SaveDraft) || type == typeof(Inforzap.Tickets.Outbound.SendMessage) ? 1 : rows.Length))
            {
                var asOwner = await Record.ExceptionAsync(() => world.TryAnyAsync(row(world, there), owner));
                var asAdministrator = await Record.ExceptionAsync(() => world.TryAnyAsync(row(world, there), administrator));
                Assert.True(new[] { asOwner, asAdministrator }.Any(e => e is null or Refusal { Kind: RefusalKind.Conflict }), $"{type.Name} at '{place}': {asOwner?.Message} {asAdministrator?.Message}");
            }
    }

    [Theory, MemberData(nameof(Hidden))]
    public async Task What_is_not_visible_is_in_no_list_count_or_search(string caller, string place)
    {
        var (actor, hidden) = (world.People[caller], At(place));
        foreach (var status in Enum.GetValues<TicketStatus>())
            foreach (var search in new[] { null, hidden.Word, $"cliente {hidden.Word}", hidden.Phone, $"{hidden.Number}", $"#{hidden.Number}", $"{hidden.Word}.pdf", $"rascunho do {hidden.Word}" })
                Assert.DoesNotContain((await world.SendAs(actor, new ListTickets(status, search, Take: 500))).Rows, r => r.Id == hidden.Ticket || r.Number == hidden.Number);
        var seen = (await world.SendAs(actor, new ListTickets(TicketStatus.Open, Take: 500))).Rows.Count;
        var pending = (await world.SendAs(actor, new ListTickets(TicketStatus.Pending, Take: 500))).Rows.Count;
        var counts = await world.SendAs(actor, new CountTickets());
        Assert.Equal((seen, pending), (counts.Open, counts.Pending));
        Assert.DoesNotContain((await world.SendAs(actor, new ListTickets(TicketStatus.Open, Take: 500))).Rows, r => r.LastText.Contains(hidden.Word, StringComparison.Ordinal));
    }

    public static TheoryData<string> Gone() => ["unknown", "deleted", "another kind of thing"];

    [Theory, MemberData(nameof(Gone))]
    public async Task What_is_gone_or_never_was_is_not_found_and_changes_nothing(string what)
    {
        var agent = await AskingAsync("agent");
        var administrator = await world.ActorOf(world.People["administrator"]);
        var id = what switch { "deleted" => world.DeletedChannel, "another kind of thing" => world.Mine.Message, _ => Guid.NewGuid() };
        var before = await world.SnapshotAsync();
        foreach (var (type, rows) in AccessRows.OfOthers)
            for (var i = 0; i < rows.Length; i++)
            {
                // Who serves the ticket may transfer it and start conversations; all else is an administrator's.
                var told = await ToldAsync(rows[i](world, id), type == typeof(TransferTicket) || type == typeof(StartConversation) ? agent : administrator);
                Assert.True(told is null, $"{type.Name} (row {i}) took an id that is {what}: {told}");
            }
        Assert.Equal(before, await world.SnapshotAsync());
    }

    [Theory]
    [InlineData("supervisor")]
    [InlineData("supervisor without a queue")]
    public async Task A_supervisor_keeps_their_hands_off_administrators(string caller)
    {
        var (actor, id) = (await world.ActorOf(world.People[caller]), world.People["administrator"].Id);
        var row = (await world.SendAs(world.People["administrator"], new ListUsers())).Rows.Single(u => u.Id == id);
        var before = await world.SnapshotAsync();
        foreach (var type in AccessRows.OfOthers.Keys.Where(t => t.Assembly == typeof(DeactivateUser).Assembly))
            Assert.Null(await ToldAsync(AccessRows.OfOthers[type][0](world, id), actor));
        Assert.Null(await ToldAsync(new SaveUser(id, row.Name, row.Email, BuiltInRoles.Agent, [], "tijolo cometa varanda", row.Stamp), actor));
        var self = (await world.SendAs(world.People[caller], new ListUsers())).Rows.Single(u => u.Id == actor.Id);
        Assert.Null(await ToldAsync(new SaveUser(self.Id, self.Name, self.Email, BuiltInRoles.Administrator, self.Queues, null, self.Stamp), actor));
        Assert.Null(await ToldAsync(new SaveUser(null, "x", "x@example.test", BuiltInRoles.Administrator, [], "tijolo cometa varanda", null), actor));
        Assert.Equal(before, await world.SnapshotAsync());
    }

    /// <summary>An upload is its owner's, for one ticket, once.</summary>
    [Fact]
    public async Task Another_persons_upload_is_nobody_elses_to_send_not_even_where_both_see_the_ticket()
    {
        await AskingAsync("agent");
        var administrator = await world.ActorOf(world.People["administrator"]);
        var supervisor = await world.ActorOf(world.People["supervisor"]);
        Assert.Null(await world.SendAnyAsync(new FindMedia(world.Mine.Upload), administrator));
        Assert.Null(await world.SendAnyAsync(new FindMedia(world.Mine.Upload), supervisor));
        Assert.NotNull(await world.SendAnyAsync(new FindMedia(world.Mine.Upload), await world.ActorOf(world.People["agent"])));
        var note = new Inforzap.Tickets.Outbound.SendMessage(world.Mine.Ticket, Guid.NewGuid(), "x", world.Mine.Upload, IsNote: true);
        Assert.Equal(RefusalKind.NotFound, (await Assert.ThrowsAsync<Refusal>(() => world.SendAnyAsync(note, administrator))).Kind);
        await world.TryAnyAsync(note, await world.ActorOf(world.People["agent"]));
    }

    // ---- Permissions ----

    private static IEnumerable<BuiltInRoles> Roles => [BuiltInRoles.Administrator, BuiltInRoles.Supervisor, BuiltInRoles.Agent];

    private static IEnumerable<Permission> Permissions => Modules.All.SelectMany(m => m.Permissions);

    private static Actor Of(BuiltInRoles role) => new(Guid.NewGuid(), $"{role}", Permissions.Where(p => (p.Roles & role) != 0).Select(p => p.Name).ToHashSet(), []);

    /// <summary>Nothing is in it: whether the caller may is asked before anything is looked at.</summary>
    private static object Empty(Type request) => System.Runtime.CompilerServices.RuntimeHelpers.GetUninitializedObject(request);

    private async Task ForbiddenAsync(Type request, IActor actor)
    {
        var thrown = await Record.ExceptionAsync(() => world.SendAnyAsync(Empty(request), actor));
        Assert.True(thrown is Refusal { Kind: RefusalKind.Forbidden }, $"{request.Name} was not forbidden to {actor.Name}: {thrown?.GetType().Name ?? "done"}");
    }

    [Fact]
    public async Task Every_request_is_forbidden_to_each_role_that_lacks_its_permission()
    {
        var before = await world.SnapshotAsync();
        var refused = 0;
        foreach (var request in House.Requests.Select(r => r.Request))
            if (request.GetCustomAttribute<AllowAttribute>() is { Permissions: { Count: > 0 } any })
                foreach (var lacking in Roles.Select(Of).Where(a => !any.Any(a.May)))
                {
                    await ForbiddenAsync(request, lacking);
                    refused++;
                }
        Assert.True(refused > 30);
        Assert.Equal(before, await world.SnapshotAsync());
    }

    [Fact]
    public async Task What_the_product_tells_itself_is_forbidden_to_everybody()
    {
        foreach (var request in House.Requests.Select(r => r.Request).Where(r => r.IsDefined(typeof(AllowSystemAttribute), false)))
            foreach (var actor in Roles.Select(Of).Append(Actor.Stranger)) await ForbiddenAsync(request, actor);
    }

    [Fact]
    public async Task Strangers_send_what_signing_in_needs_and_nothing_else()
    {
        Type[] open = [typeof(IsSetUp), typeof(SetUp), typeof(CheckPassword), typeof(CheckCode), typeof(BeginCodesAtSignIn), typeof(ConfirmCodesAtSignIn), typeof(ReadInvitation), typeof(AcceptInvitation), typeof(AskNewPassword)];
        Assert.Equal(open.Select(t => t.Name).Order(), House.Requests.Select(r => r.Request).Where(r => r.IsDefined(typeof(AllowAnyoneAttribute), false)).Select(t => t.Name).Order());
        foreach (var request in House.Requests.Select(r => r.Request).Except(open)) await ForbiddenAsync(request, Actor.Stranger);
    }

    /// <summary>What is asked inside a handler, not at its door: each with something that only its holder may do.</summary>
    private static Dictionary<string, Func<AttackWorld, object>> AskedInside => new()
    {
        ["tickets.see-all"] = w => new ReadTicket(w.Places["other queue, served"].Ticket),
        ["tickets.see-queue"] = w => new ReadTicket(w.Places["own queue, served by a colleague"].Ticket),
        ["notes.edit-all"] = w => new Inforzap.Tickets.Outbound.EditMessage(w.Note, "x"),
        ["owners.see-all"] = w => new ReadContact(w.Places["other queue, served"].Contact),
        ["contacts.list-all"] = _ => new Inforzap.Contacts.Book.ListContacts(new()),
        // A part of many numbers, and of no name.
        ["contacts.see-phones"] = _ => new LookUpContacts("5511900"),
        ["users.administrators"] = w => new SignOutEverywhere(w.People["administrator"].Id),
    };

    [Fact]
    public async Task Every_permission_is_asked_for_and_refused_to_each_role_that_lacks_it()
    {
        // What only some of the switches ask for.
        await SwitchAsync("true");
        await world.SendAsSystem(new SetOwners([world.Places["other queue, served"].Contact], [world.People["administrator"].Id]));
        var atTheDoor = House.Requests.SelectMany(r => r.Request.GetCustomAttribute<AllowAttribute>()?.Permissions ?? []).ToHashSet();
        foreach (var permission in Permissions)
            foreach (var role in Roles.Where(r => (permission.Roles & r) == 0))
            {
                // Refused for each of its requests by the test above.
                if (atTheDoor.Contains(permission.Name)) continue;
                Assert.True(AskedInside.TryGetValue(permission.Name, out var request), $"Nothing is refused to {role} without {permission.Name}.");
                var person = world.People.Values.First(p => p.Role == role);
                Assert.Null(await ToldAsync(request(world), await world.ActorOf(person)));
                var holder = world.People.Values.First(p => (permission.Roles & p.Role) != 0);
                var holding = await world.ActorOf(holder);
                Assert.Null(await Record.ExceptionAsync(() => world.TryAnyAsync(request(world), holding)));
            }
        await SwitchAsync("false");
    }

    private async Task SwitchAsync(string value)
    {
        await world.SendAsSystem(new ChangeSettings(new Dictionary<string, string> { [Setting.HidePhones.Name] = value, [Setting.ContactsForLeads.Name] = value, [Setting.OwnersOnly.Name] = value }));
        await world.Services.GetRequiredService<ISettings>().LoadAsync();
    }

    /// <summary>Null when it was refused as if there were nothing, or answered with nothing; else what the caller learnt.</summary>
    private async Task<string?> ToldAsync(object request, IActor actor, bool mayLearnWhoWasFaster = false)
    {
        try
        {
            return await world.SendAnyAsync(request, actor) switch
            {
                null or false or 0 => null,
                ICollection { Count: 0 } or UserList { Rows.Count: 0 } or AuditPage { Rows.Count: 0 } => null,
                var answer => $"answered {answer}",
            };
        }
        catch (Refusal refusal) when (refusal.Kind is RefusalKind.NotFound or RefusalKind.Forbidden || (mayLearnWhoWasFaster && refusal.Kind == RefusalKind.Conflict))
        {
            return null;
        }
        catch (Refusal refusal)
        {
            return $"{refusal.Kind}: {refusal.Message}";
        }
    }
}
