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

    private static WebApplication Empty(int port)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        Microsoft.AspNetCore.Hosting.WebHostBuilderKestrelExtensions.UseKestrel(builder.WebHost, o => o.ListenLocalhost(port));
        builder.Services.AddRoutingCore();
        return builder.Build();
    }
}
