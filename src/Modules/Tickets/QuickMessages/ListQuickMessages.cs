using System.ComponentModel.DataAnnotations;
using Inforzap.Data;
using Inforzap.Requests;
using Microsoft.Extensions.Localization;

namespace Inforzap.Tickets.QuickMessages;

/// <summary>A page of the quick messages that the caller may see.</summary>
/// <param name="Take">How many; 0 takes fifty.</param>
[Allow("quick.see"), Reads]
internal sealed record ListQuickMessages(
    [property: StringLength(100), Called("QuickSearch")] string? Text = null, QuickScope? Scope = null, Guid? QueueId = null,
    [property: StringLength(40), Called("QuickCategory")] string? Category = null, bool? Active = null,
    QuickSort Sort = QuickSort.Order, bool Descending = false, [property: Range(0, 1_000_000)] int Skip = 0, [property: Range(0, 200)] int Take = 0) : IRequest<QuickPage>;

/// <summary>A page of the list.</summary>
/// <param name="Rows">Those of this page.</param>
/// <param name="Matching">How many there are with these filters.</param>
/// <param name="Total">How many there are in all.</param>
/// <param name="Categories">To choose from.</param>
/// <param name="Queues">To choose from.</param>
public sealed record QuickPage(IReadOnlyList<QuickRow> Rows, int Matching, int Total, IReadOnlyList<string> Categories, IReadOnlyList<QuickQueueRow> Queues);

/// <summary>A quick message in the list.</summary>
/// <param name="Uses">How often it was put into an answer.</param>
/// <param name="MayEdit">The caller may change it.</param>
/// <param name="Version">Who saves hands it back.</param>
public sealed record QuickRow(
    Guid Id, string Shortcut, string Title, string Body, QuickScope Scope, string? Category, int Order, int Uses, bool IsActive, bool MayEdit, int Version,
    IReadOnlyList<Guid> Queues, IReadOnlyList<KeptFileRow> Files);

/// <summary>A queue to choose.</summary>
public sealed record QuickQueueRow(Guid Id, string Name, string Color, bool IsActive);

/// <summary>By what the list is sorted.</summary>
internal enum QuickSort
{
    Order,
    Shortcut,
    Title,
    Uses,
}

internal sealed class ListQuickMessagesHandler(InforzapDb db, QuickAccess access, IStringLocalizer<Texts> t) : IRequestHandler<ListQuickMessages, QuickPage>
{
    private const int PageSize = 50;

    private sealed class Counted
    {
        public required QuickMessage Message { get; init; }
        public int Uses { get; init; }
    }

    public async Task<QuickPage> Handle(ListQuickMessages request, CancellationToken ct)
    {
        if (request.QueueId is { } queueId && !await db.Queues.AnyAsync(q => q.Id == queueId, ct)) throw Refusal.NotFound(t["QueueGone"]);
        var seen = access.Seen.AsNoTracking();
        var total = await seen.CountAsync(ct);
        var categories = await seen.Where(q => q.Category != null).Select(q => q.Category!).Distinct().OrderBy(c => c).Take(200).ToListAsync(ct);
        var matching = Matching(seen, request);
        var found = await Sorted(from q in matching join u in db.QuickUses on q.Id equals u.QuickMessageId select new Counted { Message = q, Uses = u.Count }, request)
            .Skip(request.Skip).Take(request.Take > 0 ? request.Take : PageSize).ToListAsync(ct);
        var ids = found.Select(f => f.Message.Id).ToArray();
        var queues = (await db.QuickQueues.AsNoTracking().Where(q => ids.Contains(q.QuickMessageId)).ToListAsync(ct)).ToLookup(q => q.QuickMessageId, q => q.QueueId);
        var files = (await db.QuickFiles.AsNoTracking().Where(f => f.QuickMessageId != null && ids.Contains(f.QuickMessageId.Value)).OrderBy(f => f.Position).ToListAsync(ct))
            .ToLookup(f => f.QuickMessageId!.Value, f => new KeptFileRow(f.Id, f.Name, f.MimeType, f.Size, f.Kind));
        return new([.. found.Select(f => Row(f, [.. queues[f.Message.Id]], [.. files[f.Message.Id]]))], await matching.CountAsync(ct), total, categories,
            await db.Queues.Where(q => q.DeletedAt == null).OrderBy(q => q.Order).ThenBy(q => q.Name).Select(q => new QuickQueueRow(q.Id, q.Name, q.Color, q.IsActive)).ToListAsync(ct));
    }

    private QuickRow Row(Counted found, IReadOnlyList<Guid> queues, IReadOnlyList<KeptFileRow> files)
    {
        var q = found.Message;
        return new(q.Id, q.Shortcut, q.Title, q.Body, q.Scope, q.Category, q.Order, found.Uses, q.IsActive, access.MayEdit(q.Scope), q.Version, queues, files);
    }

    private IQueryable<QuickMessage> Matching(IQueryable<QuickMessage> messages, ListQuickMessages request)
    {
        if (!string.IsNullOrWhiteSpace(request.Text))
        {
            var like = SearchText.Like(request.Text.Trim().TrimStart('/'));
            messages = messages.Where(q => EF.Functions.Like(q.SearchText, like, "\\"));
        }
        if (request.Scope is { } scope) messages = messages.Where(q => q.Scope == scope);
        if (request.QueueId is { } queue) messages = messages.Where(q => db.Set<QuickQueue>().Any(x => x.QuickMessageId == q.Id && x.QueueId == queue));
        if (!string.IsNullOrWhiteSpace(request.Category)) messages = messages.Where(q => q.Category == request.Category);
        return request.Active is { } active ? messages.Where(q => q.IsActive == active) : messages;
    }

    private static IQueryable<Counted> Sorted(IQueryable<Counted> all, ListQuickMessages request)
    {
        var sorted = (request.Sort, request.Descending) switch
        {
            (QuickSort.Shortcut, false) => all.OrderBy(c => c.Message.Shortcut),
            (QuickSort.Shortcut, true) => all.OrderByDescending(c => c.Message.Shortcut),
            (QuickSort.Title, false) => all.OrderBy(c => c.Message.Title),
            (QuickSort.Title, true) => all.OrderByDescending(c => c.Message.Title),
            (QuickSort.Uses, false) => all.OrderBy(c => c.Uses),
            (QuickSort.Uses, true) => all.OrderByDescending(c => c.Uses),
            (_, true) => all.OrderByDescending(c => c.Message.Order),
            _ => all.OrderBy(c => c.Message.Order),
        };
        // The rest makes pages that neither skip nor repeat.
        return sorted.ThenBy(c => c.Message.Shortcut).ThenBy(c => c.Message.Scope).ThenBy(c => c.Message.Id);
    }
}
