using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Inforzap.Benchmarks;

/// <summary>The least that a circuit can be: a page with one component that shows nothing.</summary>
internal static class EmptyCircuits
{
    public static async Task<int> RunAsync(int port)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"));
        builder.Services.AddDataProtection().UseEphemeralDataProtectionProvider();
        builder.Services.AddRazorComponents().AddInteractiveServerComponents();
        var app = builder.Build();
        app.UseAntiforgery();
        // In the words of the product's own metrics, for the one reader of both.
        app.MapGet("/metrics", () => string.Create(CultureInfo.InvariantCulture, $"dotnet_gc_last_collection_heap_size_bytes{{}} {GC.GetGCMemoryInfo().HeapSizeBytes}\n"));
        app.MapRazorComponents<EmptyRoot>().AddInteractiveServerRenderMode();
        await app.RunAsync();
        return 0;
    }
}

/// <summary>Around the component.</summary>
public sealed class EmptyRoot : ComponentBase
{
    /// <inheritdoc/>
    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        builder.OpenElement(0, "html");
        builder.OpenElement(1, "body");
        builder.OpenComponent<EmptyView>(2);
        builder.AddComponentRenderMode(new InteractiveServerRenderMode(prerender: false));
        builder.CloseComponent();
        builder.CloseElement();
        builder.CloseElement();
    }
}

/// <summary>Its address.</summary>
[Route("/")]
public sealed class EmptyPage : ComponentBase;

/// <summary>Nothing.</summary>
public sealed class EmptyView : ComponentBase
{
    /// <inheritdoc/>
    protected override void BuildRenderTree(RenderTreeBuilder builder) => builder.AddContent(0, "0");
}
