using Inforzap.Contracts.Settings;
using Inforzap.Data;
using Inforzap.Identity.Users;
using Inforzap.Requests;

namespace Inforzap.Identity.Sessions;

/// <summary>
/// A session is about to begin. Where the company allows one at a time, all others of this user end. Returns the stamp that the new
/// one carries.
/// </summary>
[AllowSystem]
internal sealed record OpenSession(Guid UserId, string Stamp) : IRequest<string>;

internal sealed class OpenSessionHandler(InforzapDb db, People people, ISettings settings) : IRequestHandler<OpenSession, string>
{
    public async Task<string> Handle(OpenSession request, CancellationToken ct)
    {
        // Of two who sign in at once the second one sees what the first one did.
        if (!settings.Is(Setting.SingleSession) || !await db.HoldUserAsync(request.UserId, ct)) return request.Stamp;
        var user = await db.Users.SingleAsync(u => u.Id == request.UserId, ct);
        // Since the password was checked everything ended: so does this.
        if (!user.IsActive || user.SecurityStamp != request.Stamp) return request.Stamp;
        await people.EndSessionsAsync(user);
        return user.SecurityStamp!;
    }
}
