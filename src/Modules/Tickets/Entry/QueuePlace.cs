using System.Globalization;
using Inforzap.Data;
using Inforzap.Tickets.Desk;
using Inforzap.Tickets.Opening;
using Inforzap.Tickets.Outbound;
using Inforzap.Variables;

namespace Inforzap.Tickets.Entry;

/// <summary>Tells customers who came through a menu how many are before them, where their queue wants that. The clock has it said, and no word of theirs: so it counts among no answers.</summary>
internal sealed class QueuePlace(InforzapDb db, HouseVoice voice, TicketAccess access, ServiceClock clock)
{
    /// <summary>In the text: 1 is next.</summary>
    internal const string Place = "posicao";

    /// <summary>Says the place in the queue of a ticket that is held, unless it was said before.</summary>
    public async Task TellAsync(Ticket ticket, MenuState state, CancellationToken ct)
    {
        if (ticket is not { QueueId: { } queueId, Status: TicketStatus.Pending, UserId: null } || !clock.IsOpen(ticket.ChannelId, queueId, access.Now)) return;
        if (await db.Queues.Where(q => q.Id == queueId).Select(q => q.PlaceText).SingleOrDefaultAsync(ct) is not { } text) return;
        var (at, number) = (ticket.QueuedAt, ticket.Number);
        // In the order in which tickets are given.
        var place = 1 + await db.Tickets.CountAsync(x => x.Status == TicketStatus.Pending && x.QueueId == queueId && x.UserId == null && !x.IsGroup
            && (x.QueuedAt < at || (x.QueuedAt == at && x.Number < number)), ct);
        state.PlaceAt = access.Now;
        if (state.Place == place) return;
        state.Place = place;
        await voice.SayAsync(ticket, VariableText.Render(text, new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase) { [Place] = place.ToString(CultureInfo.InvariantCulture) }).Text, ct);
    }
}
