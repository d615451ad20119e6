namespace Inforzap;

/// <summary>
/// The product says no, in words for people (already in the language of the caller). Nothing was changed.
/// </summary>
public sealed class Refusal : Exception
{
    /// <summary>With words for people.</summary>
    public Refusal(string message, RefusalKind kind = RefusalKind.Invalid) : base(message) => Kind = kind;

    /// <summary>With a general sentence.</summary>
    public Refusal() : this("refused") { }

    /// <summary>With words for people and a cause for the log.</summary>
    public Refusal(string message, Exception inner) : base(message, inner) => Kind = RefusalKind.Invalid;

    /// <summary>Why, for code.</summary>
    public RefusalKind Kind { get; }

    /// <summary>Something that helps to go on: the ticket that is open already, for instance.</summary>
    public Guid? See { get; init; }

    /// <summary>Messages by property, for forms.</summary>
    public IReadOnlyDictionary<string, string> Fields { get; init; } = new Dictionary<string, string>();

    /// <summary>What stands in one field breaks a rule.</summary>
    public static Refusal At(string field, string message) => new(message) { Fields = new Dictionary<string, string> { [field] = message } };

    /// <summary>It does not exist, or the caller may not know that it does.</summary>
    public static Refusal NotFound(string message) => new(message, RefusalKind.NotFound);

    /// <summary>Somebody else was faster.</summary>
    public static Refusal Conflict(string message, Guid? see = null) => new(message, RefusalKind.Conflict) { See = see };

    /// <summary>The caller may not.</summary>
    public static Refusal Forbidden(string message) => new(message, RefusalKind.Forbidden);
}

/// <summary>Why the product said no.</summary>
public enum RefusalKind
{
    /// <summary>The input breaks a rule.</summary>
    Invalid,
    /// <summary>Not there, or not for this caller.</summary>
    NotFound,
    /// <summary>Changed by somebody else meanwhile.</summary>
    Conflict,
    /// <summary>Permission is missing.</summary>
    Forbidden,
    /// <summary>The session ended: signed out, disabled, changed.</summary>
    SignedOut,
}
