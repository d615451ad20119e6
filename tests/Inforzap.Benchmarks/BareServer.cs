using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Inforzap.Benchmarks;

/// <summary>What the machine can do at most: bare Kestrel.</summary>
internal static class BareServer
{
    /// <summary>Reads the body, checks its signature, answers 200.</summary>
    public static async Task<int> HmacAsync(int port, bool asMeta)
    {
        Webhook.IsWaba = asMeta;
        var app = Empty(port);
        var key = Encoding.UTF8.GetBytes(Webhook.Secret);
        app.MapGet("/", () => "ready");
        app.MapPost("/hooks/bench", async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            var mac = HMACSHA256.HashData(key, body.GetBuffer().AsSpan(0, (int)body.Length));
            var given = Convert.FromHexString(context.Request.Headers[Webhook.SignatureHeader].ToString().AsSpan(Webhook.SignaturePrefix.Length));
            context.Response.StatusCode = CryptographicOperations.FixedTimeEquals(mac, given) ? 200 : 403;
        });
        await app.RunAsync();
        return 0;
    }

    /// <summary>Answers.</summary>
    public static async Task<int> HelloAsync(int port)
    {
        var app = Empty(port);
        app.MapGet("/", () => "hello");
        await app.RunAsync();
        return 0;
    }

    /// <summary>
    /// Takes what a channel sends and answers at once; while it is told to fail, with 503. It tells of which messages it was called,
    /// and forgets what it told.
    /// </summary>
    public static async Task<int> ProviderAsync(int port)
    {
        var app = Empty(port);
        var calls = new ConcurrentQueue<Guid>();
        var (failing, last) = (false, 0L);
        app.MapGet("/", () => "ready");
        app.MapPost("/send", async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            calls.Enqueue(MessageOf(body.GetBuffer().AsSpan(0, (int)body.Length)));
            if (Volatile.Read(ref failing))
            {
                context.Response.StatusCode = 503;
                return;
            }
            context.Response.ContentType = "application/json";
            await context.Response.Body.WriteAsync(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $$"""{"id":"p-{{Interlocked.Increment(ref last)}}"}""")));
        });
        app.MapPost("/fail/{on}", (HttpContext context) => Volatile.Write(ref failing, (string?)context.Request.RouteValues["on"] == "true"));
        app.MapGet("/calls", (HttpContext context) =>
        {
            var told = new StringBuilder();
            while (calls.TryDequeue(out var message)) told.AppendLine(message.ToString());
            return context.Response.WriteAsync(told.ToString());
        });
        await app.RunAsync();
        return 0;
    }

    private static Guid MessageOf(ReadOnlySpan<byte> body)
    {
        var at = body.IndexOf("\"messageId\":\""u8);
        return at >= 0 && Utf8Parser.TryParse(body[(at + 13)..], out Guid id, out _) ? id : Guid.Empty;
    }

    private static WebApplication Empty(int port)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        Microsoft.AspNetCore.Hosting.WebHostBuilderKestrelExtensions.UseKestrel(builder.WebHost, o => o.ListenLocalhost(port));
        builder.Services.AddRoutingCore();
        return builder.Build();
    }
}
