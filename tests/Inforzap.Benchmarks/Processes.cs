using System.Diagnostics;
using System.Diagnostics.Tracing;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Diagnostics.NETCore.Client;

namespace Inforzap.Benchmarks;

/// <summary>A process that serves HTTP on loopback, stopped again when it is disposed.</summary>
internal sealed class Served : IAsyncDisposable
{
    private const int SigTerm = 15;
    private readonly Process process;

    private Served(Process process, Uri url) => (this.process, Url) = (process, url);

    public Uri Url { get; }

    public int Id => process.Id;

    /// <summary>Bytes in memory now.</summary>
    public long WorkingSet
    {
        get
        {
            process.Refresh();
            return process.WorkingSet64;
        }
    }

    /// <summary>What it burnt so far, on all cores.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            process.Refresh();
            return process.TotalProcessorTime;
        }
    }

    /// <summary>Files, sockets and whatever else it holds open.</summary>
    public int Handles => Directory.EnumerateFileSystemEntries($"/proc/{Id}/fd").Count();

    /// <summary>Threads of the operating system.</summary>
    public int Threads => Directory.EnumerateDirectories($"/proc/{Id}/task").Count();

    /// <summary>Makes it collect all garbage: a listener with this keyword has the runtime do so.</summary>
    public async Task CollectAsync()
    {
        const long heapCollect = 0x800000;
        using var session = await new DiagnosticsClient(Id).StartEventPipeSessionAsync(
            [new EventPipeProvider("Microsoft-Windows-DotNETRuntime", EventLevel.Informational, heapCollect)], requestRundown: false, 1, CancellationToken.None);
        var reading = session.EventStream.CopyToAsync(Stream.Null);
        await Task.Delay(TimeSpan.FromSeconds(1));
        await session.StopAsync(CancellationToken.None);
        await reading;
    }

    /// <summary>Bytes on its heap after the last collection, all generations, as its metrics tell.</summary>
    public Task<double> HeapAsync() => MetricAsync("dotnet_gc_last_collection_heap_size_bytes");

    /// <summary>How long it compiled so far, in seconds. What is used much is compiled anew, better, for minutes after the start.</summary>
    public Task<double> CompilingAsync() => MetricAsync("dotnet_jit_compilation_time_seconds_total");

    private async Task<double> MetricAsync(string name)
    {
        using var http = new HttpClient();
        var lines = (await http.GetStringAsync(new Uri(Url, "metrics"))).Split('\n').Where(l => l.StartsWith(name + "{", StringComparison.Ordinal)).ToList();
        if (lines.Count == 0) throw new InvalidOperationException($"The host's metrics say nothing of {name}.");
        return lines.Sum(l => double.Parse(l[(l.LastIndexOf('}') + 1)..].Trim().Split(' ')[0], CultureInfo.InvariantCulture));
    }

    /// <summary>The product, from its own build, with a channel whose webhooks are signed and a chat for visitors.</summary>
    public static Task<Served> HostAsync(Store store, bool paused = false, string? program = null, IReadOnlyDictionary<string, string>? more = null) =>
        StartAsync(program ?? Path.Combine(Published, "Inforzap.Host.dll"), [], "health/ready", new(store.Settings.Concat(Webhook.Channel).Concat(more ?? new Dictionary<string, string>()))
        {
            ["Plugins__Root"] = Path.Combine(Root, "artifacts/plugins"),
            ["INFORZAP_ADMIN_EMAIL"] = "bench@example.test",
            ["INFORZAP_ADMIN_PASSWORD"] = "Banco-de-provas-2026",
            ["Channels__bench__Name"] = "Bench",
            ["Channels__site__Provider"] = "webchat",
            ["Channels__site__Name"] = "Site",
            ["Lanes__Paused"] = paused ? "true" : "false",
            ["Logging__LogLevel__Default"] = "Warning",
        });

    private static string Published => Path.Combine(Root, "artifacts/benchmarks");

    /// <summary>Publishes the host as run.sh does, compiled ahead. Before anything is measured: it burns every core.</summary>
    public static void Publish()
    {
        Console.WriteLine("Publishing the host");
        var start = new ProcessStartInfo("dotnet") { WorkingDirectory = Root };
        foreach (var argument in (string[])["publish", "src/Host/Inforzap.Host.csproj", "-c", "Release", "--use-current-runtime", "--self-contained", "false", "-p:PublishReadyToRun=true", "-o", Published, "-v", "q", "-nologo"])
            start.ArgumentList.Add(argument);
        using var publish = Process.Start(start)!;
        publish.WaitForExit();
        if (publish.ExitCode != 0) throw new InvalidOperationException("The host can't be published.");
    }

    /// <summary>A mode of this program.</summary>
    public static Task<Served> BareAsync(string mode, int? port = null) =>
        StartAsync(Path.Combine(AppContext.BaseDirectory, "Inforzap.Benchmarks.dll"), [mode], "", [], port);

    private static async Task<Served> StartAsync(string dll, string[] arguments, string ready, Dictionary<string, string> environment, int? at = null)
    {
        var port = at ?? FreePort();
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(dll);
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        if (arguments.Length > 0) start.ArgumentList.Add(port.ToString(CultureInfo.InvariantCulture));
        start.Environment["ASPNETCORE_URLS"] = $"http://127.0.0.1:{port}";
        foreach (var (name, value) in environment) start.Environment[name] = value;
        var process = Process.Start(start)!;
        var tail = new System.Collections.Concurrent.ConcurrentQueue<string>();
        void Keep(object sender, DataReceivedEventArgs e)
        {
            if (e.Data is null) return;
            tail.Enqueue(e.Data);
            if (tail.Count > 40) tail.TryDequeue(out _);
        }
        process.OutputDataReceived += Keep;
        process.ErrorDataReceived += Keep;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var url = new Uri($"http://127.0.0.1:{port}/");
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < TimeSpan.FromSeconds(60))
        {
            if (process.HasExited) throw new InvalidOperationException(string.Join(Environment.NewLine, tail));
            try
            {
                if ((await http.GetAsync(new Uri(url, ready))).IsSuccessStatusCode) return new Served(process, url) { ReadyAfter = clock.Elapsed };
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }
            await Task.Delay(20);
        }
        process.Kill(entireProcessTree: true);
        throw new TimeoutException(string.Join(Environment.NewLine, tail));
    }

    /// <summary>From start to the first good answer.</summary>
    public TimeSpan ReadyAfter { get; private init; }

    /// <summary>Asks it to stop, and measures how long it takes.</summary>
    public async Task<TimeSpan> StopAsync()
    {
        var clock = Stopwatch.StartNew();
        if (!process.HasExited) _ = Kill(process.Id, SigTerm);
        await process.WaitForExitAsync();
        return clock.Elapsed;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        process.Dispose();
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Kill(int pid, int signal);

    public static string Root { get; } = FindRoot();

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Inforzap.sln"))) folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("Inforzap.sln was not found above this program.");
    }

    /// <summary>One that nobody listens at now.</summary>
    public static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
