using Inforzap.Data;
using Inforzap.Host;
using Microsoft.EntityFrameworkCore.Metadata;

namespace Inforzap.Tests.Architecture;

public sealed class ModelTests
{
    /// <summary>A model per database; no server is asked.</summary>
    public static TheoryData<DatabaseProvider> Providers() => [.. Enum.GetValues<DatabaseProvider>()];

    internal static InforzapDb Open(DatabaseProvider provider) => provider switch
    {
        DatabaseProvider.Sqlite => new DesignSqlite().CreateDbContext([]),
        DatabaseProvider.SqlServer => new DesignSqlServer().CreateDbContext([]),
        _ => new DesignPostgreSql().CreateDbContext([]),
    };

    [Theory, MemberData(nameof(Providers))]
    public void Every_table_lies_in_the_schema_of_its_module(DatabaseProvider provider)
    {
        using var db = Open(provider);
        var schemas = Modules.All.ToDictionary(m => m.GetType().Assembly, m => m.Name);
        foreach (var entity in db.Model.GetEntityTypes().Where(e => e.GetTableName() is not null && !e.IsOwned()))
        {
            // A type of a framework, such as a user's claims, lies where the module that maps it says.
            string[] allowed = schemas.TryGetValue(entity.ClrType.Assembly, out var name) ? [name]
                : entity.ClrType.Assembly == House.Core ? ["core"] : ["core", .. schemas.Values];
            Assert.Contains(provider == DatabaseProvider.Sqlite ? entity.GetTableName()!.Split('_')[0] : entity.GetSchema(), allowed);
        }
    }

    [Theory, MemberData(nameof(Providers))]
    public void Every_text_in_a_key_or_an_index_has_a_length(DatabaseProvider provider)
    {
        using var db = Open(provider);
        Assert.Empty(from entity in db.Model.GetEntityTypes()
                     from property in entity.GetIndexes().SelectMany(i => i.Properties).Concat(entity.GetKeys().SelectMany(k => k.Properties)).Distinct()
                     where property.ClrType == typeof(string) && property.GetMaxLength() is null && entity.GetTableName() is not null
                     select $"{entity.DisplayName()}.{property.Name}");
    }

    [Fact]
    public void SQL_Server_can_index_what_we_index()
    {
        using var db = Open(DatabaseProvider.SqlServer);
        foreach (var entity in db.Model.GetEntityTypes().Where(e => e.GetTableName() is not null))
        {
            foreach (var index in entity.GetIndexes()) Assert.True(Bytes(index.Properties) <= 1_700, $"{entity.DisplayName()}: {index.GetDatabaseName()} is {Bytes(index.Properties)} bytes");
            foreach (var key in entity.GetKeys()) Assert.True(Bytes(key.Properties) <= 900, $"{entity.DisplayName()}: {key.GetName()} is {Bytes(key.Properties)} bytes");
        }

        static int Bytes(IEnumerable<IReadOnlyProperty> properties) => properties.Sum(p => p.ClrType == typeof(string) ? p.GetMaxLength()!.Value * (p.IsUnicode() == false ? 1 : 2) : 16);
    }

    [Fact]
    public void No_table_points_into_another_module()
    {
        using var db = Open(DatabaseProvider.PostgreSql);
        Assert.Empty(from entity in db.Model.GetEntityTypes() from key in entity.GetForeignKeys()
                     where key.PrincipalEntityType.GetSchema() != entity.GetSchema() select $"{entity.DisplayName()} points to {key.PrincipalEntityType.DisplayName()}");
    }

    [Fact]
    public void A_view_is_declared_by_the_module_in_whose_contracts_its_record_stands() =>
        Assert.Empty(from module in Modules.All from view in module.Views
                     where !view.Record.Namespace!.Equals($"Inforzap.Contracts.{module.Name}", StringComparison.OrdinalIgnoreCase) select view.Record.Name);
}
