using System.Globalization;
using Inforzap.Contacts.Owners;
using Inforzap.Contracts.Contacts;
using Inforzap.Contracts.Settings;
using Inforzap.Contracts.Tickets;
using Inforzap.Data;
using Inforzap.Live;
using Inforzap.Requests;
using Inforzap.Sdk;
using Microsoft.Extensions.Localization;

namespace Inforzap.Contacts;

internal sealed class SaveContactHandler(InforzapDb db, OwnerBook owners, IActor actor, IMediator mediator, ISettings settings, TimeProvider clock, IStringLocalizer<Texts> t) : IRequestHandler<SaveContact, Guid>
{
    /// <summary>The longest notes, in characters.</summary>
    internal const int MaxNotes = 4_000;

    public async Task<Guid> Handle(SaveContact request, CancellationToken ct)
    {
        var contact = request.Id is { } id
            ? await db.Contacts.KnownTo(actor, settings, db).Include(c => c.Addresses.OrderBy(a => a.Id)).SingleOrDefaultAsync(c => c.Id == id && c.ErasedAt == null, ct) ?? throw Refusal.NotFound(t["ContactGone"])
            : new Contact { Id = Guid.CreateVersion7(), Name = request.Name, Source = ContactSource.Manual, CreatedAt = clock.GetUtcNow().UtcDateTime };
        if (request.Id is null) db.Add(contact);
        else if (request.Version is { } version && version != contact.Version) throw Refusal.Conflict(t["ContactChanged"]);
        var name = PhonePrivacy.Restore(request.Name.Trim(), contact.Name);
        // Who calls themselves so is left alone.
        if ((request.Id is null || name != contact.Name) && PhonePrivacy.HoldsMask(name)) throw Refusal.At(nameof(request.Name), t["PhoneInvalid"]);
        contact.Name = CleanText.Of(name, 120);
        contact.NameIsOurs = true;
        contact.Email = string.IsNullOrWhiteSpace(request.Email) ? null : request.Email.Trim();
        contact.Company = string.IsNullOrWhiteSpace(request.Company) ? null : CleanText.Of(request.Company.Trim(), 120);
        if (request.Notes is { } notes) contact.Notes = CleanText.IsBlank(notes) ? null : CleanText.Of(notes.Trim(), MaxNotes);
        if (request.Extras is { } extras) await SetExtrasAsync(contact, extras, ct);
        await SetPhoneAsync(contact, request.Phone, request.Id is null, ct);
        ContactSearch.Write(contact);
        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateException e) when (e.IsUniqueViolation())
        {
            // Somebody else gave the number, or named the same new field, in this moment.
            throw Refusal.Conflict(t["ContactChanged"]);
        }
        if (request.Owners is { } named) await SetOwnersAsync(contact, named, ct);
        db.Touch(Topics.Contacts);
        await mediator.Send(new TouchTicketsOf([contact.Id]), ct);
        return contact.Id;
    }

    private async Task SetOwnersAsync(Contact contact, IReadOnlyList<Guid> named, CancellationToken ct)
    {
        if (!actor.May("owners.edit")) throw Refusal.Forbidden(t["OwnersForOthers"]);
        await owners.SetAsync(new Dictionary<Guid, string> { [contact.Id] = contact.Name }, await owners.RequireUsersAsync(named, ct), ct);
    }

    private async Task SetExtrasAsync(Contact contact, ContactExtras extras, CancellationToken ct)
    {
        contact.Document = CleanText.IsBlank(extras.Document) ? null : TaxId.Normalise(extras.Document!) ?? throw Refusal.At(nameof(extras.Document), t["DocumentInvalid"]);
        if (extras.BirthDate is { } born && !BirthDates.CanBe(born, settings, clock)) throw Refusal.At(nameof(extras.BirthDate), t["BirthDateWrong"]);
        contact.BirthDate = extras.BirthDate;
        var wanted = FieldRules.Of(extras.Fields ?? [], t);
        await db.KnowKeysAsync(wanted, ct);
        db.WriteFields(contact, await db.ContactFields.Where(f => f.ContactId == contact.Id).ToListAsync(ct), wanted, replaces: true);
    }

    private async Task SetPhoneAsync(Contact contact, string? typed, bool isNew, CancellationToken ct)
    {
        var current = contact.Addresses.FirstOrDefault(a => a.Kind == AddressKind.Phone);
        if (string.IsNullOrWhiteSpace(typed))
        {
            if (isNew) throw Refusal.At(nameof(SaveContact.Phone), t["ContactNumberNeeded"]);
            // A contact that only a phone reaches keeps it: without, nothing could ever be sent to them again.
            if (current is not null && contact.Addresses.Count > 1) db.Remove(current);
            else if (current is not null) throw new Refusal(t["PhoneNeeded"]);
            return;
        }
        if (current is not null && PhonePrivacy.IsMasked(typed) && current.Value.MaskedUnless(false) == Phone.Kept(typed)) return;
        var digits = Phone.Normalise(typed, settings.Get(Setting.CountryCode)) ?? throw new Refusal(t["PhoneInvalid"]);
        var match = Phone.MatchKey(digits);
        // Who was joined from several may have several.
        if (contact.Addresses.Exists(a => a.Kind == AddressKind.Phone && a.MatchKey == match)) return;
        var owner = await db.ContactAddresses.Where(a => a.Kind == AddressKind.Phone && a.MatchKey == match && a.ContactId != contact.Id)
            .Join(db.Contacts, a => a.ContactId, c => c.Id, (a, c) => new { c.Id, c.Name }).FirstOrDefaultAsync(ct);
        if (owner is not null && !await db.Contacts.KnownTo(actor, settings, db).AnyAsync(c => c.Id == owner.Id, ct)) throw Refusal.Conflict(t["PhoneTakenByOthers"]);
        if (owner is not null) throw Refusal.Conflict(t["PhoneTaken", owner.Name.NamedUnless(actor.SeesPhones(settings))], owner.Id);
        if (current is not null) contact.Addresses.Remove(current);
        var address = new ContactAddress { Id = Guid.CreateVersion7(), ContactId = contact.Id, Kind = AddressKind.Phone, Value = digits, MatchKey = match };
        contact.Addresses.Add(address);
        db.Add(address);
    }
}

/// <summary>Days on which somebody can be born.</summary>
internal static class BirthDates
{
    private static readonly string[] Forms = ["d/M/yyyy", "yyyy-MM-dd"];

    public static bool CanBe(DateOnly day, ISettings settings, TimeProvider clock) => day.Year >= 1900 && day <= DateOnly.FromDateTime(TimeZoneInfo.ConvertTimeFromUtc(clock.GetUtcNow().UtcDateTime, settings.TimeZone));

    /// <summary>As tables have it: 31/12/1990 or 1990-12-31.</summary>
    public static DateOnly? Of(string text) => DateOnly.TryParseExact(text, Forms, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;
}
