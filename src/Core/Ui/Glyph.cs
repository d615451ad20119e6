using System.Collections.Concurrent;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace Inforzap.Ui;

/// <summary>
/// An icon as a piece of markup, just as MudIcon draws it. A MudIcon is a component with a state and a tree of its own, and an open
/// desk has hundreds: they were the larger part of what it held in memory.
/// </summary>
public static class Glyph
{
    private static readonly ConcurrentDictionary<(string Icon, Size Size, string? More), MarkupString> Drawn = new();

    /// <summary>Draws one.</summary>
    /// <param name="icon">One of <see cref="Icons"/>; each is kept once it was drawn, so nothing that people make up.</param>
    /// <param name="size">How large.</param>
    /// <param name="more">Further classes.</param>
    public static MarkupString Of(string icon, Size size = Size.Medium, string? more = null) => icon.Length == 0 ? default : Drawn.GetOrAdd((icon, size, more), static d => new(
        $"""<svg class="mud-icon-root mud-svg-icon mud-icon-size-{d.Size.ToString().ToLowerInvariant()}{(d.More is null ? "" : " " + d.More)}" focusable="false" viewBox="0 0 24 24" aria-hidden="true" role="img">{d.Icon}</svg>"""));

    /// <summary>A small one.</summary>
    public static MarkupString Small(string icon, string? more = null) => Of(icon, Size.Small, more);
}
