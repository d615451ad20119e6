using System.Text.Json;
using Inforzap.Contracts.Channels;
using Inforzap.Data;
using Inforzap.Requests;
using Inforzap.Tickets.Desk;
using Inforzap.Tickets.Inbound;
using Microsoft.Extensions.Localization;

namespace Inforzap.Tickets.Outbound;

/// <summary>Sends a failed or unsure message once more, as a new attempt. For an unsure one this is a person's decision that it did not arrive.</summary>
[Allow("tickets.answer")]
public sealed record ResendMessage([property: NotEmpty] Guid MessageId) : IRequest;

internal sealed class ResendMessageHandler(InforzapDb db, TicketAccess access, IChannelDirectory channels, IStringLocalizer<Texts> t) : IRequestHandler<ResendMessage, Unit>
{
    public async Task<Unit> Handle(ResendMessage request, CancellationToken ct)
    {
        var (ticket, message) = await access.HoldToDecideAsync(request.MessageId, ct);
        if (message.State is not (MessageState.Failed or MessageState.Unknown) || await IsGoneAsync(message, ct)) throw Refusal.Conflict(t["NothingToResend"]);
        if (message.Kind != MessageKind.Template) await db.RequireReplyWindowAsync(channels.Find(ticket.ChannelId), ticket, access.Now, t, ct);
        db.QueueAgain(ticket, message, access.Now);
        // The schedule that it came from waits for it once more.
        if (message.Origin == MessageOrigin.Schedule) await db.Claim<ScheduleRun>(r => r.Id == message.Id && r.State == ScheduleRunState.Failed, set => set.SetProperty(r => r.State, ScheduleRunState.Sending).SetProperty(r => r.Cause, (string?)null), ct);
        await access.RecordAsync(ticket, "resent", new { seq = message.Seq }, ct);
        return Unit.Value;
    }

    /// <summary>Whether the retention took away what it would say.</summary>
    private async Task<bool> IsGoneAsync(Message message, CancellationToken ct) =>
        message.ForgottenAt is not null || (message.MediaId is { } id && await db.Media.AnyAsync(m => m.Id == id && m.State == MediaState.Gone && m.Reason == MediaReason.Forgotten, ct));
}

internal static class Resends
{
    /// <summary>Puts a message back to the beginning of its way, with its ticket held.</summary>
    public static void QueueAgain(this InforzapDb db, Ticket ticket, Message message, DateTime now)
    {
        message.State = MessageState.Queued;
        (message.FailReason, message.FailCode, message.ProviderId, message.AttemptId, message.AttemptDeadline) = (null, null, null, null, null);
        message.Change = ticket.NextChange();
        db.Enqueue(SendMessageHandler.Lane(ticket), "send", JsonSerializer.Serialize(new SendItem(message.Id), JsonSerializerOptions.Web), now);
    }
}
