using Inforzap.Contracts.Contacts;
using Inforzap.Lanes;
using Inforzap.Requests;
using Inforzap.Sdk;
using Inforzap.Tickets;
using Inforzap.Tickets.Desk;
using Inforzap.Tickets.Outbound;

namespace Inforzap.Tests.Tickets;

/// <summary>People with several addresses, and what the provider tells of them.</summary>
public sealed class AddressTests(Counter counter) : IClassFixture<Counter>
{
    private static Address User(string id) => new(id, AddressKind.WhatsAppUser, "Maria");

    private InboundMessage From(Address from, string text, params Address[] also) => counter.Says("x", text) with { From = from, AlsoKnownAs = also };

    private async Task<Guid> ContactOfAsync(Address address) =>
        (await counter.ReadAsync(db => db.Set<ContactAddressView>().SingleAsync(a => a.Kind == address.Kind && a.Value == address.Value))).ContactId;

    [Fact]
    public async Task Somebody_known_by_an_id_is_the_same_person_once_the_number_is_known()
    {
        var (id, phone) = (User("BR.100"), new Address("5511911110001"));
        await counter.HappenAsync(From(id, "sem número"));
        var ticket = await counter.TicketOfAsync(id.Value);
        await counter.HappenAsync(From(phone, "com número", id));
        Assert.Equal(await ContactOfAsync(id), await ContactOfAsync(phone));
        Assert.Equal(2, (await counter.MessagesOfAsync(ticket)).Count);
        Assert.Equal((AddressKind.Phone, phone.Value), await counter.ReadAsync(db => db.Set<Ticket>().Where(t => t.Id == ticket).Select(t => new ValueTuple<string, string>(t.AddressKind, t.AddressValue)).SingleAsync()));
        Assert.Equal(1, await counter.ReadAsync(db => db.Set<ContactView>().CountAsync(c => c.SearchText.Contains("br.100"))));
        Assert.Contains("5511911110001", (await counter.ReadAsync(db => db.Set<ContactView>().SingleAsync(c => c.SearchText.Contains("br.100")))).SearchText);
    }

    [Fact]
    public async Task It_holds_within_one_set_whatever_comes_first()
    {
        var (a, pa) = (User("BR.201"), new Address("5511911110002"));
        var (b, pb) = (User("BR.202"), new Address("5511911110003"));
        await counter.HappenAsync(From(a, "1"), From(pa, "2", a), From(pb, "3", b), From(b, "4"));
        Assert.Equal(await ContactOfAsync(a), await ContactOfAsync(pa));
        Assert.Equal(await ContactOfAsync(b), await ContactOfAsync(pb));
        Assert.NotEqual(await ContactOfAsync(a), await ContactOfAsync(b));
    }

    [Fact]
    public async Task Two_contacts_are_not_joined_behind_everybodys_back()
    {
        var (id, phone) = (User("BR.300"), new Address("5511911110004"));
        await counter.HappenAsync(From(id, "um"), From(phone, "dois"));
        await counter.HappenAsync(From(phone, "três", id));
        Assert.NotEqual(await ContactOfAsync(id), await ContactOfAsync(phone));
    }

    [Fact]
    public async Task A_notice_stands_in_the_conversation_and_opens_nothing()
    {
        var (old, changed) = (new Address("5511911110005"), new Address("5521911110005"));
        var ana = counter.Agent("Ana");
        var ticket = await counter.ServedAsync(ana, old.Value);
        await counter.Send(ana, new CloseTicket(ticket));
        await counter.HappenAsync(From(old, "Maria mudou de número", changed) with { Notice = true });
        Assert.Equal(MessageKind.System, (await counter.MessagesOfAsync(ticket))[^1].Kind);
        var after = await counter.TicketAsync(ticket);
        Assert.Equal((TicketStatus.Closed, 0, "Olá", old.Value), (after.Status, after.Unread, after.LastText, after.AddressValue));
        Assert.Equal(await ContactOfAsync(old), await ContactOfAsync(changed));
        await counter.HappenAsync(From(changed, "sou eu"));
        Assert.Equal(after.ContactId, (await counter.TicketAsync(await counter.TicketOfAsync(changed.Value))).ContactId);
    }

    [Fact]
    public async Task A_notice_about_a_stranger_opens_no_ticket_and_is_kept_as_dropped()
    {
        var stranger = new Address("5511911110006");
        await counter.HappenAsync(From(stranger, "mudou") with { Notice = true });
        Assert.Equal(0, await counter.ReadAsync(db => db.Set<Ticket>().CountAsync(t => t.AddressValue == stranger.Value)));
        Assert.Equal(LaneItemState.Dropped, (await counter.ReadAsync(db => db.Set<LaneItem>().SingleAsync(i => i.Lane.EndsWith(stranger.Value)))).State);
    }

    [Fact]
    public async Task That_an_earlier_attempt_failed_does_not_undo_the_one_after_it()
    {
        var ana = counter.Agent("Ana");
        var ticket = await counter.ServedAsync(ana, "5511911110007");
        var (id, first, position) = await counter.AnswerAsync(ana, ticket, "chegou?");
        await counter.SendAsSystem(new Contracts.Tickets.RecordSend(id, first.Message!.AttemptId, position, SendResult.Unknown("caiu")));
        await counter.Send(ana, new ResendMessage(id));
        await counter.HappenAsync(counter.Receipt("5511911110007", "wamid.one", ReceiptState.Failed, first.Message.AttemptId));
        Assert.Equal(MessageState.Queued, (await counter.MessageAsync(id)).State);
        await counter.HappenAsync(counter.Receipt("5511911110007", "wamid.one", ReceiptState.Delivered, first.Message.AttemptId));
        Assert.Equal(MessageState.Delivered, (await counter.MessageAsync(id)).State);
    }

    [Fact]
    public async Task The_address_that_a_provider_names_leads_to_the_contact_also_when_a_receipt_was_faster()
    {
        var (ana, number, reached) = (counter.Agent("Ana"), "5511911110009", User("BR.900"));
        var ticket = await counter.ServedAsync(ana, number);
        var (id, claim, position) = await counter.AnswerAsync(ana, ticket, "rápido");
        await counter.HappenAsync(counter.Receipt(number, "wamid.reached", ReceiptState.Read, claim.Message!.AttemptId));
        Assert.False(await counter.SendAsSystem(new Contracts.Tickets.RecordSend(id, claim.Message.AttemptId, position, SendResult.Sent("wamid.reached") with { Reached = reached })));
        Assert.Equal((await counter.TicketAsync(ticket)).ContactId, await ContactOfAsync(reached));
        Assert.Equal(number, (await counter.TicketAsync(ticket)).AddressValue);
        Assert.Equal(1, await counter.ReadAsync(db => db.Set<ContactView>().CountAsync(c => c.SearchText.Contains("br.900"))));
    }

    public static TheoryData<string, Address?> Unfit => new()
    {
        { "nothing", null }, { "empty", new Address("") }, { "too long", new Address(new string('9', 129)) }, { "no text", new Address("a\0b") }, { "half a character", new Address("a\uD83D") },
        { "kind too long", new Address("1", new string('k', 21)) }, { "no kind", new Address("1", "") }, { "no value at all", new Address(null!) },
    };

    [Theory, MemberData(nameof(Unfit), DisableDiscoveryEnumeration = true)]
    public async Task Whatever_a_plugin_takes_for_an_address_what_was_sent_is_written_down(string what, Address? reached)
    {
        var ana = counter.Agent("Ana");
        var ticket = await counter.ServedAsync(ana, $"551193{what.Length:00}{what.Sum(c => c) % 100_000:00000}");
        var (id, claim, position) = await counter.AnswerAsync(ana, ticket, what);
        Assert.True(await counter.SendAsSystem(new Contracts.Tickets.RecordSend(id, claim.Message!.AttemptId, position, SendResult.Sent($"sent {what}") with { Reached = reached })));
        Assert.Equal(MessageState.Sent, (await counter.MessageAsync(id)).State);
        var contact = (await counter.TicketAsync(ticket)).ContactId;
        Assert.Equal(1, await counter.ReadAsync(db => db.Set<ContactAddressView>().CountAsync(a => a.ContactId == contact)));
    }

    [Fact]
    public async Task What_waits_for_a_message_of_ours_comes_when_a_receipt_names_it()
    {
        var ana = counter.Agent("Ana");
        var ticket = await counter.ServedAsync(ana, "5511911110008");
        var (id, claim, position) = await counter.AnswerAsync(ana, ticket, "veja");
        await counter.HappenAsync(new InboundReaction(counter.Channel, "react-1", new Address("5511911110008"), "wamid.early", "👍"));
        await counter.HappenAsync(counter.Receipt("5511911110008", "wamid.early", ReceiptState.Delivered, claim.Message!.AttemptId));
        Assert.Equal("👍", (await counter.MessageAsync(id)).Reaction);
        Assert.False(await counter.SendAsSystem(new Contracts.Tickets.RecordSend(id, claim.Message.AttemptId, position, SendResult.Sent("wamid.early"))));
        Assert.Equal(2, claim.Message.Try + (await counter.ReadAsync(db => db.Set<Attempt>().CountAsync(a => a.MessageId == id))));
    }
}
