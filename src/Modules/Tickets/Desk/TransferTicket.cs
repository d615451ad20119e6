using System.ComponentModel.DataAnnotations;
using Inforzap.Contracts.Identity;
using Inforzap.Contracts.Settings;
using Inforzap.Data;
using Inforzap.Requests;
using Inforzap.Tickets.Panel;
using Microsoft.Extensions.Localization;

namespace Inforzap.Tickets.Desk;

/// <summary>Transferir: to a queue, to a user, or to a user within a queue, with a note for them.</summary>
[Allow("tickets.transfer")]
public sealed record TransferTicket([property: NotEmpty] Guid TicketId, Guid? QueueId, Guid? UserId, [property: StringLength(1000), Called("TransferNote")] string? Note = null)
    : IRequest, IValidatableObject
{
    /// <summary>Who served it as the caller saw it, where they did not look at the ticket itself: from somebody else it is not taken.</summary>
    public SeenServing? Seen { get; init; }

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (QueueId is null && UserId is null)
            yield return new(validationContext.GetRequiredService<IStringLocalizer<Texts>>()["ChooseQueueOrUser"], [nameof(QueueId)]);
    }
}

/// <summary>Who serves a ticket, as it was seen; null: nobody.</summary>
public sealed record SeenServing(Guid? UserId);

internal sealed class TransferTicketHandler(InforzapDb db, TicketAccess access, ISettings settings, IStringLocalizer<Texts> t) : IRequestHandler<TransferTicket, Unit>
{
    public async Task<Unit> Handle(TransferTicket request, CancellationToken ct)
    {
        var ticket = await access.HoldAsync(request.TicketId, ct);
        access.RequireMove(ticket);
        if (ticket.Status == TicketStatus.Closed) throw Refusal.Conflict(t["TicketClosed"]);
        if (ticket.Status == TicketStatus.Open && !access.Actor.May("tickets.see-queue")) await access.RequireMineAsync(ticket, ct);
        if (request.Seen is { } seen && ticket.Status == TicketStatus.Open && ticket.UserId != seen.UserId) throw Refusal.Conflict(t["TakenBy", await access.NameOfAsync(ticket.UserId, ct)]);
        var queueId = request.QueueId ?? ticket.QueueId;
        if (request.QueueId is { } wanted && !await db.Queues.AnyAsync(q => q.Id == wanted && q.IsActive, ct)) throw Refusal.NotFound(t["QueueGone"]);
        if (request.UserId is { } userId)
        {
            if (!await db.Set<UserView>().AnyAsync(u => u.Id == userId && u.IsActive, ct)) throw Refusal.NotFound(t["UserGone"]);
            if (!settings.Is(Setting.TransferOutsideQueue) && queueId is { } q && !await db.QueueMembers.AnyAsync(m => m.QueueId == q && m.UserId == userId, ct))
                throw new Refusal(t["UserNotInQueue"]);
        }
        var (formerQueue, formerUser, wasOpen) = (ticket.QueueId, ticket.UserId, ticket.Status == TicketStatus.Open);
        ticket.Transfer(queueId, request.UserId, settings.Is(Setting.TransferOpens), access.Now);
        if (!string.IsNullOrWhiteSpace(request.Note)) AddNote(ticket, request.Note);
        if (wasOpen) await db.TellTakenAsync(ticket, formerUser, access, ct);
        await access.RecordAsync(ticket, "transferred", new
        {
            queue = queueId is null ? null : await access.NameOfQueueAsync(queueId, ct),
            user = request.UserId is null ? null : await access.NameOfAsync(request.UserId, ct),
        }, ct, formerQueue, formerUser);
        return Unit.Value;
    }

    private void AddNote(Ticket ticket, string note)
    {
        var (seq, change) = ticket.NextMessage();
        var body = CleanText.Of(note.Trim());
        db.Add(new Message
        {
            Id = Guid.CreateVersion7(), TicketId = ticket.Id, ChannelId = ticket.ChannelId, QueueId = ticket.QueueId, ServedBy = ticket.UserId, Seq = seq, Change = change, FromUs = true, IsNote = true,
            SenderUserId = access.Actor.Id, Kind = MessageKind.Text, Body = body, State = MessageState.Sent, CreatedAt = access.Now, SearchText = SearchText.Of(4000, body),
        });
    }
}
