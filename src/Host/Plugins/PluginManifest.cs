using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Security.Cryptography;
using System.Text.Json;
using Inforzap.Plugins;

namespace Inforzap.Host.Plugins;

/// <summary>plugin.json: who a plugin is, and the SHA-256 of every file of its folder.</summary>
internal sealed record PluginManifest(string Id, string Name, string Version, string Entry, string Sdk, IReadOnlyDictionary<string, string> Files)
{
    public const string FileName = "plugin.json";
    private const int MaxBytes = 1024 * 1024;

    /// <summary>Reads the manifest of a folder, with the hash that people approve: it covers all other hashes.</summary>
    /// <exception cref="PluginProblem">There is none, or it makes no sense.</exception>
    public static (PluginManifest Manifest, string Hash) Read(string folder)
    {
        var file = new FileInfo(Path.Combine(folder, FileName));
        if (!file.Exists) throw new PluginProblem(PluginState.Untrusted, "A pasta não tem plugin.json.");
        if (file.Length > MaxBytes) throw new PluginProblem(PluginState.Untrusted, "O plugin.json é grande demais.");
        var bytes = File.ReadAllBytes(file.FullName);
        PluginManifest? read;
        try
        {
            read = JsonSerializer.Deserialize<PluginManifest>(bytes, JsonSerializerOptions.Web);
        }
        catch (JsonException)
        {
            throw new PluginProblem(PluginState.Untrusted, "O plugin.json não pode ser lido.");
        }
        if (read is not { Files.Count: > 0 } || !IsId(read.Id) || string.IsNullOrWhiteSpace(read.Name) || read.Name.Length > 80
            || string.IsNullOrWhiteSpace(read.Version) || string.IsNullOrWhiteSpace(read.Sdk) || !read.Files.ContainsKey(read.Entry ?? ""))
            throw new PluginProblem(PluginState.Untrusted, "O plugin.json está incompleto.");
        return (read, Convert.ToHexStringLower(SHA256.HashData(bytes)));
    }

    /// <summary>Every file is the one that the manifest names, and nothing that could be loaded lies beside them.</summary>
    /// <exception cref="PluginProblem">Something differs.</exception>
    public void RequireFiles(string folder)
    {
        var root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)) + Path.DirectorySeparatorChar;
        RequireNoLinks(root, root);
        foreach (var (name, hash) in Files)
        {
            if (!IsInside(root, name)) throw new PluginProblem(PluginState.Untrusted, "O plugin.json aponta para fora da pasta.");
            var file = new FileInfo(Path.Combine(root, name));
            if (!file.Exists) throw new PluginProblem(PluginState.Untrusted, $"Falta o arquivo {name}.");
            if (file.LinkTarget is not null) throw new PluginProblem(PluginState.Untrusted, $"O arquivo {name} é um atalho.");
            using var content = file.OpenRead();
            if (!Convert.ToHexStringLower(SHA256.HashData(content)).Equals(hash, StringComparison.OrdinalIgnoreCase))
                throw new PluginProblem(PluginState.Untrusted, $"O arquivo {name} foi alterado.");
        }
        var listed = Files.Keys.Select(f => Path.GetFullPath(Path.Combine(root, f))).Append(Path.Combine(root, FileName)).ToHashSet(StringComparer.Ordinal);
        if (Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories).FirstOrDefault(f => !listed.Contains(f)) is { } extra)
            throw new PluginProblem(PluginState.Untrusted, $"O arquivo {Path.GetRelativePath(root, extra)} não está no plugin.json.");
    }

    /// <summary>A folder that is a link shows other files tomorrow than today.</summary>
    private static void RequireNoLinks(string root, string folder)
    {
        foreach (var inner in new DirectoryInfo(folder).EnumerateDirectories())
        {
            if (inner.LinkTarget is not null) throw new PluginProblem(PluginState.Untrusted, $"A pasta {Path.GetRelativePath(root, inner.FullName)} é um atalho.");
            RequireNoLinks(root, inner.FullName);
        }
    }

    /// <summary>It was made for this Sdk, and for shared assemblies that are not newer than ours.</summary>
    /// <exception cref="PluginProblem">It was not.</exception>
    public void RequireVersions(string folder, IReadOnlyDictionary<string, Version> shared)
    {
        var ours = shared[SdkName];
        if (!System.Version.TryParse(Sdk, out var sdk) || sdk.Major != ours.Major || sdk > ours)
            throw new PluginProblem(PluginState.Incompatible, $"Foi feito para o Sdk {Sdk}; este sistema tem o {ours.ToString(3)}.");
        foreach (var name in Files.Keys.Where(f => f.EndsWith(".dll", StringComparison.OrdinalIgnoreCase)))
            foreach (var (assembly, version) in References(Path.Combine(folder, name)))
                if (shared.TryGetValue(assembly, out var have) && (version > have || (assembly == SdkName && version.Major != have.Major)))
                    throw new PluginProblem(PluginState.Incompatible, $"{name} precisa de {assembly} {version}; este sistema tem {have}.");
    }

    internal const string SdkName = "Inforzap.Sdk";

    /// <summary>Read from the file's metadata: nothing of it is loaded. Native libraries have none.</summary>
    private static List<(string Name, Version Version)> References(string file)
    {
        using var stream = File.OpenRead(file);
        using var image = new PEReader(stream);
        try
        {
            if (!image.HasMetadata) return [];
            var metadata = image.GetMetadataReader();
            return [.. metadata.AssemblyReferences.Select(metadata.GetAssemblyReference).Select(r => (metadata.GetString(r.Name), r.Version))];
        }
        catch (BadImageFormatException)
        {
            return [];
        }
    }

    private static bool IsInside(string root, string name) =>
        name.Length > 0 && !name.Contains('\0', StringComparison.Ordinal) && !name.Contains('\\', StringComparison.Ordinal) && !Path.IsPathRooted(name)
        && Path.GetFullPath(Path.Combine(root, name)).StartsWith(root, StringComparison.Ordinal);

    private static bool IsId(string? id) => id is { Length: > 0 and <= 80 } && id.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '.' or '-');
}

/// <summary>Why a plugin is not loaded.</summary>
internal sealed class PluginProblem(PluginState state, string reason) : Exception(reason)
{
    public PluginState State { get; } = state;
}
