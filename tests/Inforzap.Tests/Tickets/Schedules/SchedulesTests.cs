using Inforzap.Audit;
using Inforzap.Contracts.Contacts;
using Inforzap.Contracts.Identity;
using Inforzap.Contracts.Settings;
using Inforzap.Identity.Users;
using Inforzap.Requests;
using Inforzap.Sdk;
using Inforzap.Settings.Audit;
using Inforzap.Settings.Variables;
using Inforzap.Tests.Support;
using Inforzap.Tickets;
using Inforzap.Tickets.Desk;
using Inforzap.Tickets.Opening;
using Inforzap.Tickets.Schedules;

namespace Inforzap.Tests.Tickets.Schedules;

/// <summary>Who schedules what, and what is refused.</summary>
public sealed class SchedulesTests : IAsyncLifetime
{
    private readonly ScheduleDesk desk = new();

    public ValueTask InitializeAsync() => desk.InitializeAsync();

    public ValueTask DisposeAsync() => desk.DisposeAsync();

    private async Task<Refusal> RefusedAsync(Person by, ScheduleForm form, IReadOnlyList<Guid>? files = null) =>
        await Assert.ThrowsAsync<Refusal>(() => desk.SendAs(by, new SaveSchedule(null, form, files ?? [], null)));

    private Task<SchedulePage> ListAsync(Person by, ScheduleFilter? of = null) => desk.SendAs(by, new ListSchedules(of ?? new()));

    private async Task ChangeAsync(Person by, Guid id, Func<ScheduleForm, ScheduleForm> change)
    {
        var read = await desk.SendAs(by, new ReadSchedule(id));
        await desk.SendAs(by, new SaveSchedule(id, change(read.Form), [.. read.Files.Select(f => f.Id)], read.Revision));
    }

    [Fact]
    public async Task What_makes_no_sense_is_refused_at_its_field()
    {
        var (contact, _) = await desk.StrangerAsync();
        var form = desk.Form(contact);
        foreach (var (wrong, field) in new (ScheduleForm, string)[]
        {
            (form with { Contacts = [] }, "Contacts"), (form with { Body = " " }, "Body"), (form with { Body = new string('x', Schedule.MaxBody + 1) }, "Body"),
            (form with { Contacts = [.. Enumerable.Range(0, 6).Select(_ => Guid.NewGuid())] }, "Contacts"),
            (form with { Time = new(8, 59) }, "Day"), (form with { Time = new(9, 0) }, "Day"), (form with { Day = new(2027, 2, 28) }, "Day"), (form with { Day = DateOnly.MinValue }, "Day"), (form with { Day = DateOnly.MaxValue }, "Day"),
            (form with { Unit = ScheduleUnit.Minute, Every = 4 }, "Every"), (form with { Unit = ScheduleUnit.Day, Every = 0 }, "Every"),
            (form with { Unit = ScheduleUnit.Day, Until = new(2027, 2, 1) }, "Until"), (form with { Unit = ScheduleUnit.Day, Times = 0 }, "Times"),
            (form with { Day = new(2027, 3, 6), DayRule = BusinessDayRule.Skip }, "Day"), (form with { Body = "Olá {{nmoe}}" }, "Body"),
        })
            Assert.Contains(field, (await RefusedAsync(desk.Ana, wrong)).Fields.Keys);
        Assert.Equal(0, (await ListAsync(desk.Admin)).Matching);
    }

    [Fact]
    public async Task Who_can_t_be_written_to_is_refused()
    {
        var (contact, _) = await desk.StrangerAsync();
        var mail = (await desk.SendAsSystem(new ResolveContacts([new Address("v1", AddressKind.Visitor, "Visita")]))).Values.Single().Id;
        Assert.Contains("não pode ser alcançado", (await RefusedAsync(desk.Ana, desk.Form(mail))).Message);
        Assert.Equal(RefusalKind.NotFound, (await RefusedAsync(desk.Ana, desk.Form(Guid.NewGuid()))).Kind);
        Assert.Equal(RefusalKind.NotFound, (await RefusedAsync(desk.Ana, desk.Form(contact) with { ChannelId = Guid.NewGuid() })).Kind);
        await desk.SendAs(desk.Admin, new BlockContact(contact, true));
        Assert.Contains("bloquead", (await RefusedAsync(desk.Ana, desk.Form(contact))).Message);
        Assert.Empty(await desk.SendAs(desk.Ana, new ScheduleChannels([mail])));
        Assert.Single(await desk.SendAs(desk.Ana, new ScheduleChannels([contact])));
    }

    [Fact]
    public async Task Nobody_speaks_in_a_conversation_that_a_colleague_serves_out_of_their_sight()
    {
        var (contact, _, ticket) = await desk.ServedAsync(desk.Bia);
        Assert.Contains("outra pessoa", (await RefusedAsync(desk.Ana, desk.Form(contact))).Message);
        Assert.Empty(await desk.SendAs(desk.Ana, new ScheduleChannels([contact])));
        Assert.NotEqual(Guid.Empty, await desk.SaveAsync(desk.Rita, desk.Form(contact)));
        await desk.SendAs(desk.Bia, new CloseTicket(ticket));
        Assert.NotEqual(Guid.Empty, await desk.SaveAsync(desk.Ana, desk.Form(contact)));
    }

    [Fact]
    public async Task What_is_meant_for_after_the_window_is_refused_when_it_is_written()
    {
        desk.ReplyWindow = TimeSpan.FromDays(1);
        var (contact, _, ticket) = await desk.ServedAsync(desk.Ana);
        await desk.WriteAsync(db => Data.ClaimExtensions.Claim<Message>(db, m => m.TicketId == ticket, s => s.SetProperty(m => m.CreatedAt, desk.Now)));
        Assert.NotEqual(Guid.Empty, await desk.SaveAsync(desk.Ana, desk.Form(contact)));
        Assert.Contains("24 horas", (await RefusedAsync(desk.Ana, desk.Form(contact) with { Day = new(2027, 3, 3) })).Message);
        var (stranger, _) = await desk.StrangerAsync();
        Assert.Contains("24 horas", (await RefusedAsync(desk.Ana, desk.Form(stranger))).Message);
    }

    [Fact]
    public async Task Files_are_the_caller_s_own_and_as_the_channel_takes_them()
    {
        var (contact, _) = await desk.StrangerAsync();
        var mine = await desk.SendAs(desk.Ana, new KeepScheduleFile("a.pdf", "%PDF-1.4 a"u8.ToArray()));
        Assert.Equal(RefusalKind.NotFound, (await RefusedAsync(desk.Bia, desk.Form(contact), [mine.Id])).Kind);
        Assert.Null(await desk.SendAs(desk.Bia, new FindScheduleFile(mine.Id)));
        Assert.NotNull(await desk.SendAs(desk.Ana, new FindScheduleFile(mine.Id)));
        var large = await desk.SendAs(desk.Ana, new KeepScheduleFile("b.pdf", (byte[])[.. "%PDF-1.4"u8, .. new byte[1_000_000]]));
        Assert.Contains("Files", (await RefusedAsync(desk.Ana, desk.Form(contact), [large.Id])).Fields.Keys);
        desk.Can = Can.Text;
        Assert.Contains("não envia arquivos", (await RefusedAsync(desk.Ana, desk.Form(contact), [mine.Id])).Message);
        Assert.Contains("vazio", (await Assert.ThrowsAsync<Refusal>(() => desk.SendAs(desk.Ana, new KeepScheduleFile("c.pdf", ReadOnlyMemory<byte>.Empty)))).Message);
    }

    [Fact]
    public async Task A_copy_takes_the_files_along_and_the_original_keeps_its_own()
    {
        var (contact, _) = await desk.StrangerAsync();
        var file = await desk.SendAs(desk.Ana, new KeepScheduleFile("a.pdf", "%PDF-1.4 a"u8.ToArray()));
        var id = await desk.SendAs(desk.Ana, new SaveSchedule(null, desk.Form(contact), [file.Id], null));
        var copy = await desk.SendAs(desk.Ana, new SaveSchedule(null, desk.Form(contact), [file.Id], null, id));
        Assert.Equal(["a.pdf"], (await desk.SendAs(desk.Ana, new ReadSchedule(copy))).Files.Select(f => f.Name));
        Assert.Equal([file.Id], (await desk.SendAs(desk.Ana, new ReadSchedule(id))).Files.Select(f => f.Id));
        await Assert.ThrowsAsync<Refusal>(() => desk.SendAs(desk.Caio, new SaveSchedule(null, desk.Form(contact), [file.Id], null, id)));
    }

    [Fact]
    public async Task Everybody_finds_their_own_and_those_of_conversations_they_see_and_who_leads_more()
    {
        var (served, _, _) = await desk.ServedAsync(desk.Bia);
        var (stranger, _) = await desk.StrangerAsync();
        var (bias, caios) = (await desk.SaveAsync(desk.Bia, desk.Form(served)), await desk.SaveAsync(desk.Caio, desk.Form(stranger)));
        async Task<IEnumerable<Guid>> Finds(Person who) => (await ListAsync(who)).Rows.Select(r => r.Id).Order();
        Assert.Empty(await Finds(desk.Ana));
        Assert.Equal([bias], await Finds(desk.Bia));
        Assert.Equal([caios], await Finds(desk.Caio));
        Assert.Equal(new[] { bias, caios }.Order(), await Finds(desk.Rita));
        Assert.Equal(new[] { bias, caios }.Order(), await Finds(desk.Admin));
        await desk.WriteAsync(db => Data.ClaimExtensions.Claim<Ticket>(db, x => x.ContactId == served, s => s.SetProperty(x => x.QueueId, (Guid?)null).SetProperty(x => x.UserId, (Guid?)desk.Caio.Id)));
        // It lies outside of her queues now.
        Assert.Equal([caios], await Finds(desk.Rita));
        Assert.Equal(new[] { bias, caios }.Order(), await Finds(desk.Caio));
        Assert.Equal([bias], await Finds(desk.Bia));
    }

    [Fact]
    public async Task What_one_does_not_find_one_does_not_change_either()
    {
        var (contact, _, _) = await desk.ServedAsync(desk.Bia);
        var id = await desk.SaveAsync(desk.Bia, desk.Form(contact));
        var run = Assert.Single(await desk.RunsAsync(id));
        foreach (var request in new IRequest<Unit>[] { new PauseSchedule(id, true), new CancelSchedule(id), new SendScheduleNow(id), new RetryRun(run.Id), new SeeFailedRuns(id) })
            Assert.Equal(RefusalKind.NotFound, (await Assert.ThrowsAsync<Refusal>(() => desk.SendAs(desk.Ana, request))).Kind);
        await Assert.ThrowsAsync<Refusal>(() => desk.SendAs(desk.Ana, new ReadSchedule(id)));
        await Assert.ThrowsAsync<Refusal>(() => desk.SendAs(desk.Ana, new SaveSchedule(id, desk.Form(contact), [], 1)));
        Assert.Equal(ScheduleState.Active, (await desk.ScheduleAsync(id)).State);
        await desk.SendAs(desk.Rita, new PauseSchedule(id, true));
        Assert.Equal(ScheduleState.Paused, (await desk.ScheduleAsync(id)).State);
    }

    [Fact]
    public async Task Without_the_permission_nothing_is_found_nor_made()
    {
        var (contact, _) = await desk.StrangerAsync();
        var id = await desk.SaveAsync(desk.Ana, desk.Form(contact));
        var nobody = new Actor(Guid.CreateVersion7(), "Ninguém", new HashSet<string> { "tickets.see", "tickets.start", "contacts.see" }, [desk.Queue]);
        foreach (var refused in new Func<Task>[]
        {
            () => desk.Send(nobody, new ListSchedules(new())), () => desk.Send(nobody, new ReadSchedule(id)), () => desk.Send(nobody, new SaveSchedule(null, desk.Form(contact), [], null)),
            () => desk.Send(nobody, new PauseSchedule(id, true)), () => desk.Send(nobody, new CancelSchedule(id)), () => desk.Send(nobody, new SendScheduleNow(id)), () => desk.Send(nobody, new ReadCalendar(new(), new(2027, 3, 1), new(2027, 3, 31))),
            () => desk.Send(nobody, new KeepScheduleFile("a.pdf", "%PDF"u8.ToArray())), () => desk.Send(nobody, new ScheduleChannels([contact])), () => desk.Send(nobody, new OfferSchedule(null)), () => desk.Send(nobody, new PreviewTimes(desk.Form(contact).Plan)),
            () => desk.Send(nobody, new RunSchedule(Guid.NewGuid())), () => desk.Send(nobody, new PlanSchedules()),
        })
            Assert.Equal(RefusalKind.Forbidden, (await Assert.ThrowsAsync<Refusal>(refused)).Kind);
    }

    [Fact]
    public async Task Who_may_not_begin_conversations_schedules_only_where_they_see_one()
    {
        var (known, _, _) = await desk.ServedAsync(desk.Ana);
        var (stranger, _) = await desk.StrangerAsync();
        var asked = await desk.ActorOf(desk.Ana);
        var limited = asked with { Permissions = asked.Permissions.Where(p => p is not ("tickets.start" or "contacts.see")).ToHashSet() };
        Assert.NotEqual(Guid.Empty, await desk.Send(limited, new SaveSchedule(null, desk.Form(known), [], null)));
        Assert.Equal(RefusalKind.NotFound, (await Assert.ThrowsAsync<Refusal>(() => desk.Send(limited, new SaveSchedule(null, desk.Form(stranger), [], null)))).Kind);
        var withBook = limited with { Permissions = limited.Permissions.Append("contacts.see").ToHashSet() };
        Assert.Equal(RefusalKind.Forbidden, (await Assert.ThrowsAsync<Refusal>(() => desk.Send(withBook, new SaveSchedule(null, desk.Form(stranger), [], null)))).Kind);
    }

    [Fact]
    public async Task Two_who_edit_at_once_do_not_overwrite_each_other_and_what_goes_out_meanwhile_disturbs_nobody()
    {
        var (contact, _) = await desk.StrangerAsync();
        var id = await desk.SaveAsync(desk.Ana, desk.Form(contact) with { Unit = ScheduleUnit.Day });
        var read = await desk.SendAs(desk.Ana, new ReadSchedule(id));
        await desk.WorkAsync(TimeSpan.FromMinutes(10));
        await desk.SendAs(desk.Ana, new SaveSchedule(id, read.Form with { Body = "Novo texto" }, [], read.Revision));
        Assert.Equal(RefusalKind.Conflict, (await Assert.ThrowsAsync<Refusal>(() => desk.SendAs(desk.Rita, new SaveSchedule(id, read.Form with { Body = "Outro" }, [], read.Revision)))).Kind);
        await desk.WorkAsync(TimeSpan.FromDays(1));
        Assert.Equal(["Bom dia, Maria", "Novo texto"], (await desk.SentAsync(contact)).Select(m => m.Body));
    }

    [Fact]
    public async Task A_changed_time_counts_and_the_old_one_does_not()
    {
        var (contact, _) = await desk.StrangerAsync();
        var id = await desk.SaveAsync(desk.Ana, desk.Form(contact));
        await ChangeAsync(desk.Ana, id, f => f with { Time = new(11, 0) });
        await desk.WorkAsync(TimeSpan.FromMinutes(30));
        Assert.Empty(await desk.SentAsync(contact));
        await desk.WorkAsync(TimeSpan.FromMinutes(90));
        Assert.Single(await desk.SentAsync(contact));
        Assert.Single(await desk.RunsAsync(id));
        Assert.Contains("terminou", (await Assert.ThrowsAsync<Refusal>(() => ChangeAsync(desk.Ana, id, f => f with { Day = new(2027, 4, 1) }))).Message);
    }

    [Fact]
    public async Task While_it_waits_for_a_channel_its_text_can_change_and_it_is_still_sent()
    {
        var (contact, _) = await desk.StrangerAsync();
        var id = await desk.SaveAsync(desk.Ana, desk.Form(contact));
        desk.State = Inforzap.Contracts.Channels.ChannelState.Stopped;
        await desk.WorkAsync(TimeSpan.FromMinutes(10));
        await ChangeAsync(desk.Ana, id, f => f with { Body = "Corrigido" });
        desk.State = Inforzap.Contracts.Channels.ChannelState.Connected;
        await desk.WorkAsync(TimeSpan.FromMinutes(2));
        Assert.Equal("Corrigido", Assert.Single(await desk.SentAsync(contact)).Body);
    }

    [Fact]
    public async Task While_it_is_paused_nothing_goes_out_and_what_passed_is_not_made_up_for()
    {
        var (contact, _) = await desk.StrangerAsync();
        var daily = await desk.SaveAsync(desk.Ana, desk.Form(contact) with { Unit = ScheduleUnit.Day });
        var once = await desk.SaveAsync(desk.Ana, desk.Form(contact));
        await desk.SendAs(desk.Ana, new PauseSchedule(daily, true));
        await desk.SendAs(desk.Ana, new PauseSchedule(once, true));
        await desk.WorkAsync(TimeSpan.FromHours(26));
        Assert.Empty(await desk.SentAsync(contact));
        await desk.SendAs(desk.Ana, new PauseSchedule(daily, false));
        Assert.Contains("já passou", (await Assert.ThrowsAsync<Refusal>(() => desk.SendAs(desk.Ana, new PauseSchedule(once, false)))).Message);
        await desk.WorkAsync();
        Assert.Empty(await desk.SentAsync(contact));
        await desk.WorkAsync(TimeSpan.FromHours(23));
        Assert.Single(await desk.SentAsync(contact));
    }

    [Fact]
    public async Task What_is_cancelled_stays_in_the_list_and_sends_nothing()
    {
        var (contact, _) = await desk.StrangerAsync();
        var id = await desk.SaveAsync(desk.Ana, desk.Form(contact));
        await desk.SendAs(desk.Ana, new CancelSchedule(id));
        await desk.WorkAsync(TimeSpan.FromMinutes(10));
        Assert.Empty(await desk.SentAsync(contact));
        Assert.Equal(ScheduleState.Cancelled, Assert.Single((await ListAsync(desk.Ana)).Rows).State);
        Assert.Empty((await ListAsync(desk.Ana, new(HidesOver: true))).Rows);
        Assert.Contains("Ana", Assert.Single((await desk.SendAs(desk.Ana, new ReadSchedule(id))).Runs).Cause);
        await Assert.ThrowsAsync<Refusal>(() => desk.SendAs(desk.Ana, new CancelSchedule(id)));
        await Assert.ThrowsAsync<Refusal>(() => desk.SendAs(desk.Ana, new SendScheduleNow(id)));
    }

    [Fact]
    public async Task Now_takes_the_place_of_a_single_time_and_is_one_more_of_many_and_pressed_twice_it_is_once()
    {
        var (one, _) = await desk.StrangerAsync("Um");
        var (many, _) = await desk.StrangerAsync("Muitos");
        var (once, daily) = (await desk.SaveAsync(desk.Ana, desk.Form(one)), await desk.SaveAsync(desk.Ana, desk.Form(many) with { Unit = ScheduleUnit.Day }));
        foreach (var id in new[] { once, once, daily, daily }) await desk.SendAs(desk.Ana, new SendScheduleNow(id));
        await desk.WorkAsync();
        Assert.Equal((1, 1), ((await desk.SentAsync(one)).Count, (await desk.SentAsync(many)).Count));
        await desk.WorkAsync(TimeSpan.FromMinutes(10));
        Assert.Equal((1, 2), ((await desk.SentAsync(one)).Count, (await desk.SentAsync(many)).Count));
        Assert.Equal((ScheduleState.Finished, ScheduleState.Active), ((await desk.ScheduleAsync(once)).State, (await desk.ScheduleAsync(daily)).State));
    }

    [Fact]
    public async Task Now_is_for_those_who_did_not_get_it_yet()
    {
        var ((one, _), (other, _)) = (await desk.StrangerAsync("Maria Silva"), await desk.StrangerAsync("João Souza"));
        var id = await desk.SaveAsync(desk.Ana, desk.Form(one, other));
        await desk.PassAsync(TimeSpan.FromMinutes(10));
        var first = (await desk.RunsAsync(id))[0];
        await desk.SendAsSystem(new RunSchedule(first.Id));
        await desk.SendAs(desk.Ana, new SendScheduleNow(id));
        await desk.WorkAsync(TimeSpan.FromMinutes(1));
        Assert.Single(await desk.SentAsync(one));
        Assert.Single(await desk.SentAsync(other));
    }

    [Fact]
    public async Task What_went_out_before_its_time_does_not_come_at_it_as_well()
    {
        var (contact, _) = await desk.StrangerAsync();
        var id = await desk.SaveAsync(desk.Ana, desk.Form(contact) with { Day = new(2027, 3, 2) });
        desk.State = Inforzap.Contracts.Channels.ChannelState.Stopped;
        await desk.SendAs(desk.Ana, new SendScheduleNow(id));
        await desk.WorkAsync(TimeSpan.FromMinutes(1));
        await ChangeAsync(desk.Ana, id, f => f with { Body = "Outro texto" });
        desk.State = Inforzap.Contracts.Channels.ChannelState.Connected;
        await desk.WorkAsync(TimeSpan.FromMinutes(5));
        await desk.WorkAsync(TimeSpan.FromDays(2));
        Assert.Equal("Outro texto", Assert.Single(await desk.SentAsync(contact)).Body);
    }

    [Fact]
    public async Task Who_changes_what_a_colleague_wrote_speaks_for_themselves()
    {
        var (contact, _, _) = await desk.ServedAsync(desk.Ana);
        var id = await desk.SaveAsync(desk.Ana, desk.Form(contact) with { Sign = true });
        await ChangeAsync(desk.Admin, id, f => f with { Body = "Cuidado" });
        await desk.WorkAsync(TimeSpan.FromMinutes(10));
        var message = Assert.Single(await desk.SentAsync(contact));
        Assert.Equal((desk.Admin.Id, "*Rute:*\nCuidado"), (message.SenderUserId, message.Body));
    }

    [Fact]
    public async Task Where_somebody_replied_it_can_still_be_changed_and_they_get_it_again()
    {
        var ((one, who, _), (other, _)) = (await desk.ServedAsync(desk.Ana), await desk.StrangerAsync("João Souza"));
        var id = await desk.SaveAsync(desk.Ana, desk.Form(one, other) with { Unit = ScheduleUnit.Day, CancelOnReply = true });
        await desk.PassAsync(TimeSpan.FromMinutes(1));
        await desk.HappenAsync(desk.Says(who, "Já vi"));
        await desk.WorkAsync(TimeSpan.FromMinutes(10));
        Assert.Empty(await desk.SentAsync(one));
        await ChangeAsync(desk.Ana, id, f => f with { Body = "De novo" });
        await desk.WorkAsync(TimeSpan.FromDays(1));
        Assert.Equal("De novo", Assert.Single(await desk.SentAsync(one)).Body);
        Assert.Equal(2, (await desk.SentAsync(other)).Count);
    }

    [Fact]
    public async Task A_holiday_that_is_made_later_moves_it_and_it_comes_once()
    {
        var (contact, _) = await desk.StrangerAsync();
        await desk.SaveAsync(desk.Ana, desk.Form(contact) with { Day = new(2027, 3, 5), DayRule = BusinessDayRule.Next });
        await desk.SendAs(desk.Admin, new SaveHoliday(null, "Aniversário da cidade", new(2027, 3, 5), false, null, null));
        await desk.Services.GetRequiredService<LiveHours>().LoadAsync();
        await desk.WorkAsync(TimeSpan.FromDays(4) + TimeSpan.FromMinutes(11));
        Assert.Empty(await desk.SentAsync(contact));
        await desk.WorkAsync(TimeSpan.FromDays(3));
        await desk.WorkAsync(TimeSpan.FromDays(1));
        Assert.Single(await desk.SentAsync(contact));
    }

    [Fact]
    public async Task A_contact_that_becomes_part_of_another_takes_what_is_scheduled_along_and_brings_it_back()
    {
        var ((gone, _), (kept, _)) = (await desk.StrangerAsync("Maria Silva"), await desk.StrangerAsync("Maria S."));
        var alone = await desk.SaveAsync(desk.Ana, desk.Form(gone));
        var both = await desk.SaveAsync(desk.Ana, desk.Form(gone, kept) with { Time = new(9, 20) });
        await desk.SendAs(desk.Admin, new Inforzap.Contacts.Merging.MergeContacts(kept, [gone]));
        foreach (var id in new[] { alone, both }) Assert.Equal(kept, Assert.Single(await desk.RunsAsync(id)).ContactId);
        await desk.SendAs(desk.Admin, new Inforzap.Contacts.Merging.UndoMerge((await desk.SendAs(desk.Admin, new Inforzap.Contacts.Merging.ListMerges())).Rows.Single().Id));
        Assert.Equal(gone, Assert.Single(await desk.RunsAsync(alone)).ContactId);
        Assert.Equal(new[] { gone, kept }.Order(), (await desk.RunsAsync(both)).Select(r => r.ContactId).Order());
        await desk.WorkAsync(TimeSpan.FromMinutes(20));
        Assert.Equal((2, 1), ((await desk.SentAsync(gone)).Count, (await desk.SentAsync(kept)).Count));
    }

    [Fact]
    public async Task The_list_is_found_by_words_filters_and_order()
    {
        var (maria, _) = await desk.StrangerAsync("Maria Silva");
        var (joao, _) = await desk.StrangerAsync("João Souza");
        var late = await desk.SaveAsync(desk.Ana, desk.Form(maria) with { Body = "Boleto de março", Day = new(2027, 3, 10) });
        var soon = await desk.SaveAsync(desk.Bia, desk.Form(joao) with { Unit = ScheduleUnit.Week });
        async Task<IEnumerable<Guid>> Found(ListSchedules request) => (await desk.SendAs(desk.Admin, request)).Rows.Select(r => r.Id);
        Assert.Equal([soon, late], await Found(new(new())));
        Assert.Equal([soon, late], await Found(new(new(), Sort: ScheduleSort.Contact)));
        Assert.Equal([late, soon], await Found(new(new(), Sort: ScheduleSort.Author)));
        Assert.Equal([late], await Found(new(new("marco"))));
        Assert.Equal([soon], await Found(new(new("joao"))));
        Assert.Equal([late], await Found(new(new(UserId: desk.Ana.Id))));
        Assert.Equal([soon], await Found(new(new(ContactId: joao))));
        Assert.Equal([late], await Found(new(new(), From: new(2027, 3, 9), To: new(2027, 3, 11))));
        Assert.Equal([soon], await Found(new(new(), To: new(2027, 3, 2))));
        Assert.Empty(await Found(new(new(State: ScheduleState.Paused))));
        Assert.Empty(await Found(new(new(Failed: true))));
        var row = (await ListAsync(desk.Admin, new("joao"))).Rows[0];
        Assert.Equal(("João Souza", "Bia", "Teste", new DateTime(2027, 3, 1, 12, 10, 0)), (row.Names[0], row.AuthorName, row.ChannelName, row.NextAt));
    }

    [Fact]
    public async Task The_calendar_shows_what_was_and_what_comes_once_a_day_each()
    {
        var (contact, _) = await desk.StrangerAsync();
        var daily = await desk.SaveAsync(desk.Ana, desk.Form(contact) with { Unit = ScheduleUnit.Day, DayRule = BusinessDayRule.Skip });
        var often = await desk.SaveAsync(desk.Ana, desk.Form(contact) with { Unit = ScheduleUnit.Hour, Until = new(2027, 3, 2) });
        await desk.WorkAsync(TimeSpan.FromMinutes(10));
        var march = await desk.SendAs(desk.Ana, new ReadCalendar(new(), new(2027, 3, 1), new(2027, 3, 31)));
        Assert.Equal(23, march.Count(e => e.ScheduleId == daily));
        Assert.Equal([15, 24], march.Where(e => e.ScheduleId == often).Select(e => e.Count));
        Assert.Equal([ScheduleRunState.Sending, ScheduleRunState.Planned], march.Where(e => e.ScheduleId == daily).Take(2).Select(e => e.State));
        Assert.Equal(22, (await desk.SendAs(desk.Ana, new ReadCalendar(new(), new(2027, 4, 1), new(2027, 4, 30)))).Count);
        Assert.Empty(await desk.SendAs(desk.Caio, new ReadCalendar(new(), new(2027, 3, 1), new(2027, 3, 31))));
        await Assert.ThrowsAsync<Refusal>(() => desk.SendAs(desk.Ana, new ReadCalendar(new(), new(2027, 3, 1), new(2028, 3, 31))));
    }

    [Fact]
    public async Task Beside_a_conversation_stands_what_is_to_come_in_it()
    {
        var (contact, _, ticket) = await desk.ServedAsync(desk.Ana);
        var (later, sooner) = (await desk.SaveAsync(desk.Ana, desk.Form(contact) with { Day = new(2027, 3, 9) }), await desk.SaveAsync(desk.Rita, desk.Form(contact)));
        Assert.Equal([(sooner, "Rita"), (later, "Ana")], (await desk.SendAs(desk.Ana, new SchedulesOfTicket(ticket))).Select(s => (s.Id, s.AuthorName)));
        var offered = await desk.SendAs(desk.Ana, new OfferSchedule(ticket));
        Assert.Equal((contact, desk.Channel), (offered.Contact!.Id, offered.ChannelId));
        await desk.WorkAsync(TimeSpan.FromMinutes(10));
        Assert.Equal([later], (await desk.SendAs(desk.Ana, new SchedulesOfTicket(ticket))).Select(s => s.Id));
    }

    [Fact]
    public async Task Holidays_of_the_company_and_of_the_country_are_no_business_days()
    {
        await desk.SendAs(desk.Admin, new SaveHoliday(null, "Aniversário da cidade", new(2027, 3, 2), false, null, null));
        await desk.WriteAsync(async db => { db.Add(new NationalHolidays { Name = "Feriados", National = true }); await db.SaveChangesAsync(); });
        await desk.Services.GetRequiredService<LiveHours>().LoadAsync();
        var plan = desk.Form(Guid.NewGuid()).Plan with { Unit = ScheduleUnit.Day, DayRule = BusinessDayRule.Skip };
        Assert.Equal([1, 3, 4, 5, 8], (await desk.SendAs(desk.Ana, new PreviewTimes(plan))).Select(at => at.Day));
        // The 21st of April, and Good Friday.
        Assert.Equal([20, 22, 23, 26, 27], (await desk.SendAs(desk.Ana, new PreviewTimes(plan with { Day = new(2027, 4, 20) }))).Select(at => at.Day));
        Assert.Equal([25, 29, 30, 31, 1], (await desk.SendAs(desk.Ana, new PreviewTimes(plan with { Day = new(2027, 3, 25) }))).Select(at => at.Day));
    }

    [Fact]
    public async Task Every_change_is_in_the_trail_without_the_text()
    {
        var (maria, _) = await desk.StrangerAsync("Maria");
        var (joao, _) = await desk.StrangerAsync("João");
        var id = await desk.SaveAsync(desk.Ana, desk.Form(maria) with { Body = "segredo" });
        await ChangeAsync(desk.Ana, id, f => f with { Contacts = [joao], Body = "outro segredo" });
        await desk.SendAs(desk.Ana, new CancelSchedule(id));
        var trail = (await desk.SendAs(desk.Admin, new ReadAudit("schedule", $"{id}"))).Rows;
        Assert.Contains(trail, r => r.Verb == AuditVerb.Created && r.ByName == "Ana");
        Assert.Contains(trail.SelectMany(r => r.Changes), c => c is { Field: "Contacts", From: "Maria", To: "João" });
        Assert.Contains(trail.SelectMany(r => r.Changes), c => c is { Field: "State", To: "Cancelled" });
        Assert.DoesNotContain(trail.SelectMany(r => r.Changes), c => $"{c.From}{c.To}".Contains("segredo", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Who_leaves_hands_on_what_they_scheduled_or_it_is_cancelled()
    {
        var (contact, _) = await desk.StrangerAsync();
        var (first, second) = (await desk.SaveAsync(desk.Ana, desk.Form(contact)), await desk.SaveAsync(desk.Bia, desk.Form(contact)));
        Assert.Contains((await desk.SendAs(desk.Admin, new ReadBelongings(desk.Ana.Id))).Things, t => t.Contains("agendadas: 1", StringComparison.Ordinal));
        await desk.SendAs(desk.Admin, new DeactivateUser(desk.Ana.Id, desk.Rita.Id));
        await desk.SendAs(desk.Admin, new DeactivateUser(desk.Bia.Id));
        Assert.Equal((desk.Rita.Id, ScheduleState.Active), ((await desk.ScheduleAsync(first)).AuthorId, (await desk.ScheduleAsync(first)).State));
        Assert.Equal(ScheduleState.Cancelled, (await desk.ScheduleAsync(second)).State);
        await desk.WorkAsync(TimeSpan.FromMinutes(10));
        Assert.Equal(desk.Rita.Id, Assert.Single(await desk.SentAsync(contact)).SenderUserId);
    }

    [Fact]
    public async Task A_variable_says_in_how_many_of_them_it_stands()
    {
        var (contact, _) = await desk.StrangerAsync();
        await desk.SendAs(desk.Admin, new SaveVariable(null, "pix", "123", null, Inforzap.Settings.VariableType.Text, null));
        await desk.SaveAsync(desk.Ana, desk.Form(contact) with { Body = "Chave: {{pix}}" });
        var id = (await desk.SendAs(desk.Admin, new ListVariables())).Rows.Single(v => v.Key == "pix").Id;
        Assert.Contains(await desk.SendAs(desk.Admin, new FindVariableUses(id)), u => u.What == "Agendamentos" && u.Count == 1);
    }
}
