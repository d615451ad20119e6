using System.Text.RegularExpressions;

namespace Inforzap.Sdk;

/// <summary>
/// Ability: messages whose wording the provider looked through beforehand. They are taken outside of the reply window too, and with
/// them people can be written to first.
/// </summary>
public interface ITemplates
{
    /// <summary>All that the account has, whatever became of them.</summary>
    /// <exception cref="TemplateException">The provider did not tell, and why.</exception>
    Task<IReadOnlyList<MessageTemplate>> ListAsync(ChannelRef on, CancellationToken ct);

    /// <summary>Hands a new one in. What the provider says of it comes with the next list.</summary>
    /// <exception cref="TemplateException">It was not taken, and why.</exception>
    Task CreateAsync(ChannelRef on, MessageTemplate template, CancellationToken ct);

    /// <summary>Takes one away, in this language alone.</summary>
    /// <exception cref="TemplateException">It is still there, and why.</exception>
    Task DeleteAsync(ChannelRef on, MessageTemplate template, CancellationToken ct);
}

/// <summary>A wording that the provider knows.</summary>
/// <param name="Name">How it is called; with the language it says which one.</param>
/// <param name="Language">As the provider writes it, such as <c>pt_BR</c>.</param>
/// <param name="Category">What it is for; it decides what a message costs.</param>
/// <param name="State">Whether it can be sent.</param>
/// <param name="Body">Its text. A variable stands between double braces: <c>{{1}}</c>, or <c>{{nome}}</c>.</param>
public sealed record MessageTemplate(string Name, string Language, TemplateCategory Category, TemplateState State, string Body)
{
    /// <summary>The provider's id of it; null before it has one.</summary>
    public string? ProviderId { get; init; }
    /// <summary>What stands above the text.</summary>
    public TemplateHeader? Header { get; init; }
    /// <summary>What stands below it, smaller.</summary>
    public string? Footer { get; init; }
    /// <summary>In the order in which they stand.</summary>
    public IReadOnlyList<TemplateButton> Buttons { get; init; } = [];
    /// <summary>Pictures or films in a row below the text, each with words and buttons of its own. Such a template is told of and shown; see <see cref="IsForeign"/>.</summary>
    public IReadOnlyList<TemplateCard> Cards { get; init; } = [];
    /// <summary>Its variables have names, and not numbers.</summary>
    public bool IsNamed { get; init; }
    /// <summary>What the variables of the text could be, by name or number; the provider wants them of a new one.</summary>
    public IReadOnlyDictionary<string, string> Examples { get; init; } = new Dictionary<string, string>();
    /// <summary>Why it was refused, or paused, for people.</summary>
    public string? Reason { get; init; }
    /// <summary>How customers take it.</summary>
    public TemplateQuality Quality { get; init; }
    /// <summary>It has parts that <see cref="TemplateContent"/> can't fill; it is listed and not offered.</summary>
    public bool IsForeign { get; init; }
}

/// <summary>One of the cards in a row.</summary>
/// <param name="Header">What file stands above its text.</param>
/// <param name="Body">Its text; null when it has none.</param>
/// <param name="Buttons">In the order in which they stand.</param>
public sealed record TemplateCard(TemplateHeader? Header, string? Body, IReadOnlyList<TemplateButton> Buttons);

/// <summary>The variables in the texts of templates: <c>{{1}}</c>, or <c>{{nome}}</c>.</summary>
public static partial class TemplateVariables
{
    /// <summary>Their names or numbers, each once, in their order.</summary>
    public static IEnumerable<string> NamesIn(string? text) => text is null ? [] : Variable().Matches(text).Select(m => m.Groups[1].Value).Distinct();

    /// <summary>Puts values in their place; null leaves one as it is.</summary>
    public static string Fill(string text, Func<string, string?> valueOf) => Variable().Replace(text, m => valueOf(m.Groups[1].Value) ?? m.Value);

    [GeneratedRegex(@"\{\{\s*([A-Za-z0-9_]+)\s*\}\}", RegexOptions.None, matchTimeoutMilliseconds: 500)]
    private static partial Regex Variable();
}

/// <summary>What stands above the text of a template.</summary>
/// <param name="Kind">Text, or what file it asks for.</param>
/// <param name="Text">Of a text, with at most one variable.</param>
public sealed record TemplateHeader(TemplateHeaderKind Kind, string? Text = null);

/// <summary>Kinds of headers.</summary>
public enum TemplateHeaderKind
{
    /// <summary>A line.</summary>
    Text,
    /// <summary>A picture.</summary>
    Image,
    /// <summary>A film.</summary>
    Video,
    /// <summary>A file.</summary>
    Document,
}

/// <summary>A button of a template.</summary>
/// <param name="Kind">What it does.</param>
/// <param name="Text">What is read on it.</param>
/// <param name="Value">The address, which may end in a variable; the number; the code.</param>
public sealed record TemplateButton(TemplateButtonKind Kind, string Text, string? Value = null);

/// <summary>What a button does.</summary>
public enum TemplateButtonKind
{
    /// <summary>Answers with its text.</summary>
    Reply,
    /// <summary>Opens an address.</summary>
    Url,
    /// <summary>Calls a number.</summary>
    Phone,
    /// <summary>Copies a code, which is a variable.</summary>
    Code,
}

/// <summary>What a template is for.</summary>
public enum TemplateCategory
{
    /// <summary>Offers and news.</summary>
    Marketing,
    /// <summary>Of an order, an appointment, an account.</summary>
    Utility,
    /// <summary>Codes for signing in.</summary>
    Authentication,
}

/// <summary>Whether a template can be sent.</summary>
public enum TemplateState
{
    /// <summary>It can.</summary>
    Approved,
    /// <summary>The provider looks at it.</summary>
    Pending,
    /// <summary>The provider does not want it.</summary>
    Rejected,
    /// <summary>Not now: customers complained of it.</summary>
    Paused,
    /// <summary>Not any more.</summary>
    Off,
}

/// <summary>How customers take a template.</summary>
public enum TemplateQuality
{
    /// <summary>Nobody knows yet.</summary>
    Unknown,
    /// <summary>Well.</summary>
    High,
    /// <summary>Some complain.</summary>
    Medium,
    /// <summary>Many complain; it will be paused.</summary>
    Low,
}

/// <summary>The provider refused something about templates.</summary>
public sealed class TemplateException : Exception
{
    /// <summary>With the reason that people see.</summary>
    public TemplateException(string message) : base(message) { }
    /// <summary>With a general reason.</summary>
    public TemplateException() : base("refused") { }
    /// <summary>With reason and cause.</summary>
    public TemplateException(string message, Exception inner) : base(message, inner) { }
}

/// <summary>A message in a wording that the provider knows. Only adapters with <see cref="ITemplates"/> get it.</summary>
/// <param name="Name">Which one.</param>
/// <param name="Language">In which language.</param>
/// <param name="Body">The text as the customer reads it.</param>
public sealed record TemplateContent(string Name, string Language, string Body) : Content
{
    /// <summary>The line above it, as the customer reads it.</summary>
    public string? HeaderText { get; init; }
    /// <summary>What stands below it.</summary>
    public string? Footer { get; init; }
    /// <summary>What stands on its buttons.</summary>
    public IReadOnlyList<string> Buttons { get; init; } = [];
    /// <summary>The file above it.</summary>
    public MediaContent? HeaderFile { get; init; }
    /// <summary>Its variables have names.</summary>
    public bool IsNamed { get; init; }
    /// <summary>What stands for the variable of the header.</summary>
    public IReadOnlyList<TemplateValue> HeaderValues { get; init; } = [];
    /// <summary>What stands for those of the text, in their order there.</summary>
    public IReadOnlyList<TemplateValue> BodyValues { get; init; } = [];
    /// <summary>What stands for those of buttons.</summary>
    public IReadOnlyList<TemplateButtonValue> ButtonValues { get; init; } = [];
}

/// <summary>What stands for a variable.</summary>
/// <param name="Name">Its name or number.</param>
/// <param name="Value">One line.</param>
public sealed record TemplateValue(string Name, string Value);

/// <summary>What stands for the variable of a button.</summary>
/// <param name="Index">Which button, from 0.</param>
/// <param name="Kind">What it does.</param>
/// <param name="Value">The end of the address, or the code.</param>
public sealed record TemplateButtonValue(int Index, TemplateButtonKind Kind, string Value);
