using System.ComponentModel.DataAnnotations;
using Inforzap.Data;
using Inforzap.Lanes;
using Inforzap.Requests;
using Inforzap.Tickets.Desk;
using Microsoft.Extensions.Localization;

namespace Inforzap.Tickets.Parked;

/// <summary>What failed too often, newest first: lane items that are parked, and messages that failed or that nobody knows of.</summary>
[Allow("lanes.see"), Reads]
public sealed record ListParked([property: Range(0, 10_000)] int Skip = 0) : IRequest<ParkedPage>;

/// <summary>Parked items and unsure sends.</summary>
public sealed record ParkedPage(IReadOnlyList<ParkedRow> Items, int ItemCount, IReadOnlyList<UnsureRow> Sends, int SendCount);

/// <summary>A parked lane item. Its payload is not shown: it may hold what customers wrote.</summary>
public sealed record ParkedRow(long Position, string Lane, string Kind, int Attempts, string? Reason, DateTime CreatedAt, DateTime? ParkedAt);

/// <summary>A message that failed, or that nobody knows of.</summary>
public sealed record UnsureRow(Guid MessageId, Guid TicketId, long TicketNumber, string ContactName, MessageState State, string? Reason, DateTime CreatedAt);

/// <summary>Does parked items once more, from the start.</summary>
[Allow("lanes.see")]
public sealed record ReplayParked([property: NotEmpty, Called("ParkedItems")] IReadOnlyList<long> Positions) : IRequest<int>;

/// <summary>Gives parked items up for good; they stay in the table as dropped.</summary>
[Allow("lanes.see")]
public sealed record DropParked([property: NotEmpty, Called("ParkedItems")] IReadOnlyList<long> Positions) : IRequest<int>;

internal sealed class ListParkedHandler(InforzapDb db, Sight sight) : IRequestHandler<ListParked, ParkedPage>
{
    private const int Page = 50;

    public async Task<ParkedPage> Handle(ListParked request, CancellationToken ct)
    {
        var parked = db.Set<LaneItem>().AsNoTracking().Where(i => i.State == LaneItemState.Parked);
        var items = await parked.OrderByDescending(i => i.Position).Skip(request.Skip).Take(Page)
            .Select(i => new ParkedRow(i.Position, i.Lane, i.Kind, i.Attempts, i.Reason, i.CreatedAt, i.DoneAt)).ToListAsync(ct);
        var unsure = db.Messages.AsNoTracking().Where(m => m.State == MessageState.Failed || m.State == MessageState.Unknown);
        var sends = await (from m in unsure
                           join x in db.Tickets on m.TicketId equals x.Id
                           join c in db.Set<Contracts.Contacts.ContactView>() on x.ContactId equals c.Id
                           orderby m.CreatedAt descending
                           select new UnsureRow(m.Id, x.Id, x.Number, c.Name, m.State, m.FailReason, m.CreatedAt)).Take(Page).ToListAsync(ct);
        return new([.. items.Select(i => i with { Lane = sight.Name(i.Lane) })], await parked.OrderBy(i => i.Position).Take(1000).CountAsync(ct), [.. sends.Select(s => s with { ContactName = sight.Name(s.ContactName) })], await unsure.OrderBy(m => m.Id).Take(1000).CountAsync(ct));
    }
}

internal sealed class ReplayParkedHandler(InforzapDb db, TimeProvider clock) : IRequestHandler<ReplayParked, int>
{
    public async Task<int> Handle(ReplayParked request, CancellationToken ct)
    {
        var (now, positions) = (clock.GetUtcNow().UtcDateTime, request.Positions.ToArray());
        var lanes = await db.Set<LaneItem>().Where(i => positions.Contains(i.Position) && i.State == LaneItemState.Parked).Select(i => i.Lane).Distinct().ToListAsync(ct);
        // Two people may press the button at once: the expected state lets one of them win each item.
        var replayed = await db.Set<LaneItem>().Where(i => positions.Contains(i.Position) && i.State == LaneItemState.Parked)
            .ExecuteUpdateAsync(set => set.SetProperty(i => i.State, LaneItemState.Pending).SetProperty(i => i.Attempts, 0).SetProperty(i => i.DueAt, now)
                .SetProperty(i => i.DoneAt, (DateTime?)null).SetProperty(i => i.WaitsFor, (string?)null), ct);
        foreach (var lane in lanes) db.Wake(lane);
        return replayed;
    }
}

internal sealed class DropParkedHandler(InforzapDb db, TimeProvider clock, IStringLocalizer<Texts> t, IActor actor) : IRequestHandler<DropParked, int>
{
    public Task<int> Handle(DropParked request, CancellationToken ct)
    {
        var (now, positions, reason) = (clock.GetUtcNow().UtcDateTime, request.Positions.ToArray(), t["DroppedBy", actor.Name].Value);
        return db.Set<LaneItem>().Where(i => positions.Contains(i.Position) && i.State == LaneItemState.Parked)
            .ExecuteUpdateAsync(set => set.SetProperty(i => i.State, LaneItemState.Dropped).SetProperty(i => i.DoneAt, now).SetProperty(i => i.Reason, reason), ct);
    }
}
