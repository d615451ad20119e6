using System.Text.Json;
using Inforzap.Data;

namespace Inforzap.Tickets;

/// <summary>Writes what happened, and the figures of the service period.</summary>
internal static class Timeline
{
    private static readonly JsonSerializerOptions Web = JsonSerializerOptions.Web;

    public static TimelineEntry Entry(Guid ticketId, string type, Guid? userId, DateTime now, object? data = null) =>
        new() { TicketId = ticketId, Type = type, UserId = userId, At = now, Data = data is null ? null : JsonSerializer.Serialize(data, Web) };

    /// <summary>A new period of service for a ticket that opens or reopens now.</summary>
    /// <param name="ticket">As it is from now on.</param>
    /// <param name="now">When.</param>
    /// <param name="startedByAgent">Who began this period, where it may be another than who began the ticket.</param>
    public static ServiceCycle Cycle(Ticket ticket, DateTime now, bool? startedByAgent = null) => new()
    {
        Id = Guid.CreateVersion7(), TicketId = ticket.Id, ChannelId = ticket.ChannelId, QueueId = ticket.QueueId, UserId = ticket.UserId,
        StartedByAgent = startedByAgent ?? ticket.StartedByAgent, IsGroup = ticket.IsGroup, QueuedAt = now, AcceptedAt = ticket.AcceptedAt, ClosedAt = ticket.ClosedAt,
        WaitSeconds = ticket.AcceptedAt is null ? null : 0,
    };

    /// <summary>Brings the running period up to date with its ticket.</summary>
    public static async Task UpdateCycleAsync(this InforzapDb db, Ticket ticket, CancellationToken ct)
    {
        var cycle = await db.Cycles.Where(c => c.TicketId == ticket.Id).OrderByDescending(c => c.QueuedAt).ThenBy(c => c.ClosedAt == null ? 0 : 1).FirstOrDefaultAsync(ct);
        if (cycle is null) return;
        (cycle.QueueId, cycle.UserId) = (ticket.QueueId, ticket.UserId ?? cycle.UserId);
        // The first acceptance counts for waiting; a transfer later does not begin it anew.
        cycle.AcceptedAt ??= ticket.AcceptedAt;
        cycle.FirstResponseAt ??= ticket.FirstResponseAt;
        (cycle.ClosedAt, cycle.ClosingReasonId) = (ticket.ClosedAt, ticket.ClosingReasonId);
        cycle.WaitSeconds = Seconds(cycle.QueuedAt, cycle.AcceptedAt);
        cycle.FirstResponseSeconds = Seconds(cycle.QueuedAt, cycle.FirstResponseAt);
        cycle.ServiceSeconds = cycle.AcceptedAt is { } accepted ? Seconds(accepted, cycle.ClosedAt) : null;
    }

    private static long? Seconds(DateTime from, DateTime? to) => to is { } end ? Math.Max(0, (long)(end - from).TotalSeconds) : null;
}

/// <summary>Numbers that people say, from a counter row: whoever takes one holds the row until the commit.</summary>
internal static class TicketNumbers
{
    /// <summary>Takes so many numbers; returns the last.</summary>
    public static long Take(InforzapDb db, int count = 1)
    {
        db.Set<Counter>().Where(c => c.Name == "ticket").ExecuteUpdate(set => set.SetProperty(c => c.Value, c => c.Value + count));
        return db.Set<Counter>().AsNoTracking().Where(c => c.Name == "ticket").Select(c => c.Value).Single();
    }
}

/// <summary>One number over all tickets of a conversation: the ticket's number, then the message's.</summary>
internal static class ConversationSeq
{
    private const long PerTicket = 1_000_000;

    public static long Of(long ticketNumber, long seq) => (ticketNumber * PerTicket) + seq;

    public static (long Number, long Seq) Split(long value) => (value / PerTicket, value % PerTicket);
}
