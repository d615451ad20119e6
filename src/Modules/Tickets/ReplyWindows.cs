using Inforzap.Contracts.Channels;
using Inforzap.Data;
using Inforzap.Requests;
using Inforzap.Sdk;
using Microsoft.Extensions.Localization;

namespace Inforzap.Tickets;

/// <summary>Until when free answers are taken in a conversation.</summary>
/// <param name="Until">Null: the customer has not written, or too long ago.</param>
/// <param name="Length">How long after each message of the customer.</param>
public sealed record ReplyWindow(DateTime? Until, TimeSpan Length)
{
    /// <summary>Whether answers are taken at this time.</summary>
    public bool IsOpenAt(DateTime now) => Until > now;

    /// <summary>The length as people say it: adapters give a little less than whole hours.</summary>
    public int Hours => (int)Math.Ceiling(Length.TotalHours);
}

/// <summary>
/// The window that some channels have (<see cref="IReplyWindow"/>), counted from what the customer last wrote under the ticket's
/// address. What the company wrote on another device, and what the provider says, opens none.
/// </summary>
internal static class ReplyWindows
{
    /// <summary>Null when the channel takes answers at any time.</summary>
    public static async Task<ReplyWindow?> ReplyWindowAsync(this InforzapDb db, ChannelInfo? channel, Ticket ticket, DateTime now, CancellationToken ct)
    {
        if (channel?.ReplyWindow is not { } length) return null;
        return new(await LastWrittenAsync(db, ticket, now - length, ct) + length, length);
    }

    /// <summary>Refuses when the window is shut: the provider would, and later.</summary>
    public static async Task RequireReplyWindowAsync(this InforzapDb db, ChannelInfo? channel, Ticket ticket, DateTime now, IStringLocalizer<Texts> t, CancellationToken ct)
    {
        if (await db.ReplyWindowAsync(channel, ticket, now, ct) is { } window && !window.IsOpenAt(now)) throw Refusal.Conflict(Words(window, t));
    }

    /// <summary>Why nothing can be sent.</summary>
    public static string Words(ReplyWindow window, IStringLocalizer<Texts> t) => t["WindowShut", window.Hours];

    private static async Task<DateTime?> LastWrittenAsync(InforzapDb db, Ticket ticket, DateTime since, CancellationToken ct)
    {
        if (await Written(db).Where(m => m.TicketId == ticket.Id).OrderByDescending(m => m.Seq).Select(m => new { m.ProviderAt, m.CreatedAt }).FirstOrDefaultAsync(ct) is { } here)
            return Earlier(here.ProviderAt, here.CreatedAt);
        // Nothing yet in this one, which an agent began: what was written in the ticket before counts.
        var before = await (from x in db.Tickets
                            where x.ChannelId == ticket.ChannelId && x.ContactId == ticket.ContactId && x.Id != ticket.Id && x.LastMessageAt > since
                            join m in Written(db) on x.Id equals m.TicketId
                            orderby x.Number descending, m.Seq descending
                            select new { x.AddressKind, x.AddressValue, m.ProviderAt, m.CreatedAt }).FirstOrDefaultAsync(ct);
        return before is not null && IsSame(new(ticket.AddressValue, ticket.AddressKind), new(before.AddressValue, before.AddressKind)) ? Earlier(before.ProviderAt, before.CreatedAt) : null;
    }

    private static IQueryable<Message> Written(InforzapDb db) => db.Messages.AsNoTracking().Where(m => !m.FromUs && m.Kind != MessageKind.System);

    /// <summary>The provider's clock counts, unless it runs ahead.</summary>
    private static DateTime Earlier(DateTime? provider, DateTime ours) => provider < ours ? provider.Value : ours;

    /// <summary>Two spellings of a number differ in Brazil's ninth digit.</summary>
    internal static bool IsSame(Address one, Address other) => one.Kind == other.Kind && (one.Value == other.Value
        || (one.Kind == AddressKind.Phone && one.Value.Length >= 12 && other.Value.Length >= 12 && one.Value[..4] == other.Value[..4] && one.Value[^8..] == other.Value[^8..]));
}
