using System.Collections.Concurrent;
using Inforzap.Contracts.Tickets;
using Inforzap.Requests;

namespace Inforzap.Channels.Out;

/// <summary>
/// Has claims and results written down. While one transaction runs, what other lanes want gathers, and goes together into the next:
/// alone a message waits for nobody, and many cost little more than one.
/// </summary>
internal sealed class SendBook(SystemMediator mediator, ILogger<SendBook> log)
{
    /// <summary>More at once would keep conversations held for longer than an agent's click should wait.</summary>
    private const int Most = 50;
    private const int MostTries = 4;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private readonly ConcurrentQueue<Wish> wishes = new();
    private int isWriting;

    private sealed record Wish(ClaimSend? Claim, RecordSend? Record)
    {
        public TaskCompletionSource<ClaimedSend?> Claimed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
        public TaskCompletionSource<bool> Recorded { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Fail(Exception e)
        {
            if (Claim is null) Recorded.TrySetException(e);
            else Claimed.TrySetException(e);
        }
    }

    /// <summary>Claims a message. Once asked for it is not taken back: what is claimed must be sent.</summary>
    public Task<ClaimedSend?> ClaimAsync(ClaimSend claim)
    {
        var wish = new Wish(claim, null);
        Ask(wish);
        return wish.Claimed.Task;
    }

    /// <summary>Writes a result down.</summary>
    public Task<bool> RecordAsync(RecordSend record)
    {
        var wish = new Wish(null, record);
        Ask(wish);
        return wish.Recorded.Task;
    }

    private void Ask(Wish wish)
    {
        wishes.Enqueue(wish);
        if (Interlocked.Exchange(ref isWriting, 1) == 0) _ = Task.Run(WriteAsync);
    }

    private async Task WriteAsync()
    {
        while (true)
        {
            var turn = new List<Wish>();
            while (turn.Count < Most && wishes.TryDequeue(out var wish)) turn.Add(wish);
            if (turn.Count > 0)
            {
                await TogetherAsync(turn);
                continue;
            }
            Interlocked.Exchange(ref isWriting, 0);
            // Somebody may have come between the look and the word that nobody writes.
            if (wishes.IsEmpty || Interlocked.Exchange(ref isWriting, 1) == 1) return;
        }
    }

    private async Task TogetherAsync(List<Wish> turn, int tries = 1)
    {
        try
        {
            await DoAsync(turn);
        }
        catch (Exception e) when (turn.Count > 1)
        {
            // One of them, or somebody who was faster: each alone, so that a bad one costs only itself.
            log.LogInformation("{Count} claims and results failed together and are repeated one by one: {Exception}", turn.Count, e.GetType().Name);
            foreach (var wish in turn) await TogetherAsync([wish]);
        }
        catch (Exception e) when (turn[0].Record is not null && tries < MostTries)
        {
            // It left or it did not, and nobody else knows. Writing the same down twice changes nothing.
            log.LogInformation("A result could not be written down and is tried again: {Exception}", e.GetType().Name);
            await Task.Delay(Pause * tries);
            await TogetherAsync(turn, tries + 1);
        }
        catch (Exception e)
        {
            turn[0].Fail(e);
        }
    }

    private async Task DoAsync(List<Wish> turn)
    {
        var (claims, records) = (turn.FindAll(w => w.Claim is not null), turn.FindAll(w => w.Record is not null));
        var worked = await mediator.Send(new WorkSends([.. claims.Select(w => w.Claim!)], [.. records.Select(w => w.Record!)]), CancellationToken.None);
        for (var i = 0; i < claims.Count; i++) claims[i].Claimed.TrySetResult(worked.Claims[i]);
        for (var i = 0; i < records.Count; i++) records[i].Recorded.TrySetResult(worked.Records[i]);
    }
}
