using Inforzap.Data;
using Inforzap.Variables;
using Microsoft.Extensions.Localization;

namespace Inforzap.Tickets.QuickMessages;

/// <summary>In how many quick messages a variable stands, other people's own included: they would miss it, too.</summary>
internal sealed class QuickMessageVariables(InforzapDb db, IStringLocalizer<Texts> t) : IVariableUse
{
    public async Task<VariablePlaces> CountAsync(string name, CancellationToken ct)
    {
        var bodies = await db.QuickMessages.Where(q => q.Body.Contains("{{")).Select(q => q.Body).ToListAsync(ct);
        return new(t["QuickMessages"], bodies.Count(b => VariableText.NamesIn(b).Contains(name, StringComparer.OrdinalIgnoreCase)));
    }
}
