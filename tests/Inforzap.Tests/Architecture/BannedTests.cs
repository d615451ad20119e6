using System.Collections.Immutable;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using System.Text.RegularExpressions;
using Inforzap.Data;
using Inforzap.Host;

namespace Inforzap.Tests.Architecture;

public sealed partial class BannedTests
{
    /// <summary>Read from the compiled assemblies, so that no property of ours that happens to have the name is meant.</summary>
    [Theory]
    [InlineData("System.Threading.Tasks.Task`1", "get_Result")]
    [InlineData("System.Threading.Tasks.ValueTask`1", "get_Result")]
    [InlineData("System.Threading.Tasks.Task", "Wait")]
    [InlineData("System.Threading.Thread", "Sleep")]
    [InlineData("System.DateTime", "get_Now")]
    [InlineData("System.DateTime", "get_Today")]
    [InlineData("System.DateTimeOffset", "get_Now")]
    [InlineData("System.GC", "Collect")]
    [InlineData("MediatR.IMediator", "Publish")]
    [InlineData("MediatR.Mediator", "Publish")]
    [InlineData("System.NotImplementedException", ".ctor")]
    public void Nobody_calls(string type, string member) =>
        Assert.Empty(Assemblies().Where(a => Members(a).Contains((type, member))).Select(Path.GetFileName));

    /// <summary>A bare ExecuteUpdate leaves Version alone, and whoever loaded the row before then overwrites it. Claim and Hold are generic, so they don't show here.</summary>
    [Fact]
    public void Versioned_rows_are_updated_through_Claim()
    {
        var versioned = House.Types.Where(t => typeof(Versioned).IsAssignableFrom(t)).Select(t => t.FullName!).ToHashSet();
        Assert.Empty(Assemblies().SelectMany(a => UpdatedTypes(a).Where(versioned.Contains).Select(t => $"{Path.GetFileName(a)} updates {t}")));
    }

    [Theory]
    [InlineData(@"catch\s*(\(\s*(System\.)?Exception\b[^)]*\))?\s*\{\s*\}", "an exception of any kind that vanishes")]
    [InlineData(@"\.GetAwaiter\(\)\s*\.GetResult\(\)", "a thread that waits for a task")]
    [InlineData(@"async\s+void", "an exception that nobody can catch")]
    [InlineData(@"(FromSqlRaw|ExecuteSqlRaw(Async)?|SqlQueryRaw(<[^>]*>)?)\(\s*\$", "SQL with text put into it")]
    [InlineData(@"#pragma warning disable|SuppressMessage", "a warning switched off")]
    [InlineData(@"\b(TODO|FIXME|HACK)\b", "work left behind")]
    [InlineData(@"#region", "a fold")]
    public void Sources_hold_no(string pattern, string what)
    {
        var found = House.Find(new Regex(pattern));
        Assert.True(found.Count == 0, $"{what}:\n{string.Join('\n', found)}");
    }

    /// <summary>An exception of a known kind may be the end of a normal path; then a comment says of which.</summary>
    [Fact]
    public void An_exception_that_is_passed_over_is_explained() =>
        Assert.Empty(House.Find(new Regex(@"catch[^{};]*\{\s*\}"), withComments: true));

    [Theory]
    [InlineData(@"new HttpClient\(", "SafeHttp.cs")]
    // Icons alone, which are constants: nothing that people wrote is ever drawn as markup.
    [InlineData(@"\bMarkupString\b", "Glyph.cs")]
    public void Only_one_file_may(string pattern, string file) =>
        Assert.Empty(House.Find(new Regex(pattern)).Where(f => !f.Contains($"/{file}:")));

    /// <summary>Files that nobody says to use are swept away.</summary>
    [Fact]
    public void A_module_that_writes_or_names_files_says_which_it_uses()
    {
        var writers = Modules.All.Where(m => Members(m.GetType().Assembly.Location).Contains(("Inforzap.Files.FileStore", "WriteAsync"))
            || m.GetType().Assembly.GetTypes().SelectMany(t => t.GetProperties()).Any(p => p.Name.EndsWith("FileId") && p.DeclaringType!.IsAssignableTo(typeof(Versioned)))).ToList();
        Assert.NotEmpty(writers);
        Assert.Empty(writers.Where(m => !m.FileUses.Any()).Select(m => m.Name));
    }

    [Fact]
    public void No_folder_is_a_drawer_for_everything() =>
        Assert.Empty(House.Sources(".cs", ".razor").Keys.SelectMany(f => f.Split('/')[..^1]).Distinct()
            .Intersect(["Common", "Shared", "Utils", "Helpers", "Services", "Misc"]));

    private static IEnumerable<string> Assemblies() => House.Product.Select(a => a.Location)
        .Concat(Directory.GetFiles(Path.Combine(House.Root, "plugins"), "*.csproj", SearchOption.AllDirectories)
            .Select(p => Path.GetFileNameWithoutExtension(p)).Select(p => Path.Combine(House.Root, "artifacts/plugins", p, p + ".dll")).Where(File.Exists));

    private static HashSet<(string, string)> Members(string assembly)
    {
        using var file = new PEReader(File.OpenRead(assembly));
        var metadata = file.GetMetadataReader();
        return [.. metadata.MemberReferences.Select(metadata.GetMemberReference).Select(m => (TypeName(metadata, m.Parent), metadata.GetString(m.Name)))];
    }

    private static HashSet<string> UpdatedTypes(string assembly)
    {
        using var file = new PEReader(File.OpenRead(assembly));
        var metadata = file.GetMetadataReader();
        return [.. from i in Enumerable.Range(1, metadata.GetTableRowCount(TableIndex.MethodSpec))
                   let spec = metadata.GetMethodSpecification(MetadataTokens.MethodSpecificationHandle(i))
                   where spec.Method.Kind == HandleKind.MemberReference
                       && metadata.GetString(metadata.GetMemberReference((MemberReferenceHandle)spec.Method).Name) is "ExecuteUpdateAsync" or "ExecuteUpdate"
                   from type in spec.DecodeSignature(new Names(metadata), null)
                   select type];
    }

    private static string TypeName(MetadataReader metadata, EntityHandle handle) => handle.Kind switch
    {
        HandleKind.TypeReference => Names.Full(metadata, metadata.GetTypeReference((TypeReferenceHandle)handle)),
        HandleKind.TypeSpecification => metadata.GetTypeSpecification((TypeSpecificationHandle)handle).DecodeSignature(new Names(metadata), null),
        _ => "",
    };

    /// <summary>Signatures as names, generic arguments left out.</summary>
    private sealed class Names(MetadataReader metadata) : ISignatureTypeProvider<string, object?>
    {
        public static string Full(MetadataReader metadata, TypeReference type) => $"{metadata.GetString(type.Namespace)}.{metadata.GetString(type.Name)}";

        public string GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind) => Full(metadata, reader.GetTypeReference(handle));

        public string GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind)
        {
            var type = reader.GetTypeDefinition(handle);
            return $"{reader.GetString(type.Namespace)}.{reader.GetString(type.Name)}";
        }

        public string GetGenericInstantiation(string genericType, ImmutableArray<string> typeArguments) => genericType;
        public string GetTypeFromSpecification(MetadataReader reader, object? genericContext, TypeSpecificationHandle handle, byte rawTypeKind) =>
            reader.GetTypeSpecification(handle).DecodeSignature(this, genericContext);
        public string GetPrimitiveType(PrimitiveTypeCode typeCode) => typeCode.ToString();
        public string GetSZArrayType(string elementType) => elementType + "[]";
        public string GetArrayType(string elementType, ArrayShape shape) => elementType + "[]";
        public string GetByReferenceType(string elementType) => elementType;
        public string GetPointerType(string elementType) => elementType;
        public string GetPinnedType(string elementType) => elementType;
        public string GetModifiedType(string modifier, string unmodifiedType, bool isRequired) => unmodifiedType;
        public string GetGenericMethodParameter(object? genericContext, int index) => "!!" + index;
        public string GetGenericTypeParameter(object? genericContext, int index) => "!" + index;
        public string GetFunctionPointerType(MethodSignature<string> signature) => "";
    }
}
