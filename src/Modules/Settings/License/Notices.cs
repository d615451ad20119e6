using System.Text.Json;
using System.Xml.Linq;

namespace Inforzap.Settings.License;

/// <summary>Something of others that is shipped with the product.</summary>
/// <param name="License">As its package names it: an SPDX expression, an address, or the name of a file.</param>
/// <param name="Text">The licence's own words, where the package brings them.</param>
public sealed record Notice(string Name, string Version, string? Authors, string? License, string? Copyright, Uri? Project, string? Text);

/// <summary>
/// The notices that the build laid beside the program, one folder per package: what the package says of itself, and the texts that it
/// brings. Read once, when somebody asks.
/// </summary>
internal sealed class Notices(string folder)
{
    private const int LongestText = 200_000;
    private readonly Lazy<(string Own, IReadOnlyList<Notice> All)> read = new(() => Read(folder));

    public Notices() : this(Path.Combine(AppContext.BaseDirectory, "notices")) { }

    /// <summary>The product's own licence.</summary>
    public string Own => read.Value.Own;

    /// <summary>Everything else, by name.</summary>
    public IReadOnlyList<Notice> All => read.Value.All;

    private static (string, IReadOnlyList<Notice>) Read(string folder)
    {
        if (!Directory.Exists(folder)) return ("", []);
        var own = Path.Combine(folder, "LICENSE");
        return (File.Exists(own) ? File.ReadAllText(own) : "", [.. Directory.EnumerateDirectories(folder).Select(Of).OfType<Notice>().OrderBy(n => n.Name, StringComparer.OrdinalIgnoreCase)]);
    }

    private static Notice? Of(string folder)
    {
        var words = string.Join("\n\n", Directory.EnumerateFiles(folder).Where(f => Path.GetExtension(f) is not (".nuspec" or ".json")).Order(StringComparer.OrdinalIgnoreCase).Select(File.ReadAllText));
        var text = words.Length == 0 ? null : words[..Math.Min(words.Length, LongestText)];
        if (Directory.EnumerateFiles(folder, "*.nuspec").FirstOrDefault() is { } nuspec) return OfNuspec(XDocument.Load(nuspec), text);
        return Path.Combine(folder, "package.json") is var json && File.Exists(json) ? OfNpm(json, text) : null;
    }

    private static Notice OfNuspec(XDocument nuspec, string? text)
    {
        // The namespace differs with the age of the package.
        string? Value(string name) => nuspec.Root!.Elements().First(e => e.Name.LocalName == "metadata").Elements().FirstOrDefault(e => e.Name.LocalName == name)?.Value.Trim() is { Length: > 0 } value ? value : null;
        return new(Value("id") ?? "", Value("version") ?? "", Value("authors"), Value("license") ?? Value("licenseUrl"), Value("copyright"), Address(Value("projectUrl")), text);
    }

    private static Notice OfNpm(string file, string? text)
    {
        using var package = JsonDocument.Parse(File.ReadAllText(file));
        string? Value(string name) => package.RootElement.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        return new(Value("name") ?? "", Value("version") ?? "", Value("author"), Value("license"), null, Address(Value("homepage")), text);
    }

    private static Uri? Address(string? text) => Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "https" or "http" ? url : null;
}
