using System.Net;
using System.Text.Json.Nodes;
using CsCheck;
using Inforzap.Tests.Support;
using Inforzap.Tickets;

namespace Inforzap.Tests.Plugins;

/// <summary>R-08 the whole way: receipts come twice, late and in any order, in calls of any size; what a message ends as depends on none of that.</summary>
public sealed class WabaReceiptTests : IAsyncLifetime
{
    private static readonly string[] States = ["sent", "failed", "delivered", "read", "played"];
    private static readonly string[] People = ["5511900000001", "5511900000002", "5511900000003"];

    private WabaDesk it = null!;

    public async ValueTask InitializeAsync() => it = await WabaDesk.OpenAsync();

    public async ValueTask DisposeAsync() => await it.DisposeAsync();

    /// <summary>Every order of every choice of these.</summary>
    private static IEnumerable<string[]> Orders(IReadOnlyList<string> of) => of.Count == 0 ? [] :
        of.SelectMany(first => Orders([.. of.Where(s => s != first)]).Prepend([]).Select(rest => (string[])[first, .. rest]));

    private static MessageState Highest(IEnumerable<string> states) => (MessageState)Enum.Parse(typeof(MessageState), states.MaxBy(s => Array.IndexOf(States, s))!, ignoreCase: true);

    [Fact]
    public async Task Whatever_order_receipts_come_in_and_however_often_the_end_is_the_same()
    {
        // All 64 orders of sent, failed, delivered and read; and for each of those that end played, one more.
        var orders = Orders(["sent", "failed", "delivered", "read"]).Concat([["played", "read", "delivered", "sent"], ["sent", "played"], ["failed", "played", "sent"]]).ToList();
        Assert.Equal(67, orders.Count);
        var tickets = new List<Guid>();
        foreach (var who in People) tickets.Add(await it.ServedAsync(who));
        var sent = new List<(Guid Id, string[] Order)>();
        for (var i = 0; i < orders.Count; i++) sent.Add((await it.AnswerAsync(tickets[i % People.Length], $"{i}", settle: false), orders[i]));
        await it.Desk.SettleAsync();
        Assert.Equal(67, it.Meta.Accepted.Count);
        var taken = new Dictionary<Guid, MetaMessage>();
        foreach (var (id, _) in sent) taken[id] = await it.TakenAsync(id);

        // Shuffled together, each message's own order kept; some twice at once, some again at the end; cut into calls anywhere.
        var random = new Random(20260504);
        var left = sent.Select(s => new Queue<JsonObject>(s.Order.SelectMany(o => Enumerable.Repeat(it.Meta.Status(taken[s.Id], o, o == "failed" ? 131026 : null, withOurId: random.Next(3) > 0), random.Next(1, 3))))).ToList();
        var all = new List<JsonObject>();
        while (left.RemoveAll(q => q.Count == 0) >= 0 && left.Count > 0) all.Add(left[random.Next(left.Count)].Dequeue());
        all.AddRange(all.Where(_ => random.Next(3) == 0).Select(s => s.DeepClone().AsObject()).ToList());
        for (var at = 0; at < all.Count;)
        {
            var size = random.Next(1, 25);
            Assert.Equal(HttpStatusCode.OK, await it.CallAsync(FakeMeta.Statuses(all.Skip(at).Take(size).Select(s => s.DeepClone().AsObject()))));
            at += size;
        }
        await it.Desk.SettleAsync();
        foreach (var (id, order) in sent)
        {
            var message = await it.MessageAsync(id);
            Assert.True(Highest(order) == message.State, $"{string.Join(", ", order)} ended {message.State}");
            Assert.Equal(message.State == MessageState.Failed, message.FailReason is not null);
        }
    }

    /// <summary>The plugin alone says the same of a receipt wherever it stands, so that the order can matter to nobody behind it.</summary>
    [Fact]
    public void A_receipt_means_the_same_wherever_it_stands_in_a_call()
    {
        var message = new MetaMessage("wamid.OUT1", People[0], "text", new JsonObject { ["biz_opaque_callback_data"] = $"inforzap:{Guid.NewGuid():N}" });
        var channel = Guid.NewGuid();
        var bodies = States.Select(s => it.Meta.Status(message, s, s == "failed" ? 131047 : null)).ToArray();
        List<string> Read(IEnumerable<JsonObject> statuses) => [.. Inforzap.Plugins.Waba.Notifications.Read(System.Text.Encoding.UTF8.GetBytes(FakeMeta.Statuses(statuses.Select(s => s.DeepClone().AsObject()))))
            .SelectMany(c => new Inforzap.Plugins.Waba.Notifications(channel).Of(c)).Select(e => e.EventId)];
        Gen.Int[0, States.Length - 1].List[1, 12].Sample(picks => Assert.Equal(picks.Select(p => Read([bodies[p]]).Single()), Read(picks.Select(p => bodies[p]))), iter: 200);
    }

    [Fact]
    public async Task A_receipt_that_overtakes_the_answer_settles_the_message_and_the_answer_changes_nothing()
    {
        var ticket = await it.ServedAsync(People[0]);
        it.Meta.AcceptAnd("messages", new FakeAnswer(200, """{"messages":[{"id":"wamid.LATE"}]}""") { Delay = TimeSpan.FromMilliseconds(700) });
        var id = await it.AnswerAsync(ticket, "rápido", settle: false);
        var end = DateTime.UtcNow.AddSeconds(30);
        while (it.Meta.Accepted.Count == 0)
        {
            Assert.True(DateTime.UtcNow < end, "Meta was never asked.");
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }
        await it.CallAsync(FakeMeta.Statuses(it.Meta.Status(it.Meta.Accepted[0] with { Id = "wamid.LATE" }, "read")));
        await it.Desk.SettleAsync();
        var message = await it.MessageAsync(id);
        Assert.Equal((MessageState.Read, "wamid.LATE"), (message.State, message.ProviderId));
        await it.CallAsync(FakeMeta.Statuses(it.Meta.Status(it.Meta.Accepted[0] with { Id = "wamid.LATE" }, "played", withOurId: false)));
        await it.Desk.SettleAsync();
        Assert.Equal(MessageState.Played, (await it.MessageAsync(id)).State);
    }
}
