using Inforzap.Contracts.Contacts;
using Inforzap.Contracts.Tickets;
using Inforzap.Data;
using Inforzap.Lanes;
using Inforzap.Sdk;
using Inforzap.Tickets.Desk;
using Inforzap.Tickets.Inbound;
using System.Text.Json;

namespace Inforzap.Tickets.Outbound;

internal sealed class RecordSendHandler(InforzapDb db, IMediator mediator, TimeProvider clock) : IRequestHandler<RecordSend, bool>
{
    public async Task<bool> Handle(RecordSend request, CancellationToken ct)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        var ticketId = await db.Messages.Where(m => m.Id == request.MessageId).Select(m => m.TicketId).SingleAsync(ct);
        var ticket = await db.HoldTicketAsync(ticketId, ct);
        var message = await db.Messages.SingleAsync(m => m.Id == request.MessageId, ct);
        // A result that comes after its deadline finds the attempt given up: it may still say what became of it.
        if (message.AttemptId != request.AttemptId || message.State is not (MessageState.Sending or MessageState.Unknown))
        {
            await LateAsync(message, request, now, ct);
            await LearnAsync(ticket, request.Result, ct);
            return false;
        }
        var result = Kept(request.Result);
        if (result.ProviderId is { } id && await db.Messages.AnyAsync(m => m.ChannelId == message.ChannelId && m.ProviderId == id && m.Id != message.Id, ct)) result = result with { ProviderId = null };
        await SendResults.EndAttemptAsync(db, message, result.Outcome.ToString(), result.ProviderId, result.Reason, now, ct);
        if (result.Outcome == SendOutcome.Later && message.State == MessageState.Sending)
        {
            var until = now + Clamp(result.After ?? TimeSpan.FromSeconds(30));
            (message.State, message.AttemptId, message.AttemptDeadline, message.Change) = (MessageState.Queued, null, null, ticket.NextChange());
            await db.PostponeAsync(request.Position, until, result.Reason, ct);
        }
        else
        {
            if (result.Outcome == SendOutcome.Sent) message.ProviderId ??= result.ProviderId;
            Lattice.Raise(message, result.Outcome switch
            {
                SendOutcome.Sent => MessageState.Sent,
                SendOutcome.Refused => MessageState.Failed,
                _ => MessageState.Unknown,
            }, result.Reason, result.Code);
            if (message.State == MessageState.Unknown) message.FailReason = result.Reason;
            (message.AttemptDeadline, message.Change) = (null, ticket.NextChange());
            await db.DoneAsync(request.Position, now, ct);
        }
        await db.SaveChangesAsync(ct);
        await ApplyEarlyReceiptsAsync(message, ticket, now, ct);
        await LearnAsync(ticket, result, ct);
        db.TouchTicket(ticket);
        return true;
    }

    /// <summary>Under which address the provider found the customer. Last of all: what was sent is written down, whatever becomes of this.</summary>
    private async Task LearnAsync(Ticket ticket, SendResult result, CancellationToken ct)
    {
        if (ticket.IsGroup || result is not { Outcome: SendOutcome.Sent, Reached: { Value: var value, Kind: var kind } reached }) return;
        if (IsText(value, LongestAddress) && IsText(kind, LongestKind)) await mediator.Send(new LearnAddress(ticket.ContactId, reached), ct);
    }

    private async Task LateAsync(Message message, RecordSend request, DateTime now, CancellationToken ct)
    {
        await db.Attempts.Where(a => a.Id == request.AttemptId && a.Outcome == null)
            .ExecuteUpdateAsync(set => set.SetProperty(a => a.Outcome, request.Result.Outcome.ToString()).SetProperty(a => a.EndedAt, now), ct);
        if (message.State != MessageState.Queued) await db.DoneAsync(request.Position, now, ct);
        // A receipt was faster. The message has come as far as it says, but only the result knows its name.
        if (message.AttemptId != request.AttemptId || message.ProviderId is not null || request.Result is not { Outcome: SendOutcome.Sent, ProviderId.Length: > 0 }) return;
        (message.ProviderId, message.AttemptDeadline) = (request.Result.ProviderId, null);
        await db.SaveChangesAsync(ct);
    }

    /// <summary>Receipts may come before the answer that names the message.</summary>
    private async Task ApplyEarlyReceiptsAsync(Message message, Ticket ticket, DateTime now, CancellationToken ct)
    {
        if (message.ProviderId is not { } providerId) return;
        var waiting = await db.TakeWaitingAsync([ReceiveEvents.WaitKey(message.ChannelId, providerId)], now, ct);
        foreach (var item in waiting)
            if (JsonSerializer.Deserialize<InboundEvent>(item.Payload, JsonSerializerOptions.Web) is InboundReceipt receipt
                && Lattice.Raise(message, Lattice.Of(receipt.State), receipt.Reason, receipt.Code)) message.Change = ticket.NextChange();
            else if (JsonSerializer.Deserialize<InboundEvent>(item.Payload, JsonSerializerOptions.Web) is InboundReaction reaction && message.React(reaction))
                message.Change = ticket.NextChange();
        if (waiting.Count > 0) await db.SaveChangesAsync(ct);
    }

    private static TimeSpan Clamp(TimeSpan after) => after < TimeSpan.FromSeconds(1) ? TimeSpan.FromSeconds(1) : after > TimeSpan.FromHours(1) ? TimeSpan.FromHours(1) : after;

    /// <summary>
    /// The result as it can be kept, whatever a plugin put into it: that a message left must be written down, and what can't be
    /// an id names nothing.
    /// </summary>
    private static SendResult Kept(SendResult result) => result with
    {
        ProviderId = IsText(result.ProviderId, LongestId) ? result.ProviderId : null,
        Reason = result.Reason is null ? null : CleanText.Of(result.Reason, 500),
        Code = result.Code is null ? null : CleanText.Of(result.Code, 60),
    };

    private static bool IsText(string? text, int longest) => text is { Length: > 0 } && text.Length <= longest && CleanText.Of(text) == text;

    private const int LongestId = 300;
    private const int LongestAddress = 128;
    private const int LongestKind = 20;
}

internal static class SendResults
{
    public static Task EndAttemptAsync(InforzapDb db, Message message, string outcome, string? providerId, string? reason, DateTime now, CancellationToken ct) =>
        db.Attempts.Where(a => a.Id == message.AttemptId).ExecuteUpdateAsync(set => set.SetProperty(a => a.Outcome, outcome)
            .SetProperty(a => a.ProviderId, providerId).SetProperty(a => a.Reason, reason).SetProperty(a => a.EndedAt, now), ct);
}
