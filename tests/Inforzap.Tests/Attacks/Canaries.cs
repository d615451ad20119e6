using System.Text;
using Inforzap.Data;
using Inforzap.Lanes;
using Inforzap.Tests.Support;
using Inforzap.Tickets;

namespace Inforzap.Tests.Attacks;

/// <summary>Words that can be recognised, by what they stand in.</summary>
internal sealed class Canaries : Dictionary<string, string>
{
    /// <summary>A new one.</summary>
    public string Word(string of) => this[of] = $"CANARY-{of}-{Guid.NewGuid():N}";

    /// <summary>One that is somebody's number.</summary>
    public string Number(string of) => this[of] = $"5599{Random.Shared.NextInt64(100_000_000, 999_999_999)}";

    /// <summary>Where operators and administrators look, though nobody means to tell them what was said.</summary>
    public async Task NoneInReasonsAsync(Desk desk)
    {
        foreach (var (table, columns) in new[]
        {
            (nameof(LaneItem), "Reason"), ("ChannelHealth", "*"), ("ChannelEvent", "*"), ("TimelineEntry", "*"), (nameof(Message), "FailReason"), (nameof(Message), "FailCode"),
            ("Attempt", "*"), ("Media", "Reason"), ("Change", "*"), ("AccessEntry", "*"), ("PluginRow", "*"),
        }) NoneIn($"{table}.{columns}", await ColumnsAsync(desk, table, columns));
    }

    public void NoneIn(string where, IEnumerable<string> texts)
    {
        var found = from text in texts from canary in this where text.Contains(canary.Value, StringComparison.OrdinalIgnoreCase) select $"{where} tells the {canary.Key}: {text[..Math.Min(300, text.Length)]}";
        Assert.Empty(found);
    }

    /// <summary>These, which nobody is to know, are in clear in no table and no file of the house.</summary>
    public async Task NoneInClearAsync(Desk desk, Dictionary<string, List<string>> dump, Func<string, bool> which)
    {
        var secrets = this.Where(c => which(c.Key)).ToList();
        Assert.NotEmpty(secrets);
        foreach (var (of, secret) in secrets)
            Assert.Empty(from table in dump from row in table.Value where row.Contains(secret, StringComparison.Ordinal) select $"{table.Key} holds the {of}: {row[..Math.Min(300, row.Length)]}");
        foreach (var file in Directory.GetFiles(desk.Folder, "*", SearchOption.AllDirectories).Where(f => Path.GetFileName(f) != "master.key"))
        {
            await using var open = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var copy = new MemoryStream();
            await open.CopyToAsync(copy);
            foreach (var (of, secret) in secrets)
                Assert.True(copy.GetBuffer().AsSpan(0, (int)copy.Length).IndexOf(Encoding.UTF8.GetBytes(secret)) < 0, $"{Path.GetFileName(file)} holds the {of}");
        }
    }

    private static Task<List<string>> ColumnsAsync(Desk desk, string entity, string column) => desk.ReadAsync(async db =>
    {
        var type = db.Model.GetEntityTypes().Single(t => t.ClrType.Name == entity);
        var properties = type.GetProperties().Where(p => p.ClrType == typeof(string) && (column == "*" || p.Name == column)).ToList();
        Assert.NotEmpty(properties);
        var set = (IQueryable<object>)typeof(DbContext).GetMethod(nameof(DbContext.Set), 1, [])!.MakeGenericMethod(type.ClrType).Invoke(db, null)!;
        return (await set.AsNoTracking().ToListAsync()).SelectMany(row => properties.Select(p => p.PropertyInfo!.GetValue(row) as string)).OfType<string>().ToList();
    });
}
