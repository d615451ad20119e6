using System.Globalization;
using Inforzap.Data;
using Inforzap.Host;
using Inforzap.Tests.Architecture;
using Inforzap.Tests.Support;

namespace Inforzap.Tests.Core.Data;

public sealed class FreshnessTests
{
    public static TheoryData<DatabaseProvider> Providers() => ModelTests.Providers();

    [Theory, MemberData(nameof(Providers))]
    public void The_migrations_are_as_new_as_the_model(DatabaseProvider provider)
    {
        using var db = ModelTests.Open(provider);
        Assert.False(db.Database.HasPendingModelChanges(), $"Add a migration to the chain of {provider}.");
    }

    [Theory, MemberData(nameof(Providers))]
    public void The_scripts_can_be_made_without_a_server(DatabaseProvider provider)
    {
        using var db = ModelTests.Open(provider);
        Assert.Contains("CREATE TABLE", db.Database.GenerateCreateScript());
        Assert.NotEmpty(Objects.Script(db, Modules.All));
    }

    /// <summary>The hash decides whether views are made anew: it must not depend on the day, the culture or the process.</summary>
    [Theory, MemberData(nameof(Providers))]
    public void The_script_of_objects_is_the_same_each_time(DatabaseProvider provider)
    {
        var before = Hash(provider);
        var culture = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("pt-BR");
        try
        {
            Assert.Equal(before, Hash(provider));
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }

    [Fact]
    public async Task A_database_keeps_the_hash_of_its_objects_and_a_second_start_changes_nothing()
    {
        await using var desk = await Desk.OpenAsync();
        var expected = await desk.ReadAsync(db => Task.FromResult(Objects.Hash(Objects.Script(db, Modules.All))));
        Assert.Equal(expected, await desk.ReadAsync(db => db.Set<ObjectsHash>().Select(o => o.Hash).SingleAsync()));
        await DatabaseStart.RunAsync(desk.Services);
    }

    [Fact]
    public async Task A_host_older_than_its_database_refuses_to_start()
    {
        await using var desk = await Desk.OpenAsync();
        await desk.ReadAsync(db => db.Database.ExecuteSqlRawAsync(db.Provider == DatabaseProvider.Sqlite
            ? "INSERT INTO \"core_Migrations\" VALUES ('99990101000000_Tomorrow', '99')" : "INSERT INTO core.\"Migrations\" VALUES ('99990101000000_Tomorrow', '99')"));
        var e = await Assert.ThrowsAsync<InvalidOperationException>(() => DatabaseStart.RunAsync(desk.Services));
        Assert.Contains("newer version", e.Message);
    }

    private static string Hash(DatabaseProvider provider)
    {
        using var db = ModelTests.Open(provider);
        return Objects.Hash(Objects.Script(db, Modules.All));
    }
}
