using Inforzap.Contacts;
using Inforzap.Contacts.Tags;
using Inforzap.Audit;
using Inforzap.Contracts.Settings;
using Inforzap.Data;
using Inforzap.Requests;
using Inforzap.Tests.Support;
using Inforzap.Tickets;
using Inforzap.Tickets.Closing;
using Inforzap.Tickets.Desk;
using Inforzap.Tickets.Queues;

namespace Inforzap.Tests.Tickets;

public sealed class ClosingTests(DistributingCounter desk) : IClassFixture<DistributingCounter>
{
    private static string Name(string name) => $"{name} {Guid.NewGuid():N}"[..Math.Min(60, name.Length + 9)];

    private Task<Guid> ReasonAsync(string name, bool needsNote = false, params Guid[] queues) =>
        desk.SendAs(desk.Admin, new SaveReason(null, name, "#0b7a75", 0, needsNote, queues, null));

    private async Task<Guid> ServedAsync(Person by)
    {
        var number = StaffedCounter.Number();
        await desk.HappenAsync(desk.Says(number, "Olá"));
        var ticket = await desk.TicketOfAsync(number);
        await desk.SendAs(by, new AcceptTicket(ticket));
        return ticket;
    }

    private Task SettingAsync(Setting setting, string value) => desk.SendAs(desk.Admin, new ChangeSettings(new Dictionary<string, string> { [setting.Name] = value }));

    [Fact]
    public async Task A_reason_is_offered_where_it_is_for_and_stays_with_what_was_closed()
    {
        var ana = await desk.PersonAsync("Ana", BuiltInRoles.Agent, desk.Queue);
        var other = await desk.QueueAsync(Distribution.None, []);
        var (everywhere, here, elsewhere) = (Name("Dúvida"), Name("Venda"), Name("Garantia"));
        await ReasonAsync(everywhere);
        var sale = await ReasonAsync(here, false, desk.Queue);
        var warranty = await ReasonAsync(elsewhere, false, other);
        var ticket = await ServedAsync(ana);
        var offer = await desk.SendAs(ana, new OfferClosing(ticket));
        Assert.Contains(offer.Reasons, r => r.Name == everywhere);
        Assert.Contains(offer.Reasons, r => r.Id == sale);
        Assert.DoesNotContain(offer.Reasons, r => r.Id == warranty || r.Id == ClosingReason.Inactivity);
        Assert.Equal(RefusalKind.NotFound, (await Assert.ThrowsAsync<Refusal>(() => desk.SendAs(ana, new CloseTicket(ticket, null, warranty)))).Kind);
        await desk.SendAs(ana, new CloseTicket(ticket, null, sale));
        Assert.Equal(here, (await desk.SendAs(ana, new ReadTicket(ticket))).ClosingReason);
        Assert.Contains(await desk.SendAs(ana, new ReadTimeline(ticket)), e => e.Type == "closed" && e.Data!.Contains(here, StringComparison.Ordinal));
        Assert.Equal(1, (await desk.SendAs(desk.Admin, new ListReasons(here))).Rows.Single().Uses);
        // Deleted it is offered no more, and is still told.
        await desk.SendAs(desk.Admin, new DeleteReason(sale));
        Assert.Equal(here, (await desk.SendAs(ana, new ReadTicket(ticket))).ClosingReason);
        Assert.DoesNotContain((await desk.SendAs(desk.Admin, new ListReasons())).Rows, r => r.Id == sale);
        await ReasonAsync(here);
    }

    [Fact]
    public async Task Reopening_begins_without_a_reason_and_the_period_before_keeps_its_own()
    {
        var ana = await desk.PersonAsync("Ana", BuiltInRoles.Agent, desk.Queue);
        var reason = await ReasonAsync(Name("Resolvido"));
        var ticket = await ServedAsync(ana);
        await desk.SendAs(ana, new CloseTicket(ticket, null, reason));
        await desk.SendAs(ana, new ReopenTicket(ticket));
        Assert.Null((await desk.SendAs(ana, new ReadTicket(ticket))).ClosingReason);
        var cycles = await desk.ReadAsync(db => db.Set<ServiceCycle>().Where(c => c.TicketId == ticket).OrderBy(c => c.QueuedAt).Select(c => c.ClosingReasonId).ToListAsync());
        Assert.Equal([reason, null], cycles);
    }

    [Fact]
    public async Task Where_a_reason_or_a_note_is_needed_nobody_closes_without()
    {
        var ana = await desk.PersonAsync("Ana", BuiltInRoles.Agent, desk.Queue);
        var plain = await ReasonAsync(Name("Simples"));
        var wordy = await ReasonAsync(Name("Outro"), needsNote: true);
        var ticket = await ServedAsync(ana);
        Assert.Contains(nameof(CloseTicket.Note), (await Assert.ThrowsAsync<Refusal>(() => desk.SendAs(ana, new CloseTicket(ticket, " ", wordy)))).Fields.Keys);
        await SettingAsync(Setting.RequireReason, "true");
        await SettingAsync(Setting.RequireClosingNote, "true");
        try
        {
            Assert.Contains(nameof(CloseTicket.Note), (await Assert.ThrowsAsync<Refusal>(() => desk.SendAs(ana, new CloseTicket(ticket, null, plain)))).Fields.Keys);
            Assert.Contains(nameof(CloseTicket.ReasonId), (await Assert.ThrowsAsync<Refusal>(() => desk.SendAs(ana, new CloseTicket(ticket, "Feito")))).Fields.Keys);
            var offer = await desk.SendAs(ana, new OfferClosing(ticket));
            Assert.True(offer.NeedsReason && offer.NeedsNote);
            Assert.Equal(TicketStatus.Open, (await desk.TicketAsync(ticket)).Status);
            await desk.SendAs(ana, new CloseTicket(ticket, "Feito", plain));
        }
        finally
        {
            await SettingAsync(Setting.RequireReason, "false");
            await SettingAsync(Setting.RequireClosingNote, "false");
        }
        Assert.Equal(("Feito", plain), ((await desk.TicketAsync(ticket)).ClosingNote, (await desk.TicketAsync(ticket)).ClosingReasonId));
    }

    [Fact]
    public async Task Where_a_tag_is_needed_nobody_closes_without_one_if_there_are_any_to_put_on()
    {
        var ana = await desk.PersonAsync("Ana", BuiltInRoles.Agent, desk.Queue);
        var ticket = await ServedAsync(ana);
        await SettingAsync(Setting.RequireClosingTag, "true");
        try
        {
            Assert.False((await desk.SendAs(ana, new OfferClosing(ticket))).NeedsTag);
            var tag = await desk.SendAs(desk.Admin, new SaveTag(null, Name("VIP"), "#2F6FB0", 0, TagScope.Company, [], null));
            Assert.True((await desk.SendAs(ana, new OfferClosing(ticket))).NeedsTag);
            Assert.Contains("etiqueta", (await Assert.ThrowsAsync<Refusal>(() => desk.SendAs(ana, new CloseTicket(ticket)))).Message);
            Assert.Equal(TicketStatus.Open, (await desk.TicketAsync(ticket)).Status);
            await desk.SendAs(ana, new TagTicket(ticket, tag));
            Assert.False((await desk.SendAs(ana, new OfferClosing(ticket))).NeedsTag);
            await desk.SendAs(ana, new CloseTicket(ticket));
        }
        finally
        {
            await SettingAsync(Setting.RequireClosingTag, "false");
        }
    }

    [Fact]
    public async Task A_farewell_goes_out_before_the_ticket_is_closed_and_does_not_open_it_again()
    {
        var ana = await desk.PersonAsync("Ana", BuiltInRoles.Agent, desk.Queue);
        var id = await desk.SendAs(desk.Admin, new SaveFarewell(null, Name("Obrigado"), "Obrigado, {{primeiroNome}}. {{atendente}} encerrou.", true, 0, [desk.Queue], [desk.Channel], null));
        var elsewhere = await desk.SendAs(desk.Admin, new SaveFarewell(null, Name("Outra"), "Até logo.", false, 0, [await desk.QueueAsync(Distribution.None, [])], [], null));
        var ticket = await ServedAsync(ana);
        var offer = await desk.SendAs(ana, new OfferClosing(ticket));
        Assert.Equal("Obrigado, Ana. Ana encerrou.", offer.Farewells.Single(f => f.Id == id).Text);
        Assert.True(offer.Farewells[0].Id == id && offer.Farewells[0].IsDefault);
        Assert.DoesNotContain(offer.Farewells, f => f.Id == elsewhere);
        await Assert.ThrowsAsync<Refusal>(() => desk.SendAs(ana, new CloseTicket(ticket, FarewellId: elsewhere)));
        await desk.SendAs(ana, new CloseTicket(ticket, FarewellId: id));
        var said = (await desk.MessagesOfAsync(ticket))[^1];
        Assert.Equal(("Obrigado, Ana. Ana encerrou.", true, MessageOrigin.Bot, MessageState.Queued), (said.Body, said.FromUs, said.Origin, said.State));
        Assert.Equal(TicketStatus.Closed, (await desk.TicketAsync(ticket)).Status);
        Assert.NotNull(await desk.ReadAsync(db => db.Set<Inforzap.Lanes.LaneItem>().Where(i => i.Payload.Contains(said.Id.ToString())).SingleOrDefaultAsync()));
    }

    [Fact]
    public async Task Where_nothing_reaches_the_customer_the_ticket_is_closed_all_the_same_and_its_log_says_so()
    {
        await using var shut = new DistributingCounter { ReplyWindow = TimeSpan.FromTicks(1) };
        await shut.InitializeAsync();
        var ana = await shut.PersonAsync("Ana", BuiltInRoles.Agent, shut.Queue);
        var id = await shut.SendAs(shut.Admin, new SaveFarewell(null, "Tchau", "Até logo.", false, 0, [], [], null));
        await shut.HappenAsync(shut.Says("5519900000001", "Olá"));
        var ticket = await shut.TicketOfAsync("5519900000001");
        await shut.SendAs(ana, new AcceptTicket(ticket));
        Assert.NotNull((await shut.SendAs(ana, new OfferClosing(ticket))).Silent);
        await shut.SendAs(ana, new CloseTicket(ticket, FarewellId: id));
        Assert.Equal(TicketStatus.Closed, (await shut.TicketAsync(ticket)).Status);
        Assert.Single(await shut.MessagesOfAsync(ticket));
        Assert.Contains(await shut.SendAs(ana, new ReadTimeline(ticket)), e => e.Type == "not-said");
    }

    [Fact]
    public async Task Names_are_unique_and_who_saves_what_somebody_else_changed_is_told()
    {
        var name = Name("Único");
        var id = await ReasonAsync(name);
        Assert.Contains(nameof(SaveReason.Name), (await Assert.ThrowsAsync<Refusal>(() => ReasonAsync(name))).Fields.Keys);
        await desk.SendAs(desk.Admin, new SaveReason(id, name, "#112233", 1, true, [], 0));
        Assert.Equal(RefusalKind.Conflict, (await Assert.ThrowsAsync<Refusal>(() => desk.SendAs(desk.Admin, new SaveReason(id, name, "#112233", 2, true, [], 0)))).Kind);
        var said = Name("Despedida");
        await desk.SendAs(desk.Admin, new SaveFarewell(null, said, "Até.", false, 0, [], [], null));
        Assert.Contains(nameof(SaveFarewell.Name), (await Assert.ThrowsAsync<Refusal>(() => desk.SendAs(desk.Admin, new SaveFarewell(null, said, "Até.", false, 0, [], [], null)))).Fields.Keys);
        Assert.Contains(nameof(SaveFarewell.Text), (await Assert.ThrowsAsync<Refusal>(() => desk.SendAs(desk.Admin, new SaveFarewell(null, Name("X"), "Olá {{naoExiste}}", false, 0, [], [], null)))).Fields.Keys);
    }

    [Fact]
    public async Task The_products_own_reason_is_nobodys_to_change()
    {
        Assert.Equal(RefusalKind.NotFound, (await Assert.ThrowsAsync<Refusal>(() => desk.SendAs(desk.Admin, new DeleteReason(ClosingReason.Inactivity)))).Kind);
        Assert.Equal(RefusalKind.NotFound, (await Assert.ThrowsAsync<Refusal>(() => desk.SendAs(desk.Admin, new SwitchReason(ClosingReason.Inactivity, false)))).Kind);
        Assert.Contains((await desk.SendAs(desk.Admin, new ListReasons())).Rows, r => r.IsSystem);
    }

    [Fact]
    public async Task Every_change_is_in_the_audit()
    {
        var reason = await ReasonAsync(Name("Auditado"), false, desk.Queue);
        await desk.SendAs(desk.Admin, new SwitchReason(reason, false));
        await desk.SendAs(desk.Admin, new DeleteReason(reason));
        var farewell = await desk.SendAs(desk.Admin, new SaveFarewell(null, Name("Auditada"), "Segredo.", false, 0, [desk.Queue], [], null));
        var entries = await desk.ReadAsync(db => db.Set<AuditEntry>().Where(e => e.SubjectId == reason.ToString() || e.SubjectId == farewell.ToString()).OrderBy(e => e.Position).ToListAsync());
        Assert.Contains(entries, e => e.Kind == "reason" && e.Verb == AuditVerb.Created);
        Assert.Contains(entries, e => e.Kind == "reason" && e.Verb == AuditVerb.Deleted);
        Assert.Contains(entries, e => e.Kind == "reason" && e.Changes.Contains("Places", StringComparison.Ordinal) && e.Changes.Contains("Vendas", StringComparison.Ordinal));
        Assert.DoesNotContain(entries, e => e.Changes.Contains("Segredo", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(BuiltInRoles.Agent, false)]
    [InlineData(BuiltInRoles.Supervisor, true)]
    [InlineData(BuiltInRoles.Administrator, true)]
    public async Task Who_sees_and_who_changes(BuiltInRoles role, bool sees)
    {
        var person = await desk.PersonAsync("Eu", role);
        var edits = role == BuiltInRoles.Administrator;
        await ExpectAsync(sees, () => desk.SendAs(person, new ListReasons()));
        await ExpectAsync(sees, () => desk.SendAs(person, new ListFarewells()));
        await ExpectAsync(sees, () => desk.SendAs(person, new ListQuietRules()));
        var reason = await ReasonAsync(Name("Direitos"));
        var farewell = await desk.SendAs(desk.Admin, new SaveFarewell(null, Name("Direitos"), "Até.", false, 0, [], [], null));
        var rule = await desk.SendAs(desk.Admin, new SaveQuietRule(null, QuietRuleTests.Rule(Name("Direitos")), null));
        await desk.SendAs(desk.Admin, new SwitchQuietRule(rule, false));
        await ExpectAsync(edits, () => desk.SendAs(person, new SaveReason(null, Name("Novo"), "#112233", 0, false, [], null)));
        await ExpectAsync(edits, () => desk.SendAs(person, new SwitchReason(reason, false)));
        await ExpectAsync(edits, () => desk.SendAs(person, new DeleteReason(reason)));
        await ExpectAsync(edits, () => desk.SendAs(person, new SaveFarewell(null, Name("Nova"), "Até.", false, 0, [], [], null)));
        await ExpectAsync(edits, () => desk.SendAs(person, new SwitchFarewell(farewell, false)));
        await ExpectAsync(edits, () => desk.SendAs(person, new DeleteFarewell(farewell)));
        await ExpectAsync(edits, () => desk.SendAs(person, new SwitchQuietRule(rule, false)));
        await ExpectAsync(edits, () => desk.SendAs(person, new DeleteQuietRule(rule)));
        await ExpectAsync(edits, () => desk.SendAs(person, new SaveQuietRule(null, QuietRuleTests.Rule(Name("Nova")) with { Scope = QuietScope.Queue, PlaceId = desk.Queue }, null)));
    }

    private static async Task ExpectAsync(bool allowed, Func<Task> act)
    {
        if (allowed) await act();
        else Assert.Equal(RefusalKind.Forbidden, (await Assert.ThrowsAsync<Refusal>(act)).Kind);
    }
}
