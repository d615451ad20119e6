using Inforzap.Contracts.Channels;
using Inforzap.Contracts.Contacts;
using Inforzap.Contracts.Settings;
using Inforzap.Data;
using Inforzap.Requests;
using Inforzap.Tickets.Desk;
using Microsoft.Extensions.Localization;

namespace Inforzap.Tickets.Schedules;

/// <summary>Who finds and changes which schedules, and to whom they may send. Every query for a caller starts here.</summary>
internal sealed class ScheduleAccess(InforzapDb db, IActor actor, Sight sight, ISettings settings, IChannelDirectory channels, TimeProvider clock, IStringLocalizer<Texts> t)
{
    public Guid Me => actor.Id;

    /// <summary>Numbers are read as they are.</summary>
    public bool SeesPhones => actor.SeesPhones(settings);

    /// <summary>A contact's name as the caller may read it.</summary>
    public string Name(string name) => name.NamedUnless(SeesPhones);

    public DateTime Now => clock.GetUtcNow().UtcDateTime;

    /// <summary>
    /// Everybody sees their own, and those of which they see every conversation. Who leads sees also those that have led to none yet, and
    /// who sees all tickets sees all: what is written in a conversation is hidden where the conversation is.
    /// </summary>
    public IQueryable<Schedule> Seen => Readable(InSight);

    /// <summary>Without those of which a message was sent that the caller may not read: the schedule would tell it.</summary>
    private IQueryable<Schedule> Readable(IQueryable<Schedule> schedules)
    {
        if (sight.SeesAll) return schedules;
        var (me, readable) = (actor.Id, sight.Searchable(db.Messages));
        return schedules.Where(s => s.AuthorId == me || !db.Set<ScheduleRun>().Any(r => r.ScheduleId == s.Id && r.MessageId != null && !readable.Any(m => m.Id == r.MessageId)));
    }

    private IQueryable<Schedule> InSight
    {
        get
        {
            var leads = actor.May("schedules.manage");
            if (leads && actor.May("tickets.see-all")) return db.Schedules;
            var me = actor.Id;
            var visible = db.Tickets.VisibleTo(actor, settings, db);
            if (leads)
                return db.Schedules.Where(s => s.AuthorId == me || !db.Set<ScheduleContact>().Any(c => c.ScheduleId == s.Id
                    && db.Set<Ticket>().Any(x => x.ContactId == c.ContactId && x.ChannelId == s.ChannelId) && !visible.Any(x => x.ContactId == c.ContactId && x.ChannelId == s.ChannelId)));
            return db.Schedules.Where(s => s.AuthorId == me
                || !db.Set<ScheduleContact>().Any(c => c.ScheduleId == s.Id && !visible.Any(x => x.ContactId == c.ContactId && x.ChannelId == s.ChannelId)));
        }
    }

    /// <summary>The schedule, held until the commit.</summary>
    /// <exception cref="Refusal">It is not there, or the caller may not know that it is.</exception>
    public async Task<Schedule> HoldAsync(Guid id, CancellationToken ct)
    {
        await db.Hold<Schedule>(s => s.Id == id, ct);
        return await Seen.SingleOrDefaultAsync(s => s.Id == id, ct) ?? throw Refusal.NotFound(t["ScheduleGone"]);
    }

    /// <summary>How the caller may call a contact; null when they may not know them.</summary>
    public async Task<string?> NameOfAsync(Guid contactId, CancellationToken ct) =>
        await db.Set<ContactView>().KnownTo(actor, settings, db).Where(c => c.Id == contactId).Select(c => c.Name).SingleOrDefaultAsync(ct) is { } name ? Name(name) : null;

    /// <summary>The contacts, in the order of their ids, if the caller may know all of them, named as the caller may read it.</summary>
    public async Task<IReadOnlyList<ContactView>> ContactsAsync(IReadOnlyCollection<Guid> ids, CancellationToken ct)
    {
        var wanted = ids.Distinct().ToArray();
        // Whom the caller serves they may name, whoever looks after them.
        var mine = db.Tickets.Where(x => x.UserId == actor.Id).Select(x => x.ContactId);
        var known = db.Set<ContactView>().KnownTo(actor, settings, db).Select(c => c.Id);
        var found = await db.Set<ContactView>().Where(c => (known.Contains(c.Id) || mine.Contains(c.Id)) && wanted.Contains(c.Id)).ToListAsync(ct);
        if (found.Count < wanted.Length) throw Refusal.NotFound(t["ContactGone"]);
        if (!actor.May("contacts.see"))
        {
            var seen = await db.Tickets.VisibleTo(actor, settings, db).Where(x => wanted.Contains(x.ContactId)).Select(x => x.ContactId).Distinct().CountAsync(ct);
            if (seen < wanted.Length) throw Refusal.NotFound(t["ContactGone"]);
        }
        return [.. wanted.Select(id => found.Find(c => c.Id == id)!).Select(c => c with { Name = Name(c.Name) })];
    }

    /// <summary>Refuses unless the caller may write to all of them through this channel, now.</summary>
    public async Task RequireReachAsync(ChannelInfo channel, IReadOnlyList<ContactView> contacts, CancellationToken ct)
    {
        if (!actor.May("tickets.answer")) throw Refusal.Forbidden(t["ScheduleMayNotSend"]);
        var ways = await WaysAsync(contacts, ct);
        foreach (var contact in contacts)
        {
            if (contact.Blocked) throw Refusal.At(nameof(ScheduleForm.Contacts), t["ContactBlocked", contact.Name]);
            if (ways.WhyNot(channel, contact) is { } why) throw why;
        }
    }

    /// <summary>The channels through which the caller may write to all of them.</summary>
    public async Task<IReadOnlyList<ChannelInfo>> ChannelsOfAsync(IReadOnlyList<ContactView> contacts, CancellationToken ct)
    {
        var ways = await WaysAsync(contacts, ct);
        return [.. channels.All.Where(channel => contacts.All(c => ways.WhyNot(channel, c) is null))];
    }

    private async Task<Ways> WaysAsync(IReadOnlyList<ContactView> contacts, CancellationToken ct)
    {
        var ids = contacts.Select(c => c.Id).ToArray();
        var tickets = await db.Tickets.Where(x => ids.Contains(x.ContactId)).Select(x => new { x.ChannelId, x.ContactId, IsActive = x.Status != TicketStatus.Closed }).Distinct().ToListAsync(ct);
        var visible = await db.Tickets.VisibleTo(actor, settings, db).Where(x => ids.Contains(x.ContactId)).Select(x => new { x.ChannelId, x.ContactId, IsActive = x.Status != TicketStatus.Closed }).Distinct().ToListAsync(ct);
        var addresses = await db.Set<ContactAddressView>().Where(a => ids.Contains(a.ContactId)).Select(a => new { a.ContactId, a.Kind }).ToListAsync(ct);
        return new(
            [.. tickets.Select(x => (x.ChannelId, x.ContactId))], [.. visible.Select(x => (x.ChannelId, x.ContactId))],
            [.. tickets.Except(visible).Where(x => x.IsActive).Select(x => (x.ChannelId, x.ContactId))], [.. addresses.Select(a => (a.ContactId, a.Kind))],
            actor.May("tickets.start"), await db.ChannelsOfAsync(actor.Id, ct), t);
    }

    /// <summary>What is known of some contacts' conversations and addresses, and what the caller sees of them.</summary>
    private sealed record Ways(
        HashSet<(Guid Channel, Guid Contact)> Talks, HashSet<(Guid Channel, Guid Contact)> Seen, HashSet<(Guid Channel, Guid Contact)> WithOthers, HashSet<(Guid Contact, string Kind)> Addresses,
        bool MayStart, List<Guid> OnlyChannels, IStringLocalizer<Texts> T)
    {
        public Refusal? WhyNot(ChannelInfo channel, ContactView contact)
        {
            var talk = (channel.Id, contact.Id);
            if (!Talks.Contains(talk) && !(channel is { CanStart: true, AddressKind: { } kind } && Addresses.Contains((contact.Id, kind)))) return Refusal.At(nameof(ScheduleForm.ChannelId), T["NotReachable", contact.Name, channel.Name]);
            // What somebody else serves where the caller does not see it is not theirs to speak in.
            if (WithOthers.Contains(talk)) return Refusal.At(nameof(ScheduleForm.Contacts), T["ScheduleWithOthers", contact.Name]);
            if (Seen.Contains(talk)) return null;
            return MayStart && (OnlyChannels.Count == 0 || OnlyChannels.Contains(channel.Id)) ? null : Refusal.Forbidden(T["ChannelNotYours", channel.Name]);
        }
    }
}

/// <summary>Keeps a schedule's next time and its runs as its plan says.</summary>
internal sealed class SchedulePlanner(InforzapDb db, Opening.LiveHours hours, ISettings settings, IStringLocalizer<Texts> t)
{
    public TimeZoneInfo Zone => settings.TimeZone;

    public Func<DateOnly, bool> IsBusinessDay => hours.Book.IsBusinessDay;

    public DateTime? First(SchedulePlan plan) => ScheduleTimes.First(plan, Zone, IsBusinessDay);

    public DateTime? Next(SchedulePlan plan, DateTime after) => ScheduleTimes.Next(plan, Zone, IsBusinessDay, after);

    /// <summary>Plans anew from now on. Runs that wait already, for a channel, stay where they may.</summary>
    /// <param name="schedule">Held.</param>
    /// <param name="contacts">Whom it is for now.</param>
    /// <param name="keepsWaiting">What is late already is sent all the same.</param>
    public async Task ReplanAsync(Schedule schedule, IReadOnlyCollection<Guid> contacts, bool keepsWaiting, DateTime now, CancellationToken ct)
    {
        var next = schedule.NextAt = Next(schedule.Plan, now);
        var known = await db.ScheduleRuns.Where(r => r.ScheduleId == schedule.Id && (r.State == ScheduleRunState.Planned || r.PlannedAt == next)).ToListAsync(ct);
        foreach (var run in known.Where(r => r.State == ScheduleRunState.Planned))
        {
            if (contacts.Contains(run.ContactId) && (run.PlannedAt == next || (keepsWaiting && run.PlannedAt <= now))) continue;
            if (run.PlannedAt > now) db.Remove(run);
            else run.End(ScheduleRunState.Cancelled, t["CausePassed"]);
        }
        if (next is not { } at) return;
        // Who had replied, or was taken out and comes in again.
        foreach (var run in known.Where(r => r.PlannedAt == at && r.State == ScheduleRunState.Cancelled && contacts.Contains(r.ContactId))) run.PlanAgain();
        db.AddRange(contacts.Except(known.Where(r => r.PlannedAt == at).Select(r => r.ContactId)).Select(c => ScheduleRun.At(schedule, c, at)));
    }

    /// <summary>Nothing of it is to be sent any more.</summary>
    public async Task CancelAsync(Schedule schedule, string cause, CancellationToken ct)
    {
        foreach (var run in await db.ScheduleRuns.Where(r => r.ScheduleId == schedule.Id && r.State == ScheduleRunState.Planned).ToListAsync(ct)) run.End(ScheduleRunState.Cancelled, cause);
        schedule.Cancel();
    }

    /// <summary>It is over once nothing is planned any more; the caller has saved its runs.</summary>
    public async Task FinishAsync(Schedule schedule, CancellationToken ct)
    {
        var id = schedule.Id;
        if (schedule.State == ScheduleState.Active && schedule.NextAt is null && !await db.ScheduleRuns.AnyAsync(r => r.ScheduleId == id && r.State == ScheduleRunState.Planned, ct)) schedule.Finish();
    }
}
