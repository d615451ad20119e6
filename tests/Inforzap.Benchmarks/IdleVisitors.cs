using System.Buffers.Text;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace Inforzap.Benchmarks;

/// <summary>What it costs that visitors of the chat have its page open and say nothing: every second one wrote once, long ago.</summary>
internal static class IdleVisitors
{
    private const int TargetMegabytes = 50;

    public static async Task<int> RunAsync(Options options)
    {
        Machine.Print();
        await using var store = await Store.MakeAsync(options.Postgres);
        await using var host = await Served.HostAsync(store);
        using var http = new HttpClient { BaseAddress = new Uri(host.Url, "webchat/site/api/") };
        var visitors = Enumerable.Range(0, options.Visitors).Select(_ => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32))).ToArray();
        foreach (var visitor in visitors.Where((_, n) => n % 2 == 0)) await WriteAsync(http, visitor);
        await Pipeline.DrainedAsync(store);
        // What every path costs once, however many take it, is paid before the first look.
        await ForgetAsync(await OpenAsync(host, visitors[..Math.Min(50, visitors.Length)]));

        var before = await SettledAsync(host);
        Report.Megabytes("working set, nobody there", before);
        var open = await OpenAsync(host, visitors);
        var after = await SettledAsync(host);
        Report.Megabytes($"working set, {options.Visitors} visitors there", after);
        var burnt = host.ProcessorTime;
        await Task.Delay(TimeSpan.FromSeconds(20));
        var share = (host.ProcessorTime - burnt).TotalSeconds / 20;
        var there = open.Count(o => o.IsThere);
        await ForgetAsync(open);
        Report.Megabytes("working set, a while after they left", await SettledAsync(host));
        var added = (after - before) / (1 << 20);
        var ok = added < TargetMegabytes && there == options.Visitors;
        Report.Verdict(ok, $"{added:0.0} MB for {options.Visitors} (target below {TargetMegabytes}), {(after - before) / options.Visitors / 1024:0.0} kB each; {there} of them were served; {share:P1} of a core while they wait");
        return ok ? 0 : 1;
    }

    private static async Task WriteAsync(HttpClient http, string visitor)
    {
        while (true)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "messages") { Content = JsonContent.Create(new { id = Guid.NewGuid(), text = "Bom dia!" }) };
            request.Headers.Add("X-Visitor", visitor);
            using var answer = await http.SendAsync(request);
            if (answer.StatusCode != HttpStatusCode.TooManyRequests)
            {
                answer.EnsureSuccessStatusCode();
                return;
            }
            await Task.Delay(500);
        }
    }

    private static async Task<List<Page>> OpenAsync(Served host, IReadOnlyList<string> visitors)
    {
        List<Page> open = [];
        foreach (var visitor in visitors) open.Add(await Page.OpenAsync(host.Url, visitor));
        return open;
    }

    private static async Task ForgetAsync(List<Page> open)
    {
        foreach (var page in open) await page.DisposeAsync();
    }

    /// <summary>
    /// Bytes after full collections, when the process has given back what it gives back. The smallest of some looks: what is used
    /// in passing is not what waiting costs.
    /// </summary>
    private static async Task<double> SettledAsync(Served host)
    {
        await Task.Delay(TimeSpan.FromSeconds(5));
        var smallest = double.MaxValue;
        for (var look = 0; look < 4; look++)
        {
            await host.CollectAsync();
            await Task.Delay(TimeSpan.FromSeconds(3));
            smallest = Math.Min(smallest, host.WorkingSet);
        }
        return smallest;
    }

    /// <summary>One open stream of events.</summary>
    private sealed class Page : IAsyncDisposable
    {
        private readonly Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        private Task reading = Task.CompletedTask;

        /// <summary>It was told all there is, and the line is still open.</summary>
        public bool IsThere => ready && !reading.IsCompleted;

        private volatile bool ready;

        /// <summary>Opens it, waiting while the server says that there are too many at once.</summary>
        public static async Task<Page> OpenAsync(Uri server, string visitor)
        {
            while (true)
            {
                var page = new Page();
                await page.socket.ConnectAsync(IPAddress.Loopback, server.Port);
                await page.socket.SendAsync(Encoding.ASCII.GetBytes($"GET /webchat/site/api/events HTTP/1.1\r\nHost: localhost\r\nX-Visitor: {visitor}\r\n\r\n"));
                var buffer = new byte[2048];
                var read = await page.socket.ReceiveAsync(buffer);
                var answer = Encoding.UTF8.GetString(buffer, 0, read);
                if (answer.StartsWith("HTTP/1.1 200", StringComparison.Ordinal))
                {
                    page.ready = answer.Contains("event: ready", StringComparison.Ordinal);
                    page.reading = page.ReadAsync(buffer);
                    return page;
                }
                await page.DisposeAsync();
                if (!answer.StartsWith("HTTP/1.1 429", StringComparison.Ordinal)) throw new InvalidOperationException(answer);
                await Task.Delay(500);
            }
        }

        private async Task ReadAsync(byte[] buffer)
        {
            try
            {
                while (await socket.ReceiveAsync(buffer) is > 0 and var read)
                    if (Encoding.UTF8.GetString(buffer, 0, read).Contains("event: ready", StringComparison.Ordinal)) ready = true;
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // Closed, by either side.
            }
        }

        public async ValueTask DisposeAsync()
        {
            socket.Dispose();
            await reading;
        }
    }
}
