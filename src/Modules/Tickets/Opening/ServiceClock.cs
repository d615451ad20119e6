using Inforzap.Contracts.Settings;
using Inforzap.Tickets.Desk;

namespace Inforzap.Tickets.Opening;

/// <summary>
/// Says when customers are served. The hours of the queue go before those of the channel, and these before the company's; without any
/// it is always open. It asks memory, and may be asked for every message.
/// </summary>
internal sealed class ServiceClock(LiveHours live, ISettings settings)
{
    public bool IsOpen(Guid? channelId, Guid? queueId, DateTime at) => Days(channelId, queueId)?.IsOpen(at) ?? true;

    /// <summary>This moment when it is open, else the next one; null: not within a year.</summary>
    public DateTime? NextOpen(Guid? channelId, Guid? queueId, DateTime at) => Days(channelId, queueId) is not { } days || days.IsOpen(at) ? at : days.Next(open: true, at);

    /// <summary>How much of the time between two moments was within the hours: for rules that count those only.</summary>
    public TimeSpan Elapsed(Guid? channelId, Guid? queueId, DateTime from, DateTime to) =>
        to <= from ? TimeSpan.Zero : Days(channelId, queueId) is { } days ? days.Open(from, to) : to - from;

    /// <summary>The hours by which it is closed for this ticket; null: it is open.</summary>
    public Closed? ClosedAt(Ticket ticket, DateTime at)
    {
        var book = live.Book;
        if (book.Of(ticket.ChannelId, ticket.QueueId) is not { } plan) return null;
        var days = book.Days(plan, settings.TimeZone);
        return days.IsOpen(at) ? null : new(plan.Hours, book.Text(plan, DateOnly.FromDateTime(settings.Local(at))), days.Next(open: true, at));
    }

    private ServiceDays? Days(Guid? channelId, Guid? queueId)
    {
        var book = live.Book;
        return book.Of(channelId, queueId) is { } plan ? book.Days(plan, settings.TimeZone) : null;
    }
}

/// <summary>It is closed.</summary>
/// <param name="Hours">By these hours.</param>
/// <param name="Text">What customers are told; null: nothing.</param>
/// <param name="Until">When it opens again, UTC; null: not within a year.</param>
internal sealed record Closed(ServiceHours Hours, string? Text, DateTime? Until);
