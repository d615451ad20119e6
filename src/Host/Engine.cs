using System.Net;
using System.Net.Sockets;
using Inforzap.Data;
using Inforzap.Sessions;
using Orleans.Configuration;

namespace Inforzap.Host;

/// <summary>The distributed engine, inside the host.</summary>
internal static class Engine
{
    /// <summary>Alone: loopback and a port that is free now. With <c>Cluster__Redis</c>: members find each other there.</summary>
    public static void AddEngine(this WebApplicationBuilder builder)
    {
        var configuration = builder.Configuration;
        var redis = configuration["Cluster:Redis"];
        if (!string.IsNullOrEmpty(redis) && DatabaseSettings.From(configuration).Provider == DatabaseProvider.Sqlite)
            throw new InvalidOperationException("Cluster__Redis is for several nodes, and they can't share an embedded database. Set Database__Provider and ConnectionStrings__Inforzap, or leave Cluster__Redis out.");
        builder.Host.UseOrleans(silo =>
        {
            silo.Configure<ClusterOptions>(o => (o.ClusterId, o.ServiceId) = ("inforzap", "inforzap"));
            silo.AddSessionDirectory();
            silo.Configure<ClusterMembershipOptions>(o =>
            {
                o.ProbeTimeout = TimeSpan.FromSeconds(2);
                o.NumMissedProbesLimit = 2;
                o.NumVotesForDeathDeclaration = 1;
            });
            if (string.IsNullOrEmpty(redis))
            {
                var free = FreePort();
                silo.UseLocalhostClustering(free, gatewayPort: 0, primarySiloEndpoint: new IPEndPoint(IPAddress.Loopback, free));
                silo.Configure<EndpointOptions>(o => o.GatewayPort = 0);
                return;
            }
            var port = configuration.GetValue("Cluster:SiloPort", 11111);
            silo.Services.AddHostedService(_ => new PortCheck(port));
            silo.UseRedisClustering(redis);
            // Asked for when the engine starts, so that --backup runs beside a node that runs.
            silo.Configure<EndpointOptions>(o =>
            {
                (o.AdvertisedIPAddress, o.SiloPort, o.GatewayPort) = (AddressOf(configuration["Cluster:AdvertisedAddress"]), port, 0);
                o.SiloListeningEndpoint = new IPEndPoint(IPAddress.Any, port);
            });
        });
    }

    /// <summary>
    /// An address, or a name that is looked up once, at the start: a container's address is given anew each time. With nothing said, all
    /// nodes are on this machine.
    /// </summary>
    internal static IPAddress AddressOf(string? said)
    {
        if (string.IsNullOrWhiteSpace(said)) return IPAddress.Loopback;
        if (IPAddress.TryParse(said, out var address)) return address;
        IPAddress[] found;
        try
        {
            found = Dns.GetHostAddresses(said, AddressFamily.InterNetwork);
        }
        catch (SocketException)
        {
            throw new InvalidOperationException($"Cluster__AdvertisedAddress is '{said}': neither an address nor a name that this machine knows an IPv4 address of.");
        }
        // Debian gives a machine's own name an address that only this machine reaches.
        return found.FirstOrDefault(a => !IPAddress.IsLoopback(a) || said == "localhost")
            ?? throw new InvalidOperationException($"Cluster__AdvertisedAddress is '{said}', which is {string.Join(", ", found.AsEnumerable())} here: no other machine reaches that. Say this machine's address in the private network.");
    }

    /// <summary>Asks the system for a port; default ports would silently be shared by two processes.</summary>
    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    /// <summary>Says that the port between nodes is taken, before the engine would share it silently.</summary>
    private sealed class PortCheck(int port) : IHostedLifecycleService
    {
        public Task StartingAsync(CancellationToken cancellationToken)
        {
            try
            {
                using var probe = new TcpListener(IPAddress.Any, port);
                probe.ExclusiveAddressUse = true;
                probe.Start();
                return Task.CompletedTask;
            }
            catch (SocketException)
            {
                throw new InvalidOperationException($"Port {port} is in use. Choose another one in Cluster__SiloPort.");
            }
        }

        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;
        public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
        public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;
        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
        public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
