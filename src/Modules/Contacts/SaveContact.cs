using Inforzap.Contracts.Contacts;
using Inforzap.Contracts.Settings;
using Inforzap.Contracts.Tickets;
using Inforzap.Data;
using Inforzap.Live;
using Inforzap.Requests;
using Inforzap.Sdk;
using Microsoft.Extensions.Localization;

namespace Inforzap.Contacts;

internal sealed class SaveContactHandler(InforzapDb db, IActor actor, IMediator mediator, ISettings settings, TimeProvider clock, IStringLocalizer<Texts> t) : IRequestHandler<SaveContact, Guid>
{
    /// <summary>The longest notes, in characters.</summary>
    internal const int MaxNotes = 4_000;

    public async Task<Guid> Handle(SaveContact request, CancellationToken ct)
    {
        var contact = request.Id is { } id
            ? await db.Contacts.Include(c => c.Addresses).SingleOrDefaultAsync(c => c.Id == id, ct) ?? throw Refusal.NotFound(t["ContactGone"])
            : new Contact { Id = Guid.CreateVersion7(), Name = request.Name, Source = ContactSource.Manual, CreatedAt = clock.GetUtcNow().UtcDateTime };
        if (request.Id is null) db.Add(contact);
        else if (request.Version is { } version && version != contact.Version) throw Refusal.Conflict(t["ContactChanged"]);
        contact.Name = CleanText.Of(PhonePrivacy.Restore(request.Name.Trim(), contact.Name), 120);
        contact.NameIsOurs = true;
        contact.Email = string.IsNullOrWhiteSpace(request.Email) ? null : request.Email.Trim();
        contact.Company = string.IsNullOrWhiteSpace(request.Company) ? null : CleanText.Of(request.Company.Trim(), 120);
        if (request.Notes is { } notes) contact.Notes = CleanText.IsBlank(notes) ? null : CleanText.Of(notes.Trim(), MaxNotes);
        await SetPhoneAsync(contact, request.Phone, request.Id is null, ct);
        contact.SearchText = ContactSearch.Of(contact);
        await db.SaveChangesAsync(ct);
        db.Touch(Topics.Contacts);
        await mediator.Send(new TouchTicketsOf([contact.Id]), ct);
        return contact.Id;
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
        if (current?.MatchKey == match) return;
        var owner = await db.ContactAddresses.Where(a => a.Kind == AddressKind.Phone && a.MatchKey == match && a.ContactId != contact.Id)
            .Join(db.Contacts, a => a.ContactId, c => c.Id, (a, c) => new { c.Id, c.Name }).FirstOrDefaultAsync(ct);
        if (owner is not null) throw Refusal.Conflict(t["PhoneTaken", owner.Name.NamedUnless(actor.SeesPhones(settings))], owner.Id);
        if (current is not null) contact.Addresses.Remove(current);
        var address = new ContactAddress { Id = Guid.CreateVersion7(), ContactId = contact.Id, Kind = AddressKind.Phone, Value = digits, MatchKey = match };
        contact.Addresses.Add(address);
        db.Add(address);
    }
}
