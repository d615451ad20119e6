using System.Globalization;
using Inforzap.Requests;
using Inforzap.Sdk;

namespace Inforzap.Contracts.Channels;

/// <summary>The templates that can be sent through a channel now, by name.</summary>
[Allow("tickets.answer", "templates.see"), Reads]
public sealed record OfferTemplates([property: NotEmpty] Guid ChannelId) : IRequest<IReadOnlyList<MessageTemplate>>;

/// <summary>A template as it was last heard of; null: there is none of that name and language.</summary>
[AllowSystem, Reads]
public sealed record FindTemplate(Guid ChannelId, string Name, string Language) : IRequest<MessageTemplate?>;

/// <summary>A place in a template where something is to be filled in.</summary>
/// <param name="Key">Which place.</param>
/// <param name="Name">The variable's name or number.</param>
/// <param name="Example">What could stand there.</param>
public sealed record TemplateField(string Key, string Name, string? Example)
{
    /// <summary>It is the end of an address, or a code, of the button with this text.</summary>
    public string? Button { get; init; }
}

/// <summary>What is to be filled in, and how it reads then.</summary>
public static class TemplateFields
{
    /// <summary>The longest value, in characters; the whole text has 1,024.</summary>
    public const int MaxValue = 500;

    /// <summary>The longest text with all values in it.</summary>
    public const int MaxBody = 1_024;

    /// <summary>All places, in the order in which they are read.</summary>
    public static IReadOnlyList<TemplateField> Of(MessageTemplate template) =>
    [
        .. TemplateVariables.NamesIn(template.Header?.Text).Select(n => new TemplateField($"h:{n}", n, null)),
        .. TemplateVariables.NamesIn(template.Body).Select(n => new TemplateField($"b:{n}", n, template.Examples.GetValueOrDefault(n))),
        .. template.Buttons.Index().Where(b => IsOpen(b.Item)).Select(b => new TemplateField(string.Create(CultureInfo.InvariantCulture, $"u:{b.Index}"), TemplateVariables.NamesIn(b.Item.Value).FirstOrDefault() ?? "", null) { Button = b.Item.Text }),
    ];

    /// <summary>A file goes above it.</summary>
    public static bool WantsFile(MessageTemplate template) => template.Header is { Kind: not TemplateHeaderKind.Text };

    /// <summary>As it reads with these values; what is not filled in stands there as it is.</summary>
    public static TemplateContent Fill(MessageTemplate template, IReadOnlyDictionary<string, string> values) => new(template.Name, template.Language, Put(template.Body, "b", values))
    {
        HeaderText = template.Header?.Text is { } head ? Put(head, "h", values) : null, Footer = template.Footer, Buttons = [.. template.Buttons.Select(b => b.Text)], IsNamed = template.IsNamed,
        HeaderValues = ValuesOf(template.Header?.Text, "h", values), BodyValues = ValuesOf(template.Body, "b", values),
        ButtonValues = [.. template.Buttons.Index().Where(b => IsOpen(b.Item)).Select(b => new TemplateButtonValue(b.Index, b.Item.Kind, values.GetValueOrDefault(string.Create(CultureInfo.InvariantCulture, $"u:{b.Index}")) ?? ""))],
    };

    /// <summary>On one line, as providers want it: no breaks, no tabs, no row of spaces.</summary>
    public static string OnOneLine(string value) => string.Join(' ', value.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private static bool IsOpen(TemplateButton button) => button.Kind == TemplateButtonKind.Code || (button.Kind == TemplateButtonKind.Url && TemplateVariables.NamesIn(button.Value).Any());

    private static List<TemplateValue> ValuesOf(string? text, string part, IReadOnlyDictionary<string, string> values) =>
        [.. TemplateVariables.NamesIn(text).Select(n => new TemplateValue(n, values.GetValueOrDefault($"{part}:{n}") ?? ""))];

    private static string Put(string text, string part, IReadOnlyDictionary<string, string> values) =>
        TemplateVariables.Fill(text, name => values.GetValueOrDefault($"{part}:{name}") is { Length: > 0 } value ? value : null);
}
