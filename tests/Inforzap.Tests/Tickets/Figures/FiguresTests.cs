using Inforzap.Contracts.Contacts;
using Inforzap.Contracts.Settings;
using Inforzap.Contracts.Tickets;
using Inforzap.Requests;
using Inforzap.Sdk;
using Inforzap.Tests.Support;
using Inforzap.Tickets;
using Inforzap.Tickets.Closing;
using Inforzap.Tickets.Desk;
using Inforzap.Tickets.Figures;
using Microsoft.Extensions.Time.Testing;

namespace Inforzap.Tests.Tickets.Figures;

/// <summary>What is counted, of whom, and for whom.</summary>
public sealed class FiguresTests : IAsyncLifetime
{
    private readonly FigureCounter counter = new();

    private Person Ana { get; set; } = null!;

    private Person Bia { get; set; } = null!;

    private Person Rita { get; set; } = null!;

    private Person Admin { get; set; } = null!;

    private Guid Sales => counter.Queue;

    private Guid Support { get; set; }

    public async ValueTask InitializeAsync()
    {
        await counter.InitializeAsync();
        Support = await counter.QueueAsync("Suporte");
        (Ana, Bia) = (await counter.PersonAsync("Ana", BuiltInRoles.Agent, Sales), await counter.PersonAsync("Bia", BuiltInRoles.Agent, Support));
        (Rita, Admin) = (await counter.PersonAsync("Rita", BuiltInRoles.Supervisor, Support), await counter.PersonAsync("Zé", BuiltInRoles.Administrator));
    }

    public ValueTask DisposeAsync() => counter.DisposeAsync();

    private ServiceCycle Cycle(string queued, Guid? queue = null, Guid? user = null, int? accepted = null, int? responded = null, int? closed = null, bool byUs = false, bool isGroup = false, Guid? ticket = null, Guid? reason = null, Guid? channel = null)
    {
        var at = FigureCounter.Utc(queued);
        DateTime? After(int? seconds) => seconds is { } s ? at.AddSeconds(s) : null;
        return new()
        {
            Id = Guid.CreateVersion7(), TicketId = ticket ?? Guid.CreateVersion7(), ChannelId = channel ?? counter.Channel, QueueId = queue ?? Sales, UserId = user, StartedByAgent = byUs, IsGroup = isGroup, ClosingReasonId = reason,
            QueuedAt = at, AcceptedAt = After(accepted), FirstResponseAt = After(responded), ClosedAt = After(closed),
            WaitSeconds = accepted, FirstResponseSeconds = responded, ServiceSeconds = closed - accepted,
        };
    }

    private Task HaveAsync(params ServiceCycle[] cycles) => counter.WriteAsync(db =>
    {
        db.AddRange(cycles);
        return db.SaveChangesAsync();
    });

    private static FigureFilter Between(string from, string to) => new(FigureSpan.Custom, DateOnly.Parse(from), DateOnly.Parse(to));

    private Task<Indicators> IndicatorsAsync(FigureFilter filter, Person? who = null) => counter.SendAs(who ?? Admin, new ReadIndicators(filter));

    private async Task<double?> TotalAsync(FigureFilter filter, Person who) => (await IndicatorsAsync(filter, who)).Total.Now;

    [Fact]
    public async Task Figures_are_of_the_cycles_to_which_they_belong_in_the_period()
    {
        await HaveAsync(
            Cycle("2026-11-01 00:00", user: Ana.Id, accepted: 60, responded: 90, closed: 660),
            Cycle("2026-11-02 23:59", user: Ana.Id, accepted: 180, responded: 200, closed: 480),
            // We wrote to them, and they did not wait.
            Cycle("2026-11-02 10:00", user: Ana.Id, accepted: 0, responded: 5, byUs: true),
            // Nobody took it: no service, no wait.
            Cycle("2026-11-02 11:00", closed: 1000),
            // Began before, ended within; began within, ended after.
            Cycle("2026-10-31 23:59", user: Ana.Id, accepted: 90, responded: 100, closed: 3_600),
            Cycle("2026-11-02 12:00", user: Ana.Id, accepted: 86_400 * 3, closed: 86_400 * 4),
            Cycle("2026-11-02 12:00", isGroup: true, accepted: 1, closed: 2),
            Cycle("2026-11-03 00:00", user: Ana.Id, accepted: 1, closed: 2));
        var found = await IndicatorsAsync(Between("2026-11-01", "2026-11-02"));
        Assert.Equal((5, 4, 1), (found.Total.Now, found.Receptive.Now, found.Active.Now));
        // 2026-11-02 23:59 was closed eight minutes later, on the third.
        Assert.Equal(3, found.Closed.Now);
        // Accepted within: 60, and 90 of who came in the last minute of October. 180 was after midnight.
        Assert.Equal(75, found.Wait.Now);
        Assert.Equal((600 + 3_510) / 2d, found.Service.Now);
        Assert.Equal((90 + 100) / 2d, found.FirstResponse.Now);
    }

    [Fact]
    public async Task Resolved_in_time_counts_from_the_queue_to_the_end_where_a_queue_promises_it()
    {
        Assert.Equal(new Indicator(null, null), (await IndicatorsAsync(Between("2026-11-01", "2026-11-02"))).Resolved);
        await counter.WriteAsync(async db =>
        {
            (await db.Set<Queue>().SingleAsync(q => q.Id == Sales)).ResolutionMinutes = 30;
            await db.SaveChangesAsync();
        });
        await HaveAsync(
            Cycle("2026-11-01 10:00", user: Ana.Id, accepted: 60, closed: 30 * 60), Cycle("2026-11-01 11:00", user: Ana.Id, accepted: 60, closed: 31 * 60), Cycle("2026-11-02 12:00", user: Ana.Id, accepted: 60, closed: 60),
            // Another queue promises nothing, and what nobody took was resolved by nobody.
            Cycle("2026-11-01 12:00", Support, Bia.Id, accepted: 60, closed: 60), Cycle("2026-11-01 13:00", closed: 60));
        Assert.Equal(2 / 3d, (await IndicatorsAsync(Between("2026-11-01", "2026-11-02"))).Resolved.Now);
    }

    [Fact]
    public async Task What_customers_think_counts_by_when_they_were_asked_and_for_whom_may_know()
    {
        var survey = new Survey { Id = Guid.CreateVersion7(), Name = "Pesquisa", Scale = SurveyScale.OneToFive, RequestText = "?", ThanksText = "!", InvalidText = "?", ExpiresMinutes = 60, SearchText = "pesquisa" };
        SurveyRequest Asked(string at, Guid queue, Guid user, int? score)
        {
            var when = FigureCounter.Utc(at);
            var request = SurveyRequest.Of(Guid.CreateVersion7(), survey, Ticket.New(1, counter.Channel, Guid.CreateVersion7(), new Address("5511900000000"), queue, when, null), Guid.CreateVersion7(), user, when);
            if (score is { } given) request.Rate(given, when.AddMinutes(1), null);
            else request.End(isOverdue: true);
            return request;
        }
        Assert.Null((await IndicatorsAsync(Between("2026-11-01", "2026-11-02"))).Ratings);
        await counter.WriteAsync(db =>
        {
            db.Add(survey);
            db.AddRange(Asked("2026-11-01 00:00", Sales, Ana.Id, 5), Asked("2026-11-02 10:00", Sales, Ana.Id, 2), Asked("2026-11-02 11:00", Sales, Ana.Id, null), Asked("2026-11-02 23:59", Support, Bia.Id, 5),
                Asked("2026-11-03 00:00", Sales, Ana.Id, 1), Asked("2026-10-31 10:00", Support, Bia.Id, 4));
            return db.SaveChangesAsync();
        });
        var all = (await IndicatorsAsync(Between("2026-11-01", "2026-11-02"))).Ratings!;
        // Two promoters and a detractor of three.
        Assert.Equal((100 / 3d, 200 / 3d), (all.Nps.Now!.Value, all.Csat.Now!.Value));
        Assert.Equal((0, 100), (all.Nps.Before, all.Csat.Before));
        var people = (await counter.SendAs(Admin, new ReadPeople(Between("2026-11-01", "2026-11-02"), "-rating")));
        Assert.True(people.AreRated);
        Assert.Equal([("Bia", 100), ("Ana", 50)], people.Rows.Where(r => r.Satisfied is not null).Select(r => (r.Name, (int)r.Satisfied!.Value)));
        // A supervisor knows of their queue; an agent of nothing unless the company wants it.
        Assert.Equal(100, (await IndicatorsAsync(Between("2026-11-01", "2026-11-02"), Rita)).Ratings!.Csat.Now);
        Assert.Null((await IndicatorsAsync(Between("2026-11-01", "2026-11-02"), Ana)).Ratings);
        Assert.False((await counter.SendAs(Ana, new ReadPeople(Between("2026-11-01", "2026-11-02")))).AreRated);
    }

    [Fact]
    public async Task Nothing_measured_is_no_figure_and_none_is_not_nought_seconds()
    {
        var found = await IndicatorsAsync(Between("2026-11-01", "2026-11-02"));
        Assert.Equal(new Indicator(0, 0), found.Total);
        Assert.All(new[] { found.Wait, found.Service, found.FirstResponse, found.Within }, i => Assert.Equal(new Indicator(null, null), i));
    }

    [Fact]
    public async Task The_period_before_stands_beside_it_and_a_day_that_is_not_over_is_compared_to_the_same_hours()
    {
        // It is noon of the fifteenth.
        await HaveAsync(Cycle("2026-11-15 08:00"), Cycle("2026-11-14 08:00"), Cycle("2026-11-14 11:59"), Cycle("2026-11-14 12:00"), Cycle("2026-11-13 08:00"));
        Assert.Equal(new Indicator(1, 2), (await IndicatorsAsync(new(FigureSpan.Today))).Total);
        Assert.Equal(new Indicator(3, 1), (await IndicatorsAsync(new(FigureSpan.Yesterday))).Total);
    }

    [Fact]
    public async Task What_is_reopened_is_counted_again_and_keeps_what_it_was()
    {
        var ticket = await WaitingAsync(1);
        await counter.SendAs(Ana, new AcceptTicket(ticket));
        await counter.PassAsync(TimeSpan.FromMinutes(10));
        await counter.SendAs(Ana, new CloseTicket(ticket));
        await counter.PassAsync(TimeSpan.FromMinutes(5));
        await counter.SendAs(Ana, new ReopenTicket(ticket));
        var found = await IndicatorsAsync(new(FigureSpan.Today));
        Assert.Equal((2, 1, 600), (found.Total.Now, found.Closed.Now, found.Service.Now));
        Assert.Equal((0, 1), (found.Pending, found.Open));
        var minutes = await counter.ReadAsync(db => db.Set<ServiceCycle>().OrderBy(c => c.QueuedMinute).Select(c => new { c.QueuedAt, c.QueuedMinute, c.ClosedAt, c.ClosedMinute }).ToListAsync());
        Assert.All(minutes, m => Assert.Equal((FigureMinute.Of(m.QueuedAt), m.ClosedAt is { } at ? FigureMinute.Of(at) : (int?)null), (m.QueuedMinute, m.ClosedMinute)));
        Assert.NotNull(minutes[0].ClosedMinute);
    }

    [Fact]
    public async Task A_group_is_told_by_its_ticket()
    {
        var ticket = Ticket.New(900, counter.Channel, Guid.CreateVersion7(), new Address("grupo"), Sales, counter.Now, null, isGroup: true);
        await counter.WriteAsync(db =>
        {
            db.AddRange(ticket, Timeline.Cycle(ticket, counter.Now));
            return db.SaveChangesAsync();
        });
        var found = await IndicatorsAsync(new(FigureSpan.Today));
        Assert.Equal((0, 0), (found.Total.Now, found.Pending));
    }

    [Fact]
    public async Task Within_the_target_counts_where_a_queue_has_one()
    {
        await counter.WriteAsync(async db =>
        {
            (await db.Set<Queue>().SingleAsync(q => q.Id == Sales)).FirstResponseMinutes = 5;
            await db.SaveChangesAsync();
        });
        await HaveAsync(
            Cycle("2026-11-10 08:00", responded: 300), Cycle("2026-11-10 09:00", responded: 301), Cycle("2026-11-10 10:00", responded: 10), Cycle("2026-11-10 10:30", responded: 20),
            Cycle("2026-11-10 11:00", Support, responded: 9_999), Cycle("2026-11-10 11:00", responded: 9_999, byUs: true));
        Assert.Equal(.75, (await IndicatorsAsync(Between("2026-11-10", "2026-11-10"))).Within.Now);
    }

    [Fact]
    public async Task Agents_see_their_own_supervisors_their_queues_administrators_all()
    {
        await HaveAsync(
            Cycle("2026-11-10 08:00", Sales, Ana.Id), Cycle("2026-11-10 08:00", Support, Bia.Id), Cycle("2026-11-10 08:00", Support, Ana.Id),
            Cycle("2026-11-10 08:00", Support), Cycle("2026-11-10 08:00", Sales, Rita.Id));
        var day = Between("2026-11-10", "2026-11-10");
        Assert.Equal((2, 1, 3, 5), (await TotalAsync(day, Ana), await TotalAsync(day, Bia), await TotalAsync(day, Rita), await TotalAsync(day, Admin)));
        Assert.Equal(1, await TotalAsync(day with { Scope = FigureScope.Mine }, Rita));
        Assert.Equal(0, await TotalAsync(day with { Scope = FigureScope.Mine }, Admin));
        // Whose id an address names says nothing about who may see it.
        Assert.Equal(0, await TotalAsync(day with { Users = [Bia.Id] }, Ana));
        Assert.Equal(0, await TotalAsync(day with { Queues = [Sales] }, Rita));
        Assert.Equal(1, await TotalAsync(day with { Users = [Bia.Id] }, Rita));
        Assert.Equal(2, await TotalAsync(day with { Queues = [Sales] }, Admin));
        Assert.Equal(0, await TotalAsync(day with { Channels = [Guid.NewGuid()] }, Admin));
    }

    [Theory]
    [InlineData("Ana", FigureScope.Queues)]
    [InlineData("Ana", FigureScope.All)]
    [InlineData("Rita", FigureScope.All)]
    [InlineData("Zé", FigureScope.Queues)]
    public async Task A_scope_that_is_not_for_one_is_refused_in_each_part(string name, FigureScope scope)
    {
        var who = new[] { Ana, Rita, Admin }.Single(p => p.Name == name);
        var filter = new FigureFilter(Scope: scope);
        Assert.Equal(RefusalKind.Forbidden, (await Assert.ThrowsAsync<Refusal>(() => counter.SendAs(who, new ReadIndicators(filter)))).Kind);
        Assert.Equal(RefusalKind.Forbidden, (await Assert.ThrowsAsync<Refusal>(() => counter.SendAs(who, new ReadEvolution(filter)))).Kind);
        foreach (var of in Enum.GetValues<ShareOf>()) Assert.Equal(RefusalKind.Forbidden, (await Assert.ThrowsAsync<Refusal>(() => counter.SendAs(who, new ReadShares(filter, of)))).Kind);
        Assert.Equal(RefusalKind.Forbidden, (await Assert.ThrowsAsync<Refusal>(() => counter.SendAs(who, new ReadRush(filter)))).Kind);
        Assert.Equal(RefusalKind.Forbidden, (await Assert.ThrowsAsync<Refusal>(() => counter.SendAs(who, new ReadPeople(filter)))).Kind);
        Assert.Equal(RefusalKind.Forbidden, (await Assert.ThrowsAsync<Refusal>(() => counter.SendAs(who, new ExportPeople(filter)))).Kind);
        Assert.Equal(RefusalKind.Forbidden, (await Assert.ThrowsAsync<Refusal>(() => counter.SendAs(who, new OfferFigures(filter)))).Kind);
    }

    [Fact]
    public async Task Who_may_not_see_the_dashboard_sees_no_part_of_it()
    {
        var nobody = await counter.PersonAsync("Ninguém", BuiltInRoles.None);
        var filter = new FigureFilter();
        async Task RefusedAsync<T>(IRequest<T> request) => Assert.Equal(RefusalKind.Forbidden, (await Assert.ThrowsAsync<Refusal>(() => counter.SendAs(nobody, request))).Kind);
        await RefusedAsync(new ReadIndicators(filter));
        await RefusedAsync(new ReadEvolution(filter));
        await RefusedAsync(new ReadShares(filter, ShareOf.Queue));
        await RefusedAsync(new ReadRush(filter));
        await RefusedAsync(new ReadPeople(filter));
        await RefusedAsync(new ExportPeople(filter));
        await RefusedAsync(new OfferFigures(filter));
    }

    [Fact]
    public async Task Too_many_days_and_too_many_choices_are_refused_in_words()
    {
        Assert.Contains("366", (await Assert.ThrowsAsync<Refusal>(() => IndicatorsAsync(Between("2025-01-01", "2026-01-02")))).Message);
        Assert.Contains("1000", (await Assert.ThrowsAsync<Refusal>(() => IndicatorsAsync(new() { Users = [.. Enumerable.Range(0, 1001).Select(_ => Guid.NewGuid())] }))).Message);
    }

    [Fact]
    public async Task Choices_are_those_of_the_scope()
    {
        var all = await counter.SendAs(Admin, new OfferFigures(new()));
        Assert.Equal(["Suporte", "Vendas"], all.Queues.Select(q => q.Name).Order());
        Assert.Contains(all.Users, u => u.Name == "Ana");
        var some = await counter.SendAs(Rita, new OfferFigures(new()));
        Assert.Equal(["Suporte"], some.Queues.Select(q => q.Name));
        Assert.Equal(["Bia", "Rita"], some.Users.Select(u => u.Name));
        var own = await counter.SendAs(Ana, new OfferFigures(new()));
        Assert.Equal(["Vendas"], own.Queues.Select(q => q.Name));
        Assert.Empty(own.Users);
    }

    [Fact]
    public async Task Days_are_the_company_s_and_each_of_the_period_is_there()
    {
        await HaveAsync(
            Cycle("2026-11-01 23:59", closed: 120), Cycle("2026-11-02 00:00"), Cycle("2026-11-04 12:00", channel: Guid.NewGuid()));
        var found = await counter.SendAs(Admin, new ReadEvolution(Between("2026-11-01", "2026-11-04")));
        Assert.Equal(Enumerable.Range(1, 4).Select(d => new DateTime(2026, 11, d)), found.At);
        Assert.Equal([1, 1, 0, 1], found.New);
        Assert.Equal([0, 1, 0, 0], found.Closed);
        Assert.Equal(["Teste", "Canal excluído"], found.Channels.Select(c => c.Name));
        Assert.Equal([1, 1, 0, 0], found.Channels[0].Values);
    }

    [Fact]
    public async Task A_day_is_shown_hour_by_hour_until_now()
    {
        await HaveAsync(Cycle("2026-11-15 00:10"), Cycle("2026-11-15 09:59"), Cycle("2026-11-14 23:00"));
        var today = await counter.SendAs(Admin, new ReadEvolution(new(FigureSpan.Today)));
        Assert.True(today.IsByHour);
        Assert.Equal(13, today.At.Count);
        Assert.Equal([0, 9], today.New.Select((n, i) => (n, i)).Where(x => x.n == 1).Select(x => x.i));
        var yesterday = await counter.SendAs(Admin, new ReadEvolution(new(FigureSpan.Yesterday)));
        Assert.Equal((24, 1), (yesterday.At.Count, yesterday.New[23]));
    }

    [Fact]
    public async Task Where_the_clock_is_changed_hours_and_days_are_still_those_on_the_wall()
    {
        await counter.SetAsync(Setting.TimeZone, "America/New_York");
        // Half past one comes twice on the first of November, and the day is 25 hours long.
        await HaveAsync(
            At(new(2026, 10, 31, 23, 30, 0), -4), At(new(2026, 11, 1, 0, 30, 0), -4), At(new(2026, 11, 1, 1, 30, 0), -4), At(new(2026, 11, 1, 1, 30, 0), -5), At(new(2026, 11, 1, 23, 30, 0), -5), At(new(2026, 11, 2, 0, 10, 0), -5));
        Assert.Equal([1, 4, 1], (await counter.SendAs(Admin, new ReadEvolution(Between("2026-10-31", "2026-11-02")))).New);
        var hours = (await counter.SendAs(Admin, new ReadEvolution(Between("2026-11-01", "2026-11-01")))).New;
        Assert.Equal((24, 1, 2, 1), (hours.Count, hours[0], hours[1], hours[23]));
        var rush = await counter.SendAs(Admin, new ReadRush(Between("2026-10-31", "2026-11-02")));
        Assert.Equal((1, 1, 2, 1, 1), (rush.At(DayOfWeek.Saturday, 23), rush.At(DayOfWeek.Sunday, 0), rush.At(DayOfWeek.Sunday, 1), rush.At(DayOfWeek.Sunday, 23), rush.At(DayOfWeek.Monday, 0)));
        Assert.Equal(6, rush.Hours.Sum());

        ServiceCycle At(DateTime local, int offset) => new() { Id = Guid.CreateVersion7(), TicketId = Guid.CreateVersion7(), ChannelId = counter.Channel, QueuedAt = DateTime.SpecifyKind(local.AddHours(-offset), DateTimeKind.Utc) };
    }

    [Fact]
    public async Task The_largest_parts_are_named_and_the_rest_is_put_together()
    {
        var queues = new List<Guid>();
        for (var i = 0; i < 10; i++) queues.Add(await counter.QueueAsync($"Fila {i}"));
        await HaveAsync([.. queues.SelectMany((q, i) => Enumerable.Range(0, 12 - i).Select(_ => Cycle("2026-11-10 08:00", q)))]);
        var found = await counter.SendAs(Admin, new ReadShares(Between("2026-11-10", "2026-11-10"), ShareOf.Queue));
        Assert.Equal(9, found.Rows.Count);
        Assert.Equal(("Fila 0", 12), (found.Rows[0].Name, found.Rows[0].Count));
        Assert.Equal(("Outros (2)", 4 + 3, 2), (found.Rows[^1].Name, found.Rows[^1].Count, found.Rows[^1].Merged));
        Assert.Equal(75, found.Total);
    }

    [Fact]
    public async Task Reasons_are_those_of_what_ended_in_the_period()
    {
        var reason = new ClosingReason { Id = Guid.CreateVersion7(), Name = "Venda feita", Color = "#112233" };
        await counter.WriteAsync(db =>
        {
            db.Add(reason);
            return db.SaveChangesAsync();
        });
        await HaveAsync(Cycle("2026-11-10 08:00", closed: 60, reason: reason.Id), Cycle("2026-11-09 08:00", closed: 86_400, reason: reason.Id), Cycle("2026-11-10 08:00", closed: 60), Cycle("2026-11-10 08:00"));
        var found = await counter.SendAs(Admin, new ReadShares(Between("2026-11-10", "2026-11-10"), ShareOf.Reason));
        Assert.Equal([("Venda feita", 2), ("Sem motivo", 1)], found.Rows.Select(r => (r.Name, r.Count)));
        Assert.Equal(("#112233", 3), (found.Rows[0].Color, found.Total));
    }

    [Fact]
    public async Task Tags_and_new_contacts_are_of_people_who_were_served()
    {
        var old = await ServedContactAsync("5511980001", 1);
        await counter.PassAsync(TimeSpan.FromDays(2));
        var (one, two) = (await ServedContactAsync("5511980002", 2), await ServedContactAsync("5511980003", 3));
        await counter.SendAsSystem(new ResolveContacts([new Address("5511980004", AddressKind.Phone, "Sem atendimento")]));
        var vip = await counter.SendAs(Admin, new MakeTag("VIP"));
        foreach (var contact in new[] { old, one, two }) await counter.SendAs(Admin, new AddTag(contact, vip));
        await counter.SendAs(Admin, new AddTag(one, await counter.SendAs(Admin, new MakeTag("Devedor"))));
        var filter = new FigureFilter(FigureSpan.Today);
        var tags = await counter.SendAs(Admin, new ReadShares(filter, ShareOf.Tag));
        Assert.Equal([("VIP", 2), ("Devedor", 1)], tags.Rows.Select(r => (r.Name, r.Count)));
        Assert.Equal(2, tags.Total);
        // All who were made today; with a filter, those of them who were served there.
        Assert.Equal(3, (await IndicatorsAsync(filter)).NewContacts.Now);
        Assert.Equal(2, (await IndicatorsAsync(filter with { Queues = [Sales] })).NewContacts.Now);
        Assert.Equal(0, (await IndicatorsAsync(filter with { Queues = [Support] })).NewContacts.Now);
    }

    /// <summary>A contact with a ticket of today, and two cycles of it: it is one contact all the same.</summary>
    private async Task<Guid> ServedContactAsync(string number, long ticketNumber)
    {
        var address = new Address(number, AddressKind.Phone, "Cliente " + number);
        var contact = (await counter.SendAsSystem(new ResolveContacts([address]))).Values.Single().Id;
        var ticket = Ticket.New(700 + ticketNumber, counter.Channel, contact, address, Sales, counter.Now, null);
        await counter.WriteAsync(db =>
        {
            db.AddRange(ticket, Timeline.Cycle(ticket, counter.Now), Timeline.Cycle(ticket, counter.Now));
            return db.SaveChangesAsync();
        });
        return contact;
    }

    /// <summary>Somebody who has just written and waits.</summary>
    private async Task<Guid> WaitingAsync(long number)
    {
        var address = new Address($"551199000{number}", AddressKind.Phone, "Cliente");
        var contact = (await counter.SendAsSystem(new ResolveContacts([address]))).Values.Single().Id;
        var ticket = Ticket.New(800 + number, counter.Channel, contact, address, Sales, counter.Now, null);
        await counter.WriteAsync(db =>
        {
            db.AddRange(ticket, Timeline.Cycle(ticket, counter.Now));
            return db.SaveChangesAsync();
        });
        return ticket.Id;
    }

    [Fact]
    public async Task Each_person_has_a_line_that_can_be_sorted_and_taken_away()
    {
        await HaveAsync(
            Cycle("2026-11-10 08:00", user: Ana.Id, accepted: 60, responded: 70, closed: 360), Cycle("2026-11-10 09:00", user: Ana.Id, accepted: 120, responded: 130, closed: 720),
            Cycle("2026-11-10 09:00", Support, Bia.Id, accepted: 10, responded: 15));
        var day = Between("2026-11-10", "2026-11-10");
        var rows = (await counter.SendAs(Admin, new ReadPeople(day))).Rows;
        Assert.Equal("Ana", rows[0].Name);
        Assert.Equal((2, 2, 450, 90, 100), (rows[0].Closed, rows[0].Total, rows[0].Service, rows[0].Wait, rows[0].FirstResponse));
        // Who did nothing is there, too.
        Assert.Contains(rows, r => r is { Name: "Rita", Total: 0, Service: null });
        var byService = await counter.SendAs(Admin, new ReadPeople(day, "service"));
        Assert.Equal("Ana", byService.Rows[0].Name);
        Assert.Equal("Bia", (await counter.SendAs(Admin, new ReadPeople(day, "wait"))).Rows[0].Name);
        Assert.Equal("Ana", (await counter.SendAs(Admin, new ReadPeople(day, "-wait"))).Rows[0].Name);
        Assert.Equal(["Rita", "Bia"], (await counter.SendAs(Rita, new ReadPeople(day, "-name"))).Rows.Select(r => r.Name));
        Assert.Equal(["Bia"], (await counter.SendAs(Admin, new ReadPeople(day with { Queues = [Support] }))).Rows.Select(r => r.Name));
        Assert.Equal(["Ana"], (await counter.SendAs(Ana, new ReadPeople(day))).Rows.Select(r => r.Name));
        var second = await counter.SendAs(Admin, new ReadPeople(day, Skip: 1, Take: 1));
        Assert.Equal((1, rows.Count), (second.Rows.Count, second.Found));
        var table = await counter.SendAs(Ana, new ExportPeople(day));
        Assert.StartsWith("usuario;presenca;", table);
        Assert.Contains("Ana;Offline;0;0;2;2;450;90;100", table);
        Assert.DoesNotContain("Bia", table);
    }

    [Fact]
    public async Task Now_is_what_waits_and_what_is_served_of_the_scope()
    {
        var ticket = await WaitingAsync(1);
        await WaitingAsync(2);
        await WaitingAsync(3);
        await counter.SendAs(Ana, new AcceptTicket(ticket));
        var all = await IndicatorsAsync(new(FigureSpan.Today));
        Assert.Equal((2, 1), (all.Pending, all.Open));
        Assert.True(all.OnlineOf >= 4);
        var own = await IndicatorsAsync(new(FigureSpan.Today), Ana);
        Assert.Equal((0, 1, 0), (own.Pending, own.Open, own.OnlineOf));
        var rita = await IndicatorsAsync(new(FigureSpan.Today), Rita);
        Assert.Equal((0, 0, 2), (rita.Pending, rita.Open, rita.OnlineOf));
        Assert.Equal(1, (await counter.SendAs(Admin, new ReadPeople(new(FigureSpan.Today)))).Rows.Single(r => r.Name == "Ana").Open);
    }
}

/// <summary>A counter at noon of the fifteenth of November, in São Paulo.</summary>
public sealed class FigureCounter : Counter
{
    public FigureCounter() => Clock = new FakeTimeProvider(new DateTimeOffset(2026, 11, 15, 15, 0, 0, TimeSpan.Zero));

    public DateTime Now => Clock!.GetUtcNow().UtcDateTime;

    /// <summary>What the wall showed, when it was three hours before UTC.</summary>
    public static DateTime Utc(string local) => DateTime.SpecifyKind(DateTime.Parse(local).AddHours(3), DateTimeKind.Utc);

    public async Task SetAsync(Setting setting, string value)
    {
        await SendAsSystem(new ChangeSettings(new Dictionary<string, string> { [setting.Name] = value }));
        for (var tries = 0; Services.GetRequiredService<ISettings>().Get(setting) != value; tries++)
        {
            Assert.True(tries < 500, $"{setting.Name} never became {value}");
            await Task.Delay(20);
        }
    }
}
