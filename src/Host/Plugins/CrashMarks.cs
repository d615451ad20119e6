using System.Diagnostics;
using System.Runtime.ExceptionServices;
using System.Runtime.Loader;
using Inforzap.Contracts.Channels;
using Inforzap.Data;
using Inforzap.Plugins;
using Inforzap.Requests;

namespace Inforzap.Host.Plugins;

/// <summary>
/// Keeps a plugin's own trouble its own. An exception that reaches the top of one of its threads ends that thread and switches the
/// plugin off; the process lives on. Where a process does end, small files tell the next start which plugin was at work.
/// </summary>
internal sealed class CrashMarks : IDisposable
{
    /// <summary>The runtime takes one handler per process, and a process of tests holds several hosts.</summary>
    private static readonly List<CrashMarks> living = [];

    private static readonly Lock sync = new();
    private static bool isListening;

    private readonly string folder;
    private readonly PluginCatalog catalog;
    private readonly SystemMediator mediator;
    private readonly ILogger<CrashMarks> log;

    public CrashMarks(IConfiguration configuration, PluginCatalog catalog, SystemMediator mediator, ILogger<CrashMarks> log)
    {
        folder = Path.Combine(DatabaseSettings.DataRoot(configuration), "plugin-marks");
        (this.catalog, this.mediator, this.log) = (catalog, mediator, log);
        lock (sync)
        {
            living.Add(this);
            if (isListening) return;
            isListening = true;
            ExceptionHandling.SetUnhandledExceptionHandler(e => Living().Any(m => m.Survives(e)));
        }
    }

    public void Dispose()
    {
        lock (sync) living.Remove(this);
    }

    private static CrashMarks[] Living()
    {
        lock (sync) return [.. living];
    }

    /// <summary>Takes away the marks of the last run: plugin and reason.</summary>
    public IReadOnlyList<(string Id, string Reason)> Take()
    {
        if (!Directory.Exists(folder)) return [];
        var found = new List<(string, string)>();
        foreach (var file in Directory.GetFiles(folder))
        {
            found.Add((Path.GetFileName(file), File.ReadAllText(file)));
            File.Delete(file);
        }
        return found;
    }

    /// <summary>While the result is not disposed, a process that ends leaves the mark.</summary>
    public IDisposable During(string pluginId, string call)
    {
        Write(pluginId, $"O sistema parou enquanto o plugin trabalhava ({call}).");
        return new Running(Path.Combine(folder, pluginId));
    }

    /// <summary>Whether a plugin of this host threw it. Then that plugin is off from here on.</summary>
    private bool Survives(Exception exception)
    {
        for (var e = exception; e is not null; e = e.InnerException)
            if (Guilty(e) is { } plugin)
            {
                var reason = $"Uma falha numa tarefa própria do plugin: {e.GetType().Name}.";
                log.LogError("Plugin {Plugin} threw on a thread of its own and is switched off: {Exception}", plugin.Id, Telemetry.Describe(e));
                // The mark first: whatever happens now, the next start knows.
                Write(plugin.Id, reason);
                plugin.Becomes(PluginState.Disabled, reason);
                _ = Task.Run(() => SwitchOffAsync(plugin.Id, reason));
                return true;
            }
        return false;
    }

    private async Task SwitchOffAsync(string pluginId, string reason)
    {
        try
        {
            await mediator.Send(new SwitchPluginOff(pluginId, reason));
            File.Delete(Path.Combine(folder, pluginId));
        }
        catch (Exception e)
        {
            log.LogError("That plugin {Plugin} is off was not written down; the next start does it: {Exception}", pluginId, Telemetry.Describe(e));
        }
    }

    private Plugin? Guilty(Exception e)
    {
        foreach (var frame in new StackTrace(e, fNeedFileInfo: false).GetFrames())
        {
            if (frame.GetMethod()?.Module.Assembly is not { } assembly || AssemblyLoadContext.GetLoadContext(assembly) is not { } context || context == AssemblyLoadContext.Default) continue;
            var folders = context.Assemblies.Where(a => !a.IsDynamic && a.Location.Length > 0).Select(a => Path.GetDirectoryName(a.Location)).ToHashSet();
            if (catalog.All.FirstOrDefault(p => folders.Contains(p.Folder)) is { } plugin) return plugin;
        }
        return null;
    }

    private void Write(string pluginId, string reason)
    {
        Directory.CreateDirectory(folder);
        using var file = new FileStream(Path.Combine(folder, pluginId), FileMode.Create, FileAccess.Write);
        file.Write(System.Text.Encoding.UTF8.GetBytes(reason));
        file.Flush(flushToDisk: true);
    }

    private sealed class Running(string file) : IDisposable
    {
        public void Dispose() => File.Delete(file);
    }
}
