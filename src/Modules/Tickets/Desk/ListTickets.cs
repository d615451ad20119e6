using System.ComponentModel.DataAnnotations;
using Inforzap.Contracts.Contacts;
using Inforzap.Contracts.Identity;
using Inforzap.Contracts.Settings;
using Inforzap.Data;
using Inforzap.Requests;
using Inforzap.Tickets.Protocols;

namespace Inforzap.Tickets.Desk;

/// <summary>One page of the list, newest first, by keyset: the list moves all the time, and an offset would skip and repeat.</summary>
/// <param name="Status">Which tab.</param>
/// <param name="Search">Name, number of the contact, ticket number, protocol or its last digits, or text of a message, in quotes as it stands; closed tickets included then.</param>
/// <param name="After">The last row of the page before.</param>
/// <param name="Take">How many; 0 takes the setting.</param>
/// <param name="AtLeast">As many as the reader has before them already, where that is more.</param>
[Allow("tickets.see"), Reads]
public sealed record ListTickets(
    TicketStatus Status, [property: StringLength(200), Called("KeySearch")] string? Search = null, TicketCursor? After = null, [property: Range(0, 500)] int Take = 0,
    [property: Range(0, 500), Called("Take")] int AtLeast = 0) : IRequest<TicketPage>
{
    /// <summary>What it is narrowed to; null: nothing. Of a search, too.</summary>
    public TicketFilter? Filter { get; init; }

    /// <summary>Conversations of groups, or those with one person; null: both. A search finds both.</summary>
    public bool? Groups { get; init; }

    /// <summary>Of those who wait, who waits longest comes first.</summary>
    public bool OldestFirst { get; init; }
}

/// <summary>Where a page ended.</summary>
/// <param name="At">The moment by which the list is in order: of the last message, or since when they wait.</param>
/// <param name="Number">The ticket's number.</param>
public sealed record TicketCursor(DateTime At, long Number);

/// <summary>A page of the list.</summary>
/// <param name="Rows">In order.</param>
/// <param name="Next">Where to go on, or null at the end.</param>
public sealed record TicketPage(IReadOnlyList<TicketRow> Rows, TicketCursor? Next);

/// <summary>A row of the list.</summary>
public sealed record TicketRow(
    Guid Id, long Number, TicketStatus Status, Guid ContactId, string ContactName, Guid ChannelId, Guid? QueueId, string? QueueName, string? QueueColor,
    Guid? UserId, string? UserName, int Unread, string LastText, MessageKind LastKind, bool LastFromUs, DateTime LastMessageAt, DateTime QueuedAt)
{
    /// <summary>So many minutes may pass until the first answer, says its queue; null: it says nothing.</summary>
    public int? FirstResponseMinutes { get; init; }

    /// <summary>Its contact's tags; null when there are none. Only lists tell.</summary>
    public RowTags? Tags { get; init; }

    /// <summary>How far the last message came, where it is ours.</summary>
    public MessageState? LastState { get; init; }

    /// <summary>The message in which a search found what it looked for; null: it was found by something else.</summary>
    public FoundText? Found { get; init; }
}

/// <summary>Where something was found.</summary>
/// <param name="Seq">The message's number.</param>
/// <param name="Text">The part around it.</param>
public sealed record FoundText(long Seq, string Text);

internal sealed class ListTicketsHandler(InforzapDb db, IActor actor, ISettings settings, Sight sight, TicketFilters filters) : IRequestHandler<ListTickets, TicketPage>
{
    public async Task<TicketPage> Handle(ListTickets request, CancellationToken ct)
    {
        var take = Math.Max(request.AtLeast, request.Take > 0 ? request.Take : int.TryParse(settings.Get(Setting.ListSize), out var size) ? Math.Clamp(size, 10, 500) : 50);
        var tickets = db.Tickets.AsNoTracking().VisibleTo(actor, settings, db);
        var terms = string.IsNullOrWhiteSpace(request.Search) ? null : SearchTerms.Of(request.Search);
        var oldestFirst = request is { OldestFirst: true, Status: TicketStatus.Pending } && terms is null;
        if (request.After is { } after)
            tickets = oldestFirst ? tickets.Where(t => t.QueuedAt > after.At || (t.QueuedAt == after.At && t.Number > after.Number))
                : tickets.Where(t => t.LastMessageAt < after.At || (t.LastMessageAt == after.At && t.Number < after.Number));
        Task<List<TicketRow>> RowsAsync(IQueryable<Ticket> of) => db.Rows(of.InOrder(oldestFirst).Take(take + 1), oldestFirst).ToListAsync(ct);
        if (terms is null)
        {
            var rows = await RowsAsync(InTab(filters.Narrow(tickets, request.Filter, request.Status).OfGroups(request.Groups), request.Status, oldestFirst));
            return await PageAsync(rows, await sight.ShowAsync([.. rows.Take(take)], ct));
        }
        else
        {
            var (rows, found) = await FindAsync(filters.Narrow(tickets, request.Filter, null), terms, take, RowsAsync, ct);
            return await PageAsync(rows, await WithFoundAsync(await sight.ShowAsync([.. rows.Take(take)], ct), found, terms, ct));
        }

        async Task<TicketPage> PageAsync(List<TicketRow> rows, List<TicketRow> page) =>
            new(await db.WithTagsAsync(page, actor, ct), rows.Count > take ? new(oldestFirst ? page[^1].QueuedAt : page[^1].LastMessageAt, page[^1].Number) : null);
    }

    /// <summary>A search finds every ticket; of the closed ones a house may wish to leaf through the last of each contact only.</summary>
    private IQueryable<Ticket> InTab(IQueryable<Ticket> tickets, TicketStatus status, bool oldestFirst)
    {
        // Named outright: the index of those that wait holds no others. It has them in the order in which they came, and no other.
        if (oldestFirst) return tickets.Where(t => t.Status == TicketStatus.Pending);
        var inTab = tickets.Where(t => t.Status == status);
        return status == TicketStatus.Closed && settings.Is(Setting.ClosedOnce) ? inTab.Where(t => !inTab.Any(later => later.ContactId == t.ContactId && later.Number > t.Number)) : inTab;
    }

    /// <summary>
    /// Contacts are resolved first, then tickets: one condition over both tables would read everything. Messages are looked through from
    /// the newest on, further only when what was found does not fill the page.
    /// </summary>
    private async Task<(List<TicketRow> Rows, IReadOnlyDictionary<Guid, long> Found)> FindAsync(
        IQueryable<Ticket> tickets, SearchTerms terms, int take, Func<IQueryable<Ticket>, Task<List<TicketRow>>> rowsAsync, CancellationToken ct)
    {
        var contacts = terms.Plain.Length == 0 ? [] : await sight.ContactsAsync(terms.Plain, ct);
        var byProtocol = await db.TicketsByProtocolAsync(terms.Plain, ct);
        var number = long.TryParse(terms.Plain.TrimStart('#'), out var n) ? n : -1;
        var (me, mayPeek) = (actor.Id, actor.MayPeek(settings));
        List<TicketRow> rows = [];
        Dictionary<Guid, long> found = [];
        foreach (var depth in MessageSearch.Depths)
        {
            var said = await MessageSearch.TicketsAsync(db, sight, terms, depth, ct);
            found = said.Tickets.ToDictionary(f => f.TicketId, f => f.Seq);
            var byText = found.Keys.ToArray();
            // What was said in a ticket that may not be looked into finds it for nobody.
            rows = await rowsAsync(tickets.Where(t => contacts.Contains(t.ContactId) || (byText.Contains(t.Id) && (mayPeek || t.Status != TicketStatus.Pending || t.UserId == me)) || byProtocol.Contains(t.Id) || t.Number == number));
            if (rows.Count > take || said.IsAll) break;
        }
        return (rows, found);
    }

    /// <summary>The words around what was found, of the rows of one page.</summary>
    private async Task<List<TicketRow>> WithFoundAsync(List<TicketRow> rows, IReadOnlyDictionary<Guid, long> found, SearchTerms terms, CancellationToken ct)
    {
        var mayPeek = actor.MayPeek(settings);
        var tickets = rows.Where(r => found.ContainsKey(r.Id) && (mayPeek || r.Status != TicketStatus.Pending || r.UserId == actor.Id)).Select(r => r.Id).ToArray();
        if (tickets.Length == 0) return rows;
        var seqs = tickets.Select(id => found[id]).Distinct().ToArray();
        var ids = (await db.Messages.Where(m => tickets.Contains(m.TicketId) && seqs.Contains(m.Seq)).Select(m => new { m.Id, m.TicketId, m.Seq }).ToListAsync(ct))
            .FindAll(m => found[m.TicketId] == m.Seq).ConvertAll(m => m.Id);
        var said = await (from m in sight.Searchable(db.Messages.Where(m => ids.Contains(m.Id)))
                          join f in db.Set<Media>() on m.MediaId equals f.Id into fs
                          from f in fs.DefaultIfEmpty()
                          select new { m.TicketId, m.Seq, m.Body, FileName = (string?)f.FileName }).ToDictionaryAsync(m => m.TicketId, ct);
        return rows.ConvertAll(r => said.TryGetValue(r.Id, out var m) && (terms.Around(BodyText.Plain(m.Body)) ?? terms.Around(m.FileName)) is { } text ? r with { Found = new(m.Seq, text) } : r);
    }
}

internal static class TicketRows
{
    /// <summary>Of groups, or with one person. Each said outright: the index of groups holds no others.</summary>
    public static IQueryable<Ticket> OfGroups(this IQueryable<Ticket> tickets, bool? groups) => groups switch
    {
        null => tickets,
        true => tickets.Where(t => t.IsGroup),
        false => tickets.Where(t => !t.IsGroup),
    };

    public static IQueryable<Ticket> InOrder(this IQueryable<Ticket> tickets, bool oldestFirst) =>
        oldestFirst ? tickets.OrderBy(t => t.QueuedAt).ThenBy(t => t.Number) : tickets.OrderByDescending(t => t.LastMessageAt).ThenByDescending(t => t.Number);

    /// <summary>Joins what a row shows, in one statement.</summary>
    public static IQueryable<TicketRow> Rows(this InforzapDb db, IQueryable<Ticket> tickets, bool oldestFirst = false)
    {
        var rows = from t in tickets
                   join c in db.Set<ContactView>() on t.ContactId equals c.Id
                   join q in db.Set<Queue>() on t.QueueId equals q.Id into qs
                   from q in qs.DefaultIfEmpty()
                   join u in db.Set<UserView>() on t.UserId equals u.Id into us
                   from u in us.DefaultIfEmpty()
                   select new { Ticket = t, Contact = c, Queue = q, User = u };
        var ordered = oldestFirst ? rows.OrderBy(r => r.Ticket.QueuedAt).ThenBy(r => r.Ticket.Number) : rows.OrderByDescending(r => r.Ticket.LastMessageAt).ThenByDescending(r => r.Ticket.Number);
        return ordered.Select(r => new TicketRow(r.Ticket.Id, r.Ticket.Number, r.Ticket.Status, r.Ticket.ContactId, r.Contact.Name, r.Ticket.ChannelId, r.Ticket.QueueId, r.Queue.Name, r.Queue.Color,
            r.Ticket.UserId, r.User.Name, r.Ticket.Unread, r.Ticket.LastText, r.Ticket.LastKind, r.Ticket.LastFromUs, r.Ticket.LastMessageAt, r.Ticket.QueuedAt)
        {
            FirstResponseMinutes = r.Queue.FirstResponseMinutes,
            LastState = r.Ticket.LastFromUs
                ? db.Set<Message>().Where(m => m.TicketId == r.Ticket.Id && !m.IsNote && m.Kind != MessageKind.System).OrderByDescending(m => m.Seq).Select(m => (MessageState?)m.State).FirstOrDefault()
                : null,
        });
    }
}
