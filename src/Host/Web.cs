using System.Globalization;
using System.Text.Encodings.Web;
using Inforzap.Host.Help;
using Inforzap.Host.Operation;
using Inforzap.Host.Shell;
using Inforzap.Live;
using Microsoft.AspNetCore.Components.Server;
using Microsoft.AspNetCore.Components.Server.Circuits;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Localization;
using Microsoft.Extensions.Localization;
using MudBlazor.Services;

namespace Inforzap.Host;

/// <summary>Screens: components, circuits, languages.</summary>
internal static class Web
{
    private static readonly CultureInfo[] Languages = [new("pt-BR"), new("en"), new("es")];

    public static void AddWeb(this WebApplicationBuilder builder)
    {
        if (string.IsNullOrEmpty(builder.Configuration["urls"])) builder.WebHost.UseUrls("http://localhost:5080");
        // A published host has its files beside it; one that was only built finds them where they were built from.
        builder.WebHost.UseStaticWebAssets();
        var services = builder.Services;
        services.AddRazorComponents().AddInteractiveServerComponents();
        services.Configure<CircuitOptions>(o =>
        {
            o.DetailedErrors = false;
            o.JSInteropDefaultCallTimeout = TimeSpan.FromSeconds(20);
            o.DisconnectedCircuitRetentionPeriod = TimeSpan.FromMinutes(3);
            o.DisconnectedCircuitMaxRetained = 200;
        });
        // Files travel by their own way; a message holds typed text and events. The longest text is of 65,536 characters, and JSON
        // writes some of them with six.
        services.Configure<Microsoft.AspNetCore.SignalR.HubOptions>(o => o.MaximumReceiveMessageSize = 512 * 1024);
        services.AddSingleton<IHostLifetime, DrainFirst>();
        // After the drain, which takes five seconds at most.
        services.Configure<HostOptions>(o => o.ShutdownTimeout = TimeSpan.FromSeconds(4));
        services.AddSingleton<CircuitSeats>();
        services.AddSingleton<IPresent>(sp => sp.GetRequiredService<CircuitSeats>());
        services.AddSingleton<CountCircuits>(sp => () => sp.GetRequiredService<CircuitSeats>().Count);
        services.AddScoped<CircuitSeat>();
        services.AddScoped<CircuitHandler, CircuitDoor>();
        services.AddCascadingAuthenticationState();
        services.AddMudServices(o => o.SnackbarConfiguration.PreventDuplicates = true);
        services.AddSingleton<ThemeSheet>();
        services.AddScoped<ShellMenu>();
        services.AddSingleton<HelpPages>();
        services.Configure<RequestLocalizationOptions>(o =>
        {
            o.DefaultRequestCulture = new("pt-BR");
            o.SupportedCultures = o.SupportedUICultures = Languages;
            o.RequestCultureProviders = [new CookieRequestCultureProvider { CookieName = "inforzap-language" }, new AcceptLanguageHeaderRequestCultureProvider()];
        });
    }

    /// <summary>A person who mistyped an address gets a page; programs get their bare answer.</summary>
    public static void UseNotFoundPage(this WebApplication app)
    {
        app.UseStatusCodePagesWithReExecute("/not-found", createScopeForStatusCodePages: true);
        app.Use((context, next) =>
        {
            if (!IsPage(context.Request) && context.Features.Get<IStatusCodePagesFeature>() is { } pages) pages.Enabled = false;
            return next(context);
        });
    }

    /// <summary>A node that goes takes nobody in. A proxy that looks in time asks another one; else the page asks again by itself.</summary>
    public static void UseDrain(this WebApplication app)
    {
        var (drain, t) = (app.Services.GetRequiredService<Drain>(), app.Services.GetRequiredService<IStringLocalizer<Texts>>());
        app.Use((context, next) =>
        {
            if (!drain.IsOn || (!IsPage(context.Request) && !context.Request.Path.StartsWithSegments("/_blazor"))) return next(context);
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            context.Response.Headers.RetryAfter = "2";
            if (!IsPage(context.Request)) return Task.CompletedTask;
            context.Response.Headers.CacheControl = "no-store";
            context.Response.ContentType = "text/html; charset=utf-8";
            return context.Response.WriteAsync($"""
                <!DOCTYPE html>
                <html lang="{CultureInfo.CurrentUICulture.Name}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta http-equiv="refresh" content="2"><title>Inforzap</title></head>
                <body><p>{HtmlEncoder.Default.Encode(t["Leaving"])}</p></body></html>
                """);
        });
    }

    private static bool IsPage(HttpRequest request) =>
        HttpMethods.IsGet(request.Method) && request.Headers.Accept.ToString().Contains("text/html", StringComparison.Ordinal) && !request.Path.StartsWithSegments("/_blazor");

    public static void MapWeb(this WebApplication app)
    {
        app.MapStaticAssets();
        app.MapGet("/theme.css", (ThemeSheet sheet, HttpContext context) => sheet.ServeAsync(context));
        HelpPages.Map(app);
        app.MapRazorComponents<App>()
            .AddAdditionalAssemblies(Modules.Assemblies)
            .AddInteractiveServerRenderMode(o => o.ContentSecurityFrameAncestorsPolicy = null);
        foreach (var module in Modules.All) module.MapEndpoints(app);
    }
}
