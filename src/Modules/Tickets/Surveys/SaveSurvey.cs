using System.ComponentModel.DataAnnotations;
using Inforzap.Audit;
using Inforzap.Contracts.Tickets;
using Inforzap.Data;
using Inforzap.Live;
using Inforzap.Requests;
using Inforzap.Tickets.Answering;
using Inforzap.Tickets.Closing;
using Microsoft.Extensions.Localization;

namespace Inforzap.Tickets.Surveys;

/// <summary>Makes a survey, or changes one. What was asked before stays as it was asked.</summary>
[Allow("surveys.edit")]
internal sealed record SaveSurvey(Guid? Id, [property: Form] SurveyForm Form, int? Version) : IRequest<Guid>, IValidatableObject
{
    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        var t = validationContext.GetRequiredService<IStringLocalizer<Texts>>();
        if (!Enum.IsDefined(Form.Scale)) yield return new(t["SurveyUnknownScale"], [nameof(SurveyForm.Scale)]);
        if (Form.ReasonAt is not { } at) yield break;
        if (!SurveyFigures.Has(Form.Scale, at)) yield return new(t["SurveyReasonOffScale", SurveyFigures.Least(Form.Scale), SurveyFigures.Most(Form.Scale)], [nameof(SurveyForm.ReasonAt)]);
        if (CleanText.IsBlank(Form.ReasonText)) yield return new(t["SurveyNoReasonText"], [nameof(SurveyForm.ReasonText)]);
    }
}

/// <summary>Takes a survey out of use, or into use again. Who was asked may still answer.</summary>
[Allow("surveys.edit")]
internal sealed record SwitchSurvey([property: NotEmpty] Guid Id, bool IsActive) : IRequest;

/// <summary>Deletes a survey. One that was ever sent only leaves the list: its results stay.</summary>
[Allow("surveys.edit")]
internal sealed record DeleteSurvey([property: NotEmpty] Guid Id) : IRequest;

internal sealed class SaveSurveyHandler(InforzapDb db, ClosingScope scope, AnswerTexts texts, TimeProvider clock, IStringLocalizer<Texts> t) : IRequestHandler<SaveSurvey, Guid>
{
    public async Task<Guid> Handle(SaveSurvey request, CancellationToken ct)
    {
        var form = request.Form;
        var name = CleanText.Of(form.Name.Trim());
        var asks = form.ReasonAt is not null;
        var (question, thanks, wrong) = (await RequiredAsync(form.RequestText, nameof(form.RequestText), ct), await RequiredAsync(form.ThanksText, nameof(form.ThanksText), ct), await RequiredAsync(form.InvalidText, nameof(form.InvalidText), ct));
        var why = asks ? await RequiredAsync(form.ReasonText, nameof(form.ReasonText), ct) : null;
        var late = await texts.CheckedAsync(form.ExpiryText, nameof(form.ExpiryText), ct);
        var taken = Refusal.At(nameof(form.Name), t["SurveyNameTaken", name]);
        if (await db.Surveys.AnyAsync(s => s.Name == name && s.Id != request.Id && s.DeletedAt == null, ct)) throw taken;
        var survey = request.Id is { } id ? await db.FindSurveyAsync(id, t, ct) : null;
        if (survey is null) db.Add(survey = new Survey { Id = Guid.CreateVersion7(), Name = name, RequestText = question, ThanksText = thanks, InvalidText = wrong, CreatedAt = clock.GetUtcNow().UtcDateTime });
        else if (survey.Version != request.Version) throw Refusal.Conflict(t["SurveyChanged", survey.Name]);
        (survey.Name, survey.Scale, survey.Order, survey.SearchText) = (name, form.Scale, form.Order, SearchText.Of(1000, name, question));
        (survey.RequestText, survey.ThanksText, survey.InvalidText) = (question, thanks, wrong);
        (survey.ReasonAt, survey.ReasonText) = (form.ReasonAt, why);
        (survey.IsAutomatic, survey.IsManual, survey.IsVoluntary, survey.UsesChoices) = (form.IsAutomatic, form.IsManual, form.IsVoluntary, form.UsesChoices && form.Scale != SurveyScale.ZeroToTen);
        (survey.ExpiresMinutes, survey.ExpiryText, survey.LeastHours) = (form.ExpiresMinutes, late, form.LeastHours);
        await scope.SetAsync("survey", survey.Id, name, form.Queues, form.Channels, ct);
        await db.SaveUniqueAsync(taken, ct);
        db.Touch(Topics.Surveys);
        return survey.Id;
    }

    private async Task<string> RequiredAsync(string? text, string field, CancellationToken ct) => await texts.CheckedAsync(text, field, ct) ?? throw Refusal.At(field, t["MessageEmpty"]);
}

internal sealed class SwitchSurveyHandler(InforzapDb db, IStringLocalizer<Texts> t) : IRequestHandler<SwitchSurvey, Unit>
{
    public async Task<Unit> Handle(SwitchSurvey request, CancellationToken ct)
    {
        (await db.FindSurveyAsync(request.Id, t, ct)).IsActive = request.IsActive;
        await db.SaveChangesAsync(ct);
        db.Touch(Topics.Surveys);
        return Unit.Value;
    }
}

internal sealed class DeleteSurveyHandler(InforzapDb db, TimeProvider clock, IStringLocalizer<Texts> t) : IRequestHandler<DeleteSurvey, Unit>
{
    public async Task<Unit> Handle(DeleteSurvey request, CancellationToken ct)
    {
        var survey = await db.FindSurveyAsync(request.Id, t, ct);
        db.RemoveRange(await db.ClosingPlaces.Where(p => p.OwnerId == survey.Id).ToListAsync(ct));
        if (await db.SurveyRequests.AnyAsync(r => r.SurveyId == survey.Id, ct))
        {
            (survey.IsActive, survey.DeletedAt) = (false, clock.GetUtcNow().UtcDateTime);
            db.AuditGone("survey", survey.Id, survey.Name);
        }
        else
        {
            db.Remove(survey);
        }
        await db.SaveChangesAsync(ct);
        db.Touch(Topics.Surveys);
        return Unit.Value;
    }
}

internal static class SurveyFinds
{
    /// <summary>A survey that stands in the list.</summary>
    public static async Task<Survey> FindSurveyAsync(this InforzapDb db, Guid id, IStringLocalizer<Texts> t, CancellationToken ct) =>
        await db.Surveys.SingleOrDefaultAsync(s => s.Id == id && s.DeletedAt == null, ct) ?? throw Refusal.NotFound(t["SurveyGone"]);
}
