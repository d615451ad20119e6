using System.Text.Json;
using Inforzap.Contacts.Book;
using Inforzap.Contacts.Owners;
using Inforzap.Contacts.Tags;
using Inforzap.Contracts.Contacts;
using Inforzap.Contracts.Settings;
using Inforzap.Contracts.Tickets;
using Inforzap.Data;
using Inforzap.Live;
using Inforzap.Requests;
using Microsoft.Extensions.Localization;

namespace Inforzap.Contacts.Merging;

/// <summary>
/// Joins contacts that are one person: addresses, tags, fields, remarks and all tickets of some go to one, and they are gone. What the
/// one has stays; what is missing comes from the others. It can be taken back for thirty days.
/// </summary>
/// <param name="IntoId">Who stays.</param>
/// <param name="FromIds">Who goes.</param>
/// <param name="Blocked">Whether who stays is blocked; must be said where they differ in that, and means nothing elsewhere.</param>
[Allow("contacts.merge")]
internal sealed record MergeContacts([property: NotEmpty] Guid IntoId, [property: NotEmpty, Called("Contacts")] IReadOnlyList<Guid> FromIds, bool? Blocked = null) : IRequest<int>
{
    /// <summary>So many at once.</summary>
    public const int Most = 10;
}

internal sealed class MergeContactsHandler(InforzapDb db, IEnumerable<IContactFollower> followers, IActor actor, ISettings settings, IMediator mediator, TimeProvider clock, IStringLocalizer<Texts> t) : IRequestHandler<MergeContacts, int>
{
    public async Task<int> Handle(MergeContacts request, CancellationToken ct)
    {
        actor.RequireList(settings, t);
        var going = request.FromIds.Where(id => id != request.IntoId).Distinct().ToArray();
        if (going.Length == 0) throw new Refusal(t["MergeTwo"]);
        if (going.Length > MergeContacts.Most) throw new Refusal(t["ContactsTooMany", MergeContacts.Most]);
        Guid[] all = [request.IntoId, .. going];
        // Whoever sends holds a ticket first and then its contact. Asked again below: each merge may bring what stands in the way of the next.
        foreach (var id in going) await RequireNothingInTheWayAsync(id, request.IntoId, ct);
        await db.Hold<Contact>(c => all.Contains(c.Id), ct);
        var contacts = await db.Contacts.KnownTo(actor, settings, db).Include(c => c.Addresses).Where(c => all.Contains(c.Id)).ToDictionaryAsync(c => c.Id, ct);
        if (contacts.Count != all.Length || contacts.Values.Any(c => c.ErasedAt is not null)) throw Refusal.NotFound(t["ContactGone"]);
        // Whose it was is what the law wants kept.
        if (contacts.Values.FirstOrDefault(c => c.HeldAt is not null) is { } held) throw Refusal.Conflict(t["MergeHeld", held.Name.NamedUnless(actor.SeesPhones(settings))]);
        var into = contacts[request.IntoId];
        // Where they don't differ there is nothing to choose.
        var blocked = contacts.Values.Any(c => c.Blocked != into.Blocked) ? request.Blocked ?? throw Refusal.At(nameof(request.Blocked), t["MergeBlocked"]) : (bool?)null;
        if (blocked is { } wish && wish != into.Blocked && !actor.May("contacts.block")) throw Refusal.Forbidden(t["MergeMayNotBlock"]);
        foreach (var id in going) await JoinAsync(contacts[id], into, blocked, ct);
        db.Touch(all.Select(id => $"contact/{id:N}"));
        db.Touch(Topics.Contacts, Topics.TagCounts, Topics.AllTickets);
        await mediator.Send(new TouchTicketsOf([request.IntoId]), ct);
        return going.Length;
    }

    private async Task JoinAsync(Contact from, Contact into, bool? blocked, CancellationToken ct)
    {
        await RequireNothingInTheWayAsync(from.Id, into.Id, ct);
        var now = clock.GetUtcNow().UtcDateTime;
        var (was, before) = (ContactState.Of(from), ContactState.Of(into));
        Fill(from, into, blocked, now);
        var addresses = from.Addresses.ToList();
        var (tags, newTags) = await MoveTagsAsync(from, into, ct);
        var (fields, newFields) = await MoveFieldsAsync(from, into, ct);
        var (owners, newOwners) = await MoveOwnersAsync(from, into, ct);
        var followed = new Dictionary<string, List<Guid>>();
        foreach (var follower in followers) followed[follower.Name] = [.. await follower.MoveAsync(from.Id, into.Id, ct)];
        foreach (var address in addresses)
        {
            from.Addresses.Remove(address);
            into.Addresses.Add(address);
            address.ContactId = into.Id;
        }
        ContactSearch.Write(into);
        db.Add(new ContactMerge
        {
            Id = Guid.CreateVersion7(), FromId = from.Id, FromName = from.Name, IntoId = into.Id, IntoName = into.Name, At = now, By = actor.Id, ByName = actor.Name,
            Kept = JsonSerializer.Serialize(new Kept(was, from.NameIsOurs, from.Source, from.CreatedAt, before, ContactState.Of(into), addresses.ConvertAll(a => a.Id), tags, newTags, fields, newFields, followed) { Owners = owners, NewOwners = newOwners }, JsonSerializerOptions.Web),
        });
        // First nothing hangs on it any more.
        await db.SaveChangesAsync(ct);
        db.Remove(from);
        await db.SaveChangesAsync(ct);
    }

    private async Task RequireNothingInTheWayAsync(Guid from, Guid into, CancellationToken ct)
    {
        foreach (var follower in followers)
            if (await follower.WhyNotAsync(from, into, ct) is { } why) throw Refusal.Conflict(why.Words, why.TicketId);
    }

    private static void Fill(Contact from, Contact into, bool? blocked, DateTime now)
    {
        into.Email ??= from.Email;
        into.Company ??= from.Company;
        into.Document ??= from.Document;
        into.BirthDate ??= from.BirthDate;
        into.CameFrom ??= from.CameFrom;
        if (from.Notes is { } notes && notes != into.Notes) into.Notes = CleanText.Cut(into.Notes is null ? notes : $"{into.Notes}\n{notes}", SaveContactHandler.MaxNotes);
        if (blocked is { } to && to != into.Blocked) (into.Blocked, into.BlockedAt) = (to, to ? now : null);
    }

    private async Task<(List<KeptTag>, List<Guid>)> MoveTagsAsync(Contact from, Contact into, CancellationToken ct)
    {
        var mine = await db.ContactTags.Where(x => x.ContactId == from.Id).ToListAsync(ct);
        var there = await db.ContactTags.Where(x => x.ContactId == into.Id).Select(x => x.TagId).ToListAsync(ct);
        var fresh = mine.FindAll(x => !there.Contains(x.TagId));
        db.RemoveRange(mine);
        db.AddRange(fresh.Select(x => new ContactTag { ContactId = into.Id, TagId = x.TagId, By = x.By, At = x.At }));
        return (mine.ConvertAll(x => new KeptTag(x.TagId, x.By, x.At)), fresh.ConvertAll(x => x.TagId));
    }

    /// <summary>Who looked after the one stands in for those who look after the other.</summary>
    private async Task<(List<KeptOwner>, List<Guid>)> MoveOwnersAsync(Contact from, Contact into, CancellationToken ct)
    {
        var mine = await db.ContactOwners.Where(o => o.ContactId == from.Id).OrderBy(o => o.Order).ToListAsync(ct);
        var there = await db.ContactOwners.Where(o => o.ContactId == into.Id).Select(o => new { o.UserId, o.Order }).ToListAsync(ct);
        var fresh = mine.Where(o => there.All(x => x.UserId != o.UserId)).Take(Math.Max(0, SetOwners.Most - there.Count)).ToList();
        var last = there.Select(x => x.Order).DefaultIfEmpty(-1).Max();
        db.RemoveRange(mine);
        db.AddRange(fresh.Select((o, i) => new ContactOwner { ContactId = into.Id, UserId = o.UserId, Order = last + 1 + i, By = o.By, At = o.At }));
        return (mine.ConvertAll(o => new KeptOwner(o.UserId, o.Order, o.By, o.At)), fresh.ConvertAll(o => o.UserId));
    }

    private async Task<(List<WantedField>, List<string>)> MoveFieldsAsync(Contact from, Contact into, CancellationToken ct)
    {
        var mine = await db.ContactFields.Where(f => f.ContactId == from.Id).OrderBy(f => f.Position).ToListAsync(ct);
        var there = await db.ContactFields.Where(f => f.ContactId == into.Id).ToListAsync(ct);
        var fresh = mine.Where(f => there.All(x => x.Key != f.Key)).Take(FieldRules.Most - there.Count).Select(f => new WantedField(f.Key, f.Label, f.Value)).ToList();
        db.RemoveRange(mine);
        db.WriteFields(into, there, fresh, replaces: false);
        return (mine.ConvertAll(f => new WantedField(f.Key, f.Label, f.Value)), fresh.ConvertAll(f => f.Key));
    }
}
