using Inforzap.Audit;
using Inforzap.Contracts.Settings;
using Inforzap.Data;
using Inforzap.Requests;
using Inforzap.Sdk;
using Inforzap.Settings.Audit;
using Inforzap.Tests.Support;
using Inforzap.Tickets;
using Inforzap.Tickets.Desk;
using Inforzap.Tickets.Outbound;
using Inforzap.Tickets.Protocols;
using Inforzap.Tickets.QuickMessages;
using Microsoft.Extensions.Time.Testing;

namespace Inforzap.Tests.Tickets;

/// <summary>The number itself: its parts, its check, and what people type of it.</summary>
public sealed class ProtocolNumberTests
{
    [Theory]
    // The textbook's account number, and ours.
    [InlineData("7992739871", 3)]
    [InlineData("20261130000001", 5)]
    [InlineData("00000000000000", 0)]
    public void The_check_digit_is_luhn_s(string digits, int check) => Assert.Equal(check, ProtocolNumber.CheckDigit(digits));

    [Fact]
    public void A_wrong_digit_and_two_that_changed_places_are_noticed()
    {
        const string right = "AC202611300012347";
        var number = ProtocolNumber.Of("AC", 20261130001234);
        Assert.Equal(right[..^1], number[..^1]);
        Assert.True(ProtocolNumber.IsRight(number));
        for (var i = 2; i < number.Length; i++)
            for (var digit = '0'; digit <= '9'; digit++)
                if (number[i] != digit) Assert.False(ProtocolNumber.IsRight(number[..i] + digit + number[(i + 1)..]), $"{digit} at {i}");
        Assert.False(ProtocolNumber.IsRight(number[..^2] + number[^1] + number[^2]));
    }

    [Theory]
    [InlineData("202611300000015", true)]
    [InlineData("AC 2026 1130 0000 015", true)]
    [InlineData("#ac202611300000015", true)]
    [InlineData("0015", true)]
    [InlineData("000-0015", true)]
    [InlineData("0016", false)]
    [InlineData("11300000015", true)]
    [InlineData("2026", false)]
    public void It_is_found_by_its_end(string typed, bool found)
    {
        var backwards = ProtocolNumber.Backwards("AC202611300000015");
        Assert.Equal(found, ProtocolNumber.Ending(typed) is var (from, end) && from <= backwards && backwards < end);
    }

    [Theory]
    [InlineData("015")]
    [InlineData("pedido do bolo")]
    [InlineData("2026113000000150")]
    [InlineData("15 bolos de 2026")]
    [InlineData("")]
    public void Other_words_are_no_end_of_one(string typed) => Assert.Null(ProtocolNumber.Ending(typed));

    [Fact]
    public void In_a_text_only_right_ones_are_found() =>
        Assert.Equal([ProtocolNumber.Backwards("202611300000015")], ProtocolNumber.In("Seu protocolo é AC202611300000015. Não é 202611300000016, nem 1202611300000015."));
}

/// <summary>Who makes protocols when, what becomes of them, and who finds them.</summary>
public sealed class ProtocolsTests : IAsyncLifetime
{
    // Late enough that nothing in the lanes is due later than the clock says: five to midnight of the last day of a year in São Paulo.
    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2035, 1, 1, 2, 55, 0, TimeSpan.Zero));
    private readonly Counter counter;
    private Actor admin = null!, lead = null!, ana = null!, fora = null!;

    public ProtocolsTests() => counter = new() { Clock = clock };

    public async ValueTask InitializeAsync()
    {
        await counter.InitializeAsync();
        admin = await PersonAsync("Rita", BuiltInRoles.Administrator);
        lead = await PersonAsync("Lia", BuiltInRoles.Supervisor, counter.Queue);
        ana = await PersonAsync("Ana", BuiltInRoles.Agent, counter.Queue);
        fora = await PersonAsync("Bia", BuiltInRoles.Agent, await counter.QueueAsync("Financeiro"));
    }

    public ValueTask DisposeAsync() => counter.DisposeAsync();

    private async Task<Actor> PersonAsync(string name, BuiltInRoles role, params Guid[] queues) => await counter.ActorOf(await counter.PersonAsync(name, role, queues));

    private async Task SetAsync(Setting setting, string value)
    {
        await counter.SendAsSystem(new ChangeSettings(new Dictionary<string, string> { [setting.Name] = value }));
        await counter.Services.GetRequiredService<ISettings>().LoadAsync();
    }

    private Task<string> MakeAsync(Guid ticket, bool send = false, string? subject = null) => counter.Send(ana, new MakeProtocol(ticket, Guid.CreateVersion7(), subject, null, send));

    private async Task<Refusal> RefusedAsync<T>(Actor actor, IRequest<T> request) => await Assert.ThrowsAsync<Refusal>(() => counter.Send(actor, request));

    private async Task<IReadOnlyList<string>> ListedAsync(Actor actor, ListProtocols? list = null) => [.. (await counter.Send(actor, list ?? new())).Rows.Select(p => p.Number)];

    private async Task<string> QuickAsync(Guid ticket, string body = "Anote: {{protocolo|nenhum}}")
    {
        var id = await counter.Send(ana, new SaveQuickMessage(null, QuickScope.User, $"p{Guid.NewGuid():N}"[..12], "Protocolo", body, null, 0, true, [], [], null));
        return (await counter.Send(ana, new UseQuickMessage(ticket, id, false))).Text;
    }

    private Task<int> CountAsync() => counter.ReadAsync(db => db.Set<Protocol>().CountAsync());

    [Fact]
    public async Task Each_day_of_the_company_counts_from_one_and_no_number_comes_twice()
    {
        var ticket = await counter.ServedAsync(ana, "5511970000001");
        await SetAsync(Setting.ProtocolPrefix, "AC");
        var numbers = new List<string> { await MakeAsync(ticket), await MakeAsync(ticket) };
        Assert.Equal(["AC20341231000001", "AC20341231000002"], numbers.Select(n => n[..^1]));
        clock.Advance(TimeSpan.FromMinutes(10));
        numbers.Add(await MakeAsync(ticket));
        Assert.Equal("AC20350101000001", numbers[^1][..^1]);
        // The day of the company goes back: the later one goes on.
        await SetAsync(Setting.TimeZone, "Pacific/Honolulu");
        numbers.Add(await MakeAsync(ticket));
        Assert.Equal("AC20350101000002", numbers[^1][..^1]);
        await SetAsync(Setting.TimeZone, "America/Sao_Paulo");
        clock.Advance(TimeSpan.FromDays(31));
        numbers.Add(await MakeAsync(ticket));
        Assert.Equal("AC20350201000001", numbers[^1][..^1]);
        Assert.All(numbers, n => Assert.True(ProtocolNumber.IsRight(n)));
        Assert.Equal(numbers.Count, numbers.Distinct().Count());
    }

    [Fact]
    public async Task Two_nodes_that_take_numbers_at_once_take_different_ones()
    {
        var tickets = new List<Guid>();
        for (var i = 0; i < 6; i++) tickets.Add(await counter.ServedAsync(ana, $"551197000010{i}"));
        await using var other = await Desk.OpenAsync(settings: counter.SettingsOfANodeMore);
        var desks = new[] { counter, other };
        // Some for the same ticket, whose only automatic one both nodes want to make.
        var made = await Task.WhenAll(Enumerable.Range(0, 40).Select(async i => await desks[i % 2].Services.GetRequiredService<SystemMediator>().Send(new MakeProtocol(tickets[i % 6], Guid.CreateVersion7()), ana)));
        Assert.Equal(40, made.Distinct().Count());
        await SetAsync(Setting.ProtocolAutomatic, "true");
        var more = new List<Guid>();
        for (var i = 0; i < 5; i++) more.Add(await counter.ServedAsync(ana, $"551197000020{i}"));
        await other.Services.GetRequiredService<ISettings>().LoadAsync();
        await Task.WhenAll(desks.Select(d => d.SendAsSystem(new MakeAutomaticProtocols())));
        Assert.Equal(5, await counter.ReadAsync(db => db.Set<Protocol>().CountAsync(p => p.UserId == null)));
        Assert.Equal(45, await counter.ReadAsync(db => db.Set<Protocol>().Select(p => p.Number).Distinct().CountAsync()));
    }

    [Fact]
    public async Task The_variable_makes_one_when_it_is_needed_and_says_the_newest_of_the_cycle()
    {
        var ticket = await counter.ServedAsync(ana, "5511970000002");
        Assert.Equal("Oi", await QuickAsync(ticket, "Oi"));
        Assert.Equal(0, await CountAsync());
        var text = await QuickAsync(ticket);
        Assert.True(ProtocolNumber.IsRight(text[^15..]), text);
        Assert.Equal(text, await QuickAsync(ticket));
        Assert.Equal(1, await CountAsync());
        clock.Advance(TimeSpan.FromSeconds(1));
        var newer = await MakeAsync(ticket);
        Assert.Equal($"Anote: {newer}", await QuickAsync(ticket));
        Assert.Null((await counter.Send(ana, new ListProtocols(Automatic: true))).Rows.Single().UserName);
        Assert.Contains(await counter.Send(ana, new ReadTimeline(ticket)), e => e.Type == "protocol" && e.Data!.Contains(newer));
    }

    [Fact]
    public async Task Closing_closes_it_and_the_next_cycle_has_another()
    {
        var ticket = await counter.ServedAsync(ana, "5511970000003");
        var first = await QuickAsync(ticket);
        Assert.True((await counter.Send(ana, new ProtocolsOfTicket(ticket))).Single().IsOpen);
        clock.Advance(TimeSpan.FromMinutes(1));
        await counter.Send(ana, new CloseTicket(ticket));
        Assert.False((await counter.Send(ana, new ProtocolsOfTicket(ticket))).Single().IsOpen);
        Assert.Equal(RefusalKind.Conflict, (await RefusedAsync(ana, new MakeProtocol(ticket, Guid.CreateVersion7()))).Kind);
        clock.Advance(TimeSpan.FromMinutes(1));
        await counter.Send(ana, new ReopenTicket(ticket));
        var second = await QuickAsync(ticket);
        Assert.NotEqual(first, second);
        Assert.Equal([true, false], (await counter.Send(ana, new ProtocolsOfTicket(ticket))).Select(p => p.IsOpen));
        Assert.Equal([first[^15..]], await ListedAsync(ana, new(Open: false)));
        Assert.Equal([second[^15..]], await ListedAsync(ana, new(Open: true)));
    }

    [Fact]
    public async Task Where_the_company_wants_it_each_active_ticket_gets_one_by_itself_but_groups()
    {
        var ticket = await counter.ServedAsync(ana, "5511970000004");
        await counter.HappenAsync(counter.Says("grupo-1", "Oi") with { Participant = new Address("5511970000005", AddressKind.Phone, "Zé") });
        var group = await counter.TicketOfAsync("grupo-1");
        await counter.RunAsync<AutomaticProtocols>();
        Assert.Equal(0, await CountAsync());
        await SetAsync(Setting.ProtocolAutomatic, "true");
        await counter.RunAsync<AutomaticProtocols>();
        await counter.RunAsync<AutomaticProtocols>();
        Assert.Equal(ticket, await counter.ReadAsync(db => db.Set<Protocol>().Select(p => p.TicketId).SingleAsync()));
        await counter.Send(ana, new AcceptTicket(group));
        Assert.Equal("Anote: nenhum", await QuickAsync(group));
        Assert.Equal(RefusalKind.Conflict, (await RefusedAsync(ana, new MakeProtocol(group, Guid.CreateVersion7()))).Kind);
    }

    [Fact]
    public async Task It_is_told_to_the_customer_as_the_agent_or_not_made_at_all()
    {
        var ticket = await counter.ServedAsync(ana, "5511970000006");
        await SetAsync(Setting.ProtocolText, "Anote, {{primeiroNome|cliente}}: {{protocolo}}.");
        Assert.Equal("Anote, Ana: [número].", await counter.Send(ana, new PreviewProtocol(ticket)));
        var number = await MakeAsync(ticket, send: true, "Troca");
        var message = (await counter.MessagesOfAsync(ticket))[^1];
        Assert.EndsWith($"Anote, Ana: {number}.", message.Body);
        Assert.Equal((ana.Id, MessageState.Queued), (message.SenderUserId, message.State));
        var row = (await counter.Send(ana, new ProtocolsOfTicket(ticket))).Single();
        Assert.Equal(("Ana", "Troca"), (row.UserName, row.Subject));
        Assert.NotNull(row.SentAt);

        // A colleague may make one, and not speak in Ana's place.
        var refusal = await RefusedAsync(lead, new MakeProtocol(ticket, Guid.CreateVersion7(), null, null, Send: true));
        Assert.Equal(RefusalKind.Conflict, refusal.Kind);
        counter.ReplyWindow = TimeSpan.FromHours(24);
        clock.Advance(TimeSpan.FromHours(25));
        await Assert.ThrowsAsync<Refusal>(() => MakeAsync(ticket, send: true));
        Assert.Equal(1, await CountAsync());
        Assert.Null((await counter.Send(lead, new ProtocolsOfTicket(ticket))).SingleOrDefault(p => p.UserName == "Lia"));
        counter.ReplyWindow = null;
        // One that only was put into an answer is sent when the answer is.
        var other = await counter.ServedAsync(ana, "5511970000016");
        var text = await QuickAsync(other);
        Assert.Null((await counter.Send(ana, new ProtocolsOfTicket(other))).Single().SentAt);
        await counter.Send(ana, new SendMessage(other, Guid.CreateVersion7(), text, IsNote: true));
        Assert.Null((await counter.Send(ana, new ProtocolsOfTicket(other))).Single().SentAt);
        await counter.Send(ana, new SendMessage(other, Guid.CreateVersion7(), text));
        Assert.NotNull((await counter.Send(ana, new ProtocolsOfTicket(other))).Single().SentAt);
    }

    [Fact]
    public async Task Asking_twice_with_one_id_makes_one()
    {
        var ticket = await counter.ServedAsync(ana, "5511970000007");
        var request = new MakeProtocol(ticket, Guid.CreateVersion7(), Send: true);
        Assert.Equal(await counter.Send(ana, request), await counter.Send(ana, request));
        Assert.Equal(1, await CountAsync());
        Assert.Single(await counter.MessagesOfAsync(ticket), m => m.FromUs);
        await Assert.ThrowsAsync<Refusal>(() => counter.Send(lead, request));
    }

    [Fact]
    public async Task The_list_holds_what_the_caller_sees_and_the_filters_mean()
    {
        var ticket = await counter.ServedAsync(ana, "5511970000008");
        var first = await MakeAsync(ticket);
        clock.Advance(TimeSpan.FromMinutes(10));
        var second = await counter.Send(lead, new MakeProtocol(ticket, Guid.CreateVersion7()));
        Assert.Equal([second, first], await ListedAsync(ana));
        Assert.Equal([second, first], await ListedAsync(admin));
        Assert.Empty(await ListedAsync(fora));
        Assert.False((await counter.Send(fora, new ListProtocols())).Any);
        Assert.Equal([first], await ListedAsync(ana, new(first[^5..])));
        Assert.Equal([second, first], await ListedAsync(ana, new("ana")));
        Assert.Empty(await ListedAsync(ana, new("outra")));
        Assert.Equal([first], await ListedAsync(ana, new(UserId: ana.Id)));
        Assert.Empty(await ListedAsync(ana, new(Automatic: true)));
        Assert.Equal([first], await ListedAsync(ana, new(To: new DateOnly(2034, 12, 31))));
        Assert.Equal([second], await ListedAsync(ana, new(From: new DateOnly(2035, 1, 1))));
        var page = await counter.Send(ana, new ListProtocols(Skip: 1, Take: 1));
        Assert.Equal((first, 2), (page.Rows.Single().Number, page.Matching));
        Assert.Equal(RefusalKind.NotFound, (await RefusedAsync(ana, new ListProtocols(UserId: Guid.NewGuid()))).Kind);
    }

    [Fact]
    public async Task The_desk_s_search_finds_the_ticket_by_the_number_or_its_end()
    {
        var ticket = await counter.ServedAsync(ana, "5511970000009");
        await counter.ServedAsync(ana, "5511970000010");
        var number = await MakeAsync(ticket);
        foreach (var typed in new[] { number, number[^4..], $"{number[..8]} {number[8..]}" })
            Assert.Equal(ticket, (await counter.Send(ana, new ListTickets(TicketStatus.Closed, typed))).Rows.Single().Id);
        Assert.Empty((await counter.Send(fora, new ListTickets(TicketStatus.Closed, number))).Rows);
    }

    [Fact]
    public async Task Subject_and_description_are_leads_to_change_and_it_is_written_down()
    {
        var ticket = await counter.ServedAsync(ana, "5511970000011");
        await MakeAsync(ticket, subject: "Troca");
        var row = (await counter.Send(lead, new ListProtocols())).Rows.Single();
        await counter.Send(lead, new ChangeProtocol(row.Id, "Devolução", "Veio quebrado.", row.Version));
        Assert.Equal(RefusalKind.Conflict, (await RefusedAsync(lead, new ChangeProtocol(row.Id, "Outro", null, row.Version))).Kind);
        Assert.Equal(RefusalKind.Forbidden, (await RefusedAsync(ana, new ChangeProtocol(row.Id, "Outro", null, row.Version + 1))).Kind);
        var away = await PersonAsync("Eva", BuiltInRoles.Supervisor);
        Assert.Equal(RefusalKind.NotFound, (await RefusedAsync(away, new ChangeProtocol(row.Id, "Outro", null, row.Version + 1))).Kind);
        var now = (await counter.Send(ana, new ListProtocols())).Rows.Single();
        Assert.Equal((row.Number, "Devolução", "Veio quebrado."), (now.Number, now.Subject, now.Description));
        var changes = (await counter.Send(admin, new ReadAudit("protocol", row.Id.ToString()))).Rows.SelectMany(r => r.Changes).ToList();
        Assert.Contains(new AuditChange("Subject", "Troca", "Devolução"), changes);
        // That one was made is no change of the administration.
        Assert.Equal(2, changes.Count);
    }

    [Fact]
    public async Task The_settings_take_only_what_works()
    {
        Assert.Equal(RefusalKind.Forbidden, (await RefusedAsync(lead, new SaveProtocolSettings("{{protocolo}}", "", false))).Kind);
        foreach (var (text, prefix) in new[] { ("Sem número", ""), ("{{protocolo}} {{nao_existe}}", ""), ("{{protocolo}}\nduas", ""), ("{{protocolo}}", "A1"), ("{{protocolo}}", "ABCDEFGHI"), ("", "") })
            Assert.NotEmpty((await RefusedAsync(admin, new SaveProtocolSettings(text, prefix, false))).Fields);
        await counter.Send(admin, new SaveProtocolSettings("Número: {{protocolo}}", "ac", true));
        var settings = counter.Services.GetRequiredService<ISettings>();
        await settings.LoadAsync();
        Assert.Equal(("Número: {{protocolo}}", "AC", true), (settings.Get(Setting.ProtocolText), settings.Get(Setting.ProtocolPrefix), settings.Is(Setting.ProtocolAutomatic)));
    }

    [Fact]
    public async Task The_table_is_for_administrators_and_holds_no_formula()
    {
        var ticket = await counter.ServedAsync(ana, "5511970000012");
        var number = await MakeAsync(ticket, subject: "=1+1");
        Assert.Equal(RefusalKind.Forbidden, (await RefusedAsync(lead, new ExportProtocols(new()))).Kind);
        var lines = (await counter.Send(admin, new ExportProtocols(new()))).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("protocolo;atendimento;contato;gerado_por;assunto;descricao;enviado_em;estado;criado_em", lines[0].Trim());
        Assert.Contains(number, lines[1]);
        Assert.Contains(";'=1+1;", lines[1]);
        Assert.EndsWith("aberto;2034-12-31 23:55", lines[1].Trim());
        Assert.Single((await counter.Send(admin, new ExportProtocols(new("outra")))).Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task Who_lacks_a_permission_is_refused()
    {
        var ticket = await counter.ServedAsync(ana, "5511970000013");
        Actor Without(string permission) => ana with { Permissions = ana.Permissions.Where(p => p != permission).ToHashSet() };
        Assert.Equal(RefusalKind.Forbidden, (await RefusedAsync(Without("protocols.see"), new ListProtocols())).Kind);
        Assert.Equal(RefusalKind.Forbidden, (await RefusedAsync(Without("protocols.see"), new ProtocolsOfTicket(ticket))).Kind);
        Assert.Equal(RefusalKind.Forbidden, (await RefusedAsync(Without("protocols.make"), new MakeProtocol(ticket, Guid.CreateVersion7()))).Kind);
        Assert.Equal(RefusalKind.Forbidden, (await RefusedAsync(Without("tickets.answer"), new MakeProtocol(ticket, Guid.CreateVersion7(), Send: true))).Kind);
        Assert.Equal(RefusalKind.NotFound, (await RefusedAsync(fora, new MakeProtocol(ticket, Guid.CreateVersion7()))).Kind);
        Assert.Equal(RefusalKind.Forbidden, (await RefusedAsync(admin with { Permissions = admin.Permissions.Where(p => p != "protocols.see").ToHashSet() }, new ExportProtocols(new()))).Kind);
    }
}
