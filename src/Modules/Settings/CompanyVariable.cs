using Inforzap.Audit;
using Inforzap.Data;

namespace Inforzap.Settings;

/// <summary>A word that stands for something of the company in texts for customers: a link, a price, an address.</summary>
[Audited("variable", NamedBy = nameof(Key), Except = [nameof(ChangedAt)])]
internal sealed class CompanyVariable : Versioned
{
    public Guid Id { get; init; }
    /// <summary>As it is typed between the braces, in lower case. It never changes, since texts name it.</summary>
    public required string Key { get; init; }
    public required string Value { get; set; }
    public string? Description { get; set; }
    public VariableType Type { get; set; }
    public DateTime ChangedAt { get; set; }
    public string SearchText { get; set; } = "";
}

/// <summary>What a variable holds, so that a slip is seen when it is saved.</summary>
public enum VariableType
{
    /// <summary>Any text.</summary>
    Text,
    /// <summary>A number, as the company writes numbers.</summary>
    Number,
    /// <summary>The address of a page.</summary>
    Url,
}
