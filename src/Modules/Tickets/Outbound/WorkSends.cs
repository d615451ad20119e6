using System.Text.Json;
using Inforzap.Contracts.Channels;
using Inforzap.Contracts.Contacts;
using Inforzap.Contracts.Tickets;
using Inforzap.Data;
using Inforzap.Lanes;
using Inforzap.Sdk;
using Inforzap.Tickets.Desk;
using Inforzap.Tickets.Inbound;
using Microsoft.Extensions.Localization;

namespace Inforzap.Tickets.Outbound;

/// <summary>
/// Claims and results of many conversations in one transaction: their tickets, messages and marks are each read or written in one
/// statement, since a conversation's own part in it is small.
/// </summary>
internal sealed class WorkSendsHandler(InforzapDb db, IMediator mediator, IChannelDirectory channels, TimeProvider clock, IStringLocalizer<Texts> t) : IRequestHandler<WorkSends, WorkedSends>
{
    private const int MostInAlbum = 10;

    private readonly List<(Guid TicketId, Address Reached)> learnt = [];
    private readonly List<Message> named = [];
    private readonly List<long> done = [];
    private readonly HashSet<Ticket> changed = [];
    private readonly Dictionary<Guid, int> tries = [];
    private readonly Dictionary<Guid, Media> media = [];
    private readonly Dictionary<Guid, string?> quoted = [];
    private Dictionary<Guid, Ticket> tickets = [];
    private Dictionary<Guid, Message> messages = [];
    private Dictionary<Guid, Attempt> attempts = [];
    private HashSet<(Guid Channel, string ProviderId)> taken = [];
    private DateTime now;

    public async Task<WorkedSends> Handle(WorkSends request, CancellationToken ct)
    {
        now = clock.GetUtcNow().UtcDateTime;
        // All of it is written or nothing: nobody goes back to the middle of it.
        db.Database.AutoSavepointsEnabled = false;
        request = request with { Records = [.. request.Records.Select(r => r with { Result = SendResults.Kept(r.Result) })] };
        await LoadAsync(request, ct);
        var claimed = new List<ClaimedSend?>(request.Claims.Count);
        foreach (var claim in request.Claims) claimed.Add(await ClaimAsync(claim, ct));
        var recorded = new List<bool>(request.Records.Count);
        foreach (var record in request.Records) recorded.Add(await RecordAsync(record, ct));
        await db.SaveChangesAsync(ct);
        if (done.Count > 0) await db.DoneAsync(done, now, ct);
        await ApplyEarlyReceiptsAsync(ct);
        foreach (var ticket in changed) db.TouchTicket(ticket);
        // Last of all: what was sent is written down, whatever becomes of this.
        db.Database.AutoSavepointsEnabled = true;
        foreach (var (ticketId, reached) in learnt) await mediator.Send(new LearnAddress(tickets[ticketId].ContactId, reached), ct);
        return new(claimed, recorded);
    }

    private async Task LoadAsync(WorkSends request, CancellationToken ct)
    {
        var ids = request.Claims.Select(c => c.MessageId).Concat(request.Records.Select(r => r.MessageId)).Distinct().ToArray();
        var ticketIds = await db.Messages.Where(m => ids.Contains(m.Id)).Select(m => m.TicketId).Distinct().ToArrayAsync(ct);
        tickets = await db.HoldTicketsAsync(ticketIds, ct);
        messages = await db.Messages.Where(m => ids.Contains(m.Id)).ToDictionaryAsync(m => m.Id, ct);
        var attemptIds = request.Records.Select(r => r.AttemptId).Concat(messages.Values.Select(m => m.AttemptId).OfType<Guid>()).Distinct().ToArray();
        if (attemptIds.Length > 0) attempts = await db.Attempts.Where(a => attemptIds.Contains(a.Id)).ToDictionaryAsync(a => a.Id, ct);
        await LoadForClaimsAsync([.. request.Claims.Select(c => messages[c.MessageId])], ct);
        var names = request.Records.Select(r => r.Result.ProviderId).OfType<string>().Distinct().ToArray();
        if (names.Length == 0) return;
        var channelIds = request.Records.Select(r => messages[r.MessageId].ChannelId).Distinct().ToArray();
        taken = (await db.Messages.Where(m => channelIds.Contains(m.ChannelId) && names.Contains(m.ProviderId!)).Select(m => new { m.ChannelId, m.ProviderId, m.Id }).ToListAsync(ct))
            .Where(m => !request.Records.Any(r => r.MessageId == m.Id && r.Result.ProviderId == m.ProviderId)).Select(m => (m.ChannelId, m.ProviderId!)).ToHashSet();
    }

    private async Task LoadForClaimsAsync(List<Message> claimed, CancellationToken ct)
    {
        if (claimed.Count == 0) return;
        var ids = claimed.ConvertAll(m => m.Id).ToArray();
        foreach (var made in await db.Attempts.Where(a => ids.Contains(a.MessageId)).GroupBy(a => a.MessageId).Select(g => new { g.Key, Count = g.Count() }).ToListAsync(ct)) tries[made.Key] = made.Count;
        var mediaIds = claimed.Select(m => m.MediaId).OfType<Guid>().Where(id => !media.ContainsKey(id)).Distinct().ToArray();
        if (mediaIds.Length > 0) foreach (var found in await db.Media.AsNoTracking().Where(m => mediaIds.Contains(m.Id)).ToListAsync(ct)) media[found.Id] = found;
        var quotedIds = claimed.Select(m => m.QuotedId).OfType<Guid>().Where(id => !quoted.ContainsKey(id)).Distinct().ToArray();
        if (quotedIds.Length > 0) foreach (var found in await db.Messages.Where(m => quotedIds.Contains(m.Id)).Select(m => new { m.Id, m.ProviderId }).ToListAsync(ct)) quoted[found.Id] = found.ProviderId;
    }

    private async Task<ClaimedSend?> ClaimAsync(ClaimSend request, CancellationToken ct)
    {
        var message = messages[request.MessageId];
        var ticket = tickets[message.TicketId];
        if (message.State == MessageState.Sending)
        {
            // Somebody took it and did not come back. Only after the deadline may anybody say that nobody knows.
            if (message.AttemptDeadline > now) return new(message.ChannelId, null, message.AttemptDeadline);
            EndAttempt(message.AttemptId, nameof(SendOutcome.Unknown), null, t["NoResult"]);
            (message.State, message.FailReason, message.Change) = (MessageState.Unknown, t["NoResult"], ticket.NextChange());
        }
        changed.Add(ticket);
        if (message is { State: MessageState.Queued, Kind: not MessageKind.Template } && await db.ReplyWindowAsync(channels.Find(ticket.ChannelId), ticket, now, ct) is { } window && !window.IsOpenAt(now))
        {
            // It waited too long, for a channel that was off or for its pace: it would be refused now.
            (message.State, message.FailReason, message.FailCode, message.Change) = (MessageState.Failed, ReplyWindows.Words(window, t), "window", ticket.NextChange());
        }
        if (message.State != MessageState.Queued || message.DeletedAt is not null)
        {
            done.Add(request.Position);
            return null;
        }
        var claimed = Try(message, ticket, now + request.Deadline);
        var also = new List<OutboundMessage>();
        if (request.WithAlbum && message.AlbumId is { } album)
        {
            var others = await db.Messages.Where(m => m.TicketId == ticket.Id && m.AlbumId == album && m.Id != message.Id && m.Seq > message.Seq && m.State == MessageState.Queued && m.DeletedAt == null)
                .OrderBy(m => m.Seq).Take(MostInAlbum - 1).ToListAsync(ct);
            await LoadForClaimsAsync(others, ct);
            also.AddRange(others.Select(other => Try(other, ticket, now + request.Deadline)));
        }
        return new(message.ChannelId, claimed, null) { Also = also };
    }

    private OutboundMessage Try(Message message, Ticket ticket, DateTime deadline)
    {
        var number = tries[message.Id] = tries.GetValueOrDefault(message.Id) + 1;
        var attempt = new Attempt { Id = Guid.CreateVersion7(), MessageId = message.Id, Number = number, StartedAt = now };
        db.Add(attempt);
        (message.State, message.AttemptId, message.AttemptDeadline, message.Change) = (MessageState.Sending, attempt.Id, deadline, ticket.NextChange());
        return new OutboundMessage(message.Id, attempt.Id, new Address(ticket.AddressValue, ticket.AddressKind), ContentOf(message), message.QuotedId is { } id ? quoted.GetValueOrDefault(id) : null,
            ConversationSeq.Of(ticket.Number, message.Seq)) { Try = number };
    }

    private Content ContentOf(Message message)
    {
        var card = Contents.CardOf(message);
        if (message.MediaId is not { } mediaId) return card ?? new TextContent(message.Body ?? "");
        var file = media[mediaId];
        var content = new MediaContent(Enum.Parse<MediaKind>(file.Kind.ToString()), new MediaRef(FileId: file.FileId), file.FileName, message.Body, file.MimeType, file.Size);
        return card is TemplateContent template ? template with { HeaderFile = content } : card ?? content;
    }

    private async Task<bool> RecordAsync(RecordSend request, CancellationToken ct)
    {
        var message = messages[request.MessageId];
        var ticket = tickets[message.TicketId];
        // A result that comes after its deadline finds the attempt given up: it may still say what became of it.
        if (message.AttemptId != request.AttemptId || message.State is not (MessageState.Sending or MessageState.Unknown))
        {
            Late(message, request);
            Learn(ticket, request.Result);
            return false;
        }
        changed.Add(ticket);
        var result = request.Result;
        if (result.ProviderId is { } id && !taken.Add((message.ChannelId, id))) result = result with { ProviderId = null };
        EndAttempt(message.AttemptId, result.Outcome.ToString(), result.ProviderId, result.Reason);
        if (result.Outcome == SendOutcome.Later && message.State == MessageState.Sending)
        {
            var until = now + SendResults.Clamp(result.After ?? TimeSpan.FromSeconds(30));
            (message.State, message.AttemptId, message.AttemptDeadline, message.Change) = (MessageState.Queued, null, null, ticket.NextChange());
            await db.PostponeAsync(request.Position, until, result.Reason, ct);
        }
        else
        {
            if (result.Outcome == SendOutcome.Sent && message.ProviderId is null && result.ProviderId is not null)
            {
                message.ProviderId = result.ProviderId;
                named.Add(message);
            }
            Lattice.Raise(message, result.Outcome switch
            {
                SendOutcome.Sent => MessageState.Sent,
                SendOutcome.Refused => MessageState.Failed,
                _ => MessageState.Unknown,
            }, result.Reason, result.Code);
            if (message.State == MessageState.Unknown) message.FailReason = result.Reason;
            (message.AttemptDeadline, message.Change) = (null, ticket.NextChange());
            done.Add(request.Position);
        }
        Learn(ticket, result);
        return true;
    }

    private void EndAttempt(Guid? id, string outcome, string? providerId, string? reason)
    {
        if (id is { } known && attempts.TryGetValue(known, out var attempt)) (attempt.Outcome, attempt.ProviderId, attempt.Reason, attempt.EndedAt) = (outcome, providerId, reason, now);
    }

    /// <summary>Under which address the provider found the customer.</summary>
    private void Learn(Ticket ticket, SendResult result)
    {
        if (!ticket.IsGroup && result is { Outcome: SendOutcome.Sent, Reached: { } reached } && SendResults.IsAddress(reached)) learnt.Add((ticket.Id, reached));
    }

    private void Late(Message message, RecordSend request)
    {
        if (attempts.TryGetValue(request.AttemptId, out var attempt) && attempt.Outcome is null) (attempt.Outcome, attempt.EndedAt) = (request.Result.Outcome.ToString(), now);
        if (message.State != MessageState.Queued) done.Add(request.Position);
        // A receipt was faster. The message has come as far as it says, but only the result knows its name.
        if (message.AttemptId != request.AttemptId || message.ProviderId is not null || request.Result is not { Outcome: SendOutcome.Sent, ProviderId: { } id }) return;
        if (!taken.Add((message.ChannelId, id))) return;
        (message.ProviderId, message.AttemptDeadline) = (id, null);
    }

    /// <summary>Receipts may come before the answer that names the message.</summary>
    private async Task ApplyEarlyReceiptsAsync(CancellationToken ct)
    {
        if (named.Count == 0) return;
        var byKey = named.ToDictionary(m => ReceiveEvents.WaitKey(m.ChannelId, m.ProviderId!));
        var waiting = await db.TakeWaitingAsync(byKey.Keys, now, ct);
        foreach (var item in waiting)
        {
            var message = byKey[item.WaitsFor!];
            var raised = JsonSerializer.Deserialize<InboundEvent>(item.Payload, JsonSerializerOptions.Web) switch
            {
                InboundReceipt receipt => Lattice.Raise(message, Lattice.Of(receipt.State), receipt.Reason, receipt.Code),
                InboundReaction reaction => message.React(reaction),
                _ => false,
            };
            if (raised) message.Change = tickets[message.TicketId].NextChange();
        }
        if (waiting.Count > 0) await db.SaveChangesAsync(ct);
    }
}

internal sealed class ClaimSendHandler(IMediator mediator) : IRequestHandler<ClaimSend, ClaimedSend?>
{
    public async Task<ClaimedSend?> Handle(ClaimSend request, CancellationToken ct) => (await mediator.Send(new WorkSends([request], []), ct)).Claims[0];
}

internal sealed class RecordSendHandler(IMediator mediator) : IRequestHandler<RecordSend, bool>
{
    public async Task<bool> Handle(RecordSend request, CancellationToken ct) => (await mediator.Send(new WorkSends([], [request]), ct)).Records[0];
}

internal static class SendResults
{
    private const int LongestId = 300;
    private const int LongestAddress = 128;
    private const int LongestKind = 20;

    /// <summary>
    /// The result as it can be kept, whatever a plugin put into it: that a message left must be written down, and what can't be
    /// an id names nothing.
    /// </summary>
    public static SendResult Kept(SendResult result) => result with
    {
        ProviderId = IsText(result.ProviderId, LongestId) ? result.ProviderId : null,
        Reason = result.Reason is null ? null : CleanText.Of(result.Reason, 500),
        Code = result.Code is null ? null : CleanText.Of(result.Code, 60),
    };

    public static bool IsAddress(Address address) => IsText(address.Value, LongestAddress) && IsText(address.Kind, LongestKind);

    public static TimeSpan Clamp(TimeSpan after) => after < TimeSpan.FromSeconds(1) ? TimeSpan.FromSeconds(1) : after > TimeSpan.FromHours(1) ? TimeSpan.FromHours(1) : after;

    public static Task EndAttemptAsync(InforzapDb db, Message message, string outcome, string? providerId, string? reason, DateTime now, CancellationToken ct) =>
        db.Attempts.Where(a => a.Id == message.AttemptId).ExecuteUpdateAsync(set => set.SetProperty(a => a.Outcome, outcome)
            .SetProperty(a => a.ProviderId, providerId).SetProperty(a => a.Reason, reason).SetProperty(a => a.EndedAt, now), ct);

    private static bool IsText(string? text, int longest) => text is { Length: > 0 } && text.Length <= longest && CleanText.Of(text) == text;
}
