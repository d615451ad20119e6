using Inforzap.Contracts.Channels;
using Inforzap.Contracts.Contacts;
using Inforzap.Contracts.Identity;
using Inforzap.Contracts.Settings;
using Inforzap.Data;
using Inforzap.Requests;
using Inforzap.Sdk;
using Microsoft.Extensions.Localization;

namespace Inforzap.Tickets.Desk;

/// <summary>
/// Opens a ticket with a contact, served by whoever asks. Refused when there is an active one on that channel; the refusal
/// names it (<see cref="Refusal.See"/>).
/// </summary>
[Allow("tickets.start")]
public sealed record StartConversation([property: NotEmpty] Guid ContactId, [property: NotEmpty] Guid ChannelId, Guid? QueueId) : IRequest<Guid>;

/// <summary>The channels through which the caller may begin conversations, by name, and the one that is proposed.</summary>
[Allow("tickets.start"), Reads]
public sealed record StartingChannels : IRequest<ChannelChoices>;

/// <summary>Channels to choose from.</summary>
/// <param name="Ids">In order.</param>
/// <param name="Default">The one to propose, if any.</param>
public sealed record ChannelChoices(IReadOnlyList<Guid> Ids, Guid? Default);

internal sealed class StartingChannelsHandler(InforzapDb db, IActor actor, IChannelDirectory channels) : IRequestHandler<StartingChannels, ChannelChoices>
{
    public async Task<ChannelChoices> Handle(StartingChannels request, CancellationToken ct)
    {
        var only = await db.ChannelsOfAsync(actor.Id, ct);
        var proposed = await db.Set<UserView>().Where(u => u.Id == actor.Id).Select(u => u.DefaultChannelId).SingleOrDefaultAsync(ct);
        var ids = channels.All.Where(c => only.Count == 0 || only.Contains(c.Id)).Select(c => c.Id).ToList();
        return new(ids, proposed is { } id && ids.Contains(id) ? id : null);
    }
}

internal static class StartRights
{
    /// <summary>The only channels through which somebody may begin conversations; none of them: all.</summary>
    public static Task<List<Guid>> ChannelsOfAsync(this InforzapDb db, Guid userId, CancellationToken ct) =>
        db.Set<UserChannelView>().Where(c => c.UserId == userId).Select(c => c.ChannelId).ToListAsync(ct);

    /// <summary>
    /// Where this channel reaches a contact: of the addresses of its kind the one of the last ticket, or else the first; where people must
    /// write first, only one that did. Null: nowhere.
    /// </summary>
    public static async Task<Address?> AddressOfAsync(this InforzapDb db, ChannelInfo channel, Guid contactId, CancellationToken ct)
    {
        var before = await db.Tickets.Where(x => x.ChannelId == channel.Id && x.ContactId == contactId).OrderByDescending(x => x.Number)
            .Select(x => new { x.AddressKind, x.AddressValue }).FirstOrDefaultAsync(ct);
        // Of who was erased there is none any more.
        if (!channel.CanStart) return before is null or { AddressValue: "" } ? null : new(before.AddressValue, before.AddressKind);
        var values = await db.Set<ContactAddressView>().Where(a => a.ContactId == contactId && a.Kind == channel.AddressKind).OrderBy(a => a.Id).Select(a => a.Value).ToListAsync(ct);
        var all = values.ConvertAll(v => new Address(v, channel.AddressKind!));
        return (before is null ? null : all.Find(a => ReplyWindows.IsSame(a, new(before.AddressValue, before.AddressKind)))) ?? all.FirstOrDefault();
    }
}

internal sealed class StartConversationHandler(InforzapDb db, TicketAccess access, Sight sight, ISettings settings, IChannelDirectory channels, IStringLocalizer<Texts> t)
    : IRequestHandler<StartConversation, Guid>
{
    public async Task<Guid> Handle(StartConversation request, CancellationToken ct)
    {
        var channel = channels.All.FirstOrDefault(c => c.Id == request.ChannelId) ?? throw Refusal.NotFound(t["ChannelGone"]);
        if (await db.ChannelsOfAsync(access.Actor.Id, ct) is { Count: > 0 } only && !only.Contains(channel.Id)) throw Refusal.Forbidden(t["ChannelNotYours", channel.Name]);
        await db.RequireRoomAsync(access.Actor.Id, t, ct);
        var contact = await db.Set<ContactView>().KnownTo(access.Actor, settings, db).SingleOrDefaultAsync(c => c.Id == request.ContactId, ct) ?? throw Refusal.NotFound(t["ContactGone"]);
        if (contact.IsErased) throw Refusal.Conflict(t["ContactIsErased"]);
        if (contact.Blocked) throw new Refusal(t["ContactBlocked", sight.Name(contact.Name)]);
        if (request.QueueId is { } queue && !access.Actor.Queues.Contains(queue) && !access.Actor.May("tickets.see-all")) throw Refusal.NotFound(t["QueueGone"]);
        var address = await db.AddressOfAsync(channel, request.ContactId, ct) ?? throw new Refusal(t["NotReachable", sight.Name(contact.Name), channel.Name]);
        await db.RefuseSecondActiveAsync(channel.Id, contact.Id, t, ct);
        var before = (await db.LeadersAsync([(channel.Id, contact.Id)], ct)).GetValueOrDefault((channel.Id, contact.Id)).Leader;
        var ticket = Ticket.StartedBy(access.Actor.Id, TicketNumbers.Take(db), channel.Id, contact.Id, address, request.QueueId ?? channel.QueueId, access.Now, before);
        db.Add(ticket);
        db.Add(Timeline.Cycle(ticket, access.Now));
        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateException e) when (e.IsUniqueViolation())
        {
            // A message of the contact was faster.
            throw Refusal.Conflict(t["OtherTicketPending"]);
        }
        await access.RecordAsync(ticket, "started", null, ct);
        return ticket.Id;
    }
}
