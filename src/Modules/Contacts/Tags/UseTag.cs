using Inforzap.Contracts.Contacts;
using Inforzap.Contracts.Tickets;
using Inforzap.Data;
using Inforzap.Live;
using Inforzap.Requests;
using Microsoft.Extensions.Localization;

namespace Inforzap.Contacts.Tags;

internal sealed class OfferTagsHandler(InforzapDb db, IActor actor) : IRequestHandler<OfferTags, IReadOnlyList<TagChoice>>
{
    private const int Most = 1000;

    public async Task<IReadOnlyList<TagChoice>> Handle(OfferTags request, CancellationToken ct) =>
        await db.Tags.AsNoTracking().Where(x => x.IsActive).For(actor, db).OrderBy(x => x.Order).ThenBy(x => x.SearchText).Take(Most).Select(x => new TagChoice(x.Id, x.Name, x.Color)).ToListAsync(ct);
}

internal sealed class AddTagHandler(InforzapDb db, IActor actor, IMediator mediator, TimeProvider clock, IStringLocalizer<Texts> t) : IRequestHandler<AddTag, string?>
{
    public async Task<string?> Handle(AddTag request, CancellationToken ct)
    {
        var tag = await db.FindTagAsync(request.ContactId, request.TagId, actor, t, ct);
        if (await db.ContactTags.AnyAsync(x => x.ContactId == request.ContactId && x.TagId == tag.Id, ct)) return null;
        if (!tag.IsActive) throw Refusal.Conflict(t["TagOutOfUse", tag.Name]);
        var row = new ContactTag { ContactId = request.ContactId, TagId = tag.Id, By = actor.IsSystem ? null : actor.Id, At = clock.GetUtcNow().UtcDateTime };
        db.Add(row);
        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateException e)
        {
            db.Entry(row).State = EntityState.Detached;
            // Somebody else put it on, or deleted it, in this moment.
            if (e.IsUniqueViolation()) return null;
            if (!await db.Tags.AnyAsync(x => x.Id == tag.Id, ct)) throw Refusal.NotFound(t["TagGone"]);
            throw;
        }
        await db.TouchTaggedAsync(mediator, request.ContactId, ct);
        return tag.Name;
    }
}

internal sealed class RemoveTagHandler(InforzapDb db, IActor actor, IMediator mediator, IStringLocalizer<Texts> t) : IRequestHandler<RemoveTag, string?>
{
    public async Task<string?> Handle(RemoveTag request, CancellationToken ct)
    {
        var tag = await db.FindTagAsync(request.ContactId, request.TagId, actor, t, ct);
        if (await db.ContactTags.Where(x => x.ContactId == request.ContactId && x.TagId == tag.Id).ExecuteDeleteAsync(ct) == 0) return null;
        await db.TouchTaggedAsync(mediator, request.ContactId, ct);
        return tag.Name;
    }
}

internal static class Tagged
{
    /// <summary>The tag that shall be put on a contact or taken off.</summary>
    /// <exception cref="Refusal">It is not there, nor is the contact; or it is for members of other queues.</exception>
    public static async Task<Tag> FindTagAsync(this InforzapDb db, Guid contactId, Guid tagId, IActor actor, IStringLocalizer<Texts> t, CancellationToken ct)
    {
        if (!await db.Contacts.AnyAsync(c => c.Id == contactId && c.ErasedAt == null, ct)) throw Refusal.NotFound(t["ContactGone"]);
        var tag = await db.Tags.AsNoTracking().SingleOrDefaultAsync(x => x.Id == tagId, ct) ?? throw Refusal.NotFound(t["TagGone"]);
        return await db.Tags.For(actor, db).AnyAsync(x => x.Id == tagId, ct) ? tag : throw Refusal.Forbidden(t["TagOfOthers", tag.Name]);
    }

    public static async Task TouchTaggedAsync(this InforzapDb db, IMediator mediator, Guid contactId, CancellationToken ct)
    {
        db.Touch($"contact/{contactId:N}", Topics.TagCounts);
        await mediator.Send(new TouchTicketsOf([contactId]), ct);
    }
}
