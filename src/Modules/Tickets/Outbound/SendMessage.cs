using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Inforzap.Contracts.Channels;
using Inforzap.Contracts.Contacts;
using Inforzap.Contracts.Identity;
using Inforzap.Contracts.Settings;
using Inforzap.Data;
using Inforzap.Requests;
using Inforzap.Sdk;
using Inforzap.Tickets.Desk;
using Inforzap.Tickets.Inbound;
using Inforzap.Tickets.Notes;
using Inforzap.Tickets.Protocols;
using Microsoft.Extensions.Localization;

namespace Inforzap.Tickets.Outbound;

/// <summary>
/// The one way out of the house. The id is made by whoever writes, before the first try: sending the same twice makes one
/// message. When it returns, the message and its lane item are committed.
/// </summary>
/// <param name="TicketId">In which ticket.</param>
/// <param name="MessageId">Made by the composer.</param>
/// <param name="Text">What it says, or the caption of the file.</param>
/// <param name="MediaId">An upload of the caller for this ticket, used once.</param>
/// <param name="QuotedId">The message of this ticket that it answers.</param>
/// <param name="IsNote">For colleagues only; never leaves the house.</param>
/// <param name="Sign">Begin with the caller's signature.</param>
/// <param name="Card">A place, a contact card or a question with choices instead of text and file: <see cref="LocationContent"/>, <see cref="ContactContent"/> or <see cref="OfferContent"/>.</param>
/// <param name="AlbumId">The same for pictures and films that are sent together.</param>
[Allow("tickets.answer")]
public sealed record SendMessage(
    [property: NotEmpty] Guid TicketId, [property: NotEmpty] Guid MessageId, [property: Called("KindText")] string? Text, Guid? MediaId = null, Guid? QuotedId = null,
    bool IsNote = false, bool Sign = true, Content? Card = null, Guid? AlbumId = null) : IRequest<SentMessage>, IValidatableObject
{
    /// <summary>Who wrote it beforehand, where the product sends it now that its time has come. Of people it is not taken. It answers nothing that was said meanwhile.</summary>
    internal Guid? AuthorId { get; init; }

    /// <summary>A template instead of text: see <see cref="Templates.SendTemplate"/>, which knows the wording.</summary>
    internal TemplateContent? Template { get; init; }

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        var t = validationContext.GetRequiredService<IStringLocalizer<Texts>>();
        if (Template is not null) yield break;
        if (Card is not null)
        {
            if (Text is not null || MediaId is not null || IsNote || !IsCard(Card)) yield return new(t["CardWrong"], [nameof(Card)]);
            yield break;
        }
        if (string.IsNullOrWhiteSpace(Text) && MediaId is null) yield return new(t["MessageEmpty"], [nameof(Text)]);
        if (Text?.Length > CleanText.MaxBody) yield return new(t["MessageTooLong", CleanText.MaxBody], [nameof(Text)]);
    }

    /// <summary>A place on earth, or a name with telephones.</summary>
    private static bool IsCard(Content card) => card switch
    {
        LocationContent place => Math.Abs(place.Latitude) <= 90 && Math.Abs(place.Longitude) <= 180 && place.Name?.Length is null or <= 200 && place.Street?.Length is null or <= 300,
        ContactContent contact => !string.IsNullOrWhiteSpace(contact.Name) && contact.Name.Length <= 120 && contact.Phones.Count is > 0 and <= 5
            && contact.Phones.All(p => p.Length <= 30 && p.Count(char.IsAsciiDigit) >= 3 && p.All(c => char.IsAsciiDigit(c) || c is '+' or ' ' or '-' or '(' or ')')),
        OfferContent offer => !string.IsNullOrWhiteSpace(offer.Body) && offer.Body.Length <= 1024 && offer.Choices.Count is > 0 and <= 10
            && offer.Choices.All(c => !string.IsNullOrWhiteSpace(c.Title) && c.Title.Length <= 24 && c.Id.Length is > 0 and <= 60 && c.Id.All(l => char.IsAsciiLetterOrDigit(l) || l is '_' or ':' or '-'))
            && offer.Choices.DistinctBy(c => c.Title.Trim()).Count() == offer.Choices.Count && offer.Choices.DistinctBy(c => c.Id).Count() == offer.Choices.Count,
        _ => false,
    };
}

/// <summary>The message is in the database.</summary>
/// <param name="Seq">Its number in the ticket.</param>
/// <param name="Duplicate">It was there already.</param>
public sealed record SentMessage(long Seq, bool Duplicate)
{
    /// <summary>Colleagues whom a note names and who may not see the ticket: they were not told.</summary>
    public IReadOnlyList<string> NotTold { get; init; } = [];
}

/// <summary>A lane item: send this message.</summary>
internal sealed record SendItem(Guid MessageId);

internal sealed class SendMessageHandler(
    InforzapDb db, TicketAccess access, Sight sight, IChannelDirectory channels, ISettings settings, Mentions mentions, IStringLocalizer<Texts> t) : IRequestHandler<SendMessage, SentMessage>
{
    public async Task<SentMessage> Handle(SendMessage request, CancellationToken ct)
    {
        if (!access.Actor.IsSystem) request = request with { AuthorId = null };
        var ticket = await access.HoldAsync(request.TicketId, ct);
        if (await DuplicateAsync(request, ct) is { } before) return new(before, true);
        // Nobody would find it there to take it away again.
        if (request.IsNote && await db.Set<ContactView>().AnyAsync(c => c.Id == ticket.ContactId && c.IsErased, ct)) throw Refusal.Conflict(t["ContactIsErased"]);
        if (!request.IsNote) request = request with { Card = await RequireSendableAsync(ticket, request.Template ?? request.Card, ct) };
        if (request.QuotedId is { } quoted && !await sight.Readable(db.Messages.Where(m => m.Id == quoted && m.TicketId == ticket.Id)).AnyAsync(ct)) throw Refusal.NotFound(t["QuotedGone"]);
        var media = await UseUploadAsync(request, ticket, ct);
        var text = CleanText.Of(request.Text?.TrimEnd());
        var (seq, change) = ticket.NextMessage();
        var now = access.Now;
        var (kind, body, extra) = request.Card is null ? (media?.Kind ?? MessageKind.Text, "", null) : Contents.Describe(Cleaned(request.Card));
        if (request.Card is null) body = await SignedAsync(text, kind, request, ct);
        else text = body ?? "";
        var message = new Message
        {
            Id = request.MessageId, TicketId = ticket.Id, ChannelId = ticket.ChannelId, QueueId = ticket.QueueId, ServedBy = ticket.UserId, Seq = seq, Change = change, FromUs = true,
            SenderUserId = access.Actor.IsSystem ? request.AuthorId : access.Actor.Id, Origin = request.AuthorId is null ? MessageOrigin.Chat : MessageOrigin.Schedule, Kind = kind, Body = string.IsNullOrEmpty(body) ? null : body,
            Extra = extra, AlbumId = kind is MessageKind.Image or MessageKind.Video ? request.AlbumId : null, MediaId = media?.Id, QuotedId = request.QuotedId, IsNote = request.IsNote, CreatedAt = now,
            State = request.IsNote ? MessageState.Sent : MessageState.Queued, SearchText = SearchText.Of(4000, text, media?.FileName),
        };
        db.Add(message);
        var notTold = request.IsNote ? await mentions.KeepAsync(ticket, message, now, ct) : [];
        if (!request.IsNote)
        {
            await db.NoteProtocolsAsync(ticket, body, now, ct);
            ticket.LastText = Contents.Snippet(kind, text, media?.FileName);
            (ticket.LastKind, ticket.LastFromUs, ticket.LastMessageAt) = (kind, true, now);
            // Who answers has read; what a machine says leaves the customer's words unread for people.
            if (!access.Actor.IsSystem) await db.ReadAllAsync(ticket, now, ct);
            if (request.AuthorId is null) ticket.Replied(now);
            if (request.AuthorId is null && ticket.FirstResponseAt is null)
            {
                ticket.Answered(now);
                await db.UpdateCycleAsync(ticket, ct);
            }
            // The first of an album waits a moment for the others.
            db.Enqueue(Lane(ticket), "send", JsonSerializer.Serialize(new SendItem(message.Id), JsonSerializerOptions.Web), message.AlbumId is null ? now : now + TimeForAlbum);
            db.AfterCommit(() => Fail.Point(Fail.At.OutQueued));
        }
        await db.SaveChangesAsync(ct);
        db.TouchTicket(ticket);
        return new(seq, false) { NotTold = notTold };
    }

    private static readonly TimeSpan TimeForAlbum = TimeSpan.FromSeconds(1.5);

    /// <summary>Outbound order holds over the tickets of a conversation.</summary>
    internal static string Lane(Ticket ticket) => Lane(ticket.ChannelId, ticket.ContactId);

    internal static string Lane(Guid channelId, Guid contactId) => $"out/{channelId:N}/{contactId:N}";

    private async Task<long?> DuplicateAsync(SendMessage request, CancellationToken ct)
    {
        var before = await db.Messages.Where(m => m.Id == request.MessageId).Select(m => new { m.TicketId, m.Seq, m.SenderUserId }).SingleOrDefaultAsync(ct);
        if (before is null) return null;
        return before.TicketId == request.TicketId && (access.Actor.IsSystem || before.SenderUserId == access.Actor.Id) ? before.Seq : throw new Refusal(t["MessageIdTaken"]);
    }

    private static Content Cleaned(Content card) => card switch
    {
        LocationContent place => place with { Name = Clean(place.Name, 200), Street = Clean(place.Street, 300) },
        ContactContent contact => contact with { Name = CleanText.Of(contact.Name.Trim(), 120) },
        OfferContent offer => new OfferContent(CleanText.Of(offer.Body.Trim(), 1024), [.. offer.Choices.Select(c => c with { Title = CleanText.Of(c.Title.Trim(), 24) })]),
        _ => card,
    };

    private static string? Clean(string? text, int longest) => string.IsNullOrWhiteSpace(text) ? null : CleanText.Of(text.Trim(), longest);

    /// <summary>The card as the channel takes it.</summary>
    private async Task<Content?> RequireSendableAsync(Ticket ticket, Content? card, CancellationToken ct)
    {
        if (!access.Actor.IsSystem) await access.RequireMineAsync(ticket, ct);
        // A deleted one is still found by its id, but would let the message wait for ever.
        var channel = channels.All.FirstOrDefault(c => c.Id == ticket.ChannelId) ?? throw new Refusal(t["ChannelGone"]);
        var wanted = card switch { LocationContent => Can.Places, ContactContent => Can.Cards, TemplateContent => Can.Templates, _ => Can.Text };
        if (!channel.Can.HasFlag(wanted)) throw Refusal.Conflict(t["ChannelCannot"]);
        if (card is not TemplateContent) await db.RequireReplyWindowAsync(channel, ticket, access.Now, t, ct);
        if (await db.Set<ContactView>().Where(c => c.Id == ticket.ContactId && c.Blocked).Select(c => c.Name).SingleOrDefaultAsync(ct) is { } blocked)
            throw new Refusal(t["ContactBlocked", sight.Name(blocked)]);
        return card is OfferContent offer && !channel.Can.HasFlag(Can.Offers) ? new TextContent(Contents.Numbered((OfferContent)Cleaned(offer))) : card;
    }

    private async Task<Media?> UseUploadAsync(SendMessage request, Ticket ticket, CancellationToken ct)
    {
        if (request.MediaId is not { } mediaId) return null;
        var me = access.Actor.Id;
        var won = await db.Claim<Media>(m => m.Id == mediaId && m.MessageId == null && m.UploadedBy == me && m.TicketId == ticket.Id && m.State == MediaState.Ready,
            set => set.SetProperty(m => m.MessageId, request.MessageId), ct);
        if (won == 0) throw Refusal.NotFound(t["UploadGone"]);
        return await db.Media.AsNoTracking().SingleAsync(m => m.Id == mediaId, ct);
    }

    /// <summary>*Name:* on a line of its own. Never on notes, stickers and recordings.</summary>
    private async Task<string> SignedAsync(string text, MessageKind kind, SendMessage request, CancellationToken ct)
    {
        if (request.IsNote || text.Length == 0 || (access.Actor.IsSystem && request.AuthorId is null) || kind is MessageKind.Sticker or MessageKind.Voice or MessageKind.Audio) return text;
        var writes = request.AuthorId ?? access.Actor.Id;
        var user = await db.Set<UserView>().SingleOrDefaultAsync(u => u.Id == writes, ct);
        // Of what is sent later its author said so for it alone.
        if (user is null || !(settings.Is(Setting.ForceSignature) || (request.Sign && (request.AuthorId is not null || user.SignatureOn)))) return text;
        return Signed(user.Name, user.Signature, text);
    }

    /// <summary>As a text with a signature begins.</summary>
    internal static string Signed(string name, string? signature, string text) => $"*{(string.IsNullOrWhiteSpace(signature) ? name : signature)}:*\n{text}";
}
