using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Inforzap.Tests.Architecture;

public sealed partial class TextTests
{
    /// <summary>Folders that have texts.</summary>
    public static TheoryData<string> Folders() =>
        [.. Directory.GetFiles(Path.Combine(House.Root, "src"), "Texts.resx", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(House.Root, Path.GetDirectoryName(f)!))];

    [Theory, MemberData(nameof(Folders))]
    public void Every_language_has_the_same_texts(string folder)
    {
        var portuguese = Read(folder, "Texts.resx");
        foreach (var language in new[] { "en", "es" })
        {
            var other = Read(folder, $"Texts.{language}.resx");
            Assert.Empty(portuguese.Keys.Except(other.Keys).Select(k => $"{language} lacks {k}"));
            Assert.Empty(other.Keys.Except(portuguese.Keys).Select(k => $"only {language} has {k}"));
            Assert.Empty(portuguese.Keys.Where(k => other.ContainsKey(k) && !Holes(portuguese[k]).SetEquals(Holes(other[k]))).Select(k => $"{language}: {k} has other holes"));
        }
        Assert.Empty(portuguese.Where(t => string.IsNullOrWhiteSpace(t.Value)).Select(t => t.Key));
    }

    [Theory, MemberData(nameof(Folders))]
    public void Every_text_that_a_source_names_exists_and_every_text_is_named(string folder)
    {
        var texts = Read(folder, "Texts.resx").Keys.ToHashSet();
        var sources = House.Sources(".cs", ".razor").Where(s => s.Key.StartsWith(folder.Replace('\\', '/') + "/")).Select(s => s.Value).ToList();
        // The kernel's texts are there for all: the others say Core["…"].
        var all = folder == "src/Core" ? [.. House.Sources(".cs", ".razor").Values] : sources;
        var named = Named(Keys(), CoreKeys()).ToHashSet();
        Assert.Empty(named.Except(texts).Select(k => $"{folder} has no text {k}"));
        // Names made of a fixed beginning and a value: T[$"State{state}"].
        var beginnings = Named(Beginnings(), CoreBeginnings()).ToHashSet();
        Assert.Empty(beginnings.Where(b => !texts.Any(t => t.StartsWith(b))).Select(b => $"{folder} has no text that begins with {b}"));
        var spoken = all.SelectMany(s => Literals().Matches(s)).Select(m => m.Groups[1].Value).ToHashSet();
        Assert.Empty(texts.Where(t => !spoken.Contains(t) && !beginnings.Any(t.StartsWith)).Select(t => $"{folder} never says {t}"));

        IEnumerable<string> Named(Regex own, Regex kernel) =>
            sources.SelectMany(s => own.Matches(s)).Concat(folder == "src/Core" ? all.SelectMany(s => kernel.Matches(s)) : []).Select(m => m.Groups[1].Value);
    }

    [Fact]
    public void No_text_shouts() =>
        Assert.Empty(from row in Folders() from file in new[] { "Texts.resx", "Texts.en.resx", "Texts.es.resx" }
                     from text in Read(row.Data, file) where text.Value.Contains('!') select $"{row.Data} {text.Key}");

    private static Dictionary<string, string> Read(string folder, string file) =>
        XDocument.Load(Path.Combine(House.Root, folder, file)).Descendants("data").ToDictionary(d => d.Attribute("name")!.Value, d => d.Element("value")!.Value);

    private static HashSet<string> Holes(string text) => [.. HolePattern().Matches(text).Select(m => m.Groups[1].Value)];

    [GeneratedRegex(@"\{(\d+)[^}]*\}")]
    private static partial Regex HolePattern();

    [GeneratedRegex(@"\b[tT]\[""([^""{]+)""")]
    private static partial Regex Keys();

    [GeneratedRegex(@"\b[tT]\[\$""([^""{]+)\{")]
    private static partial Regex Beginnings();

    [GeneratedRegex(@"\bCore\[""([^""{]+)""")]
    private static partial Regex CoreKeys();

    [GeneratedRegex(@"\bCore\[\$""([^""{]+)\{")]
    private static partial Regex CoreBeginnings();

    [GeneratedRegex(@"""([A-Za-z0-9_.-]+)""")]
    private static partial Regex Literals();
}
