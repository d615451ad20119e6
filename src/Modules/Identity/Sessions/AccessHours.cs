using Inforzap.Hours;

namespace Inforzap.Identity.Sessions;

/// <summary>When somebody may be signed in. Administrators always may: else one who mistypes locks the company out.</summary>
internal static class AccessHours
{
    /// <summary>The hours that hold; null: always.</summary>
    public static WeekHours? Of(BuiltInRoles role, string? hours) => role == BuiltInRoles.Administrator ? null : WeekHours.Parse(hours) is { IsEmpty: false } week ? week : null;
}
