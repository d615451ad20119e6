using Inforzap.Contracts.Identity;
using Inforzap.Contracts.Settings;
using Inforzap.Data;
using Inforzap.Live;
using Inforzap.Requests;
using Inforzap.Tickets.Desk;

namespace Inforzap.Tickets.Notes;

/// <summary>
/// Finds the colleagues that a note names with an @, and keeps whom it tells. Nobody is told of a ticket that they may not see, whatever
/// was typed.
/// </summary>
internal sealed class Mentions(InforzapDb db, IActor actor, ISettings settings, IMediator mediator)
{
    /// <summary>Brings what is told by a note up to date with its text; the caller saves. Returns those who are named and may not see the ticket.</summary>
    public async Task<IReadOnlyList<string>> KeepAsync(Ticket ticket, Message note, DateTime now, CancellationToken ct)
    {
        var named = note.Body?.Contains('@', StringComparison.Ordinal) != true ? []
            : MentionText.In(note.Body, await db.Set<UserView>().Where(u => u.IsActive).Select(u => new PersonChoice(u.Id, u.Name)).ToListAsync(ct));
        var author = note.SenderUserId;
        var others = named.Where(p => p.Id != author).ToList();
        var seers = others.Count == 0 ? new HashSet<Guid>() : await SeersAsync(ticket, [.. others.Select(p => p.Id)], ct);
        var told = await db.Mentions.Where(m => m.MessageId == note.Id).ToListAsync(ct);
        foreach (var gone in told.Where(m => !seers.Contains(m.UserId)))
        {
            db.Remove(gone);
            db.Touch(Topics.Mentions(gone.UserId));
        }
        foreach (var person in others.Where(p => seers.Contains(p.Id) && told.All(m => m.UserId != p.Id)))
        {
            db.Add(new NoteMention { MessageId = note.Id, UserId = person.Id, TicketId = ticket.Id, At = now });
            db.Touch(Topics.Mentions(person.Id));
        }
        // Of two of one name the one who sees it is meant.
        return [.. others.GroupBy(p => p.Name).Where(g => !g.Any(p => seers.Contains(p.Id))).Select(g => g.Key)];
    }

    /// <summary>A note is gone: it tells nobody any more.</summary>
    public async Task ForgetAsync(Guid noteId, CancellationToken ct)
    {
        foreach (var mention in await db.Mentions.Where(m => m.MessageId == noteId && m.SeenAt == null).ToListAsync(ct)) db.Touch(Topics.Mentions(mention.UserId));
    }

    /// <summary>The caller has the conversation before them.</summary>
    public async Task SeeAsync(Guid ticketId, DateTime now, CancellationToken ct)
    {
        var me = actor.Id;
        if (await db.Mentions.Where(m => m.UserId == me && m.TicketId == ticketId && m.SeenAt == null).ExecuteUpdateAsync(set => set.SetProperty(m => m.SeenAt, now), ct) > 0)
            db.Touch(Topics.Mentions(me));
    }

    /// <summary>Which of these people see the ticket: the rule of <see cref="Visibility"/>, asked of others than the caller.</summary>
    public async Task<IReadOnlySet<Guid>> SeersAsync(Ticket ticket, IReadOnlyCollection<Guid> people, CancellationToken ct)
    {
        var may = await MayAsync("tickets.see", people, ct);
        var (all, leads) = (await MayAsync("tickets.see-all", people, ct), await MayAsync("tickets.see-queue", people, ct));
        var queue = ticket.QueueId;
        var members = queue is null ? [] : (await db.QueueMembers.Where(m => m.QueueId == queue && people.Contains(m.UserId)).Select(m => m.UserId).ToListAsync(ct)).ToHashSet();
        var (hideOthers, showUnassigned) = (settings.Is(Setting.HideOthersTickets), settings.Is(Setting.ShowUnassigned));
        return people.Where(p => may.Contains(p) && (all.Contains(p) || ticket.UserId == p
            || (members.Contains(p) && (ticket.UserId is null || !hideOthers || leads.Contains(p)))
            || (showUnassigned && queue is null && ticket.UserId is null))).ToHashSet();
    }

    private Task<IReadOnlySet<Guid>> MayAsync(string permission, IReadOnlyCollection<Guid> people, CancellationToken ct) => mediator.Send(new WhoMayNow(permission, people) { AtAnyHour = true }, ct);
}

/// <summary>Names after an @, in a text that people type.</summary>
internal static class MentionText
{
    /// <summary>The people who are named, each once. Of names that begin alike the longest that fits counts.</summary>
    public static IReadOnlyList<PersonChoice> In(string? text, IEnumerable<PersonChoice> people)
    {
        if (text is null || !text.Contains('@', StringComparison.Ordinal)) return [];
        var folded = SearchText.Fold(text);
        var names = people.Select(p => (Person: p, Name: SearchText.Fold(p.Name.Trim()))).Where(p => p.Name.Length > 0).OrderByDescending(p => p.Name.Length).ToList();
        var found = new List<PersonChoice>();
        for (var at = folded.IndexOf('@', StringComparison.Ordinal); at >= 0; at = folded.IndexOf('@', at + 1))
        {
            // An address of mail is none.
            if (at > 0 && char.IsLetterOrDigit(folded[at - 1])) continue;
            var rest = folded.AsSpan(at + 1);
            var length = 0;
            foreach (var (person, name) in names)
            {
                if (name.Length < length) break;
                if (!rest.StartsWith(name.AsSpan()) || (rest.Length > name.Length && char.IsLetterOrDigit(rest[name.Length]))) continue;
                length = name.Length;
                if (!found.Contains(person)) found.Add(person);
            }
        }
        return found;
    }
}
