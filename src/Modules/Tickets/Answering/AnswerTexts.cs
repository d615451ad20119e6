using Inforzap.Data;
using Inforzap.Variables;
using Microsoft.Extensions.Localization;

namespace Inforzap.Tickets.Answering;

/// <summary>Checks what is said to customers by itself before it is stored: nobody looks at it again before it is sent.</summary>
internal sealed class AnswerTexts(TextRenderer renderer, IStringLocalizer<Texts> t)
{
    /// <summary>The text as it is stored; null for none.</summary>
    /// <param name="text">As it was typed.</param>
    /// <param name="field">Where.</param>
    /// <param name="own">A variable that only this text knows.</param>
    public async Task<string?> CheckedAsync(string? text, string field, CancellationToken ct, string? own = null)
    {
        if (CleanText.IsBlank(text)) return null;
        var clean = CleanText.Of(text!.Trim());
        if (clean.Length > ServiceHours.MaxText) throw Refusal.At(field, t["MessageTooLong", ServiceHours.MaxText]);
        var known = (await renderer.NamesAsync(ct)).Append(own ?? "").ToHashSet(StringComparer.OrdinalIgnoreCase);
        return VariableText.UnknownIn(clean, known) is { Count: > 0 } unknown ? throw Refusal.At(field, t["QuickUnknownVariable", VariableText.Of(unknown)]) : clean;
    }
}

/// <summary>In how many of these texts a variable stands.</summary>
internal sealed class AnswerTextVariables(InforzapDb db, IStringLocalizer<Texts> t) : IVariableUse
{
    public async Task<VariablePlaces> CountAsync(string name, CancellationToken ct)
    {
        var hours = await db.ServiceHours.Select(h => new { h.OutOfHoursText, h.VacationText }).ToListAsync(ct);
        var menus = await db.EntryMenus.Select(m => new { m.Greeting, m.WrongText, m.ChosenText }).ToListAsync(ct);
        var places = await db.Queues.Where(q => q.DeletedAt == null && q.PlaceText != null).Select(q => q.PlaceText).ToListAsync(ct);
        string?[] texts = [.. hours.SelectMany(h => new[] { h.OutOfHoursText, h.VacationText }), .. menus.SelectMany(m => new[] { m.Greeting, m.WrongText, m.ChosenText }), .. places];
        return new(t["AutomaticTexts"], texts.Count(text => text is not null && VariableText.NamesIn(text).Contains(name, StringComparer.OrdinalIgnoreCase)));
    }
}
