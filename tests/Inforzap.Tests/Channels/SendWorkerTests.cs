using Inforzap.Channels;
using Inforzap.Channels.Manage;
using Inforzap.Contracts.Channels;
using Inforzap.Data;
using Inforzap.Http;
using Inforzap.Lanes;
using Inforzap.Sdk;
using Inforzap.Tests.Support;
using Inforzap.Tickets;
using Inforzap.Tickets.Desk;
using Inforzap.Tickets.Outbound;

namespace Inforzap.Tests.Channels;

public sealed class SendWorkerTests(Desk desk) : IClassFixture<Desk>
{
    private ChannelDirectory Directory => desk.Services.GetRequiredService<ChannelDirectory>();

    private Task<Message> MessageAsync(Guid id) => desk.ReadAsync(db => db.Set<Message>().AsNoTracking().SingleAsync(m => m.Id == id));

    private async Task<(Guid Channel, TestAdapter Adapter, Func<string, Task<Guid>> Say)> TalkAsync(string key)
    {
        var (channel, adapter) = await desk.ChannelAsync(key);
        var person = await desk.PersonAsync("Ana", BuiltInRoles.Administrator, await desk.QueueAsync("Atendimento"));
        await adapter.Inbox.DeliverAsync(TestChannels.Message(channel, "e1", $"55119{Random.Shared.Next(10_000_000, 99_999_999)}"));
        await desk.SettleAsync();
        var ticket = await desk.ReadAsync(db => db.Set<Ticket>().Where(t => t.ChannelId == channel).Select(t => t.Id).SingleAsync());
        await desk.SendAs(person, new AcceptTicket(ticket));
        return (channel, adapter, async text =>
        {
            var id = Guid.CreateVersion7();
            await desk.SendAs(person, new SendMessage(ticket, id, text));
            return id;
        });
    }

    [Fact]
    public async Task A_message_goes_out_once()
    {
        var (_, adapter, say) = await TalkAsync("send-once");
        var id = await say("Bom dia");
        await desk.SettleAsync();
        Assert.Equal(MessageState.Sent, (await MessageAsync(id)).State);
        Assert.Equal(id, Assert.Single(adapter.Sent).MessageId);
    }

    [Fact]
    public async Task What_throws_is_unknown_and_not_repeated()
    {
        var (channel, adapter, say) = await TalkAsync("send-throws");
        adapter.Send = (_, _) => throw new InvalidOperationException("11999998888");
        Guid[] ids = [await say("um"), await say("dois"), await say("três")];
        await desk.SettleAsync();
        Assert.Equal(3, adapter.Sent.Count);
        foreach (var id in ids) Assert.Equal(MessageState.Unknown, (await MessageAsync(id)).State);
        await Directory.LoadAsync();
        Assert.Equal(ChannelState.Retrying, Directory.Find(channel)!.State);
        adapter.Send = (m, _) => Task.FromResult(SendResult.Sent("ok-" + m.AttemptId));
        await say("quatro");
        await desk.SettleAsync();
        await Directory.LoadAsync();
        Assert.Equal(ChannelState.Connected, Directory.Find(channel)!.State);
    }

    /// <summary>One talkative conversation is not a channel that fails.</summary>
    [Fact]
    public async Task A_person_who_gets_too_much_at_once_says_nothing_of_the_channel()
    {
        var (channel, adapter, say) = await TalkAsync("send-person");
        adapter.Send = (_, _) => Task.FromResult(SendResult.LaterForAddress(TimeSpan.FromMilliseconds(1), "devagar"));
        var id = await say("um");
        for (var i = 0; i < 5; i++)
        {
            await desk.SettleAsync();
            await Task.Delay(1_100);
        }
        Assert.True(adapter.Sent.Count >= 4, $"{adapter.Sent.Count} tries");
        await Directory.LoadAsync();
        Assert.NotEqual(ChannelState.Retrying, Directory.Find(channel)!.State);
        adapter.Send = (m, _) => Task.FromResult(SendResult.Sent("ok-" + m.AttemptId));
        await Task.Delay(1_100);
        await desk.SettleAsync();
        Assert.Equal(MessageState.Sent, (await MessageAsync(id)).State);
    }

    /// <summary>What a client of the safe factory throws before it has a connection: nothing can have left.</summary>
    [Fact]
    public async Task Whatever_kept_a_connection_from_being_made_lets_the_message_wait()
    {
        var (_, adapter, say) = await TalkAsync("send-unmade");
        Exception[] causes =
        [
            new HttpRequestException(HttpRequestError.NameResolutionError, "x"),
            new HttpRequestException(HttpRequestError.ConnectionError, "x", new HttpRequestException(HttpRequestError.NameResolutionError, "x")),
            new HttpRequestException(HttpRequestError.SecureConnectionError, "x"),
            new BlockedAddressException(),
        ];
        var tries = 0;
        adapter.Send = (_, _) => throw causes[Math.Min(tries++, causes.Length - 1)];
        var id = await say("um");
        for (var i = 0; i < causes.Length; i++)
        {
            await desk.SettleAsync();
            Assert.Equal((MessageState.Queued, i + 1), ((await MessageAsync(id)).State, adapter.Sent.Count));
            var message = (await MessageAsync(id)).Id;
            await desk.WriteAsync(db => db.LaneItems.Where(l => l.Payload.Contains(message.ToString()) && l.State == LaneItemState.Pending).ExecuteUpdateAsync(s => s.SetProperty(l => l.DueAt, DateTime.UtcNow.AddSeconds(-1))));
            var lane = await desk.ReadAsync(db => db.LaneItems.Where(l => l.Payload.Contains(message.ToString())).Select(l => l.Lane).SingleAsync());
            if (i < causes.Length - 1) desk.Services.GetRequiredService<LaneWaker>().Wake([lane]);
        }
    }

    [Fact]
    public async Task A_connection_that_never_was_waits_and_a_channel_that_is_off_too()
    {
        var (channel, adapter, say) = await TalkAsync("send-waits");
        adapter.Send = (_, _) => throw new HttpRequestException(HttpRequestError.ConnectionError, "x", new System.Net.Sockets.SocketException(111));
        var id = await say("um");
        await desk.SettleAsync();
        Assert.Equal(MessageState.Queued, (await MessageAsync(id)).State);
        await desk.SendAsSystem(new SwitchChannel(channel, false));
        await Directory.LoadAsync();
        var before = adapter.Sent.Count;
        await desk.WriteAsync(db => db.LaneItems.Where(i => i.Lane.StartsWith($"out/{channel:N}/") && i.State == LaneItemState.Pending).ExecuteUpdateAsync(s => s.SetProperty(i => i.DueAt, DateTime.UtcNow.AddSeconds(-1))));
        var item = await desk.ReadAsync(db => db.LaneItems.AsNoTracking().SingleAsync(i => i.Lane.StartsWith($"out/{channel:N}/") && i.State == LaneItemState.Pending));
        var worker = desk.Services.GetServices<ILaneWorker>().Single(w => w.Type == "out");
        Assert.True(await worker.WorkAsync(item, default) > DateTime.UtcNow.AddSeconds(20));
        Assert.Equal(before, adapter.Sent.Count);
        Assert.Equal((MessageState.Queued, 0), ((await MessageAsync(id)).State, item.Attempts));
    }
}
