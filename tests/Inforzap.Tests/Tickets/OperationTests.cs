using Inforzap.Data;
using Inforzap.Lanes;
using Inforzap.Requests;
using Inforzap.Sdk;
using Inforzap.Contracts.Tickets;
using Inforzap.Tests.Support;
using Inforzap.Tickets;
using Inforzap.Tickets.Operation;

namespace Inforzap.Tests.Tickets;

public sealed class OperationTests(Counter counter) : IClassFixture<Counter>
{
    [Fact]
    public async Task What_waits_what_was_sent_and_where_it_is_kept_is_seen_by_administrators_alone()
    {
        var ana = counter.Agent("Ana");
        var ticket = await counter.ServedAsync(ana, "5521966660001");
        var (_, sent, at) = await counter.AnswerAsync(ana, ticket, "um");
        await counter.SendAsSystem(new RecordSend(sent.Message!.MessageId, sent.Message.AttemptId, at, SendResult.Sent("op-1")));
        var (_, refused, there) = await counter.AnswerAsync(ana, ticket, "dois");
        await counter.SendAsSystem(new RecordSend(refused.Message!.MessageId, refused.Message.AttemptId, there, SendResult.Refused("não")));
        var old = DateTime.UtcNow.AddHours(-3);
        await counter.WriteAsync(db =>
        {
            // Nobody serves this kind here, so they stay.
            db.Enqueue("media2/a", "fetch", "{}", DateTime.UtcNow.AddDays(1));
            db.Enqueue("media2/b", "fetch", "{}", DateTime.UtcNow.AddDays(1));
            return Task.CompletedTask;
        });
        await counter.ReadAsync(db => db.Set<LaneItem>().Where(i => i.Lane == "media2/a").ExecuteUpdateAsync(s => s.SetProperty(i => i.DueAt, old)));

        await counter.KeepNodeAsync();
        var view = await counter.Send(counter.Agent("Adm", BuiltInRoles.Administrator), new ReadOperation());
        var lane = view.Lanes.Single(l => l.Type == "media2");
        Assert.Equal((1, 1), (lane.Due, lane.Later));
        Assert.Equal(old, lane.Oldest!.Value, TimeSpan.FromSeconds(1));
        Assert.Equal((1, 1), (view.Sends.Single(s => s.State == MessageState.Sent).Count, view.Sends.Single(s => s.State == MessageState.Failed).Count));
        Assert.Single(view.Channels);
        Assert.True(view.Database.Bytes > 0 && view.FilesFree > 0 && view.FilesTotal >= view.FilesFree);
        var node = Assert.Single(view.Nodes);
        Assert.True(node is { Memory: > 0, Circuits: 0 } && node.SeenAt - node.StartedAt > TimeSpan.Zero);
        foreach (var role in new[] { BuiltInRoles.Agent, BuiltInRoles.Supervisor })
            Assert.Equal(RefusalKind.Forbidden, (await Assert.ThrowsAsync<Refusal>(() => counter.Send(counter.Agent("Não", role), new ReadOperation()))).Kind);
    }
}
