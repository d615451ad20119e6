using System.ComponentModel.DataAnnotations;

namespace Inforzap.Requests;

/// <summary>Refuses null, an empty Guid, blank text and an empty list.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
public sealed class NotEmptyAttribute : ValidationAttribute
{
    /// <inheritdoc/>
    public override bool IsValid(object? value) => value switch
    {
        null => false,
        Guid id => id != Guid.Empty,
        string text => !string.IsNullOrWhiteSpace(text),
        System.Collections.ICollection list => list.Count > 0,
        _ => true,
    };
}
