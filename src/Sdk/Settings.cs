namespace Inforzap.Sdk;

/// <summary>The label of a setting, in Portuguese; the host looks for a translation under the plugin's id.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class LabelAttribute(string text) : Attribute
{
    /// <summary>What people read.</summary>
    public string Text { get; } = text;
}

/// <summary>One sentence under the field.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class HintAttribute(string text) : Attribute
{
    /// <summary>What people read.</summary>
    public string Text { get; } = text;
}

/// <summary>Encrypted at rest, never shown again, never logged.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SecretAttribute : Attribute;

/// <summary>Made by the host, at random, when it is left empty: a secret that the provider learns from us.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class GeneratedAttribute : Attribute;

/// <summary>Must be filled in.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class RequiredAttribute : Attribute;

/// <summary>Must be an absolute http or https address. Goes with properties of type Uri or string.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class UrlAttribute : Attribute;

/// <summary>Drawn as a field of several lines; a list of lines for a property of string[].</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class LinesAttribute : Attribute;

/// <summary>Smallest and largest value of a number.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class BetweenAttribute(double low, double high) : Attribute
{
    /// <summary>Smallest.</summary>
    public double Low { get; } = low;
    /// <summary>Largest.</summary>
    public double High { get; } = high;
}
