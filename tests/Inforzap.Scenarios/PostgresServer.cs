using System.Diagnostics;
using System.Globalization;

namespace Inforzap.Scenarios;

/// <summary>A PostgreSQL of its own, from the system's package, which a scenario may restart. It refuses to run as root, so there its own user runs it.</summary>
internal sealed class PostgresServer : IAsyncDisposable
{
    private static readonly string? Programs = Directory.Exists("/usr/lib/postgresql")
        ? Directory.GetDirectories("/usr/lib/postgresql").Select(d => Path.Combine(d, "bin")).Where(d => File.Exists(Path.Combine(d, "initdb"))).Max() : null;

    private readonly string folder = Directory.CreateTempSubdirectory("inforzap-pg-").FullName;
    private readonly int port = HostProcess.FreePort();

    public string Where => $"Host=127.0.0.1;Port={port};Username=postgres;Database=postgres";

    /// <summary>Whether it can be had here.</summary>
    public static bool IsThere => Programs is not null;

    public static async Task<PostgresServer> StartAsync()
    {
        var server = new PostgresServer();
        if (Environment.IsPrivilegedProcess) await RunAsync("chown", "postgres", server.folder);
        await server.AsOwnerAsync("initdb", "-D", server.Data, "-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8");
        await server.StartAgainAsync();
        return server;
    }

    private string Data => Path.Combine(folder, "data");

    public Task StartAgainAsync() => AsOwnerAsync("pg_ctl", "-D", Data, "-l", Path.Combine(folder, "log"), "-w", "-o",
        string.Create(CultureInfo.InvariantCulture, $"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c max_connections=200"), "start");

    /// <summary>At once, as if the power went.</summary>
    public Task StopAsync() => AsOwnerAsync("pg_ctl", "-D", Data, "-m", "immediate", "stop");

    private Task AsOwnerAsync(string program, params string[] arguments) => Environment.IsPrivilegedProcess
        ? RunAsync("runuser", ["-u", "postgres", "--", Path.Combine(Programs!, program), .. arguments]) : RunAsync(Path.Combine(Programs!, program), arguments);

    private static async Task RunAsync(string program, params string[] arguments)
    {
        // What the server inherits it keeps open: nobody reads from it.
        var start = new ProcessStartInfo("/bin/sh", ["-c", "exec \"$@\" >/dev/null 2>&1 </dev/null", "sh", program, .. arguments]) { WorkingDirectory = "/" };
        using var process = Process.Start(start)!;
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)}: {process.ExitCode}");
    }

    public async ValueTask DisposeAsync()
    {
        Npgsql.NpgsqlConnection.ClearAllPools();
        await StopAsync();
        Directory.Delete(folder, recursive: true);
    }
}
