using Inforzap.Data;
using Microsoft.AspNetCore.Http;

namespace Inforzap.Identity.Access;

/// <summary>Something that happened to somebody's access. Only ever added to; forgotten after half a year.</summary>
internal sealed class AccessEntry
{
    public long Position { get; private set; }
    public Guid UserId { get; init; }
    public AccessEvent What { get; init; }
    public DateTime At { get; init; }
    /// <summary>The address that it came from, as far as known.</summary>
    public string? Address { get; init; }
    /// <summary>What the browser calls itself.</summary>
    public string? Browser { get; init; }
    /// <summary>Who did it, when it was somebody else.</summary>
    public Guid? By { get; init; }
}

/// <summary>What happened.</summary>
public enum AccessEvent
{
    /// <summary>A session began.</summary>
    SignedIn,
    /// <summary>The person ended it.</summary>
    SignedOut,
    /// <summary>Wrong password.</summary>
    WrongPassword,
    /// <summary>Right password, wrong second step.</summary>
    WrongCode,
    /// <summary>A recovery code opened the session.</summary>
    RecoveryUsed,
    /// <summary>A new password was chosen.</summary>
    NewPassword,
    /// <summary>All sessions were ended.</summary>
    SessionsEnded,
    /// <summary>Access was taken away.</summary>
    Deactivated,
    /// <summary>Access was given back.</summary>
    Activated,
    /// <summary>The second step was switched on.</summary>
    CodesOn,
    /// <summary>The second step was switched off.</summary>
    CodesOff,
    /// <summary>Right password, outside of their hours of access.</summary>
    OutsideHours,
    /// <summary>Somebody asked for a link by mail to choose a new password.</summary>
    PasswordAsked,
}

/// <summary>Where a request came from.</summary>
/// <param name="Address">The remote address.</param>
/// <param name="Browser">What the browser calls itself.</param>
internal sealed record From(string? Address, string? Browser)
{
    /// <summary>Of a request.</summary>
    public static From Of(HttpContext http) => new(http.Connection.RemoteIpAddress?.ToString(), http.Request.Headers.UserAgent.ToString());
}

internal static class AccessLog
{
    /// <summary>Writes it down, in the transaction of what happened.</summary>
    public static void Note(this InforzapDb db, Guid userId, AccessEvent what, DateTime now, From? from = null, Guid? by = null) => db.Add(new AccessEntry
    {
        UserId = userId, What = what, At = now, Address = from?.Address is { Length: <= 45 } address ? address : null,
        Browser = from?.Browser is { Length: > 0 } browser ? CleanText.Of(browser, 200) : null, By = by == userId || by == Guid.Empty ? null : by,
    });
}
