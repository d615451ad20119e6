using System.Text.Json;
using Inforzap.Contracts.Channels;

namespace Inforzap.Tickets.Desk;

internal static class ReadReceipt
{
    public static string Json(Ticket ticket, string providerId) =>
        JsonSerializer.Serialize(new ReadReceiptItem(ticket.ChannelId, ticket.AddressKind, ticket.AddressValue, providerId), JsonSerializerOptions.Web);
}
