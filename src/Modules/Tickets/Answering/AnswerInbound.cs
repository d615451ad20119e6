using System.Text.Json;
using Inforzap.Data;
using Inforzap.Lanes;

namespace Inforzap.Tickets.Answering;

/// <summary>One way in which the product answers customers by itself. They are asked in order; the first that answers is the only one.</summary>
internal interface IAnswerStep
{
    /// <summary>Lower ones are asked first: hours 100, flows 200, menus 300.</summary>
    int Order { get; }

    /// <summary>Answers the customer's newest message in a pending ticket that is held. True: nobody else shall.</summary>
    Task<bool> TryAsync(Ticket ticket, Message newest, CancellationToken ct);
}

/// <summary>Says from memory whether a step may have something to do, so that messages cost nothing where none has.</summary>
internal interface IAnswerSwitch
{
    /// <summary>It is configured at all.</summary>
    bool IsOn { get; }

    /// <summary>It may want to answer in this ticket.</summary>
    bool Concerns(Ticket ticket, DateTime at);
}

/// <summary>A lane item: answer this message, if it is still the newest.</summary>
internal sealed record AnswerItem(Guid TicketId, Guid MessageId);

internal static class AnswerLane
{
    /// <summary>Who writes in pieces is answered once, after the last of them.</summary>
    internal static readonly TimeSpan Pause = TimeSpan.FromSeconds(1.5);

    /// <summary>Asks for an answer to the newest message of each ticket where a step may have one.</summary>
    public static void EnqueueAnswers(this InforzapDb db, IEnumerable<IAnswerSwitch> switches, IEnumerable<Message> received, Func<Guid, Ticket> ticketOf, DateTime now)
    {
        var on = switches.Where(s => s.IsOn).ToList();
        if (on.Count == 0) return;
        foreach (var newest in received.Where(m => m is { FromUs: false, Kind: not MessageKind.System }).GroupBy(m => m.TicketId).Select(g => g.MaxBy(m => m.Seq)!))
        {
            var ticket = ticketOf(newest.TicketId);
            if (ticket is { Status: TicketStatus.Pending, IsGroup: false } && on.Exists(s => s.Concerns(ticket, now)))
                db.Enqueue($"answer/{ticket.ChannelId:N}/{ticket.ContactId:N}", "answer", JsonSerializer.Serialize(new AnswerItem(ticket.Id, newest.Id), JsonSerializerOptions.Web), now, now + Pause);
        }
    }
}

/// <summary>
/// Answers customers whose ticket waits for somebody: never in groups, never where a person has taken over, never twice, and never an
/// older message when there is a newer one. What the customer wrote stays unread.
/// </summary>
internal sealed class AnswerInbound(InforzapDb db, IEnumerable<IAnswerStep> steps, AnswerVoice voice) : ILaneHandler
{
    public string Type => "answer";

    public async Task HandleAsync(LaneSet set, CancellationToken ct)
    {
        var items = set.Items.Select(i => JsonSerializer.Deserialize<AnswerItem>(i.Payload, JsonSerializerOptions.Web)!).ToList();
        var ids = items.Select(i => i.TicketId).Distinct().ToArray();
        await db.Hold<Ticket>(t => ids.Contains(t.Id), ct);
        foreach (var item in items) await AnswerAsync(item, ct);
    }

    private async Task AnswerAsync(AnswerItem item, CancellationToken ct)
    {
        var ticket = await db.Tickets.SingleOrDefaultAsync(t => t.Id == item.TicketId, ct);
        if (ticket is not { Status: TicketStatus.Pending, IsGroup: false }) return;
        var newest = await db.Messages.AsNoTracking().SingleAsync(m => m.Id == item.MessageId, ct);
        var (ticketId, seq) = (ticket.Id, newest.Seq);
        if (newest.DeletedAt is not null || await db.Messages.AnyAsync(m => m.TicketId == ticketId && m.Seq > seq && !m.FromUs && m.Kind != MessageKind.System, ct)) return;
        var state = await voice.StateOfAsync(ticket, ct);
        var number = ConversationSeq.Of(ticket.Number, seq);
        if (state.Answered >= number) return;
        state.Answered = number;
        foreach (var step in steps.OrderBy(s => s.Order))
        {
            if (await step.TryAsync(ticket, newest, ct)) break;
        }
        await db.SaveChangesAsync(ct);
    }
}
