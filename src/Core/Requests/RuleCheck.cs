using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using Microsoft.Extensions.Localization;

namespace Inforzap.Requests;

/// <summary>
/// Checks the rules of a request's record. What is broken is said in a sentence of the caller's language that names the field as
/// its form does; the attributes' own messages are English and are never shown.
/// </summary>
public sealed class RuleCheck(IStringLocalizer<Texts> t, IStringLocalizerFactory texts, IServiceProvider services)
{
    private static readonly System.Collections.Concurrent.ConcurrentDictionary<Type, Rule[]> Known = new();

    private sealed record Rule(PropertyInfo Property, ValidationAttribute[] Attributes, bool HoldsText, bool IsForm);

    /// <summary>The first broken rule of each field, by the property's name. Empty when all hold.</summary>
    public IReadOnlyDictionary<string, string> Faults(object request)
    {
        var faults = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var rule in Known.GetOrAdd(request.GetType(), Read))
        {
            var value = rule.Property.GetValue(request);
            var name = rule.Property.Name;
            var context = new ValidationContext(request, services, null) { MemberName = name, DisplayName = name };
            if (rule.Attributes.FirstOrDefault(a => a.GetValidationResult(value, context) != ValidationResult.Success) is { } broken) faults[name] = Sentence(broken, rule.Property);
            else if (rule.IsForm && value is not null) foreach (var (field, fault) in Faults(value)) faults.TryAdd(field, fault);
            else if (rule.HoldsText && TextsOf(value).Any(IsBroken)) faults[name] = t["RuleText", NameOf(rule.Property)];
        }
        // Rules over several fields make no sense while one of them is wrong; their words are the module's own.
        if (faults.Count == 0 && request is IValidatableObject whole)
            foreach (var result in whole.Validate(new ValidationContext(request, services, null)).Where(r => r != ValidationResult.Success))
                foreach (var member in result.MemberNames.DefaultIfEmpty("")) faults.TryAdd(member, result.ErrorMessage ?? "");
        return faults;
    }

    /// <summary>What is said when the rule of this property is broken.</summary>
    public string Sentence(ValidationAttribute rule, PropertyInfo property)
    {
        var name = NameOf(property);
        return rule switch
        {
            NotEmptyAttribute or RequiredAttribute => property.PropertyType == typeof(string) ? t["RuleEmpty", name] : t["RuleChoose", name],
            StringLengthAttribute { MinimumLength: 0 } length => t["RuleLong", name, Figure(length.MaximumLength)],
            StringLengthAttribute length => t["RuleLength", name, Figure(length.MinimumLength), Figure(length.MaximumLength)],
            RangeAttribute range => t["RuleRange", name, Figure(range.Minimum), Figure(range.Maximum)],
            EmailAddressAttribute => t["RuleEmail", name],
            RegularExpressionAttribute => t["RulePattern", name],
            // A rule of a new kind needs a sentence of its own here.
            _ => throw new NotSupportedException($"There is no sentence for {rule.GetType().Name}."),
        };
    }

    /// <summary>What the property's form calls it.</summary>
    public string NameOf(PropertyInfo property)
    {
        var key = property.GetCustomAttribute<CalledAttribute>()?.Text;
        var owner = property.DeclaringType!.Assembly;
        if (owner.GetType($"{owner.GetName().Name}.{nameof(Texts)}") is { } own && texts.Create(own)[key ?? property.Name] is { ResourceNotFound: false } found) return found;
        var said = t[$"Field{key ?? property.Name}"];
        // Ids come from screens and not from people: whose is missing is told by the name of its kind, or by none.
        return said.ResourceNotFound && (Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType) == typeof(Guid) ? t["FieldId"] : said;
    }

    // What the product itself sends was cleaned at the door where it came in, and a refusal would stop a lane.
    private static Rule[] Read(Type request)
    {
        var isTyped = !request.IsDefined(typeof(AllowSystemAttribute));
        return [.. request.GetProperties(BindingFlags.Instance | BindingFlags.Public)
            .Select(p => new Rule(p, [.. p.GetCustomAttributes<ValidationAttribute>()], isTyped && HasText(p.PropertyType), p.IsDefined(typeof(FormAttribute))))
            .Where(r => r.Attributes.Length > 0 || r.HoldsText || r.IsForm)];
    }

    private static bool HasText(Type type) =>
        type == typeof(string) || type.IsAssignableTo(typeof(IEnumerable<string>)) || type.IsAssignableTo(typeof(IEnumerable<KeyValuePair<string, string>>));

    private static IEnumerable<string?> TextsOf(object? value) => value switch
    {
        string text => [text],
        IEnumerable<string> list => list,
        IEnumerable<KeyValuePair<string, string>> pairs => pairs.SelectMany(p => new[] { p.Key, p.Value }),
        _ => [],
    };

    /// <summary>NUL and halves of characters: one database refuses them, another takes them in silence.</summary>
    private static bool IsBroken(string? text)
    {
        for (var i = 0; i < (text?.Length ?? 0); i++)
        {
            if (text![i] == '\0' || char.IsLowSurrogate(text[i])) return true;
            if (char.IsHighSurrogate(text[i]) && (++i == text.Length || !char.IsLowSurrogate(text[i]))) return true;
        }
        return false;
    }

    private static string Figure(object value) => value is int or long ? string.Create(CultureInfo.CurrentCulture, $"{value:N0}") : Convert.ToString(value, CultureInfo.CurrentCulture) ?? "";
}
