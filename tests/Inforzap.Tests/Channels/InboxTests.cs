using System.Text.Json;
using Inforzap.Data;
using Inforzap.Lanes;
using Inforzap.Sdk;
using Inforzap.Tests.Support;

namespace Inforzap.Tests.Channels;

public sealed class InboxTests(Desk desk) : IClassFixture<Desk>
{
    private Task<List<LaneItem>> ItemsAsync(Guid channel) =>
        desk.ReadAsync(db => db.LaneItems.AsNoTracking().Where(i => i.Lane.StartsWith($"in/{channel:N}/")).OrderBy(i => i.Position).ToListAsync());

    [Fact]
    public async Task Copies_of_one_event_that_come_at_once_are_one_item()
    {
        var (channel, adapter) = await desk.ChannelAsync("copies");
        await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => Task.Run(() => adapter.Inbox.DeliverAsync(TestChannels.Message(channel, "e1", "5511911112222")))));
        Assert.Single(await ItemsAsync(channel));
    }

    [Fact]
    public async Task Events_of_one_call_keep_their_order_and_a_copy_within_it_is_dropped()
    {
        var (channel, adapter) = await desk.ChannelAsync("order");
        var events = Enumerable.Range(0, 60).Select(i => (InboundEvent)TestChannels.Message(channel, $"e{i % 50}", "5511911112222", $"{i}")).ToList();
        await adapter.Inbox.DeliverAsync(events);
        Assert.Equal(Enumerable.Range(0, 50).Select(i => $"{channel:N}:e{i}"), (await ItemsAsync(channel)).Select(i => i.DedupKey));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("a\0b")]
    [InlineData("lone surrogate")]
    public async Task An_id_that_is_none_is_refused(string id)
    {
        // An attribute can't carry it.
        if (id == "lone surrogate") id = new string('\ud800', 1);
        var (channel, adapter) = await desk.ChannelAsync("ids");
        await Assert.ThrowsAnyAsync<ArgumentException>(() => adapter.Inbox.DeliverAsync(TestChannels.Message(channel, id, "5511911112222")));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => adapter.Inbox.DeliverAsync(TestChannels.Message(channel, "e", id)));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => adapter.Inbox.DeliverAsync(TestChannels.Message(channel, new string('x', 10_240), "5511911112222")));
        Assert.Empty(await ItemsAsync(channel));
    }

    [Fact]
    public async Task A_bad_event_among_good_ones_costs_only_itself_and_is_logged_without_its_words()
    {
        var (channel, adapter) = await desk.ChannelAsync("bad-one");
        var events = Enumerable.Range(0, 100).Select(i => (InboundEvent)TestChannels.Message(channel, i == 40 ? "" : $"e{i}", "5511911112222", "segredo-do-cliente")).ToList();
        await adapter.Inbox.DeliverAsync(events);
        Assert.Equal(99, (await ItemsAsync(channel)).Count);
        Assert.DoesNotContain(desk.Log, l => l.Contains("segredo-do-cliente", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Another_plugin_s_channel_is_not_this_one_s()
    {
        var (_, adapter) = await desk.ChannelAsync("mine");
        await Assert.ThrowsAnyAsync<ArgumentException>(() => adapter.Inbox.DeliverAsync(TestChannels.Message(Guid.CreateVersion7(), "e", "5511911112222")));
        Assert.Empty(await adapter.View.SinceAsync(Guid.CreateVersion7(), new Address("5511911112222"), 0));
    }

    [Fact]
    public async Task Text_is_cleaned_cut_and_its_raw_form_kept()
    {
        var (channel, adapter) = await desk.ChannelAsync("clean");
        byte[] raw = [1, 0, 2];
        await adapter.Inbox.DeliverAsync(TestChannels.Message(channel, "e1", "5511911112222", "a\0b \ud800 e\u0301 \u202Ex \u200B") with { Raw = raw });
        await adapter.Inbox.DeliverAsync(TestChannels.Message(channel, "e2", "5511911112222", new string('x', 100_000)));
        var items = await ItemsAsync(channel);
        string Body(int i) => ((TextContent)((InboundMessage)JsonSerializer.Deserialize<InboundEvent>(items[i].Payload, JsonSerializerOptions.Web)!).Content).Body;
        Assert.Equal("ab \uFFFD \u00E9 \u202Ex \u200B", Body(0));
        Assert.Equal(raw, items[0].Raw);
        Assert.Equal((CleanText.MaxBody, '…'), (Body(1).Length, Body(1)[^1]));
    }

    [Fact]
    public async Task A_message_reaches_its_ticket()
    {
        var (channel, adapter) = await desk.ChannelAsync("through");
        await adapter.Inbox.DeliverAsync(TestChannels.Message(channel, "e1", "5511911113333", "Bom dia"));
        await desk.SettleAsync();
        Assert.Equal(LaneItemState.Done, (await ItemsAsync(channel)).Single().State);
        Assert.Equal("Bom dia", ((TextContent)(await adapter.View.SinceAsync(channel, new Address("5511911113333"), 0)).Single().Content).Body);
    }

    [Fact]
    public async Task A_plugin_keeps_its_values_encrypted()
    {
        var (_, adapter) = await desk.ChannelAsync("store");
        Assert.Null(await adapter.Store.GetAsync("cursor"));
        await adapter.Store.SetAsync("cursor", "segredo-canario");
        Assert.Equal("segredo-canario", await adapter.Store.GetAsync("cursor"));
        Assert.DoesNotContain("canario", await desk.ReadAsync(async db => (await db.Set<Inforzap.Channels.PluginValue>().SingleAsync(v => v.Name == "cursor")).Value));
        await adapter.Store.SetAsync("cursor", null);
        Assert.Null(await adapter.Store.GetAsync("cursor"));
    }
}
