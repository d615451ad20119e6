using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Inforzap.Contacts.Owners;
using Inforzap.Contacts.Tags;
using Inforzap.Contracts.Contacts;
using Inforzap.Contracts.Identity;
using Inforzap.Contracts.Settings;
using Inforzap.Data;
using Inforzap.Files;
using Inforzap.Live;
using Inforzap.Requests;
using Inforzap.Sdk;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Localization;

namespace Inforzap.Contacts.Book;

/// <summary>
/// Contacts as a table: name, number, e-mail, company, document, birth date, notes, tags, who looks after them; every further column is a field of the house. Who is there already is known by the number,
/// with the ninth digit or without it.
/// </summary>
internal sealed class ContactTable(InforzapDb db, ISettings settings, IActor actor, RuleCheck rules, TimeProvider clock, IStringLocalizer<Texts> t, IStringLocalizer<Inforzap.Texts> core)
{
    public const int MaxLines = 5_000;
    public const int MaxLength = 4_000_000;

    private static readonly string[] Heads = ["nome", "numero", "email", "empresa", "documento", "nascimento", "observacoes", "etiquetas", "carteira"];

    /// <summary>A line, the number that it leads to, and who has it already.</summary>
    internal sealed record Planned(TableLine Shown, TableRow Row, string Digits, Guid? ContactId, IReadOnlyList<Guid> Tags, IReadOnlyList<WantedField> Fields)
    {
        /// <summary>Who shall look after them; none: as it is.</summary>
        public IReadOnlyList<Guid> Owners { get; init; } = [];
    }

    public async Task<string> WriteAsync(ContactFilter filter, CancellationToken ct)
    {
        actor.RequireList(settings, t);
        await filter.RequireTagAsync(db, t, ct);
        var sees = actor.SeesPhones(settings);
        var matching = await filter.ApplyAsync(db.Contacts.AsNoTracking().Where(c => c.ErasedAt == null), db, actor, settings, ct);
        var fields = await db.ContactFields.Where(f => matching.Any(c => c.Id == f.ContactId)).Select(f => new { f.ContactId, f.Key, f.Value }).ToListAsync(ct);
        var keys = fields.Select(f => f.Key).ToHashSet(StringComparer.Ordinal);
        var columns = (await db.FieldKeys.AsNoTracking().OrderBy(k => k.Key).ToListAsync(ct)).FindAll(k => keys.Contains(k.Key));
        var known = fields.ToDictionary(f => (f.ContactId, f.Key), f => f.Value);
        var contacts = await matching.OrderBy(c => c.SearchText).ThenBy(c => c.Id)
            .Select(c => new { c.Id, c.Name, c.Email, c.Company, c.Document, c.BirthDate, c.Notes, Phone = db.Set<ContactAddress>().Where(a => a.ContactId == c.Id && a.Kind == AddressKind.Phone).OrderBy(a => a.Id).Select(a => a.Value).FirstOrDefault() }).ToListAsync(ct);
        var tags = actor.May("tags.see")
            ? (await (from x in db.ContactTags join tag in db.Tags on x.TagId equals tag.Id orderby tag.SearchText select new { x.ContactId, tag.Name }).ToListAsync(ct)).ToLookup(x => x.ContactId, x => x.Name) : null;
        // By e-mail: two colleagues may have one name.
        var owners = (await (from o in db.ContactOwners join u in db.Set<UserView>() on o.UserId equals u.Id orderby o.Order select new { o.ContactId, u.Email }).ToListAsync(ct)).ToLookup(o => o.ContactId, o => o.Email);
        // With the plus, or a number of another country would be taken for one of ours when it comes back.
        return Csv.Write(contacts.Select(IReadOnlyList<string> (c) =>
        [
            c.Name.NamedUnless(sees), c.Phone is { } phone ? "+" + phone.MaskedUnless(sees) : "", c.Email ?? "", c.Company ?? "", c.Document is { } document ? TaxId.Format(document) : "",
            c.BirthDate?.ToString("dd/MM/yyyy", CultureInfo.InvariantCulture) ?? "", c.Notes ?? "", tags is null ? "" : string.Join(Table.Apart, tags[c.Id]), string.Join(Table.Apart, owners[c.Id]),
            .. columns.Select(k => known.GetValueOrDefault((c.Id, k.Key), "")),
        ]).Prepend([.. Heads, .. columns.Select(k => k.Label)]));
    }

    /// <summary>Reads a table and says of each line what would become of it. Changes nothing.</summary>
    /// <exception cref="Refusal">It is no such table.</exception>
    public async Task<IReadOnlyList<Planned>> PlanAsync(string csv, CancellationToken ct)
    {
        var rows = Table.Read(csv, Heads, 2, MaxLines, core);
        RequireFields(rows.Count == 0 ? [] : [.. rows[0].FurtherHeads]);
        var lines = rows.Select(row => (Row: row, Digits: Phone.Normalise(row["numero"], settings.Get(Setting.CountryCode)))).ToList();
        var there = await OwnersAsync(lines.Where(l => l.Digits is not null).Select(l => Phone.MatchKey(l.Digits!)), ct);
        var hidden = await HiddenAsync(there.Values, ct);
        var tags = (await db.Tags.AsNoTracking().Where(x => x.IsActive).For(actor, db).Select(x => new { x.Id, x.SearchText }).ToListAsync(ct)).ToDictionary(x => x.SearchText, x => x.Id);
        var had = rows.Count > 0 && rows[0].FurtherHeads.Any() ? await FieldsOfAsync(there.Values, ct) : [];
        var people = rows.Any(r => r["carteira"].Length > 0) ? await PeopleAsync(ct) : [];
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var owners = new HashSet<Guid>();
        return [.. lines.Select(l => Plan(l.Row, l.Digits, there, hidden, tags, people, had, seen, owners))];
    }

    /// <summary>Who has these numbers, by the spelling in which variants meet.</summary>
    private async Task<Dictionary<string, Guid>> OwnersAsync(IEnumerable<string> matches, CancellationToken ct)
    {
        var owners = new Dictionary<string, Guid>(StringComparer.Ordinal);
        foreach (var some in matches.Distinct().Chunk(500))
            foreach (var found in await db.ContactAddresses.Where(a => a.Kind == AddressKind.Phone && some.Contains(a.MatchKey)).Select(a => new { a.MatchKey, a.ContactId }).ToListAsync(ct)) owners[found.MatchKey] = found.ContactId;
        return owners;
    }

    /// <summary>Those of them whom the caller may not know.</summary>
    private async Task<HashSet<Guid>> HiddenAsync(IEnumerable<Guid> contacts, CancellationToken ct)
    {
        var hidden = contacts.ToHashSet();
        if (!actor.SeesOwnOnly(settings)) return [];
        foreach (var some in hidden.ToArray().Chunk(500)) hidden.ExceptWith(await db.Contacts.KnownTo(actor, settings, db).Where(c => some.Contains(c.Id)).Select(c => c.Id).ToListAsync(ct));
        return hidden;
    }

    /// <summary>Active users by e-mail, and by name where only one has it.</summary>
    private async Task<Dictionary<string, Guid>> PeopleAsync(CancellationToken ct)
    {
        var users = await db.Set<UserView>().Where(u => u.IsActive).Select(u => new { u.Id, u.Name, u.Email }).ToListAsync(ct);
        var people = users.GroupBy(u => SearchText.Fold(u.Name.Trim())).Where(g => g.Count() == 1).ToDictionary(g => g.Key, g => g.Single().Id);
        foreach (var user in users) people[SearchText.Fold(user.Email)] = user.Id;
        return people;
    }

    /// <summary>Heads that no field can have are wrong for the whole table.</summary>
    private void RequireFields(IReadOnlyList<string> heads)
    {
        if (heads.Count > FieldRules.Most) throw new Refusal(t["ContactFieldsMany", FieldRules.Most]);
        if (heads.Select(h => FieldRules.Wrong(h, t)).FirstOrDefault(why => why is not null) is { } wrong) throw new Refusal(wrong);
        if (heads.GroupBy(FieldRules.KeyOf).FirstOrDefault(g => g.Count() > 1) is { } twice) throw new Refusal(t["ContactFieldTwice", twice.Last()]);
    }

    private async Task<Dictionary<Guid, HashSet<string>>> FieldsOfAsync(IEnumerable<Guid> contacts, CancellationToken ct)
    {
        var had = new Dictionary<Guid, HashSet<string>>();
        foreach (var some in contacts.Distinct().Chunk(500))
            foreach (var field in await db.ContactFields.Where(f => some.Contains(f.ContactId)).Select(f => new { f.ContactId, f.Key }).ToListAsync(ct))
                (had.TryGetValue(field.ContactId, out var keys) ? keys : had[field.ContactId] = []).Add(field.Key);
        return had;
    }

    private Planned Plan(TableRow row, string? digits, Dictionary<string, Guid> there, HashSet<Guid> hidden, Dictionary<string, Guid> tags, Dictionary<string, Guid> people, Dictionary<Guid, HashSet<string>> had, HashSet<string> seen, HashSet<Guid> owners)
    {
        Planned Of(string? why, Guid? contact = null, IReadOnlyList<Guid>? worn = null, IReadOnlyList<WantedField>? fields = null) =>
            new(new(row.Number, CleanText.Cut(row["nome"], 60), why, contact is not null) { Key = digits is null ? CleanText.Cut(row["numero"], 30) : Phone.Format(digits) }, row, digits ?? "", contact, worn ?? [], fields ?? []);
        if (digits is null) return Of(row["numero"].Length == 0 ? t["ContactLineNumber"] : t["PhoneInvalid"]);
        // A home number of eight digits would be taken for another country's.
        if (settings.Get(Setting.CountryCode) == "55" && digits.StartsWith("55", StringComparison.Ordinal) && digits.Length is not (12 or 13)) return Of(t["PhoneInvalid"]);
        if (PhonePrivacy.HoldsMask(row["nome"])) return Of(t["PhoneInvalid"]);
        var owner = there.TryGetValue(Phone.MatchKey(digits), out var found) ? found : (Guid?)null;
        if (owner is { } other && hidden.Contains(other)) return Of(t["PhoneTakenByOthers"]);
        // Who was joined from several may stand there under each of their numbers.
        if (!seen.Add(Phone.MatchKey(digits)) || (owner is { } one && !owners.Add(one))) return Of(t["ContactLineTwice"]);
        var wanted = new Contracts.Contacts.SaveContact(null, row["nome"], digits, row["email"] is { Length: > 0 } email ? email : null, row["empresa"], null) { Notes = row["observacoes"] };
        if (rules.Faults(wanted) is { Count: > 0 } faults) return Of(string.Join(' ', faults.Values.Distinct()));
        if (row["documento"] is { Length: > 0 } document && TaxId.Normalise(document) is null) return Of(t["DocumentInvalid"]);
        if (row["nascimento"] is { Length: > 0 } born && !(BirthDates.Of(born) is { } day && BirthDates.CanBe(day, settings, clock))) return Of(t["BirthDateWrong"]);
        var fields = row.Further.Select(f => new WantedField(FieldRules.KeyOf(f.Head), CleanText.Of(f.Head), CleanText.Of(f.Value))).Where(f => !CleanText.IsBlank(f.Value)).ToList();
        if (fields.Find(f => f.Value.Length > FieldRules.MaxValue) is { } longer) return Of(t["ContactFieldLong", longer.Label, FieldRules.MaxValue]);
        if (owner is { } id && had.TryGetValue(id, out var keys) && fields.Count(f => !keys.Contains(f.Key)) + keys.Count > FieldRules.Most) return Of(t["ContactFieldsMany", FieldRules.Most]);
        var named = row.Parts("etiquetas");
        if (named.FirstOrDefault(n => !tags.ContainsKey(TagRules.KeyOf(n))) is { } lost) return Of(t["ContactLineTag", CleanText.Cut(lost, 60)]);
        var keepers = row.Parts("carteira");
        if (keepers.FirstOrDefault(n => !people.ContainsKey(SearchText.Fold(n))) is { } nobody) return Of(t["ContactLineOwner", CleanText.Cut(nobody, 60)]);
        if (keepers.Count > SetOwners.Most) return Of(t["OwnersTooMany", SetOwners.Most]);
        return Of(null, owner, [.. named.Select(n => tags[TagRules.KeyOf(n)]).Distinct()], fields) with { Owners = [.. keepers.Select(n => people[SearchText.Fold(n)]).Distinct()] };
    }
}

/// <summary>The contacts that a filter finds, as a table.</summary>
[Allow("contacts.export"), Reads]
internal sealed record ExportContacts([property: NotEmpty, Form, Called("ContactSearch")] ContactFilter Filter) : IRequest<string>;

/// <summary>What would become of each line of a table. Changes nothing.</summary>
[Allow("contacts.import"), Reads]
internal sealed record PreviewContactTable([property: StringLength(ContactTable.MaxLength), Called("ContactTable")] string Csv) : IRequest<IReadOnlyList<TableLine>>;

/// <summary>Takes the lines of a table that can be taken. Who is there changes or stays, as the person chose; tags only come on.</summary>
[Allow("contacts.import")]
internal sealed record ImportContactTable([property: StringLength(ContactTable.MaxLength), Called("ContactTable")] string Csv, bool UpdateTaken) : IRequest<TableImported>
{
    /// <summary>A tag for everybody of whom the table tells; null: none.</summary>
    public Guid? TagId { get; init; }

    /// <summary>Who looks after everybody of whom the table tells without saying who does; null: as it is.</summary>
    public Guid? OwnerId { get; init; }
}

internal sealed class ExportContactsHandler(ContactTable table) : IRequestHandler<ExportContacts, string>
{
    public Task<string> Handle(ExportContacts request, CancellationToken ct) => table.WriteAsync(request.Filter, ct);
}

internal sealed class PreviewContactTableHandler(ContactTable table) : IRequestHandler<PreviewContactTable, IReadOnlyList<TableLine>>
{
    public async Task<IReadOnlyList<TableLine>> Handle(PreviewContactTable request, CancellationToken ct) => [.. (await table.PlanAsync(request.Csv, ct)).Select(p => p.Shown)];
}

internal sealed class ImportContactTableHandler(InforzapDb db, ContactTable table, OwnerBook owners, IActor actor, ISettings settings, IMediator mediator, TimeProvider clock, IStringLocalizer<Texts> t) : IRequestHandler<ImportContactTable, TableImported>
{
    public async Task<TableImported> Handle(ImportContactTable request, CancellationToken ct)
    {
        if (request.TagId is { } id && !await db.Tags.Where(x => x.IsActive).For(actor, db).AnyAsync(x => x.Id == id, ct)) throw Refusal.NotFound(t["TagGone"]);
        Guid[] forAll = request.OwnerId is { } owner ? await owners.RequireUsersAsync([owner], ct) : [];
        var planned = await table.PlanAsync(request.Csv, ct);
        if ((forAll.Length > 0 || planned.Any(p => p.Owners.Count > 0)) && !actor.May("owners.edit")) throw Refusal.Forbidden(t["OwnersForOthers"]);
        var doable = planned.Where(p => p.Shown.Problem is null && (p.ContactId is null || request.UpdateTaken)).OrderBy(p => p.ContactId).ToList();
        var now = clock.GetUtcNow().UtcDateTime;
        var changed = new List<Guid>();
        foreach (var some in doable.Chunk(500))
        {
            var ids = some.Select(p => p.ContactId).OfType<Guid>().ToArray();
            if (ids.Length > 0) await db.Hold<Contact>(c => ids.Contains(c.Id), ct);
            var there = await db.Contacts.KnownTo(actor, settings, db).Include(c => c.Addresses).Where(c => ids.Contains(c.Id) && c.ErasedAt == null).ToDictionaryAsync(c => c.Id, ct);
            var fields = (await db.ContactFields.Where(f => ids.Contains(f.ContactId)).ToListAsync(ct)).ToLookup(f => f.ContactId);
            await db.KnowKeysAsync([.. some.SelectMany(p => p.Fields)], ct);
            var worn = (await db.ContactTags.Where(x => ids.Contains(x.ContactId)).Select(x => new { x.ContactId, x.TagId }).ToListAsync(ct)).Select(x => (x.ContactId, x.TagId)).ToHashSet();
            var owned = new List<(Contact Contact, Guid[] Users)>();
            foreach (var line in some)
            {
                // Who was there may be part of another by now.
                var contact = line.ContactId is not { } known ? New(line, now) : there.GetValueOrDefault(known) ?? throw Refusal.Conflict(t["ContactTableMoved"]);
                Write(contact, line.Row);
                db.WriteFields(contact, [.. fields[contact.Id]], line.Fields, replaces: false);
                foreach (var tag in line.Tags.Concat(request.TagId is { } all ? [all] : []).Distinct().Where(tag => !worn.Contains((contact.Id, tag)))) db.Add(new ContactTag { ContactId = contact.Id, TagId = tag, By = actor.Id, At = now });
                if (line.Owners.Count > 0 || forAll.Length > 0) owned.Add((contact, line.Owners.Count > 0 ? [.. line.Owners] : forAll));
                if (line.ContactId is not null) changed.Add(contact.Id);
            }
            try
            {
                await db.SaveChangesAsync(ct);
                foreach (var alike in owned.GroupBy(o => string.Join(',', o.Users))) await owners.SetAsync(alike.ToDictionary(o => o.Contact.Id, o => o.Contact.Name), alike.First().Users, ct);
            }
            catch (DbUpdateException e) when (e is not DbUpdateConcurrencyException)
            {
                // A number or a tag that somebody else gave or deleted in this moment; nothing of the table is kept.
                throw Refusal.Conflict(t["ContactTableMoved"]);
            }
            db.ChangeTracker.Clear();
        }
        db.Touch(Topics.Contacts, Topics.TagCounts);
        if (changed.Count > 0) await mediator.Send(new Contracts.Tickets.TouchTicketsOf(changed), ct);
        var made = doable.Count(p => p.ContactId is null);
        return new(made, doable.Count - made, planned.Count(p => p.Shown is { Problem: null, IsTaken: true }) - (doable.Count - made), planned.Count(p => p.Shown.Problem is not null));
    }

    private Contact New(ContactTable.Planned line, DateTime now)
    {
        var contact = new Contact { Id = Guid.CreateVersion7(), Name = "", Source = ContactSource.Import, CreatedAt = now };
        contact.Addresses.Add(new ContactAddress { Id = Guid.CreateVersion7(), ContactId = contact.Id, Kind = AddressKind.Phone, Value = line.Digits, MatchKey = Phone.MatchKey(line.Digits) });
        db.Add(contact);
        return contact;
    }

    /// <summary>What the table does not tell of stays as it is.</summary>
    private static void Write(Contact contact, TableRow row)
    {
        (contact.Name, contact.NameIsOurs) = (CleanText.Of(row["nome"], 120), true);
        if (row["email"] is { Length: > 0 } email) contact.Email = email;
        if (row["empresa"] is { Length: > 0 } company) contact.Company = CleanText.Of(company, 120);
        if (row["documento"] is { Length: > 0 } document) contact.Document = TaxId.Normalise(document);
        if (row["nascimento"] is { Length: > 0 } born) contact.BirthDate = BirthDates.Of(born);
        if (row["observacoes"] is { Length: > 0 } notes) contact.Notes = CleanText.Of(notes, SaveContactHandler.MaxNotes);
        ContactSearch.Write(contact);
    }
}

/// <summary>The table, which a browser fetches beside the page, with the page's filters in the address.</summary>
internal static class ContactEndpoints
{
    public static void Map(Microsoft.AspNetCore.Routing.IEndpointRouteBuilder routes) => routes.MapTable("/contacts/table", ["contacts.see", "contacts.export"], "contatos.csv", r => new ExportContacts(Of(r)));

    private static ContactFilter Of(HttpRequest request) => ContactsPage.FilterOf(request.Text("q"), request.Text("tag"), request.Text("state"), request.Text("owner"));
}
