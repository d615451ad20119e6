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
                var port = FreePort();
                silo.UseLocalhostClustering(port, gatewayPort: 0, primarySiloEndpoint: new IPEndPoint(IPAddress.Loopback, port));
                silo.Configure<EndpointOptions>(o => o.GatewayPort = 0);
                return;
            }
            var siloPort = configuration.GetValue("Cluster:SiloPort", 11111);
            RequireFree(siloPort);
            silo.UseRedisClustering(redis);
            silo.ConfigureEndpoints(IPAddress.Parse(configuration["Cluster:AdvertisedAddress"] ?? "127.0.0.1"), siloPort, gatewayPort: 0, listenOnAnyHostAddress: true);
        });
    }

    /// <summary>Asks the system for a port; default ports would silently be shared by two processes.</summary>
    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    private static void RequireFree(int port)
    {
        try
        {
            using var probe = new TcpListener(IPAddress.Any, port);
            probe.ExclusiveAddressUse = true;
            probe.Start();
        }
        catch (SocketException)
        {
            throw new InvalidOperationException($"Port {port} is in use. Choose another one in Cluster__SiloPort.");
        }
    }
}
