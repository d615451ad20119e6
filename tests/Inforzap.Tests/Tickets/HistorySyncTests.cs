using Inforzap.Contracts.Channels;
using Inforzap.Contracts.Contacts;
using Inforzap.Contracts.Identity;
using Inforzap.Contracts.Settings;
using Inforzap.Contracts.Tickets;
using Inforzap.Data;
using Inforzap.Files;
using Inforzap.Lanes;
using Inforzap.Requests;
using Inforzap.Sdk;
using Inforzap.Tickets;
using Inforzap.Tickets.Desk;
using Inforzap.Tickets.Past;

namespace Inforzap.Tests.Tickets;

/// <summary>What was said before is brought in beside what happens, at its place, and moves nothing.</summary>
public sealed class HistorySyncTests
{
    private static int people;

    private static string Somebody() => $"55219333{Interlocked.Increment(ref people):00000}";

    private static PastMessage Said(string id, DateTime at, string text, bool ours = false) => new(id, at, ours, new TextContent(text));

    private static async Task<Remembering> OpenAsync()
    {
        var desk = new Remembering();
        await desk.InitializeAsync();
        return desk;
    }

    private static async Task<IReadOnlyList<string>> TextsAsync(Counter desk, Actor actor, Guid ticket)
    {
        var all = new List<MessageRow>();
        long? before = null;
        while (true)
        {
            var some = await desk.Send(actor, new ReadStretch(ticket, Before: before, Take: 3));
            all.InsertRange(0, some.Rows);
            if (!some.HasOlder) break;
            before = some.Rows[0].Place;
        }
        return [.. all.Select(m => m.Body!)];
    }

    [Fact]
    public async Task It_stands_where_its_time_puts_it_and_changes_nothing_else()
    {
        await using var desk = await OpenAsync();
        var (lead, who) = (desk.Agent("Lia", BuiltInRoles.Supervisor), Somebody());
        var now = DateTime.UtcNow;
        await desk.HappenAsync(desk.Says(who, "um", "live-1") with { At = now.AddHours(-3) }, desk.Says(who, "dois", "live-2") with { At = now.AddHours(-1) });
        var ticket = await desk.TicketOfAsync(who);
        var (before, rows) = (await desk.TicketAsync(ticket), await desk.MessagesOfAsync(ticket));
        var lanes = await desk.ReadAsync(db => db.Set<LaneItem>().CountAsync());
        var cursor = before.LastChange;
        desk.Memory.Past.AddRange(
        [
            Said("p-6", now.AddMinutes(-30), "depois"), Said("live-2", now.AddHours(-1), "dois"), Said("p-4", now.AddHours(-2).AddSeconds(1), "no meio 2", ours: true) with { QuotedProviderId = "p-1", State = ReceiptState.Read },
            Said("p-3", now.AddHours(-2), "no meio 1"), Said("live-1", now.AddHours(-3), "um"), Said("p-2", now.AddDays(-2), "antes 2"), Said("p-1", now.AddDays(-2), "antes 1"),
        ]);
        await desk.Send(lead, new SyncHistory(ticket, 100));
        await desk.SettleAsync();

        Assert.Equal(["antes 1", "antes 2", "um", "no meio 1", "no meio 2", "dois", "depois"], await TextsAsync(desk, lead, ticket));
        var after = await desk.TicketAsync(ticket);
        Assert.Equal((before.Unread, before.LastSeq, before.LastMessageAt, before.LastText, before.WaitingSince, before.QuietSince, before.Status, before.QueuedAt),
            (after.Unread, after.LastSeq, after.LastMessageAt, after.LastText, after.WaitingSince, after.QuietSince, after.Status, after.QueuedAt));
        // What was there has the number, the place and the state that it had.
        Assert.Equal(rows.Select(m => (m.Id, m.Seq, m.Place, m.Change, m.Version)), (await desk.MessagesOfAsync(ticket)).Where(m => m.Seq > 0).Select(m => (m.Id, m.Seq, m.Place, m.Change, m.Version)));
        Assert.Equal(1, await desk.ReadAsync(db => db.Set<Ticket>().CountAsync(t => t.AddressValue == who)));
        Assert.Equal(1, await desk.ReadAsync(db => db.Set<ServiceCycle>().CountAsync(c => c.TicketId == ticket)));
        // Only its own item: no bot, no answer and no menu was set to work.
        Assert.Equal(lanes + 1, await desk.ReadAsync(db => db.Set<LaneItem>().CountAsync()));
        var brought = (await desk.MessagesOfAsync(ticket)).Where(m => m.Seq < 0).ToList();
        Assert.All(brought, m => Assert.Equal(MessageOrigin.Sync, m.Origin));
        Assert.All(brought.Where(m => !m.FromUs), m => Assert.NotNull(m.ReadAt));
        var answer = brought.Single(m => m.ProviderId == "p-4");
        Assert.Equal((MessageState.Read, brought.Single(m => m.ProviderId == "p-1").Id), (answer.State, answer.QuotedId));
        // A viewer's cursor gets them, and the search finds them.
        Assert.Equal(5, (await desk.Send(lead, new ReadChanges(ticket, cursor))).Count);
        Assert.Equal([-3L, -2L], (await desk.Send(lead, new FindInTicket(ticket, "no meio"))).Order());
        var around = await desk.Send(lead, new ReadStretch(ticket, Around: answer.Seq, Take: 2));
        Assert.Equal(("no meio 1, no meio 2", true, true), (string.Join(", ", around.Rows.Select(m => m.Body)), around.HasOlder, around.HasNewer));
        var log = (await desk.Send(lead, new ReadTimeline(ticket))).Select(e => e.Type).ToList();
        Assert.Contains("history-asked", log);
        Assert.Contains("history-synced", log);
        Assert.Equal(new HistoryRow(HistoryState.Done, 100, 7, 5, null, null), (await desk.Send(lead, new ReadTicket(ticket))).History! with { EndedAt = null });

        // Once more brings nothing; what is said here next stands after all of it.
        await desk.Send(lead, new SyncHistory(ticket, 100));
        await desk.SettleAsync();
        await desk.HappenAsync(desk.Says(who, "três"));
        Assert.Equal(["antes 1", "antes 2", "um", "no meio 1", "no meio 2", "dois", "depois", "três"], await TextsAsync(desk, lead, ticket));
        Assert.Equal((3, 3L), ((await desk.TicketAsync(ticket)).Unread, (await desk.TicketAsync(ticket)).LastSeq));
    }

    [Fact]
    public async Task Of_a_conversation_with_several_tickets_each_gets_what_was_said_in_its_time()
    {
        await using var desk = await OpenAsync();
        var (lead, who) = (desk.Agent("Lia", BuiltInRoles.Supervisor), Somebody());
        var first = await desk.ServedAsync(lead, who);
        await desk.Send(lead, new CloseTicket(first));
        var week = DateTime.UtcNow.AddDays(-7);
        await desk.WriteAsync(db => db.Claim<Ticket>(t => t.Id == first, s => s.SetProperty(t => t.CreatedAt, week).SetProperty(t => t.ClosedAt, week.AddHours(1))));
        await desk.HappenAsync(desk.Says(who, "de novo"));
        var second = await desk.TicketOfAsync(who);
        Assert.NotEqual(first, second);
        desk.Memory.Past.AddRange([Said("s-3", week.AddDays(1), "entre os dois"), Said("s-2", week.AddMinutes(1), "no primeiro"), Said("s-1", week.AddDays(-1), "antes")]);
        await desk.Send(lead, new SyncHistory(second, 3));
        await desk.SettleAsync();
        Assert.Equal(["s-1", "s-2", "s-3"], (await desk.MessagesOfAsync(first)).Where(m => m.Seq < 0).OrderBy(m => m.Place).Select(m => m.ProviderId));
        Assert.DoesNotContain(await desk.MessagesOfAsync(second), m => m.Seq < 0);
    }

    [Fact]
    public async Task Many_come_in_pieces_and_keep_their_order()
    {
        await using var desk = await OpenAsync();
        var (lead, who) = (desk.Agent("Lia", BuiltInRoles.Supervisor), Somebody());
        var now = DateTime.UtcNow;
        await desk.HappenAsync(desk.Says(who, "um") with { At = now.AddDays(-30) }, desk.Says(who, "dois"));
        var ticket = await desk.TicketOfAsync(who);
        desk.Memory.Past.AddRange(Enumerable.Range(1, 1_200).Select(n => Said($"m-{n}", now.AddMinutes(-10 * n), $"{n}")));
        await desk.Send(lead, new SyncHistory(ticket, 1_000));
        await desk.SettleAsync(TimeSpan.FromSeconds(60));
        var there = (await desk.MessagesOfAsync(ticket)).OrderBy(m => m.Place).Select(m => m.Body).ToList();
        Assert.Equal(["um", .. Enumerable.Range(1, 1_000).Reverse().Select(n => $"{n}"), "dois"], there);
        Assert.Equal(1_000, desk.Memory.Asked.Single().Limit);
    }

    [Fact]
    public async Task Whoever_looks_sees_how_far_it_is_and_a_lead_stops_it()
    {
        await using var desk = await OpenAsync();
        var (lead, agent, who) = (desk.Agent("Lia", BuiltInRoles.Supervisor), desk.Agent("Ana"), Somebody());
        var now = DateTime.UtcNow;
        await desk.HappenAsync(desk.Says(who, "um"));
        var ticket = await desk.TicketOfAsync(who);
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        desk.Memory.Before = told => told == 60 ? go.Task : Task.CompletedTask;
        desk.Memory.Past.AddRange(Enumerable.Range(1, 200).Select(n => Said($"m-{n}", now.AddMinutes(-10 * n), $"{n}")));
        await desk.Send(lead, new SyncHistory(ticket, 200));
        HistoryRow? row = null;
        for (var tries = 0; tries < 200 && row is not { Read: > 0 }; tries++)
        {
            await Task.Delay(50);
            row = (await desk.Send(agent, new ReadTicket(ticket))).History;
        }
        Assert.Equal((HistoryState.Running, 50, 50, 25), (row!.State, row.Read, row.Added, row.Percent));
        Assert.False((await desk.Send(agent, new ReadTicket(ticket))).MaySyncHistory);
        // One at a time, and not for everybody.
        Assert.Equal(RefusalKind.Conflict, (await Assert.ThrowsAsync<Refusal>(() => desk.Send(lead, new SyncHistory(ticket, 10)))).Kind);
        Assert.Equal(RefusalKind.Forbidden, (await Assert.ThrowsAsync<Refusal>(() => desk.Send(agent, new SyncHistory(ticket, 10)))).Kind);
        Assert.Equal(RefusalKind.Forbidden, (await Assert.ThrowsAsync<Refusal>(() => desk.Send(agent, new StopHistory(ticket)))).Kind);
        await desk.Send(lead, new StopHistory(ticket));
        go.SetResult();
        await desk.SettleAsync();
        row = (await desk.Send(lead, new ReadTicket(ticket))).History!;
        Assert.Equal((HistoryState.Stopped, 50), (row.State, row.Added));
        Assert.Equal(RefusalKind.Conflict, (await Assert.ThrowsAsync<Refusal>(() => desk.Send(lead, new StopHistory(ticket)))).Kind);
        Assert.Equal(LaneItemState.Done, (await desk.ItemAsync("history")).State);
    }

    [Fact]
    public async Task What_fails_says_why_keeps_what_came_and_can_be_started_again()
    {
        await using var desk = await OpenAsync();
        var (lead, who) = (desk.Agent("Lia", BuiltInRoles.Supervisor), Somebody());
        var now = DateTime.UtcNow;
        await desk.HappenAsync(desk.Says(who, "um"));
        var ticket = await desk.TicketOfAsync(who);
        desk.Memory.Past.AddRange(Enumerable.Range(1, 80).Select(n => Said($"m-{n}", now.AddMinutes(-10 * n), $"{n}")));
        desk.Memory.Fails = (70, new ProviderException("O aparelho está sem internet."));
        await desk.Send(lead, new SyncHistory(ticket, 100));
        await desk.SettleAsync();
        var row = (await desk.Send(lead, new ReadTicket(ticket))).History!;
        Assert.Equal((HistoryState.Failed, "O aparelho está sem internet.", 70), (row.State, row.Reason, row.Added));
        desk.Memory.Fails = null;
        await desk.Send(lead, new SyncHistory(ticket, 100));
        await desk.SettleAsync();
        row = (await desk.Send(lead, new ReadTicket(ticket))).History!;
        Assert.Equal((HistoryState.Done, 80, 10), (row.State, row.Read, row.Added));
    }

    [Fact]
    public async Task A_run_that_broke_off_goes_on_after_a_restart()
    {
        await using var desk = await OpenAsync();
        var (lead, who) = (desk.Agent("Lia", BuiltInRoles.Supervisor), Somebody());
        var now = DateTime.UtcNow;
        await desk.HappenAsync(desk.Says(who, "um"));
        var ticket = await desk.TicketOfAsync(who);
        desk.Memory.Past.AddRange(Enumerable.Range(1, 80).Select(n => Said($"m-{n}", now.AddMinutes(-10 * n), $"{n}")));
        // As when the process dies in between: the item is not done, and half is kept.
        desk.Memory.Fails = (60, new OperationCanceledException());
        await desk.Send(lead, new SyncHistory(ticket, 100));
        for (var tries = 0; tries < 200 && (await desk.Send(lead, new ReadTicket(ticket))).History is not { Read: 50 }; tries++) await Task.Delay(50);
        Assert.Equal(LaneItemState.Pending, (await desk.ItemAsync("history")).State);
        desk.Memory.Fails = null;
        for (var tries = 0; tries < 200 && (await desk.Send(lead, new ReadTicket(ticket))).History is { State: HistoryState.Running }; tries++) await Task.Delay(50);
        var row = (await desk.Send(lead, new ReadTicket(ticket))).History!;
        Assert.Equal((HistoryState.Done, 80, 80), (row.State, row.Read, row.Added));
    }

    [Fact]
    public async Task What_is_fresh_what_was_erased_and_what_failed_stays_away()
    {
        await using var desk = await OpenAsync();
        var (lead, who) = (desk.Agent("Lia", BuiltInRoles.Supervisor), Somebody());
        var now = DateTime.UtcNow;
        await desk.HappenAsync(desk.Says(who, "um"));
        var ticket = await desk.TicketOfAsync(who);
        await desk.WriteAsync(db => desk.Services.GetRequiredService<Tombstones>().BuryAsync(db, [Tombstones.NameOf(desk.Channel, "gone")], default));
        desk.Memory.Past.AddRange([Said("fresh", now.AddSeconds(-20), "agora mesmo"), Said("gone", now.AddDays(-1), "apagada"), Said("failed", now.AddDays(-1), "não saiu", ours: true) with { State = ReceiptState.Failed }, Said("kept", now.AddDays(-1), "fica")]);
        await desk.Send(lead, new SyncHistory(ticket, 100));
        await desk.SettleAsync();
        Assert.Equal(["fica", "um"], await TextsAsync(desk, lead, ticket));
        // What came by its own way meanwhile is new to people, although the history told it, too.
        await desk.HappenAsync(desk.Says(who, "agora mesmo", "fresh"));
        Assert.Equal(2, (await desk.TicketAsync(ticket)).Unread);
    }

    [Fact]
    public async Task Nothing_is_asked_for_who_was_erased_or_is_blocked_nor_where_the_channel_cannot_tell()
    {
        await using var desk = await OpenAsync();
        var (lead, who) = (desk.Agent("Lia", BuiltInRoles.Supervisor), Somebody());
        await desk.HappenAsync(desk.Says(who, "um"));
        var ticket = await desk.TicketOfAsync(who);
        var contact = (await desk.TicketAsync(ticket)).ContactId;
        Assert.True((await desk.Send(lead, new ReadTicket(ticket))).MaySyncHistory);
        await desk.Send(lead, new BlockContact(contact, true));
        Assert.Equal(RefusalKind.Conflict, (await Assert.ThrowsAsync<Refusal>(() => desk.Send(lead, new SyncHistory(ticket, 10)))).Kind);
        await desk.Send(lead, new BlockContact(contact, false));
        desk.Can = Can.Media;
        Assert.False((await desk.Send(lead, new ReadTicket(ticket))).MaySyncHistory);
        Assert.Equal(RefusalKind.Conflict, (await Assert.ThrowsAsync<Refusal>(() => desk.Send(lead, new SyncHistory(ticket, 10)))).Kind);
        foreach (var wrong in new[] { 0, 1_001 }) await Assert.ThrowsAsync<Refusal>(() => desk.Send(lead, new SyncHistory(ticket, wrong)));
        Assert.Empty(desk.Memory.Asked);
    }

    [Fact]
    public async Task What_was_brought_is_erased_with_its_person()
    {
        await using var desk = await OpenAsync();
        var (lead, admin, who) = (desk.Agent("Lia", BuiltInRoles.Supervisor), desk.Agent("Adm", BuiltInRoles.Administrator), Somebody());
        var now = DateTime.UtcNow;
        await desk.HappenAsync(desk.Says(who, "um"));
        var ticket = await desk.TicketOfAsync(who);
        desk.Memory.Past.AddRange([Said("e-2", now.AddDays(-1), "segredo dois"), Said("e-1", now.AddDays(-2), "segredo um")]);
        await desk.Send(lead, new SyncHistory(ticket, 100));
        await desk.SettleAsync();
        var contact = (await desk.TicketAsync(ticket)).ContactId;
        await desk.Send(admin, new Inforzap.Contacts.Privacy.EraseContact(contact, who, "P-1"));
        await desk.SettleAsync(TimeSpan.FromSeconds(30));
        Assert.All(await desk.MessagesOfAsync(ticket), m => Assert.Equal((null, null, ""), (m.Body, m.ProviderId, m.SearchText)));
        // Who asks in vain gets nothing back.
        Assert.Equal(RefusalKind.Conflict, (await Assert.ThrowsAsync<Refusal>(() => desk.Send(admin, new SyncHistory(ticket, 10)))).Kind);
    }

    [Fact]
    public async Task What_the_retention_takes_away_it_takes_from_what_was_brought_too()
    {
        await using var desk = await OpenAsync();
        var (lead, who) = (desk.Agent("Lia", BuiltInRoles.Supervisor), Somebody());
        var now = DateTime.UtcNow;
        var ticket = await desk.ServedAsync(lead, who);
        await desk.Send(lead, new CloseTicket(ticket));
        desk.Memory.Past.AddRange([Said("r-3", now.AddDays(-5), "cinco dias"), Said("r-2", now.AddDays(-20), "vinte dias"), Said("r-1", now.AddDays(-40), "quarenta dias")]);
        await desk.SendAsSystem(new ChangeSettings(new Dictionary<string, string> { [Setting.MessageRetentionDays.Name] = "30" }));
        await desk.Send(lead, new SyncHistory(ticket, 100));
        await desk.SettleAsync();
        Assert.Equal(["r-2", "r-3"], (await desk.MessagesOfAsync(ticket)).Where(m => m.Seq < 0).Select(m => m.ProviderId));
        await desk.SendAsSystem(new ChangeSettings(new Dictionary<string, string> { [Setting.MessageRetentionDays.Name] = "10" }));
        var old = now.AddDays(-15);
        await desk.WriteAsync(db => db.Claim<Ticket>(t => t.Id == ticket, s => s.SetProperty(t => t.ClosedAt, old)));
        await desk.WriteAsync(db => db.Claim<Message>(m => m.TicketId == ticket && m.Seq > 0, s => s.SetProperty(m => m.CreatedAt, old)));
        await desk.RunAsync<Inforzap.Tickets.Retaining.ForgetMessages>();
        // What is younger stays, and holds nothing up though it stands first.
        Assert.All(await desk.MessagesOfAsync(ticket), m => Assert.Equal(m.ProviderId == "r-3", m.Body is not null));
        await desk.SendAsSystem(new ChangeSettings(new Dictionary<string, string> { [Setting.MessageRetentionDays.Name] = "3" }));
        await desk.RunAsync<Inforzap.Tickets.Retaining.ForgetMessages>();
        Assert.All(await desk.MessagesOfAsync(ticket), m => Assert.Null(m.Body));
    }

    [Fact]
    public void Where_there_is_no_room_left_nothing_is_put_in_the_place_of_another()
    {
        var noon = new DateTime(2026, 11, 24, 12, 0, 0, DateTimeKind.Utc);
        var places = Places.For([(10, noon), (13, noon.AddHours(2))], 20, [.. Enumerable.Repeat(noon.AddHours(1), 4)]);
        Assert.Equal([12, 11, null, null], places);
        Assert.All(Places.For([(Message.Room, noon), (2 * Message.Room, noon.AddHours(2))], 3 * Message.Room, [.. Enumerable.Range(1, 1_000).Select(n => noon.AddHours(2).AddSeconds(-n))]).Zip(Enumerable.Range(1, 1_000)),
            p => Assert.InRange(p.First!.Value, Message.Room + 1, (2 * Message.Room) - p.Second));
    }
}
