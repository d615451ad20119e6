using System.Text.Json;
using Inforzap.Contracts.Channels;
using Inforzap.Data;
using Inforzap.Lanes;

namespace Inforzap.Tickets.Desk;

internal static class ReadReceipt
{
    /// <summary>An agent has read what waited: the customer sees it on each message, and their channel is told of the last one.</summary>
    public static async Task ReadAllAsync(this InforzapDb db, Ticket ticket, DateTime now, CancellationToken ct)
    {
        if (ticket.Unread == 0) return;
        ticket.Unread = 0;
        var waiting = await db.Messages.Where(m => m.TicketId == ticket.Id && !m.FromUs && m.ReadAt == null).OrderByDescending(m => m.Seq).Take(200).ToListAsync(ct);
        foreach (var message in waiting) (message.ReadAt, message.Change) = (now, ticket.NextChange());
        if (waiting.FirstOrDefault()?.ProviderId is { } last) db.Enqueue($"read/{ticket.ChannelId:N}/{ticket.AddressValue}", "read", Json(ticket, last), now);
    }

    private static string Json(Ticket ticket, string providerId) =>
        JsonSerializer.Serialize(new ReadReceiptItem(ticket.ChannelId, ticket.AddressKind, ticket.AddressValue, providerId), JsonSerializerOptions.Web);
}
