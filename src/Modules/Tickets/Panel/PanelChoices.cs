using Inforzap.Contracts.Contacts;
using Inforzap.Contracts.Identity;
using Inforzap.Data;
using Inforzap.Requests;

namespace Inforzap.Tickets.Panel;

/// <summary>What the panel may be filtered by: the queues and people that the caller looks after, and the tags that they use.</summary>
[Allow("panel.see"), Reads]
public sealed record ReadPanelChoices : IRequest<PanelChoices>;

/// <summary>Queues, people and tags to choose.</summary>
public sealed record PanelChoices(IReadOnlyList<PersonChoice> Queues, IReadOnlyList<PersonChoice> People, IReadOnlyList<PersonChoice> Tags);

internal sealed class ReadPanelChoicesHandler(InforzapDb db, IActor actor, IMediator mediator) : IRequestHandler<ReadPanelChoices, PanelChoices>
{
    private const int MostPeople = 1000;

    public async Task<PanelChoices> Handle(ReadPanelChoices request, CancellationToken ct)
    {
        var (me, mine, all) = (actor.Id, actor.Queues.ToArray(), actor.May("tickets.see-all"));
        var queues = await db.Queues.Where(q => q.IsActive && q.DeletedAt == null && (all || mine.Contains(q.Id))).OrderBy(q => q.Order).ThenBy(q => q.Name)
            .Select(q => new PersonChoice(q.Id, q.Name)).ToListAsync(ct);
        var people = await db.Set<UserView>().Where(u => u.IsActive && (all || u.Id == me || db.Set<QueueMember>().Any(m => m.UserId == u.Id && mine.Contains(m.QueueId))))
            .OrderBy(u => u.Name).Take(MostPeople).Select(u => new PersonChoice(u.Id, u.Name)).ToListAsync(ct);
        IReadOnlyList<PersonChoice> tags = actor.May("tags.use") ? [.. (await mediator.Send(new OfferTags(), ct)).Select(x => new PersonChoice(x.Id, x.Name))] : [];
        return new(queues, people, tags);
    }
}
