using Inforzap.Audit;
using Inforzap.Contracts.Contacts;
using Inforzap.Contracts.Identity;
using Inforzap.Contracts.Settings;
using Inforzap.Contracts.Tickets;
using Inforzap.Data;
using Inforzap.Live;
using Inforzap.Requests;
using Microsoft.Extensions.Localization;

namespace Inforzap.Contacts.Owners;

/// <summary>Writes who looks after whom, wherever it is said: a form, a ticket, a table.</summary>
internal sealed class OwnerBook(InforzapDb db, IActor actor, IMediator mediator, TimeProvider clock, IStringLocalizer<Texts> t)
{
    /// <summary>Those who can be named, each once, in order.</summary>
    /// <exception cref="Refusal">They are too many, or one is not there any more.</exception>
    public async Task<Guid[]> RequireUsersAsync(IEnumerable<Guid> named, CancellationToken ct)
    {
        var users = named.Distinct().ToArray();
        if (users.Length > SetOwners.Most) throw new Refusal(t["OwnersTooMany", SetOwners.Most]);
        return users.Length == 0 || await db.Set<UserView>().CountAsync(u => users.Contains(u.Id) && u.IsActive, ct) == users.Length ? users : throw Refusal.NotFound(t["OwnerGone"]);
    }

    /// <summary>Changes those for whom it is a change, in the caller's transaction, with their contacts held. Returns whom.</summary>
    /// <param name="contacts">Whom, by what they are called.</param>
    /// <param name="users">By whom.</param>
    /// <param name="ct">Ends it.</param>
    public async Task<IReadOnlyList<Guid>> SetAsync(IReadOnlyDictionary<Guid, string> contacts, Guid[] users, CancellationToken ct)
    {
        var ids = contacts.Keys.ToArray();
        var had = (await db.ContactOwners.Where(o => ids.Contains(o.ContactId)).OrderBy(o => o.Order).ToListAsync(ct)).ToLookup(o => o.ContactId);
        var changing = Array.FindAll(ids, id => !had[id].Select(o => o.UserId).SequenceEqual(users));
        if (changing.Length == 0) return [];
        var people = users.Concat(had.SelectMany(o => o).Select(o => o.UserId)).Distinct().ToArray();
        var names = await db.Set<UserView>().Where(u => people.Contains(u.Id)).ToDictionaryAsync(u => u.Id, u => u.Name, ct);
        var now = clock.GetUtcNow().UtcDateTime;
        foreach (var id in changing)
        {
            var rows = had[id].ToDictionary(o => o.UserId);
            db.RemoveRange(rows.Values.Where(o => !users.Contains(o.UserId)));
            for (var i = 0; i < users.Length; i++)
                if (rows.TryGetValue(users[i], out var row)) row.Order = i;
                else db.Add(new ContactOwner { ContactId = id, UserId = users[i], Order = i, By = actor.IsSystem ? null : actor.Id, At = now });
            // One line each, in order: who is the first says more than who is among them.
            db.Audit("owner", id, contacts[id], "Owners", Line(had[id].Select(o => o.UserId)), Line(users));
        }
        await db.SaveChangesAsync(ct);
        await mediator.Send(new NoteOwners(changing, Named(users)), ct);
        db.Touch(changing.Select(id => $"contact/{id:N}"));
        db.Touch(Topics.Contacts);
        return changing;

        string[] Line(IEnumerable<Guid> who) => Named(who) is { Length: > 0 } line ? [line] : [];

        string Named(IEnumerable<Guid> who) => string.Join(", ", who.Select(u => names.GetValueOrDefault(u) ?? ""));
    }
}
