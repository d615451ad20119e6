using System.Security.Cryptography;
using System.Text;
using Inforzap.Data;

namespace Inforzap.Identity.Links;

/// <summary>Makes one-time links. The text is shown once; the database holds its hash.</summary>
internal sealed class OneTimeLinks(InforzapDb db, TimeProvider clock)
{
    public static readonly TimeSpan Life = TimeSpan.FromHours(24);

    /// <summary>A new token for this user; those before stop working.</summary>
    public async Task<string> MakeAsync(Guid userId, Guid? madeBy, CancellationToken ct)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        await db.OneTimeLinks.Where(l => l.UserId == userId && l.UsedAt == null).ExecuteUpdateAsync(set => set.SetProperty(l => l.UsedAt, now), ct);
        var token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        db.Add(new OneTimeLink { Id = Guid.CreateVersion7(), UserId = userId, TokenHash = Hash(token), ExpiresAt = now + Life, MadeBy = madeBy });
        await db.SaveChangesAsync(ct);
        return token;
    }

    public static string Hash(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token.Trim())));
}
