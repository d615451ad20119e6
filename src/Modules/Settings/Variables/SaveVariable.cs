using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Inforzap.Contracts.Settings;
using Inforzap.Data;
using Inforzap.Live;
using Inforzap.Requests;
using Inforzap.Variables;
using Microsoft.Extensions.Localization;

namespace Inforzap.Settings.Variables;

/// <summary>Makes a variable, or changes what one holds. Its key stays, since texts name it.</summary>
[Allow("settings.edit")]
internal sealed record SaveVariable(
    Guid? Id,
    [property: NotEmpty, RegularExpression("[a-z][a-z0-9_-]*"), StringLength(40), Called("VariableKey")] string Key,
    [property: NotEmpty, StringLength(1000), Called("VariableValue")] string Value,
    [property: StringLength(200), Called("VariableDescription")] string? Description,
    VariableType Type,
    int? Version) : IRequest<Guid>;

internal sealed class SaveVariableHandler(InforzapDb db, ISettings settings, TimeProvider clock, IStringLocalizer<Texts> t) : IRequestHandler<SaveVariable, Guid>
{
    public async Task<Guid> Handle(SaveVariable request, CancellationToken ct)
    {
        var value = CleanText.Of(request.Value.Trim());
        if (Wrong(request.Type, value) is { } wrong) throw Refusal.At(nameof(request.Value), wrong);
        var variable = request.Id is { } id ? await db.CompanyVariables.SingleOrDefaultAsync(v => v.Id == id, ct) ?? throw Refusal.NotFound(t["VariableGone"]) : null;
        if (variable is null)
        {
            if (SystemVariables.IsTaken(request.Key)) throw Refusal.At(nameof(request.Key), t["VariableKeySystem", request.Key]);
            if (await db.CompanyVariables.AnyAsync(v => v.Key == request.Key, ct)) throw Refusal.At(nameof(request.Key), t["VariableKeyTaken", request.Key]);
            db.Add(variable = new CompanyVariable { Id = Guid.CreateVersion7(), Key = request.Key, Value = value });
        }
        else if (variable.Version != request.Version) throw Refusal.Conflict(t["VariableChanged", variable.Key]);
        else if (variable.Key != request.Key) throw Refusal.At(nameof(request.Key), t["VariableKeyStays"]);
        var description = string.IsNullOrWhiteSpace(request.Description) ? null : CleanText.Of(request.Description.Trim());
        (variable.Value, variable.Description, variable.Type, variable.ChangedAt) = (value, description, request.Type, clock.GetUtcNow().UtcDateTime);
        variable.SearchText = SearchText.Of(1300, variable.Key, value, description);
        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateException e) when (e.IsUniqueViolation())
        {
            // Somebody else took it since it was looked for.
            throw Refusal.At(nameof(request.Key), t["VariableKeyTaken", request.Key]);
        }
        db.Touch(Topics.Variables);
        return variable.Id;
    }

    private string? Wrong(VariableType type, string value) => type switch
    {
        VariableType.Number => decimal.TryParse(value, NumberStyles.Number, CultureInfo.GetCultureInfo(settings.Get(Setting.Language)), out _)
            || decimal.TryParse(value, NumberStyles.Number, CultureInfo.InvariantCulture, out _) ? null : t["VariableNoNumber"].Value,
        VariableType.Url => Uri.TryCreate(value, UriKind.Absolute, out var url) && url.Scheme is "https" or "http" ? null : t["VariableNoUrl"].Value,
        VariableType.Text => null,
        _ => t["VariableNoType"].Value,
    };
}
