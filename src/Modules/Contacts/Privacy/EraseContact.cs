using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.Json;
using Inforzap.Audit;
using Inforzap.Contacts.Merging;
using Inforzap.Contacts.Owners;
using Inforzap.Contracts.Contacts;
using Inforzap.Contracts.Settings;
using Inforzap.Contracts.Tickets;
using Inforzap.Data;
using Inforzap.Files;
using Inforzap.Lanes;
using Inforzap.Live;
using Inforzap.Requests;
using Inforzap.Sdk;
using Inforzap.Security;
using Microsoft.Extensions.Localization;

namespace Inforzap.Contacts.Privacy;

/// <summary>
/// Takes everything away by which somebody can be recognised; figures stay. From here on nobody finds them; what they said goes in
/// pieces afterwards. It can't be taken back.
/// </summary>
/// <param name="Typed">The contact's name, or one of their numbers, as whoever decides typed it.</param>
/// <param name="Protocol">The number of the request, as the house files it. It stays, so it must not name the person.</param>
[Allow("contacts.lgpd")]
internal sealed record EraseContact(
    [property: NotEmpty] Guid ContactId, [property: NotEmpty, StringLength(120), Called("EraseTyped")] string Typed,
    [property: NotEmpty, StringLength(EraseContact.MaxProtocol), Called("EraseProtocol")] string Protocol) : IRequest<Guid>
{
    public const int MaxProtocol = 60;
}

/// <summary>What would be erased.</summary>
[Allow("contacts.lgpd"), Reads]
internal sealed record WeighErasure([property: NotEmpty] Guid ContactId) : IRequest<ErasureWeight>;

/// <summary>What would be erased.</summary>
/// <param name="Typed">What is to be typed to confirm it.</param>
internal sealed record ErasureWeight(string Typed, PersonCounts Counts);

internal sealed class WeighErasureHandler(InforzapDb db, IEnumerable<IPersonData> parts, IActor actor, ISettings settings, IStringLocalizer<Texts> t) : IRequestHandler<WeighErasure, ErasureWeight>
{
    public async Task<ErasureWeight> Handle(WeighErasure request, CancellationToken ct)
    {
        var contact = await db.Contacts.AsNoTracking().Include(c => c.Addresses).SingleOrDefaultAsync(c => c.Id == request.ContactId && c.ErasedAt == null, ct) ?? throw Refusal.NotFound(t["ContactGone"]);
        contact.RequireErasable(t);
        var person = await PersonNames.OfAsync(db, parts, contact, ct);
        var counts = new PersonCounts();
        foreach (var part in parts) counts = counts.Plus(await part.CountAsync(person, ct));
        return new(contact.Typed(actor.SeesPhones(settings), t), counts);
    }
}

internal static class Erasable
{
    /// <exception cref="Refusal">Something forbids it.</exception>
    public static void RequireErasable(this Contact contact, IStringLocalizer<Texts> t)
    {
        if (contact.HeldAt is not null) throw Refusal.Conflict(t["EraseHeld", contact.HoldReason ?? ""]);
    }

    /// <summary>What stands for them where they are asked for by name.</summary>
    public static string Typed(this Contact contact, bool seesPhones, IStringLocalizer<Texts> t) => contact.Name is { Length: > 0 } name ? name.NamedUnless(seesPhones) : t["ContactNameless"];

    /// <summary>Whether a text that stays tells who they were: a word of their name, or one of their numbers.</summary>
    public static bool IsNamedIn(this Contact contact, string text)
    {
        const int least = 4;
        var (words, digits) = (SearchText.Fold(text).Split([' ', ',', ';', '.', ':', '-', '/', '(', ')']).ToHashSet(), string.Concat(text.Where(char.IsAsciiDigit)));
        return SearchText.Fold(contact.Name).Split(' ').Any(word => word.Length >= least && word.Any(char.IsLetter) && words.Contains(word))
            || contact.Addresses.Any(a => a.Kind == AddressKind.Phone && Phone.MatchKey(a.Value) is { Length: > 8 } key && digits.Contains(key[^8..], StringComparison.Ordinal));
    }

    public static bool IsMeant(this Contact contact, string typed, bool seesPhones, ISettings settings, IStringLocalizer<Texts> t) =>
        SearchText.Fold(typed.Trim()) == SearchText.Fold(contact.Typed(seesPhones, t).Trim())
        || (Phone.Normalise(typed, settings.Get(Setting.CountryCode)) is { } digits && contact.Addresses.Any(a => a.Kind == AddressKind.Phone && a.MatchKey == Phone.MatchKey(digits)));
}

internal sealed class EraseContactHandler(
    InforzapDb db, IEnumerable<IPersonData> parts, Secrets secrets, Tombstones tombstones, IActor actor, ISettings settings, IMediator mediator, TimeProvider clock, IStringLocalizer<Texts> t) : IRequestHandler<EraseContact, Guid>
{
    public async Task<Guid> Handle(EraseContact request, CancellationToken ct)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        var found = await db.Contacts.AsNoTracking().Include(c => c.Addresses).SingleOrDefaultAsync(c => c.Id == request.ContactId && c.ErasedAt == null, ct) ?? throw Refusal.NotFound(t["ContactGone"]);
        found.RequireErasable(t);
        if (!found.IsMeant(request.Typed, actor.SeesPhones(settings), settings, t)) throw Refusal.At(nameof(request.Typed), t["EraseTypedWrong"]);
        if (found.IsNamedIn(request.Protocol)) throw Refusal.At(nameof(request.Protocol), t["EraseProtocolNames"]);
        // Whoever sends holds schedules, tickets and contacts in this order.
        var person = await PersonNames.OfAsync(db, parts, found, ct);
        foreach (var part in parts.OrderBy(p => p.Order)) await part.StopAsync(person, ct);
        await db.SaveChangesAsync(ct);
        await db.Hold<Contact>(c => c.Id == request.ContactId, ct);
        var contact = await db.Contacts.Include(c => c.Addresses).SingleOrDefaultAsync(c => c.Id == request.ContactId && c.ErasedAt == null, ct) ?? throw Refusal.Conflict(t["ContactGone"]);
        contact.RequireErasable(t);
        // An address may have come meanwhile.
        person = person with { LanesTo = await db.Set<LaneItem>().MaxAsync(i => (long?)i.Position, ct) ?? 0, Addresses = [.. person.Addresses.Concat((await PersonNames.OfAsync(db, [], contact, ct)).Addresses).Distinct()] };
        // An address book that knows them is no reason to know them again.
        await tombstones.BuryAsync(db, person.Addresses.Select(AccountBooks.Buried.NameOf), ct);
        await EmptyAsync(contact, now, ct);
        var erasure = new Erasure { Id = Guid.CreateVersion7(), ContactId = contact.Id, Protocol = CleanText.Of(request.Protocol.Trim(), EraseContact.MaxProtocol), By = actor.Id, ByName = actor.Name, AskedAt = now };
        erasure.Keys = secrets.Hide(erasure.Id, person);
        db.Add(erasure);
        await db.SaveChangesAsync(ct);
        db.Enqueue(ErasureLane.Of(erasure.Id), "erase", JsonSerializer.Serialize(new ErasureItem(erasure.Id), JsonSerializerOptions.Web), now);
        db.Touch($"contact/{contact.Id:N}", Topics.Contacts, Topics.TagCounts, Topics.AllTickets, PrivacyTopics.All);
        await mediator.Send(new TouchTicketsOf([contact.Id]), ct);
        return erasure.Id;
    }

    /// <summary>The row stays, since tickets are its.</summary>
    private async Task EmptyAsync(Contact contact, DateTime now, CancellationToken ct)
    {
        var id = contact.Id;
        db.RemoveRange(contact.Addresses);
        await db.ContactFields.Where(f => f.ContactId == id).ExecuteDeleteAsync(ct);
        await db.ContactTags.Where(x => x.ContactId == id).ExecuteDeleteAsync(ct);
        await db.ContactOwners.Where(o => o.ContactId == id).ExecuteDeleteAsync(ct);
        (contact.Name, contact.NameIsOurs, contact.Email, contact.Company, contact.Document, contact.BirthDate, contact.Notes, contact.CameFrom) = (t["ContactErased"], true, null, null, null, null, null, null);
        (contact.Blocked, contact.BlockedAt, contact.HoldReason, contact.SearchText, contact.NameKey, contact.ErasedAt) = (false, null, null, "", "", now);
        var merges = new List<Guid>();
        for (List<Guid> into = [id]; into.Count > 0;)
        {
            // Whoever was taken out of them again is somebody else, with merges of their own.
            var some = await db.ContactMerges.Where(m => into.Contains(m.IntoId) || (into.Contains(m.FromId) && (m.FromId == id || m.UndoneAt == null))).Select(m => new { m.Id, m.FromId, m.UndoneAt }).ToListAsync(ct);
            into = [.. some.Where(m => m.UndoneAt == null && !merges.Contains(m.Id)).Select(m => m.FromId)];
            merges.AddRange(some.Select(m => m.Id).Except(merges));
        }
        await db.ForgetAuditAsync("merge", merges, contact.Name, ct);
        await db.ForgetAuditAsync(PrivacyAudit.Kind, [id], contact.Name, ct);
        await db.ForgetAuditAsync("owner", [id], contact.Name, ct);
        await db.ContactMerges.Where(m => merges.Contains(m.Id)).ExecuteDeleteAsync(ct);
    }
}

/// <summary>A lane item: go on with this erasure.</summary>
internal sealed record ErasureItem(Guid ErasureId);

internal static class ErasureLane
{
    public const string Type = "erase";

    public static string Of(Guid erasureId) => $"{Type}/{erasureId:N}";
}

internal static class PrivacyTopics
{
    public const string All = "privacy";
}

/// <summary>Takes away one piece after the other. Interrupted, it goes on where it was; on two nodes each piece is taken once.</summary>
internal sealed class ErasureWorker(SystemMediator mediator, FileStore files) : ILaneWorker
{
    public string Type => ErasureLane.Type;

    public async Task<DateTime?> WorkAsync(LaneItem item, CancellationToken ct)
    {
        var id = JsonSerializer.Deserialize<ErasureItem>(item.Payload, JsonSerializerOptions.Web)!.ErasureId;
        while (true)
        {
            ct.ThrowIfCancellationRequested();
            var done = await mediator.Send(new ErasePiece(id, item.Position), ct);
            // Bytes without a row are swept; a row without bytes would be a fault.
            foreach (var file in done.Files) files.Delete(file);
            if (done.IsOver) return null;
            if (done.WaitsUntil is { } until) return until;
        }
    }
}

/// <summary>Takes the next piece away.</summary>
[AllowSystem]
internal sealed record ErasePiece(Guid ErasureId, long Position) : IRequest<PieceErased>;

/// <summary>What came of a piece.</summary>
/// <param name="Files">That nobody uses any more.</param>
internal sealed record PieceErased(bool IsOver, DateTime? WaitsUntil, IReadOnlyList<Guid> Files);

internal sealed class ErasePieceHandler(InforzapDb db, IEnumerable<IPersonData> parts, ModuleList modules, Secrets secrets, TimeProvider clock) : IRequestHandler<ErasePiece, PieceErased>
{
    public async Task<PieceErased> Handle(ErasePiece request, CancellationToken ct)
    {
        // What is taken away is overwritten where it stood, and not only given up.
        if (db.Provider == DatabaseProvider.Sqlite) await db.Database.ExecuteSqlRawAsync("PRAGMA secure_delete = ON", ct);
        await db.Hold<Erasure>(e => e.Id == request.ErasureId, ct);
        var erasure = await db.Erasures.SingleAsync(e => e.Id == request.ErasureId, ct);
        var now = clock.GetUtcNow().UtcDateTime;
        if (erasure.DoneAt is not null)
        {
            await db.DoneAsync(request.Position, now, ct);
            return new(true, null, []);
        }
        var person = erasure.Keys(secrets);
        var part = parts.OrderBy(p => p.Order).ElementAtOrDefault(erasure.Step);
        if (part is null)
        {
            await EndAsync(erasure, now, ct);
            await db.DoneAsync(request.Position, now, ct);
            return new(true, null, []);
        }
        var piece = await part.EraseAsync(person, erasure.Cursor, ct);
        var unused = await UnusedAsync(piece.Files, ct);
        // Exports are no files of theirs: what was counted before is what is counted now.
        erasure.Count(piece.Counts with { Files = part is ExportsOfPerson ? 0 : unused.Count });
        if (piece.Next is null) (erasure.Step, erasure.Cursor) = (erasure.Step + 1, null);
        else erasure.Cursor = piece.Next;
        await db.SaveChangesAsync(ct);
        if (piece.WaitsUntil is { } until) await db.PostponeAsync(request.Position, until, null, ct);
        db.Touch(PrivacyTopics.All);
        return new(false, piece.WaitsUntil, unused);
    }

    /// <summary>What another place still uses stays: a picture of the house that went to many.</summary>
    private async Task<IReadOnlyList<Guid>> UnusedAsync(IReadOnlyList<Guid> files, CancellationToken ct)
    {
        if (files.Count == 0) return [];
        await db.SaveChangesAsync(ct);
        var left = files.ToHashSet();
        foreach (var use in modules.SelectMany(m => m.FileUses))
            if (left.Count > 0) left.ExceptWith(await use.AmongAsync(db, left, ct));
        if (left.Count > 0) await db.Set<StoredFile>().Where(f => left.Contains(f.Id)).ExecuteDeleteAsync(ct);
        return [.. left];
    }

    private async Task EndAsync(Erasure erasure, DateTime now, CancellationToken ct)
    {
        // What came in that moment and went later is no second erasure.
        var isFirst = erasure.Keys.Length > 0;
        (erasure.DoneAt, erasure.Keys) = (now, "");
        if (isFirst) db.AuditFor(erasure.By, erasure.ByName, "erasure", erasure.Id, erasure.Protocol,
            [Counted("ErasedTickets", erasure.Tickets), Counted("ErasedMessages", erasure.Messages), Counted("ErasedFiles", erasure.Files), Counted("ErasedSchedules", erasure.Schedules)]);
        await db.SaveChangesAsync(ct);
        db.Touch(PrivacyTopics.All);
    }

    private static AuditChange Counted(string field, int count) => new(field, null, count.ToString(CultureInfo.InvariantCulture));
}
