using Inforzap.Data;
using Inforzap.Live;
using Inforzap.Tickets.Answering;

namespace Inforzap.Tickets.Entry;

/// <summary>A menu that is on, with the options whose queues are in use.</summary>
internal sealed record MenuPlan(EntryMenu Menu, IReadOnlyList<EntryOption> Options);

/// <summary>Holds all menus that are on in memory, as <see cref="Opening.LiveHours"/> does with hours.</summary>
internal sealed class LiveMenus(IServiceScopeFactory scopes, LiveHints live, ILogger<LiveMenus> log) : LiveCopy(scopes, live, log), IAnswerSwitch
{
    private volatile IReadOnlyDictionary<Guid, MenuPlan> plans = new Dictionary<Guid, MenuPlan>();
    private volatile bool hasMenus;

    public bool IsOn => plans.Count > 0;

    /// <summary>The menu of a channel; null: it has none that is on.</summary>
    public MenuPlan? Of(Guid channelId) => plans.GetValueOrDefault(channelId);

    public bool Concerns(Ticket ticket, DateTime at) => ticket is { QueueId: null, UserId: null, IsGroup: false } && Of(ticket.ChannelId) is not null;

    // Queues that come and go are options that come and go.
    protected override IEnumerable<string> Topics => [Live.Topics.EntryMenus, Live.Topics.People];

    protected override bool Concerns(string topic) => topic == Live.Topics.EntryMenus || hasMenus;

    protected override async Task ReadAsync(InforzapDb db, CancellationToken ct)
    {
        var menus = await db.EntryMenus.AsNoTracking().Where(m => m.IsActive).ToListAsync(ct);
        hasMenus = menus.Count > 0;
        if (!hasMenus)
        {
            plans = new Dictionary<Guid, MenuPlan>();
            return;
        }
        var options = (await (from o in db.EntryOptions.AsNoTracking()
                              join q in db.Set<Queue>() on o.QueueId equals q.Id
                              where q.IsActive
                              select o).ToListAsync(ct)).ToLookup(o => o.MenuId);
        // One option is no question.
        plans = menus.Select(m => new MenuPlan(m, [.. options[m.Id].OrderBy(o => o.Position)])).Where(p => p.Options.Count > 1).ToDictionary(p => p.Menu.ChannelId);
    }
}
