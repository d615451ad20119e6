using System.ComponentModel.DataAnnotations;
using Inforzap.Contracts.Channels;
using Inforzap.Contracts.Identity;
using Inforzap.Data;
using Inforzap.Live;
using Inforzap.Requests;
using Inforzap.Variables;
using Microsoft.Extensions.Localization;

namespace Inforzap.Tickets.Closing;

/// <summary>The rules for tickets in which nobody speaks any more, the nearest first.</summary>
[Allow("closings.see"), Reads]
internal sealed record ListQuietRules : IRequest<QuietRuleList>;

/// <summary>All rules, and what they can be about.</summary>
public sealed record QuietRuleList(
    IReadOnlyList<QuietRuleRow> Rows, IReadOnlyList<PlaceRow> Queues, IReadOnlyList<PlaceRow> Channels, IReadOnlyList<PlaceRow> People, IReadOnlyList<PlaceRow> Reasons);

/// <summary>A rule in the list.</summary>
/// <param name="Trouble">Why it does nothing though it is active; null: it works.</param>
public sealed record QuietRuleRow(Guid Id, QuietRuleForm Form, bool IsActive, string? Trouble, int Version);

/// <summary>What a person decides about a rule.</summary>
public sealed record QuietRuleForm(
    [property: NotEmpty, StringLength(60), Called("QuietName")] string Name,
    QuietScope Scope,
    Guid? PlaceId,
    TicketStatus Status,
    QuietSide WaitingFor,
    [property: Range(QuietRule.MinMinutes, QuietRule.MaxMinutes), Called("QuietAfter")] int AfterMinutes,
    [property: Range(1, QuietRule.MaxMinutes), Called("QuietWarn")] int? WarnMinutes,
    [property: StringLength(QuietRule.MaxText), Called("QuietWarnText")] string? WarnText,
    [property: StringLength(QuietRule.MaxText), Called("QuietText")] string? Text,
    QuietAction Action,
    Guid? ReasonId,
    Guid? TargetId,
    bool OnlyOpenHours = false,
    bool SendSurvey = false);

/// <summary>Makes a rule, or changes one.</summary>
[Allow("closings.edit")]
internal sealed record SaveQuietRule(Guid? Id, [property: Form] QuietRuleForm Form, int? Version) : IRequest<Guid>, IValidatableObject
{
    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        var t = validationContext.GetRequiredService<IStringLocalizer<Texts>>();
        if (!Enum.IsDefined(Form.Scope) || !Enum.IsDefined(Form.WaitingFor) || !Enum.IsDefined(Form.Action) || Form.Status is not (TicketStatus.Open or TicketStatus.Pending))
            yield return new(t["QuietUnknown"], [nameof(QuietRuleForm.Scope)]);
        if (Form.Scope != QuietScope.Company && Form.PlaceId is null) yield return new(t["QuietNoPlace"], [nameof(QuietRuleForm.PlaceId)]);
        if (Form.Action != QuietAction.Close && Form.TargetId is null) yield return new(t["QuietNoTarget"], [nameof(QuietRuleForm.TargetId)]);
        if (Form is { Action: QuietAction.ToQueue, Scope: QuietScope.Queue } && Form.TargetId == Form.PlaceId) yield return new(t["QuietSelf"], [nameof(QuietRuleForm.TargetId)]);
        if (Form.WarnMinutes is null) yield break;
        if (Form.WarnMinutes >= Form.AfterMinutes) yield return new(t["QuietWarnLate"], [nameof(QuietRuleForm.WarnMinutes)]);
        if (CleanText.IsBlank(Form.WarnText ?? "")) yield return new(t["QuietNoWarnText"], [nameof(QuietRuleForm.WarnText)]);
    }
}

/// <summary>Takes a rule out of use, or into use again.</summary>
[Allow("closings.edit")]
internal sealed record SwitchQuietRule([property: NotEmpty] Guid Id, bool IsActive) : IRequest;

/// <summary>Deletes a rule.</summary>
[Allow("closings.edit")]
internal sealed record DeleteQuietRule([property: NotEmpty] Guid Id) : IRequest;

internal sealed class ListQuietRulesHandler(InforzapDb db, IChannelDirectory channels, IStringLocalizer<Texts> t) : IRequestHandler<ListQuietRules, QuietRuleList>
{
    public async Task<QuietRuleList> Handle(ListQuietRules request, CancellationToken ct)
    {
        var rules = await db.QuietRules.AsNoTracking().ToListAsync(ct);
        var queues = await db.PlacesAsync(ct);
        var people = await db.Set<UserView>().Where(u => u.IsActive).OrderBy(u => u.Name).Select(u => new PlaceRow(u.Id, u.Name, null, true)).ToListAsync(ct);
        var reasons = await db.ClosingReasons.Where(r => r.DeletedAt == null && !r.IsSystem).OrderBy(r => r.Order).ThenBy(r => r.Name).Select(r => new PlaceRow(r.Id, r.Name, r.Color, r.IsActive)).ToListAsync(ct);
        var rows = rules.OrderByDescending(r => r.Scope).ThenBy(r => r.Name, StringComparer.CurrentCultureIgnoreCase).Select(r => new QuietRuleRow(r.Id, new(r.Name, r.Scope, r.PlaceId, r.Status,
            r.WaitingFor, r.AfterMinutes, r.WarnMinutes, r.WarnText, r.Text, r.Action, r.ReasonId, r.TargetId, r.OnlyOpenHours, r.SendSurvey), r.IsActive, Trouble(r), r.Version));
        return new([.. rows], queues, [.. channels.All.Select(c => new PlaceRow(c.Id, c.Name, null, true))], people, reasons);

        string? Trouble(QuietRule rule) => rule switch
        {
            { Scope: QuietScope.Queue } when queues.All(q => q.Id != rule.PlaceId) => t["QueueGone"].Value,
            { Scope: QuietScope.Channel } when channels.All.All(c => c.Id != rule.PlaceId) => t["ChannelGone"].Value,
            { Action: QuietAction.ToQueue } when queues.All(q => q.Id != rule.TargetId || !q.IsActive) => t["QuietTargetQueueGone"].Value,
            { Action: QuietAction.ToUser } when people.TrueForAll(p => p.Id != rule.TargetId) => t["QuietTargetUserGone"].Value,
            _ => null,
        };
    }
}

internal sealed class SaveQuietRuleHandler(InforzapDb db, IChannelDirectory channels, TextRenderer renderer, TimeProvider clock, IStringLocalizer<Texts> t) : IRequestHandler<SaveQuietRule, Guid>
{
    public async Task<Guid> Handle(SaveQuietRule request, CancellationToken ct)
    {
        var form = request.Form;
        var name = CleanText.Of(form.Name.Trim());
        await renderer.RequireKnownAsync(nameof(form.WarnText), form.WarnText, t, ct);
        await renderer.RequireKnownAsync(nameof(form.Text), form.Text, t, ct);
        var taken = Refusal.At(nameof(form.Name), t["QuietNameTaken", name]);
        if (await db.QuietRules.AnyAsync(r => r.Name == name && r.Id != request.Id, ct)) throw taken;
        var rule = request.Id is { } id ? await db.QuietRules.SingleOrDefaultAsync(r => r.Id == id, ct) ?? throw Refusal.NotFound(t["QuietGone"]) : null;
        await RequireThereAsync(form, rule, ct);
        if (rule is null) db.Add(rule = new QuietRule { Id = Guid.CreateVersion7(), Name = name, CreatedAt = clock.GetUtcNow().UtcDateTime });
        else if (rule.Version != request.Version) throw Refusal.Conflict(t["QuietChanged", rule.Name]);
        (rule.Name, rule.Scope, rule.PlaceId) = (name, form.Scope, form.Scope == QuietScope.Company ? null : form.PlaceId);
        (rule.Status, rule.WaitingFor, rule.AfterMinutes, rule.OnlyOpenHours) = (form.Status, form.WaitingFor, form.AfterMinutes, form.OnlyOpenHours);
        (rule.WarnMinutes, rule.WarnText, rule.Text) = (form.WarnMinutes, form.WarnMinutes is null ? null : Clean(form.WarnText), Clean(form.Text));
        (rule.Action, rule.ReasonId, rule.TargetId) = (form.Action, form.Action == QuietAction.Close ? form.ReasonId : null, form.Action == QuietAction.Close ? null : form.TargetId);
        rule.SendSurvey = form is { Action: QuietAction.Close, SendSurvey: true };
        await db.SaveUniqueAsync(taken, ct);
        db.Touch(Topics.Closings);
        return rule.Id;
    }

    private static string? Clean(string? text) => string.IsNullOrWhiteSpace(text) ? null : CleanText.Of(text.Trim());

    /// <summary>What the rule names must be there; what it named already may be gone, and its row says so.</summary>
    private async Task RequireThereAsync(QuietRuleForm form, QuietRule? before, CancellationToken ct)
    {
        if (form.Scope == QuietScope.Queue && form.PlaceId != before?.PlaceId && !await db.Queues.AnyAsync(q => q.Id == form.PlaceId && q.DeletedAt == null, ct)) throw Refusal.NotFound(t["QueueGone"]);
        if (form.Scope == QuietScope.Channel && form.PlaceId != before?.PlaceId && channels.All.All(c => c.Id != form.PlaceId)) throw Refusal.NotFound(t["ChannelGone"]);
        if (form.Action == QuietAction.ToQueue && !await db.Queues.AnyAsync(q => q.Id == form.TargetId && q.IsActive, ct)) throw Refusal.NotFound(t["QueueGone"]);
        if (form.Action == QuietAction.ToUser && !await db.Set<UserView>().AnyAsync(u => u.Id == form.TargetId && u.IsActive, ct)) throw Refusal.NotFound(t["UserGone"]);
        if (form is { Action: QuietAction.Close, ReasonId: { } reason } && !await db.ClosingReasons.AnyAsync(r => r.Id == reason && r.DeletedAt == null, ct)) throw Refusal.NotFound(t["ReasonGone"]);
    }
}

internal sealed class SwitchQuietRuleHandler(InforzapDb db, IStringLocalizer<Texts> t) : IRequestHandler<SwitchQuietRule, Unit>
{
    public async Task<Unit> Handle(SwitchQuietRule request, CancellationToken ct)
    {
        var rule = await db.QuietRules.SingleOrDefaultAsync(r => r.Id == request.Id, ct) ?? throw Refusal.NotFound(t["QuietGone"]);
        rule.IsActive = request.IsActive;
        await db.SaveChangesAsync(ct);
        db.Touch(Topics.Closings);
        return Unit.Value;
    }
}

internal sealed class DeleteQuietRuleHandler(InforzapDb db, IStringLocalizer<Texts> t) : IRequestHandler<DeleteQuietRule, Unit>
{
    public async Task<Unit> Handle(DeleteQuietRule request, CancellationToken ct)
    {
        db.Remove(await db.QuietRules.SingleOrDefaultAsync(r => r.Id == request.Id, ct) ?? throw Refusal.NotFound(t["QuietGone"]));
        await db.SaveChangesAsync(ct);
        db.Touch(Topics.Closings);
        return Unit.Value;
    }
}
