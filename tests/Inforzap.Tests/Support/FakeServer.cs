using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Inforzap.Tests.Support;

/// <summary>A real server on a free port that records what comes and answers as told: somebody else's API on a bad day.</summary>
public sealed class FakeServer : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly ConcurrentQueue<FakeRequest> requests = new();
    private readonly ConcurrentQueue<FakeAnswer> planned = new();
    private readonly CancellationTokenSource closing = new();

    private FakeServer(WebApplication app) => this.app = app;

    /// <summary>Where it listens, with a slash at the end.</summary>
    public Uri Url { get; private set; } = null!;

    /// <summary>What it answers when nothing is planned.</summary>
    public Func<FakeRequest, FakeAnswer> Otherwise { get; set; } = _ => new FakeAnswer();

    /// <summary>The same for a double that keeps a request waiting; it goes before <see cref="Otherwise"/>. The token ends when the caller hangs up.</summary>
    public Func<FakeRequest, CancellationToken, Task<FakeAnswer>>? OtherwiseAsync { get; set; }

    /// <summary>What came, oldest first.</summary>
    public IReadOnlyList<FakeRequest> Requests => [.. requests];

    /// <summary>Starts it.</summary>
    public static async Task<FakeServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var server = new FakeServer(app);
        app.Run(server.AnswerAsync);
        await app.StartAsync();
        server.Url = new Uri(app.Urls.Single() + "/");
        return server;
    }

    /// <summary>The next requests get these, one each.</summary>
    public void Answer(params IEnumerable<FakeAnswer> answers)
    {
        foreach (var answer in answers) planned.Enqueue(answer);
    }

    /// <summary>Waits for the n-th request.</summary>
    /// <exception cref="TimeoutException">It did not come.</exception>
    public async Task<FakeRequest> RequestAsync(int n = 1, TimeSpan? within = null)
    {
        var end = DateTime.UtcNow + (within ?? TimeSpan.FromSeconds(10));
        while (requests.Count < n)
        {
            if (DateTime.UtcNow > end) throw new TimeoutException($"{requests.Count} of {n} requests came.");
            await Task.Delay(10);
        }
        return requests.ElementAt(n - 1);
    }

    private async Task AnswerAsync(HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        var request = new FakeRequest(http.Request.Method, http.Request.Path + http.Request.QueryString,
            http.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase), body.ToArray());
        requests.Enqueue(request);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(closing.Token, http.RequestAborted);
        try
        {
            var answer = planned.TryDequeue(out var next) ? next : OtherwiseAsync is { } answers ? await answers(request, stop.Token) : Otherwise(request);
            if (answer.Delay > TimeSpan.Zero) await Task.Delay(answer.Delay, stop.Token);
            if (answer.Drops)
            {
                http.Abort();
                return;
            }
            await WriteAsync(http, answer, stop.Token);
        }
        catch (OperationCanceledException)
        {
            http.Abort();
        }
    }

    private static async Task WriteAsync(HttpContext http, FakeAnswer answer, CancellationToken ct)
    {
        var bytes = answer.Bytes ?? Encoding.UTF8.GetBytes(answer.Body);
        http.Response.StatusCode = answer.Status;
        http.Response.ContentType = answer.ContentType;
        foreach (var (name, value) in answer.Headers) http.Response.Headers[name] = value;
        http.Response.ContentLength = bytes.Length;
        var sent = answer.CutAfter ?? bytes.Length;
        if (answer.BytesPerSecond is not { } pace) await http.Response.Body.WriteAsync(bytes.AsMemory(0, sent), ct);
        else
            for (var at = 0; at < sent; at += Math.Max(1, pace / 10))
            {
                await http.Response.Body.WriteAsync(bytes.AsMemory(at, Math.Min(Math.Max(1, pace / 10), sent - at)), ct);
                await http.Response.Body.FlushAsync(ct);
                await Task.Delay(100, ct);
            }
        if (answer.CutAfter is null) return;
        await http.Response.Body.FlushAsync(ct);
        http.Abort();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await closing.CancelAsync();
        await app.DisposeAsync();
        closing.Dispose();
    }
}

/// <summary>What came.</summary>
public sealed record FakeRequest(string Method, string Path, IReadOnlyDictionary<string, string> Headers, byte[] Bytes)
{
    /// <summary>The body as text.</summary>
    public string Body => Encoding.UTF8.GetString(Bytes);
}

/// <summary>What it gets.</summary>
public sealed record FakeAnswer(int Status = 200, string Body = "{}")
{
    /// <summary>Of the body.</summary>
    public string ContentType { get; init; } = "application/json";
    /// <summary>Further headers.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();
    /// <summary>The body, when it is no text.</summary>
    public byte[]? Bytes { get; init; }
    /// <summary>How long it thinks first.</summary>
    public TimeSpan Delay { get; init; }
    /// <summary>Reads the request and hangs up: nobody knows what it did with it.</summary>
    public bool Drops { get; init; }
    /// <summary>Promises the whole body, and hangs up after so many bytes.</summary>
    public int? CutAfter { get; init; }
    /// <summary>Drips the body.</summary>
    public int? BytesPerSecond { get; init; }

    /// <summary>Hangs up after reading.</summary>
    public static FakeAnswer Drop { get; } = new() { Drops = true };
}
