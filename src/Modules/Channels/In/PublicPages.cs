using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Threading.RateLimiting;
using Inforzap.Channels.Plugins;
using Inforzap.Contracts.Tickets;
using Inforzap.Files;
using Inforzap.Http;
using Inforzap.Live;
using Inforzap.Plugins;
using Inforzap.Requests;
using Inforzap.Sdk;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Extensions.Hosting;

namespace Inforzap.Channels.In;

/// <summary>
/// <c>/webchat/{channelKey}/**</c>: pages for customers that a plugin brings. Files with a policy of their own, calls under a
/// visitor's token; no cookie, no session, no circuit.
/// </summary>
internal sealed class PublicPages(
    ChannelDirectory channels, FileStore files, SystemMediator mediator, LiveHints live, IHostApplicationLifetime lifetime, ILogger<PublicPages> log) : IDisposable
{
    private const int MaxCall = 64 * 1024;
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(25);
    private static readonly FileExtensionContentTypeProvider Types = new();
    private static readonly byte[] Beat = ": \n\n"u8.ToArray();

    private readonly PartitionedRateLimiter<string> calls = Limiter(120, TimeSpan.FromSeconds(30));
    private readonly PartitionedRateLimiter<string> sessions = Limiter(20, TimeSpan.FromMinutes(1));
    private readonly PartitionedRateLimiter<string> addresses = Limiter(600, TimeSpan.FromSeconds(30));

    public static void Map(IEndpointRouteBuilder routes)
    {
        var pages = routes.ServiceProvider.GetRequiredService<PublicPages>();
        routes.Map("/webchat/{channelKey}/{**path}", (RequestDelegate)pages.ServeAsync).AllowAnonymous().DisableAntiforgery().ExcludeFromDescription();
    }

    public void Dispose()
    {
        calls.Dispose();
        sessions.Dispose();
        addresses.Dispose();
    }

    private static PartitionedRateLimiter<string> Limiter(int tokens, TimeSpan per) => PartitionedRateLimiter.Create<string, string>(key =>
        RateLimitPartition.GetTokenBucketLimiter(key, _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = tokens, TokensPerPeriod = Math.Max(1, tokens / 10), ReplenishmentPeriod = per / 10, AutoReplenishment = true,
        }));

    private async Task ServeAsync(HttpContext http)
    {
        var key = (string)http.Request.RouteValues["channelKey"]!;
        var path = http.Request.RouteValues["path"] as string ?? "";
        if (channels.Live(key) is not { IsUp: true, Driver: { Adapter: IPublicPage page } driver } channel)
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        var on = channel.On(channels.PublicUrl);
        var origins = page.AllowedOrigins(on);
        Headers(http, origins);
        if (path.StartsWith("api/", StringComparison.Ordinal)) await CallAsync(http, page, driver, on, origins, path["api/".Length..]);
        else await FileAsync(http, driver.Kind.Plugin, path);
    }

    // ---- Files ----

    private static void Headers(HttpContext http, IReadOnlyList<string> origins)
    {
        var headers = http.Response.Headers;
        var ancestors = origins.Contains("*") ? "*" : string.Join(' ', origins.Prepend("'self'"));
        headers.ContentSecurityPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; "
            + $"font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors {ancestors}";
        headers.XContentTypeOptions = "nosniff";
        headers.Remove("X-Frame-Options");
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Resource-Policy"] = "cross-origin";
    }

    private static async Task FileAsync(HttpContext http, Plugin plugin, string path)
    {
        if (!HttpMethods.IsGet(http.Request.Method) && !HttpMethods.IsHead(http.Request.Method))
        {
            http.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            return;
        }
        // Addresses in the page are relative to its folder.
        if (path.Length == 0 && !http.Request.Path.Value!.EndsWith('/'))
        {
            http.Response.Redirect(http.Request.Path.Value + "/" + http.Request.QueryString, permanent: false);
            return;
        }
        if (path.Length == 0) path = "index.html";
        if (path.Contains('\0', StringComparison.Ordinal))
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        var root = Path.GetFullPath(Path.Combine(plugin.Folder, "wwwroot")) + Path.DirectorySeparatorChar;
        var file = new FileInfo(Path.GetFullPath(Path.Combine(root, path)));
        if (!file.FullName.StartsWith(root, StringComparison.Ordinal) || !file.Exists || file.LinkTarget is not null || !Types.TryGetContentType(file.Name, out var type))
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        var tag = $"\"{file.Length:x}-{file.LastWriteTimeUtc.Ticks:x}\"";
        http.Response.Headers.ETag = tag;
        http.Response.Headers.CacheControl = "no-cache";
        if (http.Request.Headers.IfNoneMatch == tag)
        {
            http.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }
        http.Response.ContentType = type.StartsWith("text/", StringComparison.Ordinal) ? type + "; charset=utf-8" : type;
        await http.Response.SendFileAsync(file.FullName, http.RequestAborted);
    }

    // ---- Calls ----

    private async Task CallAsync(HttpContext http, IPublicPage page, Driver driver, ChannelRef on, IReadOnlyList<string> origins, string path)
    {
        Cors(http, origins);
        if (HttpMethods.IsOptions(http.Request.Method))
        {
            http.Response.StatusCode = StatusCodes.Status204NoContent;
            return;
        }
        var visitor = http.Request.Headers["X-Visitor"].ToString() is { Length: > 0 and <= 200 } token ? token : null;
        if (!MayCall(http, path, visitor)) return;
        var isFile = HttpMethods.IsPost(http.Request.Method) && path == "files";
        var limit = isFile ? files.MaxBytes : MaxCall;
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = limit;
        if (http.Request.ContentLength > limit)
        {
            http.Response.StatusCode = StatusCodes.Status413PayloadTooLarge;
            return;
        }
        var request = new PageRequest(http.Request.Method, path,
            http.Request.Query.ToDictionary(q => q.Key, q => q.Value.Count > 0 ? q.Value[0] ?? "" : "", StringComparer.Ordinal), visitor,
            Uri.UnescapeDataString(http.Request.Headers["X-File-Name"].ToString()), http.Request.ContentType, http.Request.Body);
        PageReply reply;
        try
        {
            // A file takes as long as the visitor's line is slow; the server's own limits hold for that.
            reply = isFile ? await page.HandleAsync(on, request, http.RequestAborted)
                : await driver.Page.RunAsync(ct => page.HandleAsync(on, request, ct), IsOurs, http.RequestAborted);
        }
        catch (Exception e) when (!http.RequestAborted.IsCancellationRequested)
        {
            Answer(http, e, on.Key);
            return;
        }
        await WriteAsync(http, reply, on);
    }

    private bool MayCall(HttpContext http, string path, string? visitor)
    {
        var address = Callers.Of(http);
        using var byAddress = addresses.AttemptAcquire(address);
        using var bySession = path == "session" ? sessions.AttemptAcquire(address) : null;
        // Of the token only a hash is kept, also in memory.
        using var byVisitor = visitor is null ? null : calls.AttemptAcquire(Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(visitor))));
        if (byAddress.IsAcquired && bySession is not { IsAcquired: false } && byVisitor is not { IsAcquired: false }) return true;
        http.Response.StatusCode = StatusCodes.Status429TooManyRequests;
        http.Response.Headers.RetryAfter = "5";
        return false;
    }

    private static void Cors(HttpContext http, IReadOnlyList<string> origins)
    {
        http.Response.Headers.Vary = "Origin";
        http.Response.Headers.CacheControl = "no-store";
        var origin = http.Request.Headers.Origin.ToString();
        if (origin.Length == 0 || !(origins.Contains("*") || origins.Contains(origin, StringComparer.OrdinalIgnoreCase))) return;
        http.Response.Headers.AccessControlAllowOrigin = origin;
        http.Response.Headers.AccessControlAllowHeaders = "X-Visitor, X-File-Name, Content-Type";
        http.Response.Headers.AccessControlAllowMethods = "GET, POST";
        http.Response.Headers.AccessControlMaxAge = "600";
    }

    private static bool IsOurs(Exception e) => e is JsonException or InboxFullException or BadEventException or MediaTooLargeException or BadHttpRequestException or IOException;

    private void Answer(HttpContext http, Exception e, string key)
    {
        if (http.Response.HasStarted) return;
        http.Response.StatusCode = e switch
        {
            JsonException or BadEventException => StatusCodes.Status400BadRequest,
            MediaTooLargeException => StatusCodes.Status413PayloadTooLarge,
            BadHttpRequestException bad => bad.StatusCode,
            InboxFullException or PluginShutException => StatusCodes.Status503ServiceUnavailable,
            TimeoutException => StatusCodes.Status504GatewayTimeout,
            _ => StatusCodes.Status500InternalServerError,
        };
        if (!IsOurs(e)) log.LogWarning("A page of channel {Channel} failed: {Exception}", key, Telemetry.Describe(e));
    }

    private async Task WriteAsync(HttpContext http, PageReply reply, ChannelRef on)
    {
        switch (reply)
        {
            case PageJson json:
                http.Response.StatusCode = json.Code;
                await http.Response.WriteAsJsonAsync(json.Body, json.Body.GetType(), JsonSerializerOptions.Web, http.RequestAborted);
                break;
            case PageStatus status:
                http.Response.StatusCode = status.Code;
                break;
            case PageFile file when await mediator.Send(new FindFile(file.FileId), http.RequestAborted) is { } stored && files.Exists(stored.Id):
                await new SafeFile(files.Open(stored.Id), stored.MimeType, stored.Name).ExecuteAsync(http);
                break;
            case PageFile:
                http.Response.StatusCode = StatusCodes.Status404NotFound;
                break;
            case PageEvents events:
                await StreamAsync(http, events, on);
                break;
        }
    }

    // ---- Events ----

    /// <summary>
    /// Writes what is new on connect, on each hint, and now and then without one. A visitor who only waits costs a socket, one
    /// subscription and this state machine.
    /// </summary>
    private async Task StreamAsync(HttpContext http, PageEvents events, ChannelRef on)
    {
        http.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        http.Response.ContentType = "text/event-stream";
        http.Response.Headers["X-Accel-Buffering"] = "no";
        // A host that stops does not wait for visitors; their browsers connect again.
        using var either = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, lifetime.ApplicationStopping);
        var ct = either.Token;
        using var hints = new Hints();
        IDisposable? watching = null, listening = null;
        string? topic = null;
        try
        {
            await http.Response.Body.FlushAsync(ct);
            while (!ct.IsCancellationRequested)
            {
                // A visitor who never wrote has no conversation yet; their first message makes it.
                if (topic is null && (topic = await mediator.Send(new ConversationTopic(on.Id, events.Address), ct)) is not null)
                {
                    watching = live.On([topic], _ => hints.Hint());
                    if (events.OnTyping is not null) listening = live.Hear([Topics.AgentTyping(topic)], what => hints.Type(what is true));
                }
                foreach (var happened in await events.Next(ct)) await SendAsync(http, happened, ct);
                if (hints.TakeTyping() is { } types) await SendAsync(http, events.OnTyping!(types), ct);
                await http.Response.Body.FlushAsync(ct);
                if (await hints.WaitAsync(topic is null ? TimeSpan.FromSeconds(2) : Heartbeat, ct)) continue;
                await http.Response.Body.WriteAsync(Beat, ct);
            }
        }
        catch (Exception e) when (ct.IsCancellationRequested || e is IOException or OperationCanceledException)
        {
            http.Abort();
        }
        finally
        {
            watching?.Dispose();
            listening?.Dispose();
        }
    }

    private static async Task SendAsync(HttpContext http, PageEvent happened, CancellationToken ct)
    {
        var text = new StringBuilder();
        if (happened.Id is { } id) text.Append(CultureInfo.InvariantCulture, $"id: {id}\n");
        text.Append(CultureInfo.InvariantCulture, $"event: {happened.Name}\ndata: {JsonSerializer.Serialize(happened.Data, happened.Data.GetType(), JsonSerializerOptions.Web)}\n\n");
        await http.Response.WriteAsync(text.ToString(), ct);
    }

    /// <summary>Hints that came while nobody waited are one.</summary>
    private sealed class Hints : IDisposable
    {
        private readonly SemaphoreSlim signal = new(0, 1);
        private int typing = -1;

        public void Dispose() => signal.Dispose();

        public void Hint()
        {
            lock (signal) if (signal.CurrentCount == 0) signal.Release();
        }

        public void Type(bool types)
        {
            Volatile.Write(ref typing, types ? 1 : 0);
            Hint();
        }

        public bool? TakeTyping() => Interlocked.Exchange(ref typing, -1) switch { 1 => true, 0 => false, _ => null };

        public Task<bool> WaitAsync(TimeSpan time, CancellationToken ct) => signal.WaitAsync(time, ct);
    }
}
