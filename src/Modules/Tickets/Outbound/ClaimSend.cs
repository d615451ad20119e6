using System.Text.Json;
using Inforzap.Contracts.Channels;
using Inforzap.Contracts.Tickets;
using Inforzap.Data;
using Inforzap.Lanes;
using Inforzap.Sdk;
using Inforzap.Tickets.Desk;
using Inforzap.Tickets.Inbound;
using Microsoft.Extensions.Localization;

namespace Inforzap.Tickets.Outbound;

internal sealed class ClaimSendHandler(InforzapDb db, IChannelDirectory channels, TimeProvider clock, IStringLocalizer<Texts> t) : IRequestHandler<ClaimSend, ClaimedSend?>
{
    public async Task<ClaimedSend?> Handle(ClaimSend request, CancellationToken ct)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        var ticketId = await db.Messages.Where(m => m.Id == request.MessageId).Select(m => m.TicketId).SingleAsync(ct);
        var ticket = await db.HoldTicketAsync(ticketId, ct);
        var message = await db.Messages.SingleAsync(m => m.Id == request.MessageId, ct);
        if (message.State == MessageState.Sending)
        {
            // Somebody took it and did not come back. Only after the deadline may anybody say that nobody knows.
            if (message.AttemptDeadline > now) return new(message.ChannelId, null, message.AttemptDeadline);
            await SendResults.EndAttemptAsync(db, message, nameof(SendOutcome.Unknown), null, t["NoResult"], now, ct);
            (message.State, message.FailReason, message.Change) = (MessageState.Unknown, t["NoResult"], ticket.NextChange());
        }
        if (message.State == MessageState.Queued && await db.ReplyWindowAsync(channels.Find(ticket.ChannelId), ticket, now, ct) is { } window && !window.IsOpenAt(now))
        {
            // It waited too long, for a channel that was off or for its pace: it would be refused now.
            (message.State, message.FailReason, message.FailCode, message.Change) = (MessageState.Failed, ReplyWindows.Words(window, t), "window", ticket.NextChange());
        }
        if (message.State != MessageState.Queued || message.DeletedAt is not null)
        {
            await db.SaveChangesAsync(ct);
            await db.DoneAsync(request.Position, now, ct);
            db.TouchTicket(ticket);
            return null;
        }
        var claimed = await TryAsync(message, ticket, now + request.Deadline, ct);
        var also = new List<OutboundMessage>();
        if (request.WithAlbum && message.AlbumId is { } album)
            foreach (var other in await db.Messages.Where(m => m.TicketId == ticket.Id && m.AlbumId == album && m.Id != message.Id && m.Seq > message.Seq && m.State == MessageState.Queued && m.DeletedAt == null)
                .OrderBy(m => m.Seq).Take(MostInAlbum - 1).ToListAsync(ct)) also.Add(await TryAsync(other, ticket, now + request.Deadline, ct));
        await db.SaveChangesAsync(ct);
        db.TouchTicket(ticket);
        return new(message.ChannelId, claimed, null) { Also = also };
    }

    private const int MostInAlbum = 10;

    private async Task<OutboundMessage> TryAsync(Message message, Ticket ticket, DateTime deadline, CancellationToken ct)
    {
        var number = await db.Attempts.CountAsync(a => a.MessageId == message.Id, ct) + 1;
        var attempt = new Attempt { Id = Guid.CreateVersion7(), MessageId = message.Id, Number = number, StartedAt = clock.GetUtcNow().UtcDateTime };
        db.Add(attempt);
        (message.State, message.AttemptId, message.AttemptDeadline, message.Change) = (MessageState.Sending, attempt.Id, deadline, ticket.NextChange());
        var quoted = message.QuotedId is null ? null : await db.Messages.Where(m => m.Id == message.QuotedId).Select(m => m.ProviderId).SingleOrDefaultAsync(ct);
        return new OutboundMessage(message.Id, attempt.Id, new Address(ticket.AddressValue, ticket.AddressKind), await ContentAsync(message, ct), quoted,
            ConversationSeq.Of(ticket.Number, message.Seq)) { Try = number };
    }

    private async Task<Content> ContentAsync(Message message, CancellationToken ct)
    {
        if (Contents.CardOf(message) is { } card) return card;
        if (message.MediaId is not { } mediaId) return new TextContent(message.Body ?? "");
        var media = await db.Media.AsNoTracking().SingleAsync(m => m.Id == mediaId, ct);
        return new MediaContent(Enum.Parse<MediaKind>(media.Kind.ToString()), new MediaRef(FileId: media.FileId), media.FileName, message.Body, media.MimeType, media.Size);
    }
}
