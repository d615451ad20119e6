using Inforzap.Contracts.Channels;
using Inforzap.Contracts.Contacts;
using Inforzap.Contracts.Identity;
using Inforzap.Contracts.Settings;
using Inforzap.Data;
using Inforzap.Requests;
using Inforzap.Tickets.Protocols;
using Inforzap.Variables;

namespace Inforzap.Tickets.Desk;

/// <summary>What texts with variables may say in a ticket.</summary>
internal sealed class TicketFacts(InforzapDb db, IChannelDirectory channels, IActor actor, Sight sight, ISettings settings, IMediator mediator, ProtocolMaker protocols)
{
    /// <summary>Of a ticket that the caller may see. A text that names the protocol may make one, which the caller saves. Who writes is the caller, or who serves the ticket where the product itself writes.</summary>
    /// <param name="ticket">What it is about.</param>
    /// <param name="author">Who writes, where that is known to be another.</param>
    public async Task<VariableFacts> OfAsync(Ticket ticket, CancellationToken ct, Guid? author = null)
    {
        var contact = await db.Set<ContactView>().SingleOrDefaultAsync(c => c.Id == ticket.ContactId, ct);
        var writes = author ?? (actor.IsSystem ? ticket.UserId : actor.Id);
        var agent = await db.Set<UserView>().SingleOrDefaultAsync(u => u.Id == writes, ct);
        var seesPhones = author is { } wrote ? !settings.Is(Setting.HidePhones) || (await mediator.Send(new WhoMayNow("contacts.see-phones", [wrote]) { AtAnyHour = true }, ct)).Contains(wrote) : sight.SeesPhones;
        return new VariableFacts
        {
            ContactId = ticket.ContactId,
            ContactName = ticket.IsGroup ? null : contact?.Name.NamedUnless(seesPhones),
            ContactNumber = contact?.Phone is { Length: > 0 } phone ? Shown.Phone(phone.MaskedUnless(seesPhones)!) : null,
            ContactEmail = contact?.Email,
            TicketNumber = ticket.Number,
            Queue = await db.Queues.Where(q => q.Id == ticket.QueueId).Select(q => q.Name).SingleOrDefaultAsync(ct),
            Agent = agent?.Name,
            AgentEmail = agent?.Email,
            Channel = channels.Find(ticket.ChannelId)?.Name,
            Group = ticket.IsGroup ? contact?.Name : null,
            ProtocolAsync = async ct => (await protocols.CurrentAsync(ticket, ct))?.Number,
        };
    }
}
