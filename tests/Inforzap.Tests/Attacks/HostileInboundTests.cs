using Inforzap.Data;
using Inforzap.Lanes;
using Inforzap.Sdk;
using Inforzap.Tickets;
using Inforzap.Tickets.Desk;
using Inforzap.Tickets.Outbound;

namespace Inforzap.Tests.Attacks;

/// <summary>Whatever comes in can be read, and harms nothing beside it.</summary>
public sealed class HostileInboundTests(AttackWorld world) : IClassFixture<AttackWorld>
{
    private static int events;

    public static TheoryData<string> Texts() => HostileText.Names();

    [Theory, MemberData(nameof(Texts))]
    public async Task Whatever_a_customer_writes_is_kept_and_can_be_read(string what)
    {
        var (text, n, channel) = (HostileText.All[what], Interlocked.Increment(ref events), world.Channel);
        var from = new Address($"5531{n:00000000}", AddressKind.Phone, text);
        await world.Adapter.Inbox.DeliverAsync(new InboundMessage(channel, $"h{n}", from, new TextContent(text)) { Raw = new byte[] { 0, 1 } });
        await world.Adapter.Inbox.DeliverAsync(new InboundMessage(channel, $"f{n}", from, new MediaContent(MediaKind.Document, new MediaRef(FileId: Guid.NewGuid()), text + ".pdf", text)));
        await world.Adapter.Inbox.DeliverAsync(new InboundEdit(channel, $"x{n}", from, $"h{n}", "editado: " + text));
        await world.Adapter.Inbox.DeliverAsync(new InboundReaction(channel, $"r{n}", from, $"h{n}", text));
        await world.SettleAsync();
        Assert.Empty(await world.ReadAsync(db => db.Set<LaneItem>().Where(i => i.Lane.EndsWith(from.Value) && i.State != LaneItemState.Done).Select(i => i.Reason).ToListAsync()));
        var administrator = world.People["administrator"];
        var row = Assert.Single((await world.SendAs(administrator, new ListTickets(TicketStatus.Pending, from.Value))).Rows);
        Assert.False(CleanText.IsBlank(row.ContactName), "The list shows somebody without a name.");
        Assert.True(row.LastText.Length <= 200 && HostileText.IsWhole(row.LastText));
        var messages = await world.SendAs(administrator, new ReadMessages(row.Id, 1, 10));
        Assert.Equal([1, 2], messages.Select(m => m.Seq));
        Assert.All(messages, m => Assert.True(m.Body!.Length <= CleanText.MaxBody && HostileText.IsWhole(m.Body) && !m.Body.Contains('\0', StringComparison.Ordinal)));
        Assert.StartsWith("editado: ", messages[0].Body, StringComparison.Ordinal);
        // An ordinary word near its beginning is found.
        if (text.StartsWith("antes ", StringComparison.Ordinal))
            Assert.Contains((await world.SendAs(administrator, new ListTickets(TicketStatus.Pending, "antes", Take: 500))).Rows, r => r.Id == row.Id);
    }

    public static TheoryData<string> Results() => [.. HostileText.All.Keys, "an id of 10 kB", "an id that another message has"];

    [Theory, MemberData(nameof(Results))]
    public async Task Whatever_a_plugin_says_of_a_send_how_it_ended_is_written_down(string what)
    {
        var text = what == "an id that another message has" ? "twice" : HostileText.All.GetValueOrDefault(what, new string('i', 10_240));
        var agent = world.People["agent"];
        foreach (var (result, state) in new (SendResult, MessageState)[]
        {
            (SendResult.Sent(text), MessageState.Sent), (SendResult.Sent(text), MessageState.Sent),
            (SendResult.Refused(text, text), MessageState.Failed), (SendResult.Unknown(text), MessageState.Unknown),
        })
        {
            world.Adapter.Send = (_, _) => Task.FromResult(result);
            var id = Guid.NewGuid();
            await world.SendAs(agent, new SendMessage(world.Own[agent.Id].Ticket, id, "oi"));
            await world.SettleAsync();
            var message = await world.ReadAsync(db => db.Set<Message>().AsNoTracking().SingleAsync(m => m.Id == id));
            Assert.Equal(state, message.State);
            Assert.True(message.FailReason is null || (message.FailReason.Length <= 500 && HostileText.IsWhole(message.FailReason)));
        }
    }

    /// <summary>A visitor names what they quote: the agent who reads their message must not thereby read somebody else's.</summary>
    [Fact]
    public async Task What_stands_in_another_conversation_can_t_be_quoted_into_this_one()
    {
        var (theirs, mine) = (new Address("5532900000001"), new Address("5532900000002"));
        await world.Adapter.Inbox.DeliverAsync(new InboundMessage(world.Channel, "q1", theirs, new TextContent("segredo de outra pessoa")));
        await world.Adapter.Inbox.DeliverAsync(new InboundMessage(world.Channel, "q2", mine, new TextContent("minha")));
        await world.Adapter.Inbox.DeliverAsync(new InboundMessage(world.Channel, "q3", mine, new TextContent("cito a sua")) { QuotedProviderId = "q1" });
        await world.Adapter.Inbox.DeliverAsync(new InboundMessage(world.Channel, "q4", mine, new TextContent("cito a minha")) { QuotedProviderId = "q2" });
        await world.SettleAsync();
        var administrator = world.People["administrator"];
        var ticket = Assert.Single((await world.SendAs(administrator, new ListTickets(TicketStatus.Pending, mine.Value))).Rows).Id;
        Assert.Equal([null, null, "minha"], (await world.SendAs(administrator, new ReadMessages(ticket, 1, 10))).Select(m => m.Quoted?.Body));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("a\0b")]
    [InlineData("10 kB")]
    public async Task An_event_that_names_no_message_is_refused(string id)
    {
        if (id == "10 kB") id = new string('i', 10_240);
        var from = new Address("5533900000001");
        InboundEvent[] bad =
        [
            new InboundMessage(world.Channel, "n1", from, new TextContent("x")) { ProviderId = id }, new InboundEdit(world.Channel, "n2", from, id, "x"),
            new InboundRevoke(world.Channel, "n3", from, id), new InboundReaction(world.Channel, "n4", from, id, "x"), new InboundReceipt(world.Channel, "n5", from, id, ReceiptState.Read),
        ];
        foreach (var one in bad) await Assert.ThrowsAnyAsync<ArgumentException>(() => world.Adapter.Inbox.DeliverAsync(one));
        Assert.Empty(await world.ReadAsync(db => db.Set<LaneItem>().Where(i => i.Lane.EndsWith(":5533900000001")).ToListAsync()));
    }
}
