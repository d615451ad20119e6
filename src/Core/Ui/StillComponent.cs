using Microsoft.AspNetCore.Components;

namespace Inforzap.Ui;

/// <summary>
/// A part of a list that is drawn again only when what it shows differs from what it showed, however often the list around it
/// is. What happens inside it draws it as ever.
/// </summary>
public abstract class StillComponent : ComponentBase
{
    private object? shown;
    private bool isStill;

    /// <summary>All that its looks depend on, by value.</summary>
    protected abstract object Shows { get; }

    /// <inheritdoc/>
    protected override void OnParametersSet()
    {
        var now = Shows;
        isStill = now.Equals(shown);
        shown = now;
    }

    /// <inheritdoc/>
    protected override bool ShouldRender()
    {
        var draws = !isStill;
        isStill = false;
        return draws;
    }
}
