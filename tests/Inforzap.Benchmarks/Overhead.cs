using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Inforzap.Http;
using Inforzap.Sdk;
using Inforzap.Security;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Configuration;

namespace Inforzap.Benchmarks;

/// <summary>
/// B12: what guarding costs beside the call that it guards: the checked HTTP client, the check of a signature, and a token that lies
/// encrypted in the database. Each may take a tenth of a bare call over loopback, or 200 µs.
/// </summary>
internal static class Overhead
{
    private const int Block = 500;
    private static readonly TimeSpan Allowed = TimeSpan.FromMicroseconds(200);

    public static async Task<int> RunAsync(Options options)
    {
        Machine.Print();
        await using var server = await Served.BareAsync("bare-hello");
        using var bare = new HttpClient(new SocketsHttpHandler { UseProxy = false, UseCookies = false, AllowAutoRedirect = false, ActivityHeadersPropagator = null });
        using var http = new SafeHttp(new ConfigurationBuilder().AddInMemoryCollection([new("Http:Allow:0", server.Url.Authority)]).Build());
        using var safe = http.Create();
        var (plain, guarded) = await CompareAsync(options.Count, () => AskAsync(bare, server.Url), () => AskAsync(safe, server.Url));
        Report.Each("bare HttpClient, loopback", plain);
        Report.Each("SafeHttp, the same", guarded);

        // As a provider's message comes: a kilobyte, and a header that says whose it is.
        var body = RandomNumberGenerator.GetBytes(1024);
        var key = Encoding.UTF8.GetBytes(Webhook.Secret);
        var request = new WebhookRequest("POST", "", new Dictionary<string, string>(), new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
        {
            [Webhook.SignatureHeader] = Convert.ToHexStringLower(HMACSHA256.HashData(key, body)),
        }, body);
        Report.Each("bare HMAC-SHA256 of 1 kB", Repeat(options.Count, () => HMACSHA256.HashData(key, body)));
        var signature = Repeat(options.Count, () => Right(request.HasHmacSha256(Webhook.SignatureHeader, Webhook.Secret)));
        Report.Each("check of its signature", signature);

        var folder = Directory.CreateTempSubdirectory("inforzap-bench-");
        try
        {
            var token = new string('t', 200);
            using var aes = new AesGcm(RandomNumberGenerator.GetBytes(32), 16);
            var (text, cipher, tag, nonce) = (Encoding.UTF8.GetBytes(token), new byte[token.Length], new byte[16], new byte[12]);
            Report.Each("bare AES-GCM of 200 bytes", Repeat(options.Count, () => aes.Encrypt(nonce, text, cipher, tag)));
            var secrets = new Secrets(DataProtectionProvider.Create(folder));
            var kept = secrets.Protect("channel/bench/Token", token);
            var closing = Repeat(options.Count, () => secrets.Protect("channel/bench/Token", token));
            Report.Each("a token encrypted", closing);
            var opening = Repeat(options.Count, () => Right(secrets.Unprotect("channel/bench/Token", kept) == token));
            Report.Each("a token decrypted", opening);

            var limit = TimeSpan.FromTicks(Math.Max(Allowed.Ticks, plain.Ticks / 10));
            var good = true;
            foreach (var (what, cost) in new[] { ("SafeHttp", guarded - plain), ("signature", signature), ("encryption", closing), ("decryption", opening) })
            {
                Report.Verdict(cost <= limit, $"{what} {cost.TotalMicroseconds:0.0} µs, {cost / plain:P1} of the bare call (target 10 % or 200 µs)");
                good &= cost <= limit;
            }
            return good ? 0 : 1;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task AskAsync(HttpClient http, Uri server)
    {
        using var answer = await http.GetAsync(server);
        Right(answer.IsSuccessStatusCode);
    }

    /// <summary>The two by turns, so that whatever else happens on the machine happens to both; the middle of the blocks.</summary>
    private static async Task<(TimeSpan First, TimeSpan Second)> CompareAsync(int count, Func<Task> first, Func<Task> second)
    {
        await TimeAsync(first);
        await TimeAsync(second);
        List<TimeSpan> one = [], two = [];
        for (var n = 0; n < Math.Max(1, count / Block); n++)
        {
            one.Add(await TimeAsync(first));
            two.Add(await TimeAsync(second));
        }
        return (Report.At(one, 0.5), Report.At(two, 0.5));
    }

    private static async Task<TimeSpan> TimeAsync(Func<Task> call)
    {
        var clock = Stopwatch.StartNew();
        for (var n = 0; n < Block; n++) await call();
        return clock.Elapsed / Block;
    }

    private static TimeSpan Repeat(int count, Action what)
    {
        for (var n = 0; n < Block; n++) what();
        var clock = Stopwatch.StartNew();
        for (var n = 0; n < count; n++) what();
        return clock.Elapsed / count;
    }

    private static void Right(bool works)
    {
        if (!works) throw new InvalidOperationException("What is measured does not work.");
    }
}
