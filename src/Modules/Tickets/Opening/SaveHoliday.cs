using System.ComponentModel.DataAnnotations;
using Inforzap.Data;
using Inforzap.Live;
using Inforzap.Requests;
using Microsoft.Extensions.Localization;

namespace Inforzap.Tickets.Opening;

/// <summary>Makes a holiday of the company's own, or changes one.</summary>
/// <param name="Hours">As <see cref="DayHours"/> writes them; null: closed.</param>
[Allow("hours.edit")]
internal sealed record SaveHoliday(
    Guid? Id,
    [property: NotEmpty, StringLength(80), Called("HolidayName")] string Name,
    DateOnly Date, bool IsYearly,
    [property: StringLength(60), Called("HolidayHours")] string? Hours,
    int? Version) : IRequest<Guid>, IValidatableObject
{
    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        var t = validationContext.GetRequiredService<IStringLocalizer<Texts>>();
        if (Date.Year is < 2000 or > 2200) yield return new(t["HolidayDay"], [nameof(Date)]);
        if (Hours is not null && DayHours.Parse(Hours) is null) yield return new(t["HoursWrong"], [nameof(Hours)]);
    }
}

/// <summary>Deletes a holiday of the company's own.</summary>
[Allow("hours.edit")]
internal sealed record DeleteHoliday([property: NotEmpty] Guid Id) : IRequest;

/// <summary>Says which holidays of Brazil count.</summary>
[Allow("hours.edit")]
internal sealed record ChooseNational(NationalRow Choice) : IRequest;

internal sealed class SaveHolidayHandler(InforzapDb db, IStringLocalizer<Texts> t) : IRequestHandler<SaveHoliday, Guid>
{
    public async Task<Guid> Handle(SaveHoliday request, CancellationToken ct)
    {
        var holiday = request.Id is { } id ? await db.Holidays.SingleOrDefaultAsync(h => h.Id == id, ct) ?? throw Refusal.NotFound(t["HolidayGone"]) : null;
        var name = CleanText.Of(request.Name.Trim());
        if (holiday is null) db.Add(holiday = new Holiday { Id = Guid.CreateVersion7(), Name = name });
        else if (holiday.Version != request.Version) throw Refusal.Conflict(t["HoursChanged"]);
        (holiday.Name, holiday.Date, holiday.IsYearly) = (name, request.Date, request.IsYearly);
        holiday.Hours = request.Hours is null ? null : DayHours.Text(DayHours.Parse(request.Hours)!);
        await db.SaveChangesAsync(ct);
        db.Touch(Topics.ServiceHours);
        return holiday.Id;
    }
}

internal sealed class DeleteHolidayHandler(InforzapDb db, IStringLocalizer<Texts> t) : IRequestHandler<DeleteHoliday, Unit>
{
    public async Task<Unit> Handle(DeleteHoliday request, CancellationToken ct)
    {
        db.Remove(await db.Holidays.SingleOrDefaultAsync(h => h.Id == request.Id, ct) ?? throw Refusal.NotFound(t["HolidayGone"]));
        await db.SaveChangesAsync(ct);
        db.Touch(Topics.ServiceHours);
        return Unit.Value;
    }
}

internal sealed class ChooseNationalHandler(InforzapDb db, IStringLocalizer<Texts> t) : IRequestHandler<ChooseNational, Unit>
{
    public async Task<Unit> Handle(ChooseNational request, CancellationToken ct)
    {
        var (choice, national) = (request.Choice, await db.NationalHolidays.SingleOrDefaultAsync(ct));
        if (national?.Version != choice.Version) throw Refusal.Conflict(t["HoursChanged"]);
        if (national is null) db.Add(national = new NationalHolidays { Name = t["NationalHolidays"] });
        (national.National, national.CarnivalMonday, national.CarnivalTuesday) = (choice.National, choice.CarnivalMonday, choice.CarnivalTuesday);
        (national.AshWednesday, national.CorpusChristi) = (choice.AshWednesday, choice.CorpusChristi);
        await db.SaveChangesAsync(ct);
        db.Touch(Topics.ServiceHours);
        return Unit.Value;
    }
}
