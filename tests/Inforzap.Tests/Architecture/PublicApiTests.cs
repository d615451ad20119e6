using System.Reflection;
using System.Text;

namespace Inforzap.Tests.Architecture;

public sealed class PublicApiTests
{
    /// <summary>
    /// Plugins of others stand on this. A change on purpose: run with INFORZAP_UPDATE_SNAPSHOTS=1, look at the diff, raise the
    /// Sdk's version if something went.
    /// </summary>
    [Fact]
    public void The_Sdk_changes_only_on_purpose()
    {
        var file = Path.Combine(House.Root, "tests/Inforzap.Tests/Architecture/PublicApi.txt");
        var now = Describe(House.Sdk);
        if (Environment.GetEnvironmentVariable("INFORZAP_UPDATE_SNAPSHOTS") == "1") File.WriteAllText(file, now);
        var kept = File.ReadAllText(file);
        var (gone, come) = (kept.Split('\n').Except(now.Split('\n')), now.Split('\n').Except(kept.Split('\n')));
        Assert.True(kept == now, $"The Sdk changed. On purpose? Then run the tests once with INFORZAP_UPDATE_SNAPSHOTS=1.\nGone:\n{string.Join('\n', gone)}\nNew:\n{string.Join('\n', come)}");
    }

    private static string Describe(Assembly assembly)
    {
        var text = new StringBuilder();
        foreach (var type in assembly.GetExportedTypes().OrderBy(t => t.FullName, StringComparer.Ordinal))
        {
            text.Append(type.FullName).Append(type.BaseType is { } b && b != typeof(object) ? $" : {Name(b)}" : "").Append('\n');
            const BindingFlags mine = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
            foreach (var line in type.GetMembers(mine).Select(Line).OfType<string>().Order(StringComparer.Ordinal)) text.Append("    ").Append(line).Append('\n');
        }
        return text.ToString();
    }

    private static string? Line(MemberInfo member) => member switch
    {
        MethodBase { IsPublic: false, IsFamily: false, IsFamilyOrAssembly: false } => null,
        MethodBase m when m.Name.Contains('<') => null,
        MethodInfo m => $"{(m.IsStatic ? "static " : "")}{Name(m.ReturnType)} {m.Name}({Parameters(m)})",
        ConstructorInfo c => $"new({Parameters(c)})",
        FieldInfo { IsPublic: true } f => $"{(f.IsLiteral ? $"const {f.Name} = {f.GetRawConstantValue()}" : $"{Name(f.FieldType)} {f.Name}")}",
        _ => null,
    };

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(p => $"{Name(p.ParameterType)} {p.Name}{(p.HasDefaultValue ? " = " + (p.DefaultValue ?? "null") : "")}"));

    private static string Name(Type type) => type.IsGenericType
        ? $"{type.Name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>" : type.Name;
}
