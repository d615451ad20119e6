using Inforzap.Contracts.Settings;
using Inforzap.Contracts.Tickets;
using Inforzap.Data;
using Inforzap.Requests;
using Inforzap.Tests.Support;
using Inforzap.Tickets;
using Inforzap.Tickets.Desk;
using Inforzap.Tickets.Surveys;

namespace Inforzap.Tests.Tickets;

/// <summary>What the answers come to, and who may know it.</summary>
public sealed class RatingsTests : IAsyncLifetime
{
    private readonly AnsweringDesk desk = new();
    private Person bia = null!;
    private int customers;

    public async ValueTask InitializeAsync()
    {
        await desk.InitializeAsync();
        bia = await desk.PersonAsync("Bia", BuiltInRoles.Agent, desk.Support);
    }

    public ValueTask DisposeAsync() => desk.DisposeAsync();

    /// <summary>Served by one of them in their queue, closed with a survey, and answered.</summary>
    private async Task<Guid> RatedAsync(Person by, Guid queue, params string[] answers)
    {
        var who = $"55118{++customers:00000000}";
        var ticket = await desk.WritesAsync(who, "Olá");
        if (queue != desk.Queue) await desk.SendAs(desk.Admin, new TransferTicket(ticket, queue, null));
        await desk.SendAs(by, new AcceptTicket(ticket));
        await desk.SendAs(by, new CloseTicket(ticket, SendsSurvey: true));
        await desk.PassAsync(TimeSpan.FromSeconds(20));
        foreach (var answer in answers) await desk.WritesAsync(who, answer);
        return ticket;
    }

    private Task<Guid> SurveyAsync(SurveyForm? form = null) => desk.SendAs(desk.Admin, new SaveSurvey(null, form ?? SurveyTests.Form with { IsVoluntary = false, ReasonAt = 3, ReasonText = "Por quê?" }, null));

    [Fact]
    public async Task Figures_are_counted_by_user_queue_and_channel()
    {
        await SurveyAsync();
        foreach (var score in new[] { "5", "5", "4" }) await RatedAsync(desk.Ana, desk.Queue, score);
        await RatedAsync(bia, desk.Support, "1", "Demorou");
        await RatedAsync(bia, desk.Support);
        await RatedAsync(bia, desk.Support, "sei lá", "não sei", "!");
        var page = await desk.SendAs(desk.Admin, new ReadRatings());
        Assert.Equal((6, 5, 4, (double?)3.75, (double?)25.0, (double?)75.0), (page.All.Sent, page.All.Answered, page.All.Valid, page.All.Average, page.All.Nps, page.All.Csat));
        Assert.Equal(80.0, page.All.ValidRate);
        Assert.Equal([(1, 1), (2, 0), (3, 0), (4, 1), (5, 2)], Assert.Single(page.Scales).Scores);
        Assert.Equal([("Ana", 100.0 * 2 / 3), ("Bia", -100.0)], page.Users.Select(u => (u.Name, u.Figure.Nps!.Value)));
        Assert.Equal([("Vendas", 3), ("Suporte", 1)], page.Queues.Select(q => (q.Name, q.Figure.Valid)));
        Assert.Equal(("Teste", 6), page.Channels.Select(c => (c.Name, c.Figure.Sent)).Single());
        Assert.Equal(5, page.Answers);
        var low = page.Rows.Single(r => r.Score == 1);
        Assert.Equal(("Demorou", "Bia", "Suporte", "Ana"), (low.Comment, low.UserName, low.QueueName, low.ContactName));
        Assert.Equal((3, 3), await CountedAsync(new(QueueId: desk.Queue)));
        Assert.Equal((3, 1), await CountedAsync(new(UserId: bia.Id)));
        Assert.Equal((6, 4), await CountedAsync(new(ChannelId: desk.Channel)));
        Assert.Equal(2, (await desk.SendAs(desk.Admin, new ReadRatings(Skip: 3))).Rows.Count);

        async Task<(int, int)> CountedAsync(ReadRatings read) => (await desk.SendAs(desk.Admin, read)).All is var all ? (all.Sent, all.Valid) : default;
    }

    [Fact]
    public async Task A_day_is_one_of_the_companys_and_the_last_thirty_are_shown_first()
    {
        await SurveyAsync();
        await desk.UntilAsync("2027-03-01 23:30");
        await RatedAsync(desk.Ana, desk.Queue, "5");
        var day = new DateOnly(2027, 3, 1);
        Assert.Equal(1, (await desk.SendAs(desk.Admin, new ReadRatings(day, day))).All.Sent);
        Assert.Equal(0, (await desk.SendAs(desk.Admin, new ReadRatings(day.AddDays(1), day.AddDays(1)))).All.Sent);
        await desk.UntilAsync("2027-03-30 12:00");
        Assert.Equal((day, 1), (await desk.SendAs(desk.Admin, new ReadRatings())) is var page ? (page.From, page.All.Sent) : default);
        await desk.UntilAsync("2027-03-31 12:00");
        Assert.Equal((0, true), (await desk.SendAs(desk.Admin, new ReadRatings())) is var later ? (later.All.Sent, later.Any) : default);
        // Whatever somebody writes into the address.
        await desk.SendAs(desk.Admin, new ReadRatings(DateOnly.MinValue, DateOnly.MaxValue));
        await desk.SendAs(desk.Admin, new ReadRatings(null, DateOnly.MinValue));
    }

    [Fact]
    public async Task The_scale_of_an_answer_stays_as_it_was_asked_and_different_ones_have_no_average()
    {
        var survey = await SurveyAsync();
        await RatedAsync(desk.Ana, desk.Queue, "5");
        await desk.SendAs(desk.Admin, new SaveSurvey(survey, SurveyTests.Form with { Scale = SurveyScale.ZeroToTen }, 0));
        await RatedAsync(desk.Ana, desk.Queue, "5");
        var page = await desk.SendAs(desk.Admin, new ReadRatings());
        Assert.Equal((2, null, (double?)0.0, (double?)50.0), (page.All.Valid, page.All.Average, page.All.Nps, page.All.Csat));
        Assert.Equal([SurveyScale.OneToFive, SurveyScale.ZeroToTen], page.Scales.Select(s => s.Scale));
    }

    [Fact]
    public async Task The_table_holds_what_the_page_shows_and_no_formula()
    {
        await SurveyAsync();
        await RatedAsync(desk.Ana, desk.Queue, "1", "=HYPERLINK(\"x\")");
        await RatedAsync(bia, desk.Support, "5");
        var lead = await desk.PersonAsync("Léo", BuiltInRoles.Supervisor, desk.Queue);
        var lines = (await desk.SendAs(lead, new ExportRatings(new()))).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, lines.Length);
        Assert.Contains("1–5;1;", lines[1]);
        Assert.Contains("'=HYPERLINK", lines[1]);
        Assert.Equal(3, (await desk.SendAs(desk.Admin, new ExportRatings(new()))).Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Fact]
    public async Task Who_leads_sees_their_queues_and_who_serves_their_own_where_the_company_wants_that()
    {
        await SurveyAsync();
        var mine = await RatedAsync(desk.Ana, desk.Queue, "2", "Demorou");
        var theirs = await RatedAsync(bia, desk.Support, "5");
        var lead = await desk.PersonAsync("Léo", BuiltInRoles.Supervisor, desk.Queue);
        Assert.Equal([2], await ScoresAsync(lead));
        Assert.Equal([2, 5], await ScoresAsync(desk.Admin));
        Assert.Equal(2, Assert.Single(await desk.SendAs(lead, new RatingsOfTicket(mine))).Score);
        Assert.Equal(RefusalKind.Forbidden, (await Assert.ThrowsAsync<Refusal>(() => ScoresAsync(desk.Ana))).Kind);
        Assert.Empty(await desk.SendAs(desk.Ana, new RatingsOfTicket(mine)));
        Assert.Equal((null, new TicketScore(2, 5)), ((await desk.SendAs(desk.Ana, new ReadTicket(mine))).Rating, (await desk.SendAs(lead, new ReadTicket(mine))).Rating));
        await desk.SetAsync(Setting.UsersSeeOwnRatings, "true");
        Assert.Equal([2], await ScoresAsync(desk.Ana));
        Assert.Equal([5], await ScoresAsync(bia));
        Assert.Equal(((int?)2, "Demorou"), Assert.Single(await desk.SendAs(desk.Ana, new RatingsOfTicket(mine))) is var rating ? (rating.Score, rating.Comment) : default);
        // Ana sees the ticket of the other queue, too, but not what was said of Bia.
        await desk.SetAsync(Setting.HideOthersTickets, "false");
        Assert.Empty(await desk.SendAs(desk.Ana, new RatingsOfTicket(theirs)));
        Assert.Equal(RefusalKind.Forbidden, (await Assert.ThrowsAsync<Refusal>(() => desk.SendAs(desk.Ana, new ExportRatings(new())))).Kind);

        async Task<IEnumerable<int>> ScoresAsync(Person person) => (await desk.SendAs(person, new ReadRatings())).Rows.Select(r => r.Score!.Value).Order();
    }

    [Theory]
    [InlineData(BuiltInRoles.Agent, false)]
    [InlineData(BuiltInRoles.Supervisor, true)]
    [InlineData(BuiltInRoles.Administrator, true)]
    public async Task Who_sees_and_who_changes(BuiltInRoles role, bool sees)
    {
        var survey = await SurveyAsync();
        var person = await desk.PersonAsync("Eu", role, desk.Queue);
        var edits = role == BuiltInRoles.Administrator;
        await ExpectAsync(sees, () => desk.SendAs(person, new ListSurveys()));
        await ExpectAsync(sees, () => desk.SendAs(person, new ReadRatings()));
        await ExpectAsync(sees, () => desk.SendAs(person, new ExportRatings(new())));
        await ExpectAsync(edits, () => desk.SendAs(person, new SaveSurvey(null, SurveyTests.Form with { Name = "Nova" }, null)));
        await ExpectAsync(edits, () => desk.SendAs(person, new SwitchSurvey(survey, false)));
        await ExpectAsync(edits, () => desk.SendAs(person, new DeleteSurvey(survey)));
        var (nobody, ticket) = (new Actor(Guid.NewGuid(), "Ninguém", new HashSet<string> { "tickets.see" }, [desk.Queue]), await desk.WritesAsync("5511888880000", "Olá"));
        await ExpectAsync(false, () => desk.Send(nobody, new SendSurvey(ticket, survey)));
        await ExpectAsync(false, () => desk.Send(nobody, new OfferSurveys(ticket)));
    }

    [Fact]
    public async Task Who_does_not_serve_it_sends_nothing_in_an_open_ticket()
    {
        var survey = await SurveyAsync();
        var ticket = await desk.WritesAsync("5511888880001", "Olá");
        await desk.SendAs(desk.Ana, new AcceptTicket(ticket));
        await desk.SetAsync(Setting.HideOthersTickets, "false");
        var other = await desk.PersonAsync("Caio", BuiltInRoles.Agent, desk.Queue);
        Assert.Equal(RefusalKind.Conflict, (await Assert.ThrowsAsync<Refusal>(() => desk.SendAs(other, new SendSurvey(ticket, survey)))).Kind);
        Assert.Null(Assert.Single(await desk.SendAs(desk.Ana, new OfferSurveys(ticket))).WhyNot);
        await desk.SendAs(desk.Ana, new SendSurvey(ticket, survey));
        Assert.Equal(SurveyState.Sent, Assert.Single(await desk.SendAs(other, new RatingsOfTicket(ticket))).State);
        // By hand only where that is wanted.
        await desk.SendAs(desk.Admin, new SaveSurvey(survey, SurveyTests.Form with { IsManual = false }, 0));
        Assert.Equal(RefusalKind.NotFound, (await Assert.ThrowsAsync<Refusal>(() => desk.SendAs(desk.Ana, new SendSurvey(ticket, survey)))).Kind);
    }

    [Theory]
    [InlineData(SurveyScale.ZeroToTen, new[] { 10, 9, 8, 7, 6, 0 }, 0.0, 66.67, 6.67)]
    [InlineData(SurveyScale.OneToFive, new[] { 5, 5, 4, 3, 1 }, 0.0, 60.0, 3.6)]
    [InlineData(SurveyScale.OneToThree, new[] { 3, 3, 2, 1 }, 25.0, 50.0, 2.25)]
    public void Nps_and_csat_are_what_they_say(SurveyScale scale, int[] scores, double nps, double csat, double average)
    {
        var figure = SurveyFigures.Of(scores.Select(s => new ScoreCount(scale, s, false, 1)).Append(new(scale, null, false, 2)).Append(new(scale, null, true, 1)));
        Assert.Equal((nps, csat, average), (Math.Round(figure.Nps!.Value, 2), Math.Round(figure.Csat!.Value, 2), Math.Round(figure.Average!.Value, 2)));
        Assert.Equal((scores.Length + 3, scores.Length + 1, scores.Length), (figure.Sent, figure.Answered, figure.Valid));
    }

    [Fact]
    public void Of_nothing_there_are_no_shares() => Assert.Equal(new SurveyFigure(0, 0, 0, null, null, null), SurveyFigures.Of([]));

    private static async Task ExpectAsync(bool allowed, Func<Task> act)
    {
        if (allowed) await act();
        else Assert.Equal(RefusalKind.Forbidden, (await Assert.ThrowsAsync<Refusal>(act)).Kind);
    }
}
