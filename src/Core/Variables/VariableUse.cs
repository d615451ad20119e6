namespace Inforzap.Variables;

/// <summary>
/// Knows where a company's variable is used. Every one that is in the container is asked before a variable goes, so a module whose
/// texts have variables adds its own.
/// </summary>
public interface IVariableUse
{
    /// <summary>In how many of its texts the variable stands, and what they are called, in the language of the caller.</summary>
    Task<VariablePlaces> CountAsync(string name, CancellationToken ct);
}

/// <summary>Texts of one kind that hold a variable.</summary>
/// <param name="What">What they are called, in the plural.</param>
/// <param name="Count">How many.</param>
public sealed record VariablePlaces(string What, int Count);
