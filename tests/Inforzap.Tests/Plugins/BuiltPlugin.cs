using System.Reflection;
using System.Security.Cryptography;
using System.Text.Json;
using Inforzap.Sdk;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Inforzap.Tests.Plugins;

/// <summary>Builds a plugin's folder as its author would: an assembly, and plugin.json with the hashes of all files.</summary>
internal static class BuiltPlugin
{
    /// <summary>A plugin that works; tests break one thing of it.</summary>
    public static string Source(string id, string constructor = "", string register = "", string adapter = "", string more = "") => $$"""
        using System.Threading;
        using System.Threading.Tasks;
        using Inforzap.Sdk;
        public sealed class ThePlugin : IPlugin
        {
            public ThePlugin() { {{constructor}} }
            public PluginInfo Info => new("{{id}}", "Teste");
            public void Register(IPluginRegistry plugin) { {{register}} plugin.Channel<TheAdapter, TheSettings>("{{id}}"); }
        }
        public sealed record TheSettings(string? Word = null);
        public sealed class TheAdapter : IChannelAdapter
        {
            public TheAdapter(IInbox inbox) { {{adapter}} }
            public Task<SendResult> SendAsync(ChannelRef on, OutboundMessage message, CancellationToken ct) => Task.FromResult(SendResult.Sent("1"));
            public static void Crash() => throw new System.InvalidOperationException("on its own thread");
        }
        {{more}}
        """;

    /// <summary>Compiles into a folder.</summary>
    public static string Compile(string folder, string name, string source, MetadataReference? sdk = null, params MetadataReference[] more)
    {
        Directory.CreateDirectory(folder);
        var trusted = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(f => Path.GetFileName(f) is "System.Runtime.dll" or "System.Private.CoreLib.dll" or "System.Threading.dll" or "netstandard.dll" or "System.Memory.dll" or "System.Private.Uri.dll")
            .Select(f => MetadataReference.CreateFromFile(f));
        sdk ??= MetadataReference.CreateFromFile(typeof(IPlugin).Assembly.Location);
        var made = CSharpCompilation.Create(name, [CSharpSyntaxTree.ParseText(source)], [.. trusted, sdk, .. more],
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
        var file = Path.Combine(folder, name + ".dll");
        var result = made.Emit(file);
        Assert.True(result.Success, string.Join('\n', result.Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error)));
        return file;
    }

    /// <summary>Writes plugin.json over what lies in the folder. Returns its hash, for whoever approves it.</summary>
    public static string Seal(string folder, string id, string entry, string? sdk = null, Dictionary<string, string>? extra = null)
    {
        var files = Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Where(f => Path.GetFileName(f) != "plugin.json")
            .ToDictionary(f => Path.GetRelativePath(folder, f), f => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(f))));
        foreach (var (name, hash) in extra ?? []) files[name] = hash;
        var version = sdk ?? typeof(IPlugin).Assembly.GetName().Version!.ToString();
        var json = JsonSerializer.SerializeToUtf8Bytes(new { id, name = id, version = "1.0", entry, sdk = version, files }, JsonSerializerOptions.Web);
        File.WriteAllBytes(Path.Combine(folder, "plugin.json"), json);
        return Convert.ToHexStringLower(SHA256.HashData(json));
    }

    /// <summary>Metadata of an assembly that does not lie anywhere, as a compiler would see it.</summary>
    public static MetadataReference Phantom(string name, string source, Version? version = null)
    {
        var attribute = version is null ? "" : $"[assembly: System.Reflection.AssemblyVersion(\"{version}\")]";
        var core = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(f => Path.GetFileName(f) is "System.Runtime.dll" or "System.Private.CoreLib.dll").Select(f => MetadataReference.CreateFromFile(f));
        var made = CSharpCompilation.Create(name, [CSharpSyntaxTree.ParseText(attribute + source)], core, new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
        using var image = new MemoryStream();
        var result = made.Emit(image);
        Assert.True(result.Success, string.Join('\n', result.Diagnostics));
        return MetadataReference.CreateFromImage(image.ToArray());
    }
}
