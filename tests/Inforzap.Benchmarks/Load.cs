using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Inforzap.Benchmarks;

/// <summary>Signed webhooks over so many connections, each waiting for its answer.</summary>
internal sealed class Load(Uri server, int connections, int conversations)
{
    public const string Secret = "bench-secret-0123456789abcdef";
    public const string SignatureHeader = "X-Echo-Signature";
    private static readonly byte[] Key = Encoding.UTF8.GetBytes(Secret);
    private static long last;

    /// <summary>Ids of events that were answered 200.</summary>
    public ConcurrentBag<string> Accepted { get; } = [];

    public sealed record Result(double PerSecond, TimeSpan P50, TimeSpan P99, int Refused);

    /// <summary>Sends for so long; the warm-up is sent too, but not measured.</summary>
    public async Task<Result> RunAsync(TimeSpan warmup, TimeSpan measured)
    {
        using var handler = new SocketsHttpHandler { MaxConnectionsPerServer = connections, UseProxy = false, UseCookies = false };
        using var http = new HttpClient(handler) { BaseAddress = server };
        var times = new ConcurrentBag<List<long>>();
        var refused = 0;
        var begin = Stopwatch.GetTimestamp();
        var from = begin + (long)(warmup.TotalSeconds * Stopwatch.Frequency);
        var to = from + (long)(measured.TotalSeconds * Stopwatch.Frequency);
        await Task.WhenAll(Enumerable.Range(0, connections).Select(_ => Task.Run(async () =>
        {
            var mine = new List<long>(200_000);
            times.Add(mine);
            while (true)
            {
                var started = Stopwatch.GetTimestamp();
                if (started >= to) return;
                var id = Interlocked.Increment(ref last).ToString(CultureInfo.InvariantCulture);
                using var request = Request(id, conversations);
                try
                {
                    using var response = await http.SendAsync(request);
                    if (response.IsSuccessStatusCode) Accepted.Add(id);
                    else Interlocked.Increment(ref refused);
                }
                catch (HttpRequestException)
                {
                    Interlocked.Increment(ref refused);
                }
                var ended = Stopwatch.GetTimestamp();
                if (started >= from && ended <= to) mine.Add(ended - started);
            }
        })));
        var all = times.SelectMany(t => t).Order().ToArray();
        return new(all.Length / measured.TotalSeconds, At(all, 0.5), At(all, 0.99), refused);
    }

    public static byte[] Body(string id, int conversations)
    {
        var from = 5511900000000 + (long.Parse(id, CultureInfo.InvariantCulture) % conversations);
        return Encoding.UTF8.GetBytes($$"""{"events":[{"type":"message","id":"b-{{id}}","from":"{{from}}","name":"Cliente {{from % 1000}}","text":"Bom dia, gostaria de saber o prazo de entrega do pedido {{id}} para Campinas, por favor."}]}""");
    }

    private static HttpRequestMessage Request(string id, int conversations)
    {
        var body = Body(id, conversations);
        var request = new HttpRequestMessage(HttpMethod.Post, "hooks/bench") { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new("application/json");
        request.Headers.Add(SignatureHeader, Convert.ToHexStringLower(HMACSHA256.HashData(Key, body)));
        return request;
    }

    private static TimeSpan At(long[] sorted, double share) =>
        sorted.Length == 0 ? TimeSpan.Zero : Stopwatch.GetElapsedTime(0, sorted[Math.Min(sorted.Length - 1, (int)(sorted.Length * share))]);
}
