using Inforzap.Contracts.Channels;
using Inforzap.Contracts.Contacts;
using Inforzap.Contracts.Identity;
using Inforzap.Contracts.Settings;
using Inforzap.Data;
using Inforzap.Requests;
using Inforzap.Sdk;
using Inforzap.Tickets.Desk;
using Microsoft.Extensions.Localization;

namespace Inforzap.Tickets.Outbound;

/// <summary>
/// An SMS to the contact of a ticket, whatever channel that is on. It is said in the caller's own ticket on the SMS channel, or in one
/// that is started by the rules of <see cref="StartConversation"/>; that ticket is what comes back.
/// </summary>
/// <param name="TicketId">Whose contact.</param>
/// <param name="ChannelId">By which channel.</param>
/// <param name="MessageId">Made before the first try.</param>
/// <param name="Text">What it says.</param>
[Allow("tickets.answer")]
public sealed record SendSms([property: NotEmpty] Guid TicketId, [property: NotEmpty] Guid ChannelId, [property: NotEmpty] Guid MessageId, [property: NotEmpty, Called("KindText")] string Text) : IRequest<Guid>;

/// <summary>By which channels the contact of a ticket can be sent an SMS.</summary>
[Allow("tickets.answer"), Reads]
public sealed record OfferSms([property: NotEmpty] Guid TicketId) : IRequest<SmsOffer>;

/// <summary>What the dialog shows.</summary>
/// <param name="Name">Who gets it.</param>
/// <param name="Phone">Where, if the caller may know.</param>
/// <param name="Before">What will stand before the text in any case: a signature that the house wants.</param>
/// <param name="Channels">By name.</param>
public sealed record SmsOffer(string Name, string? Phone, string Before, IReadOnlyList<SmsChannel> Channels);

/// <summary>A channel that sends SMS.</summary>
/// <param name="Id">Identity.</param>
/// <param name="Name">What people call it.</param>
/// <param name="WhyNot">Why nothing can be sent by it to this contact; null: it can.</param>
public sealed record SmsChannel(Guid Id, string Name, string? WhyNot);

/// <summary>Who may be sent an SMS, and by what.</summary>
internal sealed class SmsWays(InforzapDb db, TicketAccess access, Sight sight, IChannelDirectory channels, ISettings settings, IStringLocalizer<Texts> t)
{
    /// <summary>What stands before the text where the house signs everything; it is counted and paid for with it.</summary>
    public async Task<string> SignatureAsync(CancellationToken ct) =>
        settings.Is(Setting.ForceSignature) && await db.Set<UserView>().SingleOrDefaultAsync(u => u.Id == access.Actor.Id, ct) is { } me ? SendMessageHandler.Signed(me.Name, me.Signature, "") : "";

    public async Task<IReadOnlyList<ChannelInfo>> ChannelsAsync(CancellationToken ct)
    {
        var only = await db.ChannelsOfAsync(access.Actor.Id, ct);
        return [.. channels.All.Where(c => c.IsSms && (only.Count == 0 || only.Contains(c.Id)))];
    }

    /// <summary>One of them.</summary>
    public async Task<ChannelInfo> RequireAsync(Guid id, CancellationToken ct)
    {
        var channel = channels.All.FirstOrDefault(c => c.Id == id) ?? throw Refusal.NotFound(t["ChannelGone"]);
        if (!channel.IsSms) throw Refusal.Conflict(t["ChannelCannot"]);
        return (await ChannelsAsync(ct)).Contains(channel) ? channel : throw Refusal.Forbidden(t["ChannelNotYours", channel.Name]);
    }

    public async Task<ContactView> ContactAsync(Guid id, CancellationToken ct) =>
        await db.Set<ContactView>().SingleOrDefaultAsync(c => c.Id == id, ct) ?? throw Refusal.NotFound(t["ContactGone"]);

    /// <summary>Null: it may be sent.</summary>
    public async Task<string?> WhyNotAsync(ContactView contact, ChannelInfo channel, CancellationToken ct)
    {
        if (contact.IsErased) return t["ContactIsErased"];
        if (contact.Blocked) return t["ContactBlocked", sight.Name(contact.Name)];
        if (await db.AddressOfAsync(channel, contact.Id, ct) is null) return t["NotReachable", sight.Name(contact.Name), channel.Name];
        var said = await db.Set<ConsentView>().Where(c => c.ContactId == contact.Id && c.Purpose == ConsentPurpose.Marketing && (c.ChannelId == channel.Id || c.ChannelId == Guid.Empty))
            .OrderByDescending(c => c.Position).Select(c => (bool?)c.IsGranted).FirstOrDefaultAsync(ct);
        return said == false ? t["SmsOptedOut", sight.Name(contact.Name), channel.Name].Value : null;
    }
}

internal sealed class OfferSmsHandler(TicketAccess access, Sight sight, SmsWays ways) : IRequestHandler<OfferSms, SmsOffer>
{
    public async Task<SmsOffer> Handle(OfferSms request, CancellationToken ct)
    {
        var ticket = await access.ReadAsync(request.TicketId, ct);
        var contact = await ways.ContactAsync(ticket.ContactId, ct);
        var offered = new List<SmsChannel>();
        foreach (var channel in await ways.ChannelsAsync(ct)) offered.Add(new(channel.Id, channel.Name, await ways.WhyNotAsync(contact, channel, ct)));
        return new(sight.Name(contact.Name), contact.Phone.MaskedUnless(sight.SeesPhones), await ways.SignatureAsync(ct), offered);
    }
}

internal sealed class SendSmsHandler(InforzapDb db, IMediator mediator, TicketAccess access, SmsWays ways, OwnTickets own, ITextCounter counter, IStringLocalizer<Texts> t) : IRequestHandler<SendSms, Guid>
{
    public async Task<Guid> Handle(SendSms request, CancellationToken ct)
    {
        var me = access.Actor.Id;
        // Whoever asks again, since the answer was lost, has it already.
        if (await db.Messages.Where(m => m.Id == request.MessageId && m.SenderUserId == me).Select(m => (Guid?)m.TicketId).SingleOrDefaultAsync(ct) is { } before) return before;
        var from = await access.ReadAsync(request.TicketId, ct);
        var channel = await ways.RequireAsync(request.ChannelId, ct);
        if (await ways.WhyNotAsync(await ways.ContactAsync(from.ContactId, ct), channel, ct) is { } why) throw new Refusal(why);
        if (counter.Count(channel.Id, await ways.SignatureAsync(ct) + request.Text.Trim()) is { IsTooLong: true } count) throw Refusal.At(nameof(request.Text), t["TextTooLong", count.Parts, count.Unit]);
        var ticket = await own.WithAsync(from.ContactId, channel.Id, ct);
        // Signed only where the house wants it: each letter is paid for.
        await mediator.Send(new SendMessage(ticket, request.MessageId, request.Text.Trim(), Sign: false), ct);
        return ticket;
    }
}
