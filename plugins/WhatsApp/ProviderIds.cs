using System.Security.Cryptography;
using System.Text;

namespace Inforzap.Plugins.WhatsApp;

/// <summary>How WhatsApp's ids are spelled here, so that each event has one and a message of several parts has several.</summary>
internal static class ProviderIds
{
    private const int Longest = 200;

    /// <summary>One message can hold several contact cards: each further one gets a number behind the id.</summary>
    public static string Part(string id, int number) => number == 0 ? id : $"{id}#{number + 1}";

    /// <summary>WhatsApp's own id, whichever part it is.</summary>
    public static string Whole(string providerId) => providerId.IndexOf('#', StringComparison.Ordinal) is var at and >= 0 ? providerId[..at] : providerId;

    /// <summary>The id that WhatsApp gave; of something without one, or with one that nobody could keep, a hash of the whole.</summary>
    public static string OrHash(string? id, ReadOnlySpan<byte> raw) => id is { Length: > 0 and < Longest } ? id : Hash(raw);

    public static string Hash(ReadOnlySpan<byte> raw) => "sha256:" + Convert.ToHexStringLower(SHA256.HashData(raw));

    public static string Hash(string text) => Hash(Encoding.UTF8.GetBytes(text));
}
