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
/// <param name="Search">Name, number of the contact, ticket number, protocol or its last digits, or text of a message; closed tickets included then.</param>
/// <param name="After">The last row of the page before.</param>
/// <param name="Take">How many; 0 takes the setting.</param>
/// <param name="AtLeast">As many as the reader has before them already, where that is more.</param>
[Allow("tickets.see"), Reads]
public sealed record ListTickets(
    TicketStatus Status, [property: StringLength(200), Called("KeySearch")] string? Search = null, TicketCursor? After = null, [property: Range(0, 500)] int Take = 0,
    [property: Range(0, 500), Called("Take")] int AtLeast = 0) : IRequest<TicketPage>;

/// <summary>Where a page ended.</summary>
public sealed record TicketCursor(DateTime LastMessageAt, long Number);

/// <summary>A page of the list.</summary>
/// <param name="Rows">Newest first.</param>
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
}

internal sealed class ListTicketsHandler(InforzapDb db, IActor actor, ISettings settings, Sight sight) : IRequestHandler<ListTickets, TicketPage>
{
    public async Task<TicketPage> Handle(ListTickets request, CancellationToken ct)
    {
        var take = Math.Max(request.AtLeast, request.Take > 0 ? request.Take : int.TryParse(settings.Get(Setting.ListSize), out var size) ? Math.Clamp(size, 10, 500) : 50);
        var tickets = db.Tickets.AsNoTracking().VisibleTo(actor, settings, db);
        tickets = string.IsNullOrWhiteSpace(request.Search)
            ? InTab(tickets, request.Status)
            : await MatchingAsync(tickets, request.Search.Trim(), ct);
        if (request.After is { } after)
            tickets = tickets.Where(t => t.LastMessageAt < after.LastMessageAt || (t.LastMessageAt == after.LastMessageAt && t.Number < after.Number));
        var rows = await db.Rows(tickets.OrderByDescending(t => t.LastMessageAt).ThenByDescending(t => t.Number).Take(take + 1)).ToListAsync(ct);
        var page = await sight.ShowAsync([.. rows.Take(take)], ct);
        return new(await db.WithTagsAsync(page, actor, ct), rows.Count > take ? new(page[^1].LastMessageAt, page[^1].Number) : null);
    }

    /// <summary>A search finds every ticket; of the closed ones a house may wish to leaf through the last of each contact only.</summary>
    private IQueryable<Ticket> InTab(IQueryable<Ticket> tickets, TicketStatus status)
    {
        var inTab = tickets.Where(t => t.Status == status);
        return status == TicketStatus.Closed && settings.Is(Setting.ClosedOnce) ? inTab.Where(t => !inTab.Any(later => later.ContactId == t.ContactId && later.Number > t.Number)) : inTab;
    }

    /// <summary>Contacts are resolved first, then tickets: one condition over both tables would read everything.</summary>
    private async Task<IQueryable<Ticket>> MatchingAsync(IQueryable<Ticket> tickets, string text, CancellationToken ct)
    {
        var contacts = await sight.ContactsAsync(text, ct);
        var byText = await MessageSearch.TicketsAsync(db, sight, text, 500, ct);
        var byProtocol = await db.TicketsByProtocolAsync(text, ct);
        var number = long.TryParse(text.TrimStart('#'), out var n) ? n : -1;
        return tickets.Where(t => contacts.Contains(t.ContactId) || byText.Contains(t.Id) || byProtocol.Contains(t.Id) || t.Number == number);
    }
}

internal static class TicketRows
{
    /// <summary>Joins what a row shows, in one statement.</summary>
    public static IQueryable<TicketRow> Rows(this InforzapDb db, IQueryable<Ticket> tickets) =>
        from t in tickets
        join c in db.Set<ContactView>() on t.ContactId equals c.Id
        join q in db.Set<Queue>() on t.QueueId equals q.Id into qs
        from q in qs.DefaultIfEmpty()
        join u in db.Set<UserView>() on t.UserId equals u.Id into us
        from u in us.DefaultIfEmpty()
        orderby t.LastMessageAt descending, t.Number descending
        select new TicketRow(t.Id, t.Number, t.Status, t.ContactId, c.Name, t.ChannelId, t.QueueId, q.Name, q.Color, t.UserId, u.Name,
            t.Unread, t.LastText, t.LastKind, t.LastFromUs, t.LastMessageAt, t.QueuedAt) { FirstResponseMinutes = q.FirstResponseMinutes };
}
