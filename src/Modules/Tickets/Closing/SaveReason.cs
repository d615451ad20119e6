using System.ComponentModel.DataAnnotations;
using Inforzap.Audit;
using Inforzap.Contracts.Tickets;
using Inforzap.Data;
using Inforzap.Live;
using Inforzap.Requests;
using Microsoft.Extensions.Localization;

namespace Inforzap.Tickets.Closing;

/// <summary>Makes a reason for closing, or changes one.</summary>
/// <param name="Queues">Where it is offered; nothing: everywhere.</param>
[Allow("closings.edit")]
internal sealed record SaveReason(
    Guid? Id,
    [property: NotEmpty, StringLength(60), Called("ReasonName")] string Name,
    [property: NotEmpty, RegularExpression("#[0-9a-fA-F]{6}"), Called("QueueColor")] string Color,
    [property: Range(0, 9999), Called("QueueOrder")] int Order,
    bool RequiresNote,
    IReadOnlyList<Guid> Queues,
    int? Version) : IRequest<Guid>;

/// <summary>Takes a reason out of use, or into use again. Tickets keep theirs.</summary>
[Allow("closings.edit")]
internal sealed record SwitchReason([property: NotEmpty] Guid Id, bool IsActive) : IRequest;

/// <summary>Deletes a reason. Tickets keep theirs.</summary>
[Allow("closings.edit")]
internal sealed record DeleteReason([property: NotEmpty] Guid Id) : IRequest;

internal sealed class SaveReasonHandler(InforzapDb db, ClosingScope scope, TimeProvider clock, IStringLocalizer<Texts> t) : IRequestHandler<SaveReason, Guid>
{
    public async Task<Guid> Handle(SaveReason request, CancellationToken ct)
    {
        var name = CleanText.Of(request.Name.Trim());
        var taken = Refusal.At(nameof(request.Name), t["ReasonNameTaken", name]);
        if (await db.ClosingReasons.AnyAsync(r => r.Name == name && r.Id != request.Id && r.DeletedAt == null, ct)) throw taken;
        var reason = request.Id is { } id ? await db.FindReasonAsync(id, t, ct) : null;
        if (reason is null) db.Add(reason = new ClosingReason { Id = Guid.CreateVersion7(), Name = name, Color = request.Color, CreatedAt = clock.GetUtcNow().UtcDateTime });
        else if (reason.Version != request.Version) throw Refusal.Conflict(t["ReasonChanged", reason.Name]);
        (reason.Name, reason.Color, reason.Order, reason.RequiresNote, reason.SearchText) = (name, request.Color, request.Order, request.RequiresNote, SearchText.Of(120, name));
        await scope.SetAsync("reason", reason.Id, name, request.Queues, [], ct);
        await db.SaveUniqueAsync(taken, ct);
        db.Touch(Topics.Closings);
        return reason.Id;
    }
}

internal sealed class EnsureReasonHandler(InforzapDb db, TimeProvider clock) : IRequestHandler<EnsureReason, Guid>
{
    public async Task<Guid> Handle(EnsureReason request, CancellationToken ct)
    {
        if (await db.ClosingReasons.Where(r => r.Name == request.Name && r.DeletedAt == null).Select(r => (Guid?)r.Id).FirstOrDefaultAsync(ct) is { } there) return there;
        var reason = new ClosingReason { Id = Guid.CreateVersion7(), Name = request.Name, Color = request.Color, CreatedAt = clock.GetUtcNow().UtcDateTime, SearchText = SearchText.Of(120, request.Name) };
        db.Add(reason);
        await db.SaveChangesAsync(ct);
        db.Touch(Topics.Closings);
        return reason.Id;
    }
}

internal sealed class SwitchReasonHandler(InforzapDb db, IStringLocalizer<Texts> t) : IRequestHandler<SwitchReason, Unit>
{
    public async Task<Unit> Handle(SwitchReason request, CancellationToken ct)
    {
        (await db.FindReasonAsync(request.Id, t, ct)).IsActive = request.IsActive;
        await db.SaveChangesAsync(ct);
        db.Touch(Topics.Closings);
        return Unit.Value;
    }
}

internal sealed class DeleteReasonHandler(InforzapDb db, TimeProvider clock, IStringLocalizer<Texts> t) : IRequestHandler<DeleteReason, Unit>
{
    public async Task<Unit> Handle(DeleteReason request, CancellationToken ct)
    {
        var reason = await db.FindReasonAsync(request.Id, t, ct);
        (reason.IsActive, reason.DeletedAt) = (false, clock.GetUtcNow().UtcDateTime);
        db.RemoveRange(await db.ClosingPlaces.Where(p => p.OwnerId == reason.Id).ToListAsync(ct));
        // What closes by itself with it closes with the product's own from now on.
        foreach (var rule in await db.QuietRules.Where(r => r.ReasonId == reason.Id).ToListAsync(ct)) rule.ReasonId = null;
        db.AuditGone("reason", reason.Id, reason.Name);
        await db.SaveChangesAsync(ct);
        db.Touch(Topics.Closings);
        return Unit.Value;
    }
}

internal static class ClosingFinds
{
    /// <summary>A reason that people may change: the product's own stay as they are.</summary>
    public static async Task<ClosingReason> FindReasonAsync(this InforzapDb db, Guid id, IStringLocalizer<Texts> t, CancellationToken ct) =>
        await db.ClosingReasons.SingleOrDefaultAsync(r => r.Id == id && r.DeletedAt == null && !r.IsSystem, ct) ?? throw Refusal.NotFound(t["ReasonGone"]);

    /// <summary>Saves; where somebody else was faster with the same name, this is the refusal.</summary>
    public static async Task SaveUniqueAsync(this InforzapDb db, Refusal taken, CancellationToken ct)
    {
        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateException e) when (e.IsUniqueViolation())
        {
            throw taken;
        }
    }
}
