using Inforzap.Data;
using Inforzap.Live;
using Inforzap.Requests;
using Microsoft.Extensions.Localization;

namespace Inforzap.Contacts.Tags;

/// <summary>Takes a tag out of use, or into use again. Contacts that have it keep it.</summary>
[Allow("tags.edit")]
internal sealed record SwitchTag([property: NotEmpty] Guid Id, bool IsActive) : IRequest;

/// <summary>Deletes a tag, and takes it off every contact.</summary>
[Allow("tags.edit")]
internal sealed record DeleteTag([property: NotEmpty] Guid Id) : IRequest;

/// <summary>How many contacts have a tag: said before it is deleted.</summary>
[Allow("tags.edit"), Reads]
internal sealed record CountTagged([property: NotEmpty] Guid Id) : IRequest<int>;

internal sealed class SwitchTagHandler(InforzapDb db, IStringLocalizer<Texts> t) : IRequestHandler<SwitchTag, Unit>
{
    public async Task<Unit> Handle(SwitchTag request, CancellationToken ct)
    {
        var tag = await db.Tags.SingleOrDefaultAsync(x => x.Id == request.Id, ct) ?? throw Refusal.NotFound(t["TagGone"]);
        tag.IsActive = request.IsActive;
        await db.SaveChangesAsync(ct);
        db.Touch(Topics.Tags);
        return Unit.Value;
    }
}

internal sealed class DeleteTagHandler(InforzapDb db, IStringLocalizer<Texts> t) : IRequestHandler<DeleteTag, Unit>
{
    public async Task<Unit> Handle(DeleteTag request, CancellationToken ct)
    {
        // The database takes what hangs on it along.
        db.Remove(await db.Tags.SingleOrDefaultAsync(x => x.Id == request.Id, ct) ?? throw Refusal.NotFound(t["TagGone"]));
        await db.SaveChangesAsync(ct);
        db.Touch(Topics.Tags);
        return Unit.Value;
    }
}

internal sealed class CountTaggedHandler(InforzapDb db, IStringLocalizer<Texts> t) : IRequestHandler<CountTagged, int>
{
    public async Task<int> Handle(CountTagged request, CancellationToken ct)
    {
        if (!await db.Tags.AnyAsync(x => x.Id == request.Id, ct)) throw Refusal.NotFound(t["TagGone"]);
        return await db.ContactTags.CountAsync(x => x.TagId == request.Id, ct);
    }
}
