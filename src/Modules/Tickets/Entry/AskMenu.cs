using Inforzap.Contracts.Channels;
using Inforzap.Data;
using Inforzap.Live;
using Inforzap.Tickets.Answering;
using Inforzap.Tickets.Desk;

namespace Inforzap.Tickets.Entry;

/// <summary>Asks a customer whose ticket has no queue which one they want, and leads them there.</summary>
internal sealed class AskMenu(InforzapDb db, LiveMenus menus, AnswerVoice voice, TicketAccess access, QueuePlace place, OutOfHours hours, IChannelDirectory channels) : IAnswerStep
{
    /// <summary>Nobody has read the question so soon: what comes then was written before it and is no wrong answer.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    public int Order => 300;

    public async Task<bool> TryAsync(Ticket ticket, Message newest, CancellationToken ct)
    {
        // Whom a person has answered is asked nothing by a machine, wherever that person sent the ticket.
        if (menus.Of(ticket.ChannelId) is not { } plan || !menus.Concerns(ticket, newest.CreatedAt) || ticket.FirstResponseAt is not null || ticket.ReturnedBy is not null) return false;
        var state = await db.MenuStates.FindAsync([ticket.Id], ct);
        if (state is null) db.Add(state = new MenuState { TicketId = ticket.Id });
        // Not asked yet, or before the ticket was closed and opened again.
        if (state.AskedAt < ticket.QueuedAt)
        {
            (state.Tries, state.IsOver, state.Place, state.PlaceAt) = (0, false, 0, null);
            return await AskAsync(ticket, state, plan, plan.Menu.Greeting, ct);
        }
        if (MenuChoice.Of(plan, newest) is { } option) return await ChooseAsync(ticket, state, plan, option, newest, ct);
        if (state.IsOver || newest.CreatedAt < state.AskedAt + Grace) return false;
        if (++state.Tries < plan.Menu.Tries) return await AskAsync(ticket, state, plan, plan.Menu.WrongText, ct);
        await LeadAsync(ticket, state, plan.Menu, ct);
        return true;
    }

    /// <summary>To the queue for the others, since they did not choose.</summary>
    internal async Task LeadAsync(Ticket ticket, MenuState state, EntryMenu menu, CancellationToken ct)
    {
        (state.IsOver, state.DueAt) = (true, null);
        // Where the queue of the menu went out of use, the channel's own stands in.
        Guid[] ways = [menu.DefaultQueueId, channels.Find(ticket.ChannelId)?.QueueId ?? Guid.Empty];
        var open = await db.Queues.Where(q => ways.Contains(q.Id) && q.IsActive).ToDictionaryAsync(q => q.Id, q => q.Name, ct);
        if (Array.Find(ways, open.ContainsKey) is var target && target == Guid.Empty) return;
        await MoveAsync(ticket, target, "menu-left", open[target], ct);
        // Whom a person has answered is told nothing by a machine.
        if (ticket.FirstResponseAt is null) await place.TellAsync(ticket, state, ct);
    }

    private async Task<bool> AskAsync(Ticket ticket, MenuState state, MenuPlan plan, string text, CancellationToken ct)
    {
        (state.AskedAt, state.DueAt) = (access.Now, plan.Menu.TimeoutMinutes > 0 ? access.Now.AddMinutes(plan.Menu.TimeoutMinutes) : null);
        // Who can't be asked can't choose.
        if (!await voice.SayAsync(ticket, text, ct, MenuChoice.Offers(plan))) await LeadAsync(ticket, state, plan.Menu, ct);
        return true;
    }

    private async Task<bool> ChooseAsync(Ticket ticket, MenuState state, MenuPlan plan, EntryOption option, Message newest, CancellationToken ct)
    {
        var queueId = option.QueueId;
        // It may have gone out of use since the menus were read.
        if (await db.Queues.Where(q => q.Id == queueId && q.IsActive).Select(q => q.Name).SingleOrDefaultAsync(ct) is not { } name)
        {
            await LeadAsync(ticket, state, plan.Menu, ct);
            return true;
        }
        (state.IsOver, state.DueAt) = (true, null);
        await MoveAsync(ticket, queueId, "menu-chosen", name, ct);
        if (plan.Menu.ChosenText is { } text) await voice.SayAsync(ticket, text, ct);
        // The queue may have hours of its own; then it is no use to say how many wait there.
        if (!await hours.TryAsync(ticket, newest, ct)) await place.TellAsync(ticket, state, ct);
        return true;
    }

    private async Task MoveAsync(Ticket ticket, Guid queueId, string type, string name, CancellationToken ct)
    {
        ticket.MoveTo(queueId);
        await access.RecordAsync(ticket, type, new { queue = name }, ct);
        db.Touch(Topics.Queue(null));
    }
}
