using System.Security.Cryptography;
using System.Text;

namespace Inforzap.Data;

/// <summary>Drops and makes views, full-text tables and triggers anew whenever their text changed.</summary>
public static class Objects
{
    /// <summary>All statements, in order: drops of views, drops and creates of objects, creates of views.</summary>
    public static IReadOnlyList<string> Script(InforzapDb db, IEnumerable<Module> modules)
    {
        List<string> drops = [], creates = [];
        foreach (var module in modules)
        {
            foreach (var o in module.Objects(db.Provider))
            {
                drops.AddRange(Split(o.Drop));
                creates.AddRange(Split(o.Create));
            }
            foreach (var view in module.Views)
            {
                var entity = db.Model.FindEntityType(view.Record)!;
                var name = (entity.GetViewSchema() is { } schema ? $"\"{schema}\"." : "") + $"\"{entity.GetViewName()}\"";
                drops.Insert(0, $"DROP VIEW IF EXISTS {name}");
                creates.Add($"CREATE VIEW {name} AS {view.Sql(db)}");
            }
        }
        return [.. drops, .. creates];
    }

    /// <summary>A fingerprint of the script.</summary>
    public static string Hash(IReadOnlyList<string> script) =>
        Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', script))));

    /// <summary>Brings the database's objects up to date; does nothing when their hash is the one it keeps.</summary>
    public static async Task ApplyAsync(InforzapDb db, IEnumerable<Module> modules, bool force, CancellationToken ct)
    {
        var script = Script(db, modules);
        var hash = Hash(script);
        var kept = await db.Set<ObjectsHash>().SingleOrDefaultAsync(ct);
        if (!force && kept?.Hash == hash) return;
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        foreach (var statement in script)
        {
            await using var command = db.Database.GetDbConnection().CreateCommand();
            if (db.Database.GetCommandTimeout() is { } seconds) command.CommandTimeout = seconds;
            command.Transaction = Microsoft.EntityFrameworkCore.Storage.DbContextTransactionExtensions.GetDbTransaction(transaction);
            command.CommandText = statement;
            await command.ExecuteNonQueryAsync(ct);
        }
        if (kept is null) db.Add(new ObjectsHash { Hash = hash });
        else kept.Hash = hash;
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
    }

    private static IEnumerable<string> Split(string script) =>
        script.Split("\nGO\n").Select(s => s.Trim()).Where(s => s.Length > 0);
}

/// <summary>Which script of objects the database carries. One row.</summary>
internal sealed class ObjectsHash
{
    public int Id { get; set; } = 1;
    public required string Hash { get; set; }

    internal static void Map(ModelBuilder model)
    {
        var entity = model.Entity<ObjectsHash>();
        entity.ToTable("ObjectsHash", "core");
        entity.Property(o => o.Id).ValueGeneratedNever();
        entity.Text(o => o.Hash).IsIdentifier(64);
    }
}
