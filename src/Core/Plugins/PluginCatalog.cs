using Inforzap.Http;
using Inforzap.Sdk;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Inforzap.Plugins;

/// <summary>All plugins of this process, with the kinds of channels and bots that the active ones bring.</summary>
public sealed class PluginCatalog(IServiceProvider host, SafeHttp http, IConfiguration configuration, TimeProvider clock, ILoggerFactory logs, ILogger<PluginCatalog> log) : IAsyncDisposable
{
    private readonly Lock sync = new();
    private readonly TimeSpan patience = TimeSpan.FromSeconds(configuration.GetValue("Plugins:StartSeconds", 20d));
    private Plugin[] plugins = [];

    /// <summary>All, by name.</summary>
    public IReadOnlyList<Plugin> All => Volatile.Read(ref plugins);

    /// <summary>The kinds of channels that can be driven now.</summary>
    public IEnumerable<ChannelKind> Channels => All.Where(p => p.State == PluginState.Active).SelectMany(p => p.Channels);

    /// <summary>The kinds of bots that can be asked now.</summary>
    public IEnumerable<BotKind> Bots => All.Where(p => p.State == PluginState.Active).SelectMany(p => p.Bots);

    /// <summary>One plugin, or null.</summary>
    public Plugin? Find(string id) => All.FirstOrDefault(p => p.Id == id);

    /// <summary>Who drives this kind of channel now, or null.</summary>
    public ChannelKind? Channel(string kind) => Channels.FirstOrDefault(c => c.Kind == kind);

    /// <summary>The inbox that the driver of this kind delivers to, for conversations that the product itself makes up.</summary>
    public IInbox? InboxOf(string kind) => Channel(kind)?.Plugin.Services?.GetService<IInbox>();

    /// <summary>Why nobody drives this kind: the plugin that would, with its state and reason; null when none is known.</summary>
    public Plugin? WouldDrive(string kind) => All.FirstOrDefault(p => p.Channels.Any(c => c.Kind == kind));

    /// <summary>Lists a plugin that is not loaded.</summary>
    public Plugin Add(Plugin plugin, PluginState state, string reason)
    {
        plugin.Becomes(state, reason);
        log.LogWarning("Plugin {Plugin} is {State}: {Reason}", plugin.Id, state, reason);
        return Keep(plugin);
    }

    /// <summary>
    /// Makes the plugin from its class, lets it register, and gives it a container of its own. Whatever it throws makes it
    /// Faulted and nothing else.
    /// </summary>
    public Plugin Load(Plugin plugin, Func<IPlugin> make)
    {
        try
        {
            (plugin.Services, var registry) = InTime(() => Start(plugin, make));
            plugin.Channels = registry.Channels;
            plugin.Bots = registry.Bots;
            plugin.Becomes(PluginState.Active, null);
            log.LogInformation("Plugin {Plugin} {Version} is active", plugin.Id, plugin.Version);
            return Keep(plugin);
        }
        catch (Exception e)
        {
            log.LogError("Plugin {Plugin} can't be started: {Exception}", plugin.Id, Telemetry.Describe(Inner(e)));
            return Add(plugin, PluginState.Faulted, Words(e));
        }
    }

    /// <summary>All of this is the plugin's own code.</summary>
    private (ServiceProvider, PluginRegistry) Start(Plugin plugin, Func<IPlugin> make)
    {
        var made = make();
        if (made.Info.Id != plugin.Id) throw new InvalidOperationException($"its class calls itself '{made.Info.Id}', its manifest '{plugin.Id}'");
        var registry = new PluginRegistry(plugin);
        made.Register(registry);
        if (registry.Channels.FirstOrDefault(c => All.Any(p => p.Channels.Any(o => o.Kind == c.Kind))) is { } twice)
            throw new InvalidOperationException($"the kind '{twice.Kind}' is another plugin's");
        var services = Container(plugin);
        // Finds a missing dependency now and not at the first message.
        foreach (var kind in registry.Channels) ActivatorUtilities.CreateInstance(services, kind.Adapter);
        return (services, registry);
    }

    /// <summary>One that does not come back must not keep the house shut: it is left behind on its thread.</summary>
    private T InTime<T>(Func<T> start)
    {
        T? result = default;
        System.Runtime.ExceptionServices.ExceptionDispatchInfo? thrown = null;
        var thread = new Thread(() =>
        {
            try
            {
                result = start();
            }
            catch (Exception e)
            {
                thrown = System.Runtime.ExceptionServices.ExceptionDispatchInfo.Capture(e);
            }
        })
        { IsBackground = true, Name = "plugin start" };
        thread.Start();
        if (!thread.Join(patience)) throw new TimeoutException($"it did not start within {patience.TotalSeconds:0} s");
        thrown?.Throw();
        return result!;
    }

    /// <summary>Makes the adapter of one channel from the plugin's own container.</summary>
    public static IChannelAdapter Adapter(ChannelKind kind) =>
        (IChannelAdapter)ActivatorUtilities.CreateInstance(kind.Plugin.Services ?? throw new InvalidOperationException($"{kind.Plugin.Id} is not loaded."), kind.Adapter);

    /// <summary>Makes a bot from the plugin's own container.</summary>
    public static IBot Bot(BotKind kind) =>
        (IBot)ActivatorUtilities.CreateInstance(kind.Plugin.Services ?? throw new InvalidOperationException($"{kind.Plugin.Id} is not loaded."), kind.Bot);

    /// <summary>An exception of a plugin in one sentence, without stack.</summary>
    public static string Words(Exception e)
    {
        e = Inner(e);
        var said = e is System.Reflection.ReflectionTypeLoadException types && types.LoaderExceptions.FirstOrDefault() is { } first ? Inner(first) : e;
        return said switch
        {
            FileNotFoundException { FileName: { } file } => $"Falta {file.Split(',')[0]}.",
            _ => $"{said.GetType().Name}: {said.Message}",
        };
    }

    private static Exception Inner(Exception e) => e is System.Reflection.TargetInvocationException or TypeInitializationException && e.InnerException is { } inner ? Inner(inner) : e;

    /// <summary>Nothing of the host is in it but what the Sdk names.</summary>
    private ServiceProvider Container(Plugin plugin)
    {
        var services = new ServiceCollection();
        services.AddSingleton(logs);
        services.AddSingleton(typeof(ILogger<>), typeof(Logger<>));
        services.AddSingleton(clock);
        services.AddTransient(_ => http.Create());
        foreach (var given in host.GetServices<GivenToPlugins>()) given.Add(host, plugin, services);
        return services.BuildServiceProvider();
    }

    private Plugin Keep(Plugin plugin)
    {
        lock (sync) Volatile.Write(ref plugins, [.. plugins.Append(plugin).OrderBy(p => p.Name, StringComparer.OrdinalIgnoreCase)]);
        return plugin;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var plugin in All)
            if (plugin.Services is { } services) await services.DisposeAsync();
    }
}
