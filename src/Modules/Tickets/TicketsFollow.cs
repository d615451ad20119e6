using Inforzap.Contracts.Channels;
using Inforzap.Contracts.Contacts;
using Inforzap.Contracts.Tickets;
using Inforzap.Data;
using Inforzap.Lanes;
using Inforzap.Tickets.Answering;
using Inforzap.Tickets.Outbound;
using Microsoft.Extensions.Localization;

namespace Inforzap.Tickets;

/// <summary>
/// Tickets, and with them messages, notes, protocols and ratings, go along when contacts are joined. Two conversations on one channel
/// become one, whose leading ticket numbers all further changes: see <see cref="Leading"/>.
/// </summary>
internal sealed class TicketsFollow(InforzapDb db, IChannelDirectory channels, IStringLocalizer<Texts> t) : IContactFollower
{
    public string Name => "tickets";

    public async Task<MergeObstacle?> WhyNotAsync(Guid from, Guid into, CancellationToken ct)
    {
        await db.Hold<Ticket>(x => (x.ContactId == from || x.ContactId == into) && x.Status != TicketStatus.Closed, ct);
        if (await db.Tickets.Where(x => (x.ContactId == from || x.ContactId == into) && x.IsGroup).Select(x => (Guid?)x.Id).FirstOrDefaultAsync(ct) is { } group) return new(t["MergeGroup"], group);
        var active = await db.Tickets.Where(x => (x.ContactId == from || x.ContactId == into) && x.Status != TicketStatus.Closed).OrderBy(x => x.Number).Select(x => new { x.Id, x.Number, x.ChannelId }).ToListAsync(ct);
        return active.GroupBy(x => x.ChannelId).FirstOrDefault(g => g.Count() > 1)?.ToList() is [var first, var second, ..]
            ? new(t["MergeTwoActive", first.Number, second.Number, channels.Find(first.ChannelId)?.Name ?? t["ChannelGone"].Value], first.Id) : null;
    }

    public async Task<IReadOnlyList<Guid>> MoveAsync(Guid from, Guid into, CancellationToken ct)
    {
        var moving = await db.Tickets.Where(x => x.ContactId == from).Select(x => new { x.Id, x.ChannelId }).ToListAsync(ct);
        await EndSecondSurveysAsync(from, into, ct);
        await db.Claim<Ticket>(x => x.ContactId == from, set => set.SetProperty(x => x.ContactId, into), ct);
        await db.Claim<Protocol>(x => x.ContactId == from, set => set.SetProperty(x => x.ContactId, into), ct);
        await db.Claim<SurveyRequest>(x => x.ContactId == from, set => set.SetProperty(x => x.ContactId, into), ct);
        // Where several are joined at once, those are looked at again.
        Forget<SurveyRequest>();
        await MoveAnswersAsync(from, into, ct);
        await MoveLanesAsync(moving.Select(x => x.ChannelId).Distinct(), from, into, ct);
        await LeadersAsync(moving.Select(x => x.ChannelId), [into], ct);
        await db.SaveChangesAsync(ct);
        return moving.ConvertAll(x => x.Id);
    }

    public async Task<IReadOnlyCollection<Guid>> LeftAsync(IReadOnlyCollection<Guid> contacts, CancellationToken ct)
    {
        var left = new HashSet<Guid>();
        foreach (var some in contacts.Chunk(500)) left.UnionWith(await db.Tickets.Where(x => some.Contains(x.ContactId)).Select(x => x.ContactId).Distinct().ToListAsync(ct));
        return left;
    }

    public async Task PutBackAsync(IReadOnlyList<Guid> moved, Guid from, Guid into, CancellationToken ct)
    {
        var touched = new HashSet<Guid>();
        foreach (var some in moved.Chunk(500)) touched.UnionWith(await db.Tickets.Where(x => some.Contains(x.Id) && x.ContactId == into).Select(x => x.ChannelId).Distinct().ToListAsync(ct));
        // So far viewers read both under one cursor: both go on above it.
        var highest = (await db.LeadersAsync([.. touched.Select(channel => (channel, into))], ct)).ToDictionary(l => l.Key.Channel, l => l.Value.Leader.LastChange);
        Forget<Ticket>();
        foreach (var some in moved.Chunk(500))
        {
            await db.Hold<Ticket>(x => some.Contains(x.Id) && x.ContactId == into, ct);
            await db.Claim<Ticket>(x => some.Contains(x.Id) && x.ContactId == into, set => set.SetProperty(x => x.ContactId, from), ct);
            await db.Claim<Protocol>(x => some.Contains(x.TicketId) && x.ContactId == into, set => set.SetProperty(x => x.ContactId, from), ct);
            await db.Claim<SurveyRequest>(x => some.Contains(x.TicketId) && x.ContactId == into, set => set.SetProperty(x => x.ContactId, from), ct);
        }
        foreach (var ((channel, _), (leader, _)) in await LeadersAsync(touched, [from, into], ct)) leader.Lead(highest.GetValueOrDefault(channel));
        await db.SaveChangesAsync(ct);
    }

    /// <summary>Of two questions that wait for an answer on one channel the newer one stays.</summary>
    private async Task EndSecondSurveysAsync(Guid from, Guid into, CancellationToken ct)
    {
        var open = await db.SurveyRequests.Where(r => (r.ContactId == from || r.ContactId == into) && (r.State == SurveyState.Sent || r.State == SurveyState.AskedWhy)).ToListAsync(ct);
        foreach (var older in open.GroupBy(r => r.ChannelId).SelectMany(g => g.OrderByDescending(r => r.SentAt).Skip(1))) older.End(isOverdue: false);
        await db.SaveChangesAsync(ct);
    }

    /// <summary>What the product said by itself counts on, unless it spoke to the other there, too.</summary>
    private async Task MoveAnswersAsync(Guid from, Guid into, CancellationToken ct)
    {
        var there = await db.Set<AnswerState>().Where(s => s.ContactId == into).Select(s => s.ChannelId).ToListAsync(ct);
        var mine = await db.Set<AnswerState>().Where(s => s.ContactId == from).ToListAsync(ct);
        db.RemoveRange(mine);
        db.AddRange(mine.Where(s => !there.Contains(s.ChannelId)).Select(s => new AnswerState { ChannelId = s.ChannelId, ContactId = into, Answered = s.Answered, Day = s.Day, Said = s.Said, ToldClosedAt = s.ToldClosedAt }));
        await db.SaveChangesAsync(ct);
    }

    /// <summary>What has not left yet leaves before what is said from now on: positions stay, so it comes in its order.</summary>
    private async Task MoveLanesAsync(IEnumerable<Guid> touched, Guid from, Guid into, CancellationToken ct)
    {
        foreach (var channel in touched)
            foreach (var (old, lane) in new[] { (SendMessageHandler.Lane(channel, from), SendMessageHandler.Lane(channel, into)), (Afterwards.Lane(channel, from), Afterwards.Lane(channel, into)) })
                if (await db.Set<LaneItem>().Where(i => i.Lane == old && i.State == LaneItemState.Pending).ExecuteUpdateAsync(set => set.SetProperty(i => i.Lane, lane), ct) > 0) db.Wake(lane);
    }

    private Task<Dictionary<(Guid Channel, Guid Contact), (Ticket Leader, long Newest)>> LeadersAsync(IEnumerable<Guid> touched, Guid[] contacts, CancellationToken ct) =>
        db.LeadersAsync([.. touched.Distinct().SelectMany(channel => contacts.Select(contact => (channel, contact)))], ct);

    /// <summary>Whose they are changes beside what was loaded.</summary>
    private void Forget<T>() where T : class
    {
        foreach (var entry in db.ChangeTracker.Entries<T>().ToList()) entry.State = EntityState.Detached;
    }
}

internal sealed class CountTicketsOfHandler(InforzapDb db) : IRequestHandler<CountTicketsOf, IReadOnlyDictionary<Guid, int>>
{
    public async Task<IReadOnlyDictionary<Guid, int>> Handle(CountTicketsOf request, CancellationToken ct) =>
        await db.Tickets.Where(x => request.ContactIds.Contains(x.ContactId)).GroupBy(x => x.ContactId).Select(g => new { g.Key, Count = g.Count() }).ToDictionaryAsync(g => g.Key, g => g.Count, ct);
}
