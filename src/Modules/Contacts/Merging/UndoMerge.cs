using System.Text.Json;
using Inforzap.Contacts.Book;
using Inforzap.Contacts.Owners;
using Inforzap.Contacts.Tags;
using Inforzap.Contracts.Contacts;
using Inforzap.Contracts.Identity;
using Inforzap.Contracts.Settings;
using Inforzap.Contracts.Tickets;
using Inforzap.Data;
using Inforzap.Jobs;
using Inforzap.Live;
using Inforzap.Requests;
using Inforzap.Ui;
using Microsoft.Extensions.Localization;

namespace Inforzap.Contacts.Merging;

/// <summary>Takes a merge back: the contact is there again with what went along. What came later, or was changed since, stays where it is.</summary>
[Allow("contacts.merge")]
internal sealed record UndoMerge([property: NotEmpty] Guid Id) : IRequest;

/// <summary>Merges of the last thirty days, the newest first.</summary>
[Allow("contacts.merge"), Reads]
internal sealed record ListMerges([property: System.ComponentModel.DataAnnotations.Range(1, 100_000), Called("Skip")] int Page = 1) : IRequest<MergeList>;

/// <summary>A page of merges, and how many there are.</summary>
internal sealed record MergeList(IReadOnlyList<MergeRow> Rows, int Found);

/// <summary>A merge that may be taken back.</summary>
internal sealed record MergeRow(Guid Id, string FromName, Guid IntoId, string IntoName, DateTime At, string ByName, DateTime? UndoneAt);

internal sealed class ListMergesHandler(InforzapDb db, IActor actor, ISettings settings, TimeProvider clock, IStringLocalizer<Texts> t) : IRequestHandler<ListMerges, MergeList>
{
    public async Task<MergeList> Handle(ListMerges request, CancellationToken ct)
    {
        actor.RequireList(settings, t);
        var since = clock.GetUtcNow().UtcDateTime - ContactMerge.Keep;
        var known = db.Contacts.KnownTo(actor, settings, db);
        var merges = db.ContactMerges.AsNoTracking().Where(m => m.At >= since && (!actor.SeesOwnOnly(settings) || known.Any(c => c.Id == m.IntoId)));
        var sees = actor.SeesPhones(settings);
        var rows = await merges.OrderByDescending(m => m.At).ThenBy(m => m.Id).Skip((request.Page - 1) * Pager.PerPage).Take(Pager.PerPage)
            .Select(m => new MergeRow(m.Id, m.FromName, m.IntoId, m.IntoName, m.At, m.ByName, m.UndoneAt)).ToListAsync(ct);
        return new(rows.ConvertAll(m => m with { FromName = m.FromName.NamedUnless(sees), IntoName = m.IntoName.NamedUnless(sees) }), await merges.CountAsync(ct));
    }
}

internal sealed class UndoMergeHandler(InforzapDb db, IEnumerable<IContactFollower> followers, IActor actor, ISettings settings, IMediator mediator, TimeProvider clock, IStringLocalizer<Texts> t) : IRequestHandler<UndoMerge, Unit>
{
    public async Task<Unit> Handle(UndoMerge request, CancellationToken ct)
    {
        actor.RequireList(settings, t);
        var now = clock.GetUtcNow().UtcDateTime;
        await db.Hold<ContactMerge>(m => m.Id == request.Id, ct);
        var merge = await db.ContactMerges.SingleOrDefaultAsync(m => m.Id == request.Id, ct);
        if (merge is null || merge.At < now - ContactMerge.Keep) throw Refusal.NotFound(t["MergeGone"]);
        if (merge.UndoneAt is not null) throw Refusal.Conflict(t["MergeUndone"]);
        await db.Hold<Contact>(c => c.Id == merge.IntoId, ct);
        var into = await db.Contacts.KnownTo(actor, settings, db).Include(c => c.Addresses).SingleOrDefaultAsync(c => c.Id == merge.IntoId && c.ErasedAt == null, ct) ?? throw Refusal.Conflict(t["MergeIntoGone", merge.IntoName.NamedUnless(false)]);
        // Whose it was is what the law wants kept.
        if (into.HeldAt is not null) throw Refusal.Conflict(t["MergeHeld", into.Name.NamedUnless(actor.SeesPhones(settings))]);
        var kept = JsonSerializer.Deserialize<Kept>(merge.Kept, JsonSerializerOptions.Web)!;
        var from = Restored(merge, kept);
        db.Add(from);
        foreach (var address in into.Addresses.Where(a => kept.Addresses.Contains(a.Id)).ToList())
        {
            into.Addresses.Remove(address);
            from.Addresses.Add(address);
            address.ContactId = from.Id;
        }
        TakeBack(into, kept.Before, kept.After);
        await TakeTagsAsync(from, into, kept, ct);
        await TakeFieldsAsync(from, into, kept, ct);
        await TakeOwnersAsync(from, into, kept, ct);
        ContactSearch.Write(from);
        ContactSearch.Write(into);
        (merge.UndoneAt, merge.Kept) = (now, "");
        await db.SaveChangesAsync(ct);
        foreach (var follower in followers)
            if (kept.Followed.TryGetValue(follower.Name, out var moved)) await follower.PutBackAsync(moved, from.Id, into.Id, ct);
        db.Touch($"contact/{from.Id:N}", $"contact/{into.Id:N}", Topics.Contacts, Topics.TagCounts, Topics.AllTickets);
        await mediator.Send(new TouchTicketsOf([from.Id, into.Id]), ct);
        return Unit.Value;
    }

    private static Contact Restored(ContactMerge merge, Kept kept) => new()
    {
        Id = merge.FromId, Name = kept.From.Name, NameIsOurs = kept.NameIsOurs, Email = kept.From.Email, Company = kept.From.Company, Document = kept.From.Document, BirthDate = kept.From.BirthDate,
        Notes = kept.From.Notes, CameFrom = kept.From.CameFrom, Blocked = kept.From.Blocked, BlockedAt = kept.From.BlockedAt, Source = kept.Source, CreatedAt = kept.CreatedAt,
    };

    /// <summary>What the merge filled in goes again, unless somebody changed it since.</summary>
    private static void TakeBack(Contact into, ContactState before, ContactState after)
    {
        if (into.Email == after.Email) into.Email = before.Email;
        if (into.Company == after.Company) into.Company = before.Company;
        if (into.Document == after.Document) into.Document = before.Document;
        if (into.BirthDate == after.BirthDate) into.BirthDate = before.BirthDate;
        if (into.Notes == after.Notes) into.Notes = before.Notes;
        if (into.CameFrom == after.CameFrom) into.CameFrom = before.CameFrom;
        if (into.Blocked == after.Blocked) (into.Blocked, into.BlockedAt) = (before.Blocked, before.BlockedAt);
    }

    private async Task TakeTagsAsync(Contact from, Contact into, Kept kept, CancellationToken ct)
    {
        db.RemoveRange(await db.ContactTags.Where(x => x.ContactId == into.Id && kept.NewTags.Contains(x.TagId)).ToListAsync(ct));
        var ids = kept.Tags.Select(x => x.TagId).ToArray();
        var left = await db.Tags.Where(x => ids.Contains(x.Id)).Select(x => x.Id).ToListAsync(ct);
        db.AddRange(kept.Tags.Where(x => left.Contains(x.TagId)).Select(x => new ContactTag { ContactId = from.Id, TagId = x.TagId, By = x.By, At = x.At }));
    }

    private async Task TakeOwnersAsync(Contact from, Contact into, Kept kept, CancellationToken ct)
    {
        db.RemoveRange(await db.ContactOwners.Where(o => o.ContactId == into.Id && kept.NewOwners.Contains(o.UserId)).ToListAsync(ct));
        var ids = kept.Owners.Select(o => o.UserId).ToArray();
        var left = await db.Set<UserView>().Where(u => ids.Contains(u.Id) && u.IsActive).Select(u => u.Id).ToListAsync(ct);
        db.AddRange(kept.Owners.Where(o => left.Contains(o.UserId)).Select(o => new ContactOwner { ContactId = from.Id, UserId = o.UserId, Order = o.Order, By = o.By, At = o.At }));
    }

    private async Task TakeFieldsAsync(Contact from, Contact into, Kept kept, CancellationToken ct)
    {
        var brought = kept.Fields.Where(f => kept.NewFields.Contains(f.Key)).ToDictionary(f => f.Key, f => f.Value);
        var there = await db.ContactFields.Where(f => f.ContactId == into.Id && kept.NewFields.Contains(f.Key)).ToListAsync(ct);
        db.RemoveRange(there.Where(f => f.Value == brought[f.Key]));
        db.WriteFields(from, [], kept.Fields, replaces: true);
    }
}

/// <summary>
/// Brings after what came to somebody in the moment in which they became part of another: who resolves an address does not hold its
/// contact. Forgets merges that can't be taken back any more, and fills in the keys of contacts from before there were any.
/// </summary>
internal sealed class TendMerges(InforzapDb db, IEnumerable<IContactFollower> followers, Commits commits, TimeProvider clock) : IJob
{
    private const int Some = 500;

    public async Task RunAsync(JobTick tick, CancellationToken ct)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        var (old, recent) = (now - ContactMerge.Keep, now.AddHours(-1));
        if (await db.ContactMerges.AnyAsync(m => m.At < old, ct)) await commits.RunAsync(db, () => db.ContactMerges.Where(m => m.At < old).ExecuteDeleteAsync(ct), WriterKind.Background, ct);
        var merges = await db.ContactMerges.Where(m => m.UndoneAt == null).OrderBy(m => m.At).Select(m => new { m.Id, m.FromId, m.At }).ToListAsync(ct);
        var left = new HashSet<Guid>();
        // What something stood in the way of may come after much later.
        if (merges.Count > 0) foreach (var follower in followers) left.UnionWith(await follower.LeftAsync([.. merges.Select(m => m.FromId)], ct));
        foreach (var merge in merges.Where(m => m.At >= recent || left.Contains(m.FromId)))
            await commits.RunAsync(db, () => FollowAsync(merge.Id, ct), WriterKind.Background, ct);
        while (await db.Contacts.AnyAsync(c => c.NameKey == null, ct)) await commits.RunAsync(db, () => KeyAsync(ct), WriterKind.Background, ct);
    }

    private async Task<bool> FollowAsync(Guid id, CancellationToken ct)
    {
        db.ChangeTracker.Clear();
        if (await ChainAsync(id, ct) is not { Count: > 0 } chain) return false;
        var (from, into) = (chain[0].FromId, chain[^1].IntoId);
        foreach (var follower in followers)
        {
            if (await follower.WhyNotAsync(from, into, ct) is not null || await follower.MoveAsync(from, into, ct) is not { Count: > 0 } more) continue;
            // All of them are taken back one after the other, the last one first.
            foreach (var merge in chain) merge.Kept = With(merge.Kept, follower.Name, more);
            db.Touch(Topics.AllTickets);
        }
        return true;
    }

    /// <summary>The merge, and those by which whose it became is part of others by now, up to somebody who is there. None: it is not to be followed.</summary>
    private async Task<List<ContactMerge>> ChainAsync(Guid id, CancellationToken ct)
    {
        var chain = new List<ContactMerge>();
        for (Guid? next = id; next is { } at;)
        {
            await db.Hold<ContactMerge>(m => m.Id == at, ct);
            // Taken back meanwhile.
            if (await db.ContactMerges.SingleOrDefaultAsync(m => m.Id == at, ct) is not { UndoneAt: null } merge) return [];
            chain.Add(merge);
            if (await db.Contacts.AnyAsync(c => c.Id == merge.IntoId, ct)) return chain;
            next = await db.ContactMerges.Where(m => m.FromId == merge.IntoId && m.UndoneAt == null).Select(m => (Guid?)m.Id).FirstOrDefaultAsync(ct);
        }
        return [];
    }

    private static string With(string json, string follower, IReadOnlyList<Guid> more)
    {
        var kept = JsonSerializer.Deserialize<Kept>(json, JsonSerializerOptions.Web)!;
        if (!kept.Followed.TryGetValue(follower, out var moved)) kept.Followed[follower] = moved = [];
        moved.AddRange(more);
        return JsonSerializer.Serialize(kept, JsonSerializerOptions.Web);
    }

    private async Task<int> KeyAsync(CancellationToken ct)
    {
        db.ChangeTracker.Clear();
        var some = await db.Contacts.Where(c => c.NameKey == null).OrderBy(c => c.Id).Take(Some).ToListAsync(ct);
        some.ForEach(ContactSearch.Key);
        await db.SaveChangesAsync(ct);
        return some.Count;
    }
}
