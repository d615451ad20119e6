using System.Collections.Concurrent;

namespace Inforzap.Data;

/// <summary>
/// Does together what many ask for: while one turn runs, what others want gathers and goes into the next. Alone a wish waits for
/// nobody, and many cost little more than one. If a turn fails, each of its wishes is repeated alone, so that a bad one costs only itself.
/// </summary>
/// <param name="most">Wishes in one turn.</param>
/// <param name="fulfil">Answers wishes in their order. It must bear being asked the same again after it failed.</param>
/// <param name="atOnce">Turns that may run at once: more than one only where they don't wait for each other.</param>
public sealed class Gathering<TWish, TAnswer>(int most, Func<IReadOnlyList<TWish>, Task<IReadOnlyList<TAnswer>>> fulfil, int atOnce = 1)
{
    private readonly ConcurrentQueue<Asked> waiting = new();
    private int turns;

    private sealed record Asked(TWish Wish)
    {
        public TaskCompletionSource<TAnswer> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>Asks, and returns the answer or what went wrong. Not taken back once asked for.</summary>
    public Task<TAnswer> AskAsync(TWish wish)
    {
        var asked = new Asked(wish);
        waiting.Enqueue(asked);
        if (Begin()) _ = Task.Run(TakeTurnsAsync);
        return asked.Answer.Task;
    }

    private bool Begin()
    {
        for (var running = Volatile.Read(ref turns); running < atOnce; running = Volatile.Read(ref turns))
            if (Interlocked.CompareExchange(ref turns, running + 1, running) == running) return true;
        return false;
    }

    private async Task TakeTurnsAsync()
    {
        do
        {
            while (!waiting.IsEmpty) await TurnAsync();
            Interlocked.Decrement(ref turns);
            // Somebody may have come between the look and the word that this turn is over.
        }
        while (!waiting.IsEmpty && Begin());
    }

    private async Task TurnAsync()
    {
        var together = new List<Asked>();
        while (together.Count < most && waiting.TryDequeue(out var next)) together.Add(next);
        if (together.Count > 1 && await TryAsync(together) is null) return;
        foreach (var asked in together)
            if (await TryAsync([asked]) is { } e) asked.Answer.TrySetException(e);
    }

    private async Task<Exception?> TryAsync(List<Asked> together)
    {
        try
        {
            var answers = await fulfil(together.ConvertAll(a => a.Wish));
            for (var i = 0; i < together.Count; i++) together[i].Answer.TrySetResult(answers[i]);
            return null;
        }
        catch (Exception e)
        {
            return e;
        }
    }
}
