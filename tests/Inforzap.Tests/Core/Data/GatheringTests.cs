using Inforzap.Data;

namespace Inforzap.Tests.Core.Data;

public sealed class GatheringTests : IDisposable
{
    private readonly List<int[]> turns = [];
    private readonly SemaphoreSlim gate = new(0);

    [Fact]
    public async Task What_comes_while_a_turn_runs_goes_together_into_the_next()
    {
        var gathering = Waiting(most: 10);
        var first = gathering.AskAsync(1);
        await UntilAsync(() => turns.Count == 1);
        var others = Enumerable.Range(2, 12).Select(gathering.AskAsync).ToArray();
        gate.Release(3);
        Assert.Equal(10, await first);
        Assert.Equal(Enumerable.Range(2, 12).Select(n => n * 10), await Task.WhenAll(others));
        Assert.Equal([1, 10, 2], turns.Select(t => t.Length));
    }

    [Fact]
    public async Task A_bad_one_costs_only_itself()
    {
        var gathering = Waiting(most: 10);
        var first = gathering.AskAsync(1);
        await UntilAsync(() => turns.Count == 1);
        var (good, bad, also) = (gathering.AskAsync(2), gathering.AskAsync(-1), gathering.AskAsync(3));
        gate.Release(10);
        int[] answers = await Task.WhenAll(first, good, also);
        Assert.Equal([10, 20, 30], answers);
        await Assert.ThrowsAsync<InvalidOperationException>(() => bad);
        Assert.Equal(40, await gathering.AskAsync(4));
    }

    [Fact]
    public async Task No_more_turns_run_at_once_than_may()
    {
        var (running, most) = (0, 0);
        var gathering = new Gathering<int, int>(3, async wishes =>
        {
            lock (turns) most = Math.Max(most, ++running);
            await Task.Delay(1);
            lock (turns) running--;
            return [.. wishes];
        }, atOnce: 2);
        await Parallel.ForEachAsync(Enumerable.Range(0, 500), new ParallelOptions { MaxDegreeOfParallelism = 40 }, async (n, _) => Assert.Equal(n, await gathering.AskAsync(n)));
        Assert.Equal(2, most);
    }

    public void Dispose() => gate.Dispose();

    private Gathering<int, int> Waiting(int most) => new(most, async wishes =>
    {
        lock (turns) turns.Add([.. wishes]);
        await gate.WaitAsync(TimeSpan.FromSeconds(20));
        return wishes.Contains(-1) ? throw new InvalidOperationException("bad") : [.. wishes.Select(w => w * 10)];
    });

    private async Task UntilAsync(Func<bool> holds)
    {
        for (var n = 0; n < 1_000; n++)
        {
            lock (turns) if (holds()) return;
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
        Assert.Fail("It did not come to that.");
    }
}
