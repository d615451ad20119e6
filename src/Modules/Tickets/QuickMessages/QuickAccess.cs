using Inforzap.Data;
using Inforzap.Requests;
using Microsoft.Extensions.Localization;

namespace Inforzap.Tickets.QuickMessages;

/// <summary>Who finds, uses and changes which quick messages. Every query for a caller starts here.</summary>
internal sealed class QuickAccess(InforzapDb db, IActor actor, IStringLocalizer<Texts> t)
{
    public Guid Me => actor.Id;

    /// <summary>May change the company's and the queues' ones.</summary>
    public bool MayEditAll => actor.May("quick.edit");

    /// <summary>Those that the caller may put into an answer: the company's, those of their queues, their own.</summary>
    public IQueryable<QuickMessage> Usable => Of(ofAllQueues: false);

    /// <summary>Those that the caller finds on the page: the same, and all queues' for who may change them. Nobody finds another person's own.</summary>
    public IQueryable<QuickMessage> Seen => Of(MayEditAll);

    public bool MayEdit(QuickScope scope) => scope == QuickScope.User ? actor.May("quick.own") : MayEditAll;

    /// <summary>Whose a message of this scope is, when the caller makes it.</summary>
    public Guid OwnerOf(QuickScope scope) => scope == QuickScope.User ? actor.Id : Guid.Empty;

    /// <exception cref="Refusal">It is not there, or the caller may not know that it is.</exception>
    public async Task<QuickMessage> FindAsync(Guid id, CancellationToken ct) =>
        await Seen.SingleOrDefaultAsync(q => q.Id == id, ct) ?? throw Refusal.NotFound(t["QuickGone"]);

    /// <exception cref="Refusal">It is not there, or not the caller's to change.</exception>
    public async Task<QuickMessage> FindToEditAsync(Guid id, CancellationToken ct)
    {
        var message = await FindAsync(id, ct);
        RequireEdit(message.Scope);
        return message;
    }

    /// <exception cref="Refusal">The caller changes only their own.</exception>
    public void RequireEdit(QuickScope scope)
    {
        if (!MayEdit(scope)) throw Refusal.Forbidden(t["QuickNotYours"]);
    }

    private IQueryable<QuickMessage> Of(bool ofAllQueues)
    {
        var (me, queues) = (actor.Id, actor.Queues.ToArray());
        return db.QuickMessages.Where(q => q.Scope == QuickScope.Company || (q.Scope == QuickScope.User && q.OwnerId == me)
            || (q.Scope == QuickScope.Queues && (ofAllQueues || db.Set<QuickQueue>().Any(x => x.QuickMessageId == q.Id && queues.Contains(x.QueueId)))));
    }
}
