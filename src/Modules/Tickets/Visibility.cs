using Inforzap.Contracts.Settings;
using Inforzap.Requests;

namespace Inforzap.Tickets;

/// <summary>
/// Who sees a ticket (FEATURES 1.5). The one rule that filters lists, counters, search, media, pushes and every command:
/// each query for a caller starts here.
/// </summary>
internal static class Visibility
{
    public static IQueryable<Ticket> VisibleTo(this IQueryable<Ticket> tickets, IActor actor, ISettings settings)
    {
        if (actor.May("tickets.see-all")) return tickets;
        var (me, queues) = (actor.Id, actor.Queues.ToArray());
        var showUnassigned = settings.Is(Setting.ShowUnassigned);
        var hideOthers = settings.Is(Setting.HideOthersTickets) && !actor.May("tickets.see-queue");
        return tickets.Where(t => t.UserId == me
            || (t.QueueId != null && queues.Contains(t.QueueId.Value) && (t.UserId == null || !hideOthers))
            || (showUnassigned && t.QueueId == null && t.UserId == null));
    }

    /// <summary>The topics under which changes of what the actor sees are hinted.</summary>
    public static IReadOnlyList<string> TopicsOf(IActor actor) =>
        actor.May("tickets.see-all") ? [Live.Topics.AllTickets]
            : [Live.Topics.TicketsOf(actor.Id), Live.Topics.Queue(null), .. actor.Queues.Select(q => Live.Topics.Queue(q))];
}
