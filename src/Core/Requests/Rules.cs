using System.ComponentModel.DataAnnotations;
using Inforzap.Data;

namespace Inforzap.Requests;

/// <summary>Refuses null, an empty Guid, text of which nothing can be seen, and an empty list.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
public sealed class NotEmptyAttribute : ValidationAttribute
{
    /// <inheritdoc/>
    public override bool IsValid(object? value) => value switch
    {
        null => false,
        Guid id => id != Guid.Empty,
        string text => !CleanText.IsBlank(text),
        System.Collections.ICollection list => list.Count > 0,
        _ => true,
    };
}

/// <summary>
/// How a form calls this property: a key of its module's texts. Without it the property's own name is the key, in the module's
/// texts or, with 'Field' before it, in the kernel's.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class CalledAttribute(string text) : Attribute
{
    /// <summary>The key.</summary>
    public string Text { get; } = text;
}

/// <summary>A part of a request that has rules of its own: what a person typed into a form. Its faults are told under its own properties' names.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class FormAttribute : Attribute;
