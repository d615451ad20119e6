using System.Security.Cryptography;
using System.Text;
using Inforzap.Data;

namespace Inforzap.Identity.Links;

/// <summary>Makes one-time links. The text is shown once; the database holds its hash.</summary>
internal sealed class OneTimeLinks(InforzapDb db, TimeProvider clock)
{
    public static readonly TimeSpan Life = TimeSpan.FromHours(24);

    /// <summary>Of a link that somebody asked for by themselves.</summary>
    public static readonly TimeSpan OwnLife = TimeSpan.FromHours(1);

    /// <summary>A new token for this user; those before stop working.</summary>
    public async Task<string> MakeAsync(Guid userId, Guid? madeBy, CancellationToken ct)
    {
        await EndAsync(userId, ct);
        return await AddAsync(userId, madeBy, Life, ct);
    }

    /// <summary>A new token that the user asked for. Only those that they asked for before stop working: anybody can ask, and would spoil an invitation.</summary>
    public async Task<string> MakeForThemselvesAsync(Guid userId, CancellationToken ct)
    {
        await EndOwnAsync(userId, ct);
        return await AddAsync(userId, null, OwnLife, ct);
    }

    /// <summary>The links that the user asked for stop working. What the operator made on the console lives longer, and stays.</summary>
    public Task EndOwnAsync(Guid userId, CancellationToken ct)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        var latest = now + OwnLife;
        return db.OneTimeLinks.Where(l => l.UserId == userId && l.MadeBy == null && l.UsedAt == null && l.ExpiresAt <= latest).ExecuteUpdateAsync(set => set.SetProperty(l => l.UsedAt, now), ct);
    }

    /// <summary>All links of this user stop working.</summary>
    public Task EndAsync(Guid userId, CancellationToken ct)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        return db.OneTimeLinks.Where(l => l.UserId == userId && l.UsedAt == null).ExecuteUpdateAsync(set => set.SetProperty(l => l.UsedAt, now), ct);
    }

    private async Task<string> AddAsync(Guid userId, Guid? madeBy, TimeSpan life, CancellationToken ct)
    {
        var token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        db.Add(new OneTimeLink { Id = Guid.CreateVersion7(), UserId = userId, TokenHash = Hash(token), ExpiresAt = clock.GetUtcNow().UtcDateTime + life, MadeBy = madeBy });
        await db.SaveChangesAsync(ct);
        return token;
    }

    public static string Hash(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token.Trim())));
}
