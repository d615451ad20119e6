using Inforzap.Contacts.Owners;
using Inforzap.Contacts.Tags;
using Inforzap.Contracts.Contacts;
using Inforzap.Contracts.Settings;
using Inforzap.Contracts.Tickets;
using Inforzap.Data;
using Inforzap.Live;
using Inforzap.Requests;
using Microsoft.Extensions.Localization;

namespace Inforzap.Contacts.Book;

/// <summary>Puts a tag on several contacts, or takes it off. Returns of how many that was a change.</summary>
[Allow("tags.use")]
internal sealed record TagContacts([property: NotEmpty, Called("Contacts")] IReadOnlyList<Guid> Ids, [property: NotEmpty] Guid TagId, bool IsOn) : IRequest<int>;

/// <summary>Blocks several contacts, or takes that back. Returns of how many that was a change.</summary>
[Allow("contacts.block")]
internal sealed record BlockContacts([property: NotEmpty, Called("Contacts")] IReadOnlyList<Guid> Ids, bool Blocked) : IRequest<int>;

internal sealed class TagContactsHandler(InforzapDb db, IActor actor, ISettings settings, IMediator mediator, TimeProvider clock, IStringLocalizer<Texts> t) : IRequestHandler<TagContacts, int>
{
    public async Task<int> Handle(TagContacts request, CancellationToken ct)
    {
        actor.RequireList(settings, t);
        var tag = await db.Tags.AsNoTracking().SingleOrDefaultAsync(x => x.Id == request.TagId, ct) ?? throw Refusal.NotFound(t["TagGone"]);
        if (!await db.Tags.For(actor, db).AnyAsync(x => x.Id == tag.Id, ct)) throw Refusal.Forbidden(t["TagOfOthers", tag.Name]);
        if (request.IsOn && !tag.IsActive) throw Refusal.Conflict(t["TagOutOfUse", tag.Name]);
        var ids = await db.RequireThereAsync(request.Ids, actor, settings, t, ct);
        var worn = (await db.ContactTags.Where(x => x.TagId == tag.Id && ids.Contains(x.ContactId)).Select(x => x.ContactId).ToListAsync(ct)).ToHashSet();
        var changing = Array.FindAll(ids, id => worn.Contains(id) != request.IsOn);
        if (changing.Length == 0) return 0;
        if (request.IsOn)
        {
            var now = clock.GetUtcNow().UtcDateTime;
            db.AddRange(changing.Select(id => new ContactTag { ContactId = id, TagId = tag.Id, By = actor.Id, At = now }));
            try
            {
                await db.SaveChangesAsync(ct);
            }
            catch (DbUpdateException e) when (e is not DbUpdateConcurrencyException)
            {
                // Somebody else put it on one of them, or deleted it, in this moment.
                throw Refusal.Conflict(t["ContactTableMoved"]);
            }
        }
        else await db.ContactTags.Where(x => x.TagId == tag.Id && changing.Contains(x.ContactId)).ExecuteDeleteAsync(ct);
        db.Touch(changing.Select(id => $"contact/{id:N}"));
        db.Touch(Topics.TagCounts, Topics.Contacts);
        await mediator.Send(new TouchTicketsOf(changing), ct);
        return changing.Length;
    }
}

internal sealed class BlockContactsHandler(InforzapDb db, IActor actor, ISettings settings, IMediator mediator, TimeProvider clock, IStringLocalizer<Texts> t) : IRequestHandler<BlockContacts, int>
{
    public async Task<int> Handle(BlockContacts request, CancellationToken ct)
    {
        actor.RequireList(settings, t);
        var (ids, to) = (await db.RequireThereAsync(request.Ids, actor, settings, t, ct), request.Blocked);
        DateTime? at = to ? clock.GetUtcNow().UtcDateTime : null;
        var changing = await db.Contacts.Where(c => ids.Contains(c.Id) && c.Blocked != to).Select(c => c.Id).ToListAsync(ct);
        if (changing.Count == 0) return 0;
        await db.Hold<Contact>(c => changing.Contains(c.Id), ct);
        await db.Claim<Contact>(c => changing.Contains(c.Id) && c.Blocked != to, set => set.SetProperty(c => c.Blocked, to).SetProperty(c => c.BlockedAt, at), ct);
        db.Touch(Topics.Contacts);
        await mediator.Send(new TouchTicketsOf(changing), ct);
        return changing.Count;
    }
}

/// <summary>So many contacts are changed at once, and no more.</summary>
internal static class Together
{
    public const int Most = 500;

    /// <summary>Each of them once.</summary>
    /// <exception cref="Refusal">There are too many, or one is gone or none of the caller's business.</exception>
    public static async Task<Guid[]> RequireThereAsync(this InforzapDb db, IReadOnlyList<Guid> named, IActor actor, ISettings settings, IStringLocalizer<Texts> t, CancellationToken ct)
    {
        if (named.Count > Most) throw new Refusal(t["ContactsTooMany", Most]);
        var ids = named.Distinct().ToArray();
        return await db.Contacts.KnownTo(actor, settings, db).CountAsync(c => ids.Contains(c.Id) && c.ErasedAt == null, ct) == ids.Length ? ids : throw Refusal.NotFound(t["ContactGone"]);
    }
}
