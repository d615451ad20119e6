using System.ComponentModel.DataAnnotations;
using Inforzap.Audit;
using Inforzap.Contracts.Identity;
using Inforzap.Data;
using Inforzap.Live;
using Inforzap.Requests;
using Inforzap.Tickets.Answering;
using Inforzap.Tickets.Entry;
using Microsoft.Extensions.Localization;

namespace Inforzap.Tickets.Queues;

/// <summary>Makes a queue, or changes one, with its members. Who may only edit their own changes those in which they serve.</summary>
[Allow("queues.edit", "queues.edit-own")]
internal sealed record SaveQueue(
    Guid? Id,
    [property: NotEmpty, StringLength(60), Called("QueueName")] string Name,
    [property: NotEmpty, RegularExpression("#[0-9a-fA-F]{6}"), Called("QueueColor")] string Color,
    [property: Range(0, 9999), Called("QueueOrder")] int Order,
    IReadOnlyList<Guid> Members,
    int? Version) : IRequest<Guid>, IValidatableObject
{
    /// <summary>How and within which limits its tickets are given and served.</summary>
    public QueueRules Rules { get; init; } = new();

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        var t = validationContext.GetRequiredService<IStringLocalizer<Texts>>();
        if (!Enum.IsDefined(Rules.Distribution)) yield return new(t["UnknownDistribution"], [nameof(Rules)]);
        if (Rules.MaxPerUser is < 0 or > 999 || Rules.FirstResponseMinutes is < 1 or > 100_000 || Rules.ResolutionMinutes is < 1 or > 1_000_000 || Rules.PlaceMinutes is < 0 or > 1440) yield return new(t["QueueFigures"], [nameof(Rules)]);
        if (Rules.AbsenceQueueId is null) yield break;
        if (Rules.AbsenceQueueId == Id) yield return new(t["AbsenceSelf"], [nameof(QueueRules.AbsenceQueueId)]);
        if (Rules.AbsenceFrom is null || Rules.AbsenceTo is null || Rules.AbsenceTo <= Rules.AbsenceFrom) yield return new(t["AbsenceTimes"], [nameof(QueueRules.AbsenceTo)]);
    }
}

/// <summary>How and within which limits the tickets of a queue are given and served. See <see cref="Queue"/>.</summary>
public sealed record QueueRules(
    Distribution Distribution = Distribution.None, int MaxPerUser = 0, int? FirstResponseMinutes = null,
    Guid? AbsenceQueueId = null, DateTime? AbsenceFrom = null, DateTime? AbsenceTo = null, bool AbsenceMovesOpen = false,
    string? PlaceText = null, int PlaceMinutes = 0, int? ResolutionMinutes = null);

internal sealed class SaveQueueHandler(InforzapDb db, IActor actor, AnswerTexts texts, TimeProvider clock, IStringLocalizer<Texts> t) : IRequestHandler<SaveQueue, Guid>
{
    public async Task<Guid> Handle(SaveQueue request, CancellationToken ct)
    {
        if (!actor.May("queues.edit") && (request.Id is not { } own || !actor.Queues.Contains(own))) throw Refusal.Forbidden(t["OwnQueuesOnly"]);
        var name = request.Name.Trim();
        if (await db.Queues.AnyAsync(q => q.Name == name && q.Id != request.Id && q.DeletedAt == null, ct))
            throw Refusal.At(nameof(request.Name), t["QueueNameTaken", name]);
        if (request.Rules.AbsenceQueueId is { } other && !await db.Queues.AnyAsync(q => q.Id == other && q.IsActive, ct)) throw Refusal.NotFound(t["QueueGone"]);
        var queue = request.Id is { } id ? await db.Queues.SingleOrDefaultAsync(q => q.Id == id && q.DeletedAt == null, ct) ?? throw Refusal.NotFound(t["QueueGone"]) : null;
        if (queue is null)
        {
            queue = new Queue { Id = Guid.CreateVersion7(), Name = name, Color = request.Color, CreatedAt = clock.GetUtcNow().UtcDateTime };
            db.Add(queue);
        }
        else if (queue.Version != request.Version) throw Refusal.Conflict(t["QueueChanged", queue.Name]);
        (queue.Name, queue.Color, queue.Order) = (name, request.Color, request.Order);
        var rules = request.Rules;
        (queue.Distribution, queue.MaxPerUser, queue.FirstResponseMinutes, queue.ResolutionMinutes) = (rules.Distribution, rules.MaxPerUser, rules.FirstResponseMinutes, rules.ResolutionMinutes);
        (queue.PlaceText, queue.PlaceMinutes) = (await texts.CheckedAsync(rules.PlaceText, nameof(rules.PlaceText), ct, QueuePlace.Place), rules.PlaceMinutes);
        var isAway = rules.AbsenceQueueId is not null;
        (queue.AbsenceQueueId, queue.AbsenceFrom, queue.AbsenceTo) = (rules.AbsenceQueueId, isAway ? rules.AbsenceFrom : null, isAway ? rules.AbsenceTo : null);
        queue.AbsenceMovesOpen = isAway && rules.AbsenceMovesOpen;
        await SetMembersAsync(queue, request.Members, ct);
        await db.SaveChangesAsync(ct);
        db.Touch(Topics.People, Topics.Queue(queue.Id));
        return queue.Id;
    }

    private async Task SetMembersAsync(Queue queue, IReadOnlyList<Guid> wanted, CancellationToken ct)
    {
        var queueId = queue.Id;
        var now = await db.QueueMembers.Where(m => m.QueueId == queueId).ToListAsync(ct);
        var leaving = now.Where(m => !wanted.Contains(m.UserId)).ToList();
        var coming = wanted.Distinct().Except(now.Select(m => m.UserId)).ToList();
        if (await db.Set<UserView>().CountAsync(u => coming.Contains(u.Id) && u.IsActive, ct) != coming.Count) throw Refusal.NotFound(t["UserGone"]);
        var concerned = now.Select(m => m.UserId).Concat(coming).ToArray();
        var names = await db.Set<UserView>().Where(u => concerned.Contains(u.Id)).ToDictionaryAsync(u => u.Id, u => u.Name, ct);
        db.Audit("queue", queueId, queue.Name, "Members", now.Select(m => Name(m.UserId)), wanted.Distinct().Select(Name));
        db.RemoveRange(leaving);
        foreach (var user in coming) db.Add(new QueueMember { QueueId = queueId, UserId = user });
        // What they may see changes now.
        db.Touch(leaving.Select(m => m.UserId).Concat(coming).Select(Topics.User));

        string Name(Guid id) => names.GetValueOrDefault(id, id.ToString());
    }
}
