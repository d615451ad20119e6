using System.Linq.Expressions;
using Inforzap.Contracts.Contacts;
using Inforzap.Contracts.Settings;
using Inforzap.Data;
using Inforzap.Requests;

namespace Inforzap.Tickets.Desk;

/// <summary>
/// What the caller may read of the tickets that they see: numbers, what was said elsewhere, what was deleted. Whatever hands out messages
/// or names asks here, so that lists, search, files and tables tell no more than the conversation does.
/// </summary>
internal sealed class Sight(InforzapDb db, IActor actor, ISettings settings, IMediator mediator)
{
    private const int LongestSearch = 200;

    /// <summary>Numbers as they are.</summary>
    public bool SeesPhones => actor.SeesPhones(settings);

    /// <summary>What was deleted, and what stood there before an edit.</summary>
    public bool SeesDeleted => settings.Get(Setting.DeletedMessages) switch
    {
        Readers.Everybody => true,
        Readers.Leads => actor.May("tickets.see-queue"),
        _ => actor.IsSystem,
    };

    /// <summary>What was said in queues of others.</summary>
    public bool SeesElsewhere => !settings.Is(Setting.OwnQueueHistory) || actor.May("tickets.see-all");

    /// <summary>
    /// Whether a message was said elsewhere: in a queue that is not the caller's, and not with them. Each message knows the queue and the
    /// person that its ticket had when it was written; what had neither goes along with its ticket.
    /// </summary>
    public Expression<Func<Message, bool>> IsElsewhere
    {
        get
        {
            if (SeesElsewhere) return m => false;
            var (me, queues) = (actor.Id, actor.Queues.ToArray());
            return m => m.SenderUserId != me && m.ServedBy != me && (m.QueueId == null ? m.ServedBy != null : !queues.Contains(m.QueueId.Value));
        }
    }

    /// <summary>Only what may be read.</summary>
    public IQueryable<Message> Readable(IQueryable<Message> messages)
    {
        if (SeesElsewhere) return messages;
        var isElsewhere = IsElsewhere;
        return messages.Where(Expression.Lambda<Func<Message, bool>>(Expression.Not(isElsewhere.Body), isElsewhere.Parameters));
    }

    /// <summary>Only those in whose words the caller may look for something.</summary>
    public IQueryable<Message> Searchable(IQueryable<Message> messages) => SeesDeleted ? Readable(messages) : Readable(messages).Where(m => m.DeletedAt == null);

    /// <summary>All is told that there is.</summary>
    public bool SeesAll => SeesElsewhere && SeesDeleted;

    /// <summary>The contacts that a text means.</summary>
    public async Task<IReadOnlyList<Guid>> ContactsAsync(string text, CancellationToken ct) => await mediator.Send(new FindContacts(CleanText.Cut(text.Trim(), LongestSearch)), ct);

    /// <summary>A name as the caller may read it.</summary>
    public string Name(string name) => name.NamedUnless(SeesPhones);

    /// <summary>Rows of lists as the caller may read them.</summary>
    public async Task<List<TicketRow>> ShowAsync(IReadOnlyCollection<TicketRow> rows, CancellationToken ct)
    {
        var shut = await ShutSnippetsAsync([.. rows.Select(r => r.Id)], ct);
        return [.. rows.Select(r => Show(r, shut))];
    }

    /// <summary>One row as the caller may read it.</summary>
    private TicketRow Show(TicketRow row, IReadOnlySet<Guid> shut) =>
        (shut.Contains(row.Id) ? row with { LastText = "", LastKind = MessageKind.Text, LastState = null } : row) with { ContactName = Name(row.ContactName) };

    /// <summary>Of these tickets, those whose last message the caller may not read.</summary>
    private async Task<IReadOnlySet<Guid>> ShutSnippetsAsync(Guid[] tickets, CancellationToken ct)
    {
        if (SeesAll || tickets.Length == 0) return new HashSet<Guid>();
        var last = await db.Tickets.Where(t => tickets.Contains(t.Id))
            .Select(t => new
            {
                t.Id,
                Last = db.Set<Message>().Where(m => m.TicketId == t.Id && !m.IsNote && m.Kind != MessageKind.System).OrderByDescending(m => m.Seq).Select(m => (Guid?)m.Id).FirstOrDefault(),
            }).ToListAsync(ct);
        var ids = last.Select(l => l.Last).OfType<Guid>().ToArray();
        var read = (await Searchable(db.Messages.Where(m => ids.Contains(m.Id))).Select(m => m.Id).ToListAsync(ct)).ToHashSet();
        return last.Where(l => l.Last is { } id && !read.Contains(id)).Select(l => l.Id).ToHashSet();
    }

    /// <summary>Bubbles as the caller may read them, in their order.</summary>
    public async Task<IReadOnlyList<MessageRow>> ShowAsync(List<MessageRow> rows, CancellationToken ct)
    {
        HashSet<Guid> elsewhere = [];
        if (!SeesElsewhere && rows.Count > 0)
        {
            var ids = rows.Select(r => r.Id).Concat(rows.Select(r => r.Quoted?.Id).OfType<Guid>()).Distinct().ToArray();
            elsewhere = (await db.Messages.Where(m => ids.Contains(m.Id)).Where(IsElsewhere).Select(m => m.Id).ToListAsync(ct)).ToHashSet();
        }
        return [.. rows.Select(r => Show(r with { IsElsewhere = elsewhere.Contains(r.Id), Quoted = r.Quoted is { } q ? q with { IsElsewhere = elsewhere.Contains(q.Id) } : null }))];
    }

    private MessageRow Show(MessageRow row)
    {
        if (row.IsElsewhere)
            return row with
            {
                SenderUserId = null, SenderName = null, Kind = MessageKind.System, Body = null, PreviousBody = null, Extra = null, Media = null, Quoted = null, Reaction = null, OurReaction = null,
                Author = null, FailReason = null, Act = null, ActReason = null, IsPinned = false, IsNote = false, EditedAt = null, DeletedAt = null, State = MessageState.Received, Charge = null,
            };
        var (sees, deleted) = (SeesPhones, SeesDeleted);
        if (!actor.May("costs.see")) row = row with { Charge = null };
        if (row.Quoted is { } quoted && (quoted.IsElsewhere || (quoted.IsDeleted && !deleted))) row = row with { Quoted = quoted with { Body = null, IsShut = true } };
        if (!deleted) row = row with { PreviousBody = null };
        if (!deleted && row.DeletedAt is not null) row = row with { Body = null, Extra = null, Media = null, IsShut = true };
        return row.Author is { } author ? row with { Author = author.NamedUnless(sees) } : row;
    }
}
