using System.Text.Json;
using Inforzap.Contracts.Channels;
using Inforzap.Contracts.Tickets;
using Inforzap.Lanes;
using Inforzap.Sdk;
using Inforzap.Tickets;
using Inforzap.Tickets.Desk;
using Inforzap.Tickets.Outbound;

namespace Inforzap.Tests.Tickets;

public sealed class ReadingTests(Counter counter) : IClassFixture<Counter>
{
    [Fact]
    public async Task What_waited_is_read_once_somebody_accepts()
    {
        const string who = "5521933330001";
        await counter.HappenAsync(counter.Says(who, "Olá", "read-1"), counter.Says(who, "Alguém aí?", "read-2"));
        var id = await counter.TicketOfAsync(who);
        var ana = counter.Agent("Ana");
        await counter.Send(ana, new SeeTicket(id));
        Assert.All(await counter.MessagesOfAsync(id), m => Assert.Null(m.ReadAt));

        await counter.Send(ana, new AcceptTicket(id));
        Assert.Equal(0, (await counter.TicketAsync(id)).Unread);
        Assert.All(await counter.MessagesOfAsync(id), m => Assert.NotNull(m.ReadAt));
        Assert.Equal("read-2", (await ReceiptAsync()).ProviderId);
    }

    [Fact]
    public async Task Who_answers_has_read()
    {
        const string who = "5521933330002";
        var ana = counter.Agent("Ana");
        var id = await counter.ServedAsync(ana, who);
        await counter.HappenAsync(counter.Says(who, "E o preço?", "read-3"));
        Assert.Null((await counter.MessagesOfAsync(id))[^1].ReadAt);

        await counter.Send(ana, new SendMessage(id, Guid.CreateVersion7(), "Vinte reais"));
        Assert.All((await counter.MessagesOfAsync(id)).Where(m => !m.FromUs), m => Assert.NotNull(m.ReadAt));
        Assert.Equal((who, "read-3"), ((await ReceiptAsync()).AddressValue, (await ReceiptAsync()).ProviderId));
    }

    [Fact]
    public async Task What_a_machine_says_leaves_the_customer_unread()
    {
        const string who = "5521933330003";
        await counter.HappenAsync(counter.Says(who, "Bom dia"));
        var id = await counter.TicketOfAsync(who);
        await counter.SendAsSystem(new SendMessage(id, Guid.CreateVersion7(), "Já respondemos."));
        Assert.Equal((1, true), ((await counter.TicketAsync(id)).Unread, (await counter.TicketAsync(id)).LastFromUs));
        Assert.All((await counter.MessagesOfAsync(id)).Where(m => !m.FromUs), m => Assert.Null(m.ReadAt));
    }

    [Fact]
    public async Task Who_reads_faster_than_the_send_is_written_down_has_read()
    {
        const string who = "5521933330004";
        var ana = counter.Agent("Ana");
        var ticket = await counter.ServedAsync(ana, who);
        var (id, claim, position) = await counter.AnswerAsync(ana, ticket, "Pronto");
        await counter.HappenAsync(ReadUpTo(who, claim.Message!.Seq));
        Assert.Equal(MessageState.Read, (await counter.MessageAsync(id)).State);

        // The result comes late: it takes nothing back, and still says what the message is called.
        await counter.SendAsSystem(new RecordSend(id, claim.Message.AttemptId, position, SendResult.Sent("p-1")));
        var message = await counter.MessageAsync(id);
        Assert.Equal((MessageState.Read, "p-1"), (message.State, message.ProviderId));
        Assert.Equal(LaneItemState.Done, (await counter.ReadAsync(db => db.Set<LaneItem>().SingleAsync(i => i.Position == position))).State);
    }

    [Fact]
    public async Task What_nobody_knew_of_is_known_once_it_is_read()
    {
        const string who = "5521933330005";
        var ana = counter.Agent("Ana");
        var ticket = await counter.ServedAsync(ana, who);
        var (id, claim, position) = await counter.AnswerAsync(ana, ticket, "Talvez");
        await counter.SendAsSystem(new RecordSend(id, claim.Message!.AttemptId, position, SendResult.Unknown("sem resposta")));
        Assert.Equal(MessageState.Unknown, (await counter.MessageAsync(id)).State);

        await counter.HappenAsync(ReadUpTo(who, claim.Message.Seq));
        var message = await counter.MessageAsync(id);
        Assert.Equal((MessageState.Read, null), (message.State, message.FailReason));
    }

    private InboundReceipt ReadUpTo(string who, long seq) => counter.Receipt(who, "", ReceiptState.Read) with { UpToSeq = seq };

    private async Task<ReadReceiptItem> ReceiptAsync() =>
        JsonSerializer.Deserialize<ReadReceiptItem>((await counter.ItemAsync("read")).Payload, JsonSerializerOptions.Web)!;
}
