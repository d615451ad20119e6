using Inforzap.Data;
using Microsoft.Extensions.Hosting;

namespace Inforzap.Live;

/// <summary>
/// Rows that are looked at often and changed seldom, held in memory on each node and read anew when a hint says so. Reads never
/// overlap, and what was hinted while one ran is read after it: the newest stands last. What can't be read is tried again; until then
/// the last copy stands.
/// </summary>
public abstract class LiveCopy(IServiceScopeFactory scopes, LiveHints live, ILogger log) : IHostedService, IDisposable
{
    private static readonly TimeSpan AgainAfter = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim turn = new(1);
    private IDisposable? subscription;
    private long hints;
    private volatile bool isOver;

    /// <summary>To tell those who go by the copy, and not by its rows.</summary>
    protected LiveHints Hints => live;

    /// <summary>What it is a copy of.</summary>
    protected abstract IEnumerable<string> Topics { get; }

    /// <summary>Reads it, and puts it in the place of the last copy.</summary>
    protected abstract Task ReadAsync(InforzapDb db, CancellationToken ct);

    /// <summary>Whether a hint concerns it.</summary>
    protected virtual bool Concerns(string topic) => true;

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        subscription = live.On(Topics, topic =>
        {
            // One reader answers all hints that come while it reads.
            if (Concerns(topic) && Interlocked.Increment(ref hints) == 1) _ = AnswerAsync();
        });
        await LoadAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        isOver = true;
        subscription?.Dispose();
        return Task.CompletedTask;
    }

    /// <summary>Reads it now.</summary>
    public async Task LoadAsync(CancellationToken ct = default)
    {
        await turn.WaitAsync(ct);
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            await ReadAsync(scope.ServiceProvider.GetRequiredService<InforzapDb>(), ct);
        }
        finally
        {
            turn.Release();
        }
    }

    private async Task AnswerAsync()
    {
        while (!isOver)
        {
            var seen = Interlocked.Read(ref hints);
            try
            {
                await LoadAsync();
                if (Interlocked.CompareExchange(ref hints, 0, seen) == seen) return;
            }
            catch (Exception e)
            {
                if (isOver) return;
                log.LogWarning("{Copy} can't be read now; the last one stays for a while: {Exception}", GetType().Name, e.GetType().Name);
                await Task.Delay(AgainAfter, CancellationToken.None);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        isOver = true;
        subscription?.Dispose();
        turn.Dispose();
        GC.SuppressFinalize(this);
    }
}
