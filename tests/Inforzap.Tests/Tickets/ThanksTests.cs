using Inforzap.Contracts.Settings;
using Inforzap.Sdk;
using Inforzap.Tickets;
using Inforzap.Tickets.Desk;
using Inforzap.Tickets.Inbound;

namespace Inforzap.Tests.Tickets;

public sealed class ThanksTextTests
{
    [Theory(DisplayName = "Thanks, nods and picture signs are politeness; questions, choices and anything more are not")]
    [InlineData("ok", true)]
    [InlineData("ok 👍", true)]
    [InlineData("Obrigado!!!", true)]
    [InlineData("muito obrigada, viu", false)]
    [InlineData("Muito obrigada por tudo", true)]
    [InlineData("VALEUUU", true)]
    [InlineData("De nada.", true)]
    [InlineData("Obrigadão 🙏🏽", true)]
    [InlineData("👍🏽❤️", true)]
    [InlineData("😡", true)]
    [InlineData("thank you so much", true)]
    [InlineData("thanks for all the help", false)]
    [InlineData("Muchas gracias", true)]
    [InlineData("Perfecto, mil gracias", true)]
    [InlineData("ok obrigada", true)]
    [InlineData("obrigado por tudo", true)]
    [InlineData("valeu demais", true)]
    [InlineData("Show de bola!", true)]
    [InlineData("Muito obrigado, um abraço", true)]
    [InlineData("só isso mesmo, obrigado", true)]
    [InlineData("mais uma vez obrigado", true)]
    [InlineData("mais nada, obrigada", true)]
    [InlineData("mais uma massa", false)]
    [InlineData("só um vale", false)]
    [InlineData("mais um show", false)]
    [InlineData("uma joia", false)]
    [InlineData("com tudo, valeu", false)]
    [InlineData("massa de tudo", false)]
    [InlineData("já certo", false)]
    [InlineData("ok❓", false)]
    [InlineData("❔", false)]
    [InlineData("👍⁉️", false)]
    [InlineData("ok？", false)]
    [InlineData("ok؟", false)]
    [InlineData("🆘", false)]
    [InlineData("ok?", false)]
    [InlineData("ok, e o boleto", false)]
    [InlineData("ok ok ok ok ok", false)]
    [InlineData("de", false)]
    [InlineData("muito", false)]
    [InlineData("não", false)]
    [InlineData("bom dia", false)]
    [InlineData("tudo bem", false)]
    [InlineData("5", false)]
    [InlineData("1️⃣", false)]
    [InlineData("...", false)]
    [InlineData("", false)]
    [InlineData("   ", false)]
    public void Told(string text, bool isThanks) => Assert.Equal(isThanks, Thanks.IsThanks(text));
}

/// <summary>A thank-you after the end stays with what it thanks for.</summary>
public sealed class ThanksTests : IAsyncLifetime
{
    private const string Who = "5511987650002";

    private readonly AnsweringDesk desk = new();

    public ValueTask InitializeAsync() => desk.InitializeAsync();

    public ValueTask DisposeAsync() => desk.DisposeAsync();

    private async Task<Guid> ClosedAsync()
    {
        var ticket = await desk.WritesAsync(Who, "Olá");
        await desk.SendAs(desk.Ana, new AcceptTicket(ticket));
        await desk.SendAs(desk.Ana, new CloseTicket(ticket));
        await desk.PassAsync(TimeSpan.FromMinutes(1));
        return ticket;
    }

    [Fact(DisplayName = "It is kept in the closed ticket, is unread by nobody, answered by nobody, and moves no waiting time")]
    public async Task Kept()
    {
        var ticket = await ClosedAsync();
        // Something would be said to a new ticket.
        await desk.MenuAsync();
        var said = (await desk.SaidAsync(ticket)).Count;
        Assert.Equal(ticket, await desk.WritesAsync(Who, "ok 👍"));
        await desk.ComesAsync(desk.Says(Who, "") with { Content = new MediaContent(MediaKind.Sticker, new MediaRef(FileId: Guid.NewGuid()), "s.webp", null, "image/webp", 9) });
        await desk.SettleAsync();
        var closed = await desk.TicketAsync(ticket);
        Assert.Equal((TicketStatus.Closed, 0, null), (closed.Status, closed.Unread, closed.WaitingSince));
        Assert.Equal(3, (await desk.MessagesOfAsync(ticket)).Count(m => !m.FromUs));
        Assert.Equal(said, (await desk.SaidAsync(ticket)).Count);
        Assert.Equal(1, await desk.ReadAsync(db => db.Set<Ticket>().CountAsync()));
        Assert.Equal(1, await desk.ReadAsync(db => db.Set<ServiceCycle>().CountAsync()));
    }

    [Fact(DisplayName = "What says more opens as ever, also right after a thank-you and in one set with it")]
    public async Task More()
    {
        var ticket = await ClosedAsync();
        await desk.WritesAsync(Who, "obrigado", "mas ainda falta o boleto", "valeu");
        var next = await desk.TicketOfAsync(Who);
        Assert.NotEqual(ticket, next);
        Assert.Equal(["mas ainda falta o boleto", "valeu"], (await desk.MessagesOfAsync(next)).Where(m => !m.FromUs).Select(m => m.Body));
        Assert.Equal("obrigado", (await desk.MessagesOfAsync(ticket))[^1].Body);
    }

    [Theory(DisplayName = "Not a day later, not where the product itself closed, not where the switch is off")]
    [InlineData("late")]
    [InlineData("by itself")]
    [InlineData("off")]
    public async Task Opens(string why)
    {
        var ticket = await ClosedAsync();
        if (why == "late") await desk.PassAsync(TimeSpan.FromHours(24));
        if (why == "off") await desk.SetAsync(Setting.QuietThanks, "false");
        if (why == "by itself")
            await desk.WriteAsync(async db =>
            {
                var t = await db.Set<Ticket>().SingleAsync();
                t.Close(null, null, null, t.ClosedAt!.Value);
            });
        Assert.NotEqual(ticket, await desk.WritesAsync(Who, "obrigado"));
    }

    [Theory(DisplayName = "What the house said after the end is answered by it: that opens, and is no thanks; farewells and notes ask nothing")]
    [InlineData(MessageOrigin.Schedule, false, true)]
    [InlineData(MessageOrigin.Chat, false, true)]
    [InlineData(MessageOrigin.Campaign, false, true)]
    [InlineData(MessageOrigin.Bot, false, false)]
    [InlineData(MessageOrigin.Chat, true, false)]
    public async Task Answer(MessageOrigin origin, bool isNote, bool opens)
    {
        var ticket = await ClosedAsync();
        await desk.WriteAsync(async db =>
        {
            var t = await db.Set<Ticket>().SingleAsync();
            var (seq, change) = t.NextMessage();
            db.Add(new Message
            {
                Id = Guid.CreateVersion7(), TicketId = ticket, ChannelId = desk.Channel, Seq = seq, Change = change, Body = "Confirma amanhã às 9h?", CreatedAt = desk.Clock!.GetUtcNow().UtcDateTime,
                FromUs = true, IsNote = isNote, Origin = origin, State = MessageState.Sent,
            });
        });
        Assert.Equal(opens, ticket != await desk.WritesAsync(Who, "Ok, combinado"));
    }

    [Theory(DisplayName = "Somebody of the house asks on the phone after the end: the answer opens, also in one set with the question")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task AnswerToDevice(bool together)
    {
        var ticket = await ClosedAsync();
        var (asks, answers) = (desk.Says(Who, "Confirma amanhã às 9h?") with { Echo = true }, desk.Says(Who, "Ok, combinado"));
        if (together) await desk.HappenAsync(asks, answers);
        else
        {
            await desk.ComesAsync(asks);
            await desk.ComesAsync(answers);
        }
        Assert.Equal(MessageOrigin.Device, (await desk.MessagesOfAsync(ticket))[^1].Origin);
        Assert.NotEqual(ticket, await desk.TicketOfAsync(Who));
    }

    [Fact(DisplayName = "It goes before the window in which the same ticket reopens")]
    public async Task NotReopened()
    {
        await desk.SetAsync(Setting.ReopenMinutes, "60");
        var ticket = await ClosedAsync();
        await desk.WritesAsync(Who, "obrigado");
        Assert.Equal(TicketStatus.Closed, (await desk.TicketAsync(ticket)).Status);
        await desk.WritesAsync(Who, "esqueci uma coisa");
        Assert.Equal(TicketStatus.Pending, (await desk.TicketAsync(ticket)).Status);
    }

    [Fact(DisplayName = "A reaction to the farewell opens nothing")]
    public async Task Reaction()
    {
        var ticket = await ClosedAsync();
        var first = (await desk.MessagesOfAsync(ticket))[0];
        await desk.HappenAsync(new InboundReaction(desk.Channel, "r1", new Address(Who), first.ProviderId!, "👍"));
        Assert.Equal(1, await desk.ReadAsync(db => db.Set<Ticket>().CountAsync()));
    }
}
