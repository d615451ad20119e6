using Inforzap.Contracts.Channels;
using Inforzap.Data;
using Inforzap.Requests;
using Inforzap.Sdk;

namespace Inforzap.Tickets.Entry;

/// <summary>All channels with their menus, and the queues to choose from.</summary>
[Allow("menus.see"), Reads]
internal sealed record ListMenus : IRequest<MenuList>;

/// <summary>What the page shows.</summary>
public sealed record MenuList(IReadOnlyList<MenuCard> Cards, IReadOnlyList<MenuQueue> Queues);

/// <summary>A channel and its menu.</summary>
/// <param name="Menu">Null: it has none.</param>
/// <param name="QueueId">Where new tickets of the channel go while no menu is on.</param>
/// <param name="HasButtons">Options can be pressed there; else they are numbered.</param>
public sealed record MenuCard(Guid ChannelId, string Channel, string Kind, Guid? QueueId, bool HasButtons, MenuRow? Menu);

/// <summary>A menu. See <see cref="SaveMenu"/>.</summary>
public sealed record MenuRow(
    bool IsActive, string Greeting, IReadOnlyList<MenuOption> Options, string WrongText, int Tries, int TimeoutMinutes, Guid DefaultQueueId, string? ChosenText, int Version);

/// <summary>A choice: what the customer reads, and where it leads.</summary>
public sealed record MenuOption(Guid QueueId, string Label);

/// <summary>A queue to choose.</summary>
public sealed record MenuQueue(Guid Id, string Name, string Color, bool IsActive);

internal sealed class ListMenusHandler(InforzapDb db, IChannelDirectory channels) : IRequestHandler<ListMenus, MenuList>
{
    public async Task<MenuList> Handle(ListMenus request, CancellationToken ct)
    {
        var menus = await db.EntryMenus.AsNoTracking().ToDictionaryAsync(m => m.ChannelId, ct);
        var options = (await db.EntryOptions.AsNoTracking().ToListAsync(ct)).OrderBy(o => o.Position).ToLookup(o => o.MenuId, o => new MenuOption(o.QueueId, o.Label));
        var queues = await db.Queues.AsNoTracking().Where(q => q.DeletedAt == null).OrderBy(q => q.Order).ThenBy(q => q.Name).Select(q => new MenuQueue(q.Id, q.Name, q.Color, q.IsActive)).ToListAsync(ct);
        return new([.. channels.All.Where(c => c.Can.HasFlag(Can.Text)).Select(c => new MenuCard(c.Id, c.Name, c.Kind, c.QueueId, c.Can.HasFlag(Can.Offers), menus.GetValueOrDefault(c.Id) is { } m
            ? new(m.IsActive, m.Greeting, [.. options[m.Id]], m.WrongText, m.Tries, m.TimeoutMinutes, m.DefaultQueueId, m.ChosenText, m.Version) : null))], queues);
    }
}
