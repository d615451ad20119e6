using System.ComponentModel.DataAnnotations;
using Inforzap.Contracts.Contacts;
using Inforzap.Contracts.Tickets;
using Inforzap.Data;
using Inforzap.Live;
using Inforzap.Requests;
using Microsoft.Extensions.Localization;

namespace Inforzap.Contacts.Tags;

/// <summary>Makes a tag, or changes one. Contacts that have it show it as it is from then on.</summary>
/// <param name="Queues">Whose members use it, where its scope is queues.</param>
[Allow("tags.edit")]
internal sealed record SaveTag(
    Guid? Id,
    [property: NotEmpty, StringLength(Tag.MaxName)] string Name,
    [property: NotEmpty, RegularExpression("#[0-9a-fA-F]{6}")] string Color,
    [property: Range(0, 9999)] int Order,
    TagScope Scope,
    IReadOnlyList<Guid> Queues,
    int? Version) : IRequest<Guid>, IValidatableObject
{
    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Scope == TagScope.Queues && Queues.Count == 0)
            yield return new(validationContext.GetRequiredService<IStringLocalizer<Texts>>()["TagChooseQueue"], [nameof(Queues)]);
    }
}

internal sealed class SaveTagHandler(InforzapDb db, TimeProvider clock, IStringLocalizer<Texts> t) : IRequestHandler<SaveTag, Guid>
{
    public async Task<Guid> Handle(SaveTag request, CancellationToken ct)
    {
        var (name, key) = (TagRules.NameOf(request.Name), TagRules.KeyOf(request.Name));
        if (await db.Tags.Where(x => x.SearchText == key && x.Id != request.Id).Select(x => x.Name).SingleOrDefaultAsync(ct) is { } taken) throw Taken(taken);
        var tag = request.Id is { } id ? await db.Tags.SingleOrDefaultAsync(x => x.Id == id, ct) ?? throw Refusal.NotFound(t["TagGone"]) : null;
        if (tag is null) tag = db.New(name, request.Color, clock.GetUtcNow().UtcDateTime);
        else if (tag.Version != request.Version) throw Refusal.Conflict(t["TagChanged", tag.Name]);
        (tag.Name, tag.SearchText, tag.Color, tag.Order) = (name, key, request.Color, request.Order);
        IReadOnlyCollection<Guid> queues = request.Scope == TagScope.Queues ? [.. request.Queues.Distinct()] : [];
        await RequireQueuesAsync(tag.Id, queues, ct);
        await db.SetQueuesAsync(tag, queues, ct);
        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateException e) when (e.IsUniqueViolation())
        {
            // Somebody else took it since it was looked for.
            throw Taken(name);
        }
        db.Touch(Topics.Tags);
        return tag.Id;
    }

    private Refusal Taken(string name) => Refusal.At(nameof(SaveTag.Name), t["TagTaken", name]);

    /// <summary>Those that it has already may be out of use by now.</summary>
    private async Task RequireQueuesAsync(Guid tagId, IReadOnlyCollection<Guid> wanted, CancellationToken ct)
    {
        var coming = wanted.Except(await db.TagQueues.Where(q => q.TagId == tagId).Select(q => q.QueueId).ToListAsync(ct)).ToArray();
        if (coming.Length > 0 && await db.Set<QueueView>().CountAsync(q => coming.Contains(q.Id) && q.IsActive, ct) != coming.Length) throw Refusal.NotFound(t["TagQueueGone"]);
    }
}

internal sealed class MakeTagHandler(InforzapDb db, TimeProvider clock, IStringLocalizer<Texts> t) : IRequestHandler<MakeTag, Guid>
{
    public async Task<Guid> Handle(MakeTag request, CancellationToken ct)
    {
        var key = TagRules.KeyOf(request.Name);
        if (await db.Tags.AsNoTracking().SingleOrDefaultAsync(x => x.SearchText == key, ct) is { } there)
            return there.IsActive ? there.Id : throw Refusal.Conflict(t["TagOutOfUse", there.Name]);
        var tag = db.New(request.Name, await db.FreshColorAsync(ct), clock.GetUtcNow().UtcDateTime);
        await db.SaveChangesAsync(ct);
        db.Touch(Topics.Tags);
        return tag.Id;
    }
}
