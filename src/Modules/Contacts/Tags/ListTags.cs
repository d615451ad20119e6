using System.ComponentModel.DataAnnotations;
using Inforzap.Contracts.Tickets;
using Inforzap.Data;
using Inforzap.Requests;
using Inforzap.Ui;
using Microsoft.Extensions.Localization;

namespace Inforzap.Contacts.Tags;

/// <summary>A page of tags.</summary>
/// <param name="QueueId">Those that members of this queue use and not everybody.</param>
/// <param name="Sort">name or contacts; with - before it downwards. Without, by their order.</param>
/// <param name="Page">From 1.</param>
[Allow("tags.see"), Reads]
internal sealed record ListTags(
    [property: StringLength(100), Called("TagSearch")] string? Text = null, TagScope? Scope = null, Guid? QueueId = null, bool? Active = null,
    [property: StringLength(20), Called("Order")] string? Sort = null, [property: Range(1, 10_000), Called("Skip")] int Page = 1) : IRequest<TagList>;

/// <summary>Tags, how many match, how many there are, and the queues that they can be for.</summary>
internal sealed record TagList(IReadOnlyList<TagRow> Rows, int Found, int Total, IReadOnlyList<TagQueueRow> Queues);

/// <summary>A tag in the list.</summary>
/// <param name="Queues">Whose members use it, where it is not everybody.</param>
/// <param name="Contacts">How many have it.</param>
/// <param name="Version">Who saves hands it back.</param>
public sealed record TagRow(Guid Id, string Name, string Color, int Order, bool IsActive, TagScope Scope, IReadOnlyList<Guid> Queues, int Contacts, int Version);

/// <summary>A queue to choose.</summary>
public sealed record TagQueueRow(Guid Id, string Name, string Color, bool IsActive);

internal sealed class ListTagsHandler(InforzapDb db, IStringLocalizer<Texts> t) : IRequestHandler<ListTags, TagList>
{
    public async Task<TagList> Handle(ListTags request, CancellationToken ct)
    {
        if (request.QueueId is { } queueId && !await db.Set<QueueView>().AnyAsync(q => q.Id == queueId, ct)) throw Refusal.NotFound(t["TagQueueGone"]);
        var tags = db.Tags.AsNoTracking();
        var total = await tags.CountAsync(ct);
        tags = Matching(tags, request);
        var found = await tags.CountAsync(ct);
        var page = await Sorted(tags, request.Sort).Skip((request.Page - 1) * Pager.PerPage).Take(Pager.PerPage).ToListAsync(ct);
        var ids = page.Select(x => x.Id).ToArray();
        var queues = (await db.TagQueues.AsNoTracking().Where(q => ids.Contains(q.TagId)).ToListAsync(ct)).ToLookup(q => q.TagId, q => q.QueueId);
        var contacts = await db.ContactTags.Where(x => ids.Contains(x.TagId)).GroupBy(x => x.TagId).Select(g => new { g.Key, Count = g.Count() }).ToDictionaryAsync(g => g.Key, g => g.Count, ct);
        return new([.. page.Select(x => new TagRow(x.Id, x.Name, x.Color, x.Order, x.IsActive, x.Scope, [.. queues[x.Id]], contacts.GetValueOrDefault(x.Id), x.Version))], found, total,
            await db.Set<QueueView>().OrderBy(q => q.Name).Select(q => new TagQueueRow(q.Id, q.Name, q.Color, q.IsActive)).ToListAsync(ct));
    }

    private IQueryable<Tag> Matching(IQueryable<Tag> tags, ListTags request)
    {
        if (!string.IsNullOrWhiteSpace(request.Text))
        {
            var like = SearchText.Like(request.Text);
            tags = tags.Where(x => EF.Functions.Like(x.SearchText, like, "\\"));
        }
        if (request.Scope is { } scope) tags = tags.Where(x => x.Scope == scope);
        if (request.QueueId is { } queue) tags = tags.Where(x => db.Set<TagQueue>().Any(q => q.TagId == x.Id && q.QueueId == queue));
        return request.Active is { } active ? tags.Where(x => x.IsActive == active) : tags;
    }

    private IQueryable<Tag> Sorted(IQueryable<Tag> tags, string? sort) => sort switch
    {
        "name" => tags.OrderBy(x => x.SearchText),
        "-name" => tags.OrderByDescending(x => x.SearchText),
        "contacts" => tags.OrderBy(x => db.Set<ContactTag>().Count(c => c.TagId == x.Id)).ThenBy(x => x.SearchText),
        "-contacts" => tags.OrderByDescending(x => db.Set<ContactTag>().Count(c => c.TagId == x.Id)).ThenBy(x => x.SearchText),
        _ => tags.OrderByDescending(x => x.IsActive).ThenBy(x => x.Order).ThenBy(x => x.SearchText),
    };
}
