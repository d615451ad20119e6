using Inforzap.Audit;
using Inforzap.Contracts.Contacts;
using Inforzap.Contracts.Settings;
using Inforzap.Contracts.Tickets;
using Inforzap.Data;
using Inforzap.Requests;
using Inforzap.Sdk;
using Inforzap.Tests.Support;
using Inforzap.Tickets;
using Inforzap.Tickets.Closing;
using Inforzap.Tickets.Desk;
using Inforzap.Tickets.Entry;
using Inforzap.Tickets.Outbound;
using Inforzap.Tickets.Surveys;

namespace Inforzap.Tests.Tickets;

/// <summary>How customers are asked after a service, and what becomes of what they answer.</summary>
public sealed class SurveyTests : IAsyncLifetime
{
    public static readonly SurveyForm Form =
        new("Como foi?", SurveyScale.OneToFive, "De 1 a 5, {{primeiroNome}}?", "Obrigado.", "Só um número.", null, null, true, true, true, true, 60, null, 0, 0, [], []);

    private static readonly SurveyForm Insisting = Form with { IsVoluntary = false };

    private readonly AnsweringDesk desk = new();
    private int customers;

    public ValueTask InitializeAsync() => desk.InitializeAsync();

    public ValueTask DisposeAsync() => desk.DisposeAsync();

    private string Customer() => $"55119{++customers:00000000}";

    private Task<Guid> SurveyAsync(SurveyForm form) => desk.SendAs(desk.Admin, new SaveSurvey(null, form, null));

    private async Task<(Guid Ticket, string Who)> ServedAsync()
    {
        var who = Customer();
        var ticket = await desk.WritesAsync(who, "Olá");
        await desk.SendAs(desk.Ana, new AcceptTicket(ticket));
        return (ticket, who);
    }

    /// <summary>Served, closed with a survey; the customer has read it.</summary>
    private async Task<(Guid Ticket, string Who)> AskedAsync(SurveyForm? form = null)
    {
        if (form is not null) await SurveyAsync(form);
        var (ticket, who) = await ServedAsync();
        await desk.SendAs(desk.Ana, new CloseTicket(ticket, SendsSurvey: true));
        await desk.PassAsync(TimeSpan.FromSeconds(30));
        return (ticket, who);
    }

    private Task<SurveyRequest> RequestAsync(Guid ticket) => desk.ReadAsync(db => db.Set<SurveyRequest>().AsNoTracking().Where(r => r.TicketId == ticket).OrderByDescending(r => r.SentAt).FirstAsync());

    private Task<int> TicketsAsync(string who) => desk.ReadAsync(db => db.Set<Ticket>().CountAsync(t => t.AddressValue == who));

    private async Task ExpectAsync(Guid ticket, SurveyState state, int? score, string? comment)
    {
        var request = await RequestAsync(ticket);
        Assert.Equal((state, score, comment), (request.State, request.Score, request.Comment));
    }

    [Fact]
    public async Task The_question_follows_the_farewell_and_its_answer_opens_nothing()
    {
        await SurveyAsync(Form);
        var farewell = await desk.SendAs(desk.Admin, new SaveFarewell(null, "Tchau", "Até logo.", true, 0, [], [], null));
        var (ticket, who) = await ServedAsync();
        var offer = (await desk.SendAs(desk.Ana, new OfferClosing(ticket))).Survey!;
        Assert.Equal(("De 1 a 5, Ana?", true, null), (offer.Text, offer.IsAutomatic, offer.WhyNot));
        await desk.SendAs(desk.Ana, new CloseTicket(ticket, FarewellId: farewell, SendsSurvey: true));
        Assert.Equal(["Até logo.", "De 1 a 5, Ana?"], await desk.SaidAsync(ticket));
        await desk.PassAsync(TimeSpan.FromSeconds(30));
        await desk.WritesAsync(who, "5");
        Assert.Equal(["Até logo.", "De 1 a 5, Ana?", "Obrigado."], await desk.SaidAsync(ticket));
        var closed = await desk.TicketAsync(ticket);
        Assert.Equal((TicketStatus.Closed, 0, null, null), (closed.Status, closed.Unread, closed.WaitingSince, closed.SurveyUntil));
        Assert.Equal(1, await TicketsAsync(who));
        Assert.Contains(await desk.MessagesOfAsync(ticket), m => m is { FromUs: false, Body: "5" });
        await ExpectAsync(ticket, SurveyState.Answered, 5, null);
        var request = await RequestAsync(ticket);
        var cycle = await desk.ReadAsync(db => db.Set<ServiceCycle>().SingleAsync(c => c.TicketId == ticket));
        Assert.Equal((cycle.Id, desk.Ana.Id, desk.Queue), (request.CycleId, request.UserId!.Value, request.QueueId!.Value));
        Assert.Equal(["survey_sent", "closed", "survey_answered"], (await desk.LogAsync(ticket)).TakeLast(3));
        // Answered, the next word is an ordinary one.
        await desk.WritesAsync(who, "Preciso de outra coisa");
        Assert.Equal(2, await TicketsAsync(who));
    }

    [Fact]
    public async Task A_closing_without_it_asks_nobody()
    {
        await SurveyAsync(Form);
        var (ticket, _) = await ServedAsync();
        await desk.SendAs(desk.Ana, new CloseTicket(ticket));
        Assert.Empty(await desk.SaidAsync(ticket));
        Assert.Equal(0, await desk.ReadAsync(db => db.Set<SurveyRequest>().CountAsync()));
    }

    [Fact]
    public async Task Whom_nobody_served_is_not_asked()
    {
        await SurveyAsync(Form);
        var ticket = await desk.WritesAsync(Customer(), "Olá");
        Assert.NotNull((await desk.SendAs(desk.Ana, new OfferClosing(ticket))).Survey!.WhyNot);
        await desk.SendAs(desk.Ana, new CloseTicket(ticket, SendsSurvey: true));
        Assert.Empty(await desk.SaidAsync(ticket));
        // Reopened it is a new period, which counts by itself.
        await desk.SendAs(desk.Ana, new ReopenTicket(ticket));
        await desk.SendAs(desk.Ana, new CloseTicket(ticket, SendsSurvey: true));
        Assert.Single(await desk.SaidAsync(ticket));
    }

    [Fact]
    public async Task A_contact_is_asked_again_only_after_some_hours_and_never_while_blocked()
    {
        var survey = await SurveyAsync(Form with { LeastHours = 2 });
        var (ticket, who) = await AskedAsync();
        await desk.WritesAsync(who, "4");
        await desk.PassAsync(TimeSpan.FromMinutes(100));
        Assert.Equal(RefusalKind.Conflict, (await Assert.ThrowsAsync<Refusal>(() => desk.SendAs(desk.Ana, new SendSurvey(ticket, survey)))).Kind);
        await desk.PassAsync(TimeSpan.FromMinutes(30));
        var contact = (await desk.TicketAsync(ticket)).ContactId;
        await desk.SendAsSystem(new BlockContact(contact, true));
        Assert.Equal(RefusalKind.Conflict, (await Assert.ThrowsAsync<Refusal>(() => desk.SendAs(desk.Ana, new SendSurvey(ticket, survey)))).Kind);
        await desk.SendAsSystem(new BlockContact(contact, false));
        await desk.SendAs(desk.Ana, new SendSurvey(ticket, survey));
        Assert.Equal(2, (await desk.SaidAsync(ticket)).Count(s => s.StartsWith("De 1", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Where_the_reply_window_is_shut_nobody_is_asked()
    {
        await SurveyAsync(Form);
        var (ticket, _) = await ServedAsync();
        desk.ReplyWindow = TimeSpan.FromTicks(1);
        Assert.NotNull((await desk.SendAs(desk.Ana, new OfferClosing(ticket))).Survey!.WhyNot);
        await desk.SendAs(desk.Ana, new CloseTicket(ticket, SendsSurvey: true));
        Assert.Empty(await desk.SaidAsync(ticket));
        Assert.Equal(0, await desk.ReadAsync(db => db.Set<SurveyRequest>().CountAsync()));
    }

    [Fact]
    public async Task The_nearest_survey_is_the_one()
    {
        await SurveyAsync(Form with { RequestText = "Empresa?" });
        var (company, _) = await AskedAsync();
        await SurveyAsync(Form with { Name = "Canal", RequestText = "Canal?", Channels = [desk.Channel] });
        var (channel, _) = await AskedAsync();
        await SurveyAsync(Form with { Name = "Fila", RequestText = "Fila?", Queues = [desk.Queue], Order = 9 });
        await SurveyAsync(Form with { Name = "Outra", RequestText = "Outra?", Queues = [desk.Support] });
        var (queue, _) = await AskedAsync();
        Assert.Equal(["Empresa?"], await desk.SaidAsync(company));
        Assert.Equal(["Canal?"], await desk.SaidAsync(channel));
        Assert.Equal(["Fila?"], await desk.SaidAsync(queue));
    }

    [Fact]
    public async Task A_low_score_is_followed_by_the_question_why_and_its_answer_is_the_comment()
    {
        var (ticket, who) = await AskedAsync(Form with { ReasonAt = 3, ReasonText = "Por quê?" });
        await desk.WritesAsync(who, "2");
        Assert.Equal("Por quê?", (await desk.SaidAsync(ticket))[^1]);
        await ExpectAsync(ticket, SurveyState.AskedWhy, 2, null);
        await desk.WritesAsync(who, "Demorou");
        Assert.Equal("Obrigado.", (await desk.SaidAsync(ticket))[^1]);
        await ExpectAsync(ticket, SurveyState.Answered, 2, "Demorou");
        Assert.Equal(1, await TicketsAsync(who));
        // Above it nobody asks.
        var (other, someone) = await AskedAsync();
        await desk.WritesAsync(someone, "4");
        await ExpectAsync(other, SurveyState.Answered, 4, null);
    }

    [Fact]
    public async Task Who_says_why_in_the_same_breath_is_not_asked()
    {
        var (ticket, who) = await AskedAsync(Form with { ReasonAt = 3, ReasonText = "Por quê?" });
        await desk.HappenAsync(desk.Says(who, "1"), desk.Says(who, "Demorou demais"));
        await ExpectAsync(ticket, SurveyState.Answered, 1, "Demorou demais");
        Assert.Equal(1, await TicketsAsync(who));
    }

    [Fact]
    public async Task In_the_voluntary_mode_what_is_no_score_is_an_ordinary_message_and_the_score_may_still_come()
    {
        var (ticket, who) = await AskedAsync(Form);
        var next = await desk.WritesAsync(who, "Vocês abrem sábado?");
        Assert.NotEqual(ticket, next);
        Assert.Equal((TicketStatus.Pending, 1), ((await desk.TicketAsync(next)).Status, (await desk.TicketAsync(next)).Unread));
        // In the conversation that goes on a number means something else.
        await desk.WritesAsync(who, "2");
        await ExpectAsync(ticket, SurveyState.Sent, null, null);
        Assert.Equal(2, (await desk.TicketAsync(next)).Unread);
        await desk.SendAs(desk.Ana, new CloseTicket(next));
        await desk.WritesAsync(who, "nota 3");
        await ExpectAsync(ticket, SurveyState.Answered, 3, null);
        Assert.Equal(2, await TicketsAsync(who));
        Assert.Equal(TicketStatus.Closed, (await desk.TicketAsync(next)).Status);
    }

    [Fact]
    public async Task Otherwise_it_is_a_comment_twice_and_then_an_ordinary_message()
    {
        var (ticket, who) = await AskedAsync(Insisting);
        await desk.WritesAsync(who, "Gostei");
        await desk.WritesAsync(who, "Muito bom");
        Assert.Equal(1, await TicketsAsync(who));
        Assert.Equal(2, (await desk.SaidAsync(ticket)).Count(s => s == "Só um número."));
        await ExpectAsync(ticket, SurveyState.Sent, null, "Gostei\nMuito bom");
        var next = await desk.WritesAsync(who, "Quero comprar");
        Assert.NotEqual(ticket, next);
        await ExpectAsync(ticket, SurveyState.Invalid, null, "Gostei\nMuito bom");
        Assert.Equal(2, (await desk.SaidAsync(ticket)).Count(s => s == "Só um número."));
        Assert.Equal(3, (await desk.MessagesOfAsync(ticket)).Count(m => !m.FromUs));
    }

    [Fact]
    public async Task A_comment_before_the_score_belongs_to_it()
    {
        var (ticket, who) = await AskedAsync(Insisting with { ReasonAt = 3, ReasonText = "Por quê?" });
        await desk.WritesAsync(who, "Demorou");
        await desk.WritesAsync(who, "2");
        await ExpectAsync(ticket, SurveyState.Answered, 2, "Demorou");
        Assert.Equal("Obrigado.", (await desk.SaidAsync(ticket))[^1]);
    }

    [Theory]
    [InlineData("!")]
    [InlineData("! quero falar com alguém")]
    public async Task An_exclamation_mark_leads_back_to_service(string text)
    {
        var (ticket, who) = await AskedAsync(Insisting);
        var next = await desk.WritesAsync(who, text);
        Assert.NotEqual(ticket, next);
        Assert.Equal((TicketStatus.Pending, 1), ((await desk.TicketAsync(next)).Status, (await desk.TicketAsync(next)).Unread));
        await ExpectAsync(ticket, SurveyState.Cancelled, null, null);
    }

    [Fact]
    public async Task An_older_ticket_that_is_reopened_and_closed_with_a_survey_gets_its_answer()
    {
        await SurveyAsync(Form);
        var (first, who) = await ServedAsync();
        await desk.SendAs(desk.Ana, new CloseTicket(first));
        var second = await desk.WritesAsync(who, "Oi de novo");
        await desk.SendAs(desk.Ana, new AcceptTicket(second));
        await desk.SendAs(desk.Ana, new CloseTicket(second));
        await desk.SendAs(desk.Ana, new ReopenTicket(first));
        await desk.SendAs(desk.Ana, new CloseTicket(first, SendsSurvey: true));
        await desk.PassAsync(TimeSpan.FromSeconds(30));
        await desk.WritesAsync(who, "5");
        await ExpectAsync(first, SurveyState.Answered, 5, null);
        Assert.Equal(2, await TicketsAsync(who));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task After_a_file_a_number_answers_what_was_asked_last(bool isVoluntary)
    {
        var (ticket, who) = await AskedAsync(Form with { IsVoluntary = isVoluntary });
        await desk.ComesAsync(desk.Says(who, "") with { Content = new LocationContent(-23.5, -46.6, "Aqui") });
        await desk.WritesAsync(who, "2");
        await ExpectAsync(ticket, SurveyState.Sent, null, null);
        Assert.Equal(2, (await desk.TicketAsync(await desk.TicketOfAsync(who))).Unread);
    }

    [Fact]
    public async Task What_is_said_after_they_talked_of_something_else_is_no_comment()
    {
        var (ticket, who) = await AskedAsync(Insisting with { ReasonAt = 3, ReasonText = "Por quê?" });
        await desk.WritesAsync(who, "2");
        await ExpectAsync(ticket, SurveyState.AskedWhy, 2, null);
        await desk.SendAs(desk.Ana, new ReopenTicket(ticket));
        await desk.WritesAsync(who, "Chegou com defeito");
        await desk.SendAs(desk.Ana, new CloseTicket(ticket));
        var next = await desk.WritesAsync(who, "Ainda não funciona");
        Assert.NotEqual(ticket, next);
        await ExpectAsync(ticket, SurveyState.AskedWhy, 2, null);
    }

    [Fact]
    public async Task A_question_that_could_not_be_sent_waits_for_no_answer()
    {
        var (ticket, who) = await AskedAsync(Insisting);
        var question = (await RequestAsync(ticket)).Id;
        await desk.WriteAsync(async db =>
        {
            (await db.Set<Message>().SingleAsync(m => m.Id == question)).State = MessageState.Failed;
            await db.SaveChangesAsync();
        });
        var next = await desk.WritesAsync(who, "Preciso de ajuda");
        Assert.NotEqual(ticket, next);
        Assert.DoesNotContain("Só um número.", await desk.SaidAsync(ticket));
        await desk.PassAsync(TimeSpan.FromHours(2));
        await desk.SendAsSystem(new ExpireSurveys());
        await ExpectAsync(ticket, SurveyState.Cancelled, null, null);
    }

    [Fact]
    public async Task A_button_means_the_survey_also_after_other_words()
    {
        desk.Can = Can.Media | Can.Offers;
        var (ticket, who) = await AskedAsync(Form);
        var question = (await desk.MessagesOfAsync(ticket)).Single(m => m is { FromUs: true, Kind: MessageKind.Choice });
        var next = await desk.WritesAsync(who, "E a garantia?");
        await desk.ComesAsync(desk.Says(who, "") with { Content = new ChoiceContent(((OfferContent)Inforzap.Tickets.Inbound.Contents.CardOf(question)!).Choices[0].Id, "5 ★★★★★") });
        await ExpectAsync(ticket, SurveyState.Answered, 5, null);
        Assert.Equal(2, (await desk.TicketAsync(next)).Unread);
    }

    [Fact]
    public async Task Files_and_places_are_never_lost()
    {
        var (ticket, who) = await AskedAsync(Insisting);
        await desk.ComesAsync(desk.Says(who, "") with { Content = new LocationContent(-23.5, -46.6, "Aqui") });
        Assert.Equal(2, await TicketsAsync(who));
        Assert.Single(await desk.MessagesOfAsync(await desk.TicketOfAsync(who)), m => m.Kind == MessageKind.Location);
        await ExpectAsync(ticket, SurveyState.Sent, null, null);
    }

    [Fact]
    public async Task The_same_event_twice_counts_once()
    {
        var (ticket, who) = await AskedAsync(Insisting);
        await desk.HappenAsync(desk.Says(who, "4", "score-1"), desk.Says(who, "4", "score-2") with { ProviderId = "score-1" });
        await ExpectAsync(ticket, SurveyState.Answered, 4, null);
        Assert.Single(await desk.MessagesOfAsync(ticket), m => !m.FromUs && m.Body == "4");
        Assert.Single(await desk.LogAsync(ticket), "survey_answered");
        Assert.Single(await desk.SaidAsync(ticket), "Obrigado.");
    }

    [Fact]
    public async Task What_was_written_before_the_question_is_no_answer_to_it()
    {
        var (ticket, who) = await AskedAsync(Insisting);
        await desk.ComesAsync(desk.Says(who, "4") with { At = (await RequestAsync(ticket)).SentAt.AddMinutes(-1) });
        Assert.Equal(2, await TicketsAsync(who));
        await ExpectAsync(ticket, SurveyState.Sent, null, null);
    }

    [Fact]
    public async Task In_an_active_ticket_only_a_score_as_the_first_word_counts()
    {
        var survey = await SurveyAsync(Form);
        var (ticket, who) = await ServedAsync();
        await desk.SendAs(desk.Ana, new SendSurvey(ticket, survey));
        await desk.PassAsync(TimeSpan.FromSeconds(30));
        await desk.WritesAsync(who, "5");
        await ExpectAsync(ticket, SurveyState.Answered, 5, null);
        var open = await desk.TicketAsync(ticket);
        // Whoever serves sees it as any other word.
        Assert.Equal((TicketStatus.Open, "Obrigado.", 1), (open.Status, open.LastText, open.Unread));
        // The same, but the conversation goes on first.
        var (other, someone) = await ServedAsync();
        await desk.SendAs(desk.Ana, new SendSurvey(other, survey));
        await desk.PassAsync(TimeSpan.FromSeconds(30));
        await desk.WritesAsync(someone, "Quantos são?", "5");
        await ExpectAsync(other, SurveyState.Sent, null, null);
        Assert.Equal(3, (await desk.MessagesOfAsync(other)).Count(m => !m.FromUs));
    }

    [Fact]
    public async Task A_ticket_that_was_reopened_takes_an_exact_score_only()
    {
        var (ticket, who) = await AskedAsync(Form);
        await desk.SendAs(desk.Ana, new ReopenTicket(ticket));
        await desk.WritesAsync(who, "nota 5");
        await ExpectAsync(ticket, SurveyState.Sent, null, null);
        var (other, someone) = await AskedAsync();
        await desk.SendAs(desk.Ana, new ReopenTicket(other));
        await desk.WritesAsync(someone, "5");
        await ExpectAsync(other, SurveyState.Answered, 5, null);
        Assert.Equal(TicketStatus.Open, (await desk.TicketAsync(other)).Status);
    }

    [Fact]
    public async Task Scores_are_pressed_where_the_channel_can_and_a_button_of_yesterday_calls_nobody()
    {
        desk.Can = Can.Media | Can.Offers;
        var (ticket, who) = await AskedAsync(Form);
        var question = (await desk.MessagesOfAsync(ticket)).Single(m => m is { FromUs: true, Kind: MessageKind.Choice });
        Assert.Equal(["5 ★★★★★", "4 ★★★★", "3 ★★★", "2 ★★", "1 ★"], Asked(question).Choices.Select(c => c.Title));
        Assert.All(Asked(question).Choices, c => Assert.True(c.Id.Length <= 60));
        var pressed = new ChoiceContent(Asked(question).Choices[1].Id, "4 ★★★★");
        await desk.ComesAsync(desk.Says(who, "") with { Content = pressed });
        await ExpectAsync(ticket, SurveyState.Answered, 4, null);
        // Pressed once more it is kept, and neither counts nor opens a ticket.
        await desk.ComesAsync(desk.Says(who, "") with { Content = new ChoiceContent(Asked(question).Choices[4].Id, "1 ★") });
        await ExpectAsync(ticket, SurveyState.Answered, 4, null);
        Assert.Equal(1, await TicketsAsync(who));
        Assert.Equal(2, (await desk.MessagesOfAsync(ticket)).Count(m => m is { FromUs: false, Kind: MessageKind.Choice }));
        static OfferContent Asked(Message m) => (OfferContent)Inforzap.Tickets.Inbound.Contents.CardOf(m)!;
    }

    [Fact]
    public async Task Nobody_waits_for_ever()
    {
        var (ticket, who) = await AskedAsync(Form with { ExpiryText = "Fica para a próxima.", ReasonAt = 3, ReasonText = "Por quê?" });
        var (rated, someone) = await AskedAsync();
        await desk.WritesAsync(someone, "1");
        await desk.RunAsync<SurveyJob>();
        await ExpectAsync(ticket, SurveyState.Sent, null, null);
        await desk.PassAsync(TimeSpan.FromMinutes(61));
        await desk.RunAsync<SurveyJob>();
        await desk.RunAsync<SurveyJob>();
        await ExpectAsync(ticket, SurveyState.Expired, null, null);
        await ExpectAsync(rated, SurveyState.Answered, 1, null);
        Assert.Single(await desk.SaidAsync(ticket), "Fica para a próxima.");
        Assert.DoesNotContain("Fica para a próxima.", await desk.SaidAsync(rated));
        Assert.Equal(TicketStatus.Closed, (await desk.TicketAsync(ticket)).Status);
        // Too late it is an ordinary message.
        Assert.NotEqual(ticket, await desk.WritesAsync(who, "5"));
    }

    [Fact]
    public async Task Late_by_the_clock_is_late_though_no_job_has_looked_yet()
    {
        var (ticket, who) = await AskedAsync(Form);
        await desk.PassAsync(TimeSpan.FromMinutes(61));
        Assert.NotEqual(ticket, await desk.WritesAsync(who, "5"));
        await ExpectAsync(ticket, SurveyState.Sent, null, null);
    }

    [Fact]
    public async Task Asked_anew_the_question_before_is_over()
    {
        var survey = await SurveyAsync(Form);
        var (ticket, who) = await AskedAsync();
        await desk.SendAs(desk.Ana, new SendSurvey(ticket, survey));
        await desk.PassAsync(TimeSpan.FromSeconds(30));
        await desk.WritesAsync(who, "3");
        var states = await desk.ReadAsync(db => db.Set<SurveyRequest>().Where(r => r.TicketId == ticket).OrderBy(r => r.SentAt).ThenBy(r => r.Score == null ? 0 : 1).Select(r => r.State).ToListAsync());
        Assert.Equal([SurveyState.Cancelled, SurveyState.Answered], states);
    }

    [Fact]
    public async Task A_rule_that_closes_asks_where_it_shall()
    {
        await SurveyAsync(Form with { IsAutomatic = false });
        var (ticket, _) = await ServedAsync();
        await desk.SendAs(desk.Ana, new SendMessage(ticket, Guid.NewGuid(), "Pois não?"));
        var pending = await desk.WritesAsync(Customer(), "Olá");
        await desk.SendAs(desk.Admin, new SaveQuietRule(null, QuietRuleTests.Rule("Some") with { SendSurvey = true }, null));
        await desk.SendAs(desk.Admin, new SaveQuietRule(null, QuietRuleTests.Rule("Espera") with { Status = TicketStatus.Pending, WaitingFor = QuietSide.Us, SendSurvey = true }, null));
        await desk.PassAsync(TimeSpan.FromMinutes(31));
        await desk.RunAsync<CloseQuiet>();
        Assert.Equal(["De 1 a 5, Ana?"], await desk.SaidAsync(ticket));
        await ExpectAsync(ticket, SurveyState.Sent, null, null);
        // Nobody has served this one.
        Assert.Equal(TicketStatus.Closed, (await desk.TicketAsync(pending)).Status);
        Assert.Empty(await desk.SaidAsync(pending));
    }

    [Fact]
    public async Task Who_wrote_last_is_rated_where_the_ticket_waits_for_another()
    {
        await SurveyAsync(Form);
        var bia = await desk.PersonAsync("Bia", BuiltInRoles.Agent, desk.Queue);
        await desk.SetAsync(Setting.TransferOpens, "false");
        var (ticket, _) = await ServedAsync();
        await desk.SendAs(desk.Ana, new SendMessage(ticket, Guid.NewGuid(), "Vou passar."));
        await desk.SendAs(desk.Ana, new TransferTicket(ticket, desk.Queue, bia.Id));
        await desk.SendAs(desk.Admin, new CloseTicket(ticket, SendsSurvey: true));
        Assert.Equal(desk.Ana.Id, (await RequestAsync(ticket)).UserId);
    }

    [Fact]
    public async Task Where_nobody_was_asked_a_message_asks_the_database_nothing_more()
    {
        var who = Customer();
        await desk.WritesAsync(who, "Olá");
        await desk.SendAs(desk.Ana, new AcceptTicket(await desk.TicketOfAsync(who)));
        await desk.SendAs(desk.Ana, new CloseTicket(await desk.TicketOfAsync(who)));
        var ticket = await desk.TicketAsync(await desk.TicketOfAsync(who));
        SurveyAnswers answers;
        await using (var scope = desk.Services.CreateAsyncScope()) answers = scope.ServiceProvider.GetRequiredService<SurveyAnswers>();
        // Its database is closed: a question would fail.
        var now = desk.Clock!.GetUtcNow().UtcDateTime;
        await answers.LoadAsync([ticket], now, default);
        ticket.AwaitSurvey(now.AddHours(1));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => answers.LoadAsync([ticket], now, default));
    }

    [Fact]
    public async Task Names_are_unique_versions_count_and_texts_are_checked()
    {
        var id = await SurveyAsync(Form);
        Assert.Contains(nameof(SurveyForm.Name), (await Assert.ThrowsAsync<Refusal>(() => SurveyAsync(Form))).Fields.Keys);
        await desk.SendAs(desk.Admin, new SaveSurvey(id, Form with { Order = 3 }, 0));
        Assert.Equal(RefusalKind.Conflict, (await Assert.ThrowsAsync<Refusal>(() => desk.SendAs(desk.Admin, new SaveSurvey(id, Form, 0)))).Kind);
        foreach (var (wrong, field) in new (SurveyForm, string)[]
        {
            (Form with { Name = "a", RequestText = "Olá {{naoExiste}}" }, nameof(SurveyForm.RequestText)), (Form with { Name = "a", ExpiresMinutes = 1 }, nameof(SurveyForm.ExpiresMinutes)),
            (Form with { Name = "a", ReasonAt = 6, ReasonText = "Por quê?" }, nameof(SurveyForm.ReasonAt)), (Form with { Name = "a", ReasonAt = 2, ReasonText = " " }, nameof(SurveyForm.ReasonText)),
        }) Assert.Contains(field, (await Assert.ThrowsAsync<Refusal>(() => SurveyAsync(wrong))).Fields.Keys);
    }

    [Fact]
    public async Task Deleted_it_is_gone_unless_it_was_sent_and_everything_is_in_the_audit()
    {
        var never = await SurveyAsync(Form with { Name = "Nunca", Queues = [desk.Support] });
        var sent = await SurveyAsync(Form);
        var (ticket, who) = await AskedAsync();
        await desk.SendAs(desk.Admin, new SwitchSurvey(sent, false));
        await desk.SendAs(desk.Admin, new DeleteSurvey(never));
        await desk.SendAs(desk.Admin, new DeleteSurvey(sent));
        Assert.Empty((await desk.SendAs(desk.Admin, new ListSurveys())).Rows);
        // Who was asked may still answer, and the name is free again.
        await desk.WritesAsync(who, "5");
        await ExpectAsync(ticket, SurveyState.Answered, 5, null);
        await SurveyAsync(Form);
        Assert.Equal("Como foi?", Assert.Single((await desk.SendAs(desk.Admin, new ReadRatings(SurveyId: sent))).Rows).SurveyName);
        var entries = await desk.ReadAsync(db => db.Set<AuditEntry>().Where(e => e.Kind == "survey" && (e.SubjectId == sent.ToString() || e.SubjectId == never.ToString())).ToListAsync());
        Assert.Equal(2, entries.Count(e => e.Verb == AuditVerb.Deleted));
        Assert.Contains(entries, e => e.Changes.Contains("Suporte", StringComparison.Ordinal));
        Assert.Contains(entries, e => e.Verb == AuditVerb.Changed && e.Changes.Contains("IsActive", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_list_searches_filters_sorts_and_pages()
    {
        foreach (var name in new[] { "Alfa", "Beta", "Gama" }) await SurveyAsync(Form with { Name = name, Queues = [desk.Support] });
        await SurveyAsync(Form with { Name = "Vendas", Queues = [desk.Queue] });
        await AskedAsync();
        var beta = (await desk.SendAs(desk.Admin, new ListSurveys("beta"))).Rows.Single();
        await desk.SendAs(desk.Admin, new SwitchSurvey(beta.Id, false));
        Assert.Equal(["Alfa", "Gama", "Vendas"], await NamesAsync(new(Active: true)));
        Assert.Equal(["Vendas", "Gama", "Beta", "Alfa"], await NamesAsync(new(Sort: "-name")));
        Assert.Equal("Vendas", (await NamesAsync(new(Sort: "-sent")))[0]);
        Assert.Equal(["Gama", "Vendas"], await NamesAsync(new(Sort: "name", Skip: 2, Take: 2)));
        Assert.Equal((1, 1), (await desk.SendAs(desk.Admin, new ListSurveys("vendas"))).Rows.Select(r => (r.Sent, r.Ever)).Single());

        async Task<List<string>> NamesAsync(ListSurveys list) => [.. (await desk.SendAs(desk.Admin, list)).Rows.Select(r => r.Form.Name)];
    }

    [Theory]
    [InlineData("4", SurveyScale.OneToFive, 4, true)]
    [InlineData(" 4 ", SurveyScale.OneToFive, 4, true)]
    [InlineData("4️⃣", SurveyScale.OneToFive, 4, true)]
    [InlineData("🔟", SurveyScale.ZeroToTen, 10, true)]
    [InlineData("0", SurveyScale.ZeroToTen, 0, true)]
    [InlineData("10", SurveyScale.ZeroToTen, 10, true)]
    [InlineData("Nota 9", SurveyScale.ZeroToTen, 9, false)]
    [InlineData("minha nota é 9.", SurveyScale.ZeroToTen, 9, false)]
    [InlineData("dou 3", SurveyScale.OneToThree, 3, false)]
    [InlineData("4/5", SurveyScale.OneToFive, 4, false)]
    [InlineData("4 estrelas", SurveyScale.OneToFive, 4, false)]
    [InlineData("⭐⭐⭐⭐", SurveyScale.OneToFive, 4, false)]
    public void A_score_is_read_as_people_write_it(string text, SurveyScale scale, int score, bool isExact) => Assert.Equal(new GivenScore(score, isExact), SurveyScore.In(text, scale));

    [Theory]
    [InlineData("6", SurveyScale.OneToFive)]
    [InlineData("0", SurveyScale.OneToFive)]
    [InlineData("11", SurveyScale.ZeroToTen)]
    [InlineData("-1", SurveyScale.OneToFive)]
    [InlineData("4,5", SurveyScale.OneToFive)]
    [InlineData("4/10", SurveyScale.OneToFive)]
    [InlineData("4 caixas", SurveyScale.OneToFive)]
    [InlineData("comprei 3", SurveyScale.OneToFive)]
    [InlineData("⭐⭐⭐⭐", SurveyScale.ZeroToTen)]
    [InlineData("10:30", SurveyScale.ZeroToTen)]
    [InlineData("", SurveyScale.OneToFive)]
    public void What_may_mean_something_else_is_no_score(string text, SurveyScale scale) => Assert.Null(SurveyScore.In(text, scale));
}
