using CsCheck;
using Inforzap.Contracts.Contacts;
using Inforzap.Contracts.Settings;
using Inforzap.Data;
using Inforzap.Lanes;
using Inforzap.Requests;
using Inforzap.Sdk;
using Inforzap.Tickets;
using Inforzap.Tickets.Desk;

namespace Inforzap.Tests.Tickets;

public sealed class ReceivingTests(Counter counter) : IClassFixture<Counter>
{
    [Fact]
    public async Task The_first_message_makes_contact_ticket_and_message()
    {
        await counter.HappenAsync(counter.Says("5511911110001", "Olá, quero um bolo"));
        var ticket = await counter.TicketAsync(await counter.TicketOfAsync("5511911110001"));
        Assert.Equal((TicketStatus.Pending, counter.Queue, 1, "Olá, quero um bolo", 1L), (ticket.Status, ticket.QueueId!.Value, ticket.Unread, ticket.LastText, ticket.LastSeq));
        var message = Assert.Single(await counter.MessagesOfAsync(ticket.Id));
        Assert.Equal((MessageState.Received, false, "Olá, quero um bolo"), (message.State, message.FromUs, message.Body));
    }

    [Fact]
    public async Task Fifty_first_messages_at_once_make_one_contact_one_ticket_and_numbers_1_to_50()
    {
        const string who = "5511911110002";
        await Task.WhenAll(Enumerable.Range(0, 50).Select(i => counter.WriteAsync(db =>
        {
            var e = counter.Says(who, $"m{i}", $"fifty-{i}");
            db.Enqueue(Counter.LaneOf(e), "message", System.Text.Json.JsonSerializer.Serialize<InboundEvent>(e, System.Text.Json.JsonSerializerOptions.Web), DateTime.UtcNow);
            return Task.CompletedTask;
        })));
        await counter.SettleAsync();
        Assert.Equal(1, await counter.ReadAsync(db => db.Set<ContactAddressView>().CountAsync(a => a.Value == who)));
        Assert.Equal(1, await counter.ReadAsync(db => db.Set<Ticket>().CountAsync(t => t.AddressValue == who)));
        var messages = await counter.MessagesOfAsync(await counter.TicketOfAsync(who));
        Assert.Equal(Enumerable.Range(1, 50).Select(n => (long)n), messages.Select(m => m.Seq));
        Assert.Equal(50, messages.Select(m => m.ProviderId).Distinct().Count());
    }

    [Theory]
    [InlineData("that cannot be read", 7)]
    [InlineData("that no column takes", 8)]
    public async Task A_bad_event_among_99_good_ones_costs_only_itself(string bad, int n)
    {
        await counter.WriteAsync(db =>
        {
            foreach (var i in Enumerable.Range(0, 100))
            {
                var e = counter.Says($"55119333{n}{i:0000}", $"m{i}", i == 50 && bad.EndsWith("takes") ? new string('x', 400) : $"hundred-{n}-{i}");
                var payload = i == 50 && bad.EndsWith("read") ? "{" : System.Text.Json.JsonSerializer.Serialize<InboundEvent>(e, System.Text.Json.JsonSerializerOptions.Web);
                db.Enqueue(Counter.LaneOf(e), "message", payload, DateTime.UtcNow);
            }
            return Task.CompletedTask;
        });
        await counter.SettleAsync();
        var items = await counter.ReadAsync(db => db.Set<LaneItem>().AsNoTracking().Where(i => i.Lane.Contains($"55119333{n}")).ToListAsync());
        Assert.Equal(99, items.Count(i => i is { State: LaneItemState.Done, Attempts: 0 }));
        Assert.True(Assert.Single(items, i => i.State == LaneItemState.Pending).Attempts > 0);
        Assert.Equal(99, await counter.ReadAsync(db => db.Set<Ticket>().CountAsync(t => t.AddressValue.StartsWith($"55119333{n}"))));
        Assert.Equal(99, await counter.ReadAsync(db => db.Set<Message>().CountAsync(m => m.ProviderId!.StartsWith($"hundred-{n}-"))));
    }

    [Fact]
    public async Task Both_spellings_of_a_brazilian_mobile_are_one_contact_and_one_ticket()
    {
        await counter.HappenAsync(counter.Says("5531987650003", "com nove"), counter.Says("553187650003", "sem nove"));
        var contacts = await counter.ReadAsync(db => db.Set<ContactAddressView>().Where(a => a.Value.EndsWith("87650003")).ToListAsync());
        var address = Assert.Single(contacts);
        var ticket = Assert.Single(await counter.ReadAsync(db => db.Set<Ticket>().Where(t => t.ContactId == address.ContactId).ToListAsync()));
        Assert.Equal(2, ticket.LastSeq);
    }

    [Fact]
    public async Task A_message_that_comes_again_under_another_event_is_kept_once()
    {
        var first = counter.Says("5511911110004", "uma vez", "again-1");
        await counter.HappenAsync(first);
        await counter.HappenAsync(counter.Says("5511911110004", "uma vez", "again-2") with { ProviderId = "again-1" });
        Assert.Single(await counter.MessagesOfAsync(await counter.TicketOfAsync("5511911110004")));
    }

    [Fact]
    public async Task A_blocked_contact_is_dropped_with_the_reason()
    {
        const string who = "5511911110005";
        await counter.HappenAsync(counter.Says(who, "antes"));
        var ticket = await counter.TicketAsync(await counter.TicketOfAsync(who));
        await counter.SendAsSystem(new BlockContact(ticket.ContactId, true));
        await counter.HappenAsync(counter.Says(who, "depois"));
        Assert.Single(await counter.MessagesOfAsync(ticket.Id));
        var item = await counter.ItemAsync("in");
        Assert.Equal((LaneItemState.Dropped, "contact blocked"), (item.State, item.Reason));
    }

    [Fact]
    public async Task Groups_are_not_taken_in_where_the_company_wants_none_of_them()
    {
        const string who = "5511911110905", group = "120363000000000905";
        await SetAsync("true");
        try
        {
            await counter.HappenAsync(counter.Says(group, "Oi, grupo") with { Participant = new Address("5511911110906", AddressKind.Phone, "Zé") });
            var item = await counter.ItemAsync("in");
            Assert.Equal((LaneItemState.Dropped, "groups are ignored"), (item.State, item.Reason));
            await counter.HappenAsync(counter.Says(who, "Oi"));
            Assert.Single(await counter.MessagesOfAsync(await counter.TicketOfAsync(who)));
        }
        finally
        {
            await SetAsync("false");
        }
        Assert.False(await counter.ReadAsync(db => db.Set<ContactAddressView>().AnyAsync(a => a.Value == group)));
        await counter.HappenAsync(counter.Says(group, "Oi de novo") with { Participant = new Address("5511911110906", AddressKind.Phone, "Zé") });
        Assert.True((await counter.TicketAsync(await counter.TicketOfAsync(group))).IsGroup);

        async Task SetAsync(string value)
        {
            await counter.SendAsSystem(new ChangeSettings(new Dictionary<string, string> { [Setting.IgnoreGroups.Name] = value }));
            await counter.Services.GetRequiredService<ISettings>().LoadAsync();
        }
    }

    [Fact]
    public async Task Edits_revokes_and_reactions_that_come_first_wait_for_their_message()
    {
        const string who = "5511911110006";
        var from = new Address(who);
        await counter.HappenAsync(
            new InboundEdit(counter.Channel, "w-e", from, "w-m", "corrigido"),
            new InboundReaction(counter.Channel, "w-r", from, "w-m", "👍"),
            new InboundRevoke(counter.Channel, "w-d", from, "w-m"));
        Assert.Equal(3, await counter.ReadAsync(db => db.Set<LaneItem>().CountAsync(i => i.State == LaneItemState.Waiting && i.WaitsFor!.EndsWith("w-m"))));
        await counter.HappenAsync(counter.Says(who, "corigido", "w-m"));
        var message = Assert.Single(await counter.MessagesOfAsync(await counter.TicketOfAsync(who)));
        Assert.Equal(("corrigido", "corigido", "👍"), (message.Body, message.PreviousBody, message.Reaction));
        Assert.NotNull(message.DeletedAt);
        Assert.Equal(0, await counter.ReadAsync(db => db.Set<LaneItem>().CountAsync(i => i.State == LaneItemState.Waiting && i.WaitsFor!.EndsWith("w-m"))));
    }

    [Fact]
    public async Task Every_order_of_message_two_edits_and_a_revoke_ends_alike()
    {
        var ends = new HashSet<(string?, bool)>();
        var n = 0;
        foreach (var order in Permutations([0, 1, 2, 3]))
        {
            var who = $"55119222{++n:00000}";
            var from = new Address(who);
            InboundEvent[] events =
            [
                counter.Says(who, "um", $"p{n}"), new InboundEdit(counter.Channel, $"p{n}-a", from, $"p{n}", "dois"),
                new InboundEdit(counter.Channel, $"p{n}-b", from, $"p{n}", "dois"), new InboundRevoke(counter.Channel, $"p{n}-d", from, $"p{n}"),
            ];
            await counter.HappenAsync([.. order.Select(i => events[i])]);
            var message = Assert.Single(await counter.MessagesOfAsync(await counter.TicketOfAsync(who)));
            ends.Add((message.DeletedAt is null ? message.Body : null, message.DeletedAt is not null));
        }
        Assert.Equal(24, n);
        Assert.Equal([(null, true)], ends);
    }

    [Fact]
    public async Task Of_two_edits_the_later_one_holds_in_whatever_order_they_come()
    {
        var ends = new HashSet<(string?, string?)>();
        var n = 0;
        foreach (var order in Permutations([0, 1, 2]))
        {
            var who = $"55119223{++n:00000}";
            var (from, at) = (new Address(who), DateTime.UtcNow);
            InboundEvent[] events =
            [
                counter.Says(who, "um", $"late{n}"), new InboundEdit(counter.Channel, $"late{n}-a", from, $"late{n}", "dois") { At = at.AddSeconds(10) },
                new InboundEdit(counter.Channel, $"late{n}-b", from, $"late{n}", "três") { At = at.AddSeconds(20) },
            ];
            foreach (var i in order) await counter.HappenAsync(events[i]);
            var message = Assert.Single(await counter.MessagesOfAsync(await counter.TicketOfAsync(who)));
            ends.Add((message.Body, message.PreviousBody));
        }
        Assert.Equal(6, n);
        Assert.Equal([("três", "um")], ends);
    }

    [Fact]
    public async Task A_closed_ticket_is_not_reopened_and_a_new_one_goes_on_with_the_numbers()
    {
        const string who = "5511911110007";
        var ana = counter.Agent("Bia");
        var first = await counter.ServedAsync(ana, who);
        await counter.Send(ana, new CloseTicket(first));
        await counter.HappenAsync(counter.Says(who, "de novo"));
        var (old, now) = (await counter.TicketAsync(first), await counter.TicketAsync(await counter.TicketOfAsync(who)));
        Assert.Equal((TicketStatus.Closed, TicketStatus.Pending), (old.Status, now.Status));
        Assert.True(now.LastChange > old.LastChange);
        Assert.True(now.Number > old.Number);
    }

    [Fact]
    public async Task An_echo_of_the_phone_answers_without_opening_or_counting()
    {
        const string who = "5511911110008";
        await counter.HappenAsync(counter.Says(who, "oi"));
        var ticket = await counter.TicketOfAsync(who);
        await counter.HappenAsync(counter.Says(who, "respondi pelo celular") with { Echo = true });
        var messages = await counter.MessagesOfAsync(ticket);
        Assert.Equal((true, MessageOrigin.Device, MessageState.Sent), (messages[1].FromUs, messages[1].Origin, messages[1].State));
        Assert.Equal(1, (await counter.TicketAsync(ticket)).Unread);
    }

    [Fact]
    public void Receipts_in_any_order_with_repeats_end_alike() =>
        Gen.Enum<ReceiptState>().Array[1, 8].Select(Gen.Int, (states, seed) => (states, seed)).Sample(x =>
        {
            var shuffled = x.states.Concat(x.states).ToArray();
            new Random(x.seed).Shuffle(shuffled);
            Assert.Equal(End(x.states), End(shuffled));
        });

    private static MessageState End(IEnumerable<ReceiptState> receipts)
    {
        var message = new Message { FromUs = true, State = MessageState.Sending };
        foreach (var r in receipts) Lattice.Raise(message, Lattice.Of(r));
        return message.State;
    }

    private static IEnumerable<int[]> Permutations(int[] items) => items.Length == 1 ? [items]
        : items.SelectMany(first => Permutations([.. items.Where(i => i != first)]).Select(rest => (int[])[first, .. rest]));
}
