using System.Diagnostics;
using System.Runtime.Loader;
using Inforzap.Data;
using Inforzap.Plugins;

namespace Inforzap.Host.Plugins;

/// <summary>
/// Finds at the next start which plugin ended the process: a small file per plugin while it is being started, and one that is
/// written when an exception on a thread of its own reaches the top.
/// </summary>
internal sealed class CrashMarks
{
    private readonly string folder;
    private readonly PluginCatalog catalog;

    public CrashMarks(IConfiguration configuration, PluginCatalog catalog)
    {
        folder = Path.Combine(DatabaseSettings.DataRoot(configuration), "plugin-marks");
        this.catalog = catalog;
        AppDomain.CurrentDomain.UnhandledException += (_, e) => Ended(e.ExceptionObject as Exception);
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

    /// <summary>Synchronous, since the process ends when it returns.</summary>
    internal void Ended(Exception? exception)
    {
        for (var e = exception; e is not null; e = e.InnerException)
            if (Guilty(e) is { } plugin)
            {
                Write(plugin.Id, $"Uma falha numa tarefa própria do plugin parou o sistema: {e.GetType().Name}.");
                return;
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
