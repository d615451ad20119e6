using Inforzap.Alarms;
using Inforzap.Audit;
using Inforzap.Contracts.Contacts;
using Inforzap.Contracts.Identity;
using Inforzap.Contracts.Settings;
using Inforzap.Live;
using Inforzap.Requests;
using Inforzap.Settings.Audit;
using Inforzap.Tests.Support;
using Inforzap.Tickets;
using Inforzap.Tickets.Desk;
using Inforzap.Tickets.Notes;
using Inforzap.Tickets.Outbound;

namespace Inforzap.Tests.Tickets;

/// <summary>Names in a text, as people type them.</summary>
public sealed class MentionTextTests
{
    private static readonly PersonChoice Ana = new(Guid.CreateVersion7(), "Ana"), AnaLima = new(Guid.CreateVersion7(), "Ana Lima"), Joao = new(Guid.CreateVersion7(), "João Sá"), Other = new(Guid.CreateVersion7(), "Ana Lima");

    private static IEnumerable<string> In(string text) => MentionText.In(text, [Ana, AnaLima, Joao]).Select(p => p.Name);

    [Theory]
    [InlineData("@Ana veja", "Ana")]
    [InlineData("@Ana Lima veja", "Ana Lima")]
    [InlineData("@ana lima, @JOAO SA.", "Ana Lima,João Sá")]
    [InlineData("(@joão sá)", "João Sá")]
    [InlineData("@Ana e @Ana Lima e @Ana", "Ana,Ana Lima")]
    [InlineData("@Anabela", "")]
    [InlineData("@Ana Limão", "Ana")]
    [InlineData("ana@ana.com", "")]
    [InlineData("@ Ana", "")]
    [InlineData("Ana", "")]
    [InlineData("@", "")]
    public void The_longest_name_that_fits_is_meant(string text, string names) => Assert.Equal(names.Split(',', StringSplitOptions.RemoveEmptyEntries), In(text));

    [Fact]
    public void Two_of_one_name_are_both_meant() => Assert.Equal([AnaLima, Other], MentionText.In("@ana lima", [Ana, AnaLima, Joao, Other]));
}

/// <summary>Whom a note tells, who changes it, and who finds it.</summary>
public sealed class NotesTests : IAsyncLifetime
{
    private readonly Counter counter = new();
    private Guid other;
    private Actor admin = null!, lead = null!, ana = null!, bia = null!, fora = null!;

    public async ValueTask InitializeAsync()
    {
        await counter.InitializeAsync();
        other = await counter.QueueAsync("Financeiro");
        admin = await PersonAsync("Rita", BuiltInRoles.Administrator);
        lead = await PersonAsync("Lia", BuiltInRoles.Supervisor, counter.Queue);
        ana = await PersonAsync("Ana", BuiltInRoles.Agent, counter.Queue);
        bia = await PersonAsync("Bia Nunes", BuiltInRoles.Agent, counter.Queue);
        fora = await PersonAsync("Ivo", BuiltInRoles.Agent, other);
    }

    public ValueTask DisposeAsync() => counter.DisposeAsync();

    private async Task<Actor> PersonAsync(string name, BuiltInRoles role, params Guid[] queues) => await counter.ActorOf(await counter.PersonAsync(name, role, queues));

    private async Task SetAsync(Setting setting, string value)
    {
        await counter.SendAsSystem(new ChangeSettings(new Dictionary<string, string> { [setting.Name] = value }));
        await counter.Services.GetRequiredService<ISettings>().LoadAsync();
    }

    private async Task<(Guid Id, SentMessage Sent)> NoteAsync(Actor actor, Guid ticket, string text)
    {
        var id = Guid.CreateVersion7();
        return (id, await counter.Send(actor, new SendMessage(ticket, id, text, IsNote: true)));
    }

    private async Task<IReadOnlyList<Guid>> ToldAsync(Actor actor) => [.. (await counter.Send(actor, new ReadMentions())).Select(m => m.MessageId)];

    private async Task<IReadOnlyList<string>> ListedAsync(Actor actor, ListNotes? list = null) => [.. (await counter.Send(actor, list ?? new())).Rows.Select(n => n.Body!)];

    private async Task<RefusalKind> RefusedAsync<T>(Actor actor, IRequest<T> request) => (await Assert.ThrowsAsync<Refusal>(() => counter.Send(actor, request))).Kind;

    private async Task<Guid> WaitingAsync(string who)
    {
        await counter.HappenAsync(counter.Says(who, "Olá"));
        return await counter.TicketOfAsync(who);
    }

    [Fact]
    public async Task Who_is_named_and_sees_the_ticket_is_told_until_they_open_it()
    {
        var ticket = await WaitingAsync("5521960000001");
        var heard = new List<string>();
        using var listening = counter.Services.GetRequiredService<LiveHints>().On([Topics.Mentions(bia.Id), Topics.Mentions(fora.Id)], heard.Add);
        var (note, sent) = await NoteAsync(ana, ticket, "@Bia Nunes, veja com @Ivo e @Rita. Eu, @Ana, já tentei.");
        Assert.Equal(["Ivo"], sent.NotTold);
        var mention = (await counter.Send(bia, new ReadMentions())).Single();
        Assert.Equal((note, ticket, "Ana", $"/desk/{ticket}?m=2"), (mention.MessageId, mention.TicketId, mention.By, mention.Href));
        Assert.Equal([note], await ToldAsync(admin));
        Assert.Empty(await ToldAsync(fora));
        Assert.Empty(await ToldAsync(ana));
        Assert.Contains(Topics.Mentions(bia.Id), heard);
        Assert.DoesNotContain(Topics.Mentions(fora.Id), heard);
        var alarm = (await counter.Send(bia, new ListAlarms())).Alarms.Single();
        Assert.Equal(("Ana mencionou você", mention.Href), (alarm.Title, alarm.Href));
        // Nobody else opens it in their place.
        await counter.Send(lead, new SeeTicket(ticket));
        Assert.Equal([note], await ToldAsync(bia));
        await counter.Send(bia, new SeeTicket(ticket));
        Assert.Empty(await ToldAsync(bia));
        Assert.Empty((await counter.Send(bia, new ListAlarms())).Alarms);
    }

    [Fact]
    public async Task Who_does_not_see_it_any_more_is_not_told_of_it_any_more()
    {
        var ticket = await WaitingAsync("5521960000002");
        await NoteAsync(ana, ticket, "@Bia Nunes veja");
        Assert.Single(await ToldAsync(bia));
        await counter.Send(ana, new TransferTicket(ticket, other, null));
        Assert.Empty(await ToldAsync(bia));
        // Nobody who is gone is told, or asked for.
        var gone = await counter.PersonAsync("Caio", BuiltInRoles.Administrator);
        Assert.Contains("Caio", (await counter.Send(fora, new OfferMentions(ticket))).Select(p => p.Name));
        await counter.Send(admin, new Inforzap.Identity.Users.DeactivateUser(gone.Id));
        Assert.DoesNotContain("Caio", (await counter.Send(fora, new OfferMentions(ticket))).Select(p => p.Name));
        Assert.Empty((await NoteAsync(fora, ticket, "@Caio veja")).Sent.NotTold);
        Assert.Equal(0, await counter.ReadAsync(db => db.Set<NoteMention>().CountAsync(m => m.UserId == gone.Id)));
    }

    [Fact]
    public async Task A_message_to_the_customer_names_nobody()
    {
        var ticket = await counter.ServedAsync(ana, "5521960000003");
        Assert.Empty((await counter.Send(ana, new SendMessage(ticket, Guid.CreateVersion7(), "Fale com @Rita"))).NotTold);
        Assert.Empty(await ToldAsync(admin));
    }

    [Fact]
    public async Task Editing_tells_who_is_named_now_and_deleting_tells_nobody()
    {
        var ticket = await counter.ServedAsync(ana, "5521960000004");
        var (note, _) = await NoteAsync(ana, ticket, "@Lia veja");
        await counter.Send(ana, new EditMessage(note, "@Rita veja"));
        Assert.Empty(await ToldAsync(lead));
        Assert.Equal([note], await ToldAsync(admin));
        await counter.Send(ana, new DeleteMessage(note));
        Assert.Empty(await ToldAsync(admin));
    }

    /// <summary>The rule for others than the caller is the one that filters every list.</summary>
    [Theory]
    [InlineData("true", "false")]
    [InlineData("false", "false")]
    [InlineData("true", "true")]
    [InlineData("false", "true")]
    public async Task Whom_the_ticket_is_visible_to_is_asked_as_everywhere_else(string hideOthers, string showUnassigned)
    {
        await SetAsync(Setting.HideOthersTickets, hideOthers);
        await SetAsync(Setting.ShowUnassigned, showUnassigned);
        var none = await PersonAsync("Nada", BuiltInRoles.None, counter.Queue);
        var people = new[] { admin, lead, ana, bia, fora, none };
        var tickets = new List<Guid> { await WaitingAsync("5521960000005"), await counter.ServedAsync(ana, "5521960000006"), await counter.ServedAsync(bia, "5521960000007") };
        await counter.Send(bia, new CloseTicket(tickets[2]));
        foreach (var user in new Guid?[] { null, bia.Id })
        {
            var ticket = await WaitingAsync($"552196000001{(user is null ? 0 : 1)}");
            // No request puts a ticket outside of every queue.
            await counter.WriteAsync(db => Inforzap.Data.ClaimExtensions.Claim<Ticket>(db, t => t.Id == ticket, s => s.SetProperty(t => t.QueueId, (Guid?)null).SetProperty(t => t.UserId, user)));
            tickets.Add(ticket);
        }
        foreach (var id in tickets)
        {
            var ticket = await counter.TicketAsync(id);
            await using var scope = counter.Services.CreateAsyncScope();
            scope.ServiceProvider.GetRequiredService<CurrentActor>().Is = Actor.System;
            var seers = await scope.ServiceProvider.GetRequiredService<Mentions>().SeersAsync(ticket, [.. people.Select(p => p.Id)], default);
            foreach (var person in people)
            {
                var sees = await Record.ExceptionAsync(() => counter.Send(person, new ReadTicket(id))) is null;
                Assert.True(sees == seers.Contains(person.Id), $"{person.Name} {(sees ? "sees" : "does not see")} ticket {tickets.IndexOf(id)}");
            }
        }
    }

    [Fact]
    public async Task Pinned_notes_stand_first_among_those_of_the_contact_over_all_tickets_that_one_sees()
    {
        var ticket = await counter.ServedAsync(ana, "5521960000020");
        var (first, _) = await NoteAsync(ana, ticket, "primeira");
        await NoteAsync(ana, ticket, "segunda");
        await counter.Send(ana, new CloseTicket(ticket));
        await counter.HappenAsync(counter.Says("5521960000020", "voltei"));
        var now = await counter.TicketOfAsync("5521960000020");
        Assert.NotEqual(ticket, now);
        await NoteAsync(bia, now, "terceira");
        async Task<IReadOnlyList<string>> SeenAsync(Actor actor) => [.. (await counter.Send(actor, new NotesOfContact(now))).Select(n => n.Body!)];
        Assert.Equal(["terceira", "segunda", "primeira"], await SeenAsync(lead));
        await counter.Send(ana, new PinNote(first, true));
        Assert.Equal(["primeira", "terceira", "segunda"], await SeenAsync(lead));
        Assert.True((await counter.Send(lead, new ReadMessages(ticket, 1, 50))).Single(m => m.Id == first).IsPinned);
        Assert.Contains(await counter.Send(lead, new ReadTimeline(ticket)), e => e.Type == "note-pinned" && e.UserName == "Ana");
        // Bia sees the new ticket, and not the one that Ana closed.
        Assert.Equal(["terceira"], await SeenAsync(bia));
        await counter.Send(lead, new PinNote(first, false));
        Assert.Equal(["terceira", "segunda", "primeira"], await SeenAsync(lead));
        Assert.Equal(RefusalKind.NotFound, await RefusedAsync(fora, new PinNote(first, true)));
        Assert.Equal(RefusalKind.Forbidden, await RefusedAsync(ana with { Permissions = ana.Permissions.Where(p => p != "tickets.answer").ToHashSet() }, new PinNote(first, true)));
        var said = (await counter.MessagesOfAsync(now))[0].Id;
        Assert.Equal(RefusalKind.Conflict, await RefusedAsync(lead, new PinNote(said, true)));
    }

    [Fact]
    public async Task Administrators_change_and_delete_any_note_and_it_is_written_down()
    {
        var ticket = await counter.ServedAsync(ana, "5521960000021");
        var (note, _) = await NoteAsync(ana, ticket, "cliente difícil");
        Assert.Equal(RefusalKind.Conflict, await RefusedAsync(lead, new EditMessage(note, "outra")));
        await counter.Send(ana, new CloseTicket(ticket));
        // As ever: the author while they serve it.
        Assert.Equal(RefusalKind.Conflict, await RefusedAsync(ana, new EditMessage(note, "outra")));
        await counter.Send(admin, new EditMessage(note, "cliente exigente"));
        Assert.Equal("cliente exigente", (await counter.MessageAsync(note)).Body);
        await counter.Send(admin, new DeleteMessage(note));
        Assert.Empty(await ListedAsync(admin));
        var rows = (await counter.Send(admin, new ReadAudit("note", note.ToString()))).Rows;
        Assert.Contains(new AuditChange("Body", "cliente difícil", "cliente exigente"), rows.SelectMany(r => r.Changes));
        Assert.Contains(rows, r => r.Verb == AuditVerb.Deleted && r.ByName == "Rita");
        var timeline = await counter.Send(lead, new ReadTimeline(ticket));
        Assert.Contains(timeline, e => e.Type == "message-edited" && e.UserName == "Rita");
        Assert.Contains(timeline, e => e.Type == "message-deleted" && e.UserName == "Rita");
        // What customers were told is their authors' all the same.
        var second = await counter.ServedAsync(ana, "5521960000022");
        var message = Guid.CreateVersion7();
        await counter.Send(ana, new SendMessage(second, message, "Olá"));
        Assert.Equal(RefusalKind.Conflict, await RefusedAsync(admin, new EditMessage(message, "outra")));
    }

    [Fact]
    public async Task The_list_holds_what_the_caller_may_read_and_the_filters_mean()
    {
        var ticket = await counter.ServedAsync(ana, "5521960000023");
        var (first, _) = await NoteAsync(ana, ticket, "Paga no Pix, *sempre*");
        await NoteAsync(lead, ticket, "ligar à tarde");
        await counter.Send(ana, new SendMessage(ticket, Guid.CreateVersion7(), "Olá, pix"));
        await counter.HappenAsync(counter.Says("5521960000024", "Oi"));
        var theirs = await counter.TicketOfAsync("5521960000024");
        await counter.Send(admin, new TransferTicket(theirs, other, null));
        await NoteAsync(fora, theirs, "do financeiro");
        Assert.Equal(["ligar à tarde", "Paga no Pix, *sempre*"], await ListedAsync(lead));
        Assert.Equal(["do financeiro", "ligar à tarde", "Paga no Pix, *sempre*"], await ListedAsync(admin));
        Assert.Equal(["Paga no Pix, *sempre*"], await ListedAsync(admin, new("PIX")));
        Assert.Equal(["ligar à tarde", "Paga no Pix, *sempre*"], await ListedAsync(lead, new($"#{(await counter.TicketAsync(ticket)).Number}")));
        Assert.Equal(2, (await ListedAsync(lead, new("ana"))).Count);
        Assert.Equal(["ligar à tarde"], await ListedAsync(admin, new(AuthorId: lead.Id)));
        Assert.Empty(await ListedAsync(admin, new(Pinned: true)));
        await counter.Send(ana, new PinNote(first, true));
        Assert.Equal(["Paga no Pix, *sempre*"], await ListedAsync(admin, new(Pinned: true)));
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTimeFromUtc(DateTime.UtcNow, counter.Services.GetRequiredService<ISettings>().TimeZone));
        Assert.Equal(3, (await ListedAsync(admin, new(From: today.AddDays(-1), To: today.AddDays(1)))).Count);
        Assert.Empty(await ListedAsync(admin, new(To: today.AddDays(-2))));
        Assert.Empty(await ListedAsync(admin, new(From: today.AddDays(2))));
        var page = await counter.Send(admin, new ListNotes(Skip: 1, Take: 1));
        Assert.Equal(("ligar à tarde", 3), (page.Rows.Single().Body, page.Matching));
        Assert.Equal(RefusalKind.Forbidden, await RefusedAsync(ana, new ListNotes()));
        Assert.Equal(RefusalKind.NotFound, await RefusedAsync(admin, new ListNotes(AuthorId: Guid.NewGuid())));
        // Where nobody may look before taking, the list tells no more than the conversation.
        await SetAsync(Setting.AllowPeek, "false");
        await counter.Send(ana, new ReturnTicket(ticket));
        Assert.Equal(2, (await ListedAsync(lead)).Count);
        Assert.Empty(await ListedAsync(lead with { Permissions = lead.Permissions.Where(p => p != "tickets.see-queue").ToHashSet() }));
    }

    [Fact]
    public async Task The_table_is_for_administrators_and_holds_no_formula()
    {
        var ticket = await counter.ServedAsync(ana, "5521960000025");
        await NoteAsync(ana, ticket, "=HYPERLINK(\"x\")");
        Assert.Equal(RefusalKind.Forbidden, await RefusedAsync(lead, new ExportNotes(new())));
        Assert.Equal(RefusalKind.Forbidden, await RefusedAsync(admin with { Permissions = admin.Permissions.Where(p => p != "notes.see").ToHashSet() }, new ExportNotes(new())));
        var lines = (await counter.Send(admin, new ExportNotes(new()))).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("data;atendimento;contato;autor;nota;arquivo;fixada;editada_em", lines[0].Trim());
        Assert.Contains("'=HYPERLINK", lines[1]);
        Assert.EndsWith(";não;", lines[1].Trim());
    }
}
