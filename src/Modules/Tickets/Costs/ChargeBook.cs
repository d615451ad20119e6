using Inforzap.Contracts.Settings;
using Inforzap.Data;
using Inforzap.Sdk;
using Inforzap.Tickets.Desk;

namespace Inforzap.Tickets.Costs;

/// <summary>Keeps what receipts say of costs, one row a message. Each receipt of a message says it again, and the last word counts.</summary>
internal sealed class ChargeBook(InforzapDb db, ISettings settings)
{
    private readonly Dictionary<Guid, (Message Message, Cost Cost, DateTime At)> told = [];

    /// <summary>A receipt came for a message, whether or not it changes the ticks.</summary>
    public void Note(Message message, InboundReceipt receipt, DateTime now)
    {
        if (receipt.Cost is not { } cost || !message.FromUs || message.IsNote) return;
        var at = receipt.At is { } said && said < now ? said : now;
        told[message.Id] = told.TryGetValue(message.Id, out var earlier)
            ? (message, new(cost.Category ?? earlier.Cost.Category, cost.Billable ?? earlier.Cost.Billable, cost.Model ?? earlier.Cost.Model), earlier.At)
            : (message, cost, at);
    }

    /// <summary>Writes it down with whatever else is saved. Returns the messages of which something new is known.</summary>
    public async Task<IReadOnlyList<Message>> WriteAsync(CancellationToken ct)
    {
        if (told.Count == 0) return [];
        var ids = told.Keys.ToArray();
        var kept = await db.MessageCharges.Where(c => ids.Contains(c.MessageId)).ToDictionaryAsync(c => c.MessageId, ct);
        var changed = new List<Message>();
        foreach (var (id, (message, cost, at)) in told)
        {
            if (!kept.TryGetValue(id, out var charge))
                db.Add(charge = new MessageCharge { MessageId = id, ChannelId = message.ChannelId, Day = DateOnly.FromDateTime(settings.Local(at)) });
            else if (Of(cost, charge) == (charge.Category, charge.IsBillable, charge.Model)) continue;
            (charge.Category, charge.IsBillable, charge.Model) = Of(cost, charge);
            changed.Add(message);
        }
        told.Clear();
        return changed;
    }

    private static (string Category, bool? IsBillable, string? Model) Of(Cost cost, MessageCharge kept) =>
        (Word(cost.Category)?.ToLowerInvariant() ?? kept.Category, cost.Billable ?? kept.IsBillable, Word(cost.Model) ?? kept.Model);

    private static string? Word(string? word) => string.IsNullOrWhiteSpace(word) ? null : CleanText.Of(word.Trim(), MessageCharge.MaxWord);
}
