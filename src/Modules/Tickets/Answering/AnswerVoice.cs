using Inforzap.Contracts.Settings;
using Inforzap.Data;
using Inforzap.Sdk;
using Inforzap.Tickets.Desk;
using Inforzap.Tickets.Outbound;

namespace Inforzap.Tickets.Answering;

/// <summary>What the product has said by itself in a conversation. Written while its ticket is held.</summary>
internal sealed class AnswerState : Versioned
{
    public Guid ChannelId { get; init; }
    public Guid ContactId { get; init; }
    /// <summary>The newest message that was looked at: see <see cref="ConversationSeq"/>.</summary>
    public long Answered { get; set; }
    /// <summary>The day, by the company's clock, of which <see cref="Said"/> counts.</summary>
    public DateOnly Day { get; set; }
    /// <summary>How many texts on that day.</summary>
    public int Said { get; set; }
    /// <summary>When the contact was last told that nobody is there.</summary>
    public DateTime? ToldClosedAt { get; set; }

    public static void Map(ModelBuilder model)
    {
        var state = model.Entity<AnswerState>();
        state.ToTable("AnswerStates", "tickets");
        state.HasKey(s => new { s.ChannelId, s.ContactId });
        state.HasIndex(s => s.ContactId);
    }
}

/// <summary>
/// Speaks for the steps as <see cref="HouseVoice"/> does, but only so many times a day in one conversation: two robots that answer
/// each other would never end.
/// </summary>
internal sealed class AnswerVoice(InforzapDb db, HouseVoice voice, TicketAccess access, ISettings settings)
{
    /// <summary>So many texts per conversation and day.</summary>
    internal const int Most = 10;

    /// <summary>What was said in the conversation of a ticket that is held.</summary>
    public async Task<AnswerState> StateOfAsync(Ticket ticket, CancellationToken ct)
    {
        if (await db.Set<AnswerState>().FindAsync([ticket.ChannelId, ticket.ContactId], ct) is { } state) return state;
        db.Add(state = new AnswerState { ChannelId = ticket.ChannelId, ContactId = ticket.ContactId });
        return state;
    }

    /// <inheritdoc cref="HouseVoice.SayAsync"/>
    public async Task<bool> SayAsync(Ticket ticket, string text, CancellationToken ct, IReadOnlyList<Offer>? choices = null)
    {
        var state = await StateOfAsync(ticket, ct);
        var today = DateOnly.FromDateTime(settings.Local(access.Now));
        if (state.Day != today) (state.Day, state.Said) = (today, 0);
        if (state.Said >= Most)
        {
            if (state.Said == Most) db.Add(Timeline.Entry(ticket.Id, "answers-stopped", null, access.Now));
            state.Said = Most + 1;
            return false;
        }
        if (!await voice.SayAsync(ticket, text, ct, choices)) return false;
        state.Said++;
        return true;
    }
}
