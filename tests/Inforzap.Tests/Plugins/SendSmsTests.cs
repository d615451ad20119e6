using System.Text.Json;
using Inforzap.Channels;
using Inforzap.Contacts.Consents;
using Inforzap.Contracts.Channels;
using Inforzap.Contracts.Contacts;
using Inforzap.Contracts.Settings;
using Inforzap.Plugins;
using Inforzap.Plugins.Echo;
using Inforzap.Requests;
using Inforzap.Sdk;
using Inforzap.Tests.Support;
using Inforzap.Tickets;
using Inforzap.Tickets.Desk;
using Inforzap.Tickets.Outbound;

namespace Inforzap.Tests.Plugins;

/// <summary>An SMS from beside a conversation on another channel: where it goes, and when it does not.</summary>
public sealed class SendSmsTests : IAsyncLifetime
{
    private SmsDesk it = null!;
    private Guid other, from, contact;
    private int people;

    public async ValueTask InitializeAsync()
    {
        it = await SmsDesk.OpenAsync();
        it.Desk.Services.GetRequiredService<PluginCatalog>().Load(new Plugin("inforzap.echo", "Echo", "1.0", "", null), () => new EchoPlugin());
        other = await it.Desk.SendAsSystem(new EnsureChannel("echo", "echo", "WhatsApp da loja", it.Queue, new Dictionary<string, string>()));
        await it.Desk.Services.GetRequiredService<ChannelDirectory>().LoadAsync();
        (from, contact) = await ServedAsync(SmsDesk.Maria);
    }

    public ValueTask DisposeAsync() => it.DisposeAsync();

    /// <summary>Somebody writes on the other channel and is served by Ana.</summary>
    private async Task<(Guid Ticket, Guid Contact)> ServedAsync(string phone)
    {
        var said = new InboundMessage(other, $"e{++people}", new Address(phone, AddressKind.Phone, "Maria"), new TextContent("Olá"));
        await it.Desk.WriteAsync(db =>
        {
            db.Enqueue(Inforzap.Tests.Tickets.Counter.LaneOf(said), "event", JsonSerializer.Serialize<InboundEvent>(said, JsonSerializerOptions.Web), DateTime.UtcNow);
            return Task.CompletedTask;
        });
        await it.Desk.SettleAsync();
        var ticket = await it.Desk.ReadAsync(db => db.Set<Ticket>().Where(t => t.ChannelId == other && t.AddressValue == phone).SingleAsync());
        await it.Desk.SendAs(it.Ana, new AcceptTicket(ticket.Id));
        return (ticket.Id, ticket.ContactId);
    }

    private Task<Guid> SendAsync(string text = "Seu pedido saiu, até já", Guid? id = null, Person? by = null, Guid? ticket = null, Guid? channel = null) =>
        it.Desk.SendAs(by ?? it.Ana, new SendSms(ticket ?? from, channel ?? it.Channel, id ?? Guid.CreateVersion7(), text));

    private Task<Refusal> RefusedAsync(Person? by = null, Guid? channel = null, string text = "Oi") => Assert.ThrowsAsync<Refusal>(() => SendAsync(text, by: by, channel: channel));

    private async Task<string?> WhyNotAsync() => Assert.Single((await it.Desk.SendAs(it.Ana, new OfferSms(from))).Channels).WhyNot;

    [Fact]
    public async Task It_is_said_in_a_conversation_of_its_own_with_the_same_contact_and_the_reply_arrives_there()
    {
        var ticket = await SendAsync();
        await it.Desk.SettleAsync();
        Assert.Equal((SmsDesk.Maria, "Seu pedido saiu, ate ja"), Assert.Single(it.Comtele.Taken) is var s ? (s.Phone, s.Text) : default);
        var (started, message) = await it.Desk.ReadAsync(async db => (await db.Set<Ticket>().SingleAsync(t => t.Id == ticket), await db.Set<Message>().SingleAsync(m => m.TicketId == ticket)));
        Assert.Equal((contact, it.Channel, TicketStatus.Open, it.Ana.Id), (started.ContactId, started.ChannelId, started.Status, started.UserId!.Value));
        Assert.Equal((MessageState.Sent, "Seu pedido saiu, até já"), (message.State, message.Body));
        await it.SaidAsync(SmsDesk.Maria, "Obrigada");
        Assert.Equal(["Seu pedido saiu, até já", "Obrigada"], (await it.MessagesAsync()).Select(m => m.Body!));
        // The next one goes on there.
        Assert.Equal(ticket, await SendAsync("Mais alguma coisa?"));
    }

    [Fact]
    public async Task Asked_twice_with_one_id_it_is_sent_once()
    {
        var id = Guid.CreateVersion7();
        Assert.Equal(await SendAsync(id: id), await SendAsync(id: id));
        await it.Desk.SettleAsync();
        Assert.Single(it.Comtele.Taken);
    }

    [Fact]
    public async Task It_is_signed_only_where_the_house_wants_that()
    {
        Assert.Equal("", (await it.Desk.SendAs(it.Ana, new OfferSms(from))).Before);
        await it.Desk.SendAsSystem(new ChangeSettings(new Dictionary<string, string> { [Setting.ForceSignature.Name] = "true" }));
        Assert.Equal("*Ana:*\n", (await it.Desk.SendAs(it.Ana, new OfferSms(from))).Before);
        await SendAsync("Oi");
        await it.Desk.SettleAsync();
        Assert.Equal("Ana:\nOi", Assert.Single(it.Comtele.Taken).Text);
    }

    [Fact]
    public async Task Who_is_blocked_or_asked_for_no_more_gets_none()
    {
        Assert.Null(await WhyNotAsync());
        await it.Desk.SendAs(it.Ana, new BlockContact(contact, true));
        Assert.Equal("Maria está bloqueado. Desbloqueie para enviar.", (await RefusedAsync()).Message);
        Assert.Equal("Maria está bloqueado. Desbloqueie para enviar.", await WhyNotAsync());
        await it.Desk.SendAs(it.Ana, new BlockContact(contact, false));
        Assert.Null(await WhyNotAsync());
        await it.Desk.SendAsSystem(new OptOut(contact, it.Channel));
        Assert.Equal("Maria pediu para não receber mensagens por SMS.", (await RefusedAsync()).Message);
        Assert.Equal("Maria pediu para não receber mensagens por SMS.", await WhyNotAsync());
        // What they said last holds, and of all channels too.
        await it.Desk.SendAs(it.Ana, new SetConsent(contact, ConsentPurpose.Marketing, null, true));
        Assert.Null(await WhyNotAsync());
        await it.Desk.SettleAsync();
        Assert.Empty(it.Comtele.Taken);
    }

    [Fact]
    public async Task Without_the_permission_or_the_channel_nobody_sends_any()
    {
        var mediator = it.Desk.Services.GetRequiredService<SystemMediator>();
        Actor Holding(params string[] permissions) => new(it.Ana.Id, "Ana", permissions.ToHashSet(), [it.Queue]);
        Assert.Equal(RefusalKind.Forbidden, (await Assert.ThrowsAsync<Refusal>(() => mediator.Send(new SendSms(from, it.Channel, Guid.CreateVersion7(), "Oi"), Holding("tickets.see", "tickets.start")))).Kind);
        Assert.Equal(RefusalKind.Forbidden, (await Assert.ThrowsAsync<Refusal>(() => mediator.Send(new OfferSms(from), Holding("tickets.see", "tickets.start")))).Kind);
        // To answer is not to begin.
        Assert.Equal(RefusalKind.Forbidden, (await Assert.ThrowsAsync<Refusal>(() => mediator.Send(new SendSms(from, it.Channel, Guid.CreateVersion7(), "Oi"), Holding("tickets.see", "tickets.see-all", "tickets.answer")))).Kind);
        // Another channel is none that sends SMS.
        Assert.Equal(RefusalKind.Conflict, (await RefusedAsync(channel: other)).Kind);
        Assert.Equal(RefusalKind.NotFound, (await RefusedAsync(channel: Guid.NewGuid())).Kind);
        // Who does not see the ticket does not see whose it is.
        var stranger = await it.Desk.PersonAsync("Bia", BuiltInRoles.Agent, await it.Desk.QueueAsync("Outra"));
        Assert.Equal(RefusalKind.NotFound, (await RefusedAsync(stranger)).Kind);
        Assert.Empty(await it.MessagesAsync());
    }

    [Fact]
    public async Task While_somebody_else_serves_them_there_it_is_left_to_them_and_nothing_stays_behind()
    {
        await it.SaidAsync(SmsDesk.Maria, "Alguém?");
        var refusal = await RefusedAsync();
        Assert.NotNull(refusal.See);
        await it.Desk.SettleAsync();
        Assert.Empty(it.Comtele.Taken);
        Assert.Equal(1, await it.Desk.ReadAsync(db => db.Set<Ticket>().CountAsync(t => t.ChannelId == it.Channel)));
    }

    [Fact]
    public async Task A_text_that_the_channel_would_not_send_and_an_empty_one_start_nothing()
    {
        Assert.Contains("5 SMS", (await RefusedAsync(text: new string('a', 613))).Message, StringComparison.Ordinal);
        await RefusedAsync(text: "  ");
        Assert.Equal(0, await it.Desk.ReadAsync(db => db.Set<Ticket>().CountAsync(t => t.ChannelId == it.Channel)));
    }

    [Fact]
    public void The_counter_asks_the_channel_and_counts_nothing_where_nobody_does()
    {
        var counter = it.Desk.Services.GetRequiredService<ITextCounter>();
        Assert.Equal((142, 160, 1), counter.Count(it.Channel, new string('á', 142)) is { } c ? (c.Used, c.Room, c.Parts) : default);
        Assert.Null(counter.Count(other, "Oi"));
        Assert.Null(counter.Count(Guid.NewGuid(), "Oi"));
        Assert.Equal((true, false), (it.Live.Info.CountsTexts, it.Desk.Services.GetRequiredService<IChannelDirectory>().Find(other)!.CountsTexts));
    }
}
