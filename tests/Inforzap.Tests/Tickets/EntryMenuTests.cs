using System.Text.Json;
using Inforzap.Contracts.Settings;
using Inforzap.Requests;
using Inforzap.Sdk;
using Inforzap.Tests.Support;
using Inforzap.Tickets;
using Inforzap.Tickets.Answering;
using Inforzap.Tickets.Desk;
using Inforzap.Tickets.Entry;
using Inforzap.Tickets.Opening;
using Inforzap.Tickets.Queues;

namespace Inforzap.Tests.Tickets;

/// <summary>How customers come to their queue by a menu.</summary>
public sealed class EntryMenuTests : IAsyncLifetime
{
    private const string Asked = "Qual setor?\n\n1. Vendas\n2. Pós-venda";
    private const string AskedAgain = "Não entendi.\n\n1. Vendas\n2. Pós-venda";

    private readonly AnsweringDesk desk = new();
    private int customers;

    public ValueTask InitializeAsync() => desk.InitializeAsync();

    public ValueTask DisposeAsync() => desk.DisposeAsync();

    private string Customer() => $"55119{++customers:00000000}";

    private async Task<Guid?> QueueOfAsync(Guid ticket) => (await desk.TicketAsync(ticket)).QueueId;

    private async Task PlaceAsync(Guid queue, string text, int minutes)
    {
        var row = (await desk.SendAs(desk.Admin, new ListQueues())).Rows.Single(q => q.Id == queue);
        await desk.SendAs(desk.Admin, new SaveQueue(queue, row.Name, row.Color, row.Order, row.Members, row.Version) { Rules = row.Rules with { PlaceText = text, PlaceMinutes = minutes } });
    }

    [Fact]
    public async Task Whom_nobody_asked_is_led_on_all_the_same()
    {
        await desk.MenuAsync();
        var ticket = await desk.WritesAsync(Customer(), "oi");
        // As if the node had gone, or the menu been off, in the moment between.
        await desk.WriteAsync(db => db.Set<MenuState>().Where(s => s.TicketId == ticket).ExecuteDeleteAsync());
        await desk.RunAsync<MenuJob>();
        Assert.Null(await QueueOfAsync(ticket));
        await desk.PassAsync(TimeSpan.FromMinutes(3));
        await desk.RunAsync<MenuJob>();
        Assert.Equal(desk.Queue, await QueueOfAsync(ticket));
    }

    [Fact]
    public async Task A_menu_that_names_what_is_out_of_use_can_be_switched_off_and_its_default_queue_stays_in_use()
    {
        await desk.MenuAsync();
        Assert.Equal(RefusalKind.Conflict, (await Assert.ThrowsAsync<Refusal>(() => desk.SendAs(desk.Admin, new DeactivateQueue(desk.Queue, null)))).Kind);
        await desk.SendAs(desk.Admin, new DeactivateQueue(desk.Support, null));
        var menu = (await desk.SendAs(desk.Admin, new ListMenus())).Cards.Single(m => m.ChannelId == desk.Channel).Menu!;
        await desk.SendAs(desk.Admin, new SaveMenu(desk.Channel, false, menu.Greeting, menu.Options, menu.WrongText, menu.Tries, menu.TimeoutMinutes, menu.DefaultQueueId, menu.ChosenText, menu.Version));
    }

    [Theory]
    [InlineData("2", "Suporte")]
    [InlineData(" 2. ", "Suporte")]
    [InlineData("2️⃣", "Suporte")]
    [InlineData("pos venda", "Suporte")]
    [InlineData("PÓS-VENDA", "Suporte")]
    [InlineData("2 - pós-venda", "Suporte")]
    [InlineData("vendas", "Vendas")]
    [InlineData("1", "Vendas")]
    public async Task A_number_or_a_label_leads_to_the_queue(string answer, string queue)
    {
        await desk.MenuAsync();
        var who = Customer();
        var ticket = await desk.WritesAsync(who, "oi");
        Assert.Null(await QueueOfAsync(ticket));
        Assert.Equal([Asked], await desk.SaidAsync(ticket));
        await desk.WritesAsync(who, answer);
        Assert.Equal(queue == "Vendas" ? desk.Queue : desk.Support, await QueueOfAsync(ticket));
        Assert.Equal([Asked, $"Você está em {queue}."], await desk.SaidAsync(ticket));
        Assert.Contains("menu-chosen", await desk.LogAsync(ticket));
        var row = await desk.TicketAsync(ticket);
        Assert.Equal((TicketStatus.Pending, 2), (row.Status, row.Unread));
        // In the queue nothing is asked any more.
        await desk.WritesAsync(who, "2", "obrigado");
        Assert.Equal(2, (await desk.SaidAsync(ticket)).Count);
    }

    [Fact]
    public async Task A_button_leads_to_the_queue_that_it_was_made_for()
    {
        await desk.MenuAsync();
        var who = Customer();
        var ticket = await desk.WritesAsync(who, "oi");
        await desk.MenuAsync(m => m with { Options = [new(desk.Support, "Assistência"), new(desk.Queue, "Loja")] });
        await desk.ComesAsync(desk.Says(who, "") with { Content = new ChoiceContent($"queue:{desk.Support:N}", "Pós-venda") });
        await desk.PassAsync(TimeSpan.FromSeconds(5));
        Assert.Equal(desk.Support, await QueueOfAsync(ticket));
    }

    [Fact]
    public async Task What_is_no_option_is_answered_until_the_tries_are_used_up()
    {
        await desk.MenuAsync();
        var who = Customer();
        var ticket = await desk.WritesAsync(who, "oi");
        await desk.WritesAsync(who, "quero saber o preço");
        await desk.WritesAsync(who, "3");
        Assert.Equal([Asked, AskedAgain, AskedAgain], await desk.SaidAsync(ticket));
        Assert.Null(await QueueOfAsync(ticket));
        // The same item once more says nothing and counts as no try.
        var last = (await desk.MessagesOfAsync(ticket)).Last(m => !m.FromUs);
        await desk.WriteAsync(db =>
        {
            db.Enqueue($"answer/{Guid.NewGuid():N}", "answer", JsonSerializer.Serialize(new AnswerItem(ticket, last.Id), JsonSerializerOptions.Web), desk.Clock!.GetUtcNow().UtcDateTime);
            return Task.CompletedTask;
        });
        await desk.SettleAsync();
        Assert.Equal(3, (await desk.SaidAsync(ticket)).Count);
        await desk.WritesAsync(who, "alô");
        Assert.Equal(desk.Queue, await QueueOfAsync(ticket));
        Assert.Equal(3, (await desk.SaidAsync(ticket)).Count);
        Assert.Contains("menu-left", await desk.LogAsync(ticket));
    }

    [Fact]
    public async Task What_was_written_before_the_question_could_be_read_is_no_wrong_answer()
    {
        await desk.MenuAsync();
        var who = Customer();
        await desk.ComesAsync(desk.Says(who, "oi"));
        await desk.PassAsync(TimeSpan.FromSeconds(2));
        var ticket = await desk.TicketOfAsync(who);
        Assert.Equal([Asked], await desk.SaidAsync(ticket));
        await desk.ComesAsync(desk.Says(who, "queria saber o preço"));
        await desk.PassAsync(TimeSpan.FromSeconds(6));
        Assert.Equal([Asked], await desk.SaidAsync(ticket));
        Assert.Single(await desk.SaidAsync(await desk.WritesAsync(Customer(), "oi", "tudo bem?", "queria saber o preço")));
    }

    [Fact]
    public async Task Who_does_not_answer_in_time_is_led_to_the_queue_for_the_others()
    {
        await desk.MenuAsync(m => m with { DefaultQueueId = desk.Support });
        var who = Customer();
        var ticket = await desk.WritesAsync(who, "oi");
        await desk.PassAsync(TimeSpan.FromMinutes(9));
        await desk.RunJobAsync<MenuJob>();
        Assert.Null(await QueueOfAsync(ticket));
        await desk.PassAsync(TimeSpan.FromMinutes(1));
        await desk.RunJobAsync<MenuJob>();
        Assert.Equal(desk.Support, await QueueOfAsync(ticket));
        await desk.RunJobAsync<MenuJob>();
        Assert.Single(await desk.LogAsync(ticket), "menu-left");
        await desk.WritesAsync(who, "1");
        Assert.Equal(desk.Support, await QueueOfAsync(ticket));
    }

    [Fact]
    public async Task Where_a_person_has_a_hand_in_it_nothing_is_asked()
    {
        await desk.MenuAsync();
        var (moved, accepted, returned) = (Customer(), Customer(), Customer());
        var first = await desk.WritesAsync(moved, "oi");
        await desk.SendAs(desk.Admin, new TransferTicket(first, desk.Support, null));
        await desk.WritesAsync(moved, "1");
        Assert.Equal(desk.Support, await QueueOfAsync(first));
        Assert.Single(await desk.SaidAsync(first));
        await desk.PassAsync(TimeSpan.FromMinutes(20));
        await desk.RunJobAsync<MenuJob>();
        Assert.Equal(desk.Support, await QueueOfAsync(first));

        await desk.ComesAsync(desk.Says(accepted, "oi"));
        var second = await desk.TicketOfAsync(accepted);
        await desk.SendAs(desk.Admin, new AcceptTicket(second));
        await desk.PassAsync(TimeSpan.FromSeconds(5));
        await desk.WritesAsync(accepted, "2");
        Assert.Empty(await desk.SaidAsync(second));
        Assert.Null(await QueueOfAsync(second));

        await desk.ComesAsync(desk.Says(returned, "oi"));
        var third = await desk.TicketOfAsync(returned);
        await desk.SendAs(desk.Admin, new AcceptTicket(third));
        await desk.SendAs(desk.Admin, new ReturnTicket(third));
        await desk.WritesAsync(returned, "2");
        Assert.Empty(await desk.SaidAsync(third));
    }

    [Fact]
    public async Task Groups_and_channels_whose_menu_is_off_go_where_they_always_went()
    {
        await desk.MenuAsync();
        await desk.ComesAsync(desk.Says("grupo", "oi") with { Participant = new Address("5511999990004") });
        await desk.PassAsync(TimeSpan.FromSeconds(5));
        var group = await desk.TicketOfAsync("grupo");
        Assert.Equal(desk.Queue, await QueueOfAsync(group));
        Assert.Empty(await desk.SaidAsync(group));
        await desk.MenuAsync(m => m with { IsActive = false });
        var ticket = await desk.WritesAsync(Customer(), "oi");
        Assert.Equal(desk.Queue, await QueueOfAsync(ticket));
        Assert.Empty(await desk.SaidAsync(ticket));
        Assert.Equal(0, await desk.AnswerItemsAsync());
    }

    [Fact]
    public async Task A_new_ticket_is_asked_again_and_one_that_is_opened_again_only_without_a_queue()
    {
        await desk.MenuAsync();
        await desk.SetAsync(Setting.ReopenMinutes, "60");
        var (chose, did_not) = (Customer(), Customer());
        var first = await desk.WritesAsync(chose, "oi");
        await desk.WritesAsync(chose, "1");
        var second = await desk.WritesAsync(did_not, "oi");
        foreach (var id in new[] { first, second })
        {
            await desk.SendAs(desk.Admin, new AcceptTicket(id));
            await desk.SendAs(desk.Admin, new CloseTicket(id));
        }
        Assert.Equal(first, await desk.WritesAsync(chose, "mais uma coisa"));
        Assert.Equal(2, (await desk.SaidAsync(first)).Count);
        Assert.Equal(second, await desk.WritesAsync(did_not, "mais uma coisa"));
        Assert.Equal([Asked, Asked], await desk.SaidAsync(second));
        await desk.SendAs(desk.Admin, new AcceptTicket(first));
        await desk.SendAs(desk.Admin, new CloseTicket(first));
        await desk.RunJobAsync<MenuJob>();
        await desk.PassAsync(TimeSpan.FromHours(2));
        var third = await desk.WritesAsync(chose, "oi");
        Assert.NotEqual(first, third);
        Assert.Equal([Asked], await desk.SaidAsync(third));
        Assert.Equal([second, third], (await desk.ReadAsync(db => db.Set<MenuState>().Select(s => s.TicketId).ToListAsync())).OrderBy(id => id == third));
    }

    [Fact]
    public async Task The_place_in_the_queue_is_told_on_entering_and_again_when_it_is_another_one()
    {
        await desk.MenuAsync(m => m with { ChosenText = null });
        await PlaceAsync(desk.Support, "Você é o {{posicao}}º da fila {{fila}}.", 5);
        var tickets = new List<Guid>();
        for (var i = 0; i < 3; i++)
        {
            var who = Customer();
            tickets.Add(await desk.WritesAsync(who, "oi"));
            await desk.WritesAsync(who, "2");
        }
        for (var i = 0; i < 3; i++) Assert.Equal([Asked, $"Você é o {i + 1}º da fila Suporte."], await desk.SaidAsync(tickets[i]));
        await desk.SendAs(desk.Ana, new AcceptTicket(tickets[0]));
        await desk.RunJobAsync<MenuJob>();
        Assert.Equal(2, (await desk.SaidAsync(tickets[1])).Count);
        await desk.PassAsync(TimeSpan.FromMinutes(5));
        await desk.RunJobAsync<MenuJob>();
        Assert.Equal("Você é o 1º da fila Suporte.", (await desk.SaidAsync(tickets[1]))[^1]);
        Assert.Equal("Você é o 2º da fila Suporte.", (await desk.SaidAsync(tickets[2]))[^1]);
        Assert.Equal(2, (await desk.SaidAsync(tickets[0])).Count);
        // Nothing moved: nothing is said, however often it is looked at.
        await desk.PassAsync(TimeSpan.FromMinutes(6));
        await desk.RunJobAsync<MenuJob>();
        Assert.Equal(3, (await desk.SaidAsync(tickets[2])).Count);
        Assert.Equal(0, await desk.SendAsSystem(new LookAfterMenus()));
    }

    [Fact]
    public async Task Out_of_hours_the_customer_is_told_and_asked_and_a_closed_queue_says_so_after_the_choice()
    {
        await desk.MenuAsync();
        await PlaceAsync(desk.Support, "Você é o {{posicao}}º.", 5);
        await desk.HoursAsync(h => h with { Scope = HoursScope.Queue, ScopeId = desk.Support, Week = "1 14:00-18:00", Text = "O suporte abre {{abertura}}." });
        var day = Customer();
        var ticket = await desk.WritesAsync(day, "oi");
        await desk.WritesAsync(day, "2");
        Assert.Equal([Asked, "Você está em Suporte.", "O suporte abre 14:00."], await desk.SaidAsync(ticket));
        await desk.HoursAsync();
        await desk.UntilAsync("2027-03-01 20:00");
        var night = await desk.WritesAsync(Customer(), "oi");
        Assert.Equal(["Voltamos terça-feira, 08:00.", Asked], await desk.SaidAsync(night));
    }

    [Fact]
    public async Task An_option_whose_queue_goes_out_of_use_is_not_offered_and_with_one_left_nothing_is_asked()
    {
        var third = await desk.QueueAsync("Financeiro");
        await desk.MenuAsync(m => m with { Options = [.. m.Options, new(third, "Financeiro")] });
        await desk.SendAs(desk.Admin, new DeactivateQueue(third, null));
        await desk.Services.GetRequiredService<LiveMenus>().LoadAsync();
        Assert.Equal([Asked], await desk.SaidAsync(await desk.WritesAsync(Customer(), "oi")));
        await desk.SendAs(desk.Admin, new DeactivateQueue(desk.Support, null));
        await desk.Services.GetRequiredService<LiveMenus>().LoadAsync();
        var ticket = await desk.WritesAsync(Customer(), "oi");
        Assert.Empty(await desk.SaidAsync(ticket));
        Assert.Equal(desk.Queue, await QueueOfAsync(ticket));
    }

    [Fact]
    public async Task Menus_are_seen_by_leads_and_changed_by_administrators()
    {
        var lead = await desk.PersonAsync("Lia", BuiltInRoles.Supervisor, desk.Queue);
        await ForbiddenAsync(desk.Ana, new ListMenus());
        Assert.Single((await desk.SendAs(lead, new ListMenus())).Cards);
        var menu = new SaveMenu(desk.Channel, true, "Qual?", [new(desk.Queue, "Vendas"), new(desk.Support, "Suporte")], "Não.", 3, 10, desk.Queue, null, null);
        await ForbiddenAsync(lead, menu);
        await desk.SendAs(desk.Admin, menu);
        Assert.Equal(RefusalKind.Conflict, (await Assert.ThrowsAsync<Refusal>(() => desk.SendAs(desk.Admin, menu))).Kind);
        var version = (await desk.SendAs(lead, new ListMenus())).Cards.Single().Menu!.Version;
        await desk.SendAs(desk.Admin, menu with { Options = [new(desk.Support, "Suporte"), new(desk.Queue, "Vendas")], Version = version });
        var after = (await desk.SendAs(lead, new ListMenus())).Cards.Single().Menu!;
        Assert.Equal(["Suporte", "Vendas"], after.Options.Select(o => o.Label));
        Assert.True(after.Version > version, "whoever read it before would overwrite the options");

        async Task ForbiddenAsync<T>(Person person, IRequest<T> request) => Assert.Equal(RefusalKind.Forbidden, (await Assert.ThrowsAsync<Refusal>(() => desk.SendAs(person, request))).Kind);
    }

    [Fact]
    public async Task What_could_not_be_understood_is_refused()
    {
        var right = new SaveMenu(desk.Channel, true, "Qual?", [new(desk.Queue, "Vendas"), new(desk.Support, "Suporte")], "Não.", 3, 10, desk.Queue, null, null);
        foreach (var wrong in new[]
        {
            right with { Options = [new(desk.Queue, "Vendas")] },
            right with { Options = [new(desk.Queue, "Vendas"), new(desk.Support, "VENDAS")] },
            right with { Options = [new(desk.Queue, "Vendas"), new(desk.Support, "12")] },
            right with { Options = [new(desk.Queue, "Vendas"), new(desk.Support, " ")] },
            right with { Options = [new(desk.Queue, "Vendas"), new(desk.Support, new string('x', 25))] },
            right with { Options = [new(desk.Queue, "Vendas"), new(desk.Queue, "Loja")] },
            right with { Greeting = "{{nada}}" }, right with { Greeting = " " }, right with { WrongText = "{{posicao}}" }, right with { Tries = 0 }, right with { DefaultQueueId = Guid.NewGuid() },
        }) await Assert.ThrowsAsync<Refusal>(() => desk.SendAs(desk.Admin, wrong));
        await desk.SendAs(desk.Admin, right);
    }
}
