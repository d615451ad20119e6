using System.ComponentModel.DataAnnotations;
using Inforzap.Contracts.Channels;
using Inforzap.Data;
using Inforzap.Hours;
using Inforzap.Live;
using Inforzap.Requests;
using Inforzap.Tickets.Answering;
using Microsoft.Extensions.Localization;

namespace Inforzap.Tickets.Opening;

/// <summary>Makes hours for the company, a channel or a queue, or changes them; for whom they are stays. See <see cref="ServiceHours"/>.</summary>
[Allow("hours.edit")]
internal sealed record SaveHours(
    Guid? Id, HoursScope Scope, Guid ScopeId,
    [property: NotEmpty, StringLength(WeekHours.MaxLength), Called("HoursWeek")] string Week,
    [property: StringLength(ServiceHours.MaxText), Called("HoursText")] string? Text,
    [property: Range(1, 720), Called("HoursRepeat")] int RepeatHours,
    OutOfHoursAction Action, Guid? MoveTo, bool OnHolidays, bool IsActive,
    DateOnly? VacationFrom, DateOnly? VacationTo,
    [property: StringLength(ServiceHours.MaxText), Called("VacationText")] string? VacationText,
    int? Version) : IRequest<Guid>, IValidatableObject
{
    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        var t = validationContext.GetRequiredService<IStringLocalizer<Texts>>();
        if (!Enum.IsDefined(Scope) || !Enum.IsDefined(Action) || (Scope == HoursScope.Company) != (ScopeId == Guid.Empty)) yield return new(t["HoursWithoutScope"], [nameof(ScopeId)]);
        if (WeekHours.Parse(Week) is not { IsEmpty: false, Overlaps: false }) yield return new(t["HoursWrong"], [nameof(Week)]);
        if (Action == OutOfHoursAction.Move && (MoveTo is null || MoveTo == ScopeId)) yield return new(t["HoursMoveWhere"], [nameof(MoveTo)]);
        if (VacationFrom is null != VacationTo is null || VacationTo < VacationFrom) yield return new(t["VacationDays"], [nameof(VacationTo)]);
    }
}

/// <summary>Deletes hours: those of the company count there again; without any it is always open.</summary>
[Allow("hours.edit")]
internal sealed record DeleteHours([property: NotEmpty] Guid Id) : IRequest;

internal sealed class SaveHoursHandler(InforzapDb db, IChannelDirectory channels, AnswerTexts texts, IStringLocalizer<Texts> t) : IRequestHandler<SaveHours, Guid>
{
    public async Task<Guid> Handle(SaveHours request, CancellationToken ct)
    {
        var hours = request.Id is { } id ? await db.ServiceHours.SingleOrDefaultAsync(h => h.Id == id, ct) ?? throw Refusal.NotFound(t["HoursGone"]) : null;
        if (hours is not null && (hours.Version != request.Version || hours.Scope != request.Scope || hours.ScopeId != request.ScopeId)) throw Refusal.Conflict(t["HoursChanged"]);
        var name = await NameAsync(request.Scope, request.ScopeId, ct);
        if (request is { IsActive: true, Action: OutOfHoursAction.Move, MoveTo: { } target } && !await db.Queues.AnyAsync(q => q.Id == target && q.IsActive, ct)) throw Refusal.NotFound(t["QueueGone"]);
        if (hours is null)
        {
            hours = new ServiceHours { Id = Guid.CreateVersion7(), Scope = request.Scope, ScopeId = request.ScopeId, Name = name, Week = request.Week };
            db.Add(hours);
        }
        (hours.Name, hours.Week, hours.IsActive, hours.OnHolidays) = (name, WeekHours.Parse(request.Week)!.ToString(), request.IsActive, request.OnHolidays);
        hours.OutOfHoursText = await texts.CheckedAsync(request.Text, nameof(request.Text), ct, OutOfHours.OpensAt);
        (hours.RepeatHours, hours.Action, hours.MoveToQueueId) = (request.RepeatHours, request.Action, request.Action == OutOfHoursAction.Move ? request.MoveTo : null);
        (hours.VacationFrom, hours.VacationTo) = (request.VacationFrom, request.VacationTo);
        hours.VacationText = request.VacationFrom is null ? null : await texts.CheckedAsync(request.VacationText, nameof(request.VacationText), ct, OutOfHours.OpensAt);
        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateException e) when (e.IsUniqueViolation())
        {
            // Somebody else made some since the page was read.
            throw Refusal.Conflict(t["HoursTaken", name]);
        }
        db.Touch(Topics.ServiceHours);
        return hours.Id;
    }

    private async Task<string> NameAsync(HoursScope scope, Guid id, CancellationToken ct) => scope switch
    {
        HoursScope.Company => t["HoursCompany"],
        HoursScope.Channel => channels.All.FirstOrDefault(c => c.Id == id)?.Name ?? throw Refusal.NotFound(t["ChannelGone"]),
        _ => await db.Queues.Where(q => q.Id == id && q.DeletedAt == null).Select(q => q.Name).SingleOrDefaultAsync(ct) ?? throw Refusal.NotFound(t["QueueGone"]),
    };
}

internal sealed class DeleteHoursHandler(InforzapDb db, IStringLocalizer<Texts> t) : IRequestHandler<DeleteHours, Unit>
{
    public async Task<Unit> Handle(DeleteHours request, CancellationToken ct)
    {
        db.Remove(await db.ServiceHours.SingleOrDefaultAsync(h => h.Id == request.Id, ct) ?? throw Refusal.NotFound(t["HoursGone"]));
        await db.SaveChangesAsync(ct);
        db.Touch(Topics.ServiceHours);
        return Unit.Value;
    }
}
