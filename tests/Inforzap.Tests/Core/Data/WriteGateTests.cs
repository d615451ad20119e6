using Inforzap.Data;

namespace Inforzap.Tests.Core.Data;

public sealed class WriteGateTests
{
    private readonly WriteGate gate = new(DatabaseProvider.Sqlite);

    [Fact]
    public async Task One_at_a_time()
    {
        var (inside, most) = (0, 0);
        await Task.WhenAll(Enumerable.Range(0, 200).Select(n => Task.Run(async () =>
        {
            using (await gate.EnterAsync((WriterKind)(n % 3)))
            {
                most = Math.Max(most, Interlocked.Increment(ref inside));
                await Task.Yield();
                Interlocked.Decrement(ref inside);
            }
        })));
        Assert.Equal((0, 1), (inside, most));
    }

    [Fact]
    public async Task Appends_go_first_then_people_then_lanes()
    {
        List<WriterKind> order = [];
        var first = await gate.EnterAsync(WriterKind.Background);
        var waiting = new[] { WriterKind.Background, WriterKind.Request, WriterKind.Append }.Select(PassAsync).ToArray();
        first.Dispose();
        await Task.WhenAll(waiting);
        Assert.Equal([WriterKind.Append, WriterKind.Request, WriterKind.Background], order);

        async Task PassAsync(WriterKind kind)
        {
            using (await gate.EnterAsync(kind)) order.Add(kind);
        }
    }

    [Fact]
    public async Task A_flood_of_appends_does_not_starve_lanes()
    {
        List<int> order = [];
        var first = await gate.EnterAsync(WriterKind.Append);
        var lane = PassAsync(WriterKind.Background, -1);
        var appends = Enumerable.Range(0, 100).Select(n => PassAsync(WriterKind.Append, n)).ToArray();
        first.Dispose();
        await Task.WhenAll([lane, .. appends]);
        Assert.InRange(order.IndexOf(-1), 0, 8);

        async Task PassAsync(WriterKind kind, int n)
        {
            using (await gate.EnterAsync(kind)) order.Add(n);
        }
    }

    [Fact]
    public async Task Who_gives_up_waiting_holds_nobody_up()
    {
        using var patience = new CancellationTokenSource();
        var first = await gate.EnterAsync(WriterKind.Request);
        var gone = gate.EnterAsync(WriterKind.Request, patience.Token).AsTask();
        var stays = gate.EnterAsync(WriterKind.Request).AsTask();
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gone);
        first.Dispose();
        (await stays.WaitAsync(TimeSpan.FromSeconds(5))).Dispose();
        (await gate.EnterAsync(WriterKind.Request)).Dispose();
    }

    [Fact]
    public async Task Other_databases_have_no_gate()
    {
        var open = new WriteGate(DatabaseProvider.PostgreSql);
        using var first = await open.EnterAsync(WriterKind.Append);
        using var second = await open.EnterAsync(WriterKind.Append);
        Assert.NotNull(second);
    }
}
