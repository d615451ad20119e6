using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace Inforzap.Scenarios.Support;

/// <summary>The whole product in a process of its own, which may be killed: a folder of data outlives it.</summary>
public sealed class HostProcess : IAsyncDisposable
{
    private readonly Process process;
    private readonly ConcurrentQueue<string> lines = new();

    private HostProcess(Process process, Uri url) => (this.process, Url) = (process, url);

    /// <summary>Where it serves.</summary>
    public Uri Url { get; }

    /// <summary>What it printed.</summary>
    public IReadOnlyCollection<string> Lines => lines;

    /// <summary>Whether it ended by itself.</summary>
    public bool HasExited => process.HasExited;

    /// <summary>Starts it and waits until it is ready.</summary>
    /// <param name="folder">Its data.</param>
    /// <param name="settings">Environment variables, such as <c>FAILPOINT</c> or <c>Channels__webchat__Provider</c>.</param>
    /// <exception cref="InvalidOperationException">It ended instead; the text is what it printed.</exception>
    public static async Task<HostProcess> StartAsync(string folder, IReadOnlyDictionary<string, string>? settings = null, params string[] arguments)
    {
        var url = new Uri($"http://127.0.0.1:{FreePort()}/");
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "Inforzap.Host.dll"));
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        start.Environment["ASPNETCORE_URLS"] = url.ToString();
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Production";
        start.Environment["Data__Root"] = folder;
        start.Environment["Plugins__Root"] = Path.Combine(Root, "artifacts", "plugins");
        foreach (var (name, value) in settings ?? new Dictionary<string, string>()) start.Environment[name] = value;
        var host = new HostProcess(Process.Start(start)!, url);
        host.process.OutputDataReceived += (_, e) => host.Keep(e.Data);
        host.process.ErrorDataReceived += (_, e) => host.Keep(e.Data);
        host.process.BeginOutputReadLine();
        host.process.BeginErrorReadLine();
        try
        {
            await host.UntilReadyAsync();
            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    /// <summary>The first line that matches, now or soon.</summary>
    public async Task<Match> LineAsync(Regex pattern, TimeSpan? within = null)
    {
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed < (within ?? TimeSpan.FromSeconds(30)))
        {
            if (lines.Select(l => pattern.Match(l)).FirstOrDefault(m => m.Success) is { } match) return match;
            await Task.Delay(50);
        }
        throw new TimeoutException($"The host did not print {pattern}:\n{string.Join('\n', lines)}");
    }

    /// <summary>Waits until it ended by itself, as at a failpoint.</summary>
    public Task ExitedAsync(TimeSpan? within = null) => process.WaitForExitAsync().WaitAsync(within ?? TimeSpan.FromSeconds(30));

    /// <summary>Ends it at once, as a power cut would.</summary>
    public async Task KillAsync()
    {
        if (!process.HasExited) process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        process.Dispose();
    }

    /// <summary>The repository.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>A port that nobody listens on now.</summary>
    public static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    private async Task UntilReadyAsync()
    {
        using var http = new HttpClient { BaseAddress = Url, Timeout = TimeSpan.FromSeconds(5) };
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed < TimeSpan.FromSeconds(90))
        {
            if (process.HasExited) break;
            try
            {
                if ((await http.GetAsync("health/ready")).IsSuccessStatusCode) return;
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
            {
                // It does not listen yet.
            }
            await Task.Delay(100);
        }
        throw new InvalidOperationException($"The host did not become ready:\n{string.Join('\n', lines)}");
    }

    private void Keep(string? line)
    {
        if (line is not null) lines.Enqueue(line);
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Inforzap.sln"))) folder = folder.Parent ?? throw new InvalidOperationException("The tests run inside the repository.");
        return folder.FullName;
    }
}
