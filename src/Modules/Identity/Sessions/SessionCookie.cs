using System.Security.Claims;
using Inforzap.Requests;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Localization;

namespace Inforzap.Identity.Sessions;

/// <summary>The session's cookie: who signed in, and with which security stamp.</summary>
internal static class SessionCookie
{
    public const string Scheme = CookieAuthenticationDefaults.AuthenticationScheme;

    /// <summary>Without a visit a session ends by itself.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromDays(14);

    public static void Configure(CookieAuthenticationOptions options)
    {
        options.Cookie.HttpOnly = true;
        options.Cookie.SameSite = SameSiteMode.Lax;
        options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        options.CookieManager = new NameByScheme();
        options.ExpireTimeSpan = Life;
        options.SlidingExpiration = true;
        options.LoginPath = "/sign-in";
        options.AccessDeniedPath = "/";
        options.ReturnUrlParameter = "to";
        options.Events.OnValidatePrincipal = ValidateAsync;
    }

    public static async Task SignInAsync(HttpContext http, SignedIn who)
    {
        var stamp = await http.RequestServices.GetRequiredService<SystemMediator>().Send(new OpenSession(who.Id, who.Stamp), http.RequestAborted);
        var identity = new ClaimsIdentity(
        [
            new(ClaimTypes.NameIdentifier, who.Id.ToString()), new(ClaimTypes.Name, who.Name), new(Session.StampClaim, SessionId.Join(stamp, Guid.NewGuid())),
        ], Scheme);
        await http.SignInAsync(Scheme, new ClaimsPrincipal(identity), new AuthenticationProperties { IsPersistent = true });
        var lasting = new CookieOptions { MaxAge = TimeSpan.FromDays(365), SameSite = SameSiteMode.Lax, Secure = http.Request.IsHttps, IsEssential = true };
        http.Response.Cookies.Append("inforzap-theme", who.Theme, lasting);
        http.Response.Cookies.Append("inforzap-language", CookieRequestCultureProvider.MakeCookieValue(new RequestCulture(who.Language)), lasting);
    }

    private static async Task ValidateAsync(CookieValidatePrincipalContext context)
    {
        var (id, stamp) = Session.Read(context.Principal!);
        var actors = context.HttpContext.RequestServices.GetRequiredService<IActors>();
        if (await actors.FindAsync(id, stamp, context.HttpContext.RequestAborted) is not null) return;
        context.RejectPrincipal();
        await context.HttpContext.SignOutAsync(Scheme);
    }

    /// <summary>
    /// On https the name carries the __Host- prefix, by which browsers refuse a cookie that another host or a plain
    /// connection planted; on plain http, in a LAN, that name is not to be had.
    /// </summary>
    private sealed class NameByScheme : ICookieManager
    {
        private readonly ChunkingCookieManager chunks = new();

        public string? GetRequestCookie(HttpContext context, string key) => chunks.GetRequestCookie(context, Name(context));

        public void AppendResponseCookie(HttpContext context, string key, string? value, CookieOptions options) =>
            chunks.AppendResponseCookie(context, Name(context), value, options);

        public void DeleteCookie(HttpContext context, string key, CookieOptions options) => chunks.DeleteCookie(context, Name(context), options);

        private static string Name(HttpContext context) => context.Request.IsHttps ? "__Host-inforzap" : "inforzap";
    }
}

/// <summary>Somebody who may have a session.</summary>
internal sealed record SignedIn(Guid Id, string Name, string Stamp, string Theme, string Language)
{
    public static SignedIn Of(User user) => new(user.Id, user.Name, user.SecurityStamp!, user.Theme, user.Language);
}
