using System.Buffers;
using System.Collections.Frozen;
using System.IO.Pipelines;
using System.Text.Json;
using Inforzap.Channels.Watch;
using Inforzap.Contracts.Channels;
using Inforzap.Plugins;
using Inforzap.Sdk;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Builder;

namespace Inforzap.Channels.In;

/// <summary><c>/hooks/{channelKey}/**</c>: hands the raw request to the channel's adapter. No session, no cookie, no antiforgery.</summary>
internal sealed class Webhooks(ChannelDirectory channels, ChannelLog diary, StrangersAtHooks strangers, TimeProvider clock, ILogger<Webhooks> log)
{
    private const int MaxBody = 5 * 1024 * 1024;
    private static readonly TimeSpan TimeToRead = TimeSpan.FromSeconds(10);

    public static void Map(IEndpointRouteBuilder routes)
    {
        // Made once; the route's delegate is all that runs per request: sessions, languages and pages are none of a provider's business.
        var hooks = routes.ServiceProvider.GetRequiredService<Webhooks>();
        routes.Map("/hooks/{channelKey}/{**rest}", (RequestDelegate)hooks.ReceiveAsync).AllowAnonymous().DisableAntiforgery().ExcludeFromDescription().ShortCircuit();
    }

    private async Task ReceiveAsync(HttpContext http)
    {
        // Nothing stands before this route, so what every answer carries is said here too.
        (http.Response.Headers.XContentTypeOptions, http.Response.Headers["Referrer-Policy"]) = ("nosniff", "same-origin");
        if (strangers.MustWait(http)) return;
        await TakeAsync(http);
        if (http.Response.StatusCode is >= StatusCodes.Status400BadRequest and < StatusCodes.Status500InternalServerError) strangers.Refused(http);
    }

    private async Task TakeAsync(HttpContext http)
    {
        var key = (string)http.Request.RouteValues["channelKey"]!;
        if (channels.Live(key) is not { IsUp: true, Driver: { Adapter: IWebhook webhook } driver } channel)
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        if (await ReadAsync(http) is not { } body) return;
        var request = new WebhookRequest(http.Request.Method, http.Request.RouteValues["rest"] as string ?? "", Query(http.Request.Query), Headers(http.Request.Headers), body);
        WebhookReply reply;
        try
        {
            reply = await driver.Webhooks.RunAsync(ct => webhook.ReceiveAsync(channel.On(channels.PublicUrl), request, ct), IsOurs, http.RequestAborted);
        }
        catch (Exception e)
        {
            Answer(http, e, channel.Info);
            return;
        }
        // What was not taken is not kept either: anybody may have sent it.
        if (reply.Status >= StatusCodes.Status400BadRequest) Note(channel.Info.Id, reply.Status, null);
        if (reply.Status == StatusCodes.Status200OK) http.Response.OnCompleted(AfterAnswer);
        http.Response.StatusCode = reply.Status;
        if (reply.Body is not { Length: > 0 } text) return;
        http.Response.ContentType = reply.ContentType.StartsWith("text/plain", StringComparison.Ordinal) ? "text/plain; charset=utf-8" : "application/json; charset=utf-8";
        await http.Response.WriteAsync(text, http.RequestAborted);
    }

    private static Task AfterAnswer()
    {
        Fail.Point(Fail.At.InAfter200);
        return Task.CompletedTask;
    }

    /// <summary>What says something about the sender or about us, and nothing about the plugin.</summary>
    private static bool IsOurs(Exception e) => e is JsonException or InboxFullException or BadEventException;

    private void Note(Guid channelId, int status, string? detail) => diary.Add(channelId, "webhook", $"HTTP {status}", detail);

    private void Answer(HttpContext http, Exception e, ChannelInfo channel)
    {
        if (http.RequestAborted.IsCancellationRequested) return;
        (http.Response.StatusCode, var after) = e switch
        {
            JsonException or BadEventException => (StatusCodes.Status400BadRequest, (int?)null),
            InboxFullException => (StatusCodes.Status503ServiceUnavailable, 5),
            PluginShutException shut => (StatusCodes.Status503ServiceUnavailable, (int)Math.Ceiling(shut.After.TotalSeconds)),
            TimeoutException => (StatusCodes.Status504GatewayTimeout, null),
            _ => (StatusCodes.Status500InternalServerError, null),
        };
        if (after is { } seconds) http.Response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        // Types only: a message of an exception may quote the body.
        if (!IsOurs(e)) log.LogWarning("Webhook of channel {Channel} failed: {Exception}", channel.Key, e.GetType().Name);
        Note(channel.Id, http.Response.StatusCode, e.GetType().Name);
    }

    /// <summary>The whole body, or null when an answer was given: too large, too slow, gone.</summary>
    private async Task<ReadOnlyMemory<byte>?> ReadAsync(HttpContext http)
    {
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit) limit.MaxRequestBodySize = MaxBody;
        if (http.Request.ContentLength > MaxBody)
        {
            http.Response.StatusCode = StatusCodes.Status413PayloadTooLarge;
            return null;
        }
        try
        {
            if (IsThere(http.Request.BodyReader, out var body)) return body;
            using var time = new CancellationTokenSource(TimeToRead, clock);
            using var deadline = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, time.Token);
            return await ReadAllAsync(http.Request.BodyReader, deadline.Token);
        }
        catch (BadHttpRequestException e)
        {
            http.Response.StatusCode = e.StatusCode;
        }
        catch (OperationCanceledException)
        {
            http.Response.StatusCode = StatusCodes.Status408RequestTimeout;
            http.Response.Headers.Connection = "close";
        }
        catch (IOException)
        {
            http.Abort();
        }
        return null;
    }

    /// <summary>Most bodies come with their head, and nobody has to look at the clock.</summary>
    private static bool IsThere(PipeReader reader, out ReadOnlyMemory<byte> body)
    {
        body = default;
        if (!reader.TryRead(out var read)) return false;
        if (read is { IsCompleted: true, IsCanceled: false } && read.Buffer.Length <= MaxBody)
        {
            body = Take(reader, read);
            return true;
        }
        reader.AdvanceTo(read.Buffer.Start, read.Buffer.Start);
        return false;
    }

    private static async Task<ReadOnlyMemory<byte>> ReadAllAsync(PipeReader reader, CancellationToken ct)
    {
        while (true)
        {
            var read = await reader.ReadAsync(ct);
            if (read.Buffer.Length > MaxBody) throw new BadHttpRequestException("too large", StatusCodes.Status413PayloadTooLarge);
            if (read.IsCompleted) return Take(reader, read);
            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    private static ReadOnlyMemory<byte> Take(PipeReader reader, ReadResult read)
    {
        var body = read.Buffer.ToArray();
        reader.AdvanceTo(read.Buffer.End);
        return body;
    }

    /// <summary>Copied: a plugin that is left behind must not look into the next request of the connection.</summary>
    private static Dictionary<string, string> Headers(IHeaderDictionary headers)
    {
        var copy = new Dictionary<string, string>(headers.Count, StringComparer.OrdinalIgnoreCase);
        foreach (var (name, values) in headers) copy[name] = values.ToString();
        return copy;
    }

    private static IReadOnlyDictionary<string, string> Query(IQueryCollection query) =>
        query.Count == 0 ? FrozenDictionary<string, string>.Empty : query.ToDictionary(q => q.Key, q => q.Value.Count > 0 ? q.Value[0] ?? "" : "", StringComparer.Ordinal);
}
