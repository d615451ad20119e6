using Inforzap.Contracts.Tickets;
using Inforzap.Data;
using Inforzap.Requests;

namespace Inforzap.Channels.Out;

/// <summary>Has claims and results written down, those of many conversations in one transaction.</summary>
internal sealed class SendBook
{
    /// <summary>More at once would keep conversations held for longer than an agent's click should wait.</summary>
    private const int Most = 50;
    private const int MostTries = 4;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private readonly SystemMediator mediator;
    private readonly ILogger<SendBook> log;
    private readonly Gathering<Wish, Done> book;

    public SendBook(SystemMediator mediator, WriteGate gate, ILogger<SendBook> log)
    {
        (this.mediator, this.log) = (mediator, log);
        // A conversation wants one thing at a time, so two turns hold different ones.
        book = new(Most, WriteAsync, atOnce: gate.IsOneByOne ? 1 : 2);
    }

    private sealed record Wish(ClaimSend? Claim, RecordSend? Record);

    private sealed record Done(ClaimedSend? Claimed, bool Recorded);

    /// <summary>Claims a message. Once asked for it is not taken back: what is claimed must be sent.</summary>
    public async Task<ClaimedSend?> ClaimAsync(ClaimSend claim) => (await book.AskAsync(new(claim, null))).Claimed;

    /// <summary>Writes a result down.</summary>
    public async Task<bool> RecordAsync(RecordSend record)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                return (await book.AskAsync(new(null, record))).Recorded;
            }
            catch (Exception e) when (tries < MostTries)
            {
                // It left or it did not, and nobody else knows. Writing the same down twice changes nothing.
                log.LogInformation("A result could not be written down and is tried again: {Exception}", e.GetType().Name);
                await Task.Delay(Pause * tries);
            }
        }
    }

    private async Task<IReadOnlyList<Done>> WriteAsync(IReadOnlyList<Wish> turn)
    {
        ClaimSend[] claims = [.. turn.Select(w => w.Claim).OfType<ClaimSend>()];
        RecordSend[] records = [.. turn.Select(w => w.Record).OfType<RecordSend>()];
        var worked = await mediator.Send(new WorkSends(claims, records), CancellationToken.None);
        var (claim, record) = (0, 0);
        return [.. turn.Select(wish => wish.Claim is null ? new Done(null, worked.Records[record++]) : new Done(worked.Claims[claim++], false))];
    }
}
