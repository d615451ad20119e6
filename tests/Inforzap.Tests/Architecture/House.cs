using System.Reflection;
using System.Text.RegularExpressions;
using Inforzap.Data;
using Inforzap.Host;
using Inforzap.Sdk;

namespace Inforzap.Tests.Architecture;

/// <summary>What the rules are about, found and never listed: the sources, the assemblies, the requests.</summary>
internal static partial class House
{
    private static readonly string[] NotOurs = ["bin", "obj", "node_modules", "Migrations", "lib", "output"];

    public static string Root { get; } = FindRoot();

    public static Assembly Core { get; } = typeof(InforzapDb).Assembly;

    public static Assembly Sdk { get; } = typeof(IPlugin).Assembly;

    public static IReadOnlyList<Assembly> ModuleAssemblies { get; } = [.. Modules.All.Select(m => m.GetType().Assembly)];

    /// <summary>All that we ship, without plugins.</summary>
    public static IReadOnlyList<Assembly> Product { get; } = [Sdk, Core, .. ModuleAssemblies, typeof(Program).Assembly];

    public static IReadOnlyList<Type> Types { get; } = [.. Product.SelectMany(a => a.GetTypes())];

    /// <summary>Every request and what it answers.</summary>
    public static IReadOnlyList<(Type Request, Type Answer)> Requests { get; } =
        [.. from type in Types where type is { IsAbstract: false, IsInterface: false }
            from face in type.GetInterfaces() where face.IsGenericType && face.GetGenericTypeDefinition() == typeof(IRequest<>)
            select (type, face.GetGenericArguments()[0])];

    /// <summary>Files under src and plugins, by their path from the root.</summary>
    public static IReadOnlyDictionary<string, string> Sources(params string[] extensions) =>
        new[] { "src", "plugins" }.SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Root, folder), "*", SearchOption.AllDirectories))
            .Select(file => Path.GetRelativePath(Root, file).Replace('\\', '/'))
            .Where(file => extensions.Contains(Path.GetExtension(file)) && !file.Split('/').Any(NotOurs.Contains))
            .ToDictionary(file => file, file => File.ReadAllText(Path.Combine(Root, file)));

    /// <summary>Lines of the sources that match, without comments: path:line.</summary>
    public static List<string> Find(Regex pattern, bool withComments = false) =>
        [.. from source in Sources(".cs", ".razor")
            let code = withComments ? source.Value : Comments().Replace(source.Value, m => new string('\n', m.Value.Count(c => c == '\n')))
            from match in pattern.Matches(code)
            select $"{source.Key}:{code[..match.Index].Count(c => c == '\n') + 1}: {match.Value.Trim()}"];

    [GeneratedRegex(@"(?<!:)//[^\n]*|/\*.*?\*/|@\*.*?\*@|<!--.*?-->", RegexOptions.Singleline)]
    private static partial Regex Comments();

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Inforzap.sln"))) folder = folder.Parent ?? throw new InvalidOperationException("The tests run inside the repository.");
        return folder.FullName;
    }
}
