using Inforzap.Contracts.Channels;
using Inforzap.Plugins;
using Inforzap.Sdk;

namespace Inforzap.Host.Seed;

/// <summary>Somebody writes every 20 seconds: now a new visitor, now one who waits.</summary>
internal sealed class DemoVisitor(PluginCatalog plugins, IChannelDirectory channels, ILogger<DemoVisitor> log) : BackgroundService
{
    private readonly Random random = new();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var names = DemoTalks.Customers(random).GetEnumerator();
        var visitors = new List<(Guid Channel, Address Address)>();
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(20));
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            var pages = channels.All.Where(c => c.Kind == "webchat").ToList();
            if (pages.Count == 0 || plugins.InboxOf("webchat") is not { } inbox) continue;
            var again = visitors.Count > 0 && random.Next(3) > 0;
            if (!again && names.MoveNext()) visitors.Add((pages[random.Next(pages.Count)].Id, Demo.AddressOf(names.Current, 0, random)));
            var (channel, address) = again ? visitors[random.Next(visitors.Count)] : visitors[^1];
            var lines = again ? DemoTalks.FollowUps : DemoTalks.Openings;
            var message = new InboundMessage(channel, Guid.CreateVersion7().ToString("N"), address, new TextContent(lines[random.Next(lines.Length)])) { At = DateTime.UtcNow };
            try
            {
                await inbox.DeliverAsync(message, stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                log.LogWarning("The demo's visitor was not heard: {Exception}", e.GetType().Name);
            }
        }
    }
}

/// <summary>The demo, when <c>--demo</c> is given.</summary>
internal static class DemoSetup
{
    /// <summary>Its own folder, its conversations, and its visitor; before the kernel is added.</summary>
    public static async Task AddDemoAsync(this WebApplicationBuilder builder, string[] args)
    {
        if (!args.Contains("--demo")) return;
        var root = Path.GetFullPath(builder.Configuration["Demo:Root"] ?? "demo-data");
        // Made beside its place: one that was not finished is not taken for one.
        var making = root.TrimEnd(Path.DirectorySeparatorChar) + ".making";
        if (!Directory.Exists(root) || !Directory.EnumerateFileSystemEntries(root).Any())
        {
            if (Directory.Exists(making)) Directory.Delete(making, recursive: true);
            builder.Configuration.AddInMemoryCollection(Apart(builder.Configuration, making));
            await Demo.MakeAsync(builder.Configuration);
            // Windows moves no folder with an open file in it.
            Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
            if (Directory.Exists(root)) Directory.Delete(root);
            Directory.Move(making, root);
        }
        builder.Configuration.AddInMemoryCollection(Apart(builder.Configuration, root));
        builder.Services.AddHostedService<DemoVisitor>();
    }

    /// <summary>Whatever the environment says of the real company's data, files, keys, nodes and channels is none of the demo's business.</summary>
    internal static Dictionary<string, string?> Apart(IConfiguration configuration, string root)
    {
        string[] foreign = ["ConnectionStrings", "Files", "MasterKey", "Cluster", "Channels"];
        var apart = configuration.AsEnumerable().Where(s => foreign.Contains(s.Key.Split(':')[0], StringComparer.OrdinalIgnoreCase)).ToDictionary(s => s.Key, _ => (string?)null);
        (apart["Data:Root"], apart["Database:Provider"]) = (root, "Sqlite");
        return apart;
    }
}
