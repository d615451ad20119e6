using Inforzap.Contracts.Contacts;
using Inforzap.Data;
using Inforzap.Live;

namespace Inforzap.Tickets.Schedules;

/// <summary>
/// Who is part of another is written to as the other, and once. Of what moved is kept which schedules were one's own; one that was for
/// both stands there twice.
/// </summary>
internal sealed class SchedulesFollow(InforzapDb db) : IContactFollower
{
    public string Name => "schedules";

    /// <summary>Nothing is in the way. Held before tickets are, as whoever sends holds them.</summary>
    public async Task<MergeObstacle?> WhyNotAsync(Guid from, Guid into, CancellationToken ct)
    {
        var contacts = db.Set<ScheduleContact>();
        await db.Hold<Schedule>(s => contacts.Any(c => c.ScheduleId == s.Id && (c.ContactId == from || c.ContactId == into)), ct);
        return null;
    }

    public async Task<IReadOnlyList<Guid>> MoveAsync(Guid from, Guid into, CancellationToken ct)
    {
        var ids = await db.ScheduleContacts.Where(c => c.ContactId == from).Select(c => c.ScheduleId).ToArrayAsync(ct);
        if (ids.Length == 0) return [];
        await db.Hold<Schedule>(s => ids.Contains(s.Id), ct);
        var rows = await db.ScheduleContacts.Where(c => ids.Contains(c.ScheduleId) && (c.ContactId == from || c.ContactId == into)).ToListAsync(ct);
        var both = rows.Where(r => r.ContactId == into).Select(r => r.ScheduleId).ToHashSet();
        foreach (var row in rows.Where(r => r.ContactId == from)) Replace(row, both.Contains(row.ScheduleId) ? null : into);
        await db.SaveChangesAsync(ct);
        var others = db.Set<ScheduleRun>();
        await db.Claim<ScheduleRun>(r => r.ContactId == from && !others.Any(o => o.ContactId == into && o.ScheduleId == r.ScheduleId && o.PlannedAt == r.PlannedAt), set => set.SetProperty(r => r.ContactId, into), ct);
        // To the other it is sent at this time anyhow.
        await db.ScheduleRuns.Where(r => r.ContactId == from && r.State == ScheduleRunState.Planned).ExecuteDeleteAsync(ct);
        db.Touch(Topics.Schedules);
        return [.. ids, .. both];
    }

    public async Task<IReadOnlyCollection<Guid>> LeftAsync(IReadOnlyCollection<Guid> contacts, CancellationToken ct) =>
        await db.ScheduleContacts.Where(c => contacts.Contains(c.ContactId)).Select(c => c.ContactId).Distinct().ToListAsync(ct);

    public async Task PutBackAsync(IReadOnlyList<Guid> moved, Guid from, Guid into, CancellationToken ct)
    {
        var times = moved.CountBy(id => id).ToDictionary();
        var ids = times.Keys.ToArray();
        var others = db.Set<ScheduleRun>();
        await db.Hold<Schedule>(s => ids.Contains(s.Id), ct);
        var schedules = await db.Schedules.Where(s => ids.Contains(s.Id)).ToDictionaryAsync(s => s.Id, ct);
        // Where somebody took the other out since, the one is not brought in again.
        foreach (var row in await db.ScheduleContacts.Where(c => ids.Contains(c.ScheduleId) && c.ContactId == into).ToListAsync(ct))
        {
            if (times[row.ScheduleId] == 1)
            {
                Replace(row, from);
                var id = row.ScheduleId;
                await db.Claim<ScheduleRun>(r => r.ScheduleId == id && r.ContactId == into && !others.Any(o => o.ContactId == from && o.ScheduleId == id && o.PlannedAt == r.PlannedAt), set => set.SetProperty(r => r.ContactId, from), ct);
                continue;
            }
            db.Add(new ScheduleContact { ScheduleId = row.ScheduleId, ContactId = from, Position = row.Position + 1, RepliedAt = row.RepliedAt });
            if (row.RepliedAt is null && schedules[row.ScheduleId] is { State: ScheduleState.Active, NextAt: { } next } schedule
                && !await others.AnyAsync(r => r.ScheduleId == schedule.Id && r.ContactId == from && r.PlannedAt == next, ct)) db.Add(ScheduleRun.At(schedule, from, next));
        }
        await db.SaveChangesAsync(ct);
        db.Touch(Topics.Schedules);
    }

    private void Replace(ScheduleContact row, Guid? by)
    {
        db.Remove(row);
        if (by is { } contact) db.Add(new ScheduleContact { ScheduleId = row.ScheduleId, ContactId = contact, Position = row.Position, RepliedAt = row.RepliedAt });
    }
}
