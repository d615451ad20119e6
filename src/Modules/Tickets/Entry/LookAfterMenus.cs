using Inforzap.Data;
using Inforzap.Jobs;
using Inforzap.Requests;
using Inforzap.Tickets.Desk;

namespace Inforzap.Tickets.Entry;

/// <summary>
/// Leads on who did not choose in time, tells who waits that their place has changed, and forgets menus of tickets that wait no more. It
/// looks at how things are, so it may run at any time and on any node. Returns how many it did: as long as there were some, there may be more.
/// </summary>
[AllowSystem]
internal sealed record LookAfterMenus : IRequest<int>;

/// <summary>Looks every half minute.</summary>
internal sealed class MenuJob(SystemMediator mediator) : IJob
{
    public async Task RunAsync(JobTick tick, CancellationToken ct)
    {
        while (await mediator.Send(new LookAfterMenus(), ct) > 0) ct.ThrowIfCancellationRequested();
    }
}

internal sealed class LookAfterMenusHandler(InforzapDb db, AskMenu menus, QueuePlace place, TicketAccess access) : IRequestHandler<LookAfterMenus, int>
{
    private const int Most = 100;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public async Task<int> Handle(LookAfterMenus request, CancellationToken ct)
    {
        if (!await db.EntryMenus.AnyAsync(ct)) return 0;
        return await ForgetAsync(ct) + await LeadAsync(ct) + await FindAsync(ct) + await TellAsync(ct);
    }

    /// <summary>
    /// Whom nobody asked, since the menu was switched off or the message taken back in that moment, waits where hardly anybody looks:
    /// they are led on as if they had not chosen. Returns how many.
    /// </summary>
    private async Task<int> FindAsync(CancellationToken ct)
    {
        var since = access.Now - Patience;
        var stray = await (from x in db.Set<Ticket>()
                           where x.Status == TicketStatus.Pending && x.QueueId == null && x.UserId == null && !x.IsGroup && x.QueuedAt < since
                           join m in db.EntryMenus on x.ChannelId equals m.ChannelId
                           where !db.Set<MenuState>().Any(s => s.TicketId == x.Id)
                           orderby x.QueuedAt
                           select x.Id).Take(Most).ToListAsync(ct);
        if (stray.Count == 0) return 0;
        var led = 0;
        foreach (var ticket in (await db.HoldTicketsAsync([.. stray], ct)).Values)
        {
            if (ticket is not { Status: TicketStatus.Pending, QueueId: null, UserId: null } || await db.MenuStates.AnyAsync(s => s.TicketId == ticket.Id, ct)) continue;
            var channelId = ticket.ChannelId;
            var state = new MenuState { TicketId = ticket.Id };
            db.Add(state);
            await menus.LeadAsync(ticket, state, await db.EntryMenus.AsNoTracking().SingleAsync(m => m.ChannelId == channelId, ct), ct);
            await db.SaveChangesAsync(ct);
            led++;
        }
        return led;
    }

    private async Task<int> ForgetAsync(CancellationToken ct)
    {
        var over = await (from s in db.MenuStates
                          join x in db.Set<Ticket>() on s.TicketId equals x.Id
                          where x.Status != TicketStatus.Pending
                          select s).Take(Most).ToListAsync(ct);
        db.RemoveRange(over);
        await db.SaveChangesAsync(ct);
        return over.Count;
    }

    private async Task<int> LeadAsync(CancellationToken ct)
    {
        var now = access.Now;
        var due = await db.MenuStates.AsNoTracking().Where(s => s.DueAt <= now).OrderBy(s => s.DueAt).Select(s => s.TicketId).Take(Most).ToListAsync(ct);
        foreach (var id in due)
        {
            var ticket = await db.HoldTicketAsync(id, ct);
            // Answered, or asked anew, between the look and the hold.
            if (await db.MenuStates.SingleOrDefaultAsync(s => s.TicketId == id, ct) is not { DueAt: { } at } state || at > now) continue;
            var channelId = ticket.ChannelId;
            var menu = await db.EntryMenus.AsNoTracking().SingleOrDefaultAsync(m => m.ChannelId == channelId, ct);
            if (menu is not null && ticket is { Status: TicketStatus.Pending, QueueId: null, UserId: null }) await menus.LeadAsync(ticket, state, menu, ct);
            (state.IsOver, state.DueAt) = (true, null);
            await db.SaveChangesAsync(ct);
        }
        return due.Count;
    }

    /// <summary>Who waits in a queue that says the place again and again, when it is time and the place is another one.</summary>
    private async Task<int> TellAsync(CancellationToken ct)
    {
        var now = access.Now;
        var waiting = await (from s in db.MenuStates.AsNoTracking()
                             join x in db.Set<Ticket>() on s.TicketId equals x.Id
                             join q in db.Set<Queue>() on x.QueueId equals q.Id
                             where s.PlaceAt != null && x.Status == TicketStatus.Pending && x.UserId == null && q.PlaceText != null && q.PlaceMinutes > 0
                             orderby s.PlaceAt
                             select new { s.TicketId, s.PlaceAt, q.PlaceMinutes }).ToListAsync(ct);
        var due = waiting.Where(w => w.PlaceAt!.Value.AddMinutes(w.PlaceMinutes) <= now).Take(Most).ToList();
        foreach (var row in due)
        {
            var ticket = await db.HoldTicketAsync(row.TicketId, ct);
            if (await db.MenuStates.SingleOrDefaultAsync(s => s.TicketId == row.TicketId, ct) is not { } state || state.PlaceAt != row.PlaceAt) continue;
            // Whatever comes of it, it is looked at again only when the minutes have passed.
            state.PlaceAt = now;
            await place.TellAsync(ticket, state, ct);
            await db.SaveChangesAsync(ct);
        }
        return due.Count;
    }
}
