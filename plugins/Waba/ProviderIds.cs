using System.Security.Cryptography;

namespace Inforzap.Plugins.Waba;

/// <summary>How Meta's ids are spelled here, so that each event has one and a message of several parts has several.</summary>
internal static class ProviderIds
{
    private const int Longest = 300;

    /// <summary>One message of Meta's can hold several contact cards: each further one gets a number behind the id.</summary>
    public static string Part(string wamid, int number) => number == 0 ? wamid : $"{wamid}#{number + 1}";

    /// <summary>Meta's own id, whichever part it is.</summary>
    public static string Whole(string providerId) => providerId.IndexOf('#', StringComparison.Ordinal) is var at and >= 0 ? providerId[..at] : providerId;

    /// <summary>The id that Meta gave; of something without one, or with one that nobody could keep, a hash of the whole.</summary>
    public static string OrHash(string? id, ReadOnlyMemory<byte> raw) =>
        id is { Length: > 0 and < Longest - 10 } ? id : "sha256:" + Convert.ToHexStringLower(SHA256.HashData(raw.Span));

    /// <summary>Our own id of an attempt, as it travels in <c>biz_opaque_callback_data</c>.</summary>
    public static string Of(Guid attempt) => $"inforzap:{attempt:N}";

    /// <summary>Reads it back; null when somebody else wrote it.</summary>
    public static Guid? AttemptOf(string? callbackData) =>
        callbackData?.StartsWith("inforzap:", StringComparison.Ordinal) == true && Guid.TryParseExact(callbackData["inforzap:".Length..], "N", out var attempt) ? attempt : null;
}
