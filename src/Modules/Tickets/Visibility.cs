using Inforzap.Contracts.Contacts;
using Inforzap.Contracts.Settings;
using Inforzap.Data;
using Inforzap.Requests;

namespace Inforzap.Tickets;

/// <summary>
/// Who sees a ticket (FEATURES 1.5). The one rule that filters lists, counters, search, media, pushes and every command:
/// each query for a caller starts here.
/// </summary>
internal static class Visibility
{
    public static IQueryable<Ticket> VisibleTo(this IQueryable<Ticket> tickets, IActor actor, ISettings settings, InforzapDb db)
    {
        // A group that somebody was given they see.
        if (!actor.May("tickets.groups") && actor.Id is var own) tickets = tickets.Where(t => !t.IsGroup || t.UserId == own);
        if (actor.May("tickets.see-all")) return tickets;
        var (me, queues) = (actor.Id, actor.Queues.ToArray());
        var showUnassigned = settings.Is(Setting.ShowUnassigned);
        var hideOthers = settings.Is(Setting.HideOthersTickets) && !actor.May("tickets.see-queue");
        // What somebody was given they see, whoever looks after the contact.
        if (actor.SeesOwnOnly(settings))
            tickets = tickets.Where(t => t.UserId == me || !db.Set<ContactOwnerView>().Any(o => o.ContactId == t.ContactId) || db.Set<ContactOwnerView>().Any(o => o.ContactId == t.ContactId && o.UserId == me));
        return tickets.Where(t => t.UserId == me
            || (t.QueueId != null && queues.Contains(t.QueueId.Value) && (t.UserId == null || !hideOthers))
            || (showUnassigned && t.QueueId == null && t.UserId == null));
    }

    /// <summary>Of those that wait, only the ones whose messages the caller may read before taking them, as <see cref="Desk.TicketAccess.MayLookInto"/> says it of one.</summary>
    public static IQueryable<Ticket> MayLookInto(this IQueryable<Ticket> tickets, IActor actor, ISettings settings)
    {
        if (actor.MayPeek(settings)) return tickets;
        var me = actor.Id;
        return tickets.Where(t => t.Status != TicketStatus.Pending || t.UserId == me);
    }

    /// <summary>Espiar: the messages of tickets that wait may be read without taking them.</summary>
    public static bool MayPeek(this IActor actor, ISettings settings) => actor.May("tickets.peek") && (settings.Is(Setting.AllowPeek) || actor.May("tickets.see-queue"));

    /// <summary>Tickets that somebody else serves may be in sight.</summary>
    public static bool SeesOthers(this IActor actor, ISettings settings) => actor.May("tickets.see-all") || actor.May("tickets.see-queue") || !settings.Is(Setting.HideOthersTickets);

    /// <summary>The topics under which changes of what the actor sees are hinted.</summary>
    public static IReadOnlyList<string> TopicsOf(IActor actor) =>
        actor.May("tickets.see-all") ? [Live.Topics.AllTickets]
            : [Live.Topics.TicketsOf(actor.Id), Live.Topics.Queue(null), .. actor.Queues.Select(q => Live.Topics.Queue(q))];
}
