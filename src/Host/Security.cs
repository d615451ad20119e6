using System.Net;
using System.Threading.RateLimiting;
using Inforzap.Http;
using Microsoft.AspNetCore.HttpOverrides;

namespace Inforzap.Host;

/// <summary>What stands between the network and the screens.</summary>
internal static class Security
{
    /// <summary>Pages where strangers may write: each address gets so many tries a minute.</summary>
    private static readonly PathString[] StrangersWrite = ["/sign-in", "/setup", "/invite", "/csp"];
    private const int StrangersPerMinute = 30;

    public static void AddSecurity(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        builder.WebHost.ConfigureKestrel(o => o.AddServerHeader = false);
        services.AddSingleton<PolicyReports>();
        services.AddAntiforgery(o =>
        {
            o.Cookie.Name = "inforzap-form";
            o.Cookie.SameSite = SameSiteMode.Strict;
            o.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
            o.SuppressXFrameOptionsHeader = true;
        });
        services.AddRateLimiter(o =>
        {
            o.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
            o.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(context =>
                HttpMethods.IsPost(context.Request.Method) && StrangersWrite.Any(p => context.Request.Path.StartsWithSegments(p))
                    ? RateLimitPartition.GetFixedWindowLimiter(Callers.Of(context), _ => new() { PermitLimit = StrangersPerMinute, Window = TimeSpan.FromMinutes(1) })
                    : RateLimitPartition.GetNoLimiter(""));
        });
        services.Configure<ForwardedHeadersOptions>(o =>
        {
            o.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost;
            o.KnownIPNetworks.Clear();
            o.KnownProxies.Clear();
            foreach (var known in builder.Configuration.GetSection("Proxy:Known").Get<string[]>() ?? [])
                if (IPAddress.TryParse(known, out var address)) o.KnownProxies.Add(address);
                else o.KnownIPNetworks.Add(System.Net.IPNetwork.Parse(known));
        });
    }

    /// <summary>Forwarded headers from known proxies only; with none known, nobody's.</summary>
    public static void UseKnownProxies(this WebApplication app)
    {
        if (app.Configuration.GetSection("Proxy:Known").Exists()) app.UseForwardedHeaders();
    }

    /// <summary>
    /// Headers of every answer. Pages hold no inline script and no style element, so the policy needs no nonce; style
    /// attributes are the one concession, since MudBlazor writes them. Plugins' pages and media bring policies of their own.
    /// </summary>
    public static void UseSecurityHeaders(this WebApplication app) => app.Use((context, next) =>
    {
        context.Response.OnStarting(() =>
        {
            var headers = context.Response.Headers;
            headers.XContentTypeOptions = "nosniff";
            headers.TryAdd("Referrer-Policy", "same-origin");
            headers.TryAdd("Permissions-Policy", "camera=(), geolocation=(), payment=(), usb=(), microphone=(self)");
            headers.TryAdd("Cross-Origin-Opener-Policy", "same-origin");
            if (context.Request.IsHttps) headers.TryAdd("Strict-Transport-Security", "max-age=31536000");
            if (context.Response.ContentType?.StartsWith("text/html", StringComparison.Ordinal) != true) return Task.CompletedTask;
            // Browsers take the newer way over https only, and then leave the older one alone.
            if (context.Request.IsHttps) headers.TryAdd("Reporting-Endpoints", "csp=\"/csp\"");
            headers.TryAdd("Content-Security-Policy", Policy(context.Request.Host) + (context.Request.IsHttps ? "; report-to csp" : ""));
            return Task.CompletedTask;
        });
        return next(context);
    });

    /// <summary>
    /// Circuits are for signed-in people who come from our own pages: a WebSocket must name this very origin, whatever
    /// cookies the browser sends along.
    /// </summary>
    public static void UseCircuitGuard(this WebApplication app) => app.UseWhen(c => c.Request.Path.StartsWithSegments("/_blazor"), circuits => circuits.Use((context, next) =>
    {
        var request = context.Request;
        var origin = request.Headers.Origin.ToString();
        var own = Uri.TryCreate(origin, UriKind.Absolute, out var from) && from.Scheme == request.Scheme
            && string.Equals(from.Authority, request.Host.Value, StringComparison.OrdinalIgnoreCase);
        // Asked of the headers: the request is made a WebSocket only where the circuit takes it.
        var isSocket = request.Headers.Upgrade.ToString().Contains("websocket", StringComparison.OrdinalIgnoreCase);
        if (!own && (origin.Length > 0 || isSocket || !HttpMethods.IsGet(request.Method)))
            return Refuse(context, StatusCodes.Status403Forbidden);
        return context.User.Identity?.IsAuthenticated == true ? next(context) : Refuse(context, StatusCodes.Status401Unauthorized);
    }));

    /// <summary>Counts what browsers report of the policy; tests want none.</summary>
    public static void MapPolicyReports(this WebApplication app) =>
        app.MapPost("/csp", async (HttpContext context, PolicyReports reports) =>
        {
            var body = new byte[4096];
            var read = await context.Request.Body.ReadAtLeastAsync(body, body.Length, throwOnEndOfStream: false, context.RequestAborted);
            reports.Add(body.AsSpan(0, read));
            return Results.NoContent();
        });

    private static string Policy(HostString host) =>
        "default-src 'self'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; img-src 'self' data: blob:; "
        + $"media-src 'self' blob:; font-src 'self'; connect-src 'self' ws://{host} wss://{host}; object-src 'none'; base-uri 'self'; "
        + "form-action 'self'; frame-ancestors 'none'; manifest-src 'self'; report-uri /csp";

    private static Task Refuse(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    }
}

/// <summary>How often a browser reported that a page broke its policy.</summary>
public sealed class PolicyReports(ILogger<PolicyReports> log)
{
    private long count;

    /// <summary>Since the start.</summary>
    public long Count => Interlocked.Read(ref count);

    internal void Add(ReadOnlySpan<byte> report)
    {
        Interlocked.Increment(ref count);
        log.LogWarning("A page broke the content security policy: {Directive}", Directive(report));
    }

    // Addresses may hold tokens: only the name of the directive is kept.
    private static string Directive(ReadOnlySpan<byte> report)
    {
        try
        {
            var reader = new System.Text.Json.Utf8JsonReader(report);
            while (reader.Read())
                if (reader.TokenType == System.Text.Json.JsonTokenType.PropertyName && (reader.ValueTextEquals("effective-directive"u8) || reader.ValueTextEquals("effectiveDirective"u8)) && reader.Read()
                    && reader.GetString() is { Length: < 60 } name && name.All(c => char.IsAsciiLetter(c) || c == '-')) return name;
        }
        catch (Exception e) when (e is System.Text.Json.JsonException or InvalidOperationException)
        {
            return "unreadable report";
        }
        return "unknown directive";
    }
}
