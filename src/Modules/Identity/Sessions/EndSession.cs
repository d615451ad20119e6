using System.Globalization;
using Inforzap.Data;
using Inforzap.Identity.Access;
using Inforzap.Live;
using Inforzap.Requests;
using Microsoft.AspNetCore.Identity;

namespace Inforzap.Identity.Sessions;

/// <summary>
/// Ends one session: a copy of its cookie opens nothing any more, and its other tabs leave for the sign-in page. Those on other
/// devices go on. Nothing happens when it ended already.
/// </summary>
[AllowSystem]
internal sealed record EndSession(Guid UserId, string Stamp, From From) : IRequest;

internal sealed class EndSessionHandler(InforzapDb db, TimeProvider clock) : IRequestHandler<EndSession, Unit>
{
    public async Task<Unit> Handle(EndSession request, CancellationToken ct)
    {
        if (SessionId.Split(request.Stamp).Session is not { } session || !await db.Users.AnyAsync(u => u.Id == request.UserId, ct)) return Unit.Value;
        var ended = db.EndedSessions(request.UserId);
        var before = await ended.Select(e => new { e.Name, e.Value }).ToListAsync(ct);
        if (before.Any(e => e.Name == session)) return Unit.Value;
        var now = clock.GetUtcNow().UtcDateTime;
        // Cookies that old are refused by themselves.
        var old = before.Where(e => string.CompareOrdinal(e.Value, Text(now - SessionCookie.Life - SessionCookie.Life)) < 0).Select(e => e.Name).ToArray();
        if (old.Length > 0) await ended.Where(e => old.Contains(e.Name)).ExecuteDeleteAsync(ct);
        db.Note(request.UserId, AccessEvent.SignedOut, now, request.From);
        db.Add(new IdentityUserToken<Guid> { UserId = request.UserId, LoginProvider = SessionId.Ended, Name = session, Value = Text(now) });
        // Whoever has another screen open is there again within seconds; nobody else is counted on until then.
        await db.Users.Where(u => u.Id == request.UserId).ExecuteUpdateAsync(set => set.SetProperty(u => u.IsOnline, false), ct);
        db.Touch(Topics.User(request.UserId), Topics.People);
        return Unit.Value;
    }

    private static string Text(DateTime time) => time.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture);
}

/// <summary>A session's stamp is its user's, and the session's own id.</summary>
internal static class SessionId
{
    /// <summary>Ended sessions are kept among the user's tokens, under this provider.</summary>
    public const string Ended = "ended-session";

    public static string Join(string stamp, Guid session) => $"{stamp}.{session:N}";

    public static (string Stamp, string? Session) Split(string stamp) =>
        stamp.LastIndexOf('.') is > 0 and var at ? (stamp[..at], stamp[(at + 1)..]) : (stamp, null);

    public static IQueryable<IdentityUserToken<Guid>> EndedSessions(this InforzapDb db, Guid userId) =>
        db.Set<IdentityUserToken<Guid>>().Where(t => t.UserId == userId && t.LoginProvider == Ended);
}
