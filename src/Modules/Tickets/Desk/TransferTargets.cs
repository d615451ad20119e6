using Inforzap.Contracts.Identity;
using Inforzap.Data;
using Inforzap.Requests;
using Microsoft.Extensions.Localization;

namespace Inforzap.Tickets.Desk;

/// <summary>Where a ticket may go: active queues and active users, with what they carry now.</summary>
[Allow("tickets.transfer", "tickets.start"), Reads]
public sealed record TransferTargets : IRequest<Targets>;

/// <summary>Queues and users to choose from.</summary>
public sealed record Targets(IReadOnlyList<TargetQueue> Queues, IReadOnlyList<TargetUser> Users);

/// <summary>A queue to choose.</summary>
public sealed record TargetQueue(Guid Id, string Name, string Color);

/// <summary>A user to choose.</summary>
/// <param name="Id">Identity.</param>
/// <param name="Name">Name.</param>
/// <param name="OpenTickets">How many they serve now.</param>
/// <param name="Queues">Their queues.</param>
/// <param name="Presence">Whether they can be counted on now.</param>
public sealed record TargetUser(Guid Id, string Name, int OpenTickets, IReadOnlyList<Guid> Queues, Presence Presence = Presence.Offline);

internal sealed class TransferTargetsHandler(InforzapDb db) : IRequestHandler<TransferTargets, Targets>
{
    public async Task<Targets> Handle(TransferTargets request, CancellationToken ct)
    {
        var queues = await db.Queues.Where(q => q.IsActive).OrderBy(q => q.Order).ThenBy(q => q.Name).Select(q => new TargetQueue(q.Id, q.Name, q.Color)).ToListAsync(ct);
        var users = await db.Set<UserView>().Where(u => u.IsActive).OrderBy(u => u.Name).Select(u => new { u.Id, u.Name, u.IsOnline, u.Presence }).Take(1000).ToListAsync(ct);
        var members = (await db.QueueMembers.AsNoTracking().OrderBy(m => m.UserId).Take(20_000).ToListAsync(ct)).ToLookup(m => m.UserId, m => m.QueueId);
        var loads = await OpenTickets.PerUserAsync(db, ct);
        return new(queues, [.. users.Select(u => new TargetUser(u.Id, u.Name, loads.GetValueOrDefault(u.Id), [.. members[u.Id]], u.IsOnline ? u.Presence : Presence.Offline))]);
    }
}

internal static class OpenTickets
{
    /// <summary>How many tickets each user serves: figures only, so that whoever transfers can choose.</summary>
    public static async Task<IReadOnlyDictionary<Guid, int>> PerUserAsync(InforzapDb db, CancellationToken ct) =>
        await db.Tickets.Where(t => t.Status == TicketStatus.Open && t.UserId != null).GroupBy(t => t.UserId!.Value)
            .Select(g => new { g.Key, Count = g.Count() }).ToDictionaryAsync(g => g.Key, g => g.Count, ct);

    /// <summary>Refuses when somebody serves as many tickets as they may. What others transfer to them is not counted against it: a person decided so.</summary>
    public static async Task RequireRoomAsync(this InforzapDb db, Guid userId, IStringLocalizer<Texts> t, CancellationToken ct)
    {
        if (await db.Set<UserView>().Where(u => u.Id == userId).Select(u => u.MaxOpenTickets).SingleOrDefaultAsync(ct) is not (> 0 and var most)) return;
        if (await db.Tickets.CountAsync(x => x.UserId == userId && x.Status == TicketStatus.Open, ct) is var open && open >= most) throw Refusal.Conflict(t["NoRoom", open, most]);
    }
}
