using Bunit;
using Microsoft.AspNetCore.Components;

// Where every test finds it before bUnit's own.
namespace Inforzap.Tests;

internal static class Settling
{
    /// <summary>
    /// As bUnit's, and then until what drew last has let go of the renderer. An event that is raised before is only put in its queue, and
    /// what it does would not be there yet when a test asks for it.
    /// </summary>
    public static void WaitForAssertion<TComponent>(this IRenderedComponent<TComponent> page, Action assertion, TimeSpan? timeout = null) where TComponent : IComponent
    {
        RenderedComponentWaitForHelperExtensions.WaitForAssertion(page, assertion, timeout);
        page.InvokeAsync(static () => { }).GetAwaiter().GetResult();
    }
}
