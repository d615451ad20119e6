using System.Xml.Linq;

namespace Inforzap.Tests.Architecture;

public sealed class ReferenceTests
{
    [Fact]
    public void A_module_project_is_one_line_and_the_shared_file_references_Core_only()
    {
        var folders = Directory.GetDirectories(Path.Combine(House.Root, "src/Modules"));
        Assert.NotEmpty(folders);
        foreach (var folder in folders) Assert.Empty(ProjectReferences(Assert.Single(Directory.GetFiles(folder, "*.csproj"))));
        Assert.Equal(["Inforzap.Core.csproj"], ProjectReferences(Path.Combine(House.Root, "src/Modules/Directory.Build.props")));
    }

    [Fact]
    public void Every_module_folder_stands_in_the_list_of_modules() =>
        Assert.Equal(Directory.GetDirectories(Path.Combine(House.Root, "src/Modules")).Select(f => "Inforzap." + Path.GetFileName(f)).Order(),
            House.ModuleAssemblies.Select(a => a.GetName().Name!).Order());

    [Fact]
    public void A_module_uses_Core_and_Sdk_and_no_other_module()
    {
        foreach (var module in House.ModuleAssemblies) Assert.Empty(Ours(module).Except(["Inforzap.Core", "Inforzap.Sdk"]));
        Assert.Empty(Ours(House.Core).Except(["Inforzap.Sdk"]));
    }

    [Fact]
    public void A_plugin_references_the_Sdk_only()
    {
        foreach (var project in Directory.GetFiles(Path.Combine(House.Root, "plugins"), "*.csproj", SearchOption.AllDirectories)) Assert.Empty(ProjectReferences(project));
        Assert.Equal(["Inforzap.Sdk.csproj"], ProjectReferences(Path.Combine(House.Root, "plugins/Directory.Build.props")));
    }

    [Fact]
    public void The_Sdk_references_abstractions_only() =>
        Assert.All(House.Sdk.GetReferencedAssemblies(), a => Assert.True(
            a.Name!.StartsWith("System") || a.Name == "netstandard" || (a.Name.StartsWith("Microsoft.Extensions.") && a.Name.EndsWith(".Abstractions")), a.Name));

    [Fact]
    public void Projects_name_no_versions()
    {
        foreach (var file in Directory.GetFiles(House.Root, "*.csproj", SearchOption.AllDirectories).Where(f => !f.Contains("/node_modules/")))
            Assert.DoesNotContain(XDocument.Load(file).Descendants("PackageReference"), p => p.Attribute("Version") is not null);
    }

    private static List<string> ProjectReferences(string file) =>
        [.. XDocument.Load(file).Descendants("ProjectReference").Select(r => Path.GetFileName(r.Attribute("Include")!.Value.Replace('\\', '/')))];

    private static HashSet<string> Ours(System.Reflection.Assembly assembly) =>
        [.. assembly.GetReferencedAssemblies().Select(a => a.Name!).Where(n => n.StartsWith("Inforzap."))];
}
