using System.Text.RegularExpressions;
using Inforzap.Contracts.Identity;
using Inforzap.Data;
using Inforzap.Host;
using Inforzap.Lanes;
using Inforzap.Settings;
using Inforzap.Tests.Architecture;
using Inforzap.Tests.Support;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.SqlServer.Dac;
using Microsoft.SqlServer.Dac.Model;

namespace Inforzap.Tests.Core.Data;

/// <summary>What holds on SQL Server is proven without one: by its own parser and its own model of a database.</summary>
public sealed class TransactSqlTests
{
    [Fact]
    public void Tables_views_and_objects_form_a_valid_database()
    {
        using var db = ModelTests.Open(DatabaseProvider.SqlServer);
        using var model = new TSqlModel(SqlServerVersion.Sql160, new TSqlModelOptions());
        var script = db.Database.GenerateCreateScript();
        TransactSql.Parse(script);
        // The script makes schemas inside EXEC, where the model does not look.
        foreach (Match schema in Regex.Matches(script, @"CREATE SCHEMA \[\w+\]")) model.AddObjects(schema.Value);
        foreach (var batch in Batches(script).Concat(Objects.Script(db, Modules.All).Where(IsCreate)))
        {
            TransactSql.Parse(batch);
            if (IsCreate(batch) || batch.StartsWith("ALTER TABLE")) model.AddObjects(batch);
        }
        var errors = model.Validate().Where(m => m.MessageType == DacMessageType.Error).Select(m => m.Message).ToList();
        Assert.True(errors.Count == 0, string.Join('\n', errors));
    }

    /// <summary>As the body of a procedure, so that its columns are looked for in the tables as well.</summary>
    [Theory]
    [InlineData("", true)]
    [InlineData("x", false)]
    public void Appending_to_a_lane_can_be_said_there(string misspelt, bool isValid)
    {
        using var db = ModelTests.Open(DatabaseProvider.SqlServer);
        var insert = LaneAppender.SqlServerInsert(LaneAppender.TableOf(db)).Replace("\"Payload\"", $"\"Payload{misspelt}\"", StringComparison.Ordinal);
        TransactSql.Parse(insert);
        using var model = new TSqlModel(SqlServerVersion.Sql160, new TSqlModelOptions());
        var table = Batches(db.Database.GenerateCreateScript()).Single(b => b.StartsWith("CREATE TABLE [core].[LaneItems]", StringComparison.Ordinal));
        foreach (var batch in new[] { "CREATE SCHEMA [core]", table, $"CREATE PROCEDURE [core].[Append] @lane nvarchar(200), @kind nvarchar(60), @dedup nvarchar(340), @payload nvarchar(max), @raw varbinary(max), @now datetime2 AS {insert}" }) model.AddObjects(batch);
        Assert.Equal(isValid, !model.Validate().Any(m => m.MessageType == DacMessageType.Error));
    }

    [Fact]
    public void What_is_asked_at_the_start_can_be_said_there()
    {
        using var db = ModelTests.Open(DatabaseProvider.SqlServer);
        var asked = DatabaseStart.SnapshotIsOn(db).Where(on => on).ToQueryString();
        Assert.Contains("is_read_committed_snapshot_on", asked, StringComparison.Ordinal);
        TransactSql.Parse(asked);
        TransactSql.Parse(Inforzap.Tickets.Operation.ReadOperationHandler.SqlServerSize(db).ToQueryString());
    }

    [Fact]
    public void The_check_would_see_a_view_over_a_column_that_is_not_there()
    {
        using var model = new TSqlModel(SqlServerVersion.Sql160, new TSqlModelOptions());
        model.AddObjects("CREATE TABLE dbo.T (Id int NOT NULL)");
        model.AddObjects("CREATE VIEW dbo.V AS SELECT Missing FROM dbo.T");
        Assert.NotEmpty(model.Validate());
    }

    [Fact]
    public void The_migrations_are_a_script_that_parses()
    {
        using var db = ModelTests.Open(DatabaseProvider.SqlServer);
        TransactSql.Parse(db.GetService<IMigrator>().GenerateScript(options: MigrationsSqlGenerationOptions.Idempotent));
    }

    [Fact]
    public async Task Queries_that_tests_run_on_SQLite_are_compiled_for_SQL_Server()
    {
        if (TestDatabase.Provider != DatabaseProvider.Sqlite) return;
        await using var desk = await Desk.OpenAsync();
        var name = $"n{Guid.NewGuid():N}";
        await desk.ReadAsync(db => db.Set<SettingRow>().Where(s => s.Name == name && db.Set<UserView>().Any(u => u.Name == s.Value)).Select(s => s.Value).ToListAsync());
        await desk.ReadAsync(db => db.Set<SettingRow>().CountAsync(s => s.Value == name));
        await desk.WriteAsync(db => db.Claim<SettingRow>(s => s.Name == name, s => s.SetProperty(r => r.Value, "x")));
        Assert.Contains(TransactSql.Statements.Keys, s => s.Contains("[settings].[Settings]") && s.Contains("[identity].[UserView]"));
        Assert.Contains(TransactSql.Statements.Keys, s => s.Contains("COUNT(*)"));
        Assert.Contains(TransactSql.Statements.Keys, s => s.Contains("UPDATE ") && s.Contains("[Version] = [s].[Version] + 1"));
    }

    private static IEnumerable<string> Batches(string script) => script.ReplaceLineEndings("\n").Split("\nGO\n").Select(b => b.Trim()).Where(b => b.Length > 0);

    private static bool IsCreate(string statement) => statement.StartsWith("CREATE ");
}
