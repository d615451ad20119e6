using Inforzap.Contracts.Channels;
using Inforzap.Contracts.Identity;
using Inforzap.Data;
using Inforzap.Live;
using Inforzap.Requests;

namespace Inforzap.Settings.License;

/// <summary>What runs here, how much of it is in use, and under which licences.</summary>
[Allow("license.see"), Reads]
internal sealed record ReadLicense : IRequest<LicenseFacts>;

/// <summary>The facts of the licence.</summary>
/// <param name="Version">Of the product, with the beginning of its commit.</param>
/// <param name="Text">The product's licence.</param>
/// <param name="Notices">What it is made of.</param>
public sealed record LicenseFacts(string Version, int Users, int UsersOnline, int Channels, int Nodes, string Text, IReadOnlyList<Notice> Notices);

internal sealed class ReadLicenseHandler(InforzapDb db, IChannelDirectory channels, Notices notices, TimeProvider clock) : IRequestHandler<ReadLicense, LicenseFacts>
{
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(1);

    public async Task<LicenseFacts> Handle(ReadLicense request, CancellationToken ct)
    {
        var since = clock.GetUtcNow().UtcDateTime - Fresh;
        var users = await db.Set<UserView>().Where(u => u.IsActive).Select(u => u.IsOnline).ToListAsync(ct);
        return new(Node.Build, users.Count, users.Count(isOnline => isOnline), channels.All.Count, await db.Set<Node>().CountAsync(n => n.SeenAt > since, ct), notices.Own, notices.All);
    }
}
