using Inforzap.Alarms;
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
    private static readonly DateTime Noon = new(2026, 5, 4, 12, 0, 0, DateTimeKind.Utc);
    private static readonly OperationView Calm = new([new("in", 3, 4, Noon.AddMinutes(-4))], new Dictionary<string, int>(), [], [], new(DatabaseProvider.PostgreSql, 1), 5L << 30, 9L << 30,
        [new() { Name = "a", Version = "1", SeenAt = Noon.AddSeconds(-30), ClockOffset = -4_000 }, new() { Name = "b", Version = "1", SeenAt = Noon }]);

    public static TheoryData<string, string> Wrongs => new()
    {
        { "", "" }, { "late", "late" }, { "parked", "parked" }, { "full", "disk" }, { "silent", "node/b" }, { "silent alone", "" }, { "clock", "clock/b" }, { "apart", "apart" },
    };

    [Theory]
    [MemberData(nameof(Wrongs))]
    public void The_bell_rings_for_what_a_person_has_to_see_to(string what, string alarm)
    {
        var b = new Inforzap.Live.Node { Name = "b", Version = "1", SeenAt = what.StartsWith("silent", StringComparison.Ordinal) ? Noon.AddMinutes(-2) : Noon, ClockOffset = what == "clock" ? 90_000 : 0 };
        var view = Calm with
        {
            Lanes = what == "late" ? [new("in", 3, 4, Noon.AddMinutes(-6))] : Calm.Lanes, Parked = what == "parked" ? new Dictionary<string, int> { ["out"] = 2 } : Calm.Parked,
            FilesFree = what == "full" ? 1L << 30 : Calm.FilesFree, Nodes = [Calm.Nodes[0], b],
        };
        Assert.Equal(alarm, string.Join(' ', WatchHouse.Find(view, Noon, hasOthers: what != "silent alone", apart: what == "apart").Select(t => t.Id)));
    }

    [Fact]
    public async Task The_bell_tells_administrators_and_stops_when_it_is_right_again()
    {
        var (admin, agent) = (counter.Agent("Adm", BuiltInRoles.Administrator), counter.Agent("Ana"));
        await counter.WriteAsync(db =>
        {
            db.Enqueue("media3/a", "fetch", "{}", DateTime.UtcNow.AddDays(1));
            return Task.CompletedTask;
        });
        await counter.ReadAsync(db => db.Set<LaneItem>().Where(i => i.Lane == "media3/a").ExecuteUpdateAsync(s => s.SetProperty(i => i.State, LaneItemState.Parked)));
        var rung = 0;
        using var bell = counter.Services.GetRequiredService<Inforzap.Live.LiveHints>().On([Inforzap.Live.Topics.Alarms], _ => rung++);
        await counter.RunAsync<WatchHouse>();
        await counter.RunAsync<WatchHouse>();
        Assert.Equal(1, rung);
        Assert.Contains((await counter.Send(admin, new ListAlarms())).Alarms, a => a is { Id: "parked", Href: "/parked" });
        Assert.DoesNotContain((await counter.Send(agent, new ListAlarms())).Alarms, a => a.Id == "parked");
        await counter.ReadAsync(db => db.Set<LaneItem>().Where(i => i.Lane == "media3/a").ExecuteDeleteAsync());
        await counter.RunAsync<WatchHouse>();
        Assert.Equal(2, rung);
        Assert.DoesNotContain((await counter.Send(admin, new ListAlarms())).Alarms, a => a.Id == "parked");
    }

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
        // What was woken by coming looks first, or it would find this due and count a failure.
        await counter.SettleAsync();
        await counter.ReadAsync(db => db.Set<LaneItem>().Where(i => i.Lane == "media2/a").ExecuteUpdateAsync(s => s.SetProperty(i => i.DueAt, old)));

        await counter.RunAsync<Inforzap.Live.KeepNode>();
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
