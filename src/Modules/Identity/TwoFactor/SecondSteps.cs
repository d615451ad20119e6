using System.Security.Cryptography;
using Inforzap.Data;
using Inforzap.Identity.Sessions;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Localization;

namespace Inforzap.Identity.TwoFactor;

/// <summary>Between the right password and the session: a sealed note of whose password it was. It opens nothing by itself.</summary>
internal sealed class SecondSteps(IDataProtectionProvider protection, InforzapDb db, IStringLocalizer<Texts> t)
{
    private const string Cookie = "inforzap-step";
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(10);

    private ITimeLimitedDataProtector Protector => protection.CreateProtector("Inforzap", "second-step").ToTimeLimitedDataProtector();

    /// <summary>Seals it.</summary>
    public string Seal(SignedIn who) => Protector.Protect($"{who.Id}|{who.Stamp}", Life);

    /// <summary>The user of the note, held: of tries that come at once each one sees how the one before it ended.</summary>
    /// <exception cref="Refusal">It is too old, forged, or the user's sessions ended meanwhile.</exception>
    public async Task<User> OpenAsync(string step, CancellationToken ct)
    {
        try
        {
            if (Protector.Unprotect(step).Split('|') is [var id, var stamp] && Guid.TryParse(id, out var userId)
                && await db.HoldUserAsync(userId, ct)
                && await db.Users.SingleOrDefaultAsync(u => u.Id == userId && u.IsActive && u.SecurityStamp == stamp, ct) is { } user) return user;
        }
        catch (CryptographicException e)
        {
            throw new Refusal(t["StepGone"], e);
        }
        throw new Refusal(t["StepGone"]);
    }

    /// <summary>Hands it to the browser, for the next page only.</summary>
    public static void Give(HttpContext http, string step) => http.Response.Cookies.Append(Cookie, step, Options(http, Life));

    /// <summary>What the browser brings back.</summary>
    public static string? Of(HttpContext http) => http.Request.Cookies[Cookie];

    /// <summary>It was used.</summary>
    public static void Take(HttpContext http) => http.Response.Cookies.Delete(Cookie, Options(http, null));

    private static CookieOptions Options(HttpContext http, TimeSpan? life) =>
        new() { HttpOnly = true, Secure = http.Request.IsHttps, SameSite = SameSiteMode.Strict, Path = "/sign-in", MaxAge = life, IsEssential = true };
}
