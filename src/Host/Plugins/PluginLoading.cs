using System.Reflection;
using Inforzap.Contracts.Channels;
using Inforzap.Plugins;
using Inforzap.Requests;
using Inforzap.Sdk;
using McMaster.NETCore.Plugins;

namespace Inforzap.Host.Plugins;

/// <summary>
/// Loads the plugins, once, before anything else starts. Each folder is checked before a byte of it runs: manifest, hashes, who
/// approved it, versions. Nothing that goes wrong with a plugin goes further than its state and reason.
/// </summary>
internal sealed class PluginLoading(PluginCatalog catalog, SystemMediator mediator, IConfiguration configuration, CrashMarks marks, ILogger<PluginLoading> log)
{
    /// <summary>The whole binary contract between the product and its plugins.</summary>
    private static readonly Type[] Shared =
    [
        typeof(IPlugin),
        typeof(IServiceCollection),
        typeof(ILogger),
    ];

    public static Task RunAsync(IServiceProvider services, CancellationToken ct = default) =>
        ActivatorUtilities.CreateInstance<PluginLoading>(services).RunAsync(ct);

    public async Task RunAsync(CancellationToken ct)
    {
        var root = Root();
        if (root is null)
        {
            log.LogWarning("There is no folder of plugins. Say where it is in Plugins__Root.");
            return;
        }
        foreach (var (id, reason) in marks.Take()) await mediator.Send(new SwitchPluginOff(id, reason), ct);
        var known = await mediator.Send(new ReadPluginMarks(), ct);
        var shipped = Shipped();
        foreach (var folder in Directory.EnumerateDirectories(root).Order(StringComparer.Ordinal)) Load(folder, known, shipped);
    }

    private void Load(string folder, IReadOnlyDictionary<string, PluginMark> known, HashSet<string> shipped)
    {
        Plugin? plugin = null;
        try
        {
            var (manifest, hash) = PluginManifest.Read(folder);
            plugin = new Plugin(manifest.Id, manifest.Name, manifest.Version, folder, hash);
            if (catalog.Find(manifest.Id) is not null) throw new PluginProblem(PluginState.Untrusted, "Outra pasta já tem um plugin com este id.");
            manifest.RequireFiles(folder);
            var mark = known.GetValueOrDefault(manifest.Id);
            if (!shipped.Contains(hash) && mark?.ApprovedHash != hash)
                throw new PluginProblem(PluginState.Untrusted, mark?.ApprovedHash is null ? "Ninguém aprovou este plugin ainda." : "Os arquivos mudaram depois da aprovação.");
            manifest.RequireVersions(folder, Versions());
            if (mark is { IsDisabled: true }) throw new PluginProblem(PluginState.Disabled, mark.Reason ?? "Desligado por um administrador.");
            using (marks.During(manifest.Id, "ao iniciar"))
                catalog.Load(plugin, () => Make(Path.Combine(folder, manifest.Entry)));
        }
        catch (PluginProblem problem)
        {
            catalog.Add(plugin ?? Nameless(folder), problem.State, problem.Message);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            catalog.Add(plugin ?? Nameless(folder), PluginState.Faulted, PluginCatalog.Words(e));
        }
    }

    private static Plugin Nameless(string folder) => new(Path.GetFileName(folder), Path.GetFileName(folder), "", folder, null);

    /// <summary>Into a context of its own. It stays until the process ends: a change takes effect at the next start.</summary>
    private static IPlugin Make(string entry)
    {
        var loader = PluginLoader.CreateFromAssemblyFile(entry, isUnloadable: false, sharedTypes: Shared);
        var types = loader.LoadDefaultAssembly().GetTypes().Where(t => typeof(IPlugin).IsAssignableFrom(t) && t is { IsAbstract: false, IsInterface: false }).ToArray();
        if (types is not [var type]) throw new InvalidOperationException($"it has {types.Length} classes that are an IPlugin, and must have one");
        return (IPlugin)Activator.CreateInstance(type)!;
    }

    /// <summary><c>Plugins__Root</c>; else the folder beside the program, or artifacts/plugins above it in a source tree.</summary>
    private string? Root()
    {
        if (configuration["Plugins:Root"] is { Length: > 0 } said) return Directory.Exists(said) ? Path.GetFullPath(said) : null;
        var beside = Path.Combine(AppContext.BaseDirectory, "plugins");
        if (Directory.Exists(beside)) return beside;
        for (var above = new DirectoryInfo(AppContext.BaseDirectory); above is not null; above = above.Parent)
        {
            var built = Path.Combine(above.FullName, "artifacts", "plugins");
            if (Directory.Exists(built)) return built;
        }
        return null;
    }

    /// <summary>
    /// Hashes of the manifests that the build put beside the program (docs/adr). Who can change that list can change the program;
    /// more can be named in <c>Plugins__Trusted__0</c>.
    /// </summary>
    private HashSet<string> Shipped()
    {
        var list = Path.Combine(AppContext.BaseDirectory, "plugins.sha256");
        var shipped = File.Exists(list) ? File.ReadLines(list).Select(l => l.Split(' ')[0]) : [];
        return shipped.Concat(configuration.GetSection("Plugins:Trusted").Get<string[]>() ?? []).ToHashSet(StringComparer.OrdinalIgnoreCase);
    }

    private static Dictionary<string, Version> Versions() =>
        Shared.Select(t => t.Assembly.GetName()).ToDictionary(n => n.Name!, n => n.Version!);
}
