using System.Diagnostics;

namespace Inforzap.Scenarios;

/// <summary>The proxy that we give to operators, before the nodes: Caddy with the very file of deploy/.</summary>
internal sealed class Proxy : IAsyncDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("inforzap-proxy-").FullName;
    private readonly HttpClient http = new();
    private Process process = null!;

    public Uri Url { get; } = new($"http://127.0.0.1:{HostProcess.FreePort()}/");

    public static async Task<Proxy> StartAsync(IReadOnlyList<Uri> nodes)
    {
        var proxy = new Proxy();
        var start = new ProcessStartInfo("caddy", ["run", "--config", Path.Combine(HostProcess.Root, "deploy", "Caddyfile"), "--adapter", "caddyfile"]) { RedirectStandardError = true, RedirectStandardOutput = true };
        start.Environment["INFORZAP_SITE"] = proxy.Url.GetLeftPart(UriPartial.Authority);
        start.Environment["INFORZAP_NODES"] = string.Join(' ', nodes.Select(n => n.Authority));
        foreach (var home in new[] { "XDG_DATA_HOME", "XDG_CONFIG_HOME", "HOME" }) start.Environment[home] = proxy.folder;
        proxy.process = Process.Start(start)!;
        proxy.process.ErrorDataReceived += (_, _) => { };
        proxy.process.OutputDataReceived += (_, _) => { };
        proxy.process.BeginErrorReadLine();
        proxy.process.BeginOutputReadLine();
        for (var clock = Stopwatch.StartNew(); ; await Task.Delay(50))
        {
            try
            {
                if ((await proxy.http.GetAsync(new Uri(proxy.Url, "health/live"))).IsSuccessStatusCode) return proxy;
            }
            catch (HttpRequestException) when (clock.Elapsed < TimeSpan.FromSeconds(20) && !proxy.process.HasExited)
            {
                // Not listening yet.
            }
            Assert.True(clock.Elapsed < TimeSpan.FromSeconds(20), "The proxy never found a node.");
        }
    }

    /// <summary>Waits until it takes the node for healthy again: it looks every two seconds.</summary>
    public async Task SeesAsync(Uri node)
    {
        for (var clock = Stopwatch.StartNew(); !(await http.GetAsync(new Uri(node, "health/ready"))).IsSuccessStatusCode; await Task.Delay(100))
            Assert.True(clock.Elapsed < TimeSpan.FromSeconds(30), "The node is not ready.");
        await Task.Delay(3_000);
    }

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        if (!process.HasExited) process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
        Directory.Delete(folder, recursive: true);
    }
}
