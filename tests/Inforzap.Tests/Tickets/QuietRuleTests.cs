using Inforzap.Contracts.Settings;
using Inforzap.Identity.Users;
using Inforzap.Requests;
using Inforzap.Sdk;
using Inforzap.Tests.Support;
using Inforzap.Tickets;
using Inforzap.Tickets.Closing;
using Inforzap.Tickets.Desk;
using Inforzap.Tickets.Opening;
using Inforzap.Tickets.Outbound;
using Inforzap.Tickets.Queues;
using Microsoft.Extensions.Time.Testing;

namespace Inforzap.Tests.Tickets;

/// <summary>What becomes of tickets in which nobody speaks, by a clock that the test turns.</summary>
public sealed class QuietRuleTests : IAsyncLifetime
{
    private readonly DistributingCounter desk = new() { Clock = new FakeTimeProvider(DateTimeOffset.UtcNow.AddMinutes(1)) };
    private Person ana = null!;

    public async ValueTask InitializeAsync()
    {
        await desk.InitializeAsync();
        ana = await desk.PersonAsync("Ana", BuiltInRoles.Agent, desk.Queue);
    }

    public ValueTask DisposeAsync() => desk.DisposeAsync();

    /// <summary>Closes open tickets half an hour after our last word.</summary>
    public static QuietRuleForm Rule(string name) =>
        new(name, QuietScope.Company, null, TicketStatus.Open, QuietSide.Contact, 30, null, null, null, QuietAction.Close, null, null);

    private Task<Guid> SaveAsync(QuietRuleForm form) => desk.SendAs(desk.Admin, new SaveQuietRule(null, form, null));

    private Task<int> LookAsync() => desk.SendAsSystem(new CloseQuietTickets());

    private Task PassAsync(int minutes) => desk.PassAsync(TimeSpan.FromMinutes(minutes));

    /// <summary>A ticket that Ana serves; answered, it is the customer's turn.</summary>
    private async Task<(Guid Ticket, string Who)> ServedAsync(bool answered = true)
    {
        var who = StaffedCounter.Number();
        await desk.HappenAsync(desk.Says(who, "Olá"));
        var ticket = await desk.TicketOfAsync(who);
        await desk.SendAs(ana, new AcceptTicket(ticket));
        if (answered) await desk.SendAs(ana, new SendMessage(ticket, Guid.NewGuid(), "Pois não?"));
        return (ticket, who);
    }

    private async Task<TicketStatus> StatusAsync(Guid ticket) => (await desk.TicketAsync(ticket)).Status;

    private async Task<List<string?>> SaidAsync(Guid ticket) => [.. (await desk.MessagesOfAsync(ticket)).Where(m => m.Origin == MessageOrigin.Bot).Select(m => m.Body)];

    [Fact]
    public async Task It_closes_when_the_customer_does_not_answer_and_not_a_minute_before()
    {
        await SaveAsync(Rule("Silêncio"));
        var (ticket, _) = await ServedAsync();
        await PassAsync(29);
        Assert.Equal(0, await LookAsync());
        await PassAsync(1);
        Assert.Equal(1, await LookAsync());
        var closed = await desk.TicketAsync(ticket);
        Assert.Equal((TicketStatus.Closed, ClosingReason.Inactivity, null), (closed.Status, closed.ClosingReasonId, closed.ClosedBy));
        Assert.Contains(await desk.SendAs(ana, new ReadTimeline(ticket)), e => e.Type == "auto-closed" && e.UserName is null);
        Assert.Equal("Inatividade", (await desk.SendAs(ana, new ReadTicket(ticket))).ClosingReason);
        Assert.Equal(0, await LookAsync());
    }

    [Fact]
    public async Task Who_waits_for_us_is_not_closed_unless_the_rule_says_so()
    {
        await SaveAsync(Rule("Cliente calado"));
        var (waits, _) = await ServedAsync(answered: false);
        await PassAsync(600);
        Assert.Equal(0, await LookAsync());
        await SaveAsync(Rule("Nós calados") with { WaitingFor = QuietSide.Us, AfterMinutes = 500 });
        Assert.Equal(1, await LookAsync());
        Assert.Equal(TicketStatus.Closed, await StatusAsync(waits));
    }

    [Fact]
    public async Task Any_word_of_a_person_starts_the_time_anew_and_what_the_product_says_does_not()
    {
        await SaveAsync(Rule("Com aviso") with { WarnMinutes = 10, WarnText = "Ainda está aí, {{primeiroNome}}?", Text = "Encerrado por inatividade." });
        var (ticket, who) = await ServedAsync();
        await PassAsync(20);
        Assert.Equal(1, await LookAsync());
        Assert.Equal(["Ainda está aí, Ana?"], await SaidAsync(ticket));
        Assert.Equal(0, await LookAsync());
        await desk.HappenAsync(desk.Says(who, "Estou"));
        await desk.SendAs(ana, new SendMessage(ticket, Guid.NewGuid(), "Ótimo"));
        await PassAsync(15);
        Assert.Equal(0, await LookAsync());
        Assert.Equal(TicketStatus.Open, await StatusAsync(ticket));
        await PassAsync(5);
        Assert.Equal(1, await LookAsync());
        await PassAsync(9);
        Assert.Equal(0, await LookAsync());
        await PassAsync(1);
        Assert.Equal(1, await LookAsync());
        Assert.Equal(TicketStatus.Closed, await StatusAsync(ticket));
        Assert.Equal(["Ainda está aí, Ana?", "Ainda está aí, Ana?", "Encerrado por inatividade."], await SaidAsync(ticket));
    }

    [Fact]
    public async Task After_a_long_pause_the_notice_still_comes_first()
    {
        await SaveAsync(Rule("Com aviso") with { WarnMinutes = 10, WarnText = "Ainda está aí?" });
        var (ticket, _) = await ServedAsync();
        await PassAsync(600);
        Assert.Equal(1, await LookAsync());
        Assert.Equal(0, await LookAsync());
        Assert.Equal(TicketStatus.Open, await StatusAsync(ticket));
        await PassAsync(10);
        Assert.Equal(1, await LookAsync());
        Assert.Equal(TicketStatus.Closed, await StatusAsync(ticket));
    }

    [Fact]
    public async Task The_nearest_rule_counts_and_what_it_leaves_alone_no_other_touches()
    {
        var slow = await desk.QueueAsync(Distribution.None, [ana]);
        await SaveAsync(Rule("Empresa"));
        await SaveAsync(Rule("Canal") with { Scope = QuietScope.Channel, PlaceId = desk.Channel, AfterMinutes = 60 });
        var queueRule = await SaveAsync(Rule("Fila lenta") with { Scope = QuietScope.Queue, PlaceId = slow, AfterMinutes = 120 });
        var (ofChannel, _) = await ServedAsync();
        var (ofQueue, _) = await ServedAsync();
        await desk.SendAs(desk.Admin, new TransferTicket(ofQueue, slow, ana.Id));
        await PassAsync(45);
        Assert.Equal(0, await LookAsync());
        await PassAsync(15);
        Assert.Equal(1, await LookAsync());
        Assert.Equal((TicketStatus.Closed, TicketStatus.Open), (await StatusAsync(ofChannel), await StatusAsync(ofQueue)));
        // Without a rule of its own it falls under the channel's.
        await desk.SendAs(desk.Admin, new SwitchQuietRule(queueRule, false));
        Assert.Equal(1, await LookAsync());
        Assert.Equal(TicketStatus.Closed, await StatusAsync(ofQueue));
    }

    [Fact]
    public async Task What_it_hands_on_has_all_the_time_again_and_does_not_go_round()
    {
        var bia = await desk.PersonAsync("Bia", BuiltInRoles.Agent, desk.Queue);
        var other = await desk.QueueAsync(Distribution.None, [bia]);
        await SaveAsync(Rule("Para a fila") with { WaitingFor = QuietSide.Anybody, Action = QuietAction.ToQueue, TargetId = other, Text = "Um colega continua." });
        await SaveAsync(Rule("Para a Bia") with { Status = TicketStatus.Pending, WaitingFor = QuietSide.Anybody, Action = QuietAction.ToUser, TargetId = bia.Id });
        var (ticket, _) = await ServedAsync(answered: false);
        await PassAsync(30);
        Assert.Equal(1, await LookAsync());
        Assert.Equal((TicketStatus.Pending, null, other), await desk.StateAsync(ticket));
        Assert.Equal(["Um colega continua."], await SaidAsync(ticket));
        Assert.NotNull((await desk.TicketAsync(ticket)).WaitingSince);
        Assert.Equal(0, await LookAsync());
        await PassAsync(30);
        Assert.Equal(1, await LookAsync());
        Assert.Equal((TicketStatus.Pending, bia.Id, other), await desk.StateAsync(ticket));
        await PassAsync(600);
        Assert.Equal(0, await LookAsync());
    }

    [Fact]
    public async Task A_machine_at_the_other_end_gets_three_words_a_day_and_then_silence()
    {
        await SaveAsync(Rule("Robôs") with { Status = TicketStatus.Pending, WaitingFor = QuietSide.Us, Text = "Encerrado." });
        var who = StaffedCounter.Number();
        var said = 0;
        for (var round = 0; round < 5; round++)
        {
            await desk.HappenAsync(desk.Says(who, "Obrigado por sua mensagem. Responderemos em breve."));
            var ticket = await desk.TicketOfAsync(who);
            await PassAsync(30);
            Assert.Equal(1, await LookAsync());
            Assert.Equal(TicketStatus.Closed, await StatusAsync(ticket));
            said += (await SaidAsync(ticket)).Count;
        }
        Assert.Equal(CloseQuietTicketsHandler.MostTextsADay, said);
    }

    [Fact]
    public async Task Where_only_service_hours_count_the_night_does_not_and_nothing_is_said_in_it()
    {
        // Open for two hours from now on, each day.
        var local = TimeZoneInfo.ConvertTimeFromUtc(desk.Clock!.GetUtcNow().UtcDateTime, TimeZoneInfo.FindSystemTimeZoneById("America/Sao_Paulo"));
        var span = $"{local:HH:mm}-{local.AddHours(2):HH:mm}";
        await desk.SendAs(desk.Admin, new SaveHours(null, HoursScope.Company, Guid.Empty, string.Join(';', Enumerable.Range(0, 7).Select(d => $"{d} {span}")), null, 24, OutOfHoursAction.Message, null, false, true, null, null, null, null));
        await SaveAsync(Rule("Expediente") with { AfterMinutes = 180, OnlyOpenHours = true });
        var (ticket, _) = await ServedAsync();
        await PassAsync(12 * 60);
        Assert.Equal(0, await LookAsync());
        // The next day, an hour after opening: two hours yesterday and one today.
        await PassAsync((12 * 60) + 55);
        Assert.Equal(0, await LookAsync());
        await PassAsync(6);
        Assert.Equal(1, await LookAsync());
        Assert.Equal(TicketStatus.Closed, await StatusAsync(ticket));
    }

    [Fact]
    public async Task A_machine_that_answers_each_notice_is_told_three_times_and_closed_then()
    {
        await SaveAsync(Rule("Robôs") with { Status = TicketStatus.Pending, WaitingFor = QuietSide.Us, AfterMinutes = 15, WarnMinutes = 5, WarnText = "Ainda está aí?" });
        var who = StaffedCounter.Number();
        await desk.HappenAsync(desk.Says(who, "Resposta automática."));
        var ticket = await desk.TicketOfAsync(who);
        for (var round = 0; round < CloseQuietTicketsHandler.MostTextsADay; round++)
        {
            await PassAsync(10);
            Assert.Equal(1, await LookAsync());
            await desk.HappenAsync(desk.Says(who, "Resposta automática."));
        }
        await PassAsync(10);
        Assert.Equal(1, await LookAsync());
        Assert.Equal(CloseQuietTicketsHandler.MostTextsADay, (await SaidAsync(ticket)).Count);
        await PassAsync(5);
        Assert.Equal(1, await LookAsync());
        Assert.Equal(TicketStatus.Closed, await StatusAsync(ticket));
    }

    [Fact]
    public async Task Whoever_takes_over_has_all_the_time()
    {
        await SaveAsync(Rule("Espera demais") with { WaitingFor = QuietSide.Us, AfterMinutes = 60 });
        var who = StaffedCounter.Number();
        await desk.HappenAsync(desk.Says(who, "Olá"));
        var ticket = await desk.TicketOfAsync(who);
        await PassAsync(70);
        await desk.SendAs(ana, new AcceptTicket(ticket));
        Assert.Equal(0, await LookAsync());
        await PassAsync(59);
        Assert.Equal(0, await LookAsync());
        await PassAsync(1);
        Assert.Equal(1, await LookAsync());
    }

    [Fact]
    public async Task Groups_stay()
    {
        await SaveAsync(Rule("Tudo") with { Status = TicketStatus.Pending, WaitingFor = QuietSide.Anybody, Text = "Tchau." });
        await desk.HappenAsync(desk.Says("120363000000000001", "Oi, grupo") with { Participant = new Address("5519911112222", AddressKind.Phone, "Zé") });
        var ticket = await desk.TicketOfAsync("120363000000000001");
        await PassAsync(600);
        Assert.Equal(0, await LookAsync());
        Assert.Equal(TicketStatus.Pending, await StatusAsync(ticket));
    }

    [Fact]
    public async Task Many_are_done_in_pieces_the_quietest_first_and_none_stays_behind()
    {
        await SaveAsync(Rule("Muitos") with { Status = TicketStatus.Pending, WaitingFor = QuietSide.Us });
        var tickets = new List<Guid>();
        var people = Enumerable.Range(0, CloseQuietTicketsHandler.Most + 5).Select(_ => StaffedCounter.Number()).ToList();
        await desk.HappenAsync([.. people.Select(who => desk.Says(who, "Olá"))]);
        foreach (var who in people) tickets.Add(await desk.TicketOfAsync(who));
        await PassAsync(30);
        await desk.RunAsync<CloseQuiet>();
        foreach (var ticket in tickets) Assert.Equal(TicketStatus.Closed, await StatusAsync(ticket));
    }

    [Fact]
    public async Task A_rule_whose_target_is_gone_does_nothing_and_says_why()
    {
        var bia = await desk.PersonAsync("Bia", BuiltInRoles.Agent, desk.Queue);
        await SaveAsync(Rule("Para a Bia") with { Action = QuietAction.ToUser, TargetId = bia.Id });
        var (ticket, _) = await ServedAsync();
        await desk.SendAs(desk.Admin, new DeactivateUser(bia.Id));
        await PassAsync(60);
        Assert.Equal(0, await LookAsync());
        Assert.Equal(TicketStatus.Open, await StatusAsync(ticket));
        Assert.NotNull((await desk.SendAs(desk.Admin, new ListQuietRules())).Rows.Single().Trouble);
    }

    [Fact]
    public async Task A_reason_that_is_deleted_leaves_the_rule_with_the_products_own()
    {
        var reason = await desk.SendAs(desk.Admin, new SaveReason(null, "Sem retorno", "#112233", 0, false, [], null));
        await SaveAsync(Rule("Com motivo") with { ReasonId = reason });
        var (first, _) = await ServedAsync();
        await PassAsync(30);
        await LookAsync();
        Assert.Equal(reason, (await desk.TicketAsync(first)).ClosingReasonId);
        await desk.SendAs(desk.Admin, new DeleteReason(reason));
        var (second, _) = await ServedAsync();
        await PassAsync(30);
        await LookAsync();
        Assert.Equal(ClosingReason.Inactivity, (await desk.TicketAsync(second)).ClosingReasonId);
    }

    [Fact]
    public async Task A_customer_who_comes_back_within_the_window_finds_the_same_ticket_with_all_its_time()
    {
        await desk.SendAs(desk.Admin, new ChangeSettings(new Dictionary<string, string> { [Setting.ReopenMinutes.Name] = "60" }));
        await SaveAsync(Rule("Silêncio") with { Text = "Encerrado." });
        var (ticket, who) = await ServedAsync();
        await PassAsync(30);
        Assert.Equal(1, await LookAsync());
        await desk.HappenAsync(desk.Says(who, "Voltei"));
        Assert.Equal(ticket, await desk.TicketOfAsync(who));
        Assert.Equal(TicketStatus.Pending, await StatusAsync(ticket));
        Assert.Equal(0, await LookAsync());
    }

    [Theory]
    [InlineData(nameof(QuietRuleForm.PlaceId))]
    [InlineData(nameof(QuietRuleForm.TargetId))]
    [InlineData(nameof(QuietRuleForm.WarnMinutes))]
    [InlineData(nameof(QuietRuleForm.WarnText))]
    [InlineData(nameof(QuietRuleForm.Text))]
    [InlineData(nameof(QuietRuleForm.AfterMinutes))]
    [InlineData(nameof(QuietRuleForm.Name))]
    public async Task What_makes_no_sense_is_refused_at_its_field(string field)
    {
        var good = Rule("Regra");
        await SaveAsync(good with { Name = "Já existe" });
        var bad = field switch
        {
            nameof(QuietRuleForm.PlaceId) => good with { Scope = QuietScope.Queue },
            nameof(QuietRuleForm.TargetId) => good with { Action = QuietAction.ToQueue },
            nameof(QuietRuleForm.WarnMinutes) => good with { WarnMinutes = 30, WarnText = "Oi" },
            nameof(QuietRuleForm.WarnText) => good with { WarnMinutes = 10, WarnText = " " },
            nameof(QuietRuleForm.Text) => good with { Text = "{{naoExiste}}" },
            nameof(QuietRuleForm.AfterMinutes) => good with { AfterMinutes = 4 },
            _ => good with { Name = "Já existe" },
        };
        Assert.Contains(field, (await Assert.ThrowsAsync<Refusal>(() => SaveAsync(bad))).Fields.Keys);
    }
}
