using System.ComponentModel.DataAnnotations;
using Inforzap.Audit;
using Inforzap.Data;
using Inforzap.Live;
using Inforzap.Requests;
using Microsoft.Extensions.Localization;

namespace Inforzap.Contacts.Privacy;

/// <summary>Keeps all of a contact until it is lifted: a lawsuit, a duty of the law. Neither erasing nor the retention touches it.</summary>
/// <param name="Reason">Why; null lifts it.</param>
[Allow("contacts.lgpd")]
internal sealed record SetLegalHold([property: NotEmpty] Guid ContactId, [property: StringLength(SetLegalHold.MaxReason), Called("HoldReason")] string? Reason) : IRequest
{
    public const int MaxReason = 300;
}

internal sealed class SetLegalHoldHandler(InforzapDb db, TimeProvider clock, IStringLocalizer<Texts> t) : IRequestHandler<SetLegalHold, Unit>
{
    public async Task<Unit> Handle(SetLegalHold request, CancellationToken ct)
    {
        if (request.Reason is not null && CleanText.IsBlank(request.Reason)) throw Refusal.At(nameof(request.Reason), t["HoldNeedsReason"]);
        await db.Hold<Contact>(c => c.Id == request.ContactId, ct);
        var contact = await db.Contacts.SingleOrDefaultAsync(c => c.Id == request.ContactId && c.ErasedAt == null, ct) ?? throw Refusal.NotFound(t["ContactGone"]);
        var (before, reason) = (contact.HoldReason, request.Reason is null ? null : CleanText.Of(request.Reason.Trim(), SetLegalHold.MaxReason));
        if (before == reason) return Unit.Value;
        contact.HeldAt = reason is null ? null : contact.HeldAt ?? clock.GetUtcNow().UtcDateTime;
        contact.HoldReason = reason;
        db.Audit(PrivacyAudit.Kind, contact.Id, contact.Name, "HoldReason", before is null ? [] : [before], reason is null ? [] : [reason]);
        await db.SaveChangesAsync(ct);
        db.Touch($"contact/{contact.Id:N}");
        db.Touch(Topics.Contacts);
        return Unit.Value;
    }
}

/// <summary>What is done about the rights of persons stands in the audit under the contact.</summary>
internal static class PrivacyAudit
{
    public const string Kind = "privacy";
}
