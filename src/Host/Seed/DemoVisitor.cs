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
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Data:Root"] = builder.Configuration["Demo:Root"] ?? "demo-data", ["Database:Provider"] = "Sqlite", ["ConnectionStrings:Inforzap"] = null,
        });
        await Demo.MakeAsync(builder.Configuration);
        builder.Services.AddHostedService<DemoVisitor>();
    }
}
