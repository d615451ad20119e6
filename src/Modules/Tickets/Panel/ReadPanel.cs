using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Inforzap.Contracts.Contacts;
using Inforzap.Contracts.Identity;
using Inforzap.Contracts.Settings;
using Inforzap.Data;
using Inforzap.Requests;
using Inforzap.Tickets.Desk;

namespace Inforzap.Tickets.Panel;

/// <summary>Everybody's load now, as far as the caller sees it: a column for each user or queue.</summary>
/// <param name="By">What a column is.</param>
/// <param name="Filter">Which tickets. The figures above the columns are of all that the caller sees, whatever is filtered.</param>
/// <param name="IsShort">Counters only, no cards.</param>
/// <param name="PendingFirst">Within a column what nobody serves comes first; then what has waited longest.</param>
/// <param name="Columns">How many columns at most.</param>
[Allow("panel.see"), Reads]
public sealed record ReadPanel(
    PanelBy By, PanelFilter Filter, bool IsShort = false, bool PendingFirst = true, [property: Range(1, 500), Called("PanelColumns")] int Columns = ReadPanel.MostColumns) : IRequest<PanelState>
{
    /// <summary>So many columns are shown at first.</summary>
    public const int MostColumns = 24;

    /// <summary>And no more than these.</summary>
    public const int MostCards = 500;

    /// <summary>So many cards of a column are shown at first.</summary>
    public const int PerColumn = 30;

    /// <summary>Columns of which more cards are wanted.</summary>
    public IReadOnlyList<PanelMore> More { get; init; } = [];
}

/// <summary>More cards of one column.</summary>
/// <param name="Column">Its user or queue; null for that of those without.</param>
/// <param name="Take">How many.</param>
public sealed record PanelMore(Guid? Column, int Take);

/// <summary>What a column is.</summary>
public enum PanelBy
{
    /// <summary>Somebody who serves.</summary>
    User,
    /// <summary>A sector.</summary>
    Queue,
}

/// <summary>Of which moment a period tells.</summary>
public enum PanelMoment
{
    /// <summary>The last message.</summary>
    Message,
    /// <summary>The beginning of the ticket.</summary>
    Created,
}

/// <summary>Which tickets. Nothing said: all.</summary>
public sealed record PanelFilter
{
    /// <summary>Name or number of the contact, or a ticket's number.</summary>
    public string? Text { get; init; }
    /// <summary>From this day on.</summary>
    public DateOnly? From { get; init; }
    /// <summary>Up to this day.</summary>
    public DateOnly? To { get; init; }
    /// <summary>Of what the days tell.</summary>
    public PanelMoment Moment { get; init; }
    /// <summary>Pending or open only.</summary>
    public TicketStatus? Status { get; init; }
    /// <summary>Of these queues.</summary>
    public IReadOnlyList<Guid> Queues { get; init; } = [];
    /// <summary>With these users.</summary>
    public IReadOnlyList<Guid> Users { get; init; } = [];
    /// <summary>Through these channels.</summary>
    public IReadOnlyList<Guid> Channels { get; init; } = [];
    /// <summary>Whose contact has one of these tags.</summary>
    public IReadOnlyList<Guid> Tags { get; init; } = [];
}

/// <summary>What the panel shows.</summary>
/// <param name="Figures">Of all that the caller sees.</param>
/// <param name="Columns">Those without anybody first, then whoever let a customer wait longest.</param>
/// <param name="MoreColumns">How many columns there are beside these.</param>
/// <param name="Matching">How many tickets the filter lets through.</param>
public sealed record PanelState(PanelTotals Figures, IReadOnlyList<PanelColumn> Columns, int MoreColumns, int Matching);

/// <summary>The figures above the columns; <see cref="PanelFigures"/> says what they mean.</summary>
/// <param name="Open">Somebody serves them.</param>
/// <param name="Pending">Nobody does yet.</param>
/// <param name="Waiting">The customer waits for an answer of ours.</param>
/// <param name="Oldest">Since when the one who has waited longest does.</param>
/// <param name="FirstResponse">The mean of today, in seconds; null: nobody was answered first today.</param>
/// <param name="Broken">The first answer is overdue.</param>
/// <param name="Online">People who take new tickets now.</param>
/// <param name="Present">People with a screen open, away or busy ones included.</param>
public sealed record PanelTotals(int Open, int Pending, int Waiting, DateTime? Oldest, double? FirstResponse, int Broken, int Online, int Present);

/// <summary>A column.</summary>
/// <param name="Id">User or queue; null: of tickets without one.</param>
/// <param name="Waiting">How many customers wait for an answer of ours.</param>
/// <param name="Broken">How many first answers are overdue.</param>
/// <param name="Oldest">Since when the one who has waited longest does.</param>
public sealed record PanelColumn(Guid? Id, string? Name, int Open, int Pending, int Waiting, int Broken, DateTime? Oldest, IReadOnlyList<PanelCard> Cards)
{
    /// <summary>A queue's; null for users.</summary>
    public string? Color { get; init; }
    /// <summary>A user's picture.</summary>
    public Guid? PhotoId { get; init; }
    /// <summary>Whether a user can be counted on; null for queues.</summary>
    public Presence? Presence { get; init; }
    /// <summary>How many tickets it has; it shows the first of them.</summary>
    public int Total => Open + Pending;
}

/// <summary>A ticket on the panel.</summary>
/// <param name="WaitingSince">Since when the customer waits for an answer; null: we wait for them.</param>
/// <param name="Begun">Since when the first answer is due; null once it is given.</param>
public sealed record PanelCard(TicketRow Row, DateTime? WaitingSince, DateTime? Begun)
{
    /// <summary>How soon its first answer is due.</summary>
    public Due DueAt(DateTime now) => PanelFigures.Judge(Begun, Row.FirstResponseMinutes, now);
}

internal sealed class ReadPanelHandler(InforzapDb db, IActor actor, Sight sight, ISettings settings, TimeProvider clock) : IRequestHandler<ReadPanel, PanelState>
{
    private const int MostMore = 50;

    private sealed record Keyed
    {
        public Guid? Key { get; init; }
        public TicketStatus Status { get; init; }
        public DateTime? WaitingSince { get; init; }
    }

    private sealed record Load(int Open, int Pending, int Waiting, int Broken, DateTime? Oldest)
    {
        public static readonly Load None = new(0, 0, 0, 0, null);
    }

    private sealed record Head(Guid? Id, string? Name, string? Color = null, Guid? PhotoId = null, Presence? Presence = null);

    private bool SeesAll => actor.May("tickets.see-all");

    public async Task<PanelState> Handle(ReadPanel request, CancellationToken ct)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        var visible = db.Tickets.AsNoTracking().VisibleTo(actor, settings, db);
        var promises = await db.PromisesAsync(ct);
        var figures = await FiguresAsync(visible, promises, now, ct);
        var matching = await MatchingAsync(visible.Live(), request.Filter, ct);
        var loads = await LoadsAsync(matching, request.By, promises, now, ct);
        var heads = request.By == PanelBy.User ? await PeopleAsync(request.Filter, [.. loads.Keys], ct) : await QueuesAsync(request.Filter, [.. loads.Keys], ct);
        // By what is stored and not by the clock: columns change places when something happens, never by themselves.
        var all = heads.Select(h => (Head: h, Load: loads.GetValueOrDefault(h.Id ?? Guid.Empty, Load.None)))
            .OrderBy(c => c.Head.Id is null ? 0 : 1).ThenBy(c => c.Load.Oldest ?? DateTime.MaxValue).ThenBy(c => c.Load.Open + c.Load.Pending > 0 ? 0 : 1)
            .ThenBy(c => c.Head.Name, StringComparer.Create(CultureInfo.CurrentCulture, ignoreCase: true)).ThenBy(c => c.Head.Id).ToList();
        var shown = all.Take(request.Columns).ToList();
        var cards = await CardsAsync(matching, request, request.IsShort ? [] : [.. shown.Where(c => c.Load.Open + c.Load.Pending > 0).Select(c => c.Head.Id)], ct);
        return new(figures,
            [.. shown.Select(c => new PanelColumn(c.Head.Id, c.Head.Name, c.Load.Open, c.Load.Pending, c.Load.Waiting, c.Load.Broken, c.Load.Oldest, [.. cards[c.Head.Id ?? Guid.Empty]])
                { Color = c.Head.Color, PhotoId = c.Head.PhotoId, Presence = c.Head.Presence })],
            all.Count - shown.Count, loads.Values.Sum(l => l.Open + l.Pending));
    }

    private async Task<PanelTotals> FiguresAsync(IQueryable<Ticket> visible, IReadOnlyList<Promise> promises, DateTime now, CancellationToken ct)
    {
        var live = visible.Live();
        var loads = await live.GroupBy(t => t.Status)
            .Select(g => new { Status = g.Key, Count = g.Count(), Waiting = g.Count(t => t.WaitingSince != null), Oldest = g.Min(t => t.WaitingSince) }).ToListAsync(ct);
        var broken = promises.Count == 0 ? 0 : await live.Broken(db.Cycles, promises, now).CountAsync(ct);
        var response = await (from c in db.Cycles.AnsweredToday(settings, now) join t in visible on c.TicketId equals t.Id select (double?)c.FirstResponseSeconds).AverageAsync(ct);
        var there = await InScope(db.Set<UserView>(), actor.Queues.ToArray(), SeesAll).Where(u => u.IsActive && u.IsOnline).GroupBy(u => u.Presence)
            .Select(g => new { Presence = g.Key, Count = g.Count() }).ToListAsync(ct);
        return new(loads.Where(l => l.Status == TicketStatus.Open).Sum(l => l.Count), loads.Where(l => l.Status == TicketStatus.Pending).Sum(l => l.Count),
            loads.Sum(l => l.Waiting), loads.Min(l => l.Oldest), response, broken, there.Where(p => p.Presence == Presence.Online).Sum(p => p.Count), there.Sum(p => p.Count));
    }

    /// <summary>Contacts are resolved first, then tickets: one condition over both tables would read everything.</summary>
    private async Task<IQueryable<Ticket>> MatchingAsync(IQueryable<Ticket> live, PanelFilter filter, CancellationToken ct)
    {
        if (!string.IsNullOrWhiteSpace(filter.Text))
        {
            var text = filter.Text.Trim();
            var contacts = await sight.ContactsAsync(text, ct);
            var number = long.TryParse(text.TrimStart('#'), NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : -1;
            live = live.Where(t => contacts.Contains(t.ContactId) || t.Number == number);
        }
        if (filter.From is { } first)
        {
            var begin = settings.Begin(first);
            live = filter.Moment == PanelMoment.Created ? live.Where(t => t.CreatedAt >= begin) : live.Where(t => t.LastMessageAt >= begin);
        }
        if (filter.To is { } last && last < DateOnly.MaxValue)
        {
            var over = settings.Begin(last.AddDays(1));
            live = filter.Moment == PanelMoment.Created ? live.Where(t => t.CreatedAt < over) : live.Where(t => t.LastMessageAt < over);
        }
        if (filter.Status is { } status) live = live.Where(t => t.Status == status);
        var (queues, users, channels, tags) = (filter.Queues.ToArray(), filter.Users.ToArray(), filter.Channels.ToArray(), filter.Tags.ToArray());
        if (queues.Length > 0) live = live.Where(t => t.QueueId != null && queues.Contains(t.QueueId.Value));
        if (users.Length > 0) live = live.Where(t => t.UserId != null && users.Contains(t.UserId.Value));
        if (channels.Length > 0) live = live.Where(t => channels.Contains(t.ChannelId));
        if (tags.Length > 0) live = live.Where(t => db.Set<ContactTagView>().Any(x => x.ContactId == t.ContactId && tags.Contains(x.TagId)));
        return live;
    }

    /// <summary>Counted by the database, however many there are. Those without user or queue stand under an empty id.</summary>
    private async Task<Dictionary<Guid, Load>> LoadsAsync(IQueryable<Ticket> matching, PanelBy by, IReadOnlyList<Promise> promises, DateTime now, CancellationToken ct)
    {
        var loads = await Keys(matching, by).GroupBy(t => new { t.Key, t.Status })
            .Select(g => new { g.Key.Key, g.Key.Status, Count = g.Count(), Waiting = g.Count(t => t.WaitingSince != null), Oldest = g.Min(t => t.WaitingSince) }).ToListAsync(ct);
        var broken = promises.Count == 0 ? [] : await Keys(matching.Broken(db.Cycles, promises, now), by).GroupBy(t => t.Key)
            .Select(g => new { g.Key, Count = g.Count() }).ToListAsync(ct);
        var late = broken.ToDictionary(b => b.Key ?? Guid.Empty, b => b.Count);
        return loads.GroupBy(l => l.Key ?? Guid.Empty).ToDictionary(g => g.Key, g => new Load(
            g.Where(l => l.Status == TicketStatus.Open).Sum(l => l.Count), g.Where(l => l.Status == TicketStatus.Pending).Sum(l => l.Count),
            g.Sum(l => l.Waiting), late.GetValueOrDefault(g.Key), g.Min(l => l.Oldest)));
    }

    private static IQueryable<Keyed> Keys(IQueryable<Ticket> tickets, PanelBy by) => by == PanelBy.User
        ? tickets.Select(t => new Keyed { Key = t.UserId, Status = t.Status, WaitingSince = t.WaitingSince })
        : tickets.Select(t => new Keyed { Key = t.QueueId, Status = t.Status, WaitingSince = t.WaitingSince });

    /// <summary>Whoever has tickets or is there; those who are asked for, whether they have any or not.</summary>
    private async Task<List<Head>> PeopleAsync(PanelFilter filter, Guid[] loaded, CancellationToken ct)
    {
        var (wanted, all) = (filter.Users.ToArray(), SeesAll && filter.Queues.Count == 0);
        var queues = filter.Queues.Count == 0 ? actor.Queues.ToArray() : filter.Queues.Where(q => SeesAll || actor.Queues.Contains(q)).ToArray();
        var there = InScope(db.Set<UserView>(), queues, all).Where(u => u.IsActive && (wanted.Length == 0 ? u.IsOnline : wanted.Contains(u.Id))).Select(u => u.Id);
        var people = await db.Set<UserView>().Where(u => loaded.Contains(u.Id) || there.Contains(u.Id))
            .Select(u => new Head(u.Id, u.Name, null, u.PhotoId, u.IsOnline ? u.Presence : Presence.Offline)).ToListAsync(ct);
        // Who is gone for good may still have tickets, and those count.
        people.AddRange(loaded.Except(people.Select(p => p.Id ?? Guid.Empty)).Where(id => id != Guid.Empty).Select(id => new Head(id, null, null, null, Presence.Offline)).ToList());
        return wanted.Length > 0 ? people : [new(null, null), .. people];
    }

    private async Task<List<Head>> QueuesAsync(PanelFilter filter, Guid[] loaded, CancellationToken ct)
    {
        var (wanted, mine, all) = (filter.Queues.ToArray(), actor.Queues.ToArray(), SeesAll);
        var queues = await db.Queues.Where(q => loaded.Contains(q.Id) || (q.IsActive && q.DeletedAt == null && (all || mine.Contains(q.Id)) && (wanted.Length == 0 || wanted.Contains(q.Id))))
            .OrderBy(q => q.Order).ThenBy(q => q.Name).Select(q => new Head(q.Id, q.Name, q.Color, null, null)).ToListAsync(ct);
        return loaded.Contains(Guid.Empty) ? [new(null, null), .. queues] : queues;
    }

    /// <summary>Whom the caller looks after: everybody, or the members of these queues and themselves.</summary>
    private IQueryable<UserView> InScope(IQueryable<UserView> users, Guid[] queues, bool all)
    {
        var me = actor.Id;
        return all ? users : users.Where(u => u.Id == me || db.Set<QueueMember>().Any(m => m.UserId == u.Id && queues.Contains(m.QueueId)));
    }

    /// <summary>The first of each column, by one statement for all of them, and one more for each that somebody unfolded.</summary>
    private async Task<ILookup<Guid, PanelCard>> CardsAsync(IQueryable<Ticket> matching, ReadPanel request, Guid?[] columns, CancellationToken ct)
    {
        var more = request.More.Take(MostMore).Where(m => columns.Contains(m.Column)).DistinctBy(m => m.Column).ToDictionary(m => m.Column ?? Guid.Empty, m => Math.Clamp(m.Take, 1, ReadPanel.MostCards));
        var usual = columns.OfType<Guid>().Where(c => !more.ContainsKey(c)).ToArray();
        var pendingFirst = request.PendingFirst;
        List<Guid> ids = [];
        if (usual.Length > 0)
            ids.AddRange(request.By == PanelBy.User
                ? await (from u in db.Set<UserView>().Where(u => usual.Contains(u.Id))
                         from t in matching.Where(t => t.UserId == u.Id).OrderBy(t => pendingFirst && t.Status != TicketStatus.Pending ? 1 : 0).ThenBy(t => t.WaitingSince == null ? 1 : 0)
                             .ThenBy(t => t.WaitingSince).ThenByDescending(t => t.LastMessageAt).ThenByDescending(t => t.Number).Take(ReadPanel.PerColumn)
                         select t.Id).ToListAsync(ct)
                : await (from q in db.Set<Queue>().Where(q => usual.Contains(q.Id))
                         from t in matching.Where(t => t.QueueId == q.Id).OrderBy(t => pendingFirst && t.Status != TicketStatus.Pending ? 1 : 0).ThenBy(t => t.WaitingSince == null ? 1 : 0)
                             .ThenBy(t => t.WaitingSince).ThenByDescending(t => t.LastMessageAt).ThenByDescending(t => t.Number).Take(ReadPanel.PerColumn)
                         select t.Id).ToListAsync(ct));
        if (columns.Contains(null)) more.TryAdd(Guid.Empty, ReadPanel.PerColumn);
        foreach (var (column, take) in more)
        {
            Guid? key = column == Guid.Empty ? null : column;
            var one = request.By == PanelBy.User ? matching.Where(t => t.UserId == key) : matching.Where(t => t.QueueId == key);
            ids.AddRange(await one.OrderBy(t => pendingFirst && t.Status != TicketStatus.Pending ? 1 : 0).ThenBy(t => t.WaitingSince == null ? 1 : 0)
                .ThenBy(t => t.WaitingSince).ThenByDescending(t => t.LastMessageAt).ThenByDescending(t => t.Number).Take(take).Select(t => t.Id).ToListAsync(ct));
        }
        return (await CardsAsync(ids, ct)).OrderBy(c => pendingFirst && c.Row.Status != TicketStatus.Pending).ThenBy(c => c.WaitingSince ?? DateTime.MaxValue)
            .ThenByDescending(c => c.Row.LastMessageAt).ThenByDescending(c => c.Row.Number).ToLookup(c => (request.By == PanelBy.User ? c.Row.UserId : c.Row.QueueId) ?? Guid.Empty);
    }

    private async Task<List<PanelCard>> CardsAsync(List<Guid> ids, CancellationToken ct)
    {
        if (ids.Count == 0) return [];
        var found = await (from t in db.Tickets.AsNoTracking()
                           where ids.Contains(t.Id)
                           join c in db.Set<ContactView>() on t.ContactId equals c.Id
                           join q in db.Set<Queue>() on t.QueueId equals q.Id into qs
                           from q in qs.DefaultIfEmpty()
                           join u in db.Set<UserView>() on t.UserId equals u.Id into us
                           from u in us.DefaultIfEmpty()
                           select new
                           {
                               Row = new TicketRow(t.Id, t.Number, t.Status, t.ContactId, c.Name, t.ChannelId, t.QueueId, q.Name, q.Color, t.UserId, u.Name,
                                   t.Unread, t.LastText, t.LastKind, t.LastFromUs, t.LastMessageAt, t.QueuedAt) { FirstResponseMinutes = q.FirstResponseMinutes },
                               t.WaitingSince, t.FirstResponseAt,
                               Begun = db.Set<ServiceCycle>().Where(s => s.TicketId == t.Id && s.ClosedAt == null && !s.StartedByAgent).Max(s => (DateTime?)s.QueuedAt),
                           }).ToListAsync(ct);
        var rows = (await db.WithTagsAsync(await sight.ShowAsync([.. found.Select(f => f.Row)], ct), actor, ct)).ToDictionary(r => r.Id);
        return [.. found.Select(f => new PanelCard(rows[f.Row.Id], f.WaitingSince, f.FirstResponseAt is null ? f.Begun : null))];
    }
}
