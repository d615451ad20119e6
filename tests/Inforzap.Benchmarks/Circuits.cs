using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text.RegularExpressions;

namespace Inforzap.Benchmarks;

/// <summary>Somebody who signed in by the form, as a browser does.</summary>
internal sealed partial class Browser : IDisposable
{
    private readonly SocketsHttpHandler handler;

    private Browser(Uri server, int number)
    {
        Server = server;
        handler = new SocketsHttpHandler { CookieContainer = Cookies, AllowAutoRedirect = false, ConnectCallback = (context, ct) => ConnectAsync(context, number, ct) };
        Http = new HttpClient(handler) { BaseAddress = server };
    }

    public Uri Server { get; }

    public CookieContainer Cookies { get; } = new();

    public HttpClient Http { get; }

    /// <summary>Nobody in particular.</summary>
    public static Browser Of(Uri server) => new(server, 0);

    public static async Task<Browser> SignInAsync(Uri server, int number, string email, string password)
    {
        var browser = new Browser(server, number);
        var form = await browser.Http.GetStringAsync("sign-in");
        var fields = Hidden().Matches(form).Select(m => KeyValuePair.Create(WebUtility.HtmlDecode(m.Groups[1].Value), WebUtility.HtmlDecode(m.Groups[2].Value)))
            .Append(new("Input.Email", email)).Append(new("Input.Password", password));
        using var content = new FormUrlEncodedContent(fields);
        using var answer = await browser.Http.PostAsync("sign-in", content);
        return answer.StatusCode == HttpStatusCode.Redirect ? browser : throw new InvalidOperationException($"{email} was not let in: {(int)answer.StatusCode}.");
    }

    /// <summary>Each from an address of their own: the sign-in page gives an address so many tries a minute.</summary>
    private static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, int number, CancellationToken ct)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Bind(new IPEndPoint(new IPAddress([127, 0, (byte)(1 + (number / 250)), (byte)(1 + (number % 250))]), 0));
        await socket.ConnectAsync(IPAddress.Loopback, context.DnsEndPoint.Port, ct);
        return new NetworkStream(socket, ownsSocket: true);
    }

    public void Dispose()
    {
        Http.Dispose();
        handler.Dispose();
    }

    [GeneratedRegex("<input type=\"hidden\" name=\"([^\"]+)\" value=\"([^\"]*)\"")]
    private static partial Regex Hidden();
}

/// <summary>
/// An open page without a browser: it gets the page, starts its circuit over a WebSocket, takes what is drawn without drawing it,
/// and answers what scripts would answer.
/// </summary>
internal sealed partial class Circuit : IAsyncDisposable
{
    private readonly Browser browser;
    private readonly ClientWebSocket socket = new();
    private readonly SemaphoreSlim sending = new(1);
    private readonly bool isLookedAt;
    private readonly Action<ReadOnlyMemory<byte>>? onBatch;
    private readonly TaskCompletionSource drawn = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<string?> started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource gone = new();
    private Task running = Task.CompletedTask;
    private string? id;
    private long lastObject;
    private int batches;

    private Circuit(Browser browser, bool isLookedAt, Action<ReadOnlyMemory<byte>>? onBatch) => (this.browser, this.isLookedAt, this.onBatch) = (browser, isLookedAt, onBatch);

    /// <summary>Render batches that came so far.</summary>
    public int Batches => Volatile.Read(ref batches);

    /// <summary>Why it ended by itself, if it did.</summary>
    public string? Failure { get; private set; }

    /// <param name="browser">Whose.</param>
    /// <param name="path">Which page.</param>
    /// <param name="isLookedAt">The page is in front, as the browser says when it is asked.</param>
    /// <param name="onBatch">Gets each render batch, before it is acknowledged.</param>
    public static async Task<Circuit> OpenAsync(Browser browser, string path, bool isLookedAt, Action<ReadOnlyMemory<byte>>? onBatch = null)
    {
        var page = new Uri(browser.Server, path);
        var html = await browser.Http.GetStringAsync(page);
        var markers = Marker().Matches(html).Select(m => m.Groups[1].Value).Where(m => m.Contains("\"descriptor\"", StringComparison.Ordinal)).ToList();
        if (markers.Count == 0) throw new InvalidOperationException($"{path} is no page with a circuit.");
        var state = State().Match(html).Groups[1].Value;
        var circuit = new Circuit(browser, isLookedAt, onBatch);
        try
        {
            await circuit.StartAsync(page, markers, state);
            return circuit;
        }
        catch
        {
            await circuit.DisposeAsync();
            throw;
        }
    }

    private async Task StartAsync(Uri page, List<string> markers, string state)
    {
        socket.Options.Cookies = browser.Cookies;
        socket.Options.SetRequestHeader("Origin", browser.Server.GetLeftPart(UriPartial.Authority));
        // Browsers offer it, so the server pays for it.
        socket.Options.DangerousDeflateOptions = new WebSocketDeflateOptions();
        await socket.ConnectAsync(new UriBuilder(browser.Server) { Scheme = "ws", Path = "/_blazor" }.Uri, gone.Token);
        await SendAsync(BlazorPack.Handshake);
        running = Task.WhenAll(ReadAsync(), PingAsync());
        await SendAsync(BlazorPack.Call("1", "StartCircuit", browser.Server.ToString(), page.ToString(), "[]", state));
        id = await started.Task.WaitAsync(TimeSpan.FromSeconds(60)) ?? throw new InvalidOperationException("The circuit was refused.");
        var operations = string.Join(',', markers.Select((marker, n) => $$"""{"type":"add","ssrComponentId":{{n + 1}},"marker":{{marker}}}"""));
        await SendAsync(BlazorPack.Call(null, "UpdateRootComponents", $$"""{"batchId":1,"operations":[{{operations}}]}""", state));
        await drawn.Task.WaitAsync(TimeSpan.FromSeconds(60));
    }

    private async Task ReadAsync()
    {
        var buffer = new byte[32 * 1024];
        var (length, shaken) = (0, false);
        try
        {
            while (true)
            {
                if (length == buffer.Length) Array.Resize(ref buffer, 2 * length);
                var got = await socket.ReceiveAsync(buffer.AsMemory(length), gone.Token);
                if (got.MessageType == WebSocketMessageType.Close) throw new WebSocketException("The server closed.");
                length += got.Count;
                ReadOnlyMemory<byte> rest = buffer.AsMemory(0, length);
                if (!shaken)
                {
                    var end = rest.Span.IndexOf((byte)0x1E);
                    if (end < 0) continue;
                    shaken = true;
                    rest = rest[(end + 1)..];
                }
                while (BlazorPack.Next(ref rest) is { } message) await HandleAsync(message);
                rest.CopyTo(buffer);
                length = rest.Length;
            }
        }
        catch (Exception e)
        {
            if (!gone.IsCancellationRequested) Failure ??= e.Message;
            started.TrySetException(new InvalidOperationException(Failure ?? "It was closed."));
            drawn.TrySetException(new InvalidOperationException(Failure ?? "It was closed."));
            await gone.CancelAsync();
        }
    }

    /// <summary>A server that hears nothing for half a minute gives its client up.</summary>
    private async Task PingAsync()
    {
        try
        {
            using var timer = new PeriodicTimer(TimeSpan.FromSeconds(10));
            while (await timer.WaitForNextTickAsync(gone.Token)) await SendAsync(BlazorPack.Ping);
        }
        catch (Exception) when (gone.IsCancellationRequested)
        {
            // Closed.
        }
    }

    private async ValueTask HandleAsync(object?[] message)
    {
        switch (message)
        {
            case [1L, _, _, "JS.RenderBatch", object?[] and [long number, ReadOnlyMemory<byte> batch], ..]:
                Interlocked.Increment(ref batches);
                onBatch?.Invoke(batch);
                await SendAsync(BlazorPack.Call(null, "OnRenderCompleted", number, null));
                break;
            case [1L, _, _, "JS.EndUpdateRootComponents", ..]:
                drawn.TrySetResult();
                break;
            case [1L, _, _, "JS.BeginInvokeJS", object?[] and [long handle, string function, _, long kind, ..], ..]:
                if (handle != 0) await SendAsync(BlazorPack.Call(null, "EndInvokeJSFromDotNet", handle, true, $"[{handle},true,{Answer(function, kind)}]"));
                break;
            case [1L, _, _, "JS.Error", object?[] and [var said], ..]:
                throw new InvalidOperationException($"{said}");
            case [3L, _, "1", 3L, var circuit]:
                started.TrySetResult(circuit as string);
                break;
            case [3L, _, "1", .. var error]:
                throw new InvalidOperationException($"The circuit did not start: {error[^1]}");
            case [7L, ..]:
                throw new InvalidOperationException($"The server says good-bye: {message.ElementAtOrDefault(1)}");
        }
    }

    /// <summary>What a wide window would say.</summary>
    private string Answer(string function, long kind) => kind switch
    {
        1 => $$"""{"__jsObjectId":{{++lastObject}}}""",
        0 => function switch
        {
            "isVisible" => isLookedAt ? "true" : "false",
            "start" => "true",
            "mudpopoverHelper.countProviders" => "1",
            _ => "null",
        },
        _ => "null",
    };

    private async Task SendAsync(byte[] message)
    {
        await sending.WaitAsync(gone.Token);
        try
        {
            await socket.SendAsync(message, WebSocketMessageType.Binary, true, gone.Token);
        }
        finally
        {
            sending.Release();
        }
    }

    /// <summary>Goes away without a word, as a telephone does that loses its network: the server keeps its circuit for a while.</summary>
    public async Task DropAsync()
    {
        await gone.CancelAsync();
        socket.Abort();
        await EndedAsync();
    }

    /// <summary>Goes away as a browser does whose page is closed.</summary>
    public async ValueTask DisposeAsync()
    {
        if (id is not null && Failure is null)
        {
            using var goodBye = new HttpRequestMessage(HttpMethod.Post, "_blazor/disconnect");
            using var form = new MultipartFormDataContent { { new StringContent(id), "circuitId" } };
            goodBye.Content = form;
            goodBye.Headers.Add("Origin", browser.Server.GetLeftPart(UriPartial.Authority));
            using var answer = await browser.Http.SendAsync(goodBye);
        }
        await DropAsync();
    }

    private async Task EndedAsync()
    {
        try
        {
            await running;
        }
        catch (Exception e) when (e is OperationCanceledException or WebSocketException or ObjectDisposedException)
        {
            // It was cut while it sent.
        }
        socket.Dispose();
    }

    [GeneratedRegex("<!--Blazor:(\\{.*?\\})-->", RegexOptions.Singleline)]
    private static partial Regex Marker();

    [GeneratedRegex("<!--Blazor-Server-Component-State:(.*?)-->", RegexOptions.Singleline)]
    private static partial Regex State();
}
