using Microsoft.Extensions.Configuration;
using StackExchange.Redis;

namespace Inforzap.Files;

/// <summary>
/// Several nodes keep their files in one folder. Each leaves there, or finds there, the same mark; one that sees another folder
/// does not start, since people would get files on one node and none on the next.
/// </summary>
internal static class SharedFolder
{
    private const string Mark = "inforzap.mark";
    private static readonly RedisKey Key = "inforzap:files";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Nothing to compare for a node that is alone.</summary>
    /// <exception cref="InvalidOperationException">The other nodes have another folder.</exception>
    public static async Task RequireAsync(IConfiguration configuration, FileStore files)
    {
        if (configuration["Cluster:Redis"] is not { Length: > 0 } where) return;
        var mine = await MarkAsync(files.Root);
        await using var redis = await ConnectionMultiplexer.ConnectAsync(where);
        var db = redis.GetDatabase();
        if (await db.StringSetAsync(Key, mine, when: When.NotExists)) return;
        var theirs = (string?)await db.StringGetAsync(Key);
        if (theirs is not null && theirs != mine)
            throw new InvalidOperationException($"Files__Root ({files.Root}) is not the folder that the other nodes use. Mount theirs here; if the folder was moved for all of them, delete the key {Key} in Redis first.");
    }

    /// <summary>Of two nodes that start together one makes it.</summary>
    private static async Task<string> MarkAsync(string root)
    {
        var path = Path.Combine(root, Mark);
        try
        {
            await using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write);
            var mark = Guid.NewGuid().ToString("N");
            await file.WriteAsync(System.Text.Encoding.ASCII.GetBytes(mark));
            return mark;
        }
        catch (IOException) when (File.Exists(path))
        {
            for (var end = DateTime.UtcNow + Patience; DateTime.UtcNow < end; await Task.Delay(50))
                if (await File.ReadAllTextAsync(path) is { Length: 32 } mark) return mark;
            throw new InvalidOperationException($"{path} is empty. Delete it and start again.");
        }
    }
}
