using Inforzap.Identity.TwoFactor;
using Microsoft.AspNetCore.Http;

namespace Inforzap.Identity.Sessions;

/// <summary>Where a right password leads.</summary>
internal static class SignInPaths
{
    /// <summary>Begins the session, or hands the second step to the browser. Returns where to go.</summary>
    public static async Task<string> EnterAsync(HttpContext http, PasswordAnswer answer, string? to)
    {
        if (answer.Step is { } step)
        {
            SecondSteps.Give(http, step);
            var path = answer.Enrols ? "/sign-in/pair" : "/sign-in/code";
            return IsOurs(to) && to != "/" ? $"{path}?to={Uri.EscapeDataString(to!)}" : path;
        }
        await SessionCookie.SignInAsync(http, answer.Who!);
        return IsOurs(to) ? to! : "/";
    }

    /// <summary>Only a path of this site: anything else would let a link send people elsewhere after they signed in.</summary>
    public static bool IsOurs(string? to) => to is ['/', not ('/' or '\\'), ..] && !to.Contains('\\', StringComparison.Ordinal) && !to.Any(char.IsControl);
}
