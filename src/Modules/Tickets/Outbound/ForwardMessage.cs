using System.ComponentModel.DataAnnotations;
using Inforzap.Contracts.Channels;
using Inforzap.Contracts.Settings;
using Inforzap.Data;
using Inforzap.Files;
using Inforzap.Requests;
using Inforzap.Sdk;
using Inforzap.Tickets.Desk;
using Inforzap.Tickets.Inbound;
using Microsoft.Extensions.Localization;

namespace Inforzap.Tickets.Outbound;

/// <summary>
/// Says what a message says in another conversation: in a ticket that the caller serves, or in one that is started with a contact by the
/// rules of <see cref="StartConversation"/>. Its file is not stored twice, and its caption goes along. Refused as a whole, with a
/// sentence, when that conversation can't take it.
/// </summary>
/// <param name="MessageId">What is forwarded. Never a note.</param>
/// <param name="CopyId">The id of what is sent, made by the browser's side before the first try.</param>
/// <param name="TicketId">Into which ticket; or else the next two.</param>
/// <param name="ContactId">To whom.</param>
/// <param name="ChannelId">By which channel.</param>
[Allow("tickets.answer")]
public sealed record ForwardMessage(
    [property: NotEmpty] Guid MessageId, [property: NotEmpty, Called("Forward")] Guid CopyId, Guid? TicketId, Guid? ContactId = null, Guid? ChannelId = null) : IRequest<Guid>, IValidatableObject
{
    /// <summary>So many conversations at a time.</summary>
    internal const int MostTargets = 5;

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (TicketId is null && (ContactId is null || ChannelId is null)) yield return new(validationContext.GetRequiredService<IStringLocalizer<Texts>>()["ForwardNowhere"], [nameof(TicketId)]);
    }
}

/// <summary>The caller's open tickets, to forward something to, the most recent first.</summary>
/// <param name="Search">Of the contact's name or number.</param>
[Allow("tickets.answer"), Reads]
public sealed record ForwardTickets([property: StringLength(200), Called("KeySearch")] string? Search) : IRequest<IReadOnlyList<TicketRow>>;

internal sealed class ForwardTicketsHandler(InforzapDb db, IActor actor, ISettings settings, Sight sight) : IRequestHandler<ForwardTickets, IReadOnlyList<TicketRow>>
{
    private const int Most = 30;

    public async Task<IReadOnlyList<TicketRow>> Handle(ForwardTickets request, CancellationToken ct)
    {
        var me = actor.Id;
        var mine = db.Tickets.AsNoTracking().VisibleTo(actor, settings, db).Where(x => x.Status == TicketStatus.Open && x.UserId == me);
        if (!string.IsNullOrWhiteSpace(request.Search))
        {
            var contacts = await sight.ContactsAsync(request.Search, ct);
            mine = mine.Where(x => contacts.Contains(x.ContactId));
        }
        return await sight.ShowAsync(await db.Rows(mine.OrderByDescending(x => x.LastMessageAt).ThenByDescending(x => x.Number).Take(Most)).ToListAsync(ct), ct);
    }
}

internal sealed class ForwardMessageHandler(
    InforzapDb db, IMediator mediator, TicketAccess access, Sight sight, IChannelDirectory channels, ISettings settings, OwnTickets own, IStringLocalizer<Texts> t) : IRequestHandler<ForwardMessage, Guid>
{
    public async Task<Guid> Handle(ForwardMessage request, CancellationToken ct)
    {
        var me = access.Actor.Id;
        // Whoever asks again, since the answer was lost, has it already.
        if (await db.Messages.Where(m => m.Id == request.CopyId && m.SenderUserId == me).Select(m => (Guid?)m.TicketId).SingleOrDefaultAsync(ct) is { } before) return before;
        var message = await ReadAsync(request.MessageId, ct);
        var ticketId = request.TicketId ?? await own.WithAsync(request.ContactId!.Value, request.ChannelId!.Value, ct);
        var ticket = await access.ReadAsync(ticketId, ct);
        await access.RequireMineAsync(ticket, ct);
        var channel = channels.All.FirstOrDefault(c => c.Id == ticket.ChannelId) ?? throw new Refusal(t["ChannelGone"]);
        await mediator.Send(await CopyAsync(message, request.CopyId, ticket, channel, ct), ct);
        return ticketId;
    }

    /// <summary>A message whose words and file the caller may read.</summary>
    private async Task<Message> ReadAsync(Guid id, CancellationToken ct)
    {
        var found = await (from m in sight.Readable(db.Messages.AsNoTracking())
                           join x in db.Tickets.AsNoTracking().VisibleTo(access.Actor, settings, db) on m.TicketId equals x.Id
                           where m.Id == id
                           select new { Message = m, Ticket = x }).SingleOrDefaultAsync(ct);
        if (found is null || !access.MayLookInto(found.Ticket)) throw Refusal.NotFound(t["MessageGone"]);
        var message = found.Message;
        if (message.IsNote) throw new Refusal(t["ForwardNote"]);
        if (message.DeletedAt is not null || message.ForgottenAt is not null || message.Kind is MessageKind.System or MessageKind.Unsupported) throw new Refusal(t["ForwardNothing"]);
        return message;
    }

    private async Task<SendMessage> CopyAsync(Message message, Guid id, Ticket ticket, ChannelInfo channel, CancellationToken ct)
    {
        // Nobody is made to say what a colleague signed.
        var body = message.FromUs ? message.Body?[BodyText.SignatureOf(message.Body).Length..] : message.Body;
        if (message.MediaId is { } mediaId) return new(ticket.Id, id, body, await MediaAsync(mediaId, ticket, channel, ct), Sign: false);
        return Contents.CardOf(message) switch
        {
            LocationContent when !channel.Can.HasFlag(Can.Places) => throw new Refusal(t["ForwardNoPlaces", channel.Name]),
            ContactContent when !channel.Can.HasFlag(Can.Cards) => throw new Refusal(t["ForwardNoCards", channel.Name]),
            // To press something is for who was asked.
            OfferContent offer => new(ticket.Id, id, Contents.Numbered(offer), Sign: false),
            TemplateContent => new(ticket.Id, id, body, Sign: false),
            { } card => new(ticket.Id, id, null, Card: card),
            null when string.IsNullOrWhiteSpace(body) => throw new Refusal(t["ForwardNothing"]),
            null => new(ticket.Id, id, body, Sign: false),
        };
    }

    /// <summary>The same bytes, as if the caller had brought them here.</summary>
    private async Task<Guid> MediaAsync(Guid mediaId, Ticket ticket, ChannelInfo channel, CancellationToken ct)
    {
        var (media, stored) = (await db.Media.AsNoTracking().SingleAsync(m => m.Id == mediaId, ct), (StoredFile?)null);
        if (media is { State: MediaState.Ready, FileId: { } fileId }) stored = await db.Set<StoredFile>().AsNoTracking().SingleOrDefaultAsync(f => f.Id == fileId, ct);
        if (stored is null) throw new Refusal(t["ForwardNoFile"]);
        if (!channel.Can.HasFlag(Can.Media)) throw new Refusal(t["ForwardNoFiles", channel.Name]);
        if (media.Kind == MessageKind.Sticker && !channel.Can.HasFlag(Can.Stickers)) throw new Refusal(t["ForwardNoStickers", channel.Name]);
        if (stored.Size > channel.MaxMediaBytes) throw new Refusal(t["ForwardTooLarge", channel.Name, channel.MaxMediaBytes / 1024 / 1024]);
        var copy = new Media { Id = Guid.NewGuid(), TicketId = ticket.Id, UploadedBy = access.Actor.Id, FileName = media.FileName, CreatedAt = access.Now };
        copy.Ready(stored, Enum.Parse<MediaKind>(media.Kind.ToString()));
        db.Add(copy);
        await db.SaveChangesAsync(ct);
        // Taken by a bare update, which what is tracked would not see.
        db.Entry(copy).State = EntityState.Detached;
        return copy.Id;
    }
}
