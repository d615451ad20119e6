using System.Globalization;
using Inforzap.Contracts.Contacts;
using Inforzap.Contracts.Settings;
using Inforzap.Data;
using Microsoft.Extensions.Localization;

namespace Inforzap.Variables;

/// <summary>
/// Renders texts for customers: the variables of the product and of the company, in the company's language and at its time. For
/// every module that has texts with variables.
/// </summary>
public sealed class TextRenderer(InforzapDb db, ISettings settings, TimeProvider clock, IStringLocalizer<Texts> t)
{
    /// <summary>Puts in what is known here.</summary>
    public async Task<RenderedText> RenderAsync(string text, VariableFacts facts, CancellationToken ct)
    {
        if (!text.Contains("{{", StringComparison.Ordinal)) return new(text, []);
        var values = Moment();
        values["primeiroNome"] = facts.FirstName;
        values["nome"] = facts.KnownName;
        values["numero"] = facts.ContactNumber;
        values["email"] = facts.ContactEmail;
        values["ticketId"] = facts.TicketNumber?.ToString(CultureInfo.InvariantCulture);
        values["fila"] = facts.Queue;
        values["atendente"] = facts.Agent;
        values["emailAtendente"] = facts.AgentEmail;
        values["empresa"] = settings.Get(Setting.CompanyName);
        values["canal"] = facts.Channel;
        values["grupo"] = facts.Group;
        values["protocolo"] = facts.ProtocolAsync is { } protocol && VariableText.NamesIn(text).Contains("protocolo", StringComparer.OrdinalIgnoreCase) ? await protocol(ct) : null;
        foreach (var own in await db.Set<CompanyVariableView>().ToListAsync(ct)) values.TryAdd(own.Key, own.Value);
        await AddFieldsAsync(values, text, facts, ct);
        return VariableText.Render(text, values);
    }

    /// <summary>All names that exist now.</summary>
    public async Task<IReadOnlySet<string>> NamesAsync(CancellationToken ct) =>
        SystemVariables.All.Select(v => v.Name).Concat(await db.Set<CompanyVariableView>().Select(v => v.Key).ToListAsync(ct)).Concat(await db.Set<FieldKeyView>().Select(k => k.Key).ToListAsync(ct))
            .ToHashSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>Fields of the contact come after all others, and are only looked for when a text names something else.</summary>
    private async Task AddFieldsAsync(Dictionary<string, string?> values, string text, VariableFacts facts, CancellationToken ct)
    {
        var named = VariableText.NamesIn(text).Where(n => !values.ContainsKey(n)).Select(n => n.ToLowerInvariant()).Distinct().ToArray();
        if (named.Length == 0) return;
        var found = await db.Set<FieldKeyView>().Where(k => named.Contains(k.Key))
            .Select(k => new { k.Key, k.Label, Value = db.Set<ContactFieldView>().Where(f => f.ContactId == facts.ContactId && f.Key == k.Key).Select(f => f.Value).FirstOrDefault() }).ToListAsync(ct);
        foreach (var field in found) values[field.Key] = facts.IsSample ? field.Label : field.Value;
    }

    /// <summary>What the clock says, as the company says it: whoever writes may read another language.</summary>
    private Dictionary<string, string?> Moment()
    {
        var local = TimeZoneInfo.ConvertTimeFromUtc(clock.GetUtcNow().UtcDateTime, settings.TimeZone);
        var language = Language();
        var (culture, words) = (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture);
        CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = language;
        try
        {
            return new(StringComparer.OrdinalIgnoreCase)
            {
                ["saudacao"] = local.Hour switch { >= 5 and < 12 => t["GoodMorning"].Value, >= 12 and < 18 => t["GoodAfternoon"].Value, _ => t["GoodNight"].Value },
                ["data"] = local.ToString("d", language),
                // Some languages write a narrow space that old telephones don't have.
                ["hora"] = local.ToString("t", language).Replace('\u202F', ' '),
            };
        }
        finally
        {
            (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = (culture, words);
        }
    }

    private CultureInfo Language()
    {
        try
        {
            return CultureInfo.GetCultureInfo(settings.Get(Setting.Language));
        }
        catch (CultureNotFoundException)
        {
            return CultureInfo.GetCultureInfo(Setting.Language.Default);
        }
    }
}
