using System.Text.Json;
using Inforzap.Contracts.Channels;
using Inforzap.Contracts.Contacts;
using Inforzap.Data;
using Inforzap.Sdk;
using Inforzap.Tickets.Desk;
using Inforzap.Tickets.Inbound;
using Inforzap.Tickets.Protocols;
using Inforzap.Variables;
using Microsoft.Extensions.Localization;

namespace Inforzap.Tickets.Outbound;

/// <summary>
/// What the product says by itself: out of hours, before it closes a ticket, when it does. It never speaks in groups, answers
/// nothing in the sense of waiting times, and holds up nobody: where it can't speak the ticket's log says why, and what it was
/// said for goes on.
/// </summary>
internal sealed class HouseVoice(InforzapDb db, TicketAccess access, IChannelDirectory channels, TicketFacts facts, TextRenderer renderer, IStringLocalizer<Texts> t)
{
    /// <summary>
    /// Says it in a ticket that is held; the caller saves. False: it can't be said there.
    /// </summary>
    /// <param name="ticket">Held, active or about to be closed in the same transaction.</param>
    /// <param name="text">With variables.</param>
    /// <param name="choices">Ways to answer, as buttons where the channel has them and numbered otherwise.</param>
    /// <param name="id">Under which it is looked for later; one of its own unless given.</param>
    public async Task<bool> SayAsync(Ticket ticket, string text, CancellationToken ct, IReadOnlyList<Offer>? choices = null, Guid? id = null)
    {
        if (ticket.IsGroup) return false;
        var rendered = await renderer.RenderAsync(text, await facts.OfAsync(ticket, ct), ct);
        if (await WhyNotAsync(ticket, rendered, ct) is { } why)
        {
            db.Add(Timeline.Entry(ticket.Id, "not-said", null, access.Now, new { reason = why }));
            return false;
        }
        var channel = channels.Find(ticket.ChannelId)!;
        Content content = choices is null ? new TextContent(rendered.Text) : new OfferContent(rendered.Text, choices);
        if (content is OfferContent offer && !channel.Can.HasFlag(Can.Offers)) content = new TextContent(Contents.Numbered(offer));
        var (kind, body, extra) = Contents.Describe(content);
        var (seq, change) = ticket.NextMessage();
        var now = access.Now;
        var message = new Message
        {
            Id = id ?? Guid.CreateVersion7(), TicketId = ticket.Id, ChannelId = ticket.ChannelId, QueueId = ticket.QueueId, ServedBy = ticket.UserId, Seq = seq, Change = change, FromUs = true, Origin = MessageOrigin.Bot,
            Kind = kind, Body = body, Extra = extra, CreatedAt = now, State = MessageState.Queued, SearchText = SearchText.Of(4000, body),
        };
        db.Add(message);
        await db.NoteProtocolsAsync(ticket, body, now, ct);
        ticket.LastText = Contents.Snippet(kind, body, null);
        (ticket.LastKind, ticket.LastFromUs, ticket.LastMessageAt) = (kind, true, now);
        db.Enqueue(SendMessageHandler.Lane(ticket), "send", JsonSerializer.Serialize(new SendItem(message.Id), JsonSerializerOptions.Web), now);
        db.TouchTicket(ticket);
        return true;
    }

    /// <summary>Why nothing can be said there now, in words for people; null: it can.</summary>
    public async Task<string?> WhyNotAsync(Ticket ticket, CancellationToken ct)
    {
        if (channels.All.FirstOrDefault(c => c.Id == ticket.ChannelId) is not { } channel) return t["ChannelGone"];
        if (!channel.Can.HasFlag(Can.Text)) return t["ChannelCannot"];
        if (await db.ReplyWindowAsync(channel, ticket, access.Now, ct) is { } window && !window.IsOpenAt(access.Now)) return ReplyWindows.Words(window, t);
        var blocked = await db.Set<ContactView>().Where(c => c.Id == ticket.ContactId && c.Blocked).Select(c => c.Name).SingleOrDefaultAsync(ct);
        // Kept in the ticket's log, which people read who may not read numbers.
        return blocked is null ? null : t["ContactBlocked", blocked.NamedUnless(false)].Value;
    }

    private async Task<string?> WhyNotAsync(Ticket ticket, RenderedText rendered, CancellationToken ct)
    {
        // Braces in a text look broken to a customer.
        if (rendered.Unknown.Count > 0) return t["UnknownVariables", string.Join(", ", rendered.Unknown)];
        return rendered.Text.Length > CleanText.MaxBody ? t["MessageTooLong", CleanText.MaxBody].Value : await WhyNotAsync(ticket, ct);
    }
}
