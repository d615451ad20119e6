using System.Globalization;

namespace Inforzap.Tickets.Inbound;

/// <summary>Why the bytes of a message are not here, as codes that the screen puts into words.</summary>
internal static class MediaReason
{
    public const string Gone = "gone";
    public const string TooLarge = "too-large";
    public const string Blocked = "blocked";
    /// <summary>The retention took them away.</summary>
    public const string Forgotten = "forgotten";
    public const string Unreachable = "unreachable";

    /// <summary>Too large, and how many bytes would have been taken.</summary>
    public static string OverLimit(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{TooLarge}:{bytes}");

    /// <summary>The limit that a reason names, in bytes.</summary>
    public static long? LimitOf(string? reason) => reason?.Split(':') is [TooLarge, var bytes] && long.TryParse(bytes, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) ? limit : null;
}
