using Inforzap.Contracts.Contacts;
using Inforzap.Contracts.Tickets;
using Inforzap.Data;
using Inforzap.Requests;

namespace Inforzap.Tickets.Desk;

/// <summary>Puts a tag on the contact of a ticket, and writes it down there.</summary>
[Allow("tags.use")]
public sealed record TagTicket([property: NotEmpty] Guid TicketId, [property: NotEmpty] Guid TagId) : IRequest;

/// <summary>Takes a tag off the contact of a ticket, and writes it down there.</summary>
[Allow("tags.use")]
public sealed record UntagTicket([property: NotEmpty] Guid TicketId, [property: NotEmpty] Guid TagId) : IRequest;

/// <summary>A tag of a ticket's contact.</summary>
/// <param name="MayTakeOff">The caller may.</param>
public sealed record TicketTag(Guid Id, string Name, string Color, bool MayTakeOff);

/// <summary>What a row of the list shows of its contact's tags. Equal when it looks alike, since rows that do are not drawn again.</summary>
/// <param name="More">How many there are beside the first two.</param>
/// <param name="Names">All of them.</param>
public sealed record RowTags(RowTag First, RowTag? Second, int More, string Names);

/// <summary>A tag in a row.</summary>
public sealed record RowTag(string Name, string Color);

internal sealed class TagTicketHandler(InforzapDb db, TicketAccess access, IMediator mediator) : IRequestHandler<TagTicket, Unit>
{
    public async Task<Unit> Handle(TagTicket request, CancellationToken ct)
    {
        var ticket = await access.ReadAsync(request.TicketId, ct);
        if (await mediator.Send(new AddTag(ticket.ContactId, request.TagId), ct) is { } name) await db.NoteTagAsync(ticket, "tag_added", name, access, ct);
        return Unit.Value;
    }
}

internal sealed class UntagTicketHandler(InforzapDb db, TicketAccess access, IMediator mediator) : IRequestHandler<UntagTicket, Unit>
{
    public async Task<Unit> Handle(UntagTicket request, CancellationToken ct)
    {
        var ticket = await access.ReadAsync(request.TicketId, ct);
        if (await mediator.Send(new RemoveTag(ticket.ContactId, request.TagId), ct) is { } name) await db.NoteTagAsync(ticket, "tag_removed", name, access, ct);
        return Unit.Value;
    }
}

internal sealed class TouchTicketsOfHandler(InforzapDb db) : IRequestHandler<TouchTicketsOf, Unit>
{
    private const int Most = 1000;

    public async Task<Unit> Handle(TouchTicketsOf request, CancellationToken ct)
    {
        foreach (var ticket in await db.Tickets.AsNoTracking().Where(x => request.ContactIds.Contains(x.ContactId)).OrderByDescending(x => x.Number).Take(Most).ToListAsync(ct)) db.TouchTicket(ticket);
        return Unit.Value;
    }
}

internal static class TagsOfTickets
{
    public static async Task NoteTagAsync(this InforzapDb db, Ticket ticket, string type, string name, TicketAccess access, CancellationToken ct)
    {
        db.Add(Timeline.Entry(ticket.Id, type, access.Actor.IsSystem ? null : access.Actor.Id, access.Now, new { tag = name }));
        await db.SaveChangesAsync(ct);
    }

    /// <summary>The tags of the rows' contacts, in one more statement for all of them.</summary>
    public static async Task<List<TicketRow>> WithTagsAsync(this InforzapDb db, List<TicketRow> rows, IActor actor, CancellationToken ct)
    {
        if (rows.Count == 0 || !actor.May("tags.see")) return rows;
        var contacts = rows.Select(r => r.ContactId).Distinct().ToArray();
        var tags = (await db.Set<ContactTagView>().Where(x => contacts.Contains(x.ContactId)).OrderBy(x => x.Order).ThenBy(x => x.SearchText)
            .Select(x => new { x.ContactId, Tag = new RowTag(x.Name, x.Color) }).ToListAsync(ct)).ToLookup(x => x.ContactId, x => x.Tag);
        return tags.Count == 0 ? rows : rows.ConvertAll(r => tags[r.ContactId].ToList() is [var first, .. var others] all
            ? r with { Tags = new(first, others.FirstOrDefault(), Math.Max(0, others.Count - 1), string.Join(", ", all.Select(x => x.Name))) } : r);
    }

    /// <summary>The tags of a contact, as the side panel shows them.</summary>
    public static async Task<IReadOnlyList<TicketTag>> TagsOfAsync(this InforzapDb db, Guid contactId, IActor actor, CancellationToken ct)
    {
        if (!actor.May("tags.see")) return [];
        var (uses, usesAll, queues) = (actor.May("tags.use"), actor.May("tickets.see-all"), actor.Queues.ToArray());
        return await db.Set<ContactTagView>().Where(x => x.ContactId == contactId).OrderBy(x => x.Order).ThenBy(x => x.SearchText)
            .Select(x => new TicketTag(x.TagId, x.Name, x.Color, uses && (usesAll || !x.IsForQueues || db.Set<TagQueueView>().Any(q => q.TagId == x.TagId && queues.Contains(q.QueueId))))).ToListAsync(ct);
    }
}
