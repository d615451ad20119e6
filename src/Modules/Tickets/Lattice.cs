using Inforzap.Data;
using Inforzap.Sdk;

namespace Inforzap.Tickets;

/// <summary>
/// Receipts come late, twice and in any order; whatever the order, the end is the same, since a state is only ever
/// replaced by a higher one. Failed lies between sent and delivered.
/// </summary>
internal static class Lattice
{
    public static int Rank(MessageState state) => state switch
    {
        MessageState.Queued => 0,
        MessageState.Sending => 1,
        MessageState.Unknown => 2,
        MessageState.Sent => 3,
        MessageState.Failed => 4,
        MessageState.Delivered => 5,
        MessageState.Read => 6,
        MessageState.Played => 7,
        _ => 8,
    };

    public static MessageState Of(ReceiptState receipt) => receipt switch
    {
        ReceiptState.Sent => MessageState.Sent,
        ReceiptState.Delivered => MessageState.Delivered,
        ReceiptState.Read => MessageState.Read,
        ReceiptState.Played => MessageState.Played,
        _ => MessageState.Failed,
    };

    /// <summary>Raises the state of a message of ours; false when it is there already or further.</summary>
    public static bool Raise(Message message, MessageState to, string? reason = null, string? code = null)
    {
        if (!message.FromUs || message.IsNote || Rank(to) <= Rank(message.State)) return false;
        message.State = to;
        (message.FailReason, message.FailCode) = to == MessageState.Failed ? (Cut(reason, 500), Cut(code, 60)) : (null, null);
        return true;
    }

    private static string? Cut(string? text, int length) => text is null ? null : CleanText.Of(text, length);
}
