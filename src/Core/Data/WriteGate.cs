namespace Inforzap.Data;

/// <summary>Who wants to write; smaller goes first.</summary>
public enum WriterKind
{
    /// <summary>The inbox: a provider waits for its answer.</summary>
    Append,
    /// <summary>A person waits.</summary>
    Request,
    /// <summary>A lane's turn: somebody waits for what it brings.</summary>
    Lane,
    /// <summary>Jobs.</summary>
    Background,
}

/// <summary>
/// One writer at a time on SQLite, in the order append, request, background; open on the other databases. Never held
/// across network or file I/O. To keep lanes from starving, every eighth turn goes to who waited longest.
/// </summary>
public sealed class WriteGate(DatabaseProvider provider)
{
    private readonly Lock sync = new();
    private readonly Queue<Waiter>[] waiting = [new(), new(), new(), new()];
    private bool taken;
    private long ticket;
    private int turn;

    /// <summary>Writers wait for each other.</summary>
    public bool IsOneByOne => provider == DatabaseProvider.Sqlite;

    /// <summary>Waits for the turn; dispose what it returns to pass it on.</summary>
    public async ValueTask<IDisposable> EnterAsync(WriterKind kind, CancellationToken ct = default)
    {
        if (!IsOneByOne) return Open.Instance;
        Waiter waiter;
        lock (sync)
        {
            if (!taken)
            {
                taken = true;
                return new Turn(this);
            }
            waiter = new Waiter(++ticket);
            waiting[(int)kind].Enqueue(waiter);
        }
        await using var cancel = ct.Register(() => waiter.Source.TrySetCanceled(ct));
        await waiter.Source.Task;
        return new Turn(this);
    }

    private void Leave()
    {
        lock (sync)
        {
            while (Next() is { } next)
                if (next.Source.TrySetResult()) return;
            taken = false;
        }
    }

    private Waiter? Next()
    {
        var queues = waiting.Where(q => q.Count > 0).ToArray();
        if (queues.Length == 0) return null;
        return (++turn % 8 == 0 ? queues.MinBy(q => q.Peek().Ticket)! : queues[0]).Dequeue();
    }

    private sealed record Waiter(long Ticket)
    {
        public TaskCompletionSource Source { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private sealed class Turn(WriteGate gate) : IDisposable
    {
        private WriteGate? gate = gate;
        public void Dispose() => Interlocked.Exchange(ref gate, null)?.Leave();
    }

    private sealed class Open : IDisposable
    {
        public static readonly Open Instance = new();
        public void Dispose() { }
    }
}
