using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Inforzap.Sdk;

namespace Inforzap.Plugins;

/// <summary>How a field of a plugin's settings is drawn.</summary>
public enum FieldKind
{
    /// <summary>One line.</summary>
    Text,
    /// <summary>Several lines; a list of them for lists.</summary>
    Lines,
    /// <summary>On or off.</summary>
    Switch,
    /// <summary>A number.</summary>
    Number,
    /// <summary>One of several.</summary>
    Choice,
    /// <summary>An http or https address.</summary>
    Url,
}

/// <summary>A field of a plugin's settings.</summary>
/// <param name="Name">The property.</param>
/// <param name="Label">What people read.</param>
/// <param name="Hint">One sentence under it.</param>
/// <param name="Kind">How it is drawn.</param>
/// <param name="IsSecret">Encrypted, and never shown again.</param>
/// <param name="IsRequired">Must be filled in.</param>
/// <param name="Choices">For a choice.</param>
/// <param name="Low">Smallest number.</param>
/// <param name="High">Largest number.</param>
/// <param name="Default">What it holds when nobody says anything.</param>
public sealed record SettingField(
    string Name, string Label, string? Hint, FieldKind Kind, bool IsSecret, bool IsRequired, IReadOnlyList<string> Choices, double? Low, double? High, string Default)
{
    /// <summary>Made at random when it is left empty.</summary>
    public bool IsGenerated { get; init; }
}

/// <summary>What is wrong with a field.</summary>
public enum FieldFault
{
    /// <summary>It is empty.</summary>
    Missing,
    /// <summary>It is no http or https address.</summary>
    NoUrl,
    /// <summary>It is no number, or outside of what is allowed.</summary>
    NoNumber,
    /// <summary>It is none of the choices.</summary>
    NoChoice,
}

/// <summary>
/// The settings of a plugin as a form: fields from the record's properties, values as the text that stands in the fields,
/// the record made from them. Lists are lines.
/// </summary>
public sealed class SettingsForm
{
    private static readonly System.Collections.Concurrent.ConcurrentDictionary<Type, SettingsForm> Known = new();
    private static readonly NullabilityInfoContext Nullability = new();
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter() }, RespectRequiredConstructorParameters = false,
    };

    private readonly Type type;
    private readonly PropertyInfo[] properties;

    private SettingsForm(Type type)
    {
        this.type = type;
        properties = [.. type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(p => p.GetIndexParameters().Length == 0 && p.SetMethod is { IsPublic: true }).OrderBy(p => p.MetadataToken)];
        var empty = TryMake();
        var constructor = type.GetConstructors().OrderByDescending(c => c.GetParameters().Length).FirstOrDefault();
        lock (Nullability) Fields = [.. properties.Select(p => Field(p, empty, constructor))];
    }

    /// <summary>The fields, in the order of the record's properties.</summary>
    public IReadOnlyList<SettingField> Fields { get; }

    /// <summary>The form of a record.</summary>
    public static SettingsForm Of(Type type) => Known.GetOrAdd(type, t => new SettingsForm(t));

    /// <summary>Gives a random value to fields that are <see cref="GeneratedAttribute"/> and empty: what was kept stays, else 160 bits in hexadecimal.</summary>
    public void Generate(IDictionary<string, string> values, IReadOnlyDictionary<string, string> kept)
    {
        foreach (var field in Fields.Where(f => f.IsGenerated))
            if (!values.TryGetValue(field.Name, out var value) || string.IsNullOrWhiteSpace(value))
                values[field.Name] = kept.GetValueOrDefault(field.Name) is { Length: > 0 } before ? before
                    : Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(20));
    }

    /// <summary>What is wrong, by field. Empty: the record can be made.</summary>
    public IReadOnlyDictionary<string, FieldFault> Check(IReadOnlyDictionary<string, string> values)
    {
        var faults = new Dictionary<string, FieldFault>();
        foreach (var field in Fields)
            if (Check(field, values.GetValueOrDefault(field.Name, field.Default)) is { } fault) faults[field.Name] = fault;
        return faults;
    }

    /// <summary>What is wrong with one field, or null.</summary>
    public static FieldFault? Check(SettingField field, string? value)
    {
        if (string.IsNullOrWhiteSpace(value)) return field.IsRequired ? FieldFault.Missing : null;
        return field.Kind switch
        {
            FieldKind.Url when !Uri.TryCreate(value.Trim(), UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") => FieldFault.NoUrl,
            FieldKind.Number when !double.TryParse(value.Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out var n) || n < field.Low || n > field.High => FieldFault.NoNumber,
            FieldKind.Choice when !field.Choices.Contains(value.Trim(), StringComparer.OrdinalIgnoreCase) => FieldFault.NoChoice,
            _ => null,
        };
    }

    /// <summary>Makes the record. Names that it does not have are ignored; what is not said keeps its default.</summary>
    /// <exception cref="JsonException">A value does not fit its property.</exception>
    public object Make(IReadOnlyDictionary<string, string> values)
    {
        var json = new JsonObject();
        foreach (var property in properties)
            if (values.TryGetValue(property.Name, out var text) && Node(property.PropertyType, text) is { } node) json[Json.PropertyNamingPolicy!.ConvertName(property.Name)] = node;
        return json.Deserialize(type, Json) ?? throw new JsonException("null");
    }

    private object? TryMake()
    {
        try
        {
            return Make(new Dictionary<string, string>());
        }
        catch (Exception e) when (e is JsonException or NotSupportedException or ArgumentException or InvalidOperationException)
        {
            // A record that can't be made from nothing has no defaults to show.
            return null;
        }
    }

    private static JsonNode? Node(Type type, string text)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(string)) return text;
        if (IsList(type)) return new JsonArray([.. text.Split('\n').Select(l => l.Trim()).Where(l => l.Length > 0).Select(l => (JsonNode)l)]);
        text = text.Trim();
        if (text.Length == 0) return null;
        if (type == typeof(bool)) return text is "true" or "True" or "1" or "on";
        if (IsNumber(type)) return decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : throw new JsonException("number");
        return text;
    }

    private static SettingField Field(PropertyInfo property, object? empty, ConstructorInfo? constructor)
    {
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        var parameter = constructor?.GetParameters().FirstOrDefault(p => p.Name == property.Name);
        var isRequired = property.IsDefined(typeof(RequiredAttribute))
            || (parameter is { HasDefaultValue: false } && !type.IsValueType && !IsList(type) && Nullability.Create(parameter).WriteState == NullabilityState.NotNull);
        var between = property.GetCustomAttribute<BetweenAttribute>();
        var kind = type == typeof(bool) ? FieldKind.Switch
            : type.IsEnum ? FieldKind.Choice
            : IsNumber(type) ? FieldKind.Number
            : type == typeof(Uri) || property.IsDefined(typeof(UrlAttribute)) ? FieldKind.Url
            : IsList(type) || property.IsDefined(typeof(LinesAttribute)) ? FieldKind.Lines
            : FieldKind.Text;
        return new SettingField(
            property.Name, property.GetCustomAttribute<LabelAttribute>()?.Text ?? property.Name, property.GetCustomAttribute<HintAttribute>()?.Text,
            kind, property.IsDefined(typeof(SecretAttribute)), isRequired, type.IsEnum ? Enum.GetNames(type) : [], between?.Low, between?.High,
            property.IsDefined(typeof(SecretAttribute)) || empty is null ? "" : Text(property.GetValue(empty)))
        {
            IsGenerated = property.IsDefined(typeof(GeneratedAttribute)),
        };
    }

    private static string Text(object? value) => value switch
    {
        null => "",
        bool b => b ? "true" : "false",
        string s => s,
        IEnumerable<string> lines => string.Join('\n', lines),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };

    private static bool IsList(Type type) => type != typeof(string) && typeof(IEnumerable<string>).IsAssignableFrom(type);

    private static bool IsNumber(Type type) => Type.GetTypeCode(type) is >= TypeCode.SByte and <= TypeCode.Decimal && !type.IsEnum;
}
