using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Inforzap.Scenarios;

/// <summary>The product in a process of its own, as an operator would start it.</summary>
internal sealed class HostProcess : IAsyncDisposable
{
    // A crowded machine takes its time; a host that hangs is found all the same.
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(120);

    private readonly Process process;
    private readonly ConcurrentQueue<string> output = new();

    private HostProcess(Process process, Uri url) => (this.process, Url) = (process, url);

    public Uri Url { get; }

    public HttpClient Http { get; } = new() { Timeout = TimeSpan.FromSeconds(30) };

    public IReadOnlyCollection<string> Output => output;

    public bool HasExited => process.HasExited;

    /// <summary>Starts it and waits until it is ready, or until it died at a failpoint.</summary>
    public static Task<HostProcess> StartAsync(IReadOnlyDictionary<string, string> environment, params string[] arguments) => StartAsync(FreePort(), environment, arguments);

    /// <summary>Starts it once more where it was, for those who still look there.</summary>
    public Task<HostProcess> AgainAsync(IReadOnlyDictionary<string, string> environment) => StartAsync(Url.Port, environment, []);

    private static string Dll => Path.Combine(Root, "src", "Host", "bin", "Debug", "net10.0", "Inforzap.Host.dll");

    private static async Task<HostProcess> StartAsync(int port, IReadOnlyDictionary<string, string> environment, string[] arguments)
    {
        var host = Launch([Dll, .. arguments], environment, port);
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < StartLimit)
        {
            if (host.HasExited) return host;
            try
            {
                if ((await host.Http.GetAsync(new Uri(host.Url, "health/ready"))).IsSuccessStatusCode) return host;
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }
            await Task.Delay(50);
        }
        await host.DisposeAsync();
        throw new TimeoutException(string.Join(Environment.NewLine, host.output));
    }

    /// <summary>Runs one act of a scenario and waits for its end.</summary>
    public static async Task<int> ActAsync(IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        await using var act = Launch([Path.Combine(AppContext.BaseDirectory, "Inforzap.Scenarios.dll"), "act", .. arguments], environment, 0);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(180));
        await act.process.WaitForExitAsync(limit.Token);
        return act.process.ExitCode == 0 || act.output.Any(l => l.StartsWith("failpoint", StringComparison.Ordinal)) ? act.process.ExitCode
            : throw new InvalidOperationException(string.Join(Environment.NewLine, act.output));
    }

    /// <summary>Runs one of its commands, beside whatever runs already, and says what it wrote.</summary>
    public static async Task<IReadOnlyCollection<string>> CommandAsync(IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        await using var command = Launch([Dll, .. arguments], environment, 0);
        Assert.True(await command.DiesAsync(TimeSpan.FromSeconds(60)), "The command never ended.");
        Assert.True(command.process.ExitCode == 0, string.Join(Environment.NewLine, command.output));
        return command.Output;
    }

    private static HostProcess Launch(string[] arguments, IReadOnlyDictionary<string, string> environment, int port)
    {
        var start = new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["ASPNETCORE_URLS"] = $"http://127.0.0.1:{port}";
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Production";
        foreach (var (name, value) in environment) start.Environment[name] = value;
        var host = new HostProcess(Process.Start(start)!, new Uri($"http://127.0.0.1:{port}/"));
        void Keep(object sender, DataReceivedEventArgs e)
        {
            if (e.Data is not null) host.output.Enqueue(e.Data);
        }
        host.process.OutputDataReceived += Keep;
        host.process.ErrorDataReceived += Keep;
        host.process.BeginOutputReadLine();
        host.process.BeginErrorReadLine();
        return host;
    }

    /// <summary>Waits for a line on its console.</summary>
    public async Task<string> SaysAsync(string part)
    {
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < TimeSpan.FromSeconds(20))
        {
            if (output.FirstOrDefault(l => l.Contains(part, StringComparison.Ordinal)) is { } line) return line;
            await Task.Delay(50);
        }
        throw new TimeoutException($"It did not say '{part}':{Environment.NewLine}{string.Join(Environment.NewLine, output)}");
    }

    /// <summary>Waits until it dies by itself.</summary>
    public async Task<bool> DiesAsync(TimeSpan within)
    {
        using var limit = new CancellationTokenSource(within);
        try
        {
            await process.WaitForExitAsync(limit.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>Asks it to stop, as an operator does, and does not wait.</summary>
    public void Stop()
    {
        if (!process.HasExited) _ = Kill(process.Id, 15);
    }

    /// <summary>Stops it as an operator does.</summary>
    public async Task StopAsync()
    {
        Stop();
        if (!await DiesAsync(TimeSpan.FromSeconds(20))) process.Kill(entireProcessTree: true);
    }

    /// <summary>As if the power went.</summary>
    public async Task KillAsync()
    {
        if (!process.HasExited) process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited) process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync();
        process.Dispose();
        Http.Dispose();
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Kill(int pid, int signal);

    public static string Root { get; } = FindRoot();

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Inforzap.sln"))) folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("Inforzap.sln was not found above the tests.");
    }

    internal static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
