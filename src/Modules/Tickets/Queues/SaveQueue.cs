using System.ComponentModel.DataAnnotations;
using Inforzap.Contracts.Identity;
using Inforzap.Data;
using Inforzap.Live;
using Inforzap.Requests;
using Microsoft.Extensions.Localization;

namespace Inforzap.Tickets.Queues;

/// <summary>Makes a queue, or changes one, with its members.</summary>
[Allow("queues.edit")]
internal sealed record SaveQueue(
    Guid? Id,
    [property: NotEmpty, StringLength(60), Called("QueueName")] string Name,
    [property: NotEmpty, RegularExpression("#[0-9a-fA-F]{6}"), Called("QueueColor")] string Color,
    [property: Range(0, 9999), Called("QueueOrder")] int Order,
    IReadOnlyList<Guid> Members,
    int? Version) : IRequest<Guid>;

internal sealed class SaveQueueHandler(InforzapDb db, TimeProvider clock, IStringLocalizer<Texts> t) : IRequestHandler<SaveQueue, Guid>
{
    public async Task<Guid> Handle(SaveQueue request, CancellationToken ct)
    {
        var name = request.Name.Trim();
        if (await db.Queues.AnyAsync(q => q.Name == name && q.Id != request.Id, ct))
            throw new Refusal(t["QueueNameTaken", name]) { Fields = new Dictionary<string, string> { [nameof(request.Name)] = t["QueueNameTaken", name] } };
        var queue = request.Id is { } id ? await db.Queues.SingleOrDefaultAsync(q => q.Id == id, ct) ?? throw Refusal.NotFound(t["QueueGone"]) : null;
        if (queue is null)
        {
            queue = new Queue { Id = Guid.CreateVersion7(), Name = name, Color = request.Color, CreatedAt = clock.GetUtcNow().UtcDateTime };
            db.Add(queue);
        }
        else if (queue.Version != request.Version) throw Refusal.Conflict(t["QueueChanged", queue.Name]);
        (queue.Name, queue.Color, queue.Order) = (name, request.Color, request.Order);
        await SetMembersAsync(queue.Id, request.Members, ct);
        await db.SaveChangesAsync(ct);
        db.Touch(Topics.People, Topics.Queue(queue.Id));
        return queue.Id;
    }

    private async Task SetMembersAsync(Guid queueId, IReadOnlyList<Guid> wanted, CancellationToken ct)
    {
        var now = await db.QueueMembers.Where(m => m.QueueId == queueId).ToListAsync(ct);
        var leaving = now.Where(m => !wanted.Contains(m.UserId)).ToList();
        var coming = wanted.Distinct().Except(now.Select(m => m.UserId)).ToList();
        if (await db.Set<UserView>().CountAsync(u => coming.Contains(u.Id) && u.IsActive, ct) != coming.Count) throw Refusal.NotFound(t["UserGone"]);
        db.RemoveRange(leaving);
        foreach (var user in coming) db.Add(new QueueMember { QueueId = queueId, UserId = user });
        // What they may see changes now.
        db.Touch(leaving.Select(m => m.UserId).Concat(coming).Select(Topics.User));
    }
}
